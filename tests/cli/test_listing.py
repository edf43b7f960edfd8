"""`woc-sim list`: counts and columns that scripts rely on, and tables that can be read."""

import csv
import io

import pytest

from woc_sim.cli import listing, reproduce
from woc_sim.cli.main import main
from woc_sim.inputs.vocabulary import ACTOR_KINDS, COMPONENTS, SECTORS
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.own_rules import replaceable
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import PROCESSES
from woc_sim.scenario.theories import THEORIES, default_theories


def listed(capsys: pytest.CaptureFixture[str], name: str) -> list[dict[str, str]]:
    assert main(["list", name, "--csv"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_cases_have_the_promised_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "cases", "--csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 50
    promised = (
        "case,country,macroregion,size,executive,rrp_low,rrp_high,non_eu_low,non_eu_high,"
        "unemployment_low,unemployment_high,mipex_total,perceived_integration,perceived_attitudes"
    )
    assert lines[0].startswith(promised)
    rows = {row["case"]: row for row in csv.DictReader(lines)}
    assert rows["C13"]["rrp_low"] == "20"
    assert rows["C13"]["rrp_high"] == "30"
    assert rows["C37"]["rrp_low"] == ""
    assert rows["C01"]["mipex_total"] == "46.3"
    assert rows["C01"]["perceived_integration"] == "2.75"
    assert rows["C07"]["perceived_attitudes"] == "", "Table 6 leaves Spain out"
    assert sum(row["mipex_total"] != "" for row in rows.values()) == 36, (
        "Turkish scores cannot be joined for certain"
    )
    assert sum(row["perceived_integration"] != "" for row in rows.values()) == 30


def test_kinds_are_listed_with_their_traits(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["kind"]: row for row in listed(capsys, "kinds")}
    assert list(rows) == list(ACTOR_KINDS)
    assert rows["company"]["most"] == "8"
    assert rows["officials"]["traits"] == "leads public works_for_executive"
    assert all(row["source"] and row["label"] for row in rows.values())


def test_rival_theories_are_listed_with_their_default(capsys: pytest.CaptureFixture[str]) -> None:
    listed_rows = listed(capsys, "theories")
    own = [row for row in listed_rows if ":" in row["name"]]
    assert [(row["subject"], row["name"]) for row in own] == [
        (one.subject, f"FILE.py:{one.rule}") for one in replaceable().values()
    ]
    rows = [row for row in listed_rows if row not in own]
    assert {(row["subject"], row["name"]) for row in rows} == {
        (subject, name) for subject, rivals in THEORIES.items() for name in rivals
    }
    assert {row["subject"]: row["name"] for row in rows if row["default"]} == default_theories()
    assert main(["list", "theories"]) == 0
    assert "    source: Blalock 1967" in capsys.readouterr().out


def test_interventions_are_listed_with_what_they_change(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["name"]: row for row in listed(capsys, "interventions")}
    assert list(rows) == list(EFFECTS)
    assert rows["eu_weight"]["changes"] == "governance.reach measures.funding"


def test_findings_have_role_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    rows = listed(capsys, "findings")
    assert [row["id"] for row in rows] == [f"S{number:02d}" for number in range(1, 113)]
    assert list(rows[0]) == ["id", "kind", "role", "check", "source", "statement"]
    assert all(row["role"] and row["source"] and row["statement"] for row in rows)


def test_parameters_are_complete_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    rows = listed(capsys, "parameters")
    assert [row["name"] for row in rows] == list(registry())
    assert all(value for row in rows for value in row.values())
    for row in rows:
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"])
    assert main(["list", "parameters"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith(f"{len(registry())} parameters: ")
    counts = {
        status: sum(row["status"] == status for row in rows) for status in {row["status"] for row in rows}
    }
    assert all(f"{count} {status}" in last for status, count in counts.items())


def test_indicators_have_unit_and_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    rows = listed(capsys, "indicators")
    assert all(row["unit"] and row["meaning"] for row in rows)
    assert {row["table"] for row in rows} == {"monthly", "final"}


def test_processes_are_listed_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    rows = listed(capsys, "processes")
    assert tuple(row["name"] for row in rows) == PROCESSES
    assert all(row["purpose"] and row["source"] and row["writes"] for row in rows)
    assert main(["list", "processes"]) == 0
    words = capsys.readouterr().out.split()
    assert words.count("writes:") == len(PROCESSES)
    assert all(column in words for row in rows for column in (row["reads"] + " " + row["writes"]).split())


def test_measures_cover_all_components_and_restrictions(capsys: pytest.CaptureFixture[str]) -> None:
    rows = listed(capsys, "measures")
    inclusive = [row for row in rows if row["direction"] == "inclusive"]
    restrictive = [row for row in rows if row["direction"] == "restrictive"]
    assert {row["component"] for row in inclusive} == set(COMPONENTS)
    assert len(COMPONENTS) == 13
    assert restrictive
    assert all(row["component"] == row["level"] == "" for row in restrictive)
    assert all(row["level"] for row in inclusive)
    assert all(row["sector"] in SECTORS and row["source"] for row in rows)
    assert all(row["channel"].endswith(f"[{row['sector']}]") for row in rows)


def test_experiments_are_those_that_reproduce_takes(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["name"]: row for row in listed(capsys, "experiments")}
    assert list(rows) == [folder.name for folder in reproduce.experiment_folders()]
    assert rows["e06_shocks"]["design"].startswith("shocks=as_it_was,")
    assert rows["e06_shocks"]["findings"] == "S33 S76 S87 S96 S101"
    assert all(value for row in rows.values() for value in row.values())


def test_presets_say_what_they_set(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["use"]: row for row in listed(capsys, "presets")}
    assert rows["experiment=first_look"]["settings"] == "case=C21 replicates=5"
    assert "size=small" in rows["experiment=rrp_gradient"]["settings"]
    assert rows["sweep=politics_by_size"]["settings"] == (
        "executive=progressive,mixed,conservative size=rural,small,medium"
    )
    assert all(row["meaning"] for row in rows.values())


@pytest.mark.parametrize("columns", [100, 200])
@pytest.mark.parametrize("name", list(listing.TABLES))
def test_tables_for_reading_fit_a_terminal(
    name: str, columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["list", name]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 4
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize("columns", [100, 200])
@pytest.mark.parametrize("name", ["findings", "parameters", "measures", "processes"])
def test_what_has_a_source_shows_it(
    name: str, columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["list", name]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    rows = listing.TABLES[name]()
    assert all(f"source: {' '.join(row['source'].split())}" in printed for row in rows)
    prose = {"findings": "statement", "measures": "label", "processes": "purpose"}.get(name, "meaning")
    assert all(row["source"] for row in rows)
    if columns == 200:
        return
    assert all(word in printed for row in rows for word in row[prose].split())
