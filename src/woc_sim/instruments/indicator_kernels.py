"""Kernels of the monthly indicators: what the state of a locality amounts to in one month.

Each step reads columns and writes indicators by name into `row`, one record of `indicators.ROW`. A new
indicator is a row in `monthly_readings` and one line here. A step names every column that it reads, since
`behind` finds them in its text.
"""

from __future__ import annotations

from math import nan, sqrt
from typing import Any, NamedTuple

import numpy as np

from woc_sim.inputs.ages import ADULT, WORK_TO
from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.organisations import level_code
from woc_sim.jit import entry, kernel, rule, step
from woc_sim.processes.lookups import count_ties
from woc_sim.rules.curves import clip, coverage
from woc_sim.world.locality import record
from woc_sim.world.people import EMPLOYED, NON_EUROPEAN, PRECARIOUS, PRIVATE, RECEPTION, UKRAINIAN

LOCAL = level_code("local")
MIGRANTS_ONLY, WHOLE_COMMUNITY = prognostic_frame("migrants_only"), prognostic_frame("whole_community")

READS = (
    "locality.scale",
    "locality.residents_now",
    "locality.arrivals",
    "locality.moved_on",
    "locality.births",
    "locality.deaths",
    "locality.vacancy",
    "locality.unemployment",
    "locality.tightness",
    "locality.employers_accept",
    "locality.landlords_accept",
    "locality.reception_quality",
    "locality.openness",
    "locality.load",
    "locality.officer",
    "locality.politicisation",
    "locality.voice_for",
    "locality.voice_against",
    "locality.letters",
    "locality.gatherings",
    "locality.protests",
    "residents.attitude_to",
    "residents.threat",
    "residents.benefit",
    "residents.contact_with",
    "residents.norm",
    "residents.volunteer",
    "residents.volunteered",
    "residents.fatigue",
    "migrants.present",
    "migrants.group",
    "migrants.age",
    "migrants.job",
    "migrants.housing",
    "migrants.language",
    "migrants.tie",
    "migrants.events",
    "migrants.belonging",
    "migrants.loneliness",
    "migrants.stay",
    "migrants.deprivation",
    "migrants.trust",
    "migrants.known",
    "migrants.good",
    "migrants.bad",
    "encounters.good",
    "encounters.bad",
    "organisations.active",
    "organisations.level",
    "organisations.head",
    "organisations.leads",
    "organisations.nonpublic",
    "organisations.business",
    "organisations.belief",
    "organisations.engagement",
    "organisations.prognostic",
    "organisations.initiative",
    "governance.frequency",
    "governance.tone",
    "measures.component",
    "measures.in_force",
    "measures.direction",
    "measures.weight",
    "measures.known",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "sectors.restrictive",
)
State = record("State", (*READS, "rows"), __name__)
"""The columns, and the months' records of indicators to write into."""


class Fixed(NamedTuple):
    """Rows of the sets that do not grow, where a camp of residents begins (attitude beyond +-`camp`), and the
    share of each component of the index that nobody in the place decided."""

    residents: int
    organisations: int
    measures: int
    camp: float
    provision: Any


@rule
def _per(total: float, count: float) -> float:
    """total / count; nan of nothing."""
    if count > 0.0:
        return total / count
    return nan


@step
def read_persons(row: Any, state: Any, migrants: int) -> None:
    """How many persons there are, in full numbers of a locality that is simulated in part."""
    non_europeans = ukrainians = present = 0.0
    for i in range(migrants):
        if state.migrants_present[i]:
            present += 1.0
            if state.migrants_group[i] == NON_EUROPEAN:
                non_europeans += 1.0
            elif state.migrants_group[i] == UKRAINIAN:
                ukrainians += 1.0
    scale = state.locality_scale[0]
    row.residents = state.locality_residents_now[0]
    row.migrants = present / scale
    row.non_europeans = non_europeans / scale
    row.ukrainians = ukrainians / scale
    row.arrivals = state.locality_arrivals[0] / scale
    row.moved_on = state.locality_moved_on[0] / scale
    row.births = state.locality_births[0] / scale
    row.deaths = state.locality_deaths[0] / scale


@step
def read_locality(row: Any, state: Any) -> None:
    """Numbers of the locality that are indicators as they stand."""
    row.vacancy = state.locality_vacancy[0]
    row.unemployment = state.locality_unemployment[0]
    row.tightness = state.locality_tightness[0]
    row.acceptance_work = state.locality_employers_accept[NON_EUROPEAN, 0]
    row.acceptance_home = state.locality_landlords_accept[NON_EUROPEAN, 0]
    row.reception_quality = state.locality_reception_quality[0]
    row.openness = state.locality_openness[0]
    row.load = state.locality_load[0]
    row.officer = float(state.locality_officer[0])
    row.politicisation = state.locality_politicisation[0]
    row.voice_for = state.locality_voice_for[0]
    row.voice_against = state.locality_voice_against[0]
    row.letters = state.locality_letters[0]
    row.gatherings = state.locality_gatherings[0]
    row.protests = state.locality_protests[0]


