"""Frames: they travel along dependence, and their weights stay a distribution."""

import numpy as np
from towns import lived, place
from worlds import live

from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.sectors import sector
from woc_sim.inputs.vocabulary import ACTOR_KINDS, DIAGNOSTIC_FRAMES
from woc_sim.rules.frames import INTEREST

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


def strengths(theories, kind, initiatives=(), shortage=0.9):
    """Mean strength of each diagnostic frame in a kind after four years, by name."""
    locality = place(theories=theories, inhabitants=150_000.0)
    locality.row.labour_shortage[0] = shortage
    locality.row.empty_stock[0] = 0.0
    organisations = locality.sets["organisations"]
    rows = organisations.kind == ACTOR_KINDS.index(kind)
    for name in initiatives:
        organisations.initiative[rows, sector(name)] = 1.0
    live(locality, range(48), ["frames"])
    return dict(zip(DIAGNOSTIC_FRAMES, organisations.diagnostic[rows].mean(axis=0).tolist(), strict=True))


BY_INTEREST = {"diagnosis": INTEREST}


def test_firms_read_integration_as_work_while_they_lack_workers():
    found, usual = strengths(BY_INTEREST, "company"), strengths({}, "company")
    assert found["self_sufficiency"] > usual["self_sufficiency"] + 0.03
    assert found["participation"] < usual["participation"] - 0.03
    assert strengths(BY_INTEREST, "company", shortage=0.0) == strengths({}, "company", shortage=0.0)


def test_providers_read_integration_by_the_field_they_work_in():
    meeting, teaching = (strengths(BY_INTEREST, "provider", [field]) for field in ("encounter", "language"))
    assert meeting["participation"] > teaching["participation"] + 0.05
    assert meeting["adjustment"] < teaching["adjustment"] - 0.05
    assert strengths(BY_INTEREST, "provider") == strengths({}, "provider"), "no work, no reading"
    by_need = [strengths({}, "provider", [field]) for field in ("encounter", "language")]
    assert by_need[0] == by_need[1]


def test_the_administration_runs_no_initiative_and_reads_as_before():
    assert strengths(BY_INTEREST, "officials") == strengths({}, "officials")
