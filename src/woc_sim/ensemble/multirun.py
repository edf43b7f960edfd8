"""The folder of ``run -m`` read as the tables of a sweep: each numbered folder in it holds one point."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woc_sim.ensemble.axes import column, short_names
from woc_sim.ensemble.columns import DONE, LEDGER, WAITING
from woc_sim.ensemble.described import data_frame
from woc_sim.ensemble.manifests import MultirunManifest, damaged_files, read_manifest
from woc_sim.errors import UserError
from woc_sim.instruments.readings import READING_NAMES
from woc_sim.records import parquet_table, shown

if TYPE_CHECKING:
    import pandas as pd

FINAL, MONTHLY = "final.parquet", "monthly.parquet"


def multirun_tables(
    out: Path, manifest: MultirunManifest, monthly: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledger of the points, and their months if asked for (`woc_sim.ensemble.sweeps`).

    Raises UserError for a point whose tables are damaged; one that is not there is waiting.
    """
    import pandas as pd

    names = short_names(list(dict.fromkeys(axis for point in manifest.points for axis in point)), LEDGER)
    axes = {name: column([point.get(axis) for point in manifest.points]) for axis, name in names.items()}
    runs, courses = [], []
    run_ids = iter(manifest.run_ids)
    for place, replicates in enumerate(manifest.replicates):
        own = [next(run_ids) for _ in range(replicates)]
        values = {name: own_values[place] for name, own_values in axes.items()}
        folder = out / str(place)
        if not _is_there(folder):
            meta = dict(zip(LEDGER, (place, WAITING, "", "", "", "", math.nan, "", None), strict=True))
            rows = [{"run_id": key, **values, "replicate": row, **meta} for row, key in enumerate(own)]
            runs.append(pd.DataFrame(rows))
            continue
        table = data_frame(parquet_table(folder / FINAL))
        done = (place, DONE, "", "", "", "", math.nan, manifest.model_hash, table.pop("case"))
        said: dict[str, Any] = dict(zip(LEDGER, done, strict=True))
        replicate = table.pop("replicate")
        opening = pd.DataFrame({"run_id": [own[number] for number in replicate]})
        opening = opening.assign(**values, replicate=replicate, **said)
        runs.append(pd.concat([opening, table], axis=1))
        if monthly:
            course = data_frame(parquet_table(folder / MONTHLY))
            opening = pd.DataFrame({"run_id": [own[number] for number in course["replicate"]]})
            courses.append(pd.concat([opening.assign(**values), course], axis=1))
    columns = ["run_id", *axes, "replicate", *LEDGER, *READING_NAMES]
    ledger: Any = pd.concat(runs, ignore_index=True).reindex(columns=columns)
    return ledger, pd.concat(courses, ignore_index=True) if courses else pd.DataFrame()


def _is_there(folder: Path) -> bool:
    manifest = read_manifest(folder)
    if manifest is None:
        return False
    lost = damaged_files(folder, manifest)
    if lost:
        raise UserError(
            f"{shown(folder / lost[0])} is gone or not what was written; the command of the folder makes it "
            "again"
        )
    return True
