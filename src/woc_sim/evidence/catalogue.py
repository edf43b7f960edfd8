"""Typed, cached readers of the evidence files of this package.

Findings (S01..S112) are the statements of the study's papers. Targets (D.., M.., W..) are figures calculated
from its tables, published sizes of mechanisms, and results published elsewhere. ``roles.yaml`` says what each
may be used for; every finding needs a role. An error in a file is a bug of the package and not of the user:
it raises ``CatalogueError`` with file, row and allowed values.
"""

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

FOLDER: Final = Path(__file__).parent

KINDS: Final = ("numeric", "direction", "order", "hypothesis", "condition", "finding")
ROLES: Final = ("fit", "held_out", "hypothesis", "condition", "not_judgeable")

SUBSETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "all_49": "all localities of the study (Table A1)",
        "eu_40": "localities in eight EU countries, Poland included (housing and employment)",
        "mipex_39": "localities with a policy score (Table 4): 36 in Western Europe and 3 in Turkey",
        "west_36": "localities in seven Western-EU countries, each joined to a case of Table A1",
        "perception_30": "localities with ratings by local actors (Table 6): west_36 without Spain",
        "networks_26": "localities placed in the plane of governance relations (Figure 5)",
        "survey_22": "localities in the four countries of the residents' survey",
        "medium_12": "medium towns among eu_40",
        "positive_19": "localities of eu_40 with favourable structure (Figure 9 left)",
        "negative_21": "localities of eu_40 with unfavourable structure (Figure 9 right)",
        "interviewees": "local actors interviewed on frames and decisions",
        "respondents": "residents answering the survey in Austria, Germany, Italy and Sweden",
        "migrants": "post-2014 migrants interviewed",
        "synthetic": "no named localities: judged on synthetic ones",
    }
)
"""The localities or persons that the published numbers are about; the papers use several such sets (I-05)."""

TABLES: Final = (
    "table3",
    "table4",
    "table5",
    "table6",
    "table7",
    "table8",
    "figure4",
    "figure9",
    "text_numbers",
    "derived",
)


class CatalogueError(ValueError):
    """A file of the evidence is broken: the message names file, row, field and what is allowed."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a finding may be used for, and why; see the head of ``roles.yaml`` for the five names."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One published statement (S..), calculated figure (D..), size of a mechanism (M..) or other result
    (W..).

    ``values`` holds published numbers by name, the headline first, in ``unit``; ``low`` and ``high`` bound
    the headline where the source gives a range; ``direction`` says in words what must hold. ``n`` and
    ``subset`` are the base. ``check`` names the function of ``woc_sim.analysis`` that tests it in a
    simulation; it is empty if there is none. ``regroup`` says how the source grouped mixed executives.
    """

    id: str
    statement: str
    kind: str
    source: str
    role: Role
    values: Mapping[str, float]
    unit: str
    low: float | None
    high: float | None
    direction: str
    n: int | None
    subset: str
    check: str
    regroup: str
    notes: str

    @property
    def value(self) -> float | None:
        """The headline number, or None where the source gives a direction only."""
        return next(iter(self.values.values()), None)

    @property
    def published(self) -> str:
        """What the source says, for a table cell: the numbers with their unit, else the direction."""
        if not self.values:
            return self.direction
        numbers = ", ".join(
            f"{number:g}" if len(self.values) == 1 else f"{name} {number:g}"
            for name, number in self.values.items()
        )
        return f"{numbers} ({self.unit})"


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """A contradiction within or between the papers, and the rule chosen here."""

    id: str
    what: str
    where: str
    rule: str
    affects: tuple[str, ...]


_REQUIRED: Final = ("id", "statement", "kind", "source")
_TEXTS: Final = ("unit", "direction", "subset", "check", "regroup", "notes")
_ALLOWED: Final = frozenset((*_REQUIRED, *_TEXTS, "values", "low", "high", "n"))


