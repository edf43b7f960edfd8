"""The published data as studies, and bootstraps of them.

The study prints data by locality in Tables 4, 5, 6 and A1 and in Figure 9, and counts in its text. Each set
is put into the form of a simulated study, so that a check can be made on it as on a simulation. The sets
cannot be joined with one another, because Figure 9, Table 5 and the counts do not say which case they are
about (I-14, I-18). So a check can be made on the published data only if one set has all that it reads.

A bootstrap draws as many localities as there are, with replacement and inside each country, since the study
chose its cases by country. Counts whose countries are not printed are drawn as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis.estimates import share_error
from woc_sim.analysis.replication import published
from woc_sim.analysis.resampling import draws_of, picked_inside
from woc_sim.analysis.study import Sample, Study, label_code, one_study
from woc_sim.evidence.catalogue import finding
from woc_sim.evidence.catalogue import table_rows as evidence_rows

Array = np.ndarray[Any, Any]

BOOTSTRAPS: Final = 400
"""How often the published data are drawn anew."""
EU_LOCALITIES: Final = 40
"""Localities of the study in eight EU countries."""
INTERVIEWEES: Final = 450
"""Interviewees on frames (I-16)."""
RESPONDENTS_SMALL_PLACES: Final = 12_000
"""Respondents in small places: 3,000 in each of four countries (I-07)."""
BETWEEN_SURVEYS: Final = 0.035
"""Standard error of a published curve of refugees' careers.

