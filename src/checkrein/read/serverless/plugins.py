"""Plugins: what those that are known add, and which of the others may add something."""

from __future__ import annotations

from checkrein.read.serverless.document import Document
from checkrein.read.serverless.functions import Deployed
from checkrein.read.serverless.parts import Part


def plugins(document: Document) -> list[Part]:
    """Return the plugins that a service names."""
    declared = document.root["plugins"]
    return list(declared["modules"] if declared.is_map else declared)


def apply_plugins(document: Document, functions: list[Deployed]) -> None:
    """Add what the plugins add that are known."""


def known_events(_document: Document) -> tuple[str, ...]:
    """Return the kinds of event that plugins of the service bring."""
    return ()


def note_unknown(document: Document) -> None:
    """Say which plugins are not known, and may change what is deployed."""
