"""Channels: every process has its place, every column at most one owner, and names are checked."""

import pytest

from woc_sim.ensemble.channels import (
    CHANNELS,
    HANDED_OVER,
    SETTING_COLUMNS,
    SETTING_PROCESSES,
    channel_of_column,
    channel_of_process,
    groups_of,
)
from woc_sim.errors import UserError
from woc_sim.processes.schedule import BY_NAME, PROCESSES


def test_every_process_is_in_one_channel_or_the_setting() -> None:
    named = [each for channel in CHANNELS.values() for each in channel.processes] + list(SETTING_PROCESSES)
    assert sorted(named) == sorted(process.name for process in PROCESSES)
    assert set(channel_of_process()) == set(named)


def test_every_written_column_has_one_owner_who_writes_it_or_is_the_settings() -> None:
    owners = channel_of_column()
    written = {column for process in PROCESSES for column in process.writes}
    by_setting = {column for name in SETTING_PROCESSES for column in BY_NAME[name].writes}
    assert set(owners) == written - SETTING_COLUMNS - by_setting
    assert written >= SETTING_COLUMNS
    for column, owner in owners.items():
        assert column in HANDED_OVER or any(
            column in BY_NAME[name].writes for name in CHANNELS[owner].processes
        ), column
    assert {name: owners[name] for name in HANDED_OVER} == HANDED_OVER


def test_channels_can_be_joined_and_unknown_or_repeated_ones_are_refused() -> None:
    assert [group.name for group in groups_of(None)] == list(CHANNELS)
    one, other = groups_of(("contact+opinion", "policy"))
    assert one.channels == ("contact", "opinion")
    assert one.meaning == "contact and ties, residents' attitudes"
    assert other.channels == ("policy",)
    with pytest.raises(UserError, match=r"there is no channel 'polcy'; .*policy"):
        groups_of(("polcy",))
    with pytest.raises(UserError, match="channel contact is named twice"):
        groups_of(("contact+opinion", "contact"))
