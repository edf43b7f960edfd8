"""The scoreboard: every judged finding with its pass rate in the model and in each null model, and a verdict.

A finding is *informative* only if the model reproduces it (pass rate at least .7) and no null model does
(pass rate at most .4). It is then evidence for the interactions in the model, because country, chance and
arithmetic alone do not produce it. ``pass_equal`` is the pass rate in the variant with equal localities. This
variant is not a null model, because its interactions are on. An informative finding that fails there needs
both interactions and differences between localities.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.checks import Check, CheckResult, checks_by_finding
from woc_sim.analysis.explanations import NO_EXPLANATION, explanations
from woc_sim.analysis.study import Pool, Study
from woc_sim.analysis.variants import COUNTRY_ONLY, EQUAL_LOCALITIES, INTERACTIONS_OFF
from woc_sim.evidence.catalogue import Finding, findings, targets

if TYPE_CHECKING:
    import pandas as pd

REPRODUCED: Final = "reproduced"
TRIVIAL: Final = "passes but trivial"
NOT_REPRODUCED: Final = "not reproduced"
CANNOT_TELL: Final = "cannot tell"
VERDICTS: Final = (REPRODUCED, TRIVIAL, NOT_REPRODUCED, CANNOT_TELL)

MIN_PASS_RATE_OF_MODEL: Final = 0.7
MAX_PASS_RATE_OF_NULLS: Final = 0.4
NUMBER_OF_STUDIES: Final = 40
"""Number of studies drawn from the replicates of each variant."""
HALF_WIDTH_90: Final = 1.645
NULLS: Final = (INTERACTIONS_OFF, COUNTRY_ONLY, "permuted")


@dataclass(frozen=True, slots=True)
class ScoreboardRow:
    """One finding on the scoreboard; the fields are the columns of scoreboard.csv.

    ``simulated``, ``low`` and ``high`` are median and 90 % interval of the headline number over the studies;
    ``error`` is its standard error within one study; ``n`` is the number of studies. ``pass_null`` is the
    largest pass rate of the null models. A pass rate is nan where the variant was not run or the check does
    not apply to it. ``pass_equal`` is the pass rate in `EQUAL_LOCALITIES`, which is not a null model.
    ``latent`` is the result of the same check on the true state. ``hypothesis`` says for expectations of the
    authors whether the model implies them. ``target`` is the published number that ``simulated`` is compared
    with, nan where the check compares no single number. ``why`` is our explanation of a finding that the
    model does not reproduce, or that it reproduces without the mechanisms.
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
    hypothesis: str
    kind: str
    check: str
    meaning: str
    error: float
    target: float
    why: str


@dataclass(frozen=True, slots=True)
class CheckResults:
    """The results of one check over the studies of one variant."""

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


def results_over_studies(check: Check, studies: list[Study]) -> CheckResults:
    """The results of a check on every study."""
    results: list[CheckResult] = [check.judge(study) for study in studies]
    errors = [each.error for each in results if math.isfinite(each.error)]
    return CheckResults(
        np.array([each.value for each in results]),
        np.array([each.passed for each in results], dtype=float),
        float(np.median(errors)) if errors else math.nan,
        results[0].published if results else math.nan,
    )


def verdict(model: CheckResults, nulls: Mapping[str, float]) -> str:
    """The verdict on a finding.

    It is 'cannot tell' if the number is missing in more than half of the studies, or if its 90 % interval
    over the studies is more than twice as wide as the 90 % interval of the sampling error of one study. Null
    models with the pass rate nan do not count.
    """
    low, _, high = model.interval()
    missing = float(np.mean(~np.isfinite(model.values))) if len(model.values) else 1.0
    too_wide = math.isfinite(model.error) and high - low > 2 * (2 * HALF_WIDTH_90 * model.error) > 0
    if missing > 0.5 or too_wide:
        return CANNOT_TELL
    if model.rate < MIN_PASS_RATE_OF_MODEL:
        return NOT_REPRODUCED
    if any(rate > MAX_PASS_RATE_OF_NULLS for rate in nulls.values()):
        return TRIVIAL
    return REPRODUCED


def latent_verdict(check: Check, model: CheckResults, latent: CheckResults | None) -> str:
    """'holds' or 'fails' on the true state; 'measurement' if the finding holds in what the instruments read,
    but not in the true state."""
    if latent is None or not check.latent:
        return ""
    if latent.rate >= MIN_PASS_RATE_OF_MODEL:
        return "holds"
    return "measurement" if model.rate >= MIN_PASS_RATE_OF_MODEL else "fails"


def hypothesis_verdict(entry: Finding, rate: float) -> str:
    """'implied', 'not implied' or 'open' for a hypothesis of the authors; empty for other findings."""
    if entry.role.name != "hypothesis" or not math.isfinite(rate):
        return ""
    return (
        "implied"
        if rate >= MIN_PASS_RATE_OF_MODEL
        else "not implied"
        if rate <= MAX_PASS_RATE_OF_NULLS
        else "open"
    )


