"""The scoreboard: every judged finding with its pass rate in the model and in each null model, and a verdict.

A finding is *reproduced* only if it holds in the model and fails in every living null model
(`woc_sim.analysis.verdicts`, `woc_sim.analysis.nulls`). It is then evidence for the mechanisms of the model.
What is held against it: country, chance and arithmetic alone, selection into contact, and a regression.
``pass_equal`` is the pass rate in the variant with equal localities. This variant is not a null model,
because its interactions are on. Hypotheses of the authors have verdicts of their own and enter no count.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from woc_sim.analysis.checks import Check, CheckResult, checks_by_finding
from woc_sim.analysis.explanations import NO_EXPLANATION, explanations
from woc_sim.analysis.mechanisms import mechanisms
from woc_sim.analysis.nulls import NULLS, PERMUTED, STATISTICAL_TWIN, after_reading, why_dead
from woc_sim.analysis.study import Pool, Study
from woc_sim.analysis.twin import statistical_twin
from woc_sim.analysis.variants import COUNTRY_ONLY, EQUAL_LOCALITIES, INTERACTIONS_OFF, MODEL, SELECTION_ONLY
from woc_sim.analysis.verdicts import (
    CANNOT_TELL,
    FAILS,
    HOLDS,
    HYPOTHESIS_VERDICTS,
    NO_MECHANISM,
    NO_RIVAL,
    NOT_IMPLIED,
    NOT_REPRODUCED,
    REPRODUCED,
    STUDIES_FOR_A_VERDICT,
    TRIVIAL,
    VERDICTS,
    PassRate,
    hypothesis_verdict,
    pass_rate,
    undecided_by,
    verdict,
)
from woc_sim.evidence.catalogue import Finding, findings, targets

if TYPE_CHECKING:
    import pandas as pd

HYPOTHESIS: Final = "hypothesis"
"""The role of expectations of the authors."""


@dataclass(frozen=True, slots=True)
class ScoreboardRow:
    """One finding on the scoreboard; the fields are the columns of scoreboard.csv.

    ``simulated``, ``low`` and ``high`` are median and 90 % interval of the headline number over the ``n``
    studies; ``error`` is its standard error within one study. ``pass_model`` is the share of studies in
    which the finding holds, ``pass_low`` and ``pass_high`` its 90 % interval. ``pass_null`` is the largest
    pass rate of the living null models, nan without one; ``living`` names them, ``dead`` says why each of
    the others does not count. The pass rate of a variant is nan where it was not run. ``pass_equal`` is the
    pass rate in `EQUAL_LOCALITIES`, which is not a null model. ``latent`` is the result of the same check on
    the true state. ``mechanism`` is the process or theory that the finding is ascribed to, ``by_mechanism``
    what knock-outs say on it (empty without them). ``pass_data`` is the share of bootstraps of the published
    data that pass the check (nan without such data). ``target`` is the published number that ``simulated``
    is compared with, nan where the check compares no single number. ``why`` is our explanation of a finding
    that the model does not reproduce, or that is trivial.
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
    pass_low: float
    pass_high: float
    pass_null: float
    verdict: str
    source: str
    pass_off: float
    pass_country: float
    pass_permuted: float
    pass_selection: float
    pass_twin: float
    pass_equal: float
    living: str
    dead: str
    undecided: str
    latent: str
    mechanism: str
    by_mechanism: str
    kind: str
    check: str
    meaning: str
    error: float
    target: float
    pass_data: float
    why: str


@dataclass(frozen=True, slots=True)
class CheckResults:
    """The results of one check over the studies of one variant."""

    values: np.ndarray[Any, Any]
    passed: np.ndarray[Any, Any]
    error: float
    published: float = math.nan

    @property
    def rate(self) -> PassRate:
        """In how many studies the finding holds."""
        return pass_rate(self.passed)

    @property
    def missing(self) -> float:
        """Share of studies without the number; 1 without studies."""
        return float(np.mean(~np.isfinite(self.values))) if len(self.values) else 1.0

    def interval(self) -> tuple[float, float, float]:
        """5 %, 50 % and 95 % point of the headline number; nan where no study has one."""
        known = self.values[np.isfinite(self.values)]
        if not len(known):
            return math.nan, math.nan, math.nan
        low, middle, high = np.quantile(known, (0.05, 0.5, 0.95))
        return float(low), float(middle), float(high)


