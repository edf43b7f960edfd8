"""The folder of ``run -m`` read as the tables of a sweep: each numbered folder in it holds one point."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woc_sim.ensemble.axes import axis_column, axis_column_names
from woc_sim.ensemble.ledger import DONE, LEDGER, WAITING
from woc_sim.ensemble.manifests import (
    FINISHED,
    NEW_FOLDER_ADVICE,
    MultirunManifest,
    RunManifest,
    damaged_files,
    read_manifest,
)
from woc_sim.ensemble.points_file import as_typed
from woc_sim.ensemble.run_files import FINAL, MONTHLY, read_run_table
from woc_sim.errors import UserError
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.records import shown, yaml_settings

if TYPE_CHECKING:
    import pandas as pd


def multirun_tables(
    out: Path, manifest: MultirunManifest, monthly: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger of the points, and their months if asked for (`woc_sim.ensemble.sweep_tables`).

    Raises UserError for a point whose tables are damaged; one that is not there is waiting.
    """
    import pandas as pd

    if not len(manifest.points) == len(manifest.replicates) or sum(manifest.replicates) != len(
        set(manifest.run_ids)
    ):
        raise UserError(f"{shown(out)}/manifest.json contradicts itself; {NEW_FOLDER_ADVICE}")
    run_ids = iter(manifest.run_ids)
    owned = [[next(run_ids) for _ in range(number)] for number in manifest.replicates]
    made = [_point_manifest(out / str(place), own) for place, own in enumerate(owned)]
    names = axis_column_names(
        list(dict.fromkeys(axis for point in manifest.points for axis in point)), LEDGER
    )
    axes = {
        name: axis_column(
            [_axis_value(out / str(place), point, axis) for place, point in enumerate(manifest.points)]
        )
        for axis, name in names.items()
    }
    runs, courses = [], []
    for place, (own, point) in enumerate(zip(owned, made, strict=True)):
        values = {name: told[place] for name, told in axes.items()}
        if point is None:
            meta = dict(zip(LEDGER, (place, WAITING, "", "", "", "", math.nan, "", None), strict=True))
            rows = [{"run_id": key, **values, "replicate": row, **meta} for row, key in enumerate(own)]
            runs.append(pd.DataFrame(rows))
            continue
        folder = out / str(place)
        table = read_run_table(folder, FINAL, len(own))
        done = (place, DONE, "", "", "", "", math.nan, point.model_hash, table.pop("case"))
        said: dict[str, Any] = dict(zip(LEDGER, done, strict=True))
        replicate = table.pop("replicate")
        opening = pd.DataFrame({"run_id": [own[number] for number in replicate]})
        opening = opening.assign(**values, replicate=replicate, **said)
        runs.append(pd.concat([opening, table], axis=1))
        if monthly:
            course = read_run_table(folder, MONTHLY, len(own))
            opening = pd.DataFrame({"run_id": [own[number] for number in course["replicate"]]})
            courses.append(pd.concat([opening.assign(**values), course], axis=1))
    columns = ["run_id", *axes, "replicate", *LEDGER, *READING_NAMES]
    ledger: Any = pd.concat(runs, ignore_index=True).reindex(columns=columns)
    return ledger, pd.concat(courses, ignore_index=True) if courses else pd.DataFrame()


def _point_manifest(folder: Path, run_ids: list[str]) -> RunManifest | None:
    """The manifest of a point that holds these runs; None if it is not there yet."""
    if folder.is_symlink():
        raise UserError(f"{shown(folder)} is a link to another folder; copy the folder to read it")
    manifest = read_manifest(folder)
    if manifest is None or manifest.status != FINISHED:
        return None
    if not isinstance(manifest, RunManifest) or manifest.run_ids != run_ids:
        raise UserError(
            f"{shown(folder)} holds another run than the manifest above it says; {NEW_FOLDER_ADVICE}"
        )
    if lost := damaged_files(folder, manifest):
        raise UserError(
            f"{shown(folder / lost[0])} is gone or not what was written; the command of the folder makes it "
            "again"
        )
    return manifest


def _axis_value(folder: Path, point: Mapping[str, Any], axis: str) -> Any:
    """The value of an axis at a point: what its own settings say, or as it was typed."""
    try:
        told = yaml_settings(folder / "config.yaml", NEW_FOLDER_ADVICE)
    except FileNotFoundError:
        return point.get(axis)
    for name in axis.split("."):
        told = told.get(name) if isinstance(told, dict) else None
    if told is None or isinstance(told, dict):
        return point.get(axis)
    return as_typed(told) if isinstance(told, list) else told
