"""Life stories: every line is checked against the columns of its month, stepped and recomputed here.

A world with more arrivals and hosts than usual is stepped by hand; all columns are kept for all months. What
a line says is then looked for in them, by rules written down here a second time, from the columns alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from worlds import snapshot

from woc_sim.draws import draw
from woc_sim.ensemble.life_tables import lives_from_json, lives_to_json
from woc_sim.ensemble.run import run_rows
from woc_sim.instruments.life_events import Event, Life
from woc_sim.instruments.life_stories import LifeStories, shares
from woc_sim.processes.demography import DEATH, LEAVES
from woc_sim.rules.demography import death_chance
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.parameters import defaults
from woc_sim.scenario.schema import Scenario, Shocks
from woc_sim.simulation import open_world
from woc_sim.world.founding import municipal_measures
from woc_sim.world.locality import Locality
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN
from woc_sim.world.places import PLACE_KINDS

SECTORS = (
    "reception", "language", "work", "housing", "education", "encounter", "rights", "services", "steering",
)  # fmt: skip
HOMES = ("reception", "supported", "hosted", "private")
LIVES = 700
SCENARIO = Scenario(
    (from_case("C27"),),
    seed=12,
    people=1500,
    shocks=Shocks(asylum=4.0, ukrainians=3.0),
    parameters={**defaults(), "arrivals.hosting": 0.7, "arrivals.hosted": 0.8, "work.base": 0.03},
)

Columns = dict[str, Any]


@dataclass
class Record:
    """A run stepped by hand: `months[m + 1]` all columns after month m, `months[0]` before the first."""

    locality: Locality
    months: list[Columns]
    lives: tuple[Life, ...]


@pytest.fixture(scope="module")
def record() -> Record:
    stories = LifeStories(LIVES)
    with open_world(SCENARIO, 0) as world:
        locality = world.localities[0]
        months = [snapshot(locality)]
        stories.begin(world)
        for _ in range(SCENARIO.months):
            world.step()
            stories.observe(world)
            months.append(snapshot(locality))
        return Record(locality, months, stories.localities[0].lives())


@dataclass
class Line:
    """One line with the columns before and after its month."""

    record: Record
    life: Life
    event: Event
    before: Columns
    after: Columns
    row: int

    @property
    def fresh(self) -> bool:
        """Whether the migrant was not there before the month."""
        return self.row >= len(self.before["migrants.entity"])

    def was(self, column: str, arrived: Any = None) -> Any:
        """A migrant's column before the month; `arrived` for those who came in it."""
        return arrived if self.fresh else self.before[f"migrants.{column}"][self.row]

    def now(self, column: str) -> Any:
        """A migrant's column after the month."""
        return self.after[f"migrants.{column}"][self.row]

    @property
    def other(self) -> int:
        """Row of the other party."""
        return int(self.event.other.split("-")[1])

    def met(self, good: int) -> bool:
        """Whether the migrant met the other well (badly) at the place, in this month and never before."""
        now = self.meetings(self.after, good, self.row, self.other)
        return now and not any(self.meetings(columns, good, self.row, None) for columns in self.earlier())

    def meetings(self, columns: Columns, good: int, migrant: int | None, resident: int | None) -> bool:
        """Whether a migrant (any) met a resident (any) at the place of the line, well or badly."""
        place = PLACE_KINDS.index(self.event.place)
        hit = (columns["migrants.met_venue"] == place) & (columns["migrants.met_good"] == good)
        hit &= (columns["migrants.met"] >= 0) & (columns["migrants.met_hours"] > 0)
        if resident is not None:
            hit &= columns["migrants.met"] == resident
        return bool((hit if migrant is None else hit[migrant : migrant + 1]).any())

    def earlier(self) -> Iterator[Columns]:
        """All months before this one."""
        yield from self.record.months[: self.event.month + 1]

    def ties(self, columns: Columns, row: int) -> set[tuple[int, int]]:
        """(resident, month) of the ties of migrant `row`."""
        if row >= len(columns["migrants.entity"]):
            return set()
        held, since = columns["migrants.tie"][row], columns["migrants.tie_month"][row]
        return {(int(who), int(month)) for who, month in zip(held, since, strict=True) if who >= 0}

    def dies(self) -> bool:
        """Death of the migrant in this month, by the draw of process 3."""
        u = draw(self.record.locality.key("demography"), int(self.now("entity")), DEATH, 0, self.event.month)
        age = self.was("age", self.now("age") - 1.0 / 12.0)
        return u < death_chance(age, SCENARIO.parameters["demography.deaths_at_80"])


