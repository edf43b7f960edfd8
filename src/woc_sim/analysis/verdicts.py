"""The words of the scoreboard, and the rule behind them.

A study is one replicate of all localities, so studies are independent and the number in which a finding
holds is binomial. A finding *holds* if it holds in more than half of the studies: the 90 % interval of
Wilson (1927) of its pass rate lies above one half. It *fails* if the interval lies below one half. Otherwise
the studies do not suffice. One half needs no judgement: a finding that holds less often than that is more
likely absent than present in a study as large as the authors'. With 24 studies a finding holds from 17
passes on and fails up to 7. So a verdict turns into its opposite only if ten studies of 24 change sides;
chance moves a finding in and out of 'cannot tell', and hardly ever across it. With fewer than
`STUDIES_FOR_A_VERDICT` the space between 'holds' and 'fails' is wider than two fifths.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np

STUDIES_FOR_A_VERDICT: Final = 24
"""Studies that a verdict needs. Fewer are allowed; the command then says so."""
MAJORITY: Final = 0.5
"""A finding holds if it holds in more than this share of studies."""
CONFIDENCE: Final = 0.9
MAX_MISSING: Final = 0.5
"""Largest share of studies in which the number of a finding may be missing."""

HOLDS: Final = "holds"
FAILS: Final = "fails"
UNCLEAR: Final = "unclear"


class Verdict(NamedTuple):
    """A word of the scoreboard, and what it means."""

    name: str
    meaning: str


REPRODUCED: Final = "reproduced"
TRIVIAL: Final = "trivial"
NO_RIVAL: Final = "emerges, no rival"
NOT_REPRODUCED: Final = "not reproduced"
CANNOT_TELL: Final = "cannot tell"
VERDICTS: Final = (
    Verdict(REPRODUCED, "the finding holds in the model and fails in every null model that could have it"),
    Verdict(TRIVIAL, "the finding holds in the model, and in a null model too"),
    Verdict(NO_RIVAL, "the finding holds in the model, and no null model could have it or lack it"),
    Verdict(NOT_REPRODUCED, "the finding fails in the model"),
    Verdict(
        CANNOT_TELL,
        "the number is missing in most studies, the studies do not decide, or the published data themselves "
        "pass the check too seldom",
    ),
)
"""Verdicts on what the study found."""

IMPLIED: Final = "implied"
OPEN: Final = "open"
NOT_IMPLIED: Final = "not implied"
HYPOTHESIS_VERDICTS: Final = (
    Verdict(IMPLIED, "the hypothesis of the authors holds in the model"),
    Verdict(OPEN, "the studies do not decide, or the number is missing"),
    Verdict(NOT_IMPLIED, "the hypothesis of the authors fails in the model"),
)
"""Verdicts on hypotheses of the authors. They do not enter the counts, because nobody observed them."""

WITHOUT_IT: Final = "falls without it"
NOT_BY_IT: Final = "not by the mechanism named"
NO_MECHANISM: Final = "no mechanism named"
MECHANISM_VERDICTS: Final = (
    Verdict(WITHOUT_IT, "the finding no longer holds if the mechanism named is switched off"),
    Verdict(NOT_BY_IT, "the finding holds without the mechanism named as well"),
    Verdict(CANNOT_TELL, "the studies without the mechanism do not decide"),
    Verdict(NO_MECHANISM, "nobody has named a mechanism for the finding"),
)
"""What knock-outs say on the mechanism that is named for a reproduced finding."""


class PassRate(NamedTuple):
    """In how many of how many studies a finding holds."""

    passes: int
    studies: int

    @property
    def share(self) -> float:
        """Share of studies; nan without studies."""
        return self.passes / self.studies if self.studies else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 90 % interval of the pass rate; from 0 to 1 without studies."""
        from scipy.stats import binomtest

        if not self.studies:
            return 0.0, 1.0
        found = binomtest(self.passes, self.studies).proportion_ci(CONFIDENCE, method="wilson")
        return float(found.low), float(found.high)

    @property
    def word(self) -> str:
        """`HOLDS`, `FAILS` or `UNCLEAR`."""
        low, high = self.interval
        return HOLDS if low > MAJORITY else FAILS if high < MAJORITY else UNCLEAR


def pass_rate(passed: np.ndarray[Any, Any]) -> PassRate:
    """The pass rate of a check from its results over studies."""
    return PassRate(int(np.sum(passed > 0)), len(passed))


def verdict(model: PassRate, missing: float, living: Mapping[str, PassRate]) -> str:
    """The verdict on a finding.

    missing: share of studies without its number; living: the null models that could both have the finding and
    lack it.
    """
    if missing > MAX_MISSING or model.word == UNCLEAR:
        return CANNOT_TELL
    if model.word == FAILS:
        return NOT_REPRODUCED
    words = {rate.word for rate in living.values()}
    if HOLDS in words:
        return TRIVIAL
    if UNCLEAR in words:
        return CANNOT_TELL
    return REPRODUCED if words else NO_RIVAL


def undecided_by(model: PassRate, missing: float, living: Mapping[str, PassRate], data: bool) -> str:
    """What leaves a finding undecided, for the verdict 'cannot tell'; empty for other verdicts.

    data: whether the published data themselves pass the check too seldom.
    """
    if data:
        return "the published data"
    if missing > MAX_MISSING:
        return "the number is missing"
    if model.word == UNCLEAR:
        return "the model"
    if model.word == FAILS or HOLDS in {rate.word for rate in living.values()}:
        return ""
    return ", ".join(name for name, rate in living.items() if rate.word == UNCLEAR)


def hypothesis_verdict(model: PassRate, missing: float) -> str:
    """The verdict on a hypothesis of the authors."""
    if missing > MAX_MISSING:
        return OPEN
    return {HOLDS: IMPLIED, FAILS: NOT_IMPLIED, UNCLEAR: OPEN}[model.word]
