"""The transcribed tables agree with themselves, with one another and with Table A1."""

from collections import Counter

import pytest
from recomputed_figures import across, cases, column, derived, difficulties, text_number

from woc_sim.evidence import catalogue
from woc_sim.inputs.vocabulary import COMPONENTS, COUNTRIES, DIAGNOSTIC_FRAMES, PROGNOSTIC_FRAMES, SIZES

MACROREGIONS = {
    "Piedmont": "North",
    "Sicily": "South",
    "Castilla": "Centre/South",
    "Cataluna": "North/Autonomías",
    "Valenciana": "North/Autonomías",
    "Andalucia": "South",
    "Skana": "South",
    "Blekinge": "South",
    "Småland": "South",
    "Gävleborgs": "North",
    "Dalarna": "North",
    "Utrecht": "West",
    "Zuid-Holland": "West",
    "Drenthe": "East/North",
    "Overijssel": "East",
    "Tyrol": "West",
    "Lower Austria": "East",
    "Flanders": "Flanders",
    "Wallonia": "Wallonia",
    "North Rhine W": "West",
    "Lower Saxony": "West",
    "Saxony": "East",
    "Mecklenburg": "East",
}


def test_every_table_is_there_and_rectangular() -> None:
    for name in catalogue.TABLES:
        rows = catalogue.table_rows(name)
        assert rows, name
        assert all(None not in row and None not in row.values() for row in rows), name
        assert len(catalogue.table_frame(name)) == len(rows)


def test_total_is_the_plain_mean_of_the_components_in_all_39_localities() -> None:
    rows = catalogue.table_rows("table4")
    assert len(rows) == 39
    for row in rows:
        plain = sum(float(row[component]) for component in COMPONENTS) / len(COMPONENTS)
        assert plain == pytest.approx(float(row["total"]), abs=0.0055), row["locality"]


def test_scores_and_ratings_keep_to_their_scales() -> None:
    assert all(
        0 <= float(row[component]) <= 100
        for row in catalogue.table_rows("table4")
        for component in COMPONENTS
    )
    for row in catalogue.table_rows("table6"):
        assert 0 <= float(row["mipex_total"]) <= 100
        assert 1 <= float(row["perceived_integration"]) <= 5
        assert 1 <= float(row["perceived_attitudes"]) <= 5


def test_the_36_western_localities_join_one_to_one_to_table_a1() -> None:
    joined = {row["case"]: row for row in catalogue.table_rows("table4") if row["case"]}
    assert sorted(joined) == [f"C{number:02d}" for number in range(1, 37)]
    a1 = cases()
    for case, row in joined.items():
        assert row["size"] in SIZES
        assert row["country"] in COUNTRIES
        assert (row["country"], row["size"]) == (a1[case]["country"], a1[case]["size"]), case
        assert MACROREGIONS[row["region"]] == a1[case]["macroregion"], case
    places = [(a1[case]["country"], a1[case]["macroregion"], a1[case]["size"]) for case in joined]
    assert len(set(places)) == 36, "the join would not be certain"
    assert {row["country"] for row in catalogue.table_rows("table4") if not row["case"]} == {"Turkey"}


def test_table_6_holds_the_same_localities_as_table_4_without_spain_and_turkey() -> None:
    key = ("locality", "country", "region", "size", "case")
    ours = [tuple(row[name] for name in key) for row in catalogue.table_rows("table6")]
    theirs = [
        tuple(row[name] for name in key)
        for row in catalogue.table_rows("table4")
        if row["country"] not in ("Spain", "Turkey")
    ]
    assert sorted(ours) == sorted(theirs)


def test_totals_of_tables_4_and_6_differ_as_recorded() -> None:
    first, second = column("table4", "total"), column("table6", "mipex_total")
    gaps = [second[case] - first[case] for case in second]
    assert 0.0 not in gaps, "all 30 differ"
    assert sum(gaps) / 30 == pytest.approx(-1.2, abs=0.05)
    assert sum(abs(gap) for gap in gaps) / 30 == pytest.approx(1.8, abs=0.05)
    assert (min(gaps), max(gaps)) == (pytest.approx(-5.91), pytest.approx(2.58))
    assert across(first, second, sorted(second)) == pytest.approx(0.992, abs=0.0005)


@pytest.mark.parametrize("row", catalogue.table_rows("table7"), ids=lambda row: row["component"])
def test_table_7_follows_from_tables_4_and_6_except_for_labour(row: dict[str, str]) -> None:
    name = row["component"]
    score = column("table4" if name in COMPONENTS else "table6", name)
    for outcome, printed in (
        ("perceived_integration", "r_integration"),
        ("perceived_attitudes", "r_attitudes"),
    ):
        target = column("table6", outcome)
        gap = across(score, target, sorted(target)) - float(row[printed])
        if name == "labour":
            assert abs(gap) > 0.1, "the labour row was scored anew (I-01)"
        else:
            assert abs(gap) <= 0.015


def test_table_7_prints_every_component_but_implementation() -> None:
    printed = {row["component"] for row in catalogue.table_rows("table7")}
    outcomes = {"mipex_total", "perceived_integration", "perceived_attitudes"}
    assert printed == {*COMPONENTS} - {"implementation"} | outcomes


def test_derived_figures_come_out_of_the_tables() -> None:
    expected = derived()
    stored = {(row["id"], row["quantity"]): float(row["value"]) for row in catalogue.table_rows("derived")}
    assert stored.keys() == expected.keys()
    for key, value in stored.items():
        assert value == pytest.approx(expected[key], abs=6e-5), key


