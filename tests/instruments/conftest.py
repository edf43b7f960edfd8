"""A place without any process: columns filled with addressed numbers, so that instruments have something to
read.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from woc_sim.inputs.vocabulary import ACTOR_KINDS, SECTORS
from woc_sim.scenario.parameters import defaults
from woc_sim.scenario.theories import default_theories, theory_codes
from woc_sim.world.columns import ColumnSet
from woc_sim.world.founding import give_traits
from woc_sim.world.governance import (
    BLOCS,
    LOCALITY,
    MEASURES,
    ORGANISATIONS,
    SECTORS_STATE,
    governance_columns,
)
from woc_sim.world.locality import Locality
from woc_sim.world.people import MIGRANTS, NON_EUROPEAN, RESIDENTS, TIES, UKRAINIAN
from woc_sim.world.places import ENCOUNTERS, LINKS, MEMBERS, PLACE_KINDS, PLACES

RESIDENT_COUNT, MIGRANT_COUNT, MEASURE_COUNT, LINKS_EACH = 600, 80, 26, 4
KINDS = (*range(len(ACTOR_KINDS)), *map(ACTOR_KINDS.index, ("ngo", "company", "company")))


def build(migrants: int = MIGRANT_COUNT, residents: int = RESIDENT_COUNT, seed: int = 3) -> Locality:
    """A locality with plausible values everywhere and no history."""
    rng = np.random.default_rng(seed)
    people = ColumnSet("residents", RESIDENTS, residents, residents)
    people.entity[:] = np.arange(1, residents + 1, dtype=np.uint64)
    people.age[:] = rng.uniform(0, 90, residents)
    attitude = people.attitude_to[NON_EUROPEAN]
    attitude[:] = np.clip(rng.normal(0.1, 0.35, residents), -1, 1)
    people.attitude_to[UKRAINIAN] = np.clip(attitude + 0.2, -1, 1)
    people.distance_to[UKRAINIAN] = 0.2
    people.contact_with[NON_EUROPEAN] = rng.exponential(2.0, residents) * (attitude + 1)
    people.conflict_with[NON_EUROPEAN] = rng.exponential(0.5, residents)
    people.contact_with[UKRAINIAN] = rng.exponential(2.0, residents)
    people.leisure[:] = rng.exponential(0.3, residents)
    people.threat[:] = np.clip(0.4 - 0.3 * attitude, 0, 1)
    people.benefit[:] = np.clip(0.4 + 0.3 * attitude, 0, 1)
    people.leaning[:] = rng.uniform(-1, 1, residents)
    people.volunteer[:] = np.where(rng.random(residents) < 0.05, 5.0, 0.0)
    people.volunteered[:] = rng.random(residents) < 0.1
    people.link_start[:] = np.arange(residents) * LINKS_EACH
    people.link_count[:] = LINKS_EACH
    links = ColumnSet("links", LINKS, residents * LINKS_EACH, residents * LINKS_EACH)
    links.other[:] = rng.integers(0, max(residents, 1), residents * LINKS_EACH)
    newcomers = ColumnSet("migrants", MIGRANTS, max(migrants, 1), migrants)
    newcomers.entity[:] = np.arange(10**6, 10**6 + migrants, dtype=np.uint64)
    newcomers.group[:] = np.arange(migrants) % 4 == 0
    newcomers.cohort[:] = rng.integers(24, 110, migrants)
    newcomers.decision[:] = newcomers.cohort + 10
    newcomers.present[:] = rng.random(migrants) < 0.85
    newcomers.left[:] = np.where(newcomers.present == 1, -1, newcomers.cohort + rng.integers(1, 60, migrants))
    newcomers.age[:] = rng.uniform(5, 60, migrants)
    newcomers.status[:] = 1
    newcomers.arrival[:] = rng.integers(0, 3, migrants)
    newcomers.language[:] = rng.random(migrants)
    newcomers.job[:] = rng.integers(0, 3, migrants)
    newcomers.housing[:] = rng.integers(0, 4, migrants)
    newcomers.children[:] = rng.random(migrants) < 0.3
    newcomers.good[:] = rng.exponential(10, migrants)
    newcomers.bad[:] = rng.exponential(2, migrants)
    newcomers.discrimination[:] = rng.exponential(0.7, migrants)
    newcomers.belonging[:] = rng.uniform(-0.5, 0.8, migrants)
    newcomers.loneliness[:] = rng.random(migrants)
    newcomers.stay[:] = rng.uniform(-1, 1, migrants)
    held = rng.random((migrants, TIES)) < 0.15
    newcomers.tie[:] = np.where(held, rng.integers(0, max(residents, 1), (migrants, TIES)), -1)
    newcomers.tie_venue[:] = np.where(held, rng.integers(0, len(PLACE_KINDS), (migrants, TIES)), -1)
    newcomers.met[:] = rng.integers(-1, max(residents, 1), newcomers.met.shape)
    newcomers.met_venue[:] = rng.integers(0, len(PLACE_KINDS), newcomers.met.shape)
    newcomers.met_hours[:] = 1.0
    count = len(KINDS)
    organisations = ColumnSet("organisations", ORGANISATIONS, count, count)
    organisations.entity[:] = np.arange(50, 50 + count, dtype=np.uint64)
    organisations.kind[:] = KINDS
    give_traits(organisations)
    organisations.belief[:] = rng.uniform(-0.4, 0.2, count)
    organisations.diagnostic[:] = rng.random(organisations.diagnostic.shape)
    weights = rng.random(organisations.prognostic.shape)
    organisations.prognostic[:] = weights / weights.sum(axis=1, keepdims=True)
    organisations.initiative[:] = rng.random(organisations.initiative.shape) < 0.15
    relations = ColumnSet("governance", governance_columns(count), count, count)
    frequency = rng.exponential(8.0, (count, count))
    relations.frequency[:] = np.triu(frequency, 1) + np.triu(frequency, 1).T
    tone = rng.uniform(-0.6, 0.9, (count, count))
    relations.tone[:] = np.triu(tone, 1) + np.triu(tone, 1).T
    measures = ColumnSet("measures", MEASURES, MEASURE_COUNT, MEASURE_COUNT)
    measures.component[:] = np.arange(MEASURE_COUNT) % 13
    measures.sector[:] = np.arange(MEASURE_COUNT) % len(SECTORS)
    measures.weight[:] = 0.5
    measures.in_force[:] = rng.random(MEASURE_COUNT) < 0.4
    measures.effect[:] = 0.4 * measures.in_force
    for place, name in enumerate(("own", "opinion", "party", "lobby", "need", "mandate", "cost")):
        measures.buffer(f"part_{name}")[:] = rng.normal(0, 1.0 / (place + 1), MEASURE_COUNT)
    sectors = ColumnSet("sectors", SECTORS_STATE, len(SECTORS), len(SECTORS))
    sectors.need[:] = 0.6
    sectors.public[:] = rng.uniform(0, 0.5, len(SECTORS))
    sectors.nonpublic[:] = rng.uniform(0, 0.5, len(SECTORS))
    encounters = ColumnSet("encounters", ENCOUNTERS, len(PLACE_KINDS), len(PLACE_KINDS))
    encounters.good[:] = 20.0
    encounters.bad[:] = 5.0
    encounters.good_total[:] = 900.0
    encounters.bad_total[:] = 100.0
    sets = {
        "residents": people,
        "migrants": newcomers,
        "links": links,
        "places": ColumnSet("places", PLACES, 4, 4),
        "members": ColumnSet("members", MEMBERS, 4, 4),
        "encounters": encounters,
        "organisations": organisations,
        "governance": relations,
        "measures": measures,
        "sectors": sectors,
        "blocs": ColumnSet("blocs", BLOCS, 3, 3),
        "locality": ColumnSet("locality", LOCALITY, 1, 1),
    }
    theories = theory_codes(default_theories())
    return Locality("synthetic", "synthetic", 1, 0, sets, defaults(), theories, {"provision": [0.1] * 13})


@pytest.fixture
def place() -> Locality:
    """One such locality, fresh for every test."""
    return build()


@pytest.fixture
def make() -> Callable[..., Locality]:
    """The builder, for tests that need another size."""
    return build


@pytest.fixture
def bare(place: Locality) -> Locality:
    """The place without any measure or initiative."""
    place.parameters |= {"instruments.response_cut_mixed": 0.2, "instruments.response_cut_inclusive": 0.6}
    place.parameters |= {"instruments.provision_counted": 1.0}
    place.measures.in_force[:] = 0
    place.organisations.initiative[:] = 0
    for column in ("public", "higher", "nonpublic", "restrictive"):
        place.sectors.buffer(column)[:] = 0
    return place
