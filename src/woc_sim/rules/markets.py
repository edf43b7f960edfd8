"""What a market's extent and its employers' differences do: trend and unemployment, matching, land, and the
part of the market that is open to newcomers."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import normal, normal_rank, saturate
from woc_sim.rules.labour import LOWEST_RATE, acceptance

INDEPENDENT: Final = code("structure", "independent")
JOINT: Final = code("structure", "joint")
UNIFORM: Final = code("markets", "uniform")
SIZED: Final = code("markets", "sized")
ALIKE: Final = code("employers", "alike")
SEGMENTED: Final = code("employers", "segmented")

LEAST_LINE = 1e-9  # keeps a quotient finite where nobody is open to newcomers and none of them seeks


@rule
def trend_position(theory: int, own: float, unemployment: float, correlation: float) -> float:
    """Where the population trend of a place lies in its range, 0 lowest to 1 highest.

    own: a uniform number; unemployment: where the place's unemployment lies in its range, 0..1. Together, the
    two are tied by a normal copula: places that lose people have more unemployment, since people follow jobs
    (Blanchard & Katz 1992). correlation: of shrinking with unemployment, 0..1.
    """
    if theory == INDEPENDENT:
        return own
    if theory == JOINT:
        apart = sqrt(max(0.0, 1.0 - correlation * correlation))
        return normal_rank(apart * normal(own) - correlation * normal(unemployment))
    return nan


@rule
def thickness(p: Any, theory: int, tightness: float, unemployment: float, inhabitants: float) -> float:
    """Factor of the chance to find a job: with more vacant jobs in the place more of them fit (Helsley &
    Strange 1990), beside the number per seeker, which is all that counts under constant returns to scale
    (Petrongolo & Pissarides 2001).

    tightness: vacant jobs per seeker. p: work_labour_force (per inhabitant), work_thick, work_thick_half
    (vacant jobs at which the factor is 1).
    """
    if theory == UNIFORM:
        return 1.0
    if theory == SIZED:
        vacant = tightness * unemployment * p.work_labour_force * inhabitants
        factor: float = 1.0 + p.work_thick * (2.0 * saturate(vacant, p.work_thick_half) - 1.0)
        return factor
    return nan


@rule
def building_response(
    theory: int,
    response: float,
    vacancy: float,
    normal_vacancy: float,
    dwellings: float,
    land: float,
    land_half: float,
) -> float:
    """Response of building to vacancy: weaker where much is built already, since land is short (Saiz 2010).

    Land limits what is built and not what is left unbuilt: above the normal vacancy the response is the same
    everywhere (Glaeser & Gyourko 2005). dwellings: of the place, which stand for its density; land: weight of
    this; land_half: dwellings at which it changes nothing.
    """
    if theory == UNIFORM:
        return response
    if theory == SIZED:
        if vacancy >= normal_vacancy:
            return response
        return response * (1.0 + land * (1.0 - 2.0 * saturate(dwellings, land_half)))
    return nan


@rule
def employer_accepts(p: Any, theory: int, attitude: float, distance: float) -> float:
    """Chance that an employer accepts a member of a group.

    alike: by degrees, `labour.acceptance`. segmented: in part an employer is open or closed, whoever asks,
    and open where liking outweighs the distance (Piore 1979; Black 1995). p: work_acceptance,
    _acceptance_slope, _segmented (weight of being open or closed).
    """
    accepted = acceptance(p.work_acceptance, p.work_acceptance_slope, attitude, distance)
    if theory == ALIKE:
        return accepted
    if theory == SEGMENTED:
        is_open = 1.0 if p.work_acceptance + attitude - distance > 0.0 else 0.0
        split: float = accepted + p.work_segmented * (is_open - accepted)
        return split
    return nan


@rule
def open_part(
    p: Any, theory: int, accepted: float, seekers: float, unemployment: float, inhabitants: float
) -> float:
    """Vacant jobs per seeker in the part of the market that is open to newcomers, relative to the whole.

    In the open part newcomers, who can go nowhere else, stand in line with its share of the unemployed: V a /
    (U a + N). accepted: share a of employers open to the group; seekers: newcomers N who seek, in persons. p:
    work_queue (weight of newcomers in the line), work_labour_force (per inhabitant).
    """
    if theory == ALIKE:
        return 1.0
    if theory == SEGMENTED:
        unemployed = max(unemployment, LOWEST_RATE) * p.work_labour_force * max(inhabitants, 1.0)
        line: float = accepted + p.work_queue * seekers / unemployed
        return accepted / max(line, LEAST_LINE)
    return nan
