"""Columns of residents and migrants. One row is one person; rows never move."""

from __future__ import annotations

from woc_sim.world.columns import Column
from woc_sim.world.groups import GROUPS

TIES = 8  # ties to residents that one migrant can hold; more are rare in the study (S86, S91)
MEETINGS = 10  # residents a migrant can meet for more than a glance in one month
CIRCLE = 2  # residents of one intercultural evening group whom one migrant gets to know
HELPERS = 2  # volunteers who accompany one migrant at a time

# Codes. A migrant's way of arrival, legal status, job and home (working paper 5.2).
PLACED_LEAVING, PLACED_STAYING, CHOSE = 0, 1, 2
PROCEDURE, PROTECTED, REFUSED = 0, 1, 2
NO_JOB, PRECARIOUS, EMPLOYED = 0, 1, 2
RECEPTION, SUPPORTED, HOSTED, PRIVATE = 0, 1, 2, 3
FAMILY_NONE, FAMILY_ABROAD, FAMILY_HERE = 0, 1, 2

# Why a migrant left the place, and why the former holder of a resident's position left it.
STILL_HERE, MOVED_ON, LEFT_REFUSED, MIGRANT_DIED = 0, 1, 2, 3
NOBODY_LEFT, GREW_UP, STOPPED_WORK, MOVED_AWAY, RESIDENT_DIED = 0, 1, 2, 3, 4

NON_EUROPEAN, UKRAINIAN = GROUPS.index("non_european"), GROUPS.index("ukrainian")


def _by_group(name: str, default: float, low: float, high: float, unit: str, meaning: str) -> Column:
    """A number that each resident has for each group."""
    return Column(name, "f8", default, low, high, unit, meaning, by=GROUPS)


RESIDENTS: tuple[Column, ...] = (
    Column("entity", "u8", 0, 0, 2**64 - 1, "key", "immutable address of the person's draws"),
    Column("household", "i4", 0, 0, 2**31 - 1, "index", "household number"),
    Column("neighbourhood", "i4", 0, 0, 2**31 - 1, "place", "place of the home"),
    Column("workplace", "i4", -1, -1, 2**31 - 1, "place", "workplace, -1 without work"),
    Column("school", "i4", -1, -1, 2**31 - 1, "place", "school attended or visited as a parent, -1 for none"),
    Column("association", "i4", -1, -1, 2**31 - 1, "place", "association (sport, culture), -1 for none"),
    Column("age", "f8", 40, 0, 110, "years", "age"),
    Column("female", "u1", 0, 0, 1, "flag", "gender as in the survey's quota"),
    Column("skill", "f8", 0.5, 0, 1, "1", "skill of occupation or training"),
    Column("migration_background", "u1", 0, 0, 1, "flag", "background in a migration before 2014"),
    Column("origin_shared", "u1", 0, 0, 1, "flag", "has the origins of migrants who came after 2014"),
    Column("leaning", "f8", 0, -1, 1, "1", "political leaning, left -1 to right +1"),
    Column("interest", "f8", 0.5, 0, 1, "1", "interest in the topic"),
    Column("employer", "u1", 0, 0, 1, "flag", "decides on hiring at the workplace"),
    Column("landlord", "u1", 0, 0, 1, "flag", "lets dwellings"),
    Column(
        "since",
        "i4",
        -1,
        -1,
        10000,
        "month",
        "month the person took this position in the town, -1 before the start",
    ),
    Column("former", "u1", 0, 0, 4, "code", "why the last holder left: grew up, retired, moved away, died"),
    Column("link_start", "i4", 0, 0, 2**31 - 1, "index", "first row of the person's links"),
    Column("link_count", "i4", 0, 0, 2**31 - 1, "count", "number of links"),
    _by_group("attitude_to", 0, -1, 1, "1", "attitude to each group of migrants"),
    _by_group("anchor_to", 0, -1, 1, "1", "predisposition behind the attitude to each group"),
    Column("stubbornness", "f8", 0.8, 0, 1, "1", "weight of the predisposition against talk"),
    _by_group("distance_to", 0.5, 0, 1, "1", "perceived value distance to each group (S85)"),
    _by_group("good_with", 0, 0, 1e6, "hours", "good contact with each group this month"),
    _by_group("bad_with", 0, 0, 1e6, "hours", "bad contact with each group this month"),
    _by_group("contact_with", 0, 0, 1e6, "hours", "fading memory of good contact with each group"),
    _by_group("conflict_with", 0, 0, 1e6, "hours", "fading memory of bad contact with each group"),
    Column("leisure", "f8", 0, 0, 1e6, "hours", "fading memory of contact in associations and volunteering"),
    Column("norm", "f8", 0, -1, 1, "1", "witnessed contact of people one knows, as a norm (M5)"),
    Column("threat", "f8", 0, 0, 1, "1", "perceived threat to jobs, welfare and safety"),
    Column("benefit", "f8", 0.3, 0, 1, "1", "perceived benefit for economy and renewal"),
    Column("volunteer", "f8", 0, 0, 40, "hours", "hours of volunteering for migrants a week; 0 for none"),
    Column("volunteered", "u1", 0, 0, 1, "flag", "was a volunteer at any time"),
    Column("fatigue", "f8", 0, 0, 1, "1", "tiredness of a volunteer"),
)

