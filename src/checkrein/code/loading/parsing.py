"""Source text to a syntax tree. A grammar is loaded when its language is first met."""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Language, Tree

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
    # A parser of its own for each call: parsers must not be shared by threads, and cost nothing.
    from tree_sitter import Parser  # noqa: PLC0415 - loaded only when code is read

    return Parser(_grammar(language)).parse(source)


@functools.cache
def _grammar(language: str) -> Language:
    from tree_sitter import Language  # noqa: PLC0415 - loaded only when code is read

    module, function = _GRAMMARS[language]
    return Language(getattr(importlib.import_module(module), function)())
