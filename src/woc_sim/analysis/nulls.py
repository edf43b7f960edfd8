"""The null models, and for which findings each of them says something.

A null model *lives* for a finding if it could have the finding and could lack it. If it could not have it
(what the check reads is missing in it, or does not vary), its failure is no support for the model. If it
could not lack it (it has the numbers of the model by construction), its success is no objection. `why_dead`
says which null models do not live for a finding, and why; only the living ones enter a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from woc_sim.analysis.checks import Check
from woc_sim.analysis.study import Pool, Study, Table
from woc_sim.analysis.variants import COUNTRY_ONLY, INTERACTIONS_OFF, SELECTION_ONLY
from woc_sim.analysis.verdicts import PassRate
from woc_sim.records import yaml_settings

FILE: Final = Path(__file__).with_name("nulls.yaml")
PERMUTED: Final = "permuted"
STATISTICAL_TWIN: Final = "statistical_twin"


class NullModel(NamedTuple):
    """A null model: its name, and what it says does not matter."""

    name: str
    meaning: str


NULLS: Final = (
    NullModel(INTERACTIONS_OFF, "people and organisations do not act on one another"),
    NullModel(COUNTRY_ONLY, "interactions are off, and localities differ by country only"),
    NullModel(PERMUTED, "size, executive and structure are permuted at random among localities of a country"),
    NullModel(SELECTION_ONLY, "contact changes nobody; those who like each other meet more"),
    NullModel(
        STATISTICAL_TWIN,
        "a regression of each reading on size, colour, unemployment and the mean duty of the framework, "
        "with its residuals, makes the localities",
    ),
)


@cache
def declared() -> Mapping[str, frozenset[str]]:
    """Null model -> the findings that nulls.yaml names for it."""
    found = yaml_settings(FILE, "install woc-sim again")
    return {
        SELECTION_ONLY: frozenset(found[SELECTION_ONLY]["rival_of"]),
        STATISTICAL_TWIN: frozenset(found[STATISTICAL_TWIN]["copies"]),
    }


def after_reading(check: Check, study: Study) -> Study:
    """A copy of a study that knows what the check reads of it."""
    fresh = study.unread_copy()
    check.judge(fresh)
    return fresh


def why_dead(
    null: str, identifier: str, read: Study, model: Pool, tables: Pool | None, rate: PassRate
) -> str:
    """Why a null model says nothing on a finding; empty if it lives.

    read: a study of the model `after_reading`; tables: the null model's own tables, None for one that has
    those of the model; rate: its pass rate.
    """
    if null == PERMUTED and not read.covariates_read:
        return "the check reads no covariate"
    if null == SELECTION_ONLY and identifier not in declared()[SELECTION_ONLY]:
        return "contact has no part in it"
    if null == STATISTICAL_TWIN and identifier in declared()[STATISTICAL_TWIN]:
        return "the regression is fitted to its number"
    if rate.passes or tables is None:  # what it has somewhere, it could have
        return ""
    return _what_is_missing(read, model, tables)


def _what_is_missing(read: Study, model: Pool, tables: Pool) -> str:
    """Which readings of a check a null model lacks: those that are missing in it, or do not vary in it but
    in the model."""
    missing, constant = [], []
    for names, ours, theirs in zip(
        read.readings_read,
        (model.eu, model.synthetic, model.counterfactuals),
        (tables.eu, tables.synthetic, tables.counterfactuals),
        strict=True,
    ):
        for name in sorted(names):
            if _varies(ours, name):
                if not _is_read(theirs, name):
                    missing.append(name)
                elif not _varies(theirs, name):
                    constant.append(name)
    if missing:
        return f"no reading of {', '.join(missing[:3])}"
    return f"{', '.join(constant[:3])} does not vary" if constant else ""


def _is_read(table: Table, name: str) -> bool:
    return name in table.index and bool(np.isfinite(table.values[:, table.index[name]]).any())


def _varies(table: Table, name: str) -> bool:
    """Whether a reading differs between localities; in a counterfactual, between its arms."""
    if not _is_read(table, name):
        return False
    values = table.values[:, [table.index[name]]]
    _, colon, reading = name.rpartition(":")
    if colon:
        arms = [index for other, index in table.index.items() if other.endswith(f":{reading}")]
        values = table.values[:, arms].T
    known = np.isfinite(values)
    spread = np.where(known, values, -np.inf).max(axis=0) - np.where(known, values, np.inf).min(axis=0)
    return bool((spread > 1e-9).any())
