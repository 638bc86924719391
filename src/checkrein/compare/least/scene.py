"""An app's functions by role, what they need and what they are granted, in one table of symbols."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.stacks.directory import directory_of
from checkrein.iam.decisions import Extent, Policy
from checkrein.iam.documents import Statement
from checkrein.iam.grants import statement_of
from checkrein.iam.matching import Matcher
from checkrein.iam.symbols import Symbols
from checkrein.model import (
    App,
    Evidence,
    Function,
    Grant,
    Need,
    Resource,
    Symbol,
    Text,
    Value,
    When,
)
from checkrein.model.values import text

BESIDE = "beside"  # the cause of what a call would work without
BETTER = {
    "s3:GetObject": ("s3:ListBucket", "s3:GetObject then tells what is missing from forbidden"),
    "s3:PutObject": ("s3:AbortMultipartUpload", "s3:PutObject then leaves no parts if it fails"),
}


class Atom(Struct, frozen=True, eq=False):
    """One action on one ARN that a role needs; ``arn`` is encoded, ``value`` as in the Need."""

    action: str
    arn: str
    value: Value
    need: Need

    @property
    def is_any(self) -> bool:
        """Tell whether the code leaves open which resource it addresses at all."""
        return bool(self.need.open) and self.need.resource == "*"


class Scene:
    """What the functions of one app need and have; ask by the id of a role."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.directory = directory_of(app)
        names = map(self.directory.physical_name, self.directory.resources.values())
        self.symbols = Symbols(name for name in names if isinstance(name, Symbol))
        self.matcher = Matcher(self.symbols)
        self.roles: defaultdict[str, list[Function]] = defaultdict(list)
        for function in app.every(Function):
            self.roles[function.identity].append(function)
        self._needs: defaultdict[str, list[Need]] = defaultdict(list)
        for need in app.every(Need):
            if need.needed:
                self._needs[need.function].append(need)
        self._grants: defaultdict[str, list[Grant]] = defaultdict(list)
        for grant in app.every(Grant):
            self._grants[grant.identity].append(grant)

    def grants(self, identity: str) -> list[Grant]:
        """Return the statements of a role's own policies, denials too."""
        return [grant for grant in self._grants[identity] if not grant.holder]

    def identities(self) -> list[str]:
        """Return everybody who is granted something."""
        return list(self._grants)

    def needs(self, function: str) -> list[Need]:
        """Return what a function needs."""
        return self._needs[function]

    def atoms(self, functions: Iterable[str]) -> list[Atom]:
        """Return what some functions need, each action and ARN."""
        found = self._called(functions)
        return [*found, *(beside for atom in found for beside in self._beside(atom))]

    def _called(self, functions: Iterable[str]) -> list[Atom]:
        return [
            Atom(need.action, arn, value, need)
            for function in functions
            for need in self._needs[function]
            for value in need.arns
            for arn in self.encode(value)
        ]

    def _beside(self, atom: Atom) -> Iterator[Atom]:
        """Yield what a call is better with.

        Without the right to list, a missing object is forbidden; without that to abort, the parts
        of a failed upload stay.
        """
        if atom.need.cause != "call" or atom.action not in BETTER:
            return
        action, why = BETTER[atom.action]
        value = _bucket(atom.value) if action == "s3:ListBucket" else atom.value
        need = replace(
            atom.need,
            id=f"{atom.need.function}:{action}:{value}:{BESIDE}",
            action=action,
            arns=(value,),
            certain=False,
            cause=BESIDE,
            evidence=(Evidence(why, atom.need.place),),
        )
        for arn in self.encode(value):
            yield Atom(action, arn, value, need)

    def encode(self, value: Value) -> tuple[str, ...]:
        """Return the texts that a value may be, as the policy engine compares them."""
        return self.symbols.encode_pattern(self.directory.canonical(value))

    def decide(self, identity: str, atom: Atom) -> Extent:
        """Decide a need by the statements of a role, and of the resources' policies for it."""
        known = self.directory.resources.get(atom.need.function)
        when = known.when if known else ()
        grants = self._grants[identity]
        statements = [self.statement(grant, atom.need.conditions, when) for grant in grants]
        return Policy(statements, self.symbols, self.matcher).decide(atom.action, atom.arn)

    def policy(self, identity: str) -> Policy:
        """Return all statements of a role as they are."""
        statements = [self.statement(grant, {}) for grant in self._grants[identity]]
        return Policy(statements, self.symbols, self.matcher)

    def statement(self, grant: Grant, met: Mapping[str, Any], when: When = ()) -> Statement:
        """Return a grant for the policy engine.

        ``met`` are the conditions that the request meets, ``when`` what the function assumes.
        """
        return replace(
            statement_of(grant, self.directory.canonical),
            conditions={} if is_met(grant.conditions, met) else grant.conditions,
            when=tuple(condition for condition in grant.when if condition not in when),
        )

    def stack(self, id: str) -> str:
        """Return the stack that declares a resource, "" if none does."""
        found = self.directory.resources.get(id)
        return found.stack if found else ""

    def resource(self, id: str) -> Resource | None:
        """Return a resource of the app."""
        return self.directory.resources.get(id)


def _bucket(value: Value) -> Value:
    """Return the bucket of an object's ARN."""
    parts = value.parts if isinstance(value, Text) else (value,)
    kept: list[Value] = []
    for part in parts:
        if isinstance(part, str) and "/" in part:
            return text([*kept, part.partition("/")[0]])
        kept.append(part)
    return value


def is_met(asked: Mapping[str, Any], met: Mapping[str, Any]) -> bool:
    """Tell whether a request that meets some conditions surely meets what a statement asks."""
    return all(
        isinstance(tests, Mapping)
        and all(
            key in met.get(operator, {}) and _within(met[operator][key], values)
            for key, values in tests.items()
        )
        for operator, tests in asked.items()
    )


def _within(given: Value, allowed: Value) -> bool:
    every, some = (v if isinstance(v, (list, tuple)) else [v] for v in (given, allowed))
    return bool(every) and all(value in some for value in every)
