"""Posts of a municipality: those that it can pay, and those that are free for measures (process policy)."""

from __future__ import annotations

from typing import Any, NamedTuple

from woc_sim.jit import step
from woc_sim.rules.policy import affordable_staff
from woc_sim.rules.staff import ONE_POST, staff_in_post

LEAST_NEED = 0.1  # keeps a share of posts finite where no measure needs any


class Posts(NamedTuple):
    """Whole posts of a municipality before it decides.

    free: those that neither general duties nor bodies of their own hold; filled: share of the posts that all
    measures in force need for which there is a specialist.
    """

    free: float
    filled: float


@step
def fill_posts(state: Any, constants: Any, now: Any, money: float) -> None:
    """Staff follows what the municipality can pay, where posts come whole."""
    wanted = affordable_staff(
        money, constants.policy_staff_base, constants.policy_staff_per_1000, state.locality_inhabitants[0]
    )
    state.locality_staff[0] = staff_in_post(
        now.staff, state.locality_staff[0], wanted, constants.staff_persistence
    )


@step
def count_posts(state: Any, constants: Any, now: Any) -> Posts:
    """Posts beside general duties: those still free, and the share of what all measures need."""
    special = max(0.0, state.locality_staff[0] - constants.staff_general)
    held = 0.0
    needed = 0.0
    for m in range(now.measures):
        if state.measures_in_force[m] == 1:
            own = state.measures_posts[m] * (1.0 - state.measures_funding[m])
            needed += own
            if state.measures_posts[m] >= ONE_POST:
                held += own
    return Posts(special - held, min(1.0, special / max(LEAST_NEED, needed)))
