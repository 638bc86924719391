"""How a function's data can leave: over the internet, or through an endpoint to other accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from checkrein.derive.network.endpoints import service
from checkrein.derive.network.ways import Grade, Network, Way
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Evidence, Grant, Limit, Resource

if TYPE_CHECKING:
    from checkrein.derive.network.abroad import Abroad, Guard

SHOWN = 2  # actions that fit a line


class Exits:
    """The ways out of each function, by its network and its role."""

    def __init__(
        self,
        directory: Directory,
        network: Network,
        grants: Iterable[Grant],
        roles: Mapping[str, str],
    ) -> None:
        """``roles``: function -> identity."""
        self._directory = directory
        self._network = network
        self._roles = roles
        self._grants: defaultdict[str, list[Grant]] = defaultdict(list)
        self._limits: defaultdict[str, list[Grant]] = defaultdict(list)
        for grant in grants:
            kind = self._limits if isinstance(grant, Limit) else self._grants
            kind[grant.identity].append(grant)
        self._guards: dict[str, tuple[Guard, ...]] = {}

    def out(self, function: Resource) -> Way:
        """Tell whether and how a function's data can leave for where anybody may be.

        A function outside a VPC can always send. One inside sends by a route to the internet that
        its security groups and network ACLs let it use, or by an endpoint through which its role
        may write to resources of other accounts. Requests that are not signed by its role, and
        DNS queries, are not looked at.
        """
        internet = self._network.internet(function)
        if internet.grade is Grade.CERTAIN:
            return internet
        ways = [internet, *(self._through(function, *each) for each in self._doors(function))]
        return max(ways, key=lambda way: way.grade)

    def _doors(self, function: Resource) -> list[tuple[Resource | None, bool]]:
        """Return the endpoints, each with whether it is certain; None for those of others."""
        found: list[tuple[Resource | None, bool]] = list(self._network.endpoints(function))
        return [*found, (None, False)] if self._network.hidden(function) else found

    def _through(self, function: Resource, endpoint: Resource | None, certain: bool) -> Way:  # noqa: FBT001
        from checkrein.derive.network.abroad import FOREIGN, written  # noqa: PLC0415 - of a VPC

        leads_to = service(endpoint) if endpoint else ""
        if endpoint and leads_to is None:
            said = f"{endpoint.name} leads to a service that is not AWS's"
            return Way(Grade.POSSIBLE, (Evidence(said, endpoint.place),), "others")
        if leads_to and leads_to not in FOREIGN:
            return Way(Grade.NO)
        guards = (*self._door(endpoint), *self._role(function))
        grade, actions = written(leads_to or "", guards)
        if grade is Grade.NO:
            return Way(Grade.NO)
        name = endpoint.name if endpoint else "an endpoint that may be in its VPC"
        shown = ", ".join(actions[:SHOWN]) + (" …" if len(actions) > SHOWN else "")
        said = f"{name} lets its role write to other accounts: {shown}"
        place = endpoint.where("PolicyDocument") if endpoint else function.where("VpcConfig")
        whole = grade if certain and leads_to else Grade.POSSIBLE
        return Way(whole, (Evidence(said, place),), "other accounts")

    @cached_property
    def _abroad(self) -> Abroad:
        from checkrein.derive.network.abroad import Abroad  # noqa: PLC0415 - as above

        return Abroad(self._directory)

    def _door(self, endpoint: Resource | None) -> tuple[Guard, ...]:
        """Return what an endpoint's policy says."""
        if endpoint is None:
            return (self._abroad.open,)
        if endpoint.id not in self._guards:
            deployment = self._directory.deployment(endpoint.id)
            document = endpoint.value("PolicyDocument")
            self._guards[endpoint.id] = (self._abroad.endpoint(document, deployment),)
        return self._guards[endpoint.id]

    def _role(self, function: Resource) -> tuple[Guard, ...]:
        """Return what must allow a request besides the endpoint: the role, and its boundary."""
        role = self._roles.get(function.id, "")
        if role not in self._directory.resources and role not in self._grants:
            return (self._abroad.unknown,)
        if role not in self._guards:
            deployment = self._directory.deployment(function.id)
            every = [self._grants[role], *([self._limits[role]] if role in self._limits else ())]
            self._guards[role] = tuple(self._abroad.role(each, deployment) for each in every)
        return self._guards[role]
