"""Settings of analyses that are made in Python: refused in the same ranges as on the command line."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from woc_sim.analysis import ranges, salib_methods, studies
from woc_sim.analysis.factors import factors, problem_of_factors
from woc_sim.analysis.inference.folds import folds
from woc_sim.analysis.inference.posterior import posterior
from woc_sim.analysis.inference.waves import WaveSettings, calibrate_waves
from woc_sim.analysis.obstacles import obstacles
from woc_sim.analysis.reach import reach
from woc_sim.analysis.rival_theories import rivals
from woc_sim.analysis.sensitivity import SensitivitySettings
from woc_sim.analysis.table8 import table8
from woc_sim.analysis.theories import theories
from woc_sim.cli import calibrate, sensitivity
from woc_sim.cli import obstacles as obstacles_command
from woc_sim.cli import theories as theories_command
from woc_sim.errors import UserError

HERE = Path("out")
WRONG: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (WaveSettings, {"points": 0}, "points is 0; allowed: an integer from 20 to 100000"),
    (WaveSettings, {"points": None}, "points is empty; allowed: an integer"),
    (WaveSettings, {"points": "200"}, "points is '200'; allowed: an integer"),
    (WaveSettings, {"studies": 0}, "studies is 0; allowed: an integer from 1 to 1000"),
    (WaveSettings, {"people": -1}, "people is -1; allowed: an integer from 50"),
    (WaveSettings, {"waves": 21}, "waves is 21; allowed: an integer from 1 to 20"),
    (WaveSettings, {"seed": math.nan}, "seed is nan"),
    (WaveSettings, {"discrepancy": math.nan}, "discrepancy is nan; allowed: a number from 0 to 1"),
    (WaveSettings, {"over": ("polcy",)}, "over=polcy .*did you mean 'policy'"),
    (WaveSettings, {"theories": {"contact": "nobody"}}, "theories.contact is 'nobody'; allowed: moderated"),
    (WaveSettings, {"theories": {"contct": "none"}}, "did you mean 'theories.contact'"),
    (WaveSettings, {"points": 100_000, "studies": 20}, "are up to 2,000,000 studies a wave"),
    (partial(calibrate_waves, HERE), {"workers": 0}, "workers is 0; allowed: an integer from 1 to 1024"),
    (partial(posterior, HERE), {"truths": 1}, "truths is 1; allowed: an integer from 5 to 1000"),
    (partial(folds, HERE), {"sets": 4}, "sets is 4; allowed: an integer from 5 to 512"),
    (partial(reach, HERE), {"points": 9}, "points is 9; allowed: an integer from 10 to 100000"),
    (partial(obstacles, HERE), {"replicates": 1}, "replicates is 1; allowed: an integer from 2 to 1000"),
    (SensitivitySettings, {"method": "sobl"}, "method is 'sobl'; allowed: .*did you mean 'sobol'"),
    (SensitivitySettings, {"samples": 0}, "samples is 0; allowed: an integer from 1 to 100000"),
    (SensitivitySettings, {"on": "places"}, "on is 'places'; allowed: place, study"),
    (SensitivitySettings, {"groups": "subject"}, "groups is 'subject'; allowed: none, subjects, table8"),
    (SensitivitySettings, {"people": math.inf}, "people is inf"),
    (SensitivitySettings, {"workers": 0}, "workers is 0"),
    (SensitivitySettings, {"base": "C21"}, "base is 'C21'; allowed: a Scenario, or None"),
    (
        partial(table8, HERE, SensitivitySettings()),
        {"studies": 1},
        "studies is 1; allowed: an integer from 2",
    ),
    (partial(theories, HERE), {"studies": 1}, "studies is 1; allowed: an integer from 2 to 1000"),
    (partial(theories, HERE), {"people": -1}, "people is -1"),
    (partial(theories, HERE), {"grid": "jont"}, "grid is 'jont'; allowed: alone, joint, packages .*'joint'"),
    (partial(theories, HERE), {"subjects": "contct"}, "subjects=contct .*did you mean 'contact'"),
    (partial(theories, HERE), {"sets": "plausible"}, "sets is 'plausible'; allowed: RivalSets"),
]


@pytest.mark.parametrize(("make", "given", "said"), WRONG)
def test_a_wrong_value_is_refused_before_anything_is_written(
    make: Callable[..., Any],
    given: dict[str, Any],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=said):
        make(**given)
    assert list(tmp_path.iterdir()) == []


def test_values_are_kept_as_plain_numbers_and_names() -> None:
    settings = WaveSettings(points=np.int64(30), over=["policy"], discrepancy=0)
    assert (type(settings.points), settings.over, settings.discrepancy) == (int, ("policy",), 0.0)
    assert settings == WaveSettings(points=30, over="policy", discrepancy=0.0, theories={})
    assert SensitivitySettings(outcomes="mipex_total, ties_mean").outcomes == ("mipex_total", "ties_mean")


def test_every_setting_has_a_range_and_the_commands_read_by_the_same() -> None:
    own = {each.name for each in fields(WaveSettings)} - {"theories"}
    assert set(ranges.WAVES) == own
    own = {each.name for each in fields(SensitivitySettings)} - {"base", "progress"}
    assert set(ranges.SENSITIVITY) == own
    for command, readers in (
        (calibrate.STEPS["prior"], ranges.PRIOR),
        (obstacles_command.READERS, ranges.OBSTACLES),
        (calibrate.STEPS["waves"], ranges.WAVES),
        (calibrate.STEPS["posterior"], ranges.POSTERIOR),
        (calibrate.STEPS["folds"], ranges.FOLDS),
        (sensitivity.READERS, ranges.SENSITIVITY),
        (theories_command.READERS, ranges.THEORIES),
    ):
        assert all(command[key] is reader for key, reader in readers.items())


def test_names_are_those_that_the_analyses_know() -> None:
    assert tuple(salib_methods.METHODS) == ranges.METHODS
    assert ranges.SCREENED == (studies.PLACE, studies.STUDY)
    for grouping in ranges.GROUPINGS:
        assert problem_of_factors(factors(("policy", "context")), grouping)["num_vars"] > 10
    compared = [rivals(("contact",), grid) for grid in ranges.GRIDS]
    assert len({one[0].subject for one in compared}) == len(ranges.GRIDS)
