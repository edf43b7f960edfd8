"""Civil society: volunteers come from sympathy, initiatives from unmet need."""

from towns import place
from worlds import live, small_locality

from woc_sim.rules.attention import FADING, STEADY
from woc_sim.rules.voice import COSTLY, FREE
from woc_sim.world.people import NON_EUROPEAN


def test_volunteers_come_from_sympathy_and_vanish_with_hostility():
    friendly = place()
    friendly.sets["residents"].attitude_to[NON_EUROPEAN] = 0.6
    hostile = place()
    hostile.sets["residents"].attitude_to[NON_EUROPEAN] = -0.6
    assert live(friendly, range(12), ["civil_society"]).value("volunteer_share") > 0.01
    assert live(hostile, range(12), ["civil_society"]).value("volunteer_share") == 0.0


def test_initiatives_answer_unmet_need_and_rest_where_it_is_covered():
    supply = []
    for covered in (0.0, 0.95):
        total = 0.0
        for replicate in range(6):
            locality = small_locality(200, inhabitants=40_000.0, replicate=replicate)
            locality.sets["sectors"].need[:] = 0.6
            locality.sets["sectors"].higher[:] = covered
            total += float(live(locality, range(60), ["civil_society"]).sets["sectors"].civil.sum())
        supply.append(total)
    assert supply[0] > 1.3 * supply[1]


def initiatives(theory: int, replicates: int = 5, **covariates: float) -> list[float]:
    """Initiatives after some years without residents' help, one number for each replicate."""
    found = []
    for replicate in range(replicates):
        locality = small_locality(150, inhabitants=80_000.0, replicate=replicate, theories={"voice": theory})
        locality.sets["sectors"].need[:] = 0.6
        for column, value in covariates.items():
            locality.row.buffer(column)[0] = value  # founding draws the majorities
        live(locality, range(60), ["civil_society"])
        found.append(float(locality.sets["organisations"].initiative.sum()))
    return found


def test_acting_costs_courage_where_the_radical_right_is_loud():
    assert sum(initiatives(COSTLY, rrp=0.4)) < sum(initiatives(FREE, rrp=0.4))


def test_a_hostile_majority_above_provokes_who_disagrees():
    above = {"nation_ideology": -1.0, "region_ideology": 0.2}
    assert sum(initiatives(COSTLY, **above)) > sum(initiatives(FREE, **above))


def test_courage_is_free_where_nobody_is_loud_and_no_majority_hostile():
    quiet = {"nation_ideology": 0.5, "region_ideology": 0.0}
    assert initiatives(COSTLY, 2, **quiet) == initiatives(FREE, 2, **quiet)


def helpers(theory: int, interest: float = 0.3, **parameters: float) -> list[float]:
    """Share of volunteers in the months after a topic has become salient and stays so."""
    locality = small_locality(600, theories={"attention": theory}, parameters=parameters)
    locality.sets["sectors"].need[:] = 0.6
    locality.residents.attitude_to[:] = 0.5
    locality.residents.interest[:] = interest
    shares = []
    for month in range(36):
        locality.row.media[0] = 0.1 if month < 6 else 0.6
        live(locality, [month], ["civil_society"])
        shares.append(locality.value("volunteer_share"))
    return shares


def test_help_that_came_with_the_news_leaves_with_them():
    news_only = {"civil_society.call_need": 0.0}
    steady, fading = helpers(STEADY, **news_only), helpers(FADING, **news_only)
    assert max(fading) > 2.0 * fading[5]
    assert fading[-1] < 0.7 * max(fading)
    assert steady[-1] > 0.9 * max(steady)


def test_who_follows_the_topic_stays_when_the_news_are_over():
    off = {"attention.habit": 0.0, "attention.surge": 1.0}
    assert helpers(FADING, interest=1.0, **off) == helpers(STEADY, interest=1.0)
    assert sum(helpers(FADING, interest=0.2, **off)) < sum(helpers(STEADY, interest=0.2))


def test_without_habit_and_lapse_attention_is_steady():
    off = {"attention.habit": 0.0, "attention.surge": 1.0, "attention.lapse": 0.0}
    assert helpers(FADING, **off) == helpers(STEADY)
