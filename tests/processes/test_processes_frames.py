"""Frames: they travel along dependence, and their weights stay a distribution."""

import numpy as np
from towns import lived, place
from worlds import live

from woc_sim.inputs.frames import prognostic_frame

MIGRANTS_ONLY = prognostic_frame("migrants_only")


def test_those_who_depend_on_the_executive_take_over_its_frame_whichever_it_is():
    after = []
    for only_migrants in (0.9, 0.05):
        locality = place(inhabitants=150_000.0)
        organisations = locality.sets["organisations"]
        leads = organisations.leads == 1
        depends = (organisations.works_for_executive == 1) & ~leads
        rest = (1.0 - only_migrants) / 3.0
        organisations.prognostic[leads] = (only_migrants, rest, rest, rest)
        organisations.bias[leads, 0] = only_migrants * 10
        locality.sets["governance"].frequency[:] = 12.0
        before = organisations.prognostic[depends, MIGRANTS_ONLY].mean()
        live(locality, range(24), ["frames"])
        after.append(float(organisations.prognostic[depends, MIGRANTS_ONLY].mean() - before))
    assert after[0] > after[1] + 0.02


def test_frame_weights_stay_a_distribution():
    locality = lived(place(executive_ideology=-0.5), months=100)
    sums = locality.sets["organisations"].prognostic.sum(axis=1)
    assert np.allclose(sums, 1.0, atol=1e-9)
