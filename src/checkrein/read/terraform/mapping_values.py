"""What the tables turn values with, by name.

Each takes a resolved value and what the table gives it, and returns the property's value, None
where nothing is left. A value that is not plain stays as it is where it cannot be turned.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from checkrein.catalog.terraform_names import pascal
from checkrein.model.values import SPECIAL, Choice, Text, Value, choice, plain_text, text
from checkrein.read.json_text import parse_json, parse_yaml

Turn = Callable[[Value, Any], Value | None]


def as_text(value: Value) -> Value:
    """Return a structure as the JSON text that ``jsonencode`` makes of it."""
    if isinstance(value, SPECIAL):
        return value
    if isinstance(value, (dict, list)):
        held: list[Value] = []
        line = json.dumps(_held(value, held), separators=(",", ":"), ensure_ascii=False)
        parts = line.split(MARK)
        joined = [part for pair in zip(parts, [*held, ""], strict=True) for part in pair]
        return text(joined)
    return json.dumps(value)


MARK: Final = "\ue000"


def _held(value: Value, held: list[Value]) -> Any:
    if isinstance(value, SPECIAL):
        held.append(value)
        return MARK
    if isinstance(value, dict):
        return {key: _held(item, held) for key, item in value.items()}
    return [_held(item, held) for item in value] if isinstance(value, list) else value


def words(value: Value, using: Any) -> Value | None:
    """Return the word that a table gives for a word, a truth or a number; others stay."""
    if isinstance(value, SPECIAL):
        return value
    return using.get(plain_text(value), using.get("*", value)) if _is_plain(value) else value


def negated(value: Value, using: Any) -> Value | None:  # noqa: ARG001
    """Return the opposite of a truth."""
    found = {"true": False, "false": True}.get(plain_text(value).lower())
    return value if found is None or isinstance(value, SPECIAL) else found


def upper(value: Value, using: Any) -> Value | None:  # noqa: ARG001
    """Return a word in capitals, or a list of such."""
    if isinstance(value, list):
        return [upper(item, None) for item in value]
    return value.upper() if isinstance(value, str) else value


def listed(value: Value, using: Any) -> Value | None:
    """Return a list of the one value; with ``using`` a list of objects that hold it by a name."""
    items = value if isinstance(value, list) else [value]
    return [{using: item} for item in items] if using else items


def first(value: Value, using: Any) -> Value | None:  # noqa: ARG001
    """Return the only item of a list."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def pairs(value: Value, using: Any) -> Value | None:
    """Return a map as a list of objects with the two names that the table gives."""
    if not isinstance(value, dict):
        return value
    return [dict(zip(using, (key, item), strict=True)) for key, item in value.items()]


def parsed(value: Value, using: Any) -> Value | None:  # noqa: ARG001
    """Return the structure that JSON text says."""
    found = parse_json(value)
    return value if found is None else found


def wrapped(value: Value, using: Any) -> Value | None:
    """Return the value below a path of names, as the innermost."""
    for name in reversed(using):
        value = [value] if name == "*" else {name: value}
    return value


def constant(value: Value, using: Any) -> Value | None:
    """Return what the table gives, where the argument is there and true."""
    return None if value in (False, "false", [], {}, "") else using


def keyed(value: Value, using: Any) -> Value | None:
    """Return a map with a table's word before each of its keys."""
    return (
        {f"{using}{key}": item for key, item in value.items()} if isinstance(value, dict) else value
    )


def truths(value: Value, using: Any) -> Value | None:
    """Return an object with a truth for each word that a table knows."""
    if not isinstance(value, list):
        return value
    return {name: word in value for word, name in using.items()}


def named(value: Value, using: Any) -> Value | None:
    """Return a list of one object that says a table's word by one name and the value by another."""
    name, word, own = using
    return [{name: word, own: value}]


def values(value: Value, using: Any) -> Value | None:  # noqa: ARG001
    """Return what a map holds, texts with commas as several."""
    if not isinstance(value, dict):
        return value
    found = [item.split(",") if isinstance(item, str) else [item] for item in value.values()]
    return [part for parts in found for part in parts]


def member(value: Value, using: Any) -> Value | None:
    """Return what a block says by a name."""
    block = first(value, None)
    return block.get(using) if isinstance(block, dict) else block


def values_of(value: Value, using: Any) -> Value | None:
    """Return what each block says by a name."""
    if not isinstance(value, list):
        return value
    return [block.get(using) if isinstance(block, dict) else block for block in value]


def key(value: Value, using: Any) -> Value | None:
    """Return an attribute of a table as a part of its key."""
    return [{"AttributeName": value, "KeyType": using}]


def statements(value: Value, using: Any) -> Value | None:  # noqa: ARG001
    """Return the statements of a policy document."""
    found = parsed(value, None)
    inner = found.get("Statement") if isinstance(found, dict) else None
    return found if inner is None else first(inner, None) if len(inner) == 1 else inner


def tied(value: Value, using: Any) -> Value | None:
    """Return what a flow log watches, and which kind of thing that is."""
    return {"ResourceId": value, "ResourceType": using}


def mapped(value: Value, using: Any) -> Value | None:
    """Return blocks of a name and a value as a map; ``using`` are the arguments."""
    if not isinstance(value, list):
        return value
    name, item = using
    blocks = [block for block in value if isinstance(block, dict)]
    return {str(block.get(name)): block.get(item) for block in blocks}


def by_key(value: Value, using: Any) -> Value | None:
    """Return blocks as a map from one argument to the others, renamed as the table says."""
    if not isinstance(value, list):
        return value
    name, names = using
    return {
        str(block.get(name)): {
            new: block[old] for old, new in names.items() if block.get(old) is not None
        }
        for block in value
        if isinstance(block, dict)
    }


def actions(value: Value, using: Any) -> Value | None:
    """Return blocks as actions of a kind, such as those of a topic rule."""
    blocks = value if isinstance(value, list) else [value]
    return [
        {using: {pascal(name): item for name, item in block.items() if item is not None}}
        if isinstance(block, dict)
        else block
        for block in blocks
    ]


def method_path(value: Value, using: Any) -> Value | None:  # noqa: ARG001
    """Return the path and method that API Gateway's ``orders/{id}/GET`` names."""
    if not isinstance(value, str):
        return None
    path, _, method = value.rpartition("/")
    escaped = path.strip("/").replace("/", "~1") if path != "*" else "*"
    return {"ResourcePath": f"/{escaped}", "HttpMethod": method}


def openapi(value: Value, using: Any) -> Value | None:  # noqa: ARG001
    """Return the description of an API that JSON or YAML text says."""
    if not isinstance(value, (str, Text)):
        return value
    found = parse_json(value)
    return parse_yaml(value) if found is None else found


def _is_plain(value: Value) -> bool:
    return not isinstance(value, (dict, list))


def _each_option(turn: Turn) -> Turn:
    def turned(value: Value, using: Any) -> Value | None:
        if isinstance(value, Choice):
            return choice([(when, turn(option, using)) for when, option in value.options])
        return turn(value, using)

    return turned


TURNED: Final[dict[str, Turn]] = {
    turn.__name__: _each_option(turn)
    for turn in (
        words, negated, upper, listed, first, pairs, parsed, wrapped, constant, keyed, truths,
        named, values, values_of, member, key, statements, tied, mapped, by_key, actions,
        method_path, openapi,
    )
}  # fmt: skip
