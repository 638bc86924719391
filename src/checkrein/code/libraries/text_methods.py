"""Methods of texts: formatting, joining, splitting, with symbols kept where that is possible."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code.domain import arms
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import (
    NOTHING,
    SHOWN,
    UNKNOWN,
    cleaned,
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
from checkrein.code.harm import callers, masking, regular
from checkrein.code.running import calls, fields

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

PERCENT = re.compile(r"%\((\w+)\)[-+ #0-9.]*[a-zA-Z]")
PATTERNS = frozenset(("re.compile()", "RegExp()"))
FEW = 4  # letters that tell of nobody: a country code, a year, what masks leave
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
    run: Interpreter,
    receiver: Abstract,
    given: Arguments,
    scope: Scope,
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
        value = given.first(int(key)) if key.isdigit() else given.named.get(key, NOTHING)
        if not value and given.rest:
            value = fields.read(run, given.rest, key, given.at, scope)
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
    if separator and len(given.positional) == 1:  # else the rest is not split
        made = cleaned(made, uses.without(separator))
    return run.built("list", None, callers.piece(made) if separator == "." else made)


def split_from_right(
    run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    """``key.rsplit("/", 1)``: what stands last has no separator in it."""
    separator = only_string(given.first())
    if len(given.positional) == 1 or not separator or only_string(receiver) is not None:
        return split_text(run, receiver, given, scope)
    whole = derived(sources_of(receiver)) if receiver else UNKNOWN
    last = cleaned(whole, uses.without(separator))
    return run.built("list", {"0": whole, "1": last, "-1": last})


def pattern_of(value: Abstract) -> str | None:
    """Return the text of a regular expression that a value is, as it was written."""
    for one in value.things:
        if isinstance(one, Library) and one.name in ("RegExp()", "re.compile()"):
            return only_string(one.arguments[0]) if one.arguments else None
    return None


def replace_text(
    run: Interpreter,
    receiver: Abstract,
    given: Arguments,
    scope: Scope,
    name: str = "replace",
) -> Abstract:
    """``text.replace(old, new)``."""
    for function in calls.functions_in(given.first(1)):
        calls.apply(run, function, Arguments(given.at, [derived(sources_of(receiver))]), scope)
    old, new = given.first(), given.first(1)
    result = replaced(receiver, old, new)
    made = [t for t in old.things if isinstance(t, Library) and t.name in PATTERNS and t.arguments]
    if len(made) == 1:
        return _without(result, only_string(made[0].arguments[0]), new, every=False)
    removed = only_string(old) or ""
    if removed and (name == "replaceAll" or scope.source.language == "python"):
        back = uses.without(only_string(new) or "")  # what the new text brings again
        result = cleaned(result, uses.without(removed) & ~back)
        if len(removed) == 1:
            return _without(result, re.escape(removed), new, every=True)
    return result


def _without(value: Abstract, pattern: str | None, new: Abstract, *, every: bool) -> Abstract:
    """Return a text in which letters are replaced, as harmless as it is without them."""
    added = only_string(new)
    if pattern is None or added is None:
        return value
    return cleaned(value, regular.harmless_after(pattern, added, every=every))


def substitute_text(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``re.sub(pattern, replacement, text)``."""
    text, replacement = given.first(2, "string"), given.first(1, "repl")
    for function in calls.functions_in(replacement):
        calls.apply(run, function, Arguments(given.at, [derived(sources_of(text))]), scope)
    result = replaced(text, UNKNOWN, replacement)
    return _without(result, only_string(given.first(0, "pattern")), replacement, every=True)


def replace_every(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """``text.replaceAll(old, new)``."""
    return replace_text(run, receiver, given, scope, "replaceAll")


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


def part_of_text(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Return a part of a text; a few letters at a known place carry nothing of it."""
    first, last = (next(iter(each.atoms), None) for each in (given.first(), given.first(1)))
    if isinstance(first, int) and isinstance(last, int) and 0 <= last - first <= FEW:
        return derived(frozenset())
    return slice_text(run, receiver, given, scope)


def slice_text(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return fields.from_position(run, receiver, given.first() or constant(0))


def repeat_text(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    known = sources_of(receiver).union(*(sources_of(value) for value in given.every()))
    return masking.made([receiver]) or derived(known)


def _filled_by_name(
    run: Interpreter, known: str, values: Abstract, at: ir.Span, scope: Scope
) -> Abstract:
    pieces: list[Abstract] = []
    for position, text in enumerate(PERCENT.split(known)):
        if position % 2:
            pieces.append(fields.read(run, values, text, at, scope))
        else:
            pieces.append(constant(text))
    return arms.by_arm(pieces, concatenate)


def percent(
    run: Interpreter, pattern: Abstract, values: Abstract, at: ir.Span, scope: Scope
) -> Abstract:
    """Fill ``%s`` fields of a known text in order; else only say what flowed in."""
    known = only_string(pattern)
    sources = sources_of(pattern) | sources_of(values)
    if known is not None and "%(" in known:
        return _filled_by_name(run, known, values, at, scope)
    if known is None:
        return derived(sources)
    parts = known.replace("%d", "%s").split("%s")
    pieces: list[Abstract] = [constant(parts[0])]
    for position, rest in enumerate(parts[1:]):
        filled = [
            t.fields.get(str(position), UNKNOWN) for t in values.things if isinstance(t, Structure)
        ]
        pieces += [join_all(filled) if filled else values, constant(rest)]
    return tainted(concatenate(pieces), sources)
