"""Inference on a made-up model whose answer is known: four statistics, functions of three parameters."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_up_model import CATALOGUE, ERROR, NAMES, NOISE, OVER, TRUTH, made_up, use_made_up_model

from woc_sim.analysis import fit_statistics
from woc_sim.analysis.inference import (
    discrepancy,
    emulators,
    folds,
    matching,
    posterior,
    report,
    sampling,
    studies,
    wave_files,
    wave_tables,
    waves,
)
from woc_sim.analysis.inference.parameters import CALIBRATED, Space, first_design, space_of
from woc_sim.analysis.inference.streams import Stream
from woc_sim.ensemble.plausible import read_sets
from woc_sim.errors import UserError
from woc_sim.scenario.parameters import registry
from woc_sim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]

SETTINGS = waves.WaveSettings(points=40, people=60, waves=2, over=OVER, discrepancy=0.0)


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a calibration to the truth."""
    out = tmp_path_factory.mktemp("calibration")
    with pytest.MonkeyPatch.context() as patch:
        use_made_up_model(patch, made_up(TRUTH)[0])
        wave_tables.write_tables(waves.calibrate_waves(out, SETTINGS, 1, False), out)
    return out


@pytest.fixture
def found(calibrated: Path, monkeypatch: pytest.MonkeyPatch) -> waves.Calibration:
    use_made_up_model(monkeypatch, made_up(TRUTH)[0])
    return waves.read_calibration(calibrated)


def test_the_region_holds_the_truth_and_is_small(found: waves.Calibration) -> None:
    assert found.matching(TRUTH[None, :])[0] < matching.CUT
    assert 0.0005 < found.region.share < 0.2
    assert (np.abs(found.region.units.mean(axis=0) - TRUTH) < 0.15).all()
    assert found.matching(found.region.units).max() <= matching.CUT


def test_the_share_of_the_region_is_that_of_points_thrown_at_random(found: waves.Calibration) -> None:
    thrown = np.random.default_rng(3).random((20_000, len(OVER)))
    share = (found.matching(thrown) <= matching.CUT).mean()
    assert found.region.share == pytest.approx(share, rel=0.35)


def test_emulators_predict_and_know_their_error(found: waves.Calibration) -> None:
    thrown = np.random.default_rng(4).random((400, len(OVER)))
    first = found.waves[0].emulators
    for column, each in enumerate(first):
        assert each is not None
        mean, variance = each.predict(thrown)
        errors = (mean - made_up(thrown)[:, column]) / np.sqrt(variance)
        assert np.mean(np.abs(errors) <= 3) >= 0.95
        assert np.sqrt(np.mean((mean - made_up(thrown)[:, column]) ** 2)) < 3 * NOISE
    table = wave_tables.wave_table(found)
    assert (table["loo_within_3"] >= 0.95).all()


def test_a_prediction_is_that_of_the_gaussian_process(found: waves.Calibration) -> None:
    thrown = np.random.default_rng(6).random((50, len(OVER)))
    for each in found.waves[0].emulators:
        assert each is not None
        mean, sd = each.process.predict(2 * thrown[:, each.active] - 1, return_std=True)
        own_mean, own_variance = each.predict(thrown)
        assert own_mean == pytest.approx(each.centre + each.scale * mean, rel=1e-9)
        assert own_variance == pytest.approx((each.scale * sd) ** 2, rel=0.01)


def test_the_closed_form_of_leave_one_out_is_leaving_one_out() -> None:
    units = first_design(2, 25, 1)
    values = made_up(np.column_stack([units, units[:, 0]]))[:, 3] + np.random.default_rng(1).normal(
        0, 0.1, 25
    )
    whole = emulators.fit_emulator(units, values, np.arange(25))
    assert whole is not None
    left = 7
    keep = np.arange(25) != left
    process = emulators._process(
        units[keep][:, whole.active],
        ((values - whole.centre) / whole.scale)[keep],
        np.full(24, 1e-8),
        whole.theta,
    )
    mean, sd = process.predict(2 * units[[left]][:, whole.active] - 1, return_std=True)
    expected = ((values[left] - whole.centre) / whole.scale - mean[0]) / sd[0]
    assert whole.leave_one_out()[left] == pytest.approx(expected, rel=1e-3)


