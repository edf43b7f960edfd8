"""Response class of a whole locality, and which actors are active (final working paper, section 3.3, Table
5; section 4).

A need counts as covered as far as the municipality *or* non-public actors cover it, less the harm of
restrictive measures; what law provides everywhere does not count. The two cuts are common to all places.
"""

from __future__ import annotations

import math

import numpy as np

from woc_sim.inputs.sectors import sector, sectors
from woc_sim.instruments.sampling import local_organisations
from woc_sim.instruments.summary import mean, share
from woc_sim.world.locality import Locality

SIX_NEEDS = tuple(one.sector for one in sectors() if one.response)
"""What newcomers need of a place; rights, services and steering serve the administration of these."""


def covered(public: float, nonpublic: float, restrictive: float) -> float:
    """Share of a need met by the municipality or by others, less restrictions; never below 0."""
    return max(0.0, 1.0 - (1.0 - public) * (1.0 - nonpublic) - restrictive)


def response_share(locality: Locality) -> float:
    """Mean over the six needs of what is covered."""
    now = locality.sectors
    rows = [sector(name) for name in SIX_NEEDS]
    return mean(
        [covered(float(now.public[r]), float(now.nonpublic[r]), float(now.restrictive[r])) for r in rows]
    )


def _class(found: float, mixed: float, inclusive: float) -> float:
    return float((found >= mixed) + (found >= inclusive)) if found == found else math.nan


def _sector(locality: Locality, name: str) -> dict[str, float]:
    """Who acts on housing or work."""
    row = sector(name)
    measures, organisations = locality.measures, locality.organisations
    municipal = (measures.sector == row) & (measures.direction > 0) & (measures.in_force == 1)
    above = float(locality.sectors.higher[row]) >= locality.parameters["instruments.higher_cut"]
    nonstate = any(organisations.initiative[each, row] > 0 for each in local_organisations(locality))
    return {
        f"targeted_{name}": float((municipal & (measures.targeted == 1)).any()),
        f"anypublic_{name}": float(bool(municipal.any()) or above),
        f"nonstate_{name}": float(nonstate),
    }


def read(locality: Locality) -> dict[str, float]:
    """Class, coverage, who acts on housing and work, shares of active organisations, counts of measures."""
    parameters = locality.parameters
    measures, organisations = locality.measures, locality.organisations
    inclusive = np.flatnonzero((measures.in_force == 1) & (measures.direction > 0))
    restrictive = int(((measures.in_force == 1) & (measures.direction < 0)).sum())
    engagement = organisations.engagement.tolist()
    rows = local_organisations(locality)

    def acts(business: bool) -> float:
        asked = [
            row for row in rows if organisations.nonpublic[row] and organisations.business[row] == business
        ]
        return share([bool(organisations.initiative[row].any()) for row in asked])

    public = [
        engagement[row] >= parameters["instruments.engaged_cut"]
        or (organisations.head[row] and inclusive.size > 0)
        for row in rows
        if organisations.public[row]
    ]
    found = response_share(locality)
    unmet = [
        need * (1.0 - p) * (1.0 - h) * (1.0 - n)
        for need, p, h, n in zip(
            locality.sectors.need.tolist(),
            locality.sectors.public.tolist(),
            locality.sectors.higher.tolist(),
            locality.sectors.nonpublic.tolist(),
            strict=True,
        )
    ]
    targeted = inclusive[measures.targeted[inclusive] == 1]
    return (
        {
            "response_class": _class(
                found,
                parameters["instruments.response_cut_mixed"],
                parameters["instruments.response_cut_inclusive"],
            ),
            "response_share": found,
            "latent_need": mean(unmet),
        }
        | _sector(locality, "housing")
        | _sector(locality, "work")
        | {
            "active_public": share(public),
            "active_nonpublic": acts(business=False),
            "active_private": acts(business=True),
            "inclusive_count": float(inclusive.size),
            "targeted_count": float(targeted.size),
            "mainstream_count": float(inclusive.size - targeted.size),
            "higher_provision": mean(locality.sectors.higher.tolist()),
            "restrictive_count": float(restrictive),
            "officer": locality.value("officer"),
            "measure_coverage": mean(measures.coverage[targeted]),
        }
    )
