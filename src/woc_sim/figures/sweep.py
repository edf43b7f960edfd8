"""Pictures of a sweep: means by factor, and which other pictures its design allows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from woc_sim.ensemble.intervals import mean_and_half
from woc_sim.ensemble.ledger import SET
from woc_sim.figures import style
from woc_sim.figures.choice import Choice
from woc_sim.figures.levels import are_numbers, as_factor, axis_label, is_at_level, level_labels, levels
from woc_sim.figures.style import BLUE, Picture
from woc_sim.figures.sweep_design import MAX_ARM_LABEL, Factors, factors_of, is_scale
from woc_sim.figures.sweep_map import map_pictures
from woc_sim.figures.sweep_replicates import replicates_picture
from woc_sim.figures.wording import listed, shown

Array = np.ndarray[Any, np.dtype[Any]]

READINGS_SHOWN: Final = (
    "mipex_total",
    "lg_mean_2020",
    "perceived_attitudes",
    "latent_attitude",
    "latent_ties",
    "latent_belonging",
)
"""Readings that are drawn if none are chosen."""
MAX_LEVELS_AS_POINTS: Final = 12
"""A numeric factor with more levels is drawn as a line of bins."""
BINS: Final = 10
MAX_WORDS_DRAWN: Final = 80
"""A factor with more words is not drawn."""
MAX_FACTORS: Final = 6
"""Factors that fit into the picture."""
SAME: Final = 1e-9
"""Readings that differ by a smaller share of their size over all runs are the same."""


def sweep_pictures(
    table: pd.DataFrame, axes: Sequence[str], folder: Path, choice: Choice | None = None
) -> list[Picture]:
    """Draw the pictures of a ledger: ``factors.png``, ``map.png`` (two factors or more), ``replicates.png``.

    table: one row for each locality of a run, as `woc_sim.ensemble.sweep_tables.ledger` has it; axes:
    columns that vary. Without a choice, `READINGS_SHOWN` are drawn by the factors that explain most of them.
    """
    choice = choice or Choice()
    done = table[table["status"] == "done"]
    done = done.assign(**{axis: as_factor(done[axis]) for axis in axes})
    factors = factors_of(done, choice.axes or axes)
    factors = factors._replace(note=_averaged_note(factors, axes, choice))
    wanted = choice.readings or READINGS_SHOWN
    observed = [name for name in wanted if factors.table[name].notna().any()]
    if not observed:
        return [_nothing(wanted, folder)]
    missing = _missing_note([name for name in wanted if name not in observed])
    drawn = []
    if factors.names:
        drawn.append(_factors(factors, observed, missing, folder))
        drawn += map_pictures(
            factors, most_important(factors.table, factors.names, observed), observed, missing, folder
        )
    return drawn + replicates_picture(done, list(axes), wanted, folder)


def _averaged_note(factors: Factors, axes: Sequence[str], choice: Choice) -> str:
    """The note of the design, and which axes were not chosen."""
    left_out = [axis_label(axis) for axis in axes if choice.axes and axis not in choice.axes]
    over = f"Means are also over {listed(left_out)}, which varies but was not chosen." if left_out else ""
    return " ".join(filter(None, (factors.note, over)))


def _missing_note(names: Sequence[str]) -> str:
    return f"No values in these runs: {listed([shown(name).title for name in names])}." if names else ""


def _nothing(wanted: Sequence[str], folder: Path) -> Picture:
    """A picture that says that there is nothing to draw."""
    caption = _missing_note(wanted)
    with style.project_style():
        figure, bottom = style.new_captioned_figure(7.0, 0.9, caption)
        style.explain_empty(figure.add_axes((0, bottom, 1, 1 - bottom)), "none of these readings has a value")
        title = "Readings by factor"
        path = style.save(figure, folder / "factors.png", title)
    return Picture(path, title, caption, caption)


def explained_share(done: pd.DataFrame, axis: str, readings: Sequence[str] = READINGS_SHOWN) -> float:
    """Share of the variance of the readings that a factor explains, mean over the readings drawn.

    The share is that between the levels of the factor, adjusted for degrees of freedom and not below 0. A
    numeric factor with many levels is cut into bins, as in the picture.
    """
    level = _level_numbers(done[axis])
    shares = []
    for name in readings:
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


def most_important(
    done: pd.DataFrame, axes: list[str], readings: Sequence[str] = READINGS_SHOWN
) -> list[str]:
    """The factors that explain most, the first one most; all in the given order if they fit."""
    if len(axes) <= MAX_FACTORS:
        return axes
    return sorted(axes, key=lambda axis: -explained_share(done, axis, readings))[:MAX_FACTORS]


def _factors(factors: Factors, observed: list[str], missing: str, folder: Path) -> Picture:
    """A row of panels for each reading, a column for each factor."""
    done = factors.table
    drawn = most_important(done, factors.names, observed)
    varying = [name for name in observed if _varies(done[name])]
    rows = varying or observed
    sentences = [_meaning(factors, drawn), missing, _same_note(done, [n for n in observed if n not in rows])]
    if SET in done:
        sentences.append("Intervals are over replicates, of which each has one plausible set of parameters.")
    if len(drawn) < len(factors.names):
        sentences.append(
            f"Drawn are {len(drawn)} of {len(factors.names)} factors: those that explain most of the "
            "variance of these readings, the most important one first."
        )
    caption = " ".join(filter(None, [*sentences, factors.note]))
    with style.project_style():
        widths = [_panel_width(done[axis]) for axis in drawn]
        figure, bottom = style.new_captioned_figure(sum(widths) + 1.6, 2.1 * len(rows) + 0.4, caption)
        panels = figure.subplots(
            len(rows), len(drawn), sharey="row", squeeze=False, gridspec_kw={"width_ratios": widths}
        )
        for row, name in enumerate(rows):
            for column, axis in enumerate(drawn):
                panel = panels[row, column]
                _by_factor(panel, done, axis, name)
                if column == 0:
                    reading = shown(name)
                    panel.set_ylabel(f"{style.wrapped(reading.title, 26)}\n({reading.unit})", fontsize=8)
                if row == len(rows) - 1:
                    panel.set_xlabel(style.wrapped(axis_label(axis), int(11 * widths[column])))
                else:
                    panel.tick_params(axis="x", labelbottom=False)
        figure.tight_layout(h_pad=0.8, w_pad=0.8, rect=(0, bottom, 1, 1))
        title = "Readings by factor"
        path = style.save(figure, folder / "factors.png", title)
    return Picture(path, title, caption, f"Factors: {', '.join(map(axis_label, drawn))}.")


def _meaning(factors: Factors, drawn: Sequence[str]) -> str:
    """What points, lines and dots are."""
    over = "replicates" if len(factors.names) == 1 else "all other factors and replicates"
    words = f"Point: mean of a value of the factor over {over}; line through it: 95 % interval (Student's t)."
    if any(_has_bins(factors.table[axis]) for axis in drawn):
        words += " On a scale, pale dots are runs and points are means of runs with neighbouring values."
    return words


def _varies(values: pd.Series[Any]) -> bool:
    known = values.dropna().to_numpy(float)
    return bool(np.ptp(known) > SAME * max(1.0, float(np.abs(known).max())))


def _same_note(done: pd.DataFrame, names: Sequence[str]) -> str:
    """Which readings have the same value in all runs."""
    said = [f"{shown(name).title} ({done[name].dropna().iloc[0]:.3g})" for name in names]
    return f"The same in all runs: {listed(said)}." if said else ""


def _panel_width(values: pd.Series[Any]) -> float:
    """Inches that a panel of this factor needs."""
    found = levels(values)
    return 2.5 if are_numbers(found) or len(found) > MAX_WORDS_DRAWN else max(2.5, 0.24 * len(found))


def _has_bins(values: pd.Series[Any]) -> bool:
    """Whether a factor has so many numbers that its runs are drawn, with means of bins."""
    found = levels(values)
    return len(found) > MAX_LEVELS_AS_POINTS and are_numbers(found)


def _by_factor(panel: Axes, done: pd.DataFrame, axis: str, name: str) -> None:
    """Draw the means of one reading by one factor."""
    found = levels(done[axis])
    if len(found) > MAX_WORDS_DRAWN and not are_numbers(found):
        style.explain_empty(panel, f"{len(found)} values, too many to draw")
    elif _has_bins(done[axis]):
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
    """Draw the mean of each level as a point with its interval: at its number if there are many, else side by
    side."""
    numeric = is_scale(done[axis]) and None not in found
    for place, level in enumerate(found):
        rows = done[is_at_level(done[axis], level)].dropna(subset=[name])
        if len(rows):
            mean, half_width = _mean_and_half(rows, name)
            panel.errorbar(
                float(level) if numeric else place, mean, half_width, fmt="o", color=BLUE, markersize=5
            )
    if numeric:
        panel.xaxis.set_major_locator(MaxNLocator(4))
        return
    names = level_labels(found, MAX_ARM_LABEL if axis.startswith("arm: ") else 22)
    panel.set_xticks(range(len(found)), names, fontsize=8)
    if len(found) > MAX_LEVELS_AS_POINTS or sum(map(len, names)) > 60:
        panel.tick_params(axis="x", rotation=90, labelsize=7)
    elif sum(map(len, names)) > 34:
        panel.tick_params(axis="x", rotation=30)
    panel.set_xlim(-0.5, len(found) - 0.5)
