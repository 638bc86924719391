"""Which class of its library each construct of an app has, as ``tree.json`` says."""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

from checkrein import files
from checkrein.read.cdk.assembly import document
from checkrein.read.cdk.written import outermost
from checkrein.read.paths import joined

DEEPEST = 60


@files.remembered
def kinds(root: File, assembly: str) -> dict[str, str]:
    """Return construct paths with the names of their classes, without module.

    A class of the team has that of the library's class it extends.
    """
    found: dict[str, str] = {}
    tree = document(root, joined(outermost(assembly), "tree.json")).get("tree")
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if not isinstance(node, dict) or depth > DEEPEST:
            continue
        path, info = node.get("path"), node.get("constructInfo")
        if isinstance(path, str) and isinstance(info, dict):
            found[path] = str(info.get("fqn", "")).rpartition(".")[2]
        waiting += [(child, depth + 1) for child in _children(node)]
    return found


def _children(node: dict[str, Any]) -> list[Any]:
    children = node.get("children")
    if isinstance(children, dict):
        return list(children.values())
    return children if isinstance(children, list) else []
