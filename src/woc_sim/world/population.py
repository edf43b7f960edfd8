"""A synthetic population: residents in households, the places they share, and the links between them.

Households, ages, skills and memberships are drawn to country-neutral margins (inputs/margins.csv); the
electorate is drawn to fit the council of Table A1 (docs/odd.md A2). A resident's row number is the address
of all draws, so two populations of one locality that differ in one covariate differ only in what that
covariate touches. No size enters an attitude (M10).
"""

from __future__ import annotations

from itertools import accumulate
from math import fsum
from typing import Any

import numpy as np

from woc_sim.draws import draw
from woc_sim.inputs.ages import ADULT, SCHOOL_FROM
from woc_sim.inputs.tables import margin, margins
from woc_sim.rules.attitudes import right_share
from woc_sim.rules.curves import clip
from woc_sim.rules.housing import vacancy_share
from woc_sim.rules.labour import vacancies_per_seeker
from woc_sim.world.columns import ColumnSet
from woc_sim.world.groups import found_groups, traits_of
from woc_sim.world.locality import Locality
from woc_sim.world.people import MIGRANTS, RESIDENTS
from woc_sim.world.places import (
    ASSOCIATION,
    ENCOUNTERS,
    LINKS,
    MEMBERS,
    NEIGHBOURHOOD,
    PLACE_KINDS,
    PLACES,
    PUBLIC_SPACE,
    RECEPTION_CENTRE,
    SCHOOL,
    WORKPLACE,
)
from woc_sim.world.population_kernels import (
    Drawn,
    Minds,
    People,
    Places,
    assign_places,
    link_people,
    list_members,
    make_households,
    make_minds,
    run_stocks,
)

# Purposes of the draws that concern the locality as a whole.
RADICAL, RIGHT, MATCHED, VACANCY, BUILDING = 90, 91, 92, 93, 94

PER_NEIGHBOURHOOD = 400  # persons
PER_WORKPLACE = 15  # workers
PER_SCHOOL = 150  # pupils
PER_ASSOCIATION = 30  # members
START_OF_STOCKS = 84  # months from 2005-01 to 2012-01


