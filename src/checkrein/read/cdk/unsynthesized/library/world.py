"""All that a program makes, while its trace is read in the order in which it ran."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

from checkrein.model import Place
from checkrein.model.values import Open, Symbol, Text, Value, alternatives, choice, text
from checkrein.read.cdk.unsynthesized import trace as traces
from checkrein.read.cdk.unsynthesized.library import members, registry, values
from checkrein.read.cdk.unsynthesized.library.things import Construct, Stack
from checkrein.read.cdk.unsynthesized.trace import Called, Member, New, Package, Traced, Unknown

OF_STACK = {
    "account": Symbol("@aws", "AccountId"),
    "region": Symbol("@aws", "Region"),
    "partition": Symbol("@aws", "Partition"),
    "urlSuffix": Symbol("@aws", "URLSuffix"),
}
SAME = frozenset({
    "node", "defaultChild", "currentVersion", "latestVersion", "grantPrincipal", "connections",
    "principal", "resource", "metric", "grants",
})  # fmt: skip
WHOLE = frozenset({"toString", "unsafeUnwrap", "toStringList", "toJSON", "valueOf"})
NOBODY = "what it makes is not in the table"


class World:
    """Stacks and constructs by what made them, results of calls, and what was not followed.

    ``statics`` are functions and methods that give values and make nothing.
    """

    def __init__(
        self, folder: str = "", flags: Mapping[str, Any] | None = None, root: File | None = None
    ) -> None:
        self.root = root  # the scanned folder
        self.flags = flags or {}  # what ``cdk.json`` says in its context
        self.folder = folder  # of the app, relative to the scanned one
        self.stacks: dict[str, Stack] = {}
        self.constructs: dict[int, Construct] = {}
        self.results: dict[int, Any] = {}
        self.calls: dict[int, list[Called]] = {}  # of methods of what is no construct
        self.at: Place = Place(folder or ".", 1)
        self.condition = ""
        self.unknown: dict[str, list[Place]] = {}  # classes and methods that nobody knows

    # -------------------------------------------------------------------------- values

    def value(self, traced: Traced) -> Value:
        """Return what something in the trace is as a value of the model."""
        if traced is None or isinstance(traced, (bool, int, float, str)):
            return traced
        if isinstance(traced, list):
            return [self.value(each) for each in traced]
        if isinstance(traced, dict):
            found = {str(key): self.value(each) for key, each in traced.items()}
            return {key: each for key, each in found.items() if each is not None}
        return self._special(traced)

    def _special(self, traced: Traced) -> Value:
        if isinstance(traced, Unknown):
            return Open(traced.why)
        if isinstance(traced, traces.Text):
            return text([self._piece(each) for each in traced.parts])
        if isinstance(traced, traces.Choice):
            return choice([((), self.value(each)) for each in traced.among])
        return self._reference(traced)

    def _piece(self, traced: Traced) -> Value:
        found = self.value(traced)
        return Open("a list or object in a text") if isinstance(found, (list, dict)) else found

    def _reference(self, traced: Traced) -> Value:
        if isinstance(traced, Package):
            return values.of_package(traced.name)
        if isinstance(traced, Member):
            return self._member(traced)
        if isinstance(traced, Called):
            return self._result(traced)
        construct = self.construct(traced)
        if construct and construct.key:
            return construct.of()
        only = values.unwrapped(traced)
        if isinstance(only, dict):
            return self.value(only)
        return Open(f"a {traced.kind}" if isinstance(traced, New) else "something not known")

    def _member(self, traced: Member) -> Value:
        if name := values.package(traced):
            return values.of_package(name)
        if isinstance(traced.of, traces.Choice):
            return choice([((), self._member(Member(of, traced.name))) for of in traced.of.among])
        stack = self.stack(traced.of)
        if stack is not None:
            return self._of_stack(stack, traced.name)
        whole = self.construct(traced)
        if whole and whole.key:
            return whole.of()
        construct = self.construct(traced.of)
        return self.attribute(construct, traced.name) if construct else self._below(traced)

    def _below(self, traced: Member) -> Value:
        found = self.value(traced.of)
        if isinstance(found, dict) and traced.name in found:
            return found[traced.name]
        if isinstance(found, Open):
            return found
        return Open(f"{traced.name} of something not known")

    def _of_stack(self, stack: Stack, name: str) -> Value:
        own = {"account": stack.account, "region": stack.region, "stackName": stack.title}
        if own.get(name) is not None:
            return own[name]
        return OF_STACK.get(name) or Open(f"{name} of a stack")

    def attribute(self, construct: Construct, name: str) -> Value:
        """Return a member of a construct that is a text."""
        if name in construct.attributes:
            return construct.attributes[name]
        found = members.attribute(name)
        if found and construct.key:
            return construct.of(found)
        return Open(f"{name} of {construct.kind}")

    def _result(self, called: Called) -> Value:
        found = self.result(called)
        if isinstance(found, Construct):
            return found.of() if found.key else Open(f"a {found.kind}")
        return found

    # -------------------------------------------------------------------------- things

    def result(self, called: Called) -> Any:
        """Return what a call gives: a Construct or a value. Each call is made once."""
        if id(called) not in self.results:
            self.results[id(called)] = Open(f"what {called.name} gives")  # a ring ends here
            self.results[id(called)] = self._made(called)
        return self.results[id(called)]

    def _made(self, called: Called) -> Any:
        owner = values.package(called.of)
        if owner:
            return self._function(f"{owner}.{called.name}", owner, called)
        construct = self.construct(called.of)
        if construct is None:
            return self._of_value(called)
        before, condition = self.at, self.condition
        self.at = called.place
        if not called.sure:
            self.condition = self.condition or self.unsure(construct.stack, called.place)
        try:
            return self._method(construct, called)
        finally:
            self.at, self.condition = before, condition

    def _method(self, construct: Construct, called: Called) -> Any:
        for kind in (construct.kind, construct.kind.partition(".")[0], ""):
            found = registry.METHODS.get((kind, called.name))
            if found:
                return found(self, construct, called)
        if called.name in registry.SILENT or called.name.startswith("metric"):
            return Open(f"what {called.name} gives")
        self.note(f"{construct.kind}.{called.name}", called.place)
        return Open(f"{called.name} of {construct.kind}")

    def _function(self, name: str, owner: str, called: Called) -> Any:
        found = registry.METHODS.get(("", name)) or registry.METHODS.get(("", f"{owner}.*"))
        if found is None and called.name.startswith("from"):
            found = registry.METHODS.get(("", "*.from"))
        if found:
            return found(self, Construct(owner, (), self.home(called), called.place), called)
        return Open(f"{name} is not known here")

    def _of_value(self, called: Called) -> Any:
        static = registry.METHODS.get(("value", called.name))
        if static:
            return static(self, Construct("", (), self.home(called), called.place), called)
        if called.name in WHOLE:
            return self.value(called.of)
        if isinstance(called.of, New):
            self.calls.setdefault(id(called.of), []).append(called)
            return called.of
        if isinstance(called.of, Called):
            inner: Traced = called.of
            while isinstance(inner, Called):
                inner = inner.of
            if isinstance(inner, New) and id(inner) not in self.constructs:
                self.calls.setdefault(id(inner), []).append(called)
        return Open(f"what {called.name} gives")

    def home(self, called: Called) -> Stack:
        """Return the stack that a call's first argument lies in, or any."""
        first = called.arguments[0] if called.arguments else None
        construct = self.construct(first)
        found = self.stack(first) or (construct.stack if construct else None)
        return found or next(iter(self.stacks.values()), Stack("", "", called.place))

    def construct(self, traced: Traced) -> Construct | None:
        """Return the construct that something is, None where it is none or not plainly one."""
        if isinstance(traced, New):
            return self.constructs.get(id(traced))
        if isinstance(traced, Called):
            found = self.result(traced)
            if isinstance(found, New):
                return self.constructs.get(id(found))
            return found if isinstance(found, Construct) else None
        if isinstance(traced, Member):
            owner = self.construct(traced.of)
            if owner is None:
                return None
            return owner.parts.get(traced.name) or (owner if traced.name in SAME else None)
        return traced if isinstance(traced, Construct) else None

    def stack(self, traced: Traced) -> Stack | None:
        """Return the stack that something is, None for anything else."""
        found = self.constructs.get(id(traced)) if isinstance(traced, New) else None
        return found.stack if found and found.kind in ("Stack", "NestedStack") else None

    # -------------------------------------------------------------------------- telling

    def unsure(self, stack: Stack, place: Place) -> str:
        """Return the name of the condition of what only running decides, at a place."""
        name = f"{place.path.rpartition('/')[2]}:{place.line}"
        stack.conditions[name] = {"Fn::Equals": [Open(f"a condition at {name}"), True]}
        return name

    def note(self, what: str, place: Place) -> None:
        """Say that a class or method is not known."""
        self.unknown.setdefault(what, []).append(place)

    def text(self, traced: Traced) -> str:
        """Return a value as plain text, without the parts that are not known.

        Of several values it is the one of which most is known.
        """
        return max(map(_plain, alternatives(self.value(traced))), key=len)

    def props(self, construct: Construct, *names: str) -> Traced:
        """Return a property that a construct was given, None where it surely was not."""
        return values.prop(construct.given, *names)

    def given(self, construct: Construct, *names: str) -> Value:
        """Return the value of a property that a construct was given."""
        return self.value(self.props(construct, *names))


def _plain(value: Value) -> str:
    if isinstance(value, Text):
        return "".join(part for part in value.parts if isinstance(part, str))
    return value if isinstance(value, str) else ""
