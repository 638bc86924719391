"""Methods of texts: formatting, joining, splitting, with symbols kept where that is possible."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code import arms, callers, calls, fields
from checkrein.code.things import Arguments, Structure
from checkrein.code.values import (
    SHOWN,
    UNKNOWN,
    Abstract,
    concatenate,
    constant,
    derived,
    join,
    join_all,
    only_string,
    sources_of,
    strings,
    tainted,
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
    return run.built("list", None, callers.piece(made) if separator == "." else made)


def replace_text(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    for function in calls.functions_in(given.first(1)):
        calls.apply(run, function, Arguments(given.at, [derived(sources_of(receiver))]), scope)
    return replaced(receiver, given.first(), given.first(1))


def substitute_text(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``re.sub(pattern, replacement, text)``."""
    text, replacement = given.first(2, "string"), given.first(1, "repl")
    for function in calls.functions_in(replacement):
        calls.apply(run, function, Arguments(given.at, [derived(sources_of(text))]), scope)
    return replaced(text, UNKNOWN, replacement)


def replaced(receiver: Abstract, old: Abstract, new: Abstract) -> Abstract:
    """Return a text after a replacement: most of its content is still there."""
    pattern = only_string(old)
    texts = strings(receiver)
    if pattern and texts and len(texts) == len(receiver.atoms) and not receiver.things:
        found = join_all(_filled(text, pattern, new) for text in texts)
        return join(found, derived(receiver.sources)) if receiver.open else found
    kept = tuple(one for one in new.things if not calls.is_function(one))
    added = sources_of(Abstract(new.atoms, kept, new.sources)) | sources_of(old)
    return tainted(fields.sliced(receiver), added)


def _filled(text: str, pattern: str, new: Abstract) -> Abstract:
    """Return a known text with a value in some places: ``"Dear NAME".replace("NAME", name)``."""
    first, *others = text.split(pattern)
    parts = [constant(first)]
    for piece in others[:SHOWN]:
        parts += [new, constant(piece)]
    return arms.by_arm(parts, concatenate)


def slice_text(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return fields.sliced(receiver)
