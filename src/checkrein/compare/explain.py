"""Explain one thing of an app: who reaches it, how, and where to look."""

from __future__ import annotations

from checkrein.catalog.services import service
from checkrein.compare.chains import Chains
from checkrein.compare.resource import Reachers, headline
from checkrein.compare.scene import Scene
from checkrein.compare.subjects import subject_of
from checkrein.compare.words import listed
from checkrein.derive.content.words import likeness, short
from checkrein.model import NOWHERE, App, Explanation, Row

LEVELS = {"direct": "by rights", "takeover": "by takeover", "influence": "by influence"}


def explain(app: App, word: str) -> Explanation:
    """Explain a resource, function, role or class of data.

    ``word`` is an id, its end, a physical name, an ARN, or a class's id, title or family. Raises
    UsageError where it means nothing or several things.
    """
    scene = Scene(app)
    subject = subject_of(scene, word)
    explained = {"resource": _resource}
    return explained[subject.kind](scene, subject.id)


def _resource(scene: Scene, id: str) -> Explanation:
    reached = Reachers(scene, Chains(scene), id).all()
    resource, row = scene.resource(id), scene.rows.get(id)
    kind = resource.type if resource else row.service if row else ""
    return Explanation(
        subject=id,
        kind="resource",
        text=f"{short(id)}: {headline(scene, reached)}",
        described=f"{id}, {service(kind) if '::' in kind else kind} ({kind})",
        place=resource.place if resource else NOWHERE,
        notes=_held(row),
        parts=reached.parts,
    )


def _held(row: Row | None) -> tuple[tuple[str, str], ...]:
    """Say which data a row is meant to hold, holds, and could hold by each level."""
    if row is None:
        return ()
    notes = [("meant to hold", row.intended), ("seen in code", row.coded)]
    for level, word in LEVELS.items():
        data = tuple(r.data for r in row.reasons if r.level == level and r.data not in row.coded)
        notes.append((f"could also hold {word}", data))
    said = [(title, listed(map(likeness, data), 6)) for title, data in notes if data]
    return (*said, ("risk", f"{row.risk} of 3"))
