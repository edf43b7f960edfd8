"""The catalogue of groups: complete rows, one reference, and faults that name file and row."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.copies import copy_with

from woc_sim.inputs import groups as catalogue
from woc_sim.inputs import reading
from woc_sim.inputs.groups import group, groups, series, sizes
from woc_sim.inputs.tables import margins


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the catalogue and of the tables whose columns it names, which is read instead."""
    for name in ("groups.csv", "calendar.csv", "countries.csv"):
        shutil.copy(reading._FOLDER / name, tmp_path)
    monkeypatch.setattr(reading, "_FOLDER", tmp_path)
    groups.cache_clear()
    yield tmp_path / "groups.csv"
    groups.cache_clear()


def test_every_group_has_margins_and_keys_are_their_own() -> None:
    for one in groups():
        assert group(one.name) is one
        for subject in ("age", "gender", "skill", "family"):
            assert sum(margins(f"{one.margins}_{subject}").values()) == pytest.approx(1.0)
    assert len({one.key for one in groups()}) == len(groups())


def test_keys_of_released_groups_never_change() -> None:
    """They are part of the address of every draw of a migrant."""
    assert {one.name: one.key for one in groups()} == {"non_european": 0, "ukrainian": 1}


def test_a_group_in_a_sentence() -> None:
    assert group("ukrainian").one == "a Ukrainian"
    afghan = catalogue.Group(**{**dict.fromkeys(catalogue.Group.__slots__, ""), "label": "Afghan"})
    assert afghan.one == "an Afghan"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ukrainian,1,ua", "ukrainian,0,ua", "row 3: 0 appears twice"),
        ("ukrainian,1,ua", "ukrainian,1,ne", "row 3: ne appears twice"),
        ("ukrainian,1,ua", "ukrainian,512,ua", "key is 512"),
        ("temporary_protection,0", "pity,0", "row 3: regime is 'pity'"),
        ("1,ukrainian,1", "1,martian,1", "row 2: compared_with is no group: 'martian'"),
        (",0,,0,pop", ",0,,1,pop", "exactly one group must be the reference"),
        ("0.05,arrivals.chosen_ua", "0.05,", "row 3: chose is empty"),
        (",0.9,", ",1.9,", "row 2: visible is 1.9"),
    ],
)
def test_a_fault_names_its_place(table: Path, old: str, new: str, said: str) -> None:
    copy_with(table, old, new, table.parent)
    with pytest.raises(ValueError, match=r"groups\.csv") as caught:
        groups()
    assert said in str(caught.value)


def test_a_column_that_is_not_there_is_named(table: Path) -> None:
    copy_with(table, ",total,ukrainians,", ",total,war,", table.parent)
    copy_with(table, "ukrainians_per_1000", "refugees_per_1000", table.parent)
    with pytest.raises(ValueError, match=r"calendar\.csv has no column war, which groups.csv names"):
        series()
    with pytest.raises(ValueError, match=r"countries\.csv has no column refugees_per_1000"):
        sizes()


def test_columns_keep_the_order_of_their_file(table: Path) -> None:
    lines = table.read_text("utf-8").splitlines()
    table.write_text("\n".join([lines[0], lines[2], lines[1]]), "utf-8")
    assert [one.name for one in groups()] == ["ukrainian", "non_european"]
    assert series() == ("asylum", "ukrainians")
    assert sizes() == ("asylum_per_1000", "ukrainians_per_1000")
