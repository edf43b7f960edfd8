"""Life stories of migrants: which change of a migrant's columns in a month is which event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from woc_sim.inputs.ages import ADULT, SEEK_WORK_TO
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
from woc_sim.world.people import (
    CHOSE,
    EMPLOYED,
    FAMILY_ABROAD,
    FAMILY_HERE,
    LEFT_REFUSED,
    MIGRANT_DIED,
    NO_JOB,
    PLACED_LEAVING,
    PLACED_STAYING,
    PRECARIOUS,
    PROCEDURE,
    PROTECTED,
    REFUSED,
)
from woc_sim.world.places import PLACE_KINDS

COLUMNS: Final = (
    "present",
    "departure",
    "age",
    "status",
    "housing",
    "host",
    "job",
    "workplace",
    "refused_job",
    "refused_home",
    "language",
    "school",
    "association",
    "family",
    "met",
    "met_hours",
    "met_venue",
    "met_good",
    "helper",
    "tie",
    "tie_venue",
    "tie_month",
    "discrimination",
    "belonging",
)
"""What is compared from month to month."""

AT_ARRIVAL: Final = ("age", "status", "housing", "host", "school", "family")
"""Columns that arrival itself fills: of their first month only the end is known."""

HOMES: Final = ("reception", "supported", "hosted", "private")
HOME_WORDS: Final = ("in reception", "in a supported home", "with a host", "in a private home")
WAYS: Final = {PLACED_LEAVING: "placed_leaving", PLACED_STAYING: "placed_staying", CHOSE: "chose"}
WAY_WORDS: Final = {
    "placed_leaving": "placed here by quota and wanting to leave",
    "placed_staying": "placed here and ready to stay",
    "chose": "having chosen the place",
    "family": "following the family",
    "born": "born here",
}
LANGUAGE_MARKS: Final = ((0.25, "basic"), (0.5, "good"), (0.75, "fluent"))
HIGH_DISCRIMINATION: Final = 2.0
"""Remembered events: twice the number from which the model counts a need for protection (process 10)."""


def begin(moment: Moment, row: int) -> Story:
    """The story of a person who came or was born in the month that has just ended, with that month told."""
    locality = moment.locality
    people = locality.sets["migrants"]
    now = look(people, COLUMNS, row)
    story = Story(row, migrant_id(row), migrant_words(locality, row)[2:], _header(locality, row, now), now)
    before = {
        column: now[column] if column in AT_ARRIVAL else _default(locality, column) for column in COLUMNS
    }
    before["present"] = 1
    story.last = before
    story.events.append(_arrival(moment, row, now))
    tell(moment, story)
    return story


def _default(locality: Locality, column: str) -> object:
    declared = locality.sets["migrants"].columns[column]
    empty = float(declared.default) if declared.dtype == "f8" else int(declared.default)
    return [empty] * declared.width if declared.width else empty


def _way(locality: Locality, row: int) -> str:
    people = locality.sets["migrants"]
    if value(people, "mother", row) >= 0:
        return "born"
    if value(people, "sponsor", row) >= 0:
        return "family"
    return WAYS[value(people, "arrival", row)]


def _header(locality: Locality, row: int, now: Row) -> str:
    people = locality.sets["migrants"]
    who = migrant_words(locality, row)
    parts = [f"{who[0].upper()}{who[1:]} on arrival, with {grade(value(people, 'skill', row))} skill"]
    if value(people, "visible", row):
        parts.append("recognised as a foreigner in the street")
    parts.append(
        {FAMILY_ABROAD: "with family abroad", FAMILY_HERE: "with family here"}.get(now["family"], "alone")
    )
    if value(people, "children", row) and now["age"] >= ADULT:
        parts.append("with children of school age")
    way, month = _way(locality, row), month_label(value(people, "cohort", row))
    if way == "born":
        return f"{who[0].upper()}{who[1:]}, born here in {month}."
    return f"{', '.join(parts)}; came in {month}, {WAY_WORDS[way]}."


def _arrival(moment: Moment, row: int, now: Row) -> Event:
    locality = moment.locality
    people = locality.sets["migrants"]
    way = _way(locality, row)
    kin = value(people, {"born": "mother", "family": "sponsor"}.get(way, "head"), row)
    words = "Born" if way == "born" else f"Arrived, {WAY_WORDS[way]}"
    if kin >= 0:
        words += f", {'to' if way == 'born' else 'with'} {migrant_words(locality, kin)}"
    if way != "born":
        words += ": the asylum procedure begins" if now["status"] == PROCEDURE else ": protected at once"
    text = f"{words}; lives {_home_words(moment, now)}."
    code = "born" if way == "born" else f"arrived_{way}"
    return Event(moment.month, code, text, HOMES[now["housing"]], migrant_id(kin) if kin >= 0 else "")


def _home_words(moment: Moment, now: Row) -> str:
    host = now["host"]
    named = f", {resident_words(moment.locality, host)}" if host >= 0 else ""
    return f"{HOME_WORDS[now['housing']]}{named}"


def tell(moment: Moment, story: Story) -> None:
    """Add the events of the month that has just ended, and remember the columns for the next."""
    then, now = story.last, look(moment.locality.sets["migrants"], COLUMNS, story.row)
    for events in (_status, _work, _home, _school_and_language, _helpers, _meetings, _ties, _feelings):
        story.events.extend(events(moment, story, then, now))
    story.events.extend(_end(moment, then, now))
    story.ended = not now["present"]
    story.last = now


def _status(moment: Moment, story: Story, then: Row, now: Row) -> Iterator[Event]:
    if then["status"] != now["status"]:
        if now["status"] == PROTECTED and then["status"] == REFUSED:
            yield Event(moment.month, "appeal_won", "The refusal was reversed: protected, may stay.")
        elif now["status"] == PROTECTED:
            yield Event(moment.month, "protected", "The procedure ended: protected, may stay.")
        elif now["status"] == REFUSED:
            yield Event(moment.month, "refused", "The procedure ended: refused.")
    if then["family"] == FAMILY_ABROAD and now["family"] == FAMILY_HERE:
        yield Event(moment.month, "family_reunited", "The family followed and is here now.")


def _employer(locality: Locality, workplace: int) -> int:
    return int(value(locality.sets["places"], "owner", workplace)) if workplace >= 0 else -1


def _work(moment: Moment, story: Story, then: Row, now: Row) -> Iterator[Event]:
    if now["present"] and then["job"] != now["job"]:
        if now["job"] == NO_JOB:
            if now["age"] > SEEK_WORK_TO:
                yield Event(moment.month, "job_ended", "Past working age, no longer has a job.", "workplace")
            else:
                yield Event(moment.month, "job_lost", "Lost the job.", "workplace")
        elif then["job"] == NO_JOB:
            owner = _employer(moment.locality, now["workplace"])
            kind = "steady" if now["job"] == EMPLOYED else "precarious"
            by = f" with {resident_words(moment.locality, owner)}" if owner >= 0 else ""
            other = resident_id(moment.locality, owner) if owner >= 0 else ""
            yield Event(moment.month, f"job_{kind}", f"Found a {kind} job{by}.", "workplace", other)
        elif then["job"] == PRECARIOUS:
            yield Event(moment.month, "job_upgraded", "The precarious job became a steady one.", "workplace")
    if now["refused_job"] and story.first("refused_job"):
        yield Event(
            moment.month,
            "job_refused",
            "For the first time an employer said no because of the group.",
            "workplace",
        )


def _home(moment: Moment, story: Story, then: Row, now: Row) -> Iterator[Event]:
    if then["housing"] != now["housing"]:
        home = HOMES[now["housing"]]
        text = f"Moved: no longer {HOME_WORDS[then['housing']]}, now {_home_words(moment, now)}."
        other = resident_id(moment.locality, now["host"]) if now["host"] >= 0 else ""
        yield Event(moment.month, f"home_{home}", text, home, other)
    if now["refused_home"] and story.first("refused_home"):
        yield Event(
            moment.month, "home_refused", "For the first time a landlord said no because of the group."
        )


def _school_and_language(moment: Moment, story: Story, then: Row, now: Row) -> Iterator[Event]:
    pupil = now["age"] < ADULT
    if now["school"] >= 0 and story.first("school"):
        text = "Goes to school." if pupil else "The children go to school."
        yield Event(moment.month, "school", text, "school")
    elif then["school"] >= 0 and now["school"] < 0:
        yield Event(moment.month, "school_left", "Left school.", "school")
    for mark, words in LANGUAGE_MARKS:
        if then["language"] < mark <= now["language"] and story.first("language", mark):
            text = f"Command of the language is {words} now ({now['language']:.2f} of 1)."
            yield Event(moment.month, f"language_{words}", text)
    if then["association"] < 0 <= now["association"]:
        yield Event(moment.month, "club_joined", "Joined a club.", "association")
    elif now["association"] < 0 <= then["association"]:
        yield Event(moment.month, "club_left", "Left the club.", "association")


def _helpers(moment: Moment, story: Story, then: Row, now: Row) -> Iterator[Event]:
    if not now["present"]:
        return
    for helper in sorted(set(then["helper"]) - set(now["helper"]) - {-1}):
        text = "A volunteer no longer accompanies the person."
        yield Event(
            moment.month,
            "helper_ended",
            text,
            "volunteering",
            story.known.pop(("helper", helper), ("", ""))[1],
        )
    for helper in sorted(set(now["helper"]) - set(then["helper"]) - {-1}):
        text = f"A volunteer begins to help: {resident_words(moment.locality, helper)}."
        other = resident_id(moment.locality, helper)
        story.known["helper", helper] = "", other
        yield Event(moment.month, "helper_began", text, "volunteering", other)


def _meetings(moment: Moment, story: Story, then: Row, now: Row) -> Iterator[Event]:
    for who, hours, venue, good in zip(
        now["met"], now["met_hours"], now["met_venue"], now["met_good"], strict=True
    ):
        if who < 0 or hours <= 0.0 or not story.first("met", venue, good):
            continue
        kind, valence = PLACE_KINDS[venue], "good" if good else "bad"
        text = f"First {valence} meeting {AT[kind]}: with {resident_words(moment.locality, who)}."
        yield Event(moment.month, f"met_{valence}", text, kind, resident_id(moment.locality, who))


def _ties(moment: Moment, story: Story, then: Row, now: Row) -> Iterator[Event]:
    if not now["present"]:
        return
    held = {(who, since) for who, since in zip(then["tie"], then["tie_month"], strict=True) if who >= 0}
    kept = {
        (who, since): venue
        for who, since, venue in zip(now["tie"], now["tie_month"], now["tie_venue"], strict=True)
        if who >= 0
    }
    for who, since in sorted(held - set(kept)):
        gone = value(moment.locality.sets["residents"], "since", who) > since
        words, other = story.known.pop(("tie", who, since), ("a resident", ""))
        why = ": that person left the town or died" if gone else ""
        text = f"The tie made in {month_label(since)} with {words} ended{why}."
        yield Event(moment.month, "tie_lost", text, "", other)
    for who, since in sorted(set(kept) - held):
        kind, words = PLACE_KINDS[kept[who, since]], resident_words(moment.locality, who)
        other = resident_id(moment.locality, who)
        story.known["tie", who, since] = words, other
        yield Event(moment.month, "tie_made", f"Made a tie {AT[kind]} with {words}.", kind, other)


def _feelings(moment: Moment, story: Story, then: Row, now: Row) -> Iterator[Event]:
    high = HIGH_DISCRIMINATION
    if then["discrimination"] < high <= now["discrimination"] and story.first("discrimination"):
        text = f"Much discrimination is remembered by now: as much as {now['discrimination']:.1f} events."
        yield Event(moment.month, "discrimination_high", text)
    if then["belonging"] < 0.0 <= now["belonging"]:
        yield Event(moment.month, "belonging_up", "Feels at home rather than not.")
    elif now["belonging"] < 0.0 <= then["belonging"]:
        yield Event(moment.month, "belonging_down", "Feels a stranger rather than at home.")


def _end(moment: Moment, then: Row, now: Row) -> Iterator[Event]:
    if then["present"] and not now["present"]:
        if now["departure"] == MIGRANT_DIED:
            yield Event(moment.month, "died", f"Died, aged {int(now['age'])}.")
        else:
            after = " after the refusal" if now["departure"] == LEFT_REFUSED else ""
            yield Event(moment.month, "moved_on", f"Moved on to another place{after}.")
