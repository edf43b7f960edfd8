"""Learning: the language, and which services there are (M16, M19-M21, S94, S98)."""

from __future__ import annotations

from typing import Any

from woc_sim.jit import rule
from woc_sim.rules.curves import clip


@rule
def ceiling(skill: float, young: bool, unschooled: float, schooling: float) -> float:
    """Command of the language that a person reaches in the end, set by schooling; full for the young (M19).

    unschooled: what a person without any schooling reaches; schooling: what the highest adds to it.
    """
    return 0.95 if young else clip(unschooled + schooling * skill, 0.0, 0.95)


@rule
def aptitude(skill: float, young: bool) -> float:
    """Speed of learning relative to a person of middling schooling: the schooled and the young are faster
    (Chiswick and Miller 1995: efficiency beside exposure)."""
    return 1.5 if young else 0.5 + skill


@rule
def pace(talent: float, spread: float) -> float:
    """Speed of learning relative to others of the same schooling, who differ (Skehan 1989: aptitude is the
    best single predictor of how fast adults learn).

    talent: a standard normal number of the person's own; spread: its weight.
    """
    return clip(1.0 + spread * talent, 0.1, 3.0)


@rule
def exposure(
    course: float,
    working: bool,
    contact: float,
    schooling: bool,
    weights_course: float,
    weights_work: float,
    weights_contact: float,
) -> float:
    """How much of a month is spent with the language, relative to full immersion: 0..1.

    course: share of the need covered and used; contact: dose of good contact 0..1. Few courses but more
    speakers in small places are two opposed channels (M20).
    """
    heard = 0.15 + weights_course * course + weights_contact * contact
    if working:
        heard += weights_work
    if schooling:
        heard += 0.5
    return min(1.0, heard)


@rule
def language_step(language: float, top: float, heard: float, rate: float, waiting: float) -> float:
    """Command a month later: saturates at `top` (M19); `waiting` in [0, 1] takes that share of the speed
    (M16)."""
    return language + rate * heard * (1.0 - waiting) * max(0.0, top - language)


@rule
def known_step(known: float, ties: float, reception: float, language: float, rate: float) -> float:
    """Share of local services known a month later: ties, reception staff and reading tell of them (S94)."""
    told = rate * (0.3 + 0.3 * reception + 0.2 * min(ties, 3.0) / 3.0 + 0.2 * language)
    return clip(known + told * (1.0 - known), 0.0, 1.0)


@rule
def uptake(p: Any, coverage: float, known: float, trust: float) -> float:
    """Share of a need for which an offer is taken up: what is unknown is not, and distrust keeps people away
    (docs/odd.md A5).

    coverage, known: shares; trust in institutions -1..1, of which only distrust counts. p: learning_distrust.
    """
    return coverage * known * (1.0 + p.learning_distrust * min(0.0, trust))
