"""Who is asked, and the noise in the answer: draws addressed by person, question and instrument.

A sample is the entities with the smallest draws, so that two worlds that share a person ask it in both or in
neither wherever they can. Interviewees of the governance instruments are the same persons in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from woc_sim.draws import draw, draw_each, uniform
from woc_sim.inputs.organisations import actor_kinds, level_code
from woc_sim.jit import kernel
from woc_sim.rules.curves import normal
from woc_sim.world.locality import Locality

Array = np.ndarray[Any, Any]
Key = tuple[np.uint64, np.uint64]

LOCAL = level_code("local")

# Purposes of draws; the instrument's name is in the key, the question in the index.
SAMPLE, ANSWER = 1, 2
BLOCK = 8192


@kernel
def _normals(key0: Any, key1: Any, entities: Any, month: Any, purpose: Any, index: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = normal(uniform(key0, key1, entities[i], month, purpose, index))


def uniforms(key: Key, entities: Array, index: int, purpose: int = ANSWER) -> Array:
    """One uniform number for each entity (uint64 keys) and question `index`."""
    found: Array = draw_each(key, entities, purpose, index)
    return found


def normals(key: Key, entities: Array, index: int, purpose: int = ANSWER) -> Array:
    """One standard normal number for each entity and question `index`."""
    out = np.empty(entities.size)
    _normals(key[0], key[1], entities, 0, purpose, index, out)
    return out


@kernel
def _errors(key0: Any, key1: Any, entities: Any, purpose: Any, first: Any, out: Any) -> None:
    for i in range(len(out)):
        for j in range(out.shape[1]):
            out[i, j] = normal(uniform(key0, key1, entities[i], 0, purpose, first[i] + j))


def errors(key: Key, people: Sequence[Interviewee], number: int, count: int) -> Array:
    """One standard normal number for each interviewee and each of `count` questions from `number` on
    (interviewees x questions)."""
    out = np.empty((len(people), count))
    entities = np.array([who.entity for who in people], dtype=np.uint64)
    first = np.array([who.question(number) for who in people], dtype=np.int64)
    _errors(key[0], key[1], entities, ANSWER, first, out)
    return out


def sample(key: Key, entities: Array, candidates: Array, size: int) -> Array:
    """Rows of at most `size` of the `candidates` (row numbers), drawn without replacement, in row order."""
    if candidates.size <= size:
        return candidates
    kept, draws = candidates[:0], np.empty(0)
    for start in range(0, candidates.size, BLOCK):  # some at a time, since towns are large and samples small
        block = candidates[start : start + BLOCK]
        kept = np.concatenate((kept, block))
        draws = np.concatenate((draws, uniforms(key, entities[block], 0, SAMPLE)))
        first = np.argsort(draws, kind="stable")[:size]
        kept, draws = kept[first], draws[first]
    return np.sort(kept)


@dataclass(frozen=True, slots=True)
class Interviewee:
    """A person who is interviewed for an organisation. `person` tells interviewees of one organisation
    apart.
    """

    organisation: int
    kind: int
    entity: int
    person: int
    rates: bool

    @property
    def traits(self) -> frozenset[str]:
        """Traits of the organisation's kind."""
        return actor_kinds()[self.kind].traits

    def question(self, number: int) -> int:
        """Index of the draw of a question that this person answers (below 4096)."""
        return self.person * 4096 + number


def local_organisations(locality: Locality) -> list[int]:
    """Rows of the active organisations below the regional level."""
    organisations = locality.organisations
    active = organisations.active.tolist()
    return [row for row, level in enumerate(organisations.level.tolist()) if active[row] and level == LOCAL]


def interviewees(locality: Locality) -> list[Interviewee]:
    """The 8-16 persons whom the field team meets in a locality, as different in kind as possible.

    Public organisations give up to `persons_public` interviews, others one. Of each kind one person comes
    first, then the second of each kind and so on, in drawn order. Everyone answers the structured questions
    with the chance `rating_response`, but never fewer than three do (Table 6 rests on 3-16 raters a
    locality, 9.6 on average).
    """
    parameters = locality.parameters
    key = locality.key("instrument.interviewees")
    entity = locality.organisations.entity.tolist()
    kinds, public = locality.organisations.kind.tolist(), locality.organisations.public.tolist()
    queue: dict[int, list[tuple[float, int, int]]] = {}
    for row in local_organisations(locality):
        persons = int(parameters["instruments.persons_public"]) if public[row] else 1
        for person in range(persons):
            chance = draw(key, entity[row], SAMPLE, person)
            queue.setdefault(kinds[row], []).append((chance, row, person))
    ranked = sorted(
        (rank, chance, row, person)
        for waiting in queue.values()
        for rank, (chance, row, person) in enumerate(sorted(waiting))
    )
    fewest, most = parameters["instruments.interviews_min"], parameters["instruments.interviews_max"]
    wanted = int(fewest + draw(key, 0, SAMPLE, 4095) * (most - fewest + 1.0))
    chosen = [(row, person) for _, _, row, person in ranked[:wanted]]
    answer = [draw(key, entity[row], ANSWER, person) for row, person in chosen]
    limit = max(
        parameters["instruments.rating_response"], sorted(answer)[min(3, len(answer)) - 1] if answer else 0.0
    )
    return [
        Interviewee(row, kinds[row], entity[row], person, answer[index] <= limit)
        for index, (row, person) in enumerate(chosen)
    ]
