"""What lies in the working folder is not ours: libraries are imported as if it were not there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def unseen(file: str) -> Iterator[None]:
    """Hide a file of settings in the working folder from a library that looks for it while it is imported.

    Such files belong to other programs of the user; a damaged one would end the import.
    """
    exists: Any = os.path.exists

    def seen(path: Any) -> bool:
        return bool(path != file and exists(path))

    setattr(os.path, "exists", seen)  # noqa: B010 - a name of another module
    try:
        yield
    finally:
        setattr(os.path, "exists", exists)  # noqa: B010
