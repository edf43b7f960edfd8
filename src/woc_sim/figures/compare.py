"""The effect of one difference between two scenarios over time, with intervals."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from woc_sim.figures import style
from woc_sim.figures.run import decimal_years
from woc_sim.figures.style import BLUE, GREY, Picture
from woc_sim.instruments.readings import INDICATORS

INDICATORS_SHOWN: Final = (
    "mipex_total",
    "lg_degree",
    "politicisation",
    "mean_attitude",
    "contact_hours",
    "ties_per_migrant",
    "employed_share",
    "private_home_share",
    "mean_language",
    "belonging",
    "volunteers_share",
    "unemployment",
)
"""Indicators that are drawn."""


MAX_NAME_LENGTH: Final = 110
"""Characters of a scenario's name in the title."""


def draw_effects(months: pd.DataFrame, names: tuple[str, str], folder: Path) -> Picture:
    """One panel an indicator: mean paired difference by month with its 95 % band.

    months: as `woc_sim.ensemble.compare.by_month` returns it; names: what the two scenarios are called.
    """
    units = {each.name: each.unit for each in INDICATORS}
    pairs = int(months["n"].max())
    with style.project_style():
        figure = style.new_figure(11.5, 9.2)
        panels = figure.subplots(4, 3, sharex=True)
        for panel, name in zip(panels.flat, INDICATORS_SHOWN, strict=True):
            panel.set_title(f"{style.readable(name)} ({units[name]})", fontsize=9)
            _draw_indicator(panel, months[months["indicator"] == name])
        for panel in panels[:, 0]:
            panel.set_ylabel("difference")
        for panel in panels[-1]:
            panel.set_xlabel("year")
        first, second = map(_short, names)
        figure.suptitle(f"{second}\nless {first}: {pairs} pairs, band 95 %", fontsize=9, x=0.01, ha="left")
        figure.tight_layout(h_pad=1.0, w_pad=1.0)
        path = style.save(figure, folder / "effects.png")
    caption = (
        f"{names[1]} less {names[0]}: mean of {pairs} paired replicates, band 95 % (Student's t). A line "
        "without a band: all pairs differ by the same amount, or fewer than two are known."
    )
    return Picture(path, "What the difference does", caption, "")


def _draw_indicator(panel: Axes, rows: pd.DataFrame) -> None:
    effect = rows["effect"].to_numpy(float)
    known = effect[np.isfinite(effect)]
    panel.axhline(0.0, color=GREY, linewidth=0.8)
    panel.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    if not known.size or not known.any():
        # an axis around nothing would have numbers that mean nothing
        panel.text(
            0.5, 0.6, "no difference" if known.size else "not observed", transform=panel.transAxes,
            ha="center", color=GREY, fontsize=8.5,
        )  # fmt: skip
        panel.set_ylim(-1, 1)
        panel.set_yticks([0] if known.size else [])
        return
    at = np.array(decimal_years([str(month) for month in rows["month"]]))
    panel.fill_between(at, rows["low"], rows["high"], color=BLUE, alpha=0.25, linewidth=0)
    panel.plot(at, effect, color=BLUE, linewidth=1.3)
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:.3g}")


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME_LENGTH else f"{name[: MAX_NAME_LENGTH - 3]}..."
