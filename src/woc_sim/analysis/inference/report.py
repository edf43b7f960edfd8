"""What a calibration found, in one plain sentence for each result."""

from __future__ import annotations

from typing import Final

from woc_sim.analysis.inference.discrepancy import ASSUMED
from woc_sim.analysis.inference.folds import Folds
from woc_sim.analysis.inference.matching import CUT
from woc_sim.analysis.inference.posterior import POPULATIONS, Posterior
from woc_sim.analysis.inference.wave_tables import (
    POLITICS,
    emulator_table,
    politics_of,
    rejecting_table,
    shrinkage_table,
    wave_table,
)
from woc_sim.analysis.inference.waves import Calibration

AGREE: Final = 1.1
"""Populations of draws agree on a parameter up to this scale reduction (Gelman and Rubin 1992)."""
SHRUNK: Final = 0.5
"""A parameter is shrunk by the data if its 90 % interval is at most this share of that of its range."""
UNIFORM: Final = 0.05
TOO_NARROW: Final = 0.25
"""Share of ranks in the outer two tenths from which intervals are called too narrow."""


def wave_sentences(found: Calibration) -> list[str]:
    """Waves, region, parameters, statistics, emulators, politics."""
    waves = wave_table(found)
    lines = []
    for _, row in waves.iterrows():
        left = f"{row.share_left:.2g} of the ranges is left" if row.share_left else "nothing is left"
        lines.append(
            f"wave {row.wave:.0f}: {row.points:.0f} points, {row.studies:.0f} studies; {left} "
            f"(smallest implausibility {row.smallest_implausibility:.2f}, cut {CUT:g}); "
            f"{row.loo_within_3:.1%} of the emulators' leave-one-out errors are within 3 sd"
        )
    lines.append(f"stopped: {found.stopped}")
    lines.append(_shrinkage_sentence(found))
    table = rejecting_table(found)
    if found.region.empty:
        named = table[table["implausibility_of_best"] > CUT]
        words = ", ".join(
            f"{row.statistic} ({row.finding}, {row.implausibility_of_best:.1f} sd)"
            for row in named.itertuples()
        )
        lines.append(
            "the form is rejected: even the best points are ruled out"
            + (f", by {words}" if words else ", by pairs of statistics that no point meets together")
        )
    else:
        hardest = table.sort_values("share_of_ranges", ascending=False).head(3)
        words = ", ".join(f"{row.statistic} ({row.share_of_ranges:.0%})" for row in hardest.itertuples())
        lines.append(f"most of the ranges is ruled out by: {words} (share of the first design above the cut)")
    off = table[table["implausibility_of_default"] > CUT].sort_values(
        "implausibility_of_default", ascending=False
    )
    words = ", ".join(f"{row.statistic} ({row.implausibility_of_default:.1f} sd)" for row in off.itertuples())
    lines.append(
        f"the default values are ruled out by {len(off)} statistics" + (f": {words}" if words else "")
    )
    weak = emulator_table(found)
    weak = weak[(weak["wave"] == len(found.waves)) & (weak["loo_within_3"] < 0.95)]
    if len(weak):
        lines.append(f"emulators to distrust (fewer than 95 % within 3 sd): {', '.join(weak['statistic'])}")
    known = sum(found.target.estimated)
    share = ASSUMED if found.settings.discrepancy is None else found.settings.discrepancy
    lines.append(
        f"the discrepancy of the model is estimated from countries left out for {known} statistics, and "
        f"assumed for {len(found.target.names) - known} (standard deviation of {share:g} of the published "
        "number)"
    )
    lines += politics_of(found)
    return lines


def _shrinkage_sentence(found: Calibration) -> str:
    table = shrinkage_table(found)
    idle = table[table["statistics"] == 0]["parameter"]
    unmoved = f"; {len(idle)} move no statistic: {', '.join(idle)}" if len(idle) else ""
    if found.region.empty:
        return "no statement on parameters, since no point is left" + unmoved
    shrunk = table[table["width"] <= SHRUNK]
    names = ", ".join(f"{row.parameter} ({row.low:.3g} to {row.high:.3g})" for row in shrunk.itertuples())
    return f"{len(shrunk)} of {len(table)} parameters are shrunk by the data by half or more" + (
        (f": {names}" if names else "") + unmoved
    )


