"""Columns of organisations, their relations, measures, sectors, council blocs and the locality itself.

Organisations are Mesa agents (`woc_sim.world.organisations`); the agent is a view on its row here.
"""

from __future__ import annotations

from woc_sim.inputs.organisations import INTERESTS, KIND_LEVELS, TRAITS
from woc_sim.inputs.vocabulary import (
    ACTOR_KINDS,
    COMPONENTS,
    DIAGNOSTIC_FRAMES,
    MEASURE_ROLES,
    PROGNOSTIC_FRAMES,
    SECTORS,
)
from woc_sim.rules.comparison import UNKNOWN
from woc_sim.world.columns import Column
from woc_sim.world.groups import GROUPS

ORGANISATIONS: tuple[Column, ...] = (
    Column("entity", "u8", 0, 0, 2**64 - 1, "key", "immutable address of the organisation's draws"),
    Column("kind", "i4", 0, 0, len(ACTOR_KINDS) - 1, "code", "actor kind, by its row in organisations.csv"),
    Column(
        "level",
        "i4",
        0,
        0,
        len(KIND_LEVELS) - 1,
        "code",
        "local (0), of the region, the nation or the EU",
    ),
    Column("interest", "i4", 0, 0, len(INTERESTS) - 1, "code", "what its kind acts for, 0 no interest"),
    *(Column(trait, "u1", 0, 0, 1, "flag", f"trait of its kind: {TRAITS[trait]}") for trait in TRAITS),
    Column("active", "u1", 1, 0, 1, "flag", "exists (migrant organisations and radical right come and go)"),
    Column("ideology", "f8", 0, -1, 1, "1", "exclusive -1 to inclusive +1"),
    Column("own_ideology", "f8", 0, -3, 3, "1", "ideology of its own, before it follows another"),
    Column("leader", "f8", 0, -1, 1, "1", "trait of the leading person"),
    Column("capacity", "f8", 1, 0, 1e4, "staff", "staff that can be given to integration"),
    Column("dependence", "f8", 0, 0, 1, "1", "share of funds or orders that come from the executive"),
    Column("engagement", "f8", 0.3, 0, 1, "1", "how far the organisation takes up the topic"),
    Column("belief", "f8", 0, -1, 1, "1", "believed attitude of residents"),
    Column("fatigue", "f8", 0, 0, 1, "1", "tiredness of members and helpers"),
    Column(
        "volunteers", "f8", 0, 0, 1e6, "hours", "volunteer hours a month per 1000 inhabitants it can draw on"
    ),
    Column("diagnostic", "f8", 0, 0, 1, "1", "strength of each diagnostic frame", len(DIAGNOSTIC_FRAMES)),
    Column(
        "prognostic", "f8", 0.25, 0, 1, "1", "weights of the prognostic frames, sum 1", len(PROGNOSTIC_FRAMES)
    ),
    Column(
        "bias",
        "f8",
        1,
        0,
        10,
        "1",
        "lasting individual preference among prognostic frames",
        len(PROGNOSTIC_FRAMES),
    ),
    Column("initiative", "f8", 0, 0, 1, "flag", "initiative in force, by sector", len(SECTORS)),
    Column("started", "i4", -1, -1, 10000, "month", "month the initiative began, by sector", len(SECTORS)),
)


def governance_columns(organisations: int) -> tuple[Column, ...]:
    """Square relation arrays between `organisations` organisations."""
    return (
        Column(
            "habit",
            "f8",
            0,
            0,
            400,
            "meetings/year",
            "meetings on integration in ordinary times",
            organisations,
        ),
        Column(
            "frequency",
            "f8",
            0,
            0,
            400,
            "meetings/year",
            "meetings really held (Covid included)",
            organisations,
        ),
        Column("tone", "f8", 0, -1, 1, "1", "conflictual -1 to collaborative +1", organisations),
        Column("shared", "f8", 0, 0, 1, "1", "common sectors of activity, as a share", organisations),
        Column(
            "reach", "f8", 1, 0, 1, "1", "how easily the two can meet (distance, competence)", organisations
        ),
    )


