"""Counterfactuals: the same towns simulated twice, once as they are and once with one thing changed.

Some findings say what one thing causes (frames follow the executive; policies do not spread). A comparison of
different towns cannot test them, because organisations may share the executive's ideology from the start, and
towns may be alike for other reasons. In a counterfactual both runs share every random draw that the change
does not touch. So the difference between the two runs is the effect of the change.

* ``turnover``: the opposite majority takes office and everybody else stays who they are (S43).
* ``rewire``: the executive stops to meet and fund the organisations that work for it, and meets and funds all
  others (S43).
* ``contact_off``: contact, own or witnessed, moves no attitude (M1).
* ``unmoderated``: all settings of encounters are equally moderated (S92).
* ``peers``: four localities learn of one another's measures; ``no_peers``: they learn of none (S37).

Each variant of the model has its own counterfactuals. So a null model shows what its rules alone would do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.estimates import Estimate, mean
from woc_sim.analysis.study import Sample, Table
from woc_sim.analysis.variants import Cell, as_variant, factorial
from woc_sim.ensemble.run import FIRST_YEAR
from woc_sim.ensemble.tasks import Outcome, Task
from woc_sim.inputs.vocabulary import MONTHS, TYPES
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.scenario.schema import Intervention, LocalitySpec, Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

COUNTERFACTUALS: Final = "counterfactuals"
INTERVENTIONS: Final = ("turnover", "rewire")
"""Arms that change something in a running world, from `START` on."""
CONTACT_OFF: Final = "contact_off"
UNMODERATED: Final = "unmoderated"
SINGLE_TOWN_ARMS: Final = ("as_is", *INTERVENTIONS, CONTACT_OFF, UNMODERATED)
"""Arms in which each town is simulated alone."""
JOINT_ARMS: Final = ("peers", "no_peers")
"""Arms in which the four towns of a replicate are simulated together."""
ARMS: Final = (*SINGLE_TOWN_ARMS, *JOINT_ARMS)
START: Final = 12 * (2016 - FIRST_YEAR)
"""Month of the change, halfway between the first arrivals and the interviews."""
FRAME_NEAR, FRAME_FAR = "latent_migrants_only_contact", "latent_migrants_only_other"
POLICY: Final = "mipex_total"
CONTACT_AND_ATTITUDE: Final = "r_contact_attitude_ne"
ATTITUDE: Final = "latent_attitude"
MODERATED_SETTINGS: Final = ("association", "volunteering", "intercultural")
OTHER_SETTINGS: Final = ("neighbourhood", "workplace", "public_space")
OF_SETTINGS: Final = tuple(
    f"{stem}_{kind}" for kind in (*MODERATED_SETTINGS, *OTHER_SETTINGS) for stem in ("tie_origin", "meetings")
)
READINGS: Final = (FRAME_NEAR, FRAME_FAR, POLICY, CONTACT_AND_ATTITUDE, ATTITUDE, *OF_SETTINGS)
NO_PEERS: Final = {"diffusion.peer_rate": 0.0}
NO_CONTACT: Final = {"attitudes.contact": 0.0, "attitudes.norm": 0.0}


@dataclass(frozen=True, slots=True)
class Town:
    """A small town under one colour. Its type changes from replicate to replicate (rotation)."""

    executive: str
    rotation: int

    @property
    def name(self) -> str:
        """Its name, without the type."""
        return f"{self.executive}-{self.rotation}"

    def cell(self, replicate: int) -> Cell:
        """The synthetic cell of this town in a replicate; the towns of a replicate differ in type."""
        kind = TYPES[(self.rotation + replicate) % len(TYPES)]
        wanted = kind, "small", self.executive
        return next(cell for cell in factorial() if (cell.type, cell.size, cell.executive) == wanted)


TOWNS: Final = tuple(
    Town(("progressive", "conservative")[number % 2], number) for number in range(len(TYPES))
)


def localities_of(replicate: int) -> list[LocalitySpec]:
    """The four towns of a replicate, in the order of TOWNS."""
    return [town.cell(replicate).spec(replicate) for town in TOWNS]


def counterfactual_tasks(base: Scenario, variant: str, replicates: Sequence[int]) -> list[Task]:
    """The runs of all counterfactuals in one variant of the model."""
    return [
        Task(
            f"{variant}/{COUNTERFACTUALS}", f"{arm}/{name}", as_variant(scenario, variant), replicate, "year"
        )
        for replicate in replicates
        for arm in ARMS
        for name, scenario in _scenarios(base, arm, replicate)
    ]


def _scenarios(base: Scenario, arm: str, replicate: int) -> Iterator[tuple[str, Scenario]]:
    localities = localities_of(replicate)
    if arm in JOINT_ARMS:
        parameters = {**base.parameters, **(NO_PEERS if arm == "no_peers" else {})}
        yield "all", replace(base, localities=tuple(localities), parameters=parameters)
        return
    changed = base
    if arm in INTERVENTIONS:
        changed = replace(base, interventions=(Intervention(arm, START, MONTHS, 1.0),))
    elif arm == CONTACT_OFF:
        changed = replace(base, parameters={**base.parameters, **NO_CONTACT})
    elif arm == UNMODERATED:
        changed = replace(base, theories={**base.theories, "contact": "unmoderated"})
    for town, locality in zip(TOWNS, localities, strict=True):
        yield town.name, replace(changed, localities=(locality,))


def column(arm: str, reading: str) -> str:
    """Name of the column that holds a reading under an arm."""
    return f"{arm}:{reading}"


COLUMNS: Final = tuple(column(arm, reading) for arm in ARMS for reading in READINGS)


def counterfactual_table(
    tasks: Sequence[Task], outcomes: Sequence[Outcome], covariates: Mapping[tuple[str, int], list[float]]
) -> tuple[Table, dict[str, Array]]:
    """A table with one row for each town and replicate, and the row numbers of each town.

    Columns: every reading under every arm (`COLUMNS`). `covariates`: by name of the town and replicate.
    """
    index = [READING_NAMES.index(name) for name in READINGS]
    found: dict[tuple[str, int], dict[str, Array]] = {}
    for task, outcome in zip(tasks, outcomes, strict=True):
        arm, _, name = task.cell.partition("/")
        names = [town.name for town in TOWNS] if name == "all" else [name]
        for town, row in zip(names, outcome.rows, strict=True):
            found.setdefault((town, task.replicate), {})[arm] = row.readings[index]
    keys = sorted(found, key=lambda key: (key[1], [town.name for town in TOWNS].index(key[0])))
    values = np.array([np.concatenate([found[key][arm] for arm in ARMS]) for key in keys])
    table = Table(np.array([covariates[key] for key in keys]), values, COLUMNS)
    rows = {town.name: np.flatnonzero([key[0] == town.name for key in keys]) for town in TOWNS}
    return table, rows


def frame_direction_of_executive(sample: Sample) -> Array:
    """+1 for a conservative executive, -1 for a progressive one.

    The frame 'migrants only' is more frequent near conservative executives, so this is the direction in which
    the frame moves if it follows the executive.
    """
    return np.where(sample.labelled("executive", "conservative"), 1.0, -1.0)


def arm_difference(sample: Sample, arm: str, reading: str, without: str = "as_is") -> Array:
    """A reading under an arm less the same reading under another arm, town by town."""
    return np.asarray(sample[column(arm, reading)] - sample[column(without, reading)])


def contact_effects(sample: Sample) -> tuple[Estimate, Estimate]:
    """What contact does to the correlation of contact and attitude over residents, and to the mean attitude:
    towns as they are less the same towns where contact moves no attitude. nan where nobody had contact."""
    correlated, warmer = (
        mean(
            sample.column_or_nan(column("as_is", reading))
            - sample.column_or_nan(column(CONTACT_OFF, reading))
        )
        for reading in (CONTACT_AND_ATTITUDE, ATTITUDE)
    )
    return correlated, warmer


def moderated_advantage(sample: Sample, arm: str = "") -> Array:
    """Ties per meeting in moderated settings less those in other settings, in each locality (shares of all
    ties over shares of all meetings); nan where there was no meeting. arm: of the counterfactuals, if any."""

    def total(stem: str, kinds: tuple[str, ...]) -> Array:
        names = [f"{stem}_{kind}" for kind in kinds]
        columns = [sample.column_or_nan(column(arm, name) if arm else name) for name in names]
        summed: Array = np.nan_to_num(np.array(columns)).sum(axis=0)
        return summed

    def per_meeting(kinds: tuple[str, ...]) -> Array:
        ties, meetings = total("tie_origin", kinds), total("meetings", kinds)
        rate: Array = np.divide(ties, meetings, out=np.full(len(ties), np.nan), where=meetings > 0)
        return rate

    return per_meeting(MODERATED_SETTINGS) - per_meeting(OTHER_SETTINGS)


def moderation_effect(sample: Sample) -> Estimate:
    """The advantage of moderated settings in towns as they are, less that in the same towns where all
    settings are equally moderated."""
    return mean(moderated_advantage(sample, "as_is") - moderated_advantage(sample, UNMODERATED))


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of counterfactuals.csv: what was changed, what the effect is on, its unit and its size."""

    change: str
    meaning: str
    unit: str
    estimate: Estimate


