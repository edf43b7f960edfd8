"""People with the habits of Mesa's AgentSet: the same calls on real agents and on columns give the same.

Runs on both Mesa lines. The agents carry the columns of the migrants of a lived-in world as attributes.
"""

from collections.abc import Callable, Iterator
from typing import Any

import mesa
import numpy as np
import pytest

from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario, Shocks
from woc_sim.simulation import open_world
from woc_sim.world.groups import GROUPS
from woc_sim.world.model import World
from woc_sim.world.people import NON_EUROPEAN, UKRAINIAN
from woc_sim.world.people_set import INSTEAD, PeopleSet
from woc_sim.world.views import PersonView

COLUMNS = ("age", "female", "job", "housing", "language", "attitude", "entity")


class Person(mesa.Agent):  # type: ignore[misc]
    """A migrant as a Mesa user would write one."""

    def __init__(self, model: mesa.Model, view: PersonView) -> None:
        super().__init__(model)
        for column in COLUMNS:
            setattr(self, column, getattr(view, column))


class Twin(mesa.Model):  # type: ignore[misc]
    """The migrants of a world as Mesa agents, in the same order."""

    def __init__(self, people: PeopleSet) -> None:
        super().__init__(rng=1)
        for view in people:
            Person(self, view)


@pytest.fixture
def world() -> Iterator[World]:
    """Two places after five years."""
    scenario = Scenario(
        (from_case("C21"), from_case("C27")), seed=5, people=900, months=60, shocks=Shocks(asylum=4.0)
    )
    with open_world(scenario, 0) as opened:
        for _ in range(scenario.months):
            opened.step()
        yield opened


def plain(answer: Any) -> Any:
    """An answer as lists, numbers and dicts, whichever of the two sets gave it."""
    if isinstance(answer, PeopleSet) or type(answer).__name__ == "AgentSet":
        return [plain(each) for each in answer]
    if isinstance(answer, PersonView | Person):
        return [getattr(answer, column) for column in COLUMNS]
    if isinstance(answer, dict):
        return {label: plain(each) for label, each in answer.items()}
    if isinstance(answer, np.ndarray | np.generic):
        return answer.tolist()
    return [plain(each) for each in answer] if isinstance(answer, list | tuple) else answer


def adult(person: Any) -> bool:
    return bool(person.age >= 18)


