"""What a view keeps: the things used last."""

from woc_sim.explorer.views.kept import Kept


def test_a_thing_is_made_once_and_the_oldest_goes():
    made = []
    kept = Kept(most=2)

    def get(key):
        return kept.get(key, lambda: made.append(key) or key.upper())

    assert [get(key) for key in "abab"] == ["A", "B", "A", "B"]
    assert made == ["a", "b"]
    get("a")
    get("c")  # b was used longest ago
    assert len(kept) == 2
    get("a")
    assert made == ["a", "b", "c"]
    get("b")
    assert made == ["a", "b", "c", "b"]
