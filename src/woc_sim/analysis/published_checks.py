"""The checks on the published data, and on bootstraps of them.

A check states what the study says. So the study's own data must pass it, and data that were drawn anew from
them must pass it nearly always; a check that they fail asks for more than the study knows. The results are
kept in ``published_checks.csv``, because they change only with a check or with the tables of the evidence:
``./run renew checks`` writes the file anew.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np

from woc_sim.analysis import published_data
from woc_sim.analysis.checks import (
    PUBLISHED_PASS_RATES,
    checks_by_finding,
)
from woc_sim.analysis.published_data import BOOTSTRAPS, PublishedData
from woc_sim.files import write_text

DATA_OF_FINDING: Final[Mapping[str, Callable[[], PublishedData]]] = {
    **dict.fromkeys(("S19", "S20", "S47", "S48", "S49", "S50", "S51", "S56"), published_data.tables),
    **dict.fromkeys(("S103", "S104", "S105", "S106", "S107", "S109"), published_data.tables),
    **dict.fromkeys((f"D{number}" for number in (*range(1, 14),)), published_data.tables),
    **dict.fromkeys(("S61", "S62", "S63", "S64", "D15", "D16"), published_data.access),
    "S46": published_data.responses,
    "D19": published_data.spain_and_wallonia,
    "S23": published_data.medium_towns,
    "S66": published_data.municipal_measures,
    **dict.fromkeys(("S69", "S70"), published_data.action_on_housing),
    "S71": published_data.action_on_work,
    **dict.fromkeys(("S72", "D17", "D18"), published_data.action_on_both),
}
"""The published data on which the check of a finding can be made.

The checks of all other findings read something that the study prints for no locality: who meets whom, frames,
ties, answers of residents and migrants, synthetic places, or a colour or size that cannot be joined to the
data (I-14, I-18).
"""


@dataclass(frozen=True, slots=True)
class PublishedCheck:
    """The result of one check on the published data; the fields are the columns of published_checks.csv.

    ``holds``: whether the data pass. ``pass_rate``: the share of bootstraps that pass. ``shuffled_rate``: the
    share of shuffles that pass, in which size, executive, structure and the other covariates are dealt out
    anew inside countries; nan for a check that reads no covariate, or one that is the same everywhere. A
    check that shuffled data pass asks for too little.
    """

    check: str
    findings: str
    data: str
    holds: bool
    pass_rate: float
    shuffled_rate: float


def check_published_data(identifier: str, count: int = BOOTSTRAPS) -> PublishedCheck:
    """The check of a finding on the published data and on so many bootstraps. Raises KeyError where the study
    prints no such data."""
    data = DATA_OF_FINDING[identifier]()
    check = checks_by_finding()[identifier]
    study = data.study.unread_copy()
    holds = check.judge(study).passed
    passed = sum(check.judge(data.bootstrap(number)).passed for number in range(count))
    shuffled = math.nan
    if any(len(np.unique(study.eu[name])) > 1 for name in study.covariates_read):
        shuffled = sum(check.judge(data.shuffled(number)).passed for number in range(count)) / count
    return PublishedCheck(check.name, " ".join(check.findings), data.source, holds, passed / count, shuffled)


def check_all_published_data(count: int = BOOTSTRAPS) -> list[PublishedCheck]:
    """Every check that can be made on published data, in the order of the findings."""
    chosen: dict[str, str] = {}
    for identifier, check in checks_by_finding().items():
        if identifier in DATA_OF_FINDING:
            chosen.setdefault(check.name, identifier)
    return [check_published_data(identifier, count) for identifier in chosen.values()]


def as_csv(results: list[PublishedCheck]) -> str:
    """The results as the text of published_checks.csv."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [each.name for each in fields(PublishedCheck)], lineterminator="\n")
    writer.writeheader()
    for each in results:
        numbers = {name: f"{getattr(each, name):g}" for name in ("pass_rate", "shuffled_rate")}
        writer.writerow({**asdict(each), "holds": str(each.holds).lower(), **numbers})
    return text.getvalue()


def published_checks() -> list[PublishedCheck]:
    """The results as they are kept in published_checks.csv."""
    with PUBLISHED_PASS_RATES.open(encoding="utf-8", newline="") as file:
        return [
            PublishedCheck(
                row["check"],
                row["findings"],
                row["data"],
                row["holds"] == "true",
                float(row["pass_rate"]),
                float(row["shuffled_rate"]),
            )
            for row in csv.DictReader(file)
        ]


def renew_published_checks(path: Path = PUBLISHED_PASS_RATES) -> list[str]:
    """Write published_checks.csv anew; a line for each check whose result moved."""
    before = {each.check: each for each in published_checks()} if path.exists() else {}
    results = check_all_published_data()
    write_text(as_csv(results), path)
    return [
        f"{each.check}: passes in {each.pass_rate:g} of the bootstraps"
        + (f", before in {before[each.check].pass_rate:g}" if each.check in before else "")
        for each in results
        if each.check not in before or as_csv([before[each.check]]) != as_csv([each])
    ]
