"""Methods of texts: formatting, joining, splitting, with symbols kept where that is possible."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code import arms, calls, fields
from checkrein.code.things import Arguments, Structure
from checkrein.code.values import (
    UNKNOWN,
    Abstract,
    concatenate,
    constant,
    constants,
    derived,
    only_string,
    sources_of,
)

if TYPE_CHECKING:
    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope

CASES = {
    "lower": str.lower,
    "upper": str.upper,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "title": str.title,
    "capitalize": str.capitalize,
}


def cased(receiver: Abstract, name: str) -> Abstract:
    known = frozenset(CASES[name](a) for a in receiver.atoms if isinstance(a, str))
    rest = sources_of(receiver)
    plain = bool(known) and not rest and not receiver.open
    return Abstract(known) if plain else Abstract(known, (), rest, open=True)


def format_text(
    run: Interpreter,  # noqa: ARG001 - a method
    receiver: Abstract,
    given: Arguments,
    scope: Scope,  # noqa: ARG001
) -> Abstract:
    """``"{} {name}".format(…)`` with a known pattern; else what flows in."""
    pattern = only_string(receiver)
    if pattern is None:
        flowing = sources_of(receiver).union(*(sources_of(v) for v in given.every()))
        return derived(flowing)
    parts: list[Abstract] = []
    end = position = 0
    for match in re.finditer(r"\{(\w*)([.\[][^}:!]*)?(?:![rsa])?(?::[^}]*)?\}", pattern):
        parts.append(constant(pattern[end : match.start()]))
        key = match[1] or str(position)
        position += not match[1]
        value = given.first(int(key)) if key.isdigit() else given.named.get(key, given.rest)
        deeper = match[2]
        parts.append(derived(sources_of(value)) if deeper else value)
        end = match.end()
    parts.append(constant(pattern[end:]))
    return arms.by_arm(parts, concatenate)


def join_text(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``", ".join(items)`` and ``items.join(", ")``."""
    separator, items = (given.first(), receiver)
    if any(isinstance(t, Structure) for t in given.first().things) or receiver.atoms - {None}:
        separator, items = receiver, given.first()
    lists = [t for t in items.things if isinstance(t, Structure)]
    if len(lists) == 1 and lists[0].fields and not lists[0].element:
        parts: list[Abstract] = []
        for value in lists[0].fields.values():
            parts += [separator, value] if parts else [value]
        return concatenate(parts)
    return derived(sources_of(items) | sources_of(separator))


def split_text(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    known, separator = only_string(receiver), only_string(given.first())
    if known is not None and separator:
        pieces = {str(i): constant(p) for i, p in enumerate(known.split(separator))}
        return run.built("list", pieces)
    made = derived(sources_of(receiver)) if receiver else UNKNOWN
    return run.built("list", None, made)


def replace_text(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    given_function = calls.functions_in(given.first(1))
    for function in given_function:
        calls.apply(run, function, Arguments(given.at, [derived(sources_of(receiver))]), scope)
    old, new = only_string(given.first()), only_string(given.first(1))
    texts = [value for value in constants(receiver) if isinstance(value, str)]
    if old is not None and new is not None and len(texts) == len(receiver.atoms) and texts:
        return Abstract(frozenset(text.replace(old, new) for text in texts))
    flowing = sources_of(receiver).union(*(sources_of(v) for v in given.every()))
    return derived(flowing)


def slice_text(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return fields.sliced(receiver)
