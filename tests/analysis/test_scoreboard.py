"""The scoreboard's own arithmetic: pass rates, living nulls, counts."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from handmade_studies import handmade_pool

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.explanations import NO_EXPLANATION, explanations
from woc_sim.analysis.mechanisms import THEORY, mechanisms
from woc_sim.analysis.scoreboard import (
    CheckResults,
    counts,
    explanation_of,
    judge_findings,
    latent_verdict,
    one_row_per_check,
    scoreboard_frame,
    summary,
    with_mechanisms,
)
from woc_sim.analysis.verdicts import (
    CANNOT_TELL,
    NO_MECHANISM,
    NO_RIVAL,
    NOT_REPRODUCED,
    OPEN,
    REPRODUCED,
    STUDIES_FOR_A_VERDICT,
    TRIVIAL,
    VERDICTS,
    WITHOUT_IT,
)
from woc_sim.scenario.schema import PROCESSES
from woc_sim.scenario.theories import THEORIES

STUDIES = 12


def passes(rate: float, missing: int = 0) -> CheckResults:
    values = np.linspace(-0.1, 0.1, 20)
    values[:missing] = math.nan
    return CheckResults(values, (np.arange(20) < 20 * rate).astype(float), 1.0)


def pool(*findings: str, sign: int = 1):
    return handmade_pool(*findings, sign=sign, replicates=STUDIES)


def test_explanations_are_of_judged_findings_and_stand_beside_failures_only():
    assert set(explanations()) <= set(checks_by_finding())
    assert all(20 < len(text) < 300 and text.endswith(".") for text in explanations().values())
    assert explanation_of("S33", NOT_REPRODUCED) == explanations()["S33"]
    assert explanation_of("S37", TRIVIAL) == explanations()["S37"]
    assert explanation_of("S33", REPRODUCED) == explanation_of("S33", CANNOT_TELL) == ""
    assert explanation_of("S31", NOT_REPRODUCED) == NO_EXPLANATION
    assert explanation_of("S31", TRIVIAL) == ""


def test_mechanisms_are_processes_or_rival_theories_of_judged_findings():
    assert set(mechanisms()) <= set(checks_by_finding())
    for name in {name for names in mechanisms().values() for name in names}:
        if name.startswith(THEORY):
            subject, _, rival = name.removeprefix(THEORY).partition("=")
            assert rival in THEORIES[subject]
        else:
            assert name in PROCESSES


def test_missing_numbers_are_counted():
    assert passes(1.0, missing=11).missing == 0.55
    assert CheckResults(np.array([]), np.array([]), 1.0).missing == 1


def test_a_finding_that_holds_only_through_the_instrument_is_measurement():
    check = checks_by_finding()["S35"]
    assert latent_verdict(check, passes(0.9), passes(0.8)) == "holds"
    assert latent_verdict(check, passes(0.9), passes(0.5)) == "measurement"
    assert latent_verdict(check, passes(0.5), passes(0.5)) == "fails"
    assert latent_verdict(checks_by_finding()["S40"], passes(0.9), None) == ""


KEPT: dict[tuple[str, str], CheckResults] = {}
"""The results that `rows` was made of, by finding and variant."""


@pytest.fixture(scope="module")
def rows():
    """The model has S19, S90 and S91; with interactions off S91 still holds; with equal covariates nothing
    does."""
    pools = {
        "model": pool("S19", "S90", "S91"),
        "interactions_off": pool("S19", "S91", sign=-1),
        "country_only": pool("S91", "S40"),
        "equal_localities": pool("S91", "S19"),
    }
    return {row.id: row for row in judge_findings(pools, lambda *key: KEPT.update({key[:2]: key[2]}))}


def test_the_results_behind_each_row_are_handed_out(rows):
    assert {finding for finding, _ in KEPT} == set(rows)
    for name, row in rows.items():
        assert KEPT[name, "model"].passed.mean() == row.pass_model
        assert len(KEPT[name, "model"].values) == row.n == STUDIES
        assert KEPT[name, "country_only"].passed.mean() == row.pass_country
        assert KEPT[name, "permuted"].passed.mean() == row.pass_permuted


def test_a_pattern_of_covariates_is_reproduced(rows):
    row = rows["S19"]
    assert (row.pass_model, row.pass_off, row.pass_country) == (1.0, 0.0, 0.0)
    assert row.pass_equal == 1.0  # shown, and no null
    assert math.isnan(row.pass_selection)  # not run
    assert "statistical_twin: the regression is fitted to its number" in row.dead
    assert row.living == "interactions_off, permuted"
    assert row.pass_null == max(row.pass_off, row.pass_permuted) < 0.4
    assert row.verdict == REPRODUCED
    assert row.pass_low > 0.5
    assert row.pass_high == 1.0
    assert row.low < row.simulated < row.high


def test_a_finding_that_a_null_has_too_is_trivial_and_permuting_says_nothing_on_it(rows):
    row = rows["S91"]
    assert row.pass_country == 1.0
    assert "permuted" not in row.living
    assert "permuted: the check reads no covariate" in row.dead
    assert row.verdict == TRIVIAL


def test_a_finding_without_a_living_null_has_no_rival(rows):
    row = rows["S90"]
    assert row.living == ""
    assert math.isnan(row.pass_null)
    assert "no reading of" in row.dead
    assert row.verdict == NO_RIVAL


def test_a_finding_without_readings_cannot_be_told(rows):
    assert rows["S40"].verdict == CANNOT_TELL
    assert math.isnan(rows["S40"].simulated)


def test_hypotheses_are_no_findings(rows):
    row = rows["S45"]
    assert row.role == "hypothesis"
    assert row.verdict == OPEN
    found = counts(rows.values())
    assert "hypothesis" not in found.verdicts
    once = one_row_per_check(rows.values())
    hypotheses = sum(row.role == "hypothesis" for row in once)
    assert sum(found.hypotheses.values()) == hypotheses > 0
    assert found.judged == len(once) - hypotheses


def test_the_table_keeps_the_promised_columns(rows):
    columns = list(scoreboard_frame(rows.values()).columns)
    promised = "id role statement published simulated low high n pass_model pass_low pass_high pass_null"
    promised += " verdict source pass_off pass_country pass_permuted pass_selection pass_twin living dead"
    promised += " latent mechanism by_mechanism"
    assert set(promised.split()) <= set(columns)
    assert all(row.role and row.source and row.published for row in rows.values())


def test_the_summary_counts_a_check_once(rows):
    everything = list(rows.values())
    assert len(one_row_per_check(everything)) == len({row.check for row in everything}) < len(everything)
    found = counts(everything)
    assert found.of(REPRODUCED) >= 1
    assert sum(found.of(word.name) for word in VERDICTS) == found.judged
    said = summary(everything)
    assert said.startswith(f"{found.judged} findings judged: {found.of(REPRODUCED)} reproduced")
    assert f"rest on {STUDIES} studies; verdicts need {STUDIES_FOR_A_VERDICT}" in said
    assert "verdicts need" not in summary([replace(row, n=STUDIES_FOR_A_VERDICT) for row in everything])


def test_knockouts_speak_of_what_the_model_reproduces(rows):
    told = {row.id: row for row in with_mechanisms(rows.values(), {"S91": WITHOUT_IT, "S90": WITHOUT_IT})}
    assert told["S90"].by_mechanism == WITHOUT_IT
    assert told["S19"].by_mechanism == NO_MECHANISM
    assert told["S91"].by_mechanism == told["S40"].by_mechanism == ""  # trivial, and not told


def test_judging_twice_gives_the_same_scoreboard():
    pools = {"model": handmade_pool("S19", "S91")}
    first, again = (scoreboard_frame(judge_findings(pools)) for _ in range(2))
    assert first.equals(again)
