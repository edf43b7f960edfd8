"""Indicators of every month: the state of one locality as one row, cheap enough to be taken each month.

Three kernels, over residents, migrants and organisations, return the row's parts in the order of
`INDICATORS`.
"""

from __future__ import annotations

from math import nan, sqrt
from typing import Any, NamedTuple

import numpy as np

from woc_sim.inputs.vocabulary import SECTORS
from woc_sim.instruments.readings import INDICATOR_NAMES
from woc_sim.instruments.sampling import Array
from woc_sim.jit import kernel, rule
from woc_sim.rules.curves import clip, coverage
from woc_sim.world.governance import COMPANY, ESTATE_COMPANY, EXECUTIVE, OFFICIALS, REGION, RRP_GROUP
from woc_sim.world.locality import Locality, field_name, record
from woc_sim.world.people import EMPLOYED, NON_EUROPEAN, PRECARIOUS, PRIVATE, RECEPTION, UKRAINIAN

_RESIDENTS = (
    "residents.attitude",
    "residents.attitude_ua",
    "residents.threat",
    "residents.benefit",
    "residents.contact",
    "residents.norm",
    "residents.volunteer",
    "residents.volunteered",
    "residents.fatigue",
)
_MIGRANTS = (
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
_ORGANISATIONS = (
    "organisations.kind",
    "organisations.active",
    "organisations.belief",
    "organisations.engagement",
    "organisations.prognostic",
    "organisations.initiative",
    "governance.frequency",
    "governance.tone",
)
_MEASURES = (
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

ResidentState = record("ResidentState", _RESIDENTS, __name__)
MigrantState = record("MigrantState", _MIGRANTS, __name__)
OrganisationState = record("OrganisationState", _ORGANISATIONS, __name__)
MeasureState = record("MeasureState", _MEASURES, __name__)


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
    """Migrants' part of the row; nan where nobody is present. The first two are counts of simulated
    persons.
    """

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
def _residents(state: Any, count: int, camp: float) -> Any:
    attitude = square = attitude_ua = threat = benefit = contact = norm = 0.0
    hostile = friendly = helpers = former = fatigue = 0.0
    for i in range(count):
        x = state.residents_attitude[i]
        attitude += x
        square += x * x
        if x < -camp:
            hostile += 1.0
        elif x > camp:
            friendly += 1.0
        attitude_ua += state.residents_attitude_ua[i]
        threat += state.residents_threat[i]
        benefit += state.residents_benefit[i]
        contact += state.residents_contact[i]
        norm += state.residents_norm[i]
        if state.residents_volunteer[i] > 0.0:
            helpers += 1.0
        if state.residents_volunteered[i]:
            former += 1.0
            fatigue += state.residents_fatigue[i]
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
def _migrants(state: Any, count: int) -> Any:
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
        if age >= 18.0 and age < 65.0:
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
def _governance(state: Any, count: int) -> Any:
    executives = belief_executive = local = belief = engagement = only = whole = 0.0
    pairs = meetings = weighted = warmth = government = lg = vertical = above = 0.0
    nonpublic = active = initiatives = business = 0.0
    for i in range(count):
        kind = state.organisations_kind[i]
        if not state.organisations_active[i] or kind >= REGION:
            continue
        local += 1.0
        belief += state.organisations_belief[i]
        engagement += state.organisations_engagement[i]
        only += state.organisations_prognostic[i, 0]
        whole += state.organisations_prognostic[i, 3]
        if kind == EXECUTIVE:
            executives += 1.0
            belief_executive += state.organisations_belief[i]
        if kind > RRP_GROUP:
            nonpublic += 1.0
            running = 0.0
            for sector in range(state.organisations_initiative.shape[1]):
                running += state.organisations_initiative[i, sector]
            initiatives += running
            if running > 0.0:
                active += 1.0
            if kind in (COMPANY, ESTATE_COMPANY):
                business += running
        leads = kind in (EXECUTIVE, OFFICIALS)
        for j in range(count):
            if i == j or not state.organisations_active[j]:
                continue
            other = state.organisations_kind[j]
            f = state.governance_frequency[i, j]
            if other >= REGION:
                if leads:
                    above += 1.0
                    vertical += f
                continue
            pairs += 1.0
            meetings += f
            weighted += f
            warmth += f * state.governance_tone[i, j]
            if leads and other != EXECUTIVE and other != OFFICIALS:
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
def _policy(state: Any, count: int, provision: Any, covered: Any) -> Any:
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
    for sector in range(covered.size):
        met = coverage(
            state.sectors_public[sector], state.sectors_higher[sector], state.sectors_nonpublic[sector]
        )
        covered[sector] = max(0.0, met - state.sectors_restrictive[sector])
    return Policy(inclusive, restrictive, _per(total, float(provision.size)), _per(known, float(count)))


_PLACE = (
    "vacancy",
    "unemployment",
    "tightness",
    "acceptance_work",
    "acceptance_home",
    "reception_quality",
    "openness",
    "load",
    "officer",
    "politicisation",
    "voice_for",
    "voice_against",
)
"""Columns of the locality's own row that are indicators as they stand."""

_SETS = (
    "residents",
    "migrants",
    "encounters",
    "organisations",
    "governance",
    "measures",
    "sectors",
    "locality",
)

ROW = (
    *("residents", "migrants", "non_europeans", "ukrainians", "arrivals", "moved_on"),
    *Residents._fields,
    *Migrants._fields[2:],
    *_PLACE,
    *Governance._fields,
    *Policy._fields,
    *(f"coverage_{sector}" for sector in SECTORS),
)
"""Names of the row's parts as `Monthly.record` puts them together; the same as `INDICATOR_NAMES` (tested)."""


class Monthly:
    """Rows of indicators of one locality for `months` months, preallocated; months that were not recorded
    are nan.
    """

    def __init__(self, locality: Locality, months: int) -> None:
        self._locality = locality
        self.rows: Array = np.full((months, len(INDICATOR_NAMES)), nan)
        self.recorded = 0
        self._provision: Array = np.array(locality.info["provision"], dtype=float)
        self._versions: tuple[int, ...] = ()
        self._states: tuple[Any, ...] = ()
        self._place: tuple[Array, ...] = ()

    def _bind(self) -> None:
        """Renew the kernels' views when a set of columns has grown."""
        sets = self._locality.sets
        versions = tuple([sets[name].version for name in _SETS])
        if versions == self._versions:
            return
        self._states = (
            self._view(ResidentState, _RESIDENTS),
            self._view(MigrantState, _MIGRANTS),
            self._view(OrganisationState, _ORGANISATIONS),
            self._view(MeasureState, _MEASURES),
        )
        own = sets["locality"]
        self._place = tuple(
            own.buffer(name) for name in ("scale", "residents_now", "arrivals", "moved_on", *_PLACE)
        )
        self._versions = versions

    def _view(self, kind: Any, names: tuple[str, ...]) -> Any:
        return kind(**{field_name(name): self._locality.buffer(name) for name in names})

    def record(self, locality: Locality, month: int) -> None:
        """Take the indicators of one month."""
        self._bind()
        residents, migrants, organisations, measures = self._states
        sets = locality.sets
        scale, now, arrivals, moved, *place = [float(column[0]) for column in self._place]
        row = self.rows[month]
        camp = locality.parameters["instruments.camp_cut"]
        europeans, ukrainians, *people = _migrants(migrants, sets["migrants"].count)
        parts = (
            (
                now,
                (europeans + ukrainians) / scale,
                europeans / scale,
                ukrainians / scale,
                arrivals / scale,
                moved / scale,
            ),
            _residents(residents, sets["residents"].count, camp),
            people,
            place,
            _governance(organisations, sets["organisations"].count),
            _policy(measures, sets["measures"].count, self._provision, row[-len(SECTORS) :]),
        )
        row[: -len(SECTORS)] = [value for part in parts for value in part]
        self.recorded = max(self.recorded, month + 1)

    def table(self) -> dict[str, Array]:
        """One array a column, over the months recorded so far."""
        return {name: self.rows[: self.recorded, place] for place, name in enumerate(INDICATOR_NAMES)}