def results_over_studies(check: Check, studies: Sequence[Study]) -> CheckResults:
    """The results of a check on every study."""
    results: list[CheckResult] = [check.judge(study) for study in studies]
    errors = [each.error for each in results if math.isfinite(each.error)]
    return CheckResults(
        np.array([each.value for each in results]),
        np.array([each.passed for each in results], dtype=float),
        float(np.median(errors)) if errors else math.nan,
        results[0].published if results else math.nan,
    )


def latent_verdict(check: Check, model: CheckResults, latent: CheckResults | None) -> str:
    """'holds' or 'fails' on the true state; 'measurement' if the finding holds in what the instruments read,
    but not in the true state."""
    if latent is None or not check.latent:
        return ""
    if latent.rate.word == HOLDS:
        return HOLDS
    return "measurement" if model.rate.word == HOLDS else FAILS


def explanation_of(identifier: str, verdict_word: str) -> str:
    """Our explanation of a verdict: of every 'not reproduced' and 'not implied', and of some 'trivial'."""
    if verdict_word in (NOT_REPRODUCED, NOT_IMPLIED):
        return explanations().get(identifier, NO_EXPLANATION)
    return explanations().get(identifier, "") if verdict_word == TRIVIAL else ""


@cache
def findings_and_targets() -> Mapping[str, Finding]:
    """All findings and targets by id."""
    return {each.id: each for each in (*findings(), *targets())}


Kept = Callable[[str, str, CheckResults], None]
"""Takes the id of a finding, a variant, and the results of the check over the studies of the variant."""


def judge_findings(pools: Mapping[str, Pool], keep: Kept | None = None) -> list[ScoreboardRow]:
    """The scoreboard from the pools of the model and of the other variants that were run.

    The null models `permuted` and `statistical_twin` are made from the rows of the model. `keep` is called
    with the results that each row is made of.
    """
    tables = {**pools, STATISTICAL_TWIN: statistical_twin(pools[MODEL])}
    studies = {name: pool.studies() for name, pool in tables.items()}
    studies[PERMUTED] = pools[MODEL].studies(permuted=True)
    latent = [study.latent() for study in studies[MODEL]]
    return [
        _scoreboard_row(findings_and_targets()[identifier], check, tables, studies, latent, keep)
        for identifier, check in checks_by_finding().items()
    ]


def _scoreboard_row(
    entry: Finding,
    check: Check,
    tables: Mapping[str, Pool],
    studies: Mapping[str, Sequence[Study]],
    latent: Sequence[Study],
    keep: Kept | None,
) -> ScoreboardRow:
    variants = (MODEL, *(null.name for null in NULLS), EQUAL_LOCALITIES)
    results = {name: results_over_studies(check, studies[name]) for name in variants if name in studies}
    if keep is not None:
        for name, found in results.items():
            keep(entry.id, name, found)
    model = results[MODEL]
    rates = {name: found.rate for name, found in results.items() if name != MODEL}
    read = after_reading(check, studies[MODEL][0])
    nulls = [null.name for null in NULLS if null.name in rates]
    dead = {
        name: why_dead(name, entry.id, read, tables[MODEL], tables.get(name), rates[name]) for name in nulls
    }
    living = {name: rates[name] for name in nulls if not dead[name]}
    undecided = undecided_by(model.rate, model.missing, living, check.data_cannot_tell)
    if entry.role.name == HYPOTHESIS:
        word = hypothesis_verdict(model.rate, model.missing)
    else:
        word = CANNOT_TELL if undecided else verdict(model.rate, model.missing, living)
    low, middle, high = model.interval()
    pass_low, pass_high = model.rate.interval

    def share(name: str) -> float:
        return rates[name].share if name in rates else math.nan

    return ScoreboardRow(
        id=entry.id,
        role=entry.role.name,
        statement=entry.statement,
        published=entry.published,
        simulated=middle,
        low=low,
        high=high,
        n=len(model.values),
        pass_model=model.rate.share,
        pass_low=pass_low,
        pass_high=pass_high,
        pass_null=max((rate.share for rate in living.values()), default=math.nan),
        verdict=word,
        source=entry.source,
        pass_off=share(INTERACTIONS_OFF),
        pass_country=share(COUNTRY_ONLY),
        pass_permuted=share(PERMUTED),
        pass_selection=share(SELECTION_ONLY),
        pass_twin=share(STATISTICAL_TWIN),
        pass_equal=share(EQUAL_LOCALITIES),
        living=", ".join(living),
        undecided=undecided if word == CANNOT_TELL else "",
        dead="; ".join(f"{name}: {reason}" for name, reason in dead.items() if reason),
        latent=latent_verdict(check, model, results_over_studies(check, latent) if check.latent else None),
        mechanism=", ".join(mechanisms().get(entry.id, ())),
        by_mechanism="",
        kind=entry.kind,
        check=check.name,
        meaning=check.meaning,
        error=model.error,
        target=model.published,
        pass_data=check.published_pass_rate,
        why=explanation_of(entry.id, word),
    )


