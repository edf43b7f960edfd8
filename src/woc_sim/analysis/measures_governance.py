"""Measures of governance relations, frames and perceptions (S27-S45, S80, S102-S107, D7-D11)."""

from __future__ import annotations

import math
from functools import cache
from typing import Any, Final

import numpy as np

from woc_sim.analysis.estimates import (
    Estimate,
    across,
    correlation,
    correlation_error,
    gap,
    mean,
    paired,
    rank_correlation,
    regression,
    share,
    share_error,
    spread,
    within,
)
from woc_sim.analysis.measures import (
    ORDER,
    TENTH,
    Reading,
    close,
    direction,
    holds,
    inside,
    measure,
    numeric,
)
from woc_sim.analysis.measures_types import colour_gap
from woc_sim.analysis.replication import (
    FACTORS,
    average_network,
    betweenness_ranks,
    centred_correlation,
    component_correlations,
    degree_ranks,
    factor_shares,
    group_means,
    published,
)
from woc_sim.analysis.study import Sample, Study
from woc_sim.analysis.trials import POLICY, change, following
from woc_sim.evidence.catalogue import finding
from woc_sim.evidence.catalogue import rows as evidence_rows
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
RATINGS: Final = ("perceived_integration", "perceived_attitudes")


def _values(identifier: str) -> dict[str, float]:
    return dict(finding(identifier).values)


def ranks_under(study: Study, colour: str) -> tuple[dict[str, int], dict[str, int]]:
    """Ranks by weighted degree and by betweenness in the average network under a colour (mixed left out)."""
    notes, key = study.notes, f"network-{colour}"
    if key not in notes:
        network = average_network(study.west.where(study.west.of("executive", colour)))
        notes[key] = degree_ranks(network), betweenness_ranks(network)
    found: tuple[dict[str, int], dict[str, int]] = notes[key]
    return found


@measure("S27")
def civil_society_central(study: Study) -> Reading:
    """Worse of the two best ranks of a civil-society kind in the average networks of both colours."""
    best = [
        min(ranks_under(study, colour)[0][kind] for kind in CIVIL_SOCIETY)
        for colour in ("progressive", "conservative")
    ]
    return Reading(float(max(best)), max(best) <= 3)


@measure("S28")
def government_central_left(study: Study) -> Reading:
    """Rank of local government by weighted degree under progressive executives; first by betweenness too."""
    degree, between = ranks_under(study, "progressive")
    rank = min(degree["executive"], degree["officials"])
    return Reading(float(rank), rank == 1 and min(between["executive"], between["officials"]) == 1)


@measure("S29")
def government_aside_right(study: Study) -> Reading:
    """Rank of local government by weighted degree under conservative executives, below providers and
    pro-migrant groups."""
    degree, _ = ranks_under(study, "conservative")
    rank = min(degree["executive"], degree["officials"])
    return Reading(float(rank), rank > 2 and max(degree["provider"], degree["ngo"]) < rank)


def meeting_gaps(sample: Sample) -> dict[str, Estimate]:
    """Progressive minus conservative frequency of meetings of local government with each non-public kind."""
    return {
        kind: colour_gap(sample, (sample[f"lg_{kind}_2017"] + sample[f"lg_{kind}_2020"]) / 2)
        for kind in NONPUBLIC
    }


@measure("S30")
def left_meets_all_more(study: Study) -> Reading:
    """Mean gap between colours over kinds of actors; positive for all, ranked in the published tiers."""
    gaps = meeting_gaps(study.west)
    tier = [2.0 if kind in LARGEST_GAPS else 1.0 if kind in CLEAR_GAPS else 0.0 for kind in NONPUBLIC]
    values = np.array([gaps[kind].value for kind in NONPUBLIC])
    together = across([study.west[f"lg_{kind}_{year}"] for kind in NONPUBLIC for year in (2017, 2020)])
    overall = colour_gap(study.west, together)
    order = rank_correlation(values, np.array(tier)).value
    return direction(overall, bool(np.all(values > 0)), order >= ORDER)


