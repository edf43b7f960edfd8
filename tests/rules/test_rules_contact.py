"""Rules of contact: bounds kept, and monotone where the source says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import contact
from woc_sim.rules.contact import MODERATED, NO_CONTACT, UNMODERATED

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)
STEP = st.floats(0, 0.05)
P = parameters("encounters", "ties")


@given(OPINION, UNIT, UNIT, OPINION)
def test_liking_is_bounded_and_grows_with_sympathy(
    attitude: float, language: float, distance: float, other: float
) -> None:
    liking = contact.preference(P, attitude, language, distance)
    assert P.encounters_liking_low <= liking <= P.encounters_liking_high
    low, high = sorted((attitude, other))
    assert contact.preference(P, low, language, distance) <= contact.preference(P, high, language, distance)
    assert (
        contact.preference(P, attitude, language, 1.0) <= liking <= contact.preference(P, attitude, 1.0, 0.0)
    )


@given(UNIT, UNIT, UNIT)
def test_only_the_moderated_theory_tells_settings_apart(
    structure: float, sanction: float, other: float
) -> None:
    assert structure <= contact.moderation(P, MODERATED, structure, sanction) <= 1.0
    for theory in (UNMODERATED, NO_CONTACT):
        assert contact.moderation(P, theory, structure, sanction) == contact.moderation(
            P, theory, other, other
        )


@given(st.floats(0, 0.25), UNIT, OPINION, UNIT, UNIT, st.floats(0, 1.5))
def test_meetings_go_badly_less_often_when_moderated(
    base: float, moderated: float, attitude: float, language: float, visible: float, stigma: float
) -> None:
    p = P._replace(encounters_bad=base, encounters_stigma=stigma)
    chance = contact.bad_chance(p, moderated, attitude, language, visible)
    assert 0.0 <= chance <= p.encounters_bad_highest
    assert contact.bad_chance(p, 1.0, attitude, language, visible) <= chance + 1e-12
    assert contact.bad_chance(p, moderated, 1.0, language, 0.0) <= chance + 1e-12
    assert contact.bad_chance(p, moderated, attitude, language, 0.0) <= chance + 1e-12


@given(UNIT, UNIT)
def test_who_speaks_and_has_friends_is_asked_to_join(language: float, more: float) -> None:
    alone = contact.asked_to_join(P, language, 0.0)
    assert P.ties_join_unspoken <= alone <= contact.asked_to_join(P, max(language, more), 0.0) <= 1.0
    assert contact.asked_to_join(P, language, 2.0) == pytest.approx(alone * (1.0 + 2.0 * P.ties_join_ties))
    most = contact.asked_to_join(P, language, P.ties_join_most_ties)
    assert contact.asked_to_join(P, language, 99.0) == most


def test_talk_needs_hours_and_grows_with_a_language_and_liking() -> None:
    assert contact.talk_hours(P, 0.0, 1.0, 0.9) == 0.0
    assert contact.talk_hours(P, 4.0, 1.0, 0.5) == pytest.approx(4.0)
    assert contact.talk_hours(P, 4.0, 0.0, 0.5) == pytest.approx(4.0 * P.encounters_talk_unspoken)
    assert contact.talk_hours(P, 4.0, 1.0, 0.9) > contact.talk_hours(P, 4.0, 1.0, 0.1)


@given(st.floats(0.02, 0.9), st.floats(0, 200), st.floats(0, 200))
def test_more_hours_make_ties_more_likely(liking: float, hours: float, more: float) -> None:
    assert 0.0 <= contact.tie_chance(liking, hours, 50.0) <= 1.0
    assert contact.tie_chance(liking, hours, 50.0) <= contact.tie_chance(liking, hours + more, 50.0)


def test_street_contact_counts_for_little_against_an_evening_a_week() -> None:
    assert contact.dose(0.2, 2.0) < 0.2 * contact.dose(8.0, 2.0)


@given(OPINION, UNIT, UNIT, STEP, st.floats(1.2, 2.0))
def test_good_contact_lifts_bad_contact_lowers_and_weighs_more(
    attitude: float, good: float, bad: float, gain: float, asymmetry: float
) -> None:
    assert contact.contact_effect(MODERATED, attitude, good, 0.0, gain, asymmetry) >= 0.0
    assert contact.contact_effect(MODERATED, attitude, 0.0, bad, gain, asymmetry) <= 0.0
    moved = attitude + contact.contact_effect(MODERATED, attitude, good, bad, gain, asymmetry)
    assert -1.0 - 1e-12 <= moved <= 1.0 + 1e-12
    assert contact.contact_effect(NO_CONTACT, attitude, good, bad, gain, asymmetry) == 0.0
    assert contact.contact_effect(MODERATED, 0.0, good, good, gain, asymmetry) <= 0.0


@given(OPINION, OPINION, STEP)
def test_a_norm_pulls_its_own_way_and_none_pulls_nowhere(attitude: float, norm: float, gain: float) -> None:
    effect = contact.norm_effect(MODERATED, attitude, norm, gain)
    assert effect * norm >= 0.0
    assert contact.norm_effect(MODERATED, attitude, 0.0, gain) == 0.0
    assert contact.norm_effect(NO_CONTACT, attitude, norm, gain) == 0.0
