"""Rules of policy: utility, discretion, capacity and means of a municipality."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

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

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
ANY = st.floats(-50, 50)
P = parameters("policy")


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


@given(st.floats(0.01, 0.4), st.floats(0, 0.6), st.floats(1, 30))
def test_means_fall_with_unemployment_and_rise_with_what_law_gives(unemployment, gain, spending):
    means = municipal_means(unemployment, 0.07, gain, spending, 8.0)
    assert 0.0 < means <= 3.0
    assert municipal_means(unemployment + 0.01, 0.07, gain, spending, 8.0) <= means
    assert municipal_means(unemployment, 0.07, gain, spending + 1.0, 8.0) > means
    assert municipal_means(0.07, 0.07, gain, 8.0, 8.0) == 1.0
    assert own_funds(1.0, 0.5, means) < own_funds(1.0, 0.25, means)
