"""Diffusion: know-how comes from others and fades without use."""

from towns import place
from worlds import live


def test_know_how_comes_with_the_bulletin_and_fades_without():
    heard, unheard = place(inhabitants=200_000.0), place(inhabitants=200_000.0)
    heard.sets["measures"].bulletin[:] = 1.0
    unheard.sets["measures"].bulletin[:] = 0.0
    for locality in (heard, unheard):
        locality.sets["measures"].in_force[:] = 0
        locality.sets["governance"].frequency[:] = 12.0
        locality.sets["organisations"].engagement[:] = 0.8
    start = heard.sets["measures"].known.mean()
    assert live(heard, range(24), ["diffusion"]).sets["measures"].known.mean() > start
    assert live(unheard, range(24), ["diffusion"]).sets["measures"].known.mean() < start