def test_replicate_noise_is_pooled_over_points_with_several_studies() -> None:
    assert emulators.replicate_variance(np.array([1.0, 3.0, 5.0, 5.0, 9.0]), np.array([0, 0, 1, 1, 2])) == 1.0
    assert np.isnan(emulators.replicate_variance(np.array([1.0, 2.0]), np.array([0, 1])))


def test_a_statistic_that_is_missing_or_constant_has_no_emulator() -> None:
    units, point = first_design(2, 30, 1), np.arange(30)
    assert emulators.fit_emulator(units, np.full(30, np.nan), point) is None
    assert emulators.fit_emulator(units, np.ones(30), point) is None


def test_the_second_largest_implausibility_forgives_one_statistic() -> None:
    table = np.array([[9.0, 1.0, 2.0], [np.nan, 4.0, 5.0], [np.nan, np.nan, 7.0]])
    assert matching.second_largest(table).tolist() == [2.0, 4.0, 0.0]


def test_a_form_that_cannot_meet_the_numbers_is_rejected_and_says_by_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_made_up_model(monkeypatch, np.array([5.0, -4.0, 0.2, 0.5]))
    found = waves.calibrate_waves(tmp_path, SETTINGS, 1, False)
    assert found.region.empty
    assert len(found.waves) == 1
    assert found.region.smallest > matching.CUT
    lines = report.wave_sentences(found)
    assert any(
        line.startswith("the form is rejected") and "level" in line and "gap" in line for line in lines
    )
    assert "no statement on parameters, since no point is left" in lines


