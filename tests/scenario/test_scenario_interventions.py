"""The table of interventions: its columns exist, a new intervention is a row, and faults name their row."""

import pytest
from tests.copies import copy_with

from woc_sim.scenario.interventions import EFFECTS, TABLE, read_effects
from woc_sim.world.columns import Column
from woc_sim.world.governance import (
    BLOCS,
    LOCALITY,
    MEASURES,
    ORGANISATIONS,
    SECTORS_STATE,
    governance_columns,
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "locality": LOCALITY,
    "measures": MEASURES,
    "sectors": SECTORS_STATE,
    "organisations": ORGANISATIONS,
    "governance": governance_columns(1),
    "blocs": BLOCS,
}


def test_every_change_is_of_a_column_that_exists() -> None:
    for effect in EFFECTS.values():
        assert effect.meaning
        for change in effect.changes:
            owner, _, column = change.column.partition(".")
            column, _, group = column.partition(".")
            declared = {each.name: each for each in COLUMNS[owner]}[column]
            assert not group or group in declared.by, change
            assert owner == "governance" or not change.others, change
            assert owner in ("organisations", "governance") or not change.kinds, change
            assert (owner == "sectors") == bool(change.sector), change
            assert (change.column == "organisations.prognostic") == bool(change.frame), change


def test_a_new_intervention_is_a_row(tmp_path) -> None:
    table = tmp_path / "interventions.csv"
    row = "round_table,a round table of all,organisations.engagement,raise,0.8,nonpublic,,,,0\n"
    table.write_text(TABLE.read_text(encoding="utf-8") + row, encoding="utf-8")
    found = read_effects(table)
    assert list(found) == [*EFFECTS, "round_table"]
    assert "ngo" in found["round_table"].changes[0].kinds
    assert "officials" not in found["round_table"].changes[0].kinds


@pytest.mark.parametrize(
    ("found", "planted", "said"),
    [
        ("links,links to higher", "links,,governance.reach\nlinks,links to higher", "row 5: 3 cells"),
        ("eu_weight,,measures", "eu_weight,again,measures", "row 7: eu_weight has a meaning already"),
        (
            "links,links to higher levels: a standing contact point at the region and the nation",
            "links,",
            "row 5",
        ),
        ("region nation", "region planet", "row 5: kinds has planet, which is no trait and no level"),
        ("region nation", "mission business", "row 5: kinds is 'mission business', and no kind"),
        (",encounter,,0", ",encounters,,0", "row 11: sector is 'encounters'"),
        (",whole_community,0", ",everybody,0", "row 8: frame is 'everybody'"),
        ("politicisation,lower", "politicisation,loosen", "row 9: how is 'loosen'"),
    ],
)
def test_a_fault_in_the_table_is_named(found, planted, said, tmp_path) -> None:
    table = copy_with(TABLE, found, planted, tmp_path)
    with pytest.raises(ValueError, match=said):
        read_effects(table)
