"""Learning: the language, and which services there are (M16, M19-M21, S94, S98)."""

from __future__ import annotations

from typing import Any

from woc_sim.jit import rule
from woc_sim.rules.curves import clip

# Bounds of a person's speed relative to others: nobody unlearns, and the tails of the normal curve are cut.
SLOWEST, FASTEST = 0.1, 3.0


@rule
def ceiling(p: Any, skill: float, young: bool) -> float:
    """Command of the language that a person reaches in the end, set by schooling; full for the young (M19).

    p: learning_unschooled (reached without any schooling), learning_schooling (what the highest adds to it),
    learning_ceiling (of the young, and the highest of all).
    """
    highest = p.learning_ceiling
    return highest if young else clip(p.learning_unschooled + p.learning_schooling * skill, 0.0, highest)


@rule
def aptitude(p: Any, skill: float, young: bool) -> float:
    """Speed of learning relative to a person of middling schooling: the schooled and the young are faster
    (Chiswick and Miller 1995: efficiency beside exposure).
    p: learning_young, _aptitude_base, _aptitude_skill.
    """
    return float(p.learning_young if young else p.learning_aptitude_base + p.learning_aptitude_skill * skill)


@rule
def pace(talent: float, spread: float) -> float:
    """Speed of learning relative to others of the same schooling, who differ (Skehan 1989: aptitude is the
    best single predictor of how fast adults learn).

    talent: a standard normal number of the person's own; spread: its weight.
    """
    return clip(1.0 + spread * talent, SLOWEST, FASTEST)


@rule
def exposure(p: Any, course: float, working: bool, contact: float, schooling: bool) -> float:
    """How much of a month is spent with the language, relative to full immersion: 0..1.

    course: share of the need covered and used; contact: dose of good contact 0..1. Few courses but more
    speakers in small places are two opposed channels (M20). p: learning_daily (heard by everybody), _course,
    _contact, _work, _school.
    """
    heard = p.learning_daily + p.learning_course * course + p.learning_contact * contact
    if working:
        heard += p.learning_work
    if schooling:
        heard += p.learning_school
    return float(min(1.0, heard))


@rule
def language_step(language: float, top: float, heard: float, rate: float, waiting: float) -> float:
    """Command a month later: saturates at `top` (M19), of which a month closes at most the whole gap;
    `waiting` in [0, 1] takes that share of the speed (M16)."""
    return language + min(1.0, rate * heard * (1.0 - waiting)) * max(0.0, top - language)


@rule
def known_step(p: Any, known: float, ties: float, reception: float, language: float) -> float:
    """Share of local services known a month later: ties, reception staff and reading tell of them (S94).

    p: learning_known_rate and the parts known_alone, _reception, _ties (of known_most_ties), _language.
    """
    friends = p.learning_known_ties * min(ties, p.learning_known_most_ties) / p.learning_known_most_ties
    parts = p.learning_known_alone + p.learning_known_reception * reception + friends
    told = p.learning_known_rate * (parts + p.learning_known_language * language)
    return clip(known + told * (1.0 - known), 0.0, 1.0)


@rule
def uptake(p: Any, coverage: float, known: float, trust: float) -> float:
    """Share of a need for which a service is used: unknown services are not, and distrust keeps people away
    (docs/odd.md A5).

    coverage, known: shares; trust in institutions -1..1, of which only distrust counts. p: learning_distrust.
    """
    return float(coverage * known * (1.0 + p.learning_distrust * min(0.0, trust)))
