"""Checks of governance relations, frames and perceptions (S27-S45, S80, S102-S107, D7-D11)."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis.checks import (
    MIN_RANK_CORRELATION,
    TENTH,
    CheckResult,
    check,
    check_band,
    check_conditions,
    check_direction,
    check_number,
    close_to_published,
)
from woc_sim.analysis.checks_types import COLUMNS_OF_FACTOR, colour_gap
from woc_sim.analysis.counterfactuals import POLICY, arm_difference, frame_shifts
from woc_sim.analysis.estimates import (
    Estimate,
    correlation,
    correlation_error,
    group_centred,
    mean,
    mean_difference,
    mean_of_columns,
    paired_difference,
    rank_correlation,
    regression,
    share,
    share_error,
    standard_deviation,
    variance_share_error,
)
from woc_sim.analysis.published_data import INTERVIEWEES
from woc_sim.analysis.replication import (
    FACTORS,
    average_network,
    betweenness_ranks,
    centred_correlation,
    component_correlations,
    countries_lost,
    degree_ranks,
    factor_shares,
    free_localities,
    group_means,
    published,
)
from woc_sim.analysis.study import Sample, Study
from woc_sim.evidence.catalogue import finding
from woc_sim.evidence.catalogue import table_rows as evidence_rows
from woc_sim.inputs.organisations import kinds_with
from woc_sim.inputs.vocabulary import COMPONENTS, DIAGNOSTIC_FRAMES

Array = np.ndarray[Any, Any]

CIVIL_SOCIETY: Final = kinds_with("mission")
NONPUBLIC: Final = (*CIVIL_SOCIETY, *kinds_with("nonpublic", without=("mission",)))
LARGEST_GAPS: Final = tuple(row["kind"] for row in evidence_rows("figure4") if row["gap"] == "largest")
CLEAR_GAPS: Final = tuple(row["kind"] for row in evidence_rows("figure4") if row["gap"] == "clear")
"""Kinds of which the study says how far the colours differ in their meetings with local government."""
HIGH: Final = 0.7
"""From here on an axis of Figure 5 (0 to 1) counts as high."""
NETWORK_LOCALITIES: Final = 26
"""Localities in Figure 5."""
MIN_PROBABILITY: Final = 0.05
"""A share agrees with "none of n" if n localities without any would be seen with this probability."""
MOST_WITH_ATTITUDES: Final = ("interculturalism", "actors")
"""Components that go most with perceived attitudes, by the paper's words."""
RATINGS: Final = ("perceived_integration", "perceived_attitudes")


def _published_values(identifier: str) -> dict[str, float]:
    return dict(finding(identifier).values)


def network_ranks(study: Study, colour: str) -> tuple[dict[str, int], dict[str, int]]:
    """Ranks by weighted degree and by betweenness in the average network of localities with that executive
    (mixed executives are left out)."""
    notes, key = study.notes, f"network-{colour}"
    if key not in notes:
        network = average_network(study.west.where(study.west.labelled("executive", colour)))
        notes[key] = degree_ranks(network), betweenness_ranks(network)
    simulated: tuple[dict[str, int], dict[str, int]] = notes[key]
    return simulated


@check("S27")
def civil_society_central(study: Study) -> CheckResult:
    """The best rank of a civil-society kind in the average network under each colour; the worse of the
    two."""
    best = [
        min(network_ranks(study, colour)[0][kind] for kind in CIVIL_SOCIETY)
        for colour in ("progressive", "conservative")
    ]
    return CheckResult(float(max(best)), max(best) <= 3)


@check("S28")
def government_central_under_progressive(study: Study) -> CheckResult:
    """Rank of local government by weighted degree under progressive executives; it is first by betweenness
    too."""
    degree, between = network_ranks(study, "progressive")
    rank = min(degree["executive"], degree["officials"])
    return CheckResult(float(rank), rank == 1 and min(between["executive"], between["officials"]) == 1)