MEASURES: tuple[Column, ...] = (
    Column("component", "i4", -1, -1, len(COMPONENTS) - 1, "code", "MIPEX-L component, -1 if restrictive"),
    Column("sector", "i4", 0, 0, len(SECTORS) - 1, "code", "need it serves"),
    Column("direction", "f8", 1, -1, 1, "1", "inclusive +1 or restrictive -1"),
    Column("weight", "f8", 0, 0, 1, "1", "share of its component's score"),
    Column("cost", "f8", 0.5, 0, 10, "1", "staff and money, relative to a running service"),
    Column("coverage", "f8", 1, 0, 1, "1", "share of migrants in its target group"),
    Column("strength", "f8", 0.5, 0, 1, "1", "effect on its sector at full implementation"),
    Column("targeted", "u1", 1, 0, 1, "flag", "addresses migrants, not everybody (S66)"),
    Column("duty", "f8", 0, 0, 1, "1", "legal duty: 0 none, 0.5 soft, 1 binding"),
    Column("practised", "f8", 1, 0, 1, "share", "how far its duty is practised in the region"),
    Column("funding", "f8", 0, 0, 1, "1", "share of the cost covered from above"),
    Column("posts", "f8", 0, 0, 5, "post", "posts that must be filled for it to work"),
    Column("shares", "u1", 0, 0, 1, "flag", "gives others a say, or a ground to call to account"),
    Column("in_force", "u1", 0, 0, 1, "flag", "adopted by the executive and not dropped"),
    Column("since", "i4", -1, -1, 10000, "month", "month of adoption, -1 if not in force"),
    Column("effect", "f8", 0, 0, 1, "1", "implemented effect after discretion and posts"),
    Column("known", "f8", 0, 0, 1, "1", "know-how of the measure in the administration"),
    Column("bulletin", "f8", 0, 0, 1, "share", "peer localities that have it, as heard a month late"),
    Column(
        "role",
        "i4",
        0,
        0,
        len(MEASURE_ROLES) - 1,
        "code",
        f"what it does for the others: {', '.join(MEASURE_ROLES[1:])}; 0 nothing",
    ),
    Column("utility", "f8", 0, -100, 100, "1", "last weighing by the executive"),
    Column("part_own", "f8", 0, -100, 100, "1", "contribution of own ideology in the last weighing"),
    Column("part_opinion", "f8", 0, -100, 100, "1", "contribution of believed public opinion"),
    Column("part_party", "f8", 0, -100, 100, "1", "contribution of party pressure"),
    Column("part_lobby", "f8", 0, -100, 100, "1", "contribution of lobbying heard"),
    Column("part_need", "f8", 0, -100, 100, "1", "contribution of unmet need"),
    Column("part_mandate", "f8", 0, -100, 100, "1", "contribution of the mandate"),
    Column("part_cost", "f8", 0, -100, 100, "1", "contribution of cost and load"),
)

SECTORS_STATE: tuple[Column, ...] = (
    Column("need", "f8", 0, 0, 1, "1", "need of the migrants present, before any help"),
    Column("public", "f8", 0, 0, 1, "1", "coverage by measures of the municipality"),
    Column("higher", "f8", 0, 0, 1, "1", "coverage by law or higher levels"),
    Column("civil", "f8", 0, 0, 1, "1", "coverage by mission-driven initiatives"),
    Column("business", "f8", 0, 0, 1, "1", "coverage by interest-driven initiatives"),
    Column("nonpublic", "f8", 0, 0, 1, "1", "coverage by all non-public initiatives"),
    Column("restrictive", "f8", 0, 0, 1, "1", "harm by restrictive measures"),
)

BLOCS: tuple[Column, ...] = (
    Column("seats", "f8", 0, 0, 1, "share", "share of council seats"),
    Column("ideology", "f8", 0, -1, 1, "1", "exclusive -1 to inclusive +1"),
    Column("salience", "f8", 0.5, 0, 1, "1", "weight the bloc gives to the topic"),
    Column("executive", "u1", 0, 0, 1, "flag", "supports the executive"),
    Column("radical_right", "u1", 0, 0, 1, "flag", "radical-right party"),
)

VOICES: tuple[Column, ...] = (
    Column(
        "stance", "f8", 0, -1, 1, "1", "attitude that a letter, meeting or protest of a resident expressed"
    ),
)
VOICES_KEPT = 96  # public voices that are remembered in a place, the oldest replaced first

