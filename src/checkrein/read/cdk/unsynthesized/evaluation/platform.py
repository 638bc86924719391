"""Functions of Node and Python that programs are written with; MISSING where nothing is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.errors import CheckreinError
from checkrein.read.cdk.unsynthesized.evaluation.asked import Asked, Handler
from checkrein.read.cdk.unsynthesized.evaluation.objects import OBJECTS
from checkrein.read.cdk.unsynthesized.evaluation.paths import PATHS
from checkrein.read.cdk.unsynthesized.evaluation.snakes import PYTHON
from checkrein.read.cdk.unsynthesized.evaluation.things import MISSING, Given
from checkrein.read.cdk.unsynthesized.trace import Traced

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

AMISS = (
    TypeError,
    ValueError,
    AttributeError,
    IndexError,
    RecursionError,
    OverflowError,
    CheckreinError,
)
QUIET = ("console.", "warnings.")
FUNCTIONS: dict[str, Handler] = {**OBJECTS, **PATHS, **PYTHON}
NAMESPACES = (
    "process", "console", "globalThis", "Promise", "Math", "JSON", "Symbol", "Date", "RegExp",
    "Error", "TypeError", "Buffer", "Reflect", "Proxy", "BigInt", "Intl", "setTimeout",
    "encodeURIComponent", "crypto", "isNaN", "Exception", "ValueError", "KeyError", "RuntimeError",
    "NotImplementedError", "FileNotFoundError", "EnvironmentError", "ImportError", "object", "type",
    "property", "staticmethod", "classmethod", "id", "hash", "repr", "callable", "vars", "bytes",
    "abs", "round", "OSError", "NotImplemented", "RangeError", "WeakSet", "Function", "SystemExit",
    "import.meta", "escape", "Uint8Array",
)  # fmt: skip
GLOBALS = frozenset([*(name for name in FUNCTIONS if "." not in name), *NAMESPACES])


def platform(run: Evaluation, name: str, given: Given) -> Traced:
    """Return what a function of the platform gives."""
    if name.startswith(QUIET):
        return None
    handler = FUNCTIONS.get(name.removeprefix("globalThis."))
    if handler is None:
        return MISSING
    try:
        return handler(Asked(run, given), *given.arguments)
    except AMISS:
        return MISSING  # called as no program calls it
