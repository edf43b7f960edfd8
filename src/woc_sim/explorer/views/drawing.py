"""What the views have in common: figures, the two sides, months in words, and others' text as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, Plot
from bokeh.plotting import figure

from woc_sim.ensemble.compare import PairedDifferences, paired_differences
from woc_sim.ensemble.escaping import html_text, label
from woc_sim.ensemble.run import month_names
from woc_sim.explorer.pair import Pair, Side
from woc_sim.figures.style import BLUE, INK, PALE, VERMILION

Array = np.ndarray[Any, Any]

SIDE_COLOURS: Final = (BLUE, VERMILION)
SIDE_MARKS: Final = ("circle", "diamond")
SIDE_DASHES: Final = ("solid", "dashed")
SIDE_NAMES: Final = ("A", "B")
"""How sides A and B are told apart: colour, mark, dash and letter."""

ATTITUDES: Final = (
    "#7f3b08", "#b35806", "#e08214", "#fdb863", "#fee0b6", "#f7f7f7", "#d8daeb", "#b2abd2", "#8073ac",
    "#542788", "#2d004b",
)  # fmt: skip
"""Colours from hostile (orange) over neutral (white) to warm (purple), which colour-blind readers can tell
apart (PuOr of ColorBrewer)."""


def plain_figure(title: str, height: int, **look: Any) -> Any:
    """A figure without a logo, as wide as its column, that is described by its title."""
    tools = look.pop("tools", "pan,wheel_zoom,box_zoom,reset,save")
    drawn = figure(
        title=title, height=height, sizing_mode="stretch_width", toolbar_location="above", tools=tools, **look
    )
    drawn.toolbar.logo = None
    drawn.toolbar.autohide = True
    drawn.title.text_font_size = "11pt"
    drawn.title.text_color = INK
    drawn.outline_line_color = PALE
    drawn.grid.grid_line_color = "#EEEEEE"
    return drawn


def bare(drawn: Plot) -> None:
    """Take axes and grid away, where positions have no unit."""
    drawn.axis.visible = False
    drawn.grid.visible = False


def side_by_side(*parts: Any) -> Any:
    """Parts beside one another, or below one another where the window is narrow."""
    return pn.Row(*parts, sizing_mode="stretch_width", stylesheets=[NARROW])


NARROW: Final = """\
@media (max-width: 1000px) {
  :host { flex-direction: column !important; }
  * { flex: none !important; align-self: stretch !important; width: auto !important; }
}
"""
"""Below this width of the window the views are less than 650 pixels wide, too narrow for two pictures."""


def source(*columns: str) -> ColumnDataSource:
    """A data source with empty columns."""
    return ColumnDataSource({column: [] for column in columns})


def dots(drawn: Any, x: str, y: str, source: ColumnDataSource, side: int) -> Any:
    """The points of a side (0: A, 1: B) at two columns of a source, told apart as in all views and named in
    the legend."""
    return drawn.scatter(
        x,
        y,
        source=source,
        marker=SIDE_MARKS[side],
        size=10,
        color=SIDE_COLOURS[side],
        line_color=INK,
        legend_label=SIDE_NAMES[side],
    )


def text_pane(text: str = "", **look: Any) -> Any:
    """A pane for sentences; what comes from others must be escaped by `html_text` first."""
    return pn.pane.HTML(text, sizing_mode="stretch_width", margin=(2, 10), **look)


def scenario_words(side: Side) -> str:
    """The place, its seed and number of residents in a few words, as HTML text."""
    scenario = side.scenario
    (spec,) = scenario.localities
    labels = ", ".join(each.replace("_", " ") for each in (spec.size, spec.executive, spec.type) if each)
    named = label(spec.case) + (f" ({labels})" if labels else "")
    return html_text(f"{named}, seed {scenario.seed}")


def heading(title: str, pair: Pair, note: str = "") -> str:
    """The title of a view with the settings of both sides, as HTML."""
    sides = "; ".join(
        f"<b>{name}</b> {scenario_words(side)}" for name, side in zip(SIDE_NAMES, pair.sides, strict=False)
    )
    below = f"<br><span style='color:#555'>{note}</span>" if note else ""
    return f"<b style='font-size:1.15em'>{html_text(title)}</b> &nbsp; {sides}{below}"


def month_words(month: int) -> str:
    """'2012-01' for month 0."""
    return month_names()[month]


def years_of(months: int) -> Array:
    """The months as milliseconds since 1970, which axes of dates are drawn with."""
    names = np.array(month_names(months), dtype="datetime64[M]")
    return names.astype("datetime64[ms]").astype(np.int64).astype(float)


def band_of(values: Array) -> tuple[Array, Array, Array]:
    """Mean, lowest and highest of the known values over the first axis, which is that of replicates.

    Where none is known, the mean is nan, and lowest and highest are the mean before, so that an area has no
    height there.
    """
    known = np.isfinite(values)
    count = known.sum(axis=0)
    mean = np.where(count > 0, np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
    low, high = np.where(known, values, np.inf).min(axis=0), np.where(known, values, -np.inf).max(axis=0)
    if (count == 0).any():
        last = np.maximum.accumulate(np.where(count > 0, np.arange(len(count)), 0))
        before = np.where(np.isfinite(mean[last]), mean[last], 0.0)
        low, high = np.where(count > 0, low, before), np.where(count > 0, high, before)
    return mean, low, high


def warm() -> None:
    """Load what paired differences need (a second), while a view prepares and not while the page waits."""
    paired_differences(np.zeros((2, 1)), np.zeros((2, 1)))


def difference_words(found: PairedDifferences, form: str) -> list[str]:
    """Each paired difference B less A, with its 95 % interval where there are several replicates."""
    words = []
    for effect, low, high in zip(found.effect, found.low, found.high, strict=True):
        if not np.isfinite(effect):
            words.append("unknown")
        elif not np.isfinite(low):
            words.append(form.format(effect))
        else:
            words.append(f"{form.format(effect)} ({form.format(low)} to {form.format(high)})")
    return words


def counted(number: int, one: str, many: str) -> str:
    """'1 person' or '2 persons'."""
    return f"{number:,} {one if number == 1 else many}"


def clear(sources: Sequence[ColumnDataSource]) -> None:
    """Empty data sources."""
    for each in sources:
        each.data = {column: [] for column in each.data}
