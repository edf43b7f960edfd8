"""How the world is observed: virtual instruments that ask the simulated place as the study asked the real
one.

`Observation` is handed to the simulation: it is called after every month, takes the monthly indicators, notes
what later instruments need, and applies each instrument in its month. Nothing here writes into the world. The
registry of names can be imported without the instruments, which take long to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from woc_sim.instruments.readings import INDICATORS, READINGS, Indicator, Reading

if TYPE_CHECKING:
    from woc_sim.instruments.observation import LocalityObservation, Observation, month_label

__all__ = [
    "INDICATORS",
    "READINGS",
    "Indicator",
    "LocalityObservation",
    "Observation",
    "Reading",
    "month_label",
]


def __getattr__(name: str) -> Any:
    if name in ("LocalityObservation", "Observation", "month_label"):
        from woc_sim.instruments import observation

        return getattr(observation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
