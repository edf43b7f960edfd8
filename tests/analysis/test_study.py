"""Studies: how they are drawn from a pool, and permuted covariates."""

from __future__ import annotations

import numpy as np
from handmade_studies import handmade_pool

from woc_sim.analysis.study import Pool, one_study


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
    permuted = model.study(5, permuted=True).eu
    known = {tuple(row) for row in model.eu.covariates[:, [0, 1, 12]]}
    moved = np.column_stack([permuted["size"], permuted["executive"], permuted["rrp_band"]])
    assert {tuple(row) for row in moved} <= known


def test_studies_pick_one_row_of_each_case_and_the_same_in_every_variant():
    first, second = handmade_pool("S19"), handmade_pool("S91")
    study, other = first.study(2), second.study(2)
    assert len(study.eu) == 40
    assert np.array_equal(study.eu.rows, other.eu.rows)
    assert not np.array_equal(study.eu.rows, first.study(3).eu.rows)
    assert [len(each) for each in (study.west, study.rated, study.surveyed)] == [36, 30, 22]


def test_studies_pick_four_different_rows_of_each_cell():
    cells = {name: np.arange(5) + 5 * index for index, name in enumerate(("a", "b"))}
    table = one_study([{}], [{}] * 10).synthetic.table
    many = Pool("model", table, table, {"c": np.array([0])}, cells)
    picked = [many.study(number).synthetic.rows for number in range(4)]
    for rows in picked:
        assert len(set(rows)) == 8
        assert [int(np.sum(rows // 5 == index)) for index in (0, 1)] == [4, 4]
    assert len({tuple(rows) for rows in picked}) > 1
    few = Pool("model", table, table, {"c": np.array([0])}, {"a": np.array([4]), "b": np.array([7, 8])})
    assert list(few.study(0).synthetic.rows) == [4, 7, 8]
