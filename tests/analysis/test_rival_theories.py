"""Rival theories: which there are, and which plausible sets each of them has."""

from __future__ import annotations

from pathlib import Path

import pytest

from woc_sim.analysis.rival_theories import check_subjects, rivals, rivals_named, sets_of_rivals
from woc_sim.errors import UserError
from woc_sim.inputs.theories import packages
from woc_sim.scenario.theories import THEORIES, default_theories

TABLE = "set,weight,policy.load\n1,1,0.1\n"


def test_each_rival_stands_against_the_defaults_of_the_other_subjects() -> None:
    chosen = rivals(check_subjects(()))
    assert len(chosen) == sum(map(len, THEORIES.values()))
    for one in chosen:
        differing = {s: name for s, name in one.theories.items() if name != default_theories()[s]}
        assert differing == ({} if one.is_default else {one.subject: one.name})
    joint = rivals(("contact", "threat"), "joint")
    assert len(joint) == 9
    assert len({one.changed for one in joint}) == 9
    assert [one.is_default for one in joint].count(True) == 1
    assert {one.subject for one in joint} == {"joint"}
    with pytest.raises(UserError, match="name fewer subjects"):
        rivals(tuple(THEORIES), "joint")


def test_packages_stand_against_the_default_alone_and_all_together() -> None:
    none, *each, every = rivals_named((), "packages")
    assert none.is_default
    assert none.changed == ()
    parts = packages().values()
    assert [one.name for one in each] == [f"without_{p.name}" if p.is_default else p.name for p in parts]
    # a package that is in the default is judged by taking it away, and is not among those that are added
    added = [one for one in each if not one.name.startswith("without_")]
    assert dict(every.changed) == {subject: name for one in added for subject, name in one.changed}
    # no subject is in two packages, so that all of them can be had together
    assert len(every.changed) == sum(len(one.changed) for one in added)
    (without,) = [one for one in each if one.name == "without_attention"]
    assert without.changed == (("attention", "steady"), ("comparison", "own_lot"))
    assert every.title == "package all"
    with pytest.raises(UserError, match="grid=packages compares whole packages of theories; leave out sub"):
        rivals_named(("contact",), "packages")


def test_some_packages_stand_against_the_default() -> None:
    assert [one.name for one in rivals_named((), "packages", chosen_packages=("legacy", "law"))] == [
        "none",
        *(name for name in packages() if name in ("law", "legacy")),
    ]
    with pytest.raises(UserError, match="packages=lw is not known; did you mean 'law'"):
        rivals_named((), "packages", chosen_packages=("lw",))
    with pytest.raises(UserError, match="packages=law needs grid=packages"):
        rivals_named((), "alone", chosen_packages=("law",))


def test_unknown_subjects_are_refused() -> None:
    with pytest.raises(UserError, match="subjects=contct has no rival theories; did you mean 'contact'"):
        check_subjects(("contct",))


def test_rivals_share_sets_unless_a_folder_has_tables_of_their_own(tmp_path: Path) -> None:
    chosen = rivals(("contact", "threat"))
    assert sets_of_rivals(None, chosen).of(()) is None
    (tmp_path / "default.csv").write_text(TABLE, "utf-8")
    common = sets_of_rivals(str(tmp_path / "default.csv"), chosen)
    assert all(common.of(one.changed) is common.common for one in chosen)
    assert common.sentence == "all rivals have the same plausible sets"
    (tmp_path / "contact.none.csv").write_text(TABLE.replace("0.1", "0.3"), "utf-8")
    found = sets_of_rivals(str(tmp_path), chosen)
    for one in chosen:
        sets = found.of(one.changed)
        assert sets is not None
        assert sets.values[0, 0] == (0.3 if one.changed == (("contact", "none"),) else 0.1)


def test_a_table_that_belongs_to_no_rival_is_refused(tmp_path: Path) -> None:
    (tmp_path / "default.csv").write_text(TABLE, "utf-8")
    (tmp_path / "contact.nine.csv").write_text(TABLE, "utf-8")
    with pytest.raises(UserError, match=r"belongs to no rival theory; did you mean 'contact\.none\.csv'"):
        sets_of_rivals(str(tmp_path), rivals(("contact",)))
    (tmp_path / "contact.nine.csv").rename(tmp_path / "contact.none.csv")
    (tmp_path / "default.csv").unlink()
    with pytest.raises(UserError, match=r"default\.csv does not exist"):
        sets_of_rivals(str(tmp_path), rivals(("contact",)))


def test_a_name_that_is_no_folder_is_that_of_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chosen = rivals(("contact",))
    assert sets_of_rivals("default", chosen).common is None
    with pytest.raises(UserError, match=r"parameters=plausibel is no file; did you mean 'plausible'\?"):
        sets_of_rivals("plausibel", chosen)
    with pytest.raises(UserError, match="File name too long"):
        sets_of_rivals("x" * 300, chosen)
