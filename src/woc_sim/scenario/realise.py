"""Drawing the covariates of a locality for one replicate.

Table A1 prints bands, and some covariates are missing. Each replicate draws inside the bands, at addresses
that depend only on seed, replicate and the locality's name. So unknown values widen the intervals, and a case
has the same draws whatever else runs. All missing covariates of a locality come from one case that has bands
(its donor).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np

from woc_sim.draws import draw, name_key
from woc_sim.inputs.tables import cases, country, label
from woc_sim.inputs.theories import code
from woc_sim.inputs.vocabulary import EXECUTIVES, SIZES
from woc_sim.rules.markets import trend_position
from woc_sim.scenario.localities import from_case, percent, signs, type_of
from woc_sim.scenario.parameters import defaults
from woc_sim.scenario.schema import COVARIATES, SYNTHETIC, Band, LocalitySpec
from woc_sim.scenario.theories import default_theories

# Purposes (addresses) of the draws of covariates.
DONOR, INHABITANTS, IDEOLOGY, RRP, NON_EU, UNEMPLOYMENT, STRUCTURE, TREND, EARLIER, RATIO = range(10)

FAVOURABLE_COUNT: Final = 19
"""How many of the 40 EU localities have favourable structural conditions (final paper, Figure 9)."""


@dataclass(frozen=True, slots=True)
class Covariates:
    """The covariates of a locality in one replicate.

    Shares are between 0 and 1, trend is per year, structure and experience are +1 or -1, executive_ideology
    goes from conservative -1 to progressive +1. Labels (size, executive, type) name the class of the numbers.
    """

    name: str
    case: str
    framework: str
    inhabitants: float
    executive_ideology: float
    rrp: float
    non_eu: float
    foreign_2014: float
    unemployment: float
    trend: float
    structure: int
    experience: int
    type: str
    size: str
    executive: str


@cache
def _donors() -> tuple[LocalitySpec, ...]:
    return tuple(from_case(one.name) for one in cases() if one.banded)


@cache
def _eu_cases() -> tuple[LocalitySpec, ...]:
    return tuple(from_case(one.name) for one in cases() if one.country not in ("Turkey", "Canada"))


class _Draws:
    """The addressed uniform numbers of one locality in one replicate."""

    def __init__(self, name: str, seed: int, replicate: int) -> None:
        self.key: tuple[np.uint64, np.uint64] = name_key(seed, replicate), name_key(name, "covariates")

    def unit(self, purpose: int) -> float:
        return draw(self.key, 0, purpose)

    def inside(self, band: Band, purpose: int) -> float:
        return band[0] + self.unit(purpose) * (band[1] - band[0])

    def ranked_inside(self, band: Band, purpose: int) -> float:
        """A size in a band by the rank-size rule of settlements (Gabaix 1999): the share of places above x
        falls as 1/x.
        """
        return band[0] / (1.0 - self.unit(purpose) * (1.0 - band[0] / band[1]))

    def donor(self) -> LocalitySpec:
        return _donors()[int(self.unit(DONOR) * len(_donors()))]


def _clipped(quantity: str, value: float) -> float:
    return min(max(value, COVARIATES[quantity].low), COVARIATES[quantity].high)


def _own_or_donor(band: Band | None, donor_band: Band | None) -> Band:
    """The locality's own band, or else the donor's. A donor has every band that Table A1 prints."""
    if band is not None:
        return band
    assert donor_band is not None
    return donor_band


def _unemployment(spec: LocalitySpec, draws: _Draws, donor: LocalitySpec) -> float:
    drawn = draws.inside(_own_or_donor(spec.unemployment, donor.unemployment), UNEMPLOYMENT)
    if spec.unemployment is not None or spec.case == SYNTHETIC:
        return drawn
    # A case has the same ratio to its country's value as the donor has to its own country's.
    own_country, donor_country = country(spec.framework), country(donor.framework)
    return _clipped(
        "unemployment", drawn * own_country.unemployment_national / donor_country.unemployment_national
    )


def _structural_score(unemployment: float, draws: _Draws, spread: float) -> float:
    """How favourable a locality's structural conditions are: low unemployment, plus a random part for other
    conditions.
    """
    return spread * (2.0 * draws.unit(STRUCTURE) - 1.0) - unemployment


@lru_cache(maxsize=256)
def _structural_scores(seed: int, replicate: int, spread: float) -> Mapping[str, float]:
    """The structural scores of the 40 EU cases in one replicate."""
    scores = {}
    for spec in _eu_cases():
        draws = _Draws(spec.name, seed, replicate)
        scores[spec.name] = _structural_score(_unemployment(spec, draws, draws.donor()), draws, spread)
    return scores


def _non_eu(
    spec: LocalitySpec, draws: _Draws, donor: LocalitySpec, foreign_2014: float | None, ratio: float
) -> float:
    """Non-EU share of 2019. `foreign_2014` is the foreign share before 2014 if given, `ratio` that share over
    the one of 2019.
    """
    if spec.non_eu_share is not None:
        return draws.inside(spec.non_eu_share, NON_EU)
    if foreign_2014 is not None:
        # Inverse relation, but not above the highest share in the study.
        return min(foreign_2014 / ratio, max(foreign_2014, _highest_share()))
    drawn = draws.inside(_own_or_donor(None, donor.non_eu_share), NON_EU)
    if spec.case == SYNTHETIC:
        return drawn
    return _clipped(
        "non_eu_share",
        drawn * country(spec.framework).fallback_non_eu / country(donor.framework).fallback_non_eu,
    )


@cache
def _highest_share() -> float:
    return max(_own_or_donor(None, spec.non_eu_share)[1] for spec in _donors())


def _rank(unemployment: float, structures: tuple[int, ...]) -> float:
    """Where an unemployment rate lies in the range of these structural classes, 0 lowest to 1 highest."""
    ranges = [percent("structure", structure, "unemployment") for structure in structures]
    low, high = min(lows for lows, _ in ranges), max(highs for _, highs in ranges)
    return min(max((unemployment - low) / (high - low), 0.0), 1.0)


def realise(
    spec: LocalitySpec,
    seed: int,
    replicate: int,
    parameters: Mapping[str, float] | None = None,
    theories: Mapping[str, str] | None = None,
) -> Covariates:
    """Draw the covariates of a locality for one replicate, inside its bands.

    parameters, theories: those of the scenario (``covariates.*`` and the theory of structure are read); None
    means the registry's values and the default theory. Without a type, structure is +1 if the given
    population trend is not negative, or, without a trend, if the locality is among the best 19 of the 40 EU
    cases in this replicate. Experience is +1 if the foreign share before 2014 is nearer to the range of
    experienced places than to that of the others. Source: final paper, 2.1, Table A1 and Figure 9.
    """
    values = defaults() if parameters is None else parameters
    draws = _Draws(spec.name, seed, replicate)
    donor = draws.donor()
    unemployment = _unemployment(spec, draws, donor)
    theory = code("structure", (default_theories() if theories is None else theories)["structure"])
    correlation = values["covariates.trend_unemployment"]

    def trend_inside(band: Band, *structures: int) -> float:
        """The population trend in a band, of a place of one of these structural classes."""
        rank = _rank(unemployment, structures)
        position = trend_position(theory, draws.unit(TREND), rank, correlation)
        return band[0] + position * (band[1] - band[0])

    given = spec.population_trend
    if given is not None and not spec.type:
        trend = trend_inside(given, 1, -1)
        structure = 1 if trend >= 0 else -1
    else:
        if spec.type:
            structure = signs(spec.type)[0]
        else:
            spread = values["covariates.structure_spread"]
            score = _structural_score(unemployment, draws, spread)
            scores = _structural_scores(seed, replicate, spread)
            better = sum(other > score for name, other in scores.items() if name != spec.name)
            structure = 1 if better < FAVOURABLE_COUNT else -1
        trend = trend_inside(given or percent("structure", structure, "population_trend"), structure)

    span = values["covariates.earlier_low"], values["covariates.earlier_high"]
    if spec.pre2014_foreign_share is not None:
        earlier = draws.inside(spec.pre2014_foreign_share, EARLIER)
        non_eu = _non_eu(spec, draws, donor, earlier, draws.inside(span, RATIO))
    else:
        non_eu = _non_eu(spec, draws, donor, None, 1.0)
        earlier = non_eu * draws.inside(span, RATIO)
    experience = signs(spec.type)[1] if spec.type else (1 if earlier >= _experience_cut() else -1)

    inhabitants = draws.ranked_inside(_own_or_donor(spec.inhabitants, donor.inhabitants), INHABITANTS)
    ideology = draws.inside(_own_or_donor(spec.executive_ideology, donor.executive_ideology), IDEOLOGY)
    return Covariates(
        name=spec.name,
        case=spec.case,
        framework=spec.framework,
        inhabitants=inhabitants,
        executive_ideology=ideology,
        rrp=draws.inside(_own_or_donor(spec.rrp_share, donor.rrp_share), RRP),
        non_eu=non_eu,
        foreign_2014=earlier,
        unemployment=unemployment,
        trend=trend,
        structure=structure,
        experience=experience,
        type=spec.type or type_of(structure, experience),
        size=spec.size or _class("size", SIZES, "inhabitants", inhabitants),
        executive=spec.executive or _class("executive", EXECUTIVES, "ideology", ideology),
    )


@cache
def _experience_cut() -> float:
    """Foreign share before 2014 half-way between the ranges of places with and without experience."""
    return (
        percent("experience", -1, "pre2014_foreign_share")[1]
        + percent("experience", 1, "pre2014_foreign_share")[0]
    ) / 2


def _class(dimension: str, names: tuple[str, ...], quantity: str, value: float) -> str:
    """The label whose range contains the value or is nearest to it; the first of two equally near ones."""

    def distance(name: str) -> float:
        low, high = label(dimension, name, quantity)
        return max(low - value, value - high, 0.0)

    return min(names, key=distance)
