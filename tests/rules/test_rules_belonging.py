"""Rules of belonging: what ties, work and a home give, and what unequal treatment takes."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import belonging

OPINION = st.floats(-1, 1)
UNIT = st.floats(0, 1)
YES = st.booleans()
P = parameters("experience")


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


@given(OPINION, UNIT, st.floats(0, 10))
def test_liking_of_residents_moves_with_contact_and_discrimination(
    before: float, good: float, events: float
) -> None:
    assert -1.0 <= belonging.liking_step(P, before, good, events) <= 1.0
    assert belonging.liking_step(P, before, good, 0.0) >= before
    assert belonging.liking_step(P, before, 0.0, events) <= before
