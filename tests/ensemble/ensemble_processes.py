"""Processes of this machine as the system lists them, and work functions that stop their own process."""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

from woc_sim.ensemble import executors
from woc_sim.ensemble.batches import Batch
from woc_sim.ensemble.tasks import Task


def _state(process: str) -> list[str]:
    """State and parent of a process, and more; empty if it has ended."""
    try:
        return (Path("/proc") / process / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def children(parent: int) -> set[int]:
    """Processes that `parent` started and that are alive."""
    states = {entry.name: _state(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    return {int(name) for name, told in states.items() if told and int(told[1]) == parent and told[0] != "Z"}


def ended(process: int) -> bool:
    """Whether a process has ended, even if its parent has not waited for it yet."""
    told = _state(str(process))
    return not told or told[0] == "Z"


def freezing(time_limit: float | None, tasks: Sequence[Task]) -> Batch:
    """As `executors.run_guarded_batch`, but one run stops its process."""
    if any(task.replicate == 1 and task.cell == "1" for task in tasks):
        os.kill(os.getpid(), signal.SIGSTOP)
    return executors.run_batch(tasks)


def freezing_once(time_limit: float | None, tasks: Sequence[Task]) -> Batch:
    """As `executors.run_guarded_batch`, but the first process stops itself if the file $FROZEN does not
    exist.
    """
    mark = Path(os.environ["FROZEN"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGSTOP)
    return executors.run_batch(tasks)


def loopback_up() -> None:
    """Switch the loopback device on, which Dask's processes need; on Linux it is down where the network is
    switched off.
    """
    if sys.platform != "linux":
        return
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        name, get_flags, set_flags, up = b"lo", 0x8913, 0x8914, 1
        told = fcntl.ioctl(device, get_flags, struct.pack("16sH14x", name, 0))
        (flags,) = struct.unpack("16xH14x", told)
        if not flags & up:
            fcntl.ioctl(device, set_flags, struct.pack("16sH14x", name, flags | up))
