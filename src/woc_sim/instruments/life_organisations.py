"""Life stories of organisations: which change of the columns in a month is which event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from woc_sim.inputs.frames import prognostic_frames
from woc_sim.inputs.sectors import sectors
from woc_sim.instruments.life_events import (
    Event,
    Moment,
    Row,
    Story,
    look,
    mayor,
    organisation_id,
    organisation_words,
    value,
)
from woc_sim.world.founding import municipal_measures
from woc_sim.world.locality import Locality

COLUMNS: Final = ("active", "leader", "belief", "prognostic", "initiative")
"""What is compared from month to month, beside its row of meetings and, for the executive, the measures."""

FREQUENT: Final = 12.0
"""Meetings a year from which contact is frequent: once a month, a 4 or 5 in the network survey."""

REASONS: Final = {
    "part_need": "unmet need",
    "part_own": "its own conviction",
    "part_opinion": "what it believes residents think",
    "part_party": "the parties",
    "part_lobby": "those who lobby it",
    "part_mandate": "the mandate",
    "part_cost": "the cost",
}
"""Columns of the executive's weighing (process 16), in words."""


def begin(locality: Locality, row: int) -> Story:
    """The story of an organisation as the run begins."""
    now = _look(locality, row)
    story = Story(
        row, organisation_id(row), organisation_words(locality, row), _header(locality, row, now), now
    )
    story.told = {("frequent", other) for other in _frequent(now)}
    return story


def _look(locality: Locality, row: int) -> Row:
    now = look(locality.sets["organisations"], COLUMNS, row)
    now["frequency"] = value(locality.sets["governance"], "frequency", row)
    if row == mayor(locality):
        now["in_force"] = locality.sets["measures"].in_force.tolist()
        now["majority"] = locality.value("executive_ideology")
    return now


def _frequent(now: Row) -> list[int]:
    return [other for other, meetings in enumerate(now["frequency"]) if meetings >= FREQUENT]


def _frame(now: Row) -> str:
    return prognostic_frames()[int(np.argmax(now["prognostic"]))].label


def _header(locality: Locality, row: int, now: Row) -> str:
    rows = locality.sets["organisations"]
    who = organisation_words(locality, row)
    if not now["active"]:
        return f"{who[0].upper()}{who[1:]}, not founded as the run begins."
    parts = [
        f"{who[0].upper()}{who[1:]}",
        f"ideology {value(rows, 'ideology', row):+.2f} (-1 exclusive, +1 inclusive)",
        f"{value(rows, 'capacity', row):.1f} staff for integration",
        f"holds that {_frame(now)} must act",
        f"believes that residents' attitude is {now['belief']:+.2f}",
    ]
    running = [each.label for each, on in zip(sectors(), now["initiative"], strict=True) if on > 0]
    if running:
        parts.append(f"initiatives for {', '.join(running)}")
    return f"{', '.join(parts)}."


def tell(moment: Moment, story: Story) -> None:
    """Add the events of the month that has just ended, and remember the columns for the next."""
    then, now = story.last, _look(moment.locality, story.row)
    story.last = now
    if not now["active"]:
        if then["active"]:
            story.events.append(Event(moment.month, "dissolved", "Dissolved."))
        return
    if not then["active"]:
        story.events.append(Event(moment.month, "founded", "Founded."))
    else:
        story.events.extend(_leader(moment, then, now))
    for events in (_initiatives, _views):
        story.events.extend(events(moment, then, now))
    story.events.extend(_contacts(moment, story, now))
    if "in_force" in now:
        story.events.extend(_measures(moment, then, now))


def _leader(moment: Moment, then: Row, now: Row) -> Iterator[Event]:
    old, new = then["leader"], now["leader"]
    if old != new:
        how = "more" if new > old else "less"
        text = f"A new leading person, {how} inclusive than the last ({old:+.2f} to {new:+.2f})."
        yield Event(moment.month, "leader_changed", text)


def _initiatives(moment: Moment, then: Row, now: Row) -> Iterator[Event]:
    for each, was, on in zip(sectors(), then["initiative"], now["initiative"], strict=True):
        if not was and on:
            text = f"Began an initiative for {each.label}."
            yield Event(moment.month, "initiative_began", text, each.sector)
        elif was and not on:
            text = f"Ended its initiative for {each.label}."
            yield Event(moment.month, "initiative_ended", text, each.sector)


def _views(moment: Moment, then: Row, now: Row) -> Iterator[Event]:
    if then["belief"] < 0.0 <= now["belief"]:
        yield Event(moment.month, "belief_up", "Now believes residents to be rather friendly to newcomers.")
    elif now["belief"] < 0.0 <= then["belief"]:
        yield Event(moment.month, "belief_down", "Now believes residents to be rather hostile to newcomers.")
    if _frame(then) != _frame(now):
        text = f"Changed its mind on who must act: {_frame(now)}, no longer {_frame(then)}."
        yield Event(moment.month, "frame_changed", text)


def _contacts(moment: Moment, story: Story, now: Row) -> Iterator[Event]:
    for other in _frequent(now):
        if other != story.row and story.first("frequent", other):
            who = organisation_words(moment.locality, other)
            often = f"{now['frequency'][other]:.0f} meetings a year"
            text = f"Meets {who} once a month or more for the first time ({often})."
            yield Event(moment.month, "frequent_contact", text, "", organisation_id(other))


def _measures(moment: Moment, then: Row, now: Row) -> Iterator[Event]:
    if then["majority"] != now["majority"]:
        text = f"An election moved the executive from {then['majority']:+.2f} to {now['majority']:+.2f}."
        yield Event(moment.month, "election", text)
    rows = moment.locality.sets["measures"]
    for row, measure in enumerate(municipal_measures()):
        was, on = then["in_force"][row], now["in_force"][row]
        if was == on:
            continue
        parts = {words: value(rows, column, row) for column, words in REASONS.items()}
        reason = (max if on else min)(parts, key=parts.__getitem__)
        against = " (restrictive)" if measure.direction < 0 else ""
        if on:
            text = f"Adopted{against}: {measure.label}. What spoke most for it: {reason}."
        else:
            text = f"Dropped{against}: {measure.label}. What spoke most against it: {reason}."
        yield Event(moment.month, "measure_adopted" if on else "measure_dropped", text, measure.sector)
