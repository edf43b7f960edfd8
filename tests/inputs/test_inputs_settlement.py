"""Since when migrants have settled: a year for each framework, and faults that name their row."""

from pathlib import Path

import pytest
from tests.copies import copy_with

from woc_sim.inputs import settlement as module
from woc_sim.inputs.settlement import FIRST_YEAR, settled_since
from woc_sim.inputs.tables import calendar
from woc_sim.inputs.vocabulary import FRAMEWORKS

FILE = Path(module.__file__).parent / "settlement.csv"


def test_every_framework_has_a_year_before_the_calendar_begins() -> None:
    assert tuple(settled_since()) == FRAMEWORKS
    assert all(1950 < year < FIRST_YEAR for year in settled_since().values())
    assert calendar()[0].month.startswith(str(FIRST_YEAR))


@pytest.mark.parametrize(
    ("found", "planted", "said"),
    [
        ("AT,1964", "AT,2013", "row 2: since is 2013, outside"),
        ("AT,1964", "AT,1964.5", "row 2: since is 1964.5, not one of"),
        ("AT,1964", "PL,1964", "the frameworks must be exactly AT"),
        (
            '"recruitment agreement with Turkey, 15 May 1964 (Medien-Servicestelle)"\nBE-VLG',
            "\nBE-VLG",
            "row 2: source",
        ),
    ],
)
def test_a_fault_in_the_table_is_named(found, planted, said, tmp_path, monkeypatch) -> None:
    copy_with(FILE, found, planted, tmp_path)
    monkeypatch.setattr("woc_sim.inputs.reading._FOLDER", tmp_path)
    with pytest.raises(ValueError, match=said):
        settled_since.__wrapped__()
