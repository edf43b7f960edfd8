"""Rules of deservingness: five criteria, and what a judgement does to an attitude."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.deservingness import BY_GROUP, COMMON, Seen, deserving, judgement_effect

SIGNED = st.floats(-1, 1)
SHARE = st.floats(0, 1)
P = parameters("deservingness")
WEIGHTS = ("control", "attitude", "reciprocity", "identity", "need")


@given(SHARE, SHARE, SHARE, SHARE, SHARE)
def test_every_criterion_adds_to_the_judgement(
    protected: float, grateful: float, working: float, needy: float, near: float
) -> None:
    seen = Seen(protected, grateful, working, needy)
    judged = deserving(P, BY_GROUP, seen, near)
    assert -0.5 <= judged <= 0.5
    for criterion in Seen._fields:
        better = seen._replace(**{criterion: getattr(seen, criterion) + 0.1})
        assert deserving(P, BY_GROUP, better, near) > judged
    assert deserving(P, BY_GROUP, seen, near + 0.1) > judged
    assert deserving(P, COMMON, seen, near) == 0.0


def test_a_group_is_judged_by_the_weighted_mean_of_the_criteria() -> None:
    assert deserving(P, BY_GROUP, Seen(1.0, 0.5, 0.0, 0.5), 0.5) == pytest.approx(0.0)
    only = parameters("deservingness", **{f"deservingness_{name}": 0.0 for name in WEIGHTS[1:]})
    assert deserving(only, BY_GROUP, Seen(1.0, 0.0, 0.0, 0.0), 0.0) == pytest.approx(0.5)
    none = only._replace(deservingness_control=0.0)
    assert deserving(none, BY_GROUP, Seen(1.0, 1.0, 1.0, 1.0), 1.0) == 0.0


@given(SIGNED, st.floats(-0.5, 0.5))
def test_attitudes_follow_the_judgement_and_stay_on_their_scale(attitude: float, judged: float) -> None:
    moved = judgement_effect(P, attitude, judged)
    assert moved * judged >= 0.0
    assert -1.0 <= attitude + moved <= 1.0
    assert judgement_effect(P._replace(deservingness_gain=0.0), attitude, judged) == 0.0
