"""Verdicts, nulls and the scoreboard's own arithmetic."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from handmade_studies import RECIPES, StudyColumns, eu_rows, synthetic_rows

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.explanations import NO_EXPLANATION, explanations
from woc_sim.analysis.scoreboard import (
    CANNOT_TELL,
    NOT_REPRODUCED,
    REPRODUCED,
    TRIVIAL,
    CheckResults,
    explanation_of,
    judge_findings,
    latent_verdict,
    one_row_per_check,
    passes_expected_by_chance,
    scoreboard_frame,
    summary,
    verdict,
)
from woc_sim.analysis.study import COVARIATES, Pool, one_study, table_of
from woc_sim.analysis.variants import (
    COUNTRY_ONLY,
    EQUAL_LOCALITIES,
    INTERACTIONS,
    INTERACTIONS_OFF,
    MODEL,
    SEAT_SHARES,
    SOCIAL_WEIGHTS,
    as_variant,
    case_spec,
    eu_cases,
    factorial,
    median_locality,
)
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.realise import realise
from woc_sim.scenario.schema import PROCESSES, Scenario

NO_NULLS = dict.fromkeys(("interactions_off", "country_only", "permuted"), 0.1)


def passes(rate: float, spread: float = 0.1, error: float = 1.0, missing: int = 0) -> CheckResults:
    values = np.linspace(-spread, spread, 20)
    values[:missing] = math.nan
    return CheckResults(values, (np.arange(20) < 20 * rate).astype(float), error)


def test_readings_are_of_judged_findings_and_stand_beside_failures_only():
    assert set(explanations()) <= set(checks_by_finding())
    assert all(20 < len(text) < 300 and text.endswith(".") for text in explanations().values())
    assert explanation_of("S33", NOT_REPRODUCED) == explanations()["S33"]
    assert explanation_of("S37", TRIVIAL) == explanations()["S37"]
    assert explanation_of("S33", REPRODUCED) == explanation_of("S33", CANNOT_TELL) == ""
    assert explanation_of("S31", NOT_REPRODUCED) == NO_EXPLANATION
    assert explanation_of("S31", TRIVIAL) == ""


@pytest.mark.parametrize(
    ("model", "nulls", "wanted"),
    [
        (passes(0.7), NO_NULLS, REPRODUCED),
        (passes(1.0), {**NO_NULLS, "permuted": math.nan}, REPRODUCED),
        (passes(1.0), {**NO_NULLS, "country_only": 0.41}, TRIVIAL),
        (passes(0.65), {**NO_NULLS, "country_only": 0.9}, NOT_REPRODUCED),
        (passes(1.0, spread=8.0), NO_NULLS, CANNOT_TELL),
        (passes(0.0, spread=8.0), NO_NULLS, CANNOT_TELL),
        (passes(1.0, spread=8.0, error=math.nan), NO_NULLS, REPRODUCED),
        (passes(1.0, missing=11), NO_NULLS, CANNOT_TELL),
        (passes(1.0, missing=9), NO_NULLS, REPRODUCED),
    ],
)
def test_verdicts(model, nulls, wanted):
    assert verdict(model, nulls) == wanted


def test_a_finding_that_holds_only_through_the_instrument_is_measurement():
    check = checks_by_finding()["S35"]
    assert latent_verdict(check, passes(0.9), passes(0.8)) == "holds"
    assert latent_verdict(check, passes(0.9), passes(0.5)) == "measurement"
    assert latent_verdict(check, passes(0.5), passes(0.5)) == "fails"
    assert latent_verdict(checks_by_finding()["S40"], passes(0.9), None) == ""


def pool(*findings: str, sign: int = 1, replicates: int = 4) -> Pool:
    """A pool in whose every replicate the findings hold, with fresh noise."""
    tables = {}
    for kind, rows in (("eu", eu_rows()), ("synthetic", synthetic_rows()[:36])):
        stacked = []
        for replicate in range(replicates):
            eu, synthetic = (
                StudyColumns(eu_rows(), 10 * replicate + 1),
                StudyColumns(synthetic_rows()[:36], 10 * replicate + 2),
            )
            for name in findings:
                RECIPES[name](eu, synthetic, sign)
            stacked += (eu if kind == "eu" else synthetic).rows()
        names = sorted(set(stacked[0]) - set(COVARIATES))
        tables[kind] = table_of(stacked, names), len(rows)
    where = {
        kind: {
            name: np.arange(index, replicates * count, count)
            for index, name in enumerate(eu_cases() if kind == "eu" else [cell.name for cell in factorial()])
        }
        for kind, (_, count) in tables.items()
    }
    return Pool("made", tables["eu"][0], tables["synthetic"][0], where["eu"], where["synthetic"])


@pytest.fixture(scope="module")
def rows():
    """The model has S19, S55 and S91; with interactions off S91 still holds; with equal covariates
    nothing does."""
    pools = {
        "model": pool("S19", "S91"),
        "interactions_off": pool("S19", "S91", sign=-1),
        "country_only": pool("S91", "S40"),
        "equal_localities": pool("S91", "S19"),
    }
    return {row.id: row for row in judge_findings(pools, studies=12)}


def test_a_pattern_of_covariates_is_informative(rows):
    row = rows["S19"]
    assert (row.pass_model, row.pass_off, row.pass_country) == (1.0, 0.0, 0.0)
    assert row.pass_permuted <= 0.4
    assert row.pass_equal == 1.0  # shown, and no null
    assert row.pass_null == max(row.pass_off, row.pass_country, row.pass_permuted)
    assert row.verdict == REPRODUCED
    assert row.informative
    assert row.low < row.simulated < row.high


def test_a_finding_that_a_null_has_too_is_trivial_and_permuting_says_nothing_on_it(rows):
    row = rows["S91"]
    assert row.pass_country == 1.0
    assert math.isnan(row.pass_permuted)
    assert row.verdict == TRIVIAL
    assert not row.informative


def test_a_finding_without_readings_cannot_be_told(rows):
    assert rows["S40"].verdict == CANNOT_TELL
    assert math.isnan(rows["S40"].simulated)


def test_the_table_keeps_the_promised_columns(rows):
    columns = list(scoreboard_frame(list(rows.values())).columns)
    promised = [
        "id",
        "role",
        "statement",
        "published",
        "simulated",
        "low",
        "high",
        "n",
        "pass_model",
        "pass_null",
    ]
    promised += ["verdict", "source", "pass_off", "pass_country", "pass_permuted", "informative", "latent"]
    assert set(promised) <= set(columns)
    assert all(row.role and row.source and row.published for row in rows.values())


def test_the_summary_counts_a_measure_once(rows):
    everything = list(rows.values())
    assert len(one_row_per_check(everything)) == len({row.check for row in everything}) < len(everything)
    reproduced = sum(row.verdict == REPRODUCED for row in one_row_per_check(everything))
    assert reproduced >= 1
    said = summary(everything)
    assert said.startswith(f"{len(one_row_per_check(everything))} findings judged: {reproduced} reproduced")
    lively = [replace(row, informative=True, pass_equal=0.1, check=row.id) for row in everything[:2]]
    assert " 2 informative (2 of them fail where localities are equal too)" in summary(lively)
    assert " 2 informative (0 of" in summary([replace(row, pass_equal=0.9) for row in lively])
    held_out = [replace(row, role="held_out", pass_null=0.5) for row in everything[:4]]
    assert passes_expected_by_chance(held_out) == 2.0


def test_judging_twice_gives_the_same_scoreboard(rows):
    pools = {"model": pool("S19", "S91")}
    first, again = (scoreboard_frame(judge_findings(pools, studies=5)) for _ in range(2))
    assert first.equals(again)


# --- permuted covariates


def test_permuting_keeps_readings_and_the_covariates_of_each_country():
    model = pool("S19")
    plain, permuted = model.study(3), model.study(3, permuted=True)
    assert np.array_equal(plain.eu["mipex_total"], permuted.eu["mipex_total"])
    for code in np.unique(plain.eu["country"]):
        mask = plain.eu["country"] == code
        for name in ("size", "executive", "rrp_band", "structure"):
            assert sorted(plain.eu[name][mask]) == sorted(permuted.eu[name][mask])
    assert not np.array_equal(plain.eu["size"], permuted.eu["size"])
    assert sorted(plain.synthetic["type"]) == sorted(permuted.synthetic["type"])


def test_covariates_move_together_when_permuted():
    model = pool("S19")
    permuted = model.study(5, permuted=True).eu
    known = {tuple(row) for row in model.eu.covariates[:, [0, 1, 12]]}
    moved = np.column_stack([permuted["size"], permuted["executive"], permuted["rrp_band"]])
    assert {tuple(row) for row in moved} <= known


def test_studies_pick_one_row_of_each_case_and_the_same_in_every_world():
    first, second = pool("S19"), pool("S91")
    study, other = first.study(2), second.study(2)
    assert len(study.eu) == 40
    assert np.array_equal(study.eu.rows, other.eu.rows)
    assert not np.array_equal(study.eu.rows, first.study(3).eu.rows)
    assert [len(each) for each in (study.west, study.rated, study.surveyed)] == [36, 30, 22]


def test_studies_pick_four_different_rows_of_each_cell():
    cells = {name: np.arange(5) + 5 * index for index, name in enumerate(("a", "b"))}
    table = one_study([{}], [{}] * 10).synthetic.table
    many = Pool("model", table, table, {"c": np.array([0])}, cells)
    picked = [many.study(number).synthetic.rows for number in range(4)]
    for rows in picked:
        assert len(set(rows)) == 8
        assert [int(np.sum(rows // 5 == index)) for index in (0, 1)] == [4, 4]
    assert len({tuple(rows) for rows in picked}) > 1
    few = Pool("model", table, table, {"c": np.array([0])}, {"a": np.array([4]), "b": np.array([7, 8])})
    assert list(few.study(0).synthetic.rows) == [4, 7, 8]


# --- the worlds


def scenario(name: str = "C05") -> Scenario:
    return Scenario((case_spec(name),), people=100)


def test_interactions_off_keeps_people_markets_and_law():
    off = as_variant(scenario(), INTERACTIONS_OFF)
    assert set(PROCESSES) - set(off.schedule) == set(INTERACTIONS)
    assert off.theories["influence"] == "none"
    changed = {name for name in off.parameters if off.parameters[name] != scenario().parameters[name]}
    assert changed <= set(SOCIAL_WEIGHTS)
    assert all(off.parameters[name] == 0 for name in SOCIAL_WEIGHTS)
    assert set(SOCIAL_WEIGHTS) <= set(registry())
    assert off.localities == scenario().localities


def test_country_only_leaves_nothing_but_the_framework():
    one = as_variant(scenario(), COUNTRY_ONLY)
    assert one == as_variant(as_variant(scenario(), EQUAL_LOCALITIES), INTERACTIONS_OFF)
    assert as_variant(scenario(), EQUAL_LOCALITIES).schedule == scenario().schedule
    places = [as_variant(scenario(name), COUNTRY_ONLY).localities[0] for name in eu_cases()]
    assert [place.name for place in places] == list(eu_cases())
    assert len({place.framework for place in places}) == 10
    alike = {replace(place, name="one", case="one", framework="DE") for place in places}
    assert len(alike) == 1
    drawn = {realise(place, 1, replicate).inhabitants for place in places[:4] for replicate in range(3)}
    assert len(drawn) == 1


def test_the_model_is_left_alone():
    assert as_variant(scenario(), MODEL) == scenario()


def test_the_median_place_lies_inside_the_bands_of_the_cases():
    place = median_locality()
    for column in ("inhabitants", "rrp_share", "non_eu_share", "unemployment", "executive_ideology"):
        bands = [getattr(case_spec(name), column) for name in eu_cases()]
        known = [band for band in bands if band is not None]
        low, high = getattr(place, column)
        assert low == high
        assert min(band[0] for band in known) <= low <= max(band[1] for band in known)


def test_the_factorial_crosses_all_and_takes_turns_with_seats():
    cells = factorial()
    assert len({cell.name for cell in cells}) == 36
    for replicate in range(3):
        seats = [cell.seats(replicate) for cell in cells]
        assert {share: seats.count(share) for share in SEAT_SHARES} == dict.fromkeys(SEAT_SHARES, 12)
    assert {(cell.name, cell.seats(replicate)) for cell in cells for replicate in range(3)} == {
        (cell.name, share) for cell in cells for share in SEAT_SHARES
    }
    places = [cell.spec(0) for cell in cells]
    assert len({place.name for place in places}) == 36
    assert all(place.type and place.size and place.executive for place in places)
