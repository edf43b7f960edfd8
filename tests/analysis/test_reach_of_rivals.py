"""What rivals bring into reach, from made-up verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from woc_sim.analysis import reach_of_rivals as module
from woc_sim.analysis.checks import checks_by_finding
from woc_sim.analysis.reach import DEFAULT_STUDIES, OUT_OF_REACH
from woc_sim.analysis.rival_theories import rivals
from woc_sim.ensemble.store import open_store
from woc_sim.scenario.schema import Scenario

NAMES = list(checks_by_finding())


def made_up(scenarios: Sequence[Scenario], *_: Any) -> tuple[Any, Any]:
    """The first finding holds without an effect of contact alone, the second only with one."""
    assert len(scenarios) == 20 + DEFAULT_STUDIES
    without = scenarios[0].theories["contact"] == "none"
    passed = np.ones((len(scenarios), len(NAMES)), dtype=bool)
    passed[:, 0], passed[:, 1] = without, not without
    return np.zeros(passed.shape), passed


@pytest.mark.parametrize("subject", ["contact", "threat"])
def test_what_a_rival_brings_into_reach_and_puts_out(
    subject: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "judged", made_up)
    chosen = [one for one in rivals((subject,)) if subject == "contact" or not one.is_default]
    with open_store(tmp_path) as store:
        found = module.reach_of_rivals(chosen, Scenario(()), 20, 1, False, store)
    if subject == "threat":  # none of the rivals is the default, which is there all the same
        assert found["subject"].unique().tolist() == ["", "threat"]
    told = module.summary(found, chosen).set_index("theory")
    assert len(told) == len(chosen)
    assert (told["out_of_reach"] == 1).all()
    if subject == "contact":
        assert told.loc["none", ["into_reach", "put_out"]].tolist() == NAMES[:2]
        (line,) = (line for line in module.sentences(told.reset_index()) if line.startswith("contact none"))
        assert line.startswith(
            f"contact none: 1 findings are out of reach; brought into reach: {NAMES[0]}; put out of reach"
        )
    others = told.drop(index="none") if subject == "contact" else told
    assert (others[["into_reach", "put_out"]] == "").all(axis=None)
    unreached = found[found["word"] == OUT_OF_REACH]
    assert set(unreached["finding"]) <= set(NAMES[:2])


def test_no_rival_no_sentence() -> None:
    assert module.sentences(pd.DataFrame()) == []
