"""Pictures of a sweep: means by factor, a map of two factors, and whether the replicates suffice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from woc_sim.ensemble.intervals import mean_and_half
from woc_sim.ensemble.ledger import SET
from woc_sim.figures import style
from woc_sim.figures.levels import are_numbers, as_factor, axis_label, is_at_level, level_labels, levels
from woc_sim.figures.style import BLUE, GREY, INK, ORANGE, Picture

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class ShownReading:
    """A reading that is drawn. ``signed``: its scale has values below 0, so that a mean may be near 0."""

    title: str
    unit: str
    signed: bool = False

    @property
    def axis_title(self) -> str:
        """Title and unit."""
        return f"{self.title} ({self.unit})"


READINGS_SHOWN: Final = {
    "mipex_total": ShownReading("policy index", "0-100"),
    "lg_mean_2020": ShownReading("meetings of local government", "1-5"),
    "perceived_attitudes": ShownReading("perceived attitudes", "1-5"),
    "latent_attitude": ShownReading("residents' attitude", "-1 to 1", signed=True),
    "latent_ties": ShownReading("ties of a migrant to residents", "number"),
    "latent_belonging": ShownReading("migrants' belonging", "-1 to 1", signed=True),
}
"""Readings that are drawn."""
MAX_LEVELS_AS_POINTS: Final = 12
"""A numeric factor with more levels is drawn as a line of bins."""
BINS: Final = 10
MAX_WORDS_DRAWN: Final = 80
"""A factor with more words is not drawn."""
MAX_FACTORS: Final = 6
"""Factors that fit into the picture."""
INVISIBLE_SHARE: Final = 0.02
"""Means that differ by a smaller share of their value get the same colour in a map."""
MIN_REPLICATES: Final = 3
NEAR_ZERO_POINTS: Final = 0.1
"""Errors are drawn in units if at this share of points the mean is within two standard errors of 0."""


def sweep_pictures(table: pd.DataFrame, axes: Sequence[str], folder: Path) -> list[Picture]:
    """Draw the pictures of a ledger: ``factors.png``, ``map.png`` (two factors or more), ``replicates.png``.

    table: one row for each locality of a run, as `woc_sim.ensemble.sweep_tables.ledger` has it; axes:
    columns that vary.
    """
    done = table[table["status"] == "done"]
    done = done.assign(**{axis: as_factor(done[axis]) for axis in axes})
    drawn = [_factors(done, list(axes), folder)] if axes else []
    few_levels = [axis for axis in axes if done[axis].nunique(dropna=False) <= MAX_LEVELS_AS_POINTS]
    if len(few_levels) >= 2:
        drawn.append(_map(done, few_levels[0], few_levels[1], folder))
    if done["replicate"].nunique() >= MIN_REPLICATES:
        drawn.append(_replicates(done, list(axes), folder))
    return drawn


# --- factors


def explained_share(done: pd.DataFrame, axis: str) -> float:
    """Share of the variance of the readings that a factor explains, mean over the readings drawn.

    The share is that between the levels of the factor, adjusted for degrees of freedom and not below 0. A
    numeric factor with many levels is cut into bins, as in the picture.
    """
    level = _level_numbers(done[axis])
    shares = []
    for name in READINGS_SHOWN:
        values = done[name].to_numpy(float)
        known = np.isfinite(values)
        codes = np.unique(level[known], return_inverse=True)[1]
        y = values[known]
        free = len(y) - (int(codes.max()) + 1 if len(y) else 0)
        total = float(((y - y.mean()) ** 2).sum()) if len(y) else 0.0
        if total <= 0 or free < 1:
            continue
        means = np.bincount(codes, weights=y) / np.bincount(codes)
        unexplained = float(((y - means[codes]) ** 2).sum()) / total
        shares.append(max(0.0, 1.0 - unexplained * (len(y) - 1) / free))
    return float(np.mean(shares)) if shares else 0.0


def _level_numbers(values: pd.Series[Any]) -> Array:
    """For each row the number of its level, or of its bin."""
    found = levels(values)
    if len(found) > MAX_LEVELS_AS_POINTS and are_numbers(found):
        ranks = values.astype(float).rank(method="first", pct=True)
        return np.ceil(ranks.fillna(0.0).to_numpy() * BINS)
    numbers = np.zeros(len(values))
    for number, level in enumerate(found):
        numbers[is_at_level(values, level).to_numpy()] = number
    return numbers


def most_important(done: pd.DataFrame, axes: list[str]) -> list[str]:
    """The factors that explain most, the first one most; all in the given order if they fit."""
    if len(axes) <= MAX_FACTORS:
        return axes
    return sorted(axes, key=lambda axis: -explained_share(done, axis))[:MAX_FACTORS]


def _factors(done: pd.DataFrame, axes: list[str], folder: Path) -> Picture:
    """A row of panels for each reading, a column for each factor."""
    drawn = most_important(done, axes)
    observed = {
        name: reading for name, reading in READINGS_SHOWN.items() if done[name].notna().any()
    } or READINGS_SHOWN
    caption = (
        "Mean of each value of a factor over all other factors and replicates, with its 95 % interval "
        "(Student's t; none for a single run)."
    )
    if SET in done:
        caption += " Intervals are over replicates, of which each has one plausible set of parameters."
    if len(drawn) < len(axes):
        caption += (
            f" Drawn are {len(drawn)} of {len(axes)} factors: those that explain most of the variance of "
            "these readings, the most important one first."
        )
    with style.project_style():
        widths = [_panel_width(done[axis]) for axis in drawn]
        figure, bottom = style.new_captioned_figure(sum(widths) + 1.6, 2.1 * len(observed) + 0.4, caption)
        panels = figure.subplots(
            len(observed), len(drawn), sharey="row", squeeze=False, gridspec_kw={"width_ratios": widths}
        )
        for row, (name, reading) in enumerate(observed.items()):
            for column, axis in enumerate(drawn):
                panel = panels[row, column]
                _by_factor(panel, done, axis, name)
                if column == 0:
                    panel.set_ylabel(f"{reading.title}\n({reading.unit})", fontsize=8)
                if row == len(observed) - 1:
                    panel.set_xlabel(axis_label(axis))
                else:
                    panel.set_xticklabels([])
        figure.tight_layout(h_pad=0.8, w_pad=0.8, rect=(0, bottom, 1, 1))
        path = style.save(figure, folder / "factors.png")
    return Picture(path, "Readings by factor", caption, f"Factors: {', '.join(map(axis_label, drawn))}.")


def _panel_width(values: pd.Series[Any]) -> float:
    """Inches that a panel of this factor needs."""
    found = levels(values)
    return 2.5 if are_numbers(found) or len(found) > MAX_WORDS_DRAWN else max(2.5, 0.24 * len(found))


def _by_factor(panel: Axes, done: pd.DataFrame, axis: str, name: str) -> None:
    """Draw the means of one reading by one factor."""
    found = levels(done[axis])
    if len(found) > MAX_WORDS_DRAWN and not are_numbers(found):
        style.explain_empty(panel, f"{len(found)} values, too many to draw")
    elif len(found) > MAX_LEVELS_AS_POINTS and are_numbers(found):
        _means_of_bins(panel, done.dropna(subset=[axis, name]).sort_values(axis), axis, name)
    else:
        _means_of_levels(panel, found, done, axis, name)


def _mean_and_half(rows: pd.DataFrame, name: str) -> tuple[float, float]:
    """As `mean_and_half` for a reading. The runs of a replicate share a plausible set if there are sets; then
    each replicate counts once, with its mean.
    """
    return mean_and_half(rows.groupby("replicate")[name].mean() if SET in rows else rows[name])


def _means_of_bins(panel: Axes, rows: pd.DataFrame, axis: str, name: str) -> None:
    """Draw factor and reading of each run as a point, and the means of bins as a line."""
    if len(rows) < 2:
        style.explain_empty(panel, "too few values")
        return
    x_values = rows[axis].astype(float).to_numpy()
    panel.plot(x_values, rows[name].to_numpy(), ".", color=style.PALE, markersize=3)
    bins = np.array_split(np.arange(len(rows)), min(BINS, max(2, len(rows) // 8)))
    means = [(x_values[each].mean(), *_mean_and_half(rows.iloc[each], name)) for each in bins if len(each)]
    x, y, half_widths = map(np.array, zip(*means, strict=True))
    panel.errorbar(x, y, half_widths, fmt="o-", color=BLUE, markersize=3, linewidth=1)
    panel.xaxis.set_major_locator(MaxNLocator(4))


def _means_of_levels(panel: Axes, found: list[Any], done: pd.DataFrame, axis: str, name: str) -> None:
    """Draw the mean of each level as a point with its interval."""
    for x, level in enumerate(found):
        rows = done[is_at_level(done[axis], level)].dropna(subset=[name])
        if len(rows):
            mean, half_width = _mean_and_half(rows, name)
            panel.errorbar(x, mean, half_width, fmt="o", color=BLUE, markersize=5)
    names = level_labels(found)
    panel.set_xticks(range(len(found)), names, fontsize=8)
    if len(found) > MAX_LEVELS_AS_POINTS or sum(map(len, names)) > 60:
        panel.tick_params(axis="x", rotation=90, labelsize=7)
    elif sum(map(len, names)) > 34:
        panel.tick_params(axis="x", rotation=30)
    panel.set_xlim(-0.5, len(found) - 0.5)


# --- map of two factors


def _map(done: pd.DataFrame, first: str, second: str, folder: Path) -> Picture:
    """One coloured table of means for each reading: first factor in columns, second in rows."""
    rows, columns = levels(done[second]), levels(done[first])
    # Level numbers in place of levels, because a pivot table leaves out what is not set.
    numbered = done[list(READINGS_SHOWN)].assign(
        row=_numbers_of_levels(done[second], rows), column=_numbers_of_levels(done[first], columns)
    )
    caption = "Means over replicates and all other factors; bright is high, each panel on its own scale."
    with style.project_style():
        figure, bottom = style.new_captioned_figure(11.0, 0.62 * len(rows) * 2 + 2.4, caption)
        panels = figure.subplots(2, 3)
        for panel, (name, reading) in zip(panels.flat, READINGS_SHOWN.items(), strict=True):
            wide = numbered.pivot_table(index="row", columns="column", values=name, dropna=False)
            means = wide.reindex(index=range(len(rows)), columns=range(len(columns))).to_numpy(float)
            panel.set_title(reading.axis_title, fontsize=9)
            if not np.isfinite(means).any():
                style.explain_empty(panel, "no values")
                continue
            _coloured_means(panel, means)
            panel.set_xticks(range(len(columns)), level_labels(columns), fontsize=8)
            panel.set_yticks(range(len(rows)), level_labels(rows), fontsize=8)
        for panel in panels[-1]:
            panel.set_xlabel(axis_label(first))
        for panel in panels[:, 0]:
            panel.set_ylabel(axis_label(second))
        figure.tight_layout(h_pad=1.2, w_pad=1.0, rect=(0, bottom, 1, 1))
        path = style.save(figure, folder / "map.png")
    return Picture(path, f"{axis_label(first)} by {axis_label(second)}", caption, "")


def _numbers_of_levels(values: pd.Series[Any], found: list[Any]) -> pd.Series[Any]:
    return sum(
        (number * is_at_level(values, level) for number, level in enumerate(found)),
        pd.Series(0, index=values.index),
    )


def _coloured_means(panel: Axes, means: Array) -> None:
    """Draw a table of means as coloured cells with their numbers."""
    low, high = np.nanmin(means), np.nanmax(means)
    # Differences that the printed numbers do not show must not show in the colours either.
    high = max(high, low + INVISIBLE_SHARE * max(abs(low), abs(high)))
    panel.imshow(means, cmap="cividis", aspect="auto", vmin=low, vmax=high or 1.0)
    for row, column in np.argwhere(np.isfinite(means)):
        bright = means[row, column] > low + 0.55 * (high - low)
        text = f"{means[row, column]:.3g}"
        panel.text(column, row, text, ha="center", va="center", color=INK if bright else "white")


# --- replicates


def _replicates(done: pd.DataFrame, axes: list[str], folder: Path) -> Picture:
    """Standard error of the mean against the number of replicates (Lee et al. 2015)."""
    # Points by number: a table of all combinations of drawn values would be far too large.
    numbered = done.assign(point=done.groupby([*axes, "case"], dropna=False, sort=False).ngroup())
    caption = (
        "Standard error of the mean of a point, by the number of replicates. It is a share of the mean "
        "(dotted line: five per cent). For readings with means near 0 it is in units of the reading."
    )
    with style.project_style():
        figure, bottom = style.new_captioned_figure(11.0, 5.2, caption)
        panels = figure.subplots(2, 3)
        for panel, (name, reading) in zip(panels.flat, READINGS_SHOWN.items(), strict=True):
            wide = numbered.pivot_table(index="replicate", columns="point", values=name)
            values = wide.dropna(axis=1).to_numpy(float)
            panel.set_title(reading.axis_title, fontsize=9)
            if values.size and len(values) >= MIN_REPLICATES:
                _errors_by_replicates(panel, values, reading)
            else:
                style.explain_empty(panel, "too few values")
        if any_drawn := [panel for panel in panels.flat if panel.lines]:
            any_drawn[0].legend(loc="upper right", fontsize=8)
        for panel in panels.flat:
            if panel.lines:
                panel.set_xlabel("replicates")
        figure.tight_layout(h_pad=1.2, w_pad=1.0, rect=(0, bottom, 1, 1))
        path = style.save(figure, folder / "replicates.png")
    return Picture(path, "Do the replicates suffice?", caption, "")


def standard_errors(values: Array) -> tuple[Array, Array]:
    """Mean of each point over the first replicates and its standard error, from the first replicate on.

    values: (replicates, points). The error of a single replicate is 0 and means nothing.
    """
    count = np.arange(1, len(values) + 1)[:, None]
    mean = np.cumsum(values, axis=0) / count
    square = np.cumsum(values**2, axis=0) / count
    variance = np.maximum(square - mean**2, 0.0) * count / np.maximum(count - 1, 1)
    return mean, np.sqrt(variance / count)


def _errors_by_replicates(panel: Axes, values: Array, reading: ShownReading) -> None:
    """Draw median and 90 % point of the standard errors of all points."""
    mean, error = standard_errors(values)
    near_zero = float(np.mean(np.abs(mean[-1]) <= 2 * error[-1]))
    in_units = reading.signed or near_zero > NEAR_ZERO_POINTS
    if in_units:
        drawn = error[1:]
        panel.set_ylabel(f"error of the mean ({reading.unit})", fontsize=8)
    else:
        drawn = 100 * error[1:] / np.where(mean == 0, np.nan, np.abs(mean))[1:]
        panel.set_ylabel("error of the mean (% of it)", fontsize=8)
    replicates = np.arange(2, len(values) + 1)
    panel.plot(replicates, np.nanmedian(drawn, axis=1), color=BLUE, label="median point")
    panel.plot(
        replicates, np.nanquantile(drawn, 0.9, axis=1), color=ORANGE, linestyle="--", label="90 % of points"
    )
    if not in_units:
        panel.axhline(5, color=GREY, linewidth=0.8, linestyle=":")
    panel.set_ylim(0, None)
    panel.xaxis.set_major_locator(MaxNLocator(5, integer=True))
