"""Source text to a syntax tree. A grammar is loaded when its language is first met."""

from __future__ import annotations

import functools
import importlib
import re
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Parser, Query, Tree

_GRAMMARS = {  # language: (module, the function that gives the grammar)
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
}
TYPED = frozenset(("typescript", "tsx"))
UNKNOWN = re.compile(rb">`|export type \*|[\w)\]]!\s*[.\[(]")
EXPORTED = re.compile(rb"(?m)^export type \*[^\n;'\"]*['\"][^\n;]*;?")
WIDE = frozenset({"binary_expression", "unary_expression", "await_expression"})
LONGEST = 2_000  # bytes of type arguments
BLANKS = bytes(one if one in b"\r\n" else ord(" ") for one in range(256))


def parse(source: bytes, language: str) -> Tree:
    """Parse UTF-8 text; what cannot be read becomes ERROR and MISSING nodes, never an exception.

    ``language`` is python, javascript (JSX too), typescript or tsx; another raises KeyError.
    """
    parser = _parser(language, threading.get_ident())
    tree = parser.parse(source)
    if language in TYPED and UNKNOWN.search(source):
        plain = _untyped(source, tree, language)
        return tree if plain == source else parser.parse(plain)
    return tree


def _untyped(source: bytes, tree: Tree, language: str) -> bytes:
    """Return the source with blanks for types that the grammar lacks.

    It takes ``sql<Row>`select ${id}` `` for comparisons, and what the tag is given was lost; it
    does not know ``export type * from "./a"``; and it reads ``a ?? b!.c`` as ``(a ?? b).c``.
    """
    from tree_sitter import QueryCursor  # noqa: PLC0415 - as above

    plain = bytearray(source)
    for exported in EXPORTED.finditer(source) if tree.root_node.has_error else ():
        plain[slice(*exported.span())] = b" " * len(exported[0])
    found = QueryCursor(_misread(language)).captures(tree.root_node)
    asserted = found.get("asserted", ())
    if any(node.children[0].type in WIDE for node in asserted):
        for node in asserted:
            plain[node.end_byte - 1] = ord(" ")
    for node in found.get("template", ()):
        end = node.start_byte
        start = _opening(source, end - 1)
        if start is not None:
            plain[start:end] = bytes(
                one if one in b"\r\n" else ord(" ") for one in source[start:end]
            )
    return bytes(plain)


def _opening(source: bytes, end: int) -> int | None:
    """Return where type arguments begin behind a name; ``end`` is where their ``>`` should be."""
    depth, at = 0, end
    while at > max(0, end - LONGEST):
        one = source[at : at + 1]
        if one == b">":
            depth += source[at - 1 : at] != b"="  # a function's type has an arrow
        elif one == b"<":
            depth -= 1
        if depth <= 0:
            return at if one == b"<" and source[at - 1 : at].isalnum() else None
        at -= 1
    return None


@functools.cache
def _misread(language: str) -> Query:
    from tree_sitter import Query  # noqa: PLC0415 - as above

    misread = "(template_string) @template (non_null_expression) @asserted"
    return Query(_grammar(language), misread)


@functools.lru_cache(maxsize=16)
def _parser(language: str, thread: int) -> Parser:  # noqa: ARG001 - each has its own
    """Return a thread's parser; the memory that it took for one text serves the next."""
    from tree_sitter import Parser  # noqa: PLC0415 - loaded only when code is read

    return Parser(_grammar(language))


@functools.cache
def _grammar(language: str) -> Language:
    from tree_sitter import Language  # noqa: PLC0415 - loaded only when code is read

    module, function = _GRAMMARS[language]
    return Language(getattr(importlib.import_module(module), function)())
