"""The report of a validation as one page: ``report.html`` contains its figures, tables and style and needs no
network."""

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any, Final

import pandas as pd

from woc_sim.analysis.nulls import NULLS
from woc_sim.analysis.own_locality import TABLE as OWN_TABLE
from woc_sim.analysis.scoreboard import HYPOTHESIS
from woc_sim.analysis.verdicts import HYPOTHESIS_VERDICTS, STUDIES_FOR_A_VERDICT, VERDICTS, Verdict
from woc_sim.ensemble.escaping import html_text
from woc_sim.figures import (
    access,
    attitudes,
    baselines,
    counterfactuals,
    frames,
    frameworks,
    knockouts,
    networks,
    own_locality,
    policy,
    scoreboard,
    sensitivity,
    style,
    timelines,
    types,
)
from woc_sim.figures.scoreboard import ROLE_TITLES, sorted_by_role
from woc_sim.figures.style import Picture
from woc_sim.figures.validation_tables import ValidationTables, read_validation
from woc_sim.files import write_text

DrawFigure = Callable[[ValidationTables, Path], Picture]
TEMPLATE: Final = Path(__file__).with_name("template.html")
BOARD_COLUMNS: Final = (
    ("id", "finding"),
    ("statement", "what the study says"),
    ("published", "published"),
    ("simulated", "simulated"),
    ("low", "5 %"),
    ("high", "95 %"),
    ("n", "n"),
    ("pass_model", "holds: model"),
    ("pass_off", "interactions off"),
    ("pass_country", "country only"),
    ("pass_permuted", "permuted"),
    ("pass_selection", "selection only"),
    ("pass_twin", "statistical twin"),
    ("living", "living nulls"),
    ("pass_equal", "equal localities"),
    ("verdict", "verdict"),
    ("undecided", "undecided by"),
    ("mechanism", "mechanism"),
    ("by_mechanism", "without it"),
    ("latent", "on the true state"),
    ("source", "source"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page: its anchor, its title, an opening text in HTML, and the figures under it."""

    anchor: str
    title: str
    opening: str
    figures: tuple[DrawFigure, ...] = ()


SECTIONS: Final = (
    Section(
        "policy",
        "Integration policy",
        "<p>The expert score of local integration policy, read in early 2022 as in the study.</p>",
        (policy.groups, policy.components, policy.correlations, frameworks.frameworks),
    ),
    Section(
        "governance",
        "Governance relations",
        "<p>Who meets whom about integration, as a survey of interviewees would report it.</p>",
        (networks.networks, networks.frequencies, frames.frames, counterfactuals.counterfactuals),
    ),
    Section("access", "Access to housing and employment", "", (access.grids,)),
    Section("attitudes", "Attitudes and relations", "", (attitudes.attitudes,)),
    Section(
        "types",
        "Types of locality",
        "<p>Synthetic localities in which type, size, executive and radical-right seats are crossed. Nothing "
        "else differs between them.</p>",
        (types.types, types.slopes),
    ),
    Section("time", "Time lines", "", (timelines.timelines,)),
    Section(
        "processes",
        "What each process and parameter does",
        "<p>If the validation ran no knock-outs or no sensitivity analysis, this section says so.</p>",
        (knockouts.knockouts, sensitivity.sensitivity),
    ),
)


def write_report(folder: Path) -> Path:
    """Draw all figures of the validation in `folder` and bind them into ``report.html``; returns its path.

    Reads what `read_validation` reads; pictures go to ``figures/``. The page names missing tables and
    readings. Raises FileNotFoundError when `folder` does not exist, OSError
    when it cannot be written.
    """
    tables = read_validation(folder)
    pictures = folder / "figures"
    parts = [
        ("scoreboard", "Scoreboard", _scoreboard_part(tables, pictures)),
        ("baselines", "Baselines", _baselines_part(tables, pictures)),
    ]
    if not tables.own.empty:
        parts.append(("own", "Your locality beside the cases", _own_part(tables, pictures)))
    for section in SECTIONS:
        drawn = "".join(_figure_html(draw(tables, pictures)) for draw in section.figures)
        parts.append((section.anchor, section.title, section.opening + drawn))
    parts.append(("manifest", "How this was made", _manifest_html(tables.manifest)))
    page = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title="woc-sim: simulated localities against the published findings",
        subtitle=html_text(_subtitle(tables)),
        summary=_summary(tables.scoreboard),
        nulls="; ".join(
            f"<i>{html_text(style.VARIANT_LABELS.get(each.name, style.readable(each.name)))}</i> "
            f"({html_text(each.meaning)})"
            for each in NULLS
        ),
        verdicts=_words_html(VERDICTS),
        hypotheses=_words_html(HYPOTHESIS_VERDICTS),
        contents="\n".join(
            f'<li><a href="#{anchor}">{html_text(title)}</a></li>' for anchor, title, _ in parts
        ),
        sections="\n".join(
            f'<section><h2 id="{anchor}">{html_text(title)}</h2>\n{body}</section>'
            for anchor, title, body in parts
        ),
    )
    path = folder / "report.html"
    write_text(page, path)
    return path


def _subtitle(tables: ValidationTables) -> str:
    """What was simulated, in one line."""
    alt_parts = []
    cases = tables.cases
    if "case" in cases and "replicate" in cases:
        alt_parts.append(f"{cases['case'].nunique()} cases in {cases['replicate'].nunique()} replicates")
    if "variant" in cases:
        alt_parts.append(f"{cases['variant'].nunique()} variants (the model and what it is compared with)")
    if not tables.factorial.empty:
        alt_parts.append(f"{len(tables.factorial)} synthetic localities")
    return ", ".join(alt_parts) or "No simulated localities in this folder."


def _summary(board: pd.DataFrame) -> str:
    """Counts of verdicts by role as small tables: findings, then hypotheses. Findings that share a check
    count once."""
    if board.empty or "verdict" not in board:
        return "<p>No finding was judged.</p>"
    once = board.drop_duplicates("check") if "check" in board else board
    roles = once["role"].fillna("") if "role" in once else pd.Series("", index=once.index)
    findings, hypotheses = once[roles != HYPOTHESIS], once[roles == HYPOTHESIS]
    words = f"<p>{len(findings)} findings were judged. Failures are shown like everything else."
    studies = pd.to_numeric(board["n"], errors="coerce").max() if "n" in board else math.nan
    if studies < STUDIES_FOR_A_VERDICT:
        words += (
            f" <b>These verdicts rest on {studies:.0f} studies; verdicts need {STUDIES_FOR_A_VERDICT}.</b>"
        )
    parts = [words + "</p>", _counts_html(findings, VERDICTS)]
    if len(hypotheses):
        parts.append(
            f"<p>{len(hypotheses)} hypotheses of the authors, which nobody observed, are in no count "
            "above.</p>"
        )
        parts.append(_counts_html(hypotheses, HYPOTHESIS_VERDICTS))
    return "".join(parts)


def _counts_html(rows: pd.DataFrame, words: Sequence[Verdict]) -> str:
    """How many rows have each verdict, by role."""
    found = rows["role"].fillna("") if "role" in rows else pd.Series("", index=rows.index)
    head = "".join(f"<th>{verdict_chip(word.name)}</th>" for word in words)
    lines = []
    for role in (each for each in ROLE_TITLES if (found == each).any()):
        mine = rows.loc[found == role, "verdict"]
        cells = "".join(f'<td class="number">{int((mine == word.name).sum())}</td>' for word in words)
        lines.append(f"<tr><td>{html_text(ROLE_TITLES[role])}</td>{cells}</tr>")
    return (
        f'<div class="wide"><table><thead><tr><th>role</th>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _words_html(words: Sequence[Verdict]) -> str:
    """What each verdict means."""
    return " ".join(f"{verdict_chip(word.name)} {html_text(word.meaning)}." for word in words)


def _scoreboard_part(tables: ValidationTables, folder: Path) -> str:
    """The picture of the scoreboard, then one table for each role."""
    board = tables.scoreboard
    parts = [_figure_html(scoreboard.scoreboard(tables, folder))]
    if board.empty or "verdict" not in board:
        return parts[0]
    parts.append(
        '<p class="faint">Click a heading to sort. Under a finding that the model does not have stands our '
        "explanation, "
        "written after the results were seen.</p>"
    )
    rows = sorted_by_role(board)
    known = rows["role"].fillna("").astype(str) if "role" in rows else pd.Series("", index=rows.index)
    for role in dict.fromkeys(known):
        title = ROLE_TITLES.get(role, role)
        columns = [(name, label) for name, label in BOARD_COLUMNS if name in rows]
        parts.append(f"<h3>{html_text(title)}</h3>{html_table(rows[known == role], columns, sortable=True)}")
    return "".join(parts)


def _baselines_part(tables: ValidationTables, folder: Path) -> str:
    """The table of the baselines, or that there is none."""
    opening = (
        "<p>Baselines are simple statistical predictions from the same covariates; one of them has some "
        "of the model's own inputs (mean duty of the framework, size, colour). They are fitted to the "
        "localities of the study and tested on those left out, one locality or one country at a time, and "
        "fitted anew each time. The model is not fitted to single localities. Where a country is left out it "
        "has parameters drawn without it, if there are such sets; in other folds it gets one offset from the "
        "others. "
        "Its parameters were chosen in sight of the means of all countries. Coverage is the share of "
        "localities inside the 90 % predictive interval.</p>"
    )
    drawn = _figure_html(baselines.baselines(tables, folder))
    found = tables.baselines
    if found.empty:
        return opening + drawn + "<p>No baselines in this validation.</p>"
    columns = [(str(name), style.readable(str(name))) for name in found.columns]
    return opening + drawn + html_table(found, columns, sortable=True)


def _own_part(tables: ValidationTables, folder: Path) -> str:
    """The user's own locality among the cases."""
    opening = (
        "<p>What the mechanisms of the model make of the conditions of the locality, beside what they make "
        "of those of the cases. It is no forecast, and nothing on this page is judged by it. All readings "
        f"of every study are in {OWN_TABLE}.</p>"
    )
    return opening + _figure_html(own_locality.own_locality(tables, folder))


def verdict_chip(verdict: str) -> str:
    """A verdict as coloured words."""
    name = html_text(verdict.replace(",", "").replace(" ", "-"))
    return f'<span class="verdict {name}">{html_text(verdict)}</span>'


def html_table(frame: pd.DataFrame, columns: Sequence[tuple[str, str]], sortable: bool = False) -> str:
    """A frame as an HTML table of the given (column, heading) pairs; nan and empty cells are dashes."""
    heads = "".join(
        f'<th scope="col">{f"<button>{html_text(label)}</button>" if sortable else html_text(label)}</th>'
        for _, label in columns
    )
    rows = []
    for record in frame.to_dict("records"):
        reading = _explanation(record)
        cells = "".join(_cell(name, record.get(name), reading) for name, _ in columns)
        rows.append(f"<tr>{cells}</tr>")
    name = ' class="sortable"' if sortable else ""
    body = f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<div class="wide"><table{name}>{body}</table></div>'


def _explanation(record: Mapping[Any, Any]) -> str:
    """Our explanation of a verdict, in HTML."""
    why = record.get("why")
    return (
        f'<div class="faint">Our explanation: {html_text(why)}</div>' if isinstance(why, str) and why else ""
    )


def _cell(name: str, value: Any, reading: str = "") -> str:
    """One cell; its sort key is the value itself. `reading` goes under the statement."""
    if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
        return '<td data-key="">-</td>'
    if name == "verdict":
        return f'<td data-key="{html_text(str(value))}">{verdict_chip(str(value))}</td>'
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<td class="number" data-key="{value}">{value:.3g}</td>'
    under = reading if name == "statement" else ""
    return f'<td data-key="{html_text(str(value))}">{html_text(str(value))}{under}</td>'


def _figure_html(picture: Picture) -> str:
    """A picture inside the page, with its caption, its alternative text, and the same text to open in
    words."""
    data = base64.b64encode(picture.path.read_bytes()).decode("ascii")
    alt = html_text(picture.alt)
    return (
        f'<figure><img src="data:image/png;base64,{data}" alt="{alt}">'
        f"<figcaption><b>{html_text(picture.title)}.</b> {html_text(picture.caption)}</figcaption>"
        f"<details><summary>In words</summary>{alt}</details></figure>"
    )


def _manifest_html(manifest: Mapping[str, Any]) -> str:
    """The manifest as nested lists, or that there is none."""
    if not manifest:
        return "<p>No manifest in this folder.</p>"
    return manifest_value_html(manifest)


def manifest_value_html(value: Any) -> str:
    """A value of a manifest as HTML: mappings as tables, lists in one line."""
    if isinstance(value, Mapping):
        rows = "".join(
            f"<tr><th>{html_text(str(key))}</th><td>{manifest_value_html(each)}</td></tr>"
            for key, each in value.items()
        )
        return f"<table>{rows}</table>"
    if isinstance(value, list | tuple):
        return html_text(", ".join(map(str, value)))
    return html_text(str(value))
