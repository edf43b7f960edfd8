"""Kernels that draw a population: one pass each for households, minds, places, members and links.

Draws are filled in blocks, one purpose at a time, because a block costs a fraction of draws in a loop; a
block ends after some thousand residents, because those of a whole town would be its largest array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from woc_sim.draws import fill_purposes
from woc_sim.jit import kernel
from woc_sim.rules.attitudes import leaning_of, predisposition, value_distance
from woc_sim.rules.curves import clip
from woc_sim.rules.housing import building_step, household_step, vacancy_share

BLOCK = 4096  # residents whose numbers are drawn together
FRIENDS, CANDIDATES = 2, 3  # friends a person names, and acquaintances among whom each is chosen by leaning

# Purposes of the draws of one resident: a block of rows for each kernel, from the block's first purpose on.
HOUSEHOLD_DRAWS, MIND_DRAWS, PLACE_DRAWS, LINK_DRAWS = 1, 20, 40, 50
SIZE, AGE, LIFE, GENDER, SKILL, SKILL_IN, INTEREST, INTEREST_IN, JOB, LANDLORD, SETTLED, MATCHED = range(12)
LEANING, LEANING_IN, MIND, MIND_UA, FAR, FAR_UA, STUBBORN, THREAT, BENEFIT = range(9)
FIRM, SECTOR, MEMBER, CLUB, AT_SCHOOL = range(5)
NEIGHBOUR, COLLEAGUE, FELLOW, FRIEND = range(4)
HOUSEHOLD_ROWS, MIND_ROWS, PLACE_ROWS, LINK_ROWS = 12, 9, 5, 3 + FRIENDS * CANDIDATES


@kernel
def make_households(
    key0: Any,
    key1: Any,
    entity: Any,
    sizes: Any,
    shares: Any,
    skills: Any,
    interests: Any,
    scores: Any,
    employed: Any,
    women: float,
    landlords: float,
    settled_share: float,
    matched_share: float,
    household: Any,
    age: Any,
    female: Any,
    skill: Any,
    interest: Any,
    landlord: Any,
    settled: Any,
    matched: Any,
    workplace: Any,
) -> None:
    """Draw residents household by household, in the order of rows.

    sizes, skills, interests: running shares of their margins; scores: interest of each class; employed: rate
    of each of the six age groups; shares: children beyond the second person, infants among children, old
    people in small households, 25-44 among heads of large and of small households. workplace becomes 0 for
    those with work, else -1.
    """
    n = len(entity)
    number = -1
    size = 0
    position = 0
    head = 0
    for i in range(n):
        k = i % BLOCK
        if k == 0:
            u = fill_purposes(key0, key1, entity[i:], 0, HOUSEHOLD_DRAWS, HOUSEHOLD_ROWS, min(BLOCK, n - i))
        if position == size:
            number += 1
            position = 0
            head = i
            size = 1
            while size < len(sizes) and u[SIZE, k] >= sizes[size - 1]:
                size += 1
        household[i] = number
        if position == 0:
            young = shares[3] if size >= 3 else shares[4]
            if size < 3 and u[LIFE, k] < shares[2]:
                age[i] = 65.0 + 25.0 * u[AGE, k] * u[AGE, k]
            elif u[LIFE, k] > 1.0 - (1.0 - shares[2] if size < 3 else 1.0) * young:
                age[i] = 25.0 + 20.0 * u[AGE, k]
            else:
                age[i] = 45.0 + 20.0 * u[AGE, k]
        elif position == 1:
            age[i] = clip(age[head] + 8.0 * (u[AGE, k] - 0.5), 19.0, 95.0)
        elif u[LIFE, k] < shares[0]:
            if u[LIFE, k] < shares[0] * shares[1]:
                age[i] = 6.0 * u[AGE, k]
            else:
                age[i] = 6.0 + 12.0 * u[AGE, k]
        else:
            age[i] = 18.0 + 7.0 * u[AGE, k]
        position += 1
        female[i] = 1 if u[GENDER, k] < women else 0
        level = 0
        while level < len(skills) - 1 and u[SKILL, k] >= skills[level]:
            level += 1
        skill[i] = (level + u[SKILL_IN, k]) / len(skills)
        level = 0
        while level < len(interests) - 1 and u[INTEREST, k] >= interests[level]:
            level += 1
        interest[i] = clip(scores[level] + 0.3 * (u[INTEREST_IN, k] - 0.5), 0.0, 1.0)
        group = 0
        if age[i] >= 65.0:
            group = 5
        elif age[i] >= 45.0:
            group = 4
        elif age[i] >= 25.0:
            group = 3
        elif age[i] >= 18.0:
            group = 2
        workplace[i] = 0 if u[JOB, k] < employed[group] else -1
        landlord[i] = 1 if age[i] >= 30.0 and u[LANDLORD, k] < landlords * (0.5 + skill[i]) else 0
        if i == head:
            settled[i] = 1 if u[SETTLED, k] < settled_share else 0
            matched[i] = 1 if settled[i] == 1 and u[MATCHED, k] < matched_share else 0
        else:
            settled[i] = settled[head]
            matched[i] = matched[head]


@kernel
def make_minds(
    key0: Any,
    key1: Any,
    entity: Any,
    radical: float,
    right: float,
    constants: Any,
    skill: Any,
    settled: Any,
    leaning: Any,
    attitude: Any,
    attitude_ua: Any,
    anchor: Any,
    anchor_ua: Any,
    distance: Any,
    distance_ua: Any,
    stubbornness: Any,
    threat: Any,
    benefit: Any,
) -> None:
    """Draw what residents think before 2012. constants: in the order of `population._draw_minds`."""
    n = len(entity)
    for i in range(n):
        k = i % BLOCK
        if k == 0:
            u = fill_purposes(key0, key1, entity[i:], 0, MIND_DRAWS, MIND_ROWS, min(BLOCK, n - i))
        leaning[i] = leaning_of(u[LEANING, k], u[LEANING_IN, k], radical, right, constants[0])
        own = predisposition(
            constants[1], leaning[i], constants[3], skill[i], float(settled[i]), u[MIND, k], constants[4]
        )
        # The attitude to Ukrainians shares the individual part and adds one of its own.
        gap = constants[2] - constants[1]
        own_ua = predisposition(own + gap, 0.0, 0.0, 0.5, 0.0, u[MIND_UA, k], constants[5])
        anchor[i] = own
        anchor_ua[i] = own_ua
        attitude[i] = own
        attitude_ua[i] = own_ua
        distance[i] = value_distance(constants[6], leaning[i], u[FAR, k])
        distance_ua[i] = value_distance(constants[7], leaning[i], u[FAR_UA, k])
        stubbornness[i] = constants[8] + (constants[9] - constants[8]) * u[STUBBORN, k]
        threat[i] = clip(0.4 - 0.35 * own + 0.3 * (u[THREAT, k] - 0.5), 0.0, 1.0)
        benefit[i] = clip(0.3 + 0.35 * own + 0.3 * (u[BENEFIT, k] - 0.5), 0.0, 1.0)


@kernel
def assign_places(
    key0: Any,
    key1: Any,
    entity: Any,
    starts: Any,
    joining: float,
    schooling: float,
    age: Any,
    household: Any,
    neighbourhood: Any,
    workplace: Any,
    school: Any,
    association: Any,
    sector: Any,
) -> None:
    """Give every resident its places; starts: first row of neighbourhoods, workplaces, schools, associations,
    others."""
    n = len(entity)
    neighbourhoods = starts[1] - starts[0]
    firms = starts[2] - starts[1]
    schools = starts[3] - starts[2]
    clubs = starts[4] - starts[3]
    head = 0
    for i in range(n):
        k = i % BLOCK
        if k == 0:
            u = fill_purposes(key0, key1, entity[i:], 0, PLACE_DRAWS, PLACE_ROWS, min(BLOCK, n - i))
        if i == 0 or household[i] != household[i - 1]:
            head = i
        home = (head * neighbourhoods) // n
        neighbourhood[i] = home
        if workplace[i] >= 0:
            workplace[i] = starts[1] + int(u[FIRM, k] * firms)
        if 6.0 <= age[i] < 18.0 and u[AT_SCHOOL, k] < schooling:
            school[i] = starts[2] + home % schools
            school[head] = school[i]
        if age[i] >= 6.0 and u[MEMBER, k] < joining:
            association[i] = starts[3] + int(u[CLUB, k] * clubs)
        if i < firms:
            sector[starts[1] + i] = int(u[SECTOR, k] * 10.0)


@kernel
def list_members(
    neighbourhood: Any,
    workplace: Any,
    school: Any,
    association: Any,
    public: int,
    kind: Any,
    start: Any,
    count: Any,
    owner: Any,
    resident: Any,
    employer: Any,
) -> None:
    """Members of every place by counting sort; the first worker of a workplace is its employer."""
    n = len(neighbourhood)
    for i in range(n):
        count[neighbourhood[i]] += 1
        if workplace[i] >= 0:
            count[workplace[i]] += 1
        if school[i] >= 0:
            count[school[i]] += 1
        if association[i] >= 0:
            count[association[i]] += 1
    count[public] = n
    total = 0
    free = np.zeros(len(count), dtype=np.int64)
    for p in range(len(count)):
        start[p] = total
        free[p] = total
        total += count[p]
    for i in range(n):
        resident[free[neighbourhood[i]]] = i
        free[neighbourhood[i]] += 1
        resident[free[public]] = i
        free[public] += 1
        if workplace[i] >= 0:
            if free[workplace[i]] == start[workplace[i]]:
                owner[workplace[i]] = i
                employer[i] = 1
            resident[free[workplace[i]]] = i
            free[workplace[i]] += 1
        if school[i] >= 0:
            resident[free[school[i]]] = i
            free[school[i]] += 1
        if association[i] >= 0:
            resident[free[association[i]]] = i
            free[association[i]] += 1


@kernel
def _someone(place: int, u: float, start: Any, count: Any, resident: Any) -> int:
    """A member of a place by a uniform number, -1 if the place is none or empty."""
    if place < 0 or count[place] == 0:
        return -1
    return int(resident[start[place] + int(u * count[place])])


@kernel
def link_people(
    key0: Any,
    key1: Any,
    entity: Any,
    household: Any,
    neighbourhood: Any,
    workplace: Any,
    association: Any,
    leaning: Any,
    start: Any,
    count: Any,
    resident: Any,
) -> Any:
    """Undirected links as two arrays: first row of each resident's links (n + 1 values), and the other ends.

    Ends of one resident are sorted and each stands once; the second array is longer than what is used of it.
    """
    n = len(entity)
    names = np.full((n, 3 + FRIENDS), -1, dtype=np.int32)
    best = np.empty(BLOCK)
    for first in range(0, n, BLOCK):
        size = min(BLOCK, n - first)
        u = fill_purposes(key0, key1, entity[first:], 0, LINK_DRAWS, LINK_ROWS, size)
        for k in range(size):
            i = first + k
            names[i, 0] = _someone(neighbourhood[i], u[NEIGHBOUR, k], start, count, resident)
        for k in range(size):
            i = first + k
            names[i, 1] = _someone(workplace[i], u[COLLEAGUE, k], start, count, resident)
        for k in range(size):
            i = first + k
            names[i, 2] = _someone(association[i], u[FELLOW, k], start, count, resident)
        for f in range(FRIENDS):
            for k in range(size):
                best[k] = 9.0
            for c in range(CANDIDATES):
                row = FRIEND + f * CANDIDATES + c
                for k in range(size):
                    i = first + k
                    other = int(u[row, k] * n)
                    apart = abs(leaning[other] - leaning[i])
                    if other != i and apart < best[k]:
                        best[k] = apart
                        names[i, 3 + f] = other
    return _symmetric(household, names)


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
) -> Any:
    """Households and dwellings after so many `months` by the rules of housing, which began with a share
    `vacancy` of dwellings empty and end with so many `households`."""
    for _ in range(months):
        households = households / household_step(1.0, trend, shrinking)
    dwellings = households / (1.0 - vacancy)
    for _ in range(months):
        households = household_step(households, trend, shrinking)
        empty = vacancy_share(households, dwellings)
        dwellings = building_step(dwellings, empty, building, response, demolition, normal_vacancy)
    return households, dwellings
