"""The study's tables, recomputed by the functions that also read simulations, are the published ones."""

from __future__ import annotations

import numpy as np
import pytest
from handmade_studies import eu_rows

from woc_sim.analysis.estimates import correlation
from woc_sim.analysis.replication import (
    OUTCOMES,
    access_grid,
    average_network,
    between_countries,
    betweenness_ranks,
    centred_correlation,
    component_correlations,
    country_means,
    degree_ranks,
    factor_shares,
    group_means,
    published,
    published_marks,
    table8_mark,
)
from woc_sim.analysis.study import MissingReadingError, label_code, one_study
from woc_sim.evidence.catalogue import finding, table_frame
from woc_sim.inputs.vocabulary import COMPONENTS


def test_bases_of_the_published_tables():
    assert (len(published().west), len(published().rated)) == (36, 30)


def test_table_7_from_tables_4_and_6():
    printed = table_frame("table7").set_index("component")
    for rating, column in (
        ("perceived_integration", "r_integration"),
        ("perceived_attitudes", "r_attitudes"),
    ):
        found = component_correlations(published().rated, rating, inside_countries=False)
        for name in COMPONENTS:
            if name in printed.index and name != "labour":  # I-01
                assert found[name].value == pytest.approx(printed.loc[name, column], abs=0.015), name
        total = correlation(published().rated["table6_total"], published().rated[rating]).value
        assert total == pytest.approx(printed.loc["mipex_total", column], abs=0.015)


def test_correlations_within_countries_are_the_derived_ones():
    derived = table_frame("derived")
    for identifier, rating in (("S104", "perceived_integration"), ("S105", "perceived_attitudes")):
        wanted = derived[derived["id"] == f"{identifier}.within"].set_index("quantity")["value"]
        found = component_correlations(published().rated, rating, inside_countries=True)
        assert {name: each.value for name, each in found.items()} == pytest.approx(wanted.to_dict(), abs=2e-4)


def test_group_means_are_d2_to_d5():
    west = published().west
    for identifier, label in (("D4", "executive"), ("D5", "size")):
        values = finding(identifier).values
        for name, each in group_means(west, "mipex_total", label).items():
            assert each.value == pytest.approx(values[name], abs=0.01)
    wanted = {label_code("country", name): value for name, value in finding("D2").values.items()}
    assert country_means(west, "mipex_total") == pytest.approx(wanted, abs=0.01)
    assert between_countries(west, "mipex_total") == pytest.approx(finding("D3").value, abs=0.001)


def test_covariates_within_countries_are_d12():
    values = finding("D12").values
    for name in ("unemployment", "non_eu"):
        found = centred_correlation(published().west, f"{name}_band", "mipex_total").value
        assert found == pytest.approx(values[f"{name}_within"], abs=0.01)


def test_seats_and_ratings_are_d8():
    found = correlation(published().rated["rrp_band"], published().rated["perceived_attitudes"]).value
    assert found == pytest.approx(finding("D8").value, abs=0.01)


def test_the_grid_counts_localities_by_housing_and_work():
    rows = [
        {"country": 0, "framework": 0, "access_housing": housing, "access_employment": work}
        for housing, work in ((0, 0), (2, 0), (2, 0), (1, 2), (float("nan"), 1))
    ]
    grid = access_grid(one_study(rows).eu)
    assert grid.sum() == 4
    assert grid[2, 0] == 2
    assert grid[1, 2] == 1


def test_the_average_network_ranks_a_star_first_both_ways():
    rows = [
        {
            "country": 0,
            "framework": 0,
            "net_executive_ngo": 4,
            "net_executive_union": 3,
            "net_executive_church": 5,
        }
        for _ in range(3)
    ]
    network = average_network(one_study(rows).eu)
    assert network.sum() == pytest.approx(2 * (3 + 2 + 4))
    assert degree_ranks(network)["executive"] == 1
    assert betweenness_ranks(network)["executive"] == 1
    assert betweenness_ranks(network)["ngo"] > 1


def test_a_study_without_a_network_says_so():
    with pytest.raises(MissingReadingError):
        average_network(published().west)


def test_factor_shares_find_the_factor_that_was_put_in():
    rng = np.random.default_rng(5)
    names = ("lg_mean_2020", "horizontal", "frame_p_migrants_only", "frame_p_whole_community", "mipex_total")
    names += ("access_employment", "access_housing", "ties_mean", "relations_none_ne", "perceived_attitudes")
    rows = [row | {name: row["structure"] + rng.normal(0, 0.3) for name in names} for row in eu_rows()]
    shares = factor_shares(one_study(rows))
    assert set(shares) == set(OUTCOMES)
    assert all(each[0] > 0.5 and max(each[1:]) < 0.2 for each in shares.values())


def test_marks_and_their_printed_table():
    assert [table8_mark(share) for share in (0.2, 0.1, 0.07, 0.01, -0.1)] == [2, 2, 1, 0, 0]
    assert sorted(published_marks()["structure"].values()) == [0, 0, 1, 1, 2, 2]
    assert set(published_marks()["experience"].values()) == {0}
