"""The report: one page that stands alone and says everything the scoreboard says."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from validation_album import Album

from woc_sim.figures import report
from woc_sim.figures.style import VERDICT_COLOURS

VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Collects ids, links, images and the nesting of tags."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given["href"]))
        if tag == "img":
            self.images.append(given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(album: Album) -> tuple[str, Page]:
    parsed = Page()
    parsed.feed(album.page)
    return album.page, parsed


def test_it_is_well_formed_and_every_entry_of_the_contents_leads_somewhere(page: tuple[str, Page]) -> None:
    _, parsed = page
    assert parsed.open == []
    assert len(set(parsed.ids)) == len(parsed.ids)
    assert len(parsed.links) >= 10
    assert {link.removeprefix("#") for link in parsed.links} <= set(parsed.ids)


def test_it_asks_nothing_of_the_network(page: tuple[str, Page]) -> None:
    text, parsed = page
    assert re.search(r"(src|href)\s*=\s*[\"']?\s*(https?:)?//", text) is None
    assert "@import" not in text
    assert "url(" not in text
    assert all(str(image["src"]).startswith("data:image/png;base64,") for image in parsed.images)
    assert "$" not in re.sub(r"base64,[^\"]*", "", text)


def test_every_figure_is_there_with_words_for_it(page: tuple[str, Page]) -> None:
    _, parsed = page
    assert len(parsed.images) == 3 + sum(len(section.figures) for section in report.SECTIONS)
    assert all(len(str(image["alt"])) > 20 for image in parsed.images)


def test_the_scoreboard_shows_each_finding_with_its_verdict_in_words(
    page: tuple[str, Page], album: Album
) -> None:
    text, _ = page
    board = pd.read_csv(album.folder / "scoreboard.csv")
    for row in board.itertuples():
        assert f'<td data-key="{row.id}">{row.id}</td>' in text
    for verdict in VERDICT_COLOURS:
        assert f">{verdict}</span>" in text
    explanations = re.findall(r">Our explanation: Reason \d+ &amp; more\.<", text)
    assert len(explanations) == (board["verdict"] == "not reproduced").sum() > 0
    assert "&lt;&amp;&gt;" in text
    assert "<&>" not in text


@pytest.mark.parametrize(
    "words",
    ["Held out", "Fit", "Hypotheses", "interactions off", "country only", "covariates permuted", "woc_sim"],
)
def test_it_explains_roles_nulls_and_how_it_was_made(page: tuple[str, Page], words: str) -> None:
    assert words in " ".join(page[0].split())


def test_a_locality_of_ones_own_has_a_section_only_if_there_is_one(
    page: tuple[str, Page], empty_album: Album
) -> None:
    assert "your locality Hillford, mean over 6 studies" in page[0]
    assert "Your locality" in page[0]
    assert "Your locality" not in empty_album.page


def test_baselines_are_listed(page: tuple[str, Page]) -> None:
    assert "gaussian process" in page[0]


def test_an_empty_folder_gives_a_page_that_says_so(empty_album: Album) -> None:
    for words in (
        "No finding was judged.",
        "No baselines in this validation.",
        "No manifest in this folder.",
    ):
        assert words in empty_album.page


def test_a_validation_without_readings_gives_a_page_without_nan(nan_album: Album) -> None:
    text = re.sub(r"base64,[^\"]*", "", nan_album.page)
    assert re.search(r">\s*nan\s*<", text) is None


def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        report.write_report(tmp_path / "nowhere")
