"""Encounters and ties, person by person: who meets whom, how it goes, and what stays."""

from __future__ import annotations

from benchmarks.exact.living import towards_group
from benchmarks.exact.people import Meeting, Migrant, Place, Resident, Tie
from benchmarks.exact.turn import PersonTurn
from benchmarks.plain import plain
from woc_sim.inputs.ages import ADULT, JOIN_FROM
from woc_sim.processes import ties as ties_process
from woc_sim.processes.gathering import (
    CHOICE,
    COLLEAGUES,
    ENCOUNTER_SECTOR,
    EVENING,
    EVENT,
    FRIEND,
    FRIENDS,
    GROUP,
    HELPER_COMES,
    HELPER_ENDS,
    HELPER_WHO,
    INTRODUCED,
    SEARCHED,
    SEASON,
    SQUARE,
    STREET,
    VALENCE,
    WEEKS,
)
from woc_sim.rules import contact, curves, hosting, learning, volunteering
from woc_sim.world.people import HELPERS, MEETINGS, NON_EUROPEAN, RECEPTION, TIES
from woc_sim.world.places import (
    ASSOCIATION,
    HOST_HOME,
    INTERCULTURAL,
    NEIGHBOURHOOD,
    PUBLIC_SPACE,
    RECEPTION_CENTRE,
    SCHOOL,
    VOLUNTEERING,
    WORKPLACE,
)

saturate, towards = plain(curves.saturate), plain(curves.towards)
bad_chance, moderation = plain(contact.bad_chance), plain(contact.moderation)
preference, talk_hours, tie_chance = (
    plain(contact.preference),
    plain(contact.talk_hours),
    plain(contact.tie_chance),
)
mutual_liking, uptake = plain(contact.mutual_liking), plain(learning.uptake)
introduction_chance = plain(hosting.introduction_chance)
asked_to_join, match_chance = plain(contact.asked_to_join), plain(volunteering.match_chance)

Planned = tuple[Resident, int, float, float]
"""With whom, the kind of place, hours shared, and how much of them is talk."""


def fellow(place: Place, seat: int, grown: bool) -> Resident | None:
    """The member of a place beside `seat`, of the own stage of life if one is near."""
    count = len(place.members)
    if count == 0:
        return None
    for k in range(SEARCHED):
        who = place.members[(seat + k) % count]
        if (who.age >= ADULT) == grown:
            return who
    return place.members[seat % count]


