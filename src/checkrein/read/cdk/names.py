"""The names that people gave what CDK makes: logical ids without the hash that it appends.

``OrdersA9B65338`` is ``Orders`` for whoever wrote the app. A template is renamed before anything
reads it, so that every message, table and id says so; where two would get one name, both keep
their own. A nested stack is called by its construct, which its logical id says twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from checkrein.late import regex

HASH = regex(r"(?<=.)[0-9A-F]{8}\Z")  # what CDK appends to a construct's path
UNIQUE = regex(r"(?<=.)[0-9a-f]{32}|(?<=.)[0-9A-F]{32}")  # of a singleton
NESTED = regex(r"([^/]+)\.NestedStack/\1\.NestedStackResource\Z")
NOT_IN_NAMES = regex(r"[^A-Za-z0-9]")
VARIABLE = regex(r"\$\{([^!}.][^}.]*)([}.])")
DEPENDS = "DependsOn"


def names(document: dict[str, Any], constructs: Mapping[str, str]) -> dict[str, str]:
    """Return, for logical ids that have more than a name, the name that people know."""
    wanted = {name: _called(name, constructs.get(name, "")) for name in document["Resources"]}
    return unique(document, wanted)


def unique(document: dict[str, Any], wanted: Mapping[str, str]) -> dict[str, str]:
    """Return, of the names that resources of a document are to get, those that nothing else has."""
    taken = Counter(wanted.get(name, name) for name in document["Resources"])
    taken.update(name for part in ("Parameters", "Conditions") for name in document.get(part) or ())
    return {
        old: new
        for old, new in wanted.items()
        if old != new and taken[new] == 1 and old in document["Resources"]
    }


def _called(name: str, construct: str) -> str:
    if not construct:
        return name
    nested = NESTED.search(construct)
    return NOT_IN_NAMES.sub("", nested[1]) if nested else UNIQUE.sub("", HASH.sub("", name))


def rename(document: dict[str, Any], new: Mapping[str, str]) -> None:
    """Give resources of a document their new names, wherever it refers to them."""
    if not new:
        return
    for section, content in document.items():
        document[section] = _renamed(content, new)
    resources = document["Resources"]
    document["Resources"] = {new.get(name, name): each for name, each in resources.items()}


def _renamed(value: Any, new: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(item, new) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function in REFERENCES:
            return {function: REFERENCES[function](argument, new)}
    found = {key: _renamed(item, new) for key, item in value.items()}
    if isinstance(value.get("Type"), str) and DEPENDS in value:
        found[DEPENDS] = _depends(value[DEPENDS], new)
    return found


def _depends(value: Any, new: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [new.get(item, item) if isinstance(item, str) else item for item in value]
    return new.get(value, value) if isinstance(value, str) else value


def _ref(argument: Any, new: Mapping[str, str]) -> Any:
    return new.get(argument, argument) if isinstance(argument, str) else argument


def _get_att(argument: Any, new: Mapping[str, str]) -> Any:
    if isinstance(argument, str):
        name, dot, attribute = argument.partition(".")
        return f"{new.get(name, name)}{dot}{attribute}"
    if isinstance(argument, list) and argument and isinstance(argument[0], str):
        return [new.get(argument[0], argument[0]), *_renamed(argument[1:], new)]
    return argument


def _sub(argument: Any, new: Mapping[str, str]) -> Any:
    if isinstance(argument, str):
        return VARIABLE.sub(lambda found: f"${{{new.get(found[1], found[1])}{found[2]}", argument)
    if isinstance(argument, list) and argument:
        return [_sub(argument[0], new), *_renamed(argument[1:], new)]
    return argument


REFERENCES = {"Ref": _ref, "Fn::GetAtt": _get_att, "Fn::Sub": _sub}
