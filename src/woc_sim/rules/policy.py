"""The executive's decision on one measure: adopt, keep or drop.

Sources: final working paper 3.3 and 6 (S51-S60), docs/odd.md A8, A10, A12, A14, B(a).
"""

from __future__ import annotations

from math import sqrt
from typing import Any, NamedTuple

from woc_sim.jit import rule
from woc_sim.rules.curves import chance, clip

LEAST_STAFF = 0.1  # keeps a division finite where there is no staff at all
THOUSAND = 1000.0  # inhabitants, by which posts are counted
LEAST_MEANS, MOST_MEANS = 0.5, 1.5  # the straight line of `municipal_means` is trusted in this range only


class Voices(NamedTuple):
    """The reasons in a decision on policy, already weighted; above 0 for inclusive measures, below for
    restrictive ones.

    ideology: the executive's and the mayor's own; opinion: what residents are believed to think; party:
    parties behind the executive and the radical right; lobby: organisations that the executive meets.
    """

    ideology: float
    opinion: float
    party: float
    lobby: float


@rule
def log2(x: float) -> float:
    """Binary logarithm for x >= 1, linear between powers of two (bit-equal on every machine)."""
    whole = 0.0
    while x >= 2.0:
        x = 0.5 * x
        whole = whole + 1.0
    return whole + max(0.0, x - 1.0)


@rule
def municipal_means(
    unemployment: float, reference: float, gain: float, spending: float, usual: float
) -> float:
    """Means of a municipality per head, relative to one with mean unemployment under usual law.

    Unemployment lowers the tax base and raises social spending (S12; limited to half and one and a half of
    the mean). Law gives municipalities a larger or smaller part of a country's public money (S59), with
    diminishing returns; spending and usual are shares of the gross domestic product. The factor 2 makes the
    means 1 where spending is usual.
    """
    local = clip(1.0 + gain * (reference - unemployment) / reference, LEAST_MEANS, MOST_MEANS)
    return local * 2.0 * spending / (spending + usual)


@rule
def own_funds(cost: float, funding: float, means: float) -> float:
    """What a measure costs the municipality itself, weighed by how scarce its means are (S12): what is not
    paid from above, over the means relative to a place of mean unemployment."""
    return cost * (1.0 - funding) / means


@rule
def steering_capacity(p: Any, staff: float, officer: float, expertise: float) -> float:
    """Capacity to decide and run measures: staff with diminishing returns, raised by an officer.

    p: policy_staff_gain (of each doubling of staff), policy_officer_gain (of an officer with full expertise),
    policy_officer_new (share of it that a new officer brings).
    """
    skilled = p.policy_officer_new + (1.0 - p.policy_officer_new) * expertise
    of_staff: float = 1.0 + p.policy_staff_gain * log2(max(1.0, staff))
    of_officer: float = 1.0 + p.policy_officer_gain * officer * skilled
    return of_staff * of_officer


@rule
def affordable_staff(means: float, base: float, per_1000: float, inhabitants: float) -> float:
    """Staff for integration that a municipality can pay: that of any town hall and more by inhabitants."""
    return means * (base + per_1000 * inhabitants / THOUSAND)


@rule
def voices_at_the_table(blocs: float, staff: float, department: float) -> float:
    """Number of voices beside the mayor's: governing parties, and departments of so many staff (S18: with
    fewer of them the mayor decides more)."""
    return blocs + staff / department


@rule
def own_stance(executive: float, mayor: float, voices: float) -> float:
    """Ideology in the decision: the mean of so many voices with the executive's ideology, and the mayor's."""
    return (voices * executive + mayor) / (voices + 1.0)


@rule
def discretion(duty: float, binding: float) -> float:
    """Freedom that a legal duty leaves to the municipality."""
    return 1.0 - binding * duty


@rule
def weigh(free: float, mandate: float, direction: float, need: float, voices: Voices, cost: float) -> float:
    """Net utility of having a measure: the reasons within discretion, and the mandate, less cost and load.

    free: discretion that duty leaves; direction: +1 for an inclusive measure, -1 for a restrictive one, for
    which the same reasons count with the opposite sign.
    """
    spoken = voices.ideology + voices.opinion + voices.party + voices.lobby
    return free * (need + direction * spoken) + (1.0 - free) * mandate - cost


@rule
def adopt_chance(utility: float, steep: float, speed: float) -> float:
    """Chance that a measure not in force is adopted this quarter."""
    return speed * chance(steep * utility)


@rule
def drop_chance(utility: float, steep: float, speed: float) -> float:
    """Chance that a measure in force is dropped this quarter."""
    return speed * (1.0 - chance(steep * utility))


@rule
def implementation(p: Any, frame: float, ideology: float, posts: float) -> float:
    """Effect of a measure in practice: street-level discretion times posts filled (A12).

    frame: weight of the migrants-only frame among bureaucrats; ideology: theirs; posts: share of posts that
    are filled, above 1 where there are more than enough. p: policy_practice (at neutral bureaucrats),
    policy_practice_ideology, policy_practice_frame, policy_practice_neutral (weight of the frame that changes
    nothing), policy_practice_least, policy_practice_most.
    """
    willing = (
        p.policy_practice
        + p.policy_practice_ideology * ideology
        - p.policy_practice_frame * (frame - p.policy_practice_neutral)
    )
    return clip(willing, p.policy_practice_least, p.policy_practice_most) * clip(posts, 0.0, 1.0)


@rule
def template_fit(staff: float, reference: float) -> float:
    """How well calls for funding that are made for large municipalities fit a staff of this size (obstacle 3,
    A14)."""
    return 1.0 / (1.0 + sqrt(reference / max(LEAST_STAFF, staff)))
