"""The world as a Mesa model on every supported version of Mesa: made of keywords, run, copied, in batches."""

import copy
import gc
import inspect
import pickle
import warnings
import weakref
from dataclasses import replace

import mesa
import numpy as np
import pytest

import woc_sim
from woc_sim import Model, UserError, scenario
from woc_sim.processes.civil_society import PROCESS
from woc_sim.processes.schedule import PROCESSES
from woc_sim.simulation import open_world
from woc_sim.world.model import World

pytestmark = pytest.mark.portable

TOWN = {"case": "C21", "people": 80, "months": 20}
CHANGED = {**TOWN, "intervention": {"turnover": {"start": "2013-01"}, "links": {"start": "2012-06"}}}


def table(model):
    return model.datacollector.get_model_vars_dataframe()


def lived(model):
    model.run_model()
    return table(model).to_numpy()


def batch(parameters, **rest):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # `iterations` on the newer line
        return mesa.batch_run(Model, parameters, display_progress=False, **rest)


def test_a_model_is_made_of_keywords_and_ends_with_its_months():
    model = Model(rng=7, **TOWN)
    assert model.config == scenario(seed=7, **TOWN)
    assert model.running
    model.run_model()
    assert (model.running, model.month, len(table(model))) == (False, 19, 20)
    for step in (model.step, model.step, lambda: World.step(model)):
        with pytest.raises(UserError, match="has lived its 20 months"):
            step()
    assert (model.month, len(table(model))) == (19, 20)
    if hasattr(model, "steps"):  # until Mesa 4
        assert model.steps == 20


def test_what_is_collected_is_what_a_run_gives():
    monthly = woc_sim.run({"seed": 7, **CHANGED}).monthly
    found = table(run_of(Model(seed=7, **CHANGED)))
    assert set(found["seed"]) == {7}
    np.testing.assert_array_equal(found["mean_attitude"], monthly["mean_attitude"])
    np.testing.assert_array_equal(found.drop(columns="seed"), monthly[list(found.columns[1:])])
    several = table(run_of(Model(case=["C21", "C27"], people=80, months=2)))
    assert {"C21.mean_attitude", "C27.mean_attitude"} <= set(several.columns)


def run_of(model):
    model.run_model()
    return model


def test_seeds_come_by_either_name_and_a_new_one_by_none():
    assert Model(rng=np.int64(7), **TOWN).config.seed == Model(seed=7, **TOWN).config.seed == 7
    for rng in (np.random.SeedSequence(4), [1, 2]):
        assert Model(rng=rng, **TOWN).config.seed == Model(rng=rng, **TOWN).config.seed
    drawn = Model(rng=np.random.default_rng(3), **TOWN).config.seed
    assert drawn == Model(rng=np.random.default_rng(3), **TOWN).config.seed
    assert len({Model(**TOWN).config.seed for _ in range(3)}) == 3
    assert Model(seed=7, replicate=1, **TOWN).replicate == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"rng": -1}, "rng is -1"),
        ({"rng": True}, "rng is True"),
        ({"rng": 1.5}, "rng is 1.5"),
        ({"rng": "seven"}, "rng is 'seven'"),
        ({"rng": object()}, "a generator or seed sequence of numpy"),
        ({"rng": 1, "seed": 2}, "give one of the two"),
        ({"seed": 1.5}, "seed is 1.5"),
        ({"sead": 1}, "did you mean 'seed'"),
        ({"months": 0}, "months is 0"),
        ({"replicate": -1}, "replicate is -1"),
        ({"scenario": 1}, "'scenario' does not exist"),
        ({"out": "x"}, "'out' does not exist"),
    ],
)
def test_other_keywords_are_refused_in_a_sentence(given, told):
    with pytest.raises(UserError) as raised:
        Model(**given)
    assert told in str(raised.value)
    assert len(str(raised.value)) <= 300


def test_a_world_needs_a_locality():
    with pytest.raises(UserError, match="localities is empty"), open_world(woc_sim.Scenario(()), 0):
        pass


