"""What was frozen: roles that can only get weaker, and a report of everything that moved since."""

from __future__ import annotations

import hashlib
import json

import pytest

from woc_sim.analysis import frozen
from woc_sim.analysis.frozen import (
    FROZEN,
    STRENGTH,
    StrongerRoleError,
    freeze,
    frozen_state,
    moved_since_frozen,
    present_state,
    stronger_roles,
)
from woc_sim.evidence.catalogue import ROLES, findings, targets

FROZEN_ROLES = "9718b484e3273fd0"
"""Of the roles in frozen.json, so that nobody moves them unseen: who freezes anew after a role came or
got weaker writes the new hash here."""


def test_no_role_is_stronger_than_when_it_was_frozen():
    assert stronger_roles() == []
    assert set(STRENGTH) == set(ROLES)


def test_the_frozen_roles_are_those_of_the_last_freeze():
    text = json.dumps(frozen_state()["roles"], sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == FROZEN_ROLES


def test_every_finding_was_frozen():
    assert {entry.id for entry in (*findings(), *targets())} <= set(frozen_state()["roles"])


@pytest.fixture
def copy(tmp_path):
    path = tmp_path / "frozen.json"
    freeze("2026-11-29", 3, path)
    return path


def test_nothing_moved_right_after_a_freeze(copy):
    assert moved_since_frozen(copy) == []
    assert freeze("2026-11-30", 9, copy) == []
    assert frozen_state(copy)["date"] == "2026-11-29"


def _change(path, part, name, value):
    state = frozen_state(path)
    if value is None:
        del state[part][name]
    else:
        state[part][name] = value
    path.write_text(json.dumps(state), "utf-8")


@pytest.mark.parametrize(
    ("part", "name", "value", "told"),
    [
        ("roles", "S35", "held_out", "role of S35: held_out, now fit"),
        ("checks", "rural_lowest", "0", "check rural_lowest: changed"),
        ("checks", "gone_check", "0", "check gone_check: gone"),
        ("checks", "rural_lowest", None, "check rural_lowest: new"),
        ("modules", "estimates", "0", "what the checks of the module estimates share: changed"),
        ("thresholds", "checks.TENTH", 0.2, "threshold checks.TENTH: 0.2, now 0.1"),
        ("published", "S47", "0", "published numbers of S47: changed"),
        ("tables", "table4.csv", "0", "table table4.csv: changed"),
        ("inputs", "cases.csv", "0", "input cases.csv: changed"),
    ],
)
def test_what_moved_is_told(copy, part, name, value, told):
    _change(copy, part, name, value)
    assert moved_since_frozen(copy) == [told]


def test_freezing_anew_needs_a_new_row_of_openings(copy):
    _change(copy, "roles", "S35", "held_out")
    with pytest.raises(ValueError, match="1 things moved: say why in a new row"):
        freeze("2026-11-30", 3, copy)
    assert freeze("2026-11-30", 4, copy) == ["role of S35: held_out, now fit"]
    assert frozen_state(copy)["openings"] == 4


@pytest.mark.parametrize("before", ["fit", "hypothesis", "condition", "not_judgeable"])
def test_a_role_never_gets_stronger(copy, before):
    _change(copy, "roles", "S80", before)  # held out now
    assert stronger_roles(copy) == ["S80"]
    with pytest.raises(StrongerRoleError, match="S80"):
        freeze("2026-11-30", 9, copy)


def test_a_weaker_role_is_taken(copy):
    _change(copy, "roles", "S52", "held_out")  # not judgeable now
    assert stronger_roles(copy) == []


def test_a_changed_helper_and_a_changed_constant_move(copy, monkeypatch):
    module = frozen.import_module("woc_sim.analysis.checks")
    monkeypatch.setattr(module, "TENTH", 0.3)
    assert moved_since_frozen(copy) == ["threshold checks.TENTH: 0.1, now 0.3"]
    source = frozen._source(module.__name__).replace("def check_band", "def check_other_band")
    monkeypatch.setattr(frozen, "_source", lambda name: source if name == module.__name__ else "")
    assert "what the checks of the module checks share: changed" in moved_since_frozen(copy)


def test_spaces_and_line_ends_do_not_count():
    assert frozen._hash("a =  1\nb") == frozen._hash("a = 1 b")
    assert frozen._hash("a = 1") != frozen._hash("a = 2")


def test_the_parts_of_the_state_are_full():
    state = present_state()
    assert len(state["checks"]) > 90
    assert {"checks_policy", "estimates", "scoreboard", "study", "fit_statistics"} <= set(state["modules"])
    assert {"checks.MIN_RANK_CORRELATION", "checks_governance.HIGH"} <= set(state["thresholds"])
    assert "measures.csv" in state["inputs"]
    assert FROZEN.exists()
