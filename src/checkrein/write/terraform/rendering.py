"""Arguments and nested blocks as HCL, in the style of ``terraform fmt``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from checkrein.model.values import Open, Symbol, Text
from checkrein.write.refusals import CannotEdit

WORD = re.compile(r"[A-Za-z_][\w-]*")
WIDEST = 100  # columns, beyond which a list stands on several lines
STEP = "  "
Refer = Callable[[Symbol], str]  # how a symbol is said as an expression


@dataclass
class Content:
    """What a block is given: arguments as HCL, and nested blocks by their name."""

    arguments: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, list[Content]] = field(default_factory=dict)

    def say(self, name: str, told: str) -> None:
        """Give an argument; raise CannotEdit where it says something else already."""
        if self.arguments.setdefault(name, told) != told:
            raise CannotEdit(f"two fixes want different values of {name}")

    def inner(self, name: str, index: int = 0) -> Content:
        """Return a nested block, a new one if there is none."""
        group = self.blocks.setdefault(name, [])
        while len(group) <= index:
            group.append(Content())
        return group[index]

    def lines(self) -> list[str]:
        """Return the block's content, a blank line before each nested block."""
        found = aligned(self.arguments.items())
        for name, group in self.blocks.items():
            for each in group:
                found += [""] if found else []
                found += block_lines(name, each)
        return found


def block_lines(header: str, content: Content) -> list[str]:
    """Return a block with its braces."""
    inner = content.lines()
    if not inner:
        return [f"{header} {{}}"]
    return [f"{header} {{", *indented(inner), "}"]


def indented(lines: Iterable[str], by: str = STEP) -> list[str]:
    return [f"{by}{line}" if line else line for line in lines]


def aligned(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return ``name = value`` lines; runs of values on one line have their ``=`` below each other.

    What takes several lines stands behind the others.
    """
    given = list(pairs)
    flat = [(name, value) for name, value in given if "\n" not in value]
    width = max((len(name) for name, _ in flat), default=0)
    found = [f"{name:<{width}} = {value}" for name, value in flat]
    for name, value in given:
        if "\n" in value:
            found += f"{name} = {value}".split("\n")
    return found


def rendered(value: Any, refer: Refer, *, as_json: bool = False) -> str:
    """Return a value as an expression; ``as_json`` makes a text of a structure by ``jsonencode``.

    Raise CannotEdit for what cannot be said.
    """
    if as_json and isinstance(value, (dict, list, tuple)):
        return f"jsonencode({rendered(value, refer)})"
    if isinstance(value, dict):
        return _object(value, refer)
    if isinstance(value, (list, tuple)):
        return _tuple([rendered(item, refer) for item in value])
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, Symbol):
        return refer(value)
    return "".join(_quoted(value, refer))


def _object(value: dict[str, Any], refer: Refer) -> str:
    if not value:
        return "{}"
    pairs = [(_key(key), rendered(item, refer)) for key, item in value.items()]
    return "\n".join(["{", *indented(_in_order(pairs)), "}"])


def _in_order(pairs: list[tuple[str, str]]) -> list[str]:
    """Return the lines of pairs, aligned in runs as they come."""
    found: list[str] = []
    run: list[tuple[str, str]] = []
    for name, value in pairs:
        if "\n" in value:
            found += [*aligned(run), *f"{name} = {value}".split("\n")]
            run = []
        else:
            run.append((name, value))
    return found + aligned(run)


def _key(key: str) -> str:
    return key if WORD.fullmatch(key) else f'"{plain(key)}"'


def _tuple(items: list[str]) -> str:
    flat = f"[{', '.join(items)}]"
    if len(flat) <= WIDEST and "\n" not in flat:
        return flat
    if len(items) == 1:
        return f"[{items[0]}]"
    lines = [line for item in items for line in f"{item},".split("\n")]
    return "\n".join(["[", *indented(lines), "]"])


def _quoted(value: Any, refer: Refer) -> Iterator[str]:
    parts = value.parts if isinstance(value, Text) else (value,)
    if any(not isinstance(part, (str, Symbol)) for part in parts):
        raise CannotEdit(f"checkrein cannot write {value} in Terraform")
    yield '"'
    for part in parts:
        yield f"${{{refer(part)}}}" if isinstance(part, Symbol) else plain(part)
    yield '"'


def plain(text: str | Open) -> str:
    """Return a text as it stands between quotes, where ``${`` and ``%{`` begin a template."""
    escaped = json.dumps(str(text), ensure_ascii=False)[1:-1]
    return escaped.replace("${", "$${").replace("%{", "%%{")
