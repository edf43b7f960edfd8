"""The figures for calibration are of fitted findings, and are the published ones with their errors."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path

import numpy as np
import pytest
from handmade_studies import RECIPES, handmade_study

from woc_sim.analysis import inference
from woc_sim.analysis.fit_statistics import (
    FIT_STATISTICS,
    FitStatistic,
    HeldOutError,
    observation_covariance,
    published_values,
    simulated,
)
from woc_sim.analysis.published_data import tables
from woc_sim.analysis.replication import published
from woc_sim.evidence.catalogue import finding, findings, targets

POSITION = {each.name: index for index, each in enumerate(FIT_STATISTICS)}


def test_every_statistic_is_of_a_finding_with_the_role_fit():
    assert {finding(each.finding).role.name for each in FIT_STATISTICS} == {"fit"}
    assert len({each.name for each in FIT_STATISTICS}) == len(FIT_STATISTICS) == 43


@pytest.mark.parametrize(
    "identifier", [each.id for each in (*findings(), *targets()) if each.role.name != "fit"]
)
def test_a_statistic_of_another_finding_is_refused(identifier):
    with pytest.raises(HeldOutError, match=identifier):
        FitStatistic("any", identifier, "share", "any", lambda study: 0.0, "share", number=(0.0, 1.0))


def test_published_figures_are_those_of_the_papers():
    wanted = {
        "policy_mean": 31.69,
        "policy_sd": 17.21,
        "policy_between_countries": 0.498,
        "policy_country_slope": 1.0,
        "policy_progressive_conservative": 3.75 + 7.14,
        "policy_medium_rural": 6.77 + 7.13,
        "policy_seats_by_colour": (6.55 - 0.60) - (-11.49 + 3.51),
        "profile_slope": 1.0,
        "zeros_monitoring": 20 / 36,
        "ratings_correlation": 0.67,
        "response_inclusive": 10 / 40,
        "public_housing": 22 / 40,
        "other_without_public_work": 9 / 13,
        "other_with_public_housing": (7 / 22 + 12 / 22) / 2,
        "housing_extremely_difficult_favourable": 11 / 19,
        "employment_easy_unfavourable": 7 / 21,
        "frame_migrants_only": 0.475,
        "employed_5y": 0.49,
        "language_good_5y": 0.52,
        "onward_yearly": 0.11,
    }
    values = published_values()
    assert {name: values[POSITION[name]] for name in wanted} == pytest.approx(wanted, abs=0.02)
    assert FIT_STATISTICS[3].published == values[3]


def test_politics_has_the_share_of_the_index_that_the_study_shows():
    statistic = FIT_STATISTICS[POSITION["policy_politics_share"]]
    assert statistic.published == pytest.approx(0.13, abs=0.01)
    assert 0.08 < statistic.error < 0.2


def test_the_covariance_is_one_and_its_errors_are_those_of_the_statistics():
    covariance = observation_covariance()
    errors = np.sqrt(np.diag(covariance))
    assert (errors > 0).all()
    scaled = covariance / np.outer(errors, errors)
    assert np.allclose(scaled, scaled.T)
    assert np.linalg.eigvalsh(scaled).min() > 0.005
    assert scaled[POSITION["response_inclusive"], POSITION["response_lack"]] == pytest.approx(-1 / 3)
    assert scaled[POSITION["language_good_1y"], POSITION["language_good_5y"]] == pytest.approx(0.5)
    access = [index for index, each in enumerate(FIT_STATISTICS) if each.finding == "S62"]
    housing, work = access[0], access[2]
    assert scaled[housing, work] == 0  # how the two go together is held out (D15)
    assert FIT_STATISTICS[0].error == errors[0]
    assert errors[0] == pytest.approx(2.35, abs=0.1)  # 17.2 x sqrt(1 - .5) / sqrt(36 - 7) is 2.27


def test_the_published_tables_give_the_published_figures():
    found = simulated(published())
    known = np.isfinite(found)
    assert known.sum() == 17
    assert found[known] == pytest.approx(published_values()[known])


def test_a_simulated_study_gives_its_own_figures():
    study = handmade_study(RECIPES["S70"], 1)
    found = dict(zip(POSITION, simulated(study), strict=True))
    assert found["public_housing"] == pytest.approx(22 / 40)
    assert found["other_without_public_housing"] == pytest.approx(14 / 18)
    assert math.isnan(found["policy_mean"])


def test_a_fold_leaves_its_country_out_of_the_published_figures():
    fold, everything = published_values("Germany"), published_values()
    west = published().west
    rest = west["mipex_total"][~west.labelled("country", "Germany")]
    assert fold[0] == pytest.approx(rest.mean())
    assert fold[POSITION["policy_country_slope"]] == pytest.approx(1)
    assert fold[POSITION["employed_5y"]] == everything[POSITION["employed_5y"]]
    errors = np.sqrt(np.diag(observation_covariance("Germany")) / np.diag(observation_covariance()))
    assert errors[POSITION["response_inclusive"]] > 1.05


def test_a_bootstrap_keeps_the_number_of_each_country_and_is_the_same_each_time():
    data = tables()
    first, again, other = data.bootstrap(1), data.bootstrap(1), data.bootstrap(2)
    assert np.array_equal(first.eu.rows, again.eu.rows)
    assert not np.array_equal(first.eu.rows, other.eu.rows)
    assert np.array_equal(first.eu["country"], data.study.eu["country"])
    assert len(set(first.eu.rows)) < len(first.eu)


def imported(path):
    """Every module of the package that a file names in an import or as a text."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_calibration_names_no_evidence_and_no_check():
    """Beside the import contract, which sees no module that is imported by its name as a text."""
    folder = Path(inference.__file__).parent
    forbidden = re.compile(
        r"woc_sim\.(evidence|analysis\.(checks|published|replication|scoreboard|validate))\w*(\.\w+)*"
    )
    for path in folder.glob("*.py"):
        assert [name for name in imported(path) if forbidden.fullmatch(name)] == [], path.name
