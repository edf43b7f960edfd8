"""The catalogue is complete, strict, and says what the tables say."""

import re
import shutil
import time
from pathlib import Path

import pytest
from recomputed_figures import text_number

from woc_sim.evidence import catalogue
from woc_sim.evidence.catalogue import CatalogueError


def test_there_are_112_findings_in_order_each_with_role_reason_and_source() -> None:
    found = catalogue.findings()
    assert [entry.id for entry in found] == [f"S{number:02d}" for number in range(1, 113)]
    for entry in (*found, *catalogue.targets()):
        assert entry.statement.endswith("."), entry.id
        assert entry.source, entry.id
        assert entry.role.name in catalogue.ROLES, entry.id
        assert len(entry.role.reason) > 10, entry.id


def test_statements_and_reasons_are_not_copied_from_one_another() -> None:
    statements = [entry.statement for entry in (*catalogue.findings(), *catalogue.targets())]
    assert len(set(statements)) == len(statements)


def test_hypotheses_and_conditions_keep_their_kind() -> None:
    for entry in catalogue.findings():
        if entry.role.name == "hypothesis":
            assert entry.kind == "hypothesis", entry.id
        assert (entry.kind == "condition") == (entry.role.name == "condition"), entry.id


def test_the_split_is_the_one_that_the_known_leaks_demand() -> None:
    role = {entry.id: entry.role.name for entry in (*catalogue.findings(), *catalogue.targets())}
    leaks = {
        ("S70", "S71"): ("S72", "D17", "D18", "S69"),
        ("S47", "D4", "D5"): ("S19", "S51", "S56", "D1"),
        ("S46",): ("S56",),
        ("S62", "S63"): ("S61", "S64"),
        ("D13",): ("S49", "S50"),
        ("S106",): ("D9",),
        ("M29",): ("S97",),
    }
    for causes, consequences in leaks.items():
        assert all(role[cause] == "fit" for cause in causes)
        assert all(role[consequence] == "fit" for consequence in consequences), consequences
    assert role["S79"] == "fit"
    assert role["D10"] == role["S103"] == role["S80"] == "held_out", (
        "S80's sign would leak if D10 were fitted"
    )
    for identifier in (
        "S12",
        "S13",
        "S14",
        "S33",
        "S43",
        "S91",
        "S96",
        "S101",
        "S102",
        "S104",
        "S105",
    ):
        assert role[identifier] == "held_out", identifier


def test_values_of_targets_are_the_derived_figures() -> None:
    figures = {(row["id"], row["quantity"]): float(row["value"]) for row in catalogue.table_rows("derived")}
    compared = 0
    for entry in catalogue.targets():
        for name, value in entry.values.items():
            if entry.id.startswith("D"):
                decimals = max(2, len(f"{value:g}".partition(".")[2]))
                tolerance = 0.05 if entry.id == "D13" else 0.5 * 10**-decimals
                assert value == pytest.approx(figures[entry.id, name], abs=tolerance + 1e-4), (entry.id, name)
                compared += 1
    assert compared > 80


def test_values_of_findings_agree_with_tables_and_text() -> None:
    figures = {(row["id"], row["quantity"]): float(row["value"]) for row in catalogue.table_rows("derived")}
    value = {entry.id: entry.values for entry in catalogue.findings()}
    for size in ("rural", "small", "medium"):
        assert value["S19"][size] == pytest.approx(figures["D5", size], abs=0.05)
    assert value["S47"]["mean"] == pytest.approx(figures["D1", "mean"], abs=0.05)
    assert value["S47"]["sd"] == pytest.approx(figures["D1", "sd"], abs=0.05)
    assert value["S56"]["below_50"] == figures["D1", "below_50"]
    gap = figures["D4", "progressive"] - figures["D4", "conservative"]
    within = figures["D4", "progressive_within"] - figures["D4", "conservative_within"]
    assert (value["S51"]["gap"], value["S51"]["gap_within_country"]) == pytest.approx((gap, within), abs=0.05)
    assert value["S48"]["correlation"] == pytest.approx(figures["S48", "correlation"], abs=0.005)
    assert value["S59"]["between_country"] == pytest.approx(figures["D3", "between_country"], abs=0.005)
    for identifier, tag in (("S62", "D15"), ("S63", "D16")):
        assert all(number == figures[tag, name] for name, number in value[identifier].items())
    assert value["S64"]["both_corner_positive"] == figures["D15", "employment_easy_housing_extreme"]
    assert value["S64"]["both_corner_negative"] == figures["D16", "employment_easy_housing_extreme"]
    for sector, identifier in (("housing", "S70"), ("employment", "S71")):
        assert all(number == text_number(f"{sector}_{name}") for name, number in value[identifier].items())
        odds = figures["D17", f"{sector}_odds_ratio"]
        assert value["S72"][f"odds_ratio_{sector}"] == pytest.approx(odds, abs=0.0005)
        assert (
            value["S61"][f"{sector}_easy"]
            == figures["D15", f"{sector}_easy"] + figures["D16", f"{sector}_easy"]
        )
        assert 100 * value["S66"][sector] == pytest.approx(text_number(f"measures_{sector}"))
        assert value["S68"][sector] == text_number(f"higher_level_{sector}")
    for name in ("both", "one", "none"):
        assert value["S23"][name] == text_number(f"medium_{name}")
    for name in ("inclusive", "mixed", "lack"):
        assert value["S46"][name] == text_number(f"response_{name}")
    share = text_number("frame_whole_community") / text_number("interviews_frames")
    assert value["S41"]["whole_community"] == pytest.approx(share, abs=0.0005)
    spread = figures["D11", "sd_high"] / figures["D11", "sd_low"]
    assert value["S107"]["sd_ratio"] == pytest.approx(spread, abs=0.005)
    correlations = {row["component"]: row for row in catalogue.table_rows("table7")}
    for identifier, outcome in (("S104", "r_integration"), ("S105", "r_attitudes")):
        assert len(value[identifier]) == 13
        for name, number in value[identifier].items():
            assert number == float(correlations[name][outcome]), (identifier, name)


def test_inconsistencies_are_complete_and_used() -> None:
    entries = catalogue.inconsistencies()
    assert [entry.id for entry in entries] == [f"I-{number:02d}" for number in range(1, 32)]
    assert all(entry.affects for entry in entries)
    known = {entry.id for entry in entries}
    for entry in (*catalogue.findings(), *catalogue.targets()):
        for name in re.findall(r"I-\d\d", entry.notes):
            assert name in known, entry.id
            affects = next(item.affects for item in entries if item.id == name)
            assert entry.id in affects, (name, entry.id)


def test_look_up() -> None:
    assert catalogue.finding("S62").values["housing_extremely_difficult"] == 11
    assert catalogue.finding("M17").published.startswith("unemployment -5, hostility -5")
    assert catalogue.finding("S02").value is None
    assert catalogue.finding("S02").published == catalogue.finding("S02").direction
    for name in ("S113", "D99", ""):
        with pytest.raises(KeyError, match="no finding"):
            catalogue.finding(name)
    for reader in (catalogue.table_frame, catalogue.table_rows):
        with pytest.raises(KeyError, match="no table"):
            reader("table9")


def test_findings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        catalogue.finding("S01").statement = "else"  # type: ignore[misc]
    with pytest.raises(TypeError):
        catalogue.finding("S62").values["housing_easy"] = 0  # type: ignore[index]


def test_tables_are_typed_and_fresh() -> None:
    scores = catalogue.table_frame("table4")
    assert scores["total"].dtype == float
    assert (scores["case"] == "").sum() == 3
    scores.loc[:, "total"] = 0.0
    assert catalogue.table_frame("table4")["total"].max() == 66.9


def test_reading_is_fast() -> None:
    best = min(_seconds() for _ in range(3))
    assert best < 0.15


