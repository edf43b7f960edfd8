"""The world as a Mesa model: keyword arguments, a DataCollector, and support for ``mesa.batch_run``."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import mesa

from woc_sim.errors import UserError
from woc_sim.instruments.indicators import Monthly
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.processes.schedule import schedule
from woc_sim.scenario import fields
from woc_sim.scenario.checks import MAX_SEED
from woc_sim.scenario.parse import MAX_REPLICATES, parse_scenario
from woc_sim.scenario.words import Setting
from woc_sim.world.model import World

LARGEST_NEW: Final = 2**48
"""Seeds chosen at random lie below this: short enough to type, and large enough that a million runs have no
repeats.
"""


class Model(World):
    """A world made of settings: ``Model(case="C21", rng=7, months=60)``.

    Parameters: settings as in `woc_sim.scenario`; `rng` is Mesa's name for the seed (an integer, or anything
    that ``numpy.random.default_rng`` takes, which is turned into an integer); `replicate` numbers further
    runs of the same seed. Without seed and rng each model gets a new random seed, as in Mesa. The seed is in
    ``model.config.seed`` and in the column seed, so the three runs of ``mesa.batch_run(Model, {"case":
    "C21"}, iterations=3)`` can be repeated.

    `datacollector` has the seed and the indicators of every month (``woc-sim list indicators``). With several
    localities, the name of an indicator begins with the locality and a dot. Raises UserError for invalid
    settings.
    """

    def __init__(
        self,
        *,
        rng: object = None,
        replicate: int = 0,
        **settings: Setting,
    ) -> None:
        seed = _seed(settings.pop("seed", None), rng)
        config = parse_scenario({**settings, "seed": seed})
        number = fields.integer("replicate", replicate, 0, MAX_REPLICATES - 1)
        super().__init__(config, number, schedule(config.schedule, config.interventions))
        several = len(self.localities) > 1
        reporters = {"seed": partial(_config_seed)} | {
            f"{locality.name}.{name}" if several else name: partial(_indicator, position, column)
            for position, locality in enumerate(self.localities)
            for column, name in enumerate(INDICATOR_NAMES)
        }
        self.indicators: list[Any] = []
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    def step(self) -> None:
        """Simulate one month and collect its indicators. Raises UserError after the last month."""
        super().step()
        self.indicators = []
        for locality in self.localities:
            reading = Monthly(locality, 1)
            reading.record(0)
            self.indicators.append(reading.rows[0])
        self.datacollector.collect(self)


def _seed(seed: Any, rng: Any) -> Any:
    """The seed to use; a new one if none is given."""
    seed, rng = fields.as_python(seed), fields.as_python(rng)
    if seed is not None and rng is not None:
        raise UserError(f"seed is {seed!r} and rng is given as well; give one of the two")
    if seed is not None:
        return seed
    if isinstance(rng, bool | int | float | str):
        return fields.integer("rng", rng, 0, MAX_SEED)
    try:  # Mesa makes a generator of it; without a value, a new one each time
        return int(mesa.Model(rng=rng).rng.integers(LARGEST_NEW))
    except (TypeError, ValueError):
        raise fields.invalid(
            "rng", rng, f"an integer from 0 to {MAX_SEED}, or a generator or seed sequence of numpy"
        ) from None


def _config_seed(model: Model) -> int:
    return model.config.seed


def _indicator(position: int, column: int, model: Model) -> float:
    return float(model.indicators[position][column])
