"""New arguments and nested blocks in a block that is there, where its author would put them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from checkrein.notation.hcl_nodes import Attribute, Block
from checkrein.write.terraform.rendering import Content, aligned, block_lines, indented

LAST = frozenset({"tags", "tags_all", "depends_on", "provider", "providers"})
FIRST = frozenset({"count", "for_each", "source", "version"})
META = frozenset({"lifecycle", "timeouts", "provisioner", "connection"})
Splice = tuple[int, int, str]  # byte offsets, and what comes between them


class _Line(NamedTuple):
    """An argument that has a line to itself, and where its ``=`` is."""

    attribute: Attribute
    start: int  # of the line
    equals: int


def inserted(block: Block, content: Content, gone: list[tuple[int, int]]) -> list[Splice]:
    """Return what to splice into a file so that a block has more in it.

    ``gone`` are spans that are taken out of the file: nothing is put beside what stood there.
    """
    return list(_Inserting(block, gone).splices(content))


class _Inserting:
    def __init__(self, block: Block, gone: list[tuple[int, int]]) -> None:
        self.block, self.data = block, block.source.data
        kept = (e for e in block.body.attributes.values() if not _is_in(e, gone))
        self.attributes = sorted(kept, key=lambda each: each.start)
        self.blocks = [each for each in block.body.blocks if not _is_in(each, gone)]
        self.indent = self._indent()
        self.newline = "\r\n" if b"\r\n" in self.data else "\n"

    def splices(self, content: Content) -> Iterator[Splice]:
        open, close = self._braces()
        if b"\n" not in self.data[open:close]:
            yield self._opened(content, open, close)
            return
        flat = {name: told for name, told in content.arguments.items() if "\n" not in told}
        anchor = self._anchor()
        run = self._run(anchor)
        width = max((len(each.attribute.name) for each in run), default=0)
        wide = max([width, *map(len, flat)])
        if run and wide > width:
            yield from ((each.equals, each.equals, " " * (wide - width)) for each in run)
        lines = [f"{name:<{wide if run else 0}} = {told}" for name, told in flat.items()]
        lines = lines if run else aligned(flat.items())
        deep = aligned((n, t) for n, t in content.arguments.items() if n not in flat)
        last = max((each.attribute for each in run), key=lambda e: e.start, default=anchor)
        if last is not anchor and anchor and last and (deep or content.blocks):
            yield from self._beyond(lines, deep, content, anchor, last)
            return
        lines += deep
        nested = _nested(content)
        yield from self._put(lines, nested, anchor, open)

    def _beyond(
        self,
        flat: list[str],
        deep: list[str],
        content: Content,
        anchor: Attribute,
        last: Attribute,
    ) -> Iterator[Splice]:
        """Yield the splices where what takes several lines would part an aligned run."""
        if flat:
            yield self._lines(self._line_end(anchor.end), flat)
        yield from self._put(deep, _nested(content), last, 0)

    def _put(
        self, lines: list[str], nested: list[str], anchor: Attribute | None, open: int
    ) -> Iterator[Splice]:
        at = self._line_end(anchor.end if anchor else open)
        behind = self._behind(anchor)
        if anchor is None and lines and not nested and not self._closes(at):
            lines = [*lines, ""]
        if behind is None:
            both = lines + (nested if lines or anchor else nested[1:])
            both += [""] if nested and not self._is_blank(at) and not self._closes(at) else []
            yield self._lines(at, both)
            return
        if lines:
            yield self._lines(at, lines)
        if nested:
            after = self._line_end(behind.end)
            ends = self._is_blank(after) or self._closes(after)
            yield self._lines(after, nested if ends else [*nested, ""])

    def _lines(self, at: int, lines: list[str]) -> Splice:
        text = "".join(f"{self.newline}{line}" for line in indented(lines, self.indent))
        return at, at, text

    def _opened(self, content: Content, open: int, close: int) -> Splice:
        """Return a block that was written on one line, on several."""
        inner = self.data[open:close].decode().strip()
        lines = [*([inner] if inner else []), *content.lines()]
        if inner and not self.blocks and len(self.attributes) == 1:
            (only,) = self.attributes
            value = self.data[only.value.start : only.value.end].decode()
            merged = Content({only.name: value, **content.arguments}, content.blocks)
            lines = merged.lines()
        outer = self.indent.removesuffix("  ")
        text = self.newline.join(["", *indented(lines, self.indent), outer])
        return open, close, text

    # ------------------------------------------------------------------------------ anchors

    def _anchor(self) -> Attribute | None:
        """Return the argument behind which new ones come: the last before any nested block."""
        blocks = [block.start for block in self.blocks]
        before = [each for each in self.attributes if each.start < min(blocks, default=1 << 60)]
        own = [each for each in before if each.name not in LAST | FIRST]
        return own[-1] if own else next((e for e in reversed(before) if e.name in FIRST), None)

    def _behind(self, anchor: Attribute | None) -> Block | None:
        """Return the nested block behind which new ones come."""
        own = [block for block in self.blocks if block.type not in META]
        start = anchor.start if anchor else 0
        return own[-1] if own and own[-1].start > start else None

    def _run(self, anchor: Attribute | None) -> list[_Line]:
        """Return the arguments whose ``=`` are aligned with the anchor's; empty if they are not."""
        lines = {self._line_start(each.start): each for each in self.attributes}
        if anchor is None or not self._is_flat(anchor) or anchor.name in FIRST:
            return []
        found = [self._line(anchor)]
        for forward in (False, True):
            at = self._line_start(anchor.start)
            while True:
                at = self._next_line(at) if forward else self._line_start(at - 1)
                near = lines.get(at)
                if near is None or not self._is_flat(near):
                    break
                found.append(self._line(near))
        columns = {each.equals - each.start for each in found}
        return found if len(columns) == 1 and self._is_tight(found) else []

    def _is_tight(self, run: list[_Line]) -> bool:
        return any(self.data[e.attribute.key_end : e.equals] == b" " for e in run)

    def _line(self, attribute: Attribute) -> _Line:
        equals = self.data.index(b"=", attribute.key_end)
        return _Line(attribute, self._line_start(attribute.start), equals)

    def _is_flat(self, attribute: Attribute) -> bool:
        return b"\n" not in self.data[attribute.start : attribute.end]

    # ------------------------------------------------------------------------------ offsets

    def _braces(self) -> tuple[int, int]:
        """Return where the block's content begins and ends."""
        return self.data.index(b"{", self.block.header_end) + 1, self.block.end - 1

    def _indent(self) -> str:
        outer = self._spaces(self.block.start)
        inner = [self._spaces(each.start) for each in self.attributes]
        inner += [self._spaces(each.start) for each in self.blocks]
        deeper = [each for each in inner if len(each) > len(outer)]
        return deeper[0] if deeper else f"{outer}  "

    def _spaces(self, offset: int) -> str:
        start = self._line_start(offset)
        line = self.data[start:offset]
        return line[: len(line) - len(line.lstrip())].decode()

    def _line_start(self, offset: int) -> int:
        return self.data.rfind(b"\n", 0, max(offset, 0)) + 1

    def _line_end(self, offset: int) -> int:
        """Return where the line ends, before its line end; a heredoc ends behind one."""
        offset = offset - 1 if self.data[offset - 1 : offset] == b"\n" else offset
        end = self.data.find(b"\n", offset)
        end = len(self.data) if end < 0 else end
        return end - 1 if self.data[end - 1 : end] == b"\r" else end

    def _next_line(self, offset: int) -> int:
        end = self.data.find(b"\n", offset)
        return len(self.data) if end < 0 else end + 1

    def _next(self, at: int) -> bytes:
        start = self._next_line(at)
        return self.data[start : self._line_end(start)].strip()

    def _is_blank(self, at: int) -> bool:
        return not self._next(at)

    def _closes(self, at: int) -> bool:
        return self._next(at).startswith(b"}")


def _nested(content: Content) -> list[str]:
    return [
        line
        for name, group in content.blocks.items()
        for each in group
        for line in ["", *block_lines(name, each)]
    ]


def _is_in(part: Attribute | Block, spans: list[tuple[int, int]]) -> bool:
    return any(start <= part.start and part.end <= end for start, end in spans)
