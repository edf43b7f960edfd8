"""Processes of this machine, as the system lists them."""

from __future__ import annotations

from pathlib import Path


def _state(process: str) -> list[str]:
    """State and parent of a process, and more; nothing if it is gone."""
    try:
        return (Path("/proc") / process / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def children(parent: int) -> set[int]:
    """Processes that `parent` started and that are alive."""
    states = {entry.name: _state(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    return {int(name) for name, told in states.items() if told and int(told[1]) == parent and told[0] != "Z"}


def ended(process: int) -> bool:
    """Whether a process is gone, or waits only to be noticed."""
    told = _state(str(process))
    return not told or told[0] == "Z"
