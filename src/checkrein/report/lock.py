"""What ``checkrein init`` and ``checkrein accept`` say, for people."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import unified_diff

from checkrein.model import Finding
from checkrein.notation.lock import FILE
from checkrein.report.harmless import line
from checkrein.report.wording import many

NEXT = f"""\
Read {FILE}, mend what is not meant, and commit it with the code. From now on a scan tells what
is not in it; checkrein accept writes there what you mean.
"""


def first_text(files: Iterable[str], locked: str, look: Iterable[str]) -> str:
    """Say which files were made, what the lock holds, and what is most worth a look."""
    known = tuple(files)
    named, verb = " and ".join(known), "are" if known[1:] else "is"
    told = "".join(f"  - {line(sentence)}\n" for sentence in look)
    head = f"{named} {verb} written. The lock accepts this application as it is: {locked}.\n"
    look_at = f"Most worth a look before you commit it:\n{told}" if told else ""
    return f"{head}{look_at}{NEXT}"


def accepted_text(findings: Iterable[Finding], left: int, before: str, after: str) -> str:
    """Say what was accepted and what is left."""
    changed = sum(each[:1] in "+-" for each in list(lock_diff(before, after).splitlines())[2:])
    messages = [finding.message for finding in findings]
    told = "".join(f"  - {line(message)}\n" for message in messages)
    rest = f"; {many(left, 'difference')} left" if left else "; nothing else differs"
    if not changed:
        return f"{FILE} says so already{rest}\n"
    head = f"{FILE}: {many(len(messages), 'finding')} accepted, {many(changed, 'line')} changed"
    return f"{head}{rest}\n{told}"


def lock_diff(before: str, after: str) -> str:
    """Return how the lock changes, as a unified diff."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return "".join(unified_diff(old, new, f"a/{FILE}", f"b/{FILE}"))
