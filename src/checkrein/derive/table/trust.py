"""Stores whose content others execute or trust, and who could change it beyond their code.

Whoever rewrites a page, an artefact or a setting acts with the data of whoever loads it: the
store takes the worth of what its readers handle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct

from checkrein.derive.content.bindings import Binding
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.wiring import ANSWERING, is_website
from checkrein.model import Access, Call, Data, Flow, Grant
from checkrein.model.values import alternatives, symbols

ASKED_BY_PAGES = ANSWERING | {"AWS::Cognito::UserPool"}
SETTINGS = frozenset({"AWS::SSM::Parameter", "AWS::AppConfig::ConfigurationProfile"})


class Trust(Struct, frozen=True, dict=True):
    """What the judgement needs; ``handled`` gives, by node, the classes it handles in code."""

    directory: Directory
    accesses: tuple[Access, ...]
    grants: tuple[Grant, ...]
    calls: tuple[Call, ...]
    flows: tuple[Flow, ...]
    bindings: Mapping[str, Binding]
    roles: Mapping[str, str]
    handled: Mapping[str, frozenset[str]]
    classes: Mapping[str, Data]

    @property
    def functions(self) -> frozenset[str]:
        """The functions of the app."""
        return frozenset(self.roles)

    def is_public(self, node: str) -> bool:
        """Tell whether a node serves pages to browsers."""
        resource = self.directory.resources.get(node)
        if resource is None:
            return False
        served = resource.type == "AWS::CloudFront::Distribution" or is_website(resource)
        return served or node in self._origins

    @cached_property
    def _origins(self) -> frozenset[str]:
        """The buckets behind distributions."""
        return frozenset(
            flow.source.node
            for flow in self.flows
            for target in [self.directory.resources.get(flow.target.node)]
            if target and target.type == "AWS::CloudFront::Distribution"
        )

    def value(self, node: str) -> int:
        """Return the worth of what the node's readers handle, if the node can be overwritten."""
        readers = self._readers(node)
        if not readers or not self.overwriters(node):
            return 0
        parts = [part for reader in readers for part in (reader, f"{reader}@sealed")]
        held = {data for part in parts for data in self.handled.get(part, ())}
        return max((self.classes[d].value for d in held if d in self.classes), default=0)

    def _readers(self, node: str) -> set[str]:
        """Return whose data is at stake: what pages ask, functions that run or obey the content."""
        resource = self.directory.resources.get(node)
        if resource is None:
            return set()
        members = self.directory.members(self.directory.deployment(node))
        if self.is_public(node):
            return {member.id for member in members if member.type in ASKED_BY_PAGES}
        if resource.type in SETTINGS:
            return {call.function for call in self.calls if call.target == node}
        return self._running.get(node, set())

    @cached_property
    def _running(self) -> Mapping[str, set[str]]:
        """Return the functions whose code lies in a bucket, by the bucket."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for function in self.roles:
            code = self.directory.resources[function].value("Code.S3Bucket")
            for symbol in symbols(code):
                found[symbol.owner].add(function)
        return found

    def overwriters(self, node: str) -> list[Access]:
        """Return the write accesses that go beyond what the holder's code writes."""
        return [a for a in self._writers.get(node, ()) if self._beyond(a)]

    @cached_property
    def _writers(self) -> Mapping[str, list[Access]]:
        found: defaultdict[str, list[Access]] = defaultdict(list)
        for access in self.accesses:
            if access.right == "write":
                found[access.target].append(access)
        return found

    @cached_property
    def _calls_on(self) -> Mapping[str, list[Call]]:
        found: defaultdict[str, list[Call]] = defaultdict(list)
        for call in self.calls:
            found[call.target or ""].append(call)
        return found

    def _beyond(self, access: Access) -> bool:
        keys = [
            key
            for call in self._calls_on.get(access.target, ())
            if self.roles[call.function] == access.identity
            for key in self._keys(call)
        ]
        if not keys:
            return True  # no coded write
        constant = all(isinstance(key, str) for key in keys)
        return constant and any(self._is_wide(grant) for grant in self._grants_of(access))

    def _keys(self, call: Call) -> list[object]:
        """Return the keys that a call writes; a symbol where the code chooses."""
        binding = self.bindings[call.function]
        site = binding.summary.calls[call.site]
        if not call.operation.startswith(("Put", "Copy", "Upload", "Create", "Update")):
            return []
        found = [a.value for a in site.arguments if a.path in {"Key", "Name"}]
        return [option for value in found for option in alternatives(binding.bind(value))] or [None]

    def _grants_of(self, access: Access) -> Iterable[Grant]:
        evidence = set(access.evidence)
        return (
            grant
            for grant in self.grants
            if grant.identity == access.identity and evidence & set(grant.evidence)
        )

    def _is_wide(self, grant: Grant) -> bool:
        return any(
            str(option).endswith("*")
            for value in grant.resources
            for option in alternatives(self.directory.canonical(value))
        )
