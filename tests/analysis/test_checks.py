"""Each check passes on a study in which its finding holds, and fails on one in which it is reversed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from handmade_studies import OUTCOME_READINGS, RECIPES, handmade_study

from woc_sim.analysis.checks import checks, checks_by_finding
from woc_sim.analysis.counterfactuals import (
    CONTACT_AND_ATTITUDE,
    CONTACT_OFF,
    OF_SETTINGS,
    UNMODERATED,
    column,
)
from woc_sim.analysis.replication import centred, published
from woc_sim.analysis.study import one_study
from woc_sim.evidence.catalogue import finding, findings, targets


def test_every_check_has_a_recipe():
    assert set(checks_by_finding()) == set(RECIPES)


def test_at_least_45_findings_have_a_check_and_none_that_cannot_be_judged():
    judged = checks_by_finding()
    assert sum(name.startswith("S") for name in judged) >= 45
    assert {finding(name).role.name for name in judged} <= {"fit", "held_out", "hypothesis"}


@pytest.mark.parametrize("identifier", checks_by_finding())
def test_check_passes_where_the_finding_holds(identifier):
    found = checks_by_finding()[identifier].judge(handmade_study(RECIPES[identifier], 1))
    assert math.isfinite(found.value)
    assert found.passed, found


@pytest.mark.parametrize("identifier", checks_by_finding())
def test_check_fails_where_the_finding_is_reversed(identifier):
    found = checks_by_finding()[identifier].judge(handmade_study(RECIPES[identifier], -1))
    assert not found.passed, found


@pytest.mark.parametrize("identifier", checks_by_finding())
def test_a_reading_that_is_missing_passes_nothing(identifier):
    bare = handmade_study(lambda eu, synthetic, s: None, 1)
    found = checks_by_finding()[identifier].judge(bare)
    assert not found.passed
    assert math.isnan(found.value)


def test_the_published_tables_pass_the_checks_of_their_own_numbers():
    for identifier in ("S47", "S49", "S50", "S51", "S56", "S103", "S104", "S105", "S106", "S107", "S109"):
        assert checks_by_finding()[identifier].judge(published()).passed, identifier
    for identifier in ("D2", "D3", "D4", "D5", "D6", "D7", "D8", "D12", "D13"):
        assert checks_by_finding()[identifier].judge(published()).passed, identifier


def fails_where(identifier, change):
    """Whether the check fails on a study in which its finding holds but for one change."""

    def changed(e, y, s):
        RECIPES[identifier](e, y, s)
        change(e, y)

    assert checks_by_finding()[identifier].judge(handmade_study(RECIPES[identifier], 1)).passed
    return not checks_by_finding()[identifier].judge(handmade_study(changed, 1)).passed


def test_more_than_half_is_more_than_half():
    def four_tenths(e, y):
        e["relations_none_ne"] = 0.44 + e.noise(0.05)

    assert fails_where("S86", four_tenths)


def test_a_correlation_by_selection_alone_is_no_effect_of_contact():
    def selection(e, y):
        t = e.counterfactuals
        t[column(CONTACT_OFF, CONTACT_AND_ATTITUDE)] = t[column("as_is", CONTACT_AND_ATTITUDE)]

    assert fails_where("M1", selection)


def test_ties_of_moderated_settings_must_fall_with_moderation():
    def unmoved(e, y):
        t = e.counterfactuals
        for reading in OF_SETTINGS:
            t[column(UNMODERATED, reading)] = t[column("as_is", reading)]

    assert fails_where("S92", unmoved)


def test_a_gap_between_colours_that_is_nothing_is_not_the_published_one():
    def flat(e, y):
        west = e.where("country", "Poland") == 0
        inside = centred(published().west, "mipex_total")
        policy = e["mipex_total"]
        policy[west] = 30 + inside.std() * np.random.default_rng(3).normal(size=int(west.sum()))
        e["mipex_total"] = policy

    assert fails_where("D4", flat)
    assert fails_where("D5", flat)


@pytest.mark.parametrize("identifier", ["S12", "S13", "S14"])
def test_shares_of_noise_seldom_order_the_outcomes(identifier):
    def noise(number):
        def made(e, y, s):
            rng = np.random.default_rng(number)
            for names in OUTCOME_READINGS:
                for name in names:
                    e[name] = rng.normal(size=e.n)

        return made

    check = checks_by_finding()[identifier]
    assert sum(check.judge(handmade_study(noise(number), 1)).passed for number in range(25)) <= 6


def test_a_lack_that_is_as_common_elsewhere_says_nothing_of_struggling_places():
    def everywhere(e, y):
        y["response_class"] = 0.0

    assert fails_where("S21", everywhere)


def test_an_open_outcome_goes_both_ways_and_differs_by_more_than_raters_do():
    def all_well_disposed(e, y):
        e["perceived_attitudes"] = 4.5 + np.clip(e.noise(0.5), -1.2, None)

    def noise_of_ten_raters(e, y):
        e["perceived_attitudes"] = 3.0 + e.noise(0.8 / math.sqrt(10))

    assert fails_where("S109", all_well_disposed)
    assert fails_where("S109", noise_of_ten_raters)


def test_the_catalogue_names_the_checks():
    for entry in (*findings(), *targets()):
        named = checks_by_finding().get(entry.id)
        assert entry.check == (named.name if named else ""), entry.id


def test_checks_say_what_they_read():
    for each in checks().values():
        assert len(each.meaning) > 20, each.name


def test_a_study_of_one_locality_breaks_no_check():
    alone = one_study([{"country": 0, "framework": 0, "size": 0, "executive": 0, "mipex_total": 3.0}])
    assert not any(each.judge(alone).passed for each in checks().values())