def _read_yaml(name: str, folder: Path) -> Any:
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Safe loader that refuses a key written twice; YAML would use the last one without a message."""

    def mapping(loader: Any, node: Any) -> dict[Any, Any]:
        keys = [loader.construct_object(key) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                raise CatalogueError(
                    f"{name}: key {key!r} is written twice (line {node.start_mark.line + 1})"
                )
        return {
            key: loader.construct_object(value, deep=True)
            for key, (_, value) in zip(keys, node.value, strict=True)
        }

    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    try:
        return yaml.load((folder / name).read_text(encoding="utf-8"), Loader)
    except yaml.YAMLError as error:
        raise CatalogueError(f"{name} is not valid YAML: {error}") from error


def _text(row: Mapping[str, Any], field: str, where: str, *, empty: bool = False) -> str:
    value = row.get(field, "" if empty else None)
    if not isinstance(value, str) or not (value.strip() or empty):
        raise CatalogueError(f"{where}: {field} must be a{'' if empty else ' non-empty'} text, got {value!r}")
    return value


def _number(value: Any, field: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise CatalogueError(f"{where}: {field} must be a finite number, got {value!r}")
    return float(value)


def _one_of(value: str, allowed: tuple[str, ...], field: str, where: str) -> str:
    if value not in allowed:
        raise CatalogueError(f"{where}: {field} {value!r} is not one of {', '.join(allowed)}")
    return value


def _finding(row: Any, roles: Mapping[str, Role], name: str) -> Finding:
    if not isinstance(row, dict):
        raise CatalogueError(f"{name}: each entry must be a mapping, got {row!r}")
    where = f"{name}, {row.get('id', 'entry without id')}"
    unknown = sorted(set(row) - _ALLOWED, key=str)
    if unknown:
        raise CatalogueError(
            f"{where}: unknown key {unknown[0]!r}; allowed are {', '.join(sorted(_ALLOWED))}"
        )
    fields = {field: _text(row, field, where) for field in _REQUIRED}
    texts = {field: _text(row, field, where, empty=True) for field in _TEXTS}
    _one_of(fields["kind"], KINDS, "kind", where)
    _one_of(texts["subset"], ("", *SUBSETS), "subset", where)
    numbers = row.get("values", {})
    if not isinstance(numbers, dict) or not all(isinstance(key, str) for key in numbers):
        raise CatalogueError(f"{where}: values must map names to numbers, got {numbers!r}")
    values = {key: _number(value, f"values.{key}", where) for key, value in numbers.items()}
    if fields["id"] not in roles:
        raise CatalogueError(f"roles.yaml: {fields['id']} has no role")
    role = roles[fields["id"]]
    if values and not texts["unit"]:
        raise CatalogueError(f"{where}: values need a unit")
    if role.name in ("fit", "held_out", "hypothesis") and not values and not texts["direction"]:
        raise CatalogueError(f"{where}: a judged finding needs values or a direction")
    low, high = (None if row.get(key) is None else _number(row[key], key, where) for key in ("low", "high"))
    if low is not None and high is not None and low > high:
        raise CatalogueError(f"{where}: low {low:g} is above high {high:g}")
    n = row.get("n")
    if n is not None and (isinstance(n, bool) or not isinstance(n, int) or n < 1):
        raise CatalogueError(f"{where}: n must be a positive whole number, got {n!r}")
    return Finding(**fields, **texts, role=role, values=MappingProxyType(values), low=low, high=high, n=n)


def _read_entries(name: str, folder: Path) -> list[Any]:
    rows = _read_yaml(name, folder)
    if not isinstance(rows, list):
        raise CatalogueError(f"{name}: must hold a list of entries")
    return rows


def _require_order(ids: list[str], expected: list[str], name: str) -> None:
    """Raise unless `ids` are `expected`, each once and in this order."""
    for position, identifier in enumerate(ids):
        if identifier in ids[:position]:
            raise CatalogueError(f"{name}: {identifier} is there twice")
    if missing := [identifier for identifier in expected if identifier not in ids]:
        raise CatalogueError(f"{name}: missing {', '.join(missing)}")
    if surplus := [identifier for identifier in ids if identifier not in expected]:
        raise CatalogueError(
            f"{name}: {', '.join(surplus)} is not expected; allowed are {expected[0]}..{expected[-1]}"
        )
    if ids != expected:
        raise CatalogueError(f"{name}: entries are not in the order {expected[0]}..{expected[-1]}")


FINDINGS: Final = "findings.yaml"
TARGETS: Final = "targets.yaml"
IDENTIFIER: Final = re.compile(r"S\d{2,}|[DMW]\d+")


def load_roles(folder: Path = FOLDER) -> dict[str, Role]:
    """Role and reason by id from ``roles.yaml``, which says what findings and targets there are."""
    rows = _read_yaml("roles.yaml", folder)
    if not isinstance(rows, dict):
        raise CatalogueError("roles.yaml: must map ids to [role, reason]")
    roles = {}
    for identifier, row in rows.items():
        where = f"roles.yaml, {identifier}"
        if not isinstance(identifier, str) or not IDENTIFIER.fullmatch(identifier):
            raise CatalogueError(f"{where}: an id is S, D, M or W and a number")
        if (
            not isinstance(row, list)
            or len(row) != 2
            or not all(isinstance(part, str) and part.strip() for part in row)
        ):
            raise CatalogueError(f"{where}: must be [role, reason], got {row!r}")
        roles[identifier] = Role(_one_of(row[0], ROLES, "role", where), row[1])
    return roles


def load_findings(name: str, folder: Path = FOLDER) -> tuple[Finding, ...]:
    """The entries of ``findings.yaml`` (S..) or ``targets.yaml`` (all others).

    Checked: fields, kinds, subsets, and that they are those of ``roles.yaml`` in its order.
    """
    roles = load_roles(folder)
    entries = tuple(_finding(row, roles, name) for row in _read_entries(name, folder))
    expected = [each for each in roles if each.startswith("S") == (name == FINDINGS)]
    _require_order([entry.id for entry in entries], expected, name)
    return entries


def load_inconsistencies(folder: Path = FOLDER) -> tuple[Inconsistency, ...]:
    """The entries of ``inconsistencies.yaml``; `affects` may name only known findings and targets."""
    name, fields = "inconsistencies.yaml", ("id", "what", "where", "rule")
    known = load_roles(folder)
    entries = []
    for row in _read_entries(name, folder):
        if not isinstance(row, dict):
            raise CatalogueError(f"{name}: each entry must be a mapping, got {row!r}")
        place = f"{name}, {row.get('id', 'entry without id')}"
        if unknown := sorted(set(row) - {*fields, "affects"}, key=str):
            raise CatalogueError(
                f"{place}: unknown key {unknown[0]!r}; allowed are {', '.join(fields)}, affects"
            )
        affects = row.get("affects", [])
        if not isinstance(affects, list):
            raise CatalogueError(f"{place}: affects must be a list of ids, got {affects!r}")
        for identifier in affects:
            if identifier not in known:
                raise CatalogueError(f"{place}: affects names {identifier!r}, which is no finding or target")
        entries.append(
            Inconsistency(**{key: _text(row, key, place) for key in fields}, affects=tuple(affects))
        )
    numbered = [f"I-{number:02d}" for number in range(1, len(entries) + 1)]
    _require_order([entry.id for entry in entries], numbered, name)
    return tuple(entries)


@cache
def findings() -> tuple[Finding, ...]:
    """The statements of the study's papers, S01 to S112."""
    return load_findings(FINDINGS)


