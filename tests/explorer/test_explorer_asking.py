"""Asking for the newest pair while settings change faster than they can be simulated."""

from concurrent.futures import Future

import numpy as np
import pytest
from sides import SMALL

from woc_sim.explorer import asking
from woc_sim.explorer.asking import Asking
from woc_sim.explorer.settings import scenario_of


class Held:
    """Workers whose results come when the test says so."""

    def __init__(self):
        self.calls = []

    def replicate(self, owner, scenario, replicate):
        self.calls.append((scenario.seed, replicate, Future()))
        return self.calls[-1][2]

    def drop(self, owner):
        for _, _, future in self.calls:
            future.cancel()

    def finish(self, seed, replicate):
        for each, number, future in self.calls:
            if (each, number) == (seed, replicate) and not future.done():
                future.set_running_or_notify_cancel()
                future.set_result(np.full((24, 3), float(seed)))


@pytest.fixture
def held():
    workers, shown, failed = Held(), [], []
    return workers, shown, failed, Asking(workers, lambda pair, wanted: shown.append(pair), failed.append)


def scenarios(seed):
    return (scenario_of({**SMALL, "seed": seed}),)


def seeds(shown):
    return [(int(pair.a.indicators[0, 0, 0]), pair.a.replicates) for pair in shown]


def test_only_the_newest_of_those_that_wait_is_simulated(held):
    workers, shown, _, ask = held
    for seed in (1, 2, 3):
        ask.ask(scenarios(seed), 2)
    assert {seed for seed, _, _ in workers.calls} == {1}
    for replicate in (0, 1):
        workers.finish(1, replicate)
    assert {seed for seed, _, _ in workers.calls} == {1, 3}
    for replicate in (0, 1):
        workers.finish(3, replicate)
    assert seeds(shown) == [(1, 2), (3, 2)]


def test_first_replicates_are_shown_when_others_take_long(held, monkeypatch):
    workers, shown, _, ask = held
    monkeypatch.setattr(asking, "PATIENCE", -1.0)
    ask.ask(scenarios(1), 3)
    workers.finish(1, 1)
    assert not shown  # replicate 0 is missing, so nothing is complete
    workers.finish(1, 0)
    assert seeds(shown) == [(1, 2)]
    ask.ask(scenarios(2), 3)  # what is held of the first is not waited for
    assert {seed for seed, _, future in workers.calls if not future.done()} == {2}


def test_error_is_passed_on_and_the_next_is_simulated(held):
    workers, shown, failed, ask = held
    ask.ask(scenarios(1), 1)
    ask.ask(scenarios(2), 1)
    workers.calls[0][2].set_exception(RuntimeError("broken"))
    workers.finish(2, 0)
    assert [str(each) for each in failed] == ["broken"]
    assert seeds(shown) == [(2, 1)]


def test_closed_tab_shows_nothing_more(held):
    workers, shown, failed, ask = held
    ask.ask(scenarios(1), 1)
    ask.close()
    workers.finish(1, 0)
    assert not shown
    assert not failed
