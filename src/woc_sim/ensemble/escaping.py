"""Escaping: text from others is shown as plain text in HTML, Markdown, labels of figures and CSV cells.

Names of localities, axes and arms may contain anything, and error messages quote them. Escaped text cannot
become a link, a tag, a spreadsheet formula or a terminal command.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]")
"""Start of a cell that a spreadsheet may read as a formula (OWASP, CSV injection), after any apostrophes."""
MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>|~&$])|^([#+=-])")
"""Characters with a meaning in Markdown, anywhere or at the start of a line."""
MAX_LABEL: Final = 40
"""Longest name in a figure, in characters."""


def visible(text: str, kept: str = "") -> str:
    """The text with a question mark for every invisible character, such as those that move the
    cursor or change the direction of writing; characters in `kept` stay.

    >>> visible("a\\x1b[31mb")
    'a?[31mb'
    """
    return "".join(letter if letter.isprintable() or letter in kept else "?" for letter in text)


def html_text(text: str) -> str:
    """The text for an HTML page, between tags or as a quoted attribute.

    >>> html_text('<a href="x">')
    '&lt;a href=&quot;x&quot;&gt;'
    """
    return html.escape(visible(text, "\t\n"))


def markdown(text: str) -> str:
    """The text as one line of Markdown that shows exactly this text.

    >>> markdown("[x](javascript:1) <b>")
    '\\\\[x\\\\](javascript:1) \\\\<b\\\\>'
    """
    line = visible(" ".join(text.split()))
    return MARKUP.sub(lambda found: f"\\{found[0]}", line)


def label(text: str, longest: int = MAX_LABEL) -> str:
    """The text as a name in a figure; a text longer than `longest` characters is cut and ends in an
    ellipsis.
    """
    line = visible(" ".join(text.split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def csv_text(table: pd.DataFrame) -> str:
    """The table as CSV in which no text is a formula.

    A text (or heading) that begins like a formula gets an apostrophe before it, as spreadsheets expect;
    `unescaped` removes it. Numbers are unchanged. Invisible characters are replaced, except line breaks and
    tabs.
    """
    import pandas as pd

    columns = [table.iloc[:, index] for index in range(table.shape[1])]
    cells = {
        index: series if _numeric(series) else series.map(_escaped_cell)
        for index, series in enumerate(columns)
    }
    escaped = pd.DataFrame(cells)
    escaped.columns = pd.Index([_escaped_cell(str(name)) for name in table.columns])
    return escaped.to_csv(index=False, lineterminator="\n")


def unescaped(table: pd.DataFrame) -> pd.DataFrame:
    """A table read from the output of `csv_text`, with its original texts."""
    result = table.rename(columns=_unescaped_cell)
    for name in result.columns[[not _numeric(result[each]) for each in result.columns]]:
        result[name] = result[name].map(_unescaped_cell)
    return result


def _numeric(column: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_numeric_dtype(column))


def _escaped_cell(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    text = visible(cell, "\t\r\n")
    return f"'{text}" if FORMULA.match(text) and not _is_number(text) else text


def _unescaped_cell(cell: Any) -> Any:
    return cell[1:] if isinstance(cell, str) and cell.startswith("'") and FORMULA.match(cell) else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
