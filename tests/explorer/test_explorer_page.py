"""The page of a browser tab, without a browser."""

from concurrent.futures import Future

import numpy as np
import pytest
from bokeh.core.validation import check_integrity
from bokeh.document import Document as BokehDocument
from sides import SCRIPT, SMALL

from woc_sim.errors import UserError
from woc_sim.explorer.model_controls import found_parameters
from woc_sim.explorer.page import Page
from woc_sim.explorer.place_controls import own_locality
from woc_sim.explorer.settings import PLACE, Screen
from woc_sim.explorer.work import indicators_of
from woc_sim.records import settings_text


class Prompt:
    """Workers that simulate at once, in this process."""

    def replicate(self, owner, scenario, replicate):
        done = Future()
        done.set_result(indicators_of(scenario, replicate))
        return done

    def drop(self, owner):
        pass


class Document(BokehDocument):
    """Calls at once what a document would call on its thread."""

    def add_next_tick_callback(self, call):
        call()


@pytest.fixture
def page():
    made = Page(Prompt(), Screen(a={**SMALL, "months": 12}, replicates=2))
    made.begin(Document())
    settle(made)
    yield made
    made.close()


def opened(page, title):
    """A control whose card has been opened."""
    page.frame.unfold(title)
    return page.frame.controls[title].control


def settle(page):
    """Wait until everything has been drawn."""
    page._thread.submit(lambda: None).result(timeout=30)


def error_of(page):
    return page.frame._error.object


def test_moved_slider_changes_the_history(page):
    before = page.lines.plots["mean_attitude"].sides["A"].data["mean"]
    seats = next(each for each in page.frame._place._numbers if each.key == "locality.rrp_share")
    seats.slider.value = 0.45
    settle(page)
    after = page.lines.plots["mean_attitude"].sides["A"].data["mean"]
    assert page.screen.a["locality.rrp_share"] == 0.45
    assert not np.array_equal(before, after)
    np.testing.assert_array_equal(after, page.pair.a.indicator("mean_attitude").mean(axis=0))


def test_an_earlier_pair_is_not_said_to_be_all(page):
    """A slider that is held asks for one pair while an earlier one is drawn."""
    assert page.frame._state.object == "2 replicates"
    earlier = page.pair
    page.change({"locality.rrp_share": 0.45})
    settle(page)
    assert page.frame._state.object == "2 replicates"
    page._came(earlier, 2)
    settle(page)
    assert page.frame._state.object == "simulating ..."


def test_sides_are_compared_and_edited_apart(page):
    page.frame._compare.value = True
    settle(page)
    np.testing.assert_array_equal(page.pair.a.indicators, page.pair.b.indicators)
    assert (page.lines.plots["mean_attitude"].effect.data["effect"] == 0).all()
    page.frame._edit.value = "B"
    page.change({"theory.contact": "none", "seed": 5})
    settle(page)
    assert "theory.contact" not in page.screen.a
    assert page.screen.a["seed"] == page.screen.b["seed"] == 5
    assert "Theory of contact" in page.frame._words.object
    assert page.frame._command.value.startswith("woc-sim compare ")
    page.frame._copy.clicks += 1
    assert page.screen.a == page.screen.b
    page.frame._compare.value = False
    settle(page)
    assert page.pair.b is None


def test_wrong_settings_are_a_sentence_and_change_nothing(page):
    before, pair = page.screen, page.pair
    page.change({"locality.type": "left_behind", "case": "C99"})
    assert "C99" in error_of(page)
    assert page.screen == before
    assert page.pair is pair
    page.frame._place._text.value = "name: [unclosed"
    page.frame._place._use_typed.clicks += 1
    assert "not valid YAML" in error_of(page)
    assert page.screen == before
    page.change({"locality.rrp_share": 0.2})
    assert not page.frame._error.visible


def test_uploaded_file_is_taken_whole_or_not_at_all(page):
    page.change({"case": "C31"})
    before = page.screen
    lines = "name: Big\nframework: DE\nsize: small\nexecutive: mixed\n"
    end = "rrp_share: 0.4\n"
    place = page.frame._place
    place._file.value = {"big.yaml": lines + "# a line\n" * 3_000 + end}
    assert "bytes; allowed: 20000" in error_of(page)
    assert page.screen == before
    place._file.value = {"small.yaml": (lines + "# a line\n" * 1_000 + end).encode()}
    assert page.screen.a[PLACE]["rrp_share"] == 0.4


