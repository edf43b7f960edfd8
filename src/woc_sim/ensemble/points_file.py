"""Design points from a table in a text file, as a spreadsheet or a script writes it.

A header of keys as on the command line, then a row a point, the cells typed as settings are. Comma, semicolon
or tab between cells, UTF-8 or UTF-16, with or without a byte-order mark. What could be read in two ways is
refused in a sentence with the number of the line.
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
"""Rows of the longest file, as many as a design may draw."""
KEY: Final = re.compile(r"(?!hydra)[A-Za-z_][\w./]*", re.ASCII)
UNQUOTED: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""Words that Hydra's grammar takes as they are."""
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
        """The values as a table holds them: groups under the key they set, lists spelled."""
        return {
            key.replace("/", "."): as_typed(value) if isinstance(value, list) else value
            for key, value in self.values.items()
        }

    @property
    def settings(self) -> list[str]:
        """The point as it would be typed: one key=value each, never an alternative or a reference."""
        return [f"{key}={as_typed(value)}" for key, value in self.values.items()]


def as_typed(value: Any) -> str:
    """A value as the grammar of the command line takes it, so that it is read back the same.

    >>> as_typed([0.1, None, "a,b", "rural"])
    "[0.1,null,'a,b',rural]"
    """
    if isinstance(value, list):
        return f"[{','.join(map(as_typed, value))}]"
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    if isinstance(value, int | float) or (UNQUOTED.fullmatch(value) and value.lower() not in CONSTANTS):
        return str(value)
    # Hydra takes a backslash as it is, but before a quote or the end of the text
    escaped = re.sub(r"(\\*)('|$)", lambda found: found[1] * 2 + found[2].replace("'", "\\'"), value)
    return f"'{escaped}'"


def read_points(path: Path) -> list[PointRow]:
    """The points of a file. Raises UserError for one that cannot be read, or not in one way only."""
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
    for place, key in enumerate(keys, start=1):
        if not KEY.fullmatch(key):
            wrong = f"{shown(key)!r} is no key" if key else "has no key"
            raise UserError(
                f"{source}, line {first}: column {place} {wrong}; the first line names the settings"
            )
        if key in keys[: place - 1]:
            raise UserError(f"{source}, line {first}: {shown(key)} is given twice; give it once")
    found = []
    for number, row in table[1:]:
        if len(keys) < len(_without_empty_end(row)) or len(row) < len(keys):
            raise UserError(f"{source}, line {number}: {len(row)} values for {len(keys)} keys")
        where = f"{source}, line {number}"
        found.append(
            PointRow(number, {key: _value(key, cell, where) for key, cell in zip(keys, row, strict=False)})
        )
    return found


def _text(path: Path, source: str) -> str:
    try:
        content = file_bytes(path, ADVICE)
    except FileNotFoundError:
        raise UserError(f"{source} does not exist; give the file of the points") from None
    if content.startswith(WORKBOOK):
        raise UserError(f"{source} is a workbook; {ADVICE}")
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UserError(f"{source}, line {line}: not a text in UTF-8; {ADVICE}") from None
    if "\0" in text:
        raise UserError(f"{source} is not a text in UTF-8; {ADVICE}")
    return text


def _rows(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and stripped cells of each row; a cell with a decimal comma has a point instead."""
    head, _, rest = text.partition("\n")
    skipped = 0
    if said := re.fullmatch(r'"?sep=(.)"?\s*', head):  # what a spreadsheet writes for its own kind
        text, skipped = rest, 1
        separator = said[1]
    else:
        head = next((line for line in text.splitlines() if line.strip()), "")
        separator = next((each for each in ";\t" if each in head), ",")
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
    return row[: max((place for place, cell in enumerate(row, start=1) if cell), default=0)]


def _value(key: str, cell: str, where: str) -> Any:
    """The value of a cell; raises UserError."""
    if not cell:
        raise UserError(
            f"{where}: {key} is empty; write null for the usual value of a number, or name an option"
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
    """A word as settings are read: null, true and false, numbers, and text."""
    return (
        yaml_text(word, word, ADVICE)
        if any(re.fullmatch(form, word) for _, form, _ in YAML_SCALARS)
        else word
    )


def _read_list(cell: str, where: str) -> list[Any] | None:
    """The list that a cell spells; None if it spells none."""
    try:
        found = yaml_text(cell, where, ADVICE)
    except UserError:
        return None
    plain = isinstance(found, list) and all(
        each is None or isinstance(each, str | int | float) for each in found
    )
    return found if plain else None
