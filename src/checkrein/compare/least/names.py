"""How a template may name an ARN where a policy stands: without circles, without frozen parameters.

A role that names a bucket which names a function that has the role makes a circle, and
CloudFormation refuses the template. An ARN that is known only because a parameter has a default
must not be written out, or the template is right for that default only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from checkrein.catalog.arns import attribute_arn
from checkrein.compare.least.files import Files
from checkrein.compare.least.scene import Scene
from checkrein.model import Deployment, Stack, Symbol, Text, Value
from checkrein.model.values import substitute, symbols, text
from checkrein.write import CannotEdit
from checkrein.write.intrinsics import written

SEPARATOR = re.compile(r"([:/])")
HEAD = 5  # colons before the part of an ARN that names the resource
SHORT = 2  # letters of a parameter's value that stand in a name by chance
UNKNOWN = "\0"


class Names:
    """Ways to say ARNs in the templates of one app."""

    def __init__(self, scene: Scene, files: Files) -> None:
        self._scene = scene
        self._depends = dependencies(scene, files)
        self._stacks = {stack.id: stack for stack in scene.app.every(Stack)}
        self._linked: defaultdict[str, dict[str, Symbol]] = defaultdict(dict)
        for deployment in scene.app.every(Deployment):
            for link in deployment.links:
                stack, _, name = link.parameter.rpartition(".")
                self._linked[stack].setdefault(
                    repr(link.target), Symbol(f"{stack}@parameter", name)
                )

    def sayable(self, value: Value, holder: str) -> Value | None:
        """Return a value as a policy may say it in the resource that holds it, None if it cannot.

        ``holder`` is the id of the role or policy that the template makes.
        """
        stack = self._scene.stack(holder)
        canonical = self._scene.directory.canonical
        for attempt in (value, substitute(value, self._by_reference), canonical(value)):
            said = self._in_words(attempt, stack)
            if said is not None and not self._circles(said, holder):
                return said
        return None

    def _by_reference(self, symbol: Symbol) -> Value | None:
        """Return the ARN of a resource by its Ref, which another stack may be given."""
        resource = self._scene.resource(symbol.owner)
        if resource is None or symbol.attribute == "Ref":
            return None
        return attribute_arn(resource.type, symbol.attribute, Symbol(symbol.owner, "Ref"))

    def _in_words(self, value: Value, stack: str) -> Value | None:
        linked = self._linked[stack]
        value = substitute(value, lambda symbol: linked.get(repr(symbol)))
        value = self._with_parameters(value, stack)
        try:
            written(value, stack)
        except CannotEdit:
            return None
        return None if self._is_frozen(value, stack) else value

    def _circles(self, value: Value, holder: str) -> bool:
        """Tell whether a resource that a value names needs the holder to be there first."""
        owners = {symbol.owner for symbol in symbols(value)} & self._depends.keys()
        return any(holder == owner or holder in reached(self._depends, owner) for owner in owners)

    def _with_parameters(self, value: Value, stack: str) -> Value:
        """Return a value with parameters where their assumed values are whole parts of its name."""
        parts = list(value.parts) if isinstance(value, Text) else [value]
        known = dict(self._assumed(stack))
        made: list[Value] = []
        colons = 0
        for part in parts:
            if not isinstance(part, str):
                made.append(part)
                continue
            for piece in SEPARATOR.split(part):
                name = known.get(piece) if colons >= HEAD else None
                made.append(Symbol(f"{stack}@parameter", name) if name else piece)
                colons += piece == ":"
        return text(made)

    def _is_frozen(self, value: Value, stack: str) -> bool:
        """Tell whether a literal part of a value holds what a parameter is only assumed to be."""
        parts = value.parts if isinstance(value, Text) else (value,)
        whole = "".join(part if isinstance(part, str) else UNKNOWN for part in parts)
        name = ":".join(whole.split(":")[HEAD:])
        return any(assumed in name for assumed, _ in self._assumed(stack))

    def _assumed(self, stack: str) -> Iterator[tuple[str, str]]:
        """Yield the assumed values of a stack's parameters, with their names."""
        found = self._stacks.get(stack)
        for name, declared in (found.parameters if found else {}).items():
            default = declared.get("Default") if isinstance(declared, dict) else None
            value = found.values.get(name, default) if found else None
            if isinstance(value, str) and len(value) > SHORT and "*" not in value:
                yield value, name


def dependencies(scene: Scene, files: Files) -> Mapping[str, set[str]]:
    """Return which resources each resource names, or says it depends on."""
    found: dict[str, set[str]] = {
        id: {symbol.owner for symbol in symbols(resource.properties)}
        for id, resource in scene.directory.resources.items()
    }
    for stack in scene.app.every(Stack):
        for name, declared in files.declared(stack).items():
            others = declared.get("DependsOn") if isinstance(declared, dict) else None
            for other in others if isinstance(others, list) else [others]:
                found.setdefault(f"{stack.id}/{name}", set()).add(f"{stack.id}/{other}")
    return found


def circles(depends: Mapping[str, set[str]]) -> set[str]:
    """Return the resources that need themselves to be there first."""
    return {id for id in depends if id in reached(depends, id)}


def reached(depends: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for other in depends.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen
