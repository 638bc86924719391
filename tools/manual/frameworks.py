"""A page for each framework: its controls, and the checks that speak to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checkrein.catalog.frameworks import Framework, control, frameworks
from checkrein.checks import load
from tools.manual.page import Page, table

SECTION = "Frameworks"
Speaking = dict[tuple[str, str], list[str]]


def pages() -> Iterator[Page]:
    """Yield a page for each, in the catalogue's order."""
    speaking = _speaking()
    for framework in frameworks().values():
        title = f"{framework.title} {framework.version}".strip()
        text = _page(title, framework, speaking)
        yield Page(f"frameworks/{framework.id}", title, SECTION, text)


def _speaking() -> Speaking:
    found: Speaking = defaultdict(list)
    for check in load():
        for id in check.controls:
            if named := control(id):
                found[named[0].id, named[1]].append(check.id)
    return found


def _page(title: str, framework: Framework, speaking: Speaking) -> str:
    numbers = framework.controls or dict.fromkeys(
        sorted(number for id, number in speaking if id == framework.id), ""
    )
    rows = []
    for number, words in numbers.items():
        checks = speaking.get((framework.id, number), ())
        linked = ", ".join(f"[{id}](../checks/{id}.md)" for id in checks)
        rows.append((f"{framework.prefix}{number}", words, linked or "-"))
    own = " The words are our own, not the standard's." if framework.own_words else ""
    listed = "" if framework.controls else " Only the numbers that a check names are listed."
    dated = f", {framework.date}" if framework.date else ""
    source = f"Source: <{framework.source}>{dated}.{own}{listed}"
    return f"# {title}\n\n{source}\n\n" + table(("control", "about", "checks"), rows)
