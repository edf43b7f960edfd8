"""Readings of policy, governance and access, taken before the Ukrainians arrive."""

from __future__ import annotations

from typing import Final

from woc_sim.inputs.vocabulary import ACTOR_KINDS, COMPONENTS, DIAGNOSTIC_FRAMES, PROGNOSTIC_FRAMES
from woc_sim.instruments.observables import KIND_PAIRS, PARTNERS, Reading, readings_of, words

_POLICY = "2022-01"
_WINDOWS = {"2017": "2017-2019", "2020": "2020-2021"}
LATENT_DEGREES = {"2017": "latent_lg_degree_2017", "2020": "latent_lg_degree"}
LATENT_FRAMES = ("migrants_only", "whole_community")
"""Prognostic frames whose weight in all organisations is a reading of its own."""

MIPEX: Final = readings_of(
    "mipex",
    _POLICY,
    (
        ("mipex_total", "0-100", "plain mean of the 13 component scores", "measures.in_force"),
        *(
            (f"mipex_{each}", "0-100", f"expert score of the component {words(each)}", "measures.in_force")
            for each in COMPONENTS
        ),
    ),
)

GOVERNANCE_SURVEY: Final = readings_of(
    "governance_survey",
    _POLICY,
    (
        ("raters", "count", "interviewees who rate", "organisations.active"),
        ("perceived_integration", "1-5", "mean rating of the integration of migrants", "latent_integration"),
        (
            "perceived_integration_sd",
            "1-5",
            "standard deviation of that rating between interviewees",
            "organisations.belief",
        ),
        (
            "perceived_attitudes",
            "1-5",
            "mean rating of residents' attitudes to migrants",
            "latent_attitude_2022 organisations.belief",
        ),
        (
            "perceived_attitudes_politicians",
            "1-5",
            "the same by interviewed politicians",
            "organisations.belief",
        ),
        (
            "latent_information",
            "0..1",
            "mean weight of information in the interviewees' ratings",
            "organisations.initiative measures.effect governance.frequency",
        ),
        (
            "latent_integration",
            "1",
            "mean standardised integration of all migrants, every dimension weighing the same",
            "migrants.job migrants.housing migrants.language migrants.tie migrants.discrimination",
        ),
        (
            "latent_attitude_2022",
            "-1..1",
            "residents' true mean attitude when the interviewees rate it",
            "residents.attitude_to",
        ),
        (
            "belief_politicians",
            "-1..1",
            "belief of executive and radical-right group, weighted by council seats",
            "organisations.belief",
        ),
        (
            "belief_gap",
            "1",
            "belief of the executive minus residents' true mean attitude",
            "organisations.belief residents.attitude_to",
        ),
        (
            "belief_gap_all",
            "1",
            "mean belief of all local organisations minus residents' true mean attitude",
            "organisations.belief residents.attitude_to",
        ),
        ("driver_own", "1-5", "importance of own ideology and values for decisions", "measures.part_own"),
        ("driver_opinion", "1-5", "importance of public opinion", "measures.part_opinion"),
        ("driver_party", "1-5", "importance of pressure from parties", "measures.part_party"),
        ("driver_lobby", "1-5", "importance of demands heard from other actors", "measures.part_lobby"),
        ("driver_need", "1-5", "importance of unmet need", "measures.part_need"),
        ("driver_mandate", "1-5", "importance of law and mandates", "measures.part_mandate"),
        ("driver_cost", "1-5", "importance of cost and workload", "measures.part_cost"),
    ),
)

