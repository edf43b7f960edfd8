"""Pictures of any sweep: means by factor, a map of two factors, and whether the replicates suffice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from woc_sim.ensemble.intervals import mean_and_half
from woc_sim.figures import style
from woc_sim.figures.levels import are_numbers, as_factor, axis_label, is_at_level, level_labels, levels
from woc_sim.figures.style import BLUE, GREY, INK, ORANGE, Picture

READINGS_SHOWN: Final = {
    "mipex_total": "policy index (0-100)",
    "lg_mean_2020": "meetings of local government (1-5)",
    "perceived_attitudes": "perceived attitudes (1-5)",
    "latent_attitude": "residents' attitude (-1 to 1)",
    "latent_ties": "ties of a migrant to residents",
    "latent_belonging": "migrants' belonging (-1 to 1)",
}
"""Readings that are drawn, with their axis titles."""
MAX_LEVELS_AS_POINTS: Final = 12
"""From more values than this on a factor is drawn as a line of bins."""
MAX_WORDS_DRAWN: Final = 80
"""More words than this are not drawn."""
MAX_FACTORS: Final = 6
INVISIBLE_SHARE: Final = 0.02
"""Means that differ by less than this share of them look alike in a map."""


def sweep_pictures(table: pd.DataFrame, axes: Sequence[str], folder: Path) -> list[Picture]:
    """Draw what a ledger gives: ``factors.png``, ``map.png`` (two factors or more), ``replicates.png``.

    table: a row a locality of a run, as `woc_sim.ensemble.sweeps.ledger` has it; axes: columns that vary.
    """
    done = table[table["status"] == "done"]
    done = done.assign(**{axis: as_factor(done[axis]) for axis in axes})
    drawn = [_factors(done, list(axes)[:MAX_FACTORS], folder)] if axes else []
    few = [axis for axis in axes if done[axis].nunique(dropna=False) <= MAX_LEVELS_AS_POINTS]
    if len(few) >= 2:
        drawn.append(_map(done, few[0], few[1], folder))
    if done["replicate"].nunique() >= 3:
        drawn.append(_replicates(done, list(axes), folder))
    return drawn


def _factors(done: pd.DataFrame, axes: list[str], folder: Path) -> Picture:
    observed = {
        name: title for name, title in READINGS_SHOWN.items() if done[name].notna().any()
    } or READINGS_SHOWN
    with style.project_style():
        widths = [_panel_width(done[axis]) for axis in axes]
        figure = style.new_figure(sum(widths) + 1.6, 2.1 * len(observed) + 0.4)
        panels = figure.subplots(
            len(observed), len(axes), sharey="row", squeeze=False, gridspec_kw={"width_ratios": widths}
        )
        for row, (name, title) in enumerate(observed.items()):
            for column, axis in enumerate(axes):
                panel = panels[row, column]
                _by_factor(panel, done, axis, name)
                if column == 0:
                    panel.set_ylabel(title.replace(" (", "\n("), fontsize=8)
                if row == len(observed) - 1:
                    panel.set_xlabel(axis_label(axis))
                else:
                    panel.set_xticklabels([])
        figure.tight_layout(h_pad=0.8, w_pad=0.8)
        path = style.save(figure, folder / "factors.png")
    caption = (
        "Mean of each value of a factor over all other factors and replicates, with its 95 % interval "
        "(Student's t; none for a single run)."
    )
    return Picture(path, "Readings by factor", caption, f"Factors: {', '.join(map(axis_label, axes))}.")


def _panel_width(values: pd.Series[Any]) -> float:
    """Inches that a panel of this factor needs."""
    found = levels(values)
    return 2.5 if are_numbers(found) or len(found) > MAX_WORDS_DRAWN else max(2.5, 0.24 * len(found))


def _by_factor(panel: Axes, done: pd.DataFrame, axis: str, name: str) -> None:
    found = levels(done[axis])
    if len(found) > MAX_WORDS_DRAWN and not are_numbers(found):
        style.explain_empty(panel, f"{len(found)} values, too many to draw")
        return
    if len(found) > MAX_LEVELS_AS_POINTS and are_numbers(found):
        order = done[[axis, name]].astype(float).dropna().sort_values(axis)
        if len(order) < 2:
            style.explain_empty(panel, "too few values")
            return
        panel.plot(order[axis], order[name], ".", color=style.PALE, markersize=3)
        bins = np.array_split(order.to_numpy(), min(10, max(2, len(order) // 8)))
        middle = [(each[:, 0].mean(), *mean_and_half(each[:, 1])) for each in bins if len(each)]
        at, means, halves = map(np.array, zip(*middle, strict=True))
        panel.errorbar(at, means, halves, fmt="o-", color=BLUE, markersize=3, linewidth=1)
        panel.xaxis.set_major_locator(MaxNLocator(4))
        return
    groups = [done.loc[is_at_level(done[axis], level), name].dropna().to_numpy(float) for level in found]
    for index, values in enumerate(groups):
        if len(values):
            mean, half = mean_and_half(values)
            panel.errorbar(index, mean, half, fmt="o", color=BLUE, markersize=5)
    names = level_labels(found)
    panel.set_xticks(range(len(found)), names, fontsize=8)
    if len(found) > MAX_LEVELS_AS_POINTS or sum(map(len, names)) > 60:
        panel.tick_params(axis="x", rotation=90, labelsize=7)
    elif sum(map(len, names)) > 34:
        panel.tick_params(axis="x", rotation=30)
    panel.set_xlim(-0.5, len(found) - 0.5)


def _map(done: pd.DataFrame, first: str, second: str, folder: Path) -> Picture:
    rows, columns = levels(done[second]), levels(done[first])
    # places, because a table of means leaves out what is not set
    spots = {axis: sum(index * is_at_level(done[axis], level) for index, level in enumerate(found))
             for axis, found in ((first, columns), (second, rows))}  # fmt: skip
    placed = done[list(READINGS_SHOWN)].assign(row=spots[second], column=spots[first])
    with style.project_style():
        figure = style.new_figure(11.0, 0.62 * len(rows) * 2 + 2.4)
        panels = figure.subplots(2, 3)
        for panel, (name, title) in zip(panels.flat, READINGS_SHOWN.items(), strict=True):
            wide = placed.pivot_table(index="row", columns="column", values=name, dropna=False)
            means = wide.reindex(index=range(len(rows)), columns=range(len(columns))).to_numpy(float)
            panel.set_title(title, fontsize=9)
            if not np.isfinite(means).any():
                style.explain_empty(panel, "no values")
                continue
            low, high = np.nanmin(means), np.nanmax(means)
            # what the numbers do not show, the colours must not
            high = max(high, low + INVISIBLE_SHARE * max(abs(low), abs(high)))
            panel.imshow(means, cmap="cividis", aspect="auto", vmin=low, vmax=high or 1.0)
            for i in range(len(rows)):
                for j in np.flatnonzero(np.isfinite(means[i])):
                    bright = means[i, j] > low + 0.55 * (high - low)
                    panel.text(
                        j, i, f"{means[i, j]:.3g}", ha="center", va="center", color=INK if bright else "white"
                    )
            panel.set_xticks(range(len(columns)), level_labels(columns), fontsize=8)
            panel.set_yticks(range(len(rows)), level_labels(rows), fontsize=8)
        for panel in panels[-1]:
            panel.set_xlabel(axis_label(first))
        for panel in panels[:, 0]:
            panel.set_ylabel(axis_label(second))
        figure.tight_layout(h_pad=1.2, w_pad=1.0)
        path = style.save(figure, folder / "map.png")
    caption = "Means over replicates and all other factors; bright is high, each panel on a scale of its own."
    return Picture(path, f"{axis_label(first)} by {axis_label(second)}", caption, "")


def _replicates(done: pd.DataFrame, axes: list[str], folder: Path) -> Picture:
    """Coefficient of variation of the mean against the number of replicates (Lee et al. 2015)."""
    # points by number: a table of all combinations of drawn values would be endless
    numbered = done.assign(place=done.groupby([*axes, "case"], dropna=False, sort=False).ngroup())
    with style.project_style():
        figure = style.new_figure(11.0, 5.2)
        panels = figure.subplots(2, 3)
        for panel, (name, title) in zip(panels.flat, READINGS_SHOWN.items(), strict=True):
            wide = numbered.pivot_table(index="replicate", columns="place", values=name)
            values = wide.dropna(axis=1).to_numpy(float)
            count = np.arange(1, len(values) + 1)
            if values.size and len(values) >= 3:
                total = np.cumsum(values, axis=0) / count[:, None]
                square = np.cumsum(values**2, axis=0) / count[:, None]
                sd = np.sqrt(np.maximum(square - total**2, 0.0) * (count / np.maximum(count - 1, 1))[:, None])
                spread = np.abs(sd / np.sqrt(count)[:, None] / np.where(total == 0, np.nan, total))[1:]
                panel.plot(count[1:], 100 * np.nanmedian(spread, axis=1), color=BLUE, label="median point")
                panel.plot(
                    count[1:], 100 * np.nanquantile(spread, 0.9, axis=1), color=ORANGE, label="90 % of points"
                )
                panel.axhline(5, color=GREY, linewidth=0.8, linestyle="--")
                panel.set_ylim(0, None)
                panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
            else:
                style.explain_empty(panel, "too few values")
            panel.set_title(title, fontsize=9)
        panels[0, 0].legend(loc="best", fontsize=8)
        for panel in panels[-1]:
            panel.set_xlabel("replicates")
        for panel in panels[:, 0]:
            panel.set_ylabel("error of the mean (% of it)")
        figure.tight_layout(h_pad=1.2, w_pad=1.0)
        path = style.save(figure, folder / "replicates.png")
    caption = (
        "Standard error of a point's mean as a share of the mean, by the number of replicates; the dashed "
        "line is five per cent. Where a mean is near zero the share says little."
    )
    return Picture(path, "Do the replicates suffice?", caption, "")
