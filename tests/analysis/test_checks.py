"""Each check passes on a study in which its finding holds, and fails on one in which it is reversed."""

from __future__ import annotations

import math

import pytest
from handmade_studies import RECIPES, handmade_study

from woc_sim.analysis.checks import checks, checks_by_finding
from woc_sim.analysis.replication import published
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
    for identifier in ("S47", "S49", "S50", "S51", "S56", "S103", "S104", "S105", "S106", "S107"):
        assert checks_by_finding()[identifier].judge(published()).passed, identifier
    for identifier in ("D2", "D3", "D4", "D5", "D6", "D7", "D8", "D12", "D13"):
        assert checks_by_finding()[identifier].judge(published()).passed, identifier


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