NETWORK: Final = (
    *(
        Reading(
            f"lg_{kind}_{year}",
            "1-5",
            f"frequency of meetings between local government and {words(kind)}",
            ("governance.frequency",),
            "network_survey",
            window,
        )
        for year, window in _WINDOWS.items()
        for kind in PARTNERS
    ),
    *(
        Reading(
            f"lg_mean_{year}",
            "1-5",
            "the same, mean over all partners",
            (LATENT_DEGREES[year], "governance.frequency"),
            "network_survey",
            window,
        )
        for year, window in _WINDOWS.items()
    ),
    *readings_of(
        "network_survey",
        _WINDOWS["2020"],
        (
            (
                "covid_change",
                "1-5",
                "mean frequency with partners in 2020-21 minus 2017-19",
                "governance.frequency",
            ),
            (
                "politicians_minus_officials",
                "1-5",
                "mean frequency of the executive minus that of officials",
                "governance.frequency",
            ),
            *(
                (f"degree_{kind}", "1", f"weighted degree of {words(kind)}", "governance.frequency")
                for kind in ACTOR_KINDS
            ),
            *(
                (f"between_{kind}", "share", f"betweenness of {words(kind)}", "governance.frequency")
                for kind in ACTOR_KINDS
            ),
            (
                "rank_lg",
                "rank",
                "rank of the better of executive and officials by weighted degree",
                "governance.frequency",
            ),
            ("rank_lg_between", "rank", "the same by betweenness", "governance.frequency"),
            (
                "civil_society_rank",
                "rank",
                "best rank of a civil-society kind by weighted degree",
                "governance.frequency",
            ),
            (
                "horizontal",
                "0..1",
                "frequent and collaborative relations of local government with non-public actors",
                "latent_lg_degree governance.frequency governance.tone",
            ),
            (
                "vertical",
                "0..1",
                "frequent and collaborative relations of local government with region and nation",
                "latent_vertical governance.frequency governance.tone",
            ),
            (
                "negative_ties",
                "share",
                "pairs of kinds that meet and whose tone is negative",
                "governance.frequency governance.tone",
            ),
            ("modularity", "1", "modularity of the network of kinds", "governance.frequency"),
            (
                "latent_lg_degree",
                "meetings/year",
                "meetings of executive and officials with another local organisation",
                "governance.frequency",
            ),
            ("latent_lg_degree_2017", "meetings/year", "the same in 2017-2019", "governance.frequency"),
            (
                "latent_vertical",
                "meetings/year",
                "meetings of executive and officials with region, nation and EU",
                "governance.frequency",
            ),
            *(
                (
                    f"net_{first}_{second}",
                    "1-5",
                    f"frequency between {words(first)} and {words(second)}",
                    "governance.frequency",
                )
                for first, second in KIND_PAIRS
            ),
        ),
    ),
)

FRAMES: Final = readings_of(
    "frame_interviews",
    _POLICY,
    (
        *(
            (
                f"frame_p_{each}",
                "share",
                f"interviewees with the prognostic frame {words(each)}",
                f"latent_{each} organisations.prognostic"
                if each in LATENT_FRAMES
                else "organisations.prognostic",
            )
            for each in PROGNOSTIC_FRAMES
        ),
        *(
            (
                f"frame_d_{each}",
                "share",
                f"interviewees with the diagnostic frame {words(each)}",
                "organisations.diagnostic",
            )
            for each in DIAGNOSTIC_FRAMES
        ),
        (
            "migrants_only_contact",
            "share",
            "'migrants only' among bureaucrats, providers and officials",
            "organisations.prognostic",
        ),
        (
            "migrants_only_other",
            "share",
            "'migrants only' among the other local actors except politicians",
            "organisations.prognostic",
        ),
        (
            "migrants_only_private",
            "share",
            "'migrants only' among companies and estate companies",
            "organisations.prognostic",
        ),
        (
            "migrants_only_politicians",
            "share",
            "'migrants only' among politicians",
            "organisations.prognostic",
        ),
        ("woc_officials", "share", "'whole community' among officials", "organisations.prognostic"),
        ("woc_all", "share", "'whole community' among all interviewees", "organisations.prognostic"),
        (
            "latent_migrants_only",
            "share",
            "mean weight of 'migrants only' in all local organisations",
            "organisations.prognostic",
        ),
        (
            "latent_migrants_only_contact",
            "share",
            "its mean weight in bureaucrats, providers and officials",
            "organisations.prognostic",
        ),
        (
            "latent_migrants_only_other",
            "share",
            "its mean weight in organisations far from the executive",
            "organisations.prognostic",
        ),
        (
            "latent_whole_community",
            "share",
            "mean weight of 'whole community' in all local organisations",
            "organisations.prognostic",
        ),
    ),
)

