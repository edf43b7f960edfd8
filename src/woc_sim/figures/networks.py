"""Governance networks of two average localities (Figure 3 of the study), and meetings of local governments
(Figure 4)."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.analysis.checks_governance import LARGEST_GAPS
from woc_sim.analysis.replication import mean_frequencies
from woc_sim.figures import style
from woc_sim.figures.style import EXECUTIVE_COLOURS, GREY, INK, SKY, VERMILION, Picture
from woc_sim.figures.validation_tables import (
    ValidationTables,
    group_means_by_study,
    has_values,
    published_value,
    rows_of_variant,
    western_cases,
)
from woc_sim.inputs.organisations import actor_kind, kinds_with
from woc_sim.inputs.vocabulary import ACTOR_KINDS
from woc_sim.instruments.readings import PARTNERS

Array = np.ndarray[Any, np.dtype[Any]]

SIDES: Final = ("conservative", "progressive")
"""The executives of the two networks. Mixed executives are left out, as in the study."""
HIGHLIGHTED: Final = 2
"""Number of nodes marked as the most central ones."""


def networks(tables: ValidationTables, folder: Path) -> Picture:
    """Two networks of actor kinds, averaged over localities with a conservative and with a progressive
    executive."""
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(10.6, 5.7)
        matrices = {side: average_network(rows_of_variant(western_cases(tables)), side) for side in SIDES}
        largest = max(float(np.nan_to_num(_degrees(matrix)).max()) for matrix in matrices.values())
        for index, side in enumerate(SIDES):
            axes = figure.add_axes((0.01 + 0.495 * index, 0.07, 0.485, 0.86))
            axes.set_title(f"Average locality with a {side} executive", pad=2)
            if not np.isfinite(matrices[side]).any():
                style.explain_empty(axes, f"no network readings of localities\nwith a {side} executive")
                continue
            _network(axes, matrices[side], largest)
            degrees = _degrees(matrices[side])
            ranked = np.argsort(-np.nan_to_num(degrees))[:4]
            named = ", ".join(f"{style.readable(ACTOR_KINDS[i])} {degrees[i]:.1f}" for i in ranked)
            alt_parts.append(f"{side}: most central {named}")
        note = (
            "Node size: weighted degree (sum of frequencies above 1). Vermilion: the two most central kinds. "
            "Line width: frequency of meetings, 1 (hardly ever, no line) to 5."
        )
        figure.text(0.02, 0.015, note, fontsize=8, color=GREY)
        title = "Governance networks of two average localities, 2020-21"
        path = style.save(figure, folder / "governance_networks.png", title)
    caption = (
        "As the study's Figure 3, which prints no numbers: there, local government is the most central under "
        "progressive executives, providers and pro-migrant NGOs are under conservative ones, civil society "
        "is central in both, and higher levels are met rarely. All ties of the model start from one "
        "distribution."
    )
    return Picture(
        path,
        title,
        caption,
        "; ".join(alt_parts) or "No data.",
    )


def average_network(cases: pd.DataFrame, executive: str) -> Array:
    """Mean frequency (1-5) between actor kinds over the localities of one executive; nan where never
    observed.

    Symmetric, ``len(ACTOR_KINDS)`` square, nan on the diagonal.
    """
    rows = cases[cases["executive"] == executive] if has_values(cases, "executive") else cases.head(0)
    return mean_frequencies(lambda name: rows[name].to_numpy(dtype=float) if name in rows else np.empty(0))


def _degrees(matrix: Array) -> Array:
    """Weighted degree of each kind: sum over the others of frequency minus 1, so that 'never' counts 0."""
    seen = np.isfinite(matrix).any(axis=1)
    return np.where(seen, np.nansum(matrix - 1.0, axis=1), np.nan)


def _layout() -> Array:
    """Fixed positions: local kinds on a circle, local government at its top, higher levels above it."""
    positions = np.zeros((len(ACTOR_KINDS), 2))
    ring = kinds_with(levels=("local",))
    for step, kind in enumerate(ring):
        angle = np.pi * (0.5 + (2.0 * step - 1.0) / len(ring))
        positions[ACTOR_KINDS.index(kind)] = (1.12 * np.cos(angle), 0.82 * np.sin(angle) - 0.22)
    above = [kind for kind in ACTOR_KINDS if kind not in ring]
    for step, kind in enumerate(above):
        positions[ACTOR_KINDS.index(kind)] = (0.75 * (step - (len(above) - 1) / 2), 1.02)
    return positions


def _label(kind: str) -> str:
    """The plural of a kind, its first word on a line of its own."""
    return actor_kind(kind).plural.replace(" ", "\n", 1)


def _network(axes: Axes, matrix: Array, largest: float) -> None:
    """Draw one network; node areas are comparable between networks through `largest`."""
    positions = _layout()
    degrees = _degrees(matrix)
    top = set(np.argsort(-np.nan_to_num(degrees))[:HIGHLIGHTED].tolist())
    for i in range(len(ACTOR_KINDS)):
        for j in range(i + 1, len(ACTOR_KINDS)):
            weight = matrix[i, j] - 1.0
            if np.isfinite(weight) and weight > 0.02:
                ends = positions[[i, j]]
                strength = min(1.0, weight / 3.0)
                axes.plot(
                    ends[:, 0], ends[:, 1], color=INK, linewidth=0.3 + 5.0 * strength,
                    alpha=0.08 + 0.7 * strength * strength, zorder=1, solid_capstyle="round",
                )  # fmt: skip
    for i, kind in enumerate(ACTOR_KINDS):
        absent = not np.isfinite(degrees[i])
        area = 30.0 if absent else 40.0 + 900.0 * degrees[i] / max(largest, 1e-9)
        colour = "white" if absent else VERMILION if i in top else SKY
        axes.scatter(
            [positions[i][0]], [positions[i][1]], s=area, color=colour, edgecolor=INK, linewidth=0.8, zorder=3
        )
        below = positions[i][1] < 0.9
        radius = np.sqrt(area / 900.0) * 0.1 + 0.045
        axes.text(
            positions[i][0], positions[i][1] + (-radius if below else radius), _label(kind), ha="center",
            va="top" if below else "bottom", fontsize=7.5, zorder=4,
            bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.5},
        )  # fmt: skip
    axes.set_xlim(-1.5, 1.5)
    axes.set_ylim(-1.4, 1.3)
    axes.axis("off")


def frequencies(tables: ValidationTables, folder: Path) -> Picture:
    """Frequency of local governments' meetings with each kind of actor, by executive, and what Covid
    changed."""
    cases = rows_of_variant(western_cases(tables))
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(10.6, 4.9)
        axes = figure.add_axes((0.15, 0.11, 0.49, 0.8))
        axes.set_title("Meetings of local government, 2020-21")
        seen = [kind for kind in PARTNERS if has_values(cases, "executive", f"lg_{kind}_2020")]
        if not seen:
            style.explain_empty(axes, "no readings of local governments' meetings")
        else:
            alt_parts = _partners(axes, cases, seen)
        right = figure.add_axes((0.75, 0.11, 0.23, 0.8))
        right.set_title("Change since 2017-19")
        changes = group_means_by_study(cases, "executive", "covid_change")
        if not changes:
            style.explain_empty(right, "no reading of the change")
        else:
            for x, name in enumerate(EXECUTIVE_COLOURS):
                values = changes.get(name, np.array([]))
                middle = style.draw_simulated(right, x - 0.1, values, EXECUTIVE_COLOURS[name])
                style.draw_published(right, x + 0.15, published_value("S33", "change"))
                alt_parts.append(
                    f"change under {name} executives: simulated {middle:.2f}, published about -1"
                )
            right.axhline(0, color=INK, linewidth=0.8)
            right.set_xticks(range(3), list(EXECUTIVE_COLOURS), rotation=20)
            right.set_xlim(-0.6, 2.6)
            right.set_ylim(min(-1.6, right.get_ylim()[0]), max(0.4, right.get_ylim()[1]))
            right.set_ylabel("points of the 1 to 5 scale")
        title = "Whom local governments meet, and what Covid changed"
        path = style.save(figure, folder / "governance_frequencies.png", title)
    caption = (
        "As the study's Figure 4. Kinds are ordered by the simulated gap between progressive and "
        "conservative executives; bold are those for which the study calls the gap very high (unions, "
        "migrant organisations, non-public providers). Right: the study reports about one point less in "
        "2020-21, whatever the colour."
    )
    return Picture(
        path,
        title,
        caption,
        "; ".join(alt_parts) or "No data.",
    )


def _partners(axes: Axes, cases: pd.DataFrame, seen: list[str]) -> list[str]:
    """Draw the frequency with each partner under the two executives, ordered by the gap; its numbers in
    words."""
    values = {kind: group_means_by_study(cases, "executive", f"lg_{kind}_2020") for kind in seen}

    def gap(kind: str) -> float:
        middles = [style.median_and_interval(values[kind].get(side, np.array([])))[0] for side in SIDES]
        return float(np.nan_to_num(middles[1] - middles[0], nan=-9.0))

    order = sorted(seen, key=gap)
    alt_parts = []
    for height, kind in enumerate(order):
        for side, shift in zip(SIDES, (-0.16, 0.16), strict=True):
            drawn = values[kind].get(side, np.array([]))
            style.draw_simulated(axes, height + shift, drawn, EXECUTIVE_COLOURS[side], upright=False)
        alt_parts.append(f"{style.readable(kind)} gap {gap(kind):+.2f}")
    axes.set_yticks(range(len(order)), [actor_kind(kind).plural for kind in order])
    for label, kind in zip(axes.get_yticklabels(), order, strict=True):
        if kind in LARGEST_GAPS:
            label.set_fontweight("bold")
    axes.set_xlim(0.9, 5.1)
    axes.set_xlabel("frequency of meetings, 1 (hardly ever) to 5 (weekly)")
    axes.legend(
        handles=[
            Line2D([], [], color=EXECUTIVE_COLOURS[side], marker="o", linewidth=3, label=f"{side} executive")
            for side in reversed(SIDES)
        ],
        loc="lower right",
    )
    return alt_parts
