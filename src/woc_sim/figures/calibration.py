"""Pictures of `woc-sim calibrate`: reach, waves, plausible sets, countries left out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from woc_sim.figures import style
from woc_sim.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    PUBLISHED_MARK,
    VERMILION,
    Picture,
)
from woc_sim.figures.wording import factor_label

WORD_MARKS: Final = {
    "out of reach": (VERMILION, "X"),
    "only off": (ORANGE, "o"),
    "held by the default": (GREEN, "s"),
}
MAX_STATEMENT: Final = 76
WAVE_COLOURS: Final = (PALE, ORANGE, BLUE, GREEN, VERMILION)
PAIRS: Final = 6
"""Parameters whose pairs are drawn: those that the data shrink most."""
CUT: Final = 3.0
IMPLAUSIBLE_COLOURS: Final = ("#08306B", "#2171B5", "#6BAED6", "#FEE0D2", "#FC9272", "#DE2D26")
"""From 0 to 6: blue up to the cut, red above it."""
MAX_SCORE: Final = 100.0


def reach(table: pd.DataFrame, folder: Path) -> Picture:
    """Share of points of the ranges at which each finding holds, with its 90 % interval.

    table: as `woc_sim.analysis.reach.reach` returns it.
    """
    order = {word: number for number, word in enumerate(WORD_MARKS)}
    rows = table.assign(place=table["word"].map(order)).sort_values(["place", "share"], kind="stable")
    half = -(-len(rows) // 2)
    counts = rows["word"].value_counts()
    caption = (
        f"Each row is a finding, each of {int(rows['points'].iloc[0])} points of the ranges a whole study. "
        "Mark: share of points at which the finding holds (line: 90 % interval). Open diamond: share of the "
        "default point's studies. Out of reach: fewer than one point in a hundred, and none of the default's "
        "studies."
    )
    with style.project_style():
        figure, top = style.new_captioned_figure(15.5, 0.155 * half + 1.1, caption)
        height = 1 - top - 0.75 / figure.get_figheight()
        for number, part in enumerate((rows.iloc[:half], rows.iloc[half:])):
            axes = figure.add_axes((0.27 + 0.5 * number, top + 0.35 / figure.get_figheight(), 0.21, height))
            _reach_panel(axes, part, half)
        handles, names = figure.axes[0].get_legend_handles_labels()
        more = [each.get_legend_handles_labels() for each in figure.axes[1:]]
        legend = dict(zip(names, handles, strict=True))
        for other_handles, other_names in more:
            legend |= dict(zip(other_names, other_handles, strict=True))
        figure.legend(legend.values(), legend.keys(), loc="upper center", ncols=4)
        title = "What is out of reach, and what is only off"
        path = style.save(figure, folder / "reach.png", title)
    alt = "; ".join(f"{int(counts.get(word, 0))} {word}" for word in WORD_MARKS)
    return Picture(path, title, caption, alt)


def _reach_panel(axes: Axes, rows: pd.DataFrame, most: int) -> None:
    at = np.arange(len(rows))
    for word, (colour, mark) in WORD_MARKS.items():
        own = (rows["word"] == word).to_numpy()
        if own.any():
            axes.hlines(at[own], rows["low"][own], rows["high"][own], color=colour, linewidth=1.6)
            axes.plot(rows["share"][own], at[own], mark, color=colour, markersize=4.5, label=word)
    axes.plot(
        rows["default"], at, label="default", **{**PUBLISHED_MARK, "markersize": 3.8, "markeredgewidth": 0.8}
    )
    names = [f"{one.finding}  {_short(str(one.statement), MAX_STATEMENT)}" for one in rows.itertuples()]
    axes.set_yticks(at, names, fontsize=6.5)
    axes.set_ylim(most - 0.4, -0.6)
    axes.set_xlim(-0.03, 1.03)
    axes.set_xlabel("share of points at which it holds")
    axes.grid(axis="x", color=PALE, linewidth=0.5)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


def draw_waves(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Picture]:
    """Pictures of the waves: statistics, parameters, pairs of parameters.

    tables: as `woc_sim.analysis.inference.wave_tables.tables_of` returns them.
    """
    return [
        statistics(tables["emulators"], tables["waves"], folder),
        parameters(tables["shrinkage"], tables["waves"], folder),
        pairs(tables["depth"], tables["shrinkage"], tables["waves"], folder),
    ]


def statistics(emulators: pd.DataFrame, waves: pd.DataFrame, folder: Path) -> Picture:
    """Simulated range of each fit statistic by wave, in standard deviations from the published value."""
    names = list(dict.fromkeys(emulators["statistic"]))
    last = int(waves["wave"].max())
    caption = (
        "Bars: 5 % to 95 % of the studies of a wave, as distance from the published value in standard "
        "deviations (observation and discrepancy together). Beyond the dotted lines a point is ruled out "
        "if two statistics agree on it. At the right: share of leave-one-out errors of the last wave's "
        "emulator within 3 standard deviations (%)."
    )
    clip = 12.0
    with style.project_style():
        figure, top = style.new_captioned_figure(8.5, 0.21 * len(names) + 1.0, caption)
        tall = figure.get_figheight()
        axes = figure.add_axes((0.36, top + 0.4 / tall, 0.54, 1 - top - 0.85 / tall))
        drawn = [1, last] if last > 1 else [1]
        for index, wave in enumerate(drawn):
            rows = emulators[emulators["wave"] == wave].set_index("statistic").loc[names]
            low, high = (
                ((rows[f"simulated_{end}"] - rows["published"]) / rows["spread"]).clip(-clip, clip)
                for end in ("low", "high")
            )
            at = np.arange(len(names)) + (0.2 if index else -0.1 * (len(drawn) - 1))
            axes.hlines(at, low, high, color=BLUE if index else ORANGE, linewidth=3.4, label=f"wave {wave}")
        rows = emulators[emulators["wave"] == last].set_index("statistic").loc[names]
        for place, share in enumerate(rows["loo_within_3"]):
            text = f"{100 * share:.0f}" if np.isfinite(share) else "-"
            axes.text(1.02, place, text, transform=axes.get_yaxis_transform(), fontsize=7, va="center")
        axes.axvline(0.0, color=BLACK, linewidth=0.9)
        for side in (-CUT, CUT):
            axes.axvline(side, color=GREY, linewidth=0.9, linestyle=":")
        axes.set_xlim(-clip, clip)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_yticks(range(len(names)), [style.readable(name) for name in names], fontsize=7.5)
        axes.set_xlabel("simulated less published, standard deviations")
        figure.legend(*axes.get_legend_handles_labels(), loc="upper center", ncols=2)
        title = "Fit statistics by wave"
        path = style.save(figure, folder / "calibration_statistics.png", title)
    share = waves["loo_within_3"].iloc[-1]
    alt = f"{len(names)} statistics in {last} waves; {share:.0%} of leave-one-out errors within 3 sd."
    return Picture(path, title, caption, alt)


def parameters(shrinkage: pd.DataFrame, waves: pd.DataFrame, folder: Path) -> Picture:
    """What the waves leave of the range of each parameter."""
    empty = waves["share_left"].iloc[-1] == 0
    caption = (
        (
            "No point is left, so the bars show the best points found and not what is plausible. "
            if empty
            else ""
        )
        + "Bar: 5 % to 95 % of the region that is left, as a share of the parameter's range; dot: middle. "
        "Open diamond: the default. Dark bars are at most half as wide as that of the whole range."
    )
    span = shrinkage["range_high"] - shrinkage["range_low"]
    units = {
        name: (shrinkage[name] - shrinkage["range_low"]) / span
        for name in ("low", "middle", "high", "default")
    }
    at = np.arange(len(shrinkage))
    shrunk = (shrinkage["width"] <= 0.5).to_numpy()
    with style.project_style():
        figure, top = style.new_captioned_figure(8.0, 0.2 * len(shrinkage) + 0.9, caption)
        tall = figure.get_figheight()
        axes = figure.add_axes((0.34, top + 0.42 / tall, 0.62, 1 - top - 0.55 / tall))
        axes.hlines(at, 0, 1, color=PALE, linewidth=1.0)
        for mask, colour in ((shrunk, BLUE), (~shrunk, "#9DC3DC")):
            axes.hlines(at[mask], units["low"][mask], units["high"][mask], color=colour, linewidth=5.0)
        axes.plot(units["middle"], at, "o", color=INK, markersize=3.5)
        axes.plot(units["default"], at, **{**PUBLISHED_MARK, "markersize": 4.5})
        axes.set_yticks(at, [factor_label(str(each)) for each in shrinkage["parameter"]], fontsize=7.5)
        axes.set_ylim(len(at) - 0.4, -0.6)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel("place in the range (0 low end, 1 high end)")
        title = "What is left of each range"
        path = style.save(figure, folder / "calibration_parameters.png", title)
    return Picture(path, title, caption, f"{int(shrunk.sum())} of {len(at)} shrunk by half")


def pairs(depth: pd.DataFrame, shrinkage: pd.DataFrame, waves: pd.DataFrame, folder: Path) -> Picture:
    """Smallest implausibility (below the diagonal) and depth of the region (above), for pairs of "
    "parameters."""
    names = list(dict.fromkeys(depth["x"]))
    bins = int(depth["column"].max()) + 1
    share = float(waves["share_left"].iloc[-1])
    above_words = (
        "depth, the share of the points there that is not ruled out, as a multiple of that of all ranges "
        f"({share:.2g})"
        if share
        else "where the best points found lie, since no point is left (multiple of an even spread)"
    )
    caption = (
        "Each square goes from the low end (left, bottom) to the high end of the ranges of two parameters: "
        "those that the data shrink most. Below the diagonal: smallest implausibility found (blue: "
        f"plausible, red: ruled out, above {CUT:g}). Above: {above_words}."
    )
    implausible = ListedColormap(list(IMPLAUSIBLE_COLOURS))
    with style.project_style():
        figure, top = style.new_captioned_figure(9.2, 8.6, caption)
        size, gap = 0.82 / len(names), 0.006
        for row, second in enumerate(names):
            for column, first in enumerate(names):
                box = (
                    0.13 + column * size,
                    top + 0.07 + (len(names) - 1 - row) * size * (0.91 - top) / 0.84,
                    size - gap,
                    (size - gap) * (0.91 - top) / 0.84,
                )
                axes = figure.add_axes(box)
                axes.set_xticks([])
                axes.set_yticks([])
                if row == column:
                    axes.text(
                        0.5,
                        0.5,
                        style.wrapped(factor_label(first), 13),
                        ha="center",
                        va="center",
                        fontsize=7.5,
                        transform=axes.transAxes,
                    )
                    continue
                part = depth[(depth["x"] == first) & (depth["y"] == second)]
                grid = np.full((bins, bins), np.nan)
                value = part["implausibility"] if row > column else part["depth"]
                grid[part["row"], part["column"]] = value
                if row > column:
                    below = axes.imshow(grid, cmap=implausible, vmin=0, vmax=6, origin="lower", aspect="auto")
                else:
                    above = axes.imshow(grid, cmap="cividis", vmin=0, vmax=6, origin="lower", aspect="auto")
        for number, (image, label) in enumerate(
            ((below, "smallest implausibility"), (above, "depth, multiple of the mean"))
        ):
            bar = figure.add_axes((0.15 + 0.44 * number, top + 0.035, 0.34, 0.012))
            figure.colorbar(image, cax=bar, orientation="horizontal").set_label(label, fontsize=7.5)
            bar.tick_params(labelsize=7)
        title = "Where the region is"
        path = style.save(figure, folder / "calibration_pairs.png", title)
    return Picture(path, title, caption, f"Pairs of {', '.join(names)}")