ACCESS: Final = readings_of(
    "access_rating",
    _POLICY,
    (
        (
            "access_employment",
            "0-2",
            "access to employment: 0 easy, 1 difficult, 2 extremely difficult",
            "latent_access_employment",
        ),
        (
            "access_housing",
            "0-2",
            "access to housing: 0 easy, 1 difficult, 2 extremely difficult",
            "latent_access_housing",
        ),
        (
            "latent_access_employment",
            "0..1",
            "difficulty of finding work behind the rating",
            "migrants.job locality.tightness locality.employers_accept",
        ),
        (
            "latent_access_housing",
            "0..1",
            "difficulty of finding a home behind the rating",
            "migrants.housing locality.vacancy locality.landlords_accept",
        ),
    ),
)

RESPONSE: Final = readings_of(
    "response_class",
    _POLICY,
    (
        (
            "response_class",
            "0-2",
            "response of the whole locality: 0 lack or restrictive, 1 mixed, 2 inclusive",
            "sectors.public sectors.nonpublic sectors.restrictive",
        ),
        (
            "response_share",
            "share",
            "mean coverage of six needs by public or non-public action, less restrictions",
            "sectors.public sectors.nonpublic sectors.restrictive",
        ),
        (
            "latent_need",
            "share",
            "mean unmet need over the nine sectors",
            "sectors.need sectors.public sectors.higher sectors.nonpublic",
        ),
        (
            "targeted_housing",
            "flag",
            "targeted municipal measure on housing in force",
            "measures.in_force measures.targeted",
        ),
        (
            "targeted_work",
            "flag",
            "targeted municipal measure on work in force",
            "measures.in_force measures.targeted",
        ),
        (
            "anypublic_housing",
            "flag",
            "municipal measure or support from above on housing",
            "measures.in_force sectors.higher",
        ),
        (
            "anypublic_work",
            "flag",
            "municipal measure or support from above on work",
            "measures.in_force sectors.higher",
        ),
        ("nonstate_housing", "flag", "non-public initiative on housing", "organisations.initiative"),
        ("nonstate_work", "flag", "non-public initiative on work", "organisations.initiative"),
        (
            "active_public",
            "share",
            "public actor kinds with high engagement or, for the executive, an inclusive measure",
            "organisations.engagement measures.in_force",
        ),
        (
            "active_nonpublic",
            "share",
            "civil-society organisations with at least one initiative",
            "organisations.initiative",
        ),
        (
            "active_private",
            "share",
            "companies and estate companies with at least one initiative",
            "organisations.initiative",
        ),
        ("inclusive_count", "count", "inclusive measures in force", "measures.in_force"),
        (
            "targeted_count",
            "count",
            "inclusive measures in force that address migrants",
            "measures.in_force measures.targeted",
        ),
        (
            "mainstream_count",
            "count",
            "inclusive measures in force that are for all residents",
            "measures.in_force measures.targeted",
        ),
        (
            "higher_provision",
            "share",
            "mean share of the needs that law and higher levels cover",
            "sectors.higher",
        ),
        ("restrictive_count", "count", "restrictive measures in force", "measures.in_force"),
        ("officer", "flag", "integration officer in post", "locality.officer"),
        (
            "measure_coverage",
            "share",
            "mean share of migrants in the target groups of targeted measures in force",
            "measures.coverage measures.in_force",
        ),
    ),
)
