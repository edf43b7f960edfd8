"""Founding a place's institutions: organisations, relations, council blocs, the catalogue of measures, staff.

Initial ties, engagement, frames and measures depend on actor kind and own ideology only, unless a theory lets
them start from what earlier migrants left (docs/odd.md A23).
"""

from __future__ import annotations

from functools import cache
from math import floor, fsum
from typing import Any

import numpy as np

from woc_sim.draws import draw, draw_each, name_key
from woc_sim.inputs.frames import prognostic_frames
from woc_sim.inputs.organisations import TRAITS, actor_kinds, interest_code, level_code
from woc_sim.inputs.practice import practised
from woc_sim.inputs.sectors import sector_of
from woc_sim.inputs.tables import Measure, mandates, measures, stances
from woc_sim.inputs.vocabulary import COMPONENTS, MEASURE_ROLES, PROGNOSTIC_FRAMES, SECTORS
from woc_sim.rules.belief import first_belief
from woc_sim.rules.curves import normal
from woc_sim.rules.frames import leaning_weight
from woc_sim.rules.gains import weighed
from woc_sim.rules.law import law_in_force
from woc_sim.rules.policy import affordable_staff, municipal_means
from woc_sim.rules.relations import followed, stance_inside
from woc_sim.world.columns import ColumnSet
from woc_sim.world.governance import (
    BLOCS,
    MEASURES,
    ORGANISATIONS,
    SECTORS_STATE,
    VOICES,
    VOICES_KEPT,
    governance_columns,
)
from woc_sim.world.history import found_history
from woc_sim.world.legacy import earlier_migrants, leave_behind
from woc_sim.world.locality import Locality

Array = np.ndarray[Any, Any]

IDEOLOGY, LEADER, BIAS, START, BLOC, MAYOR, MAJORITY = 1, 2, 3, 4, 5, 6, 7


def found_institutions(locality: Locality, framework: str) -> None:
    """Fill organisations, governance, blocs, measures, sectors and voices of a locality whose row is set."""
    key = locality.key("founding")
    found_history(locality, framework)
    row = locality.row
    inhabitants = row.inhabitants[0]
    values = locality.parameters
    means = municipal_means(
        locality.value("unemployment_base"),
        values["population.unemployment_eu"],
        values["policy.fiscal"],
        locality.value("municipal_spending"),
        values["policy.usual_spending"],
    )
    earlier = earlier_migrants(locality, framework, means)
    _majorities(locality, framework, key)
    _blocs(locality, key)
    _organisations(locality, key, earlier.founded)
    _relations(locality, key)
    _measures(locality, framework)
    _first_beliefs(locality)
    leave_behind(locality, earlier.legacy)
    locality.sets["voices"] = ColumnSet("voices", VOICES, VOICES_KEPT, VOICES_KEPT)
    row.staff[0] = affordable_staff(
        means, values["policy.staff_base"], values["policy.staff_per_1000"], float(inhabitants)
    )
    row.leadership[0] = leadership(locality.name, locality.seed, locality.replicate)
    row.mayor[0] = min(1.0, max(-1.0, values["policy.mayor_spread"] * row.leadership[0]))


def leadership(name: str, seed: int, replicate: int) -> float:
    """The mayor's own deviation from the executive in a place of this name, in standard deviations: what the
    column `locality.leadership` begins with and keeps."""
    key = name_key(seed, replicate), name_key(name, "founding")
    return float(normal(draw(key, 0, MAYOR)))


def _majorities(locality: Locality, framework: str, key: tuple[np.uint64, np.uint64]) -> None:
    """Where the nation and the region of the place stand in every month, inside the bands of their
    majorities, and how they begin."""
    nation, region = (
        stance_inside((lows, highs), draw(key, level, MAJORITY))
        for level, (lows, highs) in enumerate(_bands(framework))
    )
    locality.info["majorities"] = nation, region
    row = locality.row
    row.nation_ideology[0], row.region_ideology[0] = nation[0], region[0]


@cache
def _bands(framework: str) -> Array:
    """The ends of the stances of the majorities: level (nation, region) x end x month."""
    return np.ascontiguousarray(np.array(stances(framework)).transpose(1, 2, 0))


