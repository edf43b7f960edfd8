"""Whole months: all processes of people, or of organisations, one after another."""

import numpy as np
import pytest
from towns import lived, place
from worlds import live, small_locality, snapshot

from woc_sim.world.people import NON_EUROPEAN


def test_books_balance_and_bounds_hold_over_twelve_years() -> None:
    """Arrivals and births = present + moved on + died, and the indicators say so every month."""
    locality = live(small_locality(1000, asylum_share=6.0, ukrainian_share=20.0, rrp=0.3), range(144))
    rows = locality.migrants
    present = np.count_nonzero(rows.present)
    assert len(rows) == present + locality.value("moved_on") + locality.value("deaths")
    assert locality.value("births") > 0.0
    assert len(set(rows.entity.tolist())) == len(rows)
    workers = np.bincount(rows.workplace[rows.workplace >= 0], minlength=len(locality.places))
    assert np.array_equal(workers, locality.places.migrant_workers)
    for owner in locality.sets.values():
        assert owner.out_of_bounds() == []


def test_a_town_lives_the_same_life_twice_and_another_seed_another_one() -> None:
    def life(**options: int) -> dict[str, np.ndarray]:
        return snapshot(live(small_locality(300, asylum_share=8.0, **options), range(24, 40)))  # type: ignore[arg-type]

    first, again, other = life(), life(), life(seed=2)
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(
        first["residents.attitude_to"][NON_EUROPEAN], other["residents.attitude_to"][NON_EUROPEAN]
    )


@pytest.mark.parametrize(
    ("process", "read"),
    [
        ("civil_society", lambda place: place.sets["sectors"].civil.sum()),
        ("business", lambda place: place.sets["sectors"].business.sum()),
        ("perception", lambda place: np.abs(place.sets["organisations"].belief).sum()),
        ("relations", lambda place: place.sets["organisations"].engagement.std()),
        ("frames", lambda place: place.sets["organisations"].prognostic[:, 0].mean()),
        ("policy", lambda place: place.sets["measures"].in_force.sum()),
        ("diffusion", lambda place: place.sets["measures"].known.mean()),
    ],
)
def test_dropping_a_process_moves_what_it_makes(process, read):
    def town():
        return place(
            executive_ideology=0.4, inhabitants=120_000.0, parameters={"business.base": -1.0}
        )  # firms of the default act rarely, and without newcomers hardly ever

    whole, without = read(lived(town())), read(lived(town(), drop=(process,)))
    assert abs(whole - without) > 0.01


def test_bounds_hold_in_extreme_places():
    for ideology in (-1.0, 1.0):
        locality = lived(place(executive_ideology=ideology, rrp=0.45, inhabitants=7000.0), months=40)
        bad = [name for rows in locality.sets.values() for name in rows.out_of_bounds()]
        assert not bad
    assert locality.sets["organisations"].mission.any()
