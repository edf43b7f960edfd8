"""Access to housing and employment under good and bad structural conditions (the study's Figure 9)."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from woc_sim.analysis.replication import grade_counts
from woc_sim.figures import style
from woc_sim.figures.style import GREY, Picture
from woc_sim.figures.validation_tables import ValidationTables, has_values, rows_of_variant
from woc_sim.inputs.vocabulary import TYPES

Array = np.ndarray[Any, np.dtype[Any]]

GRADES: Final = ("easy", "difficult", "extremely_difficult")
"""Grades of access, in the order of the codes of the readings."""
GRADE_LABELS: Final = ("easy", "difficult", "extremely\ndifficult")
STRUCTURES: Final = {"positive": 1, "negative": -1}
_POSITIVE_TYPES: Final = TYPES[:2]


def grids(tables: ValidationTables, folder: Path) -> Picture:
    """Four grids of nine cells: good and bad structure, published and simulated shares of localities."""
    alt_parts: list[str] = []
    simulated = simulated_grids(rows_of_variant(tables.cases), rows_of_variant(tables.factorial))
    published = published_grids(tables.access)
    with style.project_style():
        figure = style.new_figure(10.4, 4.3)
        for index, (structure, source) in enumerate(
            (structure, source) for structure in STRUCTURES for source in ("published", "simulated")
        ):
            axes = figure.add_axes((0.095 + 0.225 * index + (0.02 if index > 1 else 0.0), 0.22, 0.205, 0.56))
            drawn = (published if source == "published" else simulated).get(structure)
            if drawn is None:
                style.explain_empty(axes, f"no {source} ratings\nof access here")
                continue
            shares, count = drawn
            axes.set_title(f"{source} (n = {count})", fontsize=9)
            style.heat_map(axes, 100 * shares[::-1], "Blues", 0, 50, "{:.0f} %")
            axes.set_xticks(range(3), GRADE_LABELS)
            axes.set_yticks(range(3), GRADE_LABELS[::-1] if index == 0 else ["", "", ""])
            axes.set_xlabel("housing")
            if index == 0:
                axes.set_ylabel("employment")
            corner = 100 * shares[0, 2]
            alt_parts.append(
                f"{structure} structure, {source}: easy work with extremely difficult housing {corner:.0f} %"
            )
        for x, structure in zip((0.095, 0.565), STRUCTURES, strict=True):
            figure.text(
                x, 0.92, f"{structure.capitalize()} structural conditions", weight="bold", fontsize=10
            )
        figure.text(0.095, 0.02, "per cent of the localities with that structure", fontsize=8, color=GREY)
        title = "Access to housing and employment (Figure 9)"
        path = style.save(figure, folder / "access.png", title)
    caption = (
        "Each grid sums to 100 %. In the study work is easy and housing extremely difficult in a good "
        "economy (lower right corner), and the reverse in a weak economy. The simulated n is localities "
        "times replicates."
    )
    return Picture(path, title, caption, "; ".join(alt_parts) or "No data.")


def published_grids(access: pd.DataFrame) -> dict[str, tuple[Array, int]]:
    """Shares of localities by structure as 3 x 3 (employment, housing) from the cells of the study, with
    their n."""
    if not has_values(access, "structure", "housing", "employment", "n"):
        return {}
    found = {}
    for structure in STRUCTURES:
        counts = np.zeros((3, 3))
        for row in access[access["structure"] == structure].itertuples():
            counts[GRADES.index(str(row.employment)), GRADES.index(str(row.housing))] += float(str(row.n))
        if counts.sum() > 0:
            found[structure] = (counts / counts.sum(), int(counts.sum()))
    return found


def simulated_grids(cases: pd.DataFrame, factorial: pd.DataFrame) -> dict[str, tuple[Array, int]]:
    """Shares as in `published_grids`, from the cases if these have the column structure, else from the
    factorial."""
    if has_values(cases, "structure", "access_housing", "access_employment"):
        rows, positive = cases, _is_positive(cases["structure"])
    elif has_values(factorial, "type", "access_housing", "access_employment"):
        rows, positive = factorial, factorial["type"].isin(_POSITIVE_TYPES)
    else:
        return {}
    found = {}
    for structure, wanted in (("positive", positive), ("negative", ~positive)):
        codes = rows.loc[wanted, ["access_housing", "access_employment"]].to_numpy(dtype=float)
        counts = grade_counts(codes[:, 0], codes[:, 1]).T
        if counts.sum() > 0:
            found[structure] = (counts / counts.sum(), int(counts.sum()))
    return found


def _is_positive(structure: "pd.Series[Any]") -> "pd.Series[bool]":
    """Whether the structure is the favourable one, written as a sign or as a word."""
    if pd.api.types.is_numeric_dtype(structure):
        return structure > 0
    return structure.astype(str).isin(["positive", "+", "+1", "1"])
