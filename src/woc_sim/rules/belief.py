"""What organisations believe residents think: voices, vocality, projection, correction by contact.

Sources: final working paper 5.1.2 and 6 (misperception, politicisation); Broockman & Skovron 2018 (who
contacts politicians); Pereira 2021 (projection); docs/odd.md A6, A7, B(a), B(b).
"""

from __future__ import annotations

from math import nan
from typing import Any, Final

from woc_sim.inputs.theories import code
from woc_sim.jit import rule
from woc_sim.rules.curves import clip, towards

COMMON_MEAN: Final = code("first_beliefs", "common_mean")
OWN_HISTORY: Final = code("first_beliefs", "own_history")


@rule
def politicisation_step(p: Any, state: float, media: float, rrp: float, conflicts: float) -> float:
    """Politicisation a month later: it follows media salience, radical-right seats and conflicts heard of
    (A6).

    p: perception_from_media, perception_from_rrp, perception_from_conflicts (what each feeds),
    perception_rrp_half (seats that feed half of what any number could), perception_politicisation_speed.
    """
    level = (
        p.perception_from_media * media
        + p.perception_from_rrp * rrp / (rrp + p.perception_rrp_half)
        + p.perception_from_conflicts * conflicts
    )
    return clip(state + p.perception_politicisation_speed * (level - state), 0.0, 1.0)


@rule
def voice_chance(p: Any, attitude: float, interest: float, politicisation: float) -> float:
    """Chance that a resident writes, attends or protests this month; both camps alike (A7).

    p: perception_voice_base, perception_voice_idle (factor without any interest in politics).
    """
    followed = p.perception_voice_idle + interest
    return clip(p.perception_voice_base * abs(attitude) * followed * (1.0 + politicisation), 0.0, 1.0)


@rule
def loudness(p: Any, stance: float, politicisation: float) -> float:
    """How loud one voice is heard: hostile voices more, and more so where the topic is politicised
    (docs/odd.md B b).

    p: perception_hostile, perception_heated (what full politicisation adds to it), perception_supportive.
    """
    extra: float = p.perception_supportive
    if stance < 0.0:
        extra = p.perception_hostile * (1.0 + p.perception_heated * politicisation)
    return 1.0 + extra


def first_belief(theory: int, council: float, votes: float) -> float:
    """What a place is believed to think before anybody is heard: the middle of the scale, or what its last
    vote says (Miller & Stokes 1963: votes are what is known of a constituency).

    council: mean ideology of the seats; votes: attitude that is read off a unit of it. Runs once, at
    founding, and is not compiled.
    """
    if theory == COMMON_MEAN:
        return 0.0
    if theory == OWN_HISTORY:
        return votes * council
    return nan


@rule
def with_memory(p: Any, theory: int, outside: float, remembered: float) -> float:
    """What an organisation takes from voices or people: as they are, or drawn towards what the place is known
    for (Tversky & Kahneman 1974: judgements stay near where they began). p: first_beliefs_memory."""
    if theory == COMMON_MEAN:
        return outside
    if theory == OWN_HISTORY:
        return towards(outside, remembered, p.first_beliefs_memory)
    return nan


@rule
def memory_step(p: Any, theory: int, remembered: float, heard: float) -> float:
    """What a place is known for a month later: nothing, or the voices heard in it, slowly. p:
    first_beliefs_speed."""
    if theory == COMMON_MEAN:
        return remembered
    if theory == OWN_HISTORY:
        return towards(remembered, heard, p.first_beliefs_speed)
    return nan


@rule
def belief_step(p: Any, belief: float, heard: float, met: float, contacts: float, ideology: float) -> float:
    """Belief a month later: voices heard, corrected by residents met through contacts, and the organisation's
    own ideology projected on residents.

    contacts: number of organisations in regular contact; at their events the actor meets ordinary residents.
    p: perception_correction, perception_contacts_half (contacts at half of it), perception_projection,
    perception_speed.
    """
    reached = p.perception_correction * contacts / (contacts + p.perception_contacts_half)
    outside = heard + reached * (met - heard)
    target = (1.0 - p.perception_projection) * outside + p.perception_projection * ideology
    return clip(belief + p.perception_speed * (target - belief), -1.0, 1.0)


@rule
def voice_form(p: Any, stance: float, politicisation: float, u: float) -> int:
    """Form of a public voice: 0 letter or post, 1 a meeting attended, 2 protest.

    The stronger the stance and the more politicised the topic, the more costly the form (Verba, Schlozman and
    Brady 1995: letters are commoner than protest); u is a uniform number. p: perception_heat_calm and
    perception_heat_politicised (heat of a full stance in a calm place, and what politicisation adds),
    perception_protest (share of protests at full heat), perception_attend_cool and perception_attend_heated
    (share that does more than write without heat, and what full heat adds).
    """
    heat = abs(stance) * (p.perception_heat_calm + p.perception_heat_politicised * politicisation)
    if u < p.perception_protest * heat:
        return 2
    return 1 if u < p.perception_attend_cool + p.perception_attend_heated * heat else 0
