"""One picture of the measurements: kernels against plain Mesa and numpy, growth, processes, hot functions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from benchmarks.measure import Measured, ratios
from benchmarks.thinning import WHOLE
from woc_sim.figures import style

NORMAL_95 = 1.96


def draw(found: Measured, path: Path) -> Path:
    """Draw five panels into `path`; returns it."""
    with style.project_style():
        figure = style.new_figure(10.5, 11.6)
        grid = figure.add_gridspec(3, 2, height_ratios=(1.0, 1.15, 1.05))
        axes = [[figure.add_subplot(grid[row, column]) for column in (0, 1)] for row in (0, 1)]
        _stepping(axes[0][0], found)
        _growth(axes[0][1], found)
        _processes(axes[1][0], found)
        _hottest(axes[1][1], found)
        _thinning(figure.add_subplot(grid[2, :]), found)
        figure.tight_layout(h_pad=2.0, w_pad=2.0)
        return style.save(figure, path, "Speed and size, measured")


def _stepping(axes: Axes, found: Measured) -> None:
    table = ratios(found)
    labels = []
    for height, row in enumerate(table.itertuples()):
        scale = 1e9 / row.people
        mesa = row.what.endswith("Mesa")
        axes.plot([scale * row.kernels, scale * row.other], [height, height], color=style.PALE, linewidth=3.0)
        marks = ((row.kernels, "o", style.BLUE), (row.other, "s", style.ORANGE if mesa else style.SKY))
        for seconds, mark, colour in marks:
            axes.plot(scale * seconds, height, marker=mark, color=colour, linestyle="none", markersize=8)
        text = f"{row.ratio:.0f}x ({row.lowest:.0f} to {row.highest:.0f})" if mesa else f"{row.ratio:.1f}x"
        axes.text(scale * np.sqrt(row.kernels * row.other), height - 0.12, text, ha="center", fontsize=8)
        labels.append(f"{'person side' if mesa else 'attitudes only'}\n{row.people:,} people")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.6)
    axes.set_xscale("log")
    axes.set_xlabel("CPU time of a person and month (ns, log scale)")
    for name, mark, colour in (
        ("kernels", "o", style.BLUE),
        ("plain Mesa", "s", style.ORANGE),
        ("numpy", "s", style.SKY),
    ):
        axes.plot([], [], marker=mark, color=colour, linestyle="none", label=name)
    axes.legend(loc="lower right")
    axes.set_title("How many times as fast: median (range) of pairs")


def _growth(axes: Axes, found: Measured) -> None:
    table = found.tables["scaling"]
    people, seconds = table["people"].to_numpy(float), table["seconds"].to_numpy(float)
    slope = found.numbers["exponent"]
    level = np.exp(np.mean(np.log(seconds)) - slope * np.mean(np.log(people)))
    axes.plot(people, level * people**slope, color=style.GREY, linewidth=1.0, linestyle="--")
    axes.plot(people, seconds, marker="o", linestyle="none", color=style.BLUE)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(people, [f"{each:,.0f}" for each in people])
    axes.minorticks_off()
    low, high = seconds.min(), seconds.max()
    marks = [m * 10.0**e for e in range(-4, 4) for m in (1.0, 2.0, 5.0)]
    axes.set_yticks([m for m in marks if 0.7 * low <= m <= 1.4 * high])
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("people in one town (log scale)")
    axes.set_ylabel("CPU time of all steps (s, log scale)")
    axes.set_title(f"Growth with the number of people: exponent {slope:.2f}")


def _processes(axes: Axes, found: Measured) -> None:
    table = found.tables["processes"]
    names = list(dict.fromkeys(table["process"]))
    for place, (people, each) in enumerate(table.groupby("people")):
        values = each.set_index("process")["ns_person_month"].reindex(names)
        at = np.arange(len(names)) + (place - 0.5) * 0.4
        colour = (style.SKY, style.BLUE)[place]
        axes.barh(at, values, 0.38, color=colour, label=f"{people:,} people")
    axes.set_yticks(range(len(names)), [style.readable(name) for name in names])
    axes.invert_yaxis()
    axes.set_xlabel("wall time of a person and month (ns)")
    axes.legend(loc="lower right")
    axes.set_title("The whole model, by process")


def _hottest(axes: Axes, found: Measured) -> None:
    table = found.tables["hottest"]
    axes.barh(range(len(table)), 100.0 * table["share"], 0.7, color=style.ORANGE)
    axes.set_yticks(range(len(table)), list(table["function"]))
    axes.invert_yaxis()
    axes.set_xlabel("own time (% of all, under the profiler)")
    axes.set_title("Plain Mesa: the functions it is busy with")


def _thinning(axes: Axes, found: Measured) -> None:
    table = found.tables["thinning"]
    names = list(dict.fromkeys(table["indicator"]))
    whole = table[table["scale"] == WHOLE].set_index("indicator")["mean"]
    marks = (("o", style.SKY), ("s", style.BLUE), ("D", style.ORANGE))
    for place, (scale, each) in enumerate(table.groupby("scale")):
        rows = each.set_index("indicator").loc[names]
        mark, colour = marks[place % len(marks)]
        axes.errorbar(
            np.arange(len(names)) + (place - 1) * 0.2,
            (rows["mean"] - whole[names]) / rows["sd_whole"],
            NORMAL_95 * rows["error"] / rows["sd_whole"],
            fmt=mark,
            color=colour,
            markersize=5,
            linewidth=1.2,
            label=f"scale {scale:g}",
        )
    axes.axhline(0.0, color=style.GREY, linewidth=0.8)
    axes.set_xticks(range(len(names)), [style.readable(name) for name in names], rotation=30, ha="right")
    axes.set_ylabel("distance from the whole town\n(sd between its replicates)")
    axes.legend(loc="upper right", ncols=3)
    axes.set_title("Per head, a thinned town tells the same: mean over replicates with 95 % interval, 2023")
