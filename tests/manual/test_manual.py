"""The manual: all that can be used has a page with words, and every link leads somewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

from checkrein.catalog.frameworks import frameworks, topics
from checkrein.checks import load
from checkrein.cli.commands import commands
from tools.manual import model, pages
from tools.manual.__main__ import write
from tools.manual.page import table

PAGES = {page.path: page for page in pages()}
OPTION = re.compile(r"^\* `([^`]+)`:?(.*)$", re.MULTILINE)
LOADS = {"link": "href", "script": "src", "img": "src"}  # what a browser fetches by itself


class Read(HTMLParser):
    """What a browser would follow or fetch on a page, and where links may point to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        self.ids.add(told.get("id") or "")
        if tag == "a":
            self.links.append(told["href"] or "")
        if tag in LOADS:
            self.loads.append(told[LOADS[tag]] or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Read]:
    folder = tmp_path_factory.mktemp("manual") / "site"
    assert write(folder) == len(PAGES)
    return {path: Read(path.read_text()) for path in folder.rglob("*.html")}


def test_each_check_has_a_page_that_says_why_and_how_to_mend() -> None:
    for check in load():
        text = PAGES[f"checks/{check.id}"].text
        for heading in ("Why", "Fix", "Examples"):
            said = re.search(rf"^## {heading}\n\n(.+)", text, re.MULTILINE)
            assert said, f"{check.id} says nothing under {heading}"


def test_each_command_has_a_page_and_each_option_words() -> None:
    for name in commands:
        if not name.startswith("-"):
            text = PAGES[f"commands/{name}"].text
            assert f"checkrein {name}" in text
            assert commands[name].help
            bare = [option for option, words in OPTION.findall(text) if not words.strip()]
            assert bare == [], f"checkrein {name} does not say what these do"


def test_each_framework_and_topic_has_words() -> None:
    for framework in frameworks().values():
        assert f"Source: <{framework.source}>" in PAGES[f"frameworks/{framework.id}"].text
    assert all(topics().values())


@pytest.mark.parametrize("module", model.modules(), ids=lambda module: module.__name__)
def test_each_type_of_the_model_says_what_it_is(module: ModuleType) -> None:
    silent = [type.__name__ for type in model.types(module) if not model.said(type)]
    assert silent == []
    assert module.__doc__


def test_every_page_stands_in_the_list_or_is_linked(site: dict[Path, Read]) -> None:
    linked = {_target(path, link)[0] for path, read in site.items() for link in read.links}
    assert sorted(str(path) for path in site if path not in linked) == []


def test_every_link_leads_somewhere(site: dict[Path, Read]) -> None:
    broken = [
        f"{path.name}: {link}"
        for path, read in site.items()
        for link in read.links
        if "://" not in link and not _leads(site, *_target(path, link))
    ]
    assert broken == []


def test_nothing_is_fetched_from_elsewhere(site: dict[Path, Read]) -> None:
    fetched = {(path, load) for path, read in site.items() for load in read.loads}
    assert [load for path, load in fetched if not (path.parent / load).is_file()] == []


def test_a_page_of_docs_without_a_section_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.manual.guides.SECTIONS", {"Use it": "commands"})
    with pytest.raises(KeyError, match="stands in no section"):
        pages()


def test_words_of_a_cell_cannot_break_their_table() -> None:
    assert table(("a", "b"), [("x | y\nz", "1")]) == "| a | b |\n| --- | --- |\n| x \\| y z | 1 |\n"


def _target(path: Path, link: str) -> tuple[Path, str]:
    named, _, anchor = link.partition("#")
    return ((path.parent / named).resolve() if named else path), unquote(anchor)


def _leads(site: dict[Path, Read], target: Path, anchor: str) -> bool:
    return target.is_file() and (not anchor or anchor in site[target].ids)
