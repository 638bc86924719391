"""Functions on texts of which parts need not be known."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from checkrein.late import regex
from checkrein.model.values import Open, Symbol, Text, Value, text
from checkrein.read.terraform.arns import is_arn
from checkrein.read.terraform.arns import parts as arn_parts
from checkrein.read.terraform.containers import Items
from checkrein.read.terraform.functions.computing import split as split_text
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.operators import number, whole
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.unknowns import (
    UNKNOWN,
    Failed,
    concatenated,
    is_known,
    json_text,
    opened,
    shown,
)

VERB = regex(r"%(?:\[(\d+)\])?([-+# 0]*)(\d*)(?:\.(\d+))?([%sdvqtgfeEGxXob])")
LOWER = ("AccountId", "Region", "Partition", "URLSuffix")
WIDEST = 10_000


def join(given: list[Value], scope: Scope) -> Value:
    between, *lists = given
    items: list[Value] = []
    for one in lists:
        if not isinstance(one, list):
            return opened("join()", one)
        items += one
    parts: list[Value] = []
    for position, item in enumerate(items):
        parts += [between, item] if position else [item]
    return concatenated(parts)


def formatted(given: list[Value], scope: Scope) -> Value:
    form, *arguments = given
    if not isinstance(form, (str, Text)):
        return opened("format()", form)
    parts: list[Value] = []
    used = 0
    for piece in form.parts if isinstance(form, Text) else (form,):
        found, used = (
            _filled_in(piece, arguments, used) if isinstance(piece, str) else ([piece], used)
        )
        parts += found
    return concatenated(parts)


def _filled_in(form: str, arguments: list[Value], used: int) -> tuple[list[Value], int]:
    """Return a text's parts with its places filled, and how many arguments are used by then."""
    parts: list[Value] = []
    at = 0
    for verb in VERB.finditer(form):
        parts.append(form[at : verb.start()])
        at = verb.end()
        if verb[5] == "%":
            parts.append("%")
            continue
        position = int(verb[1]) - 1 if verb[1] else used
        used = position + 1
        if position >= len(arguments):
            raise Failed("format() has fewer values than places for them")
        parts.append(_filled(verb, arguments[position]))
    return [*parts, form[at:]], used


def _filled(verb: re.Match[str], value: Value) -> Value:
    kind, width, precision = verb[5], int(verb[3] or 0), verb[4]
    if isinstance(value, UNKNOWN) or (isinstance(value, Json) and not width):
        return value
    if kind == "q" or (kind == "v" and isinstance(value, (list, dict))):
        shaped: Value = json_text(value) if not isinstance(value, Json) else value
    elif kind in "dgfeEGxXob":
        shaped = _number(kind, number(value), precision, verb[2])
    else:
        shaped = concatenated(["null" if value is None else value])
    if not isinstance(shaped, str) or width > WIDEST:
        return shaped
    if precision and kind in "sv":
        shaped = shaped[: int(precision)]
    if "-" in verb[2]:
        return shaped.ljust(width)
    return shaped.zfill(width) if "0" in verb[2] and kind in "dgf" else shaped.rjust(width)


def _number(kind: str, value: float, precision: str | None, flags: str) -> str:
    sign = "+" if "+" in flags else ""
    if kind in "dxXob":
        return f"{int(value):{sign}{kind}}"
    if kind in "gG" and precision is None:
        return f"{whole(value):{sign}}"
    return f"{float(value):{sign}.{min(int(precision or 6), 50)}{kind}}"


def format_list(given: list[Value], scope: Scope) -> Value:
    lists = [value for value in given[1:] if isinstance(value, list)]
    lengths = {len(value) for value in lists}
    if len(lengths) != 1:
        return formatted(given, scope) if not lengths else opened("formatlist()", given)
    turns = range(lengths.pop())
    return Items(
        formatted([given[0], *(v[i] if isinstance(v, list) else v for v in given[1:])], scope)
        for i in turns
    )


def _cased(change: Callable[[str], str], name: str) -> Callable[..., Value]:
    def function(given: list[Value], scope: Scope) -> Value:
        value = _as_text(given[0])
        parts = value.parts if isinstance(value, Text) else (value,)
        return text([_cased_part(part, change, name) for part in parts])

    return function


