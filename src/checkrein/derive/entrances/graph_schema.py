"""Schemas of GraphQL APIs: which arguments a field takes, down to those that are values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from checkrein.derive.entrances.authorizers import one
from checkrein.derive.entrances.graphs import Field
from checkrein.derive.stacks.directory import Directory
from checkrein.late import regex
from checkrein.model import Place, Resource

SCHEMA = "AWS::AppSync::GraphQLSchema"
REMARK = regex(r'"""(?:.*?)"""|#[^\n]*|"(?:[^"\\\n]|\\.)*"', re.DOTALL)
BLOCK = regex(r"\b(?:type|input|interface)\s+(\w+)[^{}]*\{([^{}]*)\}")
MEMBER = regex(r"(\w+)\s*(?:\(([^)]*)\))?\s*:\s*[\[\s]*(\w+)")
DEEPEST = 5  # inputs inside inputs
Members = Mapping[str, tuple[str, str]]  # by name: the arguments as they are written, the type


def leaves(directory: Directory, field: Field) -> Iterator[tuple[str, Place]]:
    """Yield the path of each argument of a field that is a value: ``input.address.city``."""
    schema = schema_of(directory, directory.resources[field.api])
    text = schema.value("Definition") if schema else None
    if schema is None or not isinstance(text, str):
        return
    types = _types(text)
    name, _, member = field.route.partition(".")
    written, _ = types.get(name, {}).get(member, ("", ""))
    for path in _leaves(types, _members(written), DEEPEST):
        yield path, schema.where("Definition")


def schema_of(directory: Directory, api: Resource) -> Resource | None:
    """Return the schema of an API, None where it is in no template."""
    for other in directory.members(directory.deployment(api.id)):
        if other.type == SCHEMA and one(directory, other.value("ApiId")) == api:
            return other
    return None


@lru_cache(maxsize=64)
def _types(schema: str) -> Mapping[str, Members]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for block in BLOCK.finditer(REMARK.sub("", schema)):
        found.setdefault(block[1], {}).update(_members(block[2]))
    return found


def _members(text: str) -> dict[str, tuple[str, str]]:
    return {found[1]: (found[2] or "", found[3]) for found in MEMBER.finditer(text)}


def _leaves(types: Mapping[str, Members], members: Members, deep: int) -> Iterator[str]:
    for name, (_, type) in members.items():
        inner = types.get(type) if deep else None
        if inner is None:
            yield name
        else:
            yield from (f"{name}.{path}" for path in _leaves(types, inner, deep - 1))
