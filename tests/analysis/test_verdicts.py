"""The rule behind the words of the scoreboard."""

from __future__ import annotations

import numpy as np
import pytest

from woc_sim.analysis.verdicts import (
    CANNOT_TELL,
    FAILS,
    HOLDS,
    HYPOTHESIS_VERDICTS,
    IMPLIED,
    NO_RIVAL,
    NOT_IMPLIED,
    NOT_REPRODUCED,
    OPEN,
    REPRODUCED,
    TRIVIAL,
    UNCLEAR,
    VERDICTS,
    PassRate,
    hypothesis_verdict,
    pass_rate,
    undecided_by,
    verdict,
)


def of_24(passes: int) -> PassRate:
    return PassRate(passes, 24)


def test_the_interval_is_that_of_wilson() -> None:
    """Values of the closed form with z = 1.6449."""
    low, high = PassRate(17, 24).interval
    assert (low, high) == pytest.approx((0.5418, 0.8324), abs=2e-3)
    assert PassRate(0, 24).interval[0] == 0
    assert PassRate(0, 0).interval == (0.0, 1.0)


@pytest.mark.parametrize(
    ("passes", "word"), [(24, HOLDS), (17, HOLDS), (16, UNCLEAR), (8, UNCLEAR), (7, FAILS), (0, FAILS)]
)
def test_a_finding_holds_from_17_of_24_studies_on_and_fails_up_to_7(passes: int, word: str) -> None:
    assert of_24(passes).word == word


def test_few_studies_leave_more_open() -> None:
    assert PassRate(5, 6).word == UNCLEAR
    assert PassRate(6, 6).word == HOLDS
    assert PassRate(1, 1).word == UNCLEAR


@pytest.mark.parametrize(
    ("model", "missing", "living", "wanted"),
    [
        (20, 0.0, {"off": 2, "twin": 7}, REPRODUCED),
        (20, 0.0, {"off": 2, "twin": 17}, TRIVIAL),
        (20, 0.0, {"off": 12, "twin": 17}, TRIVIAL),
        (20, 0.0, {"off": 12, "twin": 2}, CANNOT_TELL),
        (20, 0.0, {}, NO_RIVAL),
        (7, 0.0, {"off": 24}, NOT_REPRODUCED),
        (12, 0.0, {"off": 0}, CANNOT_TELL),
        (24, 0.51, {"off": 0}, CANNOT_TELL),
        (0, 0.51, {"off": 0}, CANNOT_TELL),
        (24, 0.5, {"off": 0}, REPRODUCED),
    ],
)
def test_verdicts(model: int, missing: float, living: dict[str, int], wanted: str) -> None:
    rates = {name: of_24(each) for name, each in living.items()}
    assert verdict(of_24(model), missing, rates) == wanted
    undecided = undecided_by(of_24(model), missing, rates, data=False)
    assert bool(undecided) == (wanted == CANNOT_TELL)


def test_what_leaves_a_finding_undecided_is_named() -> None:
    assert undecided_by(of_24(24), 0.0, {}, data=True) == "the published data"
    assert undecided_by(of_24(24), 0.6, {}, data=False) == "the number is missing"
    assert undecided_by(of_24(12), 0.0, {}, data=False) == "the model"
    assert undecided_by(of_24(24), 0.0, {"off": of_24(10), "twin": of_24(0)}, data=False) == "off"


def test_hypotheses_have_words_of_their_own() -> None:
    assert hypothesis_verdict(of_24(20), 0.0) == IMPLIED
    assert hypothesis_verdict(of_24(12), 0.0) == OPEN
    assert hypothesis_verdict(of_24(3), 0.0) == NOT_IMPLIED
    assert hypothesis_verdict(of_24(0), 1.0) == OPEN
    names = [each.name for each in (*VERDICTS, *HYPOTHESIS_VERDICTS)]
    assert len(set(names)) == len(names)


def test_a_pass_rate_counts_passes() -> None:
    assert pass_rate(np.array([1.0, 0.0, 1.0])) == PassRate(2, 3)
    assert PassRate(2, 3).share == pytest.approx(2 / 3)
    assert np.isnan(PassRate(0, 0).share)
