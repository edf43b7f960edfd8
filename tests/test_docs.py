"""What the documentation shows can be run as it stands."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.mark.portable
def test_the_snippet_for_mesa_users_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (snippet,) = re.findall(
        r"```python\n(.*?)```", (DOCS / "coming-from-mesa.md").read_text("utf-8"), re.DOTALL
    )
    exec(compile(snippet, "coming-from-mesa.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"\d+ migrants, 500 residents, \d+ organisations", lines[0])
    assert re.fullmatch(r"in work: (0(\.\d+)?|1\.0)", lines[1])
    assert len(lines) == 6


def test_every_page_is_in_the_list_of_pages() -> None:
    listed = (DOCS / "README.md").read_text("utf-8")
    assert [page.name for page in sorted(DOCS.glob("*.md")) if f"({page.name})" not in listed] == [
        "README.md"
    ]
