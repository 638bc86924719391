"""Which functions' code runs because of a resource, or does as its content says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from checkrein.derive.stacks.directory import Directory
from checkrein.late import regex
from checkrein.model import Call, Entry, Evidence, Flow, Resource, Value
from checkrein.model.values import symbols

EVENTS = {"created": "s3:ObjectCreated", "removed": "s3:ObjectRemoved"}
READING = ("Get", "Batch")  # what operations that read content begin with
OPEN = regex(r"\$\{[^}]*\}")  # a reference in a route
Functions = Mapping[str, Evidence]  # function -> why it depends on the resource


class Dependants:
    """The functions behind a resource, by the ways that the rules of escalation name."""

    def __init__(
        self,
        directory: Directory,
        entries: Iterable[Entry],
        calls: Iterable[Call],
        relays: Iterable[Flow] = (),
    ) -> None:
        """``relays``: what topics, buses and pipes hand on, as it comes."""
        self._directory = directory
        self._relays = tuple(relays)
        self._entries = entries
        self._calls = calls

    def of(self, target: Resource, through: str) -> Functions:
        """Return the functions behind a resource; a function is its own where nothing is named."""
        if not through:
            return {target.id: Evidence(f"{target.name} runs", target.place)}
        ways: dict[str, Callable[[], Mapping[str, Functions]]] = {
            "source": lambda: self._triggered,
            "created": lambda: self._created,
            "removed": lambda: self._removed,
            "reader": lambda: self._reading,
            "artefact": lambda: self._deployed,
            "layer": lambda: self._layered,
        }
        return ways[through]().get(target.id, {})

    def keys(self, target: str, function: str, through: str) -> tuple[tuple[str, ...], bool]:
        """Return the keys of a bucket's objects, as patterns, whose events run a function.

        And whether each is known: a reference in one stands for anything.
        """
        routes = self._routes.get((target, function), ())
        told = [route for route in routes if _tells_of(route, EVENTS.get(through, ""))]
        found = [route.partition(" ")[2] or "*" for route in told]
        patterns = tuple(OPEN.sub("*", key) for key in found)
        return patterns, patterns == tuple(found)

    @cached_property
    def _routes(self) -> Mapping[tuple[str, str], list[str]]:
        """Index what buckets tell functions of, by both."""
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for entry in self._entries:
            if entry.kind == "bucket":
                found[entry.source, entry.function].append(entry.route)
        return found

    @cached_property
    def _created(self) -> Mapping[str, Functions]:
        return self._notified(EVENTS["created"])

    @cached_property
    def _removed(self) -> Mapping[str, Functions]:
        return self._notified(EVENTS["removed"])

    def _notified(self, event: str) -> Mapping[str, Functions]:
        """Index the functions by the buckets that tell them of events of one kind."""
        found: defaultdict[str, dict[str, Evidence]] = defaultdict(dict)
        for entry in self._entries:
            told = self._triggered.get(entry.source, {}) if entry.kind == "bucket" else {}
            if entry.function in told and _tells_of(entry.route, event):
                found[entry.source][entry.function] = told[entry.function]
        return found

    @cached_property
    def _triggered(self) -> Mapping[str, Functions]:
        found: defaultdict[str, dict[str, Evidence]] = defaultdict(dict)
        for entry in self._entries:
            source = self._directory.resources.get(entry.source)
            if source and entry.kind != "direct":
                said = Evidence(f"{source.name} runs {_name(entry.function)}", entry.place)
                found[source.id].setdefault(entry.function, said)
            elif source:
                found[source.id].setdefault(entry.function, entry.evidence[0])
        while any(self._hands_on(flow, found) for flow in self._relays):
            pass  # one may hand on to the next
        return found

    def _hands_on(self, flow: Flow, found: defaultdict[str, dict[str, Evidence]]) -> bool:
        """Let a relay's source run what its target runs; tell whether that was new."""
        new = found.get(flow.target.node, {}).keys() - found[flow.source.node].keys()
        found[flow.source.node].update(dict.fromkeys(sorted(new), flow.steps[-1]))
        return bool(new)

    @cached_property
    def _reading(self) -> Mapping[str, Functions]:
        found: defaultdict[str, dict[str, Evidence]] = defaultdict(dict)
        for call in self._calls:
            if call.target and call.operation.startswith(READING):
                said = Evidence(f"{_name(call.function)} reads {_name(call.target)}", call.place)
                found[call.target].setdefault(call.function, said)
        return found

    @cached_property
    def _deployed(self) -> Mapping[str, Functions]:
        return self._naming("Code.S3Bucket", "{} is deployed from {}")

    @cached_property
    def _layered(self) -> Mapping[str, Functions]:
        return self._naming("Layers", "{} runs with {}")

    def _naming(self, property: str, said: str) -> Mapping[str, Functions]:
        """Index the functions by the resources that one of their properties names."""
        found: defaultdict[str, dict[str, Evidence]] = defaultdict(dict)
        for resource in self._directory.of_type("AWS::Lambda::Function"):
            for owner in _owners(resource.value(property)):
                sentence = said.format(resource.name, _name(owner))
                found[owner][resource.id] = Evidence(sentence, resource.where(property))
        return found


def _tells_of(route: str, event: str) -> bool:
    """Tell whether a bucket's route may be for a kind of event; one that nobody wrote may be."""
    return not route.startswith("s3:") or route.startswith(event)


def _owners(value: Value) -> set[str]:
    return {symbol.owner for symbol in symbols(value)}


def _name(id: str) -> str:
    return id.rpartition("/")[2]
