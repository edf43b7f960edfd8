"""Actor kinds of a locality: how many, how large, where they stand, how they can be reached."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from woc_sim.inputs.vocabulary import ACTOR_KINDS


@dataclass(frozen=True, slots=True)
class ActorKind:
    """One kind of actor.

    count + count_per_100k x inhabitants / 100,000 organisations; ideology (-1..1) with `spread` (standard
    deviation);
    `follows`: weight of the executive's ideology in its own; staff likewise by inhabitants; dependence:
    share of funds
    that come from the executive (0..1); meets: how easily it can be met (distance, competence; 0..1).
    """

    kind: str
    count: float
    count_per_100k: float
    ideology: float
    spread: float
    follows: float
    staff: float
    staff_per_100k: float
    dependence: float
    meets: float
    source: str


@cache
def actor_kinds() -> tuple[ActorKind, ...]:
    """The 14 actor kinds in the order of the vocabulary. Raises ValueError if the shipped table is at
    fault."""
    with (Path(__file__).parent / "organisations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if [row["kind"] for row in rows] != list(ACTOR_KINDS):
        raise ValueError("organisations.csv: the kinds must be those of the vocabulary, in its order")
    numbers = [name for name in rows[0] if name not in ("kind", "source")]
    kinds = []
    for number, row in enumerate(rows, start=2):
        if not row["source"]:
            raise ValueError(f"organisations.csv row {number}: source is empty")
        kinds.append(
            ActorKind(kind=row["kind"], source=row["source"], **{name: float(row[name]) for name in numbers})
        )
    return tuple(kinds)
