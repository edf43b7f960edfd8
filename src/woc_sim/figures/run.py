"""Pictures of one run: indicators over twelve years, and the policy profile at the end.

Every ``woc-sim run`` draws them at its end. So they have to be fast, and they take pandas and Arrow tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, MultipleLocator

from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, SKY, VERMILION, Picture
from woc_sim.inputs.vocabulary import COMPONENTS

Array = np.ndarray[Any, np.dtype[Any]]
LineLook = tuple[str, style.LineStyle]


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a panel: its column, label and colour."""

    column: str
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Indicators that share a unit, and their range (None: from the data)."""

    title: str
    unit: str
    low: float | None
    high: float | None
    lines: tuple[Line, ...]


PANELS: Final = (
    Panel(
        "Migrants in the locality",
        "persons",
        0.0,
        None,
        (Line("non_europeans", "non-European refugees", GREEN), Line("ukrainians", "Ukrainians", ORANGE)),
    ),
    Panel(
        "Residents' attitudes",
        "-1 hostile to +1 warm",
        None,
        None,
        (
            Line("mean_attitude", "to non-Europeans", GREEN),
            Line("mean_attitude_ua", "to Ukrainians", ORANGE),
            Line("belief_executive", "executive's belief", VERMILION),
        ),
    ),
    Panel(
        "Ties",
        "ties to residents per migrant",
        0.0,
        None,
        (Line("ties_per_migrant", "ties per migrant", PURPLE),),
    ),
    Panel(
        "Work and home",
        "share of migrants",
        0.0,
        1.0,
        (
            Line("employed_share", "in regular work", BLUE),
            Line("private_home_share", "in a private home", ORANGE),
            Line("reception_share", "in reception", GREY),
        ),
    ),
    Panel(
        "Integration policy",
        "points, 0 to 100",
        0.0,
        100.0,
        (Line("mipex_total", "policy index", VERMILION),),
    ),
    Panel(
        "Governance",
        "meetings per year of a pair",
        0.0,
        None,
        (
            Line("lg_degree", "government and local actors", VERMILION),
            Line("mean_frequency", "all local pairs", GREEN),
            Line("vertical_frequency", "with levels above", GREY),
        ),
    ),
)
"""Panels of the time line. If a run has no values for a panel, the panel names the indicators."""

EVENTS: Final = (
    (2014 + 8 / 12, 2016 + 3 / 12, "2015", SKY),
    (2020 + 2 / 12, 2021 + 6 / 12, "Covid", "#BBBBBB"),
    (2022 + 2 / 12, 2024.0, "Ukraine", ORANGE),
)
"""Shaded spans of the calendar (decimal years) and their labels."""


def draw_run(monthly: Any, final: Any, folder: Path) -> list[Picture]:
    """Draw both pictures of one run into `folder` and describe them. Tables may be pandas or Arrow."""
    return [draw_timeline(monthly, folder), draw_profile(final, folder)]


def draw_timeline(monthly: Any, folder: Path) -> Picture:
    """Draw ``timeline.png`` into `folder`.

    `monthly` has a row per locality, replicate and month with the column ``month`` (YYYY-MM).
    """
    with style.project_style():
        return _timeline(monthly, folder / "timeline.png")


def draw_profile(final: Any, folder: Path) -> Picture:
    """Draw ``profile.png`` into `folder`; `final` has a row per locality and replicate."""
    with style.project_style():
        return _profile(final, folder / "profile.png")


def decimal_years(months: Sequence[str] | Array) -> Array:
    """Decimal years at the middle of each month given as YYYY-MM."""
    return np.array([int(text[:4]) + (int(text[5:7]) - 0.5) / 12 for text in map(str, months)])


def shade_events(axes: Axes, label: bool) -> None:
    """Shade the events of the calendar, and name them above the panel if `label`."""
    for start, end, name, colour in EVENTS:
        axes.axvspan(start, end, color=colour, alpha=0.16, linewidth=0, zorder=0)
        if label:
            axes.annotate(
                name,
                ((start + end) / 2, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 2),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=6.5,
                color=GREY,
            )


def column_names(table: Any) -> list[str]:
    """Column names of a pandas frame or an Arrow table."""
    return [str(name) for name in getattr(table, "column_names", None) or list(table.columns)]


def _timeline(monthly: Any, path: Path) -> Picture:
    """Draw six panels; with several localities or replicates, their median and 90 % interval."""
    present = set(column_names(monthly))
    months = np.asarray(monthly["month"]).astype(str)
    order = sorted(set(months.tolist()))
    position = np.searchsorted(order, months)
    at = decimal_years(order)
    runs = max(1, round(len(months) / max(1, len(order))))
    figure = style.new_figure(11.2, 6.4)
    described: list[str] = []
    for index, panel in enumerate(PANELS):
        axes = figure.add_axes((0.06 + 0.326 * (index % 3), 0.555 - 0.475 * (index // 3), 0.264, 0.335))
        axes.set_title(panel.title, pad=13)
        shown = [line for line in panel.lines if line.column in present]
        drawn: list[tuple[Line, Array]] = []
        for line in shown:
            values = np.asarray(monthly[line.column], dtype=float)
            if np.isfinite(values).any():
                drawn.append((line, values))
        if not drawn:
            style.explain_empty(
                axes, "no values in this run:\n" + "\n".join(line.column for line in panel.lines)
            )
            continue
        shade_events(axes, label=True)
        for row, (line, values) in enumerate(drawn):
            middle = _over_months(axes, at, position, values, (line.colour, style.line_style(row)), runs)
            last = middle[np.isfinite(middle)][-1]
            described.append(f"{panel.title}, {line.label}: {_first(middle):.2f} to {last:.2f}")
        axes.set_xlim(at[0] - 0.05, max(at[-1] + 0.05, at[0] + 1))
        axes.set_ylabel(panel.unit, labelpad=3, fontsize=8)
        axes.xaxis.set_major_locator(MultipleLocator(4 if at[-1] - at[0] > 6 else 1))
        axes.yaxis.set_major_locator(MaxNLocator(5))
        _limits(axes, panel)
        _legend(axes, [line for line, _ in drawn])
    many = f"Line: median of {runs} localities and replicates; band: 90 % of them."
    note = ("Line: the run." if runs == 1 else many) + " Shaded: arrivals of 2015, Covid, war in Ukraine."
    figure.text(0.06, 0.012, note, fontsize=8, color=GREY)
    style.save(figure, path)
    return Picture(path, "Twelve years", note, "; ".join(described) or "No indicator to draw.")


def _over_months(axes: Axes, at: Array, position: Array, values: Array, look: LineLook, runs: int) -> Array:
    """Draw one indicator over the months and return its median line."""
    if runs == 1:
        middle = np.full(len(at), np.nan)
        middle[position] = values
    else:
        spread = np.full((len(at), 3), np.nan)
        for month in range(len(at)):
            spread[month] = style.median_and_interval(values[position == month])
        middle = spread[:, 0]
        axes.fill_between(at, spread[:, 1], spread[:, 2], color=look[0], alpha=0.2, linewidth=0)
    axes.plot(at, middle, color=look[0], linestyle=look[1], zorder=3)
    return middle


def _profile(final: Any, path: Path) -> Picture:
    """Draw the 13 components and their mean as bars; lines are intervals over localities and replicates."""
    present = set(column_names(final))
    rows = [f"mipex_{name}" for name in (*COMPONENTS, "total")]
    labels = {name: style.COMPONENT_LABELS[name.removeprefix("mipex_")] for name in rows}
    figure = style.new_figure(6.6, 4.6)
    axes = figure.add_axes((0.27, 0.115, 0.66, 0.79))
    axes.set_title("Local integration policy at the reading date")
    described: list[str] = []
    for height, name in enumerate(reversed(rows)):
        values = np.asarray(final[name], dtype=float) if name in present else np.array([np.nan])
        middle, low, high = style.median_and_interval(values)
        if not np.isfinite(middle):
            axes.text(1, height, "no value in this run", va="center", fontsize=8, color=GREY)
            continue
        colour = VERMILION if name == "mipex_total" else BLUE
        axes.barh(height, middle, color=colour, height=0.68, alpha=0.85)
        if high > low:
            axes.plot([low, high], [height, height], color=INK, linewidth=1.2)
        axes.text(max(middle, high) + 1.2, height, f"{middle:.0f}", va="center", fontsize=8)
        described.append(f"{labels[name]} {middle:.0f}")
    axes.set_yticks(range(len(rows)), [labels[name] for name in reversed(rows)])
    axes.set_xlim(0, 108)
    axes.set_xticks([0, 20, 40, 60, 80, 100])
    axes.set_xlabel("points of the policy index, 0 to 100")
    axes.tick_params(axis="y", length=0)
    style.save(figure, path)
    alt = ", ".join(reversed(described)) or "No component score to draw."
    return Picture(path, "Policy profile", "Bars: median; lines: 90 % interval.", alt)


def _limits(axes: Axes, panel: Panel) -> None:
    """Set the limits of the axis: those of the unit, else those of the data, and room for the labels
    above."""
    low, high = axes.get_ylim()
    bottom = low if panel.low is None else panel.low
    top = high if panel.high is None else panel.high
    if panel.low is not None and panel.high is not None:
        axes.set_yticks(np.linspace(panel.low, panel.high, 6))
    room = 0.1 + 0.09 * len(panel.lines)
    axes.set_ylim(bottom, top + room * (top - bottom) or 1.0)


def _legend(axes: Axes, lines: Sequence[Line]) -> None:
    """Write the labels of the lines into the upper left corner, each beside a piece of its line."""
    where = axes.transAxes
    for row, line in enumerate(lines):
        y = 0.94 - 0.085 * row
        axes.plot(
            [0.03, 0.1], [y, y], color=line.colour, linestyle=style.line_style(row), transform=where, zorder=8
        )
        box = {"facecolor": "white", "alpha": 0.65, "linewidth": 0, "pad": 0.8}
        axes.text(0.12, y, line.label, transform=where, fontsize=8, va="center", zorder=7, bbox=box)


def _first(values: Array) -> float:
    """The first finite value."""
    return float(values[np.isfinite(values)][0])