def _seconds() -> float:
    started = time.perf_counter()
    catalogue.load_findings("findings.yaml")
    return time.perf_counter() - started


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the evidence that a test may break."""
    for path in catalogue.FOLDER.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first `old` in a file; fails when it is not there."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- id: S02\n", "- id: S01\n", "S01 is there twice"),
        ("- id: S112\n", "- id: S113\n", "S113 has no role"),
        ("  kind: hypothesis\n", "  kind: guess\n", "S02: kind 'guess' is not one of numeric, direction"),
        ("  subset: synthetic\n", "  subset: everywhere\n", "S02: subset 'everywhere'"),
        ("  source: final paper, 2.1, Table 1\n", "", "S01: source must be a non-empty text"),
        (
            "  source: final paper, 2.1, Table 1\n",
            "  sauce: x\n",
            "S01: unknown key 'sauce'; allowed are check, direction",
        ),
        ("  unit: marks out of 6\n", "", "S11: values need a unit"),
        (
            "values: {marks: 0}",
            "values: {marks: many}",
            "S11: values.marks must be a finite number, got 'many'",
        ),
        ("values: {marks: 0}", "values: {marks: .nan}", "S11: values.marks must be a finite number"),
        ("values: {marks: 0}", "values: [0]", "S11: values must map names to numbers"),
        ("values: {marks: 0}", "values: {marks: 0, marks: 1}", "key 'marks' is written twice"),
        ("  n: 6\n", "  n: 6.5\n", "S11: n must be a positive whole number"),
        ("  low: 0.5\n", "  low: 5\n", "S24: low 5 is above high 1"),
        ("- id: S01\n", "- [S01]\n- id: S01\n", "each entry must be a mapping"),
        ("- id: S01\n", "- id: {\n", "not valid YAML"),
    ],
)
def test_a_broken_findings_file_is_named(copied: Path, old: str, new: str, message: str) -> None:
    edit(copied, "findings.yaml", old, new)
    with pytest.raises(CatalogueError, match=r"findings\.yaml|roles\.yaml") as caught:
        catalogue.load_findings("findings.yaml", copied)
    assert message in str(caught.value)


def test_a_judged_finding_needs_something_to_judge(copied: Path) -> None:
    edit(
        copied,
        "findings.yaml",
        '  direction: "share with initiatives: DE, PL, ES, IT above BE, NL, SE"\n',
        "",
    )
    with pytest.raises(CatalogueError, match="S73: a judged finding needs values or a direction"):
        catalogue.load_findings("findings.yaml", copied)


def test_a_missing_or_misplaced_finding_is_named(copied: Path) -> None:
    text = (copied / "findings.yaml").read_text(encoding="utf-8")
    entries = text.split("- id: ")
    (copied / "findings.yaml").write_text("- id: ".join([*entries[:7], *entries[8:]]), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"findings\.yaml: missing S07$"):
        catalogue.load_findings("findings.yaml", copied)
    entries[7], entries[8] = entries[8], entries[7]
    (copied / "findings.yaml").write_text("- id: ".join(entries), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"not in the order S01\.\.S112"):
        catalogue.load_findings("findings.yaml", copied)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("S10: [held_out,", "S10: [heldout,", "S10: role 'heldout' is not one of fit, held_out"),
        ('S01: [condition, "defines the types"]', "S01: [condition]", "S01: must be [role, reason]"),
        ('S01: [condition, "defines the types"]', 'S01: [condition, " "]', "S01: must be [role, reason]"),
        ("S02: [", "S01: [", "key 'S01' is written twice"),
        ("M29: [", "29: [", "29: an id is S, D, M or W and a number"),
    ],
)
def test_a_broken_roles_file_is_named(copied: Path, old: str, new: str, message: str) -> None:
    edit(copied, "roles.yaml", old, new)
    with pytest.raises(CatalogueError, match=r"roles\.yaml") as caught:
        catalogue.load_roles(copied)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('S01: [condition, "defines the types"]\n', "", "roles.yaml: S01 has no role"),
        ("M29: [", 'M29: [fit, "one more"]\nM30: [', "targets.yaml: missing M30"),
    ],
)
def test_roles_and_findings_are_the_same_ones(copied: Path, old: str, new: str, message: str) -> None:
    edit(copied, "roles.yaml", old, new)
    with pytest.raises(CatalogueError, match=message):
        catalogue.load_findings("findings.yaml", copied) + catalogue.load_findings("targets.yaml", copied)


def test_a_new_target_is_a_row_with_its_role_and_its_measure(copied: Path) -> None:
    """Two files of the evidence; the third is the function that reads it (`woc_sim.analysis.checks`)."""
    row = "- id: W99\n  statement: It is so.\n  kind: direction\n  direction: up\n  source: somebody 2030\n"
    for name, added in (("targets.yaml", row), ("roles.yaml", 'W99: [held_out, "published later"]\n')):
        with (copied / name).open("a", encoding="utf-8") as file:
            file.write(added)
    assert catalogue.load_findings("targets.yaml", copied)[-1].role.name == "held_out"
    assert len(catalogue.load_findings("targets.yaml", copied)) == len(catalogue.targets()) + 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("affects: [S09]", "affects: [S900]", "I-03: affects names 'S900'"),
        ("affects: [S09]", "affects: S09", "I-03: affects must be a list"),
        ("affects: [S09]", "affect: [S09]", "I-03: unknown key 'affect'"),
        ("- id: I-02\n", "- id: I-01\n", "I-01 is there twice"),
        ("  rule: The table holds", "  rule: ''\n  # The table holds", "I-02: rule must be a non-empty text"),
    ],
)
def test_a_broken_inconsistency_is_named(copied: Path, old: str, new: str, message: str) -> None:
    edit(copied, "inconsistencies.yaml", old, new)
    with pytest.raises(CatalogueError, match=r"inconsistencies\.yaml") as caught:
        catalogue.load_inconsistencies(copied)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"), [("roles.yaml", "[]"), ("findings.yaml", "{}"), ("findings.yaml", "")]
)
def test_a_file_of_the_wrong_shape_is_named(copied: Path, name: str, content: str) -> None:
    (copied / name).write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=name):
        catalogue.load_findings("findings.yaml", copied)
