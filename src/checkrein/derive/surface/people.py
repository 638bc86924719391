"""Who gets in, and who gets further than by rights: entries and escalations as lines."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.entrances.operations import every_operation
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.surface.told import Told
from checkrein.model import App, Entry, Escalation, Kind
from checkrein.model.surface import IF, KEYED

CHECKABLE = frozenset({"http", "websocket", "url"})  # kinds of entry whose body a model may check
UNCHECKED = "whatever body they send"


def entries(app: App, directory: Directory) -> Iterator[Told]:
    """Yield who may use each way into a function."""
    keyed = {(each.api, each.route) for each in every_operation(directory) if each.keyed}
    for entry in app.every(Entry):
        key = " ".join(filter(None, (entry.kind, entry.source, entry.route)))
        free = entry.kind in CHECKABLE and not entry.validated
        asked = (entry.source, entry.route) in keyed and entry.kind in CHECKABLE
        caller = with_key(entry.identity) if asked else entry.identity
        who = (caller, *((UNCHECKED,) if free else ()))
        yield Told(Kind.ENTRY, entry.function, key, who, entry.evidence)


def with_key(identity: str) -> str:
    """Say that somebody may use a route who sends an API key, too."""
    return f"{identity}{IF}{KEYED}"


def gains(app: App) -> Iterator[Told]:
    """Yield what each identity gets hold of in one step beyond its rights."""
    for step in app.every(Escalation):
        key = f"{step.level} {step.gains}"
        yield Told(Kind.GAIN, step.identity, key, (step.target,), step.evidence)
