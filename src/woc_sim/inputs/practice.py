"""Law as it is practised: how far the duties and provisions of frameworks.csv are done, by component.

`practice.csv` has a row where a duty or a provision was looked at; what has no row counts as practised. Three
classes are told apart, because sources say that a rule is not lived and seldom how far:

* paper: it binds or serves through another body, or nothing follows if it is left undone;
* partly: it is shared with another body, binds only some places, or came late in the years of the model;
* practised: municipalities do what is written (a row tells why, where one could doubt it).

`trust` says how well the row is founded: read (a text on the practice was read) or memory (general knowledge
of the law, to be checked). No class was chosen by the score of any place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from woc_sim.inputs.reading import read_rows, refuse_twins
from woc_sim.inputs.vocabulary import COMPONENTS, FRAMEWORKS

CLASSES: Final = ("paper", "partly", "practised")
"""How far a rule is practised, from least to most."""

TRUST: Final = ("read", "from_memory")
"""How well a row is founded."""


@dataclass(frozen=True, slots=True)
class Practice:
    """How far one component of a framework is practised: classes of its duty and of its provision."""

    framework: str
    component: str
    duty: str
    provision: str
    trust: str
    source: str
    reason: str


@cache
def practices() -> tuple[Practice, ...]:
    """All rows of the table. Raises ValueError if the shipped table is at fault."""
    file = "practice.csv"
    found = [
        Practice(
            row.choice("framework", FRAMEWORKS),
            row.choice("component", COMPONENTS),
            row.choice("duty", CLASSES),
            row.choice("provision", CLASSES),
            row.choice("trust", TRUST),
            row.text("source"),
            row.text("reason"),
        )
        for row in read_rows(
            file, ("framework", "component", "duty", "provision", "trust", "source", "reason")
        )
    ]
    refuse_twins(file, [(one.framework, one.component) for one in found])
    return tuple(found)


@cache
def practised(framework: str) -> Mapping[str, tuple[str, str]]:
    """Component -> classes of its duty and of its provision in one framework, for all components."""
    known = {one.component: (one.duty, one.provision) for one in practices() if one.framework == framework}
    return MappingProxyType({name: known.get(name, ("practised", "practised")) for name in COMPONENTS})
