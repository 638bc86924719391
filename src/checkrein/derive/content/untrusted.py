"""What callers may send that nobody checks: a data class of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checkrein.derive.content.contents import UNTRUSTED
from checkrein.derive.content.elements import element
from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.integrations import Integration, integrations
from checkrein.model import Access, Basis, Element, Entry, Evidence, Resource, Slot, Value
from checkrein.model.values import alternatives, at_path

SENT = frozenset({"http", "websocket", "url", "appsync"})
VALIDATOR = "x-amazon-apigateway-request-validator"


def untrusted(
    directory: Directory,
    entries: Iterable[Entry],
    accesses: Iterable[Access],
    outsiders: Mapping[str, str],
) -> Iterator[Element]:
    """Yield an element for every place where outsiders may put what they like.

    ``outsiders`` are identities that stand for people outside, and what to call them.
    """
    for entry in entries:
        if entry.kind in SENT and not _validated(directory, entry):
            way = entry.route or f"the function URL of {short(entry.function)}"
            what = f"what callers of {way} send, without request validation"
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


def _handed_over(each: Integration) -> Iterator[Element]:
    """Yield what a route without a function lets its callers put into the resource behind it."""
    what = f"what callers of {each.route} send, without request validation"
    said = f"{short(each.resource)} gets {what}"
    note = Evidence(said, each.place)
    targets = {flow.target for flow in each.flows if flow.target.node == each.resource}
    for slot in (Slot(each.api, "body"), *sorted(targets)):
        yield element(slot, UNTRUSTED, "certain", Basis.POTENTIAL, note)


def _validated(directory: Directory, entry: Entry) -> bool:
    """Tell whether API Gateway checks the request's body against a model before the function."""
    api = directory.resources.get(entry.source)
    if api is None:
        return False
    if api.type == "AWS::AppSync::GraphQLApi":
        return True  # the schema is the check
    verb, _, path = entry.route.partition(" ")
    return any(_in_body(body, verb.lower(), path) for body in alternatives(api.value("Body"))) or (
        any(_in_method(method, verb) for method in directory.members(directory.deployment(api.id)))
    )


def _in_body(body: Value, verb: str, path: str) -> bool:
    operation = at_path(body, ("paths", path, verb))
    if not isinstance(body, dict) or not isinstance(operation, dict):
        return False
    if VALIDATOR not in operation and VALIDATOR not in body:
        return False
    listed = operation.get("parameters")
    parameters = listed if isinstance(listed, list) else []
    return "requestBody" in operation or any(
        isinstance(each, dict) and each.get("in") == "body" for each in parameters
    )


def _in_method(method: Resource, verb: str) -> bool:
    return (
        method.type == "AWS::ApiGateway::Method"
        and method.value("HttpMethod") == verb
        and method.value("RequestValidatorId") is not None
        and bool(method.value("RequestModels"))
    )
