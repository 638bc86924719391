"""Statements of policies and other structures that ``jsonencode`` or a data source writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checkrein.model import App, Change, Path, Place, Resource
from checkrein.model.values import Open, Text
from checkrein.notation.hcl_nodes import (
    Block,
    Call,
    Expression,
    Literal,
    ObjectNode,
    TupleNode,
)
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.literals import parts
from checkrein.write.terraform.plan import Plan
from checkrein.write.terraform.removal import lines_of
from checkrein.write.terraform.rendering import Content, Refer, rendered
from checkrein.write.terraform.speaking import Speaker

STATEMENT, DOCUMENT = "Statement", "aws_iam_policy_document"
LISTS = {
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
PLAIN = {"Sid": "sid", "Effect": "effect"}
WHOM = {"Principal": "principals", "NotPrincipal": "not_principals"}
REMOVE, APPEND = "remove", "append"


class Documents:
    """Writes what stands inside documents."""

    def __init__(self, app: App, plan: Plan, speaker: Speaker) -> None:
        self._app, self._plan, self._speaker = app, plan, speaker

    def write(self, change: Change, resource: Resource) -> bool:
        """Note a change inside a document; False where it is about none."""
        beside = (*change.path, 0) if change.operation == APPEND else change.path
        block = self._plan.scene.block(resource.where(beside))
        if change.operation == REMOVE and any(_open(resource.value(change.path))):
            raise CannotEdit("what would be taken away is not known to its end")
        if block is None or block.type not in ("resource", "data"):
            return False
        refer = self._speaker.beside(resource, block)
        if block.type == "data" and block.labels[0] == DOCUMENT:
            self._in_data(change, resource, block, refer)
            return True
        found = self._encoded(change.path, resource, block)
        if found is None:
            return False
        depth, node = found
        self._in_json(change, change.path[depth:], node, block, refer)
        return True

    # ------------------------------------------------------------------------- data sources

    def _in_data(self, change: Change, resource: Resource, block: Block, refer: Refer) -> None:
        at = next((n for n, key in enumerate(change.path) if key == STATEMENT), None)
        if at is None:
            raise _elsewhere(resource, change)
        self._refuse_shared(resource, block)
        rest = change.path[at + 1 :]
        if change.operation == APPEND and not rest:
            self._plan.within(block).blocks.setdefault("statement", []).append(
                statement(change.value, refer)
            )
            return
        inner = self._statement(resource.where(change.path[: at + 2]), block)
        if inner is None:
            raise _elsewhere(resource, change)
        if change.operation == REMOVE and len(rest) == 1:
            if len(block.body.of_type("statement")) == 1:
                raise CannotEdit(f"nothing would be left of the policy: change {_line(block)}")
            self._plan.replace(block, *lines_of(block, inner), "")
        elif not self._in_statement(change, rest[1:], inner, refer):
            raise _elsewhere(resource, change)

    def _in_statement(self, change: Change, rest: Path, inner: Block, refer: Refer) -> bool:
        """Note what a statement says otherwise; False where that is not to be said."""
        if change.operation != "set" or len(rest) != 1:
            return False
        if rest[0] == "Condition" and not inner.body.of_type("condition"):
            self._plan.within(inner).blocks["condition"] = conditions(change.value, refer)
            return True
        found = inner.body.attributes.get(LISTS.get(str(rest[0]), ""))
        if found is None or not isinstance(found.value, TupleNode):
            return False
        told = rendered(_list(change.value), refer)
        self._plan.replace(inner, found.value.start, found.value.end, told)
        return True

    def _statement(self, place: Place, block: Block) -> Block | None:
        for each in block.body.of_type("statement"):
            if (
                (each.span.line, each.span.column)
                <= (place.line, place.column)
                < (
                    each.span.end_line,
                    each.span.end_column,
                )
            ):
                return each
        return None

    def _refuse_shared(self, resource: Resource, block: Block) -> None:
        """Refuse where another resource has the same document."""
        span = block.span
        for other in self._app.every(Resource):
            if other.stack == resource.stack and other.id != resource.id:
                for place in other.places.values():
                    if place.path == span.path and span.line <= place.line <= span.end_line:
                        raise CannotEdit(f"{other.name} has the same policy: change {_line(block)}")

    # ---------------------------------------------------------------------------- jsonencode

    def _encoded(
        self, path: Path, resource: Resource, block: Block
    ) -> tuple[int, Expression] | None:
        """Return the expression that makes a document, and how deep in the path it begins."""
        for depth in range(len(path), 0, -1):
            place = resource.places.get(path[:depth])
            for call in _calls(block) if place else ():
                if block.source.place(call[0], call[1]) == place:
                    return depth, call[2]
        return None

    def _in_json(
        self, change: Change, rest: Path, node: Expression, block: Block, refer: Refer
    ) -> None:
        for number, key in enumerate(rest):
            last = number == len(rest) - 1
            inner = _member(node, key)
            if inner is None and last and change.operation == "set" and isinstance(key, str):
                self._new_key(node, key, rendered(change.value, refer), block)
                return
            if last and change.operation == REMOVE and isinstance(node, TupleNode):
                self._item_gone(node, key, block)
                return
            if inner is None:
                raise CannotEdit(f"checkrein does not write Terraform there: change {_line(block)}")
            node = inner
        if change.operation == APPEND and isinstance(node, TupleNode):
            self._item_more(node, rendered(change.value, refer), block)
        elif change.operation == "set" and isinstance(node, (Literal, TupleNode)):
            self._plan.replace(block, node.start, node.end, rendered(change.value, refer))
        else:
            raise CannotEdit(f"checkrein does not write Terraform there: change {_line(block)}")

    def _new_key(self, node: Expression, key: str, told: str, block: Block) -> None:
        if not isinstance(node, ObjectNode) or not node.items:
            raise CannotEdit(f"checkrein does not write Terraform there: change {_line(block)}")
        name, value = node.items[-1]
        data = block.source.data
        start = data.rfind(b"\n", 0, name.start) + 1
        own_line = not data[start : name.start].strip(b' \t"')
        if not own_line:
            self._plan.replace(block, value.end, value.end, f", {key} = {told}")
            return
        indent = data[start : name.start].decode().replace('"', "")
        line = _flat(f"{key} = {told}", indent)
        comma = "," if data[value.end : value.end + 1] == b"," else ""
        at = value.end + len(comma)
        self._plan.replace(block, at, at, f"\n{indent}{line}{comma}")

    def _item_more(self, node: TupleNode, told: str, block: Block) -> None:
        if not node.items:
            self._plan.replace(block, node.start, node.end, f"[{told}]")
            return
        last = node.items[-1]
        data = block.source.data
        start = data.rfind(b"\n", 0, last.start) + 1
        line = data[start : last.start]
        spaces = line[: len(line) - len(line.lstrip())].decode()
        end = data[last.end : node.end].lstrip()
        gap = "\n" + spaces if not line.strip() else " "
        comma = last.end + data[last.end : node.end].index(b",") + 1 if end[:1] == b"," else 0
        new = _flat(told, spaces)
        if comma:
            self._plan.replace(block, comma, comma, f"{gap}{new}{'' if gap == ' ' else ','}")
        else:
            self._plan.replace(block, last.end, last.end, f",{gap}{new}")

    def _item_gone(self, node: TupleNode, key: Any, block: Block) -> None:
        if not isinstance(key, int) or key >= len(node.items) or len(node.items) == 1:
            raise CannotEdit(f"nothing would be left of a list: change {_line(block)}")
        spans = [(item.start, item.end) for item in node.items]
        for start, end in parts(block.source.data.decode("latin-1"), spans, [key]):
            self._plan.replace(block, start, end, "")


def _flat(told: str, indent: str) -> str:
    return told.replace("\n", f"\n{indent}")


def _member(node: Expression, key: Any) -> Expression | None:
    """Return what stands at a key of an expression; one that is no list is its own first item."""
    if isinstance(node, ObjectNode):
        for name, value in node.items:
            word = name.value if isinstance(name, Literal) else getattr(name, "name", None)
            if str(word).lower() == str(key).lower():
                return value
        return None
    if isinstance(node, TupleNode) and isinstance(key, int):
        return node.items[key] if key < len(node.items) else None
    return node if key == 0 and isinstance(node, ObjectNode) else None


def _calls(block: Block) -> Iterator[tuple[int, int, Expression]]:
    """Yield what ``jsonencode`` is given in a block, with the span of its argument."""
    for attribute in block.body.attributes.values():
        value = attribute.value
        if isinstance(value, Call) and value.name == "jsonencode" and value.arguments:
            yield attribute.start, attribute.end, value.arguments[0]
    for inner in block.body.blocks:
        yield from _calls(inner)


# ----------------------------------------------------------------------------- statements


def statement(value: Any, refer: Refer) -> Content:
    """Return a statement of a policy as a block of the data source."""
    found = Content()
    for key, item in value.items():
        if key in PLAIN:
            found.arguments[PLAIN[key]] = rendered(item, refer)
        elif key in LISTS:
            found.arguments[LISTS[key]] = rendered(_escaped(_list(item)), refer)
        elif key in WHOM:
            whom = {"*": "*"} if item == "*" else item
            found.blocks[WHOM[key]] = [
                Content({"type": rendered(kind, refer), "identifiers": rendered(_list(who), refer)})
                for kind, who in whom.items()
            ]
        elif key == "Condition":
            found.blocks["condition"] = conditions(item, refer)
    return found


def conditions(value: Any, refer: Refer) -> list[Content]:
    """Return a statement's conditions as blocks."""
    return [
        Content(
            {
                "test": rendered(test, refer),
                "variable": rendered(variable, refer),
                "values": rendered(_escaped(_list(wanted)), refer),
            }
        )
        for test, each in value.items()
        for variable, wanted in each.items()
    ]


def _open(value: Any) -> Iterator[Open]:
    """Yield what is not known in a value."""
    if isinstance(value, Open):
        yield value
    parts = value.parts if isinstance(value, Text) else value
    parts = parts.values() if isinstance(parts, dict) else parts
    for part in parts if not isinstance(parts, (str, Open)) and isinstance(parts, Iterable) else ():
        yield from _open(part)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _escaped(value: Any) -> Any:
    """Return text with IAM's own variables as the data source writes them."""
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    if isinstance(value, Text):
        return Text(tuple(_escaped(part) for part in value.parts))
    return value.replace("${", "&{") if isinstance(value, str) else value


def _elsewhere(resource: Resource, change: Change) -> CannotEdit:
    place = resource.where(change.path)
    return CannotEdit(
        f"checkrein does not write Terraform there: change {place.path}, line {place.line}"
    )


def _line(block: Block) -> str:
    return f"{block.source.path}, line {block.place.line}"
