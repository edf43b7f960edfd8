"""The registry of what is observed: indicators of every month and readings of the instruments.

`INDICATORS` are the columns of monthly.parquet, `READINGS` those of final.parquet, both in the order of the
tables. A reading that starts with `latent_` is the true state behind an instrument: it is printed beside
the instrument's own answer, so that a pattern which holds only through the instrument can be told apart
from one of the world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from woc_sim.inputs.vocabulary import ACTOR_KINDS, COMPONENTS, DIAGNOSTIC_FRAMES, PROGNOSTIC_FRAMES, SECTORS
from woc_sim.world.places import PLACE_KINDS

POLICY_MONTH: Final = 120
"""2022-01: governance fieldwork ends before the Ukrainians arrive (S112)."""
PEOPLE_MONTH: Final = 137
"""2023-06: surveys of residents and interviews with migrants (S112)."""
FIRST_WINDOW: Final = (60, 95)
"""2017-01 to 2019-12, first and last month of the first question on meetings."""
SECOND_WINDOW: Final = (96, 119)
"""2020-01 to 2021-12, first and last month of the second question on meetings."""

EMPLOYMENT_YEARS: Final = (1, 2, 3, 5, 6, 7)
LANGUAGE_YEARS: Final = (1, 2, 3, 4, 5)
DRIVERS: Final = ("own", "opinion", "party", "lobby", "need", "mandate", "cost")
LOCAL_GOVERNMENT: Final = ("executive", "officials")
PARTNERS: Final = tuple(kind for kind in ACTOR_KINDS if kind not in LOCAL_GOVERNMENT)
"""Actor kinds that local government can meet."""
KIND_PAIRS: Final = tuple(
    (first, second) for place, first in enumerate(ACTOR_KINDS) for second in ACTOR_KINDS[place + 1 :]
)
"""The 91 pairs of different actor kinds, in the order of the vocabulary."""

Table = Literal["monthly", "final"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A column of the monthly table; nan where it cannot be observed (no migrant is present, no such
    actor).
    """

    name: str
    unit: str
    meaning: str
    table: Table = "monthly"


@dataclass(frozen=True, slots=True)
class Reading:
    """A column of the final table. `month`: when the instrument is applied (or the last month of a shorter
    run).
    """

    name: str
    unit: str
    meaning: str
    instrument: str
    month: str
    table: Table = "final"


def _words(name: str) -> str:
    return name.replace("_", " ")


