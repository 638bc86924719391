"""What no template declares: a log, a third party, the internet, the people an app serves."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.contents import contents
from checkrein.compare.scene import Scene
from checkrein.compare.words import listed
from checkrein.derive.content.words import likeness, short
from checkrein.model import LEVELS, Evidence, Explanation, Flow, Part, Row, Way

SHOWN = 3  # classes and senders in a sentence
COMES = {
    "direct": "could come to it by rights and wiring as they are",
    "takeover": "could come to it if one thing takes over another",
    "influence": "could come to it if one thing makes another act",
}


def node(scene: Scene, id: str) -> Explanation:
    """Explain a row of the table that is no resource of a template."""
    row = scene.rows[id]
    sent = tuple(_sent(scene, id))
    parts = (
        Part("senders", "What code and wiring put there", sent),
        Part("coded", "Which data that is", tuple(_data(scene, row, "coded"))),
        Part("potential", "Which data could come there", tuple(_data(scene, row, "potential"))),
    )
    return Explanation(
        subject=id,
        kind="resource",
        text=f"{short(id)}: {_headline(scene, row, sent)}",
        described=f"{id}, {row.service}",
        notes=contents(scene, row),
        parts=tuple(part for part in parts if part.ways),
    )


def _headline(scene: Scene, row: Row, sent: tuple[Way, ...]) -> str:
    if row.coded:
        senders = sorted({id for way in sent for id in way.who})
        by = f" from {listed(map(scene.name, senders), SHOWN)}" if senders else ""
        return f"code puts {listed(map(likeness, scene.valuable(row.coded)), SHOWN)} there{by}"
    direct = [r.data for r in row.reasons if r.level == LEVELS[0]]
    found = direct or list(row.potential)
    if not found:
        return "nothing that is known comes there"
    level = LEVELS[0] if direct else row.reasons[0].level
    return f"{listed(map(likeness, scene.valuable(found)), SHOWN)} {COMES[level]}"


def _sent(scene: Scene, id: str) -> Iterator[Way]:
    """Tell who puts something there, each sender once."""
    found: dict[str, list[Flow]] = {}
    for flow in scene.app.every(Flow):
        if flow.target.node == id:
            owner = flow.via.partition("<")[0]
            found.setdefault(owner, []).append(flow)
    for sender, flows in sorted(found.items()):
        steps: dict[Evidence, None] = dict.fromkeys(flow.steps[-1] for flow in flows if flow.steps)
        yield Way(
            text=f"{scene.name(sender)} puts something there",
            who=(sender,),
            target=(id,),
            steps=tuple(steps),
        )


def _data(scene: Scene, row: Row, basis: str) -> Iterator[Way]:
    reasons = {reason.data: reason for reason in row.reasons if reason.basis == basis}
    valuable = [reasons[data] for data in scene.valuable(reasons)]
    for reason in sorted(valuable, key=lambda each: LEVELS.index(each.level)):
        comes = "is there" if basis == "coded" else COMES[reason.level]
        yield Way(
            text=f"{likeness(reason.data)} {comes}",
            who=(row.id,),
            target=(row.id,),
            level=reason.level if basis == "potential" else "",
            data=(reason.data,),
            steps=reason.steps,
        )
