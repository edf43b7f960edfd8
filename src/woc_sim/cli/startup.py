"""Importing quickly: the collector rests while a hundred thousand objects that all stay are made (collecting
during the imports of a run costs half a second and frees nothing). And ending quietly: one Ctrl-C is enough.
"""

import gc
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

PATIENCE_SECONDS: Final = 5.0
"""For closing down after Ctrl-C; a further one after that ends the process on the spot."""


def rest_garbage() -> None:
    """Stop collecting until `collect_garbage`."""
    gc.disable()


def collect_garbage() -> None:
    """Collect again from here on, and never look at what was imported so far."""
    gc.freeze()
    gc.enable()


@contextmanager
def one_interrupt() -> Iterator[None]:
    """A block in which the first Ctrl-C raises KeyboardInterrupt and those that follow at once do nothing,
    also after the block: they would break off closing down, with a traceback."""
    first = threading.current_thread() is threading.main_thread()
    if not first or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    struck: list[float] = []

    def strike(number: int, frame: FrameType | None) -> None:
        struck.append(time.monotonic())
        if len(struck) == 1:
            raise KeyboardInterrupt
        if struck[-1] - struck[0] > PATIENCE_SECONDS:
            os._exit(130)

    signal.signal(signal.SIGINT, strike)
    try:
        yield
    finally:
        # a handler of our own would be taken away while Python ends, and the process end by the signal
        signal.signal(signal.SIGINT, signal.SIG_IGN if struck else signal.default_int_handler)
