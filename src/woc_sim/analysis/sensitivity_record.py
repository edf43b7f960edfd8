"""What the folder of a sensitivity analysis keeps for later analyses: problem, points and values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
import numpy as np

from woc_sim.analysis.salib_methods import METHODS, factor_names
from woc_sim.analysis.studies import PLACE, STUDY
from woc_sim.ensemble.sampling import rows_in_block
from woc_sim.ensemble.store import write_frame
from woc_sim.errors import UserError
from woc_sim.files import write_text
from woc_sim.records import json_record, parquet_table, shown

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

PROBLEM, POINTS, VALUES = "problem.json", "points.parquet", "values.parquet"
ADVICE: Final = "repeat the command that made the folder"


class StoredProblem(msgspec.Struct, omit_defaults=True):
    """A problem as SALib takes it."""

    num_vars: Annotated[int, msgspec.Meta(ge=1)]
    names: list[str]
    bounds: list[tuple[float, float]]
    groups: list[str] | None = None


class StoredAnalysis(msgspec.Struct):
    """The problem and how it was analysed."""

    method: str
    seed: Annotated[int, msgspec.Meta(ge=0)]
    on: str
    problem: StoredProblem

    def salib_problem(self) -> dict[str, Any]:
        """The problem as a mapping."""
        problem: dict[str, Any] = msgspec.to_builtins(self.problem)
        return problem

    def fits(self, points: pd.DataFrame, values: pd.DataFrame) -> bool:
        """Whether method, problem, points and the values at them belong together."""
        problem = self.problem
        if self.method not in METHODS or self.on not in (PLACE, STUDY):
            return False
        lengths = {problem.num_vars, len(problem.names), len(problem.bounds)}
        block = rows_in_block(METHODS[self.method].design, len(factor_names(self.salib_problem())))
        return (
            lengths | ({len(problem.groups)} if problem.groups else set()) == {len(set(problem.names))}
            and list(points.columns) == problem.names
            and len(points) == len(values) > 0
            and len(points) % block == 0
        )


def write_analysis(folder: Path, record: StoredAnalysis, points: Array, values: pd.DataFrame) -> None:
    """Write the three files. Raises UserError when the system refuses."""
    import pandas as pd

    write_frame(folder / POINTS, pd.DataFrame(points, columns=record.problem.names))
    write_frame(folder / VALUES, values)
    write_text(json.dumps(msgspec.to_builtins(record), indent=1) + "\n", folder / PROBLEM)


def read_analysis(folder: Path) -> tuple[StoredAnalysis, Array, pd.DataFrame]:
    """The problem, its points (rows, factors) and the values at them.

    Raises UserError if a file is missing or damaged, or if they do not belong together.
    """
    try:
        record = json_record(folder / PROBLEM, StoredAnalysis, ADVICE)
        points, values = (
            parquet_table(folder / name, None, ADVICE, partitioning=None).to_pandas()
            for name in (POINTS, VALUES)
        )
    except FileNotFoundError as error:
        missing = Path(str(error.filename or error)).name
        raise UserError(
            f"{shown(folder)} holds no sensitivity analysis ({missing} is missing); "
            f"`woc-sim sensitivity out={shown(folder)}` makes one"
        ) from None
    numbers = {str(kind) for kind in (*points.dtypes, *values.dtypes)}
    if numbers != {"float64"} or not record.fits(points, values):
        raise UserError(
            f"{PROBLEM}, {POINTS} and {VALUES} in {shown(folder)} do not belong together; {ADVICE}"
        )
    return record, np.ascontiguousarray(points.to_numpy()), values
