"""A user's own locality: the required keys, and sentences that name what is wrong."""

from pathlib import Path

import pytest

from woc_sim.errors import UserError
from woc_sim.scenario.parse import parse_scenario
from woc_sim.scenario.realise import realise

GOOD = """\
name: Hillford
framework: AT
size: rural
inhabitants: [9000, 11000]
executive: mixed
type: marginal
rrp_share: 0.15
non_eu_share: [0.02, 0.04]
"""


def test_a_file_becomes_a_locality_of_its_own_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD, "utf-8")
    scenario = parse_scenario({"locality.file": str(file)})
    spec = scenario.localities[0]
    assert (spec.name, spec.case, spec.framework, spec.size) == ("Hillford", "Hillford", "AT", "rural")
    assert spec.inhabitants == (9000.0, 11000.0)
    assert spec.rrp_share == (0.15, 0.15)
    drawn = realise(spec, 1, 0)
    assert drawn.type == "marginal"
    assert 9000 <= drawn.inhabitants <= 11000


def test_settings_win_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD, "utf-8")
    spec = parse_scenario({"locality": {"file": str(file), "rrp_share": 0.4}}).localities[0]
    assert spec.rrp_share == (0.4, 0.4)


def test_numbers_alone_are_enough(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: N\nframework: SE\ninhabitants: 20000\nexecutive_ideology: -0.2\n", "utf-8")
    drawn = realise(parse_scenario({"locality.file": str(file)}).localities[0], 1, 0)
    assert drawn.inhabitants == 20000.0
    assert drawn.executive_ideology == -0.2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"# only a comment\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "is not a text file in UTF-8"),
        (b"\x00\x01\x02", "is not valid YAML"),
        (b"name: [unclosed\n", "is not valid YAML (line 2"),
        (b"a: b: c\n", "is not valid YAML (line 1"),
        (b"name: !!python/object/apply:os.system [ls]\n", "is not valid YAML"),
        (b"- a\n- b\n", "must hold lines 'key: value'"),
        (b"just words\n", "must hold lines 'key: value'"),
        (b"1: 2\n", "a key is not a text"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (GOOD.encode().replace(b"size: rural", b"sise: rural"), "'sise' does not exist"),
        (GOOD.encode().replace(b"framework: AT\n", b""), "framework is missing"),
        (GOOD.encode().replace(b"name: Hillford\n", b""), "name is missing"),
        (GOOD.encode().replace(b"executive: mixed\n", b""), "executive or executive_ideology is missing"),
        (b"name: N\nframework: AT\nexecutive: mixed\n", "size or inhabitants is missing"),
        (GOOD.encode() + b"framework: DE\n", "the key 'framework' is given twice"),
        (GOOD.encode().replace(b"AT", b"FR"), "framework is 'FR'"),
        (GOOD.encode().replace(b"Hillford", b"C21"), "name is 'C21'"),
        (GOOD.encode().replace(b"Hillford", b"synthetic"), "name is 'synthetic'"),
        (GOOD.encode().replace(b"Hillford", b"12"), "name is 12"),
        (GOOD.encode().replace(b"0.15", b".nan"), "rrp_share is nan"),
        (GOOD.encode().replace(b"0.15", b"15"), "rrp_share is 15"),
        (GOOD.encode().replace(b"0.15", b"yes"), "rrp_share is 'yes'"),
        (GOOD.encode().replace(b"0.15", b"[0.3, 0.1]"), "low not above high"),
        (GOOD.encode().replace(b"[9000, 11000]", b"200000"), "size is 'rural' but inhabitants is 200000"),
        (GOOD.encode() + b"executive_ideology: 0.9\n", "executive is 'mixed' but executive_ideology is 0.9"),
        (GOOD.encode() + b"population_trend: 0.01\n", "type is 'marginal' but population_trend is 0.01"),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(content)
    with pytest.raises(UserError) as caught:
        parse_scenario({"locality.file": str(file)})
    assert said in caught.value.sentence
    assert file.name in caught.value.sentence
    assert "\n" not in caught.value.sentence


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path / "none.yaml", "there is no such file"),
        (tmp_path, "cannot be read"),
    ):
        with pytest.raises(UserError, match=reason):
            parse_scenario({"locality.file": str(path)})
