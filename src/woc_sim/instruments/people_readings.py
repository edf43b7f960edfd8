"""Readings of residents, migrants and their encounters, taken in 2023."""

from __future__ import annotations

from typing import Final

from woc_sim.instruments.observables import EMPLOYMENT_YEARS, LANGUAGE_YEARS, readings_of, words
from woc_sim.world.places import PLACE_KINDS

_PEOPLE = "2023-06"

RESIDENT_SURVEY: Final = readings_of(
    "resident_survey",
    _PEOPLE,
    (
        ("respondents", "count", "residents who answered", "residents.age"),
        (
            "well_integrated_ne",
            "share",
            "say that non-European refugees are well integrated",
            "migrants.language migrants.job migrants.tie residents.attitude_to",
        ),
        (
            "well_integrated_ua",
            "share",
            "say that Ukrainian refugees are well integrated",
            "migrants.language migrants.job migrants.tie residents.attitude_to",
        ),
        (
            "support_ne",
            "share",
            "say that policies should fully support non-European refugees",
            "latent_attitude",
        ),
        (
            "support_ua",
            "share",
            "say that policies should fully support Ukrainian refugees",
            "latent_attitude_ua",
        ),
        ("support_more", "share", "are for more measures for integration", "residents.attitude_to"),
        ("against_more", "share", "are convincingly against more measures", "residents.attitude_to"),
        (
            "relations_none_ne",
            "share",
            "say almost no relationships with non-European refugees",
            "latent_no_contact_ne residents.contact_with residents.conflict_with",
        ),
        (
            "relations_good_ne",
            "share",
            "say good relationships with non-European refugees",
            "residents.contact_with residents.conflict_with",
        ),
        (
            "relations_tense_ne",
            "share",
            "say tense relationships with non-European refugees",
            "residents.contact_with residents.conflict_with",
        ),
        (
            "relations_none_ua",
            "share",
            "say almost no relationships with Ukrainian refugees",
            "latent_no_contact_ua residents.contact_with residents.conflict_with",
        ),
        (
            "relations_good_ua",
            "share",
            "say good relationships with Ukrainian refugees",
            "residents.contact_with residents.conflict_with",
        ),
        (
            "relations_tense_ua",
            "share",
            "say tense relationships with Ukrainian refugees",
            "residents.contact_with residents.conflict_with",
        ),
        *(
            (
                f"contact_{kind}_{group}",
                "share",
                f"met {people} in the last year in the setting {words(kind)}",
                "migrants.met migrants.met_venue",
            )
            for group, people in (("ne", "a non-European refugee"), ("ua", "a Ukrainian refugee"))
            for kind in PLACE_KINDS
        ),
        (
            "obstacles_values_ne",
            "share",
            "call values an important obstacle to relations with non-Europeans",
            "residents.distance_to",
        ),
        (
            "obstacles_values_ua",
            "share",
            "call values an important obstacle to relations with Ukrainians",
            "residents.distance_to",
        ),
        (
            "obstacles_language_ne",
            "share",
            "call language an important obstacle to relations with non-Europeans",
            "migrants.language",
        ),
        (
            "obstacles_language_ua",
            "share",
            "call language an important obstacle to relations with Ukrainians",
            "migrants.language",
        ),
        (
            "r_leisure_well_ne",
            "1",
            "correlation of leisure contact and 'non-Europeans well integrated'",
            "residents.leisure migrants.language migrants.job migrants.tie",
        ),
        (
            "r_leisure_well_ua",
            "1",
            "correlation of leisure contact and 'Ukrainians well integrated'",
            "residents.leisure migrants.language migrants.job migrants.tie",
        ),
        (
            "r_threat_well_ne",
            "1",
            "correlation of perceived threat and 'non-Europeans well integrated'",
            "residents.threat migrants.language migrants.job migrants.tie",
        ),
        (
            "r_threat_well_ua",
            "1",
            "correlation of perceived threat and 'Ukrainians well integrated'",
            "residents.threat migrants.language migrants.job migrants.tie",
        ),
        (
            "r_benefit_well_ne",
            "1",
            "correlation of perceived benefit and 'non-Europeans well integrated'",
            "residents.benefit migrants.language migrants.job migrants.tie",
        ),
        (
            "r_benefit_well_ua",
            "1",
            "correlation of perceived benefit and 'Ukrainians well integrated'",
            "residents.benefit migrants.language migrants.job migrants.tie",
        ),
        (
            "r_relations_well_ne",
            "1",
            "correlation of no or tense relations and 'non-Europeans well integrated'",
            "residents.contact_with residents.conflict_with migrants.language migrants.job migrants.tie",
        ),
        (
            "r_relations_well_ua",
            "1",
            "correlation of no or tense relations and 'Ukrainians well integrated'",
            "residents.contact_with residents.conflict_with migrants.language migrants.job migrants.tie",
        ),
        (
            "r_contact_attitude_ne",
            "1",
            "correlation of contact and attitude, non-Europeans",
            "residents.contact_with residents.attitude_to",
        ),
        (
            "r_contact_attitude_ua",
            "1",
            "correlation of contact and attitude, Ukrainians",
            "residents.contact_with residents.attitude_to",
        ),
        (
            "vote_rrp",
            "share",
            "intend to vote for a radical-right party",
            "residents.leaning residents.attitude_to residents.threat locality.politicisation",
        ),
        (
            "latent_attitude",
            "-1..1",
            "all residents' true mean attitude to non-Europeans",
            "residents.attitude_to",
        ),
        (
            "latent_attitude_ua",
            "-1..1",
            "all residents' true mean attitude to Ukrainians",
            "residents.attitude_to",
        ),
        (
            "latent_attitude_sd",
            "1",
            "standard deviation of all residents' attitude to non-Europeans",
            "residents.attitude_to",
        ),
        (
            "latent_no_contact_ne",
            "share",
            "all residents without a meeting with a non-European in the last year",
            "migrants.met",
        ),
        (
            "latent_no_contact_ua",
            "share",
            "all residents without a meeting with a Ukrainian in the last year",
            "migrants.met",
        ),
        (
            "attitude_stability",
            "1",
            "correlation of residents' attitudes with those twelve months before",
            "residents.attitude_to",
        ),
    ),
)