def posterior_sentences(found: Posterior) -> list[str]:
    """Sets, statistics, check of the method."""
    table, ranks = found.statistics, found.ranks
    agree = int(table["agrees"].sum())
    off = ", ".join(table[~table["agrees"]]["statistic"])
    first = (
        "the form is rejected, so no set is plausible; these are the nearest ones: " if found.rejected else ""
    )
    medoid = found.sets[found.sets["medoid"]].iloc[0]["set"]
    shrunk = [
        name for name, width in sorted(found.widths.items(), key=lambda each: each[1]) if width <= SHRUNK
    ]
    outer = float((ranks["tenth_1"] + ranks["tenth_10"]).mean())
    low = int((ranks["p"] < UNIFORM).sum())
    return [
        f"{first}{len(found.sets)} sets; the medoid is set {medoid:.0f}",
        f"{agree} of {len(table)} fit statistics agree in the simulated studies of the sets"
        + (f"; off: {off}" if off else ""),
        f"{len(shrunk)} of {len(found.widths)} parameters are shrunk by the likelihood by half or more"
        + (f": {', '.join(shrunk)}" if shrunk else ""),
        *_politics_of_sets(found),
        _repeats(found),
        f"check with known truths: ranks differ from uniform (5 %) for {low} of {len(ranks)} parameters; "
        f"{UNIFORM * len(ranks):.1f} are expected by chance",
        f"{outer:.0%} of the ranks lie in the outer two tenths, where a correct method has 20%"
        + ("; the intervals of the sets are too narrow" if outer > TOO_NARROW else ""),
    ]


def _repeats(found: Posterior) -> str:
    """Whether populations of draws that know nothing of one another agree."""
    name, most = max(found.repeats.items(), key=lambda each: each[1])
    apart = [name for name, factor in found.repeats.items() if factor > AGREE]
    return (
        f"{len(apart)} of {len(found.repeats)} parameters differ between {POPULATIONS} populations of draws "
        f"(scale reduction above {AGREE}); most {name}, {most:.2f}"
    )


def _politics_of_sets(found: Posterior) -> list[str]:
    """Politics' share of within-country variance in the simulated studies of the sets, in words."""
    rows = found.statistics[found.statistics["statistic"].str.contains(POLITICS)]
    lines = []
    for _, row in rows.iterrows():
        half = 1.645 * row["error"]
        inside = abs(row["simulated"] - row["published"]) <= half
        simulated = f"{row['simulated']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
        beside = _beside(row["published"], half, inside)
        lines.append(f"{row['statistic']}: {simulated} in the studies of the sets, {beside}")
    return lines


def _beside(published: float, half: float, inside: bool) -> str:
    """A published number with its interval, and whether the simulated one is inside."""
    return (
        f"published {published:.2f} ({published - half:.2f} to {published + half:.2f}): "
        f"{'inside' if inside else 'outside'} the study's interval"
    )


def fold_sentences(found: Folds) -> list[str]:
    """Error and coverage, and the countries that are predicted worst."""
    total = found.countries[found.countries["country"] == "all"].iloc[0]
    worst = found.countries[found.countries["country"] != "all"].nlargest(2, "absolute_error")
    return [
        f"countries left out: the policy score is missed by {total['absolute_error']:.1f} +- "
        f"{1.645 * total['standard_error']:.1f} points on average over {int(total['cases'])} cases "
        f"(root mean square {total['rmse']:.1f})",
        f"{total['coverage']:.0%} of the 90 % intervals hold the published score; without the discrepancy of "
        f"places, which the other folds give, {total['coverage_of_sets']:.0%}",
        "worst: "
        + ", ".join(f"{row.country} ({row.mean_error:+.1f} on average)" for row in worst.itertuples()),
    ]
