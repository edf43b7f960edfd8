"""Result folders: which may be written, and how a folder comes to be whole or not at all.

A run is written under a hidden temporary name beside its target and renamed last, so a folder with a
manifest is a finished run. What an interrupted run had finished stays under that name, and the same
command goes on from there.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from woc_sim.errors import UserError, written
from woc_sim.scenario.identity import model_hash

MANIFEST: Final = "manifest.json"
STARTED: Final = "started"
FINISHED: Final = "finished"
LIVES: Final = "life_stories"
"""Key of the manifest: how many lives were told of each locality and replicate."""


def state(out: Path, kind: str, run_ids: list[str], lives: int | list[int] = 0) -> str:
    """'' for a folder that is free, else 'started' or 'finished' for one that holds exactly this work.

    kind: 'run' or 'sweep'; lives: how many life stories are wanted (of each point of a sweep), 0 for none.
    Raises UserError for every other folder: nothing that exists is overwritten.
    """
    try:
        if not out.exists() or (out.is_dir() and not any(out.iterdir())):
            return ""
    except OSError as error:
        raise unwritable(out, error) from None
    if not out.is_dir():
        raise UserError(f"out={out} is a file; choose the name of a folder")
    held = read_manifest(out)
    if held is None:
        raise UserError(
            f"out={out} holds other things and is not overwritten; choose an empty or a new folder"
        )
    if held.get("kind") != kind or held.get("run_ids") != run_ids:
        asked = held.get("command") or "another command"
        raise UserError(f"out={out} holds another run ({asked}); choose a new folder")
    if held.get("model_hash") != model_hash():
        raise UserError(
            f"out={out} was made by another version of the model "
            f"({held.get('model_hash')}, this is {model_hash()}); choose a new folder"
        )
    if lives and held.get(LIVES, 0) != lives:
        raise UserError(
            f"out={out} holds this {kind} with {held.get(LIVES) or 'no'} life stories; choose a new folder"
        )
    return FINISHED if held.get("status") == FINISHED else STARTED


def read_manifest(out: Path) -> dict[str, Any] | None:
    """The manifest of a result folder; None if there is none that can be read."""
    try:
        held = json.loads((out / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return held if isinstance(held, dict) else None


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write or replace the manifest of a folder in one go."""
    temporary = folder / f".{MANIFEST}.tmp"
    with written(folder):
        temporary.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
        temporary.replace(folder / MANIFEST)


def _other(out: Path) -> UserError:
    return UserError(f"out={out} holds other things and is not overwritten; choose an empty or a new folder")


def unwritable(out: Path, error: OSError) -> UserError:
    """The error for a folder that cannot be made or written."""
    return UserError(f"out={out} cannot be written ({error.strerror or error}); choose another folder")


def usable(out: Path, *marks: str) -> None:
    """Make `out` for a command that goes on in its own folder, known by one of `marks`; raises UserError."""
    try:
        held = {path.name for path in out.iterdir()} if out.is_dir() else set()
    except OSError as error:
        raise unwritable(out, error) from None
    if held and not held.intersection(marks):
        raise _other(out)
    make(out)


def make(out: Path, shown: Path | None = None) -> None:
    """Make a folder with its parents; raises UserError (about `shown`) if that is not possible.

    Nothing half-made is left.
    """
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        for folder in missing:  # innermost first; only what is empty
            try:
                folder.rmdir()
            except OSError:
                continue
        raise unwritable(shown or out, error) from None


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A temporary folder beside `out` that becomes `out` when the block ends well.

    When the block fails the folder is removed, unless it keeps finished shards from which to go on.
    """
    target = out.absolute()
    staging = target.with_name(f".{target.name}.part")
    ours = not os.path.lexists(staging)
    make(staging, shown=out)
    try:
        yield staging
        os.replace(staging, target)  # an empty `out` is replaced, a full one is not
    except BaseException:
        if ours and not any((staging / "shards").glob("*.parquet")):
            shutil.rmtree(staging, ignore_errors=True)
        raise
