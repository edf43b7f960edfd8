"""Old names work for one release with a warning, wherever they may be typed."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from packaging.version import Version

import woc_sim
from woc_sim.cli import query
from woc_sim.cli.compose import compose_request
from woc_sim.cli.overrides import parse_override
from woc_sim.cli.startup import command_environment
from woc_sim.ensemble.run_files import FINAL, read_run_table
from woc_sim.errors import UserError
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.scenario import renamed
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.schema import Scenario
from woc_sim.world.columns import Column, ColumnSet

READING = READING_NAMES[0]
ROWS = f"""\
kind,old,new,until
setting,parameters.ties.pace,parameters.ties.join,9.0
setting,locality.far_right,locality.rrp_share,9.0
setting,theory.meetings,theory.contact,9.0
setting,intervention.bonds,intervention.links,9.0
value,theory.contact=plain,theory.contact=unmoderated,9.0
value,schedule.drop=meetings,schedule.drop=encounters,9.0
column,residents.view,residents.attitude,9.0
column,residents.view_ua,residents.seen.second,9.0
reading,old_reading,{READING},9.0
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A table of old names of its own."""
    file = tmp_path / "renamed.csv"
    file.write_text(ROWS, "utf-8")
    monkeypatch.setattr(renamed, "FILE", file)
    renamed.renamed.cache_clear()
    yield file
    renamed.renamed.cache_clear()


def test_the_shipped_table_can_be_read_and_nothing_in_it_is_overdue() -> None:
    for names in renamed.renamed().values():
        for one in names.values():
            assert Version(woc_sim.__version__) < Version(one.until), f"{one.old}: drop its row"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"parameters": {"ties": {"pace": 0.01}}}, {"parameters.ties.join": 0.01}),
        ({"parameters.ties.pace": 0.01}, {"parameters.ties.join": 0.01}),
        ({"locality": {"far_right": 0.2}}, {"locality.rrp_share": 0.2}),
        ({"theory.meetings": "none"}, {"theory.contact": "none"}),
        ({"theory": {"contact": "plain"}}, {"theory.contact": "unmoderated"}),
        ({"theory": {"meetings": "plain"}}, {"theory.contact": "unmoderated"}),
        ({"intervention": {"bonds": {"strength": 0.5}}}, {"intervention.links.strength": 0.5}),
        ({"intervention.bonds.strength": 0.5}, {"intervention.links.strength": 0.5}),
        ({"schedule": {"drop": ["meetings"]}}, {"schedule.drop": ["encounters"]}),
    ],
)
def test_an_old_setting_means_the_new_one_and_warns(
    old: dict[str, object], new: dict[str, object], table: Path
) -> None:
    with pytest.warns(FutureWarning, match=r"is called .* now; the old name works until version 9\.0"):
        found = parse_scenario(old)
    assert found == parse_scenario(new)
    assert found != parse_scenario({})


def test_the_warning_names_the_line_of_the_caller(table: Path) -> None:
    with pytest.warns(
        FutureWarning, match=r"parameters\.ties\.pace is called parameters\.ties\.join"
    ) as told:
        parse_scenario({"parameters.ties.pace": 0.01})
    assert [Path(each.filename) for each in told] == [Path(__file__)]


def test_old_and_new_name_together_are_one_key_twice(table: Path) -> None:
    with (
        pytest.warns(FutureWarning),
        pytest.raises(UserError, match=r"parameters\.ties\.join is given twice"),
    ):
        parse_scenario({"parameters.ties.pace": 0.01, "parameters.ties.join": 0.01})


def test_a_scenario_made_in_python_takes_old_names(table: Path) -> None:
    town = (from_case("C21"),)
    with pytest.warns(FutureWarning):
        found = Scenario(town, parameters={"ties.pace": 0.01}, theories={"meetings": "plain"})
    assert found == Scenario(town, parameters={"ties.join": 0.01}, theories={"contact": "unmoderated"})


@pytest.mark.parametrize(
    ("typed", "today"),
    [
        ("parameters.ties.pace=0.1", "parameters.ties.join=0.1"),
        ("theory/meetings=plain,none", "theory/contact=unmoderated,none"),
        ("theory.contact=plain", "theory.contact=unmoderated"),
        ("schedule.drop=[ties,meetings]", "schedule.drop=[ties,encounters]"),
        ("intervention.bonds.start=30", "intervention.links.start=30"),
    ],
)
def test_the_command_line_takes_old_names(typed: str, today: str, table: Path) -> None:
    with pytest.warns(FutureWarning):
        assert parse_override(typed).input_line == today


def test_names_that_merely_contain_an_old_one_are_left_alone(table: Path) -> None:
    for text in ("theory.contact=plainly", "parameters.ties.pacemaker=1", "schedule.drop=[meetings_too]"):
        assert renamed.current_typed(text) == text


def test_a_column_of_the_state_is_found_by_its_old_name(table: Path) -> None:
    columns = (Column("attitude", "f8", 0.25, -1, 1, "1", "towards newcomers"),)
    residents = ColumnSet("residents", columns, 4, 3)
    with pytest.warns(FutureWarning, match=r"residents\.view is called residents\.attitude now"):
        assert np.array_equal(residents.view, [0.25, 0.25, 0.25])
    with pytest.warns(FutureWarning):
        assert residents.buffer("view") is residents.buffer("attitude")
    with pytest.raises(AttributeError, match="residents has no column 'attitud'"):
        _ = residents.attitud


def test_an_old_column_may_be_a_row_of_a_new_one(table: Path) -> None:
    residents = ColumnSet(
        "residents", (Column("seen", "f8", 0.0, 0, 1, "1", "", by=("first", "second")),), 3, 3
    )
    residents.seen[1] = (0.5, 0.75, 1.0)
    with pytest.warns(FutureWarning):
        assert residents.view_ua.tolist() == [0.5, 0.75, 1.0]


def test_a_table_that_an_older_version_wrote_is_read(table: Path, tmp_path: Path) -> None:
    names = ["case", "replicate", "old_reading", *READING_NAMES[1:]]
    values = [
        pa.array(["C21"]),
        pa.array([0], pa.int64()),
        *[pa.array([float(n)]) for n in range(len(names) - 2)],
    ]
    pq.write_table(pa.table(values, names=names), tmp_path / FINAL)
    assert list(read_run_table(tmp_path, FINAL).columns) == ["case", "replicate", *READING_NAMES]


def test_a_question_in_sql_may_name_old_readings(table: Path) -> None:
    with pytest.warns(FutureWarning):
        asked = renamed.current_words("select avg(old_reading), old_reading_2 from runs")
    assert asked == f"select avg({READING}), old_reading_2 from runs"
    assert query.current_words is renamed.current_words


def test_the_command_line_says_it_in_one_line(table: Path) -> None:
    before = warnings.formatwarning
    with command_environment():
        assert warnings.formatwarning("It is old.", FutureWarning, "a.py", 7) == "woc-sim: It is old.\n"
    assert warnings.formatwarning is before
    with pytest.warns(FutureWarning) as told:
        asked = compose_request(["parameters.ties.pace=0.01"], multirun=False)
    assert asked.points[0].scenario.parameters["ties.join"] == 0.01
    assert len({str(each.message) for each in told}) == 1


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("setting,a.b,,9.0", "row 11: .* is incomplete"),
        ("place,a,b,9.0", "row 11: .* of no kind"),
        ("column,residents.view,b.c,9.0", "row 11: .* stands twice"),
        ("setting,parameters.x,parameters.ties.pace,9.0", "leads to parameters.ties.pace, an old name too"),
    ],
)
def test_a_faulty_row_is_refused(row: str, fault: str, table: Path) -> None:
    table.write_text(f"{ROWS}{row}\n", "utf-8")
    renamed.renamed.cache_clear()
    with pytest.raises(ValueError, match=fault):
        renamed.renamed()
