"""What unemployment and hostile attitudes cost newcomers (M17, M32, M33)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from worlds import live, small_locality

from woc_sim.world.locality import Locality
from woc_sim.world.people import EMPLOYED, NO_JOB, NON_EUROPEAN, PRIVATE

REPLICATES = 8
MONTHS = range(30, 90)
UNEMPLOYMENT_SD = 0.025  # spread of unemployment over German districts, about 2.5 points
ATTITUDE_SD = 0.1  # spread of mean attitudes over places, about a fifth of that over persons
HOSTILE = 0.5  # a place where residents are a standard deviation of persons colder


@cache
def outcome(unemployment: float, colder: float, replicate: int) -> tuple[float, float]:
    """Shares of adult migrants at work and in private homes after five years."""
    locality = small_locality(1200, replicate=replicate, asylum_share=15.0, unemployment_base=unemployment)
    residents = locality.residents
    for column in (residents.attitude_to[NON_EUROPEAN], residents.anchor_to[NON_EUROPEAN]):
        column[:] = np.clip(column - colder, -1.0, 1.0)
    people = live(locality, MONTHS).migrants
    adults = (people.present == 1) & (people.age >= 18.0) & (people.age < 65.0)
    return float((people.job[adults] != NO_JOB).mean()), float((people.housing[adults] == PRIVATE).mean())


def cost(unemployment: float, colder: float, which: int) -> tuple[float, float]:
    """Paired change against the average place: mean and standard error over replicates."""
    changes = [
        outcome(unemployment, colder, r)[which] - outcome(0.055, 0.0, r)[which] for r in range(REPLICATES)
    ]
    return float(np.mean(changes)), float(np.std(changes, ddof=1) / np.sqrt(REPLICATES))


def test_unemployment_and_hostility_both_cost_jobs_and_hostility_costs_homes() -> None:
    slack, slack_error = cost(0.055 + UNEMPLOYMENT_SD, 0.0, 0)
    small, small_error = cost(0.055, ATTITUDE_SD, 0)
    cold, cold_error = cost(0.055, HOSTILE, 0)
    homes, homes_error = cost(0.055, HOSTILE, 1)
    print(f"jobs: unemployment {slack:+.3f} ({slack_error:.3f})")
    print(f"attitudes of places {small:+.3f} ({small_error:.3f})")
    print(f"hostile place: jobs {cold:+.3f} ({cold_error:.3f}), homes {homes:+.3f} ({homes_error:.3f})")
    assert slack < -2 * slack_error
    assert cold < -2 * cold_error
    assert homes < -2 * homes_error


def refusals(group_colder: Callable[[Locality], None]) -> float:
    """Refusals by employers per searching migrant over two years."""
    locality = small_locality(1000, asylum_share=30.0)
    group_colder(locality)
    live(locality, range(30, 50))
    people = locality.migrants
    seeking = (people.present == 1) & (people.job != EMPLOYED)
    return float(people.refused_job[seeking].mean())


def test_discrimination_is_nothing_but_what_residents_feel() -> None:
    def warm(locality: Locality) -> None:
        locality.residents.attitude_to[NON_EUROPEAN][:], locality.residents.anchor_to[NON_EUROPEAN][:] = (
            0.9,
            0.9,
        )
        locality.residents.distance_to[NON_EUROPEAN][:] = 0.0

    def cold(locality: Locality) -> None:
        locality.residents.attitude_to[NON_EUROPEAN][:], locality.residents.anchor_to[NON_EUROPEAN][:] = (
            -0.9,
            -0.9,
        )
        locality.residents.distance_to[NON_EUROPEAN][:] = 1.0

    assert refusals(warm) < refusals(cold)
