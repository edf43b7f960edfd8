"""Table 8: what takes how much of the variance of each row, and the marks beside the published ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from woc_sim.analysis.replication import FACTORS, TICK
from woc_sim.analysis.table8 import marks_in_words
from woc_sim.figures import style
from woc_sim.figures.style import GREY, INK, VERMILION, Picture

SOURCES: Final = {"instrument": "as the instruments read it", "true state": "true state"}
DESIGN_COLUMNS: Final = ("structure", "experience", "size", "politics", "country", "parameters", "chance")
MARK_SIGNS: Final = {"tick": "✓", "bracket": "(✓)", "cross": "✗", "": ""}


def table8(shares: pd.DataFrame, studies: pd.DataFrame, marks: pd.DataFrame, folder: Path) -> Picture:
    """Four maps: shares by design and in studies, by instrument and on the true state."""
    caption = (
        "Top: share of the variance of a row that each column takes alone, and in brackets with its "
        "interactions, where structure, experience, size, politics, country, parameters and random draws "
        "move independently (Sobol indices). Bottom: share of the variance within countries in whole "
        "simulated studies (Shapley values; country: share between countries), with the mark that it earns "
        f"and, in red, the published one where they differ. Bold: at least {TICK:g} in 95 % of the "
        "bootstraps, or of the studies. " + f"{marks_in_words(marks)}."
    )
    with style.project_style():
        figure, top = style.new_captioned_figure(13.2, 6.9, caption)
        height = (1.0 - top) / 2
        for column, (source, words) in enumerate(SOURCES.items()):
            left, width = 0.13 + 0.5 * column, 0.35
            above = figure.add_axes((left, top + 1.08 * height, width, 0.72 * height))
            _design(above, shares[shares["source"] == source], f"By design, {words}")
            below = figure.add_axes((left, top + 0.06 * height, width, 0.72 * height))
            _studies(below, studies[studies["source"] == source], f"In studies, {words}")
        title = "Table 8: what matters for what"
        path = style.save(figure, folder / "table8.png", title)
    read = shares[shares["source"] == "instrument"]
    read = read.dropna(subset=["total"]).sort_values("total", ascending=False, kind="stable")
    strongest: list[dict[str, Any]] = read.drop_duplicates("row").to_dict("records")  # type: ignore[assignment]
    alt = "; ".join(f"{one['row']}: {one['factor']} {one['total']:.2f}" for one in strongest)
    return Picture(path, title, caption, alt)


def _grid(rows: pd.DataFrame, columns: tuple[str, ...], value: str) -> pd.DataFrame:
    order = list(dict.fromkeys(rows["row"]))
    return rows.pivot(index="row", columns="factor", values=value).reindex(index=order, columns=list(columns))


def _design(axes: Axes, rows: pd.DataFrame, title: str) -> None:
    share, total, sure = (_grid(rows, DESIGN_COLUMNS, name) for name in ("share", "total", "p_share"))
    texts = [
        [
            f"{max(a, 0.0):.2f} ({b:.2f})" if np.isfinite(a) else "-"
            for a, b in zip(first, second, strict=True)
        ]
        for first, second in zip(share.to_numpy(dtype=float), total.to_numpy(dtype=float), strict=True)
    ]
    _cells(axes, share.to_numpy(dtype=float), texts, sure.to_numpy(dtype=float) >= 0.95, title, share)


def _studies(axes: Axes, rows: pd.DataFrame, title: str) -> None:
    columns = (*FACTORS, "country")
    share, sure = (_grid(rows, columns, name) for name in ("share", "p_share"))
    marks, published = (_grid(rows, columns, name) for name in ("mark", "published"))
    texts = [
        [
            f"{round(value, 2) + 0.0:.2f} {MARK_SIGNS[str(mark)]}" if np.isfinite(value) else "-"
            for value, mark in zip(*row, strict=True)
        ]
        for row in zip(share.to_numpy(dtype=float), marks.to_numpy(), strict=True)
    ]
    _cells(axes, share.to_numpy(dtype=float), texts, sure.to_numpy(dtype=float) >= 0.95, title, share)
    for row, (given, wanted) in enumerate(zip(marks.to_numpy(), published.to_numpy(), strict=True)):
        for column, (mark, other) in enumerate(zip(given, wanted, strict=True)):
            if other and mark != other:
                axes.text(column + 0.46, row - 0.3, MARK_SIGNS[str(other)], ha="right", va="center",
                          fontsize=6.5, color=VERMILION, fontweight="bold",
                          bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})  # fmt: skip


def _cells(
    axes: Axes, values: Any, texts: list[list[str]], sure: Any, title: str, names: pd.DataFrame
) -> None:
    palette = matplotlib.colormaps["Blues"].with_extremes(bad="#F4F4F4")
    axes.imshow(np.ma.masked_invalid(values), cmap=palette, vmin=0.0, vmax=0.8, aspect="auto")
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            value = values[row, column]
            ink = "white" if np.isfinite(value) and value > 0.45 else INK if np.isfinite(value) else GREY
            axes.text(column, row, text, ha="center", va="center", fontsize=7, color=ink,
                      fontweight="bold" if sure[row, column] else "normal")  # fmt: skip
    axes.set_title(title, pad=26)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xticks(range(names.shape[1]), [style.readable(str(each)) for each in names.columns], fontsize=8)
    axes.set_yticks(range(names.shape[0]), [style.readable(str(each)) for each in names.index], fontsize=8)
    for spine in axes.spines.values():
        spine.set_visible(False)
