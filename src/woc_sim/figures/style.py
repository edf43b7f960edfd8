"""The style of all pictures: colours, marks, sizes, and how a picture is saved.

Simulated values are filled marks with the 90 % interval over studies or replicates. Published values are open
diamonds. The colours are those of Okabe and Ito (2008), which colour-blind readers can tell apart; every
difference is also drawn by shape or dash. Pictures are drawn without pyplot and its global state, so no
display is needed.
"""

import io
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from woc_sim.ensemble.escaping import label
from woc_sim.files import atomic_write, unwritable

Values = Sequence[float] | np.ndarray[Any, np.dtype[Any]]

LineStyle = Literal["-", "--", "-.", ":"]
LINE_STYLES: Final[tuple[LineStyle, ...]] = ("-", "--", "-.", ":")

BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"
GREY: Final = "#7A7A7A"
PALE: Final = "#D9D9D9"
INK: Final = "#222222"

EXECUTIVE_COLOURS: Final = {"progressive": VERMILION, "mixed": GREY, "conservative": BLUE}
"""As in the study's Table 5: progressive red, mixed grey, conservative blue."""
SIZE_COLOURS: Final = {"rural": "#8FD3BD", "small": GREEN, "medium": "#004D38"}
TYPE_COLOURS: Final = {"revitalising": GREEN, "in_transition": ORANGE, "marginal": SKY, "left_behind": PURPLE}
COUNTRY_ORDER: Final = (
    "Netherlands", "Sweden", "Germany", "Belgium", "Italy", "Austria", "Spain", "Poland", "Turkey", "Canada",
)  # fmt: skip
"""Countries by the published mean policy score (Table 4); those without a score come last."""

VERDICT_COLOURS: Final = {
    "reproduced": GREEN,
    "emerges, no rival": SKY,
    "trivial": PURPLE,
    "not reproduced": VERMILION,
    "cannot tell": GREY,
    "implied": "#004D38",
    "open": "#B8B8B8",
    "not implied": ORANGE,
}
"""Verdicts on findings and, after them, on hypotheses of the authors."""
VARIANT_LABELS: Final = {
    "model": "model",
    "interactions_off": "interactions off",
    "country_only": "country only",
    "selection_only": "selection only",
    "equal_localities": "equal localities",
    "permuted": "covariates permuted",
}

COMPONENT_LABELS: Final = {
    "governance": "governance system",
    "actors": "actors and relations",
    "monitoring": "monitoring",
    "implementation": "implementation",
    "labour": "labour market",
    "education": "education",
    "language": "language",
    "social_services": "social services",
    "housing": "housing",
    "political_participation": "political participation",
    "health": "health",
    "antidiscrimination": "antidiscrimination",
    "interculturalism": "interculturalism",
    "total": "TOTAL (mean of 13)",
}

PUBLISHED_MARK: Final[dict[str, Any]] = {
    "marker": "D",
    "markerfacecolor": "white",
    "markeredgecolor": BLACK,
    "markeredgewidth": 1.2,
    "markersize": 6.0,
    "linestyle": "none",
    "zorder": 6,
}
"""How a published value is drawn, everywhere."""

CAPTION_CHARACTERS: Final = 16.0
"""Characters of a caption that fit into an inch."""
CAPTION_LINE: Final = 0.15
"""Height of a line of a caption in inches."""

_STYLE: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.parse_math": False,  # dollars in a name are no formula
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titley": 1.0,
    "axes.labelsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#888888",
    "axes.linewidth": 0.8,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "figure.facecolor": "white",
    "axes.grid": False,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,  # an axis says its numbers, not what to add to them
    "pdf.fonttype": 42,  # journals ask for fonts that can be searched
    "svg.hashsalt": "woc-sim",  # equal pictures are equal files
}


_DEFAULTS: Final = {
    name: value for name, value in dict.items(matplotlib.rcParamsDefault) if not name.startswith("backend")
}
"""matplotlib's default settings without those of its backends."""


FORMATS: Final = ("png", "pdf", "svg")
"""Formats of a saved picture."""

_FIXED: Final[dict[str, dict[str, Any]]] = {
    "png": {"metadata": {"Software": "woc-sim"}, "pil_kwargs": {"compress_level": 4}},
    "pdf": {"metadata": {"Creator": "woc-sim", "Producer": "woc-sim", "CreationDate": None}},
    "svg": {"metadata": {"Creator": "woc-sim", "Date": None}},
}
"""What is written into a file besides the drawing: nothing that changes from day to day."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all pictures of a command have in common.

    ``about``: the line under every title, with scenario and seed; empty: none. ``formats``: of `FORMATS`,
    those that are written beside PNG, which every command writes.
    """

    about: str = ""
    formats: tuple[str, ...] = ()


