"""The effect of the difference between two scenarios, by indicator and month, with intervals."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from woc_sim.ensemble.differences import TOLERANCE
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
"""Characters of the name of a scenario in the title."""


def draw_effects(months: pd.DataFrame, names: tuple[str, str], folder: Path) -> Picture:
    """Draw ``effects.png``: for each indicator the mean paired difference by month with its 95 % band.

    months: as `woc_sim.ensemble.compare.by_month` returns it; names: of the first and the second scenario.
    """
    units = {each.name: each.unit for each in INDICATORS}
    pairs = int(months["n"].max())
    caption = (
        f"Second scenario less first: mean of {pairs} paired replicates, band 95 % (Student's t). A line "
        "without a band: all pairs differ by the same amount, or fewer than two are known. No difference: "
        "all differences are below rounding."
    )
    with style.project_style():
        figure, bottom = style.new_captioned_figure(11.5, 9.2, caption)
        panels = figure.subplots(4, 3, sharex=True)
        for panel, name in zip(panels.flat, INDICATORS_SHOWN, strict=True):
            panel.set_title(f"{style.readable(name)} ({units[name]})", fontsize=9)
            _draw_indicator(panel, months[months["indicator"] == name])
        for panel in panels[:, 0]:
            panel.set_ylabel("difference")
        for panel in panels[-1]:
            panel.set_xlabel("year")
        first, second = map(_short, names)
        figure.suptitle(f"{second}\nless {first}", fontsize=9, x=0.01, ha="left")
        figure.tight_layout(h_pad=1.0, w_pad=1.0, rect=(0, bottom, 1, 1))
        path = style.save(figure, folder / "effects.png")
    return Picture(path, "Effects of the difference", f"{names[1]} less {names[0]}. {caption}", "")


def below_rounding(rows: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The months in which rounding may explain the difference of the two scenarios."""
    size = np.fmax(rows["first"].abs().to_numpy(float), rows["second"].abs().to_numpy(float))
    small: np.ndarray[Any, np.dtype[np.bool_]] = rows["effect"].abs().to_numpy(float) <= TOLERANCE * np.fmax(
        size, 1.0
    )
    return small


def _draw_indicator(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw the effect on one indicator, or say that there is none."""
    known = np.isfinite(rows["effect"].to_numpy(float))
    panel.axhline(0.0, color=GREY, linewidth=0.8)
    panel.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    if not (known & ~below_rounding(rows)).any():
        # An axis scaled to rounding errors would look like an effect.
        reason = "no difference" if known.any() else "not observed"
        panel.text(0.5, 0.6, reason, transform=panel.transAxes, ha="center", color=GREY, fontsize=8.5)
        panel.set_ylim(-1, 1)
        panel.set_yticks([0] if known.any() else [])
        return
    x = np.array(decimal_years([str(month) for month in rows["month"]]))
    panel.fill_between(x, rows["low"], rows["high"], color=BLUE, alpha=0.25, linewidth=0)
    panel.plot(x, rows["effect"].to_numpy(float), color=BLUE, linewidth=1.3)
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:.3g}")


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME_LENGTH else f"{name[: MAX_NAME_LENGTH - 3]}..."
