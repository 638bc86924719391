"""Source text to the IR of ``checkrein.code.ir``; one package for each family of languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.loading.parsing import parse
from checkrein.code.lowering.javascript import JAVASCRIPT
from checkrein.code.lowering.python import PYTHON
from checkrein.code.lowering.source import DEPTH_LIMIT, Source

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["DEPTH_LIMIT", "lower"]

# What may set a level. ``basicConfig`` alone does nothing where a runtime has set up logging.
SETTING_LEVELS = re.compile(
    rb"setLevel|set_level|dictConfig|fileConfig|copy_config|\bforce\b|removeHandler"
    rb"|\.handlers\s*(?:=|\[|\.(?:clear|pop|remove)\b)|\.level\s*=|\blogging\.Logger\("
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def lower(source: bytes, language: str, path: str) -> ir.Module:
    """Lower one file of ``language`` python, javascript, typescript or tsx (else KeyError).

    ``path`` is only kept. Text that is wrong, cut off or nested beyond DEPTH_LIMIT never raises:
    it is lowered as far as it can be read, and the lines that were not are in ``errors``.
    """
    source = source.removeprefix(_BYTE_ORDER_MARK)
    try:
        return _lowered(source, language, path)
    except RecursionError:  # the caller stands deep in a stack of its own: begin a fresh one
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - seldom

        with ThreadPoolExecutor(1) as fresh:
            return fresh.submit(_lowered, source, language, path).result()


def _lowered(source: bytes, language: str, path: str) -> ir.Module:
    python = language == "python"
    root = parse(source, language).root_node
    file = Source(source, PYTHON if python else JAVASCRIPT)
    return ir.Module(
        path=path,
        language="python" if python else "javascript",
        body=file.block(root.named_children),
        size=len(source),
        errors=tuple(sorted(file.errors | _broken(root))),
        sets_levels=python and SETTING_LEVELS.search(source) is not None,
    )


def _broken(root: Node) -> set[int]:
    lines: set[int] = set()
    waiting = [root] if root.has_error else []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            lines.add(node.start_point[0] + 1)
        waiting.extend([child for child in node.children if child.has_error])
    return lines
