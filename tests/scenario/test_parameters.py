"""The registry: complete rows, values inside their ranges, and faults that name file and row."""

import math
from pathlib import Path

import pytest

from woc_sim.analysis.inference.parameters import CALIBRATED
from woc_sim.scenario import parameters
from woc_sim.scenario.parameters import STATUSES, _read, defaults, registry

# Numbers that no range lets switch off or double, by the reason. Every other number is an effect, a rate or
# a share, which a user can take away (0) and double (or make whole, for a share).
KEPT = {
    "zero would divide by zero": (
        "arrivals.jobs_half",
        "arrivals.network_half",
        "attitudes.threat_rate_half",
        "attitudes.threat_stock_half",
        "attitudes.scarce_jobs_half",
        "attitudes.scarce_homes_half",
        "encounters.helper_spread",
        "experience.ties_half",
        "experience.coethnic_half",
        "experience.years_half",
        "experience.discrimination_half",
        "housing.vacancy_half",
        "legacy.stock_half",
        "housing.empty_half",
        "learning.known_most_ties",
        "ties.join_most_ties",
        "work.shortage_half",
        "arrivals.crowding",
        "attitudes.contact_half",
        "civil_society.half_supply",
        "civil_society.helpers_half",
        "civil_society.hours_half",
        "civil_society.found_half",
        "diffusion.staff_half",
        "diffusion.template_staff",
        "experience.seen",
        "experience.visible_need",
        "experience.conflict_half",
        "frames.institutions",  # one of the four frames needs a weight
        "housing.normal_vacancy",
        "instruments.information_half",
        "instruments.belief_spread",
        "instruments.attention",
        "instruments.reference_spread",
        "instruments.offer_work_half",
        "instruments.offer_home_half",
        "instruments.meetings_half",
        "learning.contact_half",
        "perception.rrp_half",
        "perception.contacts_half",
        "perception.residents_met",
        "policy.department",
        "policy.full_voice",
        "policy.usual_spending",
        "relations.half_capacity",
        "relations.tie_half",
        "relations.funding_half",
        "relations.shared_full",
        "relations.camp_half",
        "relations.rebuild_half",
        "ties.friend",
        "ties.coethnic_half",
        "work.beveridge",
        "voice.seats_half",
        "attitudes.decline_half",
        "housing.land_half",
        "work.labour_force",
        "work.thick_half",
    ),
    "says where a line is drawn": (
        "experience.rights_needed",
        "civil_society.quit_conviction",
        "instruments.frequency_cut_1",
        "instruments.frequency_cut_2",
        "instruments.frequency_cut_3",
        "instruments.frequency_cut_4",
        "instruments.frame_cut",
        "instruments.frames_most",
        "instruments.higher_cut",
        "instruments.engaged_cut",
        "instruments.response_cut_mixed",
        "instruments.response_cut_inclusive",
        "instruments.work_cut_difficult",
        "instruments.work_cut_extreme",
        "instruments.home_cut_difficult",
        "instruments.home_cut_extreme",
        "instruments.relations_cut",
        "instruments.tense_cut",
        "instruments.values_cut",
        "instruments.language_cut",
        "instruments.lonely_cut",
        "instruments.discrimination_cut",
        "instruments.camp_cut",
        "perception.contact_cut",
        "population.radical_cut",
        "comparison.first",
        "deservingness.neutral",
    ),
    "describes what there is at the start": (
        "covariates.earlier_low",
        "covariates.earlier_high",
        "housing.vacancy_low",
        "housing.vacancy_high",
        "organisations.majority",
        "population.unemployment_eu",
        "population.matched_high",
        "population.attitude_mean_ua",
        "population.stubborn_low",
        "population.stubborn_high",
    ),
    "describes whom an instrument asks": (
        "instruments.interviews_min",
        "instruments.interviews_max",
        "instruments.persons_public",
        "instruments.rating_response",
        "instruments.respondents",
        "instruments.interviewed_migrants",
    ),
    "a factor that one switches off": ("frames.purse", "learning.waiting_worst"),
}
# Defaults at the end of a range that no number of this meaning can pass.
AT_A_BOUND = {
    "covariates.earlier_high": "1 is no growth, and the study chose places that newcomers came to",
    "instruments.stay_counts": "0 counts persons, as the study does",
    "gains.echo": "0 of a share",
    "law.paper": "0 of a share",
}
HEADER = "name,value,low,high,unit,status,source,meaning\n"
GOOD = "speed,0.1,0,1,1/month,literature,Somebody 2000,how fast\n"


