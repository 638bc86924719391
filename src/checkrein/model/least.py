"""Least privilege of one function: what it needs, what it has too much, what it lacks, the fix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from checkrein.model.app import App
from checkrein.model.places import NOWHERE, Place
from checkrein.model.verdicts import Edit


class Right(Struct, frozen=True):
    """An action on what an ARN stands for, in words of the template: ``${Orders.Arn}/index/*``.

    ``reason`` says who needs it, and why the ARN is no narrower; of an excess ``witness`` is an
    ARN that is allowed and not needed, where another part of the resource is.
    """

    action: str
    resource: str
    reason: str = ""
    place: Place = NOWHERE
    witness: str = ""


class Least(Struct, frozen=True):
    """One function's rights, which are those of its role, for all functions that share it.

    ``identity`` is the role's id, its ARN outside the app, or ``""``; ``shared`` are the other
    functions with this role. ``policy`` is the least document, symbols in the words of a template.
    ``kept`` says which rights nobody can call needless, and why; ``why_not``, why no edit takes
    some or all of the excess away, or adds what is missing.
    """

    function: str
    identity: str
    shared: tuple[str, ...]
    needed: tuple[Right, ...]
    excess: tuple[Right, ...]
    missing: tuple[Right, ...]
    policy: dict[str, Any]
    kept: tuple[str, ...] = ()
    why_not: tuple[str, ...] = ()


class Leasts(Struct, frozen=True):
    """The functions that were asked for; ``edits`` change the files that hold their policies."""

    root: Path
    app: App
    leasts: tuple[Least, ...]
    edits: tuple[Edit, ...] = ()