@cache
def targets() -> tuple[Finding, ...]:
    """Further judged rows: figures calculated from the study's tables (D..), sizes of mechanisms (M..), and
    results that the same project published elsewhere (W..)."""
    return load_findings(TARGETS)


@cache
def inconsistencies() -> tuple[Inconsistency, ...]:
    """Where the papers disagree, I-01, I-02 and so on, with the rule taken for each."""
    return load_inconsistencies()


def finding(identifier: str) -> Finding:
    """The finding or target called `identifier` (S.., D.., M.., W..). Raises KeyError for another name."""
    for entry in findings() if identifier.startswith("S") else targets():
        if entry.id == identifier:
            return entry
    raise KeyError(f"no finding or target is called {identifier!r}")


def table_rows(name: str) -> list[dict[str, str]]:
    """A table of ``tables/`` as a list of rows, every cell a text. Raises KeyError for an unknown table."""
    if name not in TABLES:
        raise KeyError(f"no table is called {name!r}; there are {', '.join(TABLES)}")
    with (FOLDER / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table_frame(name: str) -> "pd.DataFrame":
    """A table of ``tables/`` as a fresh data frame with numbers as numbers and empty texts as empty texts.

    Raises KeyError for an unknown table. Places and meaning of the columns: ``tables/README.md``.
    """
    import pandas as pd

    if name not in TABLES:
        raise KeyError(f"no table is called {name!r}; there are {', '.join(TABLES)}")
    return pd.read_csv(
        FOLDER / "tables" / f"{name}.csv", keep_default_na=False, na_values={"n": [""], "value": [""]}
    )