INDICATORS: Final = (
    Indicator("residents", "persons", "residents, as the population trend has it"),
    Indicator("migrants", "persons", "post-2014 migrants present"),
    Indicator("non_europeans", "persons", "non-European refugees and migrants present"),
    Indicator("ukrainians", "persons", "Ukrainian refugees present"),
    Indicator("arrivals", "persons", "migrants who arrived this month"),
    Indicator("moved_on", "persons", "migrants who moved on since the start"),
    # residents
    Indicator("mean_attitude", "-1..1", "residents' mean attitude to non-European refugees"),
    Indicator("sd_attitude", "1", "standard deviation of residents' attitude to non-European refugees"),
    Indicator(
        "polarisation", "0..1", "four times the product of the shares of the hostile and the friendly camp"
    ),
    Indicator("mean_attitude_ua", "-1..1", "residents' mean attitude to Ukrainian refugees"),
    Indicator("mean_threat", "0..1", "residents' mean perceived threat"),
    Indicator("mean_benefit", "0..1", "residents' mean perceived benefit"),
    Indicator("mean_contact", "hours", "residents' mean fading memory of good contact with non-Europeans"),
    Indicator("mean_norm", "-1..1", "residents' mean witnessed contact of people they know"),
    Indicator("volunteers_share", "share", "residents who volunteer for migrants"),
    Indicator("volunteer_fatigue", "0..1", "mean tiredness of those who ever volunteered"),
    # migrants
    Indicator("employed_share", "share", "migrants of working age in regular employment"),
    Indicator("precarious_share", "share", "migrants of working age in precarious jobs"),
    Indicator("private_home_share", "share", "migrants in private homes of their own"),
    Indicator("reception_share", "share", "migrants in reception centres"),
    Indicator("mean_language", "0..1", "migrants' mean command of the local language"),
    Indicator("ties_per_migrant", "ties", "ties to residents per migrant"),
    Indicator("share_without_tie", "share", "migrants without a tie to any resident"),
    Indicator("discrimination_per_migrant", "events/month", "discrimination events per migrant"),
    Indicator("belonging", "-1..1", "migrants' mean feeling of being welcome and at home"),
    Indicator("loneliness", "0..1", "migrants' mean loneliness"),
    Indicator("stay", "-1..1", "migrants' mean intention to stay"),
    Indicator("deprivation", "0..1", "non-Europeans' mean deprivation relative to Ukrainians"),
    Indicator("trust", "-1..1", "migrants' mean trust in local institutions"),
    Indicator("known_services", "share", "mean share of local services that migrants know"),
    Indicator("good_contacts", "events/month", "good meetings with residents per migrant"),
    Indicator("bad_contacts", "events/month", "bad meetings with residents per migrant"),
    Indicator("contact_hours", "hours/month", "effective hours of good and bad contact per migrant"),
    # place
    Indicator("vacancy", "share", "vacant dwellings"),
    Indicator("unemployment", "share", "unemployment rate"),
    Indicator("tightness", "1", "vacant jobs per seeker"),
    Indicator("acceptance_work", "0..1", "mean acceptance of migrants by employers"),
    Indicator("acceptance_home", "0..1", "mean acceptance of migrants by landlords"),
    Indicator("reception_quality", "0..1", "quality of reception"),
    Indicator("openness", "-1..1", "the executive's stance on receiving"),
    Indicator("load", "1", "cost of measures in force after funding"),
    Indicator("officer", "flag", "integration officer in post"),
    # public voice and beliefs
    Indicator("politicisation", "0..1", "politicisation of the topic in the locality"),
    Indicator("voice_for", "events/1000", "supportive letters, meetings and protests per 1000 residents"),
    Indicator("voice_against", "events/1000", "hostile letters, meetings and protests per 1000 residents"),
    Indicator("belief_executive", "-1..1", "residents' attitude as the executive believes it to be"),
    Indicator("belief_all", "-1..1", "residents' attitude as local organisations believe it to be, mean"),
    # governance
    Indicator("mean_frequency", "meetings/year", "meetings on integration of a pair of local organisations"),
    Indicator(
        "lg_degree", "meetings/year", "meetings of executive and officials with another local organisation"
    ),
    Indicator(
        "vertical_frequency",
        "meetings/year",
        "meetings of executive and officials with region, nation and EU",
    ),
    Indicator("mean_tone", "-1..1", "tone between local organisations, weighted by their meetings"),
    Indicator("migrants_only", "share", "mean weight of the prognostic frame 'migrants only'"),
    Indicator("whole_community", "share", "mean weight of the prognostic frame 'whole community'"),
    Indicator("engagement", "0..1", "mean engagement of local organisations with the topic"),
    Indicator("active_share", "share", "non-public organisations with at least one initiative"),
    Indicator("initiatives", "count", "non-public initiatives in force"),
    Indicator("business_initiatives", "count", "initiatives of companies and estate companies in force"),
    Indicator("measures_in_force", "count", "inclusive measures in force"),
    Indicator("restrictive_in_force", "count", "restrictive measures in force"),
    Indicator("mipex_total", "0-100", "mean of the 13 component scores as they would be rated this month"),
    Indicator("known_measures", "share", "mean know-how of measures in the administration"),
    *(
        Indicator(
            f"coverage_{sector}", "share", f"need of {sector} covered by any supplier, less restrictions"
        )
        for sector in SECTORS
    ),
)
"""Columns of the monthly table, after case, replicate and month."""


def _at(instrument: str, month: str, rows: tuple[tuple[str, str, str], ...]) -> tuple[Reading, ...]:
    return tuple(Reading(name, unit, meaning, instrument, month) for name, unit, meaning in rows)


