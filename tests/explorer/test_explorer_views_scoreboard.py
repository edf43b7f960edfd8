"""The scoreboard: it lists the findings of a folder, tells the chosen one, and says what is missing."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from small_pairs import SCRIPT, pair, shown

from woc_sim.analysis.scoreboard import CheckResults, ScoreboardRow, scoreboard_frame
from woc_sim.analysis.scoreboard_files import BY_STUDY, SCOREBOARD, ByStudy
from woc_sim.explorer.views.scoreboard import VARIANTS, ScoreboardView
from woc_sim.files import write_table

VALUES = np.array([0.1, 0.4, np.nan, 0.3])
HOLDS = np.array([1.0, 1.0, 0.0, 0.0])


def a_row(**given: object) -> ScoreboardRow:
    """A row with an empty text or 0.5 in each field that is not given."""
    empty = {each.name: "" if each.type == "str" else 0.5 for each in fields(ScoreboardRow)}
    return ScoreboardRow(**{**empty, "n": 4, **given})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        a_row(id="S1", role="fit", verdict="trivial", statement="First.", source="Paper, p. 3"),
        a_row(id="S2", role="held_out", verdict="reproduced", statement=SCRIPT, meaning="Share of villages."),
        a_row(id="S3", role="held_out", verdict="trivial", statement="Third.", target=np.nan),
    ]
    results = ByStudy()
    for name in ("S1", "S2", "S3"):
        for variant in ("model", "permuted"):
            results.keep(name, variant, CheckResults(VALUES + (variant == "permuted"), HOLDS, 0.1))
    write_table(scoreboard_frame(rows), tmp_path / SCOREBOARD)
    write_table(results.frame(), tmp_path / BY_STUDY)
    return tmp_path


def test_findings_are_listed_held_out_ones_first(folder: Path) -> None:
    view = shown(ScoreboardView(folder), pair())
    assert list(view.findings.options.values()) == ["S2", "S3", "S1"]
    assert "3 findings judged" in view._heading.object
    assert "Verdicts need 24 studies" in view._heading.object


def test_a_verdict_can_be_chosen(folder: Path) -> None:
    view = shown(ScoreboardView(folder), pair())
    assert list(view.verdicts.options) == ["all verdicts", "reproduced (1)", "trivial (2)"]
    view.verdicts.value = "trivial"
    assert list(view.findings.options.values()) == ["S3", "S1"]
    assert view.findings.value == "S3"


def test_the_chosen_finding_is_told_with_source_check_and_studies(folder: Path) -> None:
    view = shown(ScoreboardView(folder), pair())
    view.findings.value = "S1"
    assert "Paper, p. 3" in view.details.object
    drawn = view.studies.data
    assert sorted(drawn["x"]) == pytest.approx(sorted([0.1, 0.4, 0.3, 1.1, 1.4, 1.3]))
    assert sum(each == "holds" for each in drawn["holds"]) == 4
    assert sum(each == "white" for each in drawn["fill"]) == 2
    model = len(VARIANTS)  # the top row
    assert all(
        abs(y - model) < 0.5 for y, of in zip(drawn["y"], drawn["variant"], strict=True) if of == "model"
    )
    assert view.published.visible
    assert view.published.location == 0.5
    view.findings.value = "S3"
    assert not view.published.visible


def test_a_statement_with_a_script_is_text(folder: Path) -> None:
    view = shown(ScoreboardView(folder), pair())
    view.findings.value = "S2"
    assert "<script" not in view.details.object
    assert "&lt;script&gt;" in view.details.object
    assert "Share of villages." in view.details.object


def test_without_a_validation_the_command_is_named(tmp_path: Path) -> None:
    view = shown(ScoreboardView(tmp_path / SCRIPT), pair())
    assert "woc-sim validate" in view._heading.object
    assert "<script" not in view._heading.object
    assert not view._body.visible


def test_a_validation_that_comes_later_is_read(folder: Path, tmp_path: Path) -> None:
    board = (folder / SCOREBOARD).read_bytes()
    (folder / SCOREBOARD).unlink()
    view = shown(ScoreboardView(folder), pair())
    assert not view._body.visible
    (folder / SCOREBOARD).write_bytes(board)
    view.prepare(pair())
    view.show(pair())
    assert view._body.visible


def test_a_damaged_validation_is_a_sentence_in_the_page(folder: Path) -> None:
    (folder / SCOREBOARD).write_bytes(b"id\nS1\n")
    view = shown(ScoreboardView(folder), pair())
    assert "is no scoreboard" in view._heading.object


def test_an_older_validation_is_shown_without_studies(folder: Path) -> None:
    (folder / BY_STUDY).unlink()
    view = shown(ScoreboardView(folder), pair())
    assert "kept no results by study" in view.details.object
    assert len(view.studies.data["x"]) == 0
