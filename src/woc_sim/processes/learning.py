"""Learning: command of the language saturates; services become known; waiting slows both."""

from __future__ import annotations

from typing import Any

from woc_sim.draws import uniform
from woc_sim.inputs.ages import ADULT
from woc_sim.inputs.sectors import sector
from woc_sim.jit import entry, kernel
from woc_sim.processes.contract import Process
from woc_sim.processes.lookups import count_ties, covered
from woc_sim.rules.contact import dose
from woc_sim.rules.curves import normal
from woc_sim.rules.learning import aptitude, ceiling, exposure, known_step, language_step, pace, uptake
from woc_sim.world.locality import record
from woc_sim.world.people import NO_JOB, PROTECTED

LANGUAGE_SECTOR, SERVICES_SECTOR = sector("language"), sector("services")
TALENT = 0  # purpose of the draw

READS = (
    "locality.meetings",
    "locality.reception_quality",
    "sectors.public",
    "sectors.higher",
    "sectors.nonpublic",
    "migrants.entity",
    "migrants.present",
    "migrants.age",
    "migrants.skill",
    "migrants.status",
    "migrants.job",
    "migrants.school",
    "migrants.contact",
    "migrants.tie",
    "migrants.trust",
)
WRITES = ("migrants.language", "migrants.known", "migrants.pace")
PARAMETERS = (
    "learning.rate",
    "learning.unschooled",
    "learning.schooling",
    "learning.talent",
    "learning.course",
    "learning.work",
    "learning.contact",
    "learning.waiting",
    "learning.contact_half",
    "learning.known_rate",
    "learning.distrust",
    "learning.online",
    "learning.daily",
    "learning.school",
    "learning.ceiling",
    "learning.young",
    "learning.aptitude_base",
    "learning.aptitude_skill",
    "learning.waiting_worst",
    "learning.known_alone",
    "learning.known_reception",
    "learning.known_ties",
    "learning.known_most_ties",
    "learning.known_language",
)
State = record("State", READS + WRITES, __name__)
Constants = record("Constants", PARAMETERS, __name__)


@entry
@kernel
def advance(state: Any, constants: Any, now: Any) -> None:
    """A month of learning of every migrant present."""
    online = constants.learning_online
    courses = covered(state, LANGUAGE_SECTOR) * (online + (1.0 - online) * state.locality_meetings[0])
    reception = state.locality_reception_quality[0]
    told = 0.5 * (reception + covered(state, SERVICES_SECTOR))  # by reception staff and by services
    for i in range(now.migrants):
        if state.migrants_present[i] == 0:
            continue
        if state.migrants_pace[i] <= 0.0:  # drawn once in a life, so the month is no part of the address
            u = uniform(now.key0, now.key1, state.migrants_entity[i], 0, TALENT, 0)
            state.migrants_pace[i] = pace(normal(u), constants.learning_talent)
        young = state.migrants_age[i] < ADULT
        waiting = 0.0
        if state.migrants_status[i] != PROTECTED:
            waiting = constants.learning_waiting * (constants.learning_waiting_worst - reception)
        known = state.migrants_known[i]
        heard = exposure(
            constants,
            uptake(constants, courses, known, state.migrants_trust[i]),
            state.migrants_job[i] != NO_JOB,
            dose(state.migrants_contact[i], constants.learning_contact_half),
            young and state.migrants_school[i] >= 0,
        )
        skill = state.migrants_skill[i]
        speed = constants.learning_rate * (aptitude(constants, skill, young) * state.migrants_pace[i])
        language = state.migrants_language[i]
        state.migrants_language[i] = language_step(
            language, ceiling(constants, skill, young), heard, speed, min(1.0, waiting)
        )
        state.migrants_known[i] = known_step(
            constants, known, count_ties(state.migrants_tie, i), told, language
        )


PROCESS = Process(
    name="learning",
    purpose="courses, work and talk teach the language; ties make services known; waiting hurts",
    source="M16, M19-M21, S94, S98; docs/odd.md A5",
    reads=READS,
    writes=WRITES,
    parameters=PARAMETERS,
    state=State,
    constants=Constants,
    kernels=(advance,),
    draws=("TALENT",),
)
