"""Which readings, indicators and axes the pictures of a command show: the setting ``figures=``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from woc_sim.errors import UserError, nearest
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.records import shown


@dataclass(frozen=True, slots=True)
class Choice:
    """Names of readings, of indicators of every month, and of axes of a sweep (columns of its tables). Where
    none is named, pictures show what they show without a choice."""

    readings: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()


def choice_of(names: Sequence[str], axes: Mapping[str, str] | None = None, readings: bool = True) -> Choice:
    """The choice that a user typed.

    axes: setting -> column of each axis of the sweep; readings: whether the command draws readings at the
    end, and not only indicators by month. Raises UserError for any other name.
    """
    columns = dict(axes or {})
    columns |= {column: column for column in columns.values()}
    known = [*(READING_NAMES if readings else ()), *INDICATOR_NAMES, *columns]
    for name in names:
        if name not in known:
            kinds = (
                "reading, indicator or axis"
                if columns
                else "reading or indicator"
                if readings
                else "indicator"
            )
            hint = nearest(name, known) or "`woc-sim list indicators` lists them"
            raise UserError(f"figures={shown(name)} is no {kinds} that this command draws; {hint}")
    return Choice(
        tuple(name for name in names if readings and name in READING_NAMES),
        tuple(name for name in names if name in INDICATOR_NAMES),
        tuple(dict.fromkeys(columns[name] for name in names if name in columns)),
    )