@step
def read_residents(row: Any, state: Any, count: int, camp: float) -> None:
    """Attitudes, perceptions and volunteering of `count` residents; camps lie beyond +-`camp`."""
    attitude = square = attitude_ua = threat = benefit = contact = norm = 0.0
    hostile = friendly = volunteers = former = fatigue = 0.0
    for i in range(count):
        x = state.residents_attitude_to[NON_EUROPEAN, i]
        attitude += x
        square += x * x
        # Counted without branches, which a processor could not predict and would be slowed by.
        hostile += 1.0 if x < -camp else 0.0
        friendly += 1.0 if x > camp else 0.0
        attitude_ua += state.residents_attitude_to[UKRAINIAN, i]
        threat += state.residents_threat[i]
        benefit += state.residents_benefit[i]
        contact += state.residents_contact_with[NON_EUROPEAN, i]
        norm += state.residents_norm[i]
        volunteers += 1.0 if state.residents_volunteer[i] > 0.0 else 0.0
        before = 1.0 if state.residents_volunteered[i] else 0.0
        former += before
        fatigue += before * state.residents_fatigue[i]
    n = float(count)
    mean = _per(attitude, n)
    row.mean_attitude = mean
    row.sd_attitude = sqrt(max(0.0, _per(square, n) - mean * mean))
    row.polarisation = 4.0 * _per(hostile, n) * _per(friendly, n)
    row.mean_attitude_ua = _per(attitude_ua, n)
    row.mean_threat = _per(threat, n)
    row.mean_benefit = _per(benefit, n)
    row.mean_contact = _per(contact, n)
    row.mean_norm = _per(norm, n)
    row.volunteers_share = _per(volunteers, n)
    row.volunteer_fatigue = _per(fatigue, former)


@step
def read_settling(row: Any, state: Any, count: int) -> None:
    """Work, homes, language, known services and ties of the migrants present; nan without any."""
    present = of_working_age = employed = precarious = private = reception = 0.0
    language = ties = without_tie = known = 0.0
    for i in range(count):
        if not state.migrants_present[i]:
            continue
        present += 1.0
        age = state.migrants_age[i]
        if age >= ADULT and age < WORK_TO:
            of_working_age += 1.0
            if state.migrants_job[i] == EMPLOYED:
                employed += 1.0
            elif state.migrants_job[i] == PRECARIOUS:
                precarious += 1.0
        if state.migrants_housing[i] == PRIVATE:
            private += 1.0
        elif state.migrants_housing[i] == RECEPTION:
            reception += 1.0
        language += state.migrants_language[i]
        known += state.migrants_known[i]
        held = count_ties(state.migrants_tie, i)
        ties += held
        if held == 0.0:
            without_tie += 1.0
    row.employed_share = _per(employed, of_working_age)
    row.precarious_share = _per(precarious, of_working_age)
    row.private_home_share = _per(private, present)
    row.reception_share = _per(reception, present)
    row.mean_language = _per(language, present)
    row.known_services = _per(known, present)
    row.ties_per_migrant = _per(ties, present)
    row.share_without_tie = _per(without_tie, present)


@step
def read_feelings(row: Any, state: Any, count: int) -> None:
    """Feelings and meetings of the migrants present; nan without any."""
    present = non_europeans = events = belonging = loneliness = stay = 0.0
    deprivation = trust = hours = 0.0
    for i in range(count):
        if not state.migrants_present[i]:
            continue
        present += 1.0
        if state.migrants_group[i] == NON_EUROPEAN:
            non_europeans += 1.0
            deprivation += state.migrants_deprivation[i]
        events += state.migrants_events[i]
        belonging += state.migrants_belonging[i]
        loneliness += state.migrants_loneliness[i]
        stay += state.migrants_stay[i]
        trust += state.migrants_trust[i]
        hours += state.migrants_good[i] + state.migrants_bad[i]
    good = bad = 0.0
    for venue_kind in range(state.encounters_good.size):
        good += state.encounters_good[venue_kind]
        bad += state.encounters_bad[venue_kind]
    row.discrimination_per_migrant = _per(events, present)
    row.belonging = _per(belonging, present)
    row.loneliness = _per(loneliness, present)
    row.stay = _per(stay, present)
    row.deprivation = _per(deprivation, non_europeans)
    row.trust = _per(trust, present)
    row.good_contacts = _per(good, present)
    row.bad_contacts = _per(bad, present)
    row.contact_hours = _per(hours, present)


