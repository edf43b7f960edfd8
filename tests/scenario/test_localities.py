"""From bands to one replicate: values lie in their bands, have addresses by name, and types follow the
study's design.
"""

from collections import Counter
from dataclasses import replace
from statistics import correlation

import pytest

from woc_sim.inputs.tables import cases, label
from woc_sim.inputs.vocabulary import SIZES, TYPES
from woc_sim.scenario.localities import from_case, signs, synthetic, type_of, with_labels
from woc_sim.scenario.parameters import defaults
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.realise import FAVOURABLE_COUNT, realise

NAMES = tuple(one.name for one in cases())
EU = tuple(one.name for one in cases() if one.country not in ("Turkey", "Canada"))


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_drawn_inside_its_bands(name: str) -> None:
    spec = from_case(name)
    drawn = [realise(spec, 5, replicate) for replicate in range(20)]
    pairs = {
        "inhabitants": spec.inhabitants,
        "executive_ideology": spec.executive_ideology,
        "rrp": spec.rrp_share,
        "non_eu": spec.non_eu_share,
        "unemployment": spec.unemployment,
    }
    for field, band in pairs.items():
        values = [getattr(each, field) for each in drawn]
        low, high = band if band is not None else (0.0, 0.6)
        assert all(low <= value <= high for value in values)
        many = 20 if band is not None else 5  # a share of radical-right seats is 0 for many donors
        assert low == high or len(set(values)) >= many, f"{field} does not vary over replicates"
    for each in drawn:
        assert each.size == spec.size
        assert each.executive == spec.executive
        assert each.type == type_of(each.structure, each.experience)
        assert (each.trend > 0) == (each.structure > 0)
        assert 0.3 * each.non_eu <= each.foreign_2014 <= each.non_eu


@pytest.mark.parametrize("replicate", range(8))
def test_nineteen_of_the_forty_eu_cases_are_in_good_structure(replicate: int) -> None:
    structures = Counter(realise(from_case(name), 3, replicate).structure for name in EU)
    assert len(EU) == 40
    assert structures == {1: FAVOURABLE_COUNT, -1: 40 - FAVOURABLE_COUNT}


def test_unemployment_makes_bad_structure_likely_but_not_certain() -> None:
    def share(name: str) -> float:
        return sum(realise(from_case(name), 1, replicate).structure > 0 for replicate in range(200)) / 200

    low, middle, high = share("C19"), share("C31"), share("C12")  # 1-5 %, 1-5 %, 25-30 %
    assert low > 0.6
    assert middle > 0.6
    assert high == 0.0
    assert 0.1 < share("C16") < 0.9  # 5-10 %: both happen


def test_a_draw_depends_on_seed_replicate_and_name_alone() -> None:
    first = realise(from_case("C21"), 7, 2)
    for name in NAMES:
        realise(from_case(name), 7, 2)
    assert realise(from_case("C21"), 7, 2) == first
    assert realise(from_case("C21"), 8, 2) != first
    assert realise(from_case("C21"), 7, 3) != first
    assert realise(replace(from_case("C21"), name="C22"), 7, 2).inhabitants != first.inhabitants


def test_design_points_of_a_synthetic_locality_share_their_draws() -> None:
    def at(**settings: object) -> object:
        return realise(parse_scenario({f"locality.{k}": v for k, v in settings.items()}).localities[0], 1, 0)

    left = at(executive="progressive", size="small", type="marginal", rrp_share=0.1)
    right = at(executive="conservative", size="small", type="marginal", rrp_share=0.3)
    same = ("inhabitants", "non_eu", "foreign_2014", "unemployment", "trend", "structure", "experience")
    assert all(getattr(left, field) == getattr(right, field) for field in same)
    width = label("executive", "progressive", "ideology")
    other = label("executive", "conservative", "ideology")
    place = (left.executive_ideology - width[0]) / (width[1] - width[0])
    assert place == pytest.approx((right.executive_ideology - other[0]) / (other[1] - other[0]))


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_fixes_signs_and_ranges(kind: str) -> None:
    spec = with_labels(synthetic(), "rural", "mixed", kind)
    structure, experience = signs(kind)
    assert type_of(structure, experience) == kind
    for replicate in range(20):
        drawn = realise(spec, 2, replicate)
        assert (drawn.structure, drawn.experience, drawn.type) == (structure, experience, kind)
        low, high = label("structure", "plus" if structure > 0 else "minus", "unemployment")
        assert low / 100 <= drawn.unemployment <= high / 100
        low, high = label("experience", "plus" if experience > 0 else "minus", "pre2014_foreign_share")
        assert low / 100 <= drawn.foreign_2014 <= high / 100
        assert drawn.foreign_2014 <= drawn.non_eu <= 0.15 or drawn.non_eu == drawn.foreign_2014


