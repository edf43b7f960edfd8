"""The checks on the study's own data: what the data pass, and how often data drawn anew from them pass."""

from __future__ import annotations

import csv
import math
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from woc_sim.analysis import published_data
from woc_sim.analysis.checks import MIN_PUBLISHED_PASS_RATE, checks, checks_by_finding
from woc_sim.analysis.published_checks import (
    DATA_OF_FINDING,
    as_csv,
    check_published_data,
    published_checks,
    renew_published_checks,
)
from woc_sim.analysis.replication import access_grid
from woc_sim.evidence.catalogue import finding, table_rows

DOCS = Path(__file__).parents[2] / "docs"
KEPT = {name: each for each in published_checks() for name in each.findings.split()}
CANNOT_TELL = {"S20", "D6", "D15", "D16"}


def test_every_check_on_published_data_is_kept():
    assert set(KEPT) >= set(DATA_OF_FINDING)
    assert {each.check for each in published_checks()} == {
        checks_by_finding()[identifier].name for identifier in DATA_OF_FINDING
    }


@pytest.mark.parametrize("identifier", DATA_OF_FINDING)
def test_what_is_kept_is_what_the_checks_give(identifier):
    """On 20 bootstraps; those whose rates matter most are made in full below."""
    kept, found = KEPT[identifier], check_published_data(identifier, 20)
    assert (found.check, found.data, found.holds) == (kept.check, kept.data, kept.holds)
    assert math.isnan(found.shuffled_rate) == math.isnan(kept.shuffled_rate)
    for rate, kept_rate in (
        (found.pass_rate, kept.pass_rate),
        (found.shuffled_rate, kept.shuffled_rate),
    ):
        if math.isfinite(kept_rate):
            assert abs(rate - kept_rate) <= 4 * math.sqrt(max(kept_rate * (1 - kept_rate), 0.01) / 20)


@pytest.mark.parametrize("identifier", ["S19", "S20", "S72", "S105", "D4", "D6", "D15", "D16"])
def test_rates_near_the_limit_and_of_rewritten_checks_are_those_of_400_bootstraps(identifier):
    assert as_csv([check_published_data(identifier)]) == as_csv([KEPT[identifier]])


def test_data_pass_all_checks_but_those_that_cannot_tell():
    assert {name for name, each in KEPT.items() if each.pass_rate < MIN_PUBLISHED_PASS_RATE} == CANNOT_TELL
    assert {name for name, each in KEPT.items() if not each.holds} == {"S20"}
    for identifier, check in checks_by_finding().items():
        assert check.data_cannot_tell == (identifier in CANNOT_TELL), identifier
        assert math.isnan(check.published_pass_rate) == (identifier not in KEPT), identifier


def test_a_check_asks_for_more_than_the_data_know_if_it_asks_for_less_error(monkeypatch):
    """A claim that is too sharp fails on the bootstraps, which is what they are for."""
    module = sys.modules[checks_by_finding()["S47"].function.__module__]
    monkeypatch.setattr(module, "close_to_published", lambda value, published, error: value == published)
    assert check_published_data("S47", 20).pass_rate < MIN_PUBLISHED_PASS_RATE


def test_published_data_are_the_printed_ones():
    access = published_data.access().study.eu
    assert len(access) == 40
    assert access_grid(access.where(access["structure"] > 0)).tolist() == [[3, 3, 1], [1, 0, 0], [8, 3, 0]]
    response = published_data.responses().study.eu["response_class"]
    assert [int((response == code).sum()) for code in (2, 1, 0)] == [10, 20, 10]
    printed = {row["country"] for row in table_rows("table5")} - {"Turkey", "Canada"}
    assert len(set(published_data.responses().strata)) == len(printed)
    housing = published_data.action_on_housing().study.eu
    assert len(housing) == 40
    assert housing["nonstate_housing"].sum() == finding("D18").values["housing_non_public"]
    both = published_data.action_on_both().study.eu
    assert np.isfinite(both["anypublic_work"]).sum() == np.isfinite(both["anypublic_housing"]).sum() == 40
    assert published_data.housing_both_at_most() == 12


def test_a_shuffle_deals_out_covariates_inside_countries_and_leaves_the_readings():
    data = published_data.tables()
    shuffled, west = data.shuffled(1).eu, data.study.eu
    assert np.array_equal(shuffled["mipex_total"], west["mipex_total"])
    assert not np.array_equal(shuffled["executive"], west["executive"])
    for country in np.unique(west["country"]):
        rows = west["country"] == country
        assert sorted(shuffled["executive"][rows]) == sorted(west["executive"][rows])
    assert np.array_equal(shuffled["executive"], data.shuffled(1).eu["executive"])


def test_shuffled_data_seldom_pass_checks_of_colour_and_size():
    for identifier in ("S19", "S51", "D4", "D5", "D7"):
        assert KEPT[identifier].shuffled_rate < 0.2 < KEPT[identifier].pass_rate
    assert math.isnan(KEPT["S47"].shuffled_rate)


def test_renewing_tells_what_moved(tmp_path, monkeypatch):
    results = published_checks()
    monkeypatch.setattr(
        "woc_sim.analysis.published_checks.check_all_published_data",
        lambda: [replace(results[0], pass_rate=0.5), *results[1:]],
    )
    before = results[0].pass_rate
    path = tmp_path / "published_checks.csv"
    path.write_text(as_csv(results), "utf-8")
    told = renew_published_checks(path)
    assert told == [f"{results[0].check}: passes in 0.5 of the bootstraps, before in {before:g}"]
    with path.open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["pass_rate"] == "0.5"


def test_rewritten_checks_exist_and_tell_their_rate_before_where_data_are_printed():
    with (DOCS / "rewritten_checks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {check.name for check in checks().values()}
    for row in rows:
        assert checks_by_finding()[row["finding"]].name in names
        assert all(row[field].strip() for field in ("claim before", "claim now", "reason"))
        assert bool(row["rate before"]) == (row["finding"] in KEPT), row["finding"]
