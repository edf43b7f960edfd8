"""`woc-sim query`: a question in SQL to a sweep, which can read the sweep and nothing else.

The question may come from somebody else's notes. It is answered by a database in memory that holds the two
tables and is locked: it sees no file, no network, no variable of this program, and no setting can be changed.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.errors import UserError
from woc_sim.files import atomic_write
from woc_sim.records import shown

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

HELP: Final = """\
usage: woc-sim query DIR "SQL" [--csv] [to=FILE.csv|FILE.parquet]

One question in SQL (DuckDB) to the sweep in DIR, such as
    "select executive, avg(mipex_total) from runs group by all"      "describe runs"      "summarize runs"
`runs` has a row a locality of a run (axes, replicate, status and readings), `monthly` the indicators by month
where they were kept. The question can read these two tables and nothing else, no file and no network, and
changes nothing. It may take two minutes, 1 GB of memory and 2 million rows. The first 100 rows are printed;
--csv prints all, to=FILE writes all into a new file. Text that a spreadsheet would take for a formula gets an
apostrophe in CSV.
"""
PRINTED_ROWS: Final = 100
"""Rows that are printed without --csv."""
MAX_ROWS: Final = 2_000_000
MAX_SECONDS: Final = 120.0
DATABASE_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "temp_directory": "",
    "memory_limit": "1GB",
    "threads": "2",
}
"""Settings of the database before it is locked. Nothing is spilled to disk: what does not fit is refused."""
ALLOWED_STATEMENTS: Final = ("SELECT", "MULTI")
"""Kinds of statement that only ask; describe, summarize and show are SELECT, pivot is MULTI."""
MAX_DATABASE_TEXT: Final = 220
"""Characters of the database's own words in a sentence."""

Load = Callable[[Path], "tuple[pd.DataFrame, pd.DataFrame | None]"]
"""What reads the two tables of a folder, the second empty or None where months were not kept."""


def main(arguments: Sequence[str], load: Load) -> int:
    """Answer, print or write; returns the exit code. Raises UserError."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    targets = [each[3:] for each in arguments if each.startswith("to=")]
    rest = [each for each in arguments if each != "--csv" and not each.startswith("to=")]
    for each in rest:
        if each.startswith("--") and " " not in each:
            raise UserError(f"{_database_text(each)} is no flag of query; there is --csv")
    if len(rest) != 2 or len(targets) > 1:
        raise UserError(f"query takes a folder and one question in quotes; {HELP.splitlines()[0]}")
    target = _target(targets[0]) if targets else None
    found = run_query(*load(Path(rest[0])), rest[1])
    if target is not None:
        _write(found, target)
        print(f"{target}: {len(found)} rows")
    elif "--csv" in arguments:
        from woc_sim.ensemble.escaping import csv_text

        sys.stdout.write(csv_text(found))
    else:
        _print(found)
    return 0


def run_query(runs: pd.DataFrame, monthly: pd.DataFrame | None, sql: str) -> pd.DataFrame:
    """The rows that a question in SQL to the tables `runs` and `monthly` gives.

    Raises UserError for what is no question, cannot be answered, or takes too long or too much.
    """
    import duckdb
    import pyarrow as pa

    with duckdb.connect(":memory:", config=DATABASE_SETTINGS) as base:
        base.register("runs", _to_arrow(runs))
        months = None if monthly is None or not len(monthly.columns) else monthly
        if months is not None:
            base.register("monthly", _to_arrow(months))
        base.execute("set lock_configuration=true")
        try:
            return _to_frame(_run_statement(base, sql))
        except pa.ArrowException as error:
            raise UserError(
                f"the answer has a type that no table holds ({_database_text(str(error))}); cast it to text"
            ) from None
        except duckdb.InterruptException:
            raise UserError(f"the query takes longer than {MAX_SECONDS:g} s; ask for less at once") from None
        except duckdb.OutOfMemoryException:
            raise UserError("the query needs more than 1 GB of memory; ask for less at once") from None
        except duckdb.PermissionException:
            raise UserError(
                "the query cannot be answered: it may read the tables runs and monthly, and no file, network "
                "or setting; to=FILE writes the result"
            ) from None
        except duckdb.CatalogException as error:
            if "name monthly" in str(error) and months is None:
                raise UserError(
                    "the sweep keeps no months; give its command again with monthly=true"
                ) from None
            raise UserError(f"the query cannot be answered: {_database_text(str(error))}") from None
        except duckdb.Error as error:
            raise UserError(f"the query cannot be answered: {_database_text(str(error))}") from None


def _run_statement(base: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    statements = base.extract_statements(sql)
    if len(statements) != 1:
        raise UserError(f"query takes one question in SQL at a time; these are {len(statements)}")
    kind = statements[0].type.name
    if kind not in ALLOWED_STATEMENTS:
        raise UserError(
            f"query answers questions (select, with, from, describe, summarize, show, pivot) and changes "
            f"nothing; this is {_database_text(kind)}; --csv prints and to=FILE writes the result"
        )
    stop = threading.Timer(MAX_SECONDS, base.interrupt)
    stop.daemon = True
    stop.start()
    try:
        asked = base.sql(sql)
        found: pa.Table = asked.limit(MAX_ROWS + 1).to_arrow_table()
    except RuntimeError as error:
        if "interrupted" in str(error):  # so DuckDB says that it saw Ctrl-C
            raise KeyboardInterrupt from None
        raise
    finally:
        stop.cancel()
    if found.num_rows > MAX_ROWS:
        raise UserError(f"the query gives more than {MAX_ROWS} rows; add limit, or group")
    return found


def _database_text(text: str) -> str:
    """The database's words as part of a sentence: without the place in the question, cut, on one line."""
    from woc_sim.ensemble.escaping import label

    return label(text.partition("\nLINE ")[0].rstrip(), MAX_DATABASE_TEXT)


