"""What is left of a policy that is only named, in words of the template."""

from __future__ import annotations

import re
from typing import Any

from checkrein.catalog.sam_policies import sam_templates
from checkrein.compare.least.cells import Shared, cells
from checkrein.compare.least.documents import Wish
from checkrein.compare.least.names import Names
from checkrein.compare.least.pairs import listed
from checkrein.compare.least.scene import Scene
from checkrein.model import Value

PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
STATEMENT = re.compile(r"Statement\.(\d+)$")


def wishes_of(
    scene: Scene, names: Names, raw: Any, statements: list[Shared]
) -> tuple[list[Wish], list[str]]:
    """Return what roles need of a policy that is named, and what could not be narrowed."""
    wishes: list[Wish] = []
    stuck: list[str] = []
    for one in statements:
        made, why = cells(one, names)
        stuck += why
        for cell in made:
            conditions = one.grant.conditions
            for value, arn in cell.said:
                wishes.append(Wish(cell.action, value, (arn,), conditions))
            if not cell.said:
                value = listed(one.grant)[cell.number]
                arns = scene.encode(value)
                written = _by_name(scene, names, one, arns)
                if written is None:
                    written = _as_written(one, raw, cell.number, value)
                wishes.append(Wish(cell.action, written, arns, conditions))
    return wishes, stuck


def _by_name(scene: Scene, names: Names, one: Shared, arns: tuple[str, ...]) -> Value | None:
    """Return a resource as a need says it, where one has exactly that ARN."""
    for pairs in one.pairs.values():
        for atom in (atom for pair in pairs for atom in pair.atoms):
            if (atom.arn,) == arns and scene.resource(atom.need.resource):
                return names.sayable(atom.value, one.holder)
    return None


def _as_written(one: Shared, raw: Any, number: int, value: Value) -> Value:
    """Return a resource of a template of SAM with the arguments as the user wrote them."""
    if not isinstance(raw, dict) or len(raw) != 1:
        return value
    ((name, arguments),) = raw.items()
    template = sam_templates().get(name)
    position = STATEMENT.search(one.grant.id)
    if template is None or position is None or not isinstance(arguments, dict):
        return value
    resource = template.statements[int(position[1])].resources[number]
    return _filled(resource, arguments)


def _filled(resource: str, arguments: dict[str, Any]) -> Any:
    """Return a resource of a template with arguments in it, by Fn::Sub where it needs to be."""
    names = [name for name in PLACEHOLDER.findall(resource) if name in arguments]
    if resource in {f"${{{name}}}" for name in names}:
        return arguments[names[0]]
    inside = {name: _inside(arguments[name]) for name in names}
    extra = {name: arguments[name] for name, text in inside.items() if text is None}
    text = PLACEHOLDER.sub(lambda found: inside.get(found[1]) or found[0], resource)
    if extra:
        return {"Fn::Sub": [text, extra]}
    return {"Fn::Sub": text} if "${" in text else text


def _inside(argument: Any) -> str | None:
    """Return an argument as it stands inside the text of Fn::Sub, None if it cannot."""
    if not isinstance(argument, dict) or len(argument) != 1:
        return argument if isinstance(argument, str) else None
    ((function, operand),) = argument.items()
    if function == "Fn::GetAtt" and isinstance(operand, list):
        operand = ".".join(map(str, operand))
    if not isinstance(operand, str):
        return None
    return {"Ref": f"${{{operand}}}", "Fn::GetAtt": f"${{{operand}}}", "Fn::Sub": operand}.get(
        function
    )
