"""Null models: which of them say something on a finding, and the statistical twin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from handmade_studies import RECIPES, handmade_pool, handmade_study

from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.estimates import correlation, mean_difference
from woc_sim.analysis.nulls import NULLS, PERMUTED, STATISTICAL_TWIN, after_reading, declared, why_dead
from woc_sim.analysis.study import Pool
from woc_sim.analysis.twin import mean_duties, statistical_twin
from woc_sim.analysis.variants import INTERACTIONS_OFF, SELECTION_ONLY, VARIANTS
from woc_sim.analysis.verdicts import PassRate
from woc_sim.inputs.tables import mandates
from woc_sim.inputs.vocabulary import FRAMEWORKS

NEVER, ALWAYS = PassRate(0, 4), PassRate(4, 4)


def why(null: str, finding: str, model: Pool, tables: Pool | None = None, rate: PassRate = NEVER) -> str:
    read = after_reading(checks_by_finding()[finding], model.study(0))
    return why_dead(null, finding, read, model, tables, rate)


@pytest.fixture(scope="module")
def model() -> Pool:
    return handmade_pool("S19", "S91", "S106")


def with_constant(pool: Pool, name: str, value: float) -> Pool:
    values = pool.eu.values.copy()
    values[:, pool.eu.index[name]] = value
    return replace(pool, eu=replace(pool.eu, values=values))


def test_nulls_are_named_once_and_declared_for_judged_findings_only() -> None:
    names = [each.name for each in NULLS]
    assert len(set(names)) == len(names)
    assert {*names, "model", "equal_localities"} == {*VARIANTS, PERMUTED, STATISTICAL_TWIN}
    for found in declared().values():
        assert found <= set(checks_by_finding())


def test_findings_that_share_a_check_are_declared_alike() -> None:
    for found in declared().values():
        for check in {each.name: each for each in checks_by_finding().values()}.values():
            assert len({identifier in found for identifier in check.findings}) == 1, check.findings


def test_permuting_says_nothing_on_a_check_without_covariates(model: Pool) -> None:
    assert why(PERMUTED, "S91", model) == "the check reads no covariate"
    assert why(PERMUTED, "S19", model) == ""


def test_a_null_that_lacks_what_a_check_reads_is_dead(model: Pool) -> None:
    constant = with_constant(model, "mipex_total", 30.0)
    assert why(INTERACTIONS_OFF, "S19", model, constant) == "mipex_total does not vary"
    missing = with_constant(model, "mipex_total", np.nan)
    assert why(INTERACTIONS_OFF, "S19", model, missing) == "no reading of mipex_total"
    assert why(INTERACTIONS_OFF, "S19", model, model) == ""


def test_a_counterfactual_without_effect_cannot_have_its_finding(model: Pool) -> None:
    study = handmade_study(RECIPES["S43"], 1)
    table = study.counterfactuals.table
    rows = {name: np.array([index]) for index, name in enumerate(("a", "b", "c", "d"))}
    cases = {str(row): np.array([row]) for row in study.eu.rows}
    pool = replace(model, eu=study.eu.table, cases=cases, cells={}, counterfactuals=table, towns=rows)
    values = table.values.copy()
    for name, index in table.index.items():
        arm, _, reading = name.rpartition(":")
        if arm:
            values[:, index] = table.values[:, table.index[f"as_is:{reading}"]]
    off = replace(pool, counterfactuals=replace(table, values=values))
    assert why(INTERACTIONS_OFF, "S43", pool, off).endswith("does not vary")
    assert why(INTERACTIONS_OFF, "S43", pool, pool) == ""


def test_a_null_that_has_the_finding_lives_whatever_it_lacks(model: Pool) -> None:
    constant = with_constant(model, "mipex_total", 30.0)
    assert why(INTERACTIONS_OFF, "S19", model, constant, ALWAYS) == ""


def test_selection_and_the_twin_are_rivals_of_some_findings(model: Pool) -> None:
    assert why(SELECTION_ONLY, "S19", model, model) == "contact has no part in it"
    assert why(STATISTICAL_TWIN, "S19", model, model) == "the regression is fitted to its number"
    assert why(STATISTICAL_TWIN, "S106", model, model) == ""


def test_the_mean_duty_of_a_framework_is_that_of_its_mandates() -> None:
    assert mean_duties()[FRAMEWORKS.index("DE")] == np.mean([one.duty for one in mandates("DE")])
    assert len(set(mean_duties())) > 5


def test_the_twin_keeps_levels_and_main_effects_and_loses_joint_movement(model: Pool) -> None:
    many = handmade_pool("S19", "S106", replicates=30)
    twin = statistical_twin(many)
    assert twin.eu.names == many.eu.names
    assert np.array_equal(twin.eu.covariates, many.eu.covariates, equal_nan=True)
    values = {}
    for name, pool in (("model", many), ("twin", twin)):
        index = pool.eu.index
        rural = pool.eu.covariates[:, 0] == 0
        policy = pool.eu.values[:, index["mipex_total"]]
        first, second = (
            pool.eu.values[:, index[f"perceived_{each}"]] for each in ("integration", "attitudes")
        )
        values[name] = (
            mean_difference(policy, ~rural, rural).value,
            policy.mean(),
            correlation(first, second).value,
        )
    gap, level, together = zip(*values.values(), strict=True)
    assert gap[1] == pytest.approx(gap[0], rel=0.15)
    assert level[1] == pytest.approx(level[0], rel=0.05)
    assert abs(together[1]) < 0.2 < together[0]


def test_the_twin_is_made_in_the_same_way_every_time(model: Pool) -> None:
    assert np.array_equal(
        statistical_twin(model).eu.values, statistical_twin(model).eu.values, equal_nan=True
    )
