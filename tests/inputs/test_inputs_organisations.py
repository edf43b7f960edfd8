"""The catalogue of kinds of organisation: traits agree with each other, keys stay, faults name their row."""

from pathlib import Path

import pytest
from tests.copies import copy_with

from woc_sim.inputs import organisations
from woc_sim.inputs.organisations import (
    FIELDS_OF_WORK,
    INTERESTS,
    KIND_LEVELS,
    TRAITS,
    actor_kind,
    actor_kinds,
    chosen_kinds,
    interest_code,
    kinds_with,
    level_code,
)

FILE = Path(organisations.__file__).parent / "organisations.csv"
KEYS = {
    "executive": 0,
    "officials": 1,
    "bureaucrats": 2,
    "rrp": 3,
    "ngo": 4,
    "migrant_organisation": 5,
    "provider": 6,
    "union": 7,
    "church": 8,
    "company": 9,
    "estate_company": 10,
    "region": 11,
    "nation": 12,
    "eu": 13,
}


def test_keys_of_published_kinds_never_change() -> None:
    """Every draw of an organisation rests on the key of its kind."""
    assert {one.kind: one.key for one in actor_kinds()}.items() >= KEYS.items()


def test_every_trait_level_interest_and_field_of_work_is_used() -> None:
    kinds = actor_kinds()
    assert all(kinds_with(trait) for trait in TRAITS)
    assert {one.level for one in kinds} == set(KIND_LEVELS)
    assert {one.interest for one in kinds} == set(INTERESTS)
    assert {one.meets_migrants for one in kinds} == set(FIELDS_OF_WORK)
    assert all(one.label and one.plural and one.source for one in kinds)


def test_kinds_are_chosen_by_traits_and_levels() -> None:
    assert kinds_with("leads") == ("executive", "officials")
    assert kinds_with("nonpublic", without=("mission", "business")) == ("union",)
    assert kinds_with(levels=("region", "nation")) == ("region", "nation")
    assert chosen_kinds("") == ()
    assert chosen_kinds("eu region") == ("region", "eu"), "in the order of the catalogue"
    assert chosen_kinds("public -leads") == ("bureaucrats",)
    for words in ("leeds", "-leeds", "planet"):
        with pytest.raises(KeyError, match=words.removeprefix("-")):
            chosen_kinds(words)
    with pytest.raises(KeyError, match="media"):
        actor_kind("media")


def test_codes_are_looked_up_by_name() -> None:
    assert level_code("local") == 0
    assert interest_code("") == 0
    assert level_code("nation") != level_code("region")
    for code in (level_code, interest_code):
        with pytest.raises(KeyError, match="planet"):
            code("planet")


MEDIA = "media,902,paper,media,local,nonpublic,,,1,1,,0,0.25,0,1,0.5,0,0.8,assumed: a paper a town\n"


@pytest.mark.parametrize("place", [1, 6, 15])
def test_a_kind_can_be_added_anywhere(place, tmp_path, monkeypatch) -> None:
    before = FILE.read_text("utf-8").splitlines(keepends=True)[place - 1]
    copy_with(FILE, before, before + MEDIA, tmp_path)
    monkeypatch.setattr("woc_sim.inputs.reading._FOLDER", tmp_path)
    kinds = actor_kinds.__wrapped__()
    assert kinds[place - 1].kind == "media"
    others = {one.kind: one.key for one in actor_kinds()}
    assert {one.kind: one.key for one in kinds} == {**others, "media": 902}


@pytest.mark.parametrize(
    ("found", "planted", "said"),
    [
        ("officials,1,", "officials,0,", "row 3: key 0 appears twice"),
        ("officials,1,", "executive,1,", "row 3: executive appears twice"),
        ("officials,1,", "officials,1000,", "row 3: key is 1000"),
        ("officials,1,", "officials,0.5,", "row 3: key is 0.5"),
        ("local,public leads head", "local,public leeds head", "row 2: traits has 'leeds'"),
        ("local,public leads head", "local,public leads leads head", "row 2: traits has 'leads' twice"),
        ("local,public leads head", "local,leads head", "row 2: a local kind has one of"),
        ("local,public leads head", "local,public nonpublic leads head", "row 2: a local kind has one of"),
        ("local,public leads head", "local,public head", "row 2: a kind that heads the executive leads"),
        (
            "local,public leads head",
            "nation,public leads head",
            "row 2: a kind of the level nation",
        ),
        ("local,nonpublic,members", "local,nonpublic,member", "row 9: interest is 'member'"),
        (
            "local,nonpublic,members",
            "local,nonpublic mission,members",
            "row 9: a kind is driven by a mission",
        ),
        (
            "head politician,,",
            "head politician,members,",
            "row 2: a kind with a mission or an interest",
        ),
        ("public leads head", "public leads", "no kind has the trait head"),
        ("public street_level", "public", "no kind has the trait street_level"),
    ],
)
def test_a_fault_in_the_catalogue_is_named(found, planted, said, tmp_path, monkeypatch) -> None:
    copy_with(FILE, found, planted, tmp_path)
    monkeypatch.setattr("woc_sim.inputs.reading._FOLDER", tmp_path)
    with pytest.raises(ValueError, match=said):
        actor_kinds.__wrapped__()
