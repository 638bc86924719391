"""The nodes of a picture: rows of the table, what leads to them, and people outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.catalog.services import kind, service
from checkrein.compare.picture.zones import Zones
from checkrein.compare.scene import ANYONE, Scene
from checkrein.derive.access.identities import ROLES
from checkrein.derive.content.words import short
from checkrein.derive.table.rows import PARTS
from checkrein.derive.table.takeover import SETTINGS
from checkrein.derive.table.worth import stars
from checkrein.model import NOWHERE, Data, Row
from checkrein.model.addresses import untyped
from checkrein.model.picture import COLUMNS, Node, Zone
from checkrein.model.workloads import runs_code

KINDS = {  # kind -> column
    **dict.fromkeys(("people", "browser"), "people"),
    **dict.fromkeys(("cdn", "dns", "waf"), "edge"),
    **dict.fromkeys(("api", "pool", "balancer"), "api"),
    **dict.fromkeys(("compute", "workflow", "role", "account"), "compute"),
    **dict.fromkeys(("queue", "topic", "bus", "stream"), "queue"),
    **dict.fromkeys(("store", "secret", "parameter", "key"), "store"),
    "log": "log",
    **dict.fromkeys(("host", "internet", "recipients"), "outside"),
}
OUTSIDE = ("people", "browser", "host", "internet", "recipients")  # kinds that no stack holds
OWN = {  # types whose kind in a picture says more than that of their service
    "AWS::WAFv2::WebACL": "waf",
    "AWS::WAF::WebACL": "waf",
    "AWS::WAFRegional::WebACL": "waf",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "balancer",
    "AWS::ElasticLoadBalancing::LoadBalancer": "balancer",
}
INSIDE = (*PARTS, SETTINGS)  # nodes that are part of another
CALLERS = "@callers"
ACCOUNT = "@account"
PEOPLE = ("@anyone", "@users", "@browser")
SPECIALS = {
    **dict.fromkeys(("@anyone", "@users", CALLERS), "people"),
    **{f"@{part}": part for part in ("browser", "host", "internet", "recipients", "account")},
    "@default-bus": "bus",
    "@logs": "log",
}


class Nodes:
    """What may stand in a picture of an app."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._zones = Zones(scene.directory)
        self._homes: dict[str, str] = {}
        self._values = {data.id: data.value for data in scene.app.every(Data)}
        self._people: dict[str, tuple[str, str]] = {}  # id -> name, deployment

    def rows(self) -> Iterable[str]:
        """Return the ids of the table's rows."""
        return self._scene.rows

    def row(self, id: str) -> Row | None:
        """Return a node's row, if the table has one."""
        return self._scene.rows.get(id)

    def parts(self, id: str) -> tuple[str, ...]:
        """Return the nodes of the closure that are one row of the table."""
        row = self._scene.rows[id]
        return (id,) if runs_code(row.type) else (id, *(f"{id}{part}" for part in PARTS))

    def home(self, id: str) -> str:
        """Return the node that something is drawn as; "" for what is not drawn."""
        found = self._homes.get(id)
        if found is None:
            found = self._homes[id] = self._home(id)
        return found

    def _home(self, id: str) -> str:
        if id in self._scene.rows or id in self._people:
            return id
        owner, _, part = id.rpartition("@")
        if f"@{part}" in INSIDE and owner:
            return self.home(owner)
        resource = self._scene.resource(id)
        if resource is None:
            return id if id.endswith((ACCOUNT, *PEOPLE)) else ""
        followed = self._scene.directory.follow(id)
        if followed != id:
            return self.home(followed)
        return id if _kind(resource.type) in KINDS else ""

    def person(self, identity: str, near: str) -> str:
        """Return the node of those who use an entry: an identity as ``Entry.identity`` has it."""
        deployment = self._deployment(near)
        if identity.endswith("@anyone"):
            return self._anyone(deployment)
        name = self._scene.caller(identity)
        known = self._scene.resource(identity)
        id = f"{identity}{CALLERS}" if known else f"{deployment}{CALLERS}:{identity}"
        return self._add(id, name[:1].upper() + name[1:], deployment)

    def named(self, who: str, near: str) -> str:
        """Return the node of those who sign up or in, or load pages: anyone, or a pool's users."""
        deployment = self._deployment(near)
        return self._anyone(deployment) if who == ANYONE else self.person(near, near)

    def stranger(self, identity: str, near: str) -> str:
        """Return the node of somebody outside who has rights of his own."""
        deployment, called = self._deployment(near), self._scene.strangers[identity]
        if called.startswith(("anyone", "whoever")):
            return self._anyone(deployment)
        return self._add(
            f"{deployment}{CALLERS}:{identity}", called.removeprefix("the "), deployment
        )

    def unknown(self, name: str, near: str) -> str:
        """Return the node of somebody whom records name and the app does not know."""
        deployment = self._deployment(near)
        return self._add(f"{deployment}{CALLERS}:{name}", name, deployment)

    def _anyone(self, deployment: str) -> str:
        return self._add(f"{deployment}@anyone", "Anyone", deployment)

    def _add(self, id: str, name: str, deployment: str) -> str:
        self._people.setdefault(id, (name, deployment))
        self._homes[id] = id
        return id

    def _deployment(self, near: str) -> str:
        row = self.row(near)
        return row.deployment if row else self._scene.directory.deployment(near)

    def name(self, id: str) -> str:
        """Return what a reader calls a node."""
        if id in self._people:
            return self._people[id][0]
        if id.endswith(ACCOUNT):
            return "Everything of the account"
        resource = self._scene.resource(id)
        said = resource.name if resource and "/" in id else short(id)
        said = untyped(said.removeprefix("the "))
        return said[:1].upper() + said[1:] if "@" in id else said

    def worth(self, data: Iterable[str]) -> int:
        """Return 1 to 3 stars for the most valuable of some classes, 0 for none."""
        values = [self._values.get(each, 0) for each in data]
        return stars(max(values)) if values else 0

    def drawn(self, ends: Iterable[str]) -> Iterator[Node]:
        """Yield the nodes by id: all rows of the table, and of the others those at an edge."""
        for id in sorted({*self._scene.rows, *ends}):
            yield self._node(id)

    def _node(self, id: str) -> Node:
        row, resource = self.row(id), self._scene.resource(id)
        own = row.type if row else resource.type if resource else ""
        kind = "people" if id in self._people else _special(id) or _kind(own) or "other"
        owner = resource or self._scene.resource(id.rpartition("@")[0])
        deployment = row.deployment if row else self._people.get(id, ("", ""))[1]
        return Node(
            id=id,
            name=self.name(id),
            kind=kind,
            column=COLUMNS.index(KINDS.get(kind, "compute")),
            zone=self._zones.of(id, kind, owner, deployment),
            type=own,
            service=row.service if row else service(own) if own else "",
            stack=owner.stack if owner and kind not in OUTSIDE else "",
            deployment=deployment or self._deployment(owner.id if owner else id),
            risk=row.risk if row else 0,
            intended=row.intended if row else (),
            coded=row.coded if row else (),
            potential=row.potential if row else (),
            observed=row.observed if row else (),
            place=resource.place if resource else NOWHERE,
        )

    def zones(self, nodes: Iterable[Node]) -> tuple[Zone, ...]:
        """Return the zones of some nodes, and those that they lie in."""
        return self._zones.used({node.zone for node in nodes})


def _kind(type: str) -> str:
    """Return the kind of a type in a picture; "" for special nodes."""
    if type in ROLES:
        return "role"
    if type in OWN:
        return OWN[type]
    return kind(type) if "::" in type else type if type in KINDS else ""


def _special(id: str) -> str:
    """Return the kind of a node that no template declares; "" for others."""
    if id.startswith("host:"):
        return "host"
    part = f"@{id.rpartition('@')[2].partition(':')[0]}" if "@" in id else ""
    return SPECIALS.get(part, "")
