"""Life stories: marks are the events that are told, a click opens a story, texts stay texts."""

from dataclasses import replace

import pytest
from small_pairs import MONTHS, SCRIPT, pair, shown

from woc_sim.explorer.views.stories import IN_TOWN, LIVES, SHAPES, SIGNS, StoriesView, spans_of, story
from woc_sim.figures.life_stories import HOMES, MIGRANT_MARKS, OTHER_MARKS
from woc_sim.instruments.life_events import Event, Life

MOVED = Life(
    "migrant",
    "migrant-1",
    "non-European man of 30",
    "A man.",
    (
        Event(3, "arrived_chose", "Arrived.", "reception"),
        Event(9, "home_private", "Moved.", "private"),
        Event(20, "moved_on", "Moved on."),
    ),
)


@pytest.fixture(scope="module")
def view():
    return shown(StoriesView(), pair())


def test_lives_and_events_are_those_of_the_run(view):
    lives = pair().a.lives(LIVES)
    assert list(view.life.options.values()) == [life.id for life in lives]
    drawn = {
        kind: {code for mark in marks for code in mark.codes}
        for kind, marks in (
            ("migrant", MIGRANT_MARKS),
            ("resident", OTHER_MARKS),
            ("organisation", OTHER_MARKS),
        )
    }
    told = [event.text for life in lives for event in life.events if event.code in drawn[life.kind]]
    assert sorted(view.events.data["what"]) == sorted(told)
    assert len(told) > 5
    assert {len(values) for values in view.events.data.values()} == {len(told)}


def test_the_chosen_story_is_told_of_both_sides(view):
    mayor = next(life for life in pair().b.lives(LIVES) if life.name == "the mayor")
    view.life.value = mayor.id
    for text, side in zip(view.texts, pair().sides, strict=True):
        (own,) = (life for life in side.lives(LIVES) if life.id == mayor.id)
        assert own.events[0].text in text.object
    assert view.chosen.data["right"][0] > view.chosen.data["left"][0]


def test_a_click_on_a_bar_or_an_event_opens_its_story(view):
    at = next(row for row, life in enumerate(view.bars.data["id"]) if life.startswith("resident") and row > 0)
    view.bars.selected.indices = [at]
    assert view.life.value == view.bars.data["id"][at]
    view.events.selected.indices = [0]
    assert view.life.value == view.events.data["id"][0]


def test_the_lives_of_b_can_be_drawn(view):
    view.side.value = "B"
    assert list(view.life.options.values()) == [life.id for life in pair().b.lives(LIVES)]
    view.side.value = "A"


def test_the_story_that_is_open_stays_open(view):
    kept = list(view.life.options.values())[-1]
    view.life.value = kept
    view.show(pair())
    assert view.life.value == kept


def test_bars_are_homes_one_after_the_other():
    assert spans_of(MOVED, MONTHS) == [(3, 9, HOMES["reception"]), (9, 21, HOMES["private"])]
    stays = replace(MOVED, events=MOVED.events[:2])
    assert spans_of(stays, MONTHS)[-1] == (9, MONTHS, HOMES["private"])
    resident = Life("resident", "resident-2", "a man", "A man.", (Event(5, "came", "Came."),))
    assert spans_of(resident, MONTHS) == [(5, MONTHS, IN_TOWN)]


def test_a_life_called_script_is_text():
    life = replace(MOVED, name=SCRIPT, header=SCRIPT, events=(Event(1, "died", SCRIPT),))
    told = story("A", life)
    assert "<script" not in told
    assert told.count("&lt;script&gt;") == 3


def test_every_mark_has_a_shape_and_a_sign():
    shapes = {mark.shape for mark in (*MIGRANT_MARKS, *OTHER_MARKS)}
    assert shapes == SHAPES.keys() == SIGNS.keys()
