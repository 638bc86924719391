"""The pages that people wrote: the README, docs/ and the change log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tools.manual.page import Page

ROOT = Path(__file__).parents[2]
# The order in which a reader needs them. A page of docs/ that stands in none is an error.
SECTIONS = {
    "Use it": "commands reports fixing least whatif diff pictures ci",
    "Intent": "intent intent-lock compliance",
    "How it thinks": "method model code wiring policy-engine policy-engine-disagreements",
    "What it reads": "notations serverless-framework serverless-variables terraform "
    "terraform-modules containers stacks observed",
    "Work on it": "architecture writing-a-check truth coverage coverage-reasons coverage-fired",
}


def pages() -> Iterator[Page]:
    """Yield them in the order of the list; raise KeyError for one that has no section."""
    yield Page("index", "checkrein", "", (ROOT / "README.md").read_text())
    placed = {name: section for section, names in SECTIONS.items() for name in names.split()}
    order = list(placed)
    found = {path.stem: path.read_text() for path in (ROOT / "docs").glob("*.md")}
    if astray := found.keys() - placed.keys():
        raise KeyError(f"docs/{min(astray)}.md stands in no section of {Path(__file__).name}")
    for name in sorted(found, key=order.index):
        yield Page(f"docs/{name}", _title(found[name]), placed[name], found[name])
    changes = (ROOT / "CHANGELOG.md").read_text()
    yield Page("CHANGELOG", _title(changes), "Work on it", changes)


def _title(text: str) -> str:
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1] if found else ""
