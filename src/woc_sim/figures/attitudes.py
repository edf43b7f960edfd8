"""Attitudes of residents, beliefs of politicians about them, and settings where residents and migrants
meet."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from woc_sim.figures import style
from woc_sim.figures.style import BLACK, BLUE, GREEN, GREY, INK, ORANGE, PALE, VERMILION, Picture
from woc_sim.figures.validation_tables import (
    ValidationTables,
    group_means_by_study,
    has_values,
    means_by_study,
    published_value,
    rows_of_variant,
)
from woc_sim.inputs.groups import groups
from woc_sim.inputs.vocabulary import EXECUTIVES, SIZES
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.world.places import PLACE_KINDS

Array = np.ndarray[Any, np.dtype[Any]]

SURVEYED: Final = ("Austria", "Germany", "Italy", "Sweden")
"""Countries of the study's survey of residents."""
GROUPS: Final = {one.short: one.plural for one in groups() if f"support_{one.short}" in READING_NAMES}
"""The groups that the survey asks about: what readings on them end with, and their names."""
RELATIONS: Final = {"none": ("almost none", PALE), "good": ("good", GREEN), "tense": ("tense", VERMILION)}


def attitudes(tables: ValidationTables, folder: Path) -> Picture:
    """Four panels: belief against truth, support for measures, relations, and where ties began."""
    cases = rows_of_variant(tables.cases)
    surveyed = cases[cases["country"].isin(SURVEYED)] if has_values(cases, "country") else cases
    alt_parts: list[str] = []
    with style.project_style():
        figure = style.new_figure(10.6, 7.6)
        alt_parts += _belief(figure.add_axes((0.12, 0.57, 0.36, 0.36)), cases)
        alt_parts += _support(figure.add_axes((0.63, 0.57, 0.35, 0.36)), surveyed)
        alt_parts += _relations(figure.add_axes((0.12, 0.08, 0.36, 0.33)), surveyed)
        alt_parts += _origins(figure.add_axes((0.63, 0.08, 0.35, 0.36)), cases)
        title = "Attitudes, beliefs and relations"
        path = style.save(figure, folder / "attitudes.png", title)
    caption = (
        "True attitude and belief are those of early 2022 (interviews of actors), the rest those of 2023 "
        "(survey). Support and relations: localities of the four surveyed countries. Diamonds are "
        "the study's numbers; where it says 'more than half', the diamond stands at 50 % with an arrow."
    )
    return Picture(path, title, caption, "; ".join(alt_parts) or "No data.")


def _belief(axes: Axes, cases: pd.DataFrame) -> list[str]:
    """Residents' true mean attitude and politicians' belief about it, by executive and size."""
    axes.set_title("What politicians believe of residents")
    needed = ("latent_attitude_2022", "belief_politicians")
    if not has_values(cases, "executive", "size", *needed):
        style.explain_empty(axes, "no readings of beliefs in this validation")
        return []
    rows = [("all", "")] + [(name, "executive") for name in EXECUTIVES] + [(name, "size") for name in SIZES]
    alt_parts = []
    for height, (name, by) in enumerate(reversed(rows)):
        truth, belief = (
            means_by_study(cases, column)
            if not by
            else group_means_by_study(cases, by, column).get(name, np.array([]))
            for column in needed
        )
        colour = style.EXECUTIVE_COLOURS.get(name, style.SIZE_COLOURS.get(name, INK))
        real, thought = style.median_and_interval(truth)[0], style.median_and_interval(belief)[0]
        if np.isfinite(real) and np.isfinite(thought):
            axes.annotate(
                "",
                (thought, height),
                (real, height),
                arrowprops={"arrowstyle": "->", "color": GREY, "lw": 1.0},
            )
        style.draw_simulated(axes, height, truth, colour, upright=False)
        _, low, high = style.median_and_interval(belief)
        axes.plot([low, high], [height, height], color=colour, linewidth=1.2)
        axes.plot(
            [thought], [height], marker="<", color="white", markeredgecolor=colour, markersize=7, zorder=5
        )
        alt_parts.append(f"{name}: attitude {real:.2f}, believed {thought:.2f}")
    axes.set_yticks(range(len(rows)), [name for name, _ in reversed(rows)])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("attitude to non-Europeans, -1 hostile to +1 warm")
    axes.margins(x=0.12)
    axes.legend(
        handles=[
            Line2D([], [], color=INK, marker="o", linewidth=3, alpha=0.7, label="true mean"),
            Line2D([], [], color=INK, marker="<", markerfacecolor="white", linewidth=1, label="belief"),
        ],
        loc="upper left",
        bbox_to_anchor=(0.0, -0.13),
        ncols=2,
    )
    return alt_parts


