"""The scoreboard: every judged finding with its verdict, and what the studies of the model and of the null
models say on the one that is chosen.

It shows a validation that was made before (`woc-sim validate`), whatever the settings of A and B are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import panel as pn
from bokeh.models import FixedTicker, HoverTool, Range1d, Span

from woc_sim.analysis.nulls import NULLS
from woc_sim.analysis.scoreboard_files import StoredScoreboard, read_scoreboard
from woc_sim.analysis.variants import EQUAL_LOCALITIES, MODEL
from woc_sim.analysis.verdicts import STUDIES_FOR_A_VERDICT
from woc_sim.ensemble.escaping import html_text, label
from woc_sim.errors import UserError
from woc_sim.explorer.pair import Pair
from woc_sim.explorer.views import drawing
from woc_sim.figures.scoreboard import ROLE_TITLES, sorted_by_role
from woc_sim.figures.style import BLACK, BLUE, GREY, INK, VARIANT_LABELS, VERDICT_COLOURS

if TYPE_CHECKING:
    import pandas as pd

FOLDER: Final = Path("out") / "validate"
"""The folder in which `woc-sim validate` writes."""
VARIANTS: Final = (MODEL, *(null.name for null in NULLS), EQUAL_LOCALITIES)
"""The variants that checks are made on, from the top down."""
MEANINGS: Final = {null.name: null.meaning for null in NULLS}
PASS_COLUMNS: Final = {
    MODEL: "pass_model",
    "interactions_off": "pass_off",
    "country_only": "pass_country",
    "permuted": "pass_permuted",
    "selection_only": "pass_selection",
    "statistical_twin": "pass_twin",
    EQUAL_LOCALITIES: "pass_equal",
}
"""Column of the scoreboard with the share of studies in which a finding holds, by variant."""
LISTED: Final = 16
"""Rows of the list of findings that are seen at once."""
SPREAD: Final = 0.55
"""Height over which the studies of a variant are spread, so that marks do not cover one another."""


def variant_words(name: str) -> str:
    """A variant in words; what is a null model is called so."""
    words = VARIANT_LABELS.get(name, name.replace("_", " "))
    return f"null: {words}" if name in MEANINGS else words


class ScoreboardView:
    """The view of the scoreboard in a folder. It is a `woc_sim.explorer.view.View`."""

    name, title, has_months = "scoreboard", "Scoreboard", False

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._stored: StoredScoreboard | None = None
        self._fault = ""
        self._read_at: Any = None
        self._shown_at: Any = None
        self._heading = drawing.text_pane("Nothing is read yet.")
        self.verdicts = pn.widgets.Select(label="Verdict", options=["all"], width=200)
        self.findings = pn.widgets.Select(
            label="Finding (click, or use the arrow keys)",
            options={},
            size=LISTED,
            sizing_mode="stretch_width",
        )
        self.details = drawing.text_pane()
        self.studies = drawing.source("x", "y", "fill", "study", "variant", "holds")
        self.published = Span(dimension="height", line_color=BLACK, line_width=2, visible=False)
        self.verdicts.param.watch(lambda _: self._list(), "value")
        self.findings.param.watch(lambda _: self._tell(), "value")

    def panel(self) -> Any:
        """Heading, list of findings, and what is known of the chosen one."""
        self._figure = self._make_figure()
        self._left = pn.Column(self.verdicts, self.findings, width=400)
        self._right = pn.Column(
            self.details,
            pn.pane.Bokeh(self._figure, sizing_mode="stretch_width"),
            sizing_mode="stretch_width",
        )
        self._body = pn.Row(self._left, self._right, visible=False)
        return pn.Column(self._heading, self._body, sizing_mode="stretch_width")

    def prepare(self, pair: Pair) -> None:
        """Read the folder, if it has changed since it was read."""
        at = _changed(self.folder)
        if at == self._read_at and self._read_at is not None:
            return
        try:
            self._stored, self._fault = read_scoreboard(self.folder), ""
        except UserError as error:
            self._stored, self._fault = None, error.sentence
        self._read_at = at

    def show(self, pair: Pair) -> None:
        """Show the scoreboard that was read, or say which command makes one."""
        if self._shown_at is not None and self._shown_at == self._read_at:
            return
        self._shown_at = self._read_at
        self._body.visible = self._stored is not None and len(self._stored.board) > 0
        if self._stored is None or not len(self._stored.board):
            why = html_text(self._fault or f"There is no validation in {self.folder.as_posix()}.")
            self._heading.object = (
                f"<b style='font-size:1.15em'>{self.title}</b><br>{why}<br>The command "
                "<code>woc-sim validate</code> simulates the study and its null models, judges the findings "
                "and writes them there; it takes some minutes. Then open this tab again."
            )
            return
        board = self._stored.board
        counts = board["verdict"].value_counts()
        self.verdicts.options = {
            "all verdicts": "all",
            **{f"{name} ({counts[name]})": name for name in VERDICT_COLOURS if name in counts},
        }
        studies = int(board["n"].max())
        few = (
            f" <b>Verdicts need {STUDIES_FOR_A_VERDICT} studies.</b>"
            if studies < STUDIES_FOR_A_VERDICT
            else ""
        )
        of = drawing.counted(studies, "simulated study", "simulated studies")
        self._heading.object = (
            f"<b style='font-size:1.15em'>{self.title}</b><br><span style='color:#555'>"
            f"{len(board)} findings judged on {of}, from the validation in "
            f"{html_text(label(self.folder.as_posix(), 80))}; it does not change with A and B.</span>{few}"
        )
        self._list()

    def month(self, month: int) -> None:
        """Nothing: a validation is of all months."""

    def _list(self) -> None:
        """List the findings with the chosen verdict, held out ones first."""
        if self._stored is None:
            return
        board = self._stored.board
        if self.verdicts.value not in (None, "all"):
            board = board[board["verdict"] == self.verdicts.value]
        rows = sorted_by_role(board)
        options = {
            label(f"{row['id']} [{row['verdict'] or 'not judged'}] {row['statement']}", 110): row["id"]
            for row in rows.to_dict("records")
        }
        kept = self.findings.value
        self.findings.options = options
        self.findings.value = kept if kept in options.values() else next(iter(options.values()), None)
        self._tell()

    def _tell(self) -> None:
        """Show the chosen finding."""
        if self._stored is None or self.findings.value is None:
            return
        board, studies = self._stored.board, self._stored.by_study
        row = board[board["id"] == self.findings.value].iloc[0].to_dict()
        own = studies[studies["id"] == row["id"]]
        self.details.object = details(row, bool(len(own)))
        self._show_studies(own, float(row["target"]))
        self._figure.title.text = f"{row['id']}: a mark a study, filled if it holds"
        self._figure.yaxis.major_label_overrides = {
            len(VARIANTS) - at: f"{variant_words(name)} ({_share(row[PASS_COLUMNS[name]])})"
            for at, name in enumerate(VARIANTS)
        }

    def _show_studies(self, own: pd.DataFrame, target: float) -> None:
        own = own[own["variant"].isin(VARIANTS) & np.isfinite(own["value"])]
        height = {name: len(VARIANTS) - at for at, name in enumerate(VARIANTS)}
        most = max(int(own["study"].max()), 1) if len(own) else 1
        offsets = (0.5 - own["study"].to_numpy() / most) * SPREAD
        colours = np.where(own["variant"] == MODEL, BLUE, GREY)
        self.studies.data = {
            "x": own["value"].to_numpy(float),
            "y": own["variant"].map(height).to_numpy(float) + offsets,
            "fill": np.where(own["passed"], colours, "white"),
            "study": own["study"].to_numpy() + 1,
            "variant": own["variant"].map(variant_words).to_numpy(),
            "holds": np.where(own["passed"], "holds", "does not hold"),
        }
        known = bool(np.isfinite(target))
        self.published.visible = known
        if known:
            self.published.location = target
        values = np.append(own["value"].to_numpy(float), target if known else [])
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        room = 0.06 * (high - low) or 0.5
        self._figure.x_range.start, self._figure.x_range.end = low - room, high + room

    def _make_figure(self) -> Any:
        drawn = drawing.plain_figure("Studies", 330, tools="save", x_range=Range1d(0, 1))
        drawn.y_range = Range1d(0.4, len(VARIANTS) + 0.6)
        drawn.yaxis.ticker = FixedTicker(ticks=list(range(1, len(VARIANTS) + 1)))
        drawn.xaxis.axis_label = (
            "headline number of the check; vertical line: published value, if it is a number"
        )
        drawn.xaxis.axis_label_text_font_size = "9pt"
        marks = drawn.scatter(
            "x",
            "y",
            source=self.studies,
            marker="circle",
            size=8,
            fill_color="fill",
            line_color=INK,
            fill_alpha=0.8,
        )
        tooltips = [("study", "@study of @variant"), ("number", "@x{0.000}"), ("the finding", "@holds")]
        drawn.add_tools(HoverTool(renderers=[marks], tooltips=tooltips))
        drawn.add_layout(self.published)
        return drawn


def _changed(folder: Path) -> float | None:
    """When the scoreboard was written; None if there is none."""
    try:
        return (folder / "scoreboard.csv").stat().st_mtime
    except OSError:
        return None


def _share(value: float) -> str:
    return f"{value:.0%} of studies" if np.isfinite(value) else "not run"


def _interval(row: dict[str, Any]) -> str:
    if not np.isfinite(row["simulated"]):
        return "could not be read"
    return f"{row['simulated']:.3g} (90 % of studies: {row['low']:.3g} to {row['high']:.3g})"


def details(row: dict[str, Any], by_study: bool) -> str:
    """What the scoreboard says of a finding, as HTML in which all texts are plain."""
    colour = VERDICT_COLOURS.get(row["verdict"], GREY)
    lines: Sequence[tuple[str, str]] = (
        ("Source", row["source"]),
        ("Published", row["published"]),
        ("Simulated", _interval(row)),
        ("Check", f"{row['meaning']} ({row['check']})"),
        ("Role", ROLE_TITLES.get(row["role"], row["role"].replace("_", " "))),
        ("Null models that could have it", row["living"]),
        ("Null models that do not count", row["dead"]),
        ("Cannot tell because", row["undecided"]),
        ("Ascribed to", row["mechanism"]),
        ("Our explanation", row["why"]),
    )
    told = "".join(
        f"<tr><td style='vertical-align:top;padding-right:1em'><b>{name}</b></td>"
        f"<td>{html_text(text)}</td></tr>"
        for name, text in lines
        if text
    )
    older = "" if by_study else "<p>This validation kept no results by study; a new one draws them below.</p>"
    return (
        f"<p><b>{html_text(row['id'])}</b> <span style='border-left:0.8em solid {colour};padding-left:0.4em'>"
        f"{html_text(row['verdict'] or 'not judged')}</span></p>"
        f"<p style='font-size:1.1em'>{html_text(row['statement'])}</p><table>{told}</table>{older}"
    )
