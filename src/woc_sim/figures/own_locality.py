"""The user's own locality among the cases of the study: one narrow panel for each headline reading."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from woc_sim.analysis.own_locality import Standing, name_of, standing
from woc_sim.ensemble.escaping import label as label_of
from woc_sim.figures import style
from woc_sim.figures.style import BLUE, GREY, Picture
from woc_sim.figures.validation_tables import ValidationTables, rows_of_variant

HEADLINES: Final = {
    "mipex_total": ("Policy index", "points, 0 to 100"),
    "perceived_integration": ("Integration of migrants, as local actors see it", "rating, 1 to 5"),
    "perceived_attitudes": ("Residents' attitudes, as local actors see them", "rating, 1 to 5"),
    "access_employment": ("Difficulty of access to work", "0 easy, 1 difficult, 2 extremely difficult"),
    "access_housing": ("Difficulty of access to housing", "0 easy, 1 difficult, 2 extremely difficult"),
    "support_more": ("Residents for more measures", "share of residents"),
    "relations_good_ne": ("Good relationships with non-Europeans", "share of residents"),
    "ties_mean": ("Ties of migrants to residents", "ties of a migrant"),
    "lonely_share": ("Migrants who say they are lonely", "share of migrants"),
    "welcome_share": ("Migrants who feel welcome", "share of migrants"),
}
"""Reading -> its label and unit, in the order of the panels, column by column."""
ROWS: Final = 5
GOLDEN: Final = 0.618034
JITTER: Final = 0.4
"""Largest distance of a dot from the middle of its panel, so that equal cases do not cover one another."""


def own_locality(tables: ValidationTables, folder: Path) -> Picture:
    """Means of the cases as dots, and the mean of the locality with its 90 % interval over the studies."""
    own, cases = tables.own, rows_of_variant(tables.cases)
    name = name_of(own)
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(10.6, 6.4)
        for index, (reading, (label, unit)) in enumerate(HEADLINES.items()):
            column, row = divmod(index, ROWS)
            axes = figure.add_axes((0.03 + 0.5 * column, 0.815 - 0.185 * row, 0.44, 0.075))
            axes.set_title(label, fontsize=9)
            found = standing(own, cases, reading)
            if found is None:
                style.explain_empty(axes, "not read in this validation")
                continue
            _draw(axes, found)
            axes.set_xlabel(unit, fontsize=8, labelpad=1)
            alt_parts.append(f"{label}: {_in_words(found)}")
        ours, theirs = f"{label_of(name)} (mean and 90 % of the studies)", "a case (mean of the studies)"
        marks = [
            Line2D([], [], marker="o", color=BLUE, linewidth=3.2, markersize=6.5, label=ours),
            Line2D([], [], marker="o", color=GREY, linestyle="none", markersize=4, label=theirs),
        ]
        figure.legend(handles=marks, loc="upper left", ncols=2, bbox_to_anchor=(0.02, 1.0))
        title = f"{name[:1].upper()}{name[1:]} beside the cases"
        path = style.save(figure, folder / "own_locality.png", title)
    caption = (
        f"Blue: {name}, mean over {len(own)} studies with the 90 % interval. Grey: the means of the cases "
        "over the same studies. Study by study the locality and the cases have the same parameters."
    )
    return Picture(
        path,
        title,
        caption,
        "; ".join(alt_parts) or "Nothing was read.",
    )


def _draw(axes: Axes, found: Standing) -> None:
    # steps of the golden section spread neighbours in size over the height of the panel
    heights = JITTER * (2.0 * (GOLDEN * np.arange(len(found.cases)) % 1.0) - 1.0)
    dots: dict[str, Any] = {
        "marker": "o",
        "color": GREY,
        "alpha": 0.55,
        "markersize": 4,
        "markeredgewidth": 0,
    }
    axes.plot(np.sort(found.cases), heights, linestyle="none", zorder=2, **dots)
    axes.plot([found.low, found.high], [0, 0], color=BLUE, linewidth=3.2, alpha=0.45, zorder=3)
    axes.plot([found.mean], [0], "o", color=BLUE, markersize=6.5, zorder=5)
    axes.set_ylim(-0.6, 0.6)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=(1, 2, 5, 10)))
    axes.margins(x=0.04)


def _in_words(found: Standing) -> str:
    digits = 0 if found.high >= 10 else 2
    numbers = (f"{value:.{digits}f}" for value in (found.mean, found.low, found.high))
    return "{} ({} to {}), ".format(*numbers) + found.place
