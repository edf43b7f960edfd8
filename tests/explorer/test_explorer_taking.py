"""The notebook that a reader takes away."""

import json

import matplotlib.pyplot as plt
import numpy as np
from sides import SMALL, pair_of, screen

from woc_sim.explorer.settings import Screen
from woc_sim.explorer.taking import notebook


def test_notebook_gives_the_numbers_of_the_screen(monkeypatch):
    shown = screen(**{"theory.contact": "none"})
    content = json.loads(notebook(shown))
    assert content["nbformat"] == 4
    names = {}
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), "notebook", "exec"), names)
    plt.close("all")
    pair = pair_of(shown)
    for side, table in ((pair.a, names["tables_A"]), (pair.b, names["tables_B"])):
        found = table[table["replicate"] == 1]["mean_attitude"].to_numpy()
        np.testing.assert_array_equal(found, side.indicator("mean_attitude")[1])


def test_names_cannot_become_code():
    place = {"name": '"); import os #', "framework": "DE", "size": "rural", "executive": "mixed"}
    content = json.loads(notebook(Screen(a={**SMALL, "locality.place": place})))
    text = "".join(content["cells"][2]["source"])
    tree = compile(text, "cell", "exec")
    assert "os" not in tree.co_names
