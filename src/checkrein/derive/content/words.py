"""How nodes and data classes are called in evidence: in words that need no manual."""

from __future__ import annotations

from functools import lru_cache

from checkrein.catalog.data_classes import title
from checkrein.model import Slot

PARTS = {
    "response": "what {} answers",
    "logs": "the log of {}",
    "output": "what {} prints",
    "sealed": "the passwords of {}",
    "history": "the execution history of {}",
    "host": "a host that {} computes",
    "browser": "the browser",
    "internet": "the internet",
    "recipients": "the people it writes to",
    "users": "its signed-in users",
    "default-bus": "the default event bus",
}


@lru_cache(maxsize=65_536)  # a role that all functions share has the square of their rights
def short(node: str) -> str:
    """Return what a reader calls a node: ``api/Rides`` is Rides, ``api/F@logs`` the log of F."""
    owner, _, part = node.rpartition("@")
    if part in PARTS and owner:
        return PARTS[part].format(owner.rpartition("/")[2])
    return node.removeprefix("host:").rpartition("/")[2]


def content(slot: Slot) -> str:
    """Return what a reader calls a slot's content: its path, else the whole of the node."""
    return slot.path or f"all of {short(slot.node)}"


def likeness(data: str) -> str:
    """Return what a class is called: ``pii.address`` is "postal address"."""
    return title(data)
