"""Work, housing and learning, person by person: jobs, homes, language and services."""

from __future__ import annotations

from benchmarks.exact.people import Migrant, Resident
from benchmarks.exact.turn import PersonTurn
from benchmarks.plain import plain
from woc_sim.draws import uniform
from woc_sim.inputs.ages import ADULT, SEEK_WORK_TO, WORK_FROM
from woc_sim.processes import housing as housing_process
from woc_sim.processes import work as work_process
from woc_sim.processes.learning import LANGUAGE_SECTOR, SERVICES_SECTOR, TALENT
from woc_sim.rules import contact, curves, decline, housing, labour, learning, markets
from woc_sim.world.people import (
    EMPLOYED,
    NO_JOB,
    NON_EUROPEAN,
    PRECARIOUS,
    PRIVATE,
    PROTECTED,
    RECEPTION,
    SUPPORTED,
    UKRAINIAN,
)

dose, normal = plain(contact.dose), plain(curves.normal)
may_work = plain(work_process.may_work)
acceptance, job_chance, loss_chance = (
    plain(labour.acceptance),
    plain(labour.job_chance),
    plain(labour.loss_chance),
)
shortage, unemployment_step = plain(labour.shortage), plain(labour.unemployment_step)
vacancies_per_seeker = plain(labour.vacancies_per_seeker)
employer_accepts, open_part = plain(markets.employer_accepts), plain(markets.open_part)
building_response, thickness = plain(markets.building_response), plain(markets.thickness)
with_need = plain(decline.with_need)
building_step, empty_felt = plain(housing.building_step), plain(housing.empty_felt)
household_step, move_chance = plain(housing.household_step), plain(housing.move_chance)
vacancy_share = plain(housing.vacancy_share)
aptitude, pace = plain(learning.aptitude), plain(learning.pace)
ceiling, exposure, uptake = plain(learning.ceiling), plain(learning.exposure), plain(learning.uptake)
known_step, language_step = plain(learning.known_step), plain(learning.language_step)


def towards_group(resident: Resident, migrant: Migrant) -> tuple[float, float]:
    """Attitude and perceived distance of a resident to a migrant's group."""
    if migrant.group == UKRAINIAN:
        return resident.attitude_ua, resident.distance_ua
    return resident.attitude, resident.distance


