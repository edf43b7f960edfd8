"""Interventions: scheduled changes to a running world, applied before the first process of a month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.sectors import sector
from woc_sim.inputs.vocabulary import ACTOR_KINDS
from woc_sim.scenario.interventions import EFFECTS, LOWER, RAISE, SCALE, Change
from woc_sim.scenario.schema import Intervention
from woc_sim.world.groups import REFERENCE
from woc_sim.world.locality import Locality


def given_columns(written: Iterable[str]) -> tuple[str, ...]:
    """Columns that interventions change and nothing else would bring back: all but the `written` ones.

    What is changed once (`Change.once`) stays, so its column is not among them.
    """
    changes = [change for effect in EFFECTS.values() for change in effect.changes]
    lasting = dict.fromkeys(change.column for change in changes if not change.once)
    for column in written:
        lasting.pop(column, None)
    return tuple(lasting)


class Interventions:
    """The interventions of a scenario in one locality, as one turn of the schedule.

    given: columns that no process writes (`given_columns`), which the end of an intervention gives back.
    """

    def __init__(
        self, locality: Locality, interventions: tuple[Intervention, ...], given: tuple[str, ...]
    ) -> None:
        self.locality = locality
        self.interventions = interventions
        self._before = {name: locality.buffer(name).copy() for name in given}

    def step(self, month: int) -> None:
        """Apply every change of every intervention that holds in this month; what is given goes back to
        what it was.

        A process changes its own columns back afterwards; nothing else would give the others their earlier
        values.
        """
        for name, values in self._before.items():
            self.locality.buffer(name)[:] = values
        for intervention in self.interventions:
            if intervention.start <= month < intervention.end:
                for change in EFFECTS[intervention.name].changes:
                    if month == intervention.start or not change.once:
                        apply_change(self.locality, change, intervention.strength)


def apply_change(locality: Locality, change: Change, strength: float) -> None:
    """Change one state column in place; can be repeated without piling up (see
    `woc_sim.scenario.interventions`)."""
    owner, _, column = change.column.partition(".")
    rows = locality.sets[owner]
    values = rows.buffer(column)[: rows.count]
    chosen = _chosen(locality, owner, change, values)
    if change.how == RAISE:
        after = np.maximum(values, change.level * strength)
    elif change.how == LOWER:
        after = np.minimum(values, 1.0 - strength * (1.0 - change.level))
    elif change.how == SCALE:
        after = values * (1.0 + change.level * strength)
    else:
        share = change.level * strength
        after = values + share * (_mean_attitude(locality) - values)
    if change.frame:
        _raise_share(values, prognostic_frame(change.frame), change.level * strength, chosen)
        return
    values[chosen] = after[chosen].astype(values.dtype)


def _chosen(locality: Locality, owner: str, change: Change, values: Any) -> Any:
    if change.sector:
        return np.arange(values.shape[0]) == sector(change.sector)
    if owner == "blocs":
        return locality.sets["blocs"].radical_right == 0
    if not change.kinds:
        return np.ones(values.shape[:2] if owner == "governance" else values.shape[0], dtype=bool)
    kinds = locality.sets["organisations"].kind
    wanted = np.isin(kinds, [ACTOR_KINDS.index(kind) for kind in change.kinds])
    if owner == "governance":
        others = np.isin(kinds, [ACTOR_KINDS.index(kind) for kind in change.others or ACTOR_KINDS])
        pairs = wanted[:, None] & others[None, :]
        pairs |= pairs.T
        np.fill_diagonal(pairs, False)
        return pairs
    return wanted


def _raise_share(values: Any, part: int, level: float, chosen: Any) -> None:
    """Lift one weight of rows that sum to one; the others shrink in proportion."""
    for row in np.flatnonzero(chosen):
        now = values[row, part]
        if now < level:
            values[row, :] *= (1.0 - level) / (1.0 - now)
            values[row, part] = level


def _mean_attitude(locality: Locality) -> float:
    total = 0.0
    for value in locality.sets["residents"].attitude_to[REFERENCE]:
        total += float(value)
    return total / max(1, locality.sets["residents"].count)