def test_what_a_world_cannot_mean_is_refused_in_a_sentence():
    model = Model(seed=7, **TOWN)
    agents = list(model.agents)
    refused = {
        "has no step of its own": [
            lambda: model.agents.do("step"),
            lambda: model.agents.shuffle_do("step"),
            lambda: agents[0].step(),
            lambda: agents[0].advance(),
        ],
        "cannot be removed": [agents[0].remove, agents[-1].remove, model.remove_all_agents],
        "no generator to reset": [
            model.reset_rng,
            lambda: model.reset_rng(3),
            model.reset_randomizer,
            lambda: model.reset_randomizer(3),
        ],
    }
    for told, asks in refused.items():
        for ask in asks:
            with pytest.raises(UserError, match=told):
                ask()
    assert list(model.agents) == agents
    np.testing.assert_array_equal(lived(model), lived(Model(seed=7, **TOWN)))


def test_a_user_may_bring_an_agent_of_his_own_and_take_it_away():
    model = Model(seed=7, **TOWN)
    mine = mesa.Agent(model)
    assert mine in model.agents
    mine.remove()
    assert mine not in model.agents


@pytest.mark.parametrize("months", [0, 1, 14])
@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_between_two_months_lives_on_as_the_model_does(months, twin):
    whole = lived(Model(seed=7, **CHANGED))
    model = Model(seed=7, **CHANGED)
    for _ in range(months):
        model.step()
    other = twin(model)
    assert not np.shares_memory(
        other.localities[0].sets["residents"].attitude_to, model.localities[0].sets["residents"].attitude_to
    )
    assert all(agent.model is other for agent in other.agents)
    np.testing.assert_array_equal(lived(other), whole)  # while the first one waits
    assert model.month == months - 1
    np.testing.assert_array_equal(lived(model), whole)


def test_worlds_of_a_scenario_can_be_copied_as_well():
    with open_world(scenario(seed=7, **TOWN), 0) as world:
        world.step()
        other = copy.deepcopy(world)
        for _ in range(5):
            world.step()
            other.step()
        for rows, same in zip(
            world.localities[0].sets.values(), other.localities[0].sets.values(), strict=True
        ):
            for name in rows:
                np.testing.assert_array_equal(getattr(rows, name), getattr(same, name))


def test_a_process_is_written_down_by_the_module_that_declares_it():
    for process in PROCESSES:
        assert pickle.loads(pickle.dumps(process)) is process
        assert copy.deepcopy(process) is process
    with pytest.raises(pickle.PicklingError, match="not the one its module declares"):
        pickle.dumps(replace(PROCESS, kernels=()))


def test_a_batch_of_three_is_three_runs_that_can_be_repeated():
    settings = {"case": "C21", "people": 80, "months": 6}
    rows = batch(settings, iterations=3)
    seeds = [row["seed"] for row in rows]
    assert len(set(seeds)) == 3
    assert len({row["mean_attitude"] for row in rows}) == 3
    again = batch({**settings, "seed": seeds})
    assert [row["mean_attitude"] for row in again] == [row["mean_attitude"] for row in rows]
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        named = batch(settings, rng=seeds)
        assert [row["mean_attitude"] for row in named] == [row["mean_attitude"] for row in rows]


def test_a_batch_keeps_every_month_and_varies_settings():
    settings = {"case": "C21", "people": 80, "months": 6, "seed": 1, "replicate": [0, 1]}
    rows = batch(settings, data_collection_period=1)
    assert [row["replicate"] for row in rows] == [0] * 6 + [1] * 6
    assert rows[5]["mean_attitude"] != rows[11]["mean_attitude"]
    alone = woc_sim.run(scenario(case="C21", people=80, months=6)).monthly
    np.testing.assert_array_equal([row["mean_attitude"] for row in rows[:6]], alone["mean_attitude"])


def test_no_name_of_ours_is_one_of_mesas():
    """Checks names that later versions of Mesa use, also when an older version is installed."""
    later = {"time", "scenario", "data_registry", "observe", "unobserve", "notify", "batch", "suppress"}
    later |= {"observables", "observe_class", "run_for", "run_until", "schedule_event", "schedule_recurring"}
    meant = {"step", "_wrapped_step", "reset_rng", "reset_randomizer"}

    class Bare(mesa.Model):
        """The names that Mesa adds to every model class."""

    bare = Bare(rng=1)
    mesas = set(dir(bare)) | later
    ours = {name for kind in (World, Model) for name in vars(kind) if not name.startswith("__")}
    ours -= meant | set(vars(Bare))
    own = set(vars(Model(seed=7, **TOWN))) - set(vars(bare))
    assert not ours & mesas
    assert not own & later


def test_a_model_that_has_lived_its_months_is_forgotten():
    watch = weakref.ref(run_of(Model(seed=7, case="C21", people=80, months=2)))
    gc.collect()
    assert watch() is None
