"""Which columns of the state stand behind an indicator, read off the kernels that make it.

Where two runs part, the indicators tell in what; the columns behind them, and with these the processes that
write them, tell where to look.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from woc_sim.instruments import indicator_kernels
from woc_sim.instruments.readings import INDICATOR_NAMES

READERS: Final[dict[str, Any]] = {
    "read_place": indicator_kernels.Place,
    "read_residents": indicator_kernels.Residents,
    "read_migrants": indicator_kernels.Migrants,
    "read_governance": indicator_kernels.Governance,
    "read_policy": indicator_kernels.Policy,
}
COLUMNS: Final = {
    name.replace(".", "_"): name
    for name in (
        *indicator_kernels.PLACE_COLUMNS,
        *indicator_kernels.RESIDENT_COLUMNS,
        *indicator_kernels.MIGRANT_COLUMNS,
        *indicator_kernels.ORGANISATION_COLUMNS,
        *indicator_kernels.MEASURE_COLUMNS,
    )
}
"""Name in a kernel's record -> column."""
HEADS: Final = {"residents": "residents_now", "arrivals": "", "moved_on": "", "births": "", "deaths": ""}
"""Indicators that are a number of the locality, and its name where that is another."""


class Behind(NamedTuple):
    """The columns behind an indicator: those whose values it is made of, and those that say what counts."""

    values: frozenset[str]
    conditions: frozenset[str]


def columns_behind(indicator: str) -> Behind:
    """The columns behind an indicator. Raises KeyError for an unknown one."""
    return _behind()[indicator]


@cache
def _behind() -> Mapping[str, Behind]:
    found: dict[str, Behind] = {}
    tree = ast.parse(Path(inspect.getfile(indicator_kernels)).read_text("utf-8"))
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name in READERS:
            parts = _Flow(function).returned()
            found |= dict(zip(READERS[function.name]._fields, parts, strict=True))
    nothing: frozenset[str] = frozenset()
    found |= {name: Behind(frozenset({f"locality.{own or name}"}), nothing) for name, own in HEADS.items()}
    found["migrants"] = Behind(nothing, found["present"].conditions)
    sectors = frozenset(name for name in COLUMNS.values() if name.startswith("sectors."))
    found |= {name: Behind(sectors, nothing) for name in INDICATOR_NAMES if name.startswith("coverage_")}
    return found


class _Flow:
    """What the variables of a kernel are made of: columns by value, and columns that were conditions."""

    def __init__(self, function: ast.FunctionDef) -> None:
        self.values: dict[str, set[str]] = {}
        self.conditions: dict[str, set[str]] = {}
        self.result: ast.Call | None = None
        for _ in range(3):  # what a loop carries over is there in the next round
            self._body(function.body, frozenset())

    def returned(self) -> Iterator[Behind]:
        """For each part of what the kernel returns, the columns behind it."""
        assert self.result is not None
        for part in self.result.args:
            values = self._of(part, self.values)
            yield Behind(frozenset(values), frozenset(self._of(part, self.conditions) - values))

    def _of(self, node: ast.AST, known: Mapping[str, set[str]]) -> set[str]:
        nodes = (each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute))
        read = {COLUMNS[name] for name in nodes if name in COLUMNS}
        return read.union(*(known.get(name, set()) for name in _names(node)))

    def _body(self, body: Sequence[ast.stmt], under: frozenset[str]) -> None:
        for statement in body:
            if isinstance(statement, ast.Assign | ast.AugAssign):
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                for target in targets:
                    for name in _names(target):
                        self.values.setdefault(name, set()).update(self._of(statement.value, self.values))
                        self.conditions.setdefault(name, set()).update(
                            under, self._of(statement.value, self.conditions)
                        )
            elif isinstance(statement, ast.If):
                test = statement.test
                tested = under | self._of(test, self.values) | self._of(test, self.conditions)
                self._body(statement.body, tested)
                self._body(statement.orelse, tested)
                if isinstance(statement.body[-1], ast.Continue):
                    under = tested
            elif isinstance(statement, ast.For):
                self._body(statement.body, under)
            elif isinstance(statement, ast.Return) and isinstance(statement.value, ast.Call):
                self.result = statement.value


def _names(node: ast.AST) -> set[str]:
    """Variables in an expression; of ``x[i]`` only x."""
    if isinstance(node, ast.Subscript):
        return _names(node.value)
    if isinstance(node, ast.Name):
        return {node.id}
    return set().union(*(_names(each) for each in ast.iter_child_nodes(node)))