_POLICY = "2022-01"
_PEOPLE = "2023-06"
_WINDOWS = {"2017": "2017-2019", "2020": "2020-2021"}

_MIPEX = _at(
    "mipex",
    _POLICY,
    (
        ("mipex_total", "0-100", "plain mean of the 13 component scores"),
        *((f"mipex_{each}", "0-100", f"expert score of the component {_words(each)}") for each in COMPONENTS),
    ),
)

_GOVERNANCE_SURVEY = _at(
    "governance_survey",
    _POLICY,
    (
        ("raters", "count", "interviewees who rate"),
        ("perceived_integration", "1-5", "mean rating of the integration of migrants"),
        ("perceived_integration_sd", "1-5", "standard deviation of that rating between interviewees"),
        ("perceived_attitudes", "1-5", "mean rating of residents' attitudes to migrants"),
        ("perceived_attitudes_politicians", "1-5", "the same by interviewed politicians"),
        ("latent_information", "0..1", "mean weight of information in the interviewees' ratings"),
        (
            "latent_integration",
            "1",
            "mean standardised integration of all migrants, every dimension weighing the same",
        ),
        ("latent_attitude_2022", "-1..1", "residents' true mean attitude when the interviewees rate it"),
        (
            "belief_politicians",
            "-1..1",
            "belief of executive and radical-right group, weighted by council seats",
        ),
        ("belief_gap", "1", "belief of the executive minus residents' true mean attitude"),
        ("belief_gap_all", "1", "mean belief of all local organisations minus residents' true mean attitude"),
        ("driver_own", "1-5", "importance of own ideology and values for decisions"),
        ("driver_opinion", "1-5", "importance of public opinion"),
        ("driver_party", "1-5", "importance of pressure from parties"),
        ("driver_lobby", "1-5", "importance of demands heard from other actors"),
        ("driver_need", "1-5", "importance of unmet need"),
        ("driver_mandate", "1-5", "importance of law and mandates"),
        ("driver_cost", "1-5", "importance of cost and workload"),
    ),
)

_NETWORK = (
    *(
        Reading(
            f"lg_{kind}_{year}",
            "1-5",
            f"frequency of meetings between local government and {_words(kind)}",
            "network_survey",
            window,
        )
        for year, window in _WINDOWS.items()
        for kind in PARTNERS
    ),
    *(
        Reading(f"lg_mean_{year}", "1-5", "the same, mean over all partners", "network_survey", window)
        for year, window in _WINDOWS.items()
    ),
    *_at(
        "network_survey",
        _WINDOWS["2020"],
        (
            ("covid_change", "1-5", "mean frequency with partners in 2020-21 minus 2017-19"),
            ("politicians_minus_officials", "1-5", "mean frequency of the executive minus that of officials"),
            *((f"degree_{kind}", "1", f"weighted degree of {_words(kind)}") for kind in ACTOR_KINDS),
            *((f"between_{kind}", "share", f"betweenness of {_words(kind)}") for kind in ACTOR_KINDS),
            ("rank_lg", "rank", "rank of the better of executive and officials by weighted degree"),
            ("rank_lg_between", "rank", "the same by betweenness"),
            ("civil_society_rank", "rank", "best rank of a civil-society kind by weighted degree"),
            (
                "horizontal",
                "0..1",
                "frequent and collaborative relations of local government with non-public actors",
            ),
            (
                "vertical",
                "0..1",
                "frequent and collaborative relations of local government with region and nation",
            ),
            ("negative_ties", "share", "pairs of kinds that meet and whose tone is negative"),
            ("modularity", "1", "modularity of the network of kinds"),
            (
                "latent_lg_degree",
                "meetings/year",
                "meetings of executive and officials with another local organisation",
            ),
            ("latent_lg_degree_2017", "meetings/year", "the same in 2017-2019"),
            (
                "latent_vertical",
                "meetings/year",
                "meetings of executive and officials with region, nation and EU",
            ),
            *(
                (f"net_{first}_{second}", "1-5", f"frequency between {_words(first)} and {_words(second)}")
                for first, second in KIND_PAIRS
            ),
        ),
    ),
)

