"""README, help and docs state the numbers of places and findings that the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from woc_sim.analysis.numbers import numbers
from woc_sim.cli import listing, run
from woc_sim.evidence.catalogue import findings, targets

ROOT = Path(__file__).parents[2]
STATED = {
    "localities of the study (Table A1)": r"studied\s+(\d+) of them|the\s+(\d+) localities",
    "of them simulated by a validation: eight EU countries": r"the (\d+) cases of\s+eight EU",
    "synthetic localities: type by size by executive": r"(\d+) synthetic\s+localities",
    "published statements": r"the (\d+) published statements",
    "of them findings that are counted": r"(\d+) findings\b",
}
TEXTS = {
    "README.md": (ROOT / "README.md").read_text("utf-8"),
    "list": listing.HELP,
    "run": run.HELP,
}


def test_numbers_add_up() -> None:
    found = list(numbers().values())
    localities, eu, west, synthetic, statements, further, judged, checks, counted, held, fit, hypotheses = (
        found
    )
    assert localities > eu > west > 0
    assert synthetic == 36
    assert (statements, further) == (len(findings()), len(targets()))
    assert judged <= statements + further
    assert checks == counted + hypotheses
    assert counted == held + fit
    assert judged >= checks


@pytest.mark.parametrize("name", TEXTS)
def test_texts_state_these_numbers(name: str) -> None:
    stated = 0
    for what, pattern in STATED.items():
        for found in re.finditer(pattern, TEXTS[name]):
            assert int(next(filter(None, found.groups()))) == numbers()[what], found[0]
            stated += 1
    assert stated >= 1
