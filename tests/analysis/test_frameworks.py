"""Countries left out, and where variance comes from, on numbers whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from woc_sim.analysis.frameworks import (
    SHARES,
    country_offsets,
    framework_folds,
    summary_lines,
    variance_components,
    variance_shares,
)
from woc_sim.analysis.replication import published
from woc_sim.analysis.study import Pool, table_of
from woc_sim.inputs.vocabulary import COUNTRIES

COUNTRY = np.repeat([0.0, 1.0, 2.0, 3.0], 5)


def test_a_shift_that_all_countries_share_survives_leaving_one_out_and_one_of_a_countrys_own_does_not():
    own, others = country_offsets(np.full(20, 7.0), COUNTRY)
    assert np.allclose(own, 7.0)
    assert np.allclose(others, 7.0)
    lonely = np.where(COUNTRY == 2.0, 9.0, 0.0)
    own, others = country_offsets(lonely, COUNTRY)
    assert np.allclose(own, lonely)
    assert np.allclose(others[COUNTRY == 2.0], 0.0)
    assert np.allclose(others[COUNTRY == 0.0], 3.0)


def test_the_offset_of_a_country_left_out_knows_nothing_of_it():
    rng = np.random.default_rng(1)
    residual = rng.normal(size=20)
    _, before = country_offsets(residual, COUNTRY)
    changed = residual.copy()
    changed[COUNTRY == 1.0] += 100.0
    _, after = country_offsets(changed, COUNTRY)
    assert np.allclose(before[COUNTRY == 1.0], after[COUNTRY == 1.0])
    assert not np.allclose(before[COUNTRY == 0.0], after[COUNTRY == 0.0])


@pytest.mark.parametrize("source", SHARES)
def test_variance_is_found_where_it_was_put(source):
    rng = np.random.default_rng(2)
    country = np.repeat(np.arange(40.0), 6)
    scale = dict.fromkeys(SHARES, 0.3) | {source: 3.0}
    values = (
        np.repeat(rng.normal(0, scale["offsets"], 40), 6)[:, None]
        + rng.normal(0, scale["covariates"], (240, 1))
        + rng.normal(0, scale["dynamics"], (240, 8))
    )
    found = variance_components(values, country)
    assert sum(found.values()) == pytest.approx(1.0)
    assert found[source] > 0.9


def test_what_does_not_vary_or_was_run_once_has_no_shares():
    assert all(math.isnan(each) for each in variance_components(np.ones((20, 4)), COUNTRY).values())
    assert all(
        math.isnan(each)
        for each in variance_components(np.random.default_rng(3).normal(size=(20, 1)), COUNTRY).values()
    )


def made(shift: float) -> Pool:
    """A pool that gives every case its published score less a shift, and a fixed country's another."""
    real = published().west
    constant = ("horizontal", "perceived_attitudes", "latent_attitude", "welcome_share", "ties_mean")
    rows = []
    for replicate in range(3):
        for country, score in zip(real["country"], real["mipex_total"], strict=True):
            wrong = shift + (10.0 if country == COUNTRIES.index("Spain") else 0.0)
            row = dict.fromkeys(constant, 0.5) | {"country": country, "framework": 0.0}
            rows.append(row | {"mipex_total": score - wrong + 0.01 * replicate})
    whole = table_of(rows, sorted(rows[0]))
    cases = {f"case {index}": np.arange(index, len(rows), 36) for index in range(36)}
    return Pool("made", whole, whole, cases, cases)


def test_folds_of_a_model_with_known_errors():
    folds = framework_folds(made(2.0)).set_index("country")
    assert folds.loc["Spain", "offset"] == pytest.approx(12.0, abs=0.1)
    assert folds.loc["Spain", "offset_of_others"] == pytest.approx(2.0, abs=0.1)
    assert folds.loc["Austria", "offset"] == pytest.approx(2.0, abs=0.1)
    assert folds.loc["all", "n"] == 36
    assert folds.loc["all", "mae_own_offset"] == pytest.approx(0.0, abs=0.1)
    assert folds.loc["all", "mae_own_offset"] < folds.loc["all", "mae_country_left_out"]


def test_both_are_said_in_words():
    pool = made(0.0)
    variance = variance_shares({"model": pool})
    assert set(variance.columns) == {"variant", "outcome", "n", *SHARES}
    row = variance.set_index("outcome").loc["mipex_total"]
    assert row["dynamics"] < 0.01
    assert math.isnan(variance.set_index("outcome").loc["ties_mean", "offsets"])
    said = summary_lines(framework_folds(pool), variance)
    assert "mipex_total" in said
    assert "ties_mean" not in said
    assert "with an offset for each country" in said
    assert summary_lines(framework_folds(pool), pd.DataFrame(columns=variance.columns)).startswith("variance")
