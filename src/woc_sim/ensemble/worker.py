"""What a worker does, of the pool or of Dask: it answers batches of tasks.

A process that this package starts (`woc_sim.ensemble.spawn`) is told on its standard input what to do, and
ends when that is closed, which the system does whenever its parent ends. Only the standard library is
imported before the parent has said where everything else lies.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import pickle
import platform
import signal
import sys
import threading
import time
import traceback
from queue import SimpleQueue
from typing import IO, Any, NamedTuple

from woc_sim.ensemble.messages import receive, send


class StartMessage(NamedTuple):
    """The first message to a process: places to import from after its own, and, if it is to work for a Dask
    scheduler, its address, its `Security` and the name of the worker, pickled (they need such places)."""

    paths: list[str]
    dask: bytes = b""


def model_version() -> str:
    """The version of the model that this worker has; imports what its tasks need."""
    import woc_sim.ensemble.executors  # noqa: F401 - so that the first task is no slower than others
    from woc_sim.scenario.identity import model_hash

    return model_hash()


def reply_to_batch(message: bytes) -> bytes:
    """Do a batch, (work, tasks) pickled; the pickled `Reply`. What takes too long is left to the next."""
    from woc_sim.ensemble.batches import MAX_BATCH_SECONDS, Reply

    model, name = model_version(), f"on {platform.node()}, process {os.getpid()}"
    start, done = time.monotonic(), []
    try:
        work, tasks = pickle.loads(message)
        for task in tasks:
            done += work([task])
            if time.monotonic() - start > MAX_BATCH_SECONDS:
                break
        return pickle.dumps(Reply(model, name, done, None))
    except Exception as error:
        return pickle.dumps(Reply(model, name, done, _picklable(error)))


def _picklable(error: Exception) -> Exception:
    """The error with its traceback as a note, or its traceback alone if it cannot be sent."""
    told = traceback.format_exc()
    error.add_note(f"in a worker:\n{told}")
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"in a worker:\n{told}")
    return error


def main() -> None:
    """The life of a process that `woc_sim.ensemble.spawn` started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    incoming, outgoing = _take_streams()
    opening: StartMessage = pickle.loads(receive(incoming))
    messages: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, messages), name="listen", daemon=True).start()
    sys.path += [place for place in opening.paths if place not in sys.path]
    gc.disable()  # collecting during the imports costs half a second and frees nothing
    model_version()
    gc.freeze()
    gc.enable()
    if opening.dask:
        asyncio.run(_work_for_dask(*pickle.loads(opening.dask)))
        return
    try:
        send(outgoing, b"")
        while True:
            send(outgoing, reply_to_batch(messages.get()))
    except OSError:
        os._exit(0)  # the parent is gone


def _take_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output as files of our own: what a library prints goes to standard error."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return incoming, outgoing


def _listen(incoming: IO[bytes], messages: SimpleQueue[bytes]) -> None:
    """Take messages, and end this process with its parent, whatever it is doing."""
    try:
        while True:
            messages.put(receive(incoming))
    except (EOFError, OSError):
        os._exit(0)


async def _work_for_dask(address: str, security: Any, name: str) -> None:
    """Work for a Dask scheduler of this machine until it ends."""
    import dask
    from distributed import Worker

    dask.config.set({"distributed.worker.http.routes": []})
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    loopback = {"host": "127.0.0.1", "dashboard": False, "dashboard_address": "127.0.0.1:0"}
    async with Worker(
        address, nthreads=1, name=name, security=security, memory_limit=0, **loopback
    ) as worker:
        await worker.finished()