MIGRANT_INTERVIEWS: Final = readings_of(
    "migrant_interviews",
    _PEOPLE,
    (
        ("interviewed_migrants", "count", "migrants who were interviewed", "migrants.present"),
        ("ties_mean", "ties", "mean ties to residents", "latent_ties"),
        ("no_tie_share", "share", "without a tie to any resident", "latent_no_tie_share"),
        ("lonely_share", "share", "say they are lonely", "latent_loneliness"),
        ("discrimination_share", "share", "report discrimination", "latent_discrimination"),
        ("welcome_share", "share", "feel welcome", "latent_belonging"),
        ("stay_share", "share", "want to stay", "latent_stay"),
        (
            "stay_chose",
            "share",
            "want to stay, of those who chose the place",
            "migrants.stay migrants.arrival",
        ),
        ("stay_placed", "share", "want to stay, of those who were placed", "migrants.stay migrants.arrival"),
        (
            "stay_children",
            "share",
            "want to stay, of those with children at school",
            "migrants.stay migrants.children",
        ),
        ("stay_no_children", "share", "want to stay, of those without", "migrants.stay migrants.children"),
        (
            "ties_ne",
            "ties",
            "mean ties of non-Europeans, a person or a year of stay (instruments.stay_counts)",
            "migrants.tie",
        ),
        (
            "ties_ua",
            "ties",
            "mean ties of Ukrainians, a person or a year of stay (instruments.stay_counts)",
            "migrants.tie",
        ),
        (
            "good_share_ne",
            "share",
            "good contact of all contact of the interviewed non-Europeans in the month",
            "latent_good_ne",
        ),
        (
            "good_share_ua",
            "share",
            "good contact of all contact of Ukrainians in the month",
            "latent_good_ua",
        ),
        (
            "r_ties_language",
            "1",
            "correlation of ties and language over all migrants",
            "migrants.tie migrants.language",
        ),
        (
            "r_ties_job",
            "1",
            "correlation of ties and having a job over all migrants of working age",
            "migrants.tie migrants.job",
        ),
        (
            "r_ties_known",
            "1",
            "correlation of ties and known services over all migrants",
            "migrants.tie migrants.known",
        ),
        (
            "belonging_slope",
            "1/year",
            "slope of belonging on years since arrival over all non-Europeans",
            "migrants.belonging migrants.cohort",
        ),
        (
            "ties_slope",
            "ties/year",
            "slope of ties on years since arrival over all non-Europeans",
            "migrants.tie migrants.cohort",
        ),
        (
            "belonging_improved",
            "share",
            "non-Europeans whose belonging rose since their first year here",
            "migrants.belonging",
        ),
        (
            "ties_improved",
            "share",
            "non-Europeans who have more ties than after their first year here",
            "migrants.tie",
        ),
        (
            "experience_ne_before",
            "-1..1",
            "mean belonging in 2021-12 of non-Europeans still present",
            "migrants.belonging",
        ),
        (
            "experience_ne_after",
            "-1..1",
            "mean belonging of the same persons in 2023-06",
            "migrants.belonging",
        ),
        ("latent_ties", "ties", "mean ties of all migrants", "migrants.tie"),
        ("latent_no_tie_share", "share", "all migrants without a tie", "migrants.tie"),
        ("latent_belonging", "-1..1", "mean belonging of all migrants", "migrants.belonging"),
        ("latent_loneliness", "0..1", "mean loneliness of all migrants", "migrants.loneliness"),
        ("latent_stay", "-1..1", "mean intention to stay of all migrants", "migrants.stay"),
        (
            "latent_discrimination",
            "events",
            "mean fading memory of discrimination of all migrants",
            "migrants.discrimination",
        ),
        (
            "discrimination_visible",
            "events",
            "mean memory of discrimination of visible non-Europeans",
            "migrants.discrimination migrants.visible",
        ),
        (
            "discrimination_not_visible",
            "events",
            "mean memory of discrimination of other non-Europeans",
            "migrants.discrimination migrants.visible",
        ),
        (
            "loneliness_family_abroad",
            "0..1",
            "mean loneliness of non-Europeans whose family is abroad",
            "migrants.loneliness migrants.family",
        ),
        (
            "loneliness_family_here",
            "0..1",
            "mean loneliness of non-Europeans whose family is here",
            "migrants.loneliness migrants.family",
        ),
        ("latent_language", "0..1", "mean command of the language of all migrants", "migrants.language"),
        (
            "latent_employed",
            "share",
            "employed or in precarious work, of all migrants of working age",
            "migrants.job",
        ),
        ("latent_private_home", "share", "in a private home, of all migrants", "migrants.housing"),
        (
            "latent_good_ne",
            "share",
            "good contact of all contact of non-Europeans in the month",
            "migrants.good migrants.bad",
        ),
        (
            "latent_good_ua",
            "share",
            "good contact of all contact of Ukrainians in the month",
            "migrants.good migrants.bad",
        ),
        *(
            (
                f"employed_{year}y",
                "share",
                f"non-Europeans of working age in work {year} years after arrival",
                "migrants.job",
            )
            for year in EMPLOYMENT_YEARS
        ),
        (
            "employed_ua_1y",
            "share",
            "Ukrainians of working age in work one year after arrival",
            "migrants.job",
        ),
        *(
            (
                f"language_good_{year}y",
                "share",
                f"non-Europeans with a good command {year} years after arrival",
                "migrants.language",
            )
            for year in LANGUAGE_YEARS
        ),
        (
            "onward_3y",
            "share",
            "moved on within 3 years of arrival, of those who arrived at least 3 years ago",
            "migrants.left",
        ),
        (
            "onward_5y",
            "share",
            "moved on within 5 years of arrival, of those who arrived at least 5 years ago",
            "migrants.left",
        ),
        (
            "onward_status_3y",
            "share",
            "moved on within 3 years of the decision, of those still there when it came",
            "migrants.left migrants.decision",
        ),
    ),
)

