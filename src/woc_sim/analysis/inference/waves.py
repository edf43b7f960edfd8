"""Waves of history matching: runs, emulators, and the region that is left, wave by wave.

The design of the first wave fills the ranges. Each further design lies in the region that the waves before it
have not ruled out. So the design of a wave is a function of the seed and of the waves before it, and a
stopped command goes on where it was: runs are in the store, and finished waves in files (`wave_files`). The
tables that describe the result are those of `wave_tables`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference.discrepancy import target_of
from woc_sim.analysis.inference.emulators import Emulator, fit_emulators
from woc_sim.analysis.inference.matching import CUT, Matching, Target
from woc_sim.analysis.inference.parallel import one_thread
from woc_sim.analysis.inference.parameters import Space, first_design, space_of
from woc_sim.analysis.inference.sampling import Region, sample_region
from woc_sim.analysis.inference.studies import run_studies, studies_of
from woc_sim.analysis.inference.wave_files import (
    SETTINGS,
    SETTINGS_ADVICE,
    SettingsRecord,
    Wave,
    read_settings,
    read_wave,
    write_design,
    write_settings,
    write_wave,
)
from woc_sim.analysis.ranges import WAVES
from woc_sim.ensemble.readers import WORKERS, read_fields
from woc_sim.ensemble.store import Store, open_store
from woc_sim.errors import UserError
from woc_sim.records import shown
from woc_sim.scenario.checks import theories as checked_theories
from woc_sim.scenario.identity import model_hash
from woc_sim.scenario.schema import Scenario
from woc_sim.scenario.theories import default_theories

Array = np.ndarray[Any, Any]

STUDIES_OF_A_WAVE: Final = 1_000_000
"""Most studies of a wave: each wave takes its study numbers from a range of its own."""
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
    from the residuals of countries left out (`discrepancy.target_of`). ``theories``: subject -> theory of
    all runs, where it is not the default.

    Raises UserError for values outside `ranges.WAVES`, unknown parameters or theories, and if a wave would
    have more than `STUDIES_OF_A_WAVE` studies.
    """

    points: int = 200
    studies: int = 1
    people: int = 500
    waves: int = 3
    seed: int = 1
    over: tuple[str, ...] = ()
    discrepancy: float | None = None
    theories: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        read_fields(self, WAVES)
        space_of(self.over)
        object.__setattr__(self, "theories", checked_theories(self.theories))
        if (wanted := self.points * max(self.studies, 2)) > STUDIES_OF_A_WAVE:
            raise UserError(
                f"points={self.points} and studies={self.studies} are up to {wanted:,} studies a wave; "
                f"allowed: {STUDIES_OF_A_WAVE:,}"
            )

    def identity(self) -> SettingsRecord:
        """What a folder keeps: all settings but the number of waves, the version of the model, and the
        statistics."""
        own = asdict(self)
        del own["waves"]
        statistics = tuple(
            (each.name, float(value), float(variance))
            for each, value, variance in zip(
                fit_statistics.FIT_STATISTICS,
                fit_statistics.published_values(),
                np.diag(fit_statistics.observation_covariance()),
                strict=True,
            )
        )
        standard = default_theories()
        own["theories"] = {key: name for key, name in self.theories.items() if name != standard[key]}
        return SettingsRecord(**own, model=model_hash(), statistics=statistics)

    def base(self) -> Scenario:
        """The scenario of all runs, without localities."""
        return Scenario((), people=self.people, seed=self.seed, theories=self.theories)


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

    Waves that are not finished take the number of studies of `settings`, so a sharp first wave can be
    followed by lighter ones. Raises UserError if the folder holds a calibration with other settings, and as
    `Store` does.
    """
    settings, workers = settings or WaveSettings(), WORKERS("workers", workers)
    if not refuse_other_settings(out, settings):
        write_settings(settings.identity(), out)
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

    Raises UserError if it holds none, one of another version of the model, or a damaged file.
    """
    try:
        held = read_settings(out)
    except FileNotFoundError:
        raise UserError(
            f"{shown(out)} holds no waves; `woc-sim calibrate waves out={shown(out)}` makes them"
        ) from None
    given = msgspec.structs.asdict(held)
    del given["model"], given["statistics"]
    try:
        settings = WaveSettings(**given)
    except UserError as error:
        raise UserError(f"{shown(out / SETTINGS)}: {error.sentence}; {SETTINGS_ADVICE}") from None
    if settings.identity() != held:
        raise UserError(
            f"{shown(out)} holds waves of another version of the model or of its fit statistics; choose "
            "another folder or delete it"
        )
    space = space_of(settings.over)
    waves: list[Wave] = []
    while (wave := read_wave(out, len(waves) + 1, len(space.names), settings.points)) is not None:
        waves.append(wave)
    if not waves:
        raise UserError(f"{shown(out)} holds no finished wave; repeat its `woc-sim calibrate waves`")
    stopped = _reason_to_stop(waves, len(waves))
    target = target_of(waves[0].table, settings.discrepancy)
    return Calibration(settings, space, target, tuple(waves), stopped)


def refuse_other_settings(out: Path, settings: WaveSettings) -> bool:
    """Raise UserError if the folder holds a calibration with other settings; returns whether it holds one."""
    try:
        held = read_settings(out)
    except FileNotFoundError:
        return False
    wanted = settings.identity()
    for key in wanted.__struct_fields__:
        value, other = getattr(wanted, key), getattr(held, key)
        if key != "studies" and value != other:
            text = f"{key}={other}" if isinstance(value, int | float) else f"another {key}"
            raise UserError(f"out={shown(out)} holds waves with {text}; choose another folder")
    return True


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
    write_design(units, space, out, number)
    stored = read_wave(out, number, len(space.names), settings.points)
    if stored is not None:
        return stored
    first = (number - 1) * STUDIES_OF_A_WAVE
    points = studies_of(space, units, settings.base(), settings.studies, first)
    table = run_studies(points, workers, progress, store, f"wave {number}")
    target = target_of(before[0].table if before else table, settings.discrepancy)
    with one_thread():
        emulators = tuple(fit_emulators(units, table.values, table.point))
        region = _region(target, before, emulators, space, settings, number)
    wave = Wave(units, table, emulators, region)
    write_wave(wave, out, number)
    return wave


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