def test_what_is_unknown_comes_from_one_of_the_study_and_varies() -> None:
    drawn = [realise(synthetic(), 1, replicate) for replicate in range(150)]
    assert {each.size for each in drawn} == set(SIZES)
    assert len({each.executive for each in drawn}) == 3
    assert {each.type for each in drawn} == set(TYPES)
    without = sum(each.rrp == 0 for each in drawn) / 150
    assert 0.25 < without < 0.6  # 15 of the 36 cases have no radical-right seats
    assert {each.framework for each in drawn} == {"DE"}


def test_cases_without_bands_stand_to_their_country_as_the_donor_to_its_own() -> None:
    polish = [realise(from_case("C38"), 1, replicate).non_eu for replicate in range(100)]
    german = [realise(from_case("C32"), 1, replicate).non_eu for replicate in range(100)]
    assert sum(polish) < sum(german) / 2


def test_a_given_trend_decides_on_structure() -> None:
    def structure(trend: float) -> int:
        return realise(parse_scenario({"locality.population_trend": trend}).localities[0], 1, 0).structure

    assert structure(0.01) == 1
    assert structure(-0.01) == -1


def test_sizes_follow_the_rank_size_rule() -> None:
    spec = parse_scenario({"locality.inhabitants": [10000, 20000]}).localities[0]
    values = sorted(realise(spec, 1, replicate).inhabitants for replicate in range(400))
    assert values[0] >= 10000
    assert values[-1] <= 20000
    # median of the rule between a and 2a: 4a/3
    assert values[200] == pytest.approx(13333, rel=0.04)


def test_labels_are_read_off_numbers_where_none_is_given() -> None:
    spec = parse_scenario({"locality.inhabitants": 120000, "locality.executive_ideology": 0.5}).localities[0]
    drawn = realise(spec, 1, 0)
    assert (drawn.size, drawn.executive) == ("medium", "progressive")


def test_the_covariate_parameters_act() -> None:
    spec = from_case("C21")
    low = defaults() | {"covariates.earlier_low": 0.3, "covariates.earlier_high": 0.7}
    high = defaults() | {"covariates.earlier_low": 0.6, "covariates.earlier_high": 1.0}
    assert realise(spec, 1, 0, low).foreign_2014 < realise(spec, 1, 0, high).foreign_2014
    sharp, blurred = (defaults() | {"covariates.structure_spread": value} for value in (0.01, 0.15))

    def good(values: dict[str, float]) -> int:
        return sum(realise(from_case("C03"), 1, replicate, values).structure > 0 for replicate in range(60))

    assert good(sharp) != good(blurred)
    assert realise(spec, 1, 0) == realise(spec, 1, 0, defaults())


def test_trend_and_unemployment_are_drawn_together_under_the_theory_that_says_so() -> None:
    def drawn(theory: str, strength: float = 0.8) -> tuple[list[float], list[float]]:
        spec = parse_scenario({"locality.type": "left_behind"}).localities[0]
        values = defaults() | {"covariates.trend_unemployment": strength}
        found = [realise(spec, 1, replicate, values, {"structure": theory}) for replicate in range(300)]
        return [each.unemployment for each in found], [each.trend for each in found]

    apart, together = drawn("independent"), drawn("joint")
    assert apart[0] == together[0]
    assert abs(correlation(*apart)) < 3 / 300**0.5
    assert correlation(*together) < -0.6
    low, high = label("structure", "minus", "population_trend")
    assert low / 100 <= min(together[1]) < max(together[1]) <= high / 100
    assert drawn("joint", 0.0)[1] == pytest.approx(apart[1], abs=1e-9)


def test_a_given_trend_stays_where_it_is_when_unemployment_is_drawn_with_it() -> None:
    spec = parse_scenario({"locality.population_trend": 0.004}).localities[0]
    for replicate in range(5):
        drawn = realise(spec, 1, replicate, None, {"structure": "joint"})
        assert drawn.trend == pytest.approx(0.004)
        assert drawn.structure == 1
