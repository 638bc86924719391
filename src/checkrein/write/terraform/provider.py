"""Which version of the provider a module may run with, and what that does not know yet.

Settings of a bucket have had resources of their own since 3.75, where 4.0's were brought back to;
replication, which no fix adds, since 3.66 (the provider's change log). Without a known bound the
newest version is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from checkrein.errors import InputError
from checkrein.notation.hcl import parse_hcl
from checkrein.notation.hcl_nodes import Attribute, Block, Literal, Name, ObjectNode, literal
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.scene import Scene

LOCK = ".terraform.lock.hcl"
AWS = "hashicorp/aws"
OF_BUCKETS = re.compile(
    "aws_s3_bucket_(accelerate_configuration|acl|cors_configuration|lifecycle_configuration|logging"
    "|object_lock_configuration|request_payment_configuration"
    "|server_side_encryption_configuration|versioning|website_configuration)"
)
Version = tuple[int, ...]
OWN_SINCE = (3, 75)
NEWEST: Version = (10**6,)
TERM = re.compile(r"(~>|[<>!]?=|<|>)?\s*v?(\d+(?:\.\d+)*)")


def refuse_unknown(scene: Scene, block: Block, type: str) -> None:
    """Raise CannotEdit where the provider that a block's module is held to knows no such type."""
    if not OF_BUCKETS.fullmatch(type):
        return
    for told, where, bound in _bounds(scene, block.source.path):
        if bound < OWN_SINCE:
            line = block.place.line
            raise CannotEdit(
                f"the provider is held to {told} ({where}), which knows no {type}:"
                f" change {block.source.path}, line {line}"
            )


def _bounds(scene: Scene, path: str) -> Iterator[tuple[str, str, Version]]:
    """Yield what says a version, nearest first: locks and constraints of a module's folders."""
    for folder in PurePosixPath(path).parents:
        locked = _locked(scene, str(folder / LOCK))
        if locked:
            yield locked, str(folder / LOCK), _newest(locked)
            return
        for block in scene.within(folder):
            for told in _constraints(block):
                if isinstance(value := literal(told.value), str):
                    where = f"{block.source.path}, line {told.place.line}"
                    yield value, where, _newest(value)


def _locked(scene: Scene, path: str) -> str:
    try:
        body = parse_hcl(scene.text_of(path).encode(), path)
    except (InputError, OSError):
        return ""
    for block in body.blocks:
        if block.type == "provider" and block.labels and block.labels[0].endswith(AWS):
            return str(literal(block.body.value("version")) or "")
    return ""


def _constraints(block: Block) -> Iterator[Attribute]:
    """Yield what constrains AWS's provider in a block: its own version, or what is required."""
    if block.type == "provider" and block.labels == ("aws",):
        yield from (each for name, each in block.body.attributes.items() if name == "version")
    for inner in block.body.blocks if block.type == "terraform" else ():
        found = inner.body.attributes.get("aws")
        if inner.type == "required_providers" and found:
            yield Attribute(
                found.name, _version(found), found.source, found.start, found.key_end, found.end
            )


def _version(attribute: Attribute) -> Literal | ObjectNode:
    """Return the version that a required provider says, itself where that is all it says."""
    value = attribute.value
    if isinstance(value, ObjectNode):
        for key, said in value.items:
            name = key.name if isinstance(key, Name) else literal(key)
            if name == "version" and isinstance(said, Literal):
                return said
    return value if isinstance(value, (Literal, ObjectNode)) else Literal(0, 0, None)


def _newest(constraint: str) -> Version:
    """Return a version that is at least the newest allowed one, by its leading numbers."""
    found = NEWEST
    for operator, told in TERM.findall(constraint):
        version = tuple(map(int, told.split(".")))
        if operator == "~>":
            found = min(found, (*version[:-1], 10**6))
        elif operator in ("", "=", "<="):
            found = min(found, version)
        elif operator == "<":
            found = min(found, _before(version))
    return found


def _before(version: Version) -> Version:
    """Return what is the last version before one: 3.∞ before 4.0."""
    stripped = version
    while stripped[1:] and not stripped[-1]:
        stripped = stripped[:-1]
    return (*stripped[:-1], stripped[-1] - 1, 10**6)