class Work(PersonTurn):
    """The labour market, then every migrant of working age."""

    def live(self) -> None:
        """Market first, then each keeps, loses, improves or finds a job."""
        constants, town = self.constants, self.town
        tightness, slump = self.open_market()
        if not town.workplaces:
            return
        covered = town.covered(work_process.WORK_SECTOR)
        parts = self.open_parts()
        for one in town.migrants:
            one.refused_job = 0
            if one.present == 0:
                continue
            if one.job != NO_JOB:
                legal = may_work(one.status, one.cohort, self.month, constants.work_right_after)
                self.keep(one, legal, slump)
            elif self.seeks(one):
                self.seek(one, tightness * parts[one.group], covered, slump)

    def seeks(self, one: Migrant) -> bool:
        """Whether somebody present and without a job may and wants to work."""
        if one.age < WORK_FROM or one.age > SEEK_WORK_TO or (one.age < ADULT and one.school is not None):
            return False
        return bool(may_work(one.status, one.cohort, self.month, self.constants.work_right_after))

    def open_parts(self) -> list[float]:
        """For each group, vacant jobs per seeker where it is accepted, relative to the whole market."""
        town, row = self.town, self.town.row
        theory = town.locality.theories["employers"]
        if theory != markets.SEGMENTED:
            return [1.0] * len(town.locality.row.employers_accept)
        seekers = 0.0
        for one in town.migrants:
            if one.present == 1 and one.job == NO_JOB and self.seeks(one):
                seekers += 1.0
        return [
            open_part(
                self.constants,
                theory,
                accepted,
                seekers / max(row.scale, work_process.TINY),
                row.unemployment,
                row.residents_now,
            )
            for accepted in town.locality.row.employers_accept[:, 0].tolist()
        ]

    def accepts(self, attitude: float, distance: float) -> float:
        """Chance that an employer accepts a member of a group."""
        constants, theories = self.constants, self.town.locality.theories
        accepted = employer_accepts(constants, theories["employers"], attitude, distance)
        need = self.town.row.labour_shortage
        return float(with_need(theories["room"], accepted, need, constants.work_room))

    def open_market(self) -> tuple[float, float]:
        """Unemployment, and how employers accept; returns vacant jobs per seeker and the loss of jobs."""
        constants, town, row = self.constants, self.town, self.town.row
        closed = 1.0 - row.meetings
        slump = constants.work_slump * closed
        row.unemployment = unemployment_step(
            row.unemployment, row.unemployment_base, closed, constants.work_slump, constants.work_speed
        )
        tightness = vacancies_per_seeker(row.unemployment, constants.work_beveridge)
        row.tightness = min(tightness, work_process.MOST_TIGHTNESS)
        row.labour_shortage = shortage(constants, tightness, row.trend)
        if town.workplaces:
            self.ask_employers()
        self.thickness = thickness(
            constants,
            town.locality.theories["markets"],
            tightness,
            row.unemployment,
            row.residents_now,
        )
        return tightness, slump

    def ask_employers(self) -> None:
        """How far employers accept either group."""
        town = self.town
        accepted = accepted_ua = 0.0
        for place in town.workplaces:
            owner = place.owner
            accepted += self.accepts(owner.attitude, owner.distance)
            accepted_ua += self.accepts(owner.attitude_ua, owner.distance_ua)
        firms = len(town.workplaces)
        town.locality.row.employers_accept[:, 0] = accepted / firms, accepted_ua / firms

    def keep(self, one: Migrant, legal: bool, slump: float) -> None:
        """Keep, lose or improve the job one has."""
        constants = self.constants
        precarious = one.job == PRECARIOUS
        gone = self.draw(one.entity, work_process.LOST) < loss_chance(constants, precarious, slump)
        if gone or not legal or one.age > SEEK_WORK_TO:
            one.job = NO_JOB
            one.workplace.migrant_workers -= 1
            one.workplace = None
        elif precarious:
            better = constants.work_upgrade * one.language
            if self.draw(one.entity, work_process.UPGRADE) < better:
                one.job = EMPLOYED

    def seek(self, one: Migrant, tightness: float, covered: float, slump: float) -> None:
        """Apply at one workplace."""
        constants, firms = self.constants, self.town.workplaces
        one.searching = min(one.searching + 1.0, work_process.MOST_MONTHS)
        place = firms[int(self.draw(one.entity, work_process.FIRM) * len(firms))]
        attitude, distance = towards_group(place.owner, one)
        accept = self.accepts(attitude, distance)
        hazard = job_chance(
            constants,
            tightness,
            accept,
            one.language,
            one.skill,
            uptake(constants, covered, one.known, one.trust),
            one.ties(),
        )
        hazard *= 1.0 + constants.work_coethnic * min(one.coethnic, constants.work_most_ties)
        if one.female == 1:
            hazard *= constants.work_women
            if one.children == 1:
                hazard *= constants.work_mothers
        hazard *= 1.0 - min(1.0, slump)
        hazard *= self.thickness
        if self.draw(one.entity, work_process.FOUND) < hazard:
            steady = self.draw(one.entity, work_process.CONTRACT) >= constants.work_precarious
            one.job = EMPLOYED if steady else PRECARIOUS
            one.workplace = place
            one.searching = 0.0
            place.migrant_workers += 1
        elif self.draw(one.entity, work_process.REFUSES) >= accept:
            one.refused_job = 1


