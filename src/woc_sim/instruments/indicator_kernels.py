"""Kernels of the monthly indicators: one pass over residents, migrants, organisations and measures.

Each makes a part of the month's row as a named tuple; `read_month` writes the parts side by side.
"""

from __future__ import annotations

from math import nan, sqrt
from typing import Any, NamedTuple

import numpy as np

from woc_sim.inputs.ages import ADULT, WORK_TO
from woc_sim.inputs.frames import prognostic_frame
from woc_sim.inputs.organisations import level_code
from woc_sim.jit import entry, kernel, rule
from woc_sim.rules.curves import clip, coverage
from woc_sim.world.locality import record
from woc_sim.world.people import EMPLOYED, NON_EUROPEAN, PRECARIOUS, PRIVATE, RECEPTION, UKRAINIAN

LOCAL = level_code("local")
MIGRANTS_ONLY, WHOLE_COMMUNITY = prognostic_frame("migrants_only"), prognostic_frame("whole_community")

RESIDENT_COLUMNS = (
    "residents.attitude_to",
    "residents.threat",
    "residents.benefit",
    "residents.contact_with",
    "residents.norm",
    "residents.volunteer",
    "residents.volunteered",
    "residents.fatigue",
)
MIGRANT_COLUMNS = (
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
)
ORGANISATION_COLUMNS = (
    "organisations.level",
    "organisations.head",
    "organisations.leads",
    "organisations.nonpublic",
    "organisations.business",
    "organisations.active",
    "organisations.belief",
    "organisations.engagement",
    "organisations.prognostic",
    "organisations.initiative",
    "governance.frequency",
    "governance.tone",
)
MEASURE_COLUMNS = (
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


class Place(NamedTuple):
    """The locality's own numbers that are indicators as they stand."""

    vacancy: float
    unemployment: float
    tightness: float
    acceptance_work: float
    acceptance_home: float
    reception_quality: float
    openness: float
    load: float
    officer: float
    politicisation: float
    voice_for: float
    voice_against: float
    letters: float
    gatherings: float
    protests: float


ACCEPTED = {"acceptance_work": "employers_accept", "acceptance_home": "landlords_accept"}
"""Indicators on the reference group, and the columns that hold them for each group."""

PLACE_COLUMNS = tuple(
    f"locality.{ACCEPTED.get(name, name)}"
    for name in ("scale", "residents_now", "arrivals", "moved_on", "births", "deaths", *Place._fields)
)

ResidentState = record("ResidentState", RESIDENT_COLUMNS, __name__)
MigrantState = record("MigrantState", MIGRANT_COLUMNS, __name__)
OrganisationState = record("OrganisationState", ORGANISATION_COLUMNS, __name__)
MeasureState = record("MeasureState", MEASURE_COLUMNS, __name__)
PlaceState = record("PlaceState", PLACE_COLUMNS, __name__)


class Heads(NamedTuple):
    """How many persons the row is about, in full numbers of a thinned place."""

    residents: float
    migrants: float
    non_europeans: float
    ukrainians: float
    arrivals: float
    moved_on: float
    births: float
    deaths: float


class Residents(NamedTuple):
    """Residents' part of the row."""

    mean_attitude: float
    sd_attitude: float
    polarisation: float
    mean_attitude_ua: float
    mean_threat: float
    mean_benefit: float
    mean_contact: float
    mean_norm: float
    volunteers_share: float
    volunteer_fatigue: float


class Migrants(NamedTuple):
    """Migrants' part of the row; nan where nobody is present. The first three are counts of simulated
    persons.
    """

    present: float
    non_europeans: float
    ukrainians: float
    employed_share: float
    precarious_share: float
    private_home_share: float
    reception_share: float
    mean_language: float
    ties_per_migrant: float
    share_without_tie: float
    discrimination_per_migrant: float
    belonging: float
    loneliness: float
    stay: float
    deprivation: float
    trust: float
    known_services: float
    good_contacts: float
    bad_contacts: float
    contact_hours: float


class Governance(NamedTuple):
    """Organisations' part of the row; nan where an actor does not exist."""

    belief_executive: float
    belief_all: float
    mean_frequency: float
    lg_degree: float
    vertical_frequency: float
    mean_tone: float
    migrants_only: float
    whole_community: float
    engagement: float
    active_share: float
    initiatives: float
    business_initiatives: float


class Policy(NamedTuple):
    """Measures' part of the row."""

    measures_in_force: float
    restrictive_in_force: float
    mipex_total: float
    known_measures: float


@rule
def _per(total: float, count: float) -> float:
    """total / count; nan of nothing."""
    if count > 0.0:
        return total / count
    return nan


@kernel
def read_place(state: Any) -> Any:
    """The locality's own numbers."""
    return Place(
        state.locality_vacancy[0],
        state.locality_unemployment[0],
        state.locality_tightness[0],
        state.locality_employers_accept[NON_EUROPEAN, 0],
        state.locality_landlords_accept[NON_EUROPEAN, 0],
        state.locality_reception_quality[0],
        state.locality_openness[0],
        state.locality_load[0],
        float(state.locality_officer[0]),
        state.locality_politicisation[0],
        state.locality_voice_for[0],
        state.locality_voice_against[0],
        state.locality_letters[0],
        state.locality_gatherings[0],
        state.locality_protests[0],
    )


@kernel
def read_residents(state: Any, count: int, camp: float) -> Any:
    """Attitudes, perceptions and volunteering of `count` residents; camps lie beyond +-`camp`."""
    attitude = square = attitude_ua = threat = benefit = contact = norm = 0.0
    hostile = friendly = helpers = former = fatigue = 0.0
    for i in range(count):
        x = state.residents_attitude_to[NON_EUROPEAN, i]
        attitude += x
        square += x * x
        # Counted without branches: which way a resident goes is what a processor cannot foresee.
        hostile += 1.0 if x < -camp else 0.0
        friendly += 1.0 if x > camp else 0.0
        attitude_ua += state.residents_attitude_to[UKRAINIAN, i]
        threat += state.residents_threat[i]
        benefit += state.residents_benefit[i]
        contact += state.residents_contact_with[NON_EUROPEAN, i]
        norm += state.residents_norm[i]
        helpers += 1.0 if state.residents_volunteer[i] > 0.0 else 0.0
        before = 1.0 if state.residents_volunteered[i] else 0.0
        former += before
        fatigue += before * state.residents_fatigue[i]
    n = float(count)
    centre = _per(attitude, n)
    return Residents(
        centre,
        sqrt(max(0.0, _per(square, n) - centre * centre)),
        4.0 * _per(hostile, n) * _per(friendly, n),
        _per(attitude_ua, n),
        _per(threat, n),
        _per(benefit, n),
        _per(contact, n),
        _per(norm, n),
        _per(helpers, n),
        _per(fatigue, former),
    )


@kernel
def read_migrants(state: Any, count: int) -> Any:
    """State of the migrants present among the first `count` rows, and their meetings this month."""
    n = europeans = ukrainians = adults = employed = precarious = private = reception = 0.0
    language = ties = lonely_rows = events = belonging = loneliness = stay = 0.0
    deprivation = trust = known = hours = 0.0
    for i in range(count):
        if not state.migrants_present[i]:
            continue
        n += 1.0
        if state.migrants_group[i] == NON_EUROPEAN:
            europeans += 1.0
            deprivation += state.migrants_deprivation[i]
        elif state.migrants_group[i] == UKRAINIAN:
            ukrainians += 1.0
        age = state.migrants_age[i]
        if age >= ADULT and age < WORK_TO:
            adults += 1.0
            if state.migrants_job[i] == EMPLOYED:
                employed += 1.0
            elif state.migrants_job[i] == PRECARIOUS:
                precarious += 1.0
        if state.migrants_housing[i] == PRIVATE:
            private += 1.0
        elif state.migrants_housing[i] == RECEPTION:
            reception += 1.0
        language += state.migrants_language[i]
        own = 0.0
        for slot in range(state.migrants_tie.shape[1]):
            if state.migrants_tie[i, slot] >= 0:
                own += 1.0
        ties += own
        if own == 0.0:
            lonely_rows += 1.0
        events += state.migrants_events[i]
        belonging += state.migrants_belonging[i]
        loneliness += state.migrants_loneliness[i]
        stay += state.migrants_stay[i]
        trust += state.migrants_trust[i]
        known += state.migrants_known[i]
        hours += state.migrants_good[i] + state.migrants_bad[i]
    good = bad = 0.0
    for setting in range(state.encounters_good.size):
        good += state.encounters_good[setting]
        bad += state.encounters_bad[setting]
    return Migrants(
        n,
        europeans,
        ukrainians,
        _per(employed, adults),
        _per(precarious, adults),
        _per(private, n),
        _per(reception, n),
        _per(language, n),
        _per(ties, n),
        _per(lonely_rows, n),
        _per(events, n),
        _per(belonging, n),
        _per(loneliness, n),
        _per(stay, n),
        _per(deprivation, europeans),
        _per(trust, n),
        _per(known, n),
        _per(good, n),
        _per(bad, n),
        _per(hours, n),
    )


@kernel
def read_governance(state: Any, count: int) -> Any:
    """Beliefs, meetings, frames and activity of the organisations that exist."""
    executives = belief_executive = local = belief = engagement = only = whole = 0.0
    pairs = meetings = weighted = warmth = government = lg = vertical = above = 0.0
    nonpublic = active = initiatives = business = 0.0
    for i in range(count):
        if not state.organisations_active[i] or state.organisations_level[i] != LOCAL:
            continue
        local += 1.0
        belief += state.organisations_belief[i]
        engagement += state.organisations_engagement[i]
        only += state.organisations_prognostic[i, MIGRANTS_ONLY]
        whole += state.organisations_prognostic[i, WHOLE_COMMUNITY]
        if state.organisations_head[i]:
            executives += 1.0
            belief_executive += state.organisations_belief[i]
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
        leads = state.organisations_leads[i] == 1
        for j in range(count):
            if i == j or not state.organisations_active[j]:
                continue
            f = state.governance_frequency[i, j]
            if state.organisations_level[j] != LOCAL:
                if leads:
                    above += 1.0
                    vertical += f
                continue
            pairs += 1.0
            meetings += f
            weighted += f
            warmth += f * state.governance_tone[i, j]
            if leads and not state.organisations_leads[j]:
                government += 1.0
                lg += f
    return Governance(
        _per(belief_executive, executives),
        _per(belief, local),
        _per(meetings, pairs),
        _per(lg, government),
        _per(vertical, above),
        _per(warmth, weighted),
        _per(only, local),
        _per(whole, local),
        _per(engagement, local),
        _per(active, nonpublic),
        initiatives,
        business,
    )


@kernel
def read_policy(state: Any, count: int, provision: Any) -> Any:
    """Measures in force and the index they give."""
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
    return Policy(inclusive, restrictive, _per(total, float(provision.size)), _per(known, float(count)))


@kernel
def _write(row: Any, first: int, part: Any, skip: int) -> Any:
    """Write a part of the row but for its first `skip` values; returns where the next part begins."""
    for place in range(skip, len(part)):
        row[first + place - skip] = part[place]
    return first + len(part) - skip


@entry
@kernel
def read_month(
    row: Any,
    own: Any,
    residents: Any,
    residents_count: int,
    migrants: Any,
    migrants_count: int,
    organisations: Any,
    organisations_count: int,
    measures: Any,
    measures_count: int,
    camp: float,
    provision: Any,
) -> None:
    """Write the whole row of a month."""
    scale = own.locality_scale[0]
    here = read_migrants(migrants, migrants_count)
    persons = Heads(
        own.locality_residents_now[0],
        here.present / scale,
        here.non_europeans / scale,
        here.ukrainians / scale,
        own.locality_arrivals[0] / scale,
        own.locality_moved_on[0] / scale,
        own.locality_births[0] / scale,
        own.locality_deaths[0] / scale,
    )
    after = _write(row, 0, persons, 0)
    after = _write(row, after, read_residents(residents, residents_count, camp), 0)
    after = _write(row, after, here, 3)  # the counts stand among the persons
    after = _write(row, after, read_place(own), 0)
    after = _write(row, after, read_governance(organisations, organisations_count), 0)
    after = _write(row, after, read_policy(measures, measures_count, provision), 0)
    for sector in range(row.size - after):
        met = coverage(
            measures.sectors_public[sector],
            measures.sectors_higher[sector],
            measures.sectors_nonpublic[sector],
        )
        row[after + sector] = max(0.0, met - measures.sectors_restrictive[sector])
