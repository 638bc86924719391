"""What is to be written into Terraform's files, gathered, and then as edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import PurePosixPath

from checkrein.model import Edit
from checkrein.notation.hcl_nodes import Block
from checkrein.write.refusals import CannotEdit
from checkrein.write.terraform.insertion import inserted
from checkrein.write.terraform.rendering import Content, block_lines
from checkrein.write.terraform.scene import Scene

Spot = tuple[str, int]  # a file, and where a block begins in it


@dataclass
class New:
    """A block of its own: its header's words, what AWS is to call it, and what it is given."""

    kind: str
    type: str
    label: str
    called: str = ""  # as between quotes in HCL; after the label if nothing else is told
    content: Content = field(default_factory=Content)

    @property
    def header(self) -> str:
        return f'{self.kind} "{self.type}" "{self.label}"'


class Plan:
    """Gathers additions to blocks, replaced spans and new blocks of some files."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._more: dict[Spot, tuple[Block, Content]] = {}
        self._behind: dict[Spot, tuple[Block, list[New]]] = {}
        self._spans: dict[tuple[str, int, int], str] = {}

    def within(self, block: Block) -> Content:
        """Return what a block gets more."""
        spot = block.source.path, block.start
        return self._more.setdefault(spot, (block, Content()))[1]

    def replace(self, block: Block, start: int, end: int, told: str) -> None:
        """Put a text between two byte offsets of a block's file."""
        span = block.source.path, start, end
        if self._spans.setdefault(span, told) != told:
            raise CannotEdit(f"two fixes want different values in {block.source.path}")

    def behind(self, block: Block, kind: str, type: str, label: str) -> New:
        """Return a new block behind one, under a label that nothing else has."""
        spot = block.source.path, block.start
        group = self._behind.setdefault(spot, (block, []))[1]
        taken = {each.labels for each in self.scene.beside(block.source.path) if each.type == kind}
        folder = PurePosixPath(block.source.path).parent
        mine = {
            (each.type, each.label)
            for (path, _), (_, found) in self._behind.items()
            if PurePosixPath(path).parent == folder
            for each in found
        }
        names = chain([label], (f"{label}_{number}" for number in count(2)))
        free = next(each for each in names if (type, each) not in taken | mine)
        group.append(New(kind, type, free))
        return group[-1]

    def edits(self) -> list[Edit]:
        """Return all of it as edits."""
        found = [
            self.scene.edit(path, start, end, told)
            for (path, start, end), told in self._spans.items()
        ]
        for block, content in self._more.values():
            for start, end, told in inserted(block, content, self._gone(block)):
                found.append(self.scene.edit(block.source.path, start, end, told))
        for block, group in self._behind.values():
            found.append(self._after(block, group))
        return found

    def _gone(self, block: Block) -> list[tuple[int, int]]:
        """Return the spans of a block's file that are taken away."""
        path = block.source.path
        return [(s, e) for (where, s, e), told in self._spans.items() if where == path and not told]

    def _after(self, block: Block, group: Iterable[New]) -> Edit:
        data = block.source.data
        newline = "\r\n" if b"\r\n" in data else "\n"
        lines = [line for new in group for line in ["", *block_lines(new.header, new.content)]]
        end = data.find(b"\n", block.end)
        end = len(data) if end < 0 else end - (data[end - 1 : end] == b"\r")
        return self.scene.edit(
            block.source.path, end, end, "".join(f"{newline}{line}" for line in lines)
        )


def blocks_of(block: Block, name: str) -> Iterator[Block]:
    """Yield the nested blocks of a name; raise CannotEdit where a loop makes them."""
    for each in block.body.blocks:
        if each.type == "dynamic" and each.labels[:1] == (name,):
            line = each.place.line
            raise CannotEdit(
                f"a dynamic block makes {name}: change {each.source.path}, line {line}"
            )
        if each.type == name:
            yield each
