"""serverless-middleware: handlers that run one after another, as one function.

``custom.middleware.pre`` stands before every handler, ``middleware`` of a function (``handler`` in
older releases) lists its own. One that only catches errors runs for none that goes well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.read.serverless.parts import Part

if TYPE_CHECKING:
    from checkrein.read.serverless.document import Document

PLUGIN = "serverless-middleware"


def chain(document: Document, function: Part) -> list[Part]:
    """Return the handlers that a function runs, the one that answers last; [] for a plain one."""
    own = _listed(function["middleware"]) or _listed(function["handler"])
    before = _listed(document.root.at("custom", "middleware", "pre"))
    if not own and before and function["handler"].word:
        own = [function["handler"]]
    return [*before, *own] if own else []


def _listed(part: Part) -> list[Part]:
    if not isinstance(part.value, list):
        return []
    every = [one["then"] if one.is_map else one for one in part]
    return [one for one in every if one.word]
