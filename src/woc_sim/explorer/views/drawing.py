"""What the views have in common: figures, the two sides, months in words, and text from others as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, Plot
from bokeh.plotting import figure

from woc_sim.ensemble.escaping import html_text, label
from woc_sim.ensemble.intervals import COVERED
from woc_sim.ensemble.run import month_names
from woc_sim.explorer.pair import Pair, Side
from woc_sim.figures.style import BLUE, INK, ORANGE, PALE

Array = np.ndarray[Any, Any]

SIDE_COLOURS: Final = (BLUE, ORANGE)
SIDE_MARKS: Final = ("circle", "diamond")
SIDE_DASHES: Final = ("solid", "dashed")
SIDE_NAMES: Final = ("A", "B")
"""How sides A and B are told apart: colour, mark, dash and letter."""

ATTITUDES: Final = (
    "#7f3b08", "#b35806", "#e08214", "#fdb863", "#fee0b6", "#f7f7f7", "#d8daeb", "#b2abd2", "#8073ac", "#542788",
    "#2d004b",
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


def source(*columns: str) -> ColumnDataSource:
    """A data source with empty columns."""
    return ColumnDataSource({column: [] for column in columns})


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


@cache
def quantile(count: int) -> float:
    """Half the width of the 95 % interval of the mean of `count` values, in standard errors (Student's t); nan
    for fewer than two. The first call loads scipy, so views call it while they prepare."""
    from scipy import stats

    return float(stats.t.ppf((1 + COVERED) / 2, count - 1)) if count > 1 else float("nan")


def means_and_halves(values: Array) -> tuple[Array, Array]:
    """Mean over the first axis and half the width of its 95 % interval, as
    `woc_sim.ensemble.intervals.mean_and_half` gives them, for many numbers at once. nan if a value is missing,
    and for the interval of fewer than two values.
    """
    count = len(values)
    mean = values.mean(axis=0)
    if count < 2:
        return mean, np.full(mean.shape, np.nan)
    return mean, quantile(count) * values.std(axis=0, ddof=1) / np.sqrt(count)


def means_and_bounds(values: Array) -> tuple[Array, Array, Array]:
    """Mean and ends of the 95 % interval over the first axis; without an interval the ends are the mean."""
    mean, half = means_and_halves(values)
    half = np.nan_to_num(half)
    return mean, mean - half, mean + half


def differences_in_words(values: Array, form: str) -> list[str]:
    """Mean differences over the first axis, each with its 95 % interval if there are several replicates."""
    words = []
    for mean, half in zip(*means_and_halves(values), strict=True):
        if not np.isfinite(mean):
            words.append("unknown")
        elif not np.isfinite(half):
            words.append(form.format(mean))
        else:
            words.append(f"{form.format(mean)} ({form.format(mean - half)} to {form.format(mean + half)})")
    return words


def counted(number: int, one: str, many: str) -> str:
    """'1 person' or '2 persons'."""
    return f"{number:,} {one if number == 1 else many}"


def side_by_side(*drawn: Any) -> Any:
    """Figures beside one another, of equal width."""
    return pn.Row(*[pn.pane.Bokeh(each, sizing_mode="stretch_width") for each in drawn])


def clear(sources: Sequence[ColumnDataSource]) -> None:
    """Empty data sources."""
    for each in sources:
        each.data = {column: [] for column in each.data}
