"""Who gets in, and who gets further than by rights: entries and escalations as lines."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.surface.told import Told
from checkrein.model import App, Entry, Escalation, Kind

CHECKABLE = frozenset({"http", "websocket", "url"})  # kinds of entry whose body a model may check
UNCHECKED = "whatever body they send"


def entries(app: App) -> Iterator[Told]:
    """Yield who may use each way into a function."""
    for entry in app.every(Entry):
        key = " ".join(filter(None, (entry.kind, entry.source, entry.route)))
        free = entry.kind in CHECKABLE and not entry.validated
        who = (entry.identity, *((UNCHECKED,) if free else ()))
        yield Told(Kind.ENTRY, entry.function, key, who, entry.evidence)


def gains(app: App) -> Iterator[Told]:
    """Yield what each identity gets hold of in one step beyond its rights."""
    for step in app.every(Escalation):
        key = f"{step.level} {step.gains}"
        yield Told(Kind.GAIN, step.identity, key, (step.target,), step.evidence)
