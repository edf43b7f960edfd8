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
    mean,
    mean_difference,
    shapley_shares,
    share_error,
    standard_deviation,
)
from woc_sim.analysis.published_data import PublishedData
from woc_sim.analysis.replication import between_countries, centred, country_means, published
from woc_sim.analysis.study import MissingReadingError, Sample, Study
from woc_sim.evidence.catalogue import Finding, finding
from woc_sim.inputs.vocabulary import COMPONENTS

Array = np.ndarray[Any, Any]

COMMON_TO_A_CURVE: Final = 0.5
"""Share of the variance of a published curve that is common to its points (assumed)."""
COMPARED_COMPONENTS: Final = tuple(name for name in COMPONENTS if name != "labour")
PRINCIPAL_COMPONENTS: Final = 3
"""How many principal components of the profile of component scores are compared."""
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


def _band(low: float, high: float, n: float | None = None) -> tuple[float, float]:
    """Middle of a band and its error: uniform in the band, with the binomial error of n if that is known."""
    middle = (low + high) / 2
    sampling = share_error(middle, n) if n else 0.0
    return middle, math.hypot((high - low) / math.sqrt(12), sampling)


def _band_of(identifier: str, n: float | None = None) -> tuple[float, float]:
    entry = _fitted(identifier)
    assert entry.low is not None
    assert entry.high is not None
    return _band(entry.low, entry.high, n)


def _share(p: float, n: float) -> tuple[float, float]:
    return p, share_error(p, n)


# --- policy scores


def _policy_gap(label: str, first: str, second: str) -> Callable[[Study], float]:
    def gap(study: Study) -> float:
        west = study.west
        policy = centred(west, "mipex_total")
        return mean_difference(policy, west.labelled(label, first), west.labelled(label, second)).value

    return gap


def _country_slope(study: Study) -> float:
    """Slope of the country means on the published ones."""
    found, target = (country_means(each.west, "mipex_total") for each in (study, published()))
    codes = sorted(set(found) & set(target))
    x = np.array([target[code] for code in codes])
    y = np.array([found[code] for code in codes])
    x = x - x.mean()
    return float(x @ (y - y.mean())) / float(x @ x)


def _politics_share(study: Study) -> float:
    """Share of the variance of the index within countries that executive and seats explain, beside size."""
    west = study.west
    politics = [
        west.labelled("executive", "progressive").astype(float),
        west.labelled("executive", "conservative").astype(float),
        west["rrp_band"],
    ]
    size = [west.labelled("size", "small").astype(float), west.labelled("size", "medium").astype(float)]
    return shapley_shares(west["mipex_total"], [politics, size], west["country"])[0]


def _seats_by_colour(study: Study) -> float:
    """Index with minus without radical-right seats within countries: progressive minus conservative."""
    west = study.west
    policy, seats = centred(west, "mipex_total"), west["rrp_band"] > 0
    left, right = (
        mean_difference(policy, colour & seats, colour & ~seats).value
        for colour in (west.labelled("executive", name) for name in ("progressive", "conservative"))
    )
    return left - right


# --- components


def _component_scores(sample: Sample) -> Array:
    """Scores of the compared components; shape localities x components."""
    return np.column_stack([sample[f"mipex_{name}"] for name in COMPARED_COMPONENTS])


def _profile(study: Study) -> Array:
    """Mean of each component less the mean of all of them."""
    means = np.nanmean(_component_scores(study.west), axis=0)
    profile: Array = means - means.mean()
    return profile


def _profile_slope(study: Study) -> float:
    """Slope of the profile on the published one."""
    target = _published_profile()
    return float(_profile(study) @ target) / float(target @ target)


@cache
def _published_profile() -> Array:
    return _profile(published())


@cache
def _profile_directions() -> Array:
    """The first principal components of the profile over the published localities, one a row.

    The sign is chosen so that the largest weight is positive.
    """
    scores = _component_scores(published().west)
    profiles = scores - scores.mean(axis=1, keepdims=True)
    _, vectors = np.linalg.eigh(np.cov(profiles, rowvar=False))
    directions = vectors[:, ::-1][:, :PRINCIPAL_COMPONENTS].T
    largest = np.abs(directions).argmax(axis=1)
    signed: Array = directions * np.sign(directions[np.arange(len(directions)), largest])[:, None]
    return signed


def _profile_component(number: int) -> Callable[[Study], float]:
    return lambda study: float(_profile_directions()[number] @ _profile(study))


def _zeros_share(study: Study) -> float:
    return float(np.mean(_component_scores(study.west) <= 0))


# --- counts, access and answers


def _share_with(column: str, code: float) -> Callable[[Study], float]:
    def share_of(study: Study) -> float:
        values = study.eu[column]
        return float(np.mean(values[np.isfinite(values)] == code))

    return share_of


def _mean_over(sample: str, column: str) -> Callable[[Study], float]:
    return lambda study: mean(getattr(study, sample)[column]).value


def _other_given(sector: str, public: bool) -> Callable[[Study], float]:
    """Share of localities with non-public action among those with (or without) public action."""

    def share_of(study: Study) -> float:
        rows = (study.eu[f"anypublic_{sector}"] > 0.5) == public
        other = study.eu[f"nonstate_{sector}"] > 0.5
        return float(np.mean(other[rows])) if rows.any() else math.nan

    return share_of


def _grade_share(sign: int, sector: str, grade: int) -> Callable[[Study], float]:
    """Share of localities with one grade of access where structure has the sign."""

    def share_of(study: Study) -> float:
        sample = study.eu.where(study.eu["structure"] == sign)
        values = sample[f"access_{sector}"]
        return float(np.mean(values[np.isfinite(values)] == grade))

    return share_of


