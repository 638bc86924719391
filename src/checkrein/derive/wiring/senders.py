"""What code and state machines put into the events of others: who names the resource there.

A function that reads a bucket's name in its event is told it by whoever sends the event: another
function that invokes it, starts its state machine, or fills its queue, topic or bus. Everybody
else who may send it could name another, so that what is found here is never certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from checkrein.catalog.content import content
from checkrein.derive.content.arrivals import MOST_HOPS, Arrivals
from checkrein.derive.content.bindings import Binding, default_bus
from checkrein.derive.content.events import may_be, put, wanted
from checkrein.derive.content.paths import Tokens, below, joined, tokens
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.executions import MACHINE
from checkrein.derive.wiring.requested import Requested
from checkrein.derive.wiring.state_machines import machine_flows, request
from checkrein.derive.wiring.states_language import states
from checkrein.model import Call, CallSite, Flow, Resource, Symbol, Value
from checkrein.model.values import alternatives, at_path, symbols

HANDING = frozenset({"lambda", "stepfunctions", "sqs", "sns", "events"})
RESPONSE = "@response"
Sent = tuple[Binding, CallSite, Tokens, Value]  # who, by which call, where in the message, what


def calls(directory: Directory, bindings: Mapping[str, Binding]) -> Iterator[Call]:
    """Yield every Call of the app's functions, bound as far as wiring and senders tell."""
    found = {id: tuple(binding.calls()) for id, binding in bindings.items()}
    senders = Senders(directory, bindings)
    for id, binding in bindings.items():
        if any(binding.told(call.site) for call in found[id] if call.target is None):
            binding.senders = senders
            yield from binding.calls()
        else:
            yield from found[id]


class Senders(Arrivals):
    """What stands in events, as wiring, code and state machines tell."""

    def __init__(self, directory: Directory, bindings: Mapping[str, Binding]) -> None:
        """``bindings`` have resolved their calls once."""
        super().__init__(directory)
        self._bindings = bindings
        self._asking: set[tuple[str, Tokens]] = set()

    def event(self, node: str, path: Tokens, hops: int = MOST_HOPS) -> Iterator[Value]:
        """Yield what may stand at a path of a function's event, or of a machine's content."""
        if not hops or (node, path) in self._asking:
            return
        self._asking.add((node, path))
        try:
            binding = self._bindings.get(node)
            for entry in binding.entries if binding else ():
                yield from self._of_entry(entry, path)
            yield from self._message(node, path, hops)
        finally:
            self._asking.discard((node, path))

    def _message(self, node: str, path: Tokens, hops: int) -> Iterator[Value]:
        yield from super()._message(node, path, hops)
        for binding, _, at, value in self._sent.get(node, ()) if hops else ():
            yield from self._at(binding, at, value, path, hops)
        for flow in self._results.get(node, ()):
            rest = below(tokens(flow.target.path), path)
            if rest is not None:
                wanted = (*tokens(flow.source.path), *rest)
                yield from self._answered(flow.source.node.removesuffix(RESPONSE), wanted, hops)

    def _matched(self, rule: Resource, target: Value, path: Tokens) -> Iterator[Value]:
        yield from super()._matched(rule, target, path)
        if path[:1] != ("detail",) or at_path(target, ("Input",)) is not None:
            return
        deployment = self.directory.deployment(rule.id)
        buses = self.directory.find(rule.value("EventBusName"), deployment)
        for bus in buses or (default_bus(deployment),):
            for binding, site, at, value in self._sent.get(bus, ()):
                if may_be(put(site, binding.bind), wanted(rule.value("EventPattern"))):
                    yield from self._at(binding, at, value, path[1:], MOST_HOPS - 1)

    def _at(
        self, binding: Binding, at: Tokens, value: Value, path: Tokens, hops: int
    ) -> Iterator[Value]:
        """Yield what a message has at a path, where a sender puts a value into it."""
        rest = below(at, path)
        if rest is None:
            return
        for option in alternatives(value):
            if rest and isinstance(option, Symbol):
                longer = joined((*tokens(option.attribute), *rest))
                yield from self._settled(binding, Symbol(option.owner, longer), hops)
            elif not rest:
                yield from self._settled(binding, option, hops)

    def _settled(self, binding: Binding, value: Value, hops: int) -> Iterator[Value]:
        """Yield what a value of a sender's code is, where that is the same in every function."""
        for option in alternatives(binding.bind(value)):
            if isinstance(option, Symbol) and option.owner == "event":
                yield from self.event(binding.function.id, tokens(option.attribute), hops - 1)
            elif all(_is_common(symbol, self.directory) for symbol in symbols(option)):
                yield option

    def _answered(self, function: str, path: Tokens, hops: int) -> Iterator[Value]:
        """Yield what a function gives back at a path."""
        binding = self._bindings.get(function)
        for site in binding.summary.calls if binding else ():
            for argument in site.arguments if site.kind == "response" else ():
                if binding and hops:
                    at = tokens(argument.path)
                    yield from self._at(binding, at, argument.value, path, hops - 1)

    @cached_property
    def _sent(self) -> dict[str, list[Sent]]:
        found: defaultdict[str, list[Sent]] = defaultdict(list)
        for binding in (*self._bindings.values(), *self._tasks()):
            for index, site in enumerate(binding.summary.calls):
                if site.kind == "sdk" and site.service in HANDING:
                    for node in binding.targets.get(index, ()):
                        found[node] += ((binding, site, at, v) for at, v in _parts(site))
        return dict(found)

    @cached_property
    def _results(self) -> dict[str, list[Flow]]:
        """What the tasks of machines get back from functions, by machine."""
        found: defaultdict[str, list[Flow]] = defaultdict(list)
        for flow in machine_flows(self.directory):
            if flow.source.node.endswith(RESPONSE):
                found[flow.target.node].append(flow)
        return dict(found)

    def _tasks(self) -> Iterator[Binding]:
        """Yield what the tasks of state machines ask for, as if the machine were a function."""
        for machine in self.directory.of_type(MACHINE):
            for state in states(machine):
                site = request(self.directory, state) if state.kind == "Task" else None
                if site is not None:
                    yield Requested(self.directory, machine.id, site).binding


def _parts(site: CallSite) -> Iterator[tuple[Tokens, Value]]:
    """Yield where in a message what stands that a call sends."""
    for prefix in content(site.service, site.operation).written:
        for argument in site.arguments:
            rest = below(tokens(prefix), tokens(argument.path))
            if rest is not None:
                yield rest, argument.value


def _is_common(symbol: Symbol, directory: Directory) -> bool:
    """Tell whether a symbol means the same in all functions: a resource, what a stack is given."""
    return symbol.owner in directory.resources or "@" in symbol.owner