def crosses(before: float, mark: float, after: float) -> bool:
    return before < mark <= after


def gone(line: Line) -> bool:
    return line.was("present", 1) == 1 and line.now("present") == 0


def never(line: Line, column: str, value: int) -> bool:
    """Whether a migrant's flag was not up in any month before."""
    return all(
        columns[f"migrants.{column}"][line.row] != value
        for columns in line.earlier()
        if line.row < len(columns["migrants.entity"])
    )


def born(entity: int) -> bool:
    """The key of a child born here: its month in the bits above 57 and from 49 to 55."""
    return entity >> 57 > 0 or entity >> 49 & 0x7F > 0


def is_born(line: Line) -> bool:
    """The key without the month is the mother's, and the month is this one."""
    entity = int(line.now("entity"))
    month = (entity >> 57) + 128 * (entity >> 49 & 0x7F) - 1
    mother = int(line.after["migrants.entity"][line.other])
    return line.fresh and month == line.event.month and entity & mother == mother and line.now("age") < 0.1


def arrives(way: int, family: bool) -> Callable[[Line], bool]:
    def check(line: Line) -> bool:
        return (
            line.fresh
            and line.now("cohort") == line.event.month
            and (family or line.now("arrival") == way)
            and bool(int(line.now("entity")) >> 56 & 1) == family
            and not born(int(line.now("entity")))
            and HOMES[line.now("housing")] == line.event.place
        )

    return check


def job(before: tuple[int, ...], after: int) -> Callable[[Line], bool]:
    return lambda line: line.was("job", 0) in before and line.now("job") == after and line.now("present") == 1


def hires(line: Line) -> bool:
    owner = line.after["places.owner"][line.now("workplace")]
    return bool(owner == line.other) if line.event.other else bool(owner < 0)


def helped(columns: Columns, row: int) -> set[int]:
    if row >= len(columns["migrants.entity"]) or not columns["migrants.present"][row]:
        return set()
    return {int(who) for who in columns["migrants.helper"][row] if who >= 0}


def hosted(columns: Columns, row: int) -> set[int]:
    """The host of a migrant, if any."""
    if row >= len(columns["migrants.entity"]) or not columns["migrants.present"][row]:
        return set()
    return {int(columns["migrants.host"][row])}


def masters(mark: float) -> Callable[[Line], bool]:
    return lambda line: crosses(line.was("language", 0.0), mark, line.now("language"))


MIGRANT: dict[str, Callable[[Line], bool]] = {
    "arrived_placed_leaving": arrives(0, False),
    "arrived_placed_staying": arrives(1, False),
    "arrived_chose": arrives(2, False),
    "arrived_family": arrives(2, True),
    "born": is_born,
    "appeal_won": lambda line: (line.was("status"), line.now("status")) == (2, 1),
    "protected": lambda line: (line.was("status"), line.now("status")) == (0, 1),
    "refused": lambda line: (line.was("status"), line.now("status")) == (0, 2),
    "family_reunited": lambda line: (line.was("family"), line.now("family")) == (1, 2),
    "job_precarious": lambda line: job((0,), 1)(line) and hires(line),
    "job_steady": lambda line: job((0,), 2)(line) and hires(line),
    "job_upgraded": job((1,), 2),
    "job_lost": lambda line: job((1, 2), 0)(line) and line.now("age") <= 65,
    "job_ended": lambda line: job((1, 2), 0)(line) and line.now("age") > 65,
    "job_refused": lambda line: line.now("refused_job") == 1 and never(line, "refused_job", 1),
    "home_refused": lambda line: line.now("refused_home") == 1 and never(line, "refused_home", 1),
    **{
        f"home_{home}": lambda line, code=code: line.was("housing") != code and line.now("housing") == code
        for code, home in enumerate(HOMES)
        if home != "hosted"  # hosts take people in on arrival only
    },
    "school": lambda line: line.now("school") >= 0 and (line.fresh or line.was("school") < 0),
    "school_left": lambda line: line.was("school") >= 0 and line.now("school") < 0,
    "language_basic": masters(0.25),
    "language_good": masters(0.5),
    "language_fluent": masters(0.75),
    "club_joined": lambda line: line.was("association", -1) < 0 <= line.now("association"),
    "club_left": lambda line: line.now("association") < 0 <= line.was("association", -1),
    "helper_began": lambda line: line.other in helped(line.after, line.row) - helped(line.before, line.row),
    "helper_ended": lambda line: line.other in helped(line.before, line.row) - helped(line.after, line.row),
    "met_good": lambda line: line.met(1),
    "met_bad": lambda line: line.met(0),
    "tie_made": lambda line: (
        (line.other, line.event.month) in line.ties(line.after, line.row) - line.ties(line.before, line.row)
    ),
    "tie_lost": lambda line: (
        line.other in {who for who, _ in line.ties(line.before, line.row) - line.ties(line.after, line.row)}
    ),
    "discrimination_high": lambda line: crosses(
        line.was("discrimination", 0.0), 2.0, line.now("discrimination")
    ),
    "belonging_up": lambda line: crosses(line.was("belonging", 0.0), 0.0, line.now("belonging")),
    "belonging_down": lambda line: line.now("belonging") < 0 <= line.was("belonging", 0.0),
    "moved_on": lambda line: gone(line) and not line.dies(),
    "died": lambda line: gone(line) and line.dies(),
}


