"""A table by hand says each thing once: YAML takes the last of two, and the first is lost unseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
import yaml

from checkrein.catalog.packed import FOLDER

TABLES = sorted(path.name for path in FOLDER.iterdir() if path.suffix == ".yaml")


def repeated(node: yaml.Node | None) -> Iterator[str]:
    """Yield the keys that a mapping has twice, with their lines."""
    children: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        counts = Counter(str(key.value) for key, _ in node.value)
        for key, value in node.value:
            if counts[str(key.value)] > 1:
                yield f"{key.value} (line {key.start_mark.line + 1})"
            children.append(value)
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    for child in children:
        yield from repeated(child)


@pytest.mark.parametrize("name", TABLES)
def test_no_key_stands_twice(name: str) -> None:
    assert list(repeated(yaml.compose((FOLDER / name).read_bytes(), yaml.CSafeLoader))) == []


def test_a_repeated_key_is_seen() -> None:
    found = repeated(yaml.compose("a: {b: 1, c: 2, b: 3}", yaml.CSafeLoader))
    assert list(found) == ["b (line 1)", "b (line 1)"]
