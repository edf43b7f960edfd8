"""Which columns of the state stand behind an indicator, read off the kernels that make it.

Where two runs differ, the indicators show in what. The columns behind them, and the processes that write
these columns, show where the difference comes from.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from woc_sim.instruments import indicator_kernels
from woc_sim.instruments.readings import INDICATORS
from woc_sim.world.locality import field_name

COLUMNS: Final = {field_name(name): name for name in indicator_kernels.READS}
"""Name in a kernel's record -> column."""
SCALE: Final = "locality.scale"
"""Turns simulated persons into inhabitants; it says nothing on where two runs part."""


class Behind(NamedTuple):
    """The columns behind an indicator: those whose values it is made of, and those that say what counts."""

    values: frozenset[str]
    conditions: frozenset[str]


def columns_behind(indicator: str) -> Behind:
    """The columns behind an indicator. Raises KeyError for an unknown one."""
    return _behind()[indicator]


@cache
def _behind() -> Mapping[str, Behind]:
    fields: dict[str, Behind] = {}
    tree = ast.parse(Path(inspect.getfile(indicator_kernels)).read_text("utf-8"))
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            fields |= _Flow(function).fields()
    return {each.name: fields[each.field or each.name] for each in INDICATORS}


class _Flow:
    """What the variables of a kernel, and the fields that it writes, are made of: columns by value, and
    columns that were conditions. A field `row.name` is a variable of the name 'row.name'."""

    def __init__(self, function: ast.FunctionDef) -> None:
        self.values: dict[str, set[str]] = {}
        self.conditions: dict[str, set[str]] = {}
        for _ in range(3):  # what a loop carries over is there in the next round
            self._body(function.body, frozenset())

    def fields(self) -> dict[str, Behind]:
        """For each field that the kernel writes, the columns behind it."""
        written = {name: values - {SCALE} for name, values in self.values.items() if name.startswith("row.")}
        return {
            name.removeprefix("row."): Behind(
                frozenset(values), frozenset(self.conditions[name] - values - {SCALE})
            )
            for name, values in written.items()
        }

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


def _names(node: ast.AST) -> set[str]:
    """Variables in an expression, fields of the row among them; of ``x[i]`` only x."""
    if isinstance(node, ast.Subscript):
        return _names(node.value)
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "row":
        return {f"row.{node.attr}"}
    return set().union(*(_names(each) for each in ast.iter_child_nodes(node)))