class Encounters(PersonTurn):
    """Memories fade, volunteers and migrants find each other, people meet."""

    def live(self) -> None:
        """Clear the month, pair, meet."""
        self.forget()
        load = self.accompany()
        town, row = self.town, self.town.row
        sanction = town.sector("public", ENCOUNTER_SECTOR)
        events = town.covered(ENCOUNTER_SECTOR)
        for one in town.migrants:
            if one.present == 1:
                planned = self.plan(one, load, row.meetings, events)
                for slot, each in enumerate(planned):
                    self.meet(one, slot, each, sanction)

    def forget(self) -> None:
        """Clear this month's contact and let the memories of former months fade."""
        kept = 1.0 - self.constants.encounters_fading
        for one in self.town.residents:
            one.good = one.bad = one.good_ua = one.bad_ua = 0.0
            one.contact *= kept
            one.conflict *= kept
            one.contact_ua *= kept
            one.conflict_ua *= kept
            one.leisure *= kept
        log = self.town.locality.sets["encounters"]
        log.good[:] = 0.0
        log.bad[:] = 0.0
        for one in self.town.migrants:
            one.good = one.bad = one.events = 0.0
            one.met = []
            if self.month % SEASON == 0:
                one.circle = [None] * CHOICE
            one.contact *= kept

    def accompany(self) -> dict[Resident, int]:
        """Volunteers take on migrants and let go; returns how many each accompanies."""
        constants, town = self.constants, self.town
        load = dict.fromkeys(town.residents, 0)
        volunteers = [one for one in town.residents if one.volunteer > 0.0 and one.age >= ADULT]
        for one in town.migrants:
            for s in range(HELPERS):
                helper = one.helper[s]
                if helper is None:
                    continue
                stopped = helper.volunteer <= 0.0 or one.present == 0
                if stopped or self.draw(one.entity, HELPER_ENDS + s) < constants.encounters_helper_end:
                    one.helper[s] = None
                else:
                    load[helper] += 1
        if not volunteers:
            return load
        present = float(sum(one.present for one in town.migrants))
        found = match_chance(constants.encounters_helper_match, float(len(volunteers)), present)
        chance = found * town.row.meetings
        for one in town.migrants:
            if one.present == 0:
                continue
            for s in range(HELPERS):
                if one.helper[s] is None and self.draw(one.entity, HELPER_COMES + s) < chance:
                    who = volunteers[int(self.draw(one.entity, HELPER_WHO + s) * len(volunteers))]
                    if who not in one.helper and load[who] < constants.encounters_helped:
                        one.helper[s] = who
                        load[who] += 1
        return load

    def plan(self, one: Migrant, load: dict[Resident, int], open_life: float, events: float) -> list[Planned]:
        """Whom a migrant will meet this month, at most `MEETINGS`."""
        constants = self.constants
        planned: list[Planned] = []
        seat = one.entity % 1009 + 17 * (one.entity % 97)
        grown = one.age >= ADULT
        closed = constants.encounters_friend_closed
        chance = constants.encounters_friend_meet * (closed + (1.0 - closed) * open_life)
        for k in range(TIES):
            tie = one.tie[k]
            if tie is not None and len(planned) < FRIENDS and self.draw(one.entity, FRIEND, k) < chance:
                planned.append((tie.resident, tie.kind, constants.encounters_friend_hours, 1.0))
        for helper in one.helper:
            if helper is not None:
                helped = max(constants.encounters_helper_spread, float(load[helper]))
                shared = open_life * WEEKS * helper.volunteer / helped
                planned.append((helper, VOLUNTEERING, shared, constants.encounters_helper_talk))

        if one.host is not None:
            planned.append(
                (one.host, HOST_HOME, constants.encounters_host_hours, constants.encounters_host_talk)
            )
            known = one.host.friends
            chance = introduction_chance(constants, self.town.locality.theories["hosting"], open_life)
            if known and self.draw(one.entity, INTRODUCED) < chance:
                who = known[int(self.draw(one.entity, INTRODUCED, 1) * len(known))]
                planned.append((who, HOST_HOME, constants.encounters_friend_hours, 1.0))

        def join(place: Place, near: int, grown: bool, kind: int, shared: float, share: float) -> None:
            who = fellow(place, near, grown)
            if who is not None and len(planned) < MEETINGS:
                planned.append((who, kind, shared, share))

        if one.workplace is not None:
            closed = constants.encounters_work_closed
            shared = constants.encounters_work_hours * (closed + (1.0 - closed) * open_life)
            for k in range(COLLEAGUES):
                join(one.workplace, seat + k, True, WORKPLACE, shared, constants.encounters_work_talk)
        if one.school is not None:
            hours = constants.encounters_parent_hours if grown else constants.encounters_school_hours
            for k in range(1 if grown else 2):
                near = seat + 5 * k
                join(one.school, near, grown, SCHOOL, hours * open_life, constants.encounters_school_talk)
        if one.association is not None:
            shared = constants.encounters_club_hours * open_life
            for k in range(2):
                near = seat + 5 * k
                join(one.association, near, grown, ASSOCIATION, shared, constants.encounters_club_talk)
        square = self.town.square
        if self.draw(one.entity, EVENING) < uptake(constants, events, one.known, one.trust) * open_life:
            evening = constants.encounters_event_hours
            talk = constants.encounters_event_talk
            self.choose(one, planned, square, INTERCULTURAL, GROUP, evening, talk)
        street = 0.5 * constants.encounters_street * open_life
        kind = RECEPTION_CENTRE if one.housing == RECEPTION else NEIGHBOURHOOD
        self.choose(one, planned, one.neighbourhood, kind, STREET, street, 1.0)
        self.choose(one, planned, square, PUBLIC_SPACE, SQUARE, street, 1.0)
        return planned

    def choose(
        self,
        one: Migrant,
        planned: list[Planned],
        place: Place | None,
        kind: int,
        purpose: int,
        hours: float,
        talk: float,
    ) -> None:
        """Meet the better liked of a few people at hand."""
        if place is None or len(planned) >= MEETINGS or not place.members:
            return
        best = -9.0
        for c in range(CHOICE):
            other = self.at_hand(one, place, kind, purpose, c)
            attitude, _ = towards_group(other, one)
            alike = attitude - self.constants.encounters_age_gap * abs(other.age - one.age)
            if alike > best:
                best = alike
                chosen = other
        planned.append((chosen, kind, hours, talk))

    def at_hand(self, one: Migrant, place: Place, kind: int, purpose: int, c: int) -> Resident:
        """The c-th of those at hand; in an evening group the same ones for a season."""
        if kind == INTERCULTURAL:
            known = one.circle[c]
            if known is None:
                u = self.draw(one.entity, GROUP, c)
                known = one.circle[c] = place.members[int(u * len(place.members))]
            return known
        return place.members[int(self.draw(one.entity, purpose + c) * len(place.members))]

    def structure(self, kind: int) -> float:
        """How far a kind of place is moderated by what it is."""
        if kind in (WORKPLACE, SCHOOL):
            return float(self.constants.encounters_moderated_work)
        if kind in (ASSOCIATION, HOST_HOME):
            return float(self.constants.encounters_moderated_club)
        if kind in (VOLUNTEERING, INTERCULTURAL):
            return float(self.constants.encounters_moderated_event)
        return float(self.constants.encounters_moderated_neighbourhood)

    def meet(self, one: Migrant, slot: int, planned: Planned, sanction: float) -> None:
        """One meeting: its hours, how it goes, and what both keep of it."""
        constants, log = self.constants, self.town.locality.sets["encounters"]
        who, kind, shared, share = planned
        attitude, distance = towards_group(who, one)
        own = preference(self.constants, one.attitude, one.language, 0.0)
        liking = mutual_liking(preference(self.constants, attitude, one.language, distance), own)
        hours = talk_hours(constants, shared * share, one.language, liking)
        theory = self.town.locality.theories["contact"]
        bad = bad_chance(
            constants,
            moderation(constants, theory, self.structure(kind), sanction),
            attitude,
            one.language,
            float(one.visible),
        )
        good = self.draw(one.entity, VALENCE + slot) >= bad
        one.met.append(Meeting(who, hours, kind, good))
        log.hours_total[kind] += hours
        group = "" if one.group == NON_EUROPEAN else "_ua"
        if good:
            one.good += hours
            one.contact += constants.encounters_fading * hours
            log.good[kind] += 1.0
            log.good_total[kind] += 1.0
            setattr(who, f"good{group}", getattr(who, f"good{group}") + hours)
            setattr(who, f"contact{group}", getattr(who, f"contact{group}") + hours)
            if kind in (ASSOCIATION, VOLUNTEERING, INTERCULTURAL):
                who.leisure += hours
        else:
            weight = max(hours, constants.encounters_incident)
            one.bad += weight
            log.bad[kind] += 1.0
            log.bad_total[kind] += 1.0
            setattr(who, f"bad{group}", getattr(who, f"bad{group}") + weight)
            setattr(who, f"conflict{group}", getattr(who, f"conflict{group}") + weight)
            if self.draw(one.entity, EVENT, slot) < constants.encounters_event_chance:
                one.events += 1.0


