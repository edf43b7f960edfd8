"""Civil society: volunteers come from sympathy, initiatives from unmet need."""

from towns import place
from worlds import live, small_locality

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
