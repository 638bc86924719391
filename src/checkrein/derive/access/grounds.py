"""What rights and needs follow from, part by part: what stands for each part's resources.

A part is one deployment, or several of which one speaks of another's resources. Whatever is asked
of the policy engine about an identity of a part is answered by what stands in that part, beside
which of its symbols some resource is called by: two of these are never the same name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from checkrein import files
from checkrein.cache import Memory, codec
from checkrein.cache.prints import UNFIT, printed
from checkrein.derive.access.identities import ROLES
from checkrein.derive.stacks.deployments import Joined
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Decision, Fact, Resource, Symbol
from checkrein.model.values import mentioned

MOST = 250_000  # pairs of identities and resources; their rights would take too much room


class Grounds(Struct, frozen=True):
    """What stands for all that rights follow from, and who may know them."""

    whole: str
    parts: Mapping[str, str]  # deployment -> what stands for its part
    memory: Memory


def grounds(
    directory: Directory, joined: Joined, declared: Sequence[Decision], memory: Memory | None
) -> Grounds | None:
    """Return what stands for all that rights follow from, None where nothing does."""
    if memory is None or len(directory.of_type(*ROLES)) * len(directory.resources) > MOST:
        return None
    stacks: defaultdict[str, list[str]] = defaultdict(list)
    for stack, deployment in sorted(joined.of_stack.items()):
        stacks[deployment].append(stack)
    names = set(map(directory.physical_name, directory.resources.values()))
    mentions = _mentions(directory)
    parts: dict[str, str] = {}
    for part in _parts(directory, mentions):
        resources = [_ground(resource) for each in part for resource in directory.members(each)]
        spoken = (symbol for each in part for symbol in mentions[each])
        named = sorted(str(s) for s in spoken if s in names or directory.is_elsewhere(s))
        rest = [named, [(each, stacks[each]) for each in part]]
        told = print_of([*resources, *declared], rest)
        if not told:
            return None
        parts.update(dict.fromkeys(part, told))
    return Grounds(files.digest(codec.encode(sorted(parts.items()))), parts, memory)


def _ground(resource: Resource) -> Resource:
    """Return what rights rest on of a resource: not where code asks for what nobody declares."""
    return replace(resource, evidence=()) if resource.is_undeclared else resource


def _mentions(directory: Directory) -> dict[str, set[Symbol]]:
    """Return the symbols that each deployment speaks of."""
    return {
        each: mentioned([resource.properties for resource in directory.members(each)])
        for each in directory.deployments
    }


def _parts(directory: Directory, mentions: Mapping[str, set[Symbol]]) -> list[list[str]]:
    """Return the deployments that speak of each other's resources, each part sorted."""
    leader = {each: each for each in mentions}

    def find(deployment: str) -> str:
        while leader[deployment] != deployment:
            deployment = leader[deployment]
        return deployment

    for deployment, symbols in mentions.items():
        for symbol in symbols:
            if symbol.owner in directory.resources:
                leader[find(directory.deployment(symbol.owner))] = find(deployment)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for deployment in sorted(leader):
        found[find(deployment)].append(deployment)
    return list(found.values())


def print_of(facts: list[Fact], rest: object) -> str:
    """Return what stands for facts and plain values, "" where nothing can."""
    try:
        return files.digest(codec.encode([printed(facts), rest]))
    except UNFIT:
        return ""