def _organisations(locality: Locality, key: tuple[np.uint64, np.uint64], founded: float) -> None:
    """The organisations of all kinds; of the possible ones of earlier migrants the share `founded` exists."""
    values = locality.parameters
    row = locality.row
    inhabitants = float(row.inhabitants[0])
    executive = float(row.executive_ideology[0])
    rows: list[tuple[int, int]] = []
    for code, kind in enumerate(actor_kinds()):
        count = floor(kind.count + kind.count_per_100k * inhabitants / 100_000 + 0.5)
        if "radical_right" in kind.traits and row.rrp[0] <= 0.0:
            count = 0
        rows.extend((code, ordinal) for ordinal in range(int(min(count, kind.most))))
    organisations = ColumnSet("organisations", ORGANISATIONS, len(rows), len(rows))
    kinds = [actor_kinds()[code] for code, _ in rows]
    ordinals = [ordinal for _, ordinal in rows]
    # an organisation is named by the key of its kind and its number within the kind, never by its row
    entities = np.array(
        [k.key << 16 | ordinal for k, ordinal in zip(kinds, ordinals, strict=True)], np.uint64
    )
    organisations.entity[:] = entities
    organisations.kind[:] = [code for code, _ in rows]
    give_traits(organisations)
    organisations.dependence[:] = [kind.dependence for kind in kinds]
    organisations.capacity[:] = [kind.staff + kind.staff_per_100k * inhabitants / 100_000 for kind in kinds]
    traits = [values["organisations.leader_spread"] * each for each in _normals(key, entities, LEADER)]
    organisations.leader[:] = [min(1.0, max(-1.0, trait)) for trait in traits]
    organisations.active[:] = [
        "founded_by_migrants" not in kind.traits or u < founded
        for kind, u in zip(kinds, draw_each(key, entities, START), strict=True)
    ]
    majorities = {"region": float(row.region_ideology[0]), "nation": float(row.nation_ideology[0])}
    tilts = [values[f"frames.{frame.tilted_by}"] if frame.tilted_by else 0.0 for frame in prognostic_frames()]
    biases = [_normals(key, entities, BIAS, frame) for frame in range(len(PROGNOSTIC_FRAMES))]
    frames = {frame: values[f"frames.{frame}"] for frame in PROGNOSTIC_FRAMES}
    spread = values["frames.spread"]
    gains, apart, framed = (
        locality.theories["gains"],
        values["gains.organisations"],
        values["gains.frames"],
    )
    owns, ideologies, bias_of, weight_of = (
        organisations.buffer(name) for name in ("own_ideology", "ideology", "bias", "prognostic")
    )
    for o, (kind, drawn) in enumerate(zip(kinds, _normals(key, entities, IDEOLOGY), strict=True)):
        own = weighed(gains, kind.ideology + kind.spread * drawn, apart)
        ideology = followed(own, kind.follows, executive, majorities.get(kind.level, 0.0))
        owns[o] = own
        ideologies[o] = ideology
        base = [
            leaning_weight(frames[frame], tilt, weighed(gains, ideology, framed), 0.0, 0.0)
            for frame, tilt in zip(PROGNOSTIC_FRAMES, tilts, strict=True)
        ]
        bias = [max(0.1, 1.0 + spread * each[o]) for each in biases]
        weights = [own_bias * lean for own_bias, lean in zip(bias, base, strict=True)]
        total = 0.0
        for weight in weights:
            total += weight
        bias_of[o] = bias
        weight_of[o] = [weight / total for weight in weights]
    organisations.diagnostic[:] = 0.3
    locality.sets["organisations"] = organisations


def give_traits(organisations: ColumnSet) -> None:
    """Fill the columns that say what an organisation is from the catalogue, by the kind of each row."""
    for column, values in _traits_of_kinds().items():
        organisations.buffer(column)[: organisations.count] = values[organisations.kind]


@cache
def _traits_of_kinds() -> dict[str, Array]:
    """The same columns with a row for each kind."""
    kinds = actor_kinds()
    found = {trait: np.array([trait in kind.traits for kind in kinds]) for trait in TRAITS}
    return found | {
        "level": np.array([level_code(kind.level) for kind in kinds]),
        "interest": np.array([interest_code(kind.interest) for kind in kinds]),
    }


def _normals(key: tuple[np.uint64, np.uint64], entities: Array, purpose: int, index: int = 0) -> list[float]:
    """One standard normal number for each entity."""
    return [normal(u) for u in draw_each(key, entities, purpose, index).tolist()]


def _relations(locality: Locality, key: tuple[np.uint64, np.uint64]) -> None:
    n = locality.organisations.count
    governance = ColumnSet("governance", governance_columns(n), n, n)
    habits, frequency, reaches = (governance.buffer(name) for name in ("habit", "frequency", "reach"))
    entities = locality.organisations.entity
    meets = np.sqrt(np.array([kind.meets for kind in actor_kinds()]))[locality.organisations.kind]
    later, earlier = np.tril_indices(n, -1)
    # a pair is named by the entities of both, the larger one first
    one, other = entities[later], entities[earlier]
    pairs = (np.maximum(one, other) << np.uint64(32)) | np.minimum(one, other)
    # one common distribution for all pairs
    habits[later, earlier] = 2.0 * locality.parameters["relations.start"] * draw_each(key, pairs, START)
    habits += habits.T
    frequency[:] = habits
    reaches[:] = meets[:, None] * meets[None, :]
    np.fill_diagonal(reaches, 0.0)
    locality.sets["governance"] = governance


