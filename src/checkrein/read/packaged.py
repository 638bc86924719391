"""Templates that are another one's packaged or repeated form: one application, not two."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import PurePosixPath
from typing import Any

from checkrein.model import Evidence, Fact, Place, Resource, Stack, Unread
from checkrein.read.cdk.assembly import CDK

METADATA = "AWS::CDK::Metadata"
CODE = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}


def without_packaged(facts: list[Fact]) -> list[Fact]:
    """Return the facts without those of packaged templates, each replaced by a notice.

    ``aws cloudformation package`` and ``sam package`` write the template again with uploaded code:
    beside its source it declares the same resources, and S3 locations where that has paths.
    """
    resources: dict[str, dict[str, Resource]] = {}
    for fact in facts:
        if isinstance(fact, Resource):
            resources.setdefault(fact.stack, {})[fact.name] = fact
    stacks = [fact for fact in facts if isinstance(fact, Stack)]
    copies = dict(_copies(stacks, resources)) | dict(_synthesized(stacks, resources))
    if not copies:
        return facts
    kept = [fact for fact in facts if not _is_within(_stack_of(fact), copies)]
    return [*kept, *(_notice(copy, source) for copy, source in copies.values())]


def _is_within(stack: str, copies: Container[str]) -> bool:
    """Tell whether a stack is one of some stacks, or nested in one."""
    parts = stack.split("/")
    return any("/".join(parts[:end]) in copies for end in range(len(parts), 0, -1))


def _synthesized(
    stacks: list[Stack], resources: dict[str, dict[str, Resource]]
) -> Iterator[tuple[str, tuple[Stack, Stack]]]:
    """Yield stacks that a program wrote a second time: into another folder, or by redirection.

    Stages of one assembly repeat each other's resources on purpose, and each is deployed. A program
    that makes other stacks too is no copy: these refer to the ones that are alike.
    """
    first: dict[Any, Stack] = {}
    again: dict[str, tuple[Stack, Stack]] = {}
    nested = {child for stack in stacks for child in stack.children.values()}
    roots = [stack for stack in stacks if stack.id not in nested]
    for stack in sorted(roots, key=lambda each: (not each.made_by, each.source.count("/"))):
        own = resources.get(stack.id, {}).values()
        made = {(each.logical or each.name, each.type) for each in own}
        marks = frozenset(item for item in made if item[1] != METADATA)
        source = first.setdefault(marks, stack) if marks else stack
        if source.made_by == CDK and _assembly(source) != _assembly(stack):
            again[stack.id] = stack, source
    others = {_assembly(stack) for stack in roots if stack.id not in again} - {""}
    yield from (each for each in again.items() if _assembly(each[1][0]) not in others)


def _assembly(stack: Stack) -> str:
    """Return the outermost folder that a synthesized stack's program wrote, "" for another."""
    folder = PurePosixPath(stack.source).parent
    while folder.name.startswith("assembly-"):
        folder = folder.parent
    return str(folder) if stack.made_by == CDK else ""


def _copies(
    stacks: list[Stack], resources: dict[str, dict[str, Resource]]
) -> Iterator[tuple[str, tuple[Stack, Stack]]]:
    folders: dict[PurePosixPath, list[Stack]] = {}
    for stack in stacks:
        folders.setdefault(PurePosixPath(stack.source).parent, []).append(stack)
    for beside in folders.values():
        alike: dict[frozenset[str], list[Stack]] = {}
        for stack in beside:
            alike.setdefault(frozenset(resources.get(stack.id, ())), []).append(stack)
        for copy in beside:
            own = resources.get(copy.id, {})
            for source in alike[frozenset(own)]:
                if copy is not source and _is_packaged(own, resources.get(source.id, {})):
                    yield copy.id, (copy, source)


def _is_packaged(copy: dict[str, Resource], source: dict[str, Resource]) -> bool:
    """Tell whether of two stacks with resources of the same names one is the other, packaged."""
    if any(copy[name].type != source[name].type for name in copy):
        return False
    pairs = [(_code(copy[name]), _code(source[name])) for name in copy]
    return any(isinstance(there, str) for _, there in pairs) and all(
        _is_uploaded(here) for here, there in pairs if isinstance(there, str)
    )


def _code(resource: Resource) -> Any:
    return resource.properties.get(CODE.get(resource.type, ""))


def _is_uploaded(code: Any) -> bool:
    return isinstance(code, dict) and "S3Bucket" in code


def _stack_of(fact: Fact) -> str:
    return fact.stack if isinstance(fact, Resource) else fact.id if isinstance(fact, Stack) else ""


def _notice(copy: Stack, source: Stack) -> Unread:
    reason = f"this is {source.source} packaged: the same resources, with uploaded code"
    if source.made_by:
        reason = f"this is {source.source} again: the {source.made_by} app wrote both"
    return Unread(
        id=f"{copy.source}: {reason}",
        path=copy.source,
        reason=reason,
        effect="the application is read once, from its source",
        fatal=False,
        evidence=(Evidence(reason, Place(copy.source, 1)),),
    )
