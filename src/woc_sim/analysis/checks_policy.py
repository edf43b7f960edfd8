"""Checks of local policy and of the response of all actors (S23-S25, S46-S56, S66-S73, D1-D6,
D12-D19)."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from woc_sim.analysis.checks import (
    MIN_RANK_CORRELATION,
    CheckResult,
    check,
    check_band,
    check_conditions,
    check_direction,
    check_number,
    close_to_published,
)
from woc_sim.analysis.estimates import (
    Estimate,
    complete_rows,
    correlation,
    log_odds,
    mean,
    mean_difference,
    rank_correlation,
    regression,
    same_counts,
    share,
    share_error,
    standard_deviation,
    standardised,
)
from woc_sim.analysis.published_data import EU_LOCALITIES
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

WEST_LOCALITIES: Final = 36
RESPONSES_EU: Final = (10, 20, 10)
"""Inclusive, mixed and lacking responses of the 40 EU localities (Table 5 without its other countries,
I-29)."""


def _published_values(identifier: str) -> dict[str, float]:
    return dict(finding(identifier).values)


def _targeted_sectors(sample: Sample) -> Array:
    number: Array = sample["targeted_housing"] + sample["targeted_work"]
    return number


@check("S23")
def medium_towns_targeted(study: Study) -> CheckResult:
    """Share of medium towns with targeted measures on housing and on work; the counts of both, one and none
    agree too."""
    sample = study.eu.where(study.eu.labelled("size", "medium"))
    number = _targeted_sectors(sample)
    counts = [float(np.sum(number == each)) for each in (2, 1, 0)]
    simulated = share(number == 2)
    return check_conditions(simulated, same_counts(counts, list(_published_values("S23").values())))


@check("S24")
def conservative_without_measures(study: Study) -> CheckResult:
    """Share of conservative-led localities without any targeted measure on housing or work."""
    sample = study.eu.where(study.eu.labelled("executive", "conservative"))
    simulated = share(_targeted_sectors(sample) == 0)
    return check_conditions(simulated, simulated.value > 0.5)


@check("S25")
def progressive_targeted(study: Study) -> CheckResult:
    """Share with targeted measures on work (or on housing, I-19): progressive or mixed minus conservative
    executives."""
    sample = study.eu
    conservative = sample.labelled("executive", "conservative")
    work = mean_difference(sample["targeted_work"], ~conservative, conservative)
    housing = mean_difference(sample["targeted_housing"], ~conservative, conservative)
    return CheckResult(work.value, work.positive or housing.positive, work.error)


@check("S46")
def response_classes(study: Study) -> CheckResult:
    """Share of localities with an inclusive response; the counts of inclusive, mixed and lacking responses
    agree."""
    simulated = study.eu["response_class"]
    counts = [float(np.sum(simulated == each)) for each in (2, 1, 0)]
    return check_conditions(share(simulated == 2), same_counts(counts, RESPONSES_EU))


@check("S47", "D1")
def policy_distribution(study: Study) -> CheckResult:
    """Mean of the policy index; its standard deviation agrees too."""
    values = _published_values("S47")
    n = WEST_LOCALITIES
    sd = standard_deviation(study.west["mipex_total"])
    error = values["sd"] / math.sqrt(2 * (n - 1))
    simulated = mean(study.west["mipex_total"])
    return check_number(
        simulated.value,
        values["mean"],
        values["sd"] / math.sqrt(n),
        close_to_published(sd.value, values["sd"], error),
    )


@check("S48")
def strategy_goes_with_policy(study: Study) -> CheckResult:
    """Correlation of the governance component with the total."""
    return check_direction(correlation(study.west["mipex_governance"], study.west["mipex_total"]))


@check("S49")
def monitoring_weak(study: Study) -> CheckResult:
    """Mean of the monitoring component; the number of localities with a score of 0 agrees too."""
    values = _published_values("S49")
    column = study.west["mipex_monitoring"]
    n = WEST_LOCALITIES
    error = mean(published().west["mipex_monitoring"]).error
    zeros = float(np.sum(column <= 0))
    of_zeros = n * share_error(values["zeros"] / n, n)
    return check_number(
        mean(column).value, values["mean"], error, close_to_published(zeros, values["zeros"], of_zeros)
    )


def component_means(sample: Sample) -> dict[str, float]:
    """Mean score of each component."""
    return {name: mean(sample[f"mipex_{name}"]).value for name in COMPONENTS}


@check("S50")
def developed_fields(study: Study) -> CheckResult:
    """Mean score of health minus that of political participation; participation is lowest, health and
    language are among the four highest."""
    means = component_means(study.west)
    order = sorted(means, key=lambda name: -means[name])
    distance = mean(study.west["mipex_health"] - study.west["mipex_political_participation"])
    lowest = order[-1] == "political_participation"
    return check_direction(distance, lowest, "health" in order[:4], "language" in order[:4])


@check("D13")
def component_order(study: Study) -> CheckResult:
    """Rank correlation of the component means with the published ones."""
    means = component_means(study.west)
    target = _published_values("D13")
    simulated = rank_correlation(
        np.array([means[name] for name in COMPONENTS]), np.array([target[name] for name in COMPONENTS])
    )
    return check_conditions(simulated, simulated.value >= MIN_RANK_CORRELATION)


@check("S51")
def conservative_lowest(study: Study) -> CheckResult:
    """Mean policy index under progressive minus conservative executives; it is lowest under conservative
    ones."""
    means = group_means(study.west, "mipex_total", "executive")
    values = [each.value for each in means.values()]
    return check_direction(
        means["progressive"] - means["conservative"], means["conservative"].value == min(values)
    )


@check("S53")
def seats_lower_activation(study: Study) -> CheckResult:
    """Decrease of the share of active non-public organisations per share of radical-right seats, within
    countries."""
    sample = study.west
    active = (sample["active_nonpublic"] + sample["active_private"]) / 2
    ideology = sample["executive_ideology"]
    return check_direction(-regression(active, sample["rrp"], ideology, groups=sample["country"])[0])


@check("S55")
def rural_response_beyond_policy(study: Study) -> CheckResult:
    """Response of all actors minus policy index, both standardised: rural areas minus towns."""
    sample = study.eu
    rural = sample.labelled("size", "rural")
    return check_direction(
        mean_difference(
            standardised(sample["response_share"]) - standardised(sample["mipex_total"]), rural, ~rural
        )
    )


@check("S56")
def most_lack_policies(study: Study) -> CheckResult:
    """Number of localities with a policy index below 50."""
    n = WEST_LOCALITIES
    target = _published_values("S56")["below_50"]
    low = float(np.sum(study.west["mipex_total"] < 50))
    return check_number(low, target, n * share_error(target / n, n))


@check("S66")
def municipal_measures(study: Study) -> CheckResult:
    """Share of localities with targeted measures on housing; the share for work agrees too."""
    values = _published_values("S66")
    n = EU_LOCALITIES
    work = mean(study.eu["targeted_work"]).value
    return check_number(
        mean(study.eu["targeted_housing"]).value,
        values["housing"],
        share_error(values["housing"], n),
        close_to_published(work, values["employment"], share_error(values["employment"], n)),
    )


def counts_by_actor(sample: Sample, sector: str) -> list[float]:
    """Number of localities with non-public action only, with none, with both, and with public action only."""
    columns = complete_rows(sample[f"anypublic_{sector}"], sample[f"nonstate_{sector}"])
    public, other = (column > 0.5 for column in columns)
    masks = (~public & other, ~public & ~other, public & other, public & ~other)
    return [float(np.sum(mask)) for mask in masks]


def _check_counts_by_actor(study: Study, identifier: str, sector: str) -> CheckResult:
    values = _published_values(identifier)
    counts = counts_by_actor(study.eu, sector)
    n = EU_LOCALITIES
    target = [values["non_public_only"], values["neither"], values["both"]]
    simulated = share(study.eu[f"nonstate_{sector}"] > 0.5)
    return check_conditions(simulated, same_counts(counts, [*target, n - sum(target)]))


@check("S70")
def housing_public_and_other(study: Study) -> CheckResult:
    """Share with non-public initiatives on housing; the four counts with and without public action agree."""
    return _check_counts_by_actor(study, "S70", "housing")


@check("S71")
def work_public_and_other(study: Study) -> CheckResult:
    """Share with non-public initiatives on work; the four counts with and without public action agree."""
    return _check_counts_by_actor(study, "S71", "work")


@check("S69")
def nobody_acts_on_housing(study: Study) -> CheckResult:
    """Number of localities where nobody acts on housing."""
    target = _published_values("S69")["nobody"]
    n = EU_LOCALITIES
    return check_number(counts_by_actor(study.eu, "housing")[1], target, n * share_error(target / n, n))


@check("S72")
def substitution_by_sector(study: Study) -> CheckResult:
    """Log odds ratio of non-public action on housing given public action; it is negative, and below that on
    work."""
    housing, work = (
        log_odds(study.eu[f"anypublic_{sector}"], study.eu[f"nonstate_{sector}"])
        for sector in ("housing", "work")
    )
    return CheckResult(housing.value, housing.negative and housing.value < work.value, housing.error)


@check("S73")
def initiatives_by_country(study: Study) -> CheckResult:
    """Share with non-public initiatives: Germany, Poland, Spain and Italy minus Belgium, the Netherlands and
    Sweden."""
    sample = study.eu
    acts_in_any_sector = np.maximum(sample["nonstate_housing"], sample["nonstate_work"])
    return check_direction(
        mean_difference(
            acts_in_any_sector,
            sample.labelled("country", "Germany", "Poland", "Spain", "Italy"),
            sample.labelled("country", "Belgium", "Netherlands", "Sweden"),
        )
    )


@check("D17")
def action_given_public(study: Study) -> CheckResult:
    """Share with non-public initiatives on housing where there is no public measure; three other shares agree
    too."""
    values = _published_values("D17")
    simulated = {}
    for sector in ("housing", "work"):
        alone, neither, both, public = counts_by_actor(study.eu, sector)
        simulated[sector] = (
            alone / (alone + neither) if alone + neither else math.nan,
            both / (both + public) if both + public else math.nan,
        )
    without, given = simulated["housing"]
    error = share_error(values["housing_no_public"], 18)
    work = close_to_published(
        simulated["work"][0], values["employment_no_public"], share_error(values["employment_no_public"], 13)
    )
    both_work = close_to_published(
        simulated["work"][1], values["employment_public"], share_error(values["employment_public"], 27)
    )
    housing = check_band(
        given, values["housing_public"], 0.545, share_error(values["housing_public"], 22)
    ).passed
    return check_number(without, values["housing_no_public"], error, work, both_work, housing)


@check("D18")
def any_initiative(study: Study) -> CheckResult:
    """Number of localities with non-public initiatives on housing; the number for work agrees too."""
    values = _published_values("D18")
    n = EU_LOCALITIES
    counts = [float(np.sum(study.eu[f"nonstate_{sector}"] > 0.5)) for sector in ("housing", "work")]
    target = [values["housing_non_public"], values["employment_non_public"]]
    errors = [n * share_error(each / n, n) for each in target]
    return check_number(counts[0], target[0], errors[0], close_to_published(counts[1], target[1], errors[1]))


@check("D19")
def spain_and_wallonia(study: Study) -> CheckResult:
    """Number of Spanish localities (of six) with a mixed response; their index is below the mean, and
    Wallonia does not respond."""
    sample = study.west
    spain, wallonia = sample.labelled("country", "Spain"), sample.labelled("framework", "BE-WAL")
    number = float(np.sum(sample["response_class"][spain] == 1))
    low = mean_difference(sample["mipex_total"], spain, ~spain).negative
    none = bool(np.all(sample["response_class"][wallonia] == 0))
    return CheckResult(number, number >= 5 and low and none, 6 * share_error(0.875, 6))


@check("D2")
def policy_by_country(study: Study) -> CheckResult:
    """Rank correlation of the country means of the policy index with the published ones."""
    simulated, target = (country_means(each, "mipex_total") for each in (study.west, published().west))
    order = sorted(target)
    correlated = rank_correlation(
        np.array([simulated.get(code, math.nan) for code in order]),
        np.array([target[code] for code in order]),
    )
    return check_conditions(correlated, correlated.value >= MIN_RANK_CORRELATION)


@check("D3")
def variance_between_countries(study: Study) -> CheckResult:
    """Share of the variance of the policy index that lies between countries."""
    return check_number(
        between_countries(study.west, "mipex_total"),
        _published_values("D3")["between_country"],
        _jackknife_error(),
    )


def _jackknife_error() -> float:
    notes = published().notes
    if "between_error" not in notes:
        west = published().west
        everything = np.arange(len(west))
        left_out = [between_countries(west.where(everything != row), "mipex_total") for row in everything]
        n = len(left_out)
        notes["between_error"] = math.sqrt((n - 1) * float(np.var(left_out)))
    error: float = notes["between_error"]
    return error


def _check_group_differences(study: Study, label: str, first: str, middle: str, last: str) -> CheckResult:
    """The difference between the first and the last group within countries; it is above 0 by more than its
    standard error. It and the difference between the middle and the last group agree with the published
    table."""

    def difference(sample: Sample, name: str) -> Estimate:
        policy = centred(sample, "mipex_total")
        return mean_difference(policy, sample.labelled(label, name), sample.labelled(label, last))

    (whole, target), (half, half_target) = (
        (difference(study.west, name), difference(published().west, name)) for name in (first, middle)
    )
    agrees = close_to_published(half.value, half_target.value, half_target.error)
    return check_number(whole.value, target.value, target.error, whole.positive, agrees)


@check("D4")
def policy_by_colour(study: Study) -> CheckResult:
    """Policy index under progressive minus conservative executives, within countries; mixed minus
    conservative agrees too."""
    return _check_group_differences(study, "executive", "progressive", "mixed", "conservative")


@check("D5")
def policy_by_size(study: Study) -> CheckResult:
    """Policy index in medium towns minus rural areas, within countries; small towns minus rural areas agrees
    too."""
    return _check_group_differences(study, "size", "medium", "small", "rural")


@check("D6")
def seats_and_colour(study: Study) -> CheckResult:
    """Policy index with minus without radical-right seats, within countries: progressive minus conservative
    executives."""
    sample = study.west
    policy, seats = centred(sample, "mipex_total"), sample["rrp_band"] > 0
    effects = {}
    for colour in ("progressive", "conservative"):
        mask = sample.labelled("executive", colour)
        effects[colour] = mean_difference(policy, mask & seats, mask & ~seats)
    return check_direction(
        effects["progressive"] - effects["conservative"],
        effects["progressive"].value > 0,
        effects["conservative"].value < 0,
    )


@check("D12")
def policy_and_covariates(study: Study) -> CheckResult:
    """Correlation of policy index and unemployment within countries; three other correlations agree too."""
    values = _published_values("D12")
    sample = study.west
    simulated = {
        "unemployment": correlation(sample["unemployment_band"], sample["mipex_total"]),
        "non_eu": correlation(sample["non_eu_band"], sample["mipex_total"]),
        "unemployment_within": centred_correlation(sample, "unemployment_band", "mipex_total"),
        "non_eu_within": centred_correlation(sample, "non_eu_band", "mipex_total"),
    }
    n = WEST_LOCALITIES
    agree = [
        close_to_published(each.value, values[name], _correlation_error(values[name], name, n))
        for name, each in simulated.items()
    ]
    return check_number(
        simulated["unemployment_within"].value,
        values["unemployment_within"],
        _correlation_error(values["unemployment_within"], "unemployment_within", n),
        *agree,
    )


def _correlation_error(r: float, name: str, n: int) -> float:
    free = n - 2 - (6 if name.endswith("within") else 0)
    return (1 - r * r) / math.sqrt(free)
