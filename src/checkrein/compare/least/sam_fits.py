"""Policy templates of SAM that allow exactly what a statement would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from checkrein.catalog.sam_policies import SamTemplate, sam_templates
from checkrein.compare.least.documents import Group
from checkrein.compare.least.pairs import is_about
from checkrein.compare.least.scene import Scene
from checkrein.iam import expand, matches
from checkrein.model import Symbol, Value

PLACEHOLDER = re.compile(r"\$\{([\w:]+)\}")
PSEUDO = {"AWS::Region": "Region", "AWS::AccountId": "AccountId", "AWS::Partition": "Partition"}
NAMES = {  # attributes that name a resource where Ref gives something else
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::StepFunctions::StateMachine": "Name",
}
Say = Callable[[Value], Value | None]


def fitting(scene: Scene, group: Group, say: Say) -> dict[str, Any] | None:
    """Return the entry of ``Policies`` that is exactly as wide as a statement, None if none is.

    ``say`` returns a value as the template can say it, or None.
    """
    if group.conditions or any(len(arns) != 1 for arns in group.resources):
        return None
    for name, template in sam_templates().items():
        for arguments in _arguments(scene, template, group):
            if _is_as_wide(scene, template, arguments, group):
                said = {key: _said(scene, value, say) for key, value in arguments.items()}
                if None not in said.values():
                    return {name: said}
    return None


def _arguments(scene: Scene, template: SamTemplate, group: Group) -> Iterator[dict[str, str]]:
    """Yield what a template's only parameter may be, encoded, so that it is about the resources."""
    if len(template.parameters) > 1 or any(each.conditional for each in template.statements):
        return
    if not template.parameters:
        yield {}
        return
    (parameter,) = template.parameters
    found: dict[str, None] = {}
    for statement in template.statements:
        for resource in statement.resources:
            shape = _shape(scene, resource)
            for (arn,) in group.resources:
                if (match := shape.fullmatch(arn)) and match.groupdict().get(parameter):
                    found[match[parameter]] = None
    yield from ({parameter: value} for value in found)


def _shape(scene: Scene, resource: str) -> re.Pattern[str]:
    pieces = PLACEHOLDER.split(resource)
    return re.compile(
        "".join(
            re.escape(piece) if at % 2 == 0 else _piece(scene, piece)
            for at, piece in enumerate(pieces)
        )
    )


def _piece(scene: Scene, name: str) -> str:
    if name in PSEUDO:
        return re.escape(scene.encode(Symbol("@aws", PSEUDO[name]))[0])
    return f"(?P<{name}>.+)"


def _is_as_wide(
    scene: Scene, template: SamTemplate, arguments: dict[str, str], group: Group
) -> bool:
    """Tell whether a template allows just what a group of actions and resources does."""
    allowed = {
        (action, arn)
        for statement in template.statements
        for resource in statement.resources
        for arn in (_filled(scene, resource, arguments),)
        for action in expand(statement.actions)
        if is_about(action, arn)
    }
    wanted = {
        (action, arn)
        for action in expand(group.actions)
        for (arn,) in group.resources
        if is_about(action, arn)
    }
    return _covers(allowed, wanted) and _covers(wanted, allowed)


def _covers(wide: set[tuple[str, str]], narrow: set[tuple[str, str]]) -> bool:
    return all(
        any(action == other and matches(pattern, arn) for other, pattern in wide)
        for action, arn in narrow
    )


def _filled(scene: Scene, resource: str, arguments: dict[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name in PSEUDO:
            return scene.encode(Symbol("@aws", PSEUDO[name]))[0]
        return arguments[name]

    return PLACEHOLDER.sub(value, resource)


def _said(scene: Scene, encoded: str, say: Say) -> Value | None:
    """Return an argument as a template says it: by the resource of that name, if there is one."""
    value = scene.symbols.decode(encoded)
    for resource in scene.directory.resources.values():
        if encoded in {
            *scene.symbols.encode(scene.directory.name(resource)),
            *_own_arn(scene, resource.id),
        }:
            attribute = "Ref" if encoded.startswith("arn:") else NAMES.get(resource.type, "Ref")
            said = say(Symbol(resource.id, attribute))
            if said is not None:
                return said
    return say(value)


def _own_arn(scene: Scene, id: str) -> tuple[str, ...]:
    symbol = Symbol(id, "Ref")
    texts = scene.encode(symbol)
    return tuple(text for text in texts if text.startswith("arn:"))
