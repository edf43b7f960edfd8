"""Effects of removing each obstacle, with intervals, by type of locality."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from woc_sim.figures import style
from woc_sim.figures.style import GREY, INK, TYPE_COLOURS, Picture
from woc_sim.figures.wording import unit_in_words

LABELS: Final = {
    "expertise": "1 money and expertise",
    "links": "2 links to higher levels",
    "eu_weight": "3 weight at EU level",
    "responsibility": "4 shared responsibility",
    "depoliticise": "5 no politicisation",
    "perception": "6 opinion known",
    "together": "all six together",
}
MARKS: Final = ("o", "s", "D", "^")
PANELS_PER_ROW: Final = 3


def obstacles(table: pd.DataFrame, folder: Path) -> Picture:
    """One panel an outcome; rows are interventions, marks are types, lines 95 % intervals.

    table: as `woc_sim.analysis.obstacles.obstacles` returns it.
    """
    outcomes = list(dict.fromkeys(table["outcome"]))
    down = -(-len(outcomes) // PANELS_PER_ROW)
    caption = (
        "Mark: mean difference between the same localities with and without the intervention (from 2018 on); "
        "line: 95 % interval over paired replicates."
    )
    with style.project_style():
        figure, bottom = style.new_captioned_figure(11.5, 3.1 * down + 0.3, caption)
        tall = figure.get_figheight()
        grid = figure.add_gridspec(
            down, PANELS_PER_ROW, left=0.16, right=0.985, bottom=bottom + 0.5 / tall, top=1 - 0.62 / tall,
            hspace=0.45, wspace=0.08,
        )  # fmt: skip
        for index, outcome in enumerate(outcomes):
            axes = figure.add_subplot(grid[index // PANELS_PER_ROW, index % PANELS_PER_ROW])
            _panel(axes, table[table["outcome"] == outcome], first=index % PANELS_PER_ROW == 0)
            if index == 0:
                handles, names = axes.get_legend_handles_labels()
        figure.legend(handles, names, loc="upper center", ncols=len(names))
        title = "Six obstacles removed, by type of locality"
        path = style.save(figure, folder / "obstacles.png", title)
    policy = table[(table["outcome"] == outcomes[0]) & (table["type"] == "all")].set_index("intervention")
    strongest = policy["effect"].abs().drop("together", errors="ignore").idxmax()
    alt_parts = (
        f"Policy moves most by {LABELS.get(str(strongest), strongest)} "
        f"({policy.loc[strongest, 'effect']:+.1f} points); all six together give "
        f"{policy.loc['together', 'effect']:+.1f}."
    )
    return Picture(path, title, caption, alt_parts)


def _panel(axes: Axes, rows: pd.DataFrame, first: bool) -> None:
    names = list(dict.fromkeys(rows["intervention"]))
    kinds = [kind for kind in dict.fromkeys(rows["type"]) if kind != "all"]
    axes.axvline(0.0, color=GREY, linewidth=0.9)
    for index, kind in enumerate(kinds):
        mine = rows[rows["type"] == kind].set_index("intervention").loc[names]
        at = np.arange(len(names)) + (index - (len(kinds) - 1) / 2) * 0.19
        axes.hlines(at, mine["low"], mine["high"], color=TYPE_COLOURS[kind], linewidth=1.4)
        axes.plot(
            mine["effect"],
            at,
            MARKS[index % len(MARKS)],
            color=TYPE_COLOURS[kind],
            markersize=4,
            label=style.readable(kind),
        )
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(
        range(len(names)), [LABELS.get(name, name) for name in names] if first else [""] * len(names)
    )
    axes.axhline(len(names) - 1.5, color=INK, linewidth=0.5, linestyle=":")
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_title(str(rows["meaning"].iloc[0]))
    axes.set_xlabel(f"change, {unit_in_words(str(rows['unit'].iloc[0]))}")
