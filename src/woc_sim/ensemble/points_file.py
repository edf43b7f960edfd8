"""Design points from a table in a text file, written by a spreadsheet or a script.

The header names keys as on the command line. Each row is a point, and its cells are typed like settings.
Cells are separated by commas, semicolons or tabs; the encoding is UTF-8 or UTF-16, with or without a
byte-order mark. Ambiguous content is refused in a sentence with the line number.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from woc_sim.errors import UserError
from woc_sim.records import YAML_SCALARS, file_bytes, shown, yaml_text

MAX_POINTS: Final = 100_000
"""Most rows of a file, equal to the most points of a sampled design."""
KEY: Final = re.compile(r"(?!hydra)[A-Za-z_][\w./]*", re.ASCII)
UNQUOTED: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""Words that Hydra's grammar accepts without quotes."""
CONSTANTS: Final = ("null", "true", "false", "nan", "inf")
DECIMAL_COMMA: Final = re.compile(r"([-+]?\d+),(\d+([eE][-+]?\d+)?)")
WORKBOOK: Final = b"PK\x03\x04"
ADVICE: Final = "save the table as CSV (UTF-8)"


class PointRow(NamedTuple):
    """A design point: its line in the file, and key -> number, text, flag, None, or a list of these."""

    number: int
    values: dict[str, Any]

    @property
    def axes(self) -> dict[str, Any]:
        """The values as table cells: groups under the key that they set, lists as texts."""
        return {
            key.replace("/", "."): as_typed(value) if isinstance(value, list) else value
            for key, value in self.values.items()
        }

    @property
    def settings(self) -> list[str]:
        """The point as it would be typed: one key=value for each setting, without alternatives or
        references.
        """
        return [f"{key}={as_typed(value)}" for key, value in self.values.items()]


def as_typed(value: Any) -> str:
    """A value in the command line's grammar; parsing it gives the same value.

    >>> as_typed([0.1, None, "a,b", "rural"])
    "[0.1,null,'a,b',rural]"
    """
    if isinstance(value, list):
        return f"[{','.join(map(as_typed, value))}]"
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    if isinstance(value, int | float) or (UNQUOTED.fullmatch(value) and value.lower() not in CONSTANTS):
        return str(value)
    # Hydra reads a backslash literally, except before a quote or at the end of the text
    escaped = re.sub(r"(\\*)('|$)", lambda match: match[1] * 2 + match[2].replace("'", "\\'"), value)
    return f"'{escaped}'"


def read_points(path: Path) -> list[PointRow]:
    """The points in a file. Raises UserError if it cannot be read or is ambiguous."""
    source = f"file={shown(path)}"
    text = _text(path, source)
    table = [(number, row) for number, row in _rows(text, source) if any(row)]
    if len(table) < 2:
        raise UserError(f"{source} needs a header of keys and at least one row")
    if len(table) > MAX_POINTS + 1:
        raise UserError(f"{source} has {len(table) - 1} points; allowed: {MAX_POINTS}")
    width = max(len(_without_empty_end(row)) for _, row in table)
    first, header = table[0]
    keys = header[:width]
    for column, key in enumerate(keys, start=1):
        if not KEY.fullmatch(key):
            problem = f"{shown(key)!r} is not a key" if key else "has no key"
            raise UserError(
                f"{source}, line {first}: column {column} {problem}; the first line names the settings"
            )
        if key in keys[: column - 1]:
            raise UserError(f"{source}, line {first}: {shown(key)} is given twice; give it once")
    rows = []
    for number, row in table[1:]:
        if len(keys) < len(_without_empty_end(row)) or len(row) < len(keys):
            raise UserError(f"{source}, line {number}: {len(row)} values for {len(keys)} keys")
        where = f"{source}, line {number}"
        rows.append(
            PointRow(number, {key: _value(key, cell, where) for key, cell in zip(keys, row, strict=False)})
        )
    return rows


def _text(path: Path, source: str) -> str:
    try:
        content = file_bytes(path, ADVICE)
    except FileNotFoundError:
        raise UserError(f"{source} does not exist; give the file of the points") from None
    if content.startswith(WORKBOOK):
        raise UserError(f"{source} is a workbook; {ADVICE}")
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UserError(f"{source}, line {line}: not a text in UTF-8; {ADVICE}") from None
    if "\0" in text:
        raise UserError(f"{source} is not a text in UTF-8; {ADVICE}")
    return text


def _rows(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and stripped cells of each row. A decimal comma becomes a point."""
    first_line, _, remaining = text.partition("\n")
    skipped = 0
    if separator_line := re.fullmatch(r'"?sep=(.)"?\s*', first_line):  # spreadsheets write this line
        text, skipped = remaining, 1
        separator = separator_line[1]
    else:
        first_line = next((line for line in text.splitlines() if line.strip()), "")
        separator = next((each for each in ";\t" if each in first_line), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if separator != ",":
                cells = [
                    DECIMAL_COMMA.sub(r"\1.\2", cell) if DECIMAL_COMMA.fullmatch(cell) else cell
                    for cell in cells
                ]
            yield reader.line_num + skipped, cells
    except csv.Error as error:
        raise UserError(f"{source}, line {reader.line_num + skipped}: {shown(error)}; {ADVICE}") from None


def _without_empty_end(row: Sequence[str]) -> Sequence[str]:
    """A row without empty cells at its end."""
    return row[: max((index for index, cell in enumerate(row, start=1) if cell), default=0)]


def _value(key: str, cell: str, where: str) -> Any:
    """The value of a cell. Raises UserError."""
    if not cell:
        raise UserError(
            f"{where}: {key} is empty; write null for the default value of a number, or name an option"
        )
    if not cell.isprintable() or "${" in cell:
        raise UserError(f"{where}: {key} is {shown(cell)!r}; a cell holds one plain value")
    if cell[0] == cell[-1] == "'" and len(cell) > 1:
        return cell[1:-1]
    if cell.startswith("["):
        found = _read_list(cell, where)
        if found is None:
            raise UserError(f"{where}: {key} is {shown(cell)!r}; a list is written [first, second]")
        return found
    if "," in cell:
        raise UserError(
            f"{where}: {key} is {shown(cell)!r}; a cell holds one value: a number has a decimal point, a "
            "list is written [first, second], a text with a comma is put into single quotes"
        )
    return _scalar(cell)


def _scalar(word: str) -> Any:
    """A word as settings are read: null, true, false, a number, or a text."""
    return (
        yaml_text(word, word, ADVICE)
        if any(re.fullmatch(form, word) for _, form, _ in YAML_SCALARS)
        else word
    )


def _read_list(cell: str, where: str) -> list[Any] | None:
    """The list in a cell; None if the cell is no list."""
    try:
        items = yaml_text(cell, where, ADVICE)
    except UserError:
        return None
    is_flat = isinstance(items, list) and all(
        each is None or isinstance(each, str | int | float) for each in items
    )
    return items if is_flat else None
