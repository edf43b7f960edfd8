"""What contact does in the whole model, with contact switched off beside it (M1, M2, M9)."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from woc_sim.processes.schedule import schedule
from woc_sim.scenario.parse import parse_scenario
from woc_sim.world.model import World
from woc_sim.world.people import NON_EUROPEAN
from woc_sim.world.places import INTERCULTURAL

REPLICATES = 10
TIMES = 6  # evenings that make a participant, as in programmes of several sessions
NOBODY_YET, START, END = (
    24,
    72,
    84,
)  # hardly anybody has come by January 2014; the programme runs through 2018
Array = np.ndarray[Any, Any]


class Life(NamedTuple):
    """What is noted of every resident.

    Attitudes before anybody came, a year before the end and at the end of the programme; contact at its end;
    months in which the person met somebody at an evening; whether the person stayed.
    """

    before: Array
    earlier: Array
    after: Array
    contact: Array
    evenings: Array
    stayed: Array


@cache
def life(programme: bool, contact: str, replicate: int) -> Life:
    chosen = {"encounters": {"start": "2018-01", "end": None, "strength": 1.0}} if programme else {}
    scenario = parse_scenario(
        {
            "case": "C21",
            "people": 2000,
            "months": END,
            "shocks": {"asylum": 5.0},
            "theory": {"contact": contact},
            "intervention": chosen,
        }
    )
    world = World(scenario, replicate, schedule(scenario.schedule, scenario.interventions))
    (locality,) = world.localities
    people, migrants = locality.residents, locality.migrants
    evenings = np.zeros(len(people), dtype=np.int64)
    before = earlier = people.attitude_to[NON_EUROPEAN].copy()
    for month in range(END):
        if month == NOBODY_YET:
            before = people.attitude_to[NON_EUROPEAN].copy()
        if month == END - 12:
            earlier = people.attitude_to[NON_EUROPEAN].copy()
        world.step()
        if month >= START:
            met = (migrants.met_venue == INTERCULTURAL) & (migrants.group == NON_EUROPEAN)[:, None]
            evenings[np.unique(migrants.met[met])] += 1
    found = Life(
        before,
        earlier,
        people.attitude_to[NON_EUROPEAN].copy(),
        people.contact_with[NON_EUROPEAN].copy(),
        evenings,
        people.since < NOBODY_YET,
    )
    world.close()
    return found


def effect_on_participants(contact: str) -> tuple[float, float]:
    """Effect on those who came often, in standard deviations of attitudes: mean and standard error.

    Over replicates; each person is compared with the same person without the programme.
    """
    effects = []
    for replicate in range(REPLICATES):
        with_it, without = life(True, contact, replicate), life(False, contact, replicate)
        rows = (with_it.evenings - without.evenings >= TIMES) & with_it.stayed & without.stayed
        difference = with_it.after[rows] - without.after[rows]
        effects.append(float(difference.mean() / without.after.std()))
    return float(np.mean(effects)), float(np.std(effects, ddof=1) / np.sqrt(REPLICATES))


def test_a_contact_programme_moves_participants_as_trials_say_and_not_without_contact() -> None:
    """M2: 0.1 to 0.3 standard deviations, and nothing once contact has no effect."""
    effect, error = effect_on_participants("moderated")
    control, _ = effect_on_participants("none")
    print(f"contact programme: {effect:.3f} sd (standard error {error:.3f}); contact off: {control:.3f}")
    assert 0.1 <= effect <= 0.3
    assert abs(control) < 0.01


def correlations(contact: str) -> tuple[float, float]:
    """Correlation of contact at the end with attitude before there was any, and at the end."""
    found = []
    for replicate in range(REPLICATES):
        each = life(True, contact, replicate)
        rows = each.stayed
        found.append(
            [
                np.corrcoef(each.contact[rows], each.before[rows])[0, 1],
                np.corrcoef(each.contact[rows], each.after[rows])[0, 1],
            ]
        )
    before, after = np.mean(found, axis=0)
    return float(before), float(after)


def test_contact_and_attitude_correlate_before_exposure_and_more_after_it() -> None:
    """M1: part of the correlation is who meets whom; only the rest is an effect."""
    before, after = correlations("moderated")
    control_before, control_after = correlations("none")
    print(
        f"contact on: {before:.3f} before, {after:.3f} after; off: {control_before:.3f}, {control_after:.3f}"
    )
    assert after > before + 0.03
    assert abs(control_after - control_before) < after - before
    assert 0.05 < after < 0.4


def test_attitudes_hardly_move_from_year_to_year() -> None:
    """M9: latent stability of at least .9 a year."""
    found = []
    for replicate in range(REPLICATES):
        each = life(False, "moderated", replicate)
        rows = each.stayed
        found.append(np.corrcoef(each.earlier[rows], each.after[rows])[0, 1])
    print(f"stability a year: {np.mean(found):.3f}")
    assert np.mean(found) >= 0.9
