"""A simulated study: localities as columns, with the covariates that the authors knew and the readings
they took.

A `Table` holds the rows of one world (the model or a null): every locality in every replicate. A `Study`
picks one row for each case, as the authors had one, and `CELL_RUNS` for each synthetic cell: the factorial is
no sample that anybody drew, so it may be large enough to tell. Localities of different replicates may stand
in one study, because they are simulated apart and share no draw; so a few replicates give many different
studies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np

from woc_sim.draws import draw, name_key
from woc_sim.inputs.vocabulary import COUNTRIES, EXECUTIVES, FRAMEWORKS, SIZES, TYPES

Array = np.ndarray[Any, Any]

CELL_RUNS: Final = 4
"""Replicates of each synthetic cell in a study, as far as there are so many."""
SLOT_RUNS: Final = 2
"""Replicates of each place of the trials in a study."""

LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "size": SIZES,
    "executive": EXECUTIVES,
    "type": TYPES,
    "country": COUNTRIES,
    "framework": FRAMEWORKS,
}
"""Columns that hold the position of a label in its vocabulary."""

PLACE: Final = ("country", "framework")
"""What a locality is besides its covariates; permuting covariates leaves it alone."""

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
"""What the authors knew of a locality before they measured anything, and the leader's deviation from the
executive.

Shares are between 0 and 1, structure and experience +1 or -1; ``_band`` is the middle of the band in Table
A1.
"""

LATENT: Final[Mapping[str, str]] = {
    "perceived_integration": "latent_integration",
    "perceived_attitudes": "latent_attitude_2022",
    "frame_p_migrants_only": "latent_migrants_only",
    "frame_p_whole_community": "latent_whole_community",
    "access_employment": "latent_access_employment",
    "access_housing": "latent_access_housing",
    "lg_mean_2020": "latent_lg_degree",
    "lg_mean_2017": "latent_lg_degree_2017",
    "horizontal": "latent_lg_degree",
    "vertical": "latent_vertical",
    "relations_none_ne": "latent_no_contact_ne",
    "relations_none_ua": "latent_no_contact_ua",
    "ties_mean": "latent_ties",
    "no_tie_share": "latent_no_tie_share",
    "welcome_share": "latent_belonging",
    "lonely_share": "latent_loneliness",
    "stay_share": "latent_stay",
    "discrimination_share": "latent_discrimination",
    "support_ne": "latent_attitude",
    "support_ua": "latent_attitude_ua",
    "good_share_ne": "latent_good_ne",
    "good_share_ua": "latent_good_ua",
}
"""The true state behind an instrument's answer, where the registry of readings has one."""


class MissingReadingError(LookupError):
    """None of the localities asked has the reading, so that what rests on it cannot be told."""


@dataclass(frozen=True)
class Table:
    """Rows of one world; `covariates` and `values` have the same rows, `values` holds places, readings and
    trends."""

    covariates: Array
    values: Array
    names: tuple[str, ...]

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each column of `values`."""
        return {name: place for place, name in enumerate(self.names)}


@dataclass(frozen=True)
class Sample:
    """Localities of one study. `sample["mipex_total"]` is a column; `sample.of("size", "rural")` a mask.

    `rows` are the rows of values, `known_as` those of covariates: they differ where covariates were permuted.
    `latent`: readings are replaced by the true state behind them. `used` collects the covariates that were
    looked at.
    """

    table: Table
    rows: Array
    known_as: Array
    latent: bool = False
    used: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> Array:
        if name in _COVARIATE_INDEX:
            self.used.add(name)
            known: Array = self.table.covariates[self.known_as, _COVARIATE_INDEX[name]]
            return known
        index = self.table.index
        if self.latent and LATENT.get(name) in index:
            name = LATENT[name]
        values: Array = self.table.values[self.rows, index[name]] if name in index else np.empty(0)
        if not np.isfinite(values).any():
            raise MissingReadingError(name)
        return values

    def or_missing(self, name: str) -> Array:
        """A column that may be missing in all these localities: nan then."""
        try:
            return self[name]
        except MissingReadingError:
            return np.full(len(self), np.nan)

    def of(self, label: str, *names: str) -> Array:
        """Mask of the localities whose label is one of `names`."""
        codes = [LABELS[label].index(name) for name in names]
        found: Array = np.isin(self[label], codes)
        return found

    def where(self, mask: Array) -> Sample:
        """The localities where `mask` holds."""
        return Sample(self.table, self.rows[mask], self.known_as[mask], self.latent, self.used)

    def seen_through(self) -> Sample:
        """The same localities with every reading replaced by the true state behind it, where there is one."""
        return Sample(self.table, self.rows, self.known_as, True, self.used)

    def afresh(self) -> Sample:
        """The same localities, with nothing looked at yet."""
        return Sample(self.table, self.rows, self.known_as, self.latent)


_COVARIATE_INDEX: Final = {name: place for place, name in enumerate(COVARIATES)}


@dataclass(frozen=True)
class Study:
    """One study: the localities of eight EU countries, the synthetic localities of the typology, and places
    that were lived twice (`woc_sim.analysis.trials`)."""

    eu: Sample
    synthetic: Sample
    trials: Sample
    notes: dict[str, Any] = field(default_factory=dict)
    """What several measures need and one of them has worked out."""

    @cached_property
    def west(self) -> Sample:
        """The 36 localities of Western Europe."""
        return self.eu.where(~self.eu.of("country", "Poland"))

    @cached_property
    def rated(self) -> Sample:
        """The 30 localities with ratings by local actors: all of Western Europe but Spain."""
        return self.eu.where(~self.eu.of("country", "Poland", "Spain"))

    @cached_property
    def surveyed(self) -> Sample:
        """The 22 localities in the countries of the residents' survey."""
        return self.eu.where(self.eu.of("country", "Austria", "Germany", "Italy", "Sweden"))

    @property
    def used(self) -> set[str]:
        """Covariates that were looked at so far."""
        return self.eu.used | self.synthetic.used | self.trials.used

    def afresh(self) -> Study:
        """The same study, with nothing looked at yet."""
        return Study(self.eu.afresh(), self.synthetic.afresh(), self.trials.afresh())

    def latent(self) -> Study:
        """The same study with the true state in place of the instruments' answers."""
        return Study(self.eu.seen_through(), self.synthetic.seen_through(), self.trials)


