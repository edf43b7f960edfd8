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
from woc_sim.figures.wording import shown
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
"""Panels of the time line. What has no values in a run is named below."""

EVENTS: Final = (
    (2014 + 8 / 12, 2016 + 3 / 12, "2015", SKY),
    (2020 + 2 / 12, 2021 + 6 / 12, "Covid", "#BBBBBB"),
    (2022 + 2 / 12, 2024.0, "Ukraine", ORANGE),
)
"""Shaded spans of the calendar (decimal years) and their labels."""
EVENT_MEANINGS: Final = {
    "2015": "arrivals of 2015",
    "Covid": "the pandemic",
    "Ukraine": "arrivals from Ukraine",
}


def draw_run(monthly: Any, final: Any, folder: Path) -> list[Picture]:
    """Draw both pictures of one run into `folder` and describe them. Tables may be pandas or Arrow."""
    return [draw_timeline(monthly, folder), draw_profile(final, folder)]


def draw_timeline(monthly: Any, folder: Path, chosen: Sequence[str] = ()) -> Picture:
    """Draw ``timeline.png`` into `folder`.

    `monthly` has a row per locality, replicate and month with the column ``month`` (YYYY-MM). chosen: names
    of indicators, each of which gets a panel; none: `PANELS`.
    """
    with style.project_style():
        return _timeline(monthly, folder / "timeline.png", panels_of(chosen) if chosen else PANELS)


def draw_profile(final: Any, folder: Path) -> Picture:
    """Draw ``profile.png`` into `folder`; `final` has a row per locality and replicate."""
    with style.project_style():
        return _profile(final, folder / "profile.png")


def decimal_years(months: Sequence[str] | Array) -> Array:
    """Decimal years at the middle of each month given as YYYY-MM."""
    return np.array([int(text[:4]) + (int(text[5:7]) - 0.5) / 12 for text in map(str, months)])


def panels_of(chosen: Sequence[str]) -> tuple[Panel, ...]:
    """A panel for each of the named indicators."""
    panels = []
    for name in chosen:
        found = shown(name)
        panels.append(Panel(found.title, found.unit, None, None, (Line(name, found.title, BLUE),)))
    return tuple(panels)