def draw_posterior(
    sets: pd.DataFrame, table: pd.DataFrame, ranks: pd.DataFrame, folder: Path
) -> list[Picture]:
    """Simulated statistics of the plausible sets beside the published ones, and the check with known
    truths."""
    clip = 12.0
    caption = (
        f"Bar: 5 % to 95 % over the simulated studies of {len(sets)} sets, dot: median, in standard "
        "deviations of the published sample from the published value (dotted: 2). Vermilion: the published "
        f"value lies outside by more than two. Triangle: the bar goes on beyond {clip:.0f}."
    )
    at = np.arange(len(table))
    scale = table["error"].replace(0.0, np.nan)
    distance = {name: (table[name] - table["published"]) / scale for name in ("low", "simulated", "high")}
    units = {name: values.clip(-clip, clip) for name, values in distance.items()}
    agrees = table["agrees"].to_numpy(dtype=bool)
    with style.project_style():
        figure, top = style.new_captioned_figure(8.0, 0.2 * len(table) + 0.8, caption)
        tall = figure.get_figheight()
        axes = figure.add_axes((0.36, top + 0.42 / tall, 0.6, 1 - top - 0.5 / tall))
        for mask, colour in ((agrees, BLUE), (~agrees, VERMILION)):
            axes.hlines(
                at[mask], units["low"][mask], units["high"][mask], color=colour, linewidth=4.0, alpha=0.6
            )
            axes.plot(
                units["simulated"][mask],
                at[mask],
                "o" if colour == BLUE else "X",
                color=colour,
                markersize=4.5,
            )
        for marker, edge, beyond in (
            ("<", -clip, distance["low"] < -clip),
            (">", clip, distance["high"] > clip),
        ):
            edges = np.full(int(beyond.sum()), edge)
            axes.plot(edges, at[beyond], marker, color=GREY, clip_on=False, zorder=5)
        axes.axvline(0.0, color=BLACK, linewidth=0.9)
        for side in (-2, 2):
            axes.axvline(side, color=GREY, linewidth=0.9, linestyle=":")
        axes.set_yticks(at, [style.readable(str(name)) for name in table["statistic"]], fontsize=7.5)
        axes.set_ylim(len(at) - 0.4, -0.6)
        axes.set_xlim(-clip, clip)
        axes.set_xlabel("simulated less published, standard deviations of the published sample")
        title = "Plausible sets and the published statistics"
        first = style.save(figure, folder / "posterior_statistics.png", title)
    pictures = [Picture(first, title, caption, f"{int(agrees.sum())} agree")]
    caption = (
        "Share of known truths whose rank among the draws falls into each tenth; .10 everywhere is what "
        "a correct method gives. p: Kolmogorov-Smirnov test."
    )
    shares = ranks[[f"tenth_{number}" for number in range(1, 11)]].to_numpy(dtype=float)
    with style.project_style():
        figure, top = style.new_captioned_figure(8.0, 0.22 * len(ranks) + 0.7, caption)
        tall = figure.get_figheight()
        axes = figure.add_axes((0.36, top + 0.42 / tall, 0.6, 1 - top - 0.5 / tall))
        style.heat_map(axes, shares, "Blues", 0.0, 0.3, "{:.2f}")
        names = [f"{factor_label(str(one.parameter))} (p {one.p:.2f})" for one in ranks.itertuples()]
        axes.set_yticks(range(len(ranks)), names, fontsize=7)
        axes.set_xticks(range(10), [str(number) for number in range(1, 11)])
        axes.set_xlabel("tenth of the ranks")
        title = "Check with known truths"
        second = style.save(figure, folder / "posterior_ranks.png", title)
    return [*pictures, Picture(second, title, caption, f"{len(ranks)} parameters")]