@check("S29")
def government_peripheral_under_conservative(study: Study) -> CheckResult:
    """Rank of local government by weighted degree under conservative executives; it is below providers and
    pro-migrant groups."""
    degree, _ = network_ranks(study, "conservative")
    rank = min(degree["executive"], degree["officials"])
    return CheckResult(float(rank), rank > 2 and max(degree["provider"], degree["ngo"]) < rank)


def meeting_gaps(sample: Sample) -> dict[str, Estimate]:
    """Frequency of meetings of local government with each non-public kind: progressive minus conservative
    executives."""
    return {
        kind: colour_gap(sample, (sample[f"lg_{kind}_2017"] + sample[f"lg_{kind}_2020"]) / 2)
        for kind in NONPUBLIC
    }


@check("S30")
def progressive_meets_all_more(study: Study) -> CheckResult:
    """Difference between colours in the frequency of meetings, mean over kinds of actors; it is positive for
    all kinds and its order agrees with the published tiers."""
    gaps = meeting_gaps(study.west)
    tier = [2.0 if kind in LARGEST_GAPS else 1.0 if kind in CLEAR_GAPS else 0.0 for kind in NONPUBLIC]
    values = np.array([gaps[kind].value for kind in NONPUBLIC])
    together = mean_of_columns(
        [study.west[f"lg_{kind}_{year}"] for kind in NONPUBLIC for year in (2017, 2020)]
    )
    overall = colour_gap(study.west, together)
    order = rank_correlation(values, np.array(tier)).value
    return check_direction(overall, bool(np.all(values > 0)), order >= MIN_RANK_CORRELATION)


@check("S31")
def higher_levels_rare(study: Study) -> CheckResult:
    """Meetings of local government with local non-public actors minus those with the region; those with
    region, nation and EU decrease in this order."""
    sample = study.west
    local = mean_of_columns([sample[f"lg_{kind}_2020"] for kind in NONPUBLIC])
    levels = [mean(sample[f"lg_{kind}_2020"]).value for kind in ("eu", "nation", "region")]
    return check_direction(
        paired_difference(local, sample["lg_region_2020"]), levels[0] < levels[1] < levels[2]
    )


@check("S32")
def officials_like_politicians(study: Study) -> CheckResult:
    """Frequency of politicians' minus officials' meetings; it is below half of the difference between
    colours."""
    simulated = mean(study.west["politicians_minus_officials"])
    colours = colour_gap(study.west, study.west["lg_mean_2020"])
    return check_conditions(
        simulated, abs(simulated.value) <= max(abs(colours.value) / 2, 2 * simulated.error)
    )


@check("S33")
def covid_reduces_meetings(study: Study) -> CheckResult:
    """Change of the frequency of meetings from 2017-19 to 2020-21; it is about one point, and alike under all
    colours."""
    sample = study.west
    simulated = mean(sample["covid_change"])
    colours = group_means(sample, "covid_change", "executive")
    fell = all(each.value < 0 for each in colours.values())
    alike = colour_gap(sample, sample["covid_change"]).unclear
    return CheckResult(simulated.value, abs(simulated.value + 1) <= 0.25 and fell and alike, simulated.error)


@check("S34", latent=True)
def seats_shape_relations(study: Study) -> CheckResult:
    """Share of the variance of relations that seats explain, alone and with colour, beyond the executive; the
    smaller of horizontal and vertical relations. Both are above 0 by more than their standard errors."""
    sample = study.eu
    smaller = min(_explained_by_seats(sample, name) for name in ("horizontal", "vertical"))
    return check_direction(Estimate(smaller, variance_share_error(smaller, 2, free_localities(sample))))


def _explained_by_seats(sample: Sample, name: str) -> float:
    columns = [sample["executive_ideology"], sample["rrp"], sample["rrp"] * sample["executive_ideology"]]
    return _adjusted_r_squared(sample, name, columns) - _adjusted_r_squared(sample, name, columns[:1])


