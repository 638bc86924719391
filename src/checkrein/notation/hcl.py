"""HCL, the language of Terraform and OpenTofu: text to a tree in which all have their spans.

The grammar is tree-sitter's. Two things it reads otherwise than Terraform are set right in
``hcl_expressions``: a chain of conditionals belongs to the right, and an index behind ``.*.name``
takes one of the whole list.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from checkrein.errors import InputError
from checkrein.model.places import Place
from checkrein.notation.hcl_expressions import expression, quoted
from checkrein.notation.hcl_nodes import Attribute, Block, Body, Expression, Source, Template

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

FENCE = "CHECKREIN_END_OF_TEMPLATE"


@functools.cache
def _parser() -> Parser:
    import tree_sitter_hcl  # noqa: PLC0415 - loaded only where there is HCL
    from tree_sitter import Language, Parser  # noqa: PLC0415 - likewise

    return Parser(Language(tree_sitter_hcl.language()))


def parse_hcl(data: bytes, path: str) -> Body:
    """Read a file. A block in which something is no HCL is left out, and its place is a fault.

    Raise InputError for what is nested beyond reason.
    """
    source = Source(path, data.removeprefix(b"\xef\xbb\xbf"))
    root = _parser().parse(source.data).root_node
    found = next((child for child in root.children if child.type == "body"), None)
    try:
        body = _body(found, source, outermost=True) if found else Body()
    except RecursionError:
        raise InputError("it is nested too deep to be read; flatten it", path, 1) from None
    faults = [_fault(child, source) for child in root.children if child.is_error]
    return Body(body.attributes, body.blocks, (*body.faults, *faults))


def parse_template(text: str, path: str) -> Expression:
    """Read a text as the template it is in ``templatefile`` and in JSON; raise InputError."""
    body = parse_hcl(f"x = <<{FENCE}\n{text}\n{FENCE}\n".encode(), path)
    found = body.value("x")
    if body.faults or found is None:
        line = max((body.faults[0].line if body.faults else 2) - 1, 1)
        raise InputError(f"line {line} is no template that Terraform would read", path, line)
    return _without_last_newline(found) if isinstance(found, Template) else found


def parse_expression(text: str, path: str) -> Expression:
    """Read one expression; raise InputError."""
    body = parse_hcl(f"x = {text}\n".encode(), path)
    found = body.value("x")
    if body.faults or found is None or len(body.attributes) > 1:
        raise InputError(f"{text!r} is no expression of HCL", path, 1)
    return found


def _without_last_newline(found: Template) -> Template:
    parts = list(found.parts)
    if parts and isinstance(parts[-1], str):
        parts[-1] = parts[-1].removesuffix("\n")
    kept = tuple(part for part in parts if part != "")
    return Template(found.start, found.end, found.source, kept, max(found.line - 1, 0))


def _body(node: Node, source: Source, *, outermost: bool = False) -> Body:
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    faults: list[Place] = []
    for child in node.children:
        kind = child.type
        if child.is_error or (outermost and child.has_error):
            faults.append(_fault(child, source))
        elif outermost and kind == "block":
            _salvage(child, source, blocks, faults)
        elif kind == "attribute":
            attribute = _attribute(child, source)
            attributes.setdefault(attribute.name, attribute)
        elif kind == "block":
            blocks.append(_block(child, source))
    return Body(attributes, tuple(blocks), tuple(faults))


def _salvage(node: Node, source: Source, blocks: list[Block], faults: list[Place]) -> None:
    """Read a block of a file; syntax that the grammar takes and this reader does not is a fault."""
    try:
        blocks.append(_block(node, source))
    except (StopIteration, ValueError, LookupError):
        faults.append(source.place(node.start_byte, node.end_byte))


def _fault(node: Node, source: Source) -> Place:
    below: Node | None = node
    while below is not None and not below.is_error:
        node = below
        below = next((child for child in node.children if child.has_error), None)
    node = below or node
    return source.place(node.start_byte, node.end_byte)


def _attribute(node: Node, source: Source) -> Attribute:
    name, value = node.named_children[0], node.named_children[-1]
    lowered = expression(value, source)
    return Attribute(
        _text(name), lowered, source, node.start_byte, name.end_byte, lowered.end or node.end_byte
    )


def _block(node: Node, source: Source) -> Block:
    words: list[str] = []
    body, header_end = Body(), node.start_byte
    for child in node.children:
        kind = child.type
        if kind == "identifier":
            words.append(_text(child))
            header_end = child.end_byte
        elif kind == "string_lit":
            words.append(quoted(child, source))
            header_end = child.end_byte
        elif kind == "body":
            body = _body(child, source)
    kind, *labels = words or [""]
    return Block(kind, tuple(labels), body, source, node.start_byte, header_end, node.end_byte)


def _text(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")
