"""Names that have changed: an old one works for one release, with a warning, wherever it may be typed.

renamed.csv has a row for each: its kind, the old name, the new one, and the version that will no longer take
it. The kinds:

setting
    a key, or the beginning of one, as it is typed: ``parameters.work.pace``, ``intervention.tie``
value
    a name that a setting takes: ``theory.contact=plain``
column
    a column of the state: ``residents.view``; the new name may be one row of a column with an axis in
    front: ``residents.attitude_to.ukrainian``
reading
    a column of the tables that a run writes, of a sweep's too: ``mean_view``
"""

from __future__ import annotations

import csv
import re
import sys
import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

FILE: Final = Path(__file__).with_name("renamed.csv")
PACKAGE: Final = str(Path(__file__).parents[1])
KINDS: Final = ("setting", "value", "column", "reading")


class Renamed(NamedTuple):
    """A name that has changed, and the version that will no longer take the old one."""

    kind: str
    old: str
    new: str
    until: str

    def warn(self) -> None:
        """Tell the caller outside this package, once for a place in its code."""
        frame, level = sys._getframe(1), 2
        while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
            frame, level = frame.f_back, level + 1
        sentence = f"{self.old} is called {self.new} now; the old name works until version {self.until}"
        warnings.warn(sentence, FutureWarning, stacklevel=level)


@cache
def renamed() -> Mapping[str, Mapping[str, Renamed]]:
    """Kind -> old name -> what became of it. Raises ValueError if the shipped table is at fault."""
    found: dict[str, dict[str, Renamed]] = {kind: {} for kind in KINDS}
    with FILE.open(encoding="utf-8", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            one = Renamed(row["kind"], row["old"], row["new"], row["until"])
            if one.kind not in KINDS or not all(one) or one.old in found[one.kind]:
                raise ValueError(
                    f"{FILE.name} row {number}: {one} is incomplete, of no kind, or stands twice"
                )
            found[one.kind][one.old] = one
    for kind, names in found.items():
        for one in names.values():
            if one.new in names:
                raise ValueError(f"{FILE.name}: the {kind} {one.old} leads to {one.new}, an old name too")
    return MappingProxyType(found)


def current(kind: str, name: str) -> str:
    """The name of today; warns if `name` is an old one."""
    one = renamed()[kind].get(name)
    if one is None:
        return name
    one.warn()
    return one.new


def current_key(key: str) -> str:
    """The key of a setting as it is today; an old name may be all of it or its beginning.

    A group of settings (``theory/contact``) has the name of the key that it sets.
    """
    for old, one in renamed()["setting"].items():
        if f"{key.replace('/', '.')}.".startswith(f"{old}."):
            one.warn()
            new = one.new.replace(".", "/") if key.startswith(old.replace(".", "/")) else one.new
            return new + key[len(old) :]
    return key


def current_value(key: str, value: str) -> str:
    """The name of today for a name that the setting `key` takes."""
    return current("value", f"{key}={value}").removeprefix(f"{key}=")


def current_typed(text: str) -> str:
    """A setting as it was typed (``key=value``, the value perhaps a list), with the names of today."""
    key, equals, value = text.partition("=")
    key = current_key(key)
    for old, one in renamed()["value"].items():
        setting, _, name = old.partition("=")
        if setting != key.replace("theory/", "theory."):
            continue
        changed = re.sub(rf"(?<![\w.]){re.escape(name)}(?![\w.])", one.new.partition("=")[2], value)
        if changed != value:
            one.warn()
            value = changed
    return f"{key}{equals}{value}"


def current_words(text: str) -> str:
    """A text that names readings, such as a question in SQL, with the names of today."""
    for old, one in renamed()["reading"].items():
        changed = re.sub(rf"\b{re.escape(old)}\b", one.new, text)
        if changed != text:
            one.warn()
            text = changed
    return text


def current_columns(names: Iterable[str]) -> list[str]:
    """The columns of a stored table with the names of today, silently: nobody typed them."""
    known = renamed()["reading"]
    return [known[name].new if name in known else name for name in names]
