"""What a resource tells another, as an expression of Terraform."""

from __future__ import annotations

import re
from typing import NamedTuple

from checkrein.catalog import arns
from checkrein.catalog.terraform import entry
from checkrein.model import Resource
from checkrein.model.values import Symbol
from checkrein.notation.hcl_nodes import Block
from checkrein.write.refusals import CannotEdit

ADDRESS = re.compile(
    r"(?P<module>(?:module\.[\w-]+(?:\[[^\]]*\])?\.)*)(?P<own>[\w-]+\.[\w-]+)(?P<key>\[.*\])?"
)
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
    if same:
        return next((name for name in NAMED if name in same), same[0])
    if wanted == REF:
        named = known.name if known else ""
        return named if named and arns.ref_is(target) == "name" else "id"
    return WORDS.sub("_", wanted.replace(".", "_")).lower()


def snake(name: str) -> str:
    """Return a name as Terraform's resources are called."""
    return WORDS.sub("_", name).lower()


def refused(symbol: Symbol) -> CannotEdit:
    return CannotEdit(f"checkrein cannot write {symbol} in Terraform")
