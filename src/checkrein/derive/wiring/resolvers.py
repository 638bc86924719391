"""What GraphQL APIs read, write and invoke in their own name, field by field.

A field's steps run in order: each asks its data source for something, made of the field's
arguments, its caller, what the step before gave and what earlier ones put into the stash.

Source: AppSync's developer guide, the references of resolvers in VTL and in JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.content.elements import named
from checkrein.derive.content.paths import Tokens, below, joined, tokens
from checkrein.derive.entrances.graph_schema import leaves
from checkrein.derive.entrances.graph_templates import GraphReader
from checkrein.derive.entrances.graphs import SOURCE, Field, Step, fields
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.data_sources import Asked, Given, ask
from checkrein.derive.wiring.requested import shown
from checkrein.derive.wiring.wiring import wire
from checkrein.late import regex
from checkrein.model import (
    Argument,
    Element,
    Evidence,
    Flow,
    Place,
    Resource,
    Slot,
    Summary,
    Symbol,
    Value,
)
from checkrein.model.values import substitute

Summaries = Mapping[str, Summary]
Kept = list[tuple[Tokens, Slot]]  # what stands where in a result or the stash
FILLED = regex(r"\$\{([^}]+)\.(\w+)\}")  # how symbols stand in code in a template
OUTER = frozenset({"prev", "stash", "result", "error", "env", "info"})  # not what the caller sends


class Said(Struct, frozen=True):
    """What a step's code or templates say, over symbols of the context."""

    asked: tuple[Argument, ...]
    answered: tuple[Argument, ...]
    stash: tuple[Argument, ...]
    place: Place


def resolver_flows(directory: Directory, summaries: Iterable[Summary]) -> Iterator[Flow]:
    """Yield what the fields of GraphQL APIs move; ``summaries`` are of the resolvers' code too."""
    code = {summary.id: summary for summary in summaries}
    understood: set[str] = set()
    for field in _fields(directory):
        yield from _Resolving(directory, code, field).flows()
        for step in field.steps:
            if step.source is not None and said_of(step, code) is not None:
                understood.add(step.source.id)
    for source in directory.of_type(SOURCE):
        if source.id not in understood:
            yield from _read(directory, source)


def argument_elements(directory: Directory) -> Iterator[Element]:
    """Yield what the names of fields' arguments tell, as the schema has them."""
    for field in _fields(directory):
        for path, place in leaves(directory, field):
            yield from named(Slot(field.api, f"{field.route} arguments.{path}"), directory, place)


def _fields(directory: Directory) -> Iterator[Field]:
    apis = [api.id for api in directory.of_type("AWS::AppSync::GraphQLApi")]
    for deployment in dict.fromkeys(map(directory.deployment, apis)):
        yield from fields(directory, deployment)


def _read(directory: Directory, source: Resource) -> Iterator[Flow]:
    """Yield what a source brings of which nobody here says what is asked."""
    deployment = directory.deployment(source.id)
    at = "DynamoDBConfig.TableName"
    for table in directory.find(source.value(at), deployment):
        note = Evidence(f"{source.name} reads {shown(table)}", source.where(at))
        yield wire(Slot(table), Slot(source.id), source.id, note)


# ---------------------------------------------------------------------- what steps say


def said_of(step: Step, code: Summaries) -> Said | None:
    """Return what a step says, None for what hands on the context as it is or is not here."""
    resource = step.resource
    summary = code.get(f"{resource.id}@code")
    if summary is not None:
        found = [a for site in summary.calls if site.kind == "response" for a in site.arguments]
        parts = {head: tuple(_part(found, head)) for head in ("asked", "answered", "stash")}
        return Said(**parts, place=_place(summary) or resource.where("Code"))
    template = resource.value("RequestMappingTemplate")
    if template is None:
        return None
    reader = GraphReader()
    asked = tuple(reader.template(template))
    answered = tuple(reader.template(resource.value("ResponseMappingTemplate") or ""))
    return Said(asked, answered, reader.stash, resource.where("RequestMappingTemplate"))


def _place(summary: Summary) -> Place | None:
    return next((s.place for s in summary.calls if s.kind == "response" and s.place.line), None)


def _part(found: Iterable[Argument], head: str) -> Iterator[Argument]:
    for each in found:
        rest = below((head,), tokens(each.path))
        if rest is not None and (rest or head != "stash"):
            sources = tuple(_renamed(symbol) for symbol in each.sources)
            yield Argument(joined(rest), substitute(each.value, _renamed), sources)


def _renamed(symbol: Symbol) -> Symbol:
    """Return a symbol of the context with its arguments under their long name."""
    head, dot, rest = symbol.attribute.partition(".")
    return Symbol("event", f"arguments{dot}{rest}") if head == "args" else symbol


