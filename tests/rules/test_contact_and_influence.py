"""Rules of contact, influence, threat and attitudes: bounds kept, and monotone where the source says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import attitudes, contact, influence, threat
from woc_sim.rules.contact import MODERATED, NO_CONTACT, UNMODERATED
from woc_sim.rules.influence import BOUNDED_CONFIDENCE, FRIEDKIN_JOHNSEN, NO_INFLUENCE
from woc_sim.rules.threat import NO_THREAT, THREAT_RATE, THREAT_STOCK

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)
STEP = st.floats(0, 0.05)
P = parameters("encounters", "ties", "attitudes", "population")


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


@given(OPINION, OPINION, st.floats(0.05, 0.9))
def test_who_listens_to_whom(own: float, other: float, reach: float) -> None:
    assert influence.listens(FRIEDKIN_JOHNSEN, own, other, reach)
    assert not influence.listens(NO_INFLUENCE, own, other, reach)
    assert influence.listens(BOUNDED_CONFIDENCE, own, other, reach) == (abs(other - own) < reach)


@given(OPINION, OPINION, OPINION, UNIT, st.floats(0, 1))
def test_talk_and_predisposition_never_overshoot(
    own: float, heard: float, anchor: float, stubborn: float, speed: float
) -> None:
    moved = own + influence.influence_effect(own, heard, 3, stubborn, speed)
    moved += influence.anchor_effect(own, anchor, stubborn, speed)
    assert min(own, heard, anchor) - 1e-9 <= moved <= max(own, heard, anchor) + 1e-9
    assert influence.influence_effect(own, heard, 0, stubborn, speed) == 0.0


@given(OPINION, OPINION, UNIT, UNIT, st.floats(0, 0.03))
def test_cues_follow_the_executive_and_need_a_politicised_topic(
    attitude: float, leaning: float, interest: float, politicised: float, gain: float
) -> None:
    inclusive = influence.cue_effect(attitude, leaning, interest, politicised, 0.6, 0.0, gain)
    exclusive = influence.cue_effect(attitude, leaning, interest, politicised, -0.6, 0.0, gain)
    assert exclusive <= 0.0 <= inclusive
    assert influence.cue_effect(attitude, leaning, interest, 0.0, 0.6, 0.3, gain) == 0.0
    assert influence.cue_effect(attitude, leaning, interest, politicised, 0.6, 0.3, gain) <= inclusive


@given(UNIT, UNIT, UNIT, st.floats(0, 3))
def test_threat_is_of_the_rate_or_of_the_stock_or_none(
    rate: float, stock: float, politicised: float, inflation: float
) -> None:
    p = P._replace(attitudes_inflation=inflation)
    for theory in (THREAT_RATE, THREAT_STOCK):
        assert 0.0 <= threat.threat_signal(p, theory, rate, stock, politicised) <= 1.0
    by_rate = threat.threat_signal(p, THREAT_RATE, rate, stock, politicised)
    assert by_rate == threat.threat_signal(p, THREAT_RATE, rate, 0.0, politicised)
    by_stock = threat.threat_signal(p, THREAT_STOCK, rate, stock, politicised)
    assert by_stock == threat.threat_signal(p, THREAT_STOCK, 0.0, stock, politicised)
    assert threat.threat_signal(p, NO_THREAT, rate, stock, politicised) == 0.0


@given(OPINION, UNIT, UNIT, UNIT, OPINION, UNIT, STEP)
def test_only_the_right_feels_threatened(
    attitude: float,
    signal: float,
    scarce: float,
    politicised: float,
    leaning: float,
    distance: float,
    gain: float,
) -> None:
    effect = threat.threat_effect(attitude, signal, scarce, politicised, leaning, distance, gain)
    assert effect <= 0.0
    assert attitude + effect >= -1.0 - 1e-12
    assert leaning > 0.0 or effect == 0.0


@given(st.floats(0, 50), UNIT, st.floats(0, 50), UNIT)
def test_scarcity_falls_with_jobs_and_homes(tight: float, vacancy: float, more: float, empty: float) -> None:
    scarce = threat.scarcity(P, tight, vacancy)
    assert 0.0 <= scarce <= 1.0
    assert threat.scarcity(P, tight + more, vacancy) <= scarce
    assert threat.scarcity(P, tight, vacancy + empty) <= scarce


@given(UNIT, OPINION, UNIT, UNIT, UNIT)
def test_perceptions_stay_in_their_scale(
    before: float, attitude: float, signal: float, scarce: float, speed: float
) -> None:
    p = P._replace(attitudes_perception=speed)
    assert 0.0 <= threat.perceived_threat(p, before, attitude, signal, scarce) <= 1.0
    assert 0.0 <= threat.perceived_benefit(p, before, attitude, signal) <= 1.0


@given(st.floats(0, 0.999), st.floats(0, 0.999), st.floats(0, 0.4), st.floats(0.45, 0.9))
def test_leaning_fits_the_council(u: float, v: float, radical: float, right: float) -> None:
    leaning = attitudes.leaning_of(u, v, radical, right, 0.5)
    assert -1.0 <= leaning <= 1.0
    assert (leaning >= 0.5) == (u < radical)
    if u >= right:
        assert leaning <= 0.0


@given(st.floats(-1, 1), st.floats(0, 0.5), st.floats(-0.05, 0.05))
def test_a_conservative_executive_has_more_of_the_right_behind_it(
    executive: float, radical: float, noise: float
) -> None:
    share = attitudes.right_share(0.25, executive, radical, noise)
    assert radical <= share <= 0.95
    assert attitudes.right_share(0.25, -1.0, radical, noise) >= share
    assert share >= attitudes.right_share(0.25, 1.0, radical, noise)


@given(OPINION, UNIT, UNIT, st.floats(0, 0.999))
def test_predispositions_fall_to_the_right(leaning: float, skill: float, settled: float, u: float) -> None:
    mind = attitudes.predisposition(P, 0.1, leaning, skill, settled, u, 0.4)
    assert -1.0 < mind < 1.0
    assert attitudes.predisposition(P, 0.1, 1.0, skill, settled, u, 0.4) <= mind


@given(UNIT, OPINION, st.floats(0, 0.999))
def test_distance_grows_to_the_right(mean: float, leaning: float, u: float) -> None:
    far = attitudes.value_distance(P, mean, leaning, u)
    assert 0.0 <= far <= attitudes.value_distance(P, mean, 1.0, u) <= 1.0


@pytest.mark.parametrize("attitude", [-1.0, 0.0, 0.9])
def test_a_rally_lifts_and_leaves_room(attitude: float) -> None:
    assert 0.0 < attitudes.solidarity(attitude, 0.3, 0.5) <= 1.0 - attitude
    assert attitudes.solidarity(attitude, 0.0, 0.5) == 0.0


@given(OPINION, OPINION)
def test_the_anchor_drifts_towards_what_is_lived(anchor: float, attitude: float) -> None:
    drifted = attitudes.drifted_anchor(anchor, attitude, 0.005)
    assert min(anchor, attitude) - 1e-12 <= drifted <= max(anchor, attitude) + 1e-12
    assert attitudes.drifted_anchor(anchor, attitude, 0.0) == anchor
