"""Make ``docs/coverage.md``: our checks beside those of other tools, service by service.

    python tools/coverage.py

A check belongs to the services in whose resources its bad examples mark findings (code counts as
the function's) and to those of its ``peers``, which say what checks of other tools it covers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from checkrein.catalog.peers import OTHERS, TOOLS, peers, service_of
from checkrein.checks import Check, load
from checkrein.notation import parse

TARGET = Path(__file__).parent.parent / "docs/coverage.md"
BAD = re.compile(r"^```(\w+) bad(?: \S+)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"(?:#|//)[!?] ")
HEAD = """# Coverage

Our checks beside those of other tools, service by service; `tools/coverage.py` makes this page from
the checks' `peers` and `catalog/data/peers.json` (Checkov's checks of CloudFormation, the registry
of CloudFormation Guard, cdk-nag's AwsSolutions pack, Prowler, AWS's Foundational Security Best
Practices). *3 of 5*: of five checks of that tool, checks of ours judge the faults of three. A check
that no other tool has counts in *only ours*. Prowler and AWS's practices ask live accounts, and
much of theirs stands in no template.

"""


def main() -> int:
    """Write the page."""
    TARGET.write_text(page())
    return 0


def page() -> str:
    """Return the page as Markdown."""
    checks = load()
    known = {peer for check in checks for peer in check.peers}
    placed = {check.id: sorted(set(_services(check))) for check in checks}
    rows = [["Service", "ours", "only ours", *TOOLS], ["---", *["---:"] * (len(TOOLS) + 2)]]
    named = {service: tools for service, tools in peers().items() if service != OTHERS}
    for service, by_tool in named.items():
        ours = [check for check in checks if service in placed[check.id]]
        alone = [check for check in ours if not check.peers]
        counted = [_counted(by_tool.get(tool, ()), known) for tool in TOOLS]
        rows.append([service, str(len(ours)), str(len(alone)), *counted])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    listed = [_listed(service, checks, placed) for service in named]
    unique = sum(not check.peers for check in checks)
    total = f"{len(checks)} checks, {unique} of them only ours.\n\n"
    return HEAD + total + "\n".join(lines) + "\n\n" + "\n".join(filter(None, listed)) + "\n"


def _counted(ids: tuple[str, ...], known: set[str]) -> str:
    return f"{len(known & {*ids})} of {len(ids)}" if ids else "-"


def _listed(service: str, checks: list[Check], placed: dict[str, list[str]]) -> str:
    names = [f"`{check.id}`" for check in checks if service in placed[check.id]]
    return f"- **{service}**: {', '.join(names)}" if names else ""


def _services(check: Check) -> Iterator[str]:
    """Yield the services of marked resources, and those of the checks that others have."""
    for service, by_tool in peers().items():
        if any({*check.peers} & {*ids} for ids in by_tool.values()):
            yield service
    for language, text in BAD.findall(check.docs):
        if language == "yaml":
            yield from _marked(text)
        elif MARK.search(text):
            yield "Lambda"


def _marked(text: str) -> Iterator[str]:
    """Yield the services of the resources of a template that have marks."""
    tree = parse(re.sub(r"#[!?] .*", "", text), "template.yaml")
    resources = (tree.value or {}).get("Resources", {})
    marks = [number for number, line in enumerate(text.splitlines(), 1) if MARK.search(line)]
    for name, resource in resources.items():
        place = tree.places["Resources", name]
        if any(place.line - 1 <= number <= place.end_line for number in marks):
            yield service_of(str(resource.get("Type", "")))


if __name__ == "__main__":
    sys.exit(main())
