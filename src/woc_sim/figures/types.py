"""Outcomes by type of locality, in the synthetic factorial where type, size, executive and RRP share are
crossed."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from woc_sim.figures import style
from woc_sim.figures.style import GREY, INK, TYPE_COLOURS, Picture
from woc_sim.figures.validation_tables import (
    ValidationTables,
    group_means_by_study,
    has_values,
    rows_of_variant,
)
from woc_sim.inputs.vocabulary import EXECUTIVES, TYPES

Array = np.ndarray[Any, np.dtype[Any]]

TYPE_LABELS: Final = (
    "revital-\nising\n+ +",
    "in tran-\nsition\n+ -",
    "mar-\nginal\n- +",
    "left-\nbehind\n- -",
)
OUTCOMES: Final = (
    ("mipex_total", "Policy index", "points, 0 to 100"),
    ("response_share", "Needs covered by anyone", "share of six needs"),
    ("lg_mean_2020", "Meetings of local government", "frequency, 1 to 5"),
    ("latent_access_housing", "Difficulty of finding a home", "0 easy to 1 hard"),
    ("latent_access_employment", "Difficulty of finding work", "0 easy to 1 hard"),
    ("latent_attitude", "Residents' attitude", "-1 hostile to +1 warm"),
    ("latent_ties", "Ties to residents", "ties per migrant"),
    ("latent_belonging", "Migrants' belonging", "-1 to +1"),
)
"""One outcome or two for each row of the study's Table 8: reading, title, unit."""


def types(tables: ValidationTables, folder: Path) -> Picture:
    """Eight outcomes by type: median and 90 % interval over studies, and a light dot for each cell of
    the design."""
    factorial = rows_of_variant(tables.factorial)
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(10.8, 5.6)
        for index, (name, title, unit) in enumerate(OUTCOMES):
            axes = figure.add_axes((0.06 + 0.245 * (index % 4), 0.615 - 0.455 * (index // 4), 0.185, 0.31))
            axes.set_title(title, fontsize=9.5)
            if not has_values(factorial, "type", "case", name):
                style.explain_empty(axes, "not read in this validation")
                continue
            axes.set_ylabel(unit, fontsize=8)
            alt_parts.append(f"{title}: {_draw_outcome(axes, factorial, name)}")
        note = (
            "+ +: structure, then experience with diversity. Filled: mean over the design, 90 % interval "
            "over studies. Light dots: the cells of the design (size x executive)."
        )
        figure.text(0.06, 0.012, note, fontsize=8, color=GREY)
        title = "Types of locality and their outcomes"
        path = style.save(figure, folder / "types.png", title)
    caption = (
        "The study found revitalising localities most inclusive and the other three mixed, structure to "
        "matter for policy and access, and experience with diversity to matter little for anything. "
        "Overlapping dots are a result too: localities of one type end differently."
    )
    return Picture(path, title, caption, "; ".join(alt_parts) or "No data.")


def _draw_outcome(axes: Axes, factorial: pd.DataFrame, name: str) -> str:
    """Draw one outcome by type; its medians in words."""
    runs = group_means_by_study(factorial, "type", name)
    alt_parts = []
    for x, kind in enumerate(TYPES):
        rows = factorial[factorial["type"] == kind]
        if not has_values(rows, name):
            continue
        means = rows.groupby("case")[name].mean().to_numpy(dtype=float)
        spread = np.linspace(-0.3, 0.3, len(means)) if len(means) > 1 else np.zeros(1)
        axes.plot(
            x + spread, means, "o", color=TYPE_COLOURS[kind], alpha=0.55, markersize=3, markeredgewidth=0
        )
        middle = style.draw_simulated(axes, x, runs[kind], TYPE_COLOURS[kind])
        axes.plot([x], [middle], "o", markersize=6.5, markerfacecolor="none", markeredgecolor=INK, zorder=6)
        alt_parts.append(f"{style.readable(kind)} {middle:.2f}")
    axes.set_xticks(range(4), TYPE_LABELS, fontsize=7)
    axes.set_xlim(-0.6, 3.6)
    return ", ".join(alt_parts)


def slopes(tables: ValidationTables, folder: Path) -> Picture:
    """Radical-right seats against policy, relations and beliefs under each executive, in the synthetic
    factorial."""
    factorial = rows_of_variant(tables.factorial)
    outcomes = (
        ("mipex_total", "Policy index", "points, 0 to 100"),
        ("lg_mean_2020", "Meetings of local government", "frequency, 1 to 5"),
        ("belief_politicians", "What politicians believe of residents", "-1 hostile to +1 warm"),
    )
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(10.4, 3.6)
        for index, (name, title, unit) in enumerate(outcomes):
            axes = figure.add_axes((0.065 + 0.325 * index, 0.16, 0.25, 0.66))
            axes.set_title(title)
            if not has_values(factorial, "executive", "rrp", "case", name) or factorial["rrp"].nunique() < 2:
                style.explain_empty(axes, "not read at several shares of seats\nin this validation")
                continue
            axes.set_xlabel("radical-right seats in the council, share")
            axes.set_ylabel(unit)
            _draw_slopes(axes, factorial, name)
            alt_parts.append(
                f"{title}: " + ", ".join(_change_in_words(factorial, name, each) for each in EXECUTIVES)
            )
        handles, names = figure.axes[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="upper left", ncols=3, bbox_to_anchor=(0.05, 1.0))
        title = "Radical-right seats and the executive"
        path = style.save(figure, folder / "rrp_slopes.png", title)
    caption = (
        "The study reports that relations decrease with radical-right seats under conservative and mixed "
        "executives, and increase under progressive ones (S35). No parameter of the model sets this sign."
    )
    return Picture(path, title, caption, "; ".join(alt_parts) or "No data.")


def _draw_slopes(axes: Axes, factorial: pd.DataFrame, name: str) -> None:
    """Draw a line for each executive over the RRP shares of the design, with 90 % intervals over
    studies."""
    for index, executive in enumerate(EXECUTIVES):
        rows = factorial[factorial["executive"] == executive]
        means = group_means_by_study(rows, "rrp", name)
        shares = np.sort(list(means))
        at = shares + 0.003 * (index - 1)
        spread = np.array([style.median_and_interval(means[share]) for share in shares])
        colour = style.EXECUTIVE_COLOURS[executive]
        axes.vlines(at, spread[:, 1], spread[:, 2], color=colour, alpha=0.45, linewidth=3)
        axes.plot(
            at, spread[:, 0], color=colour, marker="o", linestyle=("-", "--", "-.")[index], label=executive
        )
    axes.margins(x=0.1)


def _change_in_words(factorial: pd.DataFrame, name: str, executive: str) -> str:
    """The change from the lowest to the highest RRP share under one executive, in words."""
    means = group_means_by_study(factorial[factorial["executive"] == executive], "rrp", name)
    if len(means) < 2:
        return f"{executive} unknown"
    low, high = (style.median_and_interval(means[share])[0] for share in (min(means), max(means)))
    return f"{executive} {high - low:+.2f}"
