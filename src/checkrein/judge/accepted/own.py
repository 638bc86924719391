"""Findings that the user accepted in our own words: a comment, Metadata, or checkrein.yaml.

``# checkrein: ignore[check-id] reason`` (``//`` too) on the finding's line or the line above;
``Metadata: {checkrein: {ignore: [{id, reason, expires: 2027-01-31}]}}`` on the resource; in
``checkrein.yaml`` under ``ignore`` (see ``read/intent.py``). Without a reason, or past its date,
an ignore does not count and the verdict says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from checkrein.judge.accepted.files import Files
from checkrein.judge.accepted.wishes import Wish, dated
from checkrein.late import regex
from checkrein.model import App, Decision, Finding, Place, Resource, Verdict

COMMENT = regex(r"(?:#|//)\s*checkrein:\s*ignore\[([\w\s,-]+)\][ \t]*(.*?)\s*(?:\*/)?\s*$")


def wishes(
    app: App, files: Files, verdict: Verdict, finding: Finding, concerned: Iterable[Resource]
) -> Iterator[Wish]:
    """Yield what the team said of a finding or of the resources it concerns, good or not."""
    if files.mention(finding.place.path, "checkrein"):
        yield from _comments(verdict.check, finding.place, files)
    for resource in concerned:
        section = resource.metadata.get("checkrein")
        listed = section.get("ignore") if isinstance(section, dict) else None
        for item in listed if isinstance(listed, list) else []:
            if isinstance(item, dict) and item.get("id") == verdict.check:
                yield _listed(item)
    for decision in app.every(Decision):
        if decision.kind == "ignore" and covers(decision, verdict, finding):
            yield _listed(decision.content)


def covers(decision: Decision, verdict: Verdict, finding: Finding) -> bool:
    """Tell whether an entry of checkrein.yaml is about a finding."""
    subject, path = decision.content.get("subject", "*"), decision.content.get("path", "*")
    return (
        decision.subject == verdict.check
        and fnmatchcase(verdict.subject, str(subject))
        and fnmatchcase(finding.place.path, str(path))
    )


def _comments(check: str, place: Place, files: Files) -> Iterator[Wish]:
    above = files.line(place.path, place.line - 1)
    own_line = above.lstrip().startswith(("#", "//"))
    for line in (files.line(place.path, place.line), above if own_line else ""):
        found = COMMENT.search(line)
        if found and check in re.split(r"[\s,]+", found[1].strip()):
            yield dated(found[2], None)


def _listed(item: dict[str, Any]) -> Wish:
    return dated(str(item.get("reason") or ""), item.get("expires"))
