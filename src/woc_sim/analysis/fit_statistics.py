"""The figures that calibration may use, as data: 43 statistics, each of a finding with the role *fit*.

Calibration (`woc_sim.analysis.inference`) reads the evidence through this module alone, and an import
contract holds it to that. A statistic of a finding with another role cannot be made.

Both sides of a comparison are calculated by one function where the study prints its data by locality; then
the sampling error and the covariance come from 400 bootstraps inside countries (`published_data`). Otherwise
the error is, by the word in ``basis``:

* ``tables``: from the bootstraps;
* ``share``: binomial, from the n that the study gives;
* ``band``: the source gives a range, and the number is its middle. Its error is that of a uniform number in
  the range, with the binomial error where n is printed;
* ``curve``: half the distance between the curves of two surveys (`BETWEEN_SURVEYS` of `published_data`). Half
  of the variance is common to the points of a curve, since one survey lies above another as a whole. The half
  is assumed.

Errors are those of the published figure alone. What the form of the model cannot meet (its discrepancy) and
the noise of replicates are the business of whoever compares.

Left out are findings of role fit that give a sign or an order only (S31, S35, S39, S42, S50, S69, S72, S73,
S97, M27, M28, W5), those that other statistics contain (S19, S49, S51, S56, S61, S64, D9, D18) except the
places without monitoring, the component *labour*, which was scored anew between versions (I-01), and how the
access to work and to housing go together, which is held out (D15, D16): the covariance of their margins is
set to 0 for the same reason.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis import published_data
from woc_sim.analysis.estimates import (
    correlation,
    share_error,
    standard_deviation,
)
from woc_sim.analysis.fit_figures import (
    PRINCIPAL_COMPONENTS,
    country_slope,
    grade_share,
    mean_over,
    number_with_structure,
    other_given,
    policy_gap,
    politics_share,
    profile_component,
    profile_slope,
    seats_by_colour,
    share_with,
    yearly_onward,
    zeros_share,
)
from woc_sim.analysis.published_data import PublishedData, band_with_error, share_with_error
from woc_sim.analysis.replication import between_countries
from woc_sim.analysis.study import MissingReadingError, Study
from woc_sim.evidence.catalogue import Finding, finding

Array = np.ndarray[Any, Any]

COMMON_TO_A_CURVE: Final = 0.5
"""Share of the variance of a published curve that is common to its points (assumed)."""
BASES: Final = ("tables", "share", "band", "curve")


class HeldOutError(ValueError):
    """A statistic for calibration was asked of a finding that is not fitted."""


@dataclass(frozen=True, slots=True)
class FitStatistic:
    """One figure of a finding with the role fit.

    ``finding`` is its id and ``unit`` the unit of ``published`` and ``error``. ``function`` gives the figure
    of a study; it raises MissingReadingError or gives nan where the study has no such reading. ``basis``:
    where the error comes from (see the module). ``group``: statistics with the same word and another basis
    than ``tables`` have correlated errors.

    ``data`` gives the published data from which the figure is calculated, and ``base`` how many localities of
    them it is a share of. Where no data are printed, ``number`` is the published figure and its error.

    Raises HeldOutError if the finding has another role than fit.
    """

    name: str
    finding: str
    unit: str
    meaning: str
    function: Callable[[Study], float]
    basis: str
    group: str = ""
    number: tuple[float, float] | None = None
    data: Callable[[], PublishedData] | None = None
    base: Callable[[Study], float] | None = None

    def __post_init__(self) -> None:
        role = finding(self.finding).role.name
        if role != "fit":
            raise HeldOutError(f"{self.name}: {self.finding} is {role}, and calibration may use fit alone")

    @property
    def published(self) -> float:
        """The published figure."""
        return float(published_values()[FIT_STATISTICS.index(self)])

    @property
    def error(self) -> float:
        """Standard error of the published figure."""
        position = FIT_STATISTICS.index(self)
        return math.sqrt(float(observation_covariance()[position, position]))

    def value(self, study: Study) -> float:
        """The figure of a study; nan if a reading is missing."""
        try:
            return float(self.function(study))
        except MissingReadingError:
            return math.nan


def _fitted(identifier: str) -> Finding:
    entry = finding(identifier)
    if entry.role.name != "fit":
        raise HeldOutError(f"{identifier} is {entry.role.name}, and calibration may use fit alone")
    return entry


def _number(identifier: str, name: str) -> float:
    return _fitted(identifier).values[name]


def _band_of(identifier: str, n: float | None = None) -> tuple[float, float]:
    entry = _fitted(identifier)
    assert entry.low is not None
    assert entry.high is not None
    return band_with_error(entry.low, entry.high, n)


# --- policy scores


def _policy_statistics() -> list[FitStatistic]:
    def table(
        name: str, identifier: str, unit: str, meaning: str, function: Callable[[Study], float]
    ) -> FitStatistic:
        return FitStatistic(name, identifier, unit, meaning, function, "tables", data=published_data.tables)

    points, ratio = "points", "variance share"
    return [
        table("policy_mean", "S47", points, "mean of the index", mean_over("west", "mipex_total")),
        table(
            "policy_sd",
            "S47",
            points,
            "standard deviation of the index",
            lambda study: standard_deviation(study.west["mipex_total"]).value,
        ),
        table(
            "policy_between_countries",
            "D3",
            ratio,
            "share of the variance of the index between countries",
            lambda study: between_countries(study.west, "mipex_total"),
        ),
        table("policy_country_slope", "D2", "slope", "country means on the published ones", country_slope),
        table(
            "policy_progressive_conservative",
            "D4",
            points,
            "index within countries: progressive minus conservative",
            policy_gap("executive", "progressive", "conservative"),
        ),
        table(
            "policy_mixed_conservative",
            "D4",
            points,
            "index within countries: mixed minus conservative",
            policy_gap("executive", "mixed", "conservative"),
        ),
        table(
            "policy_medium_rural",
            "D5",
            points,
            "index within countries: medium minus rural",
            policy_gap("size", "medium", "rural"),
        ),
        table(
            "policy_small_rural",
            "D5",
            points,
            "index within countries: small minus rural",
            policy_gap("size", "small", "rural"),
        ),
        table(
            "policy_politics_share",
            "D4",
            ratio,
            "share of the variance of the index within countries that executive and seats explain",
            politics_share,
        ),
        table(
            "policy_seats_by_colour",
            "D6",
            points,
            "index with minus without radical-right seats: progressive minus conservative",
            seats_by_colour,
        ),
        table("profile_slope", "D13", "slope", "component means on the published ones", profile_slope),
        *(
            table(
                f"profile_{number + 1}",
                "D13",
                points,
                f"component means along principal component {number + 1} of their profile",
                profile_component(number),
            )
            for number in range(PRINCIPAL_COMPONENTS)
        ),
        table("zeros", "D13", "share", "share of component scores that are 0", zeros_share),
        table(
            "zeros_monitoring",
            "S49",
            "share",
            "share of localities without monitoring",
            lambda study: float(np.mean(study.west["mipex_monitoring"] <= 0)),
        ),
        table(
            "ratings_correlation",
            "S106",
            "correlation",
            "perceived integration with perceived attitudes",
            lambda study: (
                correlation(study.rated["perceived_integration"], study.rated["perceived_attitudes"]).value
            ),
        ),
    ]


def _response_statistics() -> list[FitStatistic]:
    return [
        FitStatistic(
            f"response_{word}",
            "S46",
            "share",
            f"share of localities with the response '{word}'",
            share_with("response_class", code),
            "share",
            "S46",
            data=published_data.responses,
            base=lambda study: float(np.isfinite(study.eu["response_class"]).sum()),
        )
        for word, code in (("inclusive", 2), ("lack", 0))
    ]


def _action_statistics() -> list[FitStatistic]:
    n = published_data.EU_LOCALITIES
    found = [
        FitStatistic(
            f"targeted_{sector}",
            "S66",
            "share",
            f"share of localities with targeted measures of their own on {sector}",
            mean_over("eu", f"targeted_{sector}"),
            "share",
            number=share_with_error(_number("S66", name), n),
        )
        for sector, name in (("housing", "housing"), ("work", "employment"))
    ]
    for sector, identifier in (("housing", "S70"), ("work", "S71")):
        without, alone = (_number(identifier, name) for name in ("no_public", "non_public_only"))
        public, both = n - without, _number(identifier, "both")
        given = share_with_error(both / public, public)
        if sector == "housing":  # places where only higher levels act may have initiatives as well (I-21)
            given = band_with_error(both / public, published_data.housing_both_at_most() / public, public)
        found += [
            FitStatistic(
                f"public_{sector}",
                identifier,
                "share",
                f"share of localities with public action on {sector}, at any level",
                mean_over("eu", f"anypublic_{sector}"),
                "share",
                number=share_with_error(public / n, n),
            ),
            FitStatistic(
                f"other_without_public_{sector}",
                identifier,
                "share",
                f"share with non-public action on {sector} where there is no public one",
                other_given(sector, False),
                "share",
                number=share_with_error(alone / without, without),
            ),
            FitStatistic(
                f"other_with_public_{sector}",
                identifier,
                "share",
                f"share with non-public action on {sector} where there is a public one",
                other_given(sector, True),
                "band" if sector == "housing" else "share",
                number=given,
            ),
        ]
    return found


def _access_statistics() -> list[FitStatistic]:
    return [
        FitStatistic(
            f"{sector}_{grade}_{word}",
            identifier,
            "share",
            f"share with {grade.replace('_', ' ')} access to {sector} where structure is {word}",
            grade_share(sign, sector, published_data.GRADES.index(grade)),
            "share",
            f"{identifier} {sector}",
            data=published_data.access,
            base=number_with_structure(sign),
        )
        for identifier, sign, word in (("S62", 1, "favourable"), ("S63", -1, "unfavourable"))
        for sector, grade in (
            ("housing", "easy"),
            ("housing", "extremely_difficult"),
            ("employment", "easy"),
        )
    ]


def _answer_statistics() -> list[FitStatistic]:
    whole, against = _number("S41", "whole_community"), _number("S79", "against")
    # 50 interviews of 450, or of all 696 (I-16): the first is the number, the other widens its error
    counted = band_with_error(_number("S41", "of_all_interviews"), whole)[1]
    whole_error = math.hypot(counted, share_error(whole, published_data.INTERVIEWEES))
    rounding = 0.01 / math.sqrt(12)
    against_error = math.hypot(share_error(against, published_data.RESPONDENTS_SMALL_PLACES), rounding)
    found = [
        FitStatistic(
            "frame_migrants_only",
            "S40",
            "share",
            "share of interviewees who hold migrants alone responsible",
            mean_over("west", "frame_p_migrants_only"),
            "band",
            number=_band_of("S40", published_data.INTERVIEWEES),
        ),
        FitStatistic(
            "frame_whole_community",
            "S41",
            "share",
            "share of interviewees who hold the whole community responsible",
            mean_over("west", "frame_p_whole_community"),
            "band",
            number=(whole, whole_error),
        ),
        FitStatistic(
            "against_more",
            "S79",
            "share",
            "share of residents firmly against more measures",
            mean_over("surveyed", "against_more"),
            "share",
            number=(against, against_error),
        ),
        FitStatistic(
            "almost_no_relations",
            "S86",
            "share",
            "share of residents who see almost no relations with refugees",
            mean_over("surveyed", "relations_none_ne"),
            "band",
            number=_band_of("S86"),
        ),
    ]
    curves = [
        ("M14", "employed", "share at work", 5, "year_5"),
        ("M14", "employed", "share at work", 7, "year_7"),
        *(
            ("M19", "language_good", "share with good language", year, f"year_{2015 + year}")
            for year in (1, 3, 5)
        ),
    ]
    found += [
        FitStatistic(
            f"{stem}_{year}y",
            identifier,
            "share",
            f"{words} after {year} year{'s' if year > 1 else ''}",
            mean_over("west", f"{stem}_{year}y"),
            "curve",
            identifier,
            (_number(identifier, name), published_data.BETWEEN_SURVEYS),
        )
        for identifier, stem, words, year, name in curves
    ]
    found.append(
        FitStatistic(
            "onward_yearly",
            "M29",
            "share a year",
            "share of refugees who move on per year in the first three years",
            yearly_onward,
            "band",
            number=_band_of("M29"),
        )
    )
    return found


FIT_STATISTICS: Final[tuple[FitStatistic, ...]] = (
    *_policy_statistics(),
    *_response_statistics(),
    *_action_statistics(),
    *_access_statistics(),
    *_answer_statistics(),
)
"""All statistics; those from the tables come first."""


def simulated(study: Study) -> Array:
    """All statistics of a study, in their order; nan where a reading is missing. Shape (43,)."""
    return np.array([each.value(study) for each in FIT_STATISTICS])


def published_values(without: str = "") -> Array:
    """The published figures, in the order of the statistics. Shape (43,).

    `without`: a country whose localities are left out, as in a fold that leaves this country out. Figures
    that are not printed by country stay what they are. Raises ValueError for an unknown country.
    """
    return _figures(without)[0].copy()


def observation_covariance(without: str = "") -> Array:
    """Covariance of the errors of the published figures. Shape (43, 43).

    The block of the tables is that of the bootstraps. Shares of one set of counts have the covariance of
    multinomial shares, points of one curve share half of their variance, and all others are taken as
    independent, because no source says how they go together. `without`: as in `published_values`.
    """
    return _figures(without)[1].copy()


@cache
def _figures(without: str) -> tuple[Array, Array]:
    figures = [_figure(each, without) for each in FIT_STATISTICS]
    covariance = np.diag([error**2 for _, error in figures])
    for i, j in np.ndindex(covariance.shape):
        first, second = FIT_STATISTICS[i], FIT_STATISTICS[j]
        if i != j and first.group and first.group == second.group:
            covariance[i, j] = _covariance_of_pair(first.basis, figures[i], figures[j])
    of_tables = [position for position, each in enumerate(FIT_STATISTICS) if each.basis == "tables"]
    covariance[np.ix_(of_tables, of_tables)] = _table_covariance(without)
    return np.array([value for value, _ in figures]), covariance


def _figure(statistic: FitStatistic, without: str) -> tuple[float, float]:
    """The published figure and its error; for the figures of the tables the error is not known yet: nan."""
    if statistic.number is not None:
        return statistic.number
    study = _data(statistic, without).study
    if statistic.base is None:
        return statistic.value(study), math.nan
    return share_with_error(statistic.value(study), statistic.base(study))


def _data(statistic: FitStatistic, without: str) -> PublishedData:
    assert statistic.data is not None
    return statistic.data().without(without) if without else statistic.data()


def _table_covariance(without: str) -> Array:
    """Covariance of the statistics from the tables, over the bootstraps.

    Drawing n localities of a country from n makes the variance too small by the factor (n - 1) / n; over all
    countries this is corrected by the number of localities over that number less the countries.
    """
    statistics = [each for each in FIT_STATISTICS if each.basis == "tables"]
    data = _data(statistics[0], without)
    values = np.array([[each.value(study) for each in statistics] for study in data.bootstraps()])
    localities, countries = len(data.strata), len(np.unique(data.strata))
    complete = values[np.isfinite(values).all(axis=1)]
    covariance: Array = np.cov(complete, rowvar=False) * localities / (localities - countries)
    return covariance


def _covariance_of_pair(basis: str, first: tuple[float, float], second: tuple[float, float]) -> float:
    """Covariance of two figures (value, error) of one group."""
    (p, error), (q, other_error) = first, second
    if basis == "curve":
        return COMMON_TO_A_CURVE * error * other_error
    n = p * (1 - p) / error**2
    return -p * q / n
