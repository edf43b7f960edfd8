"""The registry: complete rows, values inside their ranges, and faults that name file and row."""

import math
from pathlib import Path

import pytest

from woc_sim.scenario import parameters
from woc_sim.scenario.parameters import STATUSES, _read, defaults, registry

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
