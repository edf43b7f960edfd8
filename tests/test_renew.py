"""What `./run renew` makes anew, and what it prints of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from docs import tables
from tests import renew

from woc_sim.ensemble.differences import DIFFERENT, IDENTICAL, WITHIN
from woc_sim.errors import UserError

ROW, OTHER = "| `a.b` | 1 |", "| `a.c` | 2 |"
PAGE = "# A page\n\n<!-- table: {} -->\n| name | value |\n| --- | --- |\n{}\n<!-- end -->\n"


def test_all_steps_are_planned_unless_some_are_named() -> None:
    assert renew.plan([]) == ["defaults", "checks", "verdicts", "docs", "frozen", "golden", "experiments"]
    assert renew.plan(["golden", "docs"]) == ["docs", "golden"]
    with pytest.raises(
        UserError,
        match="renew takes defaults, checks, verdicts, docs, frozen, golden, experiments, not 'gold'; "
        "did you mean 'golden'",
    ):
        renew.plan(["gold"])


def test_every_file_that_is_made_from_the_code_belongs_to_a_step() -> None:
    pages = tables.pages()
    marked = [page for page in renew.ROOT.glob("*.md") if "<!-- table: " in page.read_text("utf-8")]
    assert renew.DOCS / "odd.md" in pages
    assert marked == []
    assert [path.name for path in renew.GOLDEN.parent.glob("*.json")] == [renew.GOLDEN.name]
    assert [
        path
        for path in renew.EXPERIMENTS.glob("*/expected_quick.csv")
        if not path.with_name("experiment.yaml").is_file()
    ] == []


def test_a_table_is_written_anew_and_its_rows_are_counted(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE.format("indicators", f"{ROW}\n{OTHER}"), "utf-8")
    (line,) = renew.renew_docs([page])
    rows = renew.rows_of(page.read_text("utf-8"))["indicators"]
    assert line == f"{page}: table indicators: {len(rows)} new, 2 gone"
    assert list(renew.renew_docs([page])) == []


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ([ROW, OTHER, "| `a.d` | 3 |"], "1 new"),
        ([ROW], "1 gone"),
        ([ROW, "| `a.c` | 4 |"], "1 changed"),
        ([OTHER, ROW], "the order of its rows"),
    ],
)
def test_rows_are_counted(after: list[str], told: str) -> None:
    assert renew.counted([ROW, OTHER], after) == told


def test_rows_with_one_first_cell_are_told_apart_by_the_second() -> None:
    before = ["| contact | moderated | old |", "| contact | none | old |"]
    assert renew.counted(before, [before[0], "| contact | none | new |"]) == "1 changed"


def test_fingerprints_that_moved_are_named_and_written(tmp_path: Path) -> None:
    path = tmp_path / "fingerprints.json"
    path.write_text(json.dumps({"golden": "a", "long": "b", "old": "c"}), "utf-8")
    found = {"golden": "a", "long": "x", "young": "y"}
    assert list(renew.renew_golden(path, found)) == [
        f"{path}: 1 of 3 moved: long",
        f"{path}: 1 of 3 new: young",
        f"{path}: 1 of 3 gone: old",
    ]
    assert json.loads(path.read_text("utf-8")) == found
    assert list(renew.renew_golden(path, found)) == []


@pytest.mark.parametrize(
    ("said", "accepted", "told"),
    [
        ([IDENTICAL], 0, ""),
        ([WITHIN], 0, ""),
        ([DIFFERENT, "3 of 36 runs differ", "all of them: out/differences.csv"], 0, "3 of 36 runs differ"),
        ("e01 has no expectation for its quick version", 0, "e01 has no expectation for its quick version"),
        ([DIFFERENT, "3 of 36 runs differ"], 1, "not accepted: some runs failed"),
    ],
)
def test_an_experiment_is_accepted_only_where_it_differs(
    said: Any, accepted: int, told: str, tmp_path: Path
) -> None:
    (tmp_path / "e01").mkdir()
    (tmp_path / "e01" / "experiment.yaml").write_text("", "utf-8")
    asked: list[tuple[str, ...]] = []

    def ask(*arguments: str) -> tuple[int, list[str]]:
        asked.append(arguments[:-1])
        if "--accept" in arguments:
            return accepted, ["some runs failed"] if accepted else ["accepted"]
        if isinstance(said, str):
            raise UserError(said)
        return int(said[0] == DIFFERENT), said

    lines = list(renew.renew_experiments(tmp_path, ask))
    assert lines == ([f"{tmp_path / 'e01' / 'expected_quick.csv'}: {told}"] if told else [])
    assert (("e01", "--quick", "--accept") in asked) == bool(told)


def test_what_moved_is_printed_and_what_did_not_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    steps = {"docs": lambda: iter(["docs/odd.md: table state: 1 new"]), "golden": lambda: iter(())}
    assert renew.main(["docs", "golden"], steps) == 0
    assert capsys.readouterr().out.splitlines() == [
        "docs/odd.md: table state: 1 new",
        "golden: nothing moved",
    ]
    assert renew.main(["everything"], steps) == 2
    assert (
        "renew takes defaults, checks, verdicts, docs, frozen, golden, experiments" in capsys.readouterr().err
    )


def test_what_was_frozen_is_renewed_only_with_a_new_row_of_openings(tmp_path, monkeypatch) -> None:
    from woc_sim.analysis import frozen

    heard = []
    monkeypatch.setattr(frozen, "freeze", lambda day, rows: heard.append((day, rows)) or ["role of S1: new"])
    page = tmp_path / "openings.md"
    page.write_text("# Title\n\n| day | what |\n|---|---|\n| 2026-11-21 | a |\n| 2026-11-29 | b |\n", "utf-8")
    assert [line.partition(": ")[2] for line in renew.renew_frozen(page)] == ["role of S1: new"]
    assert heard[0][1] == 2

    def refuse(day, rows):
        raise ValueError("3 things moved: say why")

    monkeypatch.setattr(frozen, "freeze", refuse)
    assert next(renew.renew_frozen(page)).endswith("not renewed: 3 things moved: say why")


def test_defaults_become_the_median_and_their_source_says_so(tmp_path: Path) -> None:
    folder, sets = tmp_path / "parameters", tmp_path / "plausible.csv"
    folder.mkdir()
    sets.write_text(
        "set,weight,medoid,policy.cost,policy.need\n1,1,False,1,1\n2,2,True,3.14159,2\n3,1,False,4,3\n"
    )
    head = "name,value,low,high,unit,status,source,meaning\n"
    policy = folder / "policy.csv"
    policy.write_text(
        head + 'cost,1.9,0,4,1,calibrated,"search; prior: scale, swept",cost\n'
        "need,2,0,4,1,assumed,assumed,need\nload,0.1,0,1,1,assumed,assumed,load\n"
    )
    (told,) = renew.renew_defaults(folder, sets)
    assert told == f"{policy}: policy.cost from 1.9 to 3.14"
    assert policy.read_text() == (
        head + f'cost,3.14,0,4,1,calibrated,"{renew.MEDIAN}; prior: scale, swept",cost\n'
        "need,2,0,4,1,assumed,assumed,need\nload,0.1,0,1,1,assumed,assumed,load\n"
    )
    assert list(renew.renew_defaults(folder, sets)) == []
