"""Waves of history matching: runs, emulators, and the region that is left, wave by wave.

The design of the first wave fills the ranges. Each further design lies in the region that the waves before it
have not ruled out. So the design of a wave is a function of the seed and of the waves before it, and a
stopped command goes on where it was: runs are in the store, and finished waves in tables.

Files in the folder: ``calibration.json`` (the settings), ``wave_1/design.csv`` (values of the parameters),
``wave_1/studies.parquet`` (the statistics of every study), ``wave_1/emulators.json``, ``waves.csv`` (one line
for each wave), ``emulators.csv`` (leave-one-out errors), ``region.csv`` (points of the region that is left),
``shrinkage.csv`` (what the waves say about each parameter), ``rejecting.csv`` (statistics that rule points
out), ``politics.csv``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference.discrepancy import target_of
from woc_sim.analysis.inference.emulators import WIDE, Emulator, fit_emulator, fit_emulators
from woc_sim.analysis.inference.matching import (
    CUT,
    Matching,
    Target,
    implausibilities,
    rejecting,
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

if TYPE_CHECKING:
    import pandas as pd

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
    found = Calibration(settings, space, target, tuple(waves), stopped)
    for name, table in tables_of(found).items():
        write_table(table, out / f"{name}.csv")
    return found


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


def tables_of(found: Calibration) -> dict[str, pd.DataFrame]:
    """The tables of a calibration, by the name of their file."""
    return {
        "waves": wave_table(found),
        "emulators": emulator_table(found),
        "region": region_table(found),
        "shrinkage": shrinkage_table(found),
        "rejecting": rejecting_table(found),
        "depth": depth_table(found),
    }


def wave_table(found: Calibration) -> pd.DataFrame:
    """One line for each wave: points, studies, share of emulators' leave-one-out errors within `WIDE`
    standard deviations, share of the ranges that is left, smallest implausibility."""
    import pandas as pd

    rows = []
    for number, wave in enumerate(found.waves, start=1):
        errors = np.concatenate([each.leave_one_out() for each in wave.emulators if each is not None])
        rows.append(
            {
                "wave": number,
                "points": len(wave.units),
                "studies": len(wave.table.point),
                "statistics": sum(each is not None for each in wave.emulators),
                "loo_within_3": float(np.mean(np.abs(errors) <= WIDE)),
                "share_left": wave.region.share,
                "smallest_implausibility": wave.region.smallest,
            }
        )
    return pd.DataFrame(rows)


def emulator_table(found: Calibration) -> pd.DataFrame:
    """One line for each wave and statistic: what its emulator reads, and its leave-one-out errors.

    ``explained``: share of the variance between points that the emulator does not count as noise;
    ``simulated_low`` and ``simulated_high``: 5 % and 95 % point over the studies of the wave.
    """
    import pandas as pd

    rows = []
    for number, wave in enumerate(found.waves, start=1):
        for column, (each, statistic) in enumerate(
            zip(wave.emulators, fit_statistics.FIT_STATISTICS, strict=True)
        ):
            values = wave.table.values[:, column]
            known = values[np.isfinite(values)]
            row: dict[str, Any] = {
                "wave": number,
                "statistic": statistic.name,
                "finding": statistic.finding,
                "unit": statistic.unit,
                "published": float(found.target.published[column]),
                "spread": float(np.sqrt(found.target.variance[column])),
                "simulated_low": float(np.quantile(known, 0.05)) if len(known) else np.nan,
                "simulated_high": float(np.quantile(known, 0.95)) if len(known) else np.nan,
                "active": "",
                "loo_within_3": np.nan,
                "loo_rmse": np.nan,
            }
            if each is not None:
                errors = each.leave_one_out()
                row |= {
                    "active": " ".join(found.space.names[index] for index in each.active),
                    "loo_within_3": float(np.mean(np.abs(errors) <= WIDE)),
                    "loo_rmse": float(np.sqrt(np.mean(errors**2))),
                }
            rows.append(row)
    return pd.DataFrame(rows)


def region_table(found: Calibration) -> pd.DataFrame:
    """Points of the region that is left (or the best points, if it is empty): values of the parameters and
    implausibility."""
    import pandas as pd

    region = found.region
    table = pd.DataFrame(found.space.values(region.units), columns=pd.Index(found.space.names))
    table.insert(0, "implausibility", found.matching(region.units))
    return table


def shrinkage_table(found: Calibration) -> pd.DataFrame:
    """How far the data shrink each parameter: low, middle and high of the region (5, 50, 95 %), and the width
    of this 90 % interval as a share of that of the range; and how many statistics it moves: those whose
    emulator in the first wave reads it."""
    import pandas as pd

    units = found.region.units
    low, middle, high = np.quantile(units, (0.05, 0.5, 0.95), axis=0)
    values = [found.space.values(each) for each in (low, middle, high)]
    width = (high - low) / 0.9
    return pd.DataFrame(
        {
            "parameter": found.space.names,
            "low": values[0],
            "middle": values[1],
            "high": values[2],
            "default": found.space.values(found.space.default()),
            "range_low": found.space.low,
            "range_high": found.space.high,
            "width": width,
            "statistics": [
                sum(column in each.active for each in found.waves[0].emulators if each is not None)
                for column in range(len(low))
            ],
        }
    ).sort_values("width", kind="stable", ignore_index=True)


def rejecting_table(found: Calibration) -> pd.DataFrame:
    """Statistics that rule points out: share of the first design and of the best points at which each is
    above the cut, by the last wave; median implausibility of the best points; and implausibility of the
    default values, by the first wave."""
    import pandas as pd

    last = found.waves[-1]
    design = rejecting(found.target, last.emulators, found.waves[0].units)
    best = rejecting(found.target, last.emulators, found.region.units[:100])
    table = implausibilities(found.target, last.emulators, found.region.units[:100])
    default = implausibilities(found.target, found.waves[0].emulators, found.space.default()[None, :])[0]
    rows = [
        {
            "statistic": each.name,
            "finding": each.finding,
            "published": float(found.target.published[column]),
            "share_of_ranges": design.get(each.name, 0.0),
            "share_of_best": best.get(each.name, 0.0),
            "implausibility_of_best": float(np.nanmedian(table[:, column]))
            if np.isfinite(table[:, column]).any()
            else np.nan,
            "implausibility_of_default": float(default[column]),
        }
        for column, each in enumerate(fit_statistics.FIT_STATISTICS)
    ]
    return pd.DataFrame(rows).sort_values(
        ["implausibility_of_best", "share_of_ranges"], ascending=False, kind="stable", ignore_index=True
    )


POLITICS: Final = "politics"
"""Word in the names of the statistics for politics' share of within-country variance."""


