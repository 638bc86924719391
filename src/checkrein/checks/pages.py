"""What checks say of themselves: a line each, a page, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

from checkrein.checks import Check

FIELDS = ("id", "domain", "title", "fault", "hygiene", "topics", "frameworks", "peers")
FAULT = {1: "small", 2: "plain", 3: "serious"}


def document(checks: Iterable[Check]) -> bytes:
    """Return the checks as JSON: a list of their fields."""
    listed = [
        {field: getattr(check, field) for field in FIELDS} | {"frameworks": check.controls}
        for check in checks
    ]
    return json.dumps(listed, indent=2).encode() + b"\n"


def text(found: list[Check], chosen: list[Check]) -> bytes:
    """Return a line for each check, or pages about those that were chosen."""
    if chosen:
        return "\n".join(map(_page, chosen)).encode()
    width = max(len(check.id) for check in found)
    lines = [f"{check.domain:14}  {check.id:{width}}  {check.title}" for check in found]
    return ("\n".join(lines) + "\n").encode()


def _page(check: Check) -> str:
    about, _, examples = check.docs.partition("## Examples")
    rows = [
        ("domain", check.domain),
        ("fault", FAULT[check.fault] + (", for auditors" if check.hygiene else "")),
        ("topics", ", ".join(check.topics)),
        ("controls", ", ".join(check.controls)),
        ("elsewhere", ", ".join(check.peers)),
        ("ignore with", f"# checkrein: ignore[{check.id}] reason"),
    ]
    told = "\n".join(f"{name + ':':13}{value}" for name, value in rows if value)
    body = about.strip().replace("## ", "")
    return f"{check.id}: {check.title}\n\n{body}\n\n{told}\n\nExamples{examples.rstrip()}\n"
