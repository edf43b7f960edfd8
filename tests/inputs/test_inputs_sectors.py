"""The catalogue of sectors: every component of the index serves one, and what is said of readings is true."""

from pathlib import Path

import pytest
from tests.copies import copy_with

from woc_sim.inputs import sectors as module
from woc_sim.inputs.sectors import DIMENSIONS, needs, sector, sector_of, sectors
from woc_sim.inputs.tables import measures
from woc_sim.inputs.vocabulary import COMPONENTS, SECTORS
from woc_sim.instruments.readings import INDICATOR_NAMES, READING_NAMES

FILE = Path(module.__file__).parent / "sectors.csv"


def test_every_component_serves_one_sector() -> None:
    served = [component for one in sectors() for component in one.components]
    assert sorted(served) == sorted(COMPONENTS)
    assert all(component in sectors()[sector(sector_of(component))].components for component in COMPONENTS)
    with pytest.raises(KeyError, match="sports"):
        sector_of("sports")


def test_inclusive_measures_of_a_component_serve_its_sector_or_one_that_is_said() -> None:
    """A measure names its own sector, which is its component's for nearly all."""
    other = {one.name for one in measures() if one.component and sector_of(one.component) != one.sector}
    assert len(other) < len(measures()) / 4, other


def test_needs_of_persons_come_first() -> None:
    assert [one.sector for one in sectors()] == list(SECTORS)
    assert [one.persons for one in sectors()] == [code < needs() for code in range(len(SECTORS))]
    assert sector("steering") == needs() == 8
    assert [one.sector for one in sectors() if one.response] == list(SECTORS[: sector("rights")])
    with pytest.raises(KeyError, match="sports"):
        sector("sports")


def test_work_shows_in_dimensions_that_frames_look_at() -> None:
    shown = {one.shows_in for one in sectors() if one.shows_in}
    assert shown <= set(DIMENSIONS)
    assert len(shown) > 2


def test_what_is_observed_exists() -> None:
    known = {*INDICATOR_NAMES, *READING_NAMES}
    for one in sectors():
        assert not set(one.observed) - known, one.sector
        assert bool(one.shows_in) == one.persons, (
            "who serves persons meets them, and the administration does not"
        )
        assert one.need
        assert one.source


@pytest.mark.parametrize(
    ("found", "planted", "said"),
    [
        ("reception,reception,1,", "reception,reception,2,", "row 2: persons is 2"),
        ("reception,reception,1,", "reception,reception,0,", "row 3: needs of persons come before"),
        ("services,services,1,", "services,services,0,", "one sector, and only one, is the need of the adm"),
        ("1,1,labour,", "1,1,language,", "row 4: language serves another sector too"),
        ("work,work,", "language,work,", "row 4: language appears twice"),
        (",jobs,index", ",money,index", "row 4: shows_in is 'money', not one of"),
    ],
)
def test_a_fault_in_the_catalogue_is_named(found, planted, said, tmp_path, monkeypatch) -> None:
    copy_with(FILE, found, planted, tmp_path)
    monkeypatch.setattr("woc_sim.inputs.reading._FOLDER", tmp_path)
    with pytest.raises(ValueError, match=said):
        sectors.__wrapped__()
