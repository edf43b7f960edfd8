"""Business: it acts on its own shortage."""

from towns import place
from worlds import live


def test_business_acts_on_its_own_shortage_only():
    short, sated = place(inhabitants=250_000.0), place(inhabitants=250_000.0)
    short.row.labour_shortage[0] = 1.0
    sated.row.labour_shortage[0] = 0.0
    sated.row.empty_stock[0] = 0.0
    sated.sets["sectors"].need[:] = 0.0
    acted = live(short, range(240), ["business"]).sets["sectors"].business.sum()
    rested = live(sated, range(240), ["business"]).sets["sectors"].business.sum()
    assert acted > rested
