"""A page for each check, from its docstring and what it is registered with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checkrein.catalog.frameworks import control, topics
from checkrein.catalog.peers import TOOLS, peers
from checkrein.checks import DOMAINS, Check, load
from checkrein.checks.pages import FAULT
from tools.manual.page import Page, table

SECTION = "Checks"
FENCE = re.compile(r"^```(\w+) (bad|good|undecided)(?: (\S+))?$", re.MULTILINE)
VERDICTS = {"bad": "Reported", "good": "Not reported", "undecided": "Undecided"}
ELSEWHERE = {"CWE": "https://cwe.mitre.org/data/definitions/{}.html"}


def pages() -> Iterator[Page]:
    """Yield the list of all checks, then a page for each, by id."""
    found = load()
    yield Page("checks/index", "All checks", SECTION, _index(found))
    for check in found:
        yield Page(f"checks/{check.id}", check.id, "", _page(check))


def _index(found: list[Check]) -> str:
    parts = [f"# All checks\n\n{len(found)} checks in {len(DOMAINS)} domains.\n"]
    for domain in DOMAINS:
        rows = [
            (f"[{check.id}]({check.id}.md)", check.title, _fault(check))
            for check in found
            if check.domain == domain
        ]
        parts.append(f"## {domain.capitalize()}\n\n" + table(("check", "says", "fault"), rows))
    return "\n".join(parts)


def _page(check: Check) -> str:
    about, _, examples = check.docs.partition("## Examples")
    rows = [
        ("domain", check.domain),
        ("fault", _fault(check)),
        ("topics", ", ".join(topics()[topic] for topic in check.topics)),
        ("controls", ", ".join(_control(id) for id in check.controls)),
        *((tool, ", ".join(f"`{id}`" for id in ids)) for tool, ids in _peers(check)),
        ("ignore with", f"`# checkrein: ignore[{check.id}] reason`"),
    ]
    head = f"# {check.id}\n\n{check.title}.\n\n{about.strip()}\n\n"
    told = table(("", ""), ((name, value) for name, value in rows if value))
    shown = FENCE.sub(_labelled, examples).strip()
    return f"{head}## Judged as\n\n{told}\n## Examples\n\n{shown}\n"


def _fault(check: Check) -> str:
    return FAULT[check.fault] + (", for auditors" if check.hygiene else "")


def _control(id: str) -> str:
    """Return a control as a link: to its framework's page, or where it is published."""
    found = control(id)
    if found is None:
        return id
    framework, number = found
    published = ELSEWHERE.get(framework.prefix.rstrip("-:"))
    target = published.format(number) if published else f"../frameworks/{framework.id}.md"
    return f"[{id}]({target})"


def _peers(check: Check) -> Iterable[tuple[str, list[str]]]:
    """Tell the ids of other tools by tool; those that no list of a tool has stand last."""
    left = list(check.peers)
    for tool in TOOLS:
        theirs = {id for by_tool in peers().values() for id in by_tool.get(tool, ())}
        ids = [id for id in left if id in theirs]
        left = [id for id in left if id not in theirs]
        yield tool, ids
    yield "other tools", left


def _labelled(fence: re.Match[str]) -> str:
    language, verdict, path = fence.groups()
    named = f" in `{path}`" if path else ""
    return f"{VERDICTS[verdict]}{named}:\n\n```{language}"
