"""Life stories as a picture: a row for each life, with its homes and its events over time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MultipleLocator

from woc_sim.figures import style
from woc_sim.figures.run import decimal_years, shade_events
from woc_sim.figures.style import BLACK, BLUE, GREEN, GREY, INK, ORANGE, PALE, PURPLE, SKY, VERMILION, Picture
from woc_sim.inputs.groups import groups

MIGRANT: Final = "migrant"
OTHERS: Final = ("resident", "organisation")

ARRIVAL_LABELS: Final = {
    "arrived_placed_leaving": "placed, wants to leave",
    "arrived_placed_staying": "placed, ready to stay",
    "arrived_chose": "chose the place",
    "arrived_family": "followed the family",
    "born": "born here",
}
"""Migrants are grouped by the event of their arrival, in this order."""

HOMES: Final = {"reception": PALE, "supported": SKY, "hosted": "#F5E58A", "private": "#7CCFB5"}
"""Colour of the line by home, as the events of arrival and moving name it."""

UPPER, MIDDLE, LOWER = 0.24, 0.0, -0.24
"""Height of a mark in its row: marks of one month do not cover one another."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How events of some kinds are drawn: shape, colour, filled or open, and height in the row."""

    label: str
    codes: tuple[str, ...]
    shape: str
    colour: str
    filled: bool = True
    height: float = MIDDLE


MIGRANT_MARKS: Final = (
    Mark("protected", ("protected", "appeal_won"), "^", BLUE, height=UPPER),
    Mark("claim refused", ("refused",), "v", VERMILION, height=UPPER),
    Mark("found or better job", ("job_precarious", "job_steady", "job_upgraded"), "s", BLACK),
    Mark("lost job", ("job_lost", "job_ended"), "s", BLACK, filled=False),
    Mark("refused by employer or landlord", ("job_refused", "home_refused"), "x", VERMILION),
    Mark("tie to a resident", ("tie_made",), "o", PURPLE, height=LOWER),
    Mark("tie lost", ("tie_lost",), "o", PURPLE, filled=False, height=LOWER),
    Mark("moved on", ("moved_on",), ">", INK),
    Mark("died", ("died",), "P", INK),
)
OTHER_MARKS: Final = (
    Mark("first good meeting at a kind of place", ("met_good",), "o", GREEN, height=LOWER),
    Mark("first bad meeting", ("met_bad",), "x", VERMILION, height=LOWER),
    Mark("tie", ("tie_made",), "o", PURPLE),
    Mark("begins to volunteer, hosts or hires", ("volunteering_began", "hosting_began", "hired"), "s", BLUE),
    Mark("stops", ("volunteering_ended", "hosting_ended"), "s", BLUE, filled=False),
    Mark(
        "warmer attitude or belief",
        (*(f"attitude{group.suffix}_warmed" for group in groups()), "belief_up"),
        "^",
        ORANGE,
        height=UPPER,
    ),
    Mark(
        "cooler",
        (*(f"attitude{group.suffix}_cooled" for group in groups()), "belief_down"),
        "v",
        ORANGE,
        height=UPPER,
    ),
    Mark("initiative or measure", ("initiative_began", "measure_adopted"), "D", BLACK, height=LOWER),
    Mark("ended", ("initiative_ended", "measure_dropped"), "D", BLACK, filled=False, height=LOWER),
    Mark("new leader or frame", ("leader_changed", "frame_changed"), "*", SKY, height=UPPER),
)


@dataclass
class Life:
    """The events of one life: their time (decimal years), codes and homes or settings."""

    kind: str
    name: str
    at: list[float] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def when(self, codes: Sequence[str]) -> list[float]:
        """Times of the events with these codes."""
        return [at for at, code in zip(self.at, self.codes, strict=True) if code in codes]


def draw_lives(stories: Any, monthly: Any, folder: Path) -> Picture:
    """Draw ``life_stories.png`` into `folder` from the tables life_stories.csv and monthly.parquet (pandas or
    Arrow): the lives of the first locality and replicate, at most `MAX_LIVES` of a kind.
    """
    with style.project_style():
        return _draw(stories, monthly, folder / "life_stories.png")


MAX_LIVES: Final = {MIGRANT: 30, "resident": 12, "organisation": 6}
"""Number of lives of a kind that fit. If there are more, every second or third in the table is drawn."""


