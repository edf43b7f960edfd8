"""Channels: the groups of processes through which one thing in a place acts on another.

A channel is some processes and the columns of the state that are theirs. Every written column belongs to one
channel, or to none: what the calendar, seats and elections write belongs to the setting. Channels can be
joined ('contact+opinion'), and those that nobody asks for are left free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from woc_sim.errors import UserError, nearest
from woc_sim.processes.schedule import PROCESSES
from woc_sim.records import shown


@dataclass(frozen=True, slots=True)
class Channel:
    """What a channel is called in a sentence, and its processes."""

    meaning: str
    processes: tuple[str, ...]


PEOPLE: Final = "people"
WORK: Final = "work"
CHANNELS: Final[Mapping[str, Channel]] = MappingProxyType(
    {
        PEOPLE: Channel("which newcomers are there", ("arrivals", "demography")),
        WORK: Channel("work and unemployment", ("work",)),
        "housing": Channel("housing", ("housing",)),
        "language": Channel("language and knowledge of services", ("learning",)),
        "contact": Channel("contact and ties", ("encounters", "ties")),
        "opinion": Channel("residents' attitudes", ("attitudes",)),
        "experience": Channel("newcomers' feelings and visible needs", ("experience",)),
        "initiatives": Channel("action of civil society and firms", ("civil_society", "business")),
        "voice": Channel("public voice and believed opinion", ("perception",)),
        "relations": Channel("relations and frames of organisations", ("relations", "frames")),
        "policy": Channel("policy and know-how", ("policy", "diffusion")),
    }
)
"""The channels in the order of the month."""

SETTING: Final = "setting"
"""The part of an effect that runs through no channel."""
SETTING_PROCESSES: Final = ("calendar",)
"""Processes that bring what the scenario says."""
SETTING_COLUMNS: Final = frozenset(
    {
        "organisations.ideology",
        "locality.rrp",
        "locality.executive_ideology",
        "blocs.seats",
        "blocs.executive",
        "residents.entity",
        "residents.age",
        "residents.since",
        "residents.former",
        "places.migrant_workers",
    }
)
"""Columns that processes of a channel write too, and that are the scenario's, or the bookkeeping of rows."""
HANDED_OVER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "migrants.present": PEOPLE,
        "migrants.left": PEOPLE,
        "migrants.departure": PEOPLE,
        "locality.migrant_share": PEOPLE,
        "locality.group_part": PEOPLE,
        "locality.moved_on": PEOPLE,
        "migrants.job": WORK,
        "migrants.workplace": WORK,
    }
)
"""Columns that `experience` writes when somebody leaves, and whose they are."""


@dataclass(frozen=True, slots=True)
class Group:
    """Channels that are held or free together."""

    name: str
    channels: tuple[str, ...]

    @property
    def meaning(self) -> str:
        """What it is, in words."""
        return ", ".join(CHANNELS[each].meaning for each in self.channels)


def groups_of(names: Sequence[str] | None) -> tuple[Group, ...]:
    """The groups that names say, 'contact' or 'contact+opinion'; each channel alone for None.

    Raises UserError for an unknown channel, or one that is named twice.
    """
    found = tuple(Group(name, tuple(name.split("+"))) for name in (CHANNELS if names is None else names))
    seen: set[str] = set()
    for group in found:
        for channel in group.channels:
            if channel not in CHANNELS:
                hint = nearest(channel, CHANNELS) or f"there are {', '.join(CHANNELS)}"
                raise UserError(f"there is no channel {shown(repr(channel))}; {hint}")
            if channel in seen:
                raise UserError(f"the channel {channel} is named twice; name it once")
            seen.add(channel)
    return found


@cache
def channel_of_process() -> Mapping[str, str | None]:
    """The channel of every process, None for the setting's. Raises ValueError for one that has no place."""
    found: dict[str, str | None] = dict.fromkeys(SETTING_PROCESSES)
    found |= {process: name for name, channel in CHANNELS.items() for process in channel.processes}
    for process in PROCESSES:
        if process.name not in found:
            raise ValueError(f"the process {process.name} belongs to no channel of ensemble/channels.py")
    return MappingProxyType(found)


@cache
def channel_of_column() -> Mapping[str, str]:
    """The channel of every column that belongs to one.

    A column that arrivals or demography write when somebody comes or leaves belongs to the other process that
    writes it. Raises ValueError for a column that two channels could claim.
    """
    writers: dict[str, dict[str | None, None]] = {}
    for process in PROCESSES:
        for column in process.writes:
            writers.setdefault(column, {})[channel_of_process()[process.name]] = None
    found = {}
    for column, channels in writers.items():
        if column in SETTING_COLUMNS or None in channels:
            continue
        claims = [each for each in channels if each != PEOPLE] or [PEOPLE]
        channel = HANDED_OVER.get(column) or (claims[0] if len(claims) == 1 else None)
        if channel is None:
            raise ValueError(f"{', '.join(map(str, claims))} all write {column}; say whose it is")
        found[column] = channel
    return MappingProxyType(found)
