"""The SQL of IoT rules: what of a message, a table, a secret or a function it puts where.

Conditions and counts give nothing; what a function makes of a field (``concat``, ``encode``) holds
it. Symbols that a template puts into the text stand there as private-use characters.

Source: AWS IoT Core's developer guide, "AWS IoT SQL reference".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from checkrein.derive.content.paths import Tokens, tokens
from checkrein.late import regex
from checkrein.model import Text, Value

FIRST = 0xE000  # private-use characters stand for symbols
CLAUSES = regex(
    r"(?is)^\s*SELECT\s+(?P<value>VALUE\s+)?(?P<list>.*?)"
    r"(?:\s+FROM\s+(?P<topic>'[^']*'|\"[^\"]*\"|[^\s]+))?(?:\s+WHERE\s.*)?\s*$"
)
NAMED = regex(r"(?is)^(.*\S)\s+AS\s+([\w.\"']+)$")
WORD = regex(
    r"(?P<text>'(?:[^']|'')*'|\"[^\"]*\")|(?P<path>[A-Za-z_]\w*(?:\.\w+|\[[^\]]*\])*)(?P<call>\s*\()?"
    r"|(?P<all>\*)"
)
TAIL = regex(r"(?:\.\w+|\[[^\]]*\])*")
NO_FIELDS = frozenset({
    *("and", "or", "not", "in", "between", "case", "when", "then", "else", "end", "as", "null"),
    *("true", "false", "undefined", "value", "distinct", "select", "from", "where"),
    *("int", "integer", "float", "decimal", "string", "boolean"),
})  # fmt: skip
NOTHING = regex(  # what these give tells nothing of what they are given
    r"(?i)(topic|timestamp|clientid|principal|accountid|newuuid|traceid|md2|md5|sha\w+|length|isnull"
    r"|isundefined|rand|regexp_matches|startswith|endswith|indexof|sourceip|get_mqtt_property"
    r"|numbytes|parse_time|time_to_epoch|machinelearning_predict|get_registry_data)$"
)
KEEPING = frozenset(
    {"concat", "encode", "decode", "cast", "lower", "upper", "trim", "get", "replace"}
)
ASKING = {"get_dynamodb": "table", "aws_lambda": "function", "get_secret": "secret"}
SUBSTITUTED = regex(r"\$\{([^}]{0,2000})\}")
SPACE = regex(r"\s+")
DEEPEST = 20  # functions in functions; what is deeper is not looked at


class Part(Struct, frozen=True):
    """Content that an expression names: a ``field`` of the message, or what it asks for.

    ``kind`` is ``field``, ``table``, ``secret`` or ``function``; ``said`` are what stands between
    the brackets of what is asked, first what names it.
    """

    kind: str
    path: Tokens = ()
    said: tuple[str, ...] = ()


class Selected(Struct, frozen=True):
    """A member of what a rule hands on: where it stands, what it is made of, whether as it is."""

    at: Tokens
    parts: tuple[Part, ...]
    exact: bool


class Query(Struct, frozen=True):
    """What a rule selects, and the filter of topics that it listens to."""

    selected: tuple[Selected, ...]
    topic: str


def query(said: str) -> Query | None:
    """Return what a statement says; None where it cannot be read."""
    found = CLAUSES.match(SPACE.sub(" ", said).strip())
    if not found:
        return None
    topic = (found["topic"] or "").strip("'\"")
    chosen = tuple(
        _selected(each, whole=bool(found["value"])) for each in split(found["list"]) if each
    )
    return Query(chosen, topic)


def substitutions(said: str) -> tuple[Part, ...]:
    """Return what the ``${…}`` of an action's setting name."""
    return tuple(part for found in SUBSTITUTED.finditer(said) for part in parts(found[1]))


def written(value: Value) -> tuple[str, list[Value]]:
    """Return a text with a character for each symbol in it, and the symbols in their order."""
    held: list[Value] = []
    pieces = []
    for part in value.parts if isinstance(value, Text) else (value,):
        if isinstance(part, str):
            pieces.append(part)
        else:
            pieces.append(chr(FIRST + len(held)))
            held.append(part)
    return "".join(pieces), held


def matches(topic: str, filter: str) -> bool:
    """Tell whether messages under a topic may come to a filter; ``${…}`` may be anything."""
    asked, given = filter.split("/"), SUBSTITUTED.sub("+", topic).split("/")
    for index, step in enumerate(asked):
        if step == "#":
            return True
        if index >= len(given) or not ({step, given[index]} & {"+"} or step == given[index]):
            return False
    return len(asked) == len(given)


# ---------------------------------------------------------------------- the list


def _selected(said: str, *, whole: bool) -> Selected:
    named = NAMED.match(said.strip())
    expression = (named[1] if named else said).strip()
    found = tuple(parts(expression))
    bare = re.fullmatch(r"[A-Za-z_][\w.]*", expression)
    if whole or expression == "*":
        at: Tokens = ()
    elif named:
        at = tokens(named[2].strip("\"'"))
    else:
        at = tokens(expression)[-1:] if bare else ()
    head = re.match(r"(\w+)\s*\(", expression)
    kept = bool(head and head[1].lower() in {*KEEPING, *ASKING})
    return Selected(at, found, bool(bare) or expression == "*" or kept)


def parts(said: str, deeper: int = DEEPEST) -> Iterator[Part]:
    """Yield what an expression names; a function's answer stands for what it is asked with."""
    done = 0
    for word in WORD.finditer(said):
        if word.start() < done:
            continue
        if word["all"]:
            if _is_star(said, word.start()):
                yield Part("field")
        elif word["call"]:
            done = _closed(said, word.end() - 1)
            inside = said[word.end() : done - 1]
            tail = TAIL.match(said, done)
            done = tail.end() if tail else done
            yield from _called(word["path"].lower(), inside, tail[0] if tail else "", deeper)
        elif word["path"] and word["path"].lower() not in NO_FIELDS:
            yield Part("field", tokens(word["path"]))


def _called(name: str, inside: str, tail: str, deeper: int) -> Iterator[Part]:
    if name in ASKING:
        yield Part(ASKING[name], tokens(tail), tuple(each.strip() for each in split(inside)))
    elif deeper and not NOTHING.match(name):
        yield from parts(re.sub(r"(?i)\s+AS\s+\w+\s*$", "", inside), deeper - 1)


def _is_star(said: str, at: int) -> bool:
    """Tell whether a star stands for the whole message and does not multiply."""
    before = said[:at].rstrip()
    return not before or before[-1] in ",("


def split(said: str) -> list[str]:
    """Split a text at the commas that stand in no bracket and no quotes."""
    depth, quote, start, found = 0, "", 0, []
    for index, character in enumerate(said):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and not depth:
            found.append(said[start:index])
            start = index + 1
    return [*found, said[start:]]


def _closed(said: str, start: int) -> int:
    """Return where the bracket that opens at ``start`` closes."""
    depth, quote = 0, ""
    for index in range(start, len(said)):
        character = said[index]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        else:
            depth += (character == "(") - (character == ")")
            if not depth:
                return index + 1
    return len(said)