# ---------------------------------------------------------------------- fields


class _Resolving:
    """One field while its steps run: what the last one gave, and what the stash holds."""

    def __init__(self, directory: Directory, code: Summaries, field: Field) -> None:
        self._directory, self._code, self._field = directory, code, field
        self._previous: Kept = []
        self._stash: Kept = []
        self._constants: dict[Symbol, Value] = {}  # of the stash

    def flows(self) -> Iterator[Flow]:
        field = self._field
        around = said_of(Step(field.resolver, None), self._code) if field.is_pipeline else None
        if around is not None:
            self._put(around, _nothing)
        operation, place = "", field.resolver.place
        for step in field.steps:
            said = said_of(step, self._code)
            asked = self._ask(step, said)
            yield from self._written(asked)
            operation, place = asked.operation, asked.place
            if said is None:
                self._previous = list(asked.results(()))
            else:
                self._put(said, asked.results)
                self._previous = self._made(said.answered, asked.results)
        if around is not None:
            self._previous = self._made(around.answered, _nothing)
        if field.steps:
            yield from self._answered(operation, place)

    def _ask(self, step: Step, said: Said | None) -> Asked:
        given = Given(self._directory, self._field.api, self._slots, self._made)
        if said is None:
            return ask(given, step, None, None)
        asked = tuple(replace(each, value=self._settled(each.value)) for each in said.asked)
        return ask(given, step, asked, said.place)

    def _settled(self, value: Value) -> Value:
        """Return a value with what earlier steps put aside, and what the template filled in."""
        value = substitute(value, self._constants.get) if self._constants else value
        found = FILLED.fullmatch(value) if isinstance(value, str) else None
        known = found is not None and found[1] in self._directory.resources
        return Symbol(found[1], found[2]) if found and known else value

    def _written(self, asked: Asked) -> Iterator[Flow]:
        yield from asked.writes(self._field.route, self._via)

    @property
    def _via(self) -> str:
        return f"{self._field.api}#{self._field.route}"

    def _answered(self, operation: str, place: Place) -> Iterator[Flow]:
        field, name = self._field, self._field.route.rpartition(".")[2]
        for at, source in dict.fromkeys(self._previous):
            if source.node == field.api:
                continue  # the caller gets back what he sent
            what = f"{source.path or 'content'} from {shown(source.node)}"
            by = f" ({operation})" if operation else ""
            note = Evidence(f"{field.route} answers with {what}{by}", place)
            yield wire(source, Slot(field.api, joined(("response", name, *at))), self._via, note)

    # -------------------------------------------------------------------------- context

    def _put(self, said: Said, results: Callable[[Tokens], Iterable[tuple[Tokens, Slot]]]) -> None:
        self._stash += self._made(said.stash, results)
        for argument in said.stash:
            if not argument.sources:
                self._constants[Symbol("event", f"stash.{argument.path}")] = argument.value

    def _made(
        self,
        arguments: Iterable[Argument],
        results: Callable[[Tokens], Iterable[tuple[Tokens, Slot]]],
    ) -> Kept:
        """Return what stands where in what is made of the context and of a step's result."""
        return [
            ((*tokens(argument.path), *inner), slot)
            for argument in arguments
            for symbol in argument.sources
            for inner, slot in self._meant(symbol, results)
        ]

    def _slots(self, symbol: Symbol) -> Iterator[Slot]:
        """Yield where that comes from which a symbol of the context means, before a result."""
        for _, slot in self._meant(symbol, _nothing):
            yield slot

    def _meant(
        self, symbol: Symbol, results: Callable[[Tokens], Iterable[tuple[Tokens, Slot]]]
    ) -> Iterator[tuple[Tokens, Slot]]:
        head, *rest = tokens(symbol.attribute) or ("",)
        if head == "prev":
            yield from _kept(self._previous, tuple(rest[1:]))
        elif head == "stash":
            yield from _kept(self._stash, tuple(rest))
        elif head == "result":
            yield from results(tuple(rest))
        elif head not in OUTER:
            path = symbol.attribute or "arguments"
            yield (), Slot(self._field.api, f"{self._field.route} {path}")


def _nothing(_: Tokens) -> Iterator[tuple[Tokens, Slot]]:
    yield from ()


def _kept(kept: Kept, wanted: Tokens) -> Iterator[tuple[Tokens, Slot]]:
    """Yield what is kept at a path, and what is kept below it with where it stands there."""
    for at, slot in kept:
        rest, inner = below(at, wanted), below(wanted, at)
        if rest is not None:
            yield (), Slot(slot.node, joined((*tokens(slot.path), *rest)))
        elif inner is not None:
            yield inner, slot