def _adjusted_r_squared(sample: Sample, name: str, columns: list[Array]) -> float:
    y = group_centred(sample[name], sample["country"])
    x = np.column_stack([group_centred(each, sample["country"]) for each in columns])
    keep = np.isfinite(y)
    y, x = y[keep], x[keep]
    total = float(y @ y)
    lost: int = len(np.unique(sample["country"]))
    if total < 1e-12 or len(y) - lost - x.shape[1] < 3:
        return math.nan
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    unexplained = float(residual @ residual) / total
    return 1.0 - unexplained * (len(y) - lost) / (len(y) - lost - int(x.shape[1]))


def slope_on_seats(sample: Sample, *colours: str) -> Estimate:
    """Slope of cooperative relations with non-public actors on seats under the given executives, given type
    and size."""
    rows = sample.where(sample.labelled("executive", *colours))
    return regression(
        rows["horizontal"], rows["rrp"], rows["structure"], rows["experience"], groups=rows["size"]
    )[0]


@check("S35", latent=True)
def seats_by_colour(study: Study) -> CheckResult:
    """Slope of cooperation on radical-right seats, progressive minus other executives; it is positive under
    progressive and negative under other executives."""
    left = slope_on_seats(study.synthetic, "progressive")
    right = slope_on_seats(study.synthetic, "mixed", "conservative")
    return check_direction(left - right, left.value > 0, right.value < 0)


@check("S36")
def few_frequent_on_both_sides(study: Study) -> CheckResult:
    """Share of localities with frequent, cooperative relations both to non-public actors and to higher
    levels; it is so small that none of 26 localities would often be one of them."""
    sample = study.west
    simulated = share((sample["horizontal"] > HIGH) & (sample["vertical"] > HIGH))
    none_of_them = (1 - simulated.value) ** NETWORK_LOCALITIES
    return check_conditions(simulated, none_of_them >= MIN_PROBABILITY)


@check("S37")
def policies_do_not_spread(study: Study) -> CheckResult:
    """Change of the policy index if localities learn of one another's measures, in points; it is less than a
    tenth of the standard deviation between localities."""
    simulated = mean(arm_difference(study.counterfactuals, "peers", POLICY, "no_peers"))
    little = abs(simulated.value) <= TENTH * standard_deviation(study.west[POLICY]).value
    return check_conditions(simulated, little)


@check("S38")
def segmented_and_conflictual(study: Study) -> CheckResult:
    """Share of pairs that meet with a negative tone; it and the modularity are clearly above 0."""
    negative, modules = mean(study.west["negative_ties"]), mean(study.west["modularity"])
    return check_conditions(negative, negative.value >= TENTH, modules.value >= TENTH)


@check("S39")
def self_sufficiency_first(study: Study) -> CheckResult:
    """Share of interviewees with the frame self-sufficiency; it is the most frequent frame, and participation
    and cohesion are among the next three."""
    sample = study.west
    means = {name: mean(sample[f"frame_d_{name}"]).value for name in DIAGNOSTIC_FRAMES}
    order = sorted(means, key=lambda name: -means[name])
    simulated = mean(sample["frame_d_self_sufficiency"])
    following = {"participation", "cohesion"} <= set(order[:4])
    return check_conditions(simulated, order[0] == "self_sufficiency", simulated.value > 0.5, following)


@check("S40")
def half_hold_migrants_responsible(study: Study) -> CheckResult:
    """Share of interviewees who hold migrants alone responsible."""
    simulated = mean(study.west["frame_p_migrants_only"])
    return check_band(simulated.value, 0.45, 0.50, share_error(0.475, INTERVIEWEES))


@check("S41")
def whole_community_rare(study: Study) -> CheckResult:
    """Share of interviewees who hold the whole community responsible."""
    target = _published_values("S41")["whole_community"]
    simulated = mean(study.west["frame_p_whole_community"])
    return check_number(simulated.value, target, share_error(target, INTERVIEWEES))


