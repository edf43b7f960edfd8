"""The scoreboard in the folder of a validation: one row for each finding, and the results study by study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.analysis.scoreboard import CheckResults, ScoreboardRow
from woc_sim.errors import UserError
from woc_sim.records import file_bytes, parquet_columns, shown

if TYPE_CHECKING:
    import pandas as pd

SCOREBOARD: Final = "scoreboard.csv"
BY_STUDY: Final = "by_study.parquet"
ADVICE: Final = "`woc-sim validate out=DIR` with another folder makes a new one"
MAX_BYTES: Final = 50_000_000
"""Largest scoreboard that is read."""


class ByStudy:
    """The results of all checks study by study, as `woc_sim.analysis.scoreboard.judge_findings` hands them to
    `keep`."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, str, CheckResults]] = []

    def keep(self, finding: str, variant: str, results: CheckResults) -> None:
        """Take the results of one check over the studies of one variant."""
        self._kept.append((finding, variant, results))

    def frame(self) -> pd.DataFrame:
        """One row for each finding, variant and study: id, variant, study, value (the headline number, nan if
        it could not be read) and passed (whether the finding holds)."""
        import pandas as pd

        rows = [
            (finding, variant, study, float(value), bool(passed))
            for finding, variant, results in self._kept
            for study, (value, passed) in enumerate(zip(results.values, results.passed, strict=True))
        ]
        return pd.DataFrame(rows, columns=["id", "variant", "study", "value", "passed"])


@dataclass(frozen=True, eq=False)
class StoredScoreboard:
    """What a validation left: ``board`` has a row for each finding with the columns of `ScoreboardRow`;
    ``by_study`` is what `ByStudy.frame` gives, without rows if the validation is older than that table.
    """

    board: pd.DataFrame
    by_study: pd.DataFrame


def read_scoreboard(folder: Path) -> StoredScoreboard | None:
    """The scoreboard in the folder of a validation; None if there is none.

    Raises UserError if a file is damaged or of another kind.
    """
    try:
        content = file_bytes(folder / SCOREBOARD, ADVICE, MAX_BYTES)
    except FileNotFoundError:
        return None
    texts = [each.name for each in fields(ScoreboardRow) if each.type == "str"]
    board = _csv(content, folder / SCOREBOARD, texts)
    missing = [each.name for each in fields(ScoreboardRow) if each.name not in board]
    if missing:
        raise UserError(f"{shown(folder / SCOREBOARD)} is no scoreboard: it lacks {missing[0]}; {ADVICE}")
    return StoredScoreboard(board, _by_study(folder / BY_STUDY))


def _csv(content: bytes, path: Path, texts: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    try:
        cells = pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False)
        for name in cells.columns.difference(list(texts)):
            cells[name] = [float(cell or "nan") for cell in cells[name]]
        return cells
    except ValueError as error:  # pandas' own errors and those of the encoding among them
        raise UserError(f"{shown(path)} is damaged ({shown(error)}); {ADVICE}") from None


def _by_study(path: Path) -> pd.DataFrame:
    import pyarrow as pa

    names: dict[str, Any] = {"id": pa.string(), "variant": pa.string(), "study": pa.int64()}
    form = pa.schema(names | {"value": pa.float64(), "passed": pa.bool_()})
    try:
        table = parquet_columns(path, form, ADVICE)
    except FileNotFoundError:
        table = form.empty_table()
    frame: pd.DataFrame = table.to_pandas()
    return frame