def test_response_classes_count_49_and_40() -> None:
    rows = catalogue.table_rows("table5")
    outside = ("Turkey", "Canada")
    count = {
        name: sum(int(row["n"]) for row in rows if row["class"] == name)
        for name in ("inclusive", "mixed", "lack")
    }
    europe = {
        name: sum(int(row["n"]) for row in rows if row["class"] == name and row["country"] not in outside)
        for name in count
    }
    assert count == {"inclusive": 11, "mixed": 25, "lack": 13}
    assert europe == {"inclusive": 10, "mixed": 20, "lack": 10}
    for name, number in count.items():
        assert text_number(f"response_{name}") == number
    per_country = Counter(dict.fromkeys(COUNTRIES, 0))
    for row in rows:
        per_country[row["country"]] += int(row["n"])
    assert per_country == Counter(row["country"] for row in cases().values())


def test_table_8_has_the_marks_that_the_findings_count() -> None:
    rows = catalogue.table_rows("table8")
    marks = {
        factor: Counter(row[factor] for row in rows)
        for factor in ("structure", "experience", "size", "politics")
    }
    assert marks["experience"] == {"cross": 6}
    for factor, identifier in (("structure", "S12"), ("size", "S13"), ("politics", "S14")):
        published = {
            name: int(number) for name, number in catalogue.finding(identifier).values.items() if number
        }
        assert marks[factor] == published
    commonest = sum(max(counter.values()) for counter in marks.values())
    assert commonest == 15, "what guessing each column's commonest mark would score"


def test_figure_9_has_every_cell_once_and_every_locality_once() -> None:
    rows = catalogue.table_rows("figure9")
    assert len({(row["structure"], row["housing"], row["employment"]) for row in rows}) == len(rows) == 18
    assert all(int(row["n"]) == len(row["localities"].split()) for row in rows)
    codes = [code for row in rows for code in row["localities"].split()]
    assert len(codes) == len(set(codes)) == 40
    expected = {"AT": 4, "BE": 4, "GE": 6, "IT": 6, "NL": 4, "PL": 4, "SE": 6, "SP": 6}
    assert Counter(code.split("-")[0] for code in codes) == expected


def test_figure_9_margins() -> None:
    for structure, n, margins in (
        ("positive", 19, ((7, 1, 11), (12, 6, 1))),
        ("negative", 21, ((9, 9, 3), (7, 11, 3))),
    ):
        access = difficulties(structure)
        assert [len(levels) for levels in access] == [n, n]
        assert tuple(tuple(levels.count(level) for level in range(3)) for levels in access) == margins
        assert n == text_number(f"structure_{structure}")


def test_subsets_have_the_sizes_that_the_papers_print() -> None:
    a1 = cases()
    countries = Counter(row["country"] for row in a1.values())
    europe = [row for row in a1.values() if row["country"] not in ("Turkey", "Canada")]
    assert len(a1) == text_number("cases") == 49
    assert len(a1) - countries["Poland"] == text_number("cases_slides") == 45
    assert len(europe) == text_number("cases_access") == 40
    assert len(catalogue.table_rows("table4")) == 39
    assert len(europe) - countries["Poland"] == 36
    assert len(catalogue.table_rows("table6")) == 30
    assert text_number("cases_networks") == 26
    survey = ("Austria", "Germany", "Italy", "Sweden")
    assert sum(countries[name] for name in survey) == text_number("cases_survey") == 22
    assert sum(row["size"] == "medium" for row in europe) == text_number("medium_towns") == 12
    assert len(countries) == text_number("countries") == 10


def test_percentages_are_the_counts_they_stand_for() -> None:
    n = text_number("cases_access")
    # 42 % and 47 % are cut, not rounded: 17 of 40 is 42.5 % and 19 of 40 is 47.5 %
    assert int(100 * 17 / n) == text_number("measures_housing")
    assert int(100 * 19 / n) == text_number("measures_employment")
    for sector in ("housing", "employment"):
        none, alone = text_number(f"{sector}_no_public"), text_number(f"{sector}_non_public_only")
        assert round(100 * alone / none) == text_number(f"{sector}_non_public_share")
        assert none - alone == text_number(f"{sector}_neither")
    assert sum(text_number(f"medium_{name}") for name in ("both", "one", "none")) == 12


def test_survey_design_adds_up_only_with_three_thousand_from_small_places() -> None:
    countries, cities = text_number("survey_countries"), text_number("respondents_city")
    assert countries * (cities + 3000) == text_number("respondents")
    assert countries * (cities + text_number("respondents_small")) != text_number("respondents")


def test_frames_are_those_of_the_model() -> None:
    rows = catalogue.table_rows("table3")
    assert [row["frame"] for row in rows if row["kind"] == "diagnostic"] == list(DIAGNOSTIC_FRAMES)
    assert [row["frame"] for row in rows if row["kind"] == "prognostic"] == list(PROGNOSTIC_FRAMES)


def test_scores_below_20_and_above_40_are_counted_as_recorded() -> None:
    for name, low in (("table6", 9), ("table4", 8)):
        totals = column(name, "mipex_total" if name == "table6" else "total")
        shared = [totals[row["case"]] for row in catalogue.table_rows("table6")]
        assert sum(value < 20 for value in shared) == low
    assert text_number("mipex_low_20") == 8
    assert sum(value > 40 for value in column("table6", "mipex_total").values()) == text_number(
        "mipex_high_40"
    )
