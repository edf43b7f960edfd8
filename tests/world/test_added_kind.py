"""A new kind of organisation is a row of the catalogue: it lives, is listed, drawn and told, and leaves the
draws of all others alone.

The rows are added to a copy of the package, which a process of its own runs without compiling.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.copies import PACKAGE, copy_package, in_plain_python

from woc_sim.inputs.vocabulary import ACTOR_KINDS

SCHOOL = (
    "school,901,school board,schools,local,public works_for_executive,,without_own_home,"
    "1,4,,0.2,0.2,0.3,2,1,0.9,0.9,assumed: a row for a test\n"
)
MEDIA = "media,902,local paper,media,local,nonpublic,,,1,1,,0,0.3,0,1,1,0.1,0.7,assumed: a row for a test\n"

FOUNDED = """
import json, sys
import numpy as np
from woc_sim.inputs.vocabulary import ACTOR_KINDS
from woc_sim.instruments.network_survey import answers
from woc_sim.instruments.sampling import Interviewee
from woc_sim.scenario.localities import from_case
from woc_sim.scenario.schema import Scenario
from woc_sim.simulation import open_world

with open_world(Scenario(localities=(from_case("C24"),), seed=3, people=60, months=12), 0) as world:
    place = world.localities[0]
    own, pairs = place.organisations, place.governance
    names = [agent.name for agent in place.info["agents"]]
    people = [
        Interviewee(row, int(own.kind[row]), int(own.entity[row]), 0, True) for row in range(own.count)
    ]
    told = answers(place, pairs.frequency, people, place.key("instrument.network_survey"), 1000)
    columns = [name for name in own if name != "kind"]
    found = {
        name: {
            "columns": {column: np.asarray(getattr(own, column)[row]).tolist() for column in columns},
            "habit": dict(zip(names, pairs.habit[row].tolist())),
            "reach": dict(zip(names, pairs.reach[row].tolist())),
            "told": dict(zip(ACTOR_KINDS, np.nan_to_num(told[row], nan=-1).tolist())),
        }
        for row, name in enumerate(names)
    }
json.dump(found, sys.stdout)
"""

DRAWN = """
import json, sys
from pathlib import Path
import pandas as pd
from woc_sim.figures import networks, style

cases = pd.read_parquet(sys.argv[1]).assign(executive="progressive")
matrix = networks.average_network(cases, "progressive")
with style.project_style():
    figure = style.new_figure(5.0, 5.0)
    axes = figure.add_axes((0, 0, 1, 1))
    networks._network(axes, matrix, 10.0)
    style.save(figure, Path(sys.argv[2]), "An average network")
json.dump([matrix.shape[0], [text.get_text() for text in axes.texts]], sys.stdout)
"""


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package whose catalogue has a school in its middle and media at its end."""
    folder = tmp_path_factory.mktemp("grown")
    catalogue = copy_package(folder) / "inputs" / "organisations.csv"
    lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
    catalogue.write_text("".join((*lines[:6], SCHOOL, *lines[6:], MEDIA)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(grown: Path) -> Path:
    """A run of the copy that lives to the end of its interviews on policy."""
    out = grown / "out"
    settings = ("size=rural", "people=60", "months=121", "seed=3", "life_stories=180", f"out={out}")
    in_plain_python(grown, "-m", "woc_sim.cli.main", "run", *settings)
    return out


def founded(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(in_plain_python(folder, "-c", FOUNDED))
    return found


@pytest.mark.thorough
def test_all_other_organisations_are_founded_as_before(grown: Path) -> None:
    before, after = founded(PACKAGE.parent), founded(grown)
    added = [name for name in after if name not in before]
    assert {name.rpartition(" ")[0] for name in added} == {"school", "media"}
    assert [name for name in after if name in before] == list(before)
    for name, own in before.items():
        assert after[name]["columns"] == own["columns"]
        for part in ("habit", "reach", "told"):
            assert own[part].items() <= after[name][part].items(), (name, part)
    entities = [own["columns"]["entity"] for own in after.values()]
    assert len(set(entities)) == len(entities)
    assert all(after["school 1"]["columns"][trait] for trait in ("public", "works_for_executive"))
    assert after["media 1"]["columns"]["level"] == 0


@pytest.mark.thorough
def test_new_kinds_live_meet_and_are_read(run: Path) -> None:
    import pyarrow.parquet as pq

    (final,) = pq.read_table(run / "final.parquet").to_pylist()
    assert 1 <= final["lg_school_2020"] <= 5
    assert 1 <= final["lg_media_2020"] <= 5
    assert 1 <= final["net_officials_school"] <= 5
    assert 1 <= final["net_region_media"] <= 5
    assert final["degree_media"] > 0
    assert final["latent_vertical"] < final["latent_lg_degree"], "media are no level above the locality"


@pytest.mark.thorough
def test_new_kinds_are_listed(grown: Path) -> None:
    text = in_plain_python(grown, "-m", "woc_sim.cli.main", "list", "kinds", "--csv")
    rows = {row["kind"]: row for row in csv.DictReader(text.splitlines())}
    assert list(rows)[5] == "school"
    assert list(rows)[-1] == "media"
    assert rows["school"]["traits"] == "public works_for_executive"
    assert "lg_media_2020" in in_plain_python(grown, "-m", "woc_sim.cli.main", "list", "indicators", "--csv")


@pytest.mark.thorough
def test_new_kinds_are_drawn(run: Path, grown: Path) -> None:
    picture = grown / "network.png"
    kinds, labels = json.loads(in_plain_python(grown, "-c", DRAWN, str(run / "final.parquet"), str(picture)))
    assert kinds == len(ACTOR_KINDS) + 2
    assert {"schools", "media", "pro-migrant\nNGOs"} <= set(labels)
    assert picture.stat().st_size > 1000


@pytest.mark.thorough
def test_new_kinds_are_told(run: Path) -> None:
    told = (run / "life_stories.md").read_text(encoding="utf-8")
    assert "The local paper, ideology" in told
    assert "The school board, ideology" in told
