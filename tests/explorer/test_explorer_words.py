"""What differs, in words."""

from sides import SCRIPT, SMALL, screen

from woc_sim.explorer.settings import PLACE, Screen
from woc_sim.explorer.words import differences, place_name


def test_each_difference_is_a_sentence():
    told = differences(
        screen(
            **{
                "locality.rrp_share": 0.3,
                "theory.contact": "none",
                "intervention.links.start": "2018-01",
                "intervention.links.strength": 0.5,
                "shocks.covid": 0.0,
            }
        )
    )
    assert told == [
        "Seats of radical-right parties in the council in 2021 (other years: theory/seats): "
        "as the place has it in A, 0.3 in B.",
        "Theory of contact: moderated in A, none in B.",
        "Intervention links (links to higher levels: a standing contact point at the region and the nation): "
        "none in A, 2018-01 to the end at strength 0.5 in B.",
        "Calendar, covid: 1 in A, 0 in B.",
    ]


def test_other_place_is_one_sentence():
    (told,) = differences(Screen(a=dict(SMALL), b={**SMALL, "case": "C31"}))
    assert told == "Place: case C21 in A, case C31 in B."
    assert place_name({PLACE: SCRIPT}) == "own locality “<script>alert(1)</script>”"
    assert differences(screen()) == []
