"""Where edits stand: the members of each collection, in block style and in flow."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, TypeAlias

import yaml

from checkrein.model import Edit, Place
from checkrein.model import Path as Keys
from checkrein.notation import Tree
from checkrein.notation.texts import line_starts
from checkrein.write.plans import Plan, applied
from checkrein.write.refusals import CannotEdit
from checkrein.write.rendering import (
    Style,
    block_lines,
    entry_lines,
    flow_text,
    inline_text,
    is_block,
    is_json,
    json_text,
    key_text,
)

Collection: TypeAlias = yaml.CollectionNode
END_OF_LINE = re.compile(r"[^\r\n]*(\r\n|\n|\r|\Z)")
COLON = re.compile(r"\s*:")


@dataclass(frozen=True)
class Member:
    """An entry of a mapping or an item of a list: offsets of its start, value and end.

    ``start`` is that of the key or (in block style) the dash; ``mark`` is just behind the colon
    or dash; ``value`` and ``end`` span the value.
    """

    key: str | int
    start: int
    mark: int
    value: int
    end: int


class Writer:
    """Turns a plan for one document into edits."""

    def __init__(self, tree: Tree) -> None:
        self.tree, self.text = tree, tree.text
        self.starts = line_starts(tree.text)
        self.json = is_json(tree.text)

    def edits(self, plan: Plan) -> Iterator[Edit]:
        """Yield the edits of a plan for the whole document."""
        if plan.operation:
            raise CannotEdit(f"nothing would be left of {self.tree.path}")
        yield from self._inside(plan, (), self.tree.value)

    # ------------------------------------------------------------------ what happens inside

    def _inside(self, plan: Plan, path: Keys, value: Any) -> Iterator[Edit]:
        if not (plan.below or plan.added or plan.appended):
            return
        node: Any = self.tree.nodes[path]
        self._refuse_shared(node)
        lone = next(iter(plan.below), None)
        if lone is not None and self.tree.nodes.get((*path, lone)) is node:
            yield from self._inside(plan.below[lone], (*path, lone), value[lone])
            return
        members = self._members(path, node)
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
        if not plan.operation and self._is_in_tag(plan, path):
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

    def _refuse_shared(self, node: yaml.Node) -> None:
        if self._times[id(node)] > 1:
            line = node.start_mark.line + 1
            raise CannotEdit(f"line {line} of {self.tree.path} is used in several places (anchor)")

    @cached_property
    def _times(self) -> Counter[int]:
        """How many paths lead to a node; a tag's argument is the tagged node itself."""
        return Counter(
            id(node)
            for path, node in self.tree.nodes.items()
            if not path or self.tree.nodes.get(path[:-1]) is not node
        )

    # ------------------------------------------------------------------------------ members

    def _members(self, path: Keys, node: Collection) -> list[Member]:
        if isinstance(node, yaml.MappingNode):
            return [
                self._entry(path, key)
                for key, _ in node.value
                if (*path, key.value) in self.tree.keys
            ]
        members: list[Member] = []
        for index, item in enumerate(node.value):
            start, end = self._span(item)
            if node.flow_style:
                members.append(Member(index, start, start, start, end))
                continue
            after = members[-1].end if members else self._span(node)[0]
            dash = self.text.rindex("-", after, start)
            members.append(Member(index, dash, dash + 1, start, end))
        return members

    def _entry(self, path: Keys, key: yaml.Node) -> Member:
        start, key_end = self._span(key)
        colon = COLON.match(self.text, key_end)
        if not colon:
            raise CannotEdit(f"line {key.start_mark.line + 1} of {self.tree.path} has a key apart")
        value, end = self._span(self.tree.nodes[(*path, key.value)])
        return Member(key.value, start, colon.end(), value, end)

    def _span(self, node: yaml.Node) -> tuple[int, int]:
        place = self.tree.span(node)
        return self._offset(place.line, place.column), self._offset(
            place.end_line, place.end_column
        )

    def _offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column - 1 if line <= len(self.starts) else len(self.text)

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
                yield self._edit(*span(members, numbers[0], numbers[-1]), "")

    def _flow_run(self, members: list[Member], first: int, last: int) -> tuple[int, int]:
        if last + 1 < len(members):
            return members[first].start, members[last + 1].start
        return members[first - 1].end, members[last].end

    def _block_run(self, members: list[Member], first: int, last: int) -> tuple[int, int]:
        """Return whole lines; behind ``- `` only up to what then stands there."""
        start, end = members[first].start, self._line_end(members[last].end)
        if self._begins_line(start):
            return self._line_start(start), end
        while self.text[end : end + 1].isspace():
            end += 1
        return start, end

    # ------------------------------------------------------------------- values and additions

    def _replacement(self, member: Member, plan: Plan, node: Collection, path: Keys) -> Edit:
        old: Any = self.tree.nodes[path]
        self._refuse_shared(old)
        if node.flow_style:
            return self._edit(member.value, member.end, self._flow(plan.value, node, member))
        column = self._column(member.start)
        if is_block(plan.value, self.style):
            return self._edit(member.mark, member.end, self._behind(member, plan.value, column))
        quote = old.style if isinstance(old, yaml.ScalarNode) and old.style in ("'", '"') else ""
        text = inline_text(plan.value, self.style, quote)
        same_line = isinstance(old, yaml.ScalarNode) or old.flow_style
        if same_line and member.value > member.mark:
            return self._edit(member.value, member.end, text)
        return self._edit(member.mark, member.end, f" {text}")

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
                yield self._edit(kept[-1].end, kept[-1].end, "".join(f",{gap}{t}" for t in texts))
        elif plan.added or plan.appended:
            yield self._lines_after(members, plan)

    def _anew(self, plan: Plan, node: Collection) -> Edit:
        """Write a collection of which nothing is kept (or which was empty)."""
        start, end = self._span(node)
        value = plan.added or plan.appended
        if node.flow_style:
            return self._edit(start, end, self._flow(value, node, None))
        indent = self._column(start)
        return self._edit(
            start, end, self._joined(block_lines(value, self.style, indent)).lstrip(" ")
        )

    def _lines_after(self, members: list[Member], plan: Plan) -> Edit:
        indent = self._column(members[0].start)
        lines: list[str] = []
        for key, item in plan.added.items():
            lines += entry_lines(key, item, self.style, indent)
        lines += block_lines(plan.appended, self.style, indent) if plan.appended else []
        at = self._line_end(members[-1].end)
        text = self._joined(lines)
        if at == len(self.text) and not self.text.endswith(("\n", "\r")):
            return self._edit(at, at, self.style.newline + text)
        return self._edit(at, at, text + self.style.newline)

    def _pair(self, key: str, value: Any, node: Collection, beside: Member) -> str:
        name = json_text(key, self.style, None) if self._quoted(node) else key_text(key, flow=True)
        return f"{name}: {self._flow(value, node, beside)}"

    def _flow(self, value: Any, node: Collection, beside: Member | None) -> str:
        if not self._quoted(node):
            return flow_text(value, self.style)
        own_line = beside is not None and self._begins_line(beside.start)
        indent = self._column(beside.start) if beside and own_line else None
        return json_text(value, self.style, indent)

    def _quoted(self, node: Collection) -> bool:
        """Tell whether a flow collection is written as JSON is."""
        first: Any = node.value[0] if node.value else None
        key = first[0] if isinstance(first, tuple) else first
        return self.json or getattr(key, "style", None) == '"'

    def _gap(self, beside: Member) -> str:
        if self._begins_line(beside.start):
            return self.style.newline + self.text[self._line_start(beside.start) : beside.start]
        return " "

    # --------------------------------------------------------------------------- the style

    @cached_property
    def style(self) -> Style:
        """How this file is written, by what is commonest in it."""
        steps: Counter[int] = Counter()
        dashes: Counter[int] = Counter()
        tags = set()
        for path, key in self.tree.keys.items():
            node: Any = self.tree.nodes[path]
            tags.add(node.tag[:1] == "!")
            if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
                continue
            shift = node.start_mark.column - key.start_mark.column
            if node.start_mark.line > key.start_mark.line:
                (dashes if isinstance(node, yaml.SequenceNode) else steps)[shift] += 1
        step = self._json_step() if self.json else _commonest(steps, 2)
        return Style(
            step=step,
            list_step=_commonest(dashes, step),
            newline="\r\n" if "\r\n" in self.text else "\n",
            short_tags=True in tags or not any(k[-1:] == ("Ref",) for k in self.tree.keys),
        )

    def _json_step(self) -> int:
        found = re.search(r"[\r\n]( +)\S", self.text)
        return len(found.group(1)) if found else 2

    # --------------------------------------------------------------------------- the text

    def _begins_line(self, offset: int) -> bool:
        return not self.text[self._line_start(offset) : offset].strip()

    def _line_start(self, offset: int) -> int:
        return self.starts[bisect_right(self.starts, offset) - 1]

    def _line_end(self, offset: int) -> int:
        found = END_OF_LINE.match(self.text, offset)
        return found.end() if found else len(self.text)

    def _column(self, offset: int) -> int:
        return offset - self._line_start(offset)

    def _joined(self, lines: list[str]) -> str:
        return self.style.newline.join(lines)

    def _edit(self, start: int, end: int, text: str) -> Edit:
        return Edit(Place(self.tree.path, *self._at(start), *self._at(end)), text)

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def _commonest(counts: Counter[int], otherwise: int) -> int:
    return counts.most_common(1)[0][0] if counts else otherwise
