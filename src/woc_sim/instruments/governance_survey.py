"""Governance survey: how actors rate integration and residents' attitudes, and what drives decisions.

Ratings on 1-5 follow one form for all interviewees (final working paper, section 5.3, Tables 6 and 7): the
answer leaves the midpoint as far as the interviewee is informed, r = round(3 + lam (signal + halo + noise))
with lam = I / (I + I0). One personal halo colours both items, and so does the climate of opinion that the
interviewee believes in: where residents are thought hostile, integration is thought to fail. What an
interviewee says of integration rests on the migrants that the organisation gets to know, weighed by the
interviewee's own idea of what integration is (diagnostic frames). What informs it, and about which sides of
integration, is a matter of theory (`instruments/knowledge.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

import numpy as np

from woc_sim.inputs.frames import diagnostic_frames
from woc_sim.inputs.organisations import actor_kinds
from woc_sim.inputs.sectors import DIMENSIONS
from woc_sim.instruments.knowledge import (
    Migrants,
    information,
    informed_share,
    insight,
    known_to,
    migrants_seen,
)
from woc_sim.instruments.readings import DRIVERS
from woc_sim.instruments.sampling import Array, Interviewee, errors, local_organisations
from woc_sim.instruments.summary import known_mean, mean, spread
from woc_sim.world.groups import REFERENCE
from woc_sim.world.locality import Locality

HALO, INTEGRATION, ATTITUDES = 1, 10, 11

# What each diagnostic frame looks at (rows as in the catalogue of frames, columns as DIMENSIONS).
# Every interviewee looks at everything a little (`attention`), whatever the frames.
FRAME_DIMENSIONS = tuple(tuple(map(float, each.looks_at)) for each in diagnostic_frames())


class Rating(NamedTuple):
    """The two answers of one interviewee, and how informed it is (0..1)."""

    kind: int
    information: float
    integration: float
    attitudes: float


def standardised(locality: Locality, seen: Array) -> list[float]:
    """Mean of each dimension in units of the common reference: (mean - reference) / spread."""
    parameters = locality.parameters
    return [
        (known_mean(seen[:, index].tolist()) - parameters[f"instruments.reference_{name}"])
        / parameters["instruments.reference_spread"]
        for index, name in enumerate(DIMENSIONS)
    ]


def _signal(
    locality: Locality, who: Interviewee, migrants: Migrants, informed: float, heed: Sequence[float]
) -> float:
    """Mean z of the migrants known, weighted by what the interviewee's frames look at and by `heed`, how far
    each dimension counts for its organisation; 0 if nobody is known or nothing counts.
    """
    known = known_to(locality, who, migrants, informed)
    if not known.any():
        return 0.0
    attention = locality.parameters["instruments.attention"]
    strengths = locality.organisations.diagnostic[who.organisation].tolist()
    weights = [
        count * (attention + math.fsum(map(mul, strengths, looks)))
        for looks, count in zip(zip(*FRAME_DIMENSIONS, strict=True), heed, strict=True)
    ]
    z = standardised(locality, migrants.seen[known])
    pairs = [(w, each) for w, each in zip(weights, z, strict=True) if each == each]
    total = math.fsum(w for w, _ in pairs)
    return math.fsum(w * each for w, each in pairs) / total if total > 0.0 else 0.0


def answer(signal: float, halo: float, noise: float, informed: float) -> float:
    """An answer on the scale 1-5."""
    return min(5.0, max(1.0, math.floor(3.0 + informed * (signal + halo + noise) + 0.5)))


def ratings(locality: Locality, people: list[Interviewee]) -> list[Rating]:
    """Answers of all interviewees who rate; integration is nan where there is no migrant to speak of."""
    migrants = migrants_seen(locality)
    parameters = locality.parameters
    key = locality.key("instrument.governance_survey")
    knows = information(locality, migrants)
    counts = insight(locality, migrants)
    beliefs = locality.organisations.belief.tolist()
    raters = [who for who in people if who.rates]
    halos, *noise = (
        (parameters[f"instruments.{size}"] * errors(key, raters, item, 1)[:, 0]).tolist()
        for size, item in (("halo", HALO), ("noise", INTEGRATION), ("noise", ATTITUDES))
    )
    found = []
    for who, halo, *missed in zip(raters, halos, *noise, strict=True):
        informed = informed_share(locality, knows[who.organisation])
        seen = _signal(locality, who, migrants, informed, counts[who.organisation])
        signal = parameters["instruments.integration_gain"] * seen
        opinion = beliefs[who.organisation] / parameters["instruments.belief_spread"]
        signal += parameters["instruments.impression"] * opinion
        integration = answer(signal, halo, missed[0], informed) if migrants.entity.size else math.nan
        found.append(
            Rating(
                who.kind,
                informed,
                integration,
                answer(opinion, halo, missed[1], informed),
            )
        )
    return found


def drivers(locality: Locality, people: list[Interviewee]) -> dict[str, float]:
    """Importance 1-5 of what drove the last decisions, as interviewed policymakers recall it (S52).

    The rank of the mean absolute contribution of each driver over all measures that were weighed, plus
    recall noise.
    """
    measures = locality.measures
    weight = [mean(np.abs(measures.buffer(f"part_{name}")[: measures.count])) for name in DRIVERS]
    policymakers = [who for who in people if "leads" in who.traits]
    if not policymakers or not any(each > 0.0 for each in weight):
        return {f"driver_{name}": math.nan for name in DRIVERS}
    key = locality.key("instrument.drivers")
    rank = [sum(other > each for other in weight) for each in weight]
    top = len(DRIVERS) - 1
    recalled = 5.5 - 4.0 * np.array(rank) / top
    noise = locality.parameters["instruments.recall_noise"] * errors(key, policymakers, 0, len(DRIVERS))
    told = np.clip(np.floor(recalled + noise), 1.0, 5.0)
    return {f"driver_{name}": mean(told[:, index]) for index, name in enumerate(DRIVERS)}


def read(locality: Locality, people: list[Interviewee]) -> dict[str, float]:
    """Ratings, beliefs and drivers."""
    found = ratings(locality, people)
    organisations = locality.organisations
    beliefs = organisations.belief.tolist()
    rows = local_organisations(locality)
    executive = mean([beliefs[row] for row in rows if organisations.head[row]])
    council = mean([beliefs[row] for row in rows if organisations.radical_right[row]])
    seats = locality.value("rrp") if council == council else 0.0
    attitude = mean(locality.residents.attitude_to[REFERENCE])
    migrants = migrants_seen(locality)
    integration = [each.integration for each in found if each.integration == each.integration]
    return {
        "raters": float(len(found)),
        "perceived_integration": mean(integration),
        "perceived_integration_sd": spread(integration),
        "perceived_attitudes": mean([each.attitudes for each in found]),
        "perceived_attitudes_politicians": mean(
            [each.attitudes for each in found if "politician" in actor_kinds()[each.kind].traits]
        ),
        "latent_information": mean([each.information for each in found]),
        "latent_integration": known_mean(standardised(locality, migrants.seen)),
        "latent_attitude_2022": attitude,
        "belief_politicians": (1.0 - seats) * executive + (seats * council if seats else 0.0),
        "belief_gap": executive - attitude,
        "belief_gap_all": mean([beliefs[row] for row in rows]) - attitude,
    } | drivers(locality, people)