def decade(person: Any, width: int = 10) -> int:
    return int(person.age // width)


CALLS: dict[str, Callable[[Any], Any]] = {
    "len": len,
    "iteration": list,
    "bool of a full set": bool,
    "first": lambda people: people[0],
    "last": lambda people: people[-1],
    "slice": lambda people: people[2:7:2],
    "membership": lambda people: people[3] in people,
    "not a member": lambda people: people[3] in people.select(at_most=3),
    "something else": lambda people: "somebody" in people,
    "select": lambda people: people.select(adult),
    "select nobody": lambda people: len(people.select(lambda person: person.age > 200)),
    "select all": lambda people: people.select(),
    "select at most": lambda people: people.select(at_most=4),
    "select at most of some": lambda people: people.select(adult, at_most=4),
    "select a share": lambda people: people.select(adult, at_most=0.3),
    "select none": lambda people: len(people.select(at_most=0)),
    "select twice": lambda people: people.select(adult).select(lambda person: person.job > 0),
    "get": lambda people: people.get("age"),
    "get integers": lambda people: people.get("entity"),
    "get several": lambda people: people.get(["job", "housing"]),
    "get missing": lambda people: people.get("hobby", handle_missing="default", default_value=7),
    "get some missing": lambda people: people.get(["job", "hobby"], "default", 0.5),
    "set and get": lambda people: people.set("language", 0.25).get("language"),
    "set of some": lambda people: [
        people.select(adult).set("language", 1.0) and None,
        people.get("language"),
    ],
    "agg": lambda people: people.agg("age", max),
    "agg numpy": lambda people: round(float(people.agg("age", np.mean)), 10),
    "agg several": lambda people: people.agg("job", [min, max, sum, len]),
    "map": lambda people: people.map(decade),
    "map with arguments": lambda people: people.map(decade, width=5) + people.map(decade, 20),
    "groupby counts": lambda people: people.groupby("job").count(),
    "groupby order": lambda people: list(people.groupby("housing").groups),
    "groupby a function": lambda people: people.groupby(decade).count(),
    "groupby agg": lambda people: people.groupby("job").agg("age", min),
    "groupby map": lambda people: people.groupby("female").map(len),
    "groupby map by name": lambda people: people.groupby("female").map("get", "age"),
    "groupby map with arguments": lambda people: people.groupby("job").map(
        lambda group, column, many: group.get(column)[:many], "age", many=2
    ),
    "groupby iteration": lambda people: [[label, group] for label, group in people.groupby("job")],
    "groupby len": lambda people: len(people.groupby("housing")),
}


@pytest.mark.portable
def test_the_same_calls_on_an_agentset_and_on_a_peopleset_give_the_same(world: World) -> None:
    twin = Twin(world.migrants)
    assert len(world.migrants) > 20
    for name, call in CALLS.items():
        assert plain(call(world.migrants)) == plain(call(twin.agents)), name


@pytest.mark.portable
def test_the_same_mistakes_raise_the_same_errors(world: World) -> None:
    twin = Twin(world.migrants)
    mistakes: dict[str, tuple[type[Exception], Callable[[Any], Any]]] = {
        "get": (AttributeError, lambda people: people.get("hobby")),
        "get of some": (AttributeError, lambda people: people.get(["age", "hobby"])),
        "handling": (ValueError, lambda people: people.get("age", handle_missing="skip")),
        "groupby": (AttributeError, lambda people: people.groupby("hobby")),
        "agg": (AttributeError, lambda people: people.agg("hobby", max)),
        "index": (IndexError, lambda people: people[10_000]),
    }
    for name, (error, call) in mistakes.items():
        for people in (world.migrants, twin.agents):
            with pytest.raises(error):
                call(people)
            assert name


def test_people_are_not_agents_and_every_refusal_says_what_to_do_instead(world: World) -> None:
    assert {type(agent).__name__ for agent in world.agents} == {"Organisation", "Bloc"}
    council = [agent for agent in world.agents if type(agent).__name__ == "Bloc"]
    assert sum(bloc.seats for bloc in council) == pytest.approx(len(world.localities))
    assert sum(bloc.seats for bloc in council if bloc.in_government) > 0.5 * len(world.localities) - 0.06
    assert all(bloc.ideology == -0.9 for bloc in council if bloc.radical_right)
    for people in (world.residents, world.migrants):
        for name, instead in INSTEAD.items():
            assert not hasattr(people, name)
            with pytest.raises(AttributeError) as caught:
                getattr(people, name)
            assert str(caught.value) == f"a PeopleSet has no {name}(): {instead}"
            assert hasattr(mesa.agent.AgentSet, name), "a habit that Mesa has"
    with pytest.raises(AttributeError, match=r"a group of people has no do\(\): .*process"):
        world.migrants.groupby("job").do("step")
    with pytest.raises(AttributeError, match="a PeopleSet has no attribute 'ages'"):
        world.residents.ages  # noqa: B018
    with pytest.raises(TypeError, match="people have no methods such as 'step'"):
        world.residents.map("step")  # type: ignore[arg-type]


def test_a_set_spans_the_localities_in_their_order_and_holds_who_is_here(world: World) -> None:
    first, second = world.localities
    assert len(world.residents) == len(first.residents) + len(second.residents)
    ages = np.concatenate([first.residents.age, second.residents.age])
    assert np.array_equal(world.residents.get("age"), ages)
    here = [np.flatnonzero(place.migrants.present) for place in world.localities]
    assert [person.row for person in world.migrants] == [row for rows in here for row in rows.tolist()]
    assert len(world.migrants) < len(first.migrants) + len(second.migrants), "some have left"
    places = world.migrants.groupby(lambda person: person.locality.case)
    assert places.count() == {"C21": len(here[0]), "C27": len(here[1])}
    whole = PeopleSet("migrants", [(second, np.arange(len(second.migrants)))])
    assert whole.agg("present", sum) == len(here[1])


def test_masks_choose_like_functions_and_must_fit(world: World) -> None:
    people = world.residents
    young = people.get("age") < 18
    assert plain(people.select(young).get("entity")) == plain(
        people.select(lambda person: person.age < 18).get("entity")
    )
    assert len(people.select(young, at_most=3)) == 3
    for mask in ([True], np.ones(len(people)), np.ones((len(people), 2), dtype=bool)):
        with pytest.raises(ValueError, match=f"one true or false for each of the {len(people)} people"):
            people.select(mask)


def test_values_are_written_into_the_columns_and_bounds_are_kept(world: World) -> None:
    second = world.localities[1]
    people = world.residents
    assert people.set("interest", np.linspace(0, 1, len(people))) is people
    assert second.residents.interest[-1] == 1.0
    person = people[-1]
    assert isinstance(person, PersonView)
    assert (person.row, person.locality) == (len(second.residents) - 1, second)
    person.interest = 0.125
    assert second.residents.interest[-1] == 0.125
    assert person.interest == 0.125
    assert repr(person) == f"<residents[{person.row}] of C27>"
    for wrong in (1.5, float("nan")):
        with pytest.raises(ValueError, match=r"residents\.interest goes from 0 to 1 \(1\)"):
            people.set("interest", wrong)
        with pytest.raises(ValueError, match=r"residents\.interest goes from 0 to 1"):
            person.interest = wrong
    with pytest.raises(ValueError, match="2 values for"):
        people.set("interest", [0.5, 0.5])
    with pytest.raises(AttributeError, match=r"no column 'intrest'; did you mean 'interest'"):
        people.set("intrest", 0.5)
    with pytest.raises(AttributeError, match="did you mean 'interest'"):
        person.intrest = 0.5
    assert second.residents.interest[-1] == 0.125, "nothing of it was written"


def test_views_read_wide_columns_as_tuples_and_know_who_they_are(world: World) -> None:
    here = world.migrants
    person, same, other = here[0], here[0], here[1]
    assert isinstance(person, PersonView)
    assert person == same
    assert person != other
    assert len({person, same, other}) == 2
    assert person != "somebody"
    assert isinstance(person.tie, tuple)
    assert len(person.tie) == 8
    assert isinstance(person.age, float)
    assert isinstance(person.job, int)
    assert world.residents[0] not in here


def test_a_set_keeps_its_people_when_others_arrive(world: World) -> None:
    before = world.migrants
    entities = before.get("entity").tolist()
    world.localities[0].sets["migrants"].append(5000)  # new buffers
    assert before.get("entity").tolist() == entities


def test_what_people_think_of_groups_is_read_and_written_by_group(world: World) -> None:
    people = world.residents
    both = people.get("attitude_to")
    assert both.shape == (len(people), len(GROUPS))
    one = people.get("attitude_to.ukrainian")
    assert np.array_equal(one, both[:, UKRAINIAN])
    assert people.agg("attitude_to.ukrainian", np.mean) == one.mean()
    person = people[3]
    assert person.attitude_to == tuple(both[3])
    person.attitude_to = (0.25, -0.25)
    people.set("attitude_to.ukrainian", np.where(one > 0.9, 0.9, one))
    assert people[3].attitude_to[UKRAINIAN] <= 0.9
    assert people[3].attitude_to[NON_EUROPEAN] == 0.25
    people.set("attitude_to", both)
    assert np.array_equal(people.get("attitude_to"), both)
    assert people.get("attitude_to.martian", "default", 0.0).tolist() == [0.0] * len(people)
    with pytest.raises(ValueError, match="goes from -1 to 1"):
        people.set("attitude_to.ukrainian", 2.0)
    with pytest.raises(AttributeError, match="no column"):
        people.get("attitude_to.martian")


def test_names_of_the_last_release_still_name_the_columns_with_a_warning(world: World) -> None:
    people = world.residents
    with pytest.warns(FutureWarning, match=r"residents\.attitude_ua is called"):
        old = people.get("attitude_ua")
    assert np.array_equal(old, people.get("attitude_to.ukrainian"))
    with pytest.warns(FutureWarning, match=r"residents\.contact is called"):
        assert people[0].contact == people[0].contact_with[NON_EUROPEAN]
    with pytest.warns(FutureWarning, match=r"residents\.attitude is called"):
        people[0].attitude = 0.125
    assert people[0].attitude_to[NON_EUROPEAN] == 0.125
    with pytest.warns(FutureWarning, match=r"locality\.asylum_share is called"):
        assert world.localities[0].row.asylum_share[0] > 0.0
