"""The code of docs/clients runs as it stands, with every client that is among the locked libraries."""

import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import woc_sim

CLIENTS = Path(__file__).resolve().parents[2] / "docs" / "clients"
BY_HAND = {"ema.md", "pyabc.md"}
"""Pages whose client is not among the locked libraries; they name version and day of the last trial."""
NOT_WHOLE = {"README.md", "optuna.md", *BY_HAND}
PAGES = sorted(page.name for page in CLIENTS.glob("*.md") if page.name not in NOT_WHOLE)


def blocks(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (CLIENTS / page).read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = "\n".join(blocks(page))
    assert "assert" in code
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of the clients themselves
        exec(compile(code, page, "exec"), {})


def test_a_task_returns_its_number_to_hydra(tmp_path: Path) -> None:
    (task,) = (block for block in blocks("optuna.md") if block.startswith("# town.py"))
    (tmp_path / "town.py").write_text(task, encoding="utf-8")
    command = [sys.executable, "town.py", "-m", "parameters.policy.load=0.1,0.3"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=200)
    found = dict(re.findall(r"^policy\.load ([\d.]+): ([\d.]+)$", done.stdout, re.MULTILINE))
    assert set(found) == {"0.1", "0.3"}
    town = {"case": "C21", "people": 60, "months": 24, "parameters": {"policy.load": 0.3}}
    assert found["0.3"] == f"{woc_sim.run(town).final['mipex_total'].mean():.2f}"
    assert found["0.1"] != found["0.3"]


def test_every_page_is_listed_and_says_with_which_version_it_was_tried() -> None:
    index = (CLIENTS / "README.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| \[(\w+\.md)\][^|]*\|[^|]*\| ([^|]*) \|$", index, re.MULTILINE))
    assert set(rows) == {page.name for page in CLIENTS.glob("*.md")} - {"README.md"}
    for page in {"optuna.md", *BY_HAND}:
        tried = re.search(
            r"Tried with \w+ ([\d.]+\d) on (\d{4}-\d\d-\d\d), by hand", (CLIENTS / page).read_text("utf-8")
        )
        assert tried, page
        assert f"{tried[1]}, by hand, {tried[2]}" in rows[page]