def _lives_drawn(stories: Any) -> list[Life]:
    """The lives of the first locality and replicate in the table, at most `MAX_LIVES` of a kind."""
    columns = {
        name: np.asarray(stories[name]) for name in ("case", "replicate", "kind", "id", "name", "month")
    }
    codes, places = np.asarray(stories["code"]), np.asarray(stories["place"])
    found: dict[tuple[str, str], Life] = {}
    at = decimal_years(columns["month"].tolist())
    for row in range(len(codes)):
        if (columns["case"][row], columns["replicate"][row]) != (columns["case"][0], columns["replicate"][0]):
            break
        kind, life = str(columns["kind"][row]), str(columns["id"][row])
        drawn = found.setdefault((kind, life), Life(kind, str(columns["name"][row])))
        drawn.at.append(float(at[row]))
        drawn.codes.append(str(codes[row]))
        drawn.places.append(str(places[row]))
    kept: list[Life] = []
    for kind, most in MAX_LIVES.items():
        lives = [life for life in found.values() if life.kind == kind]
        kept += lives[:: max(1, -(-len(lives) // most))]
    return kept


def _draw(stories: Any, monthly: Any, path: Path) -> Picture:
    span = decimal_years(sorted(set(np.asarray(monthly["month"]).astype(str).tolist())))
    ends = float(span[0]), float(span[-1]) + 0.5 / 12
    lives = _lives_drawn(stories)
    migrants = [life for life in lives if life.kind == MIGRANT]
    others = [life for life in lives if life.kind in OTHERS]
    groups = {
        words: [life for life in migrants if way in life.codes] for way, words in ARRIVAL_LABELS.items()
    }
    blocks = {name: rows for name, rows in groups.items() if rows}
    upper = max(1, len(migrants) + len(blocks))
    lower = max(1, len(others))
    row, margins = 0.23, (0.5, 1.35, 1.2)  # inches: height of a row; above, between, below
    height = row * (upper + lower) + sum(margins)
    figure = style.new_figure(11.2, height)
    left, width = 0.225, 0.75
    top = figure.add_axes(
        (left, (margins[2] + margins[1] + row * lower) / height, width, row * upper / height)
    )
    bottom = figure.add_axes((left, margins[2] / height, width, row * lower / height))
    top.set_title("Lives of migrants, by way of arrival", pad=14)
    bottom.set_title("Lives of residents and organisations", pad=14)
    _draw_lives(top, blocks, ends, MIGRANT_MARKS, "no migrant arrived in this run")
    _draw_lives(bottom, {"": others} if others else {}, ends, OTHER_MARKS, "no events in this run")
    homes = [Patch(color=colour, label=f"home: {home}") for home, colour in HOMES.items()]
    _legend(top, [*homes, *map(_legend_sample, MIGRANT_MARKS)], row * upper)
    _legend(bottom, [_legend_sample(mark) for mark in OTHER_MARKS], row * lower)
    alt_parts = "; ".join(f"{name}: {len(rows)}" for name, rows in blocks.items()) or "no migrants"
    note = (
        "One row for each life in the first locality and replicate; nobody was chosen because of the events. "
        "Residents and organisations without events are not drawn."
    )
    figure.text(0.02, 0.1 / height, note, fontsize=8, color=GREY)
    title = "Life stories"
    style.save(figure, path, title)
    return Picture(path, title, note, f"{alt_parts}; {len(others)} residents and organisations")


def _draw_lives(
    axes: Axes,
    blocks: Mapping[str, list[Life]],
    ends: tuple[float, float],
    marks: Sequence[Mark],
    empty: str,
) -> None:
    """Draw one row for each life from the top down, each group under its title."""
    if not blocks:
        style.explain_empty(axes, empty)
        return
    span = ends[0] - 0.1, max(ends[1] + 0.1, ends[0] + 1.0)
    shade_events(axes, *span)
    labels: list[tuple[float, str, bool]] = []
    at = 0.0
    for name, lives in blocks.items():
        if name:
            labels.append((at, name, True))
            at -= 1.0
        for life in lives:
            labels.append((at, style.readable(life.name), False))
            _draw_life(axes, life, at, ends, marks)
            at -= 1.0
    axes.set_ylim(at + 0.4, 0.6)
    axes.set_yticks([height for height, _, _ in labels], [text for _, text, _ in labels])
    for tick, (_, _, head) in zip(axes.get_yticklabels(), labels, strict=True):
        tick.set_fontweight("bold" if head else "normal")
        tick.set_fontsize(8 if head else 7.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(*span)
    axes.xaxis.set_major_locator(MultipleLocator(2 if ends[1] - ends[0] > 4 else 1))


def _draw_life(
    axes: Axes, life: Life, height: float, ends: tuple[float, float], marks: Sequence[Mark]
) -> None:
    for start, end, colour in _coloured_spans(life, ends):
        axes.barh(height, end - start, left=start, height=0.74, color=colour, linewidth=0, zorder=2)
    for mark in marks:
        when = life.when(mark.codes)
        axes.plot(when, [height + mark.height] * len(when), **_marker_style(mark), linestyle="none", zorder=4)


def _coloured_spans(life: Life, ends: tuple[float, float]) -> Iterator[tuple[float, float, str]]:
    """Start, end and colour of the bars of a life: the homes of a migrant, or the time of another life."""
    last = life.when(("moved_on", "died", "left", "outgrew", "dissolved"))
    end = last[-1] if last else ends[1]
    if life.kind != MIGRANT:
        came = life.when(("came", "founded"))
        yield (came[0] if came else ends[0]), end, PALE
        return
    homes = [
        (at, place)
        for at, code, place in zip(life.at, life.codes, life.places, strict=True)
        if (code in ARRIVAL_LABELS or code.startswith("home_")) and place in HOMES
    ]
    starts = [at for at, _ in homes]
    for (start, home), until in zip(homes, [*starts[1:], end], strict=True):
        yield start, until, HOMES[home]


def _marker_style(mark: Mark) -> dict[str, Any]:
    thin = mark.shape in "x"
    return {
        "marker": mark.shape,
        "markersize": 4.6 if mark.shape != "*" else 6.0,
        "markeredgewidth": 1.2 if thin else 0.8,
        "markeredgecolor": mark.colour,
        "markerfacecolor": mark.colour if mark.filled else "white",
    }


def _legend_sample(mark: Mark) -> Line2D:
    return Line2D([], [], linestyle="none", label=mark.label, **_marker_style(mark))


def _legend(axes: Axes, handles: Sequence[Any], inches: float) -> None:
    """Draw the legend below the axes."""
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(-0.29, -0.24 / inches),
        ncols=5,
        fontsize=7.5,
        columnspacing=1.6,
        handletextpad=0.5,
    )
