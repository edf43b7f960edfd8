"""Names given by others are shown as text: in Markdown, figures, CSV files and HTML."""

from __future__ import annotations

import csv
import io

import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.ensemble.escaping import csv_text, label, markdown, unescaped, visible
from woc_sim.ensemble.life_tables import lives_frame, lives_markdown
from woc_sim.ensemble.run import LocalityRows
from woc_sim.figures import report, style
from woc_sim.instruments.life_events import Event, Life

NASTY = (
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](http://elsewhere/x.png)",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "+1+1",
    "-2+3",
    "\t=1",
    "\x1b[31mred\x1b]0;title\x07",
    "\u202egpj.exe",
    "$a$ and $b$",
    "# heading\n## another",
    "&lt;b&gt;",
    "`code`",
    "'=1",
)


@pytest.mark.parametrize("text", NASTY)
def test_a_cell_is_no_formula_and_reads_back(text: str) -> None:
    table = pd.DataFrame({text: [text, "plain"], "number": [-1.5, 2.0], "whole": [-1, 2]})
    written = csv_text(table)
    rows = list(csv.reader(io.StringIO(written, newline="")))
    for cell in (rows[0][0], rows[1][0]):
        assert cell[0] not in "=+-@\t\r\n"
        assert "\x1b" not in cell
    assert rows[1][1:] == ["-1.5", "-1"]
    back = unescaped(pd.read_csv(io.StringIO(written)))
    shown = "".join(letter if letter.isprintable() or letter in "\t\r\n" else "?" for letter in text)
    assert list(back.columns) == [shown, "number", "whole"]
    assert list(back[shown]) == [shown, "plain"]
    assert back["number"].tolist() == [-1.5, 2.0]


@given(st.lists(st.text(alphabet="=+-@'a1,;\" \n\t", min_size=1).filter(str.strip), min_size=1))
def test_every_text_reads_back(texts: list[str]) -> None:
    written = csv_text(pd.DataFrame({"x": texts}))
    back = unescaped(pd.read_csv(io.StringIO(written, newline=""), dtype=str, keep_default_na=False))
    assert list(back["x"]) == texts


def test_numbers_that_are_text_stay() -> None:
    assert csv_text(pd.DataFrame({"x": ["-0.5", "+3", "-0.5 to 1"]})) == "x\n-0.5\n+3\n'-0.5 to 1\n"


def test_equal_headings_stay_apart() -> None:
    table = pd.DataFrame(np.array([[1, 2]]), columns=["a", "a"])
    assert csv_text(table) == "a,a\n1,2\n"


@pytest.mark.parametrize("text", NASTY)
def test_a_life_with_any_name_is_text(text: str) -> None:
    event = Event(3, "tie_made", f"met {text}", "", text)
    row = LocalityRows(
        text, 0, np.array([]), np.zeros((1, 1)), (Life("migrant", "m1", text, text, (event,)),)
    )
    page = lives_markdown([row])
    body = page.partition("\n## ")[2]
    assert not any(letter in body for letter in "\x1b\x07\u202e")
    unescaped = body.replace("\\\\", "")
    for sign in ("<", "[", "`", "&"):
        assert unescaped.count(sign) == unescaped.count(f"\\{sign}")
    assert not csv_text(lives_frame([row])).splitlines()[1].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", [*NASTY, "n" * 5000])
def test_a_name_in_a_picture_is_drawn_as_it_is(text: str) -> None:
    with style.project_style():
        axes = style.new_figure(2, 2).add_axes((0.2, 0.2, 0.7, 0.7))
        drawn = axes.text(0, 0, style.readable(text))
        axes.set_xticks([0.5], [style.readable(text)])
        assert not drawn.get_parse_math()
        assert not axes.get_xticklabels()[0].get_parse_math()
        assert len(drawn.get_text()) <= 40
        assert drawn.get_text().isprintable()
        axes.figure.canvas.draw()  # an odd `$\frac` would fail here
    assert matplotlib.rcParams["text.parse_math"]


@pytest.mark.parametrize("text", NASTY)
def test_a_page_shows_it_as_text(text: str) -> None:
    page = report.html_table(pd.DataFrame({"statement": [text], "why": [text]}), [("statement", text)])
    page += report.manifest_value_html({text: [text, {text: text}]}) + report.verdict_chip(text)
    for tag in ("<script", "<b>"):
        assert tag not in page
    assert 'alert(1)"' not in page
    assert "\x1b" not in page


def test_words() -> None:
    assert visible("a\tb\x00é→") == "a?b?é→"
    assert markdown("a_b *c*\n# d") == "a\\_b \\*c\\* # d"
    assert markdown("- item") == "\\- item"
    assert label("x" * 60) == "x" * 39 + "…"
