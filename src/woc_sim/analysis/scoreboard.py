"""The scoreboard: every judged finding with its pass rate in the model and in each null, and a verdict.

A finding is *informative* only if the model reproduces it (pass rate at least .7) and no null does (at
most .4): it then speaks for the interactions, and not for country, chance or arithmetic. ``pass_equal`` is
no null but shown beside them: a finding that also fails where all places are equal, interactions going on,
speaks for what the differences between places do through them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.explanations import NO_READING, explanations
from woc_sim.analysis.measures import Measure, Reading, by_finding
from woc_sim.analysis.nulls import COUNTRY_ONLY, EQUAL_PLACES, INTERACTIONS_OFF
from woc_sim.analysis.study import Pool, Study
from woc_sim.evidence.catalogue import Finding, findings, targets

if TYPE_CHECKING:
    import pandas as pd

REPRODUCED: Final = "reproduced"
TRIVIAL: Final = "passes but trivial"
NOT_REPRODUCED: Final = "not reproduced"
CANNOT_TELL: Final = "cannot tell"
VERDICTS: Final = (REPRODUCED, TRIVIAL, NOT_REPRODUCED, CANNOT_TELL)

PASSES: Final = 0.7
FAILS: Final = 0.4
STUDIES: Final = 40
"""Studies that are picked from the replicates of each world."""
NORMAL_90: Final = 1.645
NULLS: Final = (INTERACTIONS_OFF, COUNTRY_ONLY, "permuted")


@dataclass(frozen=True, slots=True)
class Row:
    """One finding on the scoreboard; the fields are the columns of scoreboard.csv.

    ``simulated``, ``low`` and ``high`` are median and 90 % interval of the headline number over studies;
    ``error`` is a study's own standard error of it; ``n`` studies. ``pass_null`` is the largest pass rate
    over the nulls; a rate is nan where the null is not there or says nothing. ``pass_equal`` is the pass rate
    in `EQUAL_PLACES`, which is no null. ``latent``: what the same
    judgement is on the true state. ``target``: the published number that ``simulated`` is compared with, nan
    where the judgement compares no single number. ``why``: our reading of why the finding does not emerge, or
    does so without the mechanisms.
    """

    id: str
    role: str
    statement: str
    published: str
    simulated: float
    low: float
    high: float
    n: int
    pass_model: float
    pass_null: float
    verdict: str
    source: str
    pass_off: float
    pass_country: float
    pass_permuted: float
    pass_equal: float
    informative: bool
    latent: str
    reading: str
    kind: str
    measure: str
    meaning: str
    error: float
    target: float
    why: str


@dataclass(frozen=True, slots=True)
class Passes:
    """The readings of one measure over the studies of one world."""

    values: np.ndarray[Any, Any]
    passed: np.ndarray[Any, Any]
    error: float
    published: float = math.nan

    @property
    def rate(self) -> float:
        """Share of studies in which the finding holds."""
        return float(self.passed.mean()) if len(self.passed) else math.nan

    def interval(self) -> tuple[float, float, float]:
        """5 %, 50 % and 95 % point of the headline number; nan where no study has one."""
        known = self.values[np.isfinite(self.values)]
        if not len(known):
            return math.nan, math.nan, math.nan
        low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
        return float(low), float(middle), float(high)


def read_all(measure: Measure, studies: list[Study]) -> Passes:
    """A measure on every study."""
    readings: list[Reading] = [measure.judge(study) for study in studies]
    errors = [each.error for each in readings if math.isfinite(each.error)]
    return Passes(
        np.array([each.value for each in readings]),
        np.array([each.passed for each in readings], dtype=float),
        float(np.median(errors)) if errors else math.nan,
        readings[0].published if readings else math.nan,
    )


def verdict(model: Passes, nulls: Mapping[str, float]) -> str:
    """The verdict on a finding.

    'cannot tell': the number is missing in more than half of the studies, or its 90 % interval over
    simulated studies is wider than twice that of the study's own sampling. Nulls that are nan do not
    count.
    """
    low, _, high = model.interval()
    missing = float(np.mean(~np.isfinite(model.values))) if len(model.values) else 1.0
    too_wide = math.isfinite(model.error) and high - low > 2 * (2 * NORMAL_90 * model.error) > 0
    if missing > 0.5 or too_wide:
        return CANNOT_TELL
    if model.rate < PASSES:
        return NOT_REPRODUCED
    if any(rate > FAILS for rate in nulls.values()):
        return TRIVIAL
    return REPRODUCED


def latent_word(measure: Measure, model: Passes, latent: Passes | None) -> str:
    """'holds' or 'fails' on the true state; 'measurement' if the finding holds only through the
    instrument."""
    if latent is None or not measure.latent:
        return ""
    if latent.rate >= PASSES:
        return "holds"
    return "measurement" if model.rate >= PASSES else "fails"


def reading_word(entry: Finding, rate: float) -> str:
    """For hypotheses: whether the model implies them."""
    if entry.role.name != "hypothesis" or not math.isfinite(rate):
        return ""
    return "implied" if rate >= PASSES else "not implied" if rate <= FAILS else "open"


def why(identifier: str, word: str) -> str:
    """Our reading of a verdict: of every failure, and of what is passed without the mechanisms where there is
    something to say."""
    if word == NOT_REPRODUCED:
        return explanations().get(identifier, NO_READING)
    return explanations().get(identifier, "") if word == TRIVIAL else ""


@cache
def entries() -> Mapping[str, Finding]:
    """All findings and targets by id."""
    return {each.id: each for each in (*findings(), *targets())}


def judge(pools: Mapping[str, Pool], studies: int = STUDIES) -> list[Row]:
    """The scoreboard from the rows of the model and of the other worlds that were run.

    The null `permuted` is made from the model's own rows. It says nothing (nan) on a finding whose
    measure looks at no covariate: such a finding is the same whatever the localities are called.
    """
    model = pools["model"]
    worlds = {name: [pool.study(number) for number in range(studies)] for name, pool in pools.items()}
    worlds["permuted"] = [model.study(number, permuted=True) for number in range(studies)]
    latent = [study.latent() for study in worlds["model"]]
    return [
        _row(entries()[identifier], measure, worlds, latent) for identifier, measure in by_finding().items()
    ]


def _row(entry: Finding, measure: Measure, worlds: Mapping[str, list[Study]], latent: list[Study]) -> Row:
    model = read_all(measure, worlds["model"])
    rates = dict.fromkeys(NULLS, math.nan)
    for name in NULLS:
        if name in worlds and (name != "permuted" or _looks_at_covariates(measure, worlds["model"][0])):
            rates[name] = read_all(measure, worlds[name]).rate
    finite = [rate for rate in rates.values() if math.isfinite(rate)]
    word = verdict(model, rates)
    low, middle, high = model.interval()
    return Row(
        id=entry.id,
        role=entry.role.name,
        statement=entry.statement,
        published=entry.published,
        simulated=middle,
        low=low,
        high=high,
        n=len(model.values),
        pass_model=model.rate,
        pass_null=max(finite) if finite else math.nan,
        verdict=word,
        source=entry.source,
        pass_off=rates[INTERACTIONS_OFF],
        pass_country=rates[COUNTRY_ONLY],
        pass_permuted=rates["permuted"],
        pass_equal=read_all(measure, worlds[EQUAL_PLACES]).rate if EQUAL_PLACES in worlds else math.nan,
        informative=word == REPRODUCED and bool(finite) and max(finite) <= FAILS,
        latent=latent_word(measure, model, read_all(measure, latent) if measure.latent else None),
        reading=reading_word(entry, model.rate),
        kind=entry.kind,
        measure=measure.name,
        meaning=measure.meaning,
        error=model.error,
        target=model.published,
        why=why(entry.id, word),
    )


def _looks_at_covariates(measure: Measure, study: Study) -> bool:
    fresh = study.afresh()
    measure.judge(fresh)
    return bool(fresh.used)


def between_places(row: Row) -> bool:
    """Whether an informative finding also fails where all places are equal: it then needs both interactions
    and differences between places."""
    return row.informative and row.pass_equal <= FAILS


def by_chance(rows: list[Row]) -> float:
    """How many held-out findings would pass if the null that passes most were the model: the sum of those
    rates."""
    return sum(row.pass_null for row in rows if row.role == "held_out" and math.isfinite(row.pass_null))


def distinct(rows: list[Row]) -> list[Row]:
    """The rows without those that another row has judged by the same measure (S47 and D1 are the same
    numbers)."""
    return list({row.measure: row for row in reversed(rows)}.values())[::-1]


def summary(rows: list[Row]) -> str:
    """Counts of verdicts, informative findings, the share of 'cannot tell', and what would pass by chance.

    Findings and targets that share a measure count once.
    """
    rows = distinct(rows)
    counts = {word: sum(row.verdict == word for row in rows) for word in VERDICTS}
    held_out = [row for row in rows if row.role == "held_out"]
    passed = sum(row.pass_model >= PASSES for row in held_out)
    share = counts[CANNOT_TELL] / len(rows) if rows else 0.0
    return (
        f"{len(rows)} findings judged: "
        + ", ".join(f"{number} {word}" for word, number in counts.items())
        + f"; {sum(row.informative for row in rows)} informative ({sum(map(between_places, rows))} of them "
        + f"fail where places are equal too); {share:.0%} cannot tell; "
        + f"of {len(held_out)} held out {passed} pass, {by_chance(held_out):.1f} would by their easiest null"
    )


def frame(rows: list[Row]) -> pd.DataFrame:
    """The scoreboard as a data frame; its columns are the fields of `Row`."""
    import pandas as pd

    return pd.DataFrame([asdict(row) for row in rows])