@measure("S31")
def higher_levels_rare(study: Study) -> Reading:
    """Meetings of local government with local non-public actors less those with the region; region,
    nation, EU in order."""
    sample = study.west
    local = across([sample[f"lg_{kind}_2020"] for kind in NONPUBLIC])
    levels = [mean(sample[f"lg_{kind}_2020"]).value for kind in ("eu", "nation", "region")]
    return direction(paired(local, sample["lg_region_2020"]), levels[0] < levels[1] < levels[2])


@measure("S32")
def officials_like_politicians(study: Study) -> Reading:
    """Frequency of politicians' minus officials' meetings, below half of the gap between colours."""
    found = mean(study.west["politicians_minus_officials"])
    colours = colour_gap(study.west, study.west["lg_mean_2020"])
    return holds(found, abs(found.value) <= max(abs(colours.value) / 2, 2 * found.error))


@measure("S33")
def covid_point(study: Study) -> Reading:
    """Change of the frequency of meetings from 2017-19 to 2020-21: about a point, alike under all colours."""
    sample = study.west
    found = mean(sample["covid_change"])
    colours = group_means(sample, "covid_change", "executive")
    fell = all(each.value < 0 for each in colours.values())
    alike = colour_gap(sample, sample["covid_change"]).unclear
    return Reading(found.value, abs(found.value + 1) <= 0.25 and fell and alike, found.error)


@measure("S34", latent=True)
def seats_shape_relations(study: Study) -> Reading:
    """Variance of relations that seats explain, alone and by colour, beyond the executive: horizontal and
    vertical."""
    sample = study.eu
    found = [_explained_by_seats(sample, name) for name in ("horizontal", "vertical")]
    return Reading(min(found), min(found) >= 0.05)


def _explained_by_seats(sample: Sample, name: str) -> float:
    columns = [sample["executive_ideology"], sample["rrp"], sample["rrp"] * sample["executive_ideology"]]
    return _adjusted(sample, name, columns) - _adjusted(sample, name, columns[:1])


def _adjusted(sample: Sample, name: str, columns: list[Array]) -> float:
    y = within(sample[name], sample["country"])
    x = np.column_stack([within(each, sample["country"]) for each in columns])
    keep = np.isfinite(y)
    y, x = y[keep], x[keep]
    total = float(y @ y)
    lost: int = len(np.unique(sample["country"]))
    if total < 1e-12 or len(y) - lost - x.shape[1] < 3:
        return math.nan
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    unexplained = float(residual @ residual) / total
    return 1.0 - unexplained * (len(y) - lost) / (len(y) - lost - int(x.shape[1]))


def seats_slope(sample: Sample, *colours: str) -> Estimate:
    """Slope of cooperative relations with non-public actors on seats under the given executives, given
    the type."""
    rows = sample.where(sample.of("executive", *colours))
    return regression(
        rows["horizontal"], rows["rrp"], rows["structure"], rows["experience"], groups=rows["size"]
    )[0]


@measure("S35", latent=True)
def seats_by_colour(study: Study) -> Reading:
    """Slope of cooperation on radical-right seats, progressive less others: positive under progressive,
    else negative."""
    left = seats_slope(study.synthetic, "progressive")
    right = seats_slope(study.synthetic, "mixed", "conservative")
    return direction(left - right, left.value > 0, right.value < 0)


@measure("S36")
def none_high_on_both(study: Study) -> Reading:
    """Share of localities with frequent, cooperative relations both to non-public actors and to higher
    levels."""
    sample = study.west
    found = share((sample["horizontal"] > HIGH) & (sample["vertical"] > HIGH))
    return holds(found, found.value <= 0.05)


@measure("S37")
def policies_do_not_spread(study: Study) -> Reading:
    """Points of the policy index that hearing of other localities' measures adds or takes: less than a tenth
    of the spread between localities."""
    found = mean(change(study.trials, "peers", POLICY, "no_peers"))
    little = abs(found.value) <= TENTH * spread(study.west[POLICY]).value
    return holds(found, little)