_FRAMES = _at(
    "frame_interviews",
    _POLICY,
    (
        *(
            (f"frame_p_{each}", "share", f"interviewees with the prognostic frame {_words(each)}")
            for each in PROGNOSTIC_FRAMES
        ),
        *(
            (f"frame_d_{each}", "share", f"interviewees with the diagnostic frame {_words(each)}")
            for each in DIAGNOSTIC_FRAMES
        ),
        ("migrants_only_contact", "share", "'migrants only' among bureaucrats, providers and officials"),
        ("migrants_only_other", "share", "'migrants only' among the other local actors except politicians"),
        ("migrants_only_private", "share", "'migrants only' among companies and estate companies"),
        ("migrants_only_politicians", "share", "'migrants only' among politicians"),
        ("woc_officials", "share", "'whole community' among officials"),
        ("woc_all", "share", "'whole community' among all interviewees"),
        ("latent_migrants_only", "share", "mean weight of 'migrants only' in all local organisations"),
        ("latent_whole_community", "share", "mean weight of 'whole community' in all local organisations"),
    ),
)

_ACCESS = _at(
    "access_rating",
    _POLICY,
    (
        ("access_employment", "0-2", "access to employment: 0 easy, 1 difficult, 2 extremely difficult"),
        ("access_housing", "0-2", "access to housing: 0 easy, 1 difficult, 2 extremely difficult"),
        ("latent_access_employment", "0..1", "difficulty of finding work behind the rating"),
        ("latent_access_housing", "0..1", "difficulty of finding a home behind the rating"),
    ),
)

_RESPONSE = _at(
    "response_class",
    _POLICY,
    (
        (
            "response_class",
            "0-2",
            "response of the whole locality: 0 lack or restrictive, 1 mixed, 2 inclusive",
        ),
        (
            "response_share",
            "share",
            "mean coverage of six needs by public or non-public action, less restrictions",
        ),
        ("latent_need", "share", "mean unmet need over the nine sectors"),
        ("targeted_housing", "flag", "targeted municipal measure on housing in force"),
        ("targeted_work", "flag", "targeted municipal measure on work in force"),
        ("anypublic_housing", "flag", "municipal measure or support from above on housing"),
        ("anypublic_work", "flag", "municipal measure or support from above on work"),
        ("nonstate_housing", "flag", "non-public initiative on housing"),
        ("nonstate_work", "flag", "non-public initiative on work"),
        (
            "active_public",
            "share",
            "public actor kinds with high engagement or, for the executive, an inclusive measure",
        ),
        ("active_nonpublic", "share", "civil-society organisations with at least one initiative"),
        ("active_private", "share", "companies and estate companies with at least one initiative"),
        ("inclusive_count", "count", "inclusive measures in force"),
        ("restrictive_count", "count", "restrictive measures in force"),
        ("officer", "flag", "integration officer in post"),
        (
            "measure_coverage",
            "share",
            "mean share of migrants in the target groups of targeted measures in force",
        ),
    ),
)

