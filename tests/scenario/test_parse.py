"""The strict parser: defaults, nesting, precedence, and one sentence for each mistake."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.errors import UserError
from woc_sim.inputs.tables import label
from woc_sim.scenario import fields
from woc_sim.scenario.interventions import EFFECTS
from woc_sim.scenario.parameters import defaults, registry
from woc_sim.scenario.parse import parse, parse_scenario
from woc_sim.scenario.schema import PROCESSES, RunOptions, Scenario, Shocks
from woc_sim.scenario.theories import THEORIES, theory_codes


def test_nothing_said_gives_the_defaults() -> None:
    scenario, options = parse({})
    assert scenario == Scenario(localities=scenario.localities)
    assert options == RunOptions()
    assert scenario.schedule == PROCESSES
    assert scenario.parameters == defaults()
    assert [spec.name for spec in scenario.localities] == ["synthetic"]
    assert scenario.localities[0].rrp_share is None


def test_null_means_default_everywhere() -> None:
    nothing = {
        "case": None,
        "seed": None,
        "locality": {"size": None, "rrp_share": None},
        "theory": None,
        "out": None,
    }
    assert parse(nothing) == parse({})


def test_a_case_has_the_bands_of_the_study_as_shares() -> None:
    spec = parse_scenario({"case": "C13"}).localities[0]
    assert (spec.name, spec.case, spec.framework, spec.size, spec.executive) == (
        "C13",
        "C13",
        "SE",
        "small",
        "conservative",
    )
    assert spec.rrp_share == (0.20, 0.30)
    assert spec.non_eu_share == (0.01, 0.05)
    assert spec.unemployment == (0.05, 0.10)
    assert spec.population_trend is None


def test_a_case_without_bands_has_only_labels() -> None:
    spec = parse_scenario({"case": "C44"}).localities[0]
    assert spec.inhabitants == label("size", "medium", "inhabitants")
    assert spec.rrp_share is spec.non_eu_share is spec.unemployment is None


def test_several_cases_share_a_world_in_the_order_given() -> None:
    assert [spec.name for spec in parse_scenario({"case": ["C22", "C21"]}).localities] == ["C22", "C21"]


def test_dotted_nested_and_short_keys_mean_the_same() -> None:
    dotted = {"locality.size": "rural", "locality.executive": "mixed", "locality.rrp_share": 0.2}
    nested = {"locality": {"size": "rural", "executive": "mixed", "rrp_share": 0.2}}
    short = {"size": "rural", "executive": "mixed", "locality": {"rrp_share": 0.2}}
    mixed = {"locality": {"size": "rural"}, "locality.executive": "mixed", "locality.rrp_share": 0.2}
    assert parse(dotted) == parse(nested) == parse(short) == parse(mixed)


def test_numbers_win_over_labels_and_labels_over_the_case() -> None:
    spec = parse_scenario(
        {"case": "C21", "executive": "conservative", "locality.inhabitants": 5000}
    ).localities[0]
    assert spec.executive == "conservative"
    assert spec.executive_ideology == label("executive", "conservative", "ideology")
    assert spec.inhabitants == (5000.0, 5000.0)
    assert spec.size == ""
    both = parse_scenario({"locality": {"size": "small", "inhabitants": [31000, 32000]}}).localities[0]
    assert both.size == "small"
    assert both.inhabitants == (31000.0, 32000.0)


def test_a_type_sets_trend_unemployment_and_experience_alone() -> None:
    plain = parse_scenario({"case": "C21"}).localities[0]
    typed = parse_scenario({"case": "C21", "locality.type": "left_behind"}).localities[0]
    changed = {name for name in plain.__slots__ if getattr(plain, name) != getattr(typed, name)}
    assert changed == {"type", "population_trend", "unemployment", "pre2014_foreign_share"}
    assert typed.population_trend is not None
    assert typed.population_trend[1] < 0


def test_integers_serve_as_numbers_and_numbers_never_as_integers() -> None:
    scenario = parse_scenario({"locality.rrp_share": 0})
    assert scenario.localities[0].rrp_share == (0.0, 0.0)
    assert type(scenario.localities[0].rrp_share[0]) is float


def test_theories_have_names_here_and_codes_for_kernels() -> None:
    scenario = parse_scenario({"theory": {"influence": "none", "rrp": "penalty"}})
    assert scenario.theories["influence"] == "none"
    codes = theory_codes(scenario.theories)
    assert codes["influence"] == 2
    assert codes["rrp"] == 2
    assert codes["contact"] == 0
    for rivals in THEORIES.values():
        assert sorted(rivals.values()) == list(range(len(rivals)))


def test_parameters_replace_single_values() -> None:
    scenario = parse_scenario({"parameters": {"covariates": {"earlier_low": 0.5}}})
    assert scenario.parameters == defaults() | {"covariates.earlier_low": 0.5}
    assert scenario == parse_scenario({"parameters.covariates.earlier_low": 0.5})


def test_schedule_drops_keep_the_order() -> None:
    scenario = parse_scenario({"schedule": {"drop": ["policy", "calendar"]}})
    assert scenario.schedule == tuple(name for name in PROCESSES if name not in ("policy", "calendar"))
    assert parse_scenario({"schedule.drop": "policy"}).schedule == tuple(
        n for n in PROCESSES if n != "policy"
    )
    assert parse_scenario({"schedule.processes": ["work", "calendar"]}).schedule == ("work", "calendar")


def test_interventions_come_in_one_order_with_months_as_indices() -> None:
    first = {
        "links": {"start": "2012-01"},
        "expertise": {"start": "2020-03", "end": "2021-01", "strength": 0.5},
    }
    scenario = parse_scenario({"intervention": first})
    assert scenario == parse_scenario({"intervention": dict(reversed(first.items()))})
    expertise, links = scenario.interventions
    assert (expertise.name, expertise.start, expertise.end, expertise.strength) == ("expertise", 98, 108, 0.5)
    assert (links.start, links.end, links.strength) == (0, 144, 1.0)
    assert all(effect.meaning and effect.changes for effect in EFFECTS.values())


def test_shocks_are_multipliers() -> None:
    assert parse_scenario({"shocks.covid": 0}).shocks == Shocks(covid=0.0)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"seeed": 1}, "'seeed' does not exist; did you mean 'seed'?"),
        ({"locality.sise": "rural"}, "'locality.sise' does not exist; did you mean 'locality.size'"),
        ({"locality": "rural"}, "locality is 'rural'; allowed: default, in_transition"),
        ({"case": "C99"}, "'C99' does not exist; did you mean"),
        ({"case": 21}, "case 21 does not exist"),
        ({"case": []}, "case is []"),
        ({"case": ["C21", "C21"]}, "case has 'C21' twice"),
        ({"case": "C21", "locality.file": "x.yaml"}, "give one of them"),
        ({"seed": 1.5}, "seed is 1.5; allowed: an integer from 0"),
        ({"seed": 3.0}, "seed is 3.0; allowed: an integer from 0 to 9223372036854775807, written without"),
        ({"people": 1e3}, "people is 1000.0; allowed: an integer"),
        ({"seed": 10**5000}, "seed is an integer of about 5001 digits"),
        ({"scale": 10**400}, "scale is an integer of about 401 digits"),
        ({"seed": [10**5000]}, "seed is [an integer of about 5001 digits]"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": True}, "seed is True"),
        ({"seed": "7"}, "seed is '7'"),
        ({"seed": 2**63}, "allowed: an integer from 0 to 9223372036854775807"),
        ({"months": 0}, "months is 0; allowed: an integer from 1 to 144"),
        ({"months": 145}, "months is 145"),
        ({"people": 0}, "people is 0"),
        ({"scale": math.nan}, "scale is nan"),
        ({"scale": math.inf}, "scale is inf"),
        ({"scale": 0}, "scale is 0"),
        ({"replicates": 0}, "replicates is 0"),
        ({"workers": 0}, "workers is 0"),
        ({"executor": "threads"}, "executor is 'threads'; allowed: in_process, processes"),
        ({"profile": 1}, "profile is 1; allowed: true or false"),
        ({"life_stories": -1}, "life_stories is -1; allowed: an integer from 0 to 1000"),
        ({"life_stories": 1001}, "life_stories is 1001; allowed: an integer from 0 to 1000"),
        ({"life_stories": math.nan}, "life_stories is nan; allowed: an integer"),
        ({"life_stories": "all"}, "life_stories is 'all'; allowed: an integer"),
        ({"progress": "yes"}, "progress is 'yes'"),
        ({"out": ""}, "out is ''"),
        ({"out": "  "}, "out is ' '"),
        ({"out": 7}, "out is 7"),
        ({"out": "a\0b"}, "out is"),
        ({"size": "tiny"}, "locality.size is 'tiny'; allowed: rural, small, medium"),
        ({"executive": "conservativ"}, "did you mean 'conservative'?"),
        ({"executive": "mixed", "locality.executive": "progressive"}, "give one"),
        ({"locality.type": "declining"}, "locality.type is 'declining'"),
        ({"locality.framework": "FR"}, "locality.framework is 'FR'"),
        ({"locality.rrp_share": 20}, "locality.rrp_share is 20; allowed: a number from 0 to 1"),
        ({"locality.rrp_share": [0.3, 0.2]}, "low not above high"),
        ({"locality.rrp_share": [0.3]}, "two of them as [low, high]"),
        ({"locality.rrp_share": [0.1, "x"]}, "locality.rrp_share is 'x'"),
        ({"locality.inhabitants": 12}, "locality.inhabitants is 12"),
        ({"theory.influence": "majority"}, "theory.influence is 'majority'"),
        ({"theory.gravity": "none"}, "'theory.gravity' does not exist"),
        ({"parameters.covariates.earlier_lo": 0.5}, "did you mean 'parameters.covariates.earlier_low'"),
        ({"parameters.covariates.earlier_low": 7}, "allowed: a number from 0.1 to 0.6"),
        ({"parameters.covariates": 7}, "'parameters.covariates' does not exist"),
        ({"shocks.covid": 6}, "shocks.covid is 6; allowed: a number from 0 to 5"),
        ({"shocks.covid": True}, "shocks.covid is True"),
        ({"shocks.war": 1}, "'shocks.war' does not exist"),
        ({"schedule.drop": ["polcy"]}, "did you mean 'policy'?"),
        ({"schedule.drop": list(PROCESSES)}, "leaves no process"),
        ({"schedule.processes": ["work", "work"]}, "schedule.processes has 'work' twice"),
        ({"schedule.order": []}, "'schedule.order' does not exist"),
        ({"intervention.lnks.start": "2018-01"}, "'intervention.lnks' does not exist"),
        ({"intervention.links.begin": "2018-01"}, "'intervention.links.begin' does not exist"),
        ({"intervention.links.start": "2018-13"}, "written YYYY-MM"),
        ({"intervention.links.start": 2018}, "written YYYY-MM"),
        ({"intervention.links": {"start": "2018-01", "end": "2018-01"}}, "a month after its start"),
        ({"intervention.links.strength": 2}, "intervention.links.strength is 2"),
        ({"locality.size": "rural", "locality": {"size": "rural"}}, "locality.size is given twice"),
        ({"locality": 5, "locality.size": "rural"}, "locality.size is given twice"),
        ({1: 2}, "the key 1 is not a name"),
        ({"x": {"_target_": "os.system"}}, "'x' does not exist"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(settings: dict[Any, Any], said: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(settings)
    assert said in caught.value.sentence
    assert "\n" not in caught.value.sentence


def test_run_options_are_no_part_of_a_scenario() -> None:
    with pytest.raises(UserError, match="'replicates' does not exist"):
        parse_scenario({"case": "C21", "replicates": 3})


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_number_is_finite_and_in_range_or_refused(value: float) -> None:
    if math.isfinite(value) and -1 <= value <= 1:
        assert fields.number("x", value, -1, 1) == value
    else:
        with pytest.raises(UserError, match="x is"):
            fields.number("x", value, -1, 1)


@given(st.sampled_from(sorted(registry())), st.floats(0, 1))
def test_every_parameter_takes_its_whole_range(name: str, place: float) -> None:
    one = registry()[name]
    value = min(one.low + place * (one.high - one.low), one.high)
    assert parse_scenario({f"parameters.{name}": value}).parameters[name] == value
    with pytest.raises(UserError, match="allowed: a number from"):
        parse_scenario({f"parameters.{name}": one.high + abs(one.high) + 1})


def test_long_values_are_cut_in_messages() -> None:
    with pytest.raises(UserError) as caught:
        parse({"seed": "9" * 5000})
    assert len(caught.value.sentence) < 250
