"""Why two scenarios differ: from the reading of the first to that of the second, channel by channel."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, INK, PALE, VERMILION, Picture
from woc_sim.figures.wording import title_of, unit_in_words

MOST_PANELS: Final = 6
"""Readings that are drawn; of more, those with the clearest effects."""
MOST_STEPS: Final = 9
"""Channels that have a row of their own; of more, the smallest are one row."""
SMALL_STEP: Final = 0.01
"""Share of the largest step below which a channel has no row of its own."""
OTHERS: Final = "all others"
MAX_NAME_LENGTH: Final = 100
"""Characters of the name of a scenario."""


def draw_why(effects: pd.DataFrame, shares: pd.DataFrame, names: tuple[str, str], folder: Path) -> Picture:
    """Draw ``why.png``: a waterfall for each reading.

    effects, shares: as in `woc_sim.ensemble.why.Why`; names: of the first and the second scenario.
    """
    drawn = drawn_readings(effects)
    pairs = int(effects["n"].max()) if len(effects) else 0
    caption = (
        f"From the mean of the first scenario to that of the second, over {pairs} paired replicates. A bar "
        "is what a channel adds, mean over the orders in which channels become free (Shapley); its line is "
        "the 95 % interval of the share (Student's t). Orange bars raise the reading, blue ones lower it."
    )
    if len(drawn) < len(effects):
        caption += f" Drawn: the {len(drawn)} clearest of {len(effects)} readings."
    across = 1 if len(drawn) < 2 else 2
    down = max(1, -(-len(drawn) // across))
    with style.project_style():
        figure, bottom = style.new_captioned_figure(8.0 if across == 1 else 12.5, 3.6 * down + 0.6, caption)
        panels = np.atleast_1d(figure.subplots(down, across, squeeze=False)).ravel()
        for panel, row in zip(panels, drawn, strict=False):
            _draw_waterfall(panel, row, shares[shares["reading"] == row["reading"]])
        for panel in panels[len(drawn) :]:
            if drawn:
                panel.remove()
            else:
                style.explain_empty(panel, "no reading is known in both scenarios")
        figure.tight_layout(h_pad=1.2, w_pad=1.5, rect=(0, bottom, 1, 1))
        title = f"Why {_short(names[1])} differs from {_short(names[0])}"
        path = style.save(figure, folder / "why.png", title)
    return Picture(path, title, f"{names[1]} less {names[0]}. {caption}", "")


def drawn_readings(effects: pd.DataFrame) -> list[dict[Any, Any]]:
    """The readings that are drawn: all in their order, or of many the clearest, by effect over half its
    interval."""
    known = [row for row in effects.to_dict("records") if np.isfinite(row["effect"])]
    if len(known) <= MOST_PANELS:
        return known

    def clearness(row: Mapping[Any, Any]) -> float:
        half = (row["high"] - row["low"]) / 2
        return float(abs(row["effect"]) / half) if half > 0 else 0.0

    return sorted(known, key=clearness, reverse=True)[:MOST_PANELS]


def steps_of(shares: pd.DataFrame) -> list[dict[str, Any]]:
    """The steps of a waterfall: the setting, channels by the size of their shares, and the sum of those that
    are too small or too many. Channels that move nothing are left out."""
    rows: list[dict[str, Any]] = [
        {str(key): value for key, value in row.items()} for row in shares.to_dict("records")
    ]
    setting, channels = rows[0], sorted(rows[1:], key=lambda row: -abs(row["share"]))
    least = SMALL_STEP * max(abs(row["share"]) for row in rows)
    moving = [row for row in channels if abs(row["share"]) > 0.0]
    large = [row for row in moving if abs(row["share"]) >= least]
    if len(large) < len(moving) or len(large) > MOST_STEPS:
        large = large[: MOST_STEPS - 1]
        unknown = float("nan")
        rest = sum(row["share"] for row in moving[len(large) :])
        large.append({"share": rest, "low": unknown, "high": unknown, "meaning": OTHERS})
    return [setting, *large]


def _draw_waterfall(panel: Axes, effect: Mapping[Any, Any], shares: pd.DataFrame) -> None:
    """Draw the way from the first value to the second."""
    steps = steps_of(shares)
    panel.use_sticky_edges = False  # a bar may begin at the first value, whose mark needs room
    panel.margins(x=0.06)
    at, level = 1, effect["first"]
    panel.axvline(effect["first"], color=PALE, linewidth=0.9, zorder=1)
    panel.axvline(effect["second"], color=PALE, linewidth=0.9, zorder=1)
    panel.plot([effect["first"]], [0], marker="o", color=INK, markersize=6, linestyle="none", zorder=4)
    for step in steps:
        share = step["share"]
        colour = VERMILION if share >= 0 else BLUE
        panel.barh(at, share, left=level, height=0.62, color=colour, alpha=0.75, zorder=2)
        if np.isfinite(step["low"]):
            panel.plot(
                [level + step["low"], level + step["high"]], [at, at], color=INK, linewidth=1.0, zorder=3
            )
        panel.plot(
            [level + share, level + share], [at - 0.31, at + 1.31], color=GREY, linewidth=0.6, zorder=1
        )
        at, level = at + 1, level + share
    panel.plot([effect["second"]], [at], marker="o", color=INK, markersize=6, linestyle="none", zorder=4)
    panel.set_ylim(at + 0.7, -0.7)
    labels = [f"{style.readable(step['meaning'])}  {round(step['share'], 9) + 0.0:+.2g}" for step in steps]
    panel.set_yticks(
        range(at + 1),
        [f"first scenario  {effect['first']:.3g}", *labels, f"second scenario  {effect['second']:.3g}"],
    )
    panel.xaxis.set_major_locator(MaxNLocator(5))
    panel.set_title(style.wrapped(f"{title_of(effect['reading'])}: {effect['effect']:+.3g}", 46))
    panel.set_xlabel(unit_in_words(str(effect["unit"])))


def _short(name: str) -> str:
    return name if len(name) <= MAX_NAME_LENGTH else f"{name[: MAX_NAME_LENGTH - 3]}..."
