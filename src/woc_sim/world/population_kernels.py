"""Kernels that draw a population: one pass each for households, minds, places, members and links.

Draws are filled in blocks, one purpose at a time, because a block costs a fraction of draws in a loop; a
block ends after some thousand residents, because those of a whole town would be its largest array.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from woc_sim.draws import fill_purposes
from woc_sim.inputs.ages import ADULT, JOIN_FROM, LANDLORD_FROM, RESIDENT_CLASSES, SCHOOL_FROM
from woc_sim.jit import kernel
from woc_sim.rules.attitudes import leaning_of, other_predisposition, predisposition, value_distance
from woc_sim.rules.curves import clip
from woc_sim.rules.housing import building_step, household_step, vacancy_share
from woc_sim.rules.markets import building_response
from woc_sim.world.groups import REFERENCE, fill_by_group
from woc_sim.world.locality import record
from woc_sim.world.people import RESIDENTS
from woc_sim.world.places import PLACES

_, PUPIL, YOUNG, MIDDLE, LATER, OLD, END = RESIDENT_CLASSES  # ages at which classes of the margins begin
BLOCK = 4096  # residents whose numbers are drawn together
FRIENDS, CANDIDATES = 2, 3  # friends a person names, and acquaintances among whom each is chosen by leaning

# Purposes of the draws of one resident: a block of rows for each kernel, from the block's first purpose on.
HOUSEHOLD_DRAWS, MIND_DRAWS, PLACE_DRAWS, LINK_DRAWS = 1, 20, 40, 50
SIZE, AGE, LIFE, GENDER, SKILL, SKILL_IN, INTEREST, INTEREST_IN, JOB, LANDLORD, SETTLED, MATCHED = range(12)
LEANING, LEANING_IN = range(2)
MIND, MIND_OTHER, FAR, FAR_OTHER = range(MIND_DRAWS + 2, MIND_DRAWS + 6)  # one for each group
LATER_DRAWS = MIND_DRAWS + 6
STUBBORN, THREAT, BENEFIT = range(3)
FIRM, SECTOR, MEMBER, CLUB, AT_SCHOOL = range(5)
NEIGHBOUR, COLLEAGUE, FELLOW, FRIEND = range(4)
HOUSEHOLD_ROWS, MIND_ROWS, LATER_ROWS, PLACE_ROWS, LINK_ROWS = 12, 2, 3, 5, 3 + FRIENDS * CANDIDATES


People = record("People", (column.name for column in RESIDENTS), __name__)
"""The columns of all residents."""

Places = record("Places", (column.name for column in PLACES), __name__)
"""The columns of all places."""


class Drawn(NamedTuple):
    """The margins from which households are drawn.

    sizes, skills, interests: running shares of their margins; scores: interest of each class; employed: rate
    of each of the six age groups; shares: children beyond the second person, infants among children, old
    people in small households, 25-44 among heads of large and of small households. women, landlords,
    background_share: shares of persons, and of households; shared_origin_chance: of those with a migration
    background, the part with origins of later arrivals.
    """

    sizes: Any
    shares: Any
    skills: Any
    interests: Any
    scores: Any
    employed: Any
    women: float
    landlords: float
    background_share: float
    shared_origin_chance: float


class Minds(NamedTuple):
    """What residents' attitudes are drawn from: radical-right voters and all right of the centre as shares,
    then parameters by their names."""

    radical: float
    right: float
    population_radical_cut: float
    population_leaning_slope: float
    population_skill_slope: float
    population_settled_gain: float
    population_distance_leaning: float
    population_distance_spread: float
    population_stubborn_low: float
    population_stubborn_high: float
    population_felt_spread: float
    attitudes_felt_threat: float
    attitudes_felt_threat_attitude: float
    attitudes_felt_benefit: float
    attitudes_felt_benefit_attitude: float


@kernel
def make_households(key0: Any, key1: Any, people: Any, drawn: Any) -> None:
    """Draw residents household by household, in the order of rows; drawn: `Drawn`. workplace becomes 0 for
    those with work, else -1."""
    n = len(people.entity)
    number = -1
    size = 0
    position = 0
    head = 0
    for i in range(n):
        k = i % BLOCK
        if k == 0:
            count = min(BLOCK, n - i)
            u = fill_purposes(key0, key1, people.entity[i:], 0, HOUSEHOLD_DRAWS, HOUSEHOLD_ROWS, count)
        if position == size:
            number += 1
            position = 0
            head = i
            size = 1
            while size < len(drawn.sizes) and u[SIZE, k] >= drawn.sizes[size - 1]:
                size += 1
        people.household[i] = number
        if position == 0:
            young = drawn.shares[3] if size >= 3 else drawn.shares[4]
            if size < 3 and u[LIFE, k] < drawn.shares[2]:
                people.age[i] = OLD + (END - OLD) * u[AGE, k] * u[AGE, k]
            elif u[LIFE, k] > 1.0 - (1.0 - drawn.shares[2] if size < 3 else 1.0) * young:
                people.age[i] = MIDDLE + (LATER - MIDDLE) * u[AGE, k]
            else:
                people.age[i] = LATER + (OLD - LATER) * u[AGE, k]
        elif position == 1:
            people.age[i] = clip(people.age[head] + 8.0 * (u[AGE, k] - 0.5), 19.0, 95.0)
        elif u[LIFE, k] < drawn.shares[0]:
            if u[LIFE, k] < drawn.shares[0] * drawn.shares[1]:
                people.age[i] = PUPIL * u[AGE, k]
            else:
                people.age[i] = PUPIL + (YOUNG - PUPIL) * u[AGE, k]
        else:
            people.age[i] = YOUNG + (MIDDLE - YOUNG) * u[AGE, k]
        position += 1
        people.female[i] = 1 if u[GENDER, k] < drawn.women else 0
        level = 0
        while level < len(drawn.skills) - 1 and u[SKILL, k] >= drawn.skills[level]:
            level += 1
        people.skill[i] = (level + u[SKILL_IN, k]) / len(drawn.skills)
        level = 0
        while level < len(drawn.interests) - 1 and u[INTEREST, k] >= drawn.interests[level]:
            level += 1
        people.interest[i] = clip(drawn.scores[level] + 0.3 * (u[INTEREST_IN, k] - 0.5), 0.0, 1.0)
        group = 0
        if people.age[i] >= OLD:
            group = 5
        elif people.age[i] >= LATER:
            group = 4
        elif people.age[i] >= MIDDLE:
            group = 3
        elif people.age[i] >= YOUNG:
            group = 2
        people.workplace[i] = 0 if u[JOB, k] < drawn.employed[group] else -1
        owns = people.age[i] >= LANDLORD_FROM and u[LANDLORD, k] < drawn.landlords * (0.5 + people.skill[i])
        people.landlord[i] = 1 if owns else 0
        if i == head:
            people.migration_background[i] = 1 if u[SETTLED, k] < drawn.background_share else 0
            people.origin_shared[i] = (
                1 if people.migration_background[i] == 1 and u[MATCHED, k] < drawn.shared_origin_chance else 0
            )
        else:
            people.migration_background[i] = people.migration_background[head]
            people.origin_shared[i] = people.origin_shared[head]


@kernel
def make_minds(key0: Any, key1: Any, people: Any, groups: Any, drawn: Any) -> None:
    """Draw what residents think before 2012; drawn: `Minds`."""
    n = len(people.entity)
    of_group = np.empty((len(groups.key), BLOCK))
    far = np.empty((len(groups.key), BLOCK))
    for i in range(n):
        k = i % BLOCK
        if k == 0:
            count = min(BLOCK, n - i)
            entities = people.entity[i:]
            u = fill_purposes(key0, key1, entities, 0, MIND_DRAWS, MIND_ROWS, count)
            fill_by_group(key0, key1, entities, 0, groups.key, MIND, MIND_OTHER, count, of_group)
            fill_by_group(key0, key1, entities, 0, groups.key, FAR, FAR_OTHER, count, far)
            v = fill_purposes(key0, key1, entities, 0, LATER_DRAWS, LATER_ROWS, count)
        cut = drawn.population_radical_cut
        leaning = leaning_of(u[LEANING, k], u[LEANING_IN, k], drawn.radical, drawn.right, cut)
        people.leaning[i] = leaning
        own = predisposition(
            drawn,
            groups.attitude_mean[REFERENCE],
            leaning,
            people.skill[i],
            float(people.migration_background[i]),
            of_group[REFERENCE, k],
            groups.individual[REFERENCE],
        )
        for g in range(len(groups.key)):
            start = own
            if g != REFERENCE:
                apart = groups.attitude_mean[g] - groups.attitude_mean[REFERENCE]
                start = other_predisposition(own, apart, of_group[g, k], groups.individual[g])
            people.anchor_to[g, i] = start
            people.attitude_to[g, i] = start
            people.distance_to[g, i] = value_distance(drawn, groups.distance[g], leaning, far[g, k])
        lowest, highest = drawn.population_stubborn_low, drawn.population_stubborn_high
        people.stubbornness[i] = lowest + (highest - lowest) * v[STUBBORN, k]
        felt = drawn.attitudes_felt_threat - drawn.attitudes_felt_threat_attitude * own
        felt = felt + drawn.population_felt_spread * (v[THREAT, k] - 0.5)
        people.threat[i] = clip(felt, 0.0, 1.0)
        felt = drawn.attitudes_felt_benefit + drawn.attitudes_felt_benefit_attitude * own
        felt = felt + drawn.population_felt_spread * (v[BENEFIT, k] - 0.5)
        people.benefit[i] = clip(felt, 0.0, 1.0)


@kernel
def assign_places(
    key0: Any, key1: Any, people: Any, sector: Any, starts: Any, joining: float, schooling: float
) -> None:
    """Give every resident its places, and every workplace its sector.

    starts: first row of neighbourhoods, workplaces, schools, associations, others; joining: chance to be a
    member of an association; schooling: chance of a child to go to school.
    """
    n = len(people.entity)
    neighbourhoods = starts[1] - starts[0]
    firms = starts[2] - starts[1]
    schools = starts[3] - starts[2]
    clubs = starts[4] - starts[3]
    head = 0
    for i in range(n):
        k = i % BLOCK
        if k == 0:
            u = fill_purposes(key0, key1, people.entity[i:], 0, PLACE_DRAWS, PLACE_ROWS, min(BLOCK, n - i))
        if i == 0 or people.household[i] != people.household[i - 1]:
            head = i
        home = (head * neighbourhoods) // n
        people.neighbourhood[i] = home
        if people.workplace[i] >= 0:
            people.workplace[i] = starts[1] + int(u[FIRM, k] * firms)
        if SCHOOL_FROM <= people.age[i] < ADULT and u[AT_SCHOOL, k] < schooling:
            people.school[i] = starts[2] + home % schools
            people.school[head] = people.school[i]
        if people.age[i] >= JOIN_FROM and u[MEMBER, k] < joining:
            people.association[i] = starts[3] + int(u[CLUB, k] * clubs)
        if i < firms:
            sector[starts[1] + i] = int(u[SECTOR, k] * 10.0)


@kernel
def list_members(people: Any, places: Any, public: int, resident: Any) -> None:
    """Members of every place by counting sort; the first worker of a workplace is its employer.

    public: row of the public space, where everybody is; resident: the members of all places, one place after
    the other.
    """
    n = len(people.entity)
    for i in range(n):
        places.member_count[people.neighbourhood[i]] += 1
        if people.workplace[i] >= 0:
            places.member_count[people.workplace[i]] += 1
        if people.school[i] >= 0:
            places.member_count[people.school[i]] += 1
        if people.association[i] >= 0:
            places.member_count[people.association[i]] += 1
    places.member_count[public] = n
    total = 0
    free = np.zeros(len(places.member_count), dtype=np.int64)
    for p in range(len(places.member_count)):
        places.member_start[p] = total
        free[p] = total
        total += places.member_count[p]
    for i in range(n):
        resident[free[people.neighbourhood[i]]] = i
        free[people.neighbourhood[i]] += 1
        resident[free[public]] = i
        free[public] += 1
        if people.workplace[i] >= 0:
            if free[people.workplace[i]] == places.member_start[people.workplace[i]]:
                places.owner[people.workplace[i]] = i
                people.employer[i] = 1
            resident[free[people.workplace[i]]] = i
            free[people.workplace[i]] += 1
        if people.school[i] >= 0:
            resident[free[people.school[i]]] = i
            free[people.school[i]] += 1
        if people.association[i] >= 0:
            resident[free[people.association[i]]] = i
            free[people.association[i]] += 1


@kernel
def _someone(places: Any, resident: Any, place: int, u: float) -> int:
    """A member of a place by a uniform number, -1 if the place is none or empty."""
    if place < 0 or places.member_count[place] == 0:
        return -1
    return int(resident[places.member_start[place] + int(u * places.member_count[place])])


@kernel
def link_people(key0: Any, key1: Any, people: Any, places: Any, resident: Any) -> Any:
    """Undirected links as two arrays: first row of each resident's links (n + 1 values), and the other ends.

    Ends of one resident are sorted and each stands once; the second array is longer than what is used of it.
    """
    n = len(people.entity)
    names = np.full((n, 3 + FRIENDS), -1, dtype=np.int32)
    best = np.empty(BLOCK)
    for first in range(0, n, BLOCK):
        size = min(BLOCK, n - first)
        u = fill_purposes(key0, key1, people.entity[first:], 0, LINK_DRAWS, LINK_ROWS, size)
        for k in range(size):
            i = first + k
            names[i, 0] = _someone(places, resident, people.neighbourhood[i], u[NEIGHBOUR, k])
        for k in range(size):
            i = first + k
            names[i, 1] = _someone(places, resident, people.workplace[i], u[COLLEAGUE, k])
        for k in range(size):
            i = first + k
            names[i, 2] = _someone(places, resident, people.association[i], u[FELLOW, k])
        for f in range(FRIENDS):
            for k in range(size):
                best[k] = 9.0
            for c in range(CANDIDATES):
                row = FRIEND + f * CANDIDATES + c
                for k in range(size):
                    i = first + k
                    other = int(u[row, k] * n)
                    apart = abs(people.leaning[other] - people.leaning[i])
                    if other != i and apart < best[k]:
                        best[k] = apart
                        names[i, 3 + f] = other
    return _symmetric(people.household, names)


@kernel
def _symmetric(household: Any, names: Any) -> Any:
    """Undirected links from the persons that each resident names and from shared households."""
    n = len(household)
    degree = np.zeros(n + 1, dtype=np.int32)
    for i in range(n):
        for k in range(names.shape[1]):
            other = names[i, k]
            if other >= 0 and other != i:
                degree[i] += 1
                degree[other] += 1
        mate = i + 1
        while mate < n and household[mate] == household[i]:
            degree[i] += 1
            degree[mate] += 1
            mate += 1
    heads = np.zeros(n + 1, dtype=np.int32)
    free = np.zeros(n, dtype=np.int32)
    for i in range(n):
        heads[i + 1] = heads[i] + degree[i]
        free[i] = heads[i]
    ends = np.empty(heads[n], dtype=np.int32)
    for i in range(n):
        for k in range(names.shape[1]):
            other = names[i, k]
            if other >= 0 and other != i:
                ends[free[i]] = other
                free[i] += 1
                ends[free[other]] = i
                free[other] += 1
        mate = i + 1
        while mate < n and household[mate] == household[i]:
            ends[free[i]] = mate
            free[i] += 1
            ends[free[mate]] = i
            free[mate] += 1
            mate += 1
    kept = 0
    for i in range(n):
        first = heads[i]
        heads[i] = kept
        for k in range(first + 1, free[i]):  # insertion sort: ten numbers
            value = ends[k]
            place = k - 1
            while place >= first and ends[place] > value:
                ends[place + 1] = ends[place]
                place -= 1
            ends[place + 1] = value
        last = -1
        for k in range(first, free[i]):
            if ends[k] != last:
                last = ends[k]
                ends[kept] = last
                kept += 1
    heads[n] = kept
    return heads, ends


@kernel
def run_stocks(
    households: float,
    vacancy: float,
    months: int,
    trend: float,
    shrinking: float,
    building: float,
    response: float,
    demolition: float,
    normal_vacancy: float,
    markets: int,
    land: float,
    land_half: float,
) -> Any:
    """Households and dwellings after so many `months` by the rules of housing, which began with a share
    `vacancy` of dwellings empty and end with so many `households`."""
    for _ in range(months):
        households = households / household_step(1.0, trend, shrinking)
    dwellings = households / (1.0 - vacancy)
    for _ in range(months):
        households = household_step(households, trend, shrinking)
        empty = vacancy_share(households, dwellings)
        responding = building_response(markets, response, empty, normal_vacancy, dwellings, land, land_half)
        dwellings = building_step(dwellings, empty, building, responding, demolition, normal_vacancy)
    return households, dwellings
