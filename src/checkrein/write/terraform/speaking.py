"""How one resource refers to others, where it stands."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from checkrein.model import App, Change, Resource
from checkrein.model.values import Symbol, Text
from checkrein.notation.hcl_nodes import Block
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.plan import New, Plan
from checkrein.write.terraform.references import (
    AWS,
    Address,
    address,
    attribute,
    refused,
    turn,
)
from checkrein.write.terraform.rendering import Refer

PARTITION = Symbol("@aws", "Partition")
PARAMETER = "@parameter"


class Speaker:
    """Says symbols as expressions of the module in which they are used."""

    def __init__(self, app: App, plan: Plan) -> None:
        self._app, self._plan = app, plan
        self.added: dict[str, tuple[New, str, str]] = {}  # by id: block, its turn, CloudFormation's
        self._data: dict[tuple[str, str], str] = {}

    def beside(self, resource: Resource, block: Block) -> Refer:
        """Return how to say what a resource's block refers to."""
        own = address(resource)
        if own is None:
            raise CannotEdit(f"{resource.id} has no address in Terraform")
        return lambda symbol: self._said(symbol, resource, block, own)

    def _said(self, symbol: Symbol, resource: Resource, block: Block, own: Address) -> str:
        stack, _, _ = symbol.owner.rpartition("/")
        if symbol.owner in self.added:
            new, key, target = self.added[symbol.owner]
            return f"{new.type}.{new.label}{key}.{attribute(new.type, target, symbol.attribute)}"
        if symbol.owner == "@aws":
            return self._of_aws(symbol, block)
        if symbol.owner == f"{resource.stack}{PARAMETER}" and not own.module:
            return f"var.{symbol.attribute}"
        other = next(iter(self._app.alternatives(Resource, symbol.owner)), None)
        found = address(other) if other and stack == resource.stack else None
        if found is None or other is None or found.module != own.module:
            raise refused(symbol)
        key = turn(block) if found.key and found.key == own.key else found.key
        told = attribute(found.type, other.type, symbol.attribute)
        return f"{found.own}{key}.{told}"

    def _of_aws(self, symbol: Symbol, block: Block) -> str:
        """Say what AWS tells of the account: by a data source, a new one if there is none."""
        if symbol.attribute not in AWS:
            raise refused(symbol)
        type, told = AWS[symbol.attribute]
        path = block.source.path
        folder = path.rpartition("/")[0]
        label = self._data.get((folder, type)) or next(
            (
                each.labels[1]
                for each in self._plan.scene.beside(path)
                if each.type == "data"
                and each.labels[0] == type
                and not {"count", "for_each", "provider"} & each.body.attributes.keys()
            ),
            "",
        )
        if not label:
            label = self._plan.behind(block, "data", type, "current").label
        self._data[folder, type] = label
        return f"data.{type}.{label}.{told}"


def plain_value(change: Change) -> Change:
    """Return a change that says AWS's own partition as it is called nearly everywhere."""
    return replace(change, value=_plain(change.value))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Text):
        parts: list[Any] = []
        for part in value.parts:
            told = "aws" if part == PARTITION else part
            if parts and isinstance(told, str) and isinstance(parts[-1], str):
                parts[-1] += told
            else:
                parts.append(told)
        whole = len(parts) == 1 and isinstance(parts[0], str)
        return parts[0] if whole else Text(tuple(parts))
    return "aws" if value == PARTITION else value