@check("S42")
def frames_by_kind(study: Study) -> CheckResult:
    """Share with 'migrants only' among private actors minus that among all; officials hold the whole
    community responsible more often, and progressive politicians 'migrants only' less often."""
    sample = study.west
    private = paired_difference(sample["migrants_only_private"], sample["frame_p_migrants_only"])
    officials = paired_difference(sample["woc_officials"], sample["woc_all"])
    politicians = colour_gap(sample, sample["migrants_only_politicians"])
    return check_direction(private, officials.positive, politicians.negative)


@check("S43")
def frames_near_the_executive(study: Study) -> CheckResult:
    """Share with 'migrants only' near the executive: conservative minus progressive executives. The
    difference is larger near the executive than far from it. The frames near a new executive move towards it,
    more than those far from it; and if ties are rewired, the frames of its new partners move towards it, more
    than those of the old ones."""
    sample = study.west
    near, far = (-colour_gap(sample, sample[f"migrants_only_{each}"]) for each in ("contact", "other"))
    moved = frame_shifts(study.counterfactuals)
    turned, rewired = moved["turnover_near"], moved["rewire_far"]
    return check_direction(
        near,
        near.value > far.value,
        turned.positive and turned.value > moved["turnover_far"].value,
        rewired.positive and rewired.value > moved["rewire_near"].value,
    )


@check("S44", latent=True)
def frames_independent_of_locality(study: Study) -> CheckResult:
    """Largest share of the variance of frames that structure, experience or size explain; none of the three
    is above 0 by more than two standard errors."""
    shares = factor_shares(study)["frames"]
    free = free_localities(study.eu)
    found = [
        Estimate(share_of, variance_share_error(share_of, COLUMNS_OF_FACTOR[name], free))
        for name, share_of in zip(FACTORS, shares, strict=True)
        if name != "politics"
    ]
    largest = max(found, key=lambda each: each.value)
    return check_conditions(largest, all(each.value <= 2 * each.error for each in found))


@check("S45", latent=True)
def frames_and_action(study: Study) -> CheckResult:
    """Correlation of the frame 'whole community' with the share of active non-public organisations, within
    countries."""
    return check_direction(centred_correlation(study.eu, "frame_p_whole_community", "active_nonpublic"))


@check("S80")
def opinion_misjudged(study: Study) -> CheckResult:
    """Residents' true attitude minus what executives believe; the difference is larger for conservatives and
    in rural areas."""
    sample = study.eu
    bias = sample["belief_gap"]
    conservative = colour_gap(sample, bias)
    rural = sample.labelled("size", "rural")
    return check_direction(-mean(bias), conservative.positive, mean_difference(bias, ~rural, rural).positive)


COMPARED_COMPONENTS: Final = tuple(name for name in COMPONENTS if name != "labour")
"""Components whose correlations are compared; labour was rescored between versions (I-01)."""


@cache
def _published_order() -> Array:
    target = component_correlations(published().rated, "perceived_integration", inside_countries=True)
    return np.array([target[name].value for name in COMPARED_COMPONENTS])


@check("S104", latent=True)
def components_and_integration(study: Study) -> CheckResult:
    """Rank correlation of the components with Table 7: by their correlation with perceived integration within
    countries."""
    simulated = component_correlations(study.rated, "perceived_integration", inside_countries=True)
    values = np.array([simulated[name].value for name in COMPARED_COMPONENTS])
    order = rank_correlation(values, _published_order())
    return check_conditions(order, order.value >= MIN_RANK_CORRELATION)


@check("S105", latent=True)
def components_and_attitudes(study: Study) -> CheckResult:
    """Correlation of perceived attitudes within countries with intercultural measures and actors (mean of the
    two) minus its mean correlation with the other components; it is above 0, and so are both correlations."""
    simulated = component_correlations(study.rated, "perceived_attitudes", inside_countries=True)
    named = [simulated[name].value for name in MOST_WITH_ATTITUDES]
    others = [simulated[name].value for name in COMPARED_COMPONENTS if name not in MOST_WITH_ATTITUDES]
    ahead = float(np.mean(named) - np.mean(others))
    return CheckResult(ahead, ahead > 0 and min(named) > 0, _error_of_components_ahead())