def _number_with_structure(sign: int) -> Callable[[Study], float]:
    return lambda study: float(np.sum(study.eu["structure"] == sign))


def _yearly_onward(study: Study) -> float:
    stayed = 1 - mean(study.eu["onward_3y"]).value
    return 1 - stayed ** (1 / 3) if stayed > 0 else math.nan


def _policy_statistics() -> list[FitStatistic]:
    def table(
        name: str, identifier: str, unit: str, meaning: str, function: Callable[[Study], float]
    ) -> FitStatistic:
        return FitStatistic(name, identifier, unit, meaning, function, "tables", data=published_data.tables)

    points, ratio = "points", "variance share"
    return [
        table("policy_mean", "S47", points, "mean of the index", _mean_over("west", "mipex_total")),
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
        table("policy_country_slope", "D2", "slope", "country means on the published ones", _country_slope),
        table(
            "policy_progressive_conservative",
            "D4",
            points,
            "index within countries: progressive minus conservative",
            _policy_gap("executive", "progressive", "conservative"),
        ),
        table(
            "policy_mixed_conservative",
            "D4",
            points,
            "index within countries: mixed minus conservative",
            _policy_gap("executive", "mixed", "conservative"),
        ),
        table(
            "policy_medium_rural",
            "D5",
            points,
            "index within countries: medium minus rural",
            _policy_gap("size", "medium", "rural"),
        ),
        table(
            "policy_small_rural",
            "D5",
            points,
            "index within countries: small minus rural",
            _policy_gap("size", "small", "rural"),
        ),
        table(
            "policy_politics_share",
            "D4",
            ratio,
            "share of the variance of the index within countries that executive and seats explain",
            _politics_share,
        ),
        table(
            "policy_seats_by_colour",
            "D6",
            points,
            "index with minus without radical-right seats: progressive minus conservative",
            _seats_by_colour,
        ),
        table("profile_slope", "D13", "slope", "component means on the published ones", _profile_slope),
        *(
            table(
                f"profile_{number + 1}",
                "D13",
                points,
                f"component means along principal component {number + 1} of their profile",
                _profile_component(number),
            )
            for number in range(PRINCIPAL_COMPONENTS)
        ),
        table("zeros", "D13", "share", "share of component scores that are 0", _zeros_share),
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
            _share_with("response_class", code),
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
            _mean_over("eu", f"targeted_{sector}"),
            "share",
            number=_share(_number("S66", name), n),
        )
        for sector, name in (("housing", "housing"), ("work", "employment"))
    ]
    for sector, identifier in (("housing", "S70"), ("work", "S71")):
        without, alone = (_number(identifier, name) for name in ("no_public", "non_public_only"))
        public, both = n - without, _number(identifier, "both")
        given = _share(both / public, public)
        if sector == "housing":  # places where only higher levels act may have initiatives as well (I-21)
            given = _band(both / public, published_data.housing_both_at_most() / public, public)
        found += [
            FitStatistic(
                f"public_{sector}",
                identifier,
                "share",
                f"share of localities with public action on {sector}, at any level",
                _mean_over("eu", f"anypublic_{sector}"),
                "share",
                number=_share(public / n, n),
            ),
            FitStatistic(
                f"other_without_public_{sector}",
                identifier,
                "share",
                f"share with non-public action on {sector} where there is no public one",
                _other_given(sector, False),
                "share",
                number=_share(alone / without, without),
            ),
            FitStatistic(
                f"other_with_public_{sector}",
                identifier,
                "share",
                f"share with non-public action on {sector} where there is a public one",
                _other_given(sector, True),
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
            _grade_share(sign, sector, published_data.GRADES.index(grade)),
            "share",
            f"{identifier} {sector}",
            data=published_data.access,
            base=_number_with_structure(sign),
        )
        for identifier, sign, word in (("S62", 1, "favourable"), ("S63", -1, "unfavourable"))
        for sector, grade in (
            ("housing", "easy"),
            ("housing", "extremely_difficult"),
            ("employment", "easy"),
        )
    ]


def _answer_statistics() -> list[FitStatistic]:
    share_of_all = _number("S41", "of_all_interviews")
    whole = _number("S41", "whole_community")
    against = _number("S79", "against")
    rounding = 0.01 / math.sqrt(12)
    found = [
        FitStatistic(
            "frame_migrants_only",
            "S40",
            "share",
            "share of interviewees who hold migrants alone responsible",
            _mean_over("west", "frame_p_migrants_only"),
            "band",
            number=_band_of("S40", published_data.INTERVIEWEES),
        ),
        FitStatistic(
            "frame_whole_community",
            "S41",
            "share",
            "share of interviewees who hold the whole community responsible",
            _mean_over("west", "frame_p_whole_community"),
            "band",
            # 50 interviews of 450, or of all 696 (I-16): the first is the number, the other widens its error
            number=(
                whole,
                math.hypot(_band(share_of_all, whole)[1], share_error(whole, published_data.INTERVIEWEES)),
            ),
        ),
        FitStatistic(
            "against_more",
            "S79",
            "share",
            "share of residents firmly against more measures",
            _mean_over("surveyed", "against_more"),
            "share",
            number=(
                against,
                math.hypot(share_error(against, published_data.RESPONDENTS_SMALL_PLACES), rounding),
            ),
        ),
        FitStatistic(
            "almost_no_relations",
            "S86",
            "share",
            "share of residents who see almost no relations with refugees",
            _mean_over("surveyed", "relations_none_ne"),
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
            _mean_over("west", f"{stem}_{year}y"),
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
            _yearly_onward,
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
    return _share(statistic.value(study), statistic.base(study))


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
