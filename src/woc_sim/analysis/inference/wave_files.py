"""The files of a folder of waves: what they hold, and how they are written and read.

``calibration.json``: the settings. ``wave_1/design.csv``: values of the parameters, for the reader.
``wave_1/studies.parquet``: the statistics of every study. ``wave_1/emulators.json``: the design in the cube,
what the emulators are built from, and the region; it is written last and says that the wave is finished.

A calibration takes hours and its folder is read long after, so files that do not fit each other are refused.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference.emulators import Emulator, fit_emulator, kernel_of
from woc_sim.analysis.inference.parameters import Space
from woc_sim.analysis.inference.sampling import Region
from woc_sim.analysis.inference.studies import StudyTable, read_studies, write_studies
from woc_sim.errors import UserError, writing_into
from woc_sim.files import write_table, write_text
from woc_sim.records import json_record, shown

Array = np.ndarray[Any, Any]

SETTINGS: Final = "calibration.json"
STUDIES: Final = "studies.parquet"
EMULATORS: Final = "emulators.json"
SETTINGS_ADVICE: Final = (
    "delete it and the wave folders beside it and repeat `woc-sim calibrate waves`, which keeps finished runs"
)
WAVE_ADVICE: Final = "delete its folder and repeat `woc-sim calibrate waves`, which keeps finished runs"
ROUNDING: Final = 1e-9
"""How far a logarithm may lie outside its range: it goes through exp and log when an emulator is built."""

Count = Annotated[int, msgspec.Meta(ge=1)]
Unit = Annotated[float, msgspec.Meta(ge=0, le=1)]
"""A coordinate in the cube, or a share of it."""


class SettingsRecord(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """``calibration.json``: what must be the same to go on in a folder.

    ``model``: hash of the sources of the model. ``statistics``: name, published figure and its variance.
    ``theories``: subject -> theory, where it is not the default. ``studies`` is that of the first wave; a
    later wave may have others.
    """

    points: Count
    studies: Count
    people: Count
    seed: Annotated[int, msgspec.Meta(ge=0)]
    over: tuple[str, ...]
    discrepancy: Annotated[float, msgspec.Meta(ge=0)] | None
    model: str
    statistics: tuple[tuple[str, float, float], ...]
    theories: dict[str, str] = {}


class EmulatorRecord(msgspec.Struct, forbid_unknown_fields=True):
    """What an emulator is built from, together with its studies (`Emulator`)."""

    active: list[int]
    theta: list[float]


class RegionRecord(msgspec.Struct, forbid_unknown_fields=True):
    """A region (`Region`)."""

    units: list[list[Unit]]
    share: Unit
    smallest: Annotated[float, msgspec.Meta(ge=0)]


class WaveRecord(msgspec.Struct, forbid_unknown_fields=True):
    """``emulators.json``. ``emulators``: one for each fit statistic, null for one without emulator."""

    units: list[list[Unit]]
    emulators: list[EmulatorRecord | None]
    region: RegionRecord


@dataclass(frozen=True)
class Wave:
    """A finished wave: its design in the cube, its studies, its emulators, and the region left after it."""

    units: Array
    table: StudyTable
    emulators: tuple[Emulator | None, ...]
    region: Region


def files_of(waves: int) -> list[str]:
    """The files from which a folder of so many finished waves is read, by their paths in it."""
    numbers = range(1, waves + 1)
    return [SETTINGS, *(f"wave_{number}/{name}" for number in numbers for name in (EMULATORS, STUDIES))]


def read_settings(out: Path) -> SettingsRecord:
    """The settings of a folder. Raises FileNotFoundError if it has none, UserError if they are damaged."""
    return json_record(out / SETTINGS, SettingsRecord, SETTINGS_ADVICE)


def write_settings(record: SettingsRecord, out: Path) -> None:
    """Write the settings into the folder, which is made if it is not there."""
    with writing_into(out):
        out.mkdir(parents=True, exist_ok=True)
    write_text(json.dumps(msgspec.to_builtins(record), indent=1) + "\n", out / SETTINGS)


def write_design(units: Array, space: Space, out: Path, number: int) -> None:
    """Write the design of a wave, as values of the parameters, into its folder, which is made if it is not
    there."""
    import pandas as pd

    folder = _folder(out, number)
    with writing_into(out):
        folder.mkdir(exist_ok=True)
    write_table(pd.DataFrame(space.values(units), columns=pd.Index(space.names)), folder / "design.csv")


def write_wave(wave: Wave, out: Path, number: int) -> None:
    """Write a finished wave into its folder."""
    folder = _folder(out, number)
    write_studies(wave.table, folder / STUDIES)
    region = wave.region
    record = WaveRecord(
        wave.units.tolist(),
        [
            None if each is None else EmulatorRecord(each.active.tolist(), each.theta.tolist())
            for each in wave.emulators
        ],
        RegionRecord(region.units.tolist(), region.share, region.smallest),
    )
    write_text(json.dumps(msgspec.to_builtins(record)) + "\n", folder / EMULATORS)


def read_wave(out: Path, number: int, dimension: int, points: int) -> Wave | None:
    """A finished wave of the folder; None if it is not there.

    dimension: number of parameters of the calibration. points: of each wave. Raises UserError if a file of
    the wave is damaged, or if it does not fit these numbers, the fit statistics or the studies.
    """
    folder = _folder(out, number)
    path = folder / EMULATORS
    try:
        record = json_record(path, WaveRecord, WAVE_ADVICE)
    except FileNotFoundError:
        return None
    if problem := _misfit(record, dimension, points):
        raise UserError(f"{shown(path)}: {problem}; {WAVE_ADVICE}")
    try:
        table = read_studies(folder / STUDIES, points, WAVE_ADVICE)
    except FileNotFoundError:
        raise UserError(f"{shown(folder / STUDIES)} is missing; {WAVE_ADVICE}") from None
    units, region = np.array(record.units), record.region
    emulators = tuple(
        None if each is None else fit_emulator(units, table.values[:, column], table.point, _lengths(each))
        for column, each in enumerate(record.emulators)
    )
    for column, (kept, built) in enumerate(zip(record.emulators, emulators, strict=True)):
        if kept is not None and built is None:
            raise UserError(
                f"{shown(path)}: emulators[{column}] must be null, since {STUDIES} has too few values of "
                f"{fit_statistics.FIT_STATISTICS[column].name}, or equal ones; {WAVE_ADVICE}"
            )
    return Wave(units, table, emulators, Region(np.array(region.units), region.share, region.smallest))


def _folder(out: Path, number: int) -> Path:
    return out / f"wave_{number}"


def _misfit(record: WaveRecord, dimension: int, points: int) -> str:
    """What in the record does not fit the calibration, as part of a sentence; empty if all does."""
    if (found := len(record.units)) != points:
        return f"units has {found} points, and {SETTINGS} says {points}"
    if (found := len(record.region.units)) < points:
        return f"region.units has {found} points, and must have {points} or more"
    for name, units in (("units", record.units), ("region.units", record.region.units)):
        for row, unit in enumerate(units):
            if len(unit) != dimension:
                return f"{name}[{row}] has {len(unit)} numbers, and {dimension} parameters are calibrated"
    if (found := len(record.emulators)) != (wanted := len(fit_statistics.FIT_STATISTICS)):
        return f"emulators has {found} entries, and there are {wanted} fit statistics"
    for column, each in enumerate(record.emulators):
        if each is None:
            continue
        if not each.active or each.active != sorted(set(each.active) & set(range(dimension))):
            return f"emulators[{column}].active must be numbers from 0 to {dimension - 1} in rising order"
        low, high = kernel_of(len(each.active)).bounds.T
        theta = np.array(each.theta)
        if len(theta) != len(low) or not ((theta >= low - ROUNDING) & (theta <= high + ROUNDING)).all():
            return f"emulators[{column}].theta must be {len(low)} numbers in the ranges of its kernel"
    return ""


def _lengths(record: EmulatorRecord) -> Emulator:
    """An emulator that holds only what is needed to build it again."""
    return Emulator(np.array(record.active), np.array(record.theta), 0.0, 1.0, None, 0.0, 0)
