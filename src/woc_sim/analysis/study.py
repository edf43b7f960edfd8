"""A simulated study: the localities with the covariates that the authors knew and the readings they took.

A `Table` holds the rows of one variant of the model: every locality in every replicate. A `Study` is one
replicate of all localities: study r has replicate r of every case, of every cell of the synthetic factorial
and of every town of the counterfactuals. So two studies share no random draw, and their results are
independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np

from woc_sim.draws import draw, name_key
from woc_sim.inputs.vocabulary import COUNTRIES, EXECUTIVES, FRAMEWORKS, SIZES, TYPES
from woc_sim.instruments.readings import READINGS

Array = np.ndarray[Any, Any]

LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "size": SIZES,
    "executive": EXECUTIVES,
    "type": TYPES,
    "country": COUNTRIES,
    "framework": FRAMEWORKS,
}
"""Columns that hold a label as its position in its vocabulary."""

LOCATION_COLUMNS: Final = ("country", "framework")
"""Columns that say where a locality is. They are not permuted with the covariates."""

COVARIATES: Final = (
    "size",
    "executive",
    "type",
    "structure",
    "experience",
    "inhabitants",
    "executive_ideology",
    "rrp",
    "non_eu",
    "unemployment",
    "trend",
    "foreign_2014",
    "rrp_band",
    "non_eu_band",
    "unemployment_band",
    "leadership",
)
"""What the authors knew of a locality before they observed it, and the leader's deviation from the executive.

Shares are between 0 and 1, structure and experience +1 or -1; ``_band`` is the middle of the band in Table
A1.
"""

LATENT_COLUMNS: Final[Mapping[str, str]] = {each.name: each.latent for each in READINGS if each.latent}
"""The column of the true state behind each reading, where there is one."""


class MissingReadingError(LookupError):
    """No locality of the sample has the reading, so a check that needs it has no result."""


@dataclass(frozen=True)
class Table:
    """Rows of one variant of the model.

    `covariates` and `values` have the same rows. `values` holds location, readings and indicators by year;
    `names` are its columns.
    """

    covariates: Array
    values: Array
    names: tuple[str, ...]

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each column of `values`."""
        return {name: index for index, name in enumerate(self.names)}


@dataclass(frozen=True)
class Sample:
    """Localities of one study.

    `sample["mipex_total"]` is a column; `sample.labelled("size", "rural")` is a mask.

    `rows` are the rows of the values, `covariate_rows` those of the covariates. They differ if covariates
    were permuted. `latent`: each reading is replaced by the true state behind it. `names_read` collects the
    names of the columns that were read.
    """

    table: Table
    rows: Array
    covariate_rows: Array
    latent: bool = False
    names_read: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> Array:
        if name in _COVARIATE_INDEX:
            self.names_read.add(name)
            covariate: Array = self.table.covariates[self.covariate_rows, _COVARIATE_INDEX[name]]
            return covariate
        index = self.table.index
        if self.latent and LATENT_COLUMNS.get(name) in index:
            name = LATENT_COLUMNS[name]
        self.names_read.add(name)
        values: Array = self.table.values[self.rows, index[name]] if name in index else np.empty(0)
        if not np.isfinite(values).any():
            raise MissingReadingError(name)
        return values

    def column_or_nan(self, name: str) -> Array:
        """The column of that name; nan if it is missing in all these localities."""
        try:
            return self[name]
        except MissingReadingError:
            return np.full(len(self), np.nan)

    def labelled(self, label: str, *names: str) -> Array:
        """Mask of the localities whose label is one of `names`."""
        codes = [LABELS[label].index(name) for name in names]
        mask: Array = np.isin(self[label], codes)
        return mask

    def where(self, mask: Array) -> Sample:
        """The localities where `mask` holds."""
        return Sample(self.table, self.rows[mask], self.covariate_rows[mask], self.latent, self.names_read)

    def with_latent_state(self) -> Sample:
        """The same localities with every reading replaced by the true state behind it, where there is one."""
        return Sample(self.table, self.rows, self.covariate_rows, True, self.names_read)

    def unread_copy(self) -> Sample:
        """The same localities, with no column read yet."""
        return Sample(self.table, self.rows, self.covariate_rows, self.latent)


_COVARIATE_INDEX: Final = {name: index for index, name in enumerate(COVARIATES)}


@dataclass(frozen=True)
class Study:
    """One study: the localities of eight EU countries, the synthetic localities of the typology, and the
    towns of the counterfactuals (`woc_sim.analysis.counterfactuals`)."""

    eu: Sample
    synthetic: Sample
    counterfactuals: Sample
    notes: dict[str, Any] = field(default_factory=dict)
    """Results that several checks need, kept by the check that calculates them first."""

    @cached_property
    def west(self) -> Sample:
        """The 36 localities of Western Europe."""
        return self.eu.where(~self.eu.labelled("country", "Poland"))

    @cached_property
    def rated(self) -> Sample:
        """The 30 localities with ratings by local actors: all of Western Europe but Spain."""
        return self.eu.where(~self.eu.labelled("country", "Poland", "Spain"))

    @cached_property
    def surveyed(self) -> Sample:
        """The 22 localities in the countries of the residents' survey."""
        return self.eu.where(self.eu.labelled("country", "Austria", "Germany", "Italy", "Sweden"))

    @property
    def samples(self) -> tuple[Sample, Sample, Sample]:
        """The three kinds of localities."""
        return self.eu, self.synthetic, self.counterfactuals

    @property
    def covariates_read(self) -> set[str]:
        """Covariates that were read so far."""
        return {name for sample in self.samples for name in sample.names_read if name in _COVARIATE_INDEX}

    @property
    def readings_read(self) -> list[set[str]]:
        """Readings that were read so far from each of the `samples`."""
        known = {*_COVARIATE_INDEX, *LOCATION_COLUMNS}
        return [sample.names_read - known for sample in self.samples]

    def unread_copy(self) -> Study:
        """The same study, with no column read yet."""
        return Study(self.eu.unread_copy(), self.synthetic.unread_copy(), self.counterfactuals.unread_copy())

    def latent(self) -> Study:
        """The same study with the true state in place of the instruments' readings."""
        return Study(self.eu.with_latent_state(), self.synthetic.with_latent_state(), self.counterfactuals)


