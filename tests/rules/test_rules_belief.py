"""Rules of voices and beliefs: both camps alike, louder where the topic is politicised."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.belief import (
    COMMON_MEAN,
    OWN_HISTORY,
    belief_step,
    first_belief,
    loudness,
    memory_step,
    politicisation_step,
    voice_chance,
    voice_form,
    with_memory,
)

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
P = parameters("perception", "first_beliefs")


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


@given(SIGNED, SHARE, SHARE)
def test_heated_voices_take_costlier_forms(stance, politicised, u):
    assert voice_form(P, stance, politicised, u) in (0, 1, 2)
    assert voice_form(P, stance, 1.0, u) >= voice_form(P, stance, 0.0, u)
    assert voice_form(P, 0.0, politicised, u) < 2


@given(SIGNED, SHARE)
def test_the_first_belief_is_the_middle_or_turns_round_with_the_vote(council, votes):
    assert first_belief(COMMON_MEAN, council, votes) == 0.0
    assert first_belief(OWN_HISTORY, council, votes) == -first_belief(OWN_HISTORY, -council, votes)
    assert abs(first_belief(OWN_HISTORY, council, votes)) <= 1.0


@given(SIGNED, SIGNED, SHARE)
def test_memory_draws_what_is_heard_to_itself_and_is_drawn_by_voices(heard, remembered, share):
    p = P._replace(first_beliefs_memory=share, first_beliefs_speed=share)
    assert with_memory(p, COMMON_MEAN, heard, remembered) == heard
    assert memory_step(p, COMMON_MEAN, remembered, heard) == remembered
    low, high = sorted((heard, remembered))
    for between in (
        with_memory(p, OWN_HISTORY, heard, remembered),
        memory_step(p, OWN_HISTORY, remembered, heard),
    ):
        assert low - 1e-12 <= between <= high + 1e-12


def test_without_weight_nothing_is_remembered():
    p = P._replace(first_beliefs_memory=0.0, first_beliefs_speed=0.0)
    assert with_memory(p, OWN_HISTORY, 0.3, -0.6) == 0.3
    assert memory_step(p, OWN_HISTORY, -0.6, 0.3) == -0.6
    assert with_memory(P._replace(first_beliefs_memory=0.25), OWN_HISTORY, 0.4, -0.4) == 0.2