_RESIDENT_SURVEY = _at(
    "resident_survey",
    _PEOPLE,
    (
        ("respondents", "count", "residents who answered"),
        ("well_integrated_ne", "share", "say that non-European refugees are well integrated"),
        ("well_integrated_ua", "share", "say that Ukrainian refugees are well integrated"),
        ("support_ne", "share", "say that policies should fully support non-European refugees"),
        ("support_ua", "share", "say that policies should fully support Ukrainian refugees"),
        ("support_more", "share", "are for more measures for integration"),
        ("against_more", "share", "are convincingly against more measures"),
        ("relations_none_ne", "share", "say almost no relationships with non-European refugees"),
        ("relations_good_ne", "share", "say good relationships with non-European refugees"),
        ("relations_tense_ne", "share", "say tense relationships with non-European refugees"),
        ("relations_none_ua", "share", "say almost no relationships with Ukrainian refugees"),
        ("relations_good_ua", "share", "say good relationships with Ukrainian refugees"),
        ("relations_tense_ua", "share", "say tense relationships with Ukrainian refugees"),
        *(
            (
                f"contact_{kind}_{group}",
                "share",
                f"met {people} in the last year in the setting {_words(kind)}",
            )
            for group, people in (("ne", "a non-European refugee"), ("ua", "a Ukrainian refugee"))
            for kind in PLACE_KINDS
        ),
        ("obstacles_values_ne", "share", "call values an important obstacle to relations with non-Europeans"),
        ("obstacles_values_ua", "share", "call values an important obstacle to relations with Ukrainians"),
        (
            "obstacles_language_ne",
            "share",
            "call language an important obstacle to relations with non-Europeans",
        ),
        (
            "obstacles_language_ua",
            "share",
            "call language an important obstacle to relations with Ukrainians",
        ),
        ("r_leisure_well_ne", "1", "correlation of leisure contact and 'non-Europeans well integrated'"),
        ("r_leisure_well_ua", "1", "correlation of leisure contact and 'Ukrainians well integrated'"),
        ("r_threat_well_ne", "1", "correlation of perceived threat and 'non-Europeans well integrated'"),
        ("r_threat_well_ua", "1", "correlation of perceived threat and 'Ukrainians well integrated'"),
        ("r_benefit_well_ne", "1", "correlation of perceived benefit and 'non-Europeans well integrated'"),
        ("r_benefit_well_ua", "1", "correlation of perceived benefit and 'Ukrainians well integrated'"),
        (
            "r_relations_well_ne",
            "1",
            "correlation of no or tense relations and 'non-Europeans well integrated'",
        ),
        ("r_relations_well_ua", "1", "correlation of no or tense relations and 'Ukrainians well integrated'"),
        ("r_contact_attitude_ne", "1", "correlation of contact and attitude, non-Europeans"),
        ("r_contact_attitude_ua", "1", "correlation of contact and attitude, Ukrainians"),
        ("vote_rrp", "share", "intend to vote for a radical-right party"),
        ("latent_attitude", "-1..1", "all residents' true mean attitude to non-Europeans"),
        ("latent_attitude_ua", "-1..1", "all residents' true mean attitude to Ukrainians"),
        ("latent_attitude_sd", "1", "standard deviation of all residents' attitude to non-Europeans"),
        (
            "latent_no_contact_ne",
            "share",
            "all residents without a meeting with a non-European in the last year",
        ),
        (
            "latent_no_contact_ua",
            "share",
            "all residents without a meeting with a Ukrainian in the last year",
        ),
        ("attitude_stability", "1", "correlation of residents' attitudes with those twelve months before"),
    ),
)

