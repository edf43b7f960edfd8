"""Frame interviews: how each interviewee says what integration is and who is responsible (final working
paper, section 3.2).

Coders give an interviewee any number of diagnostic frames, or the few that stand out (`theory/frames_noted`),
and exactly one prognostic frame (Table 3).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import numpy as np

from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.vocabulary import DIAGNOSTIC_FRAMES, PROGNOSTIC_FRAMES
from woc_sim.instruments.sampling import Interviewee, Key, errors, local_organisations
from woc_sim.instruments.summary import mean, share
from woc_sim.jit import kernel
from woc_sim.rules.answers import is_noted
from woc_sim.world.locality import Locality

MIGRANTS_ONLY, WHOLE_COMMUNITY = prognostic_frame("migrants_only"), prognostic_frame("whole_community")
CONTACT = "works_for_executive"
"""Trait of kinds that work in direct contact with the executive (S43)."""


def _prognostic(locality: Locality, people: list[Interviewee], key: Key) -> list[int]:
    """Of each interviewee the frame with the largest weight after coding noise."""
    weights = locality.organisations.prognostic[[who.organisation for who in people]]
    missed = errors(key, people, 100, weights.shape[1])
    heard = weights + locality.parameters["instruments.coding_noise"] * missed
    return [int(each) for each in heard.argmax(axis=1)]


@kernel
def _noted(theory: Any, heard: Any, cut: Any, most: Any, margin: Any) -> Any:
    noted = np.zeros(heard.shape)
    for i in range(len(heard)):
        total = 0.0
        for frame in range(heard.shape[1]):
            total += heard[i, frame]
        usual = total / heard.shape[1]
        for frame in range(heard.shape[1]):
            stronger = 0.0
            for other in range(heard.shape[1]):
                if heard[i, other] > heard[i, frame]:
                    stronger += 1.0
            if is_noted(theory, heard[i, frame], cut, stronger, usual, most, margin):
                noted[i, frame] = 1.0
    return noted


def _diagnostic(locality: Locality, people: list[Interviewee], key: Key) -> list[list[bool]]:
    """Of each interviewee which frames are noted, after coding noise."""
    strengths = locality.organisations.diagnostic[[who.organisation for who in people]]
    missed = errors(key, people, 200, strengths.shape[1])
    heard = strengths + locality.parameters["instruments.coding_noise"] * missed
    numbers = (
        locality.parameters[f"instruments.{name}"] for name in ("frame_cut", "frames_most", "standing_out")
    )
    found: list[list[bool]] = (_noted(locality.theories["frames_noted"], heard, *numbers) > 0.0).tolist()
    return found


def read(locality: Locality, people: list[Interviewee]) -> dict[str, float]:
    """Shares of interviewees with each frame, and of 'migrants only' and 'whole community' by kind of
    actor.
    """
    key = locality.key("instrument.frame_interviews")
    coded = list(zip([who.traits for who in people], _prognostic(locality, people, key), strict=True))
    many = _diagnostic(locality, people, key)

    def among(frame: int, *traits: str, without: Collection[str] = ()) -> float:
        return share(
            [found == frame for own, found in coded if own.issuperset(traits) and own.isdisjoint(without)]
        )

    organisations, rows = locality.organisations, local_organisations(locality)
    weights = [organisations.prognostic[row].tolist() for row in rows]
    near = [bool(organisations.works_for_executive[row]) for row in rows]
    far = [not close and not organisations.politician[row] for close, row in zip(near, rows, strict=True)]
    found = {
        f"frame_p_{name}": among(frame) if coded else math.nan for frame, name in enumerate(PROGNOSTIC_FRAMES)
    }
    found |= {
        f"frame_d_{name}": share([each[frame] for each in many])
        for frame, name in enumerate(DIAGNOSTIC_FRAMES)
    }
    return found | {
        "migrants_only_contact": among(MIGRANTS_ONLY, CONTACT),
        "migrants_only_other": among(MIGRANTS_ONLY, without=(CONTACT, "politician")),
        "migrants_only_private": among(MIGRANTS_ONLY, "business"),
        "migrants_only_politicians": among(MIGRANTS_ONLY, "politician"),
        "woc_officials": among(WHOLE_COMMUNITY, "leads", without=("head",)),
        "woc_all": among(WHOLE_COMMUNITY),
        "latent_migrants_only": mean([each[MIGRANTS_ONLY] for each in weights]),
        "latent_migrants_only_contact": _mean_where(near, weights),
        "latent_migrants_only_other": _mean_where(far, weights),
        "latent_whole_community": mean([each[WHOLE_COMMUNITY] for each in weights]),
    }


def _mean_where(chosen: list[bool], weights: list[list[float]]) -> float:
    return mean([each[MIGRANTS_ONLY] for each, wanted in zip(weights, chosen, strict=True) if wanted])