def same_person(line: Line) -> bool:
    return bool(line.before["residents.entity"][line.row] == line.after["residents.entity"][line.row])


def resident_met(good: int) -> Callable[[Line], bool]:
    """A meeting of this month, and none like it since the person came."""

    def check(line: Line) -> bool:
        since = max(int(line.after["residents.since"][line.row]), -1)
        before = line.record.months[since + 1 : line.event.month + 1]
        return line.meetings(line.after, good, line.other, line.row) and not any(
            line.meetings(columns, good, None, line.row) for columns in before
        )

    return check


def resident_tie(columns: Columns, line: Line) -> set[int]:
    """Months of the ties between the resident and the other, who is here."""
    if line.other >= len(columns["migrants.entity"]) or not columns["migrants.present"][line.other]:
        return set()
    return {month for who, month in line.ties(columns, line.other) if who == line.row}


def attitude(group: int, up: bool) -> Callable[[Line], bool]:
    """An attitude passes a mark by 0.05, upwards or downwards, in a month in which the person is the same."""

    def check(line: Line) -> bool:
        column = "residents.attitude_to"
        old, new = line.before[column][group, line.row], line.after[column][group, line.row]
        beyond = 0.05 if up else -0.05
        passed = any(
            crosses(old, mark + beyond, new) if up else new + 0.05 < mark <= old + 0.05
            for mark in (-0.5, 0, 0.5)
        )
        return passed and same_person(line)

    return check


def volunteers(columns: Columns, line: Line) -> bool:
    return bool(columns["residents.volunteer"][line.row] > 0)


def stage_ends(line: Line) -> bool:
    age = line.before["residents.age"][line.row]
    return any(crosses(age, end, age + 1.0 / 12.0) for end in (18.0, 66.0))


def moves(line: Line) -> bool:
    """Whether the former holder of the position moved away, by the draw of process 3."""
    entity = int(line.before["residents.entity"][line.row])
    u = draw(line.record.locality.key("demography"), entity, LEAVES, 0, line.event.month)
    return u < SCENARIO.parameters["demography.moves"] / 12.0


RESIDENT: dict[str, Callable[[Line], bool]] = {
    "came": lambda line: (
        line.after["residents.since"][line.row] == line.event.month and not same_person(line)
    ),
    "left": lambda line: not same_person(line) and not stage_ends(line) and moves(line),
    "died": lambda line: not same_person(line) and not stage_ends(line) and not moves(line),
    "outgrew": lambda line: not same_person(line) and stage_ends(line),
    "met_good": resident_met(1),
    "met_bad": resident_met(0),
    "tie_made": lambda line: line.event.month in resident_tie(line.after, line),
    "tie_lost": lambda line: bool(resident_tie(line.before, line) - resident_tie(line.after, line)),
    "help_began": lambda line: line.row in helped(line.after, line.other) - helped(line.before, line.other),
    "help_ended": lambda line: line.row in helped(line.before, line.other) - helped(line.after, line.other),
    "volunteering_began": lambda line: (
        volunteers(line.after, line) and not (same_person(line) and volunteers(line.before, line))
    ),
    "volunteering_ended": lambda line: volunteers(line.before, line) and not volunteers(line.after, line),
    "hosting_began": lambda line: (
        line.row in hosted(line.after, line.other) and line.row not in hosted(line.before, line.other)
    ),
    "hosting_ended": lambda line: (
        line.row in hosted(line.before, line.other) and line.row not in hosted(line.after, line.other)
    ),
    "hired": lambda line: (
        line.after["migrants.job"][line.other] > 0
        and (
            line.other >= len(line.before["migrants.entity"]) or line.before["migrants.job"][line.other] == 0
        )
        and line.after["places.owner"][line.after["migrants.workplace"][line.other]] == line.row
    ),
    "attitude_warmed": attitude(NON_EUROPEAN, True),
    "attitude_cooled": attitude(NON_EUROPEAN, False),
    "attitude_ua_warmed": attitude(UKRAINIAN, True),
    "attitude_ua_cooled": attitude(UKRAINIAN, False),
}