_MIGRANT_INTERVIEWS = _at(
    "migrant_interviews",
    _PEOPLE,
    (
        ("interviewed_migrants", "count", "migrants who were interviewed"),
        ("ties_mean", "ties", "mean ties to residents"),
        ("no_tie_share", "share", "without a tie to any resident"),
        ("lonely_share", "share", "say they are lonely"),
        ("discrimination_share", "share", "report discrimination"),
        ("welcome_share", "share", "feel welcome"),
        ("stay_share", "share", "want to stay"),
        ("stay_chose", "share", "want to stay, of those who chose the place"),
        ("stay_placed", "share", "want to stay, of those who were placed"),
        ("stay_children", "share", "want to stay, of those with children at school"),
        ("stay_no_children", "share", "want to stay, of those without"),
        ("ties_ne", "ties", "mean ties of non-Europeans"),
        ("ties_ua", "ties", "mean ties of Ukrainians"),
        (
            "good_share_ne",
            "share",
            "good contact of all contact of the interviewed non-Europeans in the month",
        ),
        ("good_share_ua", "share", "good contact of all contact of Ukrainians in the month"),
        ("r_ties_language", "1", "correlation of ties and language over all migrants"),
        ("r_ties_job", "1", "correlation of ties and having a job over all migrants of working age"),
        ("r_ties_known", "1", "correlation of ties and known services over all migrants"),
        ("belonging_slope", "1/year", "slope of belonging on years since arrival over all non-Europeans"),
        ("ties_slope", "ties/year", "slope of ties on years since arrival over all non-Europeans"),
        ("belonging_improved", "share", "non-Europeans whose belonging rose since their first year here"),
        ("ties_improved", "share", "non-Europeans who have more ties than after their first year here"),
        ("experience_ne_before", "-1..1", "mean belonging in 2021-12 of non-Europeans still present"),
        ("experience_ne_after", "-1..1", "mean belonging of the same persons in 2023-06"),
        ("latent_ties", "ties", "mean ties of all migrants"),
        ("latent_no_tie_share", "share", "all migrants without a tie"),
        ("latent_belonging", "-1..1", "mean belonging of all migrants"),
        ("latent_loneliness", "0..1", "mean loneliness of all migrants"),
        ("latent_stay", "-1..1", "mean intention to stay of all migrants"),
        ("latent_discrimination", "events", "mean fading memory of discrimination of all migrants"),
        ("latent_language", "0..1", "mean command of the language of all migrants"),
        ("latent_employed", "share", "employed or in precarious work, of all migrants of working age"),
        ("latent_private_home", "share", "in a private home, of all migrants"),
        ("latent_good_ne", "share", "good contact of all contact of non-Europeans in the month"),
        ("latent_good_ua", "share", "good contact of all contact of Ukrainians in the month"),
        *(
            (f"employed_{year}y", "share", f"non-Europeans of working age in work {year} years after arrival")
            for year in EMPLOYMENT_YEARS
        ),
        ("employed_ua_1y", "share", "Ukrainians of working age in work one year after arrival"),
        *(
            (
                f"language_good_{year}y",
                "share",
                f"non-Europeans with a good command {year} years after arrival",
            )
            for year in LANGUAGE_YEARS
        ),
        (
            "onward_3y",
            "share",
            "moved on within 3 years of arrival, of those who arrived at least 3 years ago",
        ),
        (
            "onward_5y",
            "share",
            "moved on within 5 years of arrival, of those who arrived at least 5 years ago",
        ),
        (
            "onward_status_3y",
            "share",
            "moved on within 3 years of the decision, of those still there when it came",
        ),
    ),
)

_ENCOUNTERS = _at(
    "encounter_log",
    _PEOPLE,
    (
        *(
            (f"good_{kind}", "share", f"good meetings of all meetings in the setting {_words(kind)}")
            for kind in PLACE_KINDS
        ),
        *(
            (f"meetings_{kind}", "share", f"share of all meetings that fall in the setting {_words(kind)}")
            for kind in PLACE_KINDS
        ),
        *(
            (
                f"tie_origin_{kind}",
                "share",
                f"ties between migrants and residents that began in {_words(kind)}",
            )
            for kind in PLACE_KINDS
        ),
        *(
            (f"discrimination_{kind}", "share", f"bad meetings that fall in the setting {_words(kind)}")
            for kind in PLACE_KINDS
        ),
        ("tie_volunteer_share", "share", "ties that are held by residents who ever volunteered"),
        ("tie_gini", "0..1", "Gini coefficient of ties to migrants over residents"),
        ("residents_with_tie", "share", "residents with at least one tie to a migrant"),
        ("positive_without_tie", "share", "residents with a friendly attitude and no tie to a migrant"),
        ("volunteers_per_migrant", "1", "residents who volunteer per migrant"),
    ),
)

READINGS: Final = (
    *_MIPEX,
    *_GOVERNANCE_SURVEY,
    *_NETWORK,
    *_FRAMES,
    *_ACCESS,
    *_RESPONSE,
    *_RESIDENT_SURVEY,
    *_MIGRANT_INTERVIEWS,
    *_ENCOUNTERS,
)
"""Columns of the final table, after case and replicate."""

INDICATOR_NAMES: Final = tuple(each.name for each in INDICATORS)
READING_NAMES: Final = tuple(each.name for each in READINGS)
