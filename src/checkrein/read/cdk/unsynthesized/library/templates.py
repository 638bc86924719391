"""The stacks of a program as documents in CloudFormation's shape, and what is told of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path as File
from typing import Any

from checkrein.model import Path, Place
from checkrein.model.values import SPECIAL, Choice, Symbol, Text, Value, substitute
from checkrein.notation import text_tree
from checkrein.read.cdk.added import added_for
from checkrein.read.cdk.assembly import CDK, document
from checkrein.read.cdk.literals import literals
from checkrein.read.cdk.unsynthesized.library.reading import read
from checkrein.read.cdk.unsynthesized.library.things import Declared, Stack
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Trace
from checkrein.read.made import Lost, Made
from checkrein.read.template import Template

EFFECT = "what it would change is not known"
ABSENT = "what it makes is not in the table"
MOST = 12  # reasons in one sentence


def templates(root: File, path: str, trace: Trace, base: str) -> list[tuple[str, Template]]:
    """Return each stack of a program that makes anything: its id, and its document.

    ``path`` is the app's ``cdk.json``, ``base`` what ids begin with. What a stack has of another is
    exported there and imported here, as CDK does it.
    """
    context = document(root, path).get("context")
    world = read(trace, path.rpartition("/")[0], context if isinstance(context, dict) else {}, root)
    stacks = [stack for stack in world.stacks.values() if stack.resources]
    ids = {stack.name: f"{base}/{stack.name}" if len(stacks) > 1 else base for stack in stacks}
    names = {stack.name: _names(stack) for stack in stacks}
    exports: dict[str, dict[str, Any]] = {stack.name: {} for stack in stacks}
    found = []
    for stack in stacks:
        made = Made(CDK)
        found_in = _document(root, stack, names, exports, made)
        found.append((ids[stack.name], Template(text_tree("", path), made, found_in)))
    for stack, (_, template) in zip(stacks, found, strict=True):
        template.value["Outputs"] |= exports[stack.name]
    if found:
        found[0][1].made.lost = _lost(world, trace, path)
    return found


def _names(stack: Stack) -> dict[str, str]:
    """Return the name of each resource by its key: what people know, where that is one's alone."""
    wanted = Counter(each.name for each in stack.resources.values())
    taken = set(stack.parameters)
    return {
        key: each.name
        if wanted[each.name] == 1 and each.name not in taken
        else key.partition("|")[2]
        for key, each in stack.resources.items()
    }


def _document(
    root: File,
    stack: Stack,
    every: Mapping[str, dict[str, str]],
    exports: dict[str, dict[str, Any]],
    made: Made,
) -> dict[str, Any]:
    names = every[stack.name]

    def meant(symbol: Symbol) -> Symbol | None:
        """Return what a reference is in this stack; what is another's is exported there."""
        owner, _, id = symbol.owner.partition("|")
        if owner not in every or symbol.owner not in every[owner]:
            return None
        own = Symbol(every[owner][symbol.owner], symbol.attribute)
        if owner == stack.name:
            return own
        kind = "Ref" if symbol.attribute == "Ref" else f"FnGetAtt{symbol.attribute}"
        name = f"ExportsOutput{kind}{id}"
        exports[owner][name] = {"Value": own, "Export": {"Name": f"{owner}:{name}"}}
        return Symbol("@export", f"{owner}:{name}")

    resources: dict[str, Any] = {}
    for key, each in stack.resources.items():
        name, id = names[key], key.partition("|")[2]
        properties = settled(each.properties, meant)
        declared: dict[str, Any] = {"Type": each.type, "Properties": properties}
        declared |= settled(each.attributes, meant)
        if each.condition:
            declared["Condition"] = each.condition
        resources[name] = declared
        if id != name:
            made.logical[name] = id
        made.constructs[name] = each.construct
        made.places[(name,)] = _places(root, each, properties)
        purpose = each.added or added_for(each.construct)
        if purpose:
            made.added[name] = f"{CDK} adds it by itself, {purpose}"
    made.stack = settled(stack.title, meant)
    return {
        "Parameters": stack.parameters,
        "Conditions": stack.conditions,
        "Resources": resources,
        "Outputs": settled(stack.outputs, meant),
    }


def _places(root: File, each: Declared, properties: Any) -> dict[Path, Place]:
    return literals(root, each.place.path, _plain(properties)) | each.places | {(): each.place}


def _plain(value: Value) -> Any:
    """Return what of a value is plain."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if not isinstance(v, SPECIAL)}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def settled(value: Value, meant: Callable[[Symbol], Symbol | None]) -> Value:
    """Return a value in which resources go by their names in the document."""
    if isinstance(value, (Symbol, Text, Choice)):
        return substitute(value, meant)
    if isinstance(value, dict):
        return {key: settled(each, meant) for key, each in value.items() if each is not None}
    return [settled(each, meant) for each in value] if isinstance(value, list) else value


def _lost(world: World, trace: Trace, path: str) -> list[Lost]:
    """Say that nothing was synthesized, and what of the program was not followed."""
    advice = "`npx cdk synth` there gives templates that are exact"
    first = Place(path, 1)
    found = [Lost(f"the CDK program is read, nothing synthesized it: {advice}", EFFECT, first)]
    if world.unknown:
        names = sorted(world.unknown, key=lambda each: (-len(world.unknown[each]), each))
        more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
        reason = f"what of CDK is not followed: {', '.join(names[:MOST])}{more}"
        found.append(Lost(reason, ABSENT, world.unknown[names[0]][0]))
    if trace.lost:
        said = Counter(each.why for each in trace.lost)
        several = ", ".join(why for why, _ in said.most_common(MOST))
        count = len(trace.lost)
        reason = f"{count} parts of the program are not followed: {several}"
        found.append(Lost(reason, ABSENT, trace.lost[0].place))
    return found
