"""Joins by what resources are called when deployed: a stack names another's table, bucket or queue.

Two stacks of one application need no export to share a table: one gives it a name, and the other
says that name in a variable of a function, in an ARN of a statement, or in code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from checkrein.catalog import arns
from checkrein.catalog.operations import addressed
from checkrein.derive.stacks.guesses import Join
from checkrein.derive.stacks.neighbourhood import Neighbourhood
from checkrein.detect.words import words
from checkrein.late import regex
from checkrein.model import App, Evidence, Resource, Summary, Symbol
from checkrein.model.values import alternatives, leaves, parts_at

SHORTEST = 3  # letters of a name that says something
ARN = regex(r"arn:[^:]*:(?P<service>[a-z0-9-]+):[^:]*:[^:]*:(?P<rest>.+)")
SEGMENT = regex(r"[^:/]+")
WORD = regex(r"[A-Z]?[a-z]+|[A-Z]+")
VARIABLES = ("Environment", "Variables", "*")
SAYING = ("AWS::IAM::", "AWS::Lambda::")  # types whose ARNs are of what somebody uses
Names = Mapping[str, list[Resource]]  # what is declared, by the name that it is to have


class _Said(Struct, frozen=True, order=True):
    """A name that a stack says, and what it may be of: a service of ARNs or a type, "" for any."""

    stack: str
    name: str
    of: str = ""

    def means(self, resource: Resource) -> bool:
        return self.of in ("", resource.type, _service(resource.type))


def physical(near: Neighbourhood, app: App) -> Iterator[Join]:
    """Join stacks that say the name of what another declares.

    Only names that are wholly known count, plain words in a variable that tells of what they name
    (``TABLE: users``, not ``STAGE: prod``), of these the nearest inside one application, and only
    where all of them are one stack's. What a stack has itself it asks of nobody.
    """
    names = _names(near)
    if names:
        for said in sorted({*_in_templates(near, names), *_in_code(app, names)}):
            yield from _joined(near, said, names)


def is_said_in_code(near: Neighbourhood, app: App) -> bool:
    """Tell whether code says the name of what another stack declares."""
    names = _names(near)
    return any(list(_joined(near, said, names)) for said in {*_in_code(app, names)})


def _names(near: Neighbourhood) -> Names:
    """Return what is declared by name, nothing where no two stacks are there to be joined."""
    names: defaultdict[str, list[Resource]] = defaultdict(list)
    for members in near.resources.values() if len(near.roots) > 1 else ():
        for resource in members:
            name = _name(resource)
            if name:
                names[name].append(resource)
    return names


def _joined(near: Neighbourhood, said: _Said, names: Names) -> Iterator[Join]:
    tree = near.tree(said.stack)
    meant = [resource for resource in names[said.name] if said.means(resource)]
    if any(near.tree(resource.stack) == tree for resource in meant):
        return
    found = near.nearest(said.stack, [(resource.stack, resource.id) for resource in meant])
    stacks = {stack for stack, _ in found}
    if len(stacks) == 1:
        (other,) = stacks
        id = str(found[0][1])
        note = Evidence(f"{said.name} is what {id} is called", near.stacks[other].place)
        symbol = Symbol(f"{said.stack}@physical", said.name)
        yield Join(symbol, said.stack, Symbol(id, "Ref"), "called", (other,), note)


def _name(resource: Resource) -> str:
    property = arns.name_property(resource.type)
    name = resource.value((property,)) if property else None
    return name if isinstance(name, str) and len(name) >= SHORTEST else ""


def _service(type: str) -> str:
    formats = arns.arn_format(type)
    return formats[0].split(":")[2] if formats else ""


def _in_templates(near: Neighbourhood, names: Names) -> Iterator[_Said]:
    """Yield the names that variables of functions and ARNs say."""
    for stack, members in near.resources.items():
        for resource in members:
            for path, value in parts_at(resource.properties, VARIABLES):
                if isinstance(value, str) and value in names:
                    yield from _in_variable(stack, str(path[-1]), value, names[value])
            said = leaves(resource.properties) if resource.type.startswith(SAYING) else ()
            for text in map(str, said):
                arn = ARN.fullmatch(text) if text.startswith("arn:") else None
                if arn:
                    segments = names.keys() & SEGMENT.findall(arn["rest"])
                    yield from (_Said(stack, name, arn["service"]) for name in segments)


def _in_variable(
    stack: str, variable: str, name: str, called: Iterable[Resource]
) -> Iterator[_Said]:
    """Yield what a variable says: a plain word (``prod``) only where its own name tells of it."""
    if not WORD.fullmatch(name):
        yield _Said(stack, name)
        return
    told = {*words(variable)}
    for resource in called:
        if not told.isdisjoint((*words(name), *words(resource.type.rpartition(":")[2]))):
            yield _Said(stack, name, resource.type)


def _in_code(app: App, names: Names) -> Iterator[_Said]:
    """Yield the names that requests in code say."""
    stacks = {resource.id: resource.stack for resource in app.every(Resource)}
    for summary in app.every(Summary):
        if summary.function in stacks:
            for name, type in _asked(summary, names):
                yield _Said(stacks[summary.function], name, type)


def _asked(summary: Summary, names: Names) -> Iterator[tuple[str, str]]:
    """Yield the names that requests of some code say, and the type that they are of."""
    for site in summary.calls:
        rules = addressed(site.service, site.operation) if site.kind == "sdk" else ()
        for rule in rules:
            for argument in site.arguments:
                if argument.path == rule.path:
                    said = (each for each in alternatives(argument.value) if each in names)
                    yield from ((str(name), type) for name in said for type in rule.types)