def shade_events(axes: Axes, low: float, high: float) -> None:
    """Shade what the panel shows of the events of the calendar, and name them above it.

    low, high: the first and the last moment of the panel, in decimal years.
    """
    for start, end, name, colour in EVENTS:
        start, end = max(start, low), min(end, high)
        if start >= end:
            continue
        axes.axvspan(start, end, color=colour, alpha=0.16, linewidth=0, zorder=0)
        middle = (start + end) / 2
        near_end, near_start = (high - middle) < 0.06 * (high - low), (middle - low) < 0.06 * (high - low)
        axes.annotate(
            name,
            (end if near_end else start if near_start else middle, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            ha="right" if near_end else "left" if near_start else "center",
            va="bottom",
            fontsize=6.5,
            color=GREY,
        )


def column_names(table: Any) -> list[str]:
    """Column names of a pandas frame or an Arrow table."""
    return [str(name) for name in getattr(table, "column_names", None) or list(table.columns)]


COLUMNS: Final = 3
PANEL_WIDTH, PANEL_HEIGHT = 2.95, 2.15
"""Inches of a panel of the time line."""
LEFT, RIGHT, ABOVE, BELOW = 0.68, 0.2, 0.42, 0.35
"""Inches around a panel, for its labels."""


def _timeline(monthly: Any, path: Path, panels: Sequence[Panel]) -> Picture:
    """Draw a panel for each group of indicators; with several localities or replicates, their median and 90 %
    interval."""
    present = set(column_names(monthly))
    months = np.asarray(monthly["month"]).astype(str)
    order = sorted(set(months.tolist()))
    position = np.searchsorted(order, months)
    at = decimal_years(order)
    runs = max(1, round(len(months) / max(1, len(order))))
    drawn, missing = _known_lines(monthly, panels, present)
    note = _note(runs, _ends(at), missing)
    down = max(1, -(-len(drawn) // COLUMNS))
    across = min(COLUMNS, max(1, len(drawn)))
    width, height = across * (LEFT + PANEL_WIDTH + RIGHT), down * (ABOVE + PANEL_HEIGHT + BELOW)
    figure, top = style.new_captioned_figure(width, height, note)
    described: list[str] = []
    if not drawn:
        style.explain_empty(figure.add_axes((0, top, 1, 1 - top)), "no values in this run")
    tall = figure.get_figheight()
    for index, (panel, lines) in enumerate(drawn):
        x = (index % COLUMNS) * (LEFT + PANEL_WIDTH + RIGHT) + LEFT
        y = top * tall + (down - 1 - index // COLUMNS) * (ABOVE + PANEL_HEIGHT + BELOW) + BELOW
        axes = figure.add_axes((x / width, y / tall, PANEL_WIDTH / width, PANEL_HEIGHT / tall))
        axes.set_title(f"{panel.title[:1].upper()}{panel.title[1:]}", pad=13)
        axes.set_xlim(*_ends(at))
        shade_events(axes, *_ends(at))
        for row, (line, values) in enumerate(lines):
            middle = _over_months(axes, at, position, values, (line.colour, style.line_style(row)), runs)
            last = middle[np.isfinite(middle)][-1]
            described.append(f"{panel.title}, {line.label}: {_first(middle):.2f} to {last:.2f}")
        axes.set_ylabel(panel.unit, labelpad=3, fontsize=8)
        axes.xaxis.set_major_locator(MultipleLocator(4 if at[-1] - at[0] > 6 else 1))
        axes.yaxis.set_major_locator(MaxNLocator(5))
        _limits(axes, panel, max(float(np.nanmax(values)) for _, values in lines))
        _legend(axes, [line for line, _ in lines])
    title = f"Time lines, {order[0][:4]} to {order[-1][:4]}"
    style.save(figure, path, title)
    return Picture(path, title, note, "; ".join(described) or "No indicator to draw.")


def _known_lines(
    monthly: Any, panels: Sequence[Panel], present: set[str]
) -> tuple[list[tuple[Panel, list[tuple[Line, Array]]]], list[str]]:
    """The panels with the values of their lines, and the labels of lines without any value."""
    drawn, missing = [], []
    for panel in panels:
        lines = []
        for line in panel.lines:
            values = np.asarray(monthly[line.column], dtype=float) if line.column in present else np.empty(0)
            if np.isfinite(values).any():
                lines.append((line, values))
            else:
                missing.append(line.label)
        if lines:
            drawn.append((panel, lines))
    return drawn, missing


def _ends(at: Array) -> tuple[float, float]:
    """First and last moment of the panels: at least a year."""
    return float(at[0]) - 0.05, float(max(at[-1] + 0.05, at[0] + 1))


def _note(runs: int, ends: tuple[float, float], missing: Sequence[str]) -> str:
    """What lines, bands and shades mean, and what has no values."""
    words = [f"Line: median of {runs} localities and replicates; band: 90 % of them." if runs > 1 else ""]
    events = [says for start, end, name, _ in EVENTS if start < ends[1] and end > ends[0]
              for says in (EVENT_MEANINGS[name],)]  # fmt: skip
    if events:
        words.append(f"Shaded: {', '.join(events)}.")
    if missing:
        words.append(f"No values in this run: {', '.join(missing)}.")
    return " ".join(filter(None, words))


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
    runs = len(final["mipex_total"]) if "mipex_total" in present else 1
    note = (
        f"Bar: median of {runs} localities and replicates; line: 90 % of them."
        if runs > 1
        else "Bar: the score that the study's experts would give at the reading date."
    )
    figure, top = style.new_captioned_figure(6.6, 4.2, note)
    axes = figure.add_axes((0.27, top + 0.1, 0.66, 0.88 - top))
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
    title = "Local integration policy by component"
    style.save(figure, path, title)
    alt = ", ".join(reversed(described)) or "No component score to draw."
    return Picture(path, title, note, alt)


def _limits(axes: Axes, panel: Panel, highest: float) -> None:
    """Set the limits of the axis: those of the unit, else those of the data, and room for the labels
    above."""
    low, high = axes.get_ylim()
    bottom = low if panel.low is None else panel.low
    top = high if panel.high is None else panel.high
    if panel.low is not None and highest <= panel.low:
        top = panel.low + 1.0  # nothing but zeros: an axis of rounding errors would look like a result
    if panel.low is not None and panel.high is not None:
        axes.set_yticks(np.linspace(panel.low, panel.high, 6))
    room = 0.1 + 0.09 * len(panel.lines)
    axes.set_ylim(bottom, top + room * (top - bottom))


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
