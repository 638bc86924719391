"""Code meets template: what each call addresses, once environment and wiring are put in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from checkrein.catalog.operations import Addressed, addressed, named_types, possible_actions
from checkrein.derive.content.arrivals import Arrivals
from checkrein.derive.content.naming import is_null, names, values_at
from checkrein.derive.content.paths import tokens
from checkrein.derive.content.stores import SERVICE, Reaching
from checkrein.derive.stacks.directory import Directory
from checkrein.model import (
    Call,
    CallSite,
    Entry,
    Evidence,
    Resource,
    Summary,
    Symbol,
    Value,
)
from checkrein.model.values import alternatives, at_path, choice, substitute, symbols
from checkrein.model.workloads import variables

if TYPE_CHECKING:
    from checkrein.derive.wiring.senders import Senders

OWN_NAMES = frozenset({
    "function_name", "functionName", "invoked_function_arn", "invokedFunctionArn",
})  # fmt: skip
REMAINDERS = frozenset({"UnprocessedItems", "UnprocessedKeys"})  # to be asked for again
RUNTIME_VARIABLES = {"AWS_REGION": "Region", "AWS_DEFAULT_REGION": "Region"}


class Binding:
    """One function's symbols, and what the template puts in their place."""

    def __init__(
        self,
        directory: Directory,
        summary: Summary,
        entries: Iterable[Entry],
        arrivals: Arrivals | None = None,
    ) -> None:
        self.directory = directory
        self.summary = summary
        self.function = directory.resources[summary.function]
        self.deployment = directory.deployment(self.function.id)
        told = variables(self.function).items()
        self._environment: Mapping[str, Value] = {name: each.value for name, each in told}
        self.entries = tuple(entries)
        self._arrivals = arrivals or Arrivals(directory)
        self.senders: Senders | None = None  # who says what stands in the event, once it is known
        self.targets: dict[int, tuple[str, ...]] = {}  # site -> resource ids
        self._asking: set[int] = set()  # calls whose answers are being traced

    def bind(self, value: Value) -> Value:
        """Return the value with the function's symbols replaced as far as the template tells."""
        return substitute(value, self._replace)

    def settled(self, value: Value) -> Value:
        """Return the value with the function's own variables put in, and nothing else.

        What the wiring says of an event is what may stand there, not all that can.
        """
        return substitute(value, self._setting)

    def _setting(self, symbol: Symbol) -> Value | None:
        return self._variable(symbol.attribute) if symbol.owner == "env" else None

    def _replace(self, symbol: Symbol) -> Value | None:
        if symbol.owner == "env":
            return self._variable(symbol.attribute)
        if symbol.owner == "context" and symbol.attribute in OWN_NAMES:
            return Symbol(self.function.id, "Ref")
        if symbol.owner == "event":
            return self._property(symbol.attribute)
        return self._answer(symbol) if symbol.owner.startswith("call:") else None

    def _variable(self, name: str) -> Value | None:
        if name == "AWS_LAMBDA_FUNCTION_NAME":
            return Symbol(self.function.id, "Ref")
        if name in RUNTIME_VARIABLES:
            return Symbol("@aws", RUNTIME_VARIABLES[name])
        return self._environment.get(name)

    def _property(self, path: str) -> Value | None:
        """Return what the wiring says about a part of the event."""
        head, *rest = tokens(path) or ("",)
        if head == "ResourceProperties" and rest:
            found = [at_path(resource.properties, tuple(rest)) for resource in self._custom()]
        else:
            found = list(self._arrivals.said(self.entries, tokens(path)))
        known = [value for value in found if value is not None]
        return choice([((), value) for value in known]) if known else None

    def _custom(self) -> Iterator[Resource]:
        for entry in self.entries:
            if entry.kind == "custom-resource" and entry.source in self.directory.resources:
                yield self.directory.resources[entry.source]

    def _answer(self, symbol: Symbol) -> Value | None:
        """Return what a call's answer says: a stored parameter's value, or what was asked for."""
        site = int(symbol.owner.partition(":")[2])
        stored = self._parameter(site) if symbol.attribute.endswith("Value") else None
        return stored if stored is not None else self._asked(site, symbol.attribute)

    def _asked(self, site: int, attribute: str) -> Value | None:
        """Return what a call named, where its answer names the same: a queue's URL of its name."""
        asked = self.summary.calls[site]
        last = tokens(attribute)[-1] if attribute else ""
        again = "RequestItems{}" if last in REMAINDERS else last
        types = named_types(asked.service, again)
        if site in self._asking or not types:
            return None
        self._asking.add(site)
        try:
            for rule in addressed(asked.service, asked.operation):
                if types & {*rule.types} and rule.form == "whole":
                    bound = [self.bind(value) for value in values_at(asked, rule)]
                    options = [one for value in bound for one in alternatives(value)]
                    known = [one for one in options if not _is_own(one, site)]
                    return choice([((), one) for one in known]) if known else None
        finally:
            self._asking.discard(site)
        return None

    def _parameter(self, site: int) -> Value | None:
        """Return a stored parameter's value, where the code fetched it by a known name."""
        for id in self.targets.get(site, ()):
            resource = self.directory.resources[id]
            if resource.type == "AWS::SSM::Parameter":
                value: Value = resource.value("Value")
                return value
        return None

    def calls(self) -> Iterator[Call]:
        """Yield a Call for each resource that each SDK call site addresses."""
        for index, site in enumerate(self.summary.calls):
            if site.kind == "sdk":
                reached = site.service == SERVICE
                yield from (self._reached if reached else self._calls)(index, site)

    def _calls(self, index: int, site: CallSite) -> Iterator[Call]:
        rules = addressed(site.service, site.operation)
        targets: dict[str | None, bool] = {}
        unseen = any(not argument.path for argument in site.arguments)  # may be any member
        for rule in rules:
            if is_null(site, rule):
                continue
            values = list(values_at(site, rule)) or ([rule.default] if rule.default else [])
            if not values and (rule.required or unseen):
                targets.setdefault(None, False)
            for value in values:
                for target, certain in self._resolve(value, rule):
                    targets[target] = targets.get(target, False) or certain
        addresses = bool(targets)
        self.targets[index] = tuple(self._nodes(targets))
        if None in targets:  # what the code chooses may be anything: a default names nothing
            targets = {t: c for t, c in targets.items() if t in self.directory.resources}
        for target, certain in (targets or {None: False}).items():
            yield self._call(index, site, target, certain=certain, addresses=addresses)

    def _reached(self, index: int, site: CallSite) -> Iterator[Call]:
        """Yield what a client library asks of stores."""
        found = Reaching(self.directory, self.deployment, self.bind).targets(site)
        self.targets[index] = found
        for target in found or (None,):
            yield self._call(index, site, target, certain=len(found) == 1, addresses=True)

    def _nodes(self, targets: Iterable[str | None]) -> Iterator[str]:
        for target in targets:
            if target in self.directory.resources:
                yield str(target)
            elif target == "default":
                yield default_bus(self.deployment)

    def _resolve(self, value: Value, rule: Addressed) -> Iterator[tuple[str | None, bool]]:
        options = list(self.named(value, rule))
        only = self._only(value, options, rule)
        for option, found in options:
            for id in found:
                yield id, id == only or len(options) == len(found) == 1
            if not found and only is None:
                named = isinstance(option, str) and option
                yield from ((id, False) for id in self._sent(option, rule))
                yield (option if named else None), len(options) == 1

    def _only(
        self, value: Value, options: list[tuple[Value, tuple[str, ...]]], rule: Addressed
    ) -> str | None:
        """Return the resource that a variable or its default names, None if there are others.

        ``process.env.TABLE || "orders"``: a default that names nothing here, of a variable that is
        set, is not taken, and a variable that nobody sets leaves its default. One that is set to
        what names nothing here names something elsewhere.
        """
        found = {id for _, ids in options for id in ids}
        if len(found) > 1 or not any(symbol.owner == "env" for symbol in symbols(value)):
            return None
        others = (option for option, ids in options if not ids)
        surely = all(isinstance(option, str) or self._is_unset(option) for option in others)
        surely = surely and not any(self._is_elsewhere(one, rule) for one in alternatives(value))
        return next(iter(found), None) if surely else None

    def _is_elsewhere(self, option: Value, rule: Addressed) -> bool:
        env = isinstance(option, Symbol) and option.owner == "env"
        known = env and not self._is_unset(option)
        return known and not any(ids for _, ids in self.named(option, rule))

    def _is_unset(self, option: Value) -> bool:
        env = isinstance(option, Symbol) and option.owner == "env"
        return env and option.attribute not in self._environment

    def _sent(self, option: Value, rule: Addressed) -> Iterator[str]:
        """Yield the resources that a value may mean, by what others put into the event."""
        for symbol in symbols(option) if self.senders else ():
            if symbol.owner == "event" and self.senders:
                for value in self.senders.event(self.function.id, tokens(symbol.attribute)):
                    for name in names(substitute(option, {symbol: value}.get), rule.form):
                        yield from self.directory.find(name, self.deployment, rule.types)

    def told(self, index: int) -> bool:
        """Tell whether the event says what a call addresses."""
        site = self.summary.calls[index]
        values = (
            v for rule in addressed(site.service, site.operation) for v in values_at(site, rule)
        )
        return any(symbol.owner == "event" for value in values for symbol in symbols(value))

    def named(self, value: Value, rule: Addressed) -> Iterator[tuple[Value, tuple[str, ...]]]:
        """Yield each name that a value has where a rule looks, and the resources it means.

        A null is no name: whoever passes one gets an error.
        """
        for bound in alternatives(self.bind(value)):
            for option in names(bound, rule.form) if bound is not None else ():
                yield option, self.directory.find(option, self.deployment, rule.types)

    def _call(
        self, index: int, site: CallSite, target: str | None, *, certain: bool, addresses: bool
    ) -> Call:
        said = f"{site.service}:{site.operation}" + (f" on {target}" if target else "")
        return Call(
            id=f"{self.function.id}#{index:03}>{target or '?'}",
            function=self.function.id,
            service=site.service,
            operation=site.operation,
            target=target,
            site=index,
            certain=site.certain and certain,
            addresses=addresses,
            actions=possible_actions(site.service, site.operation, _request(site)),
            evidence=(Evidence(said, site.place),),
        )


def _request(site: CallSite) -> dict[str, str]:
    """Return the members that a call passes, with their text where it is known."""
    texts = ((a.path, a.value) for a in site.arguments)
    return {path: value if isinstance(value, str) else "" for path, value in texts}


def default_bus(deployment: str) -> str:
    """Return the node of the account's own event bus, which no template declares."""
    return f"{deployment}@default-bus"


def _is_own(value: Value, site: int) -> bool:
    """Tell whether a call is asked for what it answered itself, in a loop: that says no more."""
    return isinstance(value, Symbol) and value.owner == f"call:{site}"


def bindings(
    directory: Directory, summaries: Iterable[Summary], entries: Iterable[Entry]
) -> dict[str, Binding]:
    """Return the bindings of every function whose code was read, by its id."""
    by_function: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_function[entry.function].append(entry)
    arrivals = Arrivals(directory)
    return {
        summary.function: Binding(directory, summary, by_function[summary.function], arrivals)
        for summary in summaries
        if summary.function in directory.resources
    }