def organisation(column: str, line: Line, part: int | None = None) -> tuple[Any, Any]:
    """A column before and after the month."""
    old, new = (columns[f"organisations.{column}"][line.row] for columns in (line.before, line.after))
    return (old, new) if part is None else (old[part], new[part])


def initiative(line: Line) -> tuple[Any, Any]:
    return organisation("initiative", line, SECTORS.index(line.event.place))


def frequent_first(line: Line) -> bool:
    often = [columns["governance.frequency"][line.row, line.other] for columns in line.earlier()]
    return max(often) < 12 <= line.after["governance.frequency"][line.row, line.other]


def adopted(line: Line) -> tuple[int, int]:
    """The measure that the line names, before and after."""
    named = [row for row, one in enumerate(municipal_measures()) if f": {one.label}. " in line.event.text]
    (row,) = named
    return line.before["measures.in_force"][row], line.after["measures.in_force"][row]


ORGANISATION: dict[str, Callable[[Line], bool]] = {
    "founded": lambda line: organisation("active", line) == (0, 1),
    "dissolved": lambda line: organisation("active", line) == (1, 0),
    "leader_changed": lambda line: len(set(organisation("leader", line))) == 2,
    "initiative_began": lambda line: initiative(line) == (0, 1),
    "initiative_ended": lambda line: initiative(line) == (1, 0),
    "belief_up": lambda line: crosses(organisation("belief", line)[0], 0.0, organisation("belief", line)[1]),
    "belief_down": lambda line: organisation("belief", line)[1] < 0 <= organisation("belief", line)[0],
    "frame_changed": lambda line: (
        len({int(np.argmax(each)) for each in organisation("prognostic", line)}) == 2
    ),
    "frequent_contact": frequent_first,
    "measure_adopted": lambda line: adopted(line) == (0, 1) and line.row == 0,
    "measure_dropped": lambda line: adopted(line) == (1, 0) and line.row == 0,
}

RULES = {"migrant": MIGRANT, "resident": RESIDENT, "organisation": ORGANISATION}


def lines(record: Record) -> Iterator[Line]:
    for life in record.lives:
        for event in life.events:
            before, after = record.months[event.month], record.months[event.month + 1]
            yield Line(record, life, event, before, after, int(life.id.split("-")[1]))


def test_every_line_happened_in_its_month(record: Record) -> None:
    wrong = [
        (line.life.id, line.event)
        for line in lines(record)
        if not RULES[line.life.kind][line.event.code](line)
    ]
    assert wrong == []


def test_the_run_tells_of_everything_there_is_to_tell(record: Record) -> None:
    """Codes without a line would be rules that this test never saw at work."""
    told = {(line.life.kind, line.event.code) for line in lines(record)}
    silent = {(kind, code) for kind, rules in RULES.items() for code in rules} - told
    assert silent == set()


def held_ties(columns: Columns, row: int) -> set[tuple[int, int]]:
    held, since = (columns[f"migrants.{name}"][row].tolist() for name in ("tie", "tie_month"))
    return {(who, month) for who, month in zip(held, since, strict=True) if who >= 0}


def changes(months: list[Columns], row: int) -> dict[str, int]:
    """How often jobs, homes, ties and clubs of a migrant changed, and whether the life here ended.

    The months begin with that of the arrival, of which only the end is known of the home.
    """
    found = dict.fromkeys(("job", "home", "tie", "club", "end"), 0)
    was_job, was_home, was_club = 0, months[0]["migrants.housing"][row], False
    was_tied: set[tuple[int, int]] = set()
    for columns in months:
        here = bool(columns["migrants.present"][row])
        now_job, now_home = columns["migrants.job"][row], columns["migrants.housing"][row]
        now_club, now_tied = bool(columns["migrants.association"][row] >= 0), held_ties(columns, row)
        found["home"] += int(was_home != now_home)
        found["club"] += int(was_club != now_club)
        if not here:
            found["end"] = 1
            break
        found["job"] += int(was_job != now_job)
        found["tie"] += len(was_tied ^ now_tied)
        was_job, was_home, was_club, was_tied = now_job, now_home, now_club, now_tied
    return found


