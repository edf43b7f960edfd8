"""The indicators of every month, in the order of their table."""

from __future__ import annotations

from typing import Final

from woc_sim.inputs.vocabulary import SECTORS
from woc_sim.instruments.observables import Indicator

INDICATORS: Final = (
    Indicator("residents", "persons", "residents, as the population trend has it"),
    Indicator("migrants", "persons", "post-2014 migrants present"),
    Indicator("non_europeans", "persons", "non-European refugees and migrants present"),
    Indicator("ukrainians", "persons", "Ukrainian refugees present"),
    Indicator("arrivals", "persons", "migrants who arrived this month"),
    Indicator("moved_on", "persons", "migrants who moved on since the start"),
    Indicator("births", "persons", "children born to migrants since the start"),
    Indicator("deaths", "persons", "migrants who died here since the start"),
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
    Indicator("letters", "events/1000", "letters and posts on the topic per 1000 residents"),
    Indicator("gatherings", "events/1000", "residents who spoke up at meetings, per 1000"),
    Indicator("protests", "events/1000", "residents who joined a protest, per 1000"),
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
            f"coverage_{sector}",
            "share",
            f"need of {sector} covered by any supplier, less restrictions",
            field="coverage",
        )
        for sector in SECTORS
    ),
)
"""Columns of the monthly table, after case, replicate and month."""
