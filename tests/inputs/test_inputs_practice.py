"""The table of law as practised: what it holds and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from woc_sim.inputs import reading
from woc_sim.inputs.practice import CLASSES, practices, practised
from woc_sim.inputs.tables import mandates
from woc_sim.inputs.vocabulary import COMPONENTS, FRAMEWORKS

HEADER = "framework,component,duty,provision,trust,source,reason\n"
GOOD = "AT,housing,paper,practised,from_memory,an act,another body\n"


def test_every_framework_has_all_components_and_what_has_no_row_is_practised() -> None:
    for framework in FRAMEWORKS:
        assert tuple(practised(framework)) == COMPONENTS
        assert {name for pair in practised(framework).values() for name in pair} <= set(CLASSES)
    assert practised("SE")["language"] == ("practised", "practised")


def test_a_row_doubts_a_duty_or_a_provision_that_the_framework_has() -> None:
    """Where nothing is written, nothing can be left undone."""
    for one in practices():
        mandate = mandates(one.framework)[COMPONENTS.index(one.component)]
        assert mandate.duty > 0 or one.duty == "practised", one
        assert mandate.provision > 0.0 or one.provision == "practised", one


def test_more_than_one_country_and_all_its_kinds_are_in_the_table() -> None:
    """A table of one region only would be an offset for it."""
    doubted = {one.framework for one in practices() if (one.duty, one.provision) != ("practised",) * 2}
    assert len(doubted) >= 9
    assert all(one.source and one.reason for one in practices())


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (GOOD + GOOD, "AT"),
        (GOOD.replace("paper", "seldom"), "row 2: duty is 'seldom'"),
        (GOOD.replace("from_memory", "sure"), "row 2: trust is 'sure'"),
        (GOOD.replace("another body", ""), "row 2: reason is empty"),
    ],
)
def test_a_faulty_table_is_refused(
    rows: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "practice.csv").write_text(HEADER + rows, encoding="utf-8")
    monkeypatch.setattr(reading, "_FOLDER", tmp_path)
    with pytest.raises(ValueError, match=re.escape(fault)):
        practices.__wrapped__()