LOCALITY: tuple[Column, ...] = (
    # inputs, drawn inside their bands for the replicate
    Column("inhabitants", "f8", 20000, 1, 1e7, "persons", "inhabitants at the start"),
    Column("scale", "f8", 1, 0, 1, "1", "persons simulated per inhabitant"),
    Column("rrp", "f8", 0, 0, 1, "share", "seats of radical-right parties"),
    Column("executive_ideology", "f8", 0, -1, 1, "1", "ideology of the executive"),
    Column("trend", "f8", 0, -0.05, 0.05, "1/year", "population trend"),
    Column(
        "foreign_2014", "f8", 0.05, 0, 1, "share", "residents with a migration background from before 2014"
    ),
    Column("origin_shared", "f8", 0, 0, 1, "share", "residents with origins of migrants who came after 2014"),
    Column("unemployment_base", "f8", 0.08, 0, 1, "share", "unemployment of the locality in 2019"),
    Column(
        "municipal_spending",
        "f8",
        8,
        0,
        50,
        "%",
        "share of the gross domestic product spent by municipalities",
    ),
    Column("welfare_public", "f8", 0.5, 0, 1, "1", "welfare tradition: public (1) or third sector (0)"),
    Column(
        "arrivals_per_1000",
        "f8",
        *(2, 0, 100, "1/1000"),
        "arrivals of each group per 1000 inhabitants: a year, or in all by the end of 2022",
        by=GROUPS,
    ),
    Column("placed_share", "f8", 0.7, 0, 1, "share", "share placed by quota"),
    Column(
        "rejected", "f8", 0.3, 0, 1, "share", "claims that the country's first instance rejects this year"
    ),
    Column("waiting", "f8", 12, 0, 120, "months", "length of the asylum procedure"),
    Column(
        "residence_rule", "f8", 0, 0, 240, "months", "time a placed person without work may not move away"
    ),
    # calendar
    Column("nation_ideology", "f8", 0, -1, 1, "1", "stance of the national majority"),
    Column("region_ideology", "f8", 0, -1, 1, "1", "stance of the regional majority"),
    Column(
        "arriving",
        "f8",
        *(0, 0, 100, "1"),
        "arrivals of each group this month: against the mean month of 2014-21, or as a share of all of them",
        by=GROUPS,
    ),
    Column("meetings", "f8", 1, 0, 1, "1", "multiplier of meetings (Covid)"),
    Column("media", "f8", 0, 0, 1, "1", "salience of the topic in the media"),
    # demography, work and housing
    Column("residents_now", "f8", 20000, 0, 1e7, "persons", "residents as the trend has it"),
    Column("households", "f8", 9000, 0, 1e7, "households", "households that want a dwelling"),
    Column("dwellings", "f8", 9500, 0, 1e7, "dwellings", "stock of dwellings"),
    Column("building", "f8", 1, 0, 4, "1", "pace of building against the mean place"),
    Column("vacancy", "f8", 0.05, 0, 1, "share", "vacant dwellings"),
    Column("unemployment", "f8", 0.08, 0, 1, "share", "unemployment now"),
    Column("tightness", "f8", 1, 0, 100, "1", "vacant jobs per seeker"),
    Column(
        "employers_accept",
        "f8",
        *(0.5, 0, 1, "1", "mean acceptance of each group by employers"),
        by=GROUPS,
    ),
    Column(
        "landlords_accept",
        "f8",
        *(0.5, 0, 1, "1", "mean acceptance of each group by landlords"),
        by=GROUPS,
    ),
    Column(
        "landlords_prefer",
        "f8",
        *(0, -1, 1, "1"),
        "landlords: acceptance of the group that each is compared with less that of its own",
        by=GROUPS,
    ),
    Column("arrivals", "f8", 0, 0, 1e6, "persons", "migrants who arrived this month (simulated persons)"),
    Column("arrival_rate", "f8", 0, 0, 1, "1/year", "arrivals of the last year per resident"),
    Column("migrant_share", "f8", 0, 0, 1, "share", "post-2014 migrants per person"),
    Column(
        "group_part",
        "f8",
        *(0, 0, 1, "share", "each group among the migrants present"),
        by=GROUPS,
    ),
    Column("openness", "f8", 0, -1, 1, "1", "executive's stance on receiving"),
    Column("reception_quality", "f8", 0.5, 0, 1, "1", "quality of reception"),
    Column("births", "f8", 0, 0, 1e9, "persons", "births among migrants since the start"),
    Column("deaths", "f8", 0, 0, 1e9, "persons", "deaths among migrants since the start"),
    Column("moved_on", "f8", 0, 0, 1e9, "persons", "onward moves since the start"),
    Column("volunteer_share", "f8", 0, 0, 1, "share", "volunteers among residents"),
    # kept only where a theory asks for it (theory/attention, theory/comparison, theory/deservingness)
    Column("used_to", "f8", 0, 0, 1, "1", "salience of the topic that people are used to"),
    Column(
        "rally_left",
        "f8",
        *(0, 0, 100, "1", "what is left of waves of sympathy with each group, in arrivals of the calendar"),
        by=GROUPS,
    ),
    Column(
        "first_wait",
        "f8",
        *(UNKNOWN, UNKNOWN, 1, "share", "of newcomers of each group without protection, -1 unknown"),
        by=GROUPS,
    ),
    Column(
        "first_homes",
        "f8",
        *(UNKNOWN, UNKNOWN, 1, "1", "mean worth of the homes of newcomers of each group, -1 unknown"),
        by=GROUPS,
    ),
    Column(
        "first_work",
        "f8",
        *(UNKNOWN, UNKNOWN, 1, "share", "of newcomers of each group with a job, -1 unknown"),
        by=GROUPS,
    ),
    Column("seen_protected", "f8", *(0, 0, 1, "share", "protected members of each group"), by=GROUPS),
    Column(
        "seen_grateful",
        "f8",
        *(0, 0, 1, "1", "how members of each group think of residents, 1 the best"),
        by=GROUPS,
    ),
    Column(
        "seen_working",
        "f8",
        *(0, 0, 1, "share", "members of each group of working age with a job"),
        by=GROUPS,
    ),
    Column("seen_needy", "f8", *(0, 0, 1, "share", "children among the members of each group"), by=GROUPS),
    # politics and public voice
    Column("politicisation", "f8", 0.05, 0, 1, "1", "state of the locality (A6)"),
    Column("conflicts", "f8", 0, 0, 1, "1", "conflicts heard of lately, as a share of its half-saturation"),
    Column("voice_for", "f8", 0, 0, 1e6, "events/1000", "supportive letters, meetings, protests this month"),
    Column("letters", "f8", 0, 0, 1e6, "events/1000", "letters and posts on the topic this month"),
    Column("gatherings", "f8", 0, 0, 1e6, "events/1000", "residents who spoke up at a meeting this month"),
    Column("protests", "f8", 0, 0, 1e6, "events/1000", "residents who joined a protest this month"),
    Column("voice_against", "f8", 0, 0, 1e6, "events/1000", "hostile letters, meetings, protests this month"),
    Column("heard", "f8", 0, -1, 1, "1", "mean of the voices remembered"),
    Column(
        "remembered", "f8", 0, -1, 1, "1", "attitude that the place is known for, by votes and past voices"
    ),
    Column("voices_raised", "f8", 0, 0, 1e9, "events", "voices raised since the start (simulated)"),
    # steering
    Column("staff", "f8", 5, 0, 1e4, "staff", "administrative staff that can serve integration"),
    Column("officer", "u1", 0, 0, 1, "flag", "integration officer in post"),
    Column("expertise", "f8", 0, 0, 1, "1", "expertise of the officer"),
    Column("load", "f8", 0, 0, 1e4, "1", "cost of measures in force, after funding"),
    Column("labour_shortage", "f8", 0.3, 0, 1, "1", "shortage felt by companies"),
    Column("empty_stock", "f8", 0.3, 0, 1, "1", "vacancy felt by estate companies"),
    Column("mayor", "f8", 0, -1, 1, "1", "mayor's own stance"),
    Column("leadership", "f8", 0, -10, 10, "1", "mayor's deviation from the executive, standard deviations"),
)