MIGRANTS: tuple[Column, ...] = (
    Column("entity", "u8", 0, 0, 2**64 - 1, "key", "immutable address: group, cohort month, ordinal"),
    Column("group", "i4", 0, 0, len(GROUPS) - 1, "code", "row in the catalogue of groups"),
    Column("cohort", "i4", 0, 0, 10000, "month", "month of arrival"),
    Column(
        "head", "i4", -1, -1, 2**31 - 1, "migrant", "family member who decides for the person, -1 for oneself"
    ),
    Column("mother", "i4", -1, -1, 2**31 - 1, "migrant", "mother of a person born here, -1 for others"),
    Column("sponsor", "i4", -1, -1, 2**31 - 1, "migrant", "whom the person followed here, -1 for none"),
    Column("present", "u1", 0, 0, 1, "flag", "lives in the locality"),
    Column("left", "i4", -1, -1, 10000, "month", "month of onward move or death, -1 while present"),
    Column("departure", "u1", 0, 0, 3, "code", "why: none yet, moved on, moved on after a refusal, died"),
    Column("age", "f8", 28, 0, 110, "years", "age"),
    Column("female", "u1", 0, 0, 1, "flag", "gender"),
    Column("skill", "f8", 0.4, 0, 1, "1", "skill of training brought along"),
    Column("pace", "f8", 0, 0, 3, "1", "speed of learning relative to equals, 0 before the first month"),
    Column("visible", "u1", 0, 0, 1, "flag", "visible minority (veil, colour)"),
    Column("arrival", "i4", 0, 0, 2, "code", "placed and leaving, placed and staying, chose"),
    Column("status", "i4", 0, 0, 2, "code", "procedure, protected, refused"),
    Column("decision", "i4", 0, 0, 10000, "month", "month the procedure ends"),
    Column("language", "f8", 0, 0, 1, "1", "command of the local language"),
    Column("job", "i4", 0, 0, 2, "code", "none, precarious, employed"),
    Column("workplace", "i4", -1, -1, 2**31 - 1, "place", "workplace, -1 without job"),
    Column("housing", "i4", 0, 0, 3, "code", "reception, supported, hosted, private"),
    Column(
        "host", "i4", -1, -1, 2**31 - 1, "resident", "resident in whose home the person lives, -1 for none"
    ),
    Column("home_search", "f8", 0, 0, 10000, "months", "time of search for an own home"),
    Column("refused_job", "u1", 0, 0, 1, "flag", "an employer said no for the group this month"),
    Column("refused_home", "u1", 0, 0, 1, "flag", "a landlord said no for the group this month"),
    Column("neighbourhood", "i4", 0, -1, 2**31 - 1, "place", "place of the home"),
    Column("school", "i4", -1, -1, 2**31 - 1, "place", "own or children's school, -1 for none"),
    Column("association", "i4", -1, -1, 2**31 - 1, "place", "association joined, -1 for none"),
    Column("family", "i4", 0, 0, 2, "code", "none, abroad, here"),
    Column("children", "u1", 0, 0, 1, "flag", "children of school age here"),
    Column("searching", "f8", 0, 0, 10000, "months", "time of search for work with the right to it"),
    Column("good", "f8", 0, 0, 1e6, "hours", "good contact with residents this month"),
    Column("bad", "f8", 0, 0, 1e6, "hours", "bad contact with residents this month"),
    Column("contact", "f8", 0, 0, 1e6, "hours", "fading memory of good contact"),
    Column("discrimination", "f8", 0, 0, 1e6, "events", "fading memory of discrimination"),
    Column("events", "f8", 0, 0, 1e6, "events", "discrimination events this month"),
    Column("met", "i4", -1, -1, 2**31 - 1, "resident", "residents met this month", MEETINGS),
    Column("met_hours", "f8", 0, 0, 1e4, "hours", "effective hours of each meeting", MEETINGS),
    Column("met_venue", "i4", -1, -1, 20, "code", "kind of place of each meeting", MEETINGS),
    Column("met_good", "u1", 0, 0, 1, "flag", "valence of each meeting", MEETINGS),
    Column(
        "helper",
        "i4",
        -1,
        -1,
        2**31 - 1,
        "resident",
        "volunteers who accompany the person, -1 empty",
        HELPERS,
    ),
    Column("circle", "i4", -1, -1, 2**31 - 1, "resident", "residents of the person's evening group", CIRCLE),
    Column("tie", "i4", -1, -1, 2**31 - 1, "resident", "ties to residents, -1 empty", TIES),
    Column("tie_venue", "i4", -1, -1, 20, "code", "kind of place where the tie was made", TIES),
    Column("tie_month", "i4", -1, -1, 10000, "month", "month the tie was made", TIES),
    Column("coethnic", "f8", 0, 0, 1e3, "ties", "ties to people of the same origin"),
    Column("known", "f8", 0.1, 0, 1, "1", "share of local services known (S94)"),
    Column("trust", "f8", 0, -1, 1, "1", "trust in local institutions"),
    Column("attitude", "f8", 0.3, -1, 1, "1", "attitude towards residents"),
    Column("belonging", "f8", 0, -1, 1, "1", "feels welcome and at home"),
    Column("loneliness", "f8", 0.5, 0, 1, "1", "loneliness"),
    Column("stay", "f8", 0, -1, 1, "1", "intention to stay"),
    Column("deprivation", "f8", 0, 0, 1, "1", "deprivation relative to Ukrainians (S96)"),
)
