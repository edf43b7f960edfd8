"""The effect of one difference between two scenarios over time, with intervals."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, Picture

SHOWN: Final = (
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


def compared(months: pd.DataFrame, names: tuple[str, str], folder: Path) -> Picture:
    """One panel an indicator: mean paired difference by month with its 95 % band.

    months: as `woc_sim.ensemble.compare.by_month` returns it; names: what the two scenarios are called.
    """
    with style.look():
        figure = style.canvas(11.5, 8.6)
        panels = figure.subplots(4, 3, sharex=True)
        for panel, name in zip(panels.flat, SHOWN, strict=True):
            rows = months[months["indicator"] == name]
            at = np.arange(len(rows)) / 12 + 2012
            panel.axhline(0.0, color=GREY, linewidth=0.8)
            panel.fill_between(at, rows["low"], rows["high"], color=BLUE, alpha=0.25, linewidth=0)
            panel.plot(at, rows["effect"], color=BLUE, linewidth=1.3)
            panel.set_title(style.words(name), fontsize=9)
            panel.ticklabel_format(axis="y", style="plain", useOffset=False)
        for panel in panels[:, 0]:
            panel.set_ylabel("difference")
        for panel in panels[-1]:
            panel.set_xlabel("year")
        figure.tight_layout(h_pad=1.0, w_pad=1.0)
        path = style.save(figure, folder / "effects.png")
    caption = f"{names[1]} less {names[0]}: mean of paired replicates, band 95 %."
    return Picture(path, "What the difference does", caption, "")
