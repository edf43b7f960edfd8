"""Waves of history matching: runs, emulators, and the region that is left, wave by wave.

The design of the first wave fills the ranges. Each further design lies in the region that the waves before it
have not ruled out. So the design of a wave is a function of the seed and of the waves before it, and a
stopped command goes on where it was: runs are in the store, and finished waves in tables.

Files in the folder: ``calibration.json`` (the settings), ``wave_1/design.csv`` (values of the parameters),
``wave_1/studies.parquet`` (the statistics of every study), ``wave_1/emulators.json``. The tables that
describe the result are those of `wave_tables`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference.discrepancy import target_of
from woc_sim.analysis.inference.emulators import Emulator, fit_emulator, fit_emulators
from woc_sim.analysis.inference.matching import (
    CUT,
    Matching,
    Target,
)
from woc_sim.analysis.inference.parameters import Space, first_design, space_of
from woc_sim.analysis.inference.sampling import Region, sample_region
from woc_sim.analysis.inference.studies import (
    StudyTable,
    run_studies,
    studies_of,
    table_from,
    write_studies,
)
from woc_sim.ensemble.store import Store, open_store
from woc_sim.errors import UserError, writing_into
from woc_sim.files import write_table, write_text
from woc_sim.records import json_record, parquet_table, shown
from woc_sim.scenario.identity import model_hash
from woc_sim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]

SETTINGS: Final = "calibration.json"
REGION_POINTS: Final = 500
"""Points with which a region is described."""
ENOUGH: Final = 0.9
"""The waves stop when the region keeps more than this share of the last one: another wave would learn
little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveSettings:
    """The settings of a calibration.

    ``points`` in each wave, ``studies`` at each point, ``people`` in each locality, at most ``waves``
    waves. ``over``: parameters or subjects, `CALIBRATED` if empty. ``discrepancy``: standard deviation of
    what the form of the model cannot meet, as a share of the published number (assumed); None estimates it
    from the residuals of countries left out (`discrepancy.target_of`).
    """

    points: int = 200
    studies: int = 1
    people: int = 500
    waves: int = 3
    seed: int = 1
    over: tuple[str, ...] = ()
    discrepancy: float | None = None

    def identity(self) -> dict[str, Any]:
        """What must be the same to go on in a folder: all settings but the number of waves, the version of
        the model, and the statistics."""
        own = {**asdict(self), "over": list(self.over)}
        del own["waves"]
        return {
            **own,
            "model": model_hash(),
            "statistics": [
                [each.name, float(value), float(variance)]
                for each, value, variance in zip(
                    fit_statistics.FIT_STATISTICS,
                    fit_statistics.published_values(),
                    np.diag(fit_statistics.observation_covariance()),
                    strict=True,
                )
            ],
        }

    def base(self) -> Scenario:
        """The scenario of all runs, without localities."""
        return Scenario((), people=self.people, seed=self.seed)


@dataclass(frozen=True)
class Wave:
    """A finished wave: its design in the cube, its studies, its emulators, and the region left after it."""

    units: Array
    table: StudyTable
    emulators: tuple[Emulator | None, ...]
    region: Region


@dataclass(frozen=True)
class Calibration:
    """The finished waves of a folder. ``stopped`` says in words why there is no further wave."""

    settings: WaveSettings
    space: Space
    target: Target
    waves: tuple[Wave, ...]
    stopped: str

    @property
    def matching(self) -> Matching:
        """The implausibility by all waves."""
        return Matching(self.target, tuple(wave.emulators for wave in self.waves))

    @property
    def region(self) -> Region:
        """The region that is left."""
        return self.waves[-1].region


def calibrate_waves(
    out: Path, settings: WaveSettings | None = None, workers: int = 2, progress: bool | None = None
) -> Calibration:
    """Run the waves into `out` and write their tables. The same call continues a stopped calibration, and
    one with more waves adds them.

    Raises UserError if the folder holds a calibration with other settings, and as `Store` does.
    """
    settings = settings or WaveSettings()
    _claim(out, settings)
    space = space_of(settings.over)
    waves: list[Wave] = []
    stopped = ""
    with open_store(out) as store:
        for number in range(1, settings.waves + 1):
            units = _design(space, settings, waves)
            waves.append(_wave(out, number, units, space, waves, settings, workers, progress, store))
            stopped = _reason_to_stop(waves, settings.waves)
            if stopped:
                break
    target = target_of(waves[0].table, settings.discrepancy)
    return Calibration(settings, space, target, tuple(waves), stopped)


def read_calibration(out: Path) -> Calibration:
    """The finished waves of a folder.

    Raises UserError if it holds none, or one of another version of the model.
    """
    path = out / SETTINGS
    try:
        record = json_record(path, dict[str, Any], "`woc-sim calibrate waves` makes it anew")
    except FileNotFoundError:
        raise UserError(
            f"{shown(out)} holds no waves; `woc-sim calibrate waves out={shown(out)}` makes them"
        ) from None
    names = set(WaveSettings.__dataclass_fields__)
    given = {name: value for name, value in record.items() if name in names}
    settings = WaveSettings(**{**given, "over": tuple(record.get("over", ()))})
    if json.loads(json.dumps(settings.identity())) != record:
        raise UserError(
            f"{shown(out)} holds waves of another version of the model or of its fit statistics; choose "
            "another folder or delete it"
        )
    space = space_of(settings.over)
    waves: list[Wave] = []
    while (wave := _stored_wave(out, len(waves) + 1)) is not None:
        waves.append(wave)
    if not waves:
        raise UserError(f"{shown(out)} holds no finished wave; repeat its `woc-sim calibrate waves`")
    stopped = _reason_to_stop(waves, len(waves))
    target = target_of(waves[0].table, settings.discrepancy)
    return Calibration(settings, space, target, tuple(waves), stopped)


