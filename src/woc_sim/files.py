"""Writing files atomically: a file is complete under its name, or it does not exist.

Writing can stop at any moment (full disk, size limit, read-only folder, Ctrl-C, crash). A reader must never
find half a file.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from woc_sim.errors import UserError
from woc_sim.records import shown

PART: Final = ".part"
"""Suffix of an unfinished file, whose name begins with a dot."""


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A block that writes a temporary file, which replaces `path` when the block ends without an error.

    If the block fails, `path` keeps its old content. The temporary file is deleted in both cases. Raises
    UserError when the system refuses to write.

    >>> with atomic_write(folder / "table.parquet") as part:  # doctest: +SKIP
    ...     table.to_parquet(part, index=False)
    """
    # unique among processes and threads, and short enough for every system
    part = path.with_name(f".{path.name[:40]}.{os.urandom(4).hex()}{PART}")
    try:
        yield part
        with part.open("r+b") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    _sync_folder(path.parent)


def write_table(table: Any, path: Path) -> None:
    """Write a data frame without its index, as CSV or Parquet by the suffix of `path`. Raises as
    `atomic_write`.
    """
    with atomic_write(path) as part:
        if path.suffix == ".csv":
            table.to_csv(part, index=False, lineterminator="\n")  # on Windows too: files are compared by hash
        else:
            table.to_parquet(part, index=False)


def write_text(text: str, path: Path) -> None:
    """Write a text in UTF-8, with the same line ends on every system. Raises as `atomic_write`."""
    with atomic_write(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def unwritable(path: object, error: OSError) -> UserError:
    """The error for a file or folder that the system refuses to write."""
    return UserError(
        f"{shown(path)} cannot be written ({shown(error.strerror or error)}); earlier results are kept: "
        "fix this or choose another out=, and repeat the command"
    )


def _sync_folder(folder: Path) -> None:
    """Write the folder entry to disk, so that the new name survives a power cut (not possible on Windows)."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
