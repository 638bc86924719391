"""Suppressions written for other tools, where they name the same fault (``Check.peers``).

In a resource's Metadata: ``cfn_nag`` and ``cdk_nag`` (``rules_to_suppress``: id, reason),
``guard`` (``SuppressedRules``: names without reasons), ``checkov`` (``skip``: id, comment); and
Checkov's comment ``#checkov:skip=ID:reason`` inside the resource. They were judged once by
somebody, so a missing reason is no flaw here.

Sources: the manuals of cfn-nag, cdk-nag, CloudFormation Guard's rules registry and Checkov.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checkrein.judge.accepted.files import Files
from checkrein.judge.accepted.wishes import Wish
from checkrein.late import regex
from checkrein.model import Resource

LISTS = (  # tool, the key of its list, the key of a rule's id, of the reason
    ("cfn_nag", "rules_to_suppress", "id", "reason"),
    ("cdk_nag", "rules_to_suppress", "id", "reason"),
    ("guard", "SuppressedRules", "", ""),
    ("checkov", "skip", "id", "comment"),
)
COMMENT = regex(r"(?:#|//)\s*checkov:\s*skip=(\w+)(?::\s*(.*?))?\s*$")


def wishes(files: Files, concerned: Iterable[Resource], peers: frozenset[str]) -> Iterator[Wish]:
    """Yield the suppressions of a fault in some resources that other tools know by some ids."""
    if not peers:
        return
    for resource in concerned:
        for tool, id, reason in (*_listed(resource), *_commented(resource, files)):
            if id in peers:
                yield Wish(f"suppressed for {tool} as {id}" + (f": {reason}" if reason else ""))


def _listed(resource: Resource) -> Iterator[tuple[str, str, str]]:
    """Yield the tool, the rule and the reason of each suppression in the Metadata."""
    for tool, list_key, id_key, reason_key in LISTS:
        section = resource.metadata.get(tool)
        listed = section.get(list_key) if isinstance(section, dict) else None
        for item in listed if isinstance(listed, list) else []:
            yield tool, *_item(item, id_key, reason_key)


def _item(item: Any, id: str, reason: str) -> tuple[str, str]:
    if isinstance(item, dict):
        return str(item.get(id) or ""), str(item.get(reason) or "")
    return str(item), ""


def _commented(resource: Resource, files: Files) -> Iterator[tuple[str, str, str]]:
    """Yield Checkov's comments between the first and the last line of a resource."""
    place = resource.place
    if not files.mention(place.path, "checkov"):
        return
    for line in files.lines(place.path)[place.line - 1 : place.end_line]:
        found = COMMENT.search(line)
        if found:
            yield "checkov", found[1], found[2] or ""
