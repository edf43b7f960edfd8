"""What was measured of each country: complete where it must be, and refused where at fault."""

import ast
import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from woc_sim.inputs import history, reading
from woc_sim.inputs.history import FIRST_YEAR, LAST_YEAR
from woc_sim.inputs.vocabulary import COUNTRIES, FRAMEWORKS
from woc_sim.scenario.parameters import registry

FOLDER = Path(history.__file__).parent
ROOT = Path(__file__).parents[2]
READERS: dict[str, Callable[[], object]] = {
    "inhabitants.csv": history.inhabitants,
    "asylum_applications.csv": history.applications,
    "asylum_decisions.csv": history.decisions,
    "ukrainians.csv": history.ukrainians,
    "radical_right_votes.csv": history.votes,
    "salience.csv": history.salience,
    "placement.csv": history.placements,
}
YEARS = set(range(FIRST_YEAR, LAST_YEAR + 1))


def test_every_country_has_every_year_it_needs() -> None:
    for table in (history.inhabitants(), history.applications()):
        assert set(table) == set(COUNTRIES)
        assert all(set(years) == YEARS for years in table.values())
    assert set(history.decisions()) == set(COUNTRIES)
    assert all({2022, 2023} <= set(years) for years in history.ukrainians().values())
    assert all(set(years) == YEARS for years in history.votes().values())


def test_shares_of_rejection_are_those_of_the_source() -> None:
    """Sweden decided otherwise after 2016, Austria rejected least among many and Poland most."""
    shares = {
        country: {y: d.rejected_share for y, d in years.items()}
        for country, years in history.decisions().items()
    }
    assert shares["Sweden"][2015] == pytest.approx(0.208, abs=0.001)
    assert shares["Sweden"][2021] == pytest.approx(0.704, abs=0.001)
    counted = {}
    for country in ("Austria", "Poland"):
        rows = [one for year, one in history.decisions()[country].items() if 2014 <= year <= 2021]
        all_of_them = sum(r.recognised + r.other_protection + r.rejected for r in rows)
        counted[country] = sum(r.rejected for r in rows) / all_of_them
    assert counted == pytest.approx({"Austria": 0.29, "Poland": 0.79}, abs=0.02)


def test_early_and_late_countries_are_those_of_the_source() -> None:
    """Share of the applicants of 2014-21 who came in the first two years."""
    early = {}
    for country, years in history.applications().items():
        early[country] = sum(years[y].applications for y in (2014, 2015)) / sum(
            years[y].applications for y in range(2014, 2022)
        )
    wanted = {"Sweden": 0.71, "Austria": 0.45, "Germany": 0.30, "Spain": 0.05}
    assert {country: early[country] for country in wanted} == pytest.approx(wanted, abs=0.01)


def test_nothing_is_from_memory_and_one_year_is_rounded() -> None:
    assert {one.trust for years in history.inhabitants().values() for one in years.values()} == {"measured"}
    applications = [(c, y, one) for c, years in history.applications().items() for y, one in years.items()]
    assert [(c, y) for c, y, one in applications if one.trust != "measured"] == [("Turkey", 2021)]
    assert {c for c, years in history.applications().items() if years[2015].registered} == {"Turkey"}


FAULTS = [
    ("inhabitants.csv", "Italy,2010,59819407", "Italy,2009,59819407", "row 2: year is 2009, outside"),
    ("inhabitants.csv", "Italy,2011,", "Italy,2010,", "row 3: Italy 2010 appears twice"),
    (
        "asylum_applications.csv",
        "Italy,2010,10050",
        "Italien,2010,10050",
        "row 2: country is 'Italien', not one of",
    ),
    ("asylum_applications.csv", "Italy,2010,10050", "Italy,2010,-1", "row 2: applications is -1, outside"),
    (
        "asylum_decisions.csv",
        "Italy,2012,1944,6607,13870",
        "Italy,2012,0,0,0",
        "row 2: there are no decisions",
    ),
    ("ukrainians.csv", "Italy,2021", "Italy,2020", None),
    ("ukrainians.csv", "Italy,2023", "Italy,2020", "Italy needs the years 2022 and 2023"),
    (
        "radical_right_votes.csv",
        "Italy,2010,10.75,measured",
        "Italy,2010,10.75,sure",
        "row 2: trust is 'sure', not one of",
    ),
    (
        "salience.csv",
        "Italy,country,2012-05",
        "Italy,country,2012-06",
        "row 2: wave is '2012-06', not May or November",
    ),
    ("salience.csv", "Italy,country,2012-05", "Italy,country,2013-05", "appears twice"),
    ("placement.csv", "Sweden,0.3", "Sweden,3", "row 2: placed_share is 3, outside 0..1"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "fault"), FAULTS)
def test_a_faulty_table_is_refused_with_its_row(
    file: str, right: str, wrong: str, fault: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FOLDER, tmp_path / "inputs", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = tmp_path / "inputs" / file
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    monkeypatch.setattr(reading, "_FOLDER", tmp_path / "inputs")
    read = READERS[file].__wrapped__  # type: ignore[attr-defined]
    if fault is None:
        read()
        return
    with pytest.raises(ValueError, match=f"{re.escape(file)}.*{re.escape(fault)}"):
        read()


def names_of_countries(path: Path) -> set[str]:
    """Countries and legal frameworks that a module names outside its docstrings, or a table in its cells."""
    names = {*COUNTRIES, *FRAMEWORKS}
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            return names & {cell for row in csv.reader(stream) for cell in row}
    return names & {
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_no_country_number_exists_but_what_frameworks_and_inputs_carry() -> None:
    """No module and no parameter of the model knows a country; these tables do, and nothing else."""
    folders = ("inputs", "rules", "world", "processes", "scenario", "instruments")
    files = [path for folder in folders for path in (FOLDER.parent / folder).rglob("*.*")]
    found = {path.name for path in files if path.suffix in (".py", ".csv") and names_of_countries(path)}
    tables = {
        "cases.csv",
        "countries.csv",
        "frameworks.csv",
        "majorities.csv",
        "practice.csv",
        "settlement.csv",
    }
    tables |= set(READERS)
    # names alone: the vocabulary, the framework of synthetic places, and which cases the EU sample leaves out
    assert found == tables | {"vocabulary.py", "schema.py", "realise.py"}
    words = {word.lower() for name in COUNTRIES for word in (name, name[:-1])}
    assert [name for name in registry() if any(word in name for word in words)] == []


def test_every_unchecked_input_is_on_the_page_with_what_would_settle_it() -> None:
    page = (ROOT / "docs" / "inputs.md").read_text("utf-8").partition("## What is not checked")[2]
    listed = {
        (line.split("|")[1].strip(" `"), line.split("|")[4].strip())
        for line in page.splitlines()
        if line.startswith("| `")
    }
    assert all(settled for _, settled in listed)
    doubt = re.compile("unchecked|from memory|from_memory|orders? of magnitude|order_of_magnitude|digitised")
    package = FOLDER.parent
    tables = [*FOLDER.glob("*.csv"), *(package / "scenario" / "parameters").glob("*.csv")]
    doubtful = {path.name for path in tables if doubt.search(path.read_text("utf-8"))}
    assert doubtful == {name for name, _ in listed}
    for path in (package / "scenario" / "parameters").glob("*.csv"):
        for line in path.read_text("utf-8").splitlines():
            if doubt.search(line):
                assert f"`{path.stem}.{line.partition(',')[0]}`" in page
