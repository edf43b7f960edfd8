"""Reading one shipped table: every fault names the file and the row.

The tables belong to the package, so a fault in one is a bug of the package and raises ``ValueError``. Only
the csv module of the standard library is used, because every command pays for these imports.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

_FOLDER = Path(__file__).parent


class Row:
    """One row of a shipped table; every reading names the file and the row when it fails."""

    def __init__(self, file: str, number: int, fields: dict[str, str]) -> None:
        self.file = file
        self.number = number
        self.fields = fields

    def fault(self, what: str) -> ValueError:
        """The error to raise about this row."""
        return ValueError(f"{self.file} row {self.number}: {what}")

    def text(self, name: str, *, empty: bool = False) -> str:
        """A cell as text; empty only where that is allowed."""
        value = self.fields[name].strip()
        if not value and not empty:
            raise self.fault(f"{name} is empty")
        return value

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """A cell that holds one of the allowed words."""
        value = self.text(name, empty="" in allowed)
        if value not in allowed:
            raise self.fault(f"{name} is {value!r}, not one of {', '.join(allowed)}")
        return value

    def number_in(self, name: str, low: float, high: float) -> float:
        """A cell that holds a number between low and high, both included."""
        written = self.text(name)
        try:
            value = float(written)
        except ValueError:
            raise self.fault(f"{name} is {written!r}, not a number") from None
        if not low <= value <= high:  # also refuses nan
            raise self.fault(f"{name} is {value:g}, outside {low:g}..{high:g}")
        return value

    def band(self, stem: str, low: float, high: float) -> tuple[float, float] | tuple[None, None]:
        """The two ends of a band, or (None, None) when both are empty."""
        ends = f"{stem}_low", f"{stem}_high"
        if not any(self.text(end, empty=True) for end in ends):
            return None, None
        bottom, top = (self.number_in(end, low, high) for end in ends)
        if bottom > top:
            raise self.fault(f"{stem} runs from {bottom:g} down to {top:g}")
        return bottom, top

    def integer(self, name: str, allowed: Sequence[int]) -> int:
        """A cell that holds one of the allowed whole numbers."""
        value = self.number_in(name, min(allowed), max(allowed))
        if value not in allowed:
            raise self.fault(f"{name} is {value:g}, not one of {allowed}")
        return int(value)

    def words(self, name: str, allowed: Sequence[str]) -> tuple[str, ...]:
        """A cell that holds some of the allowed words, with spaces between them; it may be empty."""
        found = tuple(self.text(name, empty=True).split())
        for place, word in enumerate(found):
            if word not in allowed:
                raise self.fault(f"{name} has {word!r}, not one of {', '.join(allowed)}")
            if word in found[:place]:
                raise self.fault(f"{name} has {word!r} twice")
        return found

    def flag(self, name: str) -> bool:
        """A cell that holds 1 or 0."""
        return self.integer(name, (0, 1)) == 1


def header_of(file: str) -> tuple[str, ...]:
    """The names in the first row of a shipped table."""
    with (_FOLDER / file).open(encoding="utf-8", newline="") as stream:
        return tuple(next(csv.reader(stream), ()))


def read_rows(file: str, header: tuple[str, ...], folder: Path | None = None) -> list[Row]:
    """Rows of a shipped table, numbered as in a spreadsheet (the header is row 1); from this folder if none
    is given."""
    with ((folder or _FOLDER) / file).open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        found = tuple(next(reader, ()))
        if found != header:
            raise ValueError(f"{file} row 1: header is {found}, expected {header}")
        rows = []
        for number, cells in enumerate(reader, start=2):
            if len(cells) != len(header):
                raise ValueError(f"{file} row {number}: {len(cells)} cells, expected {len(header)}")
            rows.append(Row(file, number, dict(zip(header, cells, strict=True))))
    return rows


def refuse_twins(file: str, keys: list[tuple[str, ...]]) -> None:
    """Raise ValueError naming the row if a key appears twice; ``keys`` has one entry a row."""
    seen: set[tuple[str, ...]] = set()
    for number, key in enumerate(keys, start=2):
        if key in seen:
            raise ValueError(f"{file} row {number}: {' '.join(key)} appears twice")
        seen.add(key)
