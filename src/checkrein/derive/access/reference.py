"""What a request says about the parts of an ARN: names, whole ARNs, URLs, resources of the app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.actions import resource_types
from checkrein.catalog.arn_parts import (
    is_named,
    members,
    named_by,
    parts_of_arn,
    parts_of_type,
    qualifier,
)
from checkrein.catalog.operations import Addressed, addressed
from checkrein.catalog.requirements import Requirement
from checkrein.derive.access.spelling import Spelled, Spelling
from checkrein.derive.content.bindings import Binding
from checkrein.derive.content.naming import values_at
from checkrein.derive.content.paths import Tokens, tokens
from checkrein.late import regex
from checkrein.model import CallSite, Open, Value
from checkrein.model.values import alternatives, symbols

REGION = "@region"  # where ``code`` says what region a client was made for
API_HOST = regex(r"\w+://([a-z0-9]+)\.execute-api\.")
QUEUE_URL = regex(r"https?://(?:sqs\.)?(?P<Region>[^./]+)[^/]*/(?P<Account>[^/]+)/(?P<Ref>[^/]+)")
ADDRESS = regex(r"(?:.*<)?([^<>]*@([^<>@]+))>?")
MODELS = ":foundation-model/"
PROFILE = regex(
    r"(?:us|eu|apac|au|ca|jp|global|us-gov)\.([^.]+\..+)"
)  # of a region's group: eu.VENDOR.MODEL
VERSIONS = frozenset({"AWS::Lambda::Alias", "AWS::Lambda::Version"})
LAST = regex(r"[^:/]+$")


class Part(Struct, frozen=True):
    """What one member says: variables of a format and their texts; the resource it names.

    ``open`` says why a text has a ``*``; ``name`` is what the code names, as it says it; ``sure``
    is False where the code may name another resource.
    """

    values: Mapping[str, str]
    open: str = ""
    resource: str = ""
    name: str = ""
    sure: bool = True


class Request:
    """One call's request, asked for the variables of the ARNs that an action is limited to."""

    def __init__(
        self, spelling: Spelling, binding: Binding, site: CallSite, one: Requirement
    ) -> None:
        self.action = one.action
        self.prefix = one.action.partition(":")[0]
        self.site = site
        self._spelling = spelling
        self._binding = binding
        self._about = tokens(one.path)
        self._looked_up: dict[Addressed, list[list[tuple[Value, tuple[str, ...]]]]] = {}
        rules = addressed(site.service, site.operation)
        self.rules = [r for r in rules if self._is_about(tokens(r.path))] or list(rules)

    def parts(self, format: str, variable: str) -> list[Part]:
        """Return what the request says about a variable; nothing if it is silent."""
        for rule in self.rules:
            found = list(self._of_rule(format, variable, rule))
            if found:
                return self._qualified(variable, found)
        for near in (True, False):
            for path in (*members(self.prefix, variable), ""):
                values = self._values(path, variable, near=near)
                found = [
                    part
                    for at, value in values
                    for part in self._plain(format, variable, at, value)
                ]
                if found:
                    return found
        return []

    def region(self) -> Spelled | None:
        """Return the region that the client was made for; None if the code leaves it."""
        given = [a.value for a in self.site.arguments if a.path == REGION]
        options = [s for v in given for o in self._bound(v) for s in self._spelled("region", o)]
        if len(options) > 1:
            return Spelled("*", "region: one of several")
        return options[0] if options else None

    def names(self, format: str) -> bool:
        """Tell whether a member of the request names resources that have ARNs of this format."""
        return any(parts_of_type(format, type) for rule in self.rules for type in rule.types)

    def _is_about(self, path: Tokens) -> bool:
        return path[: len(self._about)] == self._about

    # ------------------------------------------------------------- members that name resources

    def _of_rule(self, format: str, variable: str, rule: Addressed) -> Iterator[Part]:
        if not _names(format, variable, rule.types):
            return
        for options in self._options(rule):
            for option, ids in options:
                alone = len(options) == 1 and len(ids) <= 1
                for part in self._meant(format, option, ids, rule):
                    yield replace(part, sure=alone and not part.open)

    def _options(self, rule: Addressed) -> list[list[tuple[Value, tuple[str, ...]]]]:
        """Return the names in each value where a rule looks, and the resources they mean."""
        found = self._looked_up.get(rule)
        if found is None:
            values = list(values_at(self.site, rule)) or ([rule.default] if rule.default else [])
            found = [
                [(option, self._declared(ids)) for option, ids in self._binding.named(value, rule)]
                for value in values
            ]
            self._looked_up[rule] = found
        return found

    def _declared(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Return the resources that a template can refer to."""
        resources = self._spelling.directory.resources
        return tuple(id for id in ids if not resources[id].is_undeclared)

    def _qualified(self, variable: str, parts: list[Part]) -> list[Part]:
        """Return the parts with what the request says behind them: a function's version."""
        member = qualifier(self.prefix, variable)
        given = [a.value for a in self.site.arguments if member and a.path == member]
        told = [s for v in given for o in self._bound(v) for s in self._spelled(member, o)]
        return [
            replace(
                part,
                values={**part.values, variable: f"{part.values[variable]}:{one.text}"},
                open="; ".join(filter(None, (part.open, one.open))),
            )
            for part in parts
            for one in told
        ] or parts

    def _meant(
        self, format: str, option: Value, ids: tuple[str, ...], rule: Addressed
    ) -> Iterator[Part]:
        if ids:
            yield from self._owned(format, ids, option)
            return
        for spelled in self._spelled(rule.path, option):
            yield from self._named(format, spelled, rule)

    def _owned(self, format: str, ids: tuple[str, ...], option: Value) -> Iterator[Part]:
        resources = self._spelling.directory.resources
        named = {resources[s.owner].type for s in symbols(option) if s.owner in resources}
        for id in ids:
            parts = parts_of_type(format, resources[id].type)
            name = self._spelling.name(resources[id])
            if parts and named & VERSIONS:
                name = f"{name}:*"  # an alias is asked about under its own name, then a number
            if parts:
                yield Part(_with(parts, name), resource=id)

    def _named(self, format: str, spelled: Spelled, rule: Addressed) -> Iterator[Part]:
        """Yield what a name, ARN or URL outside the app says."""
        whole = parts_of_arn(format, spelled.text)
        if whole:
            yield Part(whole, spelled.open, name=spelled.text)
            return
        url = QUEUE_URL.fullmatch(spelled.text)
        for type in rule.types:
            found = url.groupdict() if url else named_by(type, spelled.text)
            parts = parts_of_type(format, type)
            if found and parts:
                place = {name: text for name, text in found.items() if name != "Ref"}
                yield Part({**_with(parts, found["Ref"]), **place}, spelled.open, name=spelled.text)
                return
        parts = parts_of_type(format, self._usual(rule))
        if parts and spelled.text and not spelled.text.startswith("arn:"):
            named = next(name for name, part in parts.items() if "${Ref}" in part)
            for text in _readings(named, spelled.text, rule.form):
                yield Part(_with(parts, text), spelled.open, name=spelled.text)

    def _usual(self, rule: Addressed) -> str:
        """Return the type that a plain name means: the first the action knows."""
        kinds = resource_types(self.action)
        formats = [format for kind in kinds for format in kind.formats]
        fitting = (t for t in rule.types if any(parts_of_type(f, t) for f in formats))
        return next(fitting, rule.types[0])

    # ------------------------------------------------------------- members that say other parts

    def _values(self, path: str, variable: str, *, near: bool) -> Iterator[tuple[str, Value]]:
        """Yield arguments, and their paths, that end so, or with "" have the variable's name.

        ``near``: only those of the member that says what the action is about.
        """
        how, _, member = path.rpartition(" of ")
        wanted = tokens(member)
        for argument in self.site.arguments:
            at = tokens(argument.path)
            if near and not self._is_about(at):
                continue
            if at[-len(wanted) :] == wanted if wanted else at and self._says(variable, at):
                for value in self._pieces(how, argument.value) if how else [argument.value]:
                    yield argument.path, value

    def _says(self, variable: str, path: Tokens) -> bool:
        """Tell by its name that a member says a variable; a bare ``name`` only at the top."""
        return is_named(variable, path[-1], self.site.operation if len(path) == 1 else "")

    def _pieces(self, how: str, value: Value) -> Iterator[Value]:
        """Yield the ``tail`` of ``BUCKET/KEY`` or of its URL, or all with a text as ``prefix``."""
        for option in self._bound(value):
            for spelled in self._spelling.spell(option, self._binding.summary.calls):
                tail = spelled.text.removeprefix("s3://").partition("/")[2]
                found = tail if how == "tail" else f"{spelled.text}*"
                yield found or Open(spelled.open or "not known")

    def _plain(self, format: str, variable: str, path: str, value: Value) -> list[Part]:
        return [
            part
            for option in self._bound(value)
            for spelled in self._spelled(path, option)
            for part in self._told(format, variable, option, spelled)
        ]

    def _told(self, format: str, variable: str, option: Value, spelled: Spelled) -> Iterator[Part]:
        whole = parts_of_arn(format, spelled.text)
        model = PROFILE.fullmatch(spelled.text) if MODELS in format else None
        if whole:
            yield Part(whole, spelled.open, self._owner(option, spelled.text), spelled.text)
        elif model:  # a profile calls its model in whatever region it likes
            yield Part({variable: model[1], "Region": "*"}, spelled.open)
        else:
            last = LAST.search(spelled.text) if spelled.text.startswith("arn:") else None
            for text in _readings(variable, last[0] if last else spelled.text, "whole"):
                yield Part({variable: text}, spelled.open)

    def _owner(self, option: Value, arn: str) -> str:
        """Return the app's resource whose own ARN a value is, "" if it is another."""
        resources = self._spelling.directory.resources
        owners = (s.owner for s in symbols(option) if s.owner in resources)
        return next((id for id in owners if self._spelling.own(resources[id]) == arn), "")

    def _bound(self, value: Value) -> list[Value]:
        return alternatives(self._binding.bind(value))

    def _spelled(self, path: str, value: Value) -> Iterator[Spelled]:
        """Yield the texts of a value, the member named where it is open."""
        for spelled in self._spelling.spell(value, self._binding.summary.calls):
            why = "computed while running" if spelled.open == "not known" else spelled.open
            yield Spelled(spelled.text, f"{path}: {why}" if why else "")


@cache
def _names(format: str, variable: str, types: tuple[str, ...]) -> bool:
    """Tell whether a variable of a format is what some type is called by."""
    known = (parts_of_type(format, type) for type in types)
    return any("${Ref}" in parts[variable] for parts in known if parts)


def _with(parts: Mapping[str, str], name: str) -> dict[str, str]:
    return {v: text.replace("${Ref}", name) for v, text in parts.items() if "${Ref}" in text}


def _readings(variable: str, text: str, form: str) -> Iterator[str]:
    """Yield what a plain name stands for in ARNs: an address may be its domain's identity."""
    address = ADDRESS.fullmatch(text) if variable == "IdentityName" else None
    if address:
        yield from address.groups()
        return
    if "://" in text:  # an endpoint's URL: an API's id begins its host, unless the host is its own
        host = API_HOST.match(text)
        yield host[1] if host else "*"
        return
    text = text.removeprefix("/") if variable == "ParameterNameWithoutLeadingSlash" else text
    yield text.rstrip("/") if form == "prefix" else text
    if form == "prefix":
        yield f"{text.rstrip('/')}/*"