def _claim(out: Path, settings: WaveSettings) -> None:
    """Write the settings into a new folder; refuse a folder with others."""
    wanted = json.loads(json.dumps(settings.identity()))
    path = out / SETTINGS
    try:
        held = json_record(path, dict[str, Any], "delete the folder and repeat the command")
    except FileNotFoundError:
        with writing_into(out):
            out.mkdir(parents=True, exist_ok=True)
        write_text(json.dumps(wanted, indent=1) + "\n", path)
        return
    for key, value in wanted.items():
        if held.get(key) != value:
            text = f"{key}={held.get(key)}" if isinstance(value, int | float) else f"another {key}"
            raise UserError(f"out={shown(out)} holds waves with {text}; choose another folder")


def _design(space: Space, settings: WaveSettings, waves: Sequence[Wave]) -> Array:
    """The points of the next wave."""
    if not waves:
        return first_design(len(space.names), settings.points, settings.seed)
    return waves[-1].region.units[: settings.points]


def _wave(
    out: Path,
    number: int,
    units: Array,
    space: Space,
    before: Sequence[Wave],
    settings: WaveSettings,
    workers: int,
    progress: bool | None,
    store: Store,
) -> Wave:
    """A wave: taken from the folder, or run and written there."""
    stored = _stored_wave(out, number)
    if stored is not None:
        return stored
    folder = out / f"wave_{number}"
    with writing_into(out):
        folder.mkdir(exist_ok=True)
    first = (number - 1) * settings.points * max(settings.studies, 2)
    points = studies_of(space, units, settings.base(), settings.studies, first)
    table = run_studies(points, workers, progress, store, f"wave {number}")
    emulators = fit_emulators(units, table.values, table.point)
    target = target_of(before[0].table if before else table, settings.discrepancy)
    region = _region(target, before, tuple(emulators), space, settings, number)
    import pandas as pd

    write_table(pd.DataFrame(space.values(units), columns=pd.Index(space.names)), folder / "design.csv")
    write_studies(table, folder / "studies.parquet")
    kept = {
        "units": units.tolist(),
        "emulators": [
            None if each is None else {"active": each.active.tolist(), "theta": each.theta.tolist()}
            for each in emulators
        ],
        "region": {
            "units": region.units.tolist(),
            "share": region.share,
            "smallest": region.smallest,
        },
    }
    write_text(json.dumps(kept) + "\n", folder / "emulators.json")  # last: it says that the wave is finished
    return Wave(units, table, tuple(emulators), region)


def _stored_wave(out: Path, number: int) -> Wave | None:
    """A finished wave of the folder; None if it is not there."""
    folder = out / f"wave_{number}"
    advice = f"delete {shown(folder)} and repeat `woc-sim calibrate waves`"
    try:
        kept = json_record(folder / "emulators.json", dict[str, Any], advice)
        frame = parquet_table(folder / "studies.parquet", None, advice, partitioning=None).to_pandas()
    except FileNotFoundError:
        return None
    units, table = np.array(kept["units"]), table_from(frame)
    emulators = tuple(
        None
        if each is None
        else fit_emulator(
            units, table.values[:, column], table.point, _lengths(each["active"], each["theta"])
        )
        for column, each in enumerate(kept["emulators"])
    )
    held = kept["region"]
    region = Region(np.array(held["units"]), float(held["share"]), float(held["smallest"]))
    return Wave(units, table, emulators, region)


def _lengths(active: list[int], theta: list[float]) -> Emulator:
    """An emulator that holds only what is needed to build it again."""
    return Emulator(np.array(active, dtype=int), np.array(theta), 0.0, 1.0, None, 0.0, 0)


def _region(
    target: Target,
    before: Sequence[Wave],
    emulators: tuple[Emulator | None, ...],
    space: Space,
    settings: WaveSettings,
    number: int,
) -> Region:
    matching = Matching(target, (*(wave.emulators for wave in before), emulators))
    count = max(REGION_POINTS, settings.points)
    return sample_region(matching, len(space.names), count, CUT, settings.seed + 1000 * number)


def _reason_to_stop(waves: Sequence[Wave], most: int) -> str:
    """Why there is no further wave; empty if there is one."""
    last = waves[-1].region
    if last.empty:
        return "no point of the ranges is left: the form is rejected"
    if len(waves) > 1 and last.share > ENOUGH * waves[-2].region.share:
        return f"the last wave kept {last.share / waves[-2].region.share:.0%} of the region before it"
    return f"all {most} waves are done" if len(waves) == most else ""
