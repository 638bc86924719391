"""Turns what is planned for one document into edits, in its own style."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import yaml

from checkrein.model import Edit
from checkrein.model import Path as Keys
from checkrein.notation import Tree
from checkrein.write.layout import Collection, Layout, Member
from checkrein.write.plans import Plan, applied
from checkrein.write.refusals import CannotEdit
from checkrein.write.rendering import (
    block_lines,
    entry_lines,
    flow_text,
    inline_text,
    is_block,
    json_text,
    key_text,
)
from checkrein.write.styles import style_of


class Writer:
    """Writes the plan for one document."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.text = tree, tree.text
        self.layout, self.style = Layout(tree), style_of(tree)

    def edits(self, plan: Plan) -> Iterator[Edit]:
        """Yield the edits of a plan for the whole document."""
        if plan.operation:
            raise CannotEdit(f"nothing would be left of {self.tree.path}")
        yield from self._inside(plan, (), self.tree.value)

    def _inside(self, plan: Plan, path: Keys, value: Any) -> Iterator[Edit]:
        if not (plan.below or plan.added or plan.appended):
            return
        node: Any = self.tree.nodes[path]
        self.layout.refuse_shared(node)
        lone = next(iter(plan.below), None)
        if lone is not None and self.tree.nodes.get((*path, lone)) is node:
            yield from self._inside(plan.below[lone], (*path, lone), value[lone])
            return
        members = self.layout.members(path, node)
        gone = {k for k, below in plan.below.items() if below.operation == "remove"}
        yield from self._removals(members, gone, node)
        for member in members:
            if member.key in plan.below:
                below, inner = plan.below[member.key], (*path, member.key)
                yield from self._member(member, below, node, inner, value[member.key])
        yield from self._additions(plan, members, gone, node)

    def _member(
        self, member: Member, plan: Plan, node: Collection, path: Keys, value: Any
    ) -> Iterator[Edit]:
        if not plan.operation and (self._is_in_tag(plan, path) or self._is_empty(plan, path)):
            plan = Plan("set", applied(plan, value))
        if plan.operation == "set":
            yield self._replacement(member, plan, node, path)
        elif not plan.operation:
            yield from self._inside(plan, path, value)

    def _is_in_tag(self, plan: Plan, path: Keys) -> bool:
        """Tell whether a change reaches into what a short tag says as a whole (``!Sub a``)."""
        node = self.tree.nodes[path]
        whole = isinstance(node, yaml.ScalarNode) or any(p.operation for p in plan.below.values())
        return bool(plan.below) and node.tag.startswith("!") and whole

    def _is_empty(self, plan: Plan, path: Keys) -> bool:
        """Tell whether something comes into ``{}`` or ``[]``, which then looks like its parent."""
        node = self.tree.nodes[path]
        return bool(plan.added or plan.appended) and not node.value and not node.tag.startswith("!")

    # ----------------------------------------------------------------------------- removals

    def _removals(
        self, members: list[Member], gone: set[str | int], node: Collection
    ) -> Iterator[Edit]:
        if len(gone) == len(members):
            return  # what is left is written anew
        for removed, run in groupby(range(len(members)), lambda i: members[i].key in gone):
            if removed:
                numbers = list(run)
                span = self._flow_run if node.flow_style else self._block_run
                yield self.layout.edit(*span(members, numbers[0], numbers[-1]), "")

    def _flow_run(self, members: list[Member], first: int, last: int) -> tuple[int, int]:
        if last + 1 < len(members):
            return members[first].start, members[last + 1].start
        return members[first - 1].end, members[last].end

    def _block_run(self, members: list[Member], first: int, last: int) -> tuple[int, int]:
        """Return whole lines; behind ``- `` only up to what then stands there."""
        start, end = members[first].start, self.layout.line_end(members[last].end)
        if self.layout.begins_line(start):
            return self.layout.line_start(start), end
        while self.text[end : end + 1].isspace():
            end += 1
        return start, end

    # ------------------------------------------------------------------- values and additions

    def _replacement(self, member: Member, plan: Plan, node: Collection, path: Keys) -> Edit:
        old: Any = self.tree.nodes[path]
        self.layout.refuse_shared(old)
        if node.flow_style:
            return self.layout.edit(member.value, member.end, self._flow(plan.value, node, member))
        column = self.layout.column(member.start)
        if is_block(plan.value, self.style):
            return self.layout.edit(
                member.mark, member.end, self._behind(member, plan.value, column)
            )
        quote = old.style if isinstance(old, yaml.ScalarNode) and old.style in ("'", '"') else ""
        text = inline_text(plan.value, self.style, quote)
        same_line = isinstance(old, yaml.ScalarNode) or old.flow_style
        if same_line and member.value > member.mark:
            return self.layout.edit(member.value, member.end, text)
        return self.layout.edit(member.mark, member.end, f" {text}")

    def _behind(self, member: Member, value: Any, column: int) -> str:
        """Render a block behind a colon (on new lines) or behind a dash."""
        if isinstance(member.key, int):
            return f" {self._joined(block_lines(value, self.style, column + 2)).lstrip(' ')}"
        step = self.style.list_step if isinstance(value, list) else self.style.step
        lines = block_lines(value, self.style, column + step)
        return self.style.newline + self._joined(lines)

    def _additions(
        self, plan: Plan, members: list[Member], gone: set[str | int], node: Collection
    ) -> Iterator[Edit]:
        kept = [member for member in members if member.key not in gone]
        if not kept and (plan.added or plan.appended):
            yield self._anew(plan, node)
        elif node.flow_style:
            texts = [self._pair(k, v, node, kept[-1]) for k, v in plan.added.items()]
            texts += [self._flow(item, node, kept[-1]) for item in plan.appended]
            gap = self._gap(kept[-1])
            if texts:
                yield self.layout.edit(
                    kept[-1].end, kept[-1].end, "".join(f",{gap}{t}" for t in texts)
                )
        elif plan.added or plan.appended:
            yield from self._lines_after(members, plan, node)

    def _anew(self, plan: Plan, node: Collection) -> Edit:
        """Write a collection of which nothing is kept (or which was empty)."""
        start, end = self.layout.span(node)
        value = plan.added or plan.appended
        if node.flow_style:
            return self.layout.edit(start, end, self._flow(value, node, None))
        indent = self.layout.column(start)
        return self.layout.edit(
            start, end, self._joined(block_lines(value, self.style, indent)).lstrip(" ")
        )

    def _lines_after(self, members: list[Member], plan: Plan, node: Collection) -> Iterator[Edit]:
        indent = self.layout.column(members[0].start)
        lines: list[str] = []
        for key, item in plan.added.items():
            lines += [""] if self.layout.is_spaced(members) else []
            lines += entry_lines(key, item, self.style, indent)
        lines += block_lines(plan.appended, self.style, indent) if plan.appended else []
        at, text = self.layout.after(node, members), self._joined(lines)
        if at == len(self.text) and not self.text.endswith(("\n", "\r")):
            yield from self.layout.unended(node)
            yield self.layout.edit(at, at, self.style.newline + text)
        else:
            yield self.layout.edit(at, at, text + self.style.newline)

    def _pair(self, key: str, value: Any, node: Collection, beside: Member) -> str:
        name = json_text(key, self.style, None) if self._quoted(node) else key_text(key, flow=True)
        return f"{name}: {self._flow(value, node, beside)}"

    def _flow(self, value: Any, node: Collection, beside: Member | None) -> str:
        if not self._quoted(node):
            return flow_text(value, self.style)
        own_line = beside is not None and self.layout.begins_line(beside.start)
        indent = self.layout.column(beside.start) if beside and own_line else None
        return json_text(value, self.style, indent)

    def _quoted(self, node: Collection) -> bool:
        """Tell whether a flow collection is written as JSON is."""
        first: Any = node.value[0] if node.value else None
        key = first[0] if isinstance(first, tuple) else first
        return self.style.json or getattr(key, "style", None) == '"'

    def _gap(self, beside: Member) -> str:
        if self.layout.begins_line(beside.start):
            return (
                self.style.newline + self.text[self.layout.line_start(beside.start) : beside.start]
            )
        return " "

    def _joined(self, lines: list[str]) -> str:
        return self.style.newline.join(lines)
