"""The scoreboard in a folder: what is written is read again, and damage is a sentence."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from woc_sim.analysis.scoreboard import CheckResults, ScoreboardRow, scoreboard_frame
from woc_sim.analysis.scoreboard_files import BY_STUDY, SCOREBOARD, ByStudy, read_scoreboard
from woc_sim.errors import UserError
from woc_sim.files import write_table


def a_row(**given: object) -> ScoreboardRow:
    """A row with an empty text or 0.5 in each field that is not given."""
    empty = {each.name: "" if each.type == "str" else 0.5 for each in fields(ScoreboardRow)}
    return ScoreboardRow(**{**empty, "n": 3, **given})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    results = ByStudy()
    results.keep("S1", "model", CheckResults(np.array([0.1, np.nan]), np.array([1.0, 0.0]), 0.1))
    results.keep("S1", "permuted", CheckResults(np.array([-0.2]), np.array([0.0]), 0.1))
    rows = [a_row(id="S1", statement="Something holds, NA.", why="007"), a_row(id="S2", target=np.nan)]
    write_table(scoreboard_frame(rows), tmp_path / SCOREBOARD)
    write_table(results.frame(), tmp_path / BY_STUDY)
    return tmp_path


def test_what_was_written_is_read(folder: Path) -> None:
    found = read_scoreboard(folder)
    assert found is not None
    assert found.board["id"].tolist() == ["S1", "S2"]
    assert found.board["statement"][0] == "Something holds, NA."
    assert found.board["why"].tolist() == ["007", ""]
    assert found.board["pass_model"].tolist() == [0.5, 0.5]
    assert np.isnan(found.board["target"][1])
    assert found.by_study["variant"].tolist() == ["model", "model", "permuted"]
    assert found.by_study["study"].tolist() == [0, 1, 0]
    assert found.by_study["passed"].tolist() == [True, False, False]
    assert np.isnan(found.by_study["value"][1])


def test_without_a_validation_there_is_nothing(tmp_path: Path) -> None:
    assert read_scoreboard(tmp_path) is None


def test_an_older_validation_has_no_results_by_study(folder: Path) -> None:
    (folder / BY_STUDY).unlink()
    found = read_scoreboard(folder)
    assert found is not None
    assert list(found.by_study) == ["id", "variant", "study", "value", "passed"]
    assert len(found.by_study) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,role\nS1,fit\n", "lacks statement"),
        (b'id,"role\nS1', "damaged"),
        (b"", "damaged"),
        (b"id\n\xff\xfe", "damaged"),
    ],
)
def test_another_file_is_refused_in_a_sentence(folder: Path, content: bytes, said: str) -> None:
    (folder / SCOREBOARD).write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_scoreboard(folder)


def test_a_text_among_the_numbers_is_refused(folder: Path) -> None:
    table = pd.read_csv(folder / SCOREBOARD, dtype=str)
    table.assign(low="low").to_csv(folder / SCOREBOARD, index=False)
    with pytest.raises(UserError, match="damaged"):
        read_scoreboard(folder)


def test_damaged_results_by_study_are_refused(folder: Path) -> None:
    (folder / BY_STUDY).write_bytes(b"PAR1 no table")
    with pytest.raises(UserError, match=BY_STUDY):
        read_scoreboard(folder)
