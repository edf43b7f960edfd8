"""The program of a worker, in the pool or on Dask: it runs batches of tasks and replies.

A worker process (`woc_sim.ensemble.spawn`) gets its messages on standard input. It ends when standard input
is closed, which the system does whenever the parent ends. Until the parent has sent the import path, it
imports only the standard library.
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
    """The first message to a process: further import paths, and, for a Dask worker, the pickled address of
    the scheduler, its `Security` and the name of the worker (unpickling needs these paths).
    """

    paths: list[str]
    dask: bytes = b""


def model_version() -> str:
    """The version of the model that this worker has. Imports what its tasks need."""
    import woc_sim.ensemble.executors  # noqa: F401 - otherwise the first task would be slow
    from woc_sim.scenario.identity import model_hash

    return model_hash()


def reply_to_batch(message: bytes) -> bytes:
    """Run a batch, (work, tasks) pickled; returns the pickled `Reply`. Tasks that would take too long are
    given back.
    """
    from woc_sim.ensemble.batches import MAX_BATCH_SECONDS, Reply

    model, name = model_version(), f"on {platform.node()}, process {os.getpid()}"
    start, results = time.monotonic(), []
    try:
        work, tasks = pickle.loads(message)
        for task in tasks:
            results += work([task])
            if time.monotonic() - start > MAX_BATCH_SECONDS:
                break
        return pickle.dumps(Reply(model, name, results, None))
    except Exception as error:
        return pickle.dumps(Reply(model, name, results, _picklable(error)))


def _picklable(error: Exception) -> Exception:
    """The error with its traceback as a note, or only its traceback if the error cannot be pickled."""
    trace = traceback.format_exc()
    error.add_note(f"in a worker:\n{trace}")
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"in a worker:\n{trace}")
    return error


def main() -> None:
    """The main function of a process that `woc_sim.ensemble.spawn` started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    incoming, outgoing = _take_streams()
    opening: StartMessage = pickle.loads(receive(incoming))
    messages: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, messages), name="listen", daemon=True).start()
    sys.path += [path for path in opening.paths if path not in sys.path]
    gc.disable()  # garbage collection during imports costs half a second and frees nothing
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
        os._exit(0)  # the parent has ended


def _take_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output for messages only; output of libraries goes to standard error."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    devnull = os.open(os.devnull, os.O_RDWR)
    os.dup2(devnull, 0)
    os.dup2(2, 1)
    return incoming, outgoing


def _listen(incoming: IO[bytes], messages: SimpleQueue[bytes]) -> None:
    """Receive messages. When the parent ends, end this process at once."""
    try:
        while True:
            messages.put(receive(incoming))
    except (EOFError, OSError):
        os._exit(0)


async def _work_for_dask(address: str, security: Any, name: str) -> None:
    """Work for a Dask scheduler on this machine until it ends."""
    import dask
    from distributed import Worker

    dask.config.set({"distributed.worker.http.routes": []})
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    loopback = {"host": "127.0.0.1", "dashboard": False, "dashboard_address": "127.0.0.1:0"}
    async with Worker(
        address, nthreads=1, name=name, security=security, memory_limit=0, **loopback
    ) as worker:
        await worker.finished()