def explanation_of(identifier: str, verdict_word: str) -> str:
    """Our explanation of a verdict: of every 'not reproduced', and of some 'passes but trivial'."""
    if verdict_word == NOT_REPRODUCED:
        return explanations().get(identifier, NO_EXPLANATION)
    return explanations().get(identifier, "") if verdict_word == TRIVIAL else ""


@cache
def findings_and_targets() -> Mapping[str, Finding]:
    """All findings and targets by id."""
    return {each.id: each for each in (*findings(), *targets())}


def judge_findings(pools: Mapping[str, Pool], studies: int = NUMBER_OF_STUDIES) -> list[ScoreboardRow]:
    """The scoreboard from the pools of the model and of the other variants that were run.

    The null model `permuted` is made from the rows of the model. Its pass rate is nan for a check that reads
    no covariate: the result of such a check does not change when covariates are permuted.
    """
    model = pools["model"]
    variants = {name: [pool.study(number) for number in range(studies)] for name, pool in pools.items()}
    variants["permuted"] = [model.study(number, permuted=True) for number in range(studies)]
    latent = [study.latent() for study in variants["model"]]
    return [
        _scoreboard_row(findings_and_targets()[identifier], check, variants, latent)
        for identifier, check in checks_by_finding().items()
    ]


def _scoreboard_row(
    entry: Finding, check: Check, variants: Mapping[str, list[Study]], latent: list[Study]
) -> ScoreboardRow:
    model = results_over_studies(check, variants["model"])
    rates = dict.fromkeys(NULLS, math.nan)
    for name in NULLS:
        if name in variants and (name != "permuted" or _reads_covariates(check, variants["model"][0])):
            rates[name] = results_over_studies(check, variants[name]).rate
    finite = [rate for rate in rates.values() if math.isfinite(rate)]
    word = verdict(model, rates)
    low, middle, high = model.interval()
    return ScoreboardRow(
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
        pass_equal=results_over_studies(check, variants[EQUAL_LOCALITIES]).rate
        if EQUAL_LOCALITIES in variants
        else math.nan,
        informative=word == REPRODUCED and bool(finite) and max(finite) <= MAX_PASS_RATE_OF_NULLS,
        latent=latent_verdict(check, model, results_over_studies(check, latent) if check.latent else None),
        hypothesis=hypothesis_verdict(entry, model.rate),
        kind=entry.kind,
        check=check.name,
        meaning=check.meaning,
        error=model.error,
        target=model.published,
        why=explanation_of(entry.id, word),
    )


def _reads_covariates(check: Check, study: Study) -> bool:
    fresh = study.unread_copy()
    check.judge(fresh)
    return bool(fresh.covariates_read)


def needs_differences_between_localities(row: ScoreboardRow) -> bool:
    """Whether an informative finding fails where all localities are equal, so that it needs both interactions
    and differences between localities."""
    return row.informative and row.pass_equal <= MAX_PASS_RATE_OF_NULLS


def passes_expected_by_chance(rows: list[ScoreboardRow]) -> float:
    """How many held-out findings a null model would pass: the sum of the largest pass rates of the nulls."""
    return sum(row.pass_null for row in rows if row.role == "held_out" and math.isfinite(row.pass_null))


def one_row_per_check(rows: list[ScoreboardRow]) -> list[ScoreboardRow]:
    """The first row of every check: some findings share a check (S47 and D1 are the same numbers)."""
    return list({row.check: row for row in reversed(rows)}.values())[::-1]


def summary(rows: list[ScoreboardRow]) -> str:
    """Counts of verdicts and of informative findings, the share of 'cannot tell', and passes by chance.

    Findings and targets that share a check count once.
    """
    rows = one_row_per_check(rows)
    counts = {word: sum(row.verdict == word for row in rows) for word in VERDICTS}
    held_out = [row for row in rows if row.role == "held_out"]
    passed = sum(row.pass_model >= MIN_PASS_RATE_OF_MODEL for row in held_out)
    cannot_tell = counts[CANNOT_TELL] / len(rows) if rows else 0.0
    informative = sum(row.informative for row in rows)
    need_differences = sum(map(needs_differences_between_localities, rows))
    return (
        f"{len(rows)} findings judged: "
        + ", ".join(f"{number} {word}" for word, number in counts.items())
        + f"; {informative} informative ({need_differences} of them fail where localities are equal too); "
        + f"{cannot_tell:.0%} cannot tell; of {len(held_out)} held out {passed} pass, "
        + f"{passes_expected_by_chance(held_out):.1f} would pass in their easiest null model"
    )


def scoreboard_frame(rows: list[ScoreboardRow]) -> pd.DataFrame:
    """The scoreboard as a data frame; its columns are the fields of `Row`."""
    import pandas as pd

    return pd.DataFrame([asdict(row) for row in rows])
