"""Studies: what is in one, and permuted covariates."""

from __future__ import annotations

import numpy as np
from handmade_studies import handmade_pool


def test_permuting_keeps_readings_and_the_covariates_of_each_country():
    model = handmade_pool("S19")
    plain, permuted = model.study(3), model.study(3, permuted=True)
    assert np.array_equal(plain.eu["mipex_total"], permuted.eu["mipex_total"])
    for code in np.unique(plain.eu["country"]):
        mask = plain.eu["country"] == code
        for name in ("size", "executive", "rrp_band", "structure"):
            assert sorted(plain.eu[name][mask]) == sorted(permuted.eu[name][mask])
    assert not np.array_equal(plain.eu["size"], permuted.eu["size"])
    assert sorted(plain.synthetic["type"]) == sorted(permuted.synthetic["type"])


def test_covariates_move_together_when_permuted():
    model = handmade_pool("S19")
    permuted = model.study(2, permuted=True).eu
    known = {tuple(row) for row in model.eu.covariates[:, [0, 1, 12]]}
    moved = np.column_stack([permuted["size"], permuted["executive"], permuted["rrp_band"]])
    assert {tuple(row) for row in moved} <= known


def test_a_study_is_one_replicate_of_every_locality_in_every_variant():
    first, second = handmade_pool("S19"), handmade_pool("S91")
    assert first.number_of_studies == 4
    study, other = first.study(2), second.study(2)
    assert [len(each) for each in (study.eu, study.west, study.rated, study.surveyed)] == [40, 36, 30, 22]
    assert len(study.synthetic) == 36
    assert np.array_equal(study.eu.rows, other.eu.rows)
    assert set(study.eu.rows // 40) == set(study.synthetic.rows // 36) == {2}


def test_studies_share_no_row():
    studies = handmade_pool("S19").studies()
    for kind in ("eu", "synthetic"):
        rows = np.concatenate([getattr(study, kind).rows for study in studies])
        assert len(set(rows)) == len(rows)


def test_a_study_knows_what_was_read_of_it():
    study = handmade_pool("S19").study(0)
    study.west.labelled("size", "rural")
    study.west["mipex_total"]
    study.synthetic["country"]
    assert study.covariates_read == {"size"}
    assert study.readings_read == [{"mipex_total"}, set(), set()]
    assert study.unread_copy().readings_read == [set(), set(), set()]
