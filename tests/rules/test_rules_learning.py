"""Rules of learning: bounds, and signs of published arrows."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules import learning

UNIT = st.floats(0, 1)
P = parameters("learning")


@given(UNIT, UNIT, st.booleans(), st.floats(0.0, 5.0), UNIT, st.floats(0.0, 1.0))
def test_language_saturates_and_waiting_slows_it(
    language: float, skill: float, young: bool, heard: float, waiting: float, rate: float
) -> None:
    """Much talk at a high speed carries nobody beyond the top."""
    top = learning.ceiling(P, skill, young)
    later = learning.language_step(language, top, heard, rate, waiting)
    assert language <= later <= max(language, top) + 1e-12
    assert learning.language_step(language, top, heard, rate, 0.0) >= later


@given(UNIT, UNIT, st.booleans(), st.booleans())
def test_courses_and_talk_expose_to_the_language(
    course: float, talk: float, working: bool, school: bool
) -> None:
    heard = learning.exposure(P, course, working, talk, school)
    assert 0.0 < heard <= 1.0
    assert learning.exposure(P, 1.0, working, talk, school) >= heard
    assert learning.exposure(P, course, working, 1.0, school) >= heard


@given(UNIT, st.floats(0, 8), UNIT, UNIT)
def test_services_become_known_and_unknown_ones_are_unused(
    known: float, ties: float, reception: float, language: float
) -> None:
    later = learning.known_step(P, known, ties, reception, language)
    assert known <= later <= 1.0
    assert learning.known_step(P, known, ties + 1.0, reception, language) >= later
    assert learning.uptake(P, 1.0, 0.0, 0.0) == 0.0


def test_only_distrust_keeps_people_from_what_they_know() -> None:
    assert learning.uptake(P, 0.8, 0.5, 1.0) == learning.uptake(P, 0.8, 0.5, 0.0) == 0.4
    assert learning.uptake(P, 0.8, 0.5, -1.0) == 0.4 * (1.0 - P.learning_distrust)
