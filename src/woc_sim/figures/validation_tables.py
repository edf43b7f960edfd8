"""The tables of a validation, which its pictures draw, and the published numbers beside them.

A missing file is an empty table. A picture that needs it says so and does not fail.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from woc_sim.analysis.own_locality import TABLE as OWN_TABLE
from woc_sim.analysis.scoreboard import findings_and_targets
from woc_sim.analysis.variants import SELECTION_ONLY
from woc_sim.ensemble.escaping import unescaped

Array = np.ndarray[Any, np.dtype[Any]]

MODEL: Final = "model"
"""Name of the variant with every process; the other variants are what it is compared with."""


@dataclass(frozen=True, slots=True)
class ValidationTables:
    """The tables of one validation folder; an absent file is an empty frame or mapping.

    ``own`` has the studies of the user's own locality. ``localities`` are the localities of the study with a
    policy score (Tables 4, 6 and A1 joined); the columns have the names of the readings. ``access`` holds the
    cells of the study's Figure 9 with their counts, ``published`` all of published.json.
    """

    folder: Path
    cases: pd.DataFrame
    factorial: pd.DataFrame
    timelines: pd.DataFrame
    scoreboard: pd.DataFrame
    baselines: pd.DataFrame
    folds: pd.DataFrame
    variance: pd.DataFrame
    counterfactuals: pd.DataFrame
    knockouts: pd.DataFrame
    knockouts_indicators: pd.DataFrame
    sensitivity: pd.DataFrame
    own: pd.DataFrame
    localities: pd.DataFrame
    access: pd.DataFrame
    published: Mapping[str, Any]
    manifest: Mapping[str, Any]


def read_validation(folder: Path) -> ValidationTables:
    """Read the tables that ``woc-sim validate`` or ``woc-sim sensitivity`` wrote into `folder`.

    Raises FileNotFoundError when `folder` does not exist; files that are missing inside it come back empty.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"no folder {folder}")
    published = _json(folder / "published.json")
    return ValidationTables(
        folder=folder,
        cases=_table(folder / "cases.parquet"),
        factorial=_table(folder / "factorial.parquet"),
        timelines=_table(folder / "timelines.parquet"),
        scoreboard=_table(folder / "scoreboard.csv"),
        baselines=_table(folder / "baselines.csv"),
        folds=_table(folder / "folds.csv"),
        variance=_table(folder / "variance.csv"),
        counterfactuals=_table(folder / "counterfactuals.csv"),
        knockouts=_table(folder / "knockouts.csv"),
        knockouts_indicators=_table(folder / "knockouts_indicators.csv"),
        sensitivity=_table(folder / "sensitivity.csv"),
        own=_own_locality(folder / OWN_TABLE),
        localities=pd.DataFrame(published.get("localities", [])),
        access=pd.DataFrame(published.get("access", [])),
        published=published,
        manifest=_json(folder / "manifest.json"),
    )


def rows_of_variant(frame: pd.DataFrame, variant: str = MODEL) -> pd.DataFrame:
    """The rows of one variant; all rows if the table has no column of variants."""
    return frame if "variant" not in frame else frame[frame["variant"] == variant]


def other_variants(frame: pd.DataFrame) -> list[str]:
    """The variants of the table that are drawn beside the model, in their order in the table.

    `SELECTION_ONLY` is left out: it changes what contact does, and in all else it stands where the model
    stands.
    """
    if "variant" not in frame:
        return []
    return [str(name) for name in frame["variant"].unique() if name not in (MODEL, SELECTION_ONLY)]


def western_cases(tables: ValidationTables) -> pd.DataFrame:
    """The simulated rows of the localities with a score in Table 4; all rows if these are not known."""
    real = tables.localities
    if "case" not in real or "case" not in tables.cases:
        return tables.cases
    return tables.cases[tables.cases["case"].isin(set(real["case"]))]


def published_value(finding: str, value: str) -> float:
    """A published number of a finding, as in ``published_value("S79", "against")``."""
    return float(findings_and_targets()[finding].values[value])


def has_values(frame: pd.DataFrame, *columns: str) -> bool:
    """Whether the table has all `columns`, and at least one finite number in each numeric one of them."""
    if frame.empty or any(name not in frame for name in columns):
        return False
    numeric = [name for name in columns if pd.api.types.is_numeric_dtype(frame[name])]
    return all(bool(np.isfinite(frame[name].to_numpy(dtype=float)).any()) for name in numeric)


def study_rows(frame: pd.DataFrame) -> Array:
    """Positions of rows, shape (studies, localities): study r has row r of each locality, as on the
    scoreboard."""
    rows_of = list(frame.reset_index(drop=True).groupby("case").indices.values())
    studies = min(map(len, rows_of), default=0)
    return np.array([[rows[number] for rows in rows_of] for number in range(studies)], dtype=np.int64)


def group_means_by_study(frame: pd.DataFrame, groups: str, column: str) -> dict[Any, Array]:
    """Mean of `column` over the localities of each group, one number for each study; nan where a study has
    none."""
    if not has_values(frame, groups, column, "case"):
        return {}
    rows = study_rows(frame)
    values, labels = frame[column].to_numpy(dtype=float)[rows], frame[groups].to_numpy()[rows]
    return {name: _mean(np.where(labels == name, values, np.nan)) for name in frame[groups].unique()}


def means_by_study(frame: pd.DataFrame, column: str) -> Array:
    """Mean of `column` over all localities, one number for each study; empty if the column is missing."""
    if not has_values(frame, column, "case"):
        return np.array([])
    return _mean(frame[column].to_numpy(dtype=float)[study_rows(frame)])


def _mean(values: Array) -> Array:
    """Mean over the localities without missing values; nan where all are missing."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    return np.where(count > 0, np.where(known, values, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def sampling_error(values: Array) -> float:
    """Half the 90 % sampling interval of the mean of `values` (normal); nan for fewer than three."""
    finite = values[np.isfinite(values)]
    if finite.size < 3:
        return float("nan")
    return float(1.645 * finite.std(ddof=1) / np.sqrt(finite.size))


def _table(path: Path) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame()
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


def _own_locality(path: Path) -> pd.DataFrame:
    """The table of the user's own locality, with its name as it was written, be it "NA", "007" or "=1"."""
    table = _table(path)
    if "case" in table:
        table["case"] = pd.read_csv(path, usecols=["case"], dtype=str, keep_default_na=False)["case"]
    return unescaped(table)


def _json(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    read = json.loads(path.read_text(encoding="utf-8"))
    return read if isinstance(read, dict) else {}