def _blocs(locality: Locality, key: tuple[np.uint64, np.uint64]) -> None:
    """Two to five council blocs: those behind the executive, the opposition, radical-right parties (A8)."""
    row = locality.row
    values = locality.parameters
    executive = float(row.executive_ideology[0])
    rrp = float(row.rrp[0])
    behind = 1 + min(2, floor(float(row.inhabitants[0]) / 60_000))
    majority = values["organisations.majority"] + 0.12 * (draw(key, 0, BLOC) - 0.5)
    majority = min(majority, 0.95 - rrp)
    blocs = ColumnSet("blocs", BLOCS, 5, 5)
    for b in range(5):
        noise = values["organisations.bloc_spread"] * normal(draw(key, b, BLOC, 1))
        blocs.salience[b] = 0.3 + 0.4 * draw(key, b, BLOC, 2)
        if b < behind:
            blocs.seats[b] = majority / behind
            blocs.ideology[b] = min(1.0, max(-1.0, executive + noise))
            blocs.executive[b] = 1
        elif b == 3:
            blocs.seats[b] = 1.0 - majority - rrp
            blocs.ideology[b] = min(1.0, max(-1.0, -0.7 * executive + noise))
        elif b == 4:
            blocs.seats[b] = rrp
            blocs.ideology[b] = -0.9
            blocs.salience[b] = 1.0
            blocs.radical_right[b] = 1
    locality.sets["blocs"] = blocs


def _first_beliefs(locality: Locality) -> None:
    """What the place is thought to think of migrants before anybody is heard: the same for all who are
    there."""
    blocs = locality.blocs
    seats = blocs.seats.tolist()
    shares = zip(seats, blocs.ideology.tolist(), strict=True)
    council = fsum(share * ideology for share, ideology in shares) / fsum(seats)
    votes = locality.parameters["first_beliefs.votes"]
    believed = first_belief(locality.theories["first_beliefs"], council, votes)
    locality.row.remembered[0] = believed
    locality.organisations.belief[:] = believed


def municipal_measures() -> tuple[Measure, ...]:
    """The measures that a municipality decides on, in the order of their rows in every locality.

    Health is no municipal decision (I-28): its score is what law provides.
    """
    return tuple(measure for measure in measures() if measure.component != "health")


def _measures(locality: Locality, framework: str) -> None:
    """The catalogue with this framework's duties; in 2012 only the mandated minimum is in force (A23)."""
    shares = locality.parameters
    names, catalogue, higher, provision = _catalogue(
        framework, locality.theories["law"], shares["law.partly"], shares["law.paper"]
    )
    rows = ColumnSet("measures", MEASURES, len(names), len(names))
    for column, values in catalogue.items():
        rows.buffer(column)[:] = values
    rows.known[:] = locality.parameters["diffusion.start"]
    rows.bulletin[:] = locality.parameters["diffusion.outside"]
    locality.sets["measures"] = rows
    sectors = ColumnSet("sectors", SECTORS_STATE, len(SECTORS), len(SECTORS))
    sectors.higher[:] = higher
    locality.sets["sectors"] = sectors
    locality.info["provision"] = provision.copy()
    locality.info["measure_names"] = names


@cache
def _catalogue(
    framework: str, law: int, partly: float, paper: float
) -> tuple[tuple[str, ...], dict[str, Array], Array, Array]:
    """What is the same in all places of a framework: names of the measures, their columns, what higher levels
    provide by sector, and by component.

    law: the theory of law in force; partly, paper: share of a rule that is done where it is partly practised,
    or stands on paper only.
    """
    catalogue = municipal_measures()
    duties = {mandate.component: mandate for mandate in mandates(framework)}
    share = {"practised": 1.0, "partly": partly, "paper": paper}
    done = {name: (share[duty], share[given]) for name, (duty, given) in practised(framework).items()}
    provided = {name: law_in_force(law, mandate.provision, done[name][1]) for name, mandate in duties.items()}
    rows = ColumnSet("measures", MEASURES, len(catalogue), len(catalogue))
    seen: set[str] = set()
    for m, measure in enumerate(catalogue):
        rows.component[m] = COMPONENTS.index(measure.component) if measure.component else -1
        rows.sector[m] = SECTORS.index(measure.sector)
        rows.direction[m] = measure.direction
        rows.weight[m] = measure.weight
        rows.cost[m] = measure.cost
        rows.coverage[m] = measure.coverage
        rows.targeted[m] = 1 if measure.scope == "targeted" else 0
        rows.strength[m] = measure.strength
        rows.role[m] = MEASURE_ROLES.index(measure.role)
        rows.posts[m] = measure.staff
        rows.shares[m] = measure.shares
        if measure.component:
            mandate = duties[measure.component]
            rows.duty[m] = mandate.duty / 2.0
            rows.practised[m] = done[measure.component][0]
            rows.funding[m] = mandate.funding
            duty = law_in_force(law, mandate.duty / 2.0, rows.practised[m])
            if duty == 1.0 and measure.component not in seen:
                rows.in_force[m] = 1
                rows.since[m] = 0
            seen.add(measure.component)
    higher = np.zeros(len(SECTORS))
    for k, sector in enumerate(SECTORS):
        parts = [provided[component] for component in COMPONENTS if sector_of(component) == sector]
        higher[k] = fsum(parts) / len(parts) if parts else 0.0
    return (
        tuple(measure.name for measure in catalogue),
        {column: getattr(rows, column) for column in rows},
        higher,
        np.array([provided[component] for component in COMPONENTS]),
    )
