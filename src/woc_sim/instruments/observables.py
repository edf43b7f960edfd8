"""What an observable is: indicators of every month, readings of an instrument, and when each is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from woc_sim.inputs.organisations import kinds_with
from woc_sim.inputs.vocabulary import ACTOR_KINDS

POLICY_MONTH: Final = 120
"""2022-01: governance fieldwork ends before the Ukrainians arrive (S112)."""
PEOPLE_MONTH: Final = 137
"""2023-06: surveys of residents and interviews with migrants (S112)."""
FIRST_WINDOW: Final = (60, 95)
"""2017-01 to 2019-12, first and last month of the first question on meetings."""
SECOND_WINDOW: Final = (96, 119)
"""2020-01 to 2021-12, first and last month of the second question on meetings."""

EMPLOYMENT_YEARS: Final = (1, 2, 3, 5, 6, 7)
LANGUAGE_YEARS: Final = (1, 2, 3, 4, 5)
DRIVERS: Final = ("own", "opinion", "party", "lobby", "need", "mandate", "cost")
LOCAL_GOVERNMENT: Final = kinds_with("leads")
PARTNERS: Final = tuple(kind for kind in ACTOR_KINDS if kind not in LOCAL_GOVERNMENT)
"""Actor kinds that local government can meet."""
KIND_PAIRS: Final = tuple(
    (first, second) for index, first in enumerate(ACTOR_KINDS) for second in ACTOR_KINDS[index + 1 :]
)
"""The pairs of different actor kinds, in the order of the vocabulary."""

Table = Literal["monthly", "final"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A column of the monthly table; nan where it cannot be observed (no migrant is present, no such
    actor).

    field: the field of the month's record that holds it, for one of several values of a field; otherwise the
    field has the indicator's name.
    """

    name: str
    unit: str
    meaning: str
    field: str = ""
    table: Table = "monthly"


@dataclass(frozen=True, slots=True)
class Reading:
    """A column of the final table.

    stands_for: the true state behind what the instrument reads: first another reading (`latent_...`) if one
    shows this state without the instrument's errors, then the columns of the state, as `set.column`, that the
    answer is made of. instrument: the module that reads it. month: when the instrument is applied (or the
    last month of a shorter run).
    """

    name: str
    unit: str
    meaning: str
    stands_for: tuple[str, ...]
    instrument: str
    month: str
    table: Table = "final"

    @property
    def latent(self) -> str:
        """The reading that shows the true state behind this one; empty if there is none."""
        return next((name for name in self.stands_for if name.startswith("latent_")), "")


def words(name: str) -> str:
    """A name as it is written in a sentence."""
    return name.replace("_", " ")


def readings_of(
    instrument: str, month: str, rows: tuple[tuple[str, str, str, str], ...]
) -> tuple[Reading, ...]:
    """Readings of one instrument and month from rows of name, unit, meaning and what it stands for."""
    return tuple(
        Reading(name, unit, meaning, tuple(stands_for.split()), instrument, month)
        for name, unit, meaning, stands_for in rows
    )