def frame_shifts(sample: Sample) -> dict[str, Estimate]:
    """How far frames moved towards the executive, near to it and far from it.

    After a turnover the direction is that of the new executive, after rewiring that of the one in office.
    """
    side = frame_direction_of_executive(sample)
    return {
        f"{arm}_{where}": mean(sign * side * arm_difference(sample, arm, reading))
        for arm, sign in (("turnover", -1.0), ("rewire", 1.0))
        for where, reading in (("near", FRAME_NEAR), ("far", FRAME_FAR))
    }


ACTORS: Final = {"near": "those who work for the executive", "far": "all others"}
EXECUTIVES_FOLLOWED: Final = {"turnover": "the new executive", "rewire": "the executive"}


def effects(sample: Sample) -> list[Effect]:
    """All effects of the counterfactuals, averaged over the towns of a sample."""
    moved = frame_shifts(sample)
    found = [
        Effect(arm, f"frames of {who} move towards {whom}", "share", moved[f"{arm}_{where}"])
        for arm, whom in EXECUTIVES_FOLLOWED.items()
        for where, who in ACTORS.items()
    ]
    correlated, warmer = contact_effects(sample)
    found += [
        Effect("contact", "correlation of contact and attitude over residents", "1", correlated),
        Effect("contact", "mean attitude of residents to non-Europeans", "-1..1", warmer),
        Effect(
            "moderation",
            "ties per meeting in moderated settings less those in others",
            "1",
            moderation_effect(sample),
        ),
    ]
    peers = mean(arm_difference(sample, "peers", POLICY, "no_peers"))
    return [*found, Effect("peers", "policy index where localities hear of one another", "points", peers)]


def counterfactuals_frame(samples: Mapping[str, Sample]) -> pd.DataFrame:
    """The effects of the counterfactuals in each variant of the model.

    Columns: variant, change, meaning, unit, effect, error (one standard error of the mean over towns and
    replicates), n.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "variant": variant,
                "change": each.change,
                "meaning": each.meaning,
                "unit": each.unit,
                "effect": each.estimate.value,
                "error": each.estimate.error,
                "n": len(sample),
            }
            for variant, sample in samples.items()
            for each in effects(sample)
        ]
    )
