"""A whole validation, small: tables on disk, resumed without a run, equal for any number of workers."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from woc_sim.analysis.validate import ValidationSettings, validate
from woc_sim.analysis.variants import MODEL, VARIANTS
from woc_sim.analysis.verdicts import HYPOTHESIS_VERDICTS, VERDICTS
from woc_sim.errors import UserError
from woc_sim.figures.report import write_report
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES
from woc_sim.scenario.locality_file import locality_from
from woc_sim.scenario.schema import Scenario

TINY_SETTINGS = ValidationSettings(
    studies=1, workers=1, progress=False, base=Scenario((), people=60, months=14)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("validation")
    found = validate(out, TINY_SETTINGS)
    return out, found


def test_the_tables_are_there_and_complete(folder):
    out, found = folder
    board = pd.read_csv(out / "scoreboard.csv")
    assert len(board) == len(found.rows) >= 45
    assert set(board["verdict"]) <= {each.name for each in (*VERDICTS, *HYPOTHESIS_VERDICTS)}
    assert (out / "baselines.csv").exists()
    cases = pd.read_parquet(out / "cases.parquet")
    assert set(cases["variant"]) == {*VARIANTS, "permuted"}
    assert len(cases) == 6 * 40
    assert {"case", "replicate", "country", "size", "executive", "structure", *READING_NAMES} <= set(
        cases.columns
    )
    synthetic = pd.read_parquet(out / "factorial.parquet")
    assert len(synthetic) == 6 * 36
    assert set(synthetic["rrp"].round(6)) == {0.0, 0.1, 0.25}
    lines = pd.read_parquet(out / "timelines.parquet")
    assert lines["month"].tolist()[:2] == ["2012-01", "2012-02"]
    assert set(INDICATOR_NAMES) <= set(lines.columns)
    assert len(json.loads((out / "published.json").read_text())["localities"]) == 36


def test_covariates_of_a_locality_are_the_same_in_every_variant(folder):
    cases = pd.read_parquet(folder[0] / "cases.parquet")
    columns = ["case", "country", "size", "executive", "unemployment", "rrp"]
    model = cases.loc[cases["variant"] == MODEL, columns].reset_index(drop=True)
    for variant in VARIANTS[1:]:
        assert model.equals(cases.loc[cases["variant"] == variant, columns].reset_index(drop=True))
    permuted = cases[cases["variant"] == "permuted"]
    for country, rows in permuted.groupby("country"):
        wanted = model.loc[model["country"] == country, "size"]
        assert sorted(rows["size"]) == sorted(wanted)


def test_what_moved_since_the_freeze_is_said(folder):
    moved = replace(folder[1], moved=("role of S99: held_out, now fit", "b", "c", "d"))
    assert "frozen: 4 things (role of S99: held_out, now fit; b; c; ...)" in moved.summary
    assert "frozen:" not in replace(moved, moved=()).summary


def test_few_studies_are_said(folder):
    assert "these verdicts rest on 1 studies; verdicts need 24" in folder[1].summary


def test_the_same_command_runs_nothing_again(folder, monkeypatch):
    out, found = folder
    before = (out / "scoreboard.csv").read_bytes()
    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", lambda tasks: pytest.fail("ran again"))
    again = validate(out, TINY_SETTINGS)
    assert (out / "scoreboard.csv").read_bytes() == before
    assert again.summary == found.summary


@pytest.mark.thorough
def test_a_locality_of_ones_own_stands_beside_the_cases_and_changes_no_verdict(folder, monkeypatch):
    out, found = folder
    board, cases = ((out / name).read_bytes() for name in ("scoreboard.csv", "cases.parquet"))
    place = {"name": "=Hill, ford", "framework": "AT", "size": "rural", "executive": "mixed"}
    settings = replace(TINY_SETTINGS, own=locality_from(place, ""))
    with_own = validate(out, settings)
    assert with_own.own.startswith("your locality =Hill, ford: policy index ")
    assert with_own.own.endswith(" of the 40 cases")
    assert (out / "scoreboard.csv").read_bytes() == board
    assert (out / "cases.parquet").read_bytes() == cases
    assert with_own.summary == found.summary
    table = pd.read_csv(out / "own_locality.csv")
    columns = pd.read_parquet(out / "cases.parquet").columns
    assert list(table.columns) == [name for name in columns if name != "variant"]
    row = table.iloc[0].to_dict()
    assert {"case": "'=Hill, ford", "country": "Austria", "size": "rural", "executive": "mixed"}.items() <= (
        row.items()
    ), "no spreadsheet takes the name for a formula"
    page = write_report(out).read_text("utf-8")
    assert "Your locality beside the cases" in page
    assert "Blue: your locality =Hill, ford, mean over 1 studies" in page

    monkeypatch.setattr("woc_sim.ensemble.executors.run_batch", lambda tasks: pytest.fail("ran again"))
    assert validate(out, settings).own == with_own.own
    assert validate(out, TINY_SETTINGS).own == ""
    assert not (out / "own_locality.csv").exists()
    assert "Your locality" not in write_report(out).read_text("utf-8")


def test_settings_that_are_no_settings_are_refused():
    with pytest.raises(UserError, match="studies is 0; allowed: an integer from 1 to 1000"):
        ValidationSettings(studies=0)
    with pytest.raises(UserError, match=r"own is 'mine\.yaml'; allowed: a LocalitySpec"):
        ValidationSettings(own="mine.yaml")
