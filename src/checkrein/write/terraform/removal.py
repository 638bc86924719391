"""Arguments and nested blocks taken out of the block that says them, and whole blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.catalog.terraform_arguments import routes
from checkrein.model import Path, Resource
from checkrein.notation.hcl_nodes import Attribute, Block, Conditional, Literal
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.inverse import new
from checkrein.write.terraform.plan import Plan, blocks_of

TOGETHER = {"stream_view_type": ("stream_enabled",)}  # what has no meaning without the other


def removed(plan: Plan, block: Block, resource: Resource, path: Path) -> None:
    """Take out what says a property; raise CannotEdit where nothing plainly does."""
    if not path:
        _refuse_referred(plan, block)
        plan.replace(block, *lines_of(block, block), "")
        return
    said = list(_said(block, resource, path))
    if not said:
        place = resource.where(path)
        raise CannotEdit(f"checkrein does not take it away: change {place.path}, line {place.line}")
    for part in said:
        if not _may_be_unset(part):
            plan.replace(block, *lines_of(block, part), "")


def _refuse_referred(plan: Plan, block: Block) -> None:
    """Raise CannotEdit where something in the module names a block's resource."""
    name = rb"\b%s\b" % re.escape(".".join(block.labels).encode())
    files = {each.source.path: each.source.data for each in plan.scene.beside(block.source.path)}
    if any(re.search(name, data) for data in files.values()):
        raise CannotEdit(f"take the block away at {_line(block)}, and all that refers to it")


def _may_be_unset(part: Attribute | Block) -> bool:
    """Tell whether a condition takes an argument away already, where it has to be."""
    if isinstance(part, Block) or not isinstance(part.value, Conditional):
        return False
    return any(
        isinstance(way, Literal) and way.value is None for way in (part.value.yes, part.value.no)
    )


def _said(block: Block, resource: Resource, path: Path) -> Iterator[Attribute | Block]:
    way = new(path)
    for route in routes(block.labels[0], resource.type):
        if route.type != block.labels[0] or route.at[: len(way)] != way:
            continue
        if not route.steps:
            for name in (route.argument, *TOGETHER.get(route.argument, ())):
                found = block.body.attributes.get(name)
                if found:
                    yield found
        elif len(route.steps[0].at) >= len(way) and not route.steps[0].repeated:
            yield from blocks_of(block, route.steps[0].block)


def lines_of(block: Block, part: Attribute | Block) -> tuple[int, int]:
    """Return the lines of an argument or nested block; a blank line before a block too."""
    data = block.source.data
    start = data.rfind(b"\n", 0, part.start) + 1
    end = data.find(b"\n", part.end - (data[part.end - 1 : part.end] == b"\n")) + 1
    if data[start : part.start].strip() or data[part.end : end].strip()[:1] not in (
        b"",
        b"#",
        b"/",
    ):
        raise CannotEdit(f"other things stand on its line: change {_line(block)}")
    before = data.rfind(b"\n", 0, max(start - 1, 0)) + 1
    blank = not data[before : max(start - 1, 0)].strip()
    closes = data[end:].lstrip(b" \t")[:1] in (b"}", b"\n", b"\r")
    return (before if blank and closes and isinstance(part, Block) else start), end


def _line(block: Block) -> str:
    return f"{block.source.path}, line {block.place.line}"
