"""What readings are called in pictures."""

from woc_sim.figures.wording import title_of
from woc_sim.instruments.readings import READINGS


def test_readings_of_two_interviews_have_the_time_in_their_title():
    assert title_of("lg_company_2017").endswith("company, 2017-2019")
    assert title_of("lg_company_2020").endswith("company, 2020-2021")
    assert title_of("lg_mean_2020@2021") == "meetings of local government, 2021"


def test_no_title_refers_to_another_line_of_a_table():
    assert not [each.name for each in READINGS if title_of(each.name).startswith("the same,")]
