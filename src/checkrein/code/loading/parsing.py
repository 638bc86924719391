"""Source text to a syntax tree. A grammar is loaded when its language is first met."""

from __future__ import annotations

import functools
import importlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Parser, Tree

_GRAMMARS = {  # language: (module, the function that gives the grammar)
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
}


def parse(source: bytes, language: str) -> Tree:
    """Parse UTF-8 text; what cannot be read becomes ERROR and MISSING nodes, never an exception.

    ``language`` is python, javascript (JSX too), typescript or tsx; another raises KeyError.
    """
    return _parser(language, threading.get_ident()).parse(source)


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
