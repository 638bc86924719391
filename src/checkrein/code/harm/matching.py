"""Where a pattern that takes exponential time is matched with a text: a use of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog.uses import Use
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library
from checkrein.code.domain.values import only_string, sources_of
from checkrein.code.harm import uses
from checkrein.code.harm.backtracking import exponential

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

MATCHING = Use("regex", ("text",))
TEXTS = {  # functions of re -> the position of the text
    **dict.fromkeys(("match", "fullmatch", "search", "findall", "finditer", "split"), 1),
    **dict.fromkeys(("sub", "subn"), 2),
}
METHODS = frozenset(("match", "matchAll", "replace", "replaceAll", "search", "split"))
COMPILED = frozenset(("re.compile()", "RegExp()"))


def of_library(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> None:
    """Record ``re.match(pattern, text)``, ``pattern.test(text)`` of a slow pattern."""
    made, _, method = one.name.rpartition(".")
    if made == "re" and method in TEXTS:
        _record(run, given.first(), given.first(TEXTS[method], "string"), one.name, given, scope)
    elif made in COMPILED and one.arguments:
        text = given.first(TEXTS.get(method, 1) - 1, "string")
        _record(run, one.arguments[0], text, one.name, given, scope)


def of_method(
    run: Interpreter, receiver: Abstract, method: str, given: Arguments, scope: Scope
) -> None:
    """Record ``text.match(pattern)`` of a slow pattern."""
    if method not in METHODS:
        return
    for one in given.first().things:
        if isinstance(one, Library) and one.name in COMPILED and one.arguments:
            _record(run, one.arguments[0], receiver, f"match of {method}", given, scope)


def _record(
    run: Interpreter,
    pattern: Abstract,
    text: Abstract,
    name: str,
    given: Arguments,
    scope: Scope,
) -> None:
    known = only_string(pattern)
    if known and sources_of(text) and exponential(known, whole=name.endswith("fullmatch")):
        uses.record(run, MATCHING, name, Arguments(given.at, [text]), scope)
