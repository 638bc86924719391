"""A positioned JSON reader, for JSON that YAML 1.1 refuses (tabs, surrogates, long keys)."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

import yaml

from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.notation.texts import line_starts

TOKEN = regex(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")|(?P<mark>[\[\]{}:,])'
    r"|(?P<word>true|false|null|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?))"
)
TAGS = {"true": "bool", "false": "bool", "null": "null"}
PREFIX = "tag:yaml.org,2002:"
DEEPEST = 100


def read_json(text: str, path: str) -> yaml.Node:
    """Return the YAML nodes of a JSON text; raise InputError with the line."""
    return _Reader(text, path).document()


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        self.starts = line_starts(text)
        self.end = 0
        self.depth = 0

    def document(self) -> yaml.Node:
        node = self.value(self.token())
        if self.text[self.end :].strip():
            raise self.error("text after the end of the document")
        return node

    def token(self) -> re.Match[str]:
        found = TOKEN.match(self.text, self.end)
        if found is None:
            raise self.error("a value, a key or a bracket is missing")
        self.end = found.end()
        return found

    def value(self, token: re.Match[str]) -> yaml.Node:
        mark = token["mark"]
        if mark in ("{", "["):
            return self.collection(token)
        if mark:
            raise self.error(f"a {mark!r} stands where a value is expected")
        return self.scalar(token)

    def scalar(self, token: re.Match[str]) -> yaml.Node:
        kind = "string" if token["string"] else "word"
        start, end = self.mark(token.start(kind)), self.mark(token.end(kind))
        if token["string"]:
            value = json.loads(token["string"], strict=False)
            return yaml.ScalarNode(f"{PREFIX}str", value, start, end, style='"')
        word = token["word"]
        tag = TAGS.get(word) or ("int" if word.lstrip("-").isdigit() else "float")
        return yaml.ScalarNode(PREFIX + tag, word, start, end)

    def collection(self, token: re.Match[str]) -> yaml.Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"nested deeper than {DEEPEST} levels")
        start = self.mark(token.start("mark"))
        is_map = token["mark"] == "{"
        items: list[object] = []
        separator = self.token()
        while separator["mark"] not in ("}", "]"):
            items.append(self.pair(separator) if is_map else self.value(separator))
            separator = self.token()
            if separator["mark"] == ",":
                separator = self.token()
            elif separator["mark"] not in ("}", "]"):
                raise self.error("a comma is missing")
        self.depth -= 1
        if (separator["mark"] == "}") != is_map:
            raise self.error("the closing bracket is of the other kind")
        kind = yaml.MappingNode if is_map else yaml.SequenceNode
        tag = PREFIX + ("map" if is_map else "seq")
        return kind(tag, items, start, self.mark(self.end), flow_style=True)

    def pair(self, token: re.Match[str]) -> tuple[yaml.Node, yaml.Node]:
        if not token["string"]:
            raise self.error("a key must be a string in double quotes")
        key = self.scalar(token)
        if self.token()["mark"] != ":":
            raise self.error("a colon is missing after the key")
        return key, self.value(self.token())

    def mark(self, offset: int) -> yaml.Mark:
        line = bisect_right(self.starts, offset) - 1
        return yaml.Mark(self.path, offset, line, offset - self.starts[line], None, 0)

    def error(self, problem: str) -> InputError:
        line = bisect_right(self.starts, self.end)
        return InputError(f"this is not valid JSON (line {line}): {problem}", self.path, line)
