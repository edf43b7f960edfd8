"""Frame interviews: how each interviewee says what integration is and who is responsible (final working
paper, section 3.2).

Coders give an interviewee any number of diagnostic frames and exactly one prognostic frame (Table 3).
"""

from __future__ import annotations

import math
from collections.abc import Collection

from woc_sim.inputs.vocabulary import DIAGNOSTIC_FRAMES, PROGNOSTIC_FRAMES
from woc_sim.instruments.sampling import Interviewee, Key, errors, local_organisations
from woc_sim.instruments.summary import mean, share
from woc_sim.world.governance import (
    BUREAUCRATS,
    COMPANY,
    ESTATE_COMPANY,
    EXECUTIVE,
    OFFICIALS,
    PROVIDER,
    RRP_GROUP,
)
from woc_sim.world.locality import Locality

MIGRANTS_ONLY, WHOLE_COMMUNITY = 0, 3
CONTACT = (BUREAUCRATS, PROVIDER, OFFICIALS)
"""Kinds that work in direct contact with the executive (S43)."""
PRIVATE = (COMPANY, ESTATE_COMPANY)
POLITICIANS = (EXECUTIVE, RRP_GROUP)


def _prognostic(locality: Locality, who: Interviewee, key: Key) -> int:
    """The frame with the largest weight after coding noise."""
    noise = locality.parameters["instruments.coding_noise"]
    weights = locality.organisations.prognostic[who.organisation].tolist()
    missed = errors(key, who.entity, who.question(100), len(weights))
    heard = [weight + noise * wrong for weight, wrong in zip(weights, missed, strict=True)]
    return heard.index(max(heard))


def _diagnostic(locality: Locality, who: Interviewee, key: Key) -> list[bool]:
    """Which frames are strong enough, after coding noise, to be coded."""
    noise, cut = locality.parameters["instruments.coding_noise"], locality.parameters["instruments.frame_cut"]
    strengths = locality.organisations.diagnostic[who.organisation].tolist()
    missed = errors(key, who.entity, who.question(200), len(strengths))
    return [strength + noise * wrong > cut for strength, wrong in zip(strengths, missed, strict=True)]


def read(locality: Locality, people: list[Interviewee]) -> dict[str, float]:
    """Shares of interviewees with each frame, and of 'migrants only' and 'whole community' by kind of
    actor.
    """
    key = locality.key("instrument.frame_interviews")
    coded = [(who.kind, _prognostic(locality, who, key)) for who in people]
    many = [_diagnostic(locality, who, key) for who in people]

    def among(frame: int, kinds: Collection[int]) -> float:
        return share([found == frame for kind, found in coded if kind in kinds])

    kinds = {kind for kind, _ in coded}
    rows = local_organisations(locality)
    weights = [locality.organisations.prognostic[row].tolist() for row in rows]
    near = [int(locality.organisations.kind[row]) in CONTACT for row in rows]
    far = [int(locality.organisations.kind[row]) not in (*CONTACT, *POLITICIANS) for row in rows]
    found = {
        f"frame_p_{name}": among(frame, kinds) if coded else math.nan
        for frame, name in enumerate(PROGNOSTIC_FRAMES)
    }
    found |= {
        f"frame_d_{name}": share([each[frame] for each in many])
        for frame, name in enumerate(DIAGNOSTIC_FRAMES)
    }
    return found | {
        "migrants_only_contact": among(MIGRANTS_ONLY, CONTACT),
        "migrants_only_other": among(MIGRANTS_ONLY, kinds - {*CONTACT, *POLITICIANS}),
        "migrants_only_private": among(MIGRANTS_ONLY, PRIVATE),
        "migrants_only_politicians": among(MIGRANTS_ONLY, POLITICIANS),
        "woc_officials": among(WHOLE_COMMUNITY, (OFFICIALS,)),
        "woc_all": among(WHOLE_COMMUNITY, kinds),
        "latent_migrants_only": mean([each[MIGRANTS_ONLY] for each in weights]),
        "latent_migrants_only_contact": _mean_where(near, weights),
        "latent_migrants_only_other": _mean_where(far, weights),
        "latent_whole_community": mean([each[WHOLE_COMMUNITY] for each in weights]),
    }


def _mean_where(chosen: list[bool], weights: list[list[float]]) -> float:
    return mean([each[MIGRANTS_ONLY] for each, wanted in zip(weights, chosen, strict=True) if wanted])
