"""Commands on the folder of a sweep: `status`, `retry`, `compact`, `export` and `query`."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from woc_sim.cli import settings
from woc_sim.errors import UserError, one_line
from woc_sim.scenario import fields

if TYPE_CHECKING:
    import pandas as pd

MAX_COMMAND: Final = 10_000
HELP: Final = {
    "status": "usage: woc-sim status DIR\n\nProgress of the sweep in DIR, and causes of failures.\n",
    "retry": "usage: woc-sim retry DIR\n\nDelete the failures in DIR, so that the sweep's command repeats "
    "these runs.\n",
    "compact": "usage: woc-sim compact DIR\n\nJoin the many small files of the sweep in DIR into one file.\n",
    "export": (
        "usage: woc-sim export DIR [to=FILE.zip]\n\n"
        "Pack the sweep in DIR with its sources into an RO-Crate. It can be repeated on another machine.\n"
    ),
}


def status(arguments: Sequence[str]) -> int:
    """Print the number of runs by status and the causes of failures; returns 1 if runs failed."""
    out = _folder("status", arguments, 1)
    if out is None:
        return 0
    from woc_sim.cli.sweep import failure_lines
    from woc_sim.ensemble.sweep_tables import open_sweep

    sweep = open_sweep(out)
    table = sweep.runs.drop_duplicates("run_id")
    counts = table["status"].value_counts().to_dict()
    points = sweep.runs["design_row"].nunique()
    print(f"{points} points, {sweep.runs['replicate'].nunique()} replicates: {len(table)} runs planned")
    print(", ".join(f"{counts.get(word, 0)} {word}" for word in ("done", "failed", "waiting")))
    for line in failure_lines(table):
        print(line)
    if counts.get("waiting"):
        print(f"to resume: {one_line(sweep.manifest.command, MAX_COMMAND)}")
    return 1 if counts.get("failed") else 0


def retry(arguments: Sequence[str]) -> int:
    """Delete failures, so that their runs are repeated."""
    out = _folder("retry", arguments, 1)
    if out is None:
        return 0
    from woc_sim.ensemble.manifests import STARTED, write_manifest
    from woc_sim.ensemble.plan import require_plan
    from woc_sim.ensemble.store import open_store
    from woc_sim.ensemble.sweep_tables import require_sweep_manifest

    command = require_sweep_manifest(out).command
    require_plan(out)
    with open_store(out, mix=True) as store:
        write_manifest(out, to_dict(require_sweep_manifest(out)) | {"status": STARTED, "table_hash": ""})
        number = store.forget_failures()
    print(f"{number} failures deleted; to repeat their runs: {one_line(command, MAX_COMMAND)}")
    return 0


def compact(arguments: Sequence[str]) -> int:
    """Join shards."""
    out = _folder("compact", arguments, 1)
    if out is None:
        return 0
    from woc_sim.ensemble.plan import require_plan
    from woc_sim.ensemble.store import open_store
    from woc_sim.ensemble.sweep_tables import require_sweep_manifest

    require_sweep_manifest(out)
    require_plan(out)
    with open_store(out, mix=True) as store:
        number = store.compact()
    print(f"{number} files of runs were joined into one")
    return 0


def export(arguments: Sequence[str]) -> int:
    """Pack a sweep as an RO-Crate."""
    typed = [each for each in arguments if "=" in each and not os.path.isdir(each)]
    given, _ = settings.read_settings(typed, {"to": fields.text})
    out = _folder("export", [each for each in arguments if each not in typed], 1)
    if out is None:
        return 0
    from woc_sim.ensemble.crate import export as pack
    from woc_sim.ensemble.sweep_tables import open_sweep, require_sweep_manifest

    manifest = require_sweep_manifest(out)
    open_sweep(out)  # refuses a damaged sweep
    target = Path(given["to"]) if given else out.resolve().with_name(f"{out.resolve().name}.zip")
    if target.suffix != ".zip":
        raise UserError(f"to={target} is not a zip file; give to=FILE.zip")
    number = pack(out, target, to_dict(manifest))
    print(f"{target}: {number} files, described in ro-crate-metadata.json")
    return 0


def to_dict(manifest: Any) -> dict[str, Any]:
    """A manifest as plain values."""
    import msgspec

    values: dict[str, Any] = msgspec.to_builtins(manifest)
    return values


def query(arguments: Sequence[str]) -> int:
    """Run an SQL query."""
    from woc_sim.cli.query import main

    def load(folder: Path) -> "tuple[pd.DataFrame, pd.DataFrame]":
        from woc_sim.ensemble.sweep_tables import open_sweep  # imports the kernels, which help does not need

        found = open_sweep(folder, monthly=True)
        return found.runs, found.monthly

    return main(arguments, load)


def _folder(command: str, arguments: Sequence[str], expected: int) -> Path | None:
    """The folder argument; None if help was requested and printed. Raises UserError."""
    if any(argument in ("-h", "--help") for argument in arguments):
        print(HELP[command], end="")
        return None
    if len(arguments) != expected:
        usage = HELP[command].splitlines()[0]
        raise UserError(f"{command} takes {expected} argument{'s' if expected > 1 else ''}; {usage}")
    return Path(arguments[0])
