"""Who is asked: samples keep their people, and interviewees are as many and as varied as in the study."""

import numpy as np

from woc_sim.instruments.sampling import interviewees, sample


def test_a_sample_keeps_its_people_when_others_arrive(place):
    key = place.key("instrument.test")
    entities = place.residents.entity
    few = sample(key, entities, np.arange(300), 100)
    many = sample(key, entities, np.arange(600), 100)
    assert few.size == many.size == 100
    assert set(many[many < 300]) <= set(few)
    assert sample(key, entities, np.arange(40), 100).size == 40


def test_between_eight_and_sixteen_people_are_met_and_three_or_more_rate(make):
    numbers, raters = [], []
    for seed in range(40):
        place = make()
        place.seed = seed
        people = interviewees(place)
        numbers.append(len(people))
        raters.append(sum(who.rates for who in people))
        assert len({who.kind for who in people}) >= min(8, len(people))
    assert 8 <= min(numbers) < max(numbers) <= 16
    assert min(raters) >= 3
    assert 8.5 <= np.mean(raters) <= 11.0


def test_higher_levels_and_the_gone_are_not_interviewed(place):
    place.organisations.active[4] = 0
    kinds = {who.kind for who in interviewees(place)}
    assert not kinds & {11, 12, 13}
    assert all(who.organisation != 4 for who in interviewees(place))