@dataclass(frozen=True)
class Pool:
    """All rows of one world, and how studies are picked from them.

    ``cases``, ``cells`` and ``slots`` (of trials) map a locality to its rows, one a replicate.
    """

    world: str
    eu: Table
    synthetic: Table
    cases: Mapping[str, Array]
    cells: Mapping[str, Array]
    trials: Table = field(default_factory=lambda: table([], ()))
    slots: Mapping[str, Array] = field(default_factory=dict)

    def study(self, number: int, permuted: bool = False) -> Study:
        """The study of that number: the same localities from the same replicates in every world.

        With `permuted`, covariates are permuted among the localities of a country, among synthetic cells and
        among the places of trials.

        Permuting needs no runs of its own. Write a locality's readings as f(place, covariates, luck), with
        luck independent between localities and of the same distribution for all. Simulating locality i
        with the covariates of p(i), p a random permutation within its country, and calling it i, gives the
        readings f(place, covariates of p(i), luck of i) beside the covariates of i. Relabelling the
        existing readings of locality p(i) with the covariates of i gives f(place, covariates of p(i), luck
        of p(i)) beside the covariates of i. The country's framework is the same and the luck is
        exchangeable, so both have the same distribution.
        """
        eu = self._pick(number, self.cases, "case")
        cells = self._pick(number, self.cells, "cell", CELL_RUNS)
        slots = self._pick(number, self.slots, "slot", SLOT_RUNS)
        if not permuted:
            return Study(
                Sample(self.eu, eu, eu),
                Sample(self.synthetic, cells, cells),
                Sample(self.trials, slots, slots),
            )
        country = self.eu.values[eu, self.eu.index["country"]]
        known_as = eu.copy()
        for code in np.unique(country):
            rows = np.flatnonzero(country == code)
            known_as[rows] = eu[rows[_shuffled(len(rows), number, f"country-{int(code)}")]]
        return Study(
            Sample(self.eu, eu, known_as),
            Sample(self.synthetic, cells, cells[_shuffled(len(cells), number, "cells")]),
            Sample(self.trials, slots, slots[_shuffled(len(slots), number, "slots")]),
        )

    def all_trials(self) -> Sample:
        """The places of trials in all replicates."""
        rows = np.arange(len(self.trials.values))
        return Sample(self.trials, rows, rows)

    def _pick(self, number: int, places: Mapping[str, Array], kind: str, runs: int = 1) -> Array:
        """So many different rows of each place, or all it has if they are fewer."""
        key = name_key("studies", number)
        picked: list[int] = []
        for name, rows in places.items():
            lot = [draw((key, name_key(kind, name)), place, 0) for place in range(len(rows))]
            picked += sorted(int(rows[place]) for place in np.argsort(lot, kind="stable")[:runs])
        return np.array(picked, dtype=np.int64)


def _shuffled(count: int, number: int, what: str) -> Array:
    key = name_key("permutation", number), name_key(what)
    return np.argsort([draw(key, place, 0) for place in range(count)], kind="stable")


def shuffled_within(groups: Sequence[str], what: str) -> Array:
    """An order of rows that permutes them inside their groups."""
    names = np.array(groups)
    order = np.arange(len(names))
    for group in np.unique(names):
        rows = np.flatnonzero(names == group)
        order[rows] = rows[_shuffled(len(rows), 0, f"{what}-{group}")]
    return order


def table(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> Table:
    """A table from one mapping a locality; covariates and columns that are missing are nan. For hand-made
    studies."""
    covariates = np.array([[row.get(name, np.nan) for name in COVARIATES] for row in rows], dtype=float)
    values = np.array([[row.get(name, np.nan) for name in names] for row in rows], dtype=float)
    return Table(
        covariates.reshape(len(rows), len(COVARIATES)), values.reshape(len(rows), len(names)), tuple(names)
    )


def one_study(
    eu: Iterable[Mapping[str, float]],
    synthetic: Iterable[Mapping[str, float]] = (),
    trials: Iterable[Mapping[str, float]] = (),
) -> Study:
    """A study of given localities, each a mapping of covariates (labels as codes, see `code`), places and
    readings."""
    samples = []
    for rows in (list(eu), list(synthetic), list(trials)):
        names = sorted({name for row in rows for name in row if name not in _COVARIATE_INDEX} | set(PLACE))
        everything = np.arange(len(rows))
        samples.append(Sample(table(rows, names), everything, everything))
    first, second, third = samples
    return Study(first, second, third)


def code(label: str, name: str) -> float:
    """The number that stands for a label in a study: code("size", "rural")."""
    return float(LABELS[label].index(name))
