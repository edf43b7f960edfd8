"""What is out of reach and what is only off, from made-up verdicts; and one real study at two points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from woc_sim.analysis import reach as reaching
from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.inference.parameters import first_design
from woc_sim.analysis.ranges import PRIOR
from woc_sim.analysis.reach import HELD, ONLY_OFF, OUT_OF_REACH, space_of_all, tables, word_of
from woc_sim.analysis.verdicts import PassRate
from woc_sim.ensemble.readers import integer
from woc_sim.errors import UserError

COUNT = len(checks_by_finding())


def test_words() -> None:
    assert word_of(0.0, 0.0) == OUT_OF_REACH
    assert word_of(0.005, 0.0) == OUT_OF_REACH
    assert word_of(0.005, 0.2) == ONLY_OFF
    assert word_of(0.4, 0.2) == ONLY_OFF
    assert word_of(0.0, 0.9) == HELD


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = PassRate(0, 400).interval
    assert low == 0.0
    assert high == pytest.approx(1.645**2 / (400 + 1.645**2), rel=1e-3)


def test_parameters_are_named_only_above_every_dummy() -> None:
    space = space_of_all(("policy", "work"))
    units = first_design(len(space.names), 120, 1)
    rng = np.random.default_rng(1)
    values = rng.random((120, COUNT))
    need = space.names.index("policy.need")
    values[:, 3] = -units[:, need] + 0.1 * rng.random(120)
    values[:100, 5] = np.nan
    passed = np.zeros((120 + reaching.DEFAULT_STUDIES, COUNT), dtype=bool)
    passed[:60, 3] = True
    passed[120:, 4] = True
    found = tables(space, units, values, passed, 1)
    identifiers = list(checks_by_finding())
    table = found.table.set_index("finding")
    third = table.loc[identifiers[3]]
    assert third["strongest"].startswith("-policy.need")
    assert (third["share"], third["word"]) == (0.5, ONLY_OFF)
    assert table.loc[identifiers[4], "word"] == HELD
    assert table.loc[identifiers[5], "word"] == OUT_OF_REACH
    assert identifiers[5] not in set(found.influence["finding"])
    assert (found.influence["correlation"].abs() > found.influence["dummy"]).all()
    false = found.influence[found.influence["finding"] != identifiers[3]]
    assert len(false) < COUNT / 4  # a tenth is expected by chance
    lines = reaching.sentences(found)
    assert lines[0].startswith(f"{COUNT - 2} of {COUNT} findings are out of reach: ")
    assert lines[1] == f"1 of {COUNT} findings are only off: {identifiers[3]}"


def test_unknown_names_and_parameters_without_a_range_are_refused() -> None:
    with pytest.raises(UserError, match="did you mean 'policy'"):
        space_of_all(("polcy",))


def test_every_point_is_a_whole_study_and_stopping_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "DEFAULT_STUDIES", 1)
    monkeypatch.setattr(
        reaching, "PRIOR", {**PRIOR, "points": integer(1, 1)}
    )  # fewer than anybody may ask for
    found = reaching.reach(tmp_path, 1, 60, 1, False, 1, ("policy",))
    assert len(found.table) == COUNT
    assert found.table["share"].isin([0.0, 1.0]).all()
    assert found.table["share"].sum() > 5
    first = (tmp_path / "reach.csv").read_bytes()
    monkeypatch.setattr("woc_sim.analysis.studies.RUNS_AT_ONCE", 1)
    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", lambda tasks: pytest.fail("ran again"))
    reaching.reach(tmp_path, 1, 60, 1, False, 1, ("policy",))
    assert (tmp_path / "reach.csv").read_bytes() == first
