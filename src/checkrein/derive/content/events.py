"""Which events of a bus come to whom: by what their senders and a rule say of the same fields.

Of an event's content a rule tells little: it names values of some fields and lets all others
through. But who puts an event says its source and its kind, mostly as constants, and a rule that
wants others never hands it on. So content is told apart on a bus by these two fields, and what one
function announces does not come to those who wait for another's.

Source: EventBridge's user guide, "Event patterns": a pattern matches where every field that it
names has one of the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import asdict

from checkrein.model import CallSite, Element, Events, Value
from checkrein.model.values import alternatives, at_path

FIELDS = {"source": "Entries[].Source", "detail-type": "Entries[].DetailType"}  # as a call has it
UNTOLD = frozenset({"", "Entries", "Entries[]"})  # arguments that may be further entries
BUS = "AWS::Events::EventBus"
OWN_BUS = "@default-bus"


class Announced(Element, frozen=True):
    """An element of a bus that stands in some events only."""

    events: Events = ()


def announced(known: Iterable[Element], events: Events) -> Iterable[Element]:
    """Return elements as those of some events, if any are told."""
    return (Announced(**asdict(each), events=events) if events else each for each in known)


def put(site: CallSite, bind: Callable[[Value], Value]) -> Events:
    """Return what a call says of the events that it puts on a bus, as far as ``bind`` knows."""
    if site.service != "events" or any(a.path in UNTOLD for a in site.arguments):
        return ()
    said: dict[str, list[Value]] = {
        field: [
            one
            for argument in site.arguments
            if argument.path == at
            for one in alternatives(bind(argument.value))
        ]
        for field, at in FIELDS.items()
    }
    return _events(said)


def wanted(pattern: Value) -> Events:
    """Return what a rule's pattern says of the events that it lets through."""
    return _events({field: _listed(at_path(pattern, (field,))) for field in FIELDS})


def _listed(value: Value) -> list[Value]:
    options = alternatives(value)
    if not all(isinstance(option, list) for option in options):
        return []
    return [one for option in options if isinstance(option, list) for one in option]


def _events(said: dict[str, list[Value]]) -> Events:
    """Keep the fields all of whose values are known."""
    found = []
    for field, values in said.items():
        texts = {one for one in values if isinstance(one, str)}
        if texts and len(texts) == len({repr(one) for one in values}):
            found.append((field, tuple(sorted(texts))))
    return tuple(found)


def may_be(one: Events, other: Events) -> bool:
    """Tell whether an event may be one of both: no field that both name must differ."""
    known = dict(other)
    return all(not {*values}.isdisjoint(known.get(field, values)) for field, values in one)