def _support(axes: Axes, cases: pd.DataFrame) -> list[str]:
    """Shares of answers on measures and integration, beside the study's numbers."""
    axes.set_title("Residents' answers (survey)")
    rows = (
        ("against_more", "convincingly against\nmore measures", published_value("S79", "against"), False),
        ("support_more", "for more measures", published_value("S79", "support"), True),
        ("support_ne", "full support:\nnon-Europeans", published_value("S78", "majority"), True),
        ("support_ua", "full support:\nUkrainians", published_value("S78", "majority"), True),
        ("well_integrated_ne", "well integrated:\nnon-Europeans", float("nan"), False),
        ("well_integrated_ua", "well integrated:\nUkrainians", float("nan"), False),
    )
    if not any(has_values(cases, name) for name, *_ in rows):
        style.explain_empty(axes, "no readings of the survey in this validation")
        return []
    alt_parts = []
    for height, (name, label, number, at_least) in enumerate(rows):
        middle = style.draw_simulated(axes, height, means_by_study(cases, name), BLUE, upright=False)
        style.draw_published(axes, height + 0.22, number, upright=False)
        if at_least:
            axes.annotate(
                "",
                (number + 0.1, height + 0.22),
                (number, height + 0.22),
                arrowprops={"arrowstyle": "->", "lw": 0.9},
            )
        alt_parts.append(f"{label}: {middle:.2f}".replace("\n", " "))
    axes.set_yticks(range(len(rows)), [label for _, label, _, _ in rows])
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.5, len(rows) - 0.4)
    axes.set_xlabel("share of respondents")
    return alt_parts


def _relations(axes: Axes, cases: pd.DataFrame) -> list[str]:
    """Stacked shares of relations for both groups, with the published lower bound for 'almost none'."""
    axes.set_title("Relations with refugees, as residents see them", pad=22)
    if not has_values(cases, "relations_none_ne"):
        style.explain_empty(axes, "no readings of relations in this validation")
        return []
    alt_parts = []
    for height, group in enumerate(reversed(GROUPS)):
        left = 0.0
        for name, (label, colour) in RELATIONS.items():
            share = style.median_and_interval(means_by_study(cases, f"relations_{name}_{group}"))[0]
            if not np.isfinite(share):
                continue
            hatch = "///" if name == "tense" else None
            axes.barh(height, share, left=left, color=colour, height=0.5, edgecolor="white", hatch=hatch)
            if share > 0.04:
                ink = INK if name == "none" else "white"
                box = {"facecolor": colour, "linewidth": 0, "pad": 0.8}
                axes.text(
                    left + share / 2,
                    height,
                    f"{100 * share:.0f} %",
                    ha="center",
                    va="center",
                    color=ink,
                    bbox=box,
                )
            left += share
            alt_parts.append(f"{label} relations with {GROUPS[group]}: {share:.2f}")
        style.draw_published(axes, height + 0.36, 0.5, upright=False)
        axes.annotate(
            "", (0.6, height + 0.36), (0.5, height + 0.36), arrowprops={"arrowstyle": "->", "lw": 0.9}
        )
    axes.set_yticks(range(2), list(reversed(GROUPS.values())))
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.5, 1.6)
    axes.set_xlabel("share of respondents (diamond: more than half say almost none)")
    handles = [Line2D([], [], color=colour, linewidth=7, label=label) for label, colour in RELATIONS.values()]
    axes.legend(handles=handles, ncols=3, loc="lower left", bbox_to_anchor=(-0.02, 0.97))
    return alt_parts


def _origins(axes: Axes, cases: pd.DataFrame) -> list[str]:
    """Share of ties by the setting in which they began, and of all meetings by setting."""
    axes.set_title("Where ties began, and where people meet")
    kinds = [kind for kind in PLACE_KINDS if has_values(cases, f"tie_origin_{kind}")]
    if not kinds:
        style.explain_empty(axes, "no readings of encounters in this validation")
        return []
    shares = {kind: style.median_and_interval(means_by_study(cases, f"tie_origin_{kind}")) for kind in kinds}
    order = sorted(kinds, key=lambda kind: shares[kind][0])
    alt_parts = []
    for height, kind in enumerate(order):
        middle, low, high = shares[kind]
        axes.barh(height, middle, color=ORANGE, height=0.6)
        axes.plot([low, high], [height, height], color=BLACK, linewidth=1.1)
        meetings = style.median_and_interval(means_by_study(cases, f"meetings_{kind}"))[0]
        axes.plot([meetings], [height], marker="|", color=BLUE, markersize=13, markeredgewidth=2.4)
        alt_parts.append(f"ties from {style.readable(kind)}: {middle:.2f}")
    axes.set_yticks(range(len(order)), [style.readable(kind) for kind in order])
    axes.set_xlim(0, None)
    axes.set_xlabel("share of ties (bar) and of all meetings (blue tick)")
    return alt_parts
