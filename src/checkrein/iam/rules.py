"""Statements made ready to be asked, each with the policy that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

from checkrein.iam.arns import Element
from checkrein.iam.callers import Caller, Named, Naming, namings
from checkrein.iam.conditions import Context, Test, condition_test, keys_read
from checkrein.iam.documents import Statement, statements
from checkrein.iam.matching import Matcher
from checkrein.iam.operators import has_symbol
from checkrein.iam.patterns import expression, matches
from checkrein.iam.requests import Policies
from checkrein.iam.truth import MAYBE, NO, YES, agreed
from checkrein.model import Value

IDENTITY: Final = "identity policy"
BOUNDARY: Final = "permissions boundary"
SESSION: Final = "session policy"
RESOURCE: Final = "resource policy"
SERVICE_CONTROL: Final = "service control policy"
RESOURCE_CONTROL: Final = "resource control policy"
ENDPOINT: Final = "endpoint policy"
NAMING = frozenset({RESOURCE, RESOURCE_CONTROL})  # their statements have to name a principal


class Slot(NamedTuple):
    """Where a policy is attached: its kind and, of several levels, which."""

    kind: str
    level: int = 0


class Rule:
    """One statement of one policy."""

    def __init__(self, statement: Statement, slot: Slot, matcher: Matcher) -> None:
        self.statement = statement
        self.slot = slot
        self.denies = statement.effect == "Deny"
        self._matcher = matcher
        self._known: dict[str, int] = {}

    @cached_property
    def element(self) -> Element:
        """Return the statement's Resource or NotResource, read when first needed."""
        return Element(self.statement, self._matcher, completed=self.slot.kind == IDENTITY)

    @cached_property
    def condition(self) -> Test | None:
        """Return the test of the statement's conditions, None if there are none."""
        written = self.statement.conditions
        if written == {}:
            return None
        return condition_test(written, self._matcher, variables=self.statement.variables)

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys, in lower case, that the conditions ask about."""
        return keys_read(self.statement.conditions, self._matcher)

    @cached_property
    def reads_context(self) -> bool:
        """Tell whether the answer depends on more than action and resource."""
        return self.condition is not None or bool(self.element.keys)

    @cached_property
    def _actions(self) -> list[tuple[str, ...]]:
        written = self.statement.actions or self.statement.not_actions
        encode = self._matcher.symbols.encode
        return [tuple(text.lower() for text in encode(value)) for value in written]

    @cached_property
    def _named(self) -> re.Pattern[str] | None:
        """Return one expression for all actions, None where some are not known."""
        if any(len(options) > 1 or has_symbol(options[0]) for options in self._actions):
            return None
        return re.compile("|".join(expression(pattern) for (pattern,) in self._actions), re.DOTALL)

    def action(self, action: str) -> int:
        """Tell whether the statement is about an action (in lower case) and there at all."""
        found = self._known.get(action)
        if found is None:
            found = self._known[action] = self._about(action)
        return found

    def _about(self, action: str) -> int:
        if self._named is not None:
            found = YES if self._named.fullmatch(action) else NO
        else:
            found = max(agreed([_names(p, action) for p in options]) for options in self._actions)
        found = YES - found if self.statement.not_actions else found
        return min(found, MAYBE) if self.statement.when else found

    def namings(self, who: Caller, *, bounded: bool) -> list[Named]:
        """Return how the statement names a caller; one of a policy that names none, everyone."""
        named = self.statement.principals or self.statement.not_principals
        if self.slot.kind not in NAMING and (self.slot.kind != ENDPOINT or not named):
            return [(Naming.ANYONE, YES)]
        return namings(self.statement, who, self._matcher, bounded=bounded)

    def applies(self, resource: str, context: Context, unknown: int) -> int:
        """Tell whether resource and conditions fit a request."""
        found = self.element.names(resource, context, unknown)
        if found and self.condition is not None:
            found = min(found, self.condition(context, unknown))
        return found


def _names(pattern: str, action: str) -> int:
    if has_symbol(pattern):
        return MAYBE
    return YES if matches(pattern, action) else NO


def rules(policies: Policies, matcher: Matcher) -> tuple[Rule, ...]:
    """Return the rules of all policies. Raises InputError and Undecided as ``statements`` does."""
    return tuple(
        Rule(statement, slot, matcher)
        for slot, documents in _documents(policies)
        for document in documents
        for statement in _read(document)
    )


def _read(document: Value) -> tuple[Statement, ...]:
    return document if isinstance(document, tuple) else statements(document)


def _documents(policies: Policies) -> Iterator[tuple[Slot, Iterable[Value]]]:
    yield Slot(IDENTITY), policies.identity
    yield Slot(RESOURCE), () if policies.resource is None else (policies.resource,)
    yield Slot(BOUNDARY), policies.boundary or ()
    yield Slot(SESSION), () if policies.session is None else (policies.session,)
    for level, group in enumerate(policies.service_control):
        yield Slot(SERVICE_CONTROL, level), group
    for level, group in enumerate(policies.resource_control):
        yield Slot(RESOURCE_CONTROL, level), group
    yield Slot(ENDPOINT), policies.endpoint or ()