def test_a_stopped_calibration_goes_on_and_gives_the_same_bytes(
    calibrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_made_up_model(monkeypatch, made_up(TRUTH)[0])
    out = tmp_path / "again"
    waves.calibrate_waves(out, replace(SETTINGS, waves=1), 1, False)
    (out / "wave_1" / "emulators.json").rename(out / "wave_1" / "lost")  # killed before the wave was finished
    waves.calibrate_waves(out, replace(SETTINGS, waves=1), 1, False)
    (out / "wave_1" / "design.csv").unlink()  # lost afterwards
    wave_tables.write_tables(waves.calibrate_waves(out, SETTINGS, 1, False), out)
    tables = ("waves.csv", "region.csv", "shrinkage.csv", "rejecting.csv")
    for name in (*tables, "wave_1/design.csv", "wave_2/design.csv"):
        assert (out / name).read_bytes() == (calibrated / name).read_bytes(), name


def test_a_later_wave_may_have_other_studies_and_shares_no_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_made_up_model(monkeypatch, made_up(TRUTH)[0])
    numbers: list[int] = []
    run = waves.run_studies

    def recorded(points: list[studies.StudyPoint], *rest: Any) -> studies.StudyTable:
        numbers.extend(each.number for each in points)
        return run(points, *rest)

    monkeypatch.setattr(waves, "run_studies", recorded)
    waves.calibrate_waves(tmp_path, replace(SETTINGS, waves=1, studies=3), 1, False)
    waves.calibrate_waves(tmp_path, SETTINGS, 1, False)
    first, second = waves.read_calibration(tmp_path).waves
    assert (len(first.table.point), len(second.table.point)) == (120, 45)
    assert len(set(numbers)) == len(numbers) == 165
    with pytest.raises(UserError, match="points=100000 and studies=11 are up to 1,100,000 studies a wave"):
        replace(SETTINGS, points=100_000, studies=11)


def test_a_folder_with_other_settings_is_refused(calibrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_made_up_model(monkeypatch, made_up(TRUTH)[0])
    with pytest.raises(UserError, match="holds waves with points=40"):
        waves.calibrate_waves(calibrated, replace(SETTINGS, points=50), 1, False)
    use_made_up_model(monkeypatch, made_up(TRUTH)[0] + 1)
    with pytest.raises(UserError, match="another statistics"):
        waves.calibrate_waves(calibrated, SETTINGS, 1, False)
    with pytest.raises(UserError, match="fit statistics"):
        waves.read_calibration(calibrated)


def test_waves_run_under_the_theories_of_their_settings_and_say_so(tmp_path: Path) -> None:
    rival = waves.WaveSettings(theories={"contact": "none", "threat": "rate"})
    assert rival.base().theories["contact"] == "none"
    assert rival.identity().theories == {"contact": "none"}, "a default theory is no setting"
    wave_files.write_settings(rival.identity(), tmp_path)
    assert wave_files.read_settings(tmp_path) == rival.identity()
    with pytest.raises(UserError, match="another theories"):
        waves.calibrate_waves(tmp_path, waves.WaveSettings(), 1, False)
    with pytest.raises(UserError, match="no finished wave"):
        waves.read_calibration(tmp_path)
    path = tmp_path / wave_files.SETTINGS
    path.write_text(path.read_text("utf-8").replace('"none"', '"nobody"'), "utf-8")
    with pytest.raises(UserError, match=r"calibration.json: .*contact.*nobody"):
        waves.read_calibration(tmp_path)


def test_a_folder_without_waves_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="calibrate waves"):
        waves.read_calibration(tmp_path)


@pytest.mark.thorough
def test_plausible_sets_surround_the_truth_and_the_medoid_is_no_corner(
    found: waves.Calibration, calibrated: Path, tmp_path: Path
) -> None:
    out = tmp_path / "copy"
    shutil.copytree(calibrated, out)
    result = posterior.posterior(out, 64, 1, 5, 1, False)
    assert result.sets["weight"].sum() == pytest.approx(1.0)
    assert result.sets["medoid"].sum() == 1
    assert not result.rejected
    units = found.space.units(result.sets[list(OVER)].to_numpy())
    low, high = np.quantile(units, (0.02, 0.98), axis=0)
    assert ((low <= TRUTH) & (high >= TRUTH)).all()
    medoid = units[result.sets["medoid"].to_numpy()][0]
    assert ((medoid > 0.02) & (medoid < 0.98)).all()
    assert result.statistics["agrees"].all()
    read = read_sets(out / "posterior.csv")
    assert read.names == OVER
    assert (read.values == result.sets[list(OVER)].to_numpy()).all()
    sentences = report.posterior_sentences(result)
    assert any("4 of 4 fit statistics agree" in line for line in sentences)
    assert max(result.repeats.values()) < report.AGREE
    assert any(
        line.startswith(f"0 of {len(OVER)} parameters differ between 4 populations") for line in sentences
    )


def test_populations_that_differ_are_noticed() -> None:
    draws = Stream("populations").normal(4, 200, 2)
    apart = draws + np.array([[0.0, 0.0], [0.0, 1.0], [0.0, 2.0], [0.0, 3.0]])[:, None, :]
    same, different = posterior.scale_reductions(apart)
    assert 0.99 < same < 1.02
    # variance between four means that are one standard deviation apart from each other: 5/3
    assert different == pytest.approx(np.sqrt(1 + 5 / 3), rel=0.05)


@pytest.mark.thorough
def test_ranks_of_known_truths_are_uniform(found: waves.Calibration) -> None:
    table = posterior.rank_check(found, 12, 5)
    assert (table["truths"] == 12).all()
    assert (table["p"] > 0.005).all()
    assert table[[f"tenth_{number}" for number in range(1, 11)]].sum(axis=1).to_numpy() == pytest.approx(1)


def test_the_likelihood_is_the_normal_density(found: waves.Calibration) -> None:
    from scipy.stats import multivariate_normal

    last, point = found.waves[-1].emulators, TRUTH[None, :]
    mean, variance = (np.array([float(each.predict(point)[k][0]) for each in last if each]) for k in (0, 1))
    covariance = found.target.observation + np.diag(found.target.discrepancy + variance)
    expected = multivariate_normal(mean, covariance).logpdf(found.target.published)
    value = posterior.log_likelihood(found.target, last, point)[0]
    assert value - 0.5 * len(mean) * np.log(2 * np.pi) == pytest.approx(expected, abs=1e-4)


def test_a_country_left_out_is_refitted_by_the_others(
    found: waves.Calibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def without(country: str = "") -> Array:
        asked.append(country)
        return made_up(np.array([0.6, 0.3, 0.4]))[0]

    monkeypatch.setattr(fit_statistics, "published_values", without)
    monkeypatch.setattr(
        fit_statistics, "observation_covariance", lambda country: found.target.observation * 2
    )
    target = folds.target_without(found.target, "Italy")
    assert asked == ["Italy"]
    assert (target.observation == 2 * found.target.observation).all()
    units = folds.refit(found, "Italy", 300)  # the others have numbers of their own, so another point fits
    assert np.abs(units.mean(axis=0) - (0.6, 0.3, 0.4)).max() < 0.2


def test_folds_count_what_lies_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        fit_statistics, "published_scores", lambda: {"C01": 30.0, "C02": 80.0, "C03": 45.0, "C04": 15.0}
    )
    spread = np.linspace(20, 40, 21)
    scores = {name: np.column_stack([spread, spread]) for name in ("Italy", "Spain")}
    places = folds.places_table({"Italy": ["C01", "C02"], "Spain": ["C03", "C04"]}, scores)
    variance = float(spread.var(ddof=1))
    half = 1.645 * math.sqrt(variance)
    assert places["sets_low"].to_numpy() == pytest.approx(np.full(4, 30 - half))
    assert places["inside_sets"].tolist() == [True, False, False, False]
    # the discrepancy of Italy's places is what Spain's errors of 15 leave beyond their variance
    assert places["discrepancy"][0] == pytest.approx(math.sqrt(15**2 - variance))
    assert places["high"][0] == pytest.approx(30 + 1.645 * 15)
    assert places["inside"].tolist() == [True, False, True, True]
    table = folds.countries_table(places).set_index("country")
    assert (table.loc["all", "coverage"], table.loc["all", "coverage_of_sets"]) == (0.75, 0.25)
    assert table.loc["Italy", "mean_error"] == -25.0
    lines = report.fold_sentences(folds.Folds(places, table.reset_index()))
    assert any(line.startswith("75% of the 90 % intervals") and line.endswith("25%") for line in lines)


def test_sampling_finds_a_region_far_smaller_than_chance_would() -> None:
    """A ball of radius .15 in ten of 38 dimensions: a share of 1.5e-8."""
    ball = np.arange(38) < 10

    def measure(units: Array, bound: float = np.inf) -> Array:
        return np.sqrt((((units - 0.3) * ball) ** 2).sum(axis=1)) * 20

    region = sampling.sample_region(measure, 38, 500, 3.0, 1)
    volume = math.pi**5 / math.gamma(6) * 0.15**10
    assert abs(math.log(region.share / volume)) < math.log(2)
    assert measure(region.units).max() <= 3.0
    spread = region.units.std(axis=0)
    assert spread[ball] == pytest.approx(np.full(10, 0.15 / math.sqrt(12)), rel=0.2)
    assert spread[~ball] == pytest.approx(np.full(28, 1 / math.sqrt(12)), rel=0.2)


def test_every_calibrated_parameter_exists_has_a_range_and_a_reason() -> None:
    assert 20 <= len(CALIBRATED) <= 45
    for name, reason in CALIBRATED.items():
        assert registry()[name].low < registry()[name].high
        assert len(reason) > 20


def test_the_cube_and_the_ranges_are_one_another() -> None:
    space = space_of(("policy",))
    units = first_design(len(space.names), 4, 1)
    assert space.units(space.values(units)) == pytest.approx(units)
    scenario = space.scenario(Scenario(()), units[2])
    assert scenario.parameters["policy.need"] == pytest.approx(
        dict(zip(space.names, space.values(units)[2], strict=True))["policy.need"]
    )
    assert (first_design(5, 20, 3) == first_design(5, 40, 3)[:20]).all()
    with pytest.raises(UserError, match="name at least two"):
        space_of(("policy.need",))
    with pytest.raises(UserError, match="did you mean 'policy'"):
        space_of(("polcy",))


def test_no_two_studies_of_the_waves_share_a_number() -> None:
    space = Space(("policy.need",), np.zeros(1), np.ones(1))
    units = np.linspace(0, 1, 17)[:, None]
    first = studies.studies_of(space, units, Scenario(()), 1, 0)
    second = studies.studies_of(space, units, Scenario(()), 1, 17 * 2)
    numbers = [each.number for each in first + second]
    assert len(set(numbers)) == len(numbers)
    assert len(first) == 17 + 3  # every eighth point twice


def test_what_is_written_of_studies_is_read_again(found: waves.Calibration, calibrated: Path) -> None:
    kept = json.loads((calibrated / "wave_1" / "emulators.json").read_text("utf-8"))
    assert len(kept["emulators"]) == len(NAMES)
    table = found.waves[0].table
    again = studies.table_from(table.frame())
    assert (again.values == table.values).all()
    assert (again.without["Italy"] == table.without["Italy"]).all()
    assert again.values.flags.c_contiguous, "sums of another order differ in the last bit"
    assert all(each.flags.c_contiguous for each in again.without.values())


def test_discrepancy_is_what_differs_from_country_to_country(monkeypatch: pytest.MonkeyPatch) -> None:
    use_made_up_model(monkeypatch, made_up(TRUTH)[0])
    values = np.tile(made_up(TRUTH)[0], (30, 1))
    table = studies.StudyTable(np.arange(30), values, dict.fromkeys(studies.COUNTRIES, values))
    shifts = dict(zip(studies.COUNTRIES, np.linspace(-0.3, 0.3, 7), strict=True)) | {"": 0.0}
    catalogue = [replace(each, basis="curve") if each.name == "curve" else each for each in CATALOGUE]
    monkeypatch.setattr(fit_statistics, "FIT_STATISTICS", catalogue)
    monkeypatch.setattr(
        fit_statistics,
        "published_values",
        lambda country="": made_up(TRUTH)[0] + np.array([shifts[country], 0.0, 0.0, shifts[country]]),
    )
    target = discrepancy.target_of(table)
    expected = 6 / 7 * sum(each**2 for each in shifts.values()) - ERROR**2
    assert target.discrepancy[0] == pytest.approx(expected)
    assert target.discrepancy[1] == 0.0  # no more than sampling explains
    assert target.estimated == (True, True, True, False)  # no curve is printed by locality
    assert target.discrepancy[3] == pytest.approx((discrepancy.ASSUMED * target.published[3]) ** 2)
    assumed = discrepancy.target_of(table, 0.2)
    assert assumed.discrepancy == pytest.approx((0.2 * target.published) ** 2)
    assert not any(assumed.estimated)


def test_a_bound_changes_nothing_but_the_points_above_it(found: waves.Calibration) -> None:
    units = np.random.default_rng(6).random((300, len(OVER)))
    whole, bounded = found.matching(units), found.matching(units, 5.0)
    tables = [matching.implausibilities(found.target, wave.emulators, units) for wave in found.waves]
    assert whole == pytest.approx(np.max([matching.second_largest(each) for each in tables], axis=0))
    assert (bounded[whole <= 5] == whole[whole <= 5]).all()
    assert np.isinf(bounded[whole > 5]).all()


def test_a_stream_is_the_same_for_the_same_name_and_uniform() -> None:
    first, again, other = Stream("a", 1), Stream("a", 1), Stream("a", 2)
    numbers = first.uniform(40, 50)
    assert (numbers == again.uniform(40, 50)).all()
    assert not (numbers == other.uniform(40, 50)).any()
    assert not (numbers == first.uniform(40, 50)).any()
    assert numbers.mean() == pytest.approx(0.5, abs=0.03)
    assert first.normal(2000).std() == pytest.approx(1.0, abs=0.05)
    assert sorted(first.order(30)) == list(range(30))