def populate(locality: Locality, persons: int) -> None:
    """Make groups, residents, places, members, links, an empty set of migrants, the encounter log and the
    stocks of housing.

    The locality's row (inhabitants, rrp, executive_ideology, foreign_2014, unemployment_base, trend) must be
    set. Sets `scale` to persons per inhabitant. Raises ValueError for a locality that has residents, or too
    few persons.
    """
    if "residents" in locality.sets:
        raise ValueError(f"{locality.name} is populated already")
    if persons < 30:
        raise ValueError(f"{persons} persons make no locality")
    key = locality.key("population")
    locality.row.scale[0] = min(1.0, persons / locality.value("inhabitants"))
    found_groups(locality)
    locality.sets["residents"] = ColumnSet("residents", RESIDENTS, persons, persons)
    locality.sets["migrants"] = ColumnSet("migrants", MIGRANTS, 64 + persons // 10)
    locality.sets["encounters"] = ColumnSet("encounters", ENCOUNTERS, len(PLACE_KINDS), len(PLACE_KINDS))
    locality.residents.entity[:] = np.arange(persons, dtype=np.uint64)
    _found_households(locality, key)
    locality.row.origin_shared[0] = int(np.count_nonzero(locality.residents.origin_shared)) / persons
    _draw_minds(locality, key)
    _found_places(locality, key)
    _link(locality, key)
    start_stocks(locality)


def _people(locality: Locality) -> Any:
    """All columns of the residents as a record for kernels."""
    return People(*map(locality.sets["residents"].buffer, People._fields))


def _places(locality: Locality) -> Any:
    """All columns of the places as a record for kernels."""
    return Places(*map(locality.sets["places"].buffer, Places._fields))


def _cumulative(quantity: str) -> np.ndarray[Any, Any]:
    """Running total of the shares of a margin, ending in 1."""
    shares = list(margins(quantity).values())
    total = fsum(shares)
    running = np.array(list(accumulate(shares))) / total
    running[-1] = 1.0
    return running


def _found_households(locality: Locality, key: tuple[np.uint64, np.uint64]) -> None:
    """Households, ages, gender, skill, interest, work, school and memberships."""
    parameters = locality.parameters
    # In households of three and more, all beyond the first two are children or grown-up children; the old
    # live in small households. These shares make the ages of all agree with the margin of ages.
    size = margins("household_size")
    heads = {int(each): share for each, share in size.items()}
    total = fsum(each * share for each, share in heads.items())
    beyond = fsum(max(0, each - 2) * share for each, share in heads.items()) / total
    in_small = fsum(each * share for each, share in heads.items() if each <= 2) / total
    in_large = 1.0 - in_small - beyond
    age = margins("age")
    child = min(1.0, (age["0-5"] + age["6-17"]) / beyond)
    infant = age["0-5"] / (age["0-5"] + age["6-17"])
    old = min(1.0, age["65-90"] / in_small)
    young_large = parameters["population.young_parents"]
    middle_small = max(1e-9, in_small * (1.0 - old))
    young_small = float(clip((age["25-44"] - in_large * young_large) / middle_small, 0.0, 1.0))
    employed = clip(
        (1.0 - locality.value("unemployment_base")) / (1.0 - parameters["population.unemployment_eu"]), 0, 1.2
    )
    drawn = Drawn(
        sizes=_cumulative("household_size"),
        shares=np.array([child, infant, old, young_large, young_small]),
        skills=_cumulative("skill"),
        interests=_cumulative("interest"),
        scores=np.array(list(margins("interest_score").values())),
        employed=np.array([employed * rate for rate in margins("employed").values()]),
        women=margin("gender", "female"),
        landlords=parameters["population.landlords"],
        background_share=locality.value("foreign_2014"),
        shared_origin_chance=shared_origin_chance(locality),
    )
    make_households(*key, _people(locality), drawn)


def shared_origin_chance(locality: Locality) -> float:
    """Chance that a household with a migration background has origins of migrants who came after 2014
    (docs/odd.md C, on S11)."""
    low, high = locality.parameters["population.matched_low"], locality.parameters["population.matched_high"]
    return low + (high - low) * draw(locality.key("population"), 0, MATCHED)


def radical_share(locality: Locality) -> float:
    """Radical-right voters among residents: the seat share, plus or minus three points (docs/odd.md A2)."""
    spread = locality.parameters["population.radical_noise"]
    noise = spread * (2.0 * draw(locality.key("population"), 0, RADICAL) - 1.0)
    return float(clip(locality.value("rrp") + noise, 0.0, 0.9))


def _draw_minds(locality: Locality, key: tuple[np.uint64, np.uint64]) -> None:
    """Leaning, predispositions, attitudes, distance, stubbornness, perceived threat and benefit."""
    parameters = locality.parameters
    radical = radical_share(locality)
    noise = parameters["population.right_spread"] * (draw(key, 0, RIGHT) - 0.5)
    drawn = Minds(
        radical,
        right_share(
            parameters["population.right_slope"], locality.value("executive_ideology"), radical, noise
        ),
        *(parameters[field.replace("_", ".", 1)] for field in Minds._fields[2:]),
    )
    make_minds(*key, _people(locality), traits_of(locality), drawn)


def _found_places(locality: Locality, key: tuple[np.uint64, np.uint64]) -> None:
    """Places in the order neighbourhoods, workplaces, schools, associations, public space, reception
    centre."""
    residents = locality.residents
    persons = len(residents)
    workers = int(np.count_nonzero(residents.workplace >= 0))
    pupils = int(np.count_nonzero((residents.age >= SCHOOL_FROM) & (residents.age < ADULT)))
    joiners = (margin("membership", "sport") + margin("membership", "culture")) * persons
    counts = {
        NEIGHBOURHOOD: max(1, round(persons / PER_NEIGHBOURHOOD)),
        WORKPLACE: max(1, round(workers / PER_WORKPLACE)),
        SCHOOL: max(1, round(pupils / PER_SCHOOL)),
        ASSOCIATION: max(1, round(joiners / PER_ASSOCIATION)),
        PUBLIC_SPACE: 1,
        RECEPTION_CENTRE: 1,
    }
    starts = np.cumsum([0, *counts.values()]).astype(np.int64)
    places = ColumnSet("places", PLACES, int(starts[-1]), int(starts[-1]))
    locality.sets["places"] = places
    for start, (kind, count) in zip(starts, counts.items(), strict=False):
        places.kind[start : start + count] = kind
    people = _people(locality)
    joining = margin("membership", "sport") + margin("membership", "culture")
    assign_places(*key, people, places.buffer("sector"), starts, joining, margin("at_school", "6-17"))
    columns = (residents.neighbourhood, residents.workplace, residents.school, residents.association)
    memberships = sum(int(np.count_nonzero(column >= 0)) for column in columns)
    locality.sets["members"] = ColumnSet("members", MEMBERS, memberships + persons, memberships + persons)
    list_members(people, _places(locality), int(starts[4]), locality.sets["members"].buffer("resident"))


def _link(locality: Locality, key: tuple[np.uint64, np.uint64]) -> None:
    """Links between residents: household, a neighbour, a colleague, a fellow member, two friends of like
    mind."""
    residents = locality.residents
    members = locality.sets["members"].buffer("resident")
    heads, others = link_people(*key, _people(locality), _places(locality), members)
    residents.link_start[:] = heads[:-1]
    residents.link_count[:] = heads[1:] - heads[:-1]
    count = int(heads[-1])
    locality.sets["links"] = ColumnSet("links", LINKS, count, count)
    locality.links.other[:] = others[:count]


def start_stocks(locality: Locality) -> None:
    """Stocks of housing and the labour market in January 2012; housing has run from a normal vacancy in 2005
    (B g)."""
    key, parameters, row = locality.key("population"), locality.parameters, locality.row
    trend = locality.value("trend")
    low, high = parameters["housing.vacancy_low"], parameters["housing.vacancy_high"]
    vacancy = low + (high - low) * draw(key, 0, VACANCY)
    spread = parameters["housing.building_spread"]
    pace = 1.0 + spread * (2.0 * draw(key, 0, BUILDING) - 1.0)
    sizes = margins("household_size")
    households = locality.value("inhabitants") / fsum(int(size) * share for size, share in sizes.items())
    households, dwellings = run_stocks(
        households,
        vacancy,
        START_OF_STOCKS,
        trend,
        parameters["housing.shrinking"],
        parameters["housing.building"] * pace,
        parameters["housing.response"],
        parameters["housing.demolition"],
        parameters["housing.normal_vacancy"],
        locality.theories["markets"],
        parameters["housing.land"],
        parameters["housing.land_half"],
    )
    row.residents_now[0] = locality.value("inhabitants")
    row.households[0] = households
    row.dwellings[0] = dwellings
    row.building[0] = pace
    row.vacancy[0] = vacancy_share(households, dwellings)
    row.unemployment[0] = locality.value("unemployment_base")
    row.tightness[0] = vacancies_per_seeker(locality.value("unemployment_base"), parameters["work.beveridge"])
