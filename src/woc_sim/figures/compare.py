"""The effect of the difference between two scenarios, by indicator and month, with intervals."""

from collections.abc import Sequence
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
from woc_sim.figures.wording import listed, shown

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
"""Indicators that are drawn if none are chosen."""
PER_ROW: Final = 3
MAX_NAME_LENGTH: Final = 110
"""Characters of the name of a scenario in the title."""


def draw_effects(
    months: pd.DataFrame, names: tuple[str, str], folder: Path, chosen: Sequence[str] = ()
) -> Picture:
    """Draw ``effects.png``: for each indicator the mean paired difference by month with its 95 % band.

    months: as `woc_sim.ensemble.compare.by_month` returns it; names: of the first and the second scenario;
    chosen: the indicators (none: `INDICATORS_SHOWN`). What does not differ is named below and not drawn.
    """
    wanted = chosen or INDICATORS_SHOWN
    rows = {name: months[months["indicator"] == name] for name in wanted}
    known = [name for name in wanted if np.isfinite(rows[name]["effect"].to_numpy(float)).any()]
    drawn = [name for name in known if _differs(rows[name])]
    caption = _caption(
        int(months["n"].max()), [n for n in known if n not in drawn], [n for n in wanted if n not in known]
    )
    down = max(1, -(-len(drawn) // PER_ROW))
    with style.project_style():
        width = 3.75 * min(PER_ROW, max(2, len(drawn)))
        figure, bottom = style.new_captioned_figure(width, 2.35 * down if drawn else 0.8, caption)
        if not drawn:
            style.explain_empty(figure.add_axes((0, bottom, 1, 1 - bottom)), "no indicator differs")
        for number, name in enumerate(drawn):
            panel = figure.add_subplot(down, min(PER_ROW, len(drawn)), number + 1)
            _draw_indicator(panel, rows[name], name)
        if drawn:
            figure.tight_layout(h_pad=1.0, w_pad=1.0, rect=(0, bottom, 1, 1))
        title = f"Effect of {_short(names[1])} instead of {_short(names[0])}"
        path = style.save(figure, folder / "effects.png", title)
    return Picture(path, title, f"{names[1]} less {names[0]}. {caption}", "")


def _caption(pairs: int, same: Sequence[str], unknown: Sequence[str]) -> str:
    """What lines and bands are, and what is not drawn."""
    words = [
        f"Second scenario less first: mean of {pairs} paired replicates; band: 95 % interval (Student's t). "
        "A line without a band: all pairs differ by the same amount, or fewer than two are known. Under the "
        "title: means of the last month in the first and the second scenario."
    ]
    if same:
        words.append(f"No difference beyond rounding: {listed([shown(name).title for name in same])}.")
    if unknown:
        words.append(f"Not observed: {listed([shown(name).title for name in unknown])}.")
    return " ".join(words)


def below_rounding(rows: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The months in which rounding may explain the difference of the two scenarios."""
    size = np.fmax(rows["first"].abs().to_numpy(float), rows["second"].abs().to_numpy(float))
    small: np.ndarray[Any, np.dtype[np.bool_]] = rows["effect"].abs().to_numpy(float) <= TOLERANCE * np.fmax(
        size, 1.0
    )
    return small


def _differs(rows: pd.DataFrame) -> bool:
    """Whether any month differs by more than rounding: an axis scaled to that would look like an effect."""
    return bool((np.isfinite(rows["effect"].to_numpy(float)) & ~below_rounding(rows)).any())


def _draw_indicator(panel: Axes, rows: pd.DataFrame, name: str) -> None:
    """Draw the effect on one indicator."""
    last = rows[np.isfinite(rows["effect"].to_numpy(float))].iloc[-1]
    panel.axhline(0.0, color=GREY, linewidth=0.8)
    x = np.array(decimal_years([str(month) for month in rows["month"]]))
    panel.fill_between(x, rows["low"], rows["high"], color=BLUE, alpha=0.25, linewidth=0)
    panel.plot(x, rows["effect"].to_numpy(float), color=BLUE, linewidth=1.3)
    panel.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    panel.yaxis.set_major_locator(MaxNLocator(5))
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:.3g}".replace("-", "\N{MINUS SIGN}"))
    words = style.wrapped(shown(name).title, 40)
    panel.set_title(f"{words}\nat the end {last['first']:.3g} and {last['second']:.3g}", fontsize=9)
    panel.set_ylabel(f"difference ({shown(name).unit})", fontsize=8)
    panel.set_xlabel("year", fontsize=8)


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME_LENGTH else f"{name[: MAX_NAME_LENGTH - 3]}..."
