"""Rules of organisations: bounds kept, monotone where the source says so."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.parameters import parameters

from woc_sim.rules.belief import belief_step, loudness, politicisation_step, voice_chance, voice_form
from woc_sim.rules.curves import chance, clip, coverage, normal, saturate, squash, towards
from woc_sim.rules.frames import diagnostic_target, hearing_weight, leaning_weight, talk
from woc_sim.rules.policy import (
    Voices,
    adopt_chance,
    discretion,
    drop_chance,
    implementation,
    log2,
    municipal_means,
    own_funds,
    own_stance,
    steering_capacity,
    template_fit,
    voices_at_the_table,
    weigh,
)
from woc_sim.rules.provision import (
    CROWDING_OUT,
    NEED_ONLY,
    Actor,
    begin_chance,
    covered_by_two,
    end_chance,
    interest_will,
    mission_will,
    served,
    unmet,
)
from woc_sim.rules.relations import (
    Pair,
    amplified,
    capacity_factor,
    congruence,
    engagement_target,
    kept_habit,
    meeting_target,
    tone_target,
)
from woc_sim.rules.rrp import BALANCE_OF_POWER, INTERACTION, PENALTY, rrp_pressure
from woc_sim.rules.volunteering import (
    fatigue_step,
    hours_given,
    join_chance,
    match_chance,
    quit_chance,
    sympathy,
)

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
ANY = st.floats(-50, 50)

P = parameters("policy", "relations", "frames", "perception", "civil_society", "business")


@given(ANY, ANY)
def test_curves_are_bounded_and_increasing(a, b):
    low, high = min(a, b), max(a, b)
    assert -1 <= squash(low) <= squash(high) <= 1
    assert 0 <= chance(low) <= chance(high) <= 1
    assert chance(0.0) == 0.5
    assert 0 <= saturate(abs(a), 1.0) < 1


def test_the_normal_table_is_a_standard_normal():
    n = 20_000
    values = [normal((i + 0.5) / n) for i in range(n)]
    mean = sum(values) / n
    assert abs(mean) < 1e-9
    assert math.sqrt(sum(v * v for v in values) / n) == pytest.approx(1.0, abs=0.01)
    assert normal(0.975) == pytest.approx(1.96, abs=0.01)
    assert all(a <= b for a, b in pairwise(values))


@given(SHARE, SHARE, SHARE)
def test_coverage_is_a_share_that_every_supplier_raises(public, higher, nonpublic):
    both = coverage(public, higher, nonpublic)
    assert max(public, higher, nonpublic) - 1e-12 <= both <= 1.0


@given(SIGNED, SIGNED, SHARE)
def test_towards_and_clip_stay_between(value, target, speed):
    moved = towards(value, target, speed)
    assert min(value, target) - 1e-12 <= moved <= max(value, target) + 1e-12
    assert clip(moved * 3, -1, 1) == max(-1, min(1, moved * 3))


@given(SHARE, SHARE, SHARE, SHARE, SHARE)
def test_politicisation_is_a_share_that_seats_raise(state, media, rrp, conflicts, more):
    quiet = politicisation_step(P, state, media, rrp, conflicts)
    loud = politicisation_step(P, state, media, min(1.0, rrp + more), conflicts)
    assert 0 <= quiet <= loud + 1e-12 <= 1 + 1e-12


@given(SIGNED, SHARE, SHARE)
def test_both_camps_raise_their_voice_alike(attitude, interest, politicised):
    chance = voice_chance(P, attitude, interest, politicised)
    assert chance == voice_chance(P, -attitude, interest, politicised)
    assert 0 <= chance <= 1


@given(SHARE)
def test_hostile_voices_are_louder_the_more_politicised_the_place(politicised):
    assert loudness(P, -0.5, politicised) >= loudness(P, -0.5, 0.0) > loudness(P, 0.5, politicised)
    alike = P._replace(perception_hostile=0.5, perception_supportive=0.5, perception_heated=0.0)
    assert loudness(alike, -0.5, politicised) == loudness(alike, 0.5, politicised) == 1.5


@given(SIGNED, SIGNED, SIGNED, st.floats(0, 30), SIGNED, SHARE, SHARE, SHARE)
def test_beliefs_stay_in_bounds_and_contacts_move_them_to_those_met(
    belief, heard, met, contacts, ideology, speed, projection, correction
):
    p = P._replace(perception_speed=speed, perception_projection=projection, perception_correction=correction)
    one = belief_step(p, belief, heard, met, contacts, ideology)
    assert -1 <= one <= 1
    more = belief_step(p, belief, heard, met, contacts + 5, ideology)
    assert (more - one) * (met - heard) >= -1e-12


@given(SIGNED, SHARE)
def test_politicisation_multiplies_ideology_of_either_sign(ideology, politicised):
    assert abs(amplified(ideology, politicised, 1.5)) >= abs(ideology)
    assert amplified(-ideology, politicised, 1.5) == -amplified(ideology, politicised, 1.5)


@given(SIGNED, SHARE, SIGNED, SIGNED)
def test_engagement_rises_with_each_reason(ideology, need, belief, joint):
    base = engagement_target(P, ideology, need, belief, joint)
    assert 0 <= base <= 1
    assert engagement_target(P, ideology + 0.1, need, belief, joint) > base
    assert engagement_target(P, ideology, need + 0.1, belief, joint) > base
    assert engagement_target(P, ideology, need, belief + 0.1, joint) > base
    assert engagement_target(P, ideology, need, belief, joint + 0.1) > base


@given(st.floats(0.5, 1.5), st.floats(0.5, 1.5), SHARE, st.floats(0, 2), SHARE, SIGNED, SHARE, SHARE)
def test_meetings_are_symmetric_and_limited(cap_i, cap_j, reach, engaged, need, agree, shared, paid):
    pair = Pair(cap_i, cap_j, reach, engaged, agree, shared, paid)
    one = meeting_target(P, pair, need)
    assert one == pytest.approx(meeting_target(P, pair._replace(capacity_a=cap_j, capacity_b=cap_i), need))
    assert 0 <= one <= P.relations_most * 1.5
    assert meeting_target(P, pair._replace(engaged=engaged + 1.0), need) >= one


@given(SIGNED, SIGNED)
def test_congruence_is_one_for_the_same_ideology(a, b):
    assert congruence(a, a) == 1
    assert -1 <= congruence(a, b) <= 1


@given(SHARE, SHARE)
def test_disagreement_sours_the_tone_more_where_the_topic_is_politicised(shared, politicised):
    assert tone_target(P, -0.5, shared, politicised) <= tone_target(P, -0.5, shared, 0.0)
    assert tone_target(P, 1.0, shared, politicised) == pytest.approx(tone_target(P, 1.0, shared, 0.0))


@given(st.floats(0, 40), SHARE, SHARE)
def test_a_habit_fades_where_people_cannot_meet(target, meetings, erosion):
    assert 0 <= kept_habit(target, meetings, erosion) <= target
    assert kept_habit(target, 1.0, erosion) == target


@given(st.floats(0, 100))
def test_capacity_factor_lies_between_a_half_and_one_and_a_half(capacity):
    assert 0.5 <= capacity_factor(capacity, 4.0) <= 1.5


@given(SIGNED, SHARE, SHARE)
def test_frames(ideology, breadth, speed):
    assert leaning_weight(1.6, -0.6, ideology, 0.0, 0.0) > 0
    assert leaning_weight(0.4, 0.6, ideology, breadth, 1.0) >= leaning_weight(0.4, 0.6, ideology, 0.0, 1.0)
    mixed = talk(0.2, 0.4, 0.6, 0.5, speed)
    assert 0.2 <= mixed <= 0.5 + 1e-12
    assert hearing_weight(10.0, 0.8, 1.0, 2.0) > hearing_weight(10.0, 0.8, 0.0, 2.0)
    assert diagnostic_target(P, 0.6, ideology, 0.0) > diagnostic_target(P, 0.1, ideology, 0.0)


@given(SHARE, SHARE)
def test_measures_crowd_out_only_in_the_theory_that_says_so(need, covered):
    assert unmet(CROWDING_OUT, need, covered) <= unmet(NEED_ONLY, need, covered) == need


@given(SHARE, SHARE, SIGNED, SIGNED, SHARE, SHARE, st.floats(0, 5), SIGNED)
def test_mission_will_rises_with_need_and_falls_with_other_work(
    left, third, joint, openness, tired, public, busy, goodwill
):
    actor = Actor(third, joint, openness, tired, goodwill, 1.2, 0.5)
    will = mission_will(P, actor, left, public, busy)
    assert 0 <= will <= 1
    assert mission_will(P, actor, left + 0.2, public, busy) > will
    assert mission_will(P, actor, left, public, busy + 1) < will
    assert mission_will(P, actor, left, public + 0.2, busy) > will
    assert mission_will(P, actor._replace(goodwill=goodwill + 0.2), left, public, busy) > will
    assert mission_will(P, actor._replace(fatigue=tired + 0.2), left, public, busy) < will
    assert mission_will(P, actor._replace(tie=0.0), left, public, busy) <= will


@given(SHARE, SHARE, SHARE, SIGNED)
def test_interest_needs_an_own_shortage(shortage, cost, invited, reaction):
    will = interest_will(P, shortage, 0.3, invited, reaction)
    assert interest_will(P, shortage + 0.1, 0.3, invited, reaction) > will
    assert interest_will(P, shortage, 1.0, invited, reaction) <= will


@given(st.floats(0, 100))
def test_supply_has_diminishing_returns(supply):
    assert 0 <= served(supply, 3.0) < 1
    assert served(supply + 1, 3.0) - served(supply, 3.0) >= served(supply + 2, 3.0) - served(supply + 1, 3.0)


@given(SHARE, SHARE)
def test_will_begins_initiatives_and_the_lack_of_it_ends_them(will, more):
    stronger = min(1.0, will + more)
    assert 0 <= begin_chance(will, 0.08) <= begin_chance(stronger, 0.08) <= 0.08
    assert 0 <= end_chance(stronger, 0.05) <= end_chance(will, 0.05) <= 0.05
    both = covered_by_two(will, more)
    assert max(will, more) - 1e-12 <= both == covered_by_two(more, will) <= 1


@given(SIGNED, SHARE, st.floats(0, 3), SHARE)
def test_volunteers(attitude, interest, call, fatigue):
    assert 0 <= join_chance(attitude, interest, call, 0.06) <= 1
    if attitude <= 0:
        assert join_chance(attitude, interest, call, 0.06) == 0
    assert quit_chance(P, fatigue, attitude) >= quit_chance(P, 0.0, attitude)
    tired = fatigue_step(P, fatigue, 6.0, 0.0)
    eased = fatigue_step(P, fatigue, 6.0, 1.0)
    assert 0 <= eased <= tired <= 1


@given(SHARE)
def test_new_volunteers_give_the_mean_hours_on_the_mean(u):
    assert 0 < hours_given(P, u) < 2 * P.civil_society_hours
    assert (hours_given(P, u) + hours_given(P, 1 - u)) / 2 == pytest.approx(P.civil_society_hours)


@given(SHARE, SHARE, SIGNED)
def test_rival_rules_of_radical_right_pressure(seats, majority, ideology):
    for theory in (INTERACTION, BALANCE_OF_POWER, PENALTY):
        assert rrp_pressure(theory, seats, majority, ideology, 1.5, 0.5) <= 0
    assert rrp_pressure(INTERACTION, seats, majority, 1.0, 1.5, 0.5) == 0
    assert rrp_pressure(PENALTY, seats, majority, -1.0, 1.5, 0.5) == rrp_pressure(
        PENALTY, seats, majority, 1.0, 1.5, 0.5
    )
    assert rrp_pressure(BALANCE_OF_POWER, 0.2, 0.6, ideology, 1.5, 0.5) == 0
    assert rrp_pressure(BALANCE_OF_POWER, 0.2, 0.4, ideology, 1.5, 0.3) == pytest.approx(-0.45)


def test_log2_is_exact_at_powers_of_two_and_increasing():
    assert [log2(float(2**k)) for k in range(8)] == [float(k) for k in range(8)]
    grid = [1 + 0.1 * i for i in range(300)]
    assert all(log2(a) < log2(b) for a, b in pairwise(grid))


@given(st.floats(1, 200), SHARE)
def test_an_officer_raises_capacity(staff, expertise):
    assert steering_capacity(P, staff, 1.0, expertise) > steering_capacity(P, staff, 0.0, expertise)
    assert steering_capacity(P, staff + 1, 0.0, 0.0) > steering_capacity(P, staff, 0.0, 0.0)
    alone = P._replace(policy_staff_gain=0.0, policy_officer_gain=0.0)
    assert steering_capacity(alone, staff, 1.0, expertise) == 1.0


@given(SIGNED, SIGNED)
def test_a_mayor_weighs_less_where_more_voices_are_heard(executive, mayor):
    few = own_stance(executive, mayor, voices_at_the_table(1.0, 5.0, 4.0))
    many = own_stance(executive, mayor, voices_at_the_table(3.0, 50.0, 4.0))
    assert abs(many - executive) <= abs(few - executive) + 1e-12


@given(SIGNED, SHARE)
def test_a_duty_takes_discretion_and_replaces_will(ideology, duty):
    free = discretion(duty, 0.8)
    assert 0.2 - 1e-12 <= free <= 1
    voices = Voices(ideology, 0.0, 0.0, 0.0)
    willing = weigh(free, 0.6, 1.0, 0.1, voices, 0.2)
    assert weigh(free, 0.6, 1.0, 0.1, voices, 0.3) < willing
    # a restrictive measure turns ideology round
    assert weigh(1.0, 0.6, -1.0, 0.0, voices, 0.0) == -ideology


@given(ANY)
def test_adoption_and_dropping_are_opposite_chances(utility):
    adopt = adopt_chance(utility, 5.0, 0.1)
    drop = drop_chance(utility, 5.0, 0.05)
    assert 0 <= adopt <= 0.1
    assert 0 <= drop <= 0.05
    assert adopt / 0.1 + drop / 0.05 == pytest.approx(1.0)


@given(SHARE, SIGNED, st.floats(0, 3))
def test_implementation_needs_posts_and_willing_bureaucrats(frame, ideology, posts):
    assert 0 <= implementation(P, frame, ideology, posts) <= P.policy_practice_most
    assert implementation(P, frame, ideology, 0.0) == 0
    assert implementation(P, 0.8, ideology, 1.0) <= implementation(P, 0.2, ideology, 1.0)
    assert implementation(P, P.policy_practice_neutral, 0.0, 1.0) == P.policy_practice


@given(st.floats(0.1, 300))
def test_templates_fit_large_staffs(staff):
    assert 0 < template_fit(staff, 40.0) < template_fit(staff + 1, 40.0) < 1


@given(SIGNED, SHARE, SHARE)
def test_heated_voices_take_costlier_forms(stance, politicised, u):
    assert voice_form(P, stance, politicised, u) in (0, 1, 2)
    assert voice_form(P, stance, 1.0, u) >= voice_form(P, stance, 0.0, u)
    assert voice_form(P, 0.0, politicised, u) < 2


@given(st.floats(0, 500), st.floats(0, 500))
def test_more_volunteers_per_migrant_are_found_sooner(volunteers, migrants):
    chance = match_chance(0.03, volunteers, migrants + 1.0)
    assert 0 <= chance <= match_chance(0.03, volunteers + 10.0, migrants + 1.0) <= 0.06
    assert match_chance(0.03, 50.0, 50.0) == pytest.approx(0.03)


@given(SIGNED, SIGNED, SHARE)
def test_sympathy_is_with_those_who_are_there(attitude, attitude_ua, part):
    felt = sympathy(attitude, attitude, attitude_ua, part)
    assert min(attitude, attitude_ua) - 1e-12 <= felt <= max(attitude, attitude_ua) + 1e-12
    assert sympathy(attitude, attitude, attitude_ua, 0.0) == attitude


@given(st.floats(0.01, 0.4), st.floats(0, 0.6), st.floats(1, 30))
def test_means_fall_with_unemployment_and_rise_with_what_law_gives(unemployment, gain, spending):
    means = municipal_means(unemployment, 0.07, gain, spending, 8.0)
    assert 0.0 < means <= 3.0
    assert municipal_means(unemployment + 0.01, 0.07, gain, spending, 8.0) <= means
    assert municipal_means(unemployment, 0.07, gain, spending + 1.0, 8.0) > means
    assert municipal_means(0.07, 0.07, gain, 8.0, 8.0) == 1.0
    assert own_funds(1.0, 0.5, means) < own_funds(1.0, 0.25, means)
