"""Founding a place's institutions: where levels above the locality stand."""

from worlds import small_locality


def test_regions_of_unknown_colour_are_drawn_inside_their_band() -> None:
    drawn = {small_locality(60, replicate=number).value("region_ideology") for number in range(12)}
    assert len(drawn) == 12
    assert all(-0.25 <= stance <= 0.5 for stance in drawn)
    known = {small_locality(60, framework="BE-WAL", replicate=n).value("region_ideology") for n in range(3)}
    assert known == {0.5}
