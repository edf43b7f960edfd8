"""Verdicts, nulls and the scoreboard's own arithmetic."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from handmade_studies import handmade_pool

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

NO_NULLS = dict.fromkeys(("interactions_off", "country_only", "permuted"), 0.1)


def passes(rate: float, spread: float = 0.1, error: float = 1.0, missing: int = 0) -> CheckResults:
    values = np.linspace(-spread, spread, 20)
    values[:missing] = math.nan
    return CheckResults(values, (np.arange(20) < 20 * rate).astype(float), error)


def test_explanations_are_of_judged_findings_and_stand_beside_failures_only():
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


@pytest.fixture(scope="module")
def rows():
    """The model has S19, S55 and S91; with interactions off S91 still holds; with equal covariates
    nothing does."""
    pools = {
        "model": handmade_pool("S19", "S91"),
        "interactions_off": handmade_pool("S19", "S91", sign=-1),
        "country_only": handmade_pool("S91", "S40"),
        "equal_localities": handmade_pool("S91", "S19"),
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


def test_the_summary_counts_a_check_once(rows):
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
    pools = {"model": handmade_pool("S19", "S91")}
    first, again = (scoreboard_frame(judge_findings(pools, studies=5)) for _ in range(2))
    assert first.equals(again)
