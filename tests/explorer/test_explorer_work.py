"""Workers that stay: they give the numbers of this process, and pass errors on."""

import numpy as np
import pytest
from sides import SMALL

from woc_sim.ensemble.why import game_of
from woc_sim.explorer.settings import scenario_of
from woc_sim.explorer.work import Here, Workers


def test_workers_give_the_numbers_of_this_process():
    scenario = scenario_of({**SMALL, "months": 12})
    other = scenario_of({**SMALL, "months": 12, "theory.contact": "none"})
    here = Here()
    with Workers(1) as workers:
        np.testing.assert_array_equal(workers.indicators(scenario, [0, 1]), here.indicators(scenario, [0, 1]))
        assert workers.replicate(object(), scenario, 1).done()  # it is kept
        np.testing.assert_array_equal(
            workers.history(scenario, 0).monthly["migrants.met"],
            here.history(scenario, 0).monthly["migrants.met"],
        )
        assert workers.lives(scenario, 0, 3) == here.lives(scenario, 0, 3)
        with pytest.raises(ZeroDivisionError):
            workers.submit(object(), divmod, 1, 0).result()
        game = game_of(scenario, other, ("mean_attitude",), ("contact", "opinion"))
        assert workers.why(object(), game, 1).result().replicate == 1
        owner = object()
        first, *others = [workers.submit(owner, divmod, 7, each) for each in (2, 3, 4, 5)]
        workers.drop(owner)
        assert first.result() == (3, 1)
        assert any(each.cancelled() for each in others)
