"""Figures of results in Python: they show themselves in a notebook, and need no display to be saved."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from woc_sim.errors import UserError, nearest
from woc_sim.figures import style
from woc_sim.library.frames import UNITS
from woc_sim.records import shown

if TYPE_CHECKING:
    import pandas as pd

INDICATORS_DRAWN: Final = (
    "mipex_total",
    "mean_attitude",
    "ties_per_migrant",
    "employed_share",
    "mean_language",
    "politicisation",
)
"""Indicators that are drawn if none is named."""
COLOURS: Final = (
    style.BLUE,
    style.VERMILION,
    style.GREEN,
    style.ORANGE,
    style.PURPLE,
    style.SKY,
    style.BLACK,
)
MOST_LINES: Final = len(COLOURS)
"""Most localities in one figure."""
PANEL: Final = (4.4, 2.3)
"""Width and height of a panel in inches."""
LETTERS: Final = 13.0
"""Characters of a title that fit into an inch."""


class Plot(Figure):
    """A matplotlib figure that a notebook shows by itself; ``savefig`` writes it."""

    def _repr_png_(self) -> bytes:
        return self._image("png")

    def _image(self, kind: str) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format=kind)
        return buffer.getvalue()


def draw_months(monthly: pd.DataFrame, names: Sequence[str], title: str) -> Plot:
    """A panel for each indicator, a line for each locality: median over replicates with the range from 5 to
    95 %. Raises UserError for more localities than colours."""
    cases = list(dict.fromkeys(monthly["case"]))
    if len(cases) > MOST_LINES:
        raise UserError(
            f"there are {len(cases)} localities, and a figure shows {MOST_LINES} at most; "
            "draw some of them: RunTables.monthly is a data frame"
        )
    replicates = int(monthly["replicate"].nunique())
    caption = (
        f"Median of {replicates} replicates, band from the 5 % to the 95 % point."
        if replicates > 1
        else "One replicate."
    )
    with style.project_style():
        figure, panels = _panels(len(names), title, caption)
        for panel, name in zip(panels, names, strict=True):
            for number, case in enumerate(cases):
                own = monthly[monthly["case"] == case].groupby("month")[name]
                middle = own.median()
                x, colour = middle.index.to_numpy(), COLOURS[number]
                if replicates > 1:
                    panel.fill_between(
                        x, own.quantile(0.05), own.quantile(0.95), color=colour, alpha=0.2, lw=0
                    )
                panel.plot(x, middle, color=colour, linestyle=style.line_style(number), label=str(case))
            _label(panel, name, monthly.attrs.get(UNITS, {}).get(name, ""), bool(monthly[name].notna().any()))
        if len(cases) > 1:
            panels[0].legend()
    return figure


def draw_effects(effects: pd.DataFrame, names: str | Sequence[str] | None, pair: tuple[str, str]) -> Plot:
    """A panel for each indicator: the mean paired difference by month with its 95 % interval."""
    known = list(dict.fromkeys(effects["indicator"]))
    chosen = [names] if isinstance(names, str) else list(INDICATORS_DRAWN if names is None else names)
    _refuse_unknown(chosen, known, "indicator")
    caption = (
        f"Second scenario less first, mean of {int(effects['n'].max())} paired replicates; band: 95 % "
        "interval (Student's t)."
    )
    with style.project_style():
        figure, panels = _panels(len(chosen), f"{pair[1]}\nless {pair[0]}", caption)
        for panel, name in zip(panels, chosen, strict=True):
            rows = effects[effects["indicator"] == name]
            x = rows["month"].to_numpy()
            panel.axhline(0.0, color=style.GREY, linewidth=0.8)
            panel.fill_between(x, rows["low"], rows["high"], color=style.BLUE, alpha=0.25, lw=0)
            panel.plot(x, rows["effect"], color=style.BLUE)
            _label(panel, name, f"difference, {rows['unit'].iloc[0]}", bool(rows["effect"].notna().any()))
    return figure


def draw_shares(
    effects: pd.DataFrame, shares: pd.DataFrame, reading: str | None, pair: tuple[str, str]
) -> Plot:
    """The shares of the channels in the effect on one reading, largest first, with 95 % intervals."""
    known = list(effects["reading"])
    name = known[0] if reading is None else reading
    _refuse_unknown([name], known, "reading")
    rows = shares[shares["reading"] == name]
    rows = rows.iloc[np.argsort(rows["share"].abs().to_numpy(), kind="stable")]
    effect = effects[effects["reading"] == name].iloc[0]
    caption = (
        f"Shares of the effect of {effect['effect']:+.3g} {effect['unit']} on {name}; they add up to it. "
        f"Lines: 95 % intervals over {effect['n']} pairs (Student's t)."
    )
    with style.project_style():
        figure, panels = _panels(1, f"{pair[1]}\nless {pair[0]}", caption, (7.0, 0.32 * len(rows) + 1.0))
        at = np.arange(len(rows))
        values = rows["share"].to_numpy(float)
        colours = [style.VERMILION if value >= 0 else style.BLUE for value in values]
        panels[0].barh(at, values, color=colours, alpha=0.75)
        panels[0].hlines(at, rows["low"], rows["high"], color=style.INK, linewidth=1.0)
        panels[0].set_yticks(at, rows["meaning"])
        panels[0].axvline(0.0, color=style.GREY, linewidth=0.8)
        panels[0].set_xlabel(f"share of the effect on {style.readable(name)} ({effect['unit']})")
        figure.tight_layout(rect=figure.room)
    return figure


def _refuse_unknown(names: Sequence[str], known: Sequence[str], noun: str) -> None:
    for name in names:
        if name not in known:
            hint = nearest(str(name), known) or f"there are {', '.join(known[:8])}"
            raise UserError(f"there is no {noun} {shown(repr(name))} here; {hint}")


class _Roomy(Plot):
    """A figure that knows where its panels may stand: left, bottom, right, top as shares of its size."""

    room: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


def _panels(
    count: int, title: str, caption: str, size: tuple[float, float] = PANEL
) -> tuple[_Roomy, list[Axes]]:
    """An empty figure with title, caption below, and so many panels, two in a row."""
    across = 1 if count == 1 else 2
    down = -(-count // across)
    width = size[0] * across
    heads = [
        line for part in title.splitlines() for line in textwrap.wrap(part, int(width * LETTERS)) or [""]
    ]
    feet = textwrap.wrap(caption, int(width * style.CAPTION_CHARACTERS))
    top, bottom = 0.17 * len(heads) + 0.15, style.CAPTION_LINE * len(feet) + 0.15
    height = size[1] * down + top + bottom
    figure = _Roomy(figsize=(width, height), dpi=110)
    FigureCanvasAgg(figure)
    figure.text(0.1 / width, 1 - 0.1 / height, "\n".join(heads), fontsize=9, va="top")
    figure.text(0.1 / width, 0.1 / height, "\n".join(feet), fontsize=8, color=style.GREY, va="bottom")
    panels: Any = figure.subplots(down, across, squeeze=False)
    flat = list(panels.ravel())
    for empty in flat[count:]:
        empty.remove()
    figure.room = (0.0, bottom / height, 1.0, 1 - top / height)
    figure.set_layout_engine("tight", rect=figure.room)
    return figure, flat[:count]


def _label(panel: Axes, name: str, unit: str, observed: bool) -> None:
    panel.set_title(style.readable(name), fontsize=9)
    if not observed:
        style.explain_empty(panel, "not observed")
        return
    panel.set_ylabel(unit)
    locator: Any = AutoDateLocator(minticks=3, maxticks=6)  # type: ignore[no-untyped-call]
    panel.xaxis.set_major_locator(locator)
    dates: Any = ConciseDateFormatter(locator, show_offset=False)  # type: ignore[no-untyped-call]
    panel.xaxis.set_major_formatter(dates)