def with_mechanisms(rows: Iterable[ScoreboardRow], found: Mapping[str, str]) -> list[ScoreboardRow]:
    """The rows with what knock-outs say on the mechanism of each reproduced finding.

    found: finding -> a word of `MECHANISM_VERDICTS`, for findings with a mechanism.
    """
    return [
        replace(row, by_mechanism=found.get(row.id, NO_MECHANISM)) if row.verdict in EMERGES else row
        for row in rows
    ]


EMERGES: Final = (REPRODUCED, NO_RIVAL)
"""Verdicts on findings that the model has, and that no null model has."""


def one_row_per_check(rows: Iterable[ScoreboardRow]) -> list[ScoreboardRow]:
    """The first row of every check: some findings share a check (S47 and D1 are the same numbers)."""
    return list({row.check: row for row in reversed(list(rows))}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings have each verdict, by role; findings that share a check count once.

    ``verdicts``: role -> verdict -> number, without hypotheses; ``hypotheses``: verdict -> number.
    """

    verdicts: Mapping[str, Mapping[str, int]]
    hypotheses: Mapping[str, int]

    def of(self, verdict_word: str) -> int:
        """Number of findings with a verdict, all roles together."""
        return sum(each[verdict_word] for each in self.verdicts.values())

    @property
    def judged(self) -> int:
        """Number of findings judged."""
        return sum(map(self.of, (each.name for each in VERDICTS)))


def counts(rows: Iterable[ScoreboardRow]) -> Counts:
    """The counts of a scoreboard; console, report and docs all read them here."""
    once = one_row_per_check(rows)
    roles = [role for role in ("held_out", "fit") if any(row.role == role for row in once)]
    roles += sorted({row.role for row in once} - {*roles, HYPOTHESIS})
    return Counts(
        {
            role: {
                word.name: sum(row.role == role and row.verdict == word.name for row in once)
                for word in VERDICTS
            }
            for role in roles
        },
        {
            word.name: sum(row.role == HYPOTHESIS and row.verdict == word.name for row in once)
            for word in HYPOTHESIS_VERDICTS
        },
    )


def summary(rows: Sequence[ScoreboardRow]) -> str:
    """The counts in words. A line says so if there are too few studies for a verdict."""
    found = counts(rows)
    lines = [
        f"{found.judged} findings judged: " + _in_words({word.name: found.of(word.name) for word in VERDICTS})
    ]
    lines += [
        f"{role.replace('_', ' ')} ({sum(each.values())}): {_in_words(each)}"
        for role, each in found.verdicts.items()
    ]
    reasons = Counter(row.undecided for row in one_row_per_check(rows) if row.verdict == CANNOT_TELL)
    if reasons:
        lines.append(
            "cannot tell because of " + ", ".join(f"{each} ({n})" for each, n in reasons.most_common())
        )
    if any(found.hypotheses.values()):
        total = sum(found.hypotheses.values())
        lines.append(f"hypotheses of the authors ({total}, not counted above): {_in_words(found.hypotheses)}")
    studies = rows[0].n if rows else 0
    if studies < STUDIES_FOR_A_VERDICT:
        lines.append(f"these verdicts rest on {studies} studies; verdicts need {STUDIES_FOR_A_VERDICT}")
    return "\n".join(lines)


def _in_words(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {word}" for word, number in numbers.items())


def scoreboard_frame(rows: Iterable[ScoreboardRow]) -> pd.DataFrame:
    """The scoreboard as a data frame; its columns are the fields of `ScoreboardRow`."""
    import pandas as pd

    return pd.DataFrame([asdict(row) for row in rows])