NO_SHEET: Final = Sheet()
_SHEET: ContextVar[Sheet] = ContextVar("sheet", default=NO_SHEET)


@contextmanager
def sheet(about: str = "", formats: Sequence[str] = ()) -> Iterator[None]:
    """Inside this context every saved picture says `about` under its title, and is saved in `formats` too."""
    before = _SHEET.set(Sheet(about, tuple(formats)))
    try:
        yield
    finally:
        _SHEET.reset(before)


@dataclass(frozen=True, slots=True)
class Picture:
    """A saved picture and what a reader needs beside it.

    ``alt`` describes the picture with its main numbers, for readers who cannot see it.
    """

    path: Path
    title: str
    caption: str
    alt: str


@contextmanager
def project_style() -> Iterator[None]:
    """Draw in the common style inside this context, whatever settings of matplotlib a user has; these are
    restored afterwards."""
    with matplotlib.rc_context(_DEFAULTS | _STYLE):
        yield


def load_renderer() -> None:
    """Load fonts, renderer and image writer by drawing a small figure that is thrown away."""
    with project_style():
        figure = new_figure(1.0, 1.0)
        axes = figure.add_axes((0.3, 0.3, 0.6, 0.6))
        axes.plot((0.0, 1.0), label="a")
        axes.legend()
        figure.savefig(io.BytesIO(), format="png")


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of `width` x `height` inches that needs no display."""
    figure = Figure(figsize=(width, height), dpi=110)
    FigureCanvasAgg(figure)
    return figure


def new_captioned_figure(width: float, height: float, caption: str) -> tuple[Figure, float]:
    """An empty figure with its caption below, and the top of the caption as a share of the height.

    `height` is the height without the caption. Panels are laid out above the caption:
    ``figure.tight_layout(rect=(0, top_of_caption, 1, 1))``.
    """
    lines = textwrap.wrap(caption, max(30, int((width - 0.3) * CAPTION_CHARACTERS)))
    caption_height = CAPTION_LINE * len(lines) + 0.15
    figure = new_figure(width, height + caption_height)
    top = caption_height / (height + caption_height)
    figure.text(0.12 / width, 0.85 * top, "\n".join(lines), fontsize=8, color=GREY, va="top", linespacing=1.2)
    return figure, top


def save(figure: Figure, path: Path, title: str) -> Path:
    """Write the figure with its title above and fixed metadata (equal pictures are equal files).

    The PNG is at `path`, which is returned; the other formats of the `sheet` are beside it. A picture of an
    earlier run in a format that is no longer asked for would show other numbers, and is removed. Raises
    UserError when the folder cannot be written.
    """
    _write_title(figure, title, _SHEET.get().about)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path.parent, error) from None
    kinds = dict.fromkeys(("png", *_SHEET.get().formats))
    for kind in FORMATS:
        if kind not in kinds:
            path.with_suffix(f".{kind}").unlink(missing_ok=True)
    for kind in kinds:
        with atomic_write(path.with_suffix(f".{kind}")) as part:
            figure.savefig(part, format=kind, **_FIXED[kind])
    return path


MAX_TITLE: Final = 400
"""Characters of a title, or of the line under it: what users type may be long."""
TITLE_SIZE: Final = 12.0
TITLE_LINE: Final = 0.21
ABOUT_LINE: Final = 0.16
"""Heights in inches of a line of the title, and of a line of what it is about."""
TITLE_CHARACTERS, ABOUT_CHARACTERS = 9.0, 15.0
"""Characters of these lines that fit into an inch."""


def _write_title(figure: Figure, title: str, about: str) -> None:
    """Make room above everything drawn so far and write title and `about` into it."""
    width, height = figure.get_size_inches()
    titles = textwrap.wrap(label(title, MAX_TITLE), max(20, int((width - 0.3) * TITLE_CHARACTERS)))
    abouts = (
        textwrap.wrap(label(about, MAX_TITLE), max(30, int((width - 0.3) * ABOUT_CHARACTERS)))
        if about
        else []
    )
    room = 0.14 + TITLE_LINE * len(titles) + ABOUT_LINE * len(abouts) + 0.08
    share = height / (height + room)
    _shrink(figure, share)
    figure.set_size_inches(width, height + room)
    left, top = 0.12 / width, 1.0 - 0.1 / (height + room)
    figure.text(
        left, top, "\n".join(titles), fontsize=TITLE_SIZE, fontweight="bold", va="top", linespacing=1.2,
        gid="title",
    )  # fmt: skip
    below = top - (TITLE_LINE * len(titles) + 0.03) / (height + room)
    figure.text(
        left, below, "\n".join(abouts), fontsize=8, color=GREY, va="top", linespacing=1.2, gid="about"
    )


def _shrink(figure: Figure, share: float) -> None:
    """Move everything in the figure into its lower `share`; sizes in inches stay when it grows by as much."""
    for axes in figure.axes:
        box = axes.get_position(original=True)
        axes.set_position((box.x0, box.y0 * share, box.width, box.height * share))
    for text in figure.texts:
        text.set_y(text.get_position()[1] * share)
    to_figure = figure.transFigure.inverted()
    for legend in figure.legends:
        box = to_figure.transform_bbox(legend.get_bbox_to_anchor())
        legend.set_bbox_to_anchor(
            (box.x0, box.y0 * share, box.width, box.height * share), transform=figure.transFigure
        )


def explain_empty(axes: Axes, sentence: str) -> None:
    """Write the reason into a panel that has nothing to draw, so that readers do not take it for a result."""
    where = axes.transAxes
    axes.text(0.5, 0.5, sentence, transform=where, ha="center", va="center", color=GREY, fontsize=8.5)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def median_and_interval(values: Values) -> tuple[float, float, float]:
    """Median, 5 % and 95 % point of the finite values; three nan when there is none."""
    array = np.asarray(values, dtype=float)
    finite = array[np.isfinite(array)]
    if finite.size == 0:
        return (float("nan"), float("nan"), float("nan"))
    middle, low, high = np.quantile(finite, (0.5, 0.05, 0.95))
    return (float(middle), float(low), float(high))


def draw_simulated(axes: Axes, x: float, values: Values, colour: str, upright: bool = True) -> float:
    """Draw median and 90 % interval of simulated values at position `x`; returns the median (nan if none).

    With ``upright`` false the values run along the horizontal axis and `x` is the height of the row.
    """
    middle, low, high = median_and_interval(values)
    if np.isfinite(middle):
        ends, at = ([low, high], [x, x])
        line = (at, ends) if upright else (ends, at)
        point = ([x], [middle]) if upright else ([middle], [x])
        axes.plot(*line, color=colour, linewidth=3.2, alpha=0.45, solid_capstyle="butt", zorder=3)
        axes.plot(*point, marker="o", color=colour, markersize=6.5, linestyle="none", zorder=5)
    return middle


def draw_published(axes: Axes, x: float, y: float, error: float = 0.0, upright: bool = True) -> None:
    """Draw a published value `y` at `x`, with its 90 % sampling interval ``y`` +- `error` if known."""
    if not np.isfinite(y):
        return
    if np.isfinite(error) and error > 0:
        ends, at = [y - error, y + error], [x, x]
        axes.plot(*((at, ends) if upright else (ends, at)), color=BLACK, linewidth=0.9, zorder=4)
    axes.plot(*(([x], [y]) if upright else ([y], [x])), **PUBLISHED_MARK)


def line_style(number: int) -> LineStyle:
    """The dash of the line with that number in a panel: lines differ by colour and by dash."""
    return LINE_STYLES[number % len(LINE_STYLES)]


def readable(name: str) -> str:
    """A name (of a column, of a vocabulary, or given by a user) as words in a picture: underscores become
    spaces."""
    return label(name.replace("_", " "))


def wrapped(text: str, most: int) -> str:
    """A text in lines of at most `most` characters; longer words stay whole."""
    return "\n".join(textwrap.wrap(text, max(8, most), break_long_words=False)) or text


def heat_map(axes: Axes, values: Values, colours: str, low: float, high: float, form: str) -> None:
    """Draw a matrix as coloured cells with their numbers; a nan cell is blank with a dash.

    Numbers on dark cells are white. `form` formats a number, as in ``"{:.0f}"``.
    """
    table = np.asarray(values, dtype=float)
    palette = matplotlib.colormaps[colours].with_extremes(bad="#F4F4F4")
    axes.imshow(np.ma.masked_invalid(table), cmap=palette, vmin=low, vmax=high, aspect="auto")
    for row, cells in enumerate(table):
        for column, value in enumerate(cells):
            if not np.isfinite(value):
                axes.text(column, row, "-", ha="center", va="center", fontsize=7.5, color=GREY)
                continue
            red, green, blue, _ = palette((min(max(value, low), high) - low) / (high - low))
            dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
            ink = "white" if dark else INK
            axes.text(column, row, form.format(value), ha="center", va="center", fontsize=7.5, color=ink)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
