"""Points from a file: typed cells whatever program wrote the table, or one sentence with the line number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Transformer
from hypothesis import given, settings
from hypothesis import strategies as st

from woc_sim.ensemble.points_file import PointRow, as_typed, read_points
from woc_sim.errors import UserError

POINTS = [{"case": "C21", "locality.rrp_share": 0.25}, {"case": "C02", "locality.rrp_share": 0.5}]
TABLE = "case,locality.rrp_share\nC21,0.25\nC02,0.5\n"
EUROPEAN = "case;locality.rrp_share\nC21;0,25\nC02;0,5\n"


def values(tmp_path: Path, content: str | bytes) -> list[dict[str, Any]]:
    path = tmp_path / "points.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [line.values for line in read_points(path)]


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.replace("\n", "\r\n"),
        TABLE.replace("\n", "\r"),
        TABLE.rstrip("\n"),
        TABLE + "\n\n",
        TABLE + ",\n,\n",
        TABLE.replace("\n", ",,\n"),
        TABLE.replace("\n", "\n\n", 1),
        TABLE.replace(",", " , "),
        TABLE.replace(",", "\t"),
        TABLE.replace(",", ";"),
        EUROPEAN,
        EUROPEAN.replace("\n", "\r\n").encode("utf-8-sig"),
        EUROPEAN.replace(";", "\t").encode("utf-16"),
        '"case","locality.rrp_share"\n"C21","0.25"\n"C02","0.5"\n',
        '"case";"locality.rrp_share"\n"C21";"0,25"\n"C02";"0,5"\n',
        "sep=;\n" + EUROPEAN,
        "sep=,\r\n" + TABLE,
    ],
)
def test_one_table_is_read_alike_in_every_dress(tmp_path: Path, content: str | bytes):
    assert values(tmp_path, content) == POINTS


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("null", None),
        ("true", True),
        ("False", False),
        ("0100", "0100"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2016-01", "2016-01"),
        ("no", "no"),
        ("'7'", "7"),
        ("'a,b'", "a,b"),
        ("a b", "a b"),
        ("x=1", "x=1"),
        ("[10, 20]", [10, 20]),
        ("[C31,'7',null]", ["C31", "7", None]),
        ("[]", []),
        ("=1+1", "=1+1"),
    ],
)
def test_cells_are_typed_as_settings_are(tmp_path: Path, cell: str, value: Any):
    (found,) = values(tmp_path, f'case\n"{cell}"\n')
    assert found == {"case": value}
    assert type(found["case"]) is type(value)


@pytest.mark.parametrize(
    "cell", ["7", "-7.5", "1e3", ".5", "null", "true", "C21", "[10,20]", "[0.1,null]", "rural"]
)
def test_a_cell_means_what_the_same_word_means_in_a_command(tmp_path: Path, cell: str):
    typed = OverridesParser.create().parse_override(f"case={cell}").value()
    (found,) = values(tmp_path, f'case\n"{cell}"\n')
    assert found == {"case": typed}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "needs a header"),
        ("\n\n", "needs a header"),
        ("case,seed\n", "at least one row"),
        ("case,seed\n,\n", "at least one row"),
        ("case,seed\nC21\n", "line 2: 1 values for 2 keys"),
        ("case,seed\nC21,1\nC21,1,7\n", "line 3: 3 values for 2 keys"),
        ("case,seed,\nC21,1,7\n", "line 1: column 3 has no key"),
        ("case,,seed\nC21,,1\n", "line 1: column 2 has no key"),
        ("case,case\nC21,C02\n", "line 1: case is given twice"),
        ("case\nC21\n\nC02,C03\n", "line 4: 2 values for 1 keys"),
        ('case\nC21\n\n"C02,C03"\n', "line 4: case is 'C02,C03'; a cell holds one value"),
        ('seed\n"0,25"\n', "line 2: seed is '0,25'; a cell holds one value: a number has a decimal point"),
        ("case;seed\nC21;1,2,3\n", "line 2: seed is '1,2,3'"),
        ("case,seed\nC21,\n", "line 2: seed is empty; write null"),
        ("case,seed\nC21,[1\n", r"line 1: column 3|line 2"),
        ('case,seed\nC21,"[1, 2"\n', "line 2: seed is '.1, 2'; a list is written"),
        ('case,seed\nC21,"[[1], 2]"\n', "line 2: seed is .*; a list is written"),
        ("case,seed=3\nC21,1\n", "line 1: column 2 'seed=3' is not a key"),
        ("case,++people\nC21,1\n", "is not a key"),
        ("case,~seed\nC21,1\n", "is not a key"),
        ("case,hydra/launcher\nC21,joblib\n", "is not a key"),
        ("case,seed\nC21,${people}\n", "line 2: seed is .*; a cell holds one plain value"),
        ('case,seed\nC21,"1\n2"\n', "line 3: seed is '1 2'; a cell holds one plain value"),
        ('case,seed\nC21,"1\n', "line 2: .*; save the table as CSV"),
        ("case,seed\nC21,\x1b[31m\n", "line 2: seed is"),
        (b"case,seed\nC\xfc,1\n", "line 2: not a text in UTF-8"),
        (TABLE.encode("utf-16-le"), "not a text in UTF-8"),
        (b"PK\x03\x04rest", "is a workbook; save the table as CSV"),
        (b"\xff\xfec", "not a text in UTF-8"),
    ],
)
def test_what_cannot_be_read_in_one_way_is_one_sentence(tmp_path: Path, content: str | bytes, said: str):
    with pytest.raises(UserError, match=said) as caught:
        values(tmp_path, content)
    assert len(caught.value.sentence.replace(str(tmp_path), "")) <= 300
    assert caught.value.sentence.isprintable()


def test_a_folder_and_nothing_are_refused(tmp_path: Path):
    with pytest.raises(UserError, match="does not exist"):
        read_points(tmp_path / "none.csv")
    with pytest.raises(UserError, match=r"ordinary|cannot be read"):
        read_points(tmp_path)


PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
)
TEXT = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=12).filter(
    lambda text: "${" not in text
)


@settings(max_examples=300, deadline=None)
@given(value=PLAIN | TEXT | st.lists(PLAIN | TEXT, max_size=3))
def test_a_value_is_typed_so_that_it_is_one_value_and_the_same(value: Any):
    (typed,) = PointRow(2, {"case": value}).settings
    override = OverridesParser.create().parse_override(typed)
    assert not override.is_sweep_override()
    found = override.value()
    plain = [getattr(each, "text", each) for each in found] if isinstance(found, list) else found
    assert plain == value


def test_axes_are_spelled_as_those_of_a_grid():
    band = [0.1, 0.25, "C31"]
    assert PointRow(2, {"a": band, "theory/rrp": 1}).axes == {"a": Transformer.str(band), "theory.rrp": 1}
    assert as_typed(["a b"]) == "['a b']"
