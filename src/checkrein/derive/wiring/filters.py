"""What filters of events tell about what arrives.

A filter names the values of a few fields and lets all else of an event through, so that no field
can be left out for it. But the kind of a table's change tells which images of an item there are:
none of a new one where it was removed, none of an old one where it is new; and a stream shows only
the images that its table says.

Source: Lambda's developer guide, "Event filtering"; DynamoDB's, "Change data capture".
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from checkrein.derive.entrances.authorizers import dictionary
from checkrein.model import Resource, Value
from checkrein.model.values import alternatives, at_path

NEW, OLD, KEYS = "NewImage", "OldImage", "Keys"
SHOWN = {  # by a stream's view: the images that its records have
    "NEW_IMAGE": {NEW, KEYS},
    "OLD_IMAGE": {OLD, KEYS},
    "KEYS_ONLY": {KEYS},
}
HAVING = {"INSERT": {NEW, KEYS}, "MODIFY": {NEW, OLD, KEYS}, "REMOVE": {OLD, KEYS}}
KIND = "eventName"


def images(table: Resource, criteria: Value) -> tuple[str, ...]:
    """Return which images of a table's items come through a filter, the new one first."""
    view = table.value("StreamSpecification.StreamViewType")
    shown = SHOWN.get(view, {NEW, OLD, KEYS}) if isinstance(view, str) else {NEW, OLD, KEYS}
    passing = {image for kind in _kinds(criteria) for image in HAVING[kind]}
    return tuple(image for image in (NEW, OLD, KEYS) if image in shown & passing)


def keys(table: Resource) -> tuple[str, ...]:
    """Return the attributes of a table's key; none where they are not told."""
    listed = table.value("KeySchema")
    named = (
        [at_path(each, ("AttributeName",)) for each in listed] if isinstance(listed, list) else []
    )
    known = tuple(name for name in named if isinstance(name, str))
    return known if len(known) == len(named) else ()


def shown(table: Resource, criteria: Value) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield where below ``dynamodb`` in a record which attribute of a table stands; "" is all."""
    for image in images(table, criteria):
        known = keys(table) if image == KEYS else ()
        yield from (((KEYS, name), name) for name in known)
        if not known:
            yield (image,), ""


def _kinds(criteria: Value) -> set[str]:
    """Return the kinds of changes that may pass; all of them where a filter does not name some."""
    options = alternatives(criteria)
    filters = at_path(options[0], ("Filters",)) if len(options) == 1 else None
    if not isinstance(filters, list) or not filters:
        return set(HAVING)
    return {kind for each in filters for kind in _of_pattern(at_path(each, ("Pattern",)))}


def _of_pattern(pattern: Value) -> Iterator[str]:
    said = dictionary(_read(pattern)).get(KIND)
    if isinstance(said, list) and all(isinstance(one, str) for one in said):
        yield from (str(one) for one in said if one in HAVING)
    else:
        yield from HAVING


def _read(pattern: Value) -> Value:
    if not isinstance(pattern, str):
        return pattern
    try:
        read: Value = json.loads(pattern)
    except ValueError:
        return None
    return read
