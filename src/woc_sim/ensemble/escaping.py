"""Text that others wrote, shown as text: in HTML, Markdown, labels of pictures and cells of CSV files.

A locality, an axis or an arm may be called anything, and an error may quote it. Nothing of it becomes a link,
a tag, a formula of a spreadsheet or a command to the terminal.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]")
"""How a cell begins that a spreadsheet may take for a formula (OWASP, CSV injection), after apostrophes."""
MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>|~&$])|^([#+=-])")
"""Signs with a meaning in Markdown, anywhere and at the start of a line."""
MAX_LABEL: Final = 40
"""Characters of a name in a picture."""


def visible(text: str, kept: str = "") -> str:
    """The text with a question mark for every character that is not to be seen, such as those that move the
    cursor or turn the direction of writing; those in `kept` stay.

    >>> visible("a\\x1b[31mb")
    'a?[31mb'
    """
    return "".join(letter if letter.isprintable() or letter in kept else "?" for letter in text)


def html_text(text: str) -> str:
    """The text for a page in HTML, between tags or as an attribute in quotes.

    >>> html_text('<a href="x">')
    '&lt;a href=&quot;x&quot;&gt;'
    """
    return html.escape(visible(text, "\t\n"))


def markdown(text: str) -> str:
    """The text as one line of Markdown that shows just this text.

    >>> markdown("[x](javascript:1) <b>")
    '\\\\[x\\\\](javascript:1) \\\\<b\\\\>'
    """
    line = visible(" ".join(text.split()))
    return MARKUP.sub(lambda found: f"\\{found[0]}", line)


def label(text: str, longest: int = MAX_LABEL) -> str:
    """The text as a name in a picture, with an ellipsis beyond `longest` characters."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def csv_text(table: pd.DataFrame) -> str:
    """The table as CSV in which no text is a formula: a text (or heading) that begins as one gets an
    apostrophe before it, which spreadsheets show or hide and `unescaped` takes off. Numbers stay as they are.
    Characters that are not to be seen are replaced, except line breaks and tabs."""
    import pandas as pd

    columns = [table.iloc[:, place] for place in range(table.shape[1])]
    told = {place: each if _numeric(each) else each.map(_escaped_cell) for place, each in enumerate(columns)}
    guarded = pd.DataFrame(told)
    guarded.columns = pd.Index([_escaped_cell(str(name)) for name in table.columns])
    return guarded.to_csv(index=False, lineterminator="\n")


def unescaped(table: pd.DataFrame) -> pd.DataFrame:
    """A table that was read from what `csv_text` wrote, with its texts as they were."""
    found = table.rename(columns=_unescaped_cell)
    for name in found.columns[[not _numeric(found[each]) for each in found.columns]]:
        found[name] = found[name].map(_unescaped_cell)
    return found


def _numeric(column: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_numeric_dtype(column))


def _escaped_cell(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    shown = visible(cell, "\t\r\n")
    return f"'{shown}" if FORMULA.match(shown) and not _is_number(shown) else shown


def _unescaped_cell(cell: Any) -> Any:
    return cell[1:] if isinstance(cell, str) and cell.startswith("'") and FORMULA.match(cell) else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
