"""The statistical twin: localities that a regression makes, not people.

Each reading is regressed on size, the executive's colour, unemployment and the mean duty of the legal
framework, over all localities of all studies of the model. A locality of the twin has the predictions for
its covariates plus residuals of other localities, drawn for each reading by itself. So the twin has the
level, the spread and the main effects of every reading of the model. It has no joint effect of two
covariates, and readings go together only as far as these covariates move both.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis.nulls import STATISTICAL_TWIN
from woc_sim.analysis.resampling import draws_of
from woc_sim.analysis.study import COVARIATES, LABELS, LOCATION_COLUMNS, Pool, Table
from woc_sim.inputs.tables import mandates
from woc_sim.inputs.vocabulary import FRAMEWORKS

Array = np.ndarray[Any, Any]

DUMMIES: Final = (
    ("size", "small"),
    ("size", "medium"),
    ("executive", "progressive"),
    ("executive", "conservative"),
)


@cache
def mean_duties() -> Array:
    """Mean duty of a municipality over the components of policy (0 none, 2 legal), by framework."""
    return np.array([np.mean([one.duty for one in mandates(name)]) for name in FRAMEWORKS])


def statistical_twin(model: Pool) -> Pool:
    """The localities of the twin: covariates and order are those of the model."""
    return replace(
        model,
        variant=STATISTICAL_TWIN,
        eu=_twin_of(model.eu, "eu"),
        synthetic=_twin_of(model.synthetic, "synthetic"),
        counterfactuals=_twin_of(model.counterfactuals, "counterfactuals"),
    )


def _twin_of(table: Table, kind: str) -> Table:
    """The table with every reading replaced; a reading of which a donor has no value stays missing."""
    if not len(table.values):
        return table
    design = _design(table)
    values = table.values.copy()
    for index, name in enumerate(table.names):
        if name not in LOCATION_COLUMNS:
            values[:, index] = _remade(design, table.values[:, index], _donors(len(values), kind, name))
    return replace(table, values=values)


def _design(table: Table) -> Array:
    """The columns of the regression, the constant first."""
    covariates = {name: table.covariates[:, index] for index, name in enumerate(COVARIATES)}
    columns = [np.ones(len(table.covariates))]
    columns += [(covariates[label] == LABELS[label].index(name)).astype(float) for label, name in DUMMIES]
    columns.append(np.nan_to_num(covariates["unemployment"]))
    if "framework" in table.index:
        columns.append(mean_duties()[table.values[:, table.index["framework"]].astype(int)])
    return np.column_stack(columns)


def _remade(design: Array, y: Array, donors: Array) -> Array:
    """Predictions plus the residuals of donors, within the range of the reading; counts and grades stay
    whole."""
    known = np.isfinite(y)
    if not known.any():
        return y
    beta = np.linalg.lstsq(design[known], y[known], rcond=None)[0]
    fitted = design @ beta
    made = np.clip(fitted + (y - fitted)[donors], y[known].min(), y[known].max())
    return np.rint(made) if (y[known] == np.rint(y[known])).all() else made


def _donors(count: int, kind: str, name: str) -> Array:
    """The locality that lends its residual to each locality: the same for all years of an indicator and for
    all arms of a counterfactual, since these are one reading taken several times."""
    reading = name.partition("@")[0].rpartition(":")[2]
    order: Array = np.argsort(draws_of((STATISTICAL_TWIN, kind), reading, count), kind="stable")
    return order