@dataclass(frozen=True)
class Pool:
    """All rows of one variant of the model, and its studies.

    ``cases``, ``cells`` (of the factorial) and ``towns`` (of the counterfactuals) map the name of a locality
    to its rows, one for each study.
    """

    variant: str
    eu: Table
    synthetic: Table
    cases: Mapping[str, Array]
    cells: Mapping[str, Array]
    counterfactuals: Table = field(default_factory=lambda: table_of([], ()))
    towns: Mapping[str, Array] = field(default_factory=dict)

    @property
    def number_of_studies(self) -> int:
        """Number of studies: replicates of each locality."""
        return min((len(rows) for rows in self.cases.values()), default=0)

    def studies(self, permuted: bool = False) -> list[Study]:
        """All studies, in order."""
        return [self.study(number, permuted) for number in range(self.number_of_studies)]

    def study(self, number: int, permuted: bool = False) -> Study:
        """The study of that number: that replicate of every locality.

        With `permuted`, covariates are permuted among the localities of a country, among the synthetic cells
        and among the towns of the counterfactuals.

        The permuted variant needs no runs of its own. Write the readings of a locality as
        f(country, covariates, chance). Chance is independent between localities and has the same distribution
        in all of them. Let p be a random permutation within a country. One could simulate locality i with the
        covariates of p(i) and list the readings beside the covariates of i: f(country, covariates of p(i),
        chance of i). Instead we list the existing readings of p(i) beside the covariates of i: f(country,
        covariates of p(i), chance of p(i)). The country is the same and chance is exchangeable, so both have
        the same distribution.
        """
        eu, cells, towns = (_rows_of_study(number, each) for each in (self.cases, self.cells, self.towns))
        if not permuted:
            return Study(
                Sample(self.eu, eu, eu),
                Sample(self.synthetic, cells, cells),
                Sample(self.counterfactuals, towns, towns),
            )
        country = self.eu.values[eu, self.eu.index["country"]]
        covariate_rows = eu.copy()
        for code in np.unique(country):
            rows = np.flatnonzero(country == code)
            covariate_rows[rows] = eu[rows[_shuffled_order(len(rows), number, f"country-{int(code)}")]]
        return Study(
            Sample(self.eu, eu, covariate_rows),
            Sample(self.synthetic, cells, cells[_shuffled_order(len(cells), number, "cells")]),
            Sample(self.counterfactuals, towns, towns[_shuffled_order(len(towns), number, "slots")]),
        )

    def all_counterfactuals(self) -> Sample:
        """The towns of the counterfactuals in all replicates."""
        rows = np.arange(len(self.counterfactuals.values))
        return Sample(self.counterfactuals, rows, rows)


def _rows_of_study(number: int, rows_of: Mapping[str, Array]) -> Array:
    """The row of each locality in the study of that number."""
    return np.array([rows[number] for rows in rows_of.values()], dtype=np.int64)


def _shuffled_order(count: int, number: int, what: str) -> Array:
    key = name_key("permutation", number), name_key(what)
    return np.argsort([draw(key, index, 0) for index in range(count)], kind="stable")


def table_of(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Table:
    """A table from one mapping for each locality. Missing covariates and columns are nan. For tests and for
    the published tables."""
    covariates = np.array([[row.get(name, np.nan) for name in COVARIATES] for row in rows], dtype=float)
    values = np.array([[row.get(name, np.nan) for name in names] for row in rows], dtype=float)
    return Table(
        covariates.reshape(len(rows), len(COVARIATES)), values.reshape(len(rows), len(names)), tuple(names)
    )


def one_study(
    eu: Iterable[Mapping[str, float]],
    synthetic: Iterable[Mapping[str, float]] = (),
    counterfactuals: Iterable[Mapping[str, float]] = (),
) -> Study:
    """A study of given localities. Each is a mapping of covariates (labels as codes, see `label_code`),
    location and readings."""
    samples = []
    for rows in (list(eu), list(synthetic), list(counterfactuals)):
        names = sorted(
            {name for row in rows for name in row if name not in _COVARIATE_INDEX} | set(LOCATION_COLUMNS)
        )
        everything = np.arange(len(rows))
        samples.append(Sample(table_of(rows, names), everything, everything))
    first, second, third = samples
    return Study(first, second, third)


def label_code(label: str, name: str) -> float:
    """The number that stands for a label in a study: label_code("size", "rural")."""
    return float(LABELS[label].index(name))
