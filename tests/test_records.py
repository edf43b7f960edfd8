"""The readers of files refuse, in one sentence, whatever is not a regular, complete file of limited size."""

import os
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from woc_sim.errors import UserError
from woc_sim.records import file_bytes, json_text, parquet_columns, parquet_table, shown, yaml_text


def test_yaml_numbers_are_those_of_the_command_line():
    found = yaml_text(
        "a: 0100\nb: 1:30\nc: 2019-01\nd: 1e3\ne: yes\nf:\ng: -3\nh: .5\ni: null\n", "x", "mend"
    )
    assert list(found.values()) == ["0100", "1:30", "2019-01", 1000.0, "yes", None, -3, 0.5, None]


BAD_YAML = {
    "a: &x [1]\nb: *x": "anchors and aliases are not taken",
    "a: *x": "anchors and aliases are not taken",
    "!!float x": "tags are not taken",
    "a: !!python/object:os.system x": "tags are not taken",
    "a: 1\na: 2": "the key 'a' is given twice",
    "{" * 5000: "nested too deeply",
    "[" * 40 + "]" * 40: "nested too deeply",
    "1: 2": "a key is not a text",
    "? [a]\n: 3": "a key is not a text",
    "a: \x00": "not valid YAML",
    "a: [1": "line 1",
}


@pytest.mark.parametrize("text", BAD_YAML, ids=[text[:20] for text in BAD_YAML])
def test_yaml_that_is_no_settings_is_refused(text):
    with pytest.raises(UserError) as caught:
        yaml_text(text, "mine.yaml", "mend it")
    assert BAD_YAML[text] in caught.value.sentence
    assert len(caught.value.sentence) < 300


@given(st.text(max_size=200))
def test_any_text_is_settings_or_one_sentence(text):
    said = ""
    try:
        yaml_text(text, "mine.yaml", "mend it")
    except UserError as error:
        said = error.sentence
    assert "\n" not in said
    assert len(said) < 300


@pytest.mark.parametrize("text", ["[" * 100_000, "{}", "{", "null", '{"points": "x"}', "\ud800", b"\xff"])
def test_json_of_another_form_is_refused(text):
    with pytest.raises(UserError, match=r"m\.json"):
        json_text(text, list[int], "m.json")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_or_a_device_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(UserError):
            file_bytes(path)
        with pytest.raises(UserError):
            parquet_table(path)
    with pytest.raises(FileNotFoundError):
        file_bytes(tmp_path / "nothing")


def test_a_large_file_is_refused(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 11)
    with pytest.raises(UserError, match="larger than"):
        file_bytes(tmp_path / "large", most=10)


def test_a_flipped_bit_in_a_page_is_found(tmp_path):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": list(range(1000))}), path, write_page_checksum=True, compression="none")
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 3] ^= 4
    path.write_bytes(whole)
    with pytest.raises(UserError, match="is damaged"):
        parquet_table(path)


def test_columns_are_read_in_the_order_and_type_asked_for(tmp_path):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": [1, 2], "b": [0.5, 1.5], "c": ["x", "y"]}), path)
    form = pa.schema([("b", pa.float64()), ("a", pa.float64())])
    found = parquet_columns(path, form)
    assert found.schema == form
    assert found["a"].to_pylist() == [1.0, 2.0]
    for name, kind in (("d", pa.float64()), ("c", pa.float64()), ("b", pa.int64())):
        with pytest.raises(UserError, match=r"t\.parquet does not hold the columns it should.*; mend it"):
            parquet_columns(path, pa.schema([(name, kind)]), "mend it")
    with pytest.raises(FileNotFoundError):
        parquet_columns(tmp_path / "nothing", form)


def test_metadata_of_pandas_is_not_followed(tmp_path):
    table = pa.table({"a": [1, 2]})
    for metadata in (b"\xff", b"{}", b"{", b'{"index_columns": ["b"], "columns": [], "column_indexes": []}'):
        pq.write_table(table.replace_schema_metadata({b"pandas": metadata}), tmp_path / "t.parquet")
        assert parquet_table(tmp_path / "t.parquet").to_pandas()["a"].tolist() == [1, 2]


def test_control_characters_do_not_reach_a_terminal():
    assert shown("a\x1b[31mb\nc") == "a?[31mb c"
    assert len(shown("x" * 1000)) == 80
