"""Estimates against other libraries and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from woc_sim.analysis import estimates as e

RNG = np.random.default_rng(3)
X, Y, Z = RNG.normal(size=40), RNG.normal(size=40), RNG.normal(size=40)
GROUPS = np.repeat(np.arange(5.0), 8)


def test_mean_drops_what_is_missing():
    found = e.mean(np.array([1.0, math.nan, 3.0]))
    assert found.value == 2.0
    assert found.error == pytest.approx(math.sqrt(2) / math.sqrt(2))
    assert math.isnan(e.mean(np.array([math.nan])).value)


def test_gap_has_the_error_of_welch():
    first = np.arange(40) < 15
    found = e.mean_difference(X, first, ~first)
    wanted = stats.ttest_ind(X[first], X[~first], equal_var=False)
    assert found.value / found.error == pytest.approx(wanted.statistic)


def test_correlations_agree_with_scipy():
    tied = np.round(X)
    assert e.correlation(X, Y).value == pytest.approx(stats.pearsonr(X, Y).statistic)
    assert e.rank_correlation(tied, Y).value == pytest.approx(stats.spearmanr(tied, Y).statistic)
    assert e.tau_b(tied, np.round(Y)).value == pytest.approx(stats.kendalltau(tied, np.round(Y)).statistic)


def test_a_column_without_variation_has_no_correlation():
    assert math.isnan(e.correlation(X, np.ones(40)).value)
    assert math.isnan(e.tau_b(np.ones(40), X).value)
    assert not e.correlation(X, np.ones(40)).positive


def test_regression_agrees_with_dummies_for_groups():
    import statsmodels.api as sm

    y = X + 0.5 * Y + 3 * GROUPS
    dummies = (GROUPS[:, None] == np.unique(GROUPS)[None, :]).astype(float)
    wanted = sm.OLS(y + 0.3 * Z, np.column_stack([X, Y, dummies])).fit()
    found = e.regression(y + 0.3 * Z, X, Y, groups=GROUPS)
    assert [each.value for each in found] == pytest.approx(list(wanted.params[:2]))
    assert [each.error for each in found] == pytest.approx(list(wanted.bse[:2]))


def test_regression_on_collinear_columns_says_nothing():
    assert all(math.isnan(each.value) for each in e.regression(X, Y, 2 * Y))


def test_between_share_is_one_when_groups_tell_all_and_small_by_chance():
    assert e.between_group_share(3 * GROUPS, GROUPS) == pytest.approx(1.0)
    assert e.between_group_share(X, GROUPS) < 0.4


def test_shapley_shares_add_up_and_find_the_cause():
    y = 2 * X + 0.5 * Z
    shares = e.shapley_shares(y, [[X], [Y], [Z]], GROUPS)
    assert sum(shares) == pytest.approx(1.0, abs=0.01)
    assert shares[0] > 0.7
    assert abs(shares[1]) < 0.1


def test_shares_of_noise_are_about_nothing():
    found = [e.shapley_shares(RNG.normal(size=40), [[X], [Y], [Z]], GROUPS)[0] for _ in range(200)]
    assert abs(float(np.mean(found))) < 0.02


def test_counts_that_are_alike_and_counts_that_are_not():
    assert e.same_counts([10, 20, 10], [11, 19, 10])
    assert not e.same_counts([0, 0, 40], [10, 20, 10])
    assert not e.same_counts([3, 24, 13], [10, 20, 10])  # what one sample of 40 shows in fewer than 5 %
    assert not e.same_counts([0, 0, 0], [10, 20, 10])


def test_the_error_of_a_share_of_variance_is_that_of_noise_where_there_is_none():
    found = [e.shapley_shares(RNG.normal(size=40), [[X, Y]], GROUPS)[0] for _ in range(300)]
    free = 40 - len(np.unique(GROUPS))
    assert float(np.std(found)) == pytest.approx(e.variance_share_error(0.0, 2, free), rel=0.25)
    assert e.variance_share_error(0.5, 2, free) > e.variance_share_error(0.0, 2, free)


def test_the_mean_of_estimates_has_a_smaller_error():
    found = e.mean_estimate([e.Estimate(1.0, 0.2), e.Estimate(3.0, 0.2)])
    assert found.value == 2.0
    assert found.error == pytest.approx(0.2 / math.sqrt(2))
    assert math.isnan(e.mean_estimate([]).value)


def test_log_odds_has_the_sign_of_the_association():
    first = np.repeat([0.0, 1.0], 20)
    assert e.log_odds(first, first).positive
    assert e.log_odds(first, 1 - first).negative
    assert e.log_odds(first, np.tile([0.0, 1.0], 20)).unclear


def test_share_is_never_certain():
    found = e.share(np.zeros(10, dtype=bool))
    assert found.value == 0
    assert found.error > 0


def test_within_takes_off_means_of_groups_and_keeps_what_is_missing():
    values = np.array([1.0, 3.0, math.nan, 5.0, 5.0])
    found = e.group_centred(values, np.array([0.0, 0.0, 0.0, 1.0, 1.0]))
    assert found[[0, 1, 3, 4]].tolist() == [-1.0, 1.0, 0.0, 0.0]
    assert math.isnan(found[2])


def test_what_predictions_lack_is_taken_from_the_other_groups():
    error = np.array([3.0, 3.0, -5.0, 1.0])
    group = np.array(["a", "a", "b", "b"])
    lacking = e.excess_elsewhere(error, np.array([1.0, 1.0, 1.0, 1.0]), group)
    assert lacking.tolist() == [12.0, 12.0, 8.0, 8.0]  # (25 + 1) / 2 - 1, and 9 - 1
    assert e.excess_elsewhere(error, np.full(4, 99.0), group).tolist() == [0, 0, 0, 0]
    assert e.excess_elsewhere(error[:2], np.ones(2), group[:2]).tolist() == [0, 0]
