"""Towns in which one side lives: people without organisations, and organisations without people."""

import numpy as np
from worlds import live, small_locality

from woc_sim.world.locality import Locality
from woc_sim.world.people import PROTECTED


def with_migrants(persons: int = 600, migrants: int = 120, **covariates: float) -> Locality:
    """A town with non-European adults of working age, protected and still in reception."""
    locality = small_locality(persons, **covariates)
    rows = locality.migrants
    rows.append(migrants)
    rows.entity[:] = np.arange(migrants, dtype=np.uint64)
    rows.present[:] = 1
    rows.status[:] = PROTECTED
    rows.age[:] = 30.0
    rows.language[:] = 0.4
    rows.known[:] = 0.5
    rows.arrival[:] = 1
    return locality


def set_all(locality: Locality, dotted: str, value: float) -> Locality:
    owner, _, column = dotted.partition(".")
    locality.sets[owner].buffer(column)[:] = value
    return locality


ORGANISATIONS = ("civil_society", "business", "perception", "relations", "frames", "policy", "diffusion")


def place(persons: int = 300, **covariates: float):
    """A locality with migrants' needs and a mildly salient topic, without living the person side."""
    given = {"inhabitants": 40_000.0, "executive_ideology": 0.0, "foreign_2014": 0.05, **covariates}
    locality = small_locality(persons, **given)
    locality.sets["sectors"].need[:] = 0.4
    locality.row.media[0] = 0.3
    locality.row.migrant_share[0] = 0.03
    locality.row.labour_shortage[0] = 0.9
    locality.row.empty_stock[0] = 0.5
    return locality


def lived(locality, drop: tuple[str, ...] = (), months: int = 120):
    return live(locality, range(months), [name for name in ORGANISATIONS if name not in drop])
