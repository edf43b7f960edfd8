"""Commands on the folder of a sweep: `status`, `retry`, `compact`, `export` and `query`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from woc_sim.cli.sweep import recorded
from woc_sim.errors import UserError

if TYPE_CHECKING:
    import pandas as pd

HELP: Final = {
    "status": "usage: woc-sim status DIR\n\nHow far the sweep in DIR is, and what failed.\n",
    "retry": "usage: woc-sim retry DIR\n\nForget the failures in DIR; the sweep's command runs them again.\n",
    "compact": "usage: woc-sim compact DIR\n\nJoin the many small files of the sweep in DIR into one.\n",
    "export": (
        "usage: woc-sim export DIR [to=FILE.zip]\n\n"
        "Pack the sweep in DIR with its sources as an RO-Crate, from which another machine can repeat it.\n"
    ),
    "query": (
        'usage: woc-sim query DIR "select executive, avg(mipex_total) from runs group by all" [--csv]\n\n'
        "SQL (DuckDB) over the sweep in DIR: `runs` has a row a locality of a run (axes, replicate, status\n"
        "and readings), `monthly` the indicators by month where they were kept.\n"
    ),
}
MOST_ROWS: Final = 100
"""Rows that are printed without --csv."""


def status(arguments: Sequence[str]) -> int:
    """Print counts by status and the causes of failures; returns 1 if runs failed."""
    out = _folder("status", arguments, 1)
    if out is None:
        return 0
    held = recorded(out)
    table = _ledger(out).drop_duplicates("run_id")
    counts = table["status"].value_counts().to_dict()
    print(f"{held['points']} points, {held['replicates']} replicates: {len(table)} runs planned")
    print(", ".join(f"{counts.get(word, 0)} {word}" for word in ("done", "failed", "waiting")))
    lost = table[table["status"] == "failed"]
    for (stage, message), rows in lost.groupby(["stage", "message"], sort=False):
        print(f"failed ({stage}) {len(rows)} times: {message}")
    if counts.get("waiting"):
        print(f"to go on: {held['command']}")
    return 1 if len(lost) else 0


def retry(arguments: Sequence[str]) -> int:
    """Forget failures."""
    out = _folder("retry", arguments, 1)
    if out is None:
        return 0
    held = recorded(out)
    from woc_sim.ensemble.store import open_store

    with open_store(out, mix=True) as store:
        number = store.forget_failures()
    print(f"{number} failures forgotten; to run them again: {held['command']}")
    return 0


def compact(arguments: Sequence[str]) -> int:
    """Join shards."""
    out = _folder("compact", arguments, 1)
    if out is None:
        return 0
    recorded(out)
    from woc_sim.ensemble.store import open_store

    with open_store(out, mix=True) as store:
        number = store.compact()
    print(f"{number} files of runs are one now")
    return 0


def export(arguments: Sequence[str]) -> int:
    """Pack a sweep as an RO-Crate."""
    given = [each for each in arguments if each.startswith("to=")]
    out = _folder("export", [each for each in arguments if each not in given], 1)
    if out is None:
        return 0
    held = recorded(out)
    from woc_sim.ensemble.crate import export as pack
    from woc_sim.ensemble.store import open_store

    target = Path(given[-1][3:]) if given else out.with_name(f"{out.name}.zip")
    if target.suffix != ".zip":
        raise UserError(f"to={target} is no name of a zip file; give to=FILE.zip")
    with open_store(out, mix=True):
        number = pack(out, target, held)
    print(f"{target}: {number} files, described in ro-crate-metadata.json")
    return 0


def query(arguments: Sequence[str]) -> int:
    """Answer a question in SQL."""
    csv = "--csv" in arguments
    out = _folder("query", [each for each in arguments if each != "--csv"], 2)
    if out is None:
        return 0
    recorded(out)
    import duckdb

    from woc_sim.ensemble.store import open_store
    from woc_sim.ensemble.sweeps import ledger, months

    sql = [each for each in arguments if each != "--csv"][1]
    with open_store(out, mix=True) as store:
        runs, monthly = ledger(out, store), months(out, store)
    with duckdb.connect() as base:
        base.register("runs", runs)
        if len(monthly.columns):
            base.register("monthly", monthly)
        try:
            found = base.execute(sql).df()
        except duckdb.Error as error:
            raise UserError(f"the query cannot be answered: {str(error).splitlines()[0]}") from None
    if csv:
        print(found.to_csv(index=False), end="")
    else:
        print(found.head(MOST_ROWS).to_string(index=False))
        if len(found) > MOST_ROWS:
            print(f"... {len(found) - MOST_ROWS} more rows; --csv prints all")
    return 0


def _ledger(out: Path) -> "pd.DataFrame":
    from woc_sim.ensemble.store import open_store
    from woc_sim.ensemble.sweeps import ledger

    with open_store(out, mix=True) as store:
        return ledger(out, store)


def _folder(command: str, arguments: Sequence[str], wanted: int) -> Path | None:
    """The folder that is meant; None if help was asked for and printed. Raises UserError."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP[command], end="")
        return None
    if len(arguments) != wanted:
        usage = HELP[command].splitlines()[0]
        raise UserError(f"{command} takes {wanted} argument{'s' if wanted > 1 else ''}; {usage}")
    return Path(arguments[0])
