"""What a resource tells another, as an expression of Terraform."""

from __future__ import annotations

import re
from typing import NamedTuple

from checkrein.catalog import arns
from checkrein.catalog.terraform import entry
from checkrein.model import Resource
from checkrein.model.values import Symbol
from checkrein.notation.hcl_nodes import Attr, Block, Literal, Template
from checkrein.write.refusals import CannotEdit

ADDRESS = re.compile(
    r"(?P<module>(?:module\.[\w-]+(?:\[[^\]]*\])?\.)*)(?P<own>[\w-]+\.[\w-]+)(?P<key>\[.*\])?"
)
NAME = re.compile(r"[\w-]+")  # what the names of all that a fix makes may hold
LONGEST = 100  # of a name's text; a longer one is not made longer still
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
REF, ARN = "Ref", "Arn"
AWS = {
    "AccountId": ("aws_caller_identity", "account_id"),
    "Region": ("aws_region", "name"),
}
NAMED = ("arn", "url", "name", "id")  # attributes that may be what Ref gives, the plainest first
TURNS = {"for_each": "[each.key]", "count": "[count.index]"}


class Address(NamedTuple):
    """A resource's address in its parts: its module, its own name, and its key."""

    module: str
    own: str
    key: str = ""

    @property
    def type(self) -> str:
        return self.own.partition(".")[0]


def address(resource: Resource) -> Address | None:
    """Return a resource's address, None if what its logical id says is none."""
    found = ADDRESS.match(resource.logical or resource.id.rpartition("/")[2])
    return Address(found["module"], found["own"], found["key"] or "") if found else None


def turn(block: Block) -> str:
    """Return how an instance of a block is meant by another made alike, "" if there is but one."""
    return next((key for name, key in TURNS.items() if name in block.body.attributes), "")


def attribute(type: str, target: str, wanted: str) -> str:
    """Return the attribute of a Terraform type that is an attribute of its CloudFormation type."""
    known = entry(type)
    told = known.attributes if known else {}
    same = [name for name, form in told.items() if form == wanted and "." not in name]
    if wanted == ARN and ARN not in told.values():
        return "arn"
    named = known.name if known and arns.ref_is(target) == "name" else ""
    if same and not (wanted == REF and same == ["id"] and named):
        return next((name for name in NAMED if name in same), same[0])
    if wanted == REF:
        return named or "id"
    return WORDS.sub("_", wanted.replace(".", "_")).lower()


def called(block: Block) -> str:
    """Return what AWS calls a resource, as its block says it between quotes; "" if it does not.

    Two instances of a module, or two stages in one account, have other names there, where the
    block's label is the same.
    """
    known = entry(block.labels[0])
    node = block.body.value(known.name) if known and known.name else None
    if isinstance(node, Literal):
        return str(node.value) if NAME.fullmatch(str(node.value)) else ""
    if node is None or not isinstance(node, (Attr, Template)):
        return ""
    told = block.source.data[node.start : node.end].decode()
    if isinstance(node, Attr):
        return f"${{{told}}}"
    words = [part for part in node.parts if isinstance(part, str)]
    plain = told.startswith('"') and len(told) <= LONGEST
    return told[1:-1] if plain and all(map(NAME.fullmatch, words)) else ""


def snake(name: str) -> str:
    """Return a name as Terraform's resources are called."""
    return WORDS.sub("_", name).lower()


def refused(symbol: Symbol) -> CannotEdit:
    return CannotEdit(f"checkrein cannot write {symbol} in Terraform")