ENCOUNTERS: Final = readings_of(
    "encounter_log",
    _PEOPLE,
    (
        *(
            (
                f"good_{kind}",
                "share",
                f"good meetings of all meetings in the setting {words(kind)}",
                "encounters.good_total encounters.bad_total",
            )
            for kind in PLACE_KINDS
        ),
        *(
            (
                f"meetings_{kind}",
                "share",
                f"share of all meetings that fall in the setting {words(kind)}",
                "encounters.good_total encounters.bad_total",
            )
            for kind in PLACE_KINDS
        ),
        *(
            (
                f"tie_origin_{kind}",
                "share",
                f"ties between migrants and residents that began in {words(kind)}",
                "migrants.tie_venue",
            )
            for kind in PLACE_KINDS
        ),
        *(
            (
                f"discrimination_{kind}",
                "share",
                f"bad meetings that fall in the setting {words(kind)}",
                "encounters.bad_total",
            )
            for kind in PLACE_KINDS
        ),
        (
            "tie_volunteer_share",
            "share",
            "ties that are held by residents who ever volunteered",
            "migrants.tie residents.volunteered",
        ),
        ("tie_gini", "0..1", "Gini coefficient of ties to migrants over residents", "migrants.tie"),
        ("residents_with_tie", "share", "residents with at least one tie to a migrant", "migrants.tie"),
        (
            "positive_without_tie",
            "share",
            "residents with a friendly attitude and no tie to a migrant",
            "migrants.tie residents.attitude_to",
        ),
        (
            "volunteers_per_migrant",
            "1",
            "residents who volunteer per migrant",
            "residents.volunteer migrants.present",
        ),
    ),
)
