"""The executive's decision on one measure: adopt, keep or drop.

Sources: final working paper 3.3 and 6 (S51-S60), docs/odd.md A8, A10, A12, A14, B(a).
"""

from __future__ import annotations

from math import sqrt

from woc_sim.jit import rule
from woc_sim.rules.curves import chance, clip


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

    Its tax base falls and its social spending grows with unemployment (S12; within half and one and a half
    of the mean), and law gives municipalities much of a country's public money or little of it (S59), with
    diminishing returns: spending and usual are shares of the gross domestic product.
    """
    local = clip(1.0 + gain * (reference - unemployment) / reference, 0.5, 1.5)
    return local * 2.0 * spending / (spending + usual)


@rule
def own_funds(cost: float, funding: float, means: float) -> float:
    """What a measure costs the municipality itself, weighed by how scarce its means are (S12): what is not
    paid from above, over the means relative to a place of mean unemployment."""
    return cost * (1.0 - funding) / means


@rule
def steering_capacity(staff: float, officer: float, expertise: float, gain: float) -> float:
    """Capacity to decide and run measures: staff with diminishing returns, raised by an officer with
    expertise."""
    return (1.0 + 0.25 * log2(max(1.0, staff))) * (1.0 + gain * officer * (0.5 + 0.5 * expertise))


@rule
def voices_at_the_table(blocs: float, staff: float, department: float) -> float:
    """Number of voices the mayor's is one among: governing parties, and departments of so many staff
    (S18: the fewer there are, the more a decision is the mayor's)."""
    return blocs + staff / department


@rule
def own_stance(executive: float, mayor: float, voices: float) -> float:
    """Ideology that speaks in the decision: the executive's, with the mayor as one voice more."""
    return (voices * executive + mayor) / (voices + 1.0)


@rule
def discretion(duty: float, binding: float) -> float:
    """Freedom that a legal duty leaves to the municipality."""
    return 1.0 - binding * duty


@rule
def weigh(
    free: float,
    mandate: float,
    direction: float,
    need: float,
    own: float,
    opinion: float,
    party: float,
    lobby: float,
    cost: float,
) -> float:
    """Net utility of having a measure: what speaks for it within discretion, the mandate, less cost and
    load."""
    return free * (need + direction * (own + opinion + party + lobby)) + (1.0 - free) * mandate - cost


@rule
def adopt_chance(utility: float, steep: float, speed: float) -> float:
    """Chance that a measure not in force is adopted this quarter."""
    return speed * chance(steep * utility)


@rule
def drop_chance(utility: float, steep: float, speed: float) -> float:
    """Chance that a measure in force is dropped this quarter."""
    return speed * (1.0 - chance(steep * utility))


@rule
def implementation(frame: float, ideology: float, posts: float) -> float:
    """Effect of a measure in practice: street-level discretion (0.5 to 1.1) times posts filled (A12).

    frame: weight of the migrants-only frame among bureaucrats; ideology: theirs.
    """
    return clip(0.8 + 0.3 * ideology - 0.3 * (frame - 0.4), 0.5, 1.1) * clip(posts, 0.0, 1.0)


@rule
def template_fit(staff: float, reference: float) -> float:
    """How well calls made for large places suit a staff of this size (obstacle 3, A14)."""
    return 1.0 / (1.0 + sqrt(reference / max(0.1, staff)))
