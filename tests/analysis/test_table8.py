"""Table 8: the commonest marks, kappa, shares by design, and marks from studies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from handmade_studies import eu_rows

from woc_sim.analysis import table8
from woc_sim.analysis.factors import factors, problem_of_factors
from woc_sim.analysis.replication import FACTORS, OUTCOMES, READINGS_OF_OUTCOME
from woc_sim.analysis.salib_methods import METHODS
from woc_sim.analysis.sensitivity import SensitivitySettings, analysed, check_settings
from woc_sim.analysis.sensitivity_outcomes import screened_outcomes
from woc_sim.analysis.study import LABELS, LATENT_COLUMNS, Study, one_study
from woc_sim.ensemble.sampling import points_of_problem
from woc_sim.figures.table8 import table8 as draw

ALL_READINGS = [each for row in OUTCOMES for each in READINGS_OF_OUTCOME[row]]


def study(number: int, politics: float, latent_politics: float) -> Study:
    """A study in which the executive moves every reading by so much, and chance does the rest."""
    rng = np.random.default_rng(number)
    progressive = LABELS["executive"].index("progressive")
    rows = []
    for row in eu_rows():
        colour = float(row["executive"] == progressive)
        made = dict(row)
        for name in ALL_READINGS:
            latent = LATENT_COLUMNS.get(name)
            if latent:
                made[latent] = latent_politics * colour + rng.normal()
            made[name] = politics * colour + rng.normal()
        rows.append(made)
    return one_study(rows)


def test_the_commonest_marks_hit_fifteen_of_twenty_four() -> None:
    guess = table8.commonest_marks()
    target = table8._marks_in_order(table8.published_marks())
    assert (guess == target).sum() == 15
    assert guess.reshape(4, 6)[:, 0].tolist() == [1, 0, 0, 2]  # the middle mark where all are equally common
    assert table8.weighted_kappa(target, target) == 1
    assert table8.weighted_kappa(2 - target, target) < 0
    assert 0 < table8.weighted_kappa(guess, target) < 1


def test_marks_of_studies_follow_what_makes_their_readings() -> None:
    studies = [study(number, politics=4.0, latent_politics=0.0) for number in range(6)]
    shares = table8.study_shares(studies).set_index(["source", "row", "factor"])
    read, true = (shares.loc[source] for source in (table8.INSTRUMENT, table8.TRUE_STATE))
    for row in OUTCOMES:
        assert read.at[(row, "politics"), "share"] > 0.5
        assert read.at[(row, "politics"), "p_share"] == 1
        assert read.at[(row, "politics"), "mark"] == "tick"
    assert read.at[("policies", "politics"), "published"] == "tick"
    assert set(read.index.get_level_values("factor")) == {*FACTORS, "country"}
    with_state = [row for row in OUTCOMES if all(name in LATENT_COLUMNS for name in READINGS_OF_OUTCOME[row])]
    assert with_state
    for row in with_state:
        assert true.at[(row, "politics"), "share"] < 0.3
    marks = table8.agreement_of_marks(studies).set_index(["source", "who"])
    assert marks.at[("", "commonest mark of each column"), "hits"] == 15
    assert 0 <= marks.at[(table8.INSTRUMENT, "a study"), "p_above"] <= 1
    pooled = marks.loc[(table8.INSTRUMENT, "mean of the studies")]
    assert pooled["hits"] >= 4  # the ticks of politics


@pytest.fixture(scope="module")
def designed() -> Any:
    """Shares of a design in which politics makes the instruments, size the true state, and chance a part."""
    problem = problem_of_factors(factors(("context", "ties.loss")), "table8")
    points = points_of_problem("saltelli", problem, 128, 0)
    at = {name: points[:, number] for number, name in enumerate(problem["names"])}
    outcomes = screened_outcomes(("table8",), "place")
    latents = set(LATENT_COLUMNS.values())
    values = pd.DataFrame(
        {
            each.name: 3 * at["size" if each.name in latents else "executive"] + at["chance"]
            for each in outcomes
        }
    )
    values.loc[3, "ties_mean"] = np.nan
    return analysed(METHODS["sobol"], problem, points, values, outcomes, 0)


def test_shares_by_design_tell_the_instruments_from_the_true_state(designed: Any) -> None:
    shares = table8.designed_shares(designed, 0).set_index(["row", "source", "factor"])
    cell = shares.loc[("policies", table8.INSTRUMENT, "politics")]
    assert cell["share"] == pytest.approx(0.9, abs=0.05)
    assert cell["total_low"] < cell["total"] < cell["total_high"]
    assert cell["p_share"] == 1
    assert shares.at[("policies", table8.INSTRUMENT, "chance"), "total"] == pytest.approx(0.1, abs=0.03)
    for factor in ("parameters", "dummy", "experience"):
        assert shares.at[("policies", table8.INSTRUMENT, factor), "p_total"] == 0
    for row in OUTCOMES:
        if all(name in LATENT_COLUMNS for name in READINGS_OF_OUTCOME[row]):
            assert shares.at[(row, table8.TRUE_STATE, "size"), "share"] == pytest.approx(0.9, abs=0.05)
    assert shares.at[("interactions", table8.INSTRUMENT, "size"), "base_samples"] == 127
    assert shares.at[("policies", table8.INSTRUMENT, "size"), "base_samples"] == 128


def test_a_reading_that_does_not_vary_has_no_share(designed: Any) -> None:
    from dataclasses import replace

    constant = replace(designed, values=designed.values.assign(mipex_total=1.0))
    shares = table8.designed_shares(constant, 0).set_index(["row", "source", "factor"])
    assert np.isnan(shares.at[("policies", table8.INSTRUMENT, "politics"), "share"])
    assert np.isnan(shares.at[("policies", table8.INSTRUMENT, "politics"), "p_share"])


def test_the_picture_and_the_sentences(designed: Any, tmp_path: Any) -> None:
    studies = [study(number, politics=4.0, latent_politics=0.0) for number in range(4)]
    found = table8.Table8(
        table8.designed_shares(designed, 0),
        table8.study_shares(studies),
        table8.agreement_of_marks(studies),
        designed,
    )
    told = table8.sentences(found)
    assert len(told) == len(OUTCOMES) + 1
    assert told[2].startswith("policies: largest shares with interactions politics 0.9")
    assert "writing the commonest mark of each column hits 15" in told[-1]
    picture = draw(found.shares, found.studies, found.marks, tmp_path)
    assert picture.path.read_bytes().startswith(b"\x89PNG")
    assert "commonest mark of each column" in picture.caption


def test_the_design_of_table_8_fixes_method_factors_and_groups() -> None:
    settings = table8.table8_settings(SensitivitySettings(people=60))
    problem, outcomes = check_settings(settings)
    assert (settings.method, settings.samples, settings.people) == ("sobol", table8.SAMPLES, 60)
    assert list(dict.fromkeys(problem["groups"]))[:6] == [*FACTORS, "country", "parameters"]
    assert {each.name for each in outcomes} >= set(ALL_READINGS)