def politics_of(found: Calibration) -> list[str]:
    """Politics' share of within-country variance over the region beside the study's interval, in words; empty
    if no statistic is about it."""
    lines = []
    for column, each in enumerate(fit_statistics.FIT_STATISTICS):
        emulator = found.waves[-1].emulators[column]
        if POLITICS not in each.name or emulator is None:
            continue
        mean, variance = emulator.predict(found.region.units)
        draws = mean + np.sqrt(variance) * np.random.default_rng(found.settings.seed).normal(size=len(mean))
        low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95))
        half = 1.645 * float(np.sqrt(found.target.observation[column, column]))
        published = found.target.published[column]
        inside = published - half <= middle <= published + half
        lines.append(
            f"{each.name}: {middle:.2f} ({low:.2f} to {high:.2f}) over the "
            f"{'best points' if found.region.empty else 'region'}, published {published:.2f} "
            f"({published - half:.2f} to {published + half:.2f}): "
            f"{'inside' if inside else 'outside'} the study's interval"
        )
    return lines


PAIRED: Final = 6
"""Parameters whose pairs are described: those that the data shrink most."""
BINS: Final = 8
SCANNED: Final = 2048
"""Points of the whole ranges at which implausibility is calculated for the pairs."""


def depth_table(found: Calibration) -> pd.DataFrame:
    """For pairs of the parameters that the data shrink most, on a grid: smallest implausibility and depth.

    The depth is the share of the points of a cell that is not ruled out, as a multiple of that of all ranges.
    """
    import pandas as pd

    names = list(shrinkage_table(found)["parameter"].head(min(PAIRED, len(found.space.names))))
    region = found.region.units
    scan = np.vstack([first_design(len(found.space.names), SCANNED, found.settings.seed + 9), region])
    level = found.matching(scan)
    rows = []
    for x in names:
        for y in names:
            if x == y:
                continue
            columns = [found.space.names.index(name) for name in (x, y)]
            cells = np.minimum((scan[:, columns] * BINS).astype(int), BINS - 1)
            own = cells[len(scan) - len(region) :]
            for column in range(BINS):
                for row in range(BINS):
                    here = (cells[:, 0] == column) & (cells[:, 1] == row)
                    inside = ((own[:, 0] == column) & (own[:, 1] == row)).mean()
                    rows.append(
                        {
                            "x": x,
                            "y": y,
                            "column": column,
                            "row": row,
                            "implausibility": float(level[here].min()) if here.any() else np.nan,
                            "depth": float(inside) * BINS**2,
                        }
                    )
    return pd.DataFrame(rows)