def _to_arrow(table: pd.DataFrame) -> pa.Table:
    """A frame for the database; a column of several types becomes text, missing numbers become null."""
    import pyarrow as pa

    columns = []
    for place in range(table.shape[1]):
        column = table.iloc[:, place]
        try:
            columns.append(pa.array(column, from_pandas=True))
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            known = column.notna()
            columns.append(pa.array(column.astype(str).where(known, None), type=pa.string()))
    return pa.Table.from_arrays(columns, names=[str(name) for name in table.columns])


def _to_frame(found: pa.Table) -> pd.DataFrame:
    """A result as a frame; sums of whole numbers, decimals to the database, are numbers here."""
    import pyarrow as pa

    for place, field in enumerate(found.schema):
        if pa.types.is_decimal(field.type):
            column = found.column(place)
            try:
                numbers = column.cast(pa.int64())
            except pa.ArrowInvalid:
                numbers = column.cast(pa.float64())
            found = found.set_column(place, field.name, numbers)
    table: pd.DataFrame = found.to_pandas()
    return table


def _target(given: str) -> Path:
    path = Path(given)
    if path.suffix not in (".csv", ".parquet"):
        raise UserError(
            f"to={_database_text(given)} is no name of a table; give to=FILE.csv or to=FILE.parquet"
        )
    if path.exists() or path.is_symlink():
        raise UserError(f"to={_database_text(given)} exists and is not overwritten; give another name")
    return path


def _write(found: pd.DataFrame, target: Path) -> None:
    from woc_sim.ensemble.escaping import csv_text

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(target) as part:
            if target.suffix == ".csv":
                part.write_text(csv_text(found), "utf-8", newline="")
            else:
                found.to_parquet(part, index=False)
    except OSError as error:
        raise UserError(f"to={shown(target)} cannot be written ({error.strerror or error})") from None


def _print(found: pd.DataFrame) -> None:
    from woc_sim.ensemble.escaping import label

    def shown(cell: Any) -> Any:
        return label(cell, 80) if isinstance(cell, str) else cell

    head = found.head(PRINTED_ROWS)
    head = head.apply(lambda column: column.map(shown)).rename(columns=shown)
    print(head.to_string(index=False) if len(head.columns) else "no columns")
    if len(found) > PRINTED_ROWS:
        print(f"... {len(found) - PRINTED_ROWS} more rows; --csv prints all")
