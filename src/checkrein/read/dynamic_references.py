"""``{{resolve:…}}`` inside strings: values that live in Parameter Store and Secrets Manager."""

from __future__ import annotations

import re

from checkrein.late import regex
from checkrein.model.values import Choice, Open, Symbol, Text, Value, choice, text

REFERENCE = regex(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]*)\}\}")
FIRST = 0xE000  # private-use characters stand for the symbols while the text is searched


def dynamic(value: Value) -> Value:
    """Return a text with its dynamic references replaced by symbols.

    A secret declared in the template gives ``Symbol(<its id>, "SecretString")``, with
    ``.KEY`` where one key is taken; another gives ``Symbol("@secretsmanager", "name:KEY")``.
    A parameter gives ``Symbol("@ssm", "/path")``.
    """
    if isinstance(value, Choice):
        return choice([(when, dynamic(option)) for when, option in value.options])
    parts = value.parts if isinstance(value, Text) else (value,)
    if not any(isinstance(part, str) and "{{resolve:" in part for part in parts):
        return value
    held = [part for part in parts if not isinstance(part, str)]
    codes = iter(range(FIRST, FIRST + len(held)))
    line = "".join(part if isinstance(part, str) else chr(next(codes)) for part in parts)
    found: list[Value] = []
    done = 0
    for reference in REFERENCE.finditer(line):
        found += [*_restored(line[done : reference.start()], held), _symbol(reference, held)]
        done = reference.end()
    return text([*found, *_restored(line[done:], held)])


def _restored(line: str, held: list[Symbol | Open]) -> list[Value]:
    return [
        held[ord(letter) - FIRST] if 0 <= ord(letter) - FIRST < len(held) else letter
        for letter in line
    ]


def _symbol(reference: re.Match[str], held: list[Symbol | Open]) -> Value:
    service, body = reference.groups()
    if service != "secretsmanager":
        return Symbol("@ssm", _shown(re.sub(r":\d+$", "", body), held))
    name, key = _taken_apart(body)
    whole = _restored(name, held)
    if len(whole) == 1 and isinstance(whole[0], Symbol) and _is_resource(whole[0]):
        return Symbol(whole[0].owner, f"SecretString.{key}" if key else "SecretString")
    shown = _shown(name, held)
    return Symbol("@secretsmanager", f"{shown}:{key}" if key else shown)


def _taken_apart(body: str) -> tuple[str, str]:
    """Return the secret's name, an ARN maybe, and the key of it that is taken."""
    for mark in (":SecretString", "::"):  # the second says the same by leaving it out
        name, found, rest = body.partition(mark)
        if found:
            return name, rest.lstrip(":").split(":")[0]
    return body, ""


def _is_resource(symbol: Symbol) -> bool:
    return "/" in symbol.owner and not symbol.owner.endswith(("@parameter", "@stack"))


def _shown(line: str, held: list[Symbol | Open]) -> str:
    return "".join(map(str, _restored(line, held)))
