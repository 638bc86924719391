"""What API Gateway makes of a request before it hands it on: mapping templates and parameters.

A template is Velocity text that renders JSON or a form. It is read leniently, since what stands
between its directives is seldom JSON: each leaf becomes an Argument, whose sources are parts of
the request as a function would see them (``body.email``, ``queryStringParameters.id``).

Source: API Gateway's developer guide, "Mapping template and access logging variable reference"
and "Transform API requests and responses for HTTP APIs".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from checkrein.late import regex
from checkrein.model import Argument, Open, Symbol, Text, Value
from checkrein.model.values import text

FIRST, LAST = 0xE000, 0xF8FF  # private-use characters stand for what is no text
PRIVATE = regex(f"[{chr(FIRST)}-{chr(LAST)}]")
ANY_KEY = regex(f"[^.\\[\\]]*[{chr(FIRST)}-{chr(LAST)}][^.\\[\\]]*")  # a reference names it
LOCATIONS = {
    "body": "body",
    "path": "pathParameters",
    "querystring": "queryStringParameters",
    "header": "headers",
}
DIRECTIVE = regex(r"#\{?(set|foreach|if|elseif|else|end|break|stop)\}?\s*(?=(\()?)")
ASSIGNED = regex(r"\(\s*\$!?\{?([A-Za-z_]\w*)\}?\s*(?:=|\sin\s)(.*)\)\s*$", re.DOTALL)
REFERENCE = regex(r"\$!?\{?[A-Za-z_][\w-]*")
TRAIL = r"((?:\.[A-Za-z_]\w*\b(?!\())*)"  # members behind a reference, not methods
INPUT = regex(r"""\$input\.(?:json|path)\(\s*(["'])\$?\.?(.*?)\1\s*\)""" + TRAIL)
WHOLE = regex(r"\$\{?input\.body\b")
NAMED = regex(r"""\$input\.params\(\s*["']([^"']+)["']\s*\)""")
PLACED = regex(r"""\$input\.params\(\)\.(?:get\(\s*["'])?(path|querystring|header)\b["')]*"""
                    r"""(?:\.(?:get\(\s*["'])?([\w-]+))?""")  # fmt: skip
COMPUTED = regex(r"""\$input\.(?:json|path)\(\s*[^"'\s)]""")
EVERY = regex(r"""\$input\.params\((?!\s*["'])[^)]*\)"""
                   r"""(?!\.(?:get\(\s*["'])?(?:path|querystring|header)\b)""")  # fmt: skip
PARAMETERS = ("pathParameters", "queryStringParameters", "headers")
CONTEXT = regex(r"\$?\{?\bcontext\.((?:identity|authorizer)\.[\w.:]+)")
FROM_REQUEST = regex(r"\$!?\{?(?:input|context\.(?:identity|authorizer|path)|method)\b")
VARIABLE = regex(r"\$!?\{?([A-Za-z_]\w*)" + TRAIL)
PARAMETER = regex(
    r"(?:\bmethod|\bintegration|\broute|\$\{?)\.?request\.(body|path|querystring|header)"
    r"(?:\.([\w.\-\[\]$]+))?\}?"
)
LEAF = regex(r'("(?:[^"\\]|\\.)*"|[^\s{}\[\]:,"]+)(\s*:)?|([{}\[\],])')
COMMENT = regex(r"##[^\n]*|#\*.*?\*#", re.DOTALL)
FORM = regex(r"\s*[A-Za-z][\w.]*=")
BODY = Symbol("event", "body")


def hands_on_nothing(template: Value) -> bool:
    """Tell whether a template renders the same whatever the caller sends."""
    said = template.parts if isinstance(template, Text) else (template,)
    known = isinstance(template, (str, Text)) and not any(isinstance(one, Open) for one in said)
    return known and not any(FROM_REQUEST.search(one) for one in said if isinstance(one, str))


class Reader:
    """Reads the templates and parameters of one route; ``route`` tells path parameters."""

    def __init__(self, route: str) -> None:
        self._route = route
        self._held: list[Value] = []  # what each private-use character stands for
        self._sources: dict[str, tuple[Symbol, ...]] = {}
        self._variables: dict[str, tuple[Symbol, ...]] = {}

    def template(self, value: Value) -> Iterator[Argument]:
        """Yield the leaves of what a template renders; its path is ``""`` where it is one value.

        A template that nobody can read may hand on all of the body.
        """
        if not isinstance(value, (str, Text)):
            yield Argument("", Open("not read"), (BODY,))
            return
        line = self._referenced(self._undirected(COMMENT.sub("", self._encoded(value)))).strip()
        leaves = _pairs(line) if FORM.match(line) else _leaves(line)
        for path, leaf in leaves:
            yield self._argument(path, leaf)

    def parameter(self, path: str, value: Value) -> Iterator[Argument]:
        """Yield what one request parameter passes: a literal in quotes, or a part of the request.

        HTTP APIs take JSON there too, with parts of the request inside.
        """
        line = self._encoded(value)
        if line[:1] == line[-1:] == "'":
            line = line[1:-1]
        line = PARAMETER.sub(lambda found: self._hold(self._parts(found[0])), line)
        line = CONTEXT.sub(lambda found: self._hold(self._parts(found[0])), line)
        nested = _leaves(line) if line.lstrip().startswith(("{", "[")) else [("", line)]
        for below, leaf in nested:
            yield self._argument(f"{path}.{below}".strip("."), leaf)

    def filled(
        self, value: Value, pattern: re.Pattern[str], meant: Callable[[str], Iterable[Symbol]]
    ) -> Iterator[Argument]:
        """Yield the leaves of JSON or plain text in which a pattern's first group means symbols."""
        line = pattern.sub(lambda found: self._hold(meant(found[1])), self._encoded(value)).strip()
        nested = _leaves(line) if line.startswith(("{", "[")) else [("", line)]
        for path, leaf in nested:
            yield self._argument(path, leaf)

    # ------------------------------------------------------------------ text to characters

    def _encoded(self, value: Value) -> str:
        parts = value.parts if isinstance(value, Text) else (value,)
        return "".join(
            PRIVATE.sub("", p) if isinstance(p, str) else self._hold((), p) for p in parts
        )

    def _hold(self, sources: Iterable[Symbol], value: Value = None) -> str:
        found = tuple(dict.fromkeys(sources))
        if value is None:
            value = found[0] if len(found) == 1 else Open("computed")
        character = chr(min(FIRST + len(self._held), LAST))
        self._held.append(value)
        self._sources[character] = found
        return character

    def _undirected(self, line: str) -> str:
        """Return the text without directives; variables that they set are remembered."""
        kept, done = [], 0
        for found in DIRECTIVE.finditer(line):
            if found.start() < done:
                continue
            kept.append(line[done : found.start()])
            done = closed(line, found.end()) if found[2] else found.end()
            assigned = ASSIGNED.match(line[found.end() : done])
            if assigned:
                mark = "[]" if found[1] == "foreach" else ""
                self._assign(assigned[1], assigned[2], mark)
        return "".join([*kept, line[done:]])

    def _assign(self, name: str, said: str, mark: str) -> None:
        self._variables[name] = tuple(_below(s, mark) for s in self._parts(said))

    def _referenced(self, line: str) -> str:
        """Return the text with one character for each Velocity reference."""
        kept, done = [], 0
        for found in REFERENCE.finditer(line):
            if found.start() < done:
                continue
            end = _reference_end(line, found)
            said = line[found.start() : end]
            known = [self._held[ord(c) - FIRST] for c in said if FIRST <= ord(c) <= LAST]
            kept += [line[done : found.start()], self._hold(self._parts(said), *known[:1])]
            done = end
        return "".join([*kept, line[done:]])

    # ------------------------------------------------------------------ parts of the request

    def _parts(self, said: str) -> tuple[Symbol, ...]:
        """Return the parts of the request that an expression names."""
        found = [f"body.{m[2]}{m[3]}" for m in INPUT.finditer(said)]
        found += ["body" for whole in (WHOLE, COMPUTED) for _ in whole.finditer(said)]
        found += [f"{self._place(m[1])}.{m[1]}" for m in NAMED.finditer(said)]
        found += [f"{LOCATIONS[m[1]]}.{m[2] or ''}" for m in PLACED.finditer(said)]
        found += PARAMETERS if EVERY.search(said) else ()
        found += [f"requestContext.{m[1]}" for m in CONTEXT.finditer(said)]
        found += [f"{LOCATIONS[m[1]]}.{m[2] or ''}" for m in PARAMETER.finditer(said)]
        symbols = [Symbol("event", path.replace("$", "").rstrip(".")) for path in found]
        for match in VARIABLE.finditer(said):
            known = self._variables.get(match[1], ())
            symbols += [_below(symbol, match[2]) for symbol in known]
        return tuple(dict.fromkeys(symbols))

    def _place(self, name: str) -> str:
        return "pathParameters" if f"{{{name}" in self._route else "queryStringParameters"

    # ------------------------------------------------------------------ characters to values

    def _argument(self, path: str, leaf: str) -> Argument:
        sources = [s for c in leaf for s in self._sources.get(c, ())]
        parts = [self._held[ord(c) - FIRST] if FIRST <= ord(c) <= LAST else c for c in leaf]
        return Argument(ANY_KEY.sub("{}", path), text(parts), tuple(dict.fromkeys(sources)))


def _below(symbol: Symbol, rest: str) -> Symbol:
    return Symbol(symbol.owner, f"{symbol.attribute}{rest}")


def closed(line: str, start: int) -> int:
    """Return where the bracket that opens at ``start`` closes, quoted brackets aside."""
    depth, quote = 0, ""
    for index in range(start, len(line)):
        character = line[index]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
            if not depth:
                return index + 1
    return len(line)


MEMBER = regex(r"\.[A-Za-z_][\w-]*|\}")


def _reference_end(line: str, found: re.Match[str]) -> int:
    """Return where a reference ends: members, calls and the closing brace belong to it."""
    end = found.end()
    while end < len(line):
        if line[end] == "(":
            end = closed(line, end)
            continue
        member = MEMBER.match(line, end)
        if not member or (member[0] == "}" and "{" not in found[0]):
            break
        end = member.end()
        if member[0] == "}":
            break
    return end


def _leaves(line: str, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield paths and values of JSON-like text; text in a string that is JSON itself, too."""
    steps, key = [above], ""
    for match in LEAF.finditer(line):
        word, colon, mark = match.groups()
        if mark in {"{", "["}:
            steps.append(key + ("[]" if mark == "[" else ""))
        elif mark in {"}", "]"}:
            steps = steps[:-1] or [above]
        elif word and colon:
            key = word.strip('"')
            continue
        elif word:
            yield from _leaf(".".join(filter(None, [*steps, key])), word)
        key = ""


def _leaf(path: str, word: str) -> Iterator[tuple[str, str]]:
    inner = word[1:-1].replace('\\"', '"') if word[0] == '"' else word
    if inner.lstrip().startswith(("{", "[")):
        yield from _leaves(inner, path)
    else:
        yield path, inner


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """Yield names and values of a form."""
    for pair in line.split("&"):
        name, _, value = pair.partition("=")
        yield name.strip(), value.strip()


def quoted(parameters: Mapping[str, Value], name: str) -> str:
    """Return the literal that a request parameter passes, ``""`` where it is none; any case."""
    for key, value in parameters.items():
        if key.lower() == name.lower() and isinstance(value, str) and value[:1] == "'":
            return value.strip("'")
    return ""
