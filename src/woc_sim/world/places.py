"""Places where people meet, who belongs to them, and the links residents have among each other."""

from __future__ import annotations

from woc_sim.world.columns import Column

# Kinds of place, from the least to the most structured setting; VOLUNTEERING is a setting, not a building.
# So is HOST_HOME, the home of a resident who gives a migrant a room.
(
    NEIGHBOURHOOD,
    WORKPLACE,
    SCHOOL,
    ASSOCIATION,
    PUBLIC_SPACE,
    RECEPTION_CENTRE,
    VOLUNTEERING,
    INTERCULTURAL,
    HOST_HOME,
) = range(9)
PLACE_KINDS = (
    "neighbourhood",
    "workplace",
    "school",
    "association",
    "public_space",
    "reception_centre",
    "volunteering",
    "intercultural",
    "host_home",
)

PLACES: tuple[Column, ...] = (
    Column("kind", "i4", 0, 0, len(PLACE_KINDS) - 1, "code", "kind of place"),
    Column("sector", "i4", -1, -1, 20, "code", "economic sector of a workplace, -1 for other places"),
    Column("owner", "i4", -1, -1, 2**31 - 1, "resident", "resident who hires or hosts, -1 for none"),
    Column("member_start", "i4", 0, 0, 2**31 - 1, "index", "first row of its members"),
    Column("member_count", "i4", 0, 0, 2**31 - 1, "count", "number of resident members"),
    Column("migrant_workers", "i4", 0, 0, 2**31 - 1, "count", "migrants working there"),
)

MEMBERS: tuple[Column, ...] = (
    Column("resident", "i4", 0, 0, 2**31 - 1, "resident", "a resident who belongs to the place"),
)

LINKS: tuple[Column, ...] = (
    Column("other", "i4", 0, 0, 2**31 - 1, "resident", "the other end of a link between residents"),
)

ENCOUNTERS: tuple[Column, ...] = (
    Column(
        "good", "f8", 0, 0, 1e9, "events", "good meetings of more than a glance this month, by kind of place"
    ),
    Column("bad", "f8", 0, 0, 1e9, "events", "bad meetings this month, by kind of place"),
    Column("good_total", "f8", 0, 0, 1e12, "events", "good meetings since the start"),
    Column("bad_total", "f8", 0, 0, 1e12, "events", "bad meetings since the start"),
    Column("hours_total", "f8", 0, 0, 1e12, "hours", "effective hours since the start"),
)