@step
def read_organisations(row: Any, state: Any, count: int) -> None:
    """Beliefs, frames and initiatives of the local organisations that exist; nan where none does."""
    heads = belief_of_heads = local = belief = engagement = migrants_only = whole_community = 0.0
    nonpublic = active = initiatives = business = 0.0
    for i in range(count):
        if not state.organisations_active[i] or state.organisations_level[i] != LOCAL:
            continue
        local += 1.0
        belief += state.organisations_belief[i]
        engagement += state.organisations_engagement[i]
        migrants_only += state.organisations_prognostic[i, MIGRANTS_ONLY]
        whole_community += state.organisations_prognostic[i, WHOLE_COMMUNITY]
        if state.organisations_head[i]:
            heads += 1.0
            belief_of_heads += state.organisations_belief[i]
        if state.organisations_nonpublic[i]:
            nonpublic += 1.0
            running = 0.0
            for sector in range(state.organisations_initiative.shape[1]):
                running += state.organisations_initiative[i, sector]
            initiatives += running
            if running > 0.0:
                active += 1.0
            if state.organisations_business[i]:
                business += running
    row.belief_executive = _per(belief_of_heads, heads)
    row.belief_all = _per(belief, local)
    row.engagement = _per(engagement, local)
    row.migrants_only = _per(migrants_only, local)
    row.whole_community = _per(whole_community, local)
    row.active_share = _per(active, nonpublic)
    row.initiatives = initiatives
    row.business_initiatives = business


@step
def read_meetings(row: Any, state: Any, count: int) -> None:
    """Meetings of the local organisations that exist, with each other and with levels above."""
    pairs = meetings = warmth = with_others = met_others = with_above = met_above = 0.0
    for i in range(count):
        if not state.organisations_active[i] or state.organisations_level[i] != LOCAL:
            continue
        leads = state.organisations_leads[i]
        for j in range(count):
            if i == j or not state.organisations_active[j]:
                continue
            frequency = state.governance_frequency[i, j]
            if state.organisations_level[j] != LOCAL:
                if leads:
                    with_above += 1.0
                    met_above += frequency
                continue
            pairs += 1.0
            meetings += frequency
            warmth += frequency * state.governance_tone[i, j]
            if leads and not state.organisations_leads[j]:
                with_others += 1.0
                met_others += frequency
    row.mean_frequency = _per(meetings, pairs)
    row.lg_degree = _per(met_others, with_others)
    row.vertical_frequency = _per(met_above, with_above)
    row.mean_tone = _per(warmth, meetings)


@step
def read_policy(row: Any, state: Any, count: int, provision: Any) -> None:
    """Measures in force, and the index they give with what law and higher levels provide (`provision`)."""
    inclusive = restrictive = known = total = 0.0
    earned = np.zeros(provision.size)
    for m in range(count):
        known += state.measures_known[m]
        if not state.measures_in_force[m]:
            continue
        if state.measures_direction[m] > 0.0:
            inclusive += 1.0
            if state.measures_component[m] >= 0:
                earned[state.measures_component[m]] += state.measures_weight[m]
        else:
            restrictive += 1.0
    for component in range(provision.size):
        given = provision[component]
        total += 100.0 * clip(given + (1.0 - given) * earned[component], 0.0, 1.0)
    row.measures_in_force = inclusive
    row.restrictive_in_force = restrictive
    row.mipex_total = _per(total, float(provision.size))
    row.known_measures = _per(known, float(count))


@step
def read_coverage(row: Any, state: Any) -> None:
    """How far each need is covered by any supplier, less restrictions."""
    for sector in range(row.coverage.size):
        covered = coverage(
            state.sectors_public[sector], state.sectors_higher[sector], state.sectors_nonpublic[sector]
        )
        row.coverage[sector] = max(0.0, covered - state.sectors_restrictive[sector])


@entry
@kernel
def read_month(state: Any, fixed: Any, moment: Any) -> None:
    """Write all indicators of a month into its record."""
    row = state.rows[moment.month]
    read_persons(row, state, moment.migrants)
    read_residents(row, state, fixed.residents, fixed.camp)
    read_settling(row, state, moment.migrants)
    read_feelings(row, state, moment.migrants)
    read_locality(row, state)
    read_organisations(row, state, fixed.organisations)
    read_meetings(row, state, fixed.organisations)
    read_policy(row, state, fixed.measures, fixed.provision)
    read_coverage(row, state)
