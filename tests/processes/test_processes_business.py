"""Business: it acts on its own shortage."""

from towns import place
from worlds import live

from woc_sim.rules.voice import COSTLY, FREE


def test_business_acts_on_its_own_shortage_only():
    ready = {"business.base": -1.4}  # at the default point few firms act at all
    short, sated = (place(inhabitants=250_000.0, parameters=ready) for _ in range(2))
    short.row.labour_shortage[0] = 1.0
    sated.row.labour_shortage[0] = 0.0
    sated.row.empty_stock[0] = 0.0
    sated.sets["sectors"].need[:] = 0.0
    acted = live(short, range(240), ["business"]).sets["sectors"].business.sum()
    rested = live(sated, range(240), ["business"]).sets["sectors"].business.sum()
    assert acted > rested


def test_firms_too_need_courage_where_the_radical_right_is_loud():
    acted = {}
    for theory in (FREE, COSTLY):
        total = 0.0
        for replicate in range(4):
            town = place(inhabitants=250_000.0, rrp=0.4, replicate=replicate, theories={"voice": theory})
            town.row.labour_shortage[0] = 1.0
            total += float(live(town, range(120), ["business"]).sets["organisations"].initiative.sum())
        acted[theory] = total
    assert acted[COSTLY] < acted[FREE]
