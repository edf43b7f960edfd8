"""Rules of arrivals, demography, votes, experience and onward moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import arrivals, belonging, demography, onward

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)
YES = st.booleans()
P = parameters("arrivals", "experience")


@given(st.floats(0, 100), UNIT, OPINION)
def test_an_open_executive_takes_more_than_a_closed_one(
    expected: float, share: float, openness: float
) -> None:
    placed = arrivals.placed_arrivals(expected, share, openness, 0.5)
    assert 0.0 <= arrivals.placed_arrivals(expected, share, -1.0, 0.5) <= placed
    assert placed <= arrivals.placed_arrivals(expected, share, 1.0, 0.5)


@given(st.floats(0, 100), UNIT, st.floats(0, 20), UNIT)
def test_jobs_and_compatriots_pull(expected: float, share: float, tight: float, compatriots: float) -> None:
    chosen = arrivals.chosen_arrivals(P, expected, share, tight, compatriots)
    assert chosen >= 0.0
    assert arrivals.chosen_arrivals(P, expected, share, tight + 1.0, compatriots) >= chosen
    assert arrivals.chosen_arrivals(P, expected, share, tight, min(1.0, compatriots + 0.1)) >= chosen


@given(st.floats(0, 50))
def test_counts_have_the_right_mean(expected: float) -> None:
    counts = [arrivals.whole_number(expected, (k + 0.5) / 1000.0) for k in range(1000)]
    assert abs(sum(counts) / 1000.0 - expected) <= 0.001
    assert max(counts) - min(counts) <= 1


@given(st.floats(0, 60), st.floats(0, 0.9), st.floats(0, 0.999))
def test_procedures_last_around_their_mean(mean: float, spread: float, u: float) -> None:
    months = arrivals.procedure_months(mean, spread, u)
    assert mean * (1.0 - spread) - 0.5 <= months <= mean * (1.0 + spread) + 0.5


@given(UNIT, UNIT, UNIT, UNIT)
def test_reception_gains_from_support_and_loses_by_restriction(
    base: float, support: float, harm: float, crowd: float
) -> None:
    p = P._replace(arrivals_reception_base=base)
    quality = arrivals.reception_aim(p, support, harm, crowd)
    assert 0.0 <= quality <= 1.0
    assert arrivals.reception_aim(p, 1.0, harm, crowd) >= quality
    assert arrivals.reception_aim(p, support, 1.0, crowd) <= quality


def test_families_follow_only_after_the_delay() -> None:
    assert arrivals.reunion_chance(0.03, 11.0, 12.0) == 0.0
    assert arrivals.reunion_chance(0.03, 12.0, 12.0) == 0.03


@given(st.floats(0, 109), st.floats(0, 109))
def test_the_old_die_sooner(age: float, other: float) -> None:
    low, high = sorted((age, other))
    assert 0.0 <= demography.death_chance(low, 0.06) <= demography.death_chance(high, 0.06) <= 1.0


@given(st.integers(0, 2), YES, st.floats(0, 0.999))
def test_a_successor_is_in_the_stage_of_the_position(stage: int, ended: bool, u: float) -> None:
    assert demography.stage_of(demography.successor_age(stage, ended, u)) == stage


@given(OPINION, OPINION, OPINION)
def test_votes_follow_leaning_and_changed_opinion(leaning: float, attitude: float, anchor: float) -> None:
    position = demography.vote_position(leaning, attitude, anchor, 1.0)
    assert -1.0 <= position <= 1.0
    assert demography.vote_position(leaning, anchor, anchor, 1.0) == -leaning
    assert demography.vote_position(leaning, 1.0, anchor, 1.0) >= position


@given(st.floats(0, 8), UNIT, UNIT, UNIT, st.floats(0, 20), UNIT, UNIT, st.floats(0, 12))
def test_belonging_grows_with_what_one_has_and_falls_with_what_is_done_to_one(
    ties: float,
    job: float,
    home: float,
    language: float,
    harm: float,
    worse: float,
    rule: float,
    years: float,
) -> None:
    has = belonging.Situation(ties, job, home, language, years)
    felt = belonging.belonging_aim(P, has, harm, worse, rule)
    assert -1.0 <= felt <= 1.0
    assert belonging.belonging_aim(P, has._replace(ties=ties + 1.0), harm, worse, rule) >= felt
    assert belonging.belonging_aim(P, has._replace(job=1.0), harm, worse, rule) >= felt
    assert belonging.belonging_aim(P, has, harm + 1.0, worse, rule) <= felt
    assert belonging.belonging_aim(P, has, harm, 1.0, rule) <= felt
    assert belonging.belonging_aim(P, has, harm, worse, 1.0) <= felt


@given(st.floats(0, 8), st.floats(0, 20))
def test_company_eases_and_a_family_abroad_hurts(ties: float, coethnic: float) -> None:
    lonely = belonging.loneliness_aim(P, ties, coethnic, False, False)
    assert 0.0 <= lonely <= 1.0
    assert belonging.loneliness_aim(P, ties + 1.0, coethnic, False, False) <= lonely
    assert belonging.loneliness_aim(P, ties, coethnic, True, False) >= lonely
    assert belonging.loneliness_aim(P, ties, coethnic, False, True) <= lonely


@given(OPINION, UNIT, UNIT)
def test_children_hold_and_placement_loosens(felt: float, job: float, home: float) -> None:
    has = belonging.Situation(0.0, job, home, 0.0, 0.0)
    wish = belonging.stay_aim(P, felt, has, 0.5, False, False, False)
    assert -1.0 <= wish <= 1.0
    assert belonging.stay_aim(P, felt, has, 0.5, True, False, False) >= wish
    assert belonging.stay_aim(P, felt, has, 0.5, False, True, False) <= wish
    assert belonging.stay_aim(P, felt, has, 0.5, False, False, True) >= wish
    assert belonging.stay_aim(P, felt, has, 1.0, False, False, False) <= wish


@given(UNIT, YES, UNIT, UNIT, UNIT)
def test_trust_follows_reception_and_treatment(
    reception: float, waiting: bool, harm: float, served: float, worse: float
) -> None:
    trust = belonging.trust_aim(P, reception, waiting, harm, served, worse)
    assert -1.0 <= trust <= 1.0
    assert belonging.trust_aim(P, 1.0, waiting, harm, served, worse) >= trust
    assert belonging.trust_aim(P, reception, waiting, harm, served, 1.0) <= trust


@given(OPINION, OPINION, OPINION, OPINION, UNIT)
def test_deprivation_needs_a_difference_and_somebody_to_compare_with(
    waiting: float, home: float, work: float, accepted: float, presence: float
) -> None:
    assert 0.0 <= belonging.deprivation_aim(P, waiting, home, work, accepted, presence) <= 1.0
    assert belonging.deprivation_aim(P, waiting, home, work, accepted, 0.0) == 0.0
    assert belonging.deprivation_aim(P, 0.0, 0.0, 0.0, 0.0, presence) == 0.0


@given(UNIT, UNIT, UNIT)
def test_an_advantage_makes_no_amends_for_unequal_treatment(
    waiting: float, ahead: float, seen: float
) -> None:
    alone = belonging.deprivation_aim(P, waiting, 0.0, 0.0, 0.0, seen)
    assert belonging.deprivation_aim(P, waiting, -ahead, -ahead, -ahead, seen) == alone


@given(OPINION, UNIT)
def test_sympathy_opens_homes_and_distance_closes_them(attitude: float, distance: float) -> None:
    chance = arrivals.hosting_chance(P, attitude, distance)
    assert 0.0 <= chance <= 1.0
    assert arrivals.hosting_chance(P, 1.0, distance) >= chance >= arrivals.hosting_chance(P, attitude, 1.0)


def test_births_fall_in_fertile_years() -> None:
    assert arrivals.birth_chance(0.12, 30.0) == pytest.approx(0.01)
    assert arrivals.birth_chance(0.12, 17.9) == arrivals.birth_chance(0.12, 45.1) == 0.0


@given(OPINION, UNIT, st.floats(0, 10))
def test_liking_of_residents_moves_with_contact_and_discrimination(
    before: float, good: float, events: float
) -> None:
    assert -1.0 <= belonging.liking_step(P, before, good, events) <= 1.0
    assert belonging.liking_step(P, before, good, 0.0) >= before
    assert belonging.liking_step(P, before, 0.0, events) <= before


@given(YES, YES, YES, OPINION, YES, YES, YES)
def test_who_moves_on(
    children: bool, job: bool, home: bool, stay: float, bound: bool, free: bool, refused: bool
) -> None:
    hazard = onward.leave_chance(P, children, job, home, stay, bound, free, refused)
    assert 0.0 <= hazard <= 1.0
    assert onward.leave_chance(P, True, job, home, stay, bound, free, refused) <= hazard
    assert onward.leave_chance(P, children, False, home, stay, bound, free, refused) >= hazard
    assert onward.leave_chance(P, children, job, False, stay, bound, free, refused) >= hazard
    assert onward.leave_chance(P, children, job, home, 1.0, bound, free, refused) <= hazard
    assert onward.leave_chance(P, children, job, home, stay, True, free, refused) <= hazard


def test_no_job_and_no_home_about_double_onward_moves() -> None:
    both = onward.leave_chance(P, False, False, False, 0.0, False, False, False)
    none = onward.leave_chance(P, False, True, True, 0.0, False, False, False)
    assert 1.5 <= both / none <= 2.0
