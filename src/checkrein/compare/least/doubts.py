"""Rights that nobody can call needless: code unread, packages that call AWS, other users."""

from __future__ import annotations

from functools import cache

from checkrein.catalog.actions import dependent_actions
from checkrein.checks.privilege import POLLING
from checkrein.checks.sideways import borrows_everything, unspoken
from checkrein.checks.unseen import unseen
from checkrein.compare.least.scene import Scene
from checkrein.errors import InputError
from checkrein.iam import principal_ids, statements
from checkrein.model import Entry, Stack, Undecided
from checkrein.model.values import symbols
from checkrein.model.workloads import RUN_BY

POLLED, SERVICE = "polled", "service"
OWN = {f"service:{name}" for name in RUN_BY}


class Doubts:
    """Why rights stay that nothing is seen to use."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.whole = cache(self._whole)
        self.about = cache(self._about)
        self._passes = cache(self._passes_on)
        self._hidden = cache(self._in_packages)
        self._run = {entry.function for entry in scene.app.every(Entry)}
        self._exported = {
            symbol.owner
            for stack in scene.app.every(Stack)
            for value in stack.exports.values()
            for symbol in symbols(value)
        }

    def _whole(self, identity: str) -> str:
        """Say why nothing of a role may be narrowed, "" if it may."""
        others = self._others(identity)
        if others:
            return f"{others} may act as this role too"
        if identity in self._exported:
            return "other stacks may use this role: it is exported"
        if borrows_everything(self._scene.app, identity):
            return "a service that it calls works with whatever rights it has"
        return unseen(self._scene.app, identity, ())

    def _about(self, identity: str, action: str, *, named: str) -> str:
        """Say why an action of a role may be in use without a call that is seen, "" if not.

        ``named`` tells what of it a statement names: ``polled``, it is among those by which event
        sources are polled, only its ``service``, or nothing.
        """
        whole = self.whole(identity)
        if whole:
            return whole
        if action == "iam:PassRole" and self._passes(identity):
            return "a call passes a role on"
        if named == POLLED and action in POLLING and self._untriggered(identity):
            return "no trigger of it is here; one that is made elsewhere may poll with it"
        spoken = unspoken(self._scene.app, identity, action, named=bool(named))
        return spoken or self._hidden(identity, action.partition(":")[0])

    def _untriggered(self, identity: str) -> bool:
        """Tell whether a function of a role is run by nothing that is known."""
        return any(f.id not in self._run for f in self._scene.roles[identity])

    def _in_packages(self, identity: str, service: str) -> str:
        """Say which packages may call a service themselves, "" if none does."""
        return unseen(self._scene.app, identity, (f"{service}:*",))

    def _passes_on(self, identity: str) -> bool:
        """Tell whether a call of a role's functions hands a role to a service."""
        needs = [need for f in self._scene.roles[identity] for need in self._scene.needs(f.id)]
        return any("iam:PassRole" in dependent_actions(need.action) for need in needs)

    def _others(self, identity: str) -> str:
        role = self._scene.resource(identity)
        try:
            trust = statements(role.value("AssumeRolePolicyDocument")) if role else ()
        except (InputError, Undecided):
            return ""
        named = [
            str(one) for each in trust if each.effect == "Allow" for one in principal_ids(each)
        ]
        others = [name.partition(":")[2] or name for name in named if name not in OWN]
        return ", ".join(dict.fromkeys(others))