class Ties(PersonTurn):
    """Ties lost, ties made, compatriots, clubs."""

    def live(self) -> None:
        """Every migrant present."""
        town, row = self.town, self.town.row
        present = [0.0, 0.0]
        for one in town.migrants:
            if one.present == 1:
                present[one.group] += 1.0
        persons = present[0] + present[1] + len(town.residents)
        events = town.covered(ties_process.ENCOUNTER_SECTOR)
        shared = row.origin_shared
        for one in town.migrants:
            if one.present == 0:
                continue
            self.lose(one)
            self.make(one)
            own = present[one.group] / persons
            if one.group == NON_EUROPEAN:
                own += shared
            self.gather(one, own, events)

    def lose(self, one: Migrant) -> None:
        """Ties end by chance without a meeting, and when the position has passed on."""
        met = {meeting.resident for meeting in one.met}
        for k in range(TIES):
            tie = one.tie[k]
            if tie is None:
                continue
            gone = tie.resident.since > tie.month
            if tie.resident not in met:
                loss = self.constants.ties_loss
                gone = gone or self.draw(one.entity, ties_process.LOST, k) < loss
            if gone:
                one.tie[k] = None

    def make(self, one: Migrant) -> None:
        """Good meetings become ties."""
        for slot, meeting in enumerate(one.met):
            if not meeting.good or None not in one.tie:
                continue
            if any(tie is not None and tie.resident is meeting.resident for tie in one.tie):
                continue
            attitude, distance = towards_group(meeting.resident, one)
            own = preference(self.constants, one.attitude, one.language, 0.0)
            liking = mutual_liking(preference(self.constants, attitude, one.language, distance), own)
            chance = tie_chance(liking, meeting.hours, self.constants.ties_friend)
            if self.draw(one.entity, ties_process.MADE + slot) < chance:
                one.tie[one.tie.index(None)] = Tie(meeting.resident, meeting.kind, self.month)

    def gather(self, one: Migrant, own: float, events: float) -> None:
        """Circles of compatriots and clubs."""
        constants, clubs = self.constants, self.town.clubs
        circle = constants.ties_coethnic_size * saturate(own, constants.ties_coethnic_half)
        one.coethnic = towards(one.coethnic, circle, constants.ties_coethnic_speed)
        if one.association is not None:
            if self.draw(one.entity, ties_process.QUITS) < constants.ties_quit:
                one.association = None
        elif clubs and one.age >= JOIN_FROM:
            open_life = self.town.row.meetings
            asked = asked_to_join(constants, one.language, one.ties()) * open_life
            chance = constants.ties_join * asked * (1.0 + constants.ties_join_support * events)
            if self.draw(one.entity, ties_process.JOINS) < chance:
                one.association = clubs[int(self.draw(one.entity, ties_process.CLUB) * len(clubs))]
