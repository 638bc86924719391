"""What callers may send that nobody checks: a data class of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checkrein.derive.content.contents import UNTRUSTED
from checkrein.derive.content.elements import element
from checkrein.derive.content.words import short
from checkrein.derive.entrances.operations import every_operation, is_proxy, passes_unmapped
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.integrations import Asked, integrations
from checkrein.model import Access, Basis, Element, Entry, Evidence, Slot

SENT = frozenset({"http", "websocket", "url", "appsync"})


def untrusted(
    directory: Directory,
    entries: Iterable[Entry],
    accesses: Iterable[Access],
    outsiders: Mapping[str, str],
) -> Iterator[Element]:
    """Yield an element for every place where outsiders may put what they like.

    ``outsiders`` are identities that stand for people outside, and what to call them.
    """
    unmapped = _unmapped(directory)
    for entry in entries:
        known = entry.content or (entry.source, entry.route) in unmapped
        if entry.kind in SENT and known and not _validated(directory, entry):
            way = entry.route or _named(entry)
            how = "without request validation" if entry.content else "of a type that is not mapped"
            what = f"what callers of {way} send, {how}"
            said = f"{short(entry.function)} gets {what}"
            note = Evidence(said, entry.place)
            for node, path in ((entry.function, "event.body"), (entry.source, "body")):
                yield element(Slot(node, path), UNTRUSTED, "certain", Basis.POTENTIAL, note)
    for each in integrations(directory):
        if each.writes and not each.validated:
            yield from _handed_over(each)
    for access in accesses:
        who = outsiders.get(access.identity)
        if who and access.right in {"write", "invoke"}:
            said = f"{who} may {access.right} {short(access.target)}"
            note = Evidence(said, access.place)
            slot = Slot(access.target, "")
            yield element(slot, UNTRUSTED, "certain", Basis.POTENTIAL, note)


def _unmapped(directory: Directory) -> set[tuple[str, str]]:
    """Return the APIs and routes that hand on bodies of types that no template is for."""
    return {
        (operation.api, operation.route)
        for operation in every_operation(directory)
        if not is_proxy(operation) and passes_unmapped(operation.integration)
    }


def _named(entry: Entry) -> str:
    """Return what a way in without a route is called."""
    if entry.kind == "url":
        return f"the function URL of {short(entry.function)}"
    return short(entry.source)


def _handed_over(each: Asked) -> Iterator[Element]:
    """Yield what a route without a function lets its callers put into the resource behind it."""
    what = f"what callers of {each.route} send, without request validation"
    said = f"{short(each.resource)} gets {what}"
    note = Evidence(said, each.place)
    targets = {flow.target for flow in each.flows if flow.target.node == each.resource}
    for slot in (Slot(each.api, "body"), *sorted(targets)):
        yield element(slot, UNTRUSTED, "certain", Basis.POTENTIAL, note)


def _validated(directory: Directory, entry: Entry) -> bool:
    """Tell whether the API checks the request's body against a model before the function."""
    api = directory.resources.get(entry.source)
    by_schema = api is not None and api.type == "AWS::AppSync::GraphQLApi"
    return entry.validated or by_schema
