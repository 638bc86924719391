"""What an IAM action lets its holder do to a resource, in seven words.

``read``, ``write`` and ``delete`` mean the resource's content (objects, items, messages, users,
secrets); ``list`` sees that it exists and how it is set up; ``configure`` changes or removes the
resource itself; ``permission`` changes who may use it; ``invoke`` sets it to work.

Source: ``data/iam_rights.json``, written by hand, over the access levels of
:mod:`checkrein.catalog.actions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec

from checkrein.catalog.actions import access_level, documented
from checkrein.catalog.operations import actions
from checkrein.catalog.packed import load

RIGHTS: Final = ("list", "read", "write", "delete", "configure", "permission", "invoke")
_BY_LEVEL: Final = {
    "List": "list",
    "Read": "list",
    "Write": "configure",
    "Tagging": "configure",
    "Permissions management": "permission",
}


DATABASE: Final = "database"  # the service of what client libraries ask of stores
_BY_STATEMENT: Final[dict[str, tuple[str, ...]]] = {
    "Select": ("read",),
    "Insert": ("write",),
    "Update": ("write",),
    "Delete": ("delete",),
    "Query": ("read", "write", "delete"),
}


class _File(msgspec.Struct, frozen=True):
    services: dict[str, dict[str, str]]  # service -> right -> names of actions


def right(action: str) -> str | None:
    """Return the right that counts most for an action, None if AWS documents no such action."""
    found = rights(action)
    return found[0] if found else None


@cache
def rights(action: str) -> tuple[str, ...]:
    """Return every right an action gives: ``rds-data:ExecuteStatement`` reads, writes, deletes."""
    name = documented(action)
    level = access_level(action)
    if name is None or level is None:
        return ()
    service, _, operation = name.partition(":")
    listed = _content().get(service)
    if listed is None:
        return (_unlisted(operation, level),)
    return listed.get(operation, (_BY_LEVEL[level],))


def deeds(service: str, operation: str, request: Mapping[str, str] | None = None) -> frozenset[str]:
    """Return what a call does to the resource that it addresses, of an SDK or a client library.

    With the ``request`` (see ``actions``) only what the members ask for that are passed.
    """
    if service == DATABASE:
        return frozenset(_BY_STATEMENT.get(operation, ()))
    needed = actions(service, operation, request)
    return frozenset(one for action in needed for one in rights(action))


def is_content(action: str) -> bool:
    """Tell whether an action is known to touch what a store holds, not only how it is set up."""
    service, _, operation = (documented(action) or action).partition(":")
    known = _content().get(service, {}).get(operation, ())
    return not {"read", "write", "delete"}.isdisjoint(known)


def _unlisted(operation: str, level: str) -> str:
    """Take a Read for content where nobody said what the service holds, Describe… aside."""
    if level == "Read" and not operation.startswith(("Describe", "List")):
        return "read"
    return _BY_LEVEL[level]


@cache
def _content() -> dict[str, dict[str, tuple[str, ...]]]:
    content: dict[str, dict[str, tuple[str, ...]]] = {}
    for service, by_right in load("iam_rights.json", _File).services.items():
        listed = content.setdefault(service, {})
        for one, names in by_right.items():
            for name in names.split():
                listed[name] = (*listed.get(name, ()), one)
    return content
