"""`woc-sim query`: an SQL query on a sweep, which can read the sweep and nothing else.

The query may come from somebody else. It runs in a locked database in memory that holds only the two tables:
it can read no file, network or variable of this program, and it can change no setting.
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
from woc_sim.scenario.renamed import current_words

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

HELP: Final = """\
usage: woc-sim query DIR "SQL" [--csv] [to=FILE.csv|FILE.parquet]

An SQL query (DuckDB) on the sweep in DIR, for example
    "select executive, avg(mipex_total) from runs group by all"      "describe runs"      "summarize runs"

`runs` has one row for each run and locality (axes, replicate, status and readings). `monthly` has the
indicators by month if the sweep kept them. The query can read only these two tables, no file and no network,
and changes nothing. Limits: two minutes, 1 GB of memory, 2 million rows. The first 100 rows are printed;
--csv prints all, to=FILE writes all into a new file. In CSV, a text that a spreadsheet could read as a
formula gets an apostrophe.
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
"""Settings of the database before it is locked. It writes nothing to disk; a query that needs too much
memory is refused.
"""
ALLOWED_STATEMENTS: Final = ("SELECT", "MULTI")
"""Kinds of statements that only read; describe, summarize and show are SELECT, pivot is MULTI."""
MAX_DATABASE_TEXT: Final = 220
"""Longest text of the database in a sentence, in characters."""

Load = Callable[[Path], "tuple[pd.DataFrame, pd.DataFrame | None]"]
"""Reads the two tables of a folder; the second is empty or None if months were not kept."""


def main(arguments: Sequence[str], load: Load) -> int:
    """Run the query, print or write the result; returns the exit code. Raises UserError."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP, end="")
        return 0
    targets = [each[3:] for each in arguments if each.startswith("to=")]
    positional = [each for each in arguments if each != "--csv" and not each.startswith("to=")]
    for each in positional:
        if each.startswith("--") and " " not in each:
            raise UserError(f"{_database_text(each)} is not a flag of query; there is --csv")
    if len(positional) != 2 or len(targets) > 1:
        raise UserError(f"query takes a folder and one SQL query in quotes; {HELP.splitlines()[0]}")
    target = _target(targets[0]) if targets else None
    answer = run_query(*load(Path(positional[0])), current_words(positional[1]))
    if target is not None:
        _write(answer, target)
        print(f"{target}: {len(answer)} rows")
    elif "--csv" in arguments:
        from woc_sim.ensemble.escaping import csv_text

        sys.stdout.write(csv_text(answer))
    else:
        _print(answer)
    return 0


def run_query(runs: pd.DataFrame, monthly: pd.DataFrame | None, sql: str) -> pd.DataFrame:
    """The result of an SQL query on the tables `runs` and `monthly`.

    Raises UserError if the text is no query, fails, or exceeds a limit.
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
                f"the result has a type that no table can hold ({_database_text(str(error))}); cast it to "
                "text"
            ) from None
        except duckdb.InterruptException:
            raise UserError(f"the query takes longer than {MAX_SECONDS:g} s; select less") from None
        except duckdb.OutOfMemoryException:
            raise UserError("the query needs more than 1 GB of memory; select less") from None
        except duckdb.PermissionException:
            raise UserError(
                "the query is refused: it may read the tables runs and monthly, and no file, network "
                "or setting; to=FILE writes the result"
            ) from None
        except duckdb.CatalogException as error:
            if "name monthly" in str(error) and months is None:
                raise UserError("the sweep kept no months; repeat its command with monthly=true") from None
            raise UserError(f"the query failed: {_database_text(str(error))}") from None
        except duckdb.Error as error:
            raise UserError(f"the query failed: {_database_text(str(error))}") from None


def _run_statement(base: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    statements = base.extract_statements(sql)
    if len(statements) != 1:
        raise UserError(f"query takes one SQL statement; there are {len(statements)}")
    kind = statements[0].type.name
    if kind not in ALLOWED_STATEMENTS:
        raise UserError(
            f"query only reads (select, with, from, describe, summarize, show, pivot) and changes "
            f"nothing; this is {_database_text(kind)}; --csv prints and to=FILE writes the result"
        )
    stop = threading.Timer(MAX_SECONDS, base.interrupt)
    stop.daemon = True
    stop.start()
    try:
        relation = base.sql(sql)
        answer: pa.Table = relation.limit(MAX_ROWS + 1).to_arrow_table()
    except RuntimeError as error:
        if "interrupted" in str(error):  # DuckDB's error for Ctrl-C
            raise KeyboardInterrupt from None
        raise
    finally:
        stop.cancel()
    if answer.num_rows > MAX_ROWS:
        raise UserError(f"the query returns more than {MAX_ROWS} rows; add limit, or group")
    return answer


def _database_text(text: str) -> str:
    """The database's message as part of a sentence: one line, cut, without the position in the query."""
    from woc_sim.ensemble.escaping import label

    return label(text.partition("\nLINE ")[0].rstrip(), MAX_DATABASE_TEXT)


def _to_arrow(table: pd.DataFrame) -> pa.Table:
    """A data frame for the database. A column of mixed types becomes text; missing numbers become null."""
    import pyarrow as pa

    columns = []
    for index in range(table.shape[1]):
        column = table.iloc[:, index]
        try:
            columns.append(pa.array(column, from_pandas=True))
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            known = column.notna()
            columns.append(pa.array(column.astype(str).where(known, None), type=pa.string()))
    return pa.Table.from_arrays(columns, names=[str(name) for name in table.columns])


def _to_frame(typed_table: pa.Table) -> pd.DataFrame:
    """A result as a data frame. Decimals, which the database uses for sums of integers, become numbers."""
    import pyarrow as pa

    for index, field in enumerate(typed_table.schema):
        if pa.types.is_decimal(field.type):
            column = typed_table.column(index)
            try:
                numbers = column.cast(pa.int64())
            except pa.ArrowInvalid:
                numbers = column.cast(pa.float64())
            typed_table = typed_table.set_column(index, field.name, numbers)
    frame: pd.DataFrame = typed_table.to_pandas()
    return frame


def _target(given: str) -> Path:
    path = Path(given)
    if path.suffix not in (".csv", ".parquet"):
        raise UserError(
            f"to={_database_text(given)} is not a table file; give to=FILE.csv or to=FILE.parquet"
        )
    if path.exists() or path.is_symlink():
        raise UserError(f"to={_database_text(given)} exists and is not overwritten; give another name")
    return path


def _write(answer: pd.DataFrame, target: Path) -> None:
    from woc_sim.ensemble.escaping import csv_text

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(target) as part:
            if target.suffix == ".csv":
                part.write_text(csv_text(answer), "utf-8", newline="")
            else:
                answer.to_parquet(part, index=False)
    except OSError as error:
        raise UserError(f"to={shown(target)} cannot be written ({error.strerror or error})") from None


def _print(answer: pd.DataFrame) -> None:
    from woc_sim.ensemble.escaping import label

    def shown(cell: Any) -> Any:
        return label(cell, 80) if isinstance(cell, str) else cell

    head = answer.head(PRINTED_ROWS)
    head = head.apply(lambda column: column.map(shown)).rename(columns=shown)
    print(head.to_string(index=False) if len(head.columns) else "no columns")
    if len(answer) > PRINTED_ROWS:
        print(f"... {len(answer) - PRINTED_ROWS} more rows; --csv prints all")