def test_names_are_shown_as_text(page):
    page.frame._place._text.value = settings_text(SCRIPT)
    page.frame._place._use_typed.clicks += 1
    settle(page)
    assert page.screen.a[PLACE] == SCRIPT
    assert "&lt;script&gt;" in page.frame._words.object
    assert "<script>" not in page.frame._words.object + error_of(page)
    assert page.pair.a.scenario.localities[0].name == SCRIPT["name"]


def test_theories_interventions_and_parameters_reach_the_settings(page):
    theories = opened(page, "Theories")
    theories._subject.value = "contact"
    theories._theory.value = "none"
    interventions = opened(page, "Interventions")
    interventions._names.value = ["links"]
    months, strength = interventions._sliders["links"]
    months.value = (60, 100)
    strength.value = 0.5
    parameters = opened(page, "Parameters")
    name = next(iter(parameters._controls))
    parameters._controls[name].slider.value = parameters._controls[name].slider.start
    settle(page)
    assert page.screen.a["theory.contact"] == "none"
    links = {key: value for key, value in page.screen.a.items() if key.startswith("intervention.")}
    assert links == {
        "intervention.links.start": "2017-01",
        "intervention.links.end": "2020-05",
        "intervention.links.strength": 0.5,
    }
    assert f"parameters.{name}" in page.screen.a
    interventions._names.value = []
    theories._theory.value = "moderated"
    assert not [key for key in page.screen.a if key.startswith(("intervention.", "theory."))]


def test_bad_address_is_a_sentence_on_a_page_that_works():
    page = Page(Prompt(), Screen(a={**SMALL, "months": 12}, replicates=1), "?a.case=C99")
    page.begin(Document())
    settle(page)
    assert "C99" in error_of(page)
    assert page.pair is not None
    page.close()


def test_bug_is_told_and_leaves_its_traceback(page, capsys, monkeypatch):
    def broken(pair):
        raise RuntimeError("a view is broken")

    monkeypatch.setattr(page.lines, "show", broken)
    page.ask()
    settle(page)
    assert "this is a bug" in error_of(page).lower()
    assert "a view is broken" in capsys.readouterr().err


def test_page_of_a_single_month_is_sound():
    page = Page(Prompt(), Screen(a={**SMALL, "months": 1}, replicates=1))
    assert not check_integrity(page.frame.panel().get_root().references()).error
    assert (page.frame.month, page.frame._months.disabled) == (0, True)
    page.change({"months": 2})
    assert (page.frame._months.end, page.frame._months.disabled) == (1, False)
    page.close()


def test_two_pages_are_independent(page):
    other = Page(Prompt(), Screen(a={**SMALL, "months": 12}, replicates=2))
    other.begin(Document())
    settle(other)
    page.change({"locality.rrp_share": 0.45})
    settle(page)
    assert "locality.rrp_share" not in other.screen.a
    settle(other)
    assert not np.array_equal(page.pair.a.indicators, other.pair.a.indicators, equal_nan=True)
    other.close()


def test_parameters_are_found_by_words():
    assert found_parameters("") == found_parameters("", "")
    found = found_parameters("attitude contact")
    assert found
    assert set(found) < set(found_parameters("contact"))
    assert found_parameters("no such word here") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "form"), ("- a", "form"), ("name: x", "framework is missing"), ("a: *b", "aliases"),
     ("name: x\nframework: XX\nsize: rural\nexecutive: mixed", "XX"), ("x: " + "y" * 20_000, "20003 bytes"),
     (b"name: Gr\xfcnstadt", "not a text file in UTF-8"), ("name: a\ud800b", "not valid YAML")],
)  # fmt: skip
def test_wrong_localities_are_one_sentence(text, words):
    with pytest.raises(UserError, match=words):
        own_locality(text)


def test_controls_of_a_closed_card_are_made_when_it_is_opened_and_show_the_settings(page):
    page.change({"theory.contact": "none"})
    card = page.frame.controls["Theories"]
    assert card.control is None
    assert not card.panel().objects
    made = opened(page, "Theories")
    made._subject.value = "contact"
    assert made._theory.value == "none"
    assert opened(page, "Theories") is made, "a card that is opened again keeps its widgets"
    assert len(card.panel().objects) == 1


def test_synthetic_place_says_what_it_leaves_open():
    page = Page(Prompt(), Screen(a={"months": 12, "people": 60}, replicates=1))
    panel = page.frame._place
    assert panel._open.visible
    assert "framework is that of Germany" in panel._open.object
    panel._kind.value = "case"
    assert not panel._open.visible
    page.close()
