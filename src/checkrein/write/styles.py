"""How a file is written, so that what is added looks as if its author had written it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import yaml

from checkrein.notation import Tree


@dataclass(frozen=True)
class Style:
    """Indentation steps in spaces, line ends, whether short tags (``!Ref``) and JSON are used."""

    step: int = 2
    list_step: int = 2  # from a key to the dashes of its list; 0 where they align
    newline: str = "\n"
    short_tags: bool = True
    json: bool = False
    tabs: bool = False  # JSON only


def style_of(tree: Tree) -> Style:
    """Return a file's style, by what is commonest in it."""
    steps: Counter[int] = Counter()
    dashes: Counter[int] = Counter()
    tags = set()
    for path, key in tree.keys.items():
        node: Any = tree.nodes[path]
        tags.add(node.tag[:1] == "!")
        if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
            continue
        shift = node.start_mark.column - key.start_mark.column
        if node.start_mark.line > key.start_mark.line:
            (dashes if isinstance(node, yaml.SequenceNode) else steps)[shift] += 1
    json_text = is_json(tree.text)
    step = _json_step(tree.text) if json_text else _commonest(steps, 2)
    return Style(
        step=step,
        list_step=_commonest(dashes, step),
        newline="\r\n" if "\r\n" in tree.text else "\n",
        short_tags=True in tags or not any(path[-1:] == ("Ref",) for path in tree.keys),
        json=json_text,
        tabs=json_text and bool(re.search(r"[\r\n]\t", tree.text)),
    )


def is_json(text: str) -> bool:
    """Tell whether a document is JSON, and has to stay so."""
    try:
        return text.lstrip()[:1] == "{" and isinstance(json.loads(text, strict=False), dict)
    except (ValueError, RecursionError):
        return False


def _json_step(text: str) -> int:
    found = re.search(r"[\r\n]( +)\S", text)
    return len(found.group(1)) if found else 2


def _commonest(counts: Counter[int], otherwise: int) -> int:
    return counts.most_common(1)[0][0] if counts else otherwise
