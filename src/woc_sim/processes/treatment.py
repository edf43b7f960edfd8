"""How groups of migrants are treated in a place: what their members get, and what others see of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.inputs.ages import ADULT, SEEK_WORK_TO
from woc_sim.jit import kernel, step
from woc_sim.rules.comparison import remembered
from woc_sim.world.people import EMPLOYED, HOSTED, NO_JOB, PRIVATE, PROTECTED, SUPPORTED


@kernel
def home_worth(constants: Any, housing: int) -> float:
    """How far a home is one's own, 0..1: none of it in reception, all of it in a private one."""
    if housing == PRIVATE:
        return 1.0
    if housing == SUPPORTED:
        return float(constants.experience_home_supported)
    return float(constants.experience_home_hosted) if housing == HOSTED else 0.0


@kernel
def job_worth(constants: Any, job: int) -> float:
    """How far a job is a steady one, 0..1."""
    if job == NO_JOB:
        return 0.0
    return 1.0 if job == EMPLOYED else float(constants.experience_job_precarious)


@step
def follow_newcomers(state: Any, constants: Any, now: Any) -> None:
    """What newcomers of each group get in their first time becomes known in the place, and stays known."""
    groups = len(state.groups_compared_with)
    count, waiting = np.zeros(groups), np.zeros(groups)
    homes, working = np.zeros(groups), np.zeros(groups)
    for i in range(now.migrants):
        if (
            state.migrants_present[i] == 0
            or now.month - state.migrants_cohort[i] >= constants.comparison_first
        ):
            continue
        group = state.migrants_group[i]
        count[group] += 1.0
        homes[group] += home_worth(constants, state.migrants_housing[i])
        if state.migrants_status[i] != PROTECTED:
            waiting[group] += 1.0
        if state.migrants_job[i] != NO_JOB:
            working[group] += 1.0
    for g in range(groups):
        if count[g] == 0.0:
            continue
        wait = remembered(constants, state.locality_first_wait[g, 0], waiting[g] / count[g])
        home = remembered(constants, state.locality_first_homes[g, 0], homes[g] / count[g])
        work = remembered(constants, state.locality_first_work[g, 0], working[g] / count[g])
        state.locality_first_wait[g, 0] = wait
        state.locality_first_homes[g, 0] = home
        state.locality_first_work[g, 0] = work


@step
def be_seen(state: Any, now: Any) -> None:
    """What residents see of each group when they judge how deserving it is."""
    groups = len(state.groups_compared_with)
    count, protected, grateful = np.zeros(groups), np.zeros(groups), np.zeros(groups)
    working, grown, children = np.zeros(groups), np.zeros(groups), np.zeros(groups)
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        group = state.migrants_group[i]
        count[group] += 1.0
        grateful[group] += 0.5 * (1.0 + state.migrants_attitude[i])
        if state.migrants_status[i] == PROTECTED:
            protected[group] += 1.0
        if state.migrants_age[i] < ADULT:
            children[group] += 1.0
        elif state.migrants_age[i] <= SEEK_WORK_TO:
            grown[group] += 1.0
            if state.migrants_job[i] != NO_JOB:
                working[group] += 1.0
    for g in range(groups):
        state.locality_seen_protected[g, 0] = protected[g] / max(1.0, count[g])
        state.locality_seen_grateful[g, 0] = grateful[g] / max(1.0, count[g])
        state.locality_seen_working[g, 0] = working[g] / max(1.0, grown[g])
        state.locality_seen_needy[g, 0] = children[g] / max(1.0, count[g])
