"""The town: where people live, how residents think of newcomers, who met whom in a month, and ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import panel as pn
from bokeh.models import ColorBar, ColumnDataSource, HoverTool, LinearColorMapper, Range1d

from woc_sim.ensemble.compare import paired_differences
from woc_sim.explorer.history import History
from woc_sim.explorer.pair import Pair, Side
from woc_sim.explorer.views import drawing
from woc_sim.explorer.views.drawing import Array
from woc_sim.explorer.views.kept import Kept
from woc_sim.explorer.views.town_layout import Plan, plan_of
from woc_sim.figures.style import BLUE, GREEN, GREY, INK, PALE, VERMILION
from woc_sim.inputs.groups import groups
from woc_sim.instruments.life_events import AT
from woc_sim.world.groups import REFERENCE
from woc_sim.world.places import PLACE_KINDS, RECEPTION_CENTRE

SHAPES: Final = ("triangle", "diamond", "hex", "inverted_triangle", "star")
"""Shapes of newcomers by group; residents are circles, venues squares."""
LOOKS: Final = {
    "good": ("good meeting", BLUE, "solid", 1.2),
    "bad": ("bad meeting", VERMILION, "dashed", 1.6),
    "tie": ("tie", GREEN, "dotted", 2.2),
}
"""Lines between people: words, colour, dash and width."""
LINES: Final = {"meetings": ("good", "bad"), "ties": ("tie",)}
CHANGES: Final = {
    "mean_attitude": ("mean attitude to non-Europeans", "{:+.3f}"),
    "ties_per_migrant": ("ties per newcomer", "{:+.2f}"),
    "good_contacts": ("good meetings per newcomer", "{:+.2f}"),
    "bad_contacts": ("bad meetings per newcomer", "{:+.2f}"),
}
"""Indicators whose difference is told, in words and with the form of the number."""
PLACE_WORDS: Final = tuple(kind.replace("_", " ") for kind in PLACE_KINDS)


def shape_of(group: int) -> str:
    """The shape of newcomers of a group."""
    return SHAPES[group % len(SHAPES)]


@dataclass(frozen=True, eq=False)
class Town:
    """A history and the plan on which it is drawn."""

    history: History
    plan: Plan


def meetings(town: Town, month: int) -> dict[str, dict[str, Any]]:
    """The lines of a month between newcomers and residents who are both drawn, by kind of line: their ends,
    the kind of place and the hours of each meeting; of ties where they were made."""
    plan, monthly = town.plan, town.history.monthly
    spots = plan.newcomer_spots(monthly["migrants.neighbourhood"][month, plan.newcomers])
    present = monthly["migrants.present"][month, plan.newcomers] == 1

    def column(name: str) -> Array:
        values: Array = monthly[f"migrants.{name}"][month, plan.newcomers]
        return values

    met, hours, good = column("met"), column("met_hours"), column("met_good")
    held = column("tie")
    kept = present[:, None]
    drawn = {
        "good": (met, kept & (met >= 0) & (good == 1), column("met_venue"), hours),
        "bad": (met, kept & (met >= 0) & (good == 0), column("met_venue"), hours),
        "tie": (held, kept & (held >= 0), column("tie_venue"), None),
    }
    return {
        kind: _lines(plan, spots, other, chosen, venue, length)
        for kind, (other, chosen, venue, length) in drawn.items()
    }


def _lines(
    plan: Plan, spots: Array, other: Array, chosen: Array, venue: Array, hours: Array | None
) -> dict[str, Any]:
    """Ends of the chosen lines, and words for where."""
    seen = chosen & (plan.shown[np.maximum(other, 0)] >= 0)
    row, slot = np.nonzero(seen)
    ends = plan.spots[plan.shown[other[row, slot]]]
    starts = spots[row]
    words = np.array([*AT.values(), "unknown"], dtype=object)
    return {
        "x0": starts[:, 0],
        "y0": starts[:, 1],
        "x1": ends[:, 0],
        "y1": ends[:, 1],
        "where": words[venue[row, slot]],
        "hours": hours[row, slot] if hours is not None else np.full(len(row), np.nan),
    }


class TownView:
    """The view of the town. It is a `woc_sim.explorer.view.View`."""

    name, title, has_months = "town", "Town", True

    def __init__(self) -> None:
        self._kept: Kept[Town] = Kept()
        self._towns: list[Town] = []
        self._pair: Pair | None = None
        self._month = 0
        self._heading = drawing.text_pane("Nothing is simulated yet.")
        self.residents = [drawing.source("x", "y", "attitude", "who") for _ in drawing.SIDE_NAMES]
        self.newcomers = [
            drawing.source("x", "y", "attitude", "shape", "who", "since") for _ in drawing.SIDE_NAMES
        ]
        self.places = [drawing.source("x", "y", "what", "members") for _ in drawing.SIDE_NAMES]
        self.discs = [drawing.source("x", "y", "words", "top", "width") for _ in drawing.SIDE_NAMES]
        self.lines = [
            {kind: drawing.source("x0", "y0", "x1", "y1", "where", "hours") for kind in LOOKS}
            for _ in drawing.SIDE_NAMES
        ]
        self.colour = pn.widgets.Select(
            label="Residents' attitude to",
            options={one.plural: row for row, one in enumerate(groups())},
            value=REFERENCE,
            width=180,
        )
        self.shown_lines = pn.widgets.CheckBoxGroup(
            label="Lines", options=list(LINES), value=list(LINES), inline=True
        )
        self.colour.param.watch(lambda _: self.month(self._month), "value")
        self.shown_lines.param.watch(lambda _: self.month(self._month), "value")
        self._texts = [drawing.text_pane() for _ in drawing.SIDE_NAMES]
        self._difference = drawing.text_pane()

    def panel(self) -> Any:
        """Heading, what is shown, and the two towns."""
        self._mapper = LinearColorMapper(palette=list(drawing.ATTITUDES), low=-1.0, high=1.0)
        self._figures = [self._figure(side) for side in range(len(drawing.SIDE_NAMES))]
        towns = [
            pn.Column(pn.pane.Bokeh(drawn, sizing_mode="stretch_width"), text, sizing_mode="stretch_width")
            for drawn, text in zip(self._figures, self._texts, strict=True)
        ]
        self._second = towns[1]
        return pn.Column(
            self._heading,
            pn.Row(self.colour, pn.Column(pn.pane.HTML("Lines", margin=(0, 10)), self.shown_lines)),
            drawing.side_by_side(*towns),
            self._difference,
            sizing_mode="stretch_width",
        )

    def prepare(self, pair: Pair) -> None:
        """Record the first replicate of sides that are new."""
        for side in pair.sides:
            self._town(side)
        drawing.warm()

    def _town(self, side: Side) -> Town:
        def make() -> Town:
            history = side.history()
            return Town(history, plan_of(history))

        return self._kept.get(side.scenario, make)

    def show(self, pair: Pair) -> None:
        """Show the towns of this pair."""
        self._pair = pair
        self._second.visible = pair.b is not None
        self._towns = [self._town(side) for side in pair.sides]
        for number, town in enumerate(self._towns):
            self._build(number, town)
        self.month(min(self._month, pair.months - 1))

    def _build(self, number: int, town: Town) -> None:
        """Show what stays the same in all months."""
        plan, end = town.plan, town.history.end
        kinds = end["places.kind"]
        centres = plan.centres[plan.homes]
        is_centre = kinds[plan.homes] == RECEPTION_CENTRE
        self.discs[number].data = {
            "x": centres[:, 0],
            "y": centres[:, 1],
            "words": [
                "reception centre" if centre else f"neighbourhood {number}"
                for centre, number in zip(is_centre, np.cumsum(~is_centre), strict=True)
            ],
            "top": centres[:, 1] + plan.radius[plan.homes] + 0.14,
            "width": 1.94 * plan.radius[plan.homes],
        }
        venues = plan.centres[plan.venues]
        members = np.zeros(len(kinds), dtype=int)
        for column in ("workplace", "school", "association"):
            at = end[f"residents.{column}"]
            members += np.bincount(at[at >= 0], minlength=len(kinds))
        self.places[number].data = {
            "x": venues[:, 0],
            "y": venues[:, 1],
            "what": [PLACE_WORDS[kind] for kind in kinds[plan.venues]],
            "members": members[plan.venues],
        }
        self.residents[number].data = {
            "x": plan.spots[:, 0],
            "y": plan.spots[:, 1],
            "attitude": np.zeros(len(plan.residents), dtype="f4"),
            "who": plan.residents,
        }
        drawn = self._figures[number]
        for axis, ends in enumerate((drawn.x_range, drawn.y_range)):
            ends.start, ends.end = float(plan.low[axis]), float(plan.high[axis])

    def month(self, month: int) -> None:
        """Show the attitudes, newcomers and lines of this month."""
        self._month = month
        if self._pair is None:
            return
        for number, town in enumerate(self._towns):
            plan, monthly = town.plan, town.history.monthly
            attitude = monthly["residents.attitude_to"][month, self.colour.value][plan.residents]
            self.residents[number].data["attitude"] = attitude
            self.newcomers[number].data = newcomers(town, month)
            wanted = {kind for name in self.shown_lines.value for kind in LINES[name]}
            found = meetings(town, month)
            for kind, source in self.lines[number].items():
                if kind in wanted:
                    source.data = found[kind]
                elif len(source.data["x0"]):
                    drawing.clear([source])
            self._texts[number].object = self._month_words(number, town, month)
        self._difference.object = change_words(self._pair, month)
        note = (
            "First replicate; lines are meetings of the month and ties. A drawing: positions have no unit. "
            "Newcomers stand on the rim of the neighbourhood of their home; their colour is their own "
            "attitude to residents."
        )
        title = f"{self.title}, {drawing.month_words(month)}"
        self._heading.object = drawing.heading(title, self._pair, note)

    def _month_words(self, number: int, town: Town, month: int) -> str:
        """How many people, meetings and ties there are, and whom a drawn person stands for."""
        plan, monthly = town.plan, town.history.monthly
        present = monthly["migrants.present"][month] == 1
        met = (monthly["migrants.met"][month] >= 0) & present[:, None]
        good = int((met & (monthly["migrants.met_good"][month] == 1)).sum())
        ties = int(((monthly["migrants.tie"][month] >= 0) & present[:, None]).sum())
        attitudes = monthly["residents.attitude_to"][month, self.colour.value]
        people, here = len(attitudes), int(present.sum())
        one = f" One newcomer is {1 / here:.0%} of them." if here else ""
        words = [
            f"<b>{drawing.SIDE_NAMES[number]}</b>: {drawing.counted(people, 'resident', 'residents')} and "
            f"{drawing.counted(here, 'newcomer', 'newcomers')} are simulated; each stands for "
            f"{town.history.persons:,.1f} inhabitants.{one}",
            f"Residents' mean attitude {attitudes.mean():+.2f} (-1 to +1); "
            f"{drawing.counted(int(met.sum()), 'meeting', 'meetings')}, {good:,} of them good; "
            f"{drawing.counted(ties, 'tie', 'ties')}.",
        ]
        if len(plan.residents) < people or len(plan.newcomers) < monthly["migrants.present"].shape[1]:
            drawn = int(present[plan.newcomers].sum())
            words.append(
                f"Drawn: a sample of {len(plan.residents):,} residents and {drawn:,} newcomers, and lines "
                "between those who are drawn."
            )
        return "<br>".join(words)

    def _figure(self, number: int) -> Any:
        drawn = drawing.plain_figure(
            drawing.SIDE_NAMES[number], 470, match_aspect=False, tools="pan,wheel_zoom,reset,save",
            x_range=Range1d(-3.5, 3.5), y_range=Range1d(-3.5, 3.5),
        )  # fmt: skip
        drawing.bare(drawn)
        drawn.ellipse(
            "x", "y", "width", "width", source=self.discs[number], fill_color="#F4F4F4", line_color=PALE
        )
        drawn.text(
            "x", "top", "words", source=self.discs[number], text_align="center", text_font_size="8pt",
            text_color=GREY, text_baseline="bottom",
        )  # fmt: skip
        venues = drawn.scatter(
            "x", "y", source=self.places[number], marker="square", size=5, color="white", line_color=GREY,
            legend_label="venue",
        )  # fmt: skip
        lines = []
        for kind, (words, colour, dash, width) in LOOKS.items():
            look = {"line_color": colour, "line_dash": dash, "line_width": width}
            source = self.lines[number][kind]
            lines.append(
                drawn.segment(
                    "x0", "y0", "x1", "y1", source=source, line_alpha=0.75, legend_label=words, **look
                )
            )
        people = self._people(drawn, number)
        drawn.add_tools(
            HoverTool(
                renderers=[people[0]], tooltips=[("resident", "@who{0}"), ("attitude", "@attitude{+0.00}")]
            ),
            HoverTool(
                renderers=[people[1]],
                tooltips=[("newcomer", "@who"), ("here since", "@since"), ("attitude", "@attitude{+0.00}")],
            ),
            HoverTool(renderers=[venues], tooltips=[("place", "@what"), ("residents", "@members")]),
            HoverTool(renderers=lines, tooltips=[("where", "@where"), ("hours", "@hours{0.0}")]),
        )
        drawn.legend.orientation = "horizontal"
        drawn.legend.ncols = 4
        drawn.legend.label_text_font_size = "8pt"
        drawn.legend.padding, drawn.legend.spacing = 2, 2
        drawn.add_layout(drawn.legend[0], "below")
        bar = ColorBar(
            color_mapper=self._mapper, height=8, title="attitude, -1 hostile to +1 warm", padding=2,
            title_text_font_size="8pt", major_label_text_font_size="8pt", title_standoff=2,
        )  # fmt: skip
        drawn.add_layout(bar, "below")
        return drawn

    def _people(self, drawn: Any, number: int) -> tuple[Any, Any]:
        """Residents and newcomers, and what their shapes mean in the legend."""
        colour = {"field": "attitude", "transform": self._mapper}
        look = {"fill_color": colour, "line_color": GREY, "line_width": 0.5}
        residents = drawn.scatter("x", "y", source=self.residents[number], marker="circle", size=5.5, **look)
        newcomers = drawn.scatter(
            "x", "y", source=self.newcomers[number], marker="shape", size=9,
            **{**look, "line_color": INK, "line_width": 1.2},
        )  # fmt: skip
        nowhere = ColumnDataSource({"x": [np.nan], "y": [np.nan]})
        for words, shape in (
            ("resident", "circle"),
            *((one.plural, shape_of(code)) for code, one in enumerate(groups())),
        ):
            drawn.scatter(
                "x",
                "y",
                source=nowhere,
                marker=shape,
                size=9,
                color="white",
                line_color=INK,
                legend_label=words,
            )
        return residents, newcomers


def change_words(pair: Pair, month: int) -> str:
    """B less A in this month, mean over replicates with the 95 % interval; empty without B."""
    if pair.b is None:
        return ""
    words = []
    for name, (called, form) in CHANGES.items():
        a, b = (each.indicator(name)[:, month : month + 1] for each in (pair.a, pair.b))
        words.append(f"{called} {drawing.difference_words(paired_differences(a, b), form)[0]}")
    count = drawing.counted(pair.a.replicates, "replicate", "replicates")
    return f"<b>B less A</b>, mean of {count} with the 95 % interval: {'; '.join(words)}."


def newcomers(town: Town, month: int) -> dict[str, Any]:
    """The drawn newcomers who are present in a month: spot, own attitude, shape by group, who they are."""
    plan, history = town.plan, town.history
    here = history.monthly["migrants.present"][month, plan.newcomers] == 1
    rows = plan.newcomers[here]
    spots = plan.newcomer_spots(history.monthly["migrants.neighbourhood"][month, plan.newcomers])[here]
    end = history.end
    catalogue = groups()
    group = end["migrants.group"][rows]
    return {
        "x": spots[:, 0],
        "y": spots[:, 1],
        "attitude": history.monthly["migrants.attitude"][month, rows],
        "shape": [shape_of(code) for code in group],
        "who": [
            f"{row}, {catalogue[code].label}, {'female' if female else 'male'}"
            for row, code, female in zip(rows, group, end["migrants.female"][rows], strict=True)
        ],
        "since": [drawing.month_words(int(cohort)) for cohort in end["migrants.cohort"][rows]],
    }