@measure("S38")
def segmented_and_conflictual(study: Study) -> Reading:
    """Share of pairs that meet with a negative tone; it and the modularity are clearly above 0."""
    negative, modules = mean(study.west["negative_ties"]), mean(study.west["modularity"])
    return holds(negative, negative.value >= TENTH, modules.value >= TENTH)


@measure("S39")
def self_sufficiency_first(study: Study) -> Reading:
    """Share of interviewees with self-sufficiency, which leads; participation and cohesion are among the
    next three."""
    sample = study.west
    means = {name: mean(sample[f"frame_d_{name}"]).value for name in DIAGNOSTIC_FRAMES}
    order = sorted(means, key=lambda name: -means[name])
    found = mean(sample["frame_d_self_sufficiency"])
    following = {"participation", "cohesion"} <= set(order[:4])
    return holds(found, order[0] == "self_sufficiency", found.value > 0.5, following)


@measure("S40")
def half_migrants_only(study: Study) -> Reading:
    """Share of interviewees who hold migrants alone responsible."""
    found = mean(study.west["frame_p_migrants_only"])
    return inside(found.value, 0.45, 0.50, share_error(0.475, 450))


@measure("S41")
def whole_community_rare(study: Study) -> Reading:
    """Share of interviewees who hold the whole community responsible."""
    wanted = _values("S41")["whole_community"]
    found = mean(study.west["frame_p_whole_community"])
    return numeric(found.value, wanted, share_error(wanted, 450))


@measure("S42")
def frames_by_kind(study: Study) -> Reading:
    """'Migrants only' among private actors less all; officials and progressive politicians stand at the
    other end."""
    sample = study.west
    private = paired(sample["migrants_only_private"], sample["frame_p_migrants_only"])
    officials = paired(sample["woc_officials"], sample["woc_all"])
    politicians = colour_gap(sample, sample["migrants_only_politicians"])
    return direction(private, officials.positive, politicians.negative)


@measure("S43")
def frames_near_the_executive(study: Study) -> Reading:
    """'Migrants only' under conservative less progressive executives among those close to them, more than
    among others; the frames of those close follow a new executive, more than others', and those who come
    close when ties are rewired follow the one in office."""
    sample = study.west
    near, far = (-colour_gap(sample, sample[f"migrants_only_{each}"]) for each in ("contact", "other"))
    moved = following(study.trials)
    turned, rewired = moved["turnover_near"], moved["rewire_far"]
    return direction(
        near,
        near.value > far.value,
        turned.positive and turned.value > moved["turnover_far"].value,
        rewired.positive and rewired.value > moved["rewire_near"].value,
    )


@measure("S44", latent=True)
def frames_whatever_the_place(study: Study) -> Reading:
    """Largest share of the variance of frames that goes with structure, experience or size."""
    shares = factor_shares(study)["frames"]
    largest = max(shares[FACTORS.index(name)] for name in ("structure", "experience", "size"))
    return Reading(largest, largest < 0.05)


@measure("S45", latent=True)
def frames_and_action(study: Study) -> Reading:
    """Correlation of 'whole community' with the share of active non-public organisations, within
    countries."""
    return direction(centred_correlation(study.eu, "frame_p_whole_community", "active_nonpublic"))


@measure("S80")
def opinion_misread(study: Study) -> Reading:
    """Residents' true attitude less what executives believe; the gap is wider for conservatives and in
    rural areas."""
    sample = study.eu
    bias = sample["belief_gap"]
    conservative = colour_gap(sample, bias)
    rural = sample.of("size", "rural")
    return direction(-mean(bias), conservative.positive, gap(bias, ~rural, rural).positive)


@cache
def _published_order(rating: str) -> dict[str, Estimate]:
    return component_correlations(published().rated, rating, inside_countries=True)


