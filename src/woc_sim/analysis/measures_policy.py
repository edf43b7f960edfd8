"""Measures of local policy and of the response of the whole place (S23-S25, S46-S56, S66-S73, D1-D6,
D12-D19)."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from woc_sim.analysis.estimates import (
    correlation,
    gap,
    log_odds,
    mean,
    rank_correlation,
    regression,
    same_counts,
    share,
    share_error,
    spread,
    standardised,
)
from woc_sim.analysis.measures import (
    ORDER,
    Reading,
    close,
    direction,
    holds,
    inside,
    measure,
    numeric,
)
from woc_sim.analysis.replication import (
    between_countries,
    centred,
    centred_correlation,
    country_means,
    group_means,
    published,
)
from woc_sim.analysis.study import Sample, Study
from woc_sim.evidence.catalogue import finding
from woc_sim.inputs.vocabulary import COMPONENTS

Array = np.ndarray[Any, Any]

EU_LOCALITIES: Final = 40
WEST_LOCALITIES: Final = 36
RESPONSES_EU: Final = (10, 20, 10)
"""Inclusive, mixed and lacking responses of the 40 EU localities (Table 5 without its other countries,
I-29)."""


def _values(identifier: str) -> dict[str, float]:
    return dict(finding(identifier).values)


def _targeted(sample: Sample) -> Array:
    number: Array = sample["targeted_housing"] + sample["targeted_work"]
    return number


@measure("S23")
def medium_towns_targeted(study: Study) -> Reading:
    """Share of medium towns with targeted measures on both housing and work; counts of both, one and none
    as published."""
    sample = study.eu.where(study.eu.of("size", "medium"))
    number = _targeted(sample)
    counts = [float(np.sum(number == each)) for each in (2, 1, 0)]
    found = share(number == 2)
    return holds(found, same_counts(counts, list(_values("S23").values())))


@measure("S24")
def conservative_without_measures(study: Study) -> Reading:
    """Share of conservative-led localities without any targeted measure on housing or work."""
    sample = study.eu.where(study.eu.of("executive", "conservative"))
    found = share(_targeted(sample) == 0)
    return holds(found, found.value > 0.5)


@measure("S25")
def progressive_targeted(study: Study) -> Reading:
    """Targeted measures on work (else housing, I-19): share under progressive or mixed minus that under
    conservative."""
    sample = study.eu
    conservative = sample.of("executive", "conservative")
    work = gap(sample["targeted_work"], ~conservative, conservative)
    housing = gap(sample["targeted_housing"], ~conservative, conservative)
    return Reading(work.value, work.positive or housing.positive, work.error)


@measure("S46")
def response_classes(study: Study) -> Reading:
    """Share of localities with an inclusive response; counts of inclusive, mixed and lacking as published."""
    found = study.eu["response_class"]
    counts = [float(np.sum(found == each)) for each in (2, 1, 0)]
    return holds(share(found == 2), same_counts(counts, RESPONSES_EU))


@measure("S47", "D1")
def policy_distribution(study: Study) -> Reading:
    """Mean of the policy index; its spread is right too."""
    values = _values("S47")
    n = WEST_LOCALITIES
    sd = spread(study.west["mipex_total"])
    error = values["sd"] / math.sqrt(2 * (n - 1))
    found = mean(study.west["mipex_total"])
    return numeric(
        found.value, values["mean"], values["sd"] / math.sqrt(n), close(sd.value, values["sd"], error)
    )


@measure("S48")
def strategy_goes_with_policy(study: Study) -> Reading:
    """Correlation of the governance component with the total."""
    return direction(correlation(study.west["mipex_governance"], study.west["mipex_total"]))


@measure("S49")
def monitoring_weak(study: Study) -> Reading:
    """Mean of the monitoring component; as many localities as published score nothing."""
    values = _values("S49")
    column = study.west["mipex_monitoring"]
    n = WEST_LOCALITIES
    error = mean(published().west["mipex_monitoring"]).error
    zeros = float(np.sum(column <= 0))
    of_zeros = n * share_error(values["zeros"] / n, n)
    return numeric(mean(column).value, values["mean"], error, close(zeros, values["zeros"], of_zeros))


def component_means(sample: Sample) -> dict[str, float]:
    """Mean score of each component."""
    return {name: mean(sample[f"mipex_{name}"]).value for name in COMPONENTS}


@measure("S50")
def developed_fields(study: Study) -> Reading:
    """Health minus political participation; participation is lowest, health and language are among the
    top four."""
    means = component_means(study.west)
    order = sorted(means, key=lambda name: -means[name])
    distance = mean(study.west["mipex_health"] - study.west["mipex_political_participation"])
    lowest = order[-1] == "political_participation"
    return direction(distance, lowest, "health" in order[:4], "language" in order[:4])


@measure("D13")
def component_order(study: Study) -> Reading:
    """Rank correlation of the component means with the published ones."""
    means = component_means(study.west)
    wanted = _values("D13")
    found = rank_correlation(
        np.array([means[name] for name in COMPONENTS]), np.array([wanted[name] for name in COMPONENTS])
    )
    return holds(found, found.value >= ORDER)


@measure("S51")
def conservative_lowest(study: Study) -> Reading:
    """Mean policy under progressive minus conservative executives, who are the lowest of the three."""
    means = group_means(study.west, "mipex_total", "executive")
    values = [each.value for each in means.values()]
    return direction(means["progressive"] - means["conservative"], means["conservative"].value == min(values))


@measure("S53")
def seats_lower_activation(study: Study) -> Reading:
    """Fall of the share of active non-public organisations per share of radical-right seats, within
    countries."""
    sample = study.west
    active = (sample["active_nonpublic"] + sample["active_private"]) / 2
    ideology = sample["executive_ideology"]
    return direction(-regression(active, sample["rrp"], ideology, groups=sample["country"])[0])


@measure("S55")
def rural_response_beyond_policy(study: Study) -> Reading:
    """Response of the whole place relative to policy, both standardised: rural minus towns."""
    sample = study.eu
    rural = sample.of("size", "rural")
    return direction(
        gap(standardised(sample["response_share"]) - standardised(sample["mipex_total"]), rural, ~rural)
    )


@measure("S56")
def most_lack_policies(study: Study) -> Reading:
    """Localities with a policy index below 50."""
    n = WEST_LOCALITIES
    wanted = _values("S56")["below_50"]
    low = float(np.sum(study.west["mipex_total"] < 50))
    return numeric(low, wanted, n * share_error(wanted / n, n))


@measure("S66")
def municipal_measures(study: Study) -> Reading:
    """Share of localities with targeted measures on housing; the share for work is right too."""
    values = _values("S66")
    n = EU_LOCALITIES
    work = float(np.mean(study.eu["targeted_work"]))
    return numeric(
        float(np.mean(study.eu["targeted_housing"])),
        values["housing"],
        share_error(values["housing"], n),
        close(work, values["employment"], share_error(values["employment"], n)),
    )


def joint_counts(sample: Sample, sector: str) -> list[float]:
    """Localities with non-public action only, with none, with both, and with public action only."""
    public, other = sample[f"anypublic_{sector}"] > 0.5, sample[f"nonstate_{sector}"] > 0.5
    masks = (~public & other, ~public & ~other, public & other, public & ~other)
    return [float(np.sum(mask)) for mask in masks]


def _joint(study: Study, identifier: str, sector: str) -> Reading:
    values = _values(identifier)
    counts = joint_counts(study.eu, sector)
    n = EU_LOCALITIES
    wanted = [values["non_public_only"], values["neither"], values["both"]]
    found = share(study.eu[f"nonstate_{sector}"] > 0.5)
    return holds(found, same_counts(counts, [*wanted, n - sum(wanted)]))


@measure("S70")
def housing_public_and_other(study: Study) -> Reading:
    """Share with non-public initiatives on housing; the four counts with and without public action as
    published."""
    return _joint(study, "S70", "housing")


@measure("S71")
def work_public_and_other(study: Study) -> Reading:
    """Share with non-public initiatives on work; the four counts with and without public action as
    published."""
    return _joint(study, "S71", "work")


@measure("S69")
def housing_left_alone(study: Study) -> Reading:
    """Localities where nobody acts on housing."""
    wanted = _values("S69")["nobody"]
    n = EU_LOCALITIES
    return numeric(joint_counts(study.eu, "housing")[1], wanted, n * share_error(wanted / n, n))


@measure("S72")
def replace_and_add(study: Study) -> Reading:
    """Log odds ratio of non-public given public action, work minus housing, where it is negative."""
    odds = {
        sector: log_odds(study.eu[f"anypublic_{sector}"], study.eu[f"nonstate_{sector}"])
        for sector in ("housing", "work")
    }
    return direction(odds["work"] - odds["housing"], odds["housing"].negative)


@measure("S73")
def initiatives_by_country(study: Study) -> Reading:
    """Share with non-public initiatives: Germany, Poland, Spain and Italy minus Belgium, the Netherlands
    and Sweden."""
    sample = study.eu
    either = np.maximum(sample["nonstate_housing"], sample["nonstate_work"])
    return direction(
        gap(
            either,
            sample.of("country", "Germany", "Poland", "Spain", "Italy"),
            sample.of("country", "Belgium", "Netherlands", "Sweden"),
        )
    )


@measure("D17")
def action_given_public(study: Study) -> Reading:
    """Share with non-public initiatives on housing where there is no public measure; three other shares
    right too."""
    values = _values("D17")
    found = {}
    for sector in ("housing", "work"):
        alone, neither, both, public = joint_counts(study.eu, sector)
        found[sector] = (
            alone / (alone + neither) if alone + neither else math.nan,
            both / (both + public) if both + public else math.nan,
        )
    without, given = found["housing"]
    error = share_error(values["housing_no_public"], 18)
    work = close(
        found["work"][0], values["employment_no_public"], share_error(values["employment_no_public"], 13)
    )
    both_work = close(
        found["work"][1], values["employment_public"], share_error(values["employment_public"], 27)
    )
    housing = inside(given, values["housing_public"], 0.545, share_error(values["housing_public"], 22)).passed
    return numeric(without, values["housing_no_public"], error, work, both_work, housing)


@measure("D18")
def any_initiative(study: Study) -> Reading:
    """Localities with non-public initiatives on housing; the count for work is right too."""
    values = _values("D18")
    n = EU_LOCALITIES
    counts = [float(np.sum(study.eu[f"nonstate_{sector}"] > 0.5)) for sector in ("housing", "work")]
    wanted = [values["housing_non_public"], values["employment_non_public"]]
    errors = [n * share_error(each / n, n) for each in wanted]
    return numeric(counts[0], wanted[0], errors[0], close(counts[1], wanted[1], errors[1]))


@measure("D19")
def spain_and_wallonia(study: Study) -> Reading:
    """Spanish localities (of six) with a response in part, their index below the mean; Wallonia does not
    respond."""
    sample = study.west
    spain, wallonia = sample.of("country", "Spain"), sample.of("framework", "BE-WAL")
    number = float(np.sum(sample["response_class"][spain] == 1))
    low = gap(sample["mipex_total"], spain, ~spain).negative
    none = bool(np.all(sample["response_class"][wallonia] == 0))
    return Reading(number, number >= 5 and low and none, 6 * share_error(0.875, 6))


@measure("D2")
def policy_by_country(study: Study) -> Reading:
    """Rank correlation of the country means of the policy index with the published ones."""
    found, wanted = (country_means(each, "mipex_total") for each in (study.west, published().west))
    order = sorted(wanted)
    correlated = rank_correlation(
        np.array([found.get(code, math.nan) for code in order]), np.array([wanted[code] for code in order])
    )
    return holds(correlated, correlated.value >= ORDER)


@measure("D3")
def variance_between_countries(study: Study) -> Reading:
    """Share of the variance of the policy index that lies between countries."""
    return numeric(
        between_countries(study.west, "mipex_total"), _values("D3")["between_country"], _jackknife_d3()
    )


def _jackknife_d3() -> float:
    notes = published().notes
    if "between_error" not in notes:
        west = published().west
        everything = np.arange(len(west))
        left_out = [between_countries(west.where(everything != row), "mipex_total") for row in everything]
        n = len(left_out)
        notes["between_error"] = math.sqrt((n - 1) * float(np.var(left_out)))
    error: float = notes["between_error"]
    return error


def _numeric_gap(study: Study, label: str, first: str, second: str) -> Reading:
    """A gap between groups within countries, against the same gap of the published table."""
    found, wanted = (
        gap(centred(each, "mipex_total"), each.of(label, first), each.of(label, second))
        for each in (study.west, published().west)
    )
    return numeric(found.value, wanted.value, wanted.error)


@measure("D4")
def policy_by_colour(study: Study) -> Reading:
    """Policy under progressive minus conservative executives, within countries."""
    return _numeric_gap(study, "executive", "progressive", "conservative")


@measure("D5")
def policy_by_size(study: Study) -> Reading:
    """Policy in medium towns minus rural areas, within countries."""
    return _numeric_gap(study, "size", "medium", "rural")


@measure("D6")
def seats_and_colour(study: Study) -> Reading:
    """Policy with some minus no radical-right seats, within countries: progressive less conservative."""
    sample = study.west
    policy, seats = centred(sample, "mipex_total"), sample["rrp_band"] > 0
    effects = {}
    for colour in ("progressive", "conservative"):
        mask = sample.of("executive", colour)
        effects[colour] = gap(policy, mask & seats, mask & ~seats)
    return direction(
        effects["progressive"] - effects["conservative"],
        effects["progressive"].value > 0,
        effects["conservative"].value < 0,
    )


@measure("D12")
def policy_and_covariates(study: Study) -> Reading:
    """Correlation of policy with unemployment within countries; three other correlations right too."""
    values = _values("D12")
    sample = study.west
    found = {
        "unemployment": correlation(sample["unemployment_band"], sample["mipex_total"]),
        "non_eu": correlation(sample["non_eu_band"], sample["mipex_total"]),
        "unemployment_within": centred_correlation(sample, "unemployment_band", "mipex_total"),
        "non_eu_within": centred_correlation(sample, "non_eu_band", "mipex_total"),
    }
    n = WEST_LOCALITIES
    matched = [close(each.value, values[name], _error(values[name], name, n)) for name, each in found.items()]
    return numeric(
        found["unemployment_within"].value,
        values["unemployment_within"],
        _error(values["unemployment_within"], "unemployment_within", n),
        *matched,
    )


def _error(r: float, name: str, n: int) -> float:
    free = n - 2 - (6 if name.endswith("within") else 0)
    return (1 - r * r) / math.sqrt(free)