@cache
def _error_of_components_ahead() -> float:
    """Sampling error of the headline of S105, as if the correlations were independent."""
    free = len(published().rated) - countries_lost(published().rated)
    one = correlation_error(0.0, free)
    count = len(MOST_WITH_ATTITUDES)
    return one * math.sqrt(1 / count + 1 / (len(COMPARED_COMPONENTS) - count))


@check("S106", "D9", latent=True)
def ratings_go_together(study: Study) -> CheckResult:
    """Correlation of perceived integration and perceived attitudes."""
    target = _published_values("S106")["correlation"]
    simulated = correlation(study.rated["perceived_integration"], study.rated["perceived_attitudes"])
    return check_number(simulated.value, target, correlation_error(target, 30))


@check("S103", "D10")
def ratings_distributed(study: Study) -> CheckResult:
    """Mean perceived integration; its standard deviation, and mean and standard deviation of perceived
    attitudes, agree too."""
    n = 30
    values = _published_values("S103")
    agree = []
    for rating, stem in zip(RATINGS, ("integration", "attitudes"), strict=True):
        sd = values[f"{stem}_sd"]
        column = study.rated[rating]
        agree.append(close_to_published(mean(column).value, values[f"{stem}_mean"], sd / math.sqrt(n)))
        agree.append(close_to_published(standard_deviation(column).value, sd, sd / math.sqrt(2 * (n - 1))))
    return check_number(
        mean(study.rated[RATINGS[0]]).value,
        values["integration_mean"],
        values["integration_sd"] / math.sqrt(n),
        *agree,
    )


@check("S107", "D11")
def judgements_spread_with_policy(study: Study) -> CheckResult:
    """Log ratio of the standard deviations of perceived integration where policy is above 40 and below 20
    points; the means are alike."""
    sample = study.rated
    low, high = (
        sample["perceived_integration"][mask]
        for mask in (sample["mipex_total"] < 20, sample["mipex_total"] > 40)
    )
    if min(len(low), len(high)) < 3 or min(np.std(low), np.std(high)) <= 0:
        return CheckResult(math.nan, False)
    ratio = math.log(float(np.std(high, ddof=1) / np.std(low, ddof=1)))
    error = math.sqrt(1 / (2 * (len(low) - 1)) + 1 / (2 * (len(high) - 1)))
    return check_direction(Estimate(ratio, error), abs(float(np.mean(high) - np.mean(low))) <= 0.2)


@check("D7", latent=True)
def attitudes_seen_by_colour(study: Study) -> CheckResult:
    """Perceived attitudes under progressive minus other executives; they are highest under progressive
    executives."""
    sample = study.rated
    left = sample.labelled("executive", "progressive")
    means = group_means(sample, "perceived_attitudes", "executive")
    highest = means["progressive"].value == max(each.value for each in means.values())
    return check_direction(mean_difference(sample["perceived_attitudes"], left, ~left), highest)


@check("D8", latent=True)
def seats_and_perceived_attitudes(study: Study) -> CheckResult:
    """Correlation of the band of radical-right seats with perceived attitudes."""
    target = _published_values("D8")["correlation"]
    simulated = correlation(study.rated["rrp_band"], study.rated["perceived_attitudes"])
    return check_number(simulated.value, target, correlation_error(target, 30))


@check("S102")
def policy_and_opinion(study: Study) -> CheckResult:
    """Correlation of policy with 'well integrated'; its correlation with the difference to Ukrainians is
    negative."""
    sample = study.surveyed
    opinion = correlation(sample["mipex_total"], sample["well_integrated_ne"])
    difference = sample["well_integrated_ua"] - sample["well_integrated_ne"]
    return check_direction(opinion, correlation(sample["mipex_total"], difference).negative)
