"""Interventions: scheduled changes to a running world: one for each of the six obstacles the final paper ends
with, and some on the people themselves.

A scenario says which hold, from which month to which, and how strongly. What they do is written in
`interventions.csv` as changes of state columns, one a row, to be applied at the start of every month in which
an intervention holds; they can be repeated without piling up, so an effect on a column that a process writes
ends through that process. A column that no process writes goes back by itself to what it was
(`processes.interventions`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, cast

from woc_sim.inputs.frames import prognostic_frames
from woc_sim.inputs.organisations import chosen_kinds
from woc_sim.inputs.reading import Row, read_rows
from woc_sim.inputs.sectors import sectors

STARTS: Final = 72
"""Month (index from 2012-01) from which an intervention holds that is given none: 2018-01."""

RAISE, LOWER, SURVEY, SCALE = "raise", "lower", "survey", "scale"  # ways of a change: `Change.how`
TABLE: Final = Path(__file__).parent / "interventions.csv"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one state column.

    ``raise`` lifts values to at least `level` x strength; ``lower`` presses them to at most 1 - strength x (1
    - level); ``survey`` moves beliefs towards the mean attitude of residents by the share `level` x strength,
    as a published survey would; ``scale`` multiplies by 1 + `level` x strength. kinds: only rows of
    organisations (for relations: pairs with an organisation) of these kinds; all if empty. others: of such
    pairs only those whose other side is of these kinds. sector: only the row of this sector; of council blocs
    those of the radical right are never changed. frame: of the weights of prognostic frames only this one's.
    once: in the first month only, because nothing undoes it.
    """

    column: str
    how: Literal["raise", "lower", "survey", "scale"]
    level: float
    kinds: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    sector: str = ""
    frame: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What an intervention is and does."""

    meaning: str
    changes: tuple[Change, ...]


def read_effects(table: Path = TABLE) -> dict[str, Effect]:
    """The effects of a table, by the name of the intervention and in its order.

    The first row of an intervention says what it means, each row is a change. In the cells `kinds` and
    `others` stand traits or levels (`inputs.organisations.chosen_kinds`). Raises ValueError if the table is
    at fault.
    """
    header = "intervention meaning column how level kinds others sector frame once"
    meanings: dict[str, str] = {}
    changes: dict[str, list[Change]] = {}
    for row in read_rows(table.name, tuple(header.split()), table.parent):
        name = row.text("intervention")
        meaning = row.text("meaning", empty=name in changes)
        if name not in changes:
            meanings[name] = meaning
        elif meaning:
            raise row.fault(f"{name} has a meaning already")
        changes.setdefault(name, []).append(_change(row))
    return {name: Effect(meaning, tuple(changes[name])) for name, meaning in meanings.items()}


def _change(row: Row) -> Change:
    return Change(
        row.text("column"),
        cast(Literal["raise", "lower", "survey", "scale"], row.choice("how", (RAISE, LOWER, SURVEY, SCALE))),
        row.number_in("level", -1e6, 1e6),
        _kinds(row, "kinds"),
        _kinds(row, "others"),
        row.choice("sector", ("", *(one.sector for one in sectors()))),
        row.choice("frame", ("", *(one.frame for one in prognostic_frames()))),
        row.flag("once"),
    )


def _kinds(row: Row, name: str) -> tuple[str, ...]:
    asked = row.text(name, empty=True)
    try:
        found = chosen_kinds(asked)
    except KeyError as error:
        raise row.fault(f"{name} has {error.args[0]}, which is no trait and no level") from None
    if asked and not found:
        raise row.fault(f"{name} is {asked!r}, and no kind of organisation is that")
    return found


EFFECTS: Final[Mapping[str, Effect]] = MappingProxyType(read_effects())
"""Name -> effect. Levels are choices of the experimenter at strength 1, no estimates."""
