"""State machine definitions in one shape: ``Definition`` as an object, substitutions made."""

from __future__ import annotations

import json
import re
from typing import Any

from checkrein.model.values import Choice, Open, Symbol, Text, Value, choice, text

STATE_MACHINE = "AWS::StepFunctions::StateMachine"
TOKEN = re.compile(r"\$\{([A-Za-z0-9_:.-]+)\}")
FIRST = 0xE000  # private-use characters stand for the symbols while the text is read as JSON


def normalise_definition(properties: dict[str, Value]) -> dict[str, Value]:
    """Return a state machine's properties with ``Definition`` as an object, where it can be read.

    ``DefinitionString`` stays as it is when it is no JSON. Substitutions are put in.
    """
    definition = properties.get("Definition")
    if definition is None:
        definition = _parsed(properties.get("DefinitionString"))
    if definition is None:
        return properties
    names = properties.get("DefinitionSubstitutions")
    if isinstance(names, dict) and names:
        definition = _substituted(definition, names)
    kept = {key: value for key, value in properties.items() if key != "DefinitionString"}
    return {**kept, "Definition": definition}


def _parsed(value: Value) -> Value:
    if isinstance(value, Choice):
        options = [(when, _parsed(option)) for when, option in value.options]
        return choice(options) if all(option is not None for _, option in options) else None
    parts = value.parts if isinstance(value, Text) else (value,)
    held = [part for part in parts if isinstance(part, (Symbol, Open))]
    codes = iter(range(FIRST, FIRST + len(held)))
    line = "".join(part if isinstance(part, str) else chr(next(codes, FIRST)) for part in parts)
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return _restored(found, held) if isinstance(found, dict) else None


def _restored(value: Any, held: list[Symbol | Open]) -> Value:
    if isinstance(value, dict):
        return {key: _restored(item, held) for key, item in value.items()}
    if isinstance(value, list):
        return [_restored(item, held) for item in value]
    if isinstance(value, str) and held:
        known = range(FIRST, FIRST + len(held))
        return text([held[ord(c) - FIRST] if ord(c) in known else c for c in value])
    return value


def _substituted(value: Value, names: dict[str, Value]) -> Value:
    if isinstance(value, dict):
        return {key: _substituted(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_substituted(item, names) for item in value]
    if isinstance(value, Text):
        return text([_substituted(part, names) for part in value.parts])
    if not isinstance(value, str) or "${" not in value:
        return value
    parts: list[Value] = []
    done = 0
    for found in TOKEN.finditer(value):
        parts += [value[done : found.start()], names.get(found[1], found[0])]
        done = found.end()
    return text([*parts, value[done:]])
