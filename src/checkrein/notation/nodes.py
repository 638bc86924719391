"""Text to YAML nodes: libyaml's composer, guarded; a JSON reader where JSON is not YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.notation.json_nodes import read_json

PREFIX = "tag:yaml.org,2002:"
TEXT, SEQUENCE, MAPPING = f"{PREFIX}str", f"{PREFIX}seq", f"{PREFIX}map"
BLOCK = ("|", ">")  # styles of texts that are written line by line
DEEPEST = 100  # levels; real templates stay under 40, and Python recurses to 1,000 frames
SUSPECT = 900  # below this, libyaml's C recursion is known to be safe
INDENTED = regex(rf"^[ ?\t-]{{{SUSPECT},}}", re.MULTILINE)
BRACKET = regex(r"[\[\]{}]")


def compose(text: str, path: str) -> tuple[yaml.Node | None, list[yaml.Node]]:
    """Return the first document's root and the roots of the others; raise InputError."""
    refuse_deep(text, path)
    try:
        return _yaml(text)
    except yaml.YAMLError as error:
        if text.lstrip()[:1] in ("{", "["):
            return read_json(text, path), []
        raise _input_error(error, path) from None


def _yaml(text: str) -> tuple[yaml.Node | None, list[yaml.Node]]:
    loader = yaml.CSafeLoader(text)
    vars(loader).update(resolve=_tag, descend_resolver=_nothing, ascend_resolver=_nothing)
    try:
        first = loader.get_node() if loader.check_node() else None
        others: list[yaml.Node] = []
        while loader.check_node():
            others += filter(None, [loader.get_node()])
        return first, others
    finally:
        loader.dispose()


def _tag(kind: type[yaml.Node], value: str | None, implicit: Any) -> str:
    """Return the tag of a node that has none: PyYAML's own way asks for paths too, for each.

    ``implicit`` tells of a scalar whether it is plain, and whether it is not.
    """
    if value is None:
        return MAPPING if kind is yaml.MappingNode else SEQUENCE
    if implicit[0]:  # plain, so it may be a number or the like
        for tag, form in yaml.CSafeLoader.yaml_implicit_resolvers.get(value[:1], ()):
            if form.match(value):
                return str(tag)
    return TEXT


def _nothing(*_: object) -> None:
    pass


def block_end(scalar: Any, lines: Sequence[str]) -> tuple[int, int]:
    """Return the line and column at which a block scalar ends, blank lines behind it left out.

    ``scalar`` is a node or an event of one of ``BLOCK``, ``lines`` are those of the text.
    """
    line = scalar.end_mark.line
    if scalar.end_mark.column or line >= len(lines):
        line = min(line, len(lines) - 1)
    else:
        line -= 1
    while line > scalar.start_mark.line and not lines[line].strip():
        line -= 1
    return line + 1, len(lines[line]) + 1


def _input_error(error: yaml.YAMLError, path: str) -> InputError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    line = _line(mark)
    where = f" (line {line})" if line else ""
    return InputError(f"this is not valid YAML or JSON{where}: {problem}", path, line)


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 0


def refuse_deep(text: str, path: str) -> None:
    """Raise InputError before libyaml's composer would overflow the C stack."""
    brackets = text.count("[") + text.count("{")
    if not INDENTED.search(text) and (brackets < SUSPECT or _bracket_depth(text) < SUSPECT):
        return
    depth = 0
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    raise too_deep(path, _line(event.start_mark))
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError as error:
        raise _input_error(error, path) from None


def too_deep(path: str, line: int) -> InputError:
    """Return the error for a document that is nested beyond reason."""
    sentence = f"line {line} is nested deeper than {DEEPEST} levels; flatten the document"
    return InputError(sentence, path, line)


def _bracket_depth(text: str) -> int:
    depth = deepest = 0
    for found in BRACKET.finditer(text):
        depth += 1 if found.group() in "[{" else -1
        deepest = max(deepest, depth)
    return deepest
