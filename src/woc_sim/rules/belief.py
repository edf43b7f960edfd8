"""What organisations believe residents think: voices, vocality, projection, correction by contact.

Sources: final working paper 5.1.2 and 6 (misperception, politicisation); Broockman & Skovron 2018 (who
contacts politicians); Pereira 2021 (projection); docs/odd.md A6, A7, B(a), B(b).
"""

from __future__ import annotations

from typing import Any

from woc_sim.jit import rule
from woc_sim.rules.curves import clip


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
