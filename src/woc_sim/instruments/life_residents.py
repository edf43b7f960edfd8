"""Life stories of residents: which change of the columns in a month is which event.

A resident's row is a position in the town; a life is that of the person who holds it, and ends when
somebody else takes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from woc_sim.inputs.ages import ADULT, PENSION
from woc_sim.inputs.groups import groups
from woc_sim.instruments.life_events import (
    AT,
    Event,
    Moment,
    Row,
    Story,
    grade,
    look,
    migrant_id,
    migrant_words,
    resident_id,
    resident_words,
    value,
)
from woc_sim.instruments.observation import month_label
from woc_sim.world.locality import Locality
from woc_sim.world.people import GREW_UP, MOVED_AWAY, NO_JOB, RESIDENT_DIED, STOPPED_WORK
from woc_sim.world.places import PLACE_KINDS

COLUMNS: Final = (
    "entity",
    "since",
    "age",
    "volunteer",
    "attitude_to",
    "good_with",
    "bad_with",
)
"""What is compared from month to month."""

MARKS: Final = (-0.5, 0.0, 0.5)
BEYOND: Final = 0.05
"""How far an attitude must pass a mark to be told, so that one that trembles at a mark is told once."""

STANCES: Final = ("hostile", "reserved", "friendly", "warm")
"""What an attitude is called below, between and above the marks."""


@dataclass
class Company:
    """The migrants whom one resident met in a month, and at its end friends, helped, guests and staff."""

    met: list[tuple[int, int, int]] = field(default_factory=list)
    ties: dict[tuple[int, int], int] = field(default_factory=dict)
    helped: set[int] = field(default_factory=set)
    hosted: set[int] = field(default_factory=set)
    staff: set[int] = field(default_factory=set)


def companies(locality: Locality, rows: Sequence[int]) -> dict[int, Company]:
    """For each resident row: meetings as (migrant, kind of place, good), ties (migrant, month) -> kind of
    place, migrants helped, migrants who live in the home, and migrants at work in the firm."""
    found = {row: Company() for row in rows}
    people = locality.sets["migrants"]
    present = people.present == 1
    wanted = np.zeros(len(locality.sets["residents"]) + 1, dtype=bool)  # the last stands for nobody, -1
    wanted[list(rows)] = True
    for migrant, slot in np.argwhere(wanted[people.met] & (people.met_hours > 0.0)).tolist():
        meeting = (migrant, int(people.met_venue[migrant, slot]), int(people.met_good[migrant, slot]))
        found[int(people.met[migrant, slot])].met.append(meeting)
    for migrant, slot in np.argwhere(wanted[people.tie] & present[:, None]).tolist():
        key = migrant, int(people.tie_month[migrant, slot])
        found[int(people.tie[migrant, slot])].ties[key] = int(people.tie_venue[migrant, slot])
    for migrant, slot in np.argwhere(wanted[people.helper] & present[:, None]).tolist():
        found[int(people.helper[migrant, slot])].helped.add(migrant)
    for migrant in np.flatnonzero(wanted[people.host] & present).tolist():
        found[int(people.host[migrant])].hosted.add(migrant)
    owner = locality.sets["places"].owner
    firms = np.flatnonzero(wanted[owner])
    if firms.size:
        working = present & (people.job != NO_JOB) & np.isin(people.workplace, firms)
        for migrant in np.flatnonzero(working).tolist():
            found[int(owner[people.workplace[migrant]])].staff.add(migrant)
    return found


def begin(locality: Locality, row: int) -> Story:
    """The story of somebody who lives in the town as the run begins."""
    return _story(locality, row, "lives in the town as the run begins")


def enter(moment: Moment, row: int, company: Company) -> tuple[Story, Company]:
    """The story of somebody who took a position in the month that has just ended, and who was around before.

    Of that month only the end is known of attitudes, guests and staff; ties, help and volunteering began in
    it.
    """
    locality = moment.locality
    story = _story(locality, row, f"took the position in {month_label(moment.month)}")
    story.last["volunteer"] = 0.0
    text = f"Took a position in the town, aged {int(story.last['age'])}."
    story.events.append(Event(moment.month, "came", text))
    return story, Company(hosted=set(company.hosted), staff=set(company.staff))


def _story(locality: Locality, row: int, when: str) -> Story:
    people = locality.sets["residents"]
    now = look(people, COLUMNS, row)
    who = resident_words(locality, row)
    leaning = value(people, "leaning", row)
    side = (
        "left of the centre"
        if leaning < -0.2
        else "right of the centre"
        if leaning > 0.2
        else "in the centre"
    )
    parts = [
        f"{who[0].upper()}{who[1:]}",
        f"with {grade(value(people, 'skill', row))} skill",
        f"politically {side}",
    ]
    if value(people, "migration_background", row):
        parts.append("from a family that immigrated before 2014")
    if value(people, "landlord", row):
        parts.append("a landlord")
    stance = " and ".join(
        f"{STANCES[_stance(attitude)]} to {group.plural} ({attitude:+.2f})"
        for group, attitude in zip(groups(), now["attitude_to"], strict=True)
    )
    header = f"{', '.join(parts)}; {when}, {stance}."
    stances = {
        group.name: _stance(attitude) for group, attitude in zip(groups(), now["attitude_to"], strict=True)
    }
    return Story(row, resident_id(locality, row), who[2:], header, now, stances=stances)


def _stance(attitude: float) -> int:
    return sum(attitude >= mark for mark in MARKS)


def tell(moment: Moment, story: Story, before: Company, after: Company) -> None:
    """Add the events of the month that has just ended, and remember the columns for the next."""
    then, now = story.last, look(moment.locality.sets["residents"], COLUMNS, story.row)
    if now["entity"] != then["entity"]:
        story.events.append(_left(moment, story.row))
        story.ended = True
        return
    story.events.extend(_work(moment, before, after))
    story.events.extend(_home(moment, before, after))
    story.events.extend(_meetings(moment, story, after))
    story.events.extend(_ties(moment, story, before, after))
    story.events.extend(_help(moment, story, then, now, before, after))
    story.events.extend(_attitudes(moment, story, then, now))
    story.last = now


ENDS: Final = {
    GREW_UP: ("outgrew", f"Reached {ADULT:.0f}"),
    STOPPED_WORK: ("outgrew", f"Reached {PENSION:.0f}"),
    MOVED_AWAY: ("left", "Left the town"),
    RESIDENT_DIED: ("died", "Died"),
}
"""What ends the life of the holder of a position, by code, and in words."""


def _left(moment: Moment, row: int) -> Event:
    code, words = ENDS[value(moment.locality.sets["residents"], "former", row)]
    return Event(moment.month, code, f"{words}: another person has the position from here on.")


def _work(moment: Moment, before: Company, after: Company) -> Iterator[Event]:
    for migrant in sorted(after.staff - before.staff):
        text = f"As an employer, hired {migrant_words(moment.locality, migrant)}."
        yield Event(moment.month, "hired", text, "workplace", migrant_id(migrant))


def _meetings(moment: Moment, story: Story, after: Company) -> Iterator[Event]:
    for migrant, venue, good in after.met:
        if story.first("met", venue, good):
            kind, valence = PLACE_KINDS[venue], "good" if good else "bad"
            text = f"First {valence} meeting {AT[kind]}: with {migrant_words(moment.locality, migrant)}."
            yield Event(moment.month, f"met_{valence}", text, kind, migrant_id(migrant))


def _ties(moment: Moment, story: Story, before: Company, after: Company) -> Iterator[Event]:
    present = moment.locality.sets["migrants"].present
    for migrant, since in sorted(set(before.ties) - set(after.ties)):
        why = "" if present[migrant] else ": that person moved on or died"
        text = (
            f"The tie made in {month_label(since)} with {migrant_words(moment.locality, migrant)} ended{why}."
        )
        yield Event(moment.month, "tie_lost", text, "", migrant_id(migrant))
    for migrant, since in sorted(set(after.ties) - set(before.ties)):
        kind = PLACE_KINDS[after.ties[migrant, since]]
        text = f"Made a tie {AT[kind]} with {migrant_words(moment.locality, migrant)}."
        yield Event(moment.month, "tie_made", text, kind, migrant_id(migrant))


def _help(
    moment: Moment, story: Story, then: Row, now: Row, before: Company, after: Company
) -> Iterator[Event]:
    for migrant in sorted(before.helped - after.helped):
        text = f"No longer accompanies {migrant_words(moment.locality, migrant)}."
        yield Event(moment.month, "help_ended", text, "volunteering", migrant_id(migrant))
    for migrant in sorted(after.helped - before.helped):
        text = f"Begins to accompany {migrant_words(moment.locality, migrant)}."
        yield Event(moment.month, "help_began", text, "volunteering", migrant_id(migrant))
    if then["volunteer"] == 0.0 < now["volunteer"]:
        text = f"Begins to volunteer for migrants, {now['volunteer']:.1f} hours a week."
        yield Event(moment.month, "volunteering_began", text, "volunteering")
    elif now["volunteer"] == 0.0 < then["volunteer"]:
        yield Event(moment.month, "volunteering_ended", "No longer volunteers.", "volunteering")


def _home(moment: Moment, before: Company, after: Company) -> Iterator[Event]:
    for migrant in sorted(before.hosted - after.hosted):
        text = f"No longer shares the home with {migrant_words(moment.locality, migrant)}."
        yield Event(moment.month, "hosting_ended", text, "host_home", migrant_id(migrant))
    for migrant in sorted(after.hosted - before.hosted):
        text = f"Shares the home with {migrant_words(moment.locality, migrant)} from now on."
        yield Event(moment.month, "hosting_began", text, "host_home", migrant_id(migrant))


def _attitudes(moment: Moment, story: Story, then: Row, now: Row) -> Iterator[Event]:
    for row, group in enumerate(groups()):
        old, new = then["attitude_to"][row], now["attitude_to"][row]
        before = story.stances[group.name]
        after = max(_stance(new - BEYOND), min(before, _stance(new + BEYOND)))
        if before == after:
            continue
        story.stances[group.name] = after
        how = "warmed" if after > before else "cooled"
        good, bad = now["good_with"][row], now["bad_with"][row]
        hours = (
            f"with {good:.1f} hours of good and {bad:.1f} of bad contact"
            if good or bad
            else "without contact"
        )
        text = (
            f"The attitude to {group.plural} {how} from {STANCES[before]} to {STANCES[after]} "
            f"({old:+.2f} to {new:+.2f}), in a month {hours}."
        )
        yield Event(moment.month, f"attitude{group.suffix}_{how}", text)
