"""Errors that nobody catches: Lambda's runtimes log their words, and so what flowed into these.

Only errors of the languages themselves, and the program's own that take their words as they are: a
framework turns others into answers. What a library calls, it may also catch.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Class, Library
from checkrein.code.domain.values import sources_of

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

OPERATION = "raise"  # of the log call that an uncaught error makes
OWN = re.compile(r"(?:[A-Z]\w*)?(?:Error|Exception|Exit)")
MESSAGES = (ir.Format, ir.Operation)
MAKERS = ("__init__", "constructor", "__str__", "toString")


class Catching:
    """While it lasts, somebody catches what is raised."""

    __slots__ = ("run",)

    def __init__(self, run: Interpreter) -> None:
        self.run = run

    def __enter__(self) -> None:
        self.run.running.catching += 1

    def __exit__(self, *error: object) -> None:
        self.run.running.catching -= 1


def raised(run: Interpreter, node: ir.Raise, scope: Scope) -> None:
    """Record an error that code raises, if nobody catches it and content flowed into it."""
    said = _words(run, node.value, scope) if _is_free(run) else []
    made = run.structure("dict", {f"[{n}]": value for n, value in enumerate(said)})
    if any(map(sources_of, said)):
        value = Abstract(things=(made,))
        run.recorder.call(("log", "", OPERATION), run.site(node.at, scope), value)


def _words(run: Interpreter, value: ir.Node | None, scope: Scope) -> list[Abstract]:
    """Return what an error is made with, where its text says that."""
    if isinstance(value, MESSAGES):  # of an assertion
        return [run.evaluate(value, scope)]
    if not isinstance(value, ir.Call):
        return []
    made = run.evaluate(value.function, scope).things
    if not any(_says_its_words(one) for one in made):
        return []
    return [run.evaluate(one.value, scope) for one in value.arguments if not one.name]


def _is_free(run: Interpreter) -> bool:
    """Tell whether an error that is raised now leaves the handler."""
    called_back = any(not name for name, _ in run.path[1:])
    framework = run.registry.running is not None
    return not (run.loading or run.running.catching or called_back or framework)


def _says_its_words(one: object) -> bool:
    if isinstance(one, Library):
        return one.module in ("", "builtins") and bool(OWN.fullmatch(one.path))
    if not isinstance(one, Class) or any(map(one.has, MAKERS)):
        return False
    return all(map(_says_its_words, one.foreign()))
