"""Writing files: whole under their name, or not there at all.

A full disk, a limit on the size of files, a folder that may only be read, Ctrl-C and a crash can come at
any moment of writing. What is read back later must never be the first half of something.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from woc_sim.errors import UserError
from woc_sim.records import shown

PART: Final = ".part"
"""How the name of an unfinished file ends; it begins with a dot."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A block that writes the temporary file it is given, which becomes `path` when the block ends well.

    What `path` held before is replaced in one step, or stays when the block fails; the temporary file is gone
    either way. Raises UserError when the system refuses to write.

    >>> with whole(folder / "table.csv") as part:  # doctest: +SKIP
    ...     table.to_csv(part, index=False)
    """
    # a name that no other process or thread has, and no longer than what any system takes
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
    _keep_name(path.parent)


def write_table(table: Any, path: Path) -> None:
    """Write a data frame without its index, as CSV or Parquet by the ending of `path`; raises as `whole`."""
    with whole(path) as part:
        if path.suffix == ".csv":
            table.to_csv(part, index=False)
        else:
            table.to_parquet(part, index=False)


def write_text(text: str, path: Path) -> None:
    """Write a text in UTF-8; raises as `whole`."""
    with whole(path) as part:
        part.write_text(text, encoding="utf-8")


def unwritable(path: object, error: OSError) -> UserError:
    """The error for a file or folder that the system refuses to write."""
    return UserError(
        f"{shown(path)} cannot be written ({shown(error.strerror or error)}); what was finished before is "
        "kept: mend this or choose another out=, and ask again"
    )


def _keep_name(folder: Path) -> None:
    """Let a new name outlast a power cut, where the system can be asked for that (Windows cannot)."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