def test_every_parameter_is_complete_and_in_its_range() -> None:
    assert registry()
    for name, one in registry().items():
        assert name == one.name == f"{one.subject}.{one.name.partition('.')[2]}"
        assert one.low <= one.value <= one.high
        assert all(map(math.isfinite, (one.low, one.value, one.high)))
        assert one.unit
        assert one.source
        assert one.meaning
        assert one.status in STATUSES
        if one.status == "assumed":
            assert len(one.source.removeprefix("assumed:").strip()) > 8, f"{name} has no reason"


def test_no_default_sits_at_the_end_of_its_range() -> None:
    at_an_end = {name for name, one in registry().items() if one.value in (one.low, one.high)}
    assert at_an_end == set(AT_A_BOUND)


def test_every_effect_can_be_switched_off_and_doubled() -> None:
    """A new number that fails here gets a wider range, or a place in KEPT under the reason that it has."""
    kept = [name for names in KEPT.values() for name in names]
    assert len(kept) == len(set(kept))
    assert not set(kept) - set(registry())
    for name, one in registry().items():
        off = one.low <= 0.0 <= one.high
        doubled = one.low <= 2.0 * one.value <= one.high or one.high == 1.0
        doubled |= name in CALIBRATED  # its range is where the calibration looks, and its value what it found
        if name in kept:
            assert not (off and doubled), f"{name} can be switched off and doubled: take it out of KEPT"
        else:
            assert off, f"{name} goes from {one.low:g} to {one.high:g}: it cannot be switched off"
            assert doubled, f"{name} is {one.value:g} and goes to {one.high:g}: it cannot be doubled"


def test_no_parameter_is_indexed_by_what_a_place_is() -> None:
    labels = (
        "rural",
        "progressive",
        "conservative",
        "revitalising",
        "left_behind",
        "c01",
        "germany",
        "italy",
    )
    assert not [name for name in registry() if any(label in name.lower() for label in labels)]


def test_defaults_are_the_values_and_a_fresh_mapping() -> None:
    first = defaults()
    assert first == {name: one.value for name, one in registry().items()}
    first.clear()
    assert defaults()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,value\n" + GOOD, "row 1: header"),
        (HEADER, "holds no parameter"),
        (HEADER + GOOD + "a,b\n", "row 3: 2 cells"),
        (HEADER + GOOD.replace("1/month", " "), "unit is empty"),
        (HEADER + GOOD.replace("speed", "sp eed"), "not an identifier"),
        (HEADER + GOOD.replace("0.1,0,1", "x,0,1"), "must be numbers"),
        (HEADER + GOOD.replace("0.1,0,1", "2,0,1"), "must be finite and lie in"),
        (HEADER + GOOD.replace("0.1,0,1", "nan,0,1"), "must be finite"),
        (HEADER + GOOD.replace("0.1,0,1", "1,0,inf"), "must be finite"),
        (HEADER + GOOD.replace("literature", "guess"), "status is 'guess'"),
        (HEADER + GOOD.replace("literature", "assumed"), "assumed: <reason>"),
        (HEADER + GOOD.replace("literature,Somebody 2000", "assumed,assumed: "), "assumed: <reason>"),
        (HEADER + GOOD.replace("Somebody 2000", "assumed: so"), "assumed: <reason>"),
    ],
)
def test_a_fault_in_a_table_names_its_place(tmp_path: Path, text: str, said: str) -> None:
    table = tmp_path / "subject.csv"
    table.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"subject\.csv") as caught:
        _read(table)
    assert said in str(caught.value)


def test_a_name_that_appears_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "subject.csv").write_text(HEADER + GOOD + GOOD, "utf-8")
    monkeypatch.setattr(parameters, "_FOLDER", tmp_path)
    registry.cache_clear()
    try:
        with pytest.raises(ValueError, match="appears twice"):
            registry()
    finally:
        monkeypatch.undo()
        registry.cache_clear()
    assert registry()