def draw_folds(places: pd.DataFrame, countries: pd.DataFrame, folder: Path) -> Picture:
    """Predicted and published policy score of each case of the countries left out."""
    total = countries.set_index("country").loc["all"]
    caption = (
        "Bar: 90 % interval of the predicted score over sets and replicates; line: with the discrepancy of "
        "places, as the other folds have it; dot: mean; open diamond: published (Table 4). "
        f"{total['coverage']:.0%} of the lines and {total['coverage_of_sets']:.0%} of the bars hold the "
        f"published score; mean absolute error {total['absolute_error']:.1f} points."
    )
    ordered = places.sort_values(["country", "published"], kind="stable").reset_index(drop=True)
    gaps = (ordered["country"] != ordered["country"].shift()).cumsum() - 1
    at = np.arange(len(ordered)) + gaps.to_numpy()
    inside = ordered["inside"].to_numpy(dtype=bool)
    with style.project_style():
        figure, top = style.new_captioned_figure(7.5, 0.19 * (int(at[-1]) + 1) + 0.8, caption)
        tall = figure.get_figheight()
        axes = figure.add_axes((0.24, top + 0.42 / tall, 0.72, 1 - top - 0.5 / tall))
        for mask, colour, mark in ((inside, BLUE, "o"), (~inside, VERMILION, "X")):
            rows, places_at = ordered[mask], at[mask]
            axes.hlines(places_at, rows["low"], rows["high"], color=colour, linewidth=1.2)
            axes.hlines(
                places_at, rows["sets_low"], rows["sets_high"], color=colour, linewidth=5.0, alpha=0.5
            )
            axes.plot(ordered["predicted"][mask], at[mask], mark, color=colour, markersize=5)
        axes.plot(ordered["published"], at, **PUBLISHED_MARK)
        for name, rows in ordered.groupby("country", sort=False):
            axes.text(
                -0.2,
                at[rows.index].mean(),
                str(name),
                transform=axes.get_yaxis_transform(),
                fontsize=8,
                va="center",
                ha="center",
            )
        axes.set_yticks(at, list(ordered["case"]), fontsize=7)
        axes.set_ylim(at[-1] + 0.6, -0.6)
        axes.set_xlim(0, MAX_SCORE)
        axes.set_xlabel("policy score, points of 100")
        title = "Policy scores of countries left out"
        path = style.save(figure, folder / "folds.png", title)
    return Picture(path, title, caption, caption)
