"""The tables of an experiment's page: its committed results, and the verdicts on its findings."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from docs.site.findings import entries, word
from docs.site.markdown import number, table
from woc_sim.cli.listing import experiments
from woc_sim.ensemble.intervals import mean_and_half
from woc_sim.instruments.readings import READINGS

FOLDER = Path(__file__).parents[2] / "experiments"


@cache
def settings(name: str) -> Mapping[str, str]:
    """The row of an experiment in `woc-sim list experiments`. Raises KeyError for an unknown one."""
    return {row["name"]: row for row in experiments()}[name]


def runs(name: str) -> Sequence[Mapping[str, str]]:
    """The runs of the full version, as they are expected."""
    with (FOLDER / name / "expected_full.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def axes_of(run: Mapping[str, str]) -> list[str]:
    """The columns of the factors: between the id of a run and its replicate."""
    columns = list(run)
    return columns[1 : columns.index("replicate")]


def results(name: str) -> str:
    """Mean and half of the 95 % interval of each reading at each point of the design."""
    found, readings = runs(name), settings(name)["readings"].split()
    axes = axes_of(found[0])
    points: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for run in found:
        points.setdefault(tuple(run[axis] for axis in axes), []).append(run)
    ordered = [[each.partition("=")[2].split(",") for each in settings(name)["design"].split()]][0]
    places = [{value: place for place, value in enumerate(values)} for values in ordered]
    rows = []
    for point in sorted(
        points, key=lambda one: [order.get(value, 0) for value, order in zip(one, places, strict=True)]
    ):
        cells = []
        for reading in readings:
            mean, half = mean_and_half([float(run[reading] or "nan") for run in points[point]])
            cells.append(f"{number(mean)} ± {half:.1g}" if half == half else number(mean))
        rows.append([*(value.replace("_", " ") for value in point), *cells])
    heads = [axis.removeprefix("axis_").replace("_", " ") for axis in axes] + [
        f"`{each}`" for each in readings
    ]
    sizes = {len(each) for each in points.values()}
    made = json.loads((FOLDER / name / "expected.json").read_text("utf-8"))["full"]
    told = "Mean ± half of the 95 % interval over {} replicates; {} runs, model `{}`.".format(
        " or ".join(map(str, sorted(sizes))), made["runs"], made["model_hash"]
    )
    return f"{table(heads, rows)}\n\n{told}"


def readings_of(name: str) -> str:
    """What the readings of an experiment mean."""
    asked = settings(name)["readings"].split()
    rows = [(f"`{one.name}`", one.meaning, one.unit) for one in READINGS if one.name in asked]
    return table(("reading", "meaning", "unit"), sorted(rows, key=lambda row: asked.index(row[0].strip("`"))))


def judged(name: str) -> str:
    """The findings that an experiment illustrates, with the verdicts of the scoreboard."""
    asked = settings(name)["findings"].split()
    found = {each.id: each for each in entries()}
    rows = [
        (each, found[each].statement, found[each].role.name.replace("_", " "), word(each)) for each in asked
    ]
    return table(("finding", "what the papers say", "role", "verdict of `woc-sim validate`"), rows)
