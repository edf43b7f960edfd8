"""The folder of ``run -m`` as the tables of a sweep: each numbered folder in it holds one point."""

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
    """The ledger of the points, and their monthly indicators if `monthly` (see
    `woc_sim.ensemble.sweep_tables`).

    Raises UserError for a point with damaged tables; a missing point counts as waiting.
    """
    import pandas as pd

    if not len(manifest.points) == len(manifest.replicates) or sum(manifest.replicates) != len(
        set(manifest.run_ids)
    ):
        raise UserError(f"{shown(out)}/manifest.json contradicts itself; {NEW_FOLDER_ADVICE}")
    run_ids = iter(manifest.run_ids)
    run_ids_by_point = [[next(run_ids) for _ in range(number)] for number in manifest.replicates]
    manifests = [
        _point_manifest(out / str(number), own_ids) for number, own_ids in enumerate(run_ids_by_point)
    ]
    names = axis_column_names(
        list(dict.fromkeys(axis for point in manifest.points for axis in point)), LEDGER
    )
    axes = {
        name: axis_column(
            [_axis_value(out / str(number), point, axis) for number, point in enumerate(manifest.points)]
        )
        for axis, name in names.items()
    }
    run_tables, monthly_tables = [], []
    for number, (own_ids, point) in enumerate(zip(run_ids_by_point, manifests, strict=True)):
        axis_values = {name: column[number] for name, column in axes.items()}
        if point is None:
            waiting = dict(zip(LEDGER, (number, WAITING, "", "", "", "", math.nan, "", None), strict=True))
            rows = [
                {"run_id": run_id, **axis_values, "replicate": replicate, **waiting}
                for replicate, run_id in enumerate(own_ids)
            ]
            run_tables.append(pd.DataFrame(rows))
            continue
        folder = out / str(number)
        table = read_run_table(folder, FINAL, len(own_ids))
        ledger_row = (number, DONE, "", "", "", "", math.nan, point.model_hash, table.pop("case"))
        ledger_values: dict[str, Any] = dict(zip(LEDGER, ledger_row, strict=True))
        replicate = table.pop("replicate")
        key_columns = pd.DataFrame({"run_id": [own_ids[each] for each in replicate]})
        key_columns = key_columns.assign(**axis_values, replicate=replicate, **ledger_values)
        run_tables.append(pd.concat([key_columns, table], axis=1))
        if monthly:
            months = read_run_table(folder, MONTHLY, len(own_ids))
            key_columns = pd.DataFrame({"run_id": [own_ids[each] for each in months["replicate"]]})
            monthly_tables.append(pd.concat([key_columns.assign(**axis_values), months], axis=1))
    columns = ["run_id", *axes, "replicate", *LEDGER, *READING_NAMES]
    ledger: Any = pd.concat(run_tables, ignore_index=True).reindex(columns=columns)
    return ledger, pd.concat(monthly_tables, ignore_index=True) if monthly_tables else pd.DataFrame()


def _point_manifest(folder: Path, run_ids: list[str]) -> RunManifest | None:
    """The manifest of a point that holds these runs; None if it is not finished."""
    if folder.is_symlink():
        raise UserError(f"{shown(folder)} is a link to another folder; copy the folder to read it")
    manifest = read_manifest(folder)
    if manifest is None or manifest.status != FINISHED:
        return None
    if not isinstance(manifest, RunManifest) or manifest.run_ids != run_ids:
        raise UserError(
            f"{shown(folder)} holds another run than the manifest of the sweep says; {NEW_FOLDER_ADVICE}"
        )
    if damaged := damaged_files(folder, manifest):
        raise UserError(
            f"{shown(folder / damaged[0])} is missing or changed; the command of the folder makes it again"
        )
    return manifest


def _axis_value(folder: Path, point: Mapping[str, Any], axis: str) -> Any:
    """The value of an axis at a point: from its own settings, or else as typed."""
    try:
        value = yaml_settings(folder / "config.yaml", NEW_FOLDER_ADVICE)
    except FileNotFoundError:
        return point.get(axis)
    for name in axis.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict):
        return point.get(axis)
    return as_typed(value) if isinstance(value, list) else value
