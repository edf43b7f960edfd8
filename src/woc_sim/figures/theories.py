"""Rival theories: how well each fits and predicts, and what would tell them apart."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.analysis.theories import CLEAR, Theories
from woc_sim.ensemble.escaping import label
from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, INK, ORANGE, Picture
from woc_sim.figures.wording import title_of, unit_in_words

ROW: Final = 0.21
"""Inches of a rival."""
PER_PAIR: Final = 3
MAX_PAIRS: Final = 14


def theories(found: Theories, folder: Path) -> list[Picture]:
    """The ranking, and the observations that would tell rivals apart."""
    return [_ranking(found, folder), _observations(found.observations, folder)]


def _ranking(found: Theories, folder: Path) -> Picture:
    """Fit and prediction of each rival with 90 % intervals, and what it cannot reach; smaller is better."""
    table = found.ranking
    if len(found.reached):
        table = table.merge(found.reached, on=["subject", "theory"], how="left")
    caption = (
        "Smaller is better; lines: 90 % intervals. Fit: mean distance of the fit statistics from the "
        "published numbers, in their standard errors (interval: chance of the simulation and error of the "
        "numbers). Prediction: error (CRPS) of the policy scores of each country, after one offset from the "
        "other countries (interval: the cases). Intervals of rivals are not independent: pairs.csv compares "
        f"them. Parameters: {found.parameters}."
        + (" Out of reach: findings that hold nowhere in the ranges." if len(found.reached) else "")
    )
    with style.project_style():
        figure, top = style.new_captioned_figure(10.0, 1.2 + ROW * len(table), caption)
        first, second, *third = figure.subplots(1, 3 if len(found.reached) else 2, sharey=True)
        _panel(first, table, "fit", "distance, standard errors", BLUE)
        _panel(second, table, "crps", "CRPS, points of the policy index", ORANGE)
        first.set_title("Fit to the findings of the fit")
        second.set_title("Prediction of a country left out")
        for axes in third:
            _reach_panel(axes, table)
        first.set_yticks(range(len(table)), _row_labels(table), fontsize=8)
        first.tick_params(axis="y", length=0)
        for axes in (first, second, *third):
            _stripes(axes, table)
        handles = [
            Line2D([], [], marker="o", linestyle="none", color=INK, markersize=6, label="default theory"),
            Line2D(
                [], [], marker="o", linestyle="none", color=INK, markerfacecolor="white", markersize=6,
                label="rival",
            ),
        ]  # fmt: skip
        figure.legend(handles=handles, loc="upper left", ncols=2)
        figure.tight_layout(rect=(0, top, 1, 1 - 0.25 / figure.get_figheight()))
        title = f"Rival theories: {len(table)} compared"
        path = style.save(figure, folder / "theories.png", title)
    alt = "; ".join(
        f"{one.subject} {one.theory} fit {one.fit:.2f} CRPS {one.crps:.2f}" for one in table.itertuples()
    )
    return Picture(path, title, caption, alt)


def _row_labels(table: pd.DataFrame) -> list[str]:
    """The rivals; the first of a subject has its name before it."""
    subjects = table["subject"].tolist()
    return [
        style.readable(f"{subject}: {theory}" if row == 0 or subject != subjects[row - 1] else str(theory))
        for row, (subject, theory) in enumerate(zip(subjects, table["theory"], strict=True))
    ]


def _stripes(axes: Axes, table: pd.DataFrame) -> None:
    """Shade every second subject, so that its rows are seen to belong together."""
    starts = [0, *(np.flatnonzero(table["subject"].to_numpy()[1:] != table["subject"].to_numpy()[:-1]) + 1)]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(table)], strict=True)):
        if number % 2:
            axes.axhspan(start - 0.5, end - 0.5, color="#F3F3F3", linewidth=0, zorder=0)


def _panel(axes: Axes, table: pd.DataFrame, name: str, unit: str, colour: str) -> None:
    at = np.arange(len(table))
    axes.hlines(at, table[f"{name}_low"], table[f"{name}_high"], color=colour, linewidth=2.5, alpha=0.45)
    for position, one in enumerate(table.to_dict("records")):
        face = colour if one["default"] else "white"
        axes.plot([one[name]], [position], "o", color=colour, markerfacecolor=face, markersize=6)
    axes.set_xlabel(unit, fontsize=8)
    axes.set_ylim(len(table) - 0.5, -0.5)


def _reach_panel(axes: Axes, table: pd.DataFrame) -> None:
    """How many findings each rival cannot reach."""
    for position, one in enumerate(table.to_dict("records")):
        axes.barh(position, one["out_of_reach"], height=0.6, color=GREY if one["default"] else "#C9C9C9")
        axes.text(one["out_of_reach"], position, f" {one['out_of_reach']:.0f}", va="center", fontsize=7)
    axes.set_xlabel("findings", fontsize=8)
    axes.set_title("Out of reach")
    axes.margins(x=0.15)


def _observations(table: pd.DataFrame, folder: Path) -> Picture:
    """The largest expected differences of each pair, in errors of one study."""
    keys = ["subject", "first", "second"]
    pairs = [rows.head(PER_PAIR) for _, rows in table.groupby(keys, sort=False)]
    pairs = sorted(pairs, key=lambda rows: -float(rows["ratio"].max()))[:MAX_PAIRS]
    caption = (
        "Expected difference of a reading between two rivals, over the error that one study of 40 places has "
        f"for it. Beyond the dashed line ({CLEAR:g} errors) one new study would show it; below, more places "
        "are needed (observations.csv says how many)."
    )
    with style.project_style():
        if not pairs:
            figure = style.new_figure(9.0, 1.6)
            style.explain_empty(figure.add_axes((0, 0, 1, 1)), "no reading differs between rivals")
            title = "What would tell rivals apart"
            path = style.save(figure, folder / "observations.png", title)
            return Picture(path, title, caption, "No reading differs between rivals.")
        lines = sum(len(rows) for rows in pairs)
        figure, top = style.new_captioned_figure(10.0, 1.0 + 0.24 * lines + 0.2 * len(pairs), caption)
        axes = figure.subplots()
        at, ticks, labels = 0.0, [], []
        for rows in pairs:
            one = rows.iloc[0]
            axes.text(0.0, at - 0.85, style.readable(f"{one['subject']}: {one['first']} or {one['second']}"),
                      fontsize=8, fontweight="bold", color=INK, va="center")  # fmt: skip
            for each in rows.to_dict("records"):
                axes.barh(at, each["ratio"], color=BLUE if each["ratio"] >= CLEAR else "#B9D3E6", height=0.7)
                size = f" {each['difference']:+.2g} {label(unit_in_words(str(each['unit'])))}"
                axes.text(each["ratio"], at, size, va="center", fontsize=7, color=GREY)
                ticks.append(at)
                labels.append(f"{title_of(str(each['reading']))}, {style.readable(str(each['contrast']))}")
                at += 1.0
            at += 1.2
        axes.axvline(CLEAR, color=INK, linestyle="--", linewidth=1.0)
        axes.set_yticks(ticks, labels, fontsize=7)
        axes.set_ylim(at - 1.0, -1.5)
        axes.set_xlim(0, 1.25 * max(float(rows["ratio"].max()) for rows in pairs))
        axes.set_xlabel("expected difference, errors of one study", fontsize=8)
        figure.tight_layout(rect=(0, top, 1, 1))
        title = "What would tell rivals apart"
        path = style.save(figure, folder / "observations.png", title)
    alt = "; ".join(
        f"{one['subject']} {one['first']} or {one['second']}: {one['reading']} ({one['contrast']}) "
        f"{one['ratio']:.1f}"
        for one in (rows.iloc[0] for rows in pairs)
    )
    return Picture(path, title, caption, alt)
