"""State machine definitions in one shape: ``Definition`` as an object, substitutions made."""

from __future__ import annotations

from checkrein.late import regex
from checkrein.model.values import Text, Value, text
from checkrein.read.json_text import parse_json

STATE_MACHINE = "AWS::StepFunctions::StateMachine"
TOKEN = regex(r"\$\{([A-Za-z0-9_:.-]+)\}")


def normalise_definition(properties: dict[str, Value]) -> dict[str, Value]:
    """Return a state machine's properties with ``Definition`` as an object, where it can be read.

    ``DefinitionString`` stays as it is when it is no JSON. Substitutions are put in.
    """
    definition = properties.get("Definition")
    if definition is None:
        definition = parse_json(properties.get("DefinitionString"))
    if definition is None or isinstance(definition, list):
        return properties
    names = properties.get("DefinitionSubstitutions")
    if isinstance(names, dict) and names:
        definition = _substituted(definition, names)
    kept = {key: value for key, value in properties.items() if key != "DefinitionString"}
    return {**kept, "Definition": definition}


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