Half the distance between the German curves of two surveys (M14 and M15: 49 % after five years in both, 63
against 49-56 % at seven to ten), because the published errors of either are far smaller than the
difference between them.
"""
GRADES: Final = ("easy", "difficult", "extremely_difficult")
RESPONSES: Final = ("lack", "mixed", "inclusive")
"""Response classes; the position is the code in `response_class`."""
CODES_OF_COUNTRIES: Final[Mapping[str, str]] = {
    "AT": "Austria",
    "BE": "Belgium",
    "GE": "Germany",
    "IT": "Italy",
    "NL": "Netherlands",
    "PL": "Poland",
    "SE": "Sweden",
    "SP": "Spain",
}
"""The countries in the codes of Figure 9."""


@dataclass(frozen=True, slots=True, eq=False)
class PublishedData:
    """One set of published data.

    ``source``: where it is printed. ``study``: the localities in the form of a simulated study; what is not
    printed is missing. ``strata``: for each locality a number; a bootstrap draws among localities of one
    number.
    """

    source: str
    study: Study
    strata: Array

    def bootstrap(self, number: int) -> Study:
        """The study with localities drawn anew, the same for the same number."""
        rows, eu = _rows_of_bootstrap(self, number), self.study.eu
        drawn = Sample(eu.table, eu.rows[rows], eu.covariate_rows[rows])
        return Study(drawn, self.study.synthetic, self.study.counterfactuals)

    def shuffled(self, number: int) -> Study:
        """The study with size, executive, structure and all other covariates dealt out anew inside the
        strata, the same for the same number."""
        order, eu = _shuffled_order(self, number), self.study.eu
        dealt = Sample(eu.table, eu.rows, eu.covariate_rows[order])
        return Study(dealt, self.study.synthetic, self.study.counterfactuals)

    def without(self, country: str) -> PublishedData:
        """The data without the localities of a country; all of them where no country is printed."""
        code = label_code("country", country)
        keep = self.study.eu.column_or_nan("country") != code
        study = Study(self.study.eu.where(keep), self.study.synthetic, self.study.counterfactuals)
        return PublishedData(f"{self.source} without {country}", study, self.strata[keep])

    def bootstraps(self, count: int = BOOTSTRAPS) -> Iterator[Study]:
        """So many bootstraps, each made when it is asked for."""
        return (self.bootstrap(number) for number in range(count))


@cache
def _rows_of_bootstrap(data: PublishedData, number: int) -> Array:
    """Which localities a bootstrap draws, in the order of those in whose place they stand."""
    return picked_inside(_uniform_numbers("bootstrap of published data", data, number), data.strata)


@cache
def _shuffled_order(data: PublishedData, number: int) -> Array:
    """For each locality the one whose covariates it gets."""
    uniform = _uniform_numbers("shuffle of published data", data, number)
    order = np.empty(len(data.strata), dtype=np.int64)
    for stratum in np.unique(data.strata):
        members = np.flatnonzero(data.strata == stratum)
        order[members] = members[np.argsort(uniform[members], kind="stable")]
    return order


def _uniform_numbers(what: str, data: PublishedData, number: int) -> Array:
    """A number in [0, 1) for each locality."""
    return draws_of((what, data.source), number, len(data.strata))


def _by_country(source: str, study: Study) -> PublishedData:
    return PublishedData(source, study, study.eu["country"])


@cache
def tables() -> PublishedData:
    """Policy scores, ratings and bands of the 36 localities of Western Europe."""
    return _by_country("Tables 4, 6 and A1", published())


@cache
def access() -> PublishedData:
    """Structure and access to housing and work of 40 localities."""
    rows = []
    for cell in evidence_rows("figure9"):
        for code in cell["localities"].split():
            rows.append(
                {
                    "country": label_code("country", CODES_OF_COUNTRIES[code.partition("-")[0]]),
                    "structure": 1.0 if cell["structure"] == "positive" else -1.0,
                    "access_housing": float(GRADES.index(cell["housing"])),
                    "access_employment": float(GRADES.index(cell["employment"])),
                }
            )
    return _by_country("Figure 9", one_study(rows))


@cache
def responses() -> PublishedData:
    """Response class and country of the 40 EU localities (Table 5 without its other countries, I-29)."""
    rows = [
        {
            "country": label_code("country", row["country"]),
            "response_class": float(RESPONSES.index(row["class"])),
        }
        for row in evidence_rows("table5")
        if row["country"] not in ("Turkey", "Canada")
        for _ in range(int(row["n"]))
    ]
    return _by_country("Table 5", one_study(rows))


@cache
def spain_and_wallonia() -> PublishedData:
    """Scores of the 36 localities with the response class of those of Spain and Wallonia, whose class is the
    same in all places."""
    sample = published().eu
    spain = sample.labelled("country", "Spain")
    wallonia = sample.labelled("framework", "BE-WAL")
    response = np.where(spain, 1.0, np.where(wallonia, 0.0, np.nan))
    rows = [
        {name: float(sample[name][row]) for name in ("country", "framework", "mipex_total")}
        | {"response_class": float(response[row])}
        for row in range(len(sample))
    ]
    return _by_country("Tables 4 and 5", one_study(rows))


def _counted(source: str, *strata: list[tuple[float, Mapping[str, float]]]) -> PublishedData:
    """Localities of which only counts are printed: for each stratum how many have what. Their countries are
    unknown."""
    rows, numbers = [], []
    for number, groups in enumerate(strata):
        for count, columns in groups:
            rows += [columns] * int(count)
            numbers += [number] * int(count)
    return PublishedData(source, one_study(rows), np.array(numbers))


def _public_and_other(sector: str, identifier: str) -> list[tuple[float, Mapping[str, float]]]:
    values = finding(identifier).values
    public, other = f"anypublic_{sector}", f"nonstate_{sector}"
    only_public = EU_LOCALITIES - values["non_public_only"] - values["neither"] - values["both"]
    return [
        (values["non_public_only"], {public: 0.0, other: 1.0}),
        (values["neither"], {public: 0.0, other: 0.0}),
        (values["both"], {public: 1.0, other: 1.0}),
        (only_public, {public: 1.0, other: 0.0}),
    ]


@cache
def action_on_housing() -> PublishedData:
    """Localities by public and non-public action on housing."""
    return _counted("counts on housing in section 4", _public_and_other("housing", "S70"))


@cache
def action_on_work() -> PublishedData:
    """Localities by public and non-public action on work."""
    return _counted("counts on work in section 4", _public_and_other("work", "S71"))


@cache
def action_on_both() -> PublishedData:
    """The counts of both sectors, each in rows of its own, because which localities are the same is not
    printed."""
    return _counted(
        "counts on housing and work in section 4",
        _public_and_other("housing", "S70"),
        _public_and_other("work", "S71"),
    )


@cache
def municipal_measures() -> PublishedData:
    """Localities with targeted measures of their own on housing and on work, each in rows of its own, because
    which localities have both is not printed."""
    values = finding("S66").values
    strata: list[list[tuple[float, Mapping[str, float]]]] = []
    for sector, name in (("housing", "housing"), ("work", "employment")):
        count = round(values[name] * EU_LOCALITIES)
        column = f"targeted_{sector}"
        strata.append([(count, {column: 1.0}), (EU_LOCALITIES - count, {column: 0.0})])
    return _counted("shares in section 4", *strata)


@cache
def medium_towns() -> PublishedData:
    """The twelve medium towns by targeted measures for both sectors, for one and for none."""
    values = finding("S23").values
    medium = {"size": label_code("size", "medium")}
    return _counted(
        "counts of medium towns in section 4",
        [
            (values["both"], {**medium, "targeted_housing": 1.0, "targeted_work": 1.0}),
            (values["one"], {**medium, "targeted_housing": 1.0, "targeted_work": 0.0}),
            (values["none"], {**medium, "targeted_housing": 0.0, "targeted_work": 0.0}),
        ],
    )


def housing_both_at_most() -> float:
    """Largest number of localities with public and non-public action on housing that the counts allow.

    The paper counts as "both" only places where the local government acts. Places where only higher levels
    act may have initiatives as well, and these are the places with public action less those with measures of
    their own (I-21).
    """
    own = round(finding("S66").values["housing"] * EU_LOCALITIES)
    public = EU_LOCALITIES - finding("S70").values["no_public"]
    return finding("S70").values["both"] + public - own


def band_with_error(low: float, high: float, n: float | None = None) -> tuple[float, float]:
    """Middle of a band and its error: uniform in the band, with the binomial error of n if that is known."""
    middle = (low + high) / 2
    sampling = share_error(middle, n) if n else 0.0
    return middle, math.hypot((high - low) / math.sqrt(12), sampling)


def share_with_error(p: float, n: float) -> tuple[float, float]:
    """A share and its binomial error."""
    return p, share_error(p, n)
