"""Who may ask for a field of a GraphQL API, in the words of the lock."""

from __future__ import annotations

from checkrein.derive.entrances.graph_callers import callers, schema_of, ways_in
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.surface.wording import under
from checkrein.late import regex
from checkrein.model import Resource

GROUPS = regex(r"\"([^\"]+)\"")
UNREAD = "the schema says so"


def visitors(directory: Directory, api: Resource, type: str, field: str) -> tuple[str, ...]:
    """Return who may ask for a field; of several ways, those that the schema marks it with."""
    ways = ways_in(directory, api)
    default = next(iter(ways.values()))
    if len(ways) == 1:
        return (default,)
    schema = schema_of(directory, api)
    if schema is None:
        return tuple(under(who, UNREAD) for who in dict.fromkeys(ways.values()))
    marked = [under(who, _groups(told)) for who, told in callers(ways, schema, type, field)]
    return tuple(dict.fromkeys(marked)) or (default,)


def _groups(told: str) -> str:
    names = GROUPS.findall(told)
    return f"in {' or '.join(sorted(names))}" if names else ""