class Housing(PersonTurn):
    """The stock of dwellings, then who moves."""

    def live(self) -> None:
        """Vacancy, landlords, then each migrant without an own home."""
        self.flow()
        town = self.town
        landlords = [one for one in town.residents if one.landlord == 1]
        if not landlords:
            return
        self.ask_landlords(landlords)
        covered = town.covered(housing_process.HOUSING_SECTOR)
        vacancy, harm = town.row.vacancy, town.sector("restrictive", housing_process.HOUSING_SECTOR)
        for one in town.migrants:
            one.refused_home = 0
            if one.present == 0:
                continue
            head = one.head
            if head is not None and head.present == 1:
                one.housing, one.host, one.neighbourhood = head.housing, head.host, head.neighbourhood
            elif one.housing != PRIVATE:
                self.search(one, landlords, vacancy, covered, harm)

    def accepts(self, attitude: float, distance: float) -> float:
        """Chance that a landlord accepts a member of a group."""
        constants, town = self.constants, self.town
        base = constants.housing_acceptance, constants.housing_acceptance_slope
        accepted = acceptance(*base, attitude, distance)
        need, theory = town.row.empty_stock, town.locality.theories["room"]
        return float(with_need(theory, accepted, need, constants.housing_room))

    def ask_landlords(self, landlords: list[Resident]) -> None:
        """How far landlords accept either group."""
        accepted = accepted_ua = 0.0
        for one in landlords:
            accepted += self.accepts(one.attitude, one.distance)
            accepted_ua += self.accepts(one.attitude_ua, one.distance_ua)
        count = len(landlords)
        self.town.locality.row.landlords_accept[:, 0] = accepted / count, accepted_ua / count
        self.town.locality.row.landlords_prefer[NON_EUROPEAN, 0] = (accepted_ua - accepted) / count

    def flow(self) -> None:
        """A month of the stock: households follow the trend, dwellings are built, migrants rent."""
        constants, row = self.constants, self.town.row
        tenants = 0.0
        for one in self.town.migrants:
            if one.present == 1 and one.housing == PRIVATE:
                tenants += constants.housing_tenant
        households = household_step(row.households, row.trend, constants.housing_shrinking)
        rented = tenants / max(row.scale, housing_process.TINY)
        vacancy = vacancy_share(households + rented, row.dwellings)
        response = building_response(
            self.town.locality.theories["markets"],
            constants.housing_response,
            vacancy,
            constants.housing_normal_vacancy,
            row.dwellings,
            constants.housing_land,
            constants.housing_land_half,
        )
        row.households = households
        row.dwellings = building_step(
            row.dwellings,
            vacancy,
            constants.housing_building * row.building,
            response,
            constants.housing_demolition,
            constants.housing_normal_vacancy,
        )
        row.vacancy = vacancy
        row.empty_stock = empty_felt(constants, vacancy)

    def search(
        self, one: Migrant, landlords: list[Resident], vacancy: float, covered: float, harm: float
    ) -> None:
        """Look for an own home, be given support, or lose a host."""
        constants, town = self.constants, self.town
        protected = one.status == PROTECTED
        owner = landlords[int(self.draw(one.entity, housing_process.OWNER) * len(landlords))]
        attitude, distance = towards_group(owner, one)
        accept = self.accepts(attitude, distance)
        income = constants.housing_income_none
        if one.job == EMPLOYED:
            income = 1.0
        elif one.job != NO_JOB:
            income = 0.5 * (1.0 + constants.housing_income_none)
        hazard = move_chance(
            constants,
            vacancy,
            accept,
            uptake(constants, covered, one.known, one.trust),
            income,
            one.ties(),
        )
        hazard *= 1.0 - constants.housing_restriction * harm
        if not protected:
            hazard *= constants.housing_procedure
        else:
            one.home_search = min(one.home_search + 1.0, housing_process.MOST_MONTHS)
        if self.draw(one.entity, housing_process.MOVES) < hazard:
            one.housing = PRIVATE
            one.host = None
            one.home_search = 0.0
            other = int(self.draw(one.entity, housing_process.WHERE) * len(town.residents))
            one.neighbourhood = town.residents[other].neighbourhood
            return
        if protected and self.draw(one.entity, housing_process.REFUSES) >= accept:
            one.refused_home = 1
        if one.housing == RECEPTION and protected:
            chance = constants.housing_supported * covered * (1.0 - constants.housing_restriction * harm)
            if self.draw(one.entity, housing_process.SOCIAL) < chance:
                one.housing = SUPPORTED
        if one.host is not None:
            ends = self.draw(one.entity, housing_process.HOST) < constants.housing_hosting_ends
            if ends or one.host.since > one.cohort:
                one.housing = SUPPORTED if protected else RECEPTION
                one.host = None


class Learning(PersonTurn):
    """The language, and which services there are."""

    def live(self) -> None:
        """A month of learning of every migrant present."""
        constants, town, row = self.constants, self.town, self.town.row
        courses = town.covered(LANGUAGE_SECTOR)
        courses *= constants.learning_online + (1.0 - constants.learning_online) * row.meetings
        guidance = town.covered(SERVICES_SECTOR)
        reception = row.reception_quality
        told = 0.5 * (reception + guidance)
        for one in town.migrants:
            if one.present == 0:
                continue
            if one.pace <= 0.0:
                u = float(uniform(self.key0, self.key1, one.entity, 0, TALENT, 0))
                one.pace = pace(normal(u), constants.learning_talent)
            young = one.age < ADULT
            waiting = 0.0
            if one.status != PROTECTED:
                waiting = constants.learning_waiting * (constants.learning_waiting_worst - reception)
            heard = exposure(
                constants,
                uptake(constants, courses, one.known, one.trust),
                one.job != NO_JOB,
                dose(one.contact, constants.learning_contact_half),
                young and one.school is not None,
            )
            top = ceiling(constants, one.skill, young)
            rate = constants.learning_rate * (aptitude(constants, one.skill, young) * one.pace)
            language = one.language
            one.language = language_step(language, top, heard, rate, min(1.0, waiting))
            one.known = known_step(constants, one.known, one.ties(), told, language)
