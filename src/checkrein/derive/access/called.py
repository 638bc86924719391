"""Which rights the calls of code need, and on which ARNs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from msgspec import Struct

from checkrein.catalog.actions import ResourceType, resource_types
from checkrein.catalog.arn_parts import also, filled, plain_kinds, variables
from checkrein.catalog.operations import requirements
from checkrein.catalog.requirements import Requirement
from checkrein.derive.access.forwarded import forwarded
from checkrein.derive.access.reference import Part, Request
from checkrein.derive.access.spelling import Spelling
from checkrein.derive.content.bindings import Binding
from checkrein.model import CallSite, Evidence, Need, Value

MOST = 16  # combinations of what several members may say


class Named(Struct, frozen=True):
    """An ARN that an action is needed on, the resource it is of, and why parts are ``*``."""

    arn: Value
    resource: str
    open: str = ""
    certain: bool = True


class Filled(Struct, frozen=True):
    """A format's ARNs; ``said`` tells that the request says each of its variables."""

    kind: ResourceType
    format: str
    parts: tuple[Part, ...]
    said: bool


def called(spelling: Spelling, binding: Binding) -> Iterator[Need]:
    """Yield what each SDK call of a function needs; ``granted`` is to be filled in."""
    for site in binding.summary.calls:
        if site.kind == "sdk":
            for one in requirements(site.service, site.operation, _texts(site)):
                named = needed_on(spelling, binding, site, one)
                for need in _needs(binding, site, one.action, named):
                    yield need
                    yield from forwarded(spelling, binding, site, need)


def needed_on(
    spelling: Spelling, binding: Binding, site: CallSite, one: Requirement
) -> list[Named]:
    """Return the ARNs that a call needs an action on."""
    kinds = resource_types(one.action)
    if not kinds:
        return [Named("*", "*")]
    request = Request(spelling, binding, site, one)
    made = [_fill(request, kind, format) for kind in kinds for format in kind.formats]
    chosen = [each for each in _chosen(request, made) if each.parts]
    found = [_named(spelling, request, each, part) for each in chosen for part in each.parts]
    return [each for several in found for each in several] or [Named("*", "*")]


def _texts(site: CallSite) -> dict[str, str]:
    return {a.path: a.value if isinstance(a.value, str) else "" for a in site.arguments}


def _fill(request: Request, kind: ResourceType, format: str) -> Filled:
    """Return what the request says of a format, each combination of its variables' texts."""
    said = {name: request.parts(format, name) for name in variables(format)}
    options = list(product(*(parts for parts in said.values() if parts)))
    silent = [name for name, parts in said.items() if not parts]
    unsaid = [f"{request.site.operation} does not say the {name}" for name in silent]
    if len(options) > MOST:
        options, unsaid = [()], ["the code says many"]
    return Filled(kind, format, tuple(_united(parts, unsaid) for parts in options), not silent)


def _united(parts: Iterable[Part], unsaid: list[str]) -> Part:
    values: dict[str, str] = {}
    reasons = dict.fromkeys(unsaid)
    resource = name = ""
    sure = True
    for part in parts:
        values = {**part.values, **values}
        reasons.update({part.open: None} if part.open else {})
        resource, name = resource or part.resource, name or part.name
        sure = sure and part.sure
    return Part(values, "; ".join(reasons), resource, name, sure)


def _chosen(request: Request, made: list[Filled]) -> list[Filled]:
    """Return the formats that a policy must list for a request.

    Those that the action always has, and those of which the request says all; where there is none,
    those of the resources it names. None where it is about no resource: a metric in no dataset.
    An index, which begins as its table, stands for the table.
    """
    plain = plain_kinds(request.prefix)
    if plain:
        made = [each for each in made if each.kind.name in plain or _is_whole(each)]
    chosen = [each for each in made if each.kind.required] + _closest(request, made)
    if not chosen:
        chosen = [each for each in made if request.names(each.format)]
    narrower = [each.format for each in chosen if each.said and not each.kind.required]
    return [
        each
        for each in chosen
        if not any(format.startswith(f"{each.format}/") for format in narrower)
    ]


def _closest(request: Request, made: list[Filled]) -> list[Filled]:
    """Return the kinds that an action may have of which a request says most.

    ``GetResources`` of an API is about its ``Resources``, not about all else that an API has.
    """
    said = [each for each in made if each.said and not each.kind.required]
    parts = [frozenset(variables(each.format)) for each in said]
    most = [
        each
        for each, own in zip(said, parts, strict=True)
        if own and not any(own < other for other in parts)
    ]
    operation = request.site.operation.lower()
    meant = [each for each in most if operation.endswith(each.kind.name.lower())]
    return meant or most


def _is_whole(each: Filled) -> bool:
    return any("Partition" in part.values for part in each.parts)


def _named(spelling: Spelling, request: Request, each: Filled, part: Part) -> Iterator[Named]:
    names = variables(each.format)
    wide = bool(names) and part.values.get(names[0], "*").startswith("*") and not part.resource
    region, why = _region(spelling, request, each, part)
    place = {
        "Partition": "aws",
        "Region": "*" if wide else region,
        "Account": "*" if wide else spelling.symbol("@aws", "AccountId"),
    }
    arn = filled(each.format, {**place, **part.values})
    reason = "; ".join(filter(None, (part.open, why)))
    resource = spelling.directory.resources.get(part.resource)
    shown = part.resource or ("*" if wide or not names else part.name or part.values[names[0]])
    for text in (arn, *(f"{arn}{suffix}" for suffix in also(request.prefix, each.kind.name))):
        value = spelling.value(text, resource)
        yield Named(value, shown, reason, part.sure and not wide)


def _region(spelling: Spelling, request: Request, each: Filled, part: Part) -> tuple[str, str]:
    """Return the region of an ARN, and why it is ``*``; a resource of the app is in its stack's."""
    given = request.region()
    if given is None or part.resource or "Region" in part.values or "${Region}" not in each.format:
        return spelling.symbol("@aws", "Region"), ""
    return given.text, given.open


def _needs(binding: Binding, site: CallSite, action: str, named: list[Named]) -> Iterator[Need]:
    """Yield one need for each resource and reason, with all its ARNs."""
    groups: dict[tuple[str, str], list[Named]] = {}
    for each in named:
        groups.setdefault((each.resource, each.open), []).append(each)
    for (resource, reason), same in groups.items():
        arns = tuple(dict.fromkeys(each.arn for each in same))
        said = f"{site.service}:{site.operation}" + (f" on {resource}" if resource != "*" else "")
        yield Need(
            id=f"{binding.function.id}:{action}:{', '.join(map(str, arns))}",
            function=binding.function.id,
            action=action,
            resource=resource,
            needed=True,
            granted=False,
            certain=site.certain and any(each.certain for each in same),
            arns=arns,
            open=reason,
            evidence=(Evidence(said, site.place),),
        )
