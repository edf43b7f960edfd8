"""Data frames for users: months as dates, and units and meanings of the columns in ``attrs``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from woc_sim.ensemble.arguments import folder_of
from woc_sim.ensemble.column_metadata import MONTH, column_meanings, first_days
from woc_sim.ensemble.escaping import csv_text
from woc_sim.ensemble.folders import make_folder
from woc_sim.errors import UserError, nearest
from woc_sim.files import write_text
from woc_sim.records import shown

if TYPE_CHECKING:
    import os

    import pandas as pd

UNITS: Final = "units"
MEANINGS: Final = "meanings"


def described(frame: pd.DataFrame, axes: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The frame with months as dates (the first day of each), and two attributes that pandas keeps in most
    steps: ``attrs["units"]`` and ``attrs["meanings"]``, column -> text.

    axes: as in `woc_sim.ensemble.column_metadata.column_meanings`.
    """
    if MONTH in frame and not np.issubdtype(frame[MONTH].to_numpy().dtype, np.datetime64):
        frame = frame.assign(**{MONTH: first_days(frame[MONTH].to_numpy())})
    known = column_meanings(map(str, frame.columns), axes)
    return with_units(
        frame,
        {name: each["unit"] for name, each in known.items() if each["unit"]},
        {name: each["meaning"] for name, each in known.items()},
    )


def with_units(
    frame: pd.DataFrame, units: Mapping[str, str], meanings: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The frame, with these units and meanings of its columns as attributes."""
    frame.attrs = {UNITS: dict(units), MEANINGS: dict(meanings or {})}
    return frame


def chosen_columns(
    frame: pd.DataFrame, names: str | Sequence[str] | None, default: Sequence[str], key: str = "names"
) -> list[str]:
    """The columns that a user names; the default ones without names. Raises UserError for an unknown name."""
    given = default if names is None else names
    if not isinstance(given, str | Iterable):
        raise UserError(f"{key} is {shown(repr(given))}; give the name of a column or a list of names")
    wanted = [given] if isinstance(given, str) else list(given)
    if not wanted:
        raise UserError(f"{key} names no column; leave it out or name one")
    for name in wanted:
        if name not in frame.columns:
            hint = nearest(str(name), map(str, frame.columns)) or "see woc_sim.observables()"
            raise UserError(f"{key}: there is no column {shown(repr(name))}; {hint}")
    return wanted


def write_frames(tables: Mapping[str, pd.DataFrame], folder: str | os.PathLike[str]) -> list[Path]:
    """Write each table as ``<name>.csv`` into a folder, which is made if needed; returns the files.

    Months are written as dates, numbers exactly, and no text can become a formula of a spreadsheet. Raises
    UserError if the system refuses to write.
    """
    place = folder_of("folder", folder)
    make_folder(place)
    written = []
    for name, table in tables.items():
        path = place / f"{name}.csv"
        write_text(csv_text(table), path)
        written.append(path)
    return written
