"""Sharing power: a price that rises with the distance of those at the table."""

from hypothesis import given
from hypothesis import strategies as st
from parameters import parameters

from woc_sim.rules.sharing import AS_ANY, GUARDED, cost_of_sharing

P = parameters("sharing")


@given(st.floats(0, 2), st.floats(0, 2))
def test_only_what_shares_sharing_costs_more_and_most_among_opponents(near: float, far: float) -> None:
    near, far = sorted((near, far))
    assert cost_of_sharing(P, AS_ANY, 1.0, far) == 0.0
    assert cost_of_sharing(P, GUARDED, 0.0, far) == 0.0
    assert 0.0 < cost_of_sharing(P, GUARDED, 1.0, near) <= cost_of_sharing(P, GUARDED, 1.0, far)
    free = P._replace(sharing_cost=0.0, sharing_apart=0.0)
    assert cost_of_sharing(free, GUARDED, 1.0, far) == 0.0


def test_friends_at_the_table_cost_the_price_alone() -> None:
    assert cost_of_sharing(P, GUARDED, 1.0, 0.0) == P.sharing_cost
