"""The governance network month by month: who meets whom on integration, how often, and in which tone.

The layout is the same in all months and for A and B: organisations of a kind stand together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, Range1d

from woc_sim.explorer.history import History
from woc_sim.explorer.pair import Pair, Side
from woc_sim.explorer.views import drawing
from woc_sim.explorer.views.drawing import Array
from woc_sim.explorer.views.kept import Kept
from woc_sim.figures.style import GREEN, GREY, INK, ORANGE, PALE, PURPLE, SKY, VERMILION
from woc_sim.inputs.organisations import ActorKind, actor_kinds

LEAST_MEETINGS: Final = 3
"""Meetings a year from which a tie is drawn, as the view begins."""
FREQUENT: Final = 52.0
"""Meetings a year from which a line is as wide as any: about weekly."""
WIDEST, SMALLEST, LARGEST = 6.0, 5.0, 18.0
"""Width of the widest line, and size of the smallest and the largest organisation, in pixels."""


@dataclass(frozen=True)
class Sort:
    """A sort of kinds of organisation, and how it is drawn."""

    words: str
    colour: str
    shape: str


SORTS: Final = (
    Sort("municipality", VERMILION, "square"),
    Sort("council group of the radical right", PURPLE, "inverted_triangle"),
    Sort("civil society", GREEN, "circle"),
    Sort("business", ORANGE, "triangle"),
    Sort("other local", SKY, "hex"),
    Sort("region, nation, EU", GREY, "diamond"),
)
MUNICIPALITY, RADICAL_RIGHT, CIVIL_SOCIETY, BUSINESS, OTHER, ABOVE = range(len(SORTS))


def sort_of(kind: ActorKind) -> int:
    """The sort of a kind, by its traits."""
    if not kind.local:
        return ABOVE
    for trait, sort in (
        ("public", MUNICIPALITY),
        ("radical_right", RADICAL_RIGHT),
        ("business", BUSINESS),
        ("mission", CIVIL_SOCIETY),
    ):
        if trait in kind.traits:
            return sort
    return OTHER


@dataclass(frozen=True, eq=False)
class Layout:
    """Where organisations stand.

    at: position of each organisation. sort: its row in `SORTS`. kinds, labels_at: each kind that is there,
    and the position of its name.
    """

    at: Array
    sort: Array
    kinds: tuple[int, ...]
    labels_at: Array


def layout_of(kinds: Array) -> Layout:
    """The layout of organisations of these kinds (codes): local ones on a circle in the order of the
    catalogue, with a gap between kinds, and levels above in a row over it."""
    catalogue = actor_kinds()
    sort = np.array([sort_of(catalogue[kind]) for kind in kinds])
    at = np.zeros((len(kinds), 2))
    local = np.flatnonzero(sort != ABOVE)
    order = local[np.argsort(kinds[local], kind="stable")]
    steps = np.cumsum(1.0 + 1.2 * (np.diff(kinds[order], prepend=kinds[order][:1] - 1) > 0))
    angle = 0.5 * np.pi - 2.0 * np.pi * (steps - steps[0]) / (steps[-1] + 1.0) if len(order) else steps
    at[order] = np.column_stack([np.cos(angle), np.sin(angle)])
    above = np.flatnonzero(sort == ABOVE)
    at[above] = np.column_stack([np.linspace(-0.8, 0.8, len(above)), np.full(len(above), 1.6)])
    present = tuple(int(kind) for kind in np.unique(kinds))
    middles = []
    for kind in present:
        middle = at[kinds == kind].mean(axis=0)
        if sort_of(catalogue[kind]) != ABOVE:
            middle = middle / max(float(np.hypot(*middle)), 1e-9) * 1.2
        else:
            middle = middle + np.array([0.0, 0.14])
        middles.append(middle)
    return Layout(at, sort, present, np.array(middles))


@dataclass(frozen=True, eq=False)
class Network:
    """A history and its layout. pairs: rows of both ends of each pair of organisations (2 x pairs)."""

    history: History
    layout: Layout
    pairs: tuple[Array, Array]


def ties_of(network: Network, month: int, least: float = 0.0) -> tuple[Array, Array, Array, Array]:
    """Ties of a month with at least so many meetings a year: rows of both ends, meetings a year (the mean of
    what both sides hold), and tone."""
    monthly = network.history.monthly
    active = monthly["organisations.active"][month] == 1
    one, two = network.pairs
    frequency = monthly["governance.frequency"][month]
    tone = monthly["governance.tone"][month]
    meetings = 0.5 * (frequency[one, two] + frequency[two, one])
    kept = (meetings >= least) & active[one] & active[two]
    one, two = one[kept], two[kept]
    return one, two, meetings[kept], 0.5 * (tone[one, two] + tone[two, one])


def weighted_degrees(network: Network, month: int) -> Array:
    """Meetings a year of each organisation with all others."""
    one, two, meetings, _ = ties_of(network, month)
    count = len(network.layout.at)
    degrees: Array = np.bincount(one, meetings, count) + np.bincount(two, meetings, count)
    return degrees


class NetworkView:
    """The view of the governance network. It is a `woc_sim.explorer.view.View`."""

    name, title, has_months = "network", "Governance network", True

    def __init__(self) -> None:
        self._kept: Kept[Network] = Kept()
        self._networks: list[Network] = []
        self._pair: Pair | None = None
        self._month = 0
        self._heading = drawing.text_pane("Nothing is simulated yet.")
        self.nodes = [
            drawing.source("x", "y", "size", "colour", "shape", "who", "degree") for _ in drawing.SIDE_NAMES
        ]
        self.labels = [drawing.source("x", "y", "words", "align") for _ in drawing.SIDE_NAMES]
        self.ties = [
            {
                dash: drawing.source("x0", "y0", "x1", "y1", "width", "alpha", "who", "meetings", "tone")
                for dash in ("solid", "dashed")
            }
            for _ in drawing.SIDE_NAMES
        ]
        self.kinds = [drawing.source("y", "degree", "kind", "count") for _ in drawing.SIDE_NAMES]
        self.changes = drawing.source("y", "a", "b", "floor", "words")
        self.least = pn.widgets.IntSlider(
            label="Ties drawn from so many meetings a year",
            start=1,
            end=int(FREQUENT),
            value=LEAST_MEETINGS,
            width=300,
        )
        self.least.param.watch(lambda _: self.month(self._month), "value")

    def panel(self) -> Any:
        """Heading, the networks, and weighted degree by kind."""
        figures = [self._figure(number) for number in range(len(drawing.SIDE_NAMES))]
        networks = [pn.pane.Bokeh(each, sizing_mode="stretch_width") for each in figures]
        self._second = networks[1]
        return pn.Column(
            self._heading,
            self.least,
            drawing.side_by_side(*networks),
            pn.pane.Bokeh(self._degrees_figure(), sizing_mode="stretch_width"),
            sizing_mode="stretch_width",
        )

    def prepare(self, pair: Pair) -> None:
        """Record the first replicate of sides that are new."""
        for side in pair.sides:
            self._network(side)

    def _network(self, side: Side) -> Network:
        def make() -> Network:
            history = side.history()
            kinds = history.end["organisations.kind"]
            return Network(history, layout_of(kinds), np.triu_indices(len(kinds), 1))

        return self._kept.get(side.scenario, make)

    def show(self, pair: Pair) -> None:
        """Show the networks of this pair."""
        self._pair = pair
        self._second.visible = pair.b is not None
        self._networks = [self._network(side) for side in pair.sides]
        catalogue = actor_kinds()
        for labels, network in zip(self.labels, self._networks, strict=False):
            layout = network.layout
            x, y = layout.labels_at.T
            labels.data = {
                "x": x,
                "y": y,
                "words": [catalogue[kind].plural for kind in layout.kinds],
                "align": ["center" if abs(each) < 0.25 else "left" if each > 0 else "right" for each in x],
            }
        self.month(min(self._month, pair.months - 1))

    def month(self, month: int) -> None:
        """Show the ties of this month."""
        self._month = month
        if self._pair is None:
            return
        by_kind = []
        for number, network in enumerate(self._networks):
            degrees = weighted_degrees(network, month)
            self._show_nodes(number, network, degrees, month)
            self._show_ties(number, network, month)
            by_kind.append(self._show_kinds(number, network, degrees, month))
        if len(by_kind) == 2:
            a, b = by_kind
            words = [f"{there:+.0f}" if np.isfinite(there) else "-" for there in b - a]
            rows = np.arange(len(a))
            floor = np.full(len(rows), -0.06 * max(np.nanmax(np.append(a, b)), 1.0))
            self.changes.data = {"y": rows, "a": a, "b": b, "floor": floor, "words": words}
        else:
            drawing.clear([self.kinds[1], self.changes])
        note = (
            "First replicate. Size: weighted degree, the meetings a year with all others. Width: meetings a "
            "year of a pair. Dashed: conflictual tone. The layout is the same in all months."
        )
        title = f"{self.title}, {drawing.month_words(month)}"
        self._heading.object = drawing.heading(title, self._pair, note)

    def _show_nodes(self, number: int, network: Network, degrees: Array, month: int) -> None:
        layout, history = network.layout, network.history
        here = np.flatnonzero(history.monthly["organisations.active"][month] == 1)
        most = max(float(degrees.max()), 1.0)
        sort = layout.sort[here]
        self.nodes[number].data = {
            "x": layout.at[here, 0],
            "y": layout.at[here, 1],
            "size": SMALLEST + (LARGEST - SMALLEST) * np.sqrt(degrees[here] / most),
            "colour": [SORTS[code].colour for code in sort],
            "shape": [SORTS[code].shape for code in sort],
            "who": [history.organisations[row] for row in here],
            "degree": degrees[here],
        }

    def _show_ties(self, number: int, network: Network, month: int) -> None:
        one, two, meetings, tone = ties_of(network, month, self.least.value)
        at, names = network.layout.at, np.array(network.history.organisations, dtype=object)
        strength = np.sqrt(np.minimum(meetings, FREQUENT) / FREQUENT)
        for dash, chosen in (("solid", tone >= 0.0), ("dashed", tone < 0.0)):
            first, second = one[chosen], two[chosen]
            self.ties[number][dash].data = {
                "x0": at[first, 0],
                "y0": at[first, 1],
                "x1": at[second, 0],
                "y1": at[second, 1],
                "width": 0.4 + (WIDEST - 0.4) * strength[chosen],
                # many rare meetings must not hide who meets often; conflicts are few
                "alpha": 0.03 + 0.6 * strength[chosen] ** 3
                if dash == "solid"
                else 0.4 + 0.3 * strength[chosen],
                "who": names[first] + " and " + names[second] if len(first) else [],
                "meetings": meetings[chosen],
                "tone": tone[chosen],
            }

    def _show_kinds(self, number: int, network: Network, degrees: Array, month: int) -> Array:
        """Show the mean weighted degree of the active organisations of each kind; nan where there is none."""
        history = network.history
        kinds = history.end["organisations.kind"]
        active = (history.monthly["organisations.active"][month] == 1).astype(float)
        count = np.bincount(kinds, active, len(actor_kinds()))
        total = np.bincount(kinds, active * degrees, len(actor_kinds()))
        mean: Array = np.where(count > 0, total / np.maximum(count, 1.0), np.nan)
        self.kinds[number].data = {
            "y": np.arange(len(mean)),
            "degree": mean,
            "kind": [each.plural for each in actor_kinds()],
            "count": count,
        }
        return mean

    def _figure(self, number: int) -> Any:
        drawn = drawing.plain_figure(
            drawing.SIDE_NAMES[number], 470, tools="pan,wheel_zoom,reset,save",
            x_range=Range1d(-2.75, 2.75), y_range=Range1d(-1.58, 2.28),
        )  # fmt: skip
        drawing.bare(drawn)
        ties = []
        for dash, words in (("solid", "collaborative"), ("dashed", "conflictual")):
            colour = INK if dash == "solid" else VERMILION
            ties.append(
                drawn.segment(
                    "x0", "y0", "x1", "y1", source=self.ties[number][dash], line_color=colour,
                    line_width="width", line_alpha="alpha", line_dash=dash,
                )
            )  # fmt: skip
            nowhere = ColumnDataSource({"x": [np.nan], "y": [np.nan]})
            drawn.line(
                "x", "y", source=nowhere, line_color=colour, line_dash=dash, line_width=2, legend_label=words
            )
        nodes = drawn.scatter(
            "x", "y", source=self.nodes[number], marker="shape", size="size", color="colour", line_color=INK,
        )  # fmt: skip
        for sort in SORTS:
            nowhere = ColumnDataSource({"x": [np.nan], "y": [np.nan]})
            drawn.scatter(
                "x", "y", source=nowhere, marker=sort.shape, size=9, color=sort.colour, line_color=INK,
                legend_label=sort.words,
            )  # fmt: skip
        drawn.text(
            "x", "y", "words", source=self.labels[number], text_align="align", text_baseline="middle",
            text_font_size="8pt", text_color=INK,
        )  # fmt: skip
        drawn.add_tools(
            HoverTool(renderers=[nodes], tooltips=[("", "@who"), ("meetings a year", "@degree{0}")]),
            HoverTool(
                renderers=ties,
                tooltips=[("", "@who"), ("meetings a year", "@meetings{0.0}"), ("tone", "@tone{+0.00}")],
            ),
        )
        drawn.legend.orientation = "horizontal"
        drawn.legend.ncols = 2
        drawn.legend.label_text_font_size = "8pt"
        drawn.legend.padding = drawn.legend.spacing = 2
        drawn.add_layout(drawn.legend[0], "below")
        return drawn

    def _degrees_figure(self) -> Any:
        """Weighted degree by kind, A and B beside one another, and the difference in words."""
        kinds = actor_kinds()
        drawn = drawing.plain_figure(
            "Weighted degree: meetings a year of one organisation, mean of its kind; below: B less A",
            250,
            tools="save",
        )
        drawn.x_range = Range1d(-0.6, len(kinds) - 0.4)
        drawn.y_range.range_padding = 0.2
        drawn.xaxis.ticker = FixedTicker(ticks=list(range(len(kinds))))
        drawn.xaxis.major_label_overrides = {row: each.plural for row, each in enumerate(kinds)}
        drawn.xaxis.major_label_orientation = 0.6
        drawn.yaxis.axis_label = "meetings a year"
        drawn.segment("y", "a", "y", "b", source=self.changes, line_color=PALE, line_width=5)
        for side, (source, name) in enumerate(zip(self.kinds, drawing.SIDE_NAMES, strict=True)):
            dots = drawing.dots(drawn, "y", "degree", source, side)
            tooltips = [(name, "@kind"), ("organisations", "@count{0}"), ("meetings a year", "@degree{0}")]
            drawn.add_tools(HoverTool(renderers=[dots], tooltips=tooltips))
        drawn.text(
            "y", "floor", "words", source=self.changes, text_align="center", text_baseline="middle",
            text_font_size="8.5pt",
        )  # fmt: skip
        drawn.add_layout(drawn.legend[0], "right")
        return drawn