def _cased_part(part: Any, change: Callable[[str], str], name: str) -> Value:
    if isinstance(part, str):
        return change(part)
    if isinstance(part, Symbol) and part.owner == "@aws" and part.attribute in LOWER:
        return part
    return opened(f"{name}()", part) if isinstance(part, UNKNOWN) else change(shown(part))


def _as_text(value: Value) -> Value:
    return json_text(value.value) if isinstance(value, Json) else value


def _trimmed(name: str, trim: Callable[[str, str], str], *, left: bool) -> Callable[..., Value]:
    """Make a function that takes something off an end that is known."""

    def function(given: list[Value], scope: Scope) -> Value:
        value, *more = (_as_text(scope.module.settled(one)) for one in given)
        cut = more[0] if more else ""
        if not isinstance(cut, str):
            return opened(f"{name}()", cut)
        if isinstance(value, str):
            return trim(value, cut)
        parts = list(value.parts) if isinstance(value, Text) else []
        end = 0 if left else -1
        edge = parts[end] if parts else None
        if isinstance(edge, str) and len(edge) >= len(cut):
            parts[end] = trim(edge, cut)
            return text(parts)
        return opened(f"{name}()", value)

    return function


def split(given: list[Value], scope: Scope) -> Value:
    between, value = given
    known = arn_parts(value, between) if is_arn(value) else None
    if known is not None:
        return known
    settled = [_as_text(scope.module.settled(one)) for one in given]
    if not is_known(settled):
        return opened("split()", settled)
    return Items(split_text(*settled))


def trim_space(given: list[Value], scope: Scope) -> Value:
    value = given[0]
    if isinstance(value, Text):
        parts = list(value.parts)
        if isinstance(parts[0], str):
            parts[0] = parts[0].lstrip()
        if isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip()
        return text(parts)
    return value.strip() if isinstance(value, str) else value


def indent(given: list[Value], scope: Scope) -> Value:
    value = _as_text(given[1])
    if not is_known(given[0]):
        return opened("indent()", given[0])
    blanks = "\n" + " " * min(int(number(given[0])), WIDEST)
    parts = value.parts if isinstance(value, Text) else (value,)
    return text([p.replace("\n", blanks) if isinstance(p, str) else p for p in parts])


def starts_with(given: list[Value], scope: Scope) -> Value:
    value, start = (scope.module.settled(one) for one in given)
    first = value.parts[0] if isinstance(value, Text) else value
    if isinstance(start, str) and isinstance(first, str):
        if len(first) >= len(start) or not start.startswith(first):
            return first.startswith(start)
        return False if isinstance(value, str) else _undecided("startswith", given, scope)
    return _undecided("startswith", given, scope)


def ends_with(given: list[Value], scope: Scope) -> Value:
    value, end = (scope.module.settled(one) for one in given)
    last = value.parts[-1] if isinstance(value, Text) else value
    if (
        isinstance(end, str)
        and isinstance(last, str)
        and (isinstance(value, str) or len(last) >= len(end))
    ):
        return last.endswith(end)
    return _undecided("endswith", given, scope)


def has_text(given: list[Value], scope: Scope) -> Value:
    value, wanted = (_as_text(scope.module.settled(one)) for one in given)
    if isinstance(wanted, str):
        parts = value.parts if isinstance(value, Text) else (value,)
        if any(isinstance(part, str) and wanted in part for part in parts):
            return True
        if isinstance(value, str):
            return False
    return _undecided("strcontains", given, scope)


def _undecided(name: str, given: list[Value], scope: Scope) -> Value:
    shape = f"{name}({', '.join(map(shown, given))})"
    reason = next((value for value in given if isinstance(value, Open)), None)
    return scope.module.work.condition(shape, reason or opened(f"{name}()", given))


STRINGS: dict[str, Callable[[list[Value], Scope], Value]] = {
    "join": join,
    "format": formatted,
    "formatlist": format_list,
    "lower": _cased(str.lower, "lower"),
    "upper": _cased(str.upper, "upper"),
    "trimprefix": _trimmed("trimprefix", str.removeprefix, left=True),
    "trimsuffix": _trimmed("trimsuffix", str.removesuffix, left=False),
    "chomp": _trimmed("chomp", lambda value, _: value.rstrip("\r\n"), left=False),
    "split": split,
    "trimspace": trim_space,
    "indent": indent,
    "startswith": starts_with,
    "endswith": ends_with,
    "strcontains": has_text,
}