def test_nothing_of_what_columns_say_is_left_out(record: Record) -> None:
    """As many lines as changes of the columns of sampled migrants."""
    for life in record.lives:
        if life.kind == "migrant":
            row, codes = int(life.id.split("-")[1]), [event.code for event in life.events]
            told = {
                "job": sum(code.startswith("job_") and code != "job_refused" for code in codes),
                "home": sum(code.startswith("home_") and code != "home_refused" for code in codes),
                "tie": sum(code.startswith("tie_") for code in codes),
                "club": sum(code.startswith("club_") for code in codes),
                "end": sum(code in ("moved_on", "died") for code in codes),
            }
            lived = [each for each in record.months if row < len(each["migrants.entity"])]
            assert told == changes(lived, row), life.id


def test_lives_are_in_the_order_of_time_and_end_when_they_end(record: Record) -> None:
    ends = {"moved_on", "died", "left", "outgrew"}
    for life in record.lives:
        months = [event.month for event in life.events]
        assert months == sorted(months), life.id
        assert not ends & {event.code for event in life.events[:-1]}, life.id
        if life.kind == "migrant":
            assert life.events[0].code.startswith(("arrived_", "born")), life.id


def test_the_sample_is_of_everybody_and_blind_to_what_happens(record: Record) -> None:
    """The lowest draws among all who ever came, recomputed when all is over."""
    migrants, residents, organisations = shares(LIVES)
    key = record.locality.key("instrument.life_stories")
    last = record.months[-1]
    arrived = sorted((draw(key, int(one), 1), row) for row, one in enumerate(last["migrants.entity"]))
    told = {int(life.id.split("-")[1]) for life in record.lives if life.kind == "migrant"}
    assert told == {row for _, row in arrived[:migrants]}
    ever = {
        (int(entity), row, int(since))
        for columns in record.months
        for row, (entity, since) in enumerate(
            zip(columns["residents.entity"], columns["residents.since"], strict=True)
        )
    }
    lowest = sorted((draw(key, entity, 2), row, since) for entity, row, since in ever)[:residents]
    names = {
        f"resident-{row}" if since < 0 else f"resident-{row}-since-{2012 + since // 12}-{since % 12 + 1:02d}"
        for _, row, since in lowest
    }
    assert names == {life.id for life in record.lives if life.kind == "resident"}
    kinds = [life.id for life in record.lives if life.kind == "organisation"]
    assert kinds[0] == "organisation-0", "the mayor"
    assert len(kinds) == min(organisations, len(last["organisations.kind"]))


def test_a_smaller_sample_is_part_of_a_larger_one() -> None:
    few, many = (run_rows(replace(SCENARIO, people=300, months=60), 0, lives)[0].lives for lives in (6, 30))
    ids = {life.id: life for life in many}
    assert [shares(6), shares(20), shares(1), shares(0)] == [(3, 2, 1), (10, 7, 3), (1, 0, 0), (0, 0, 0)]
    assert len(few) == 6
    assert all(ids[life.id] == life for life in few)


def test_nothing_changes_because_somebody_listens() -> None:
    scenario = replace(SCENARIO, people=200, months=50, localities=(from_case("C21"), from_case("C27")))
    alone, told = run_rows(scenario, 1), run_rows(scenario, 1, 40)
    for one, other in zip(alone, told, strict=True):
        assert np.array_equal(one.readings, other.readings, equal_nan=True)
        assert np.array_equal(one.indicators, other.indicators, equal_nan=True)
        assert (one.case, one.replicate, one.lives) == (other.case, 1, ())
    assert told[0].lives != told[1].lives
    assert [{life.kind for life in each.lives} for each in told] == [set(RULES)] * 2
    with open_world(scenario, 1) as quiet, open_world(scenario, 1) as loud:
        stories = LifeStories(40)
        stories.begin(loud)
        for _ in range(scenario.months):
            quiet.step()
            loud.step()
            stories.observe(loud)
        for one, other in zip(quiet.localities, loud.localities, strict=True):
            before, after = snapshot(one), snapshot(other)
            assert all(np.array_equal(before[name], after[name]) for name in before)


def test_lives_travel_as_text_unchanged(record: Record) -> None:
    assert lives_from_json(lives_to_json(record.lives)) == record.lives
    assert lives_from_json(lives_to_json(())) == ()