def _order_of_components(study: Study, rating: str) -> Reading:
    names = [name for name in COMPONENTS if name != "labour"]  # rescored between versions (I-01)
    found = component_correlations(study.rated, rating, inside_countries=True)
    wanted = _published_order(rating)
    order = rank_correlation(
        np.array([found[name].value for name in names]), np.array([wanted[name].value for name in names])
    )
    return holds(order, order.value >= ORDER)


@measure("S104", latent=True)
def components_and_integration(study: Study) -> Reading:
    """Rank correlation with Table 7, within countries: components by their correlation with perceived
    integration."""
    return _order_of_components(study, "perceived_integration")


@measure("S105", latent=True)
def components_and_attitudes(study: Study) -> Reading:
    """Rank correlation with Table 7, within countries: components by their correlation with perceived
    attitudes."""
    return _order_of_components(study, "perceived_attitudes")


@measure("S106", "D9", latent=True)
def ratings_go_together(study: Study) -> Reading:
    """Correlation of perceived integration and perceived attitudes."""
    wanted = _values("S106")["correlation"]
    found = correlation(study.rated["perceived_integration"], study.rated["perceived_attitudes"])
    return numeric(found.value, wanted, correlation_error(wanted, 30))


@measure("S103", "D10")
def ratings_distributed(study: Study) -> Reading:
    """Mean perceived integration; its spread, and mean and spread of perceived attitudes, are right too."""
    n = 30
    values = _values("S103")
    matched = []
    for rating, stem in zip(RATINGS, ("integration", "attitudes"), strict=True):
        sd = values[f"{stem}_sd"]
        column = study.rated[rating]
        matched.append(close(mean(column).value, values[f"{stem}_mean"], sd / math.sqrt(n)))
        matched.append(close(spread(column).value, sd, sd / math.sqrt(2 * (n - 1))))
    return numeric(
        mean(study.rated[RATINGS[0]]).value,
        values["integration_mean"],
        values["integration_sd"] / math.sqrt(n),
        *matched,
    )


@measure("S107", "D11")
def judgements_spread_with_policy(study: Study) -> Reading:
    """Log ratio of the spread of perceived integration above 40 to below 20 points of policy; means are
    alike."""
    sample = study.rated
    low, high = (
        sample["perceived_integration"][mask]
        for mask in (sample["mipex_total"] < 20, sample["mipex_total"] > 40)
    )
    if min(len(low), len(high)) < 3 or min(np.std(low), np.std(high)) <= 0:
        return Reading(math.nan, False)
    ratio = math.log(float(np.std(high, ddof=1) / np.std(low, ddof=1)))
    error = math.sqrt(1 / (2 * (len(low) - 1)) + 1 / (2 * (len(high) - 1)))
    return direction(Estimate(ratio, error), abs(float(np.mean(high) - np.mean(low))) <= 0.2)


@measure("D7", latent=True)
def attitudes_seen_by_colour(study: Study) -> Reading:
    """Perceived attitudes under progressive executives less the others; progressive is highest of the
    three."""
    sample = study.rated
    left = sample.of("executive", "progressive")
    means = group_means(sample, "perceived_attitudes", "executive")
    highest = means["progressive"].value == max(each.value for each in means.values())
    return direction(gap(sample["perceived_attitudes"], left, ~left), highest)


@measure("D8", latent=True)
def seats_and_perceived_attitudes(study: Study) -> Reading:
    """Correlation of the band of radical-right seats with perceived attitudes."""
    wanted = _values("D8")["correlation"]
    found = correlation(study.rated["rrp_band"], study.rated["perceived_attitudes"])
    return numeric(found.value, wanted, correlation_error(wanted, 30))


@measure("S102")
def policy_and_opinion(study: Study) -> Reading:
    """Correlation of policy with 'well integrated'; its correlation with the gap to Ukrainians is
    negative."""
    sample = study.surveyed
    opinion = correlation(sample["mipex_total"], sample["well_integrated_ne"])
    difference = sample["well_integrated_ua"] - sample["well_integrated_ne"]
    return direction(opinion, correlation(sample["mipex_total"], difference).negative)
