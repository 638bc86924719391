"""Code meets template: what each call addresses, once environment and wiring are put in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from checkrein.catalog.operations import Addressed, addressed, named_types, possible_actions
from checkrein.derive.content.arrivals import Arrivals
from checkrein.derive.content.paths import above, below, tokens
from checkrein.derive.stacks.directory import Directory
from checkrein.model import (
    Call,
    CallSite,
    Entry,
    Evidence,
    Open,
    Resource,
    Summary,
    Symbol,
    Text,
    Value,
)
from checkrein.model.values import alternatives, at_path, choice, substitute, symbols, text

if TYPE_CHECKING:
    from checkrein.derive.wiring.senders import Senders

URL_HEAD = re.compile(r"^\w+://(?:s3[.-][\w.-]*amazonaws\.com/)?")
S3_HOST = re.compile(r"\.s3[.-]")
QUOTED = re.compile(r"""["'`]([\w.-]+)["'`]""")
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
        variables = self.function.value("Environment.Variables")
        self._environment: Mapping[str, Value] = variables if isinstance(variables, dict) else {}
        self.entries = tuple(entries)
        self._arrivals = arrivals or Arrivals(directory)
        self.senders: Senders | None = None  # who says what stands in the event, once it is known
        self.targets: dict[int, tuple[str, ...]] = {}  # site -> resource ids
        self._asking: set[int] = set()  # calls whose answers are being traced

    def bind(self, value: Value) -> Value:
        """Return the value with the function's symbols replaced as far as the template tells."""
        return substitute(value, self._replace)

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
                yield from self._calls(index, site)

    def _calls(self, index: int, site: CallSite) -> Iterator[Call]:
        rules = addressed(site.service, site.operation)
        targets: dict[str | None, bool] = {}
        unseen = any(not argument.path for argument in site.arguments)  # may be any member
        for rule in rules:
            if _is_null(site, rule):
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

    def _nodes(self, targets: Iterable[str | None]) -> Iterator[str]:
        for target in targets:
            if target in self.directory.resources:
                yield str(target)
            elif target == "default":
                yield default_bus(self.deployment)

    def _resolve(self, value: Value, rule: Addressed) -> Iterator[tuple[str | None, bool]]:
        options = list(self.named(value, rule))
        for option, found in options:
            for id in found:
                yield id, len(options) == len(found) == 1
            if not found:
                named = isinstance(option, str) and option
                yield from ((id, False) for id in self._sent(option, rule))
                yield (option if named else None), len(options) == 1

    def _sent(self, option: Value, rule: Addressed) -> Iterator[str]:
        """Yield the resources that a value may mean, by what others put into the event."""
        for symbol in symbols(option) if self.senders else ():
            if symbol.owner == "event" and self.senders:
                for value in self.senders.event(self.function.id, tokens(symbol.attribute)):
                    for name in _names(substitute(option, {symbol: value}.get), rule.form):
                        yield from self.directory.find(name, self.deployment, rule.types)

    def told(self, index: int) -> bool:
        """Tell whether the event says what a call addresses."""
        site = self.summary.calls[index]
        values = (
            v for rule in addressed(site.service, site.operation) for v in values_at(site, rule)
        )
        return any(symbol.owner == "event" for value in values for symbol in symbols(value))

    def named(self, value: Value, rule: Addressed) -> Iterator[tuple[Value, tuple[str, ...]]]:
        """Yield each name that a value has where a rule looks, and the resources it means."""
        for bound in alternatives(self.bind(value)):
            for option in _names(bound, rule.form):
                yield option, self.directory.find(option, self.deployment, rule.types)

    def _call(
        self, index: int, site: CallSite, target: str | None, *, certain: bool, addresses: bool
    ) -> Call:
        said = f"{site.service}:{site.operation}" + (f" on {target}" if target else "")
        return Call(
            id=f"{self.function.id}#{index}>{target or '?'}",
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


def _names(value: Value, form: str) -> list[Value]:
    """Return the names inside a value, as the rule's form says where they stand."""
    if form == "head":
        return [_head(value)]
    if form == "url":
        return [_stored_at(value)]
    if form == "within" and isinstance(value, str):
        return list(dict.fromkeys(QUOTED.findall(value))) or [Open("named in a text")]
    return [value]


def _stored_at(value: Value) -> Value:
    """Return the bucket of a URL: ``s3://BUCKET/KEY``, ``https://BUCKET.s3.amazonaws.com/KEY``."""
    parts = list(value.parts) if isinstance(value, Text) else [value]
    if isinstance(parts[0], str):
        parts[0] = URL_HEAD.sub("", parts[0])
    head = _head(text(parts))
    name: list[Value] = []
    for part in head.parts if isinstance(head, Text) else (head,):
        before, *host = S3_HOST.split(part, maxsplit=1) if isinstance(part, str) else (part,)
        name.append(before)
        if host:
            break
    return text(name)


def _head(value: Value) -> Value:
    """Return what stands before the first slash of a text, symbols included."""
    if isinstance(value, str):
        return value.partition("/")[0]
    if not isinstance(value, Text):
        return value
    parts: list[Value] = []
    for part in value.parts:
        before, slash, _ = part.partition("/") if isinstance(part, str) else (part, "", "")
        parts.append(before)
        if slash:
            break
    return text(parts)


def values_at(site: CallSite, rule: Addressed) -> Iterator[Value]:
    """Yield what the code passes where the rule looks; the keys themselves for ``Name{}``."""
    keys = rule.path.endswith("{}")
    wanted = tokens(rule.path.removesuffix("{}"))
    for argument in site.arguments:
        path = tokens(argument.path)
        rest = below(wanted, path)
        if rest == () and not keys:
            yield argument.value
        elif keys and rest == ("{}",):
            yield argument.value  # a key that only running it would tell
        elif keys and rest and rest[0] != "{}":
            yield rest[0]
        elif rest == () or (path and rest is None and above(wanted, path)):
            yield from map(_unseen, alternatives(argument.value))


def _is_null(site: CallSite, rule: Addressed) -> bool:
    """Tell whether null is all that is passed there: so code does on ways that it never goes."""
    wanted = tokens(rule.path.removesuffix("{}"))
    given = [a.value for a in site.arguments if above(wanted, tokens(a.path))]
    return bool(given) and all(value is None for value in given)


def _is_own(value: Value, site: int) -> bool:
    """Tell whether a call is asked for what it answered itself, in a loop: that says no more."""
    return isinstance(value, Symbol) and value.owner == f"call:{site}"


def _unseen(whole: Value) -> Value:
    """Return what stands somewhere in a value that is not known: another call's answer, or open."""
    answered = isinstance(whole, Symbol) and whole.owner.startswith("call:")
    return whole if answered else Open("not known")


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
