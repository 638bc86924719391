"""What callers of routes without a function do to resources, as far as the route's role may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from checkrein.catalog.content import content
from checkrein.catalog.operations import actions
from checkrein.catalog.rights import rights
from checkrein.derive.access.identities import ROLES
from checkrein.derive.content.words import short
from checkrein.derive.entrances.mapping_templates import hands_on_nothing
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.integrations import Asked, answers, integrations
from checkrein.model import Access, Evidence, Integration

ADDRESSING = frozenset({  # members of requests that name what is asked
    *("Bucket", "TableName", "StreamName", "StreamARN", "QueueUrl", "TopicArn", "TargetArn"),
    *("stateMachineArn", "EventBusName", "FunctionName"),
})  # fmt: skip
READ = "read"
Held = dict[str, dict[str, frozenset[str]]]  # identity -> resource -> actions


def integrated(directory: Directory, accesses: Iterable[Access]) -> Iterator[Integration]:
    """Yield what each route without a function lets its callers do, to each resource."""
    held = _held(accesses)
    for each in integrations(directory):
        needed = frozenset(actions(each.service, each.operation))
        credentials = each.operation_of.integration.get("credentials")
        roles = directory.find(credentials, directory.deployment(each.api), ROLES)
        for resource, named in _resources(each, roles, held, needed):
            given = [held.get(role, {}).get(resource, frozenset()) for role in roles]
            if roles and not any(needed & one for one in given):
                continue  # the service refuses it
            found = {right for action in needed for right in rights(action)}
            if READ in found and not _answers(each, named=named):
                found.discard(READ)
            if found:
                yield _fact(each, resource, tuple(sorted(found)), named=named)


def _held(accesses: Iterable[Access]) -> Held:
    found: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for access in accesses:
        known = found[access.identity].get(access.target, frozenset())
        found[access.identity][access.target] = known | {*access.actions}
    return dict(found)


def _resources(
    each: Asked, roles: Iterable[str], held: Held, needed: frozenset[str]
) -> Iterator[tuple[str, bool]]:
    """Yield what a route asks, and whether its caller names it: then all that the role may."""
    if each.resource:
        yield each.resource, False
    elif any(a.path in ADDRESSING and a.sources for a in each.site.arguments):
        for role in roles:
            for resource, may in held.get(role, {}).items():
                if needed & may:
                    yield resource, True


def _answers(each: Asked, *, named: bool) -> bool:
    """Tell whether callers get anything of what is read."""
    if not content(each.service, each.operation).read or (each.resource and each.reads):
        return True
    made = answers(each.operation_of)
    return named and not (made and all(map(hands_on_nothing, made)))


def _fact(each: Asked, resource: str, found: tuple[str, ...], *, named: bool) -> Integration:
    said = f"{each.route} of {short(each.api)} asks {short(resource)} itself"
    source, at = each.operation_of.source, each.operation_of.at
    place = source.where(at) if at else source.place
    note = Evidence(f"{said} ({each.service}:{each.operation})", place)
    return Integration(
        id=f"{each.api}#{each.route}>{each.service}:{each.operation}>{resource}",
        api=each.api,
        route=each.route,
        kind=each.kind,
        identity=each.identity,
        service=each.service,
        operation=each.operation,
        resource=resource,
        rights=found,
        filled=any(argument.sources for argument in each.site.arguments),
        named=named,
        keyed=each.operation_of.keyed,
        evidence=(note,),
    )
