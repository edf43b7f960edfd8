"""What a reader takes away from the page: a notebook that gives the numbers again."""

from __future__ import annotations

import json
from pprint import pformat
from typing import Any

from woc_sim.explorer.settings import Screen, Settings, command, nested
from woc_sim.scenario.own_rules import OwnRule


def notebook(screen: Screen) -> str:
    """A Jupyter notebook (format 4.5) that simulates the sides of the screen and draws its indicators."""
    names = list(screen.shown)
    cells = [
        _cell("markdown", "# Settings from the explorer of woc-sim\n\nThe same numbers from a shell:\n\n"
              f"    {command(screen)}\n"),
        _cell("code", "import woc_sim"),
    ]  # fmt: skip
    for label, settings in zip("AB", screen.sides, strict=False):
        cells.append(
            _cell(
                "code",
                f"{label} = woc_sim.scenario({_literal(settings)})\n"
                f"tables_{label} = woc_sim.run({label}, replicates={screen.replicates}).monthly\n"
                f"tables_{label}",
            )
        )
    sides = "[tables_A]" if screen.b is None else "[tables_A, tables_B]"
    cells.append(
        _cell(
            "code",
            "import matplotlib.pyplot as plt\n\n"
            f"names = {names!r}\n"
            "figure, panels = plt.subplots(len(names), 1, figsize=(8, 3 * len(names)), squeeze=False)\n"
            "for name, axes in zip(names, panels[:, 0]):\n"
            f"    for tables, style in zip({sides}, ['-', '--']):\n"
            '        tables.groupby("month")[name].mean().plot(ax=axes, style=style, title=name)\n'
            "figure.tight_layout()",
        )
    )
    if screen.b is not None:
        cells.append(
            _cell(
                "code",
                "# the effect, month by month: replicate r of both sides shares its draws\n"
                'keys = ["replicate", "month"]\n'
                f"names = {names!r}\n"
                '(tables_B.set_index(keys)[names] - tables_A.set_index(keys)[names]).groupby("month").mean()',
            )
        )
    content = {
        "cells": [{**each, "id": f"cell-{number}"} for number, each in enumerate(cells)],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1)


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell if kind == "markdown" else cell | {"execution_count": None, "outputs": []}


def _literal(settings: Settings) -> str:
    """Settings as a Python expression: literals, whatever names they hold, and rules of one's own by file."""
    told = {key: _Named(value) if isinstance(value, OwnRule) else value for key, value in settings.items()}
    return pformat(nested(told), sort_dicts=False, width=100)


class _Named:
    """A rule of one's own that is shown as the Python expression that names it."""

    def __init__(self, rule: OwnRule) -> None:
        self._rule = rule

    def __repr__(self) -> str:
        return f"woc_sim.own_rule({self._rule.named!r})"
