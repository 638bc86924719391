"""Whether a caller may do something, given every policy that has a say.

An :class:`Authorizer` is made once for a set of policies and asked many times; what it finds out
about a caller's action is kept, so that a repeated question takes microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from checkrein.iam.callers import caller
from checkrein.iam.documents import Statement
from checkrein.iam.matching import Matcher
from checkrein.iam.plans import Grade, Plan, plan_of
from checkrein.iam.questions import Question, Standing
from checkrein.iam.requests import Policies, Request
from checkrein.iam.rules import rules
from checkrein.iam.symbols import Symbols
from checkrein.iam.tables import Arns, Columns, Table
from checkrein.iam.truth import MAYBE, NO, YES


class Deciding(Struct, frozen=True):
    """A statement that had a say, the kind of its policy, and whether it applies for certain."""

    kind: str  # identity policy, resource policy, permissions boundary, ...
    statement: Statement
    certain: bool


class Decision(Struct, frozen=True):
    """The answer to a request.

    ``must``: allowed under every reading of symbols, unknown keys and undocumented behaviour;
    ``may``: under one at least; ``denied``: an explicit denial applies for certain. ``deciding``
    are the statements behind it: denials that apply for certain, or else denials that may apply
    and then whatever allows.
    """

    must: bool
    may: bool
    denied: bool
    deciding: tuple[Deciding, ...] = ()


def authorize(request: Request, policies: Policies) -> Decision:
    """Decide one request. Raises InputError and Undecided for policies that cannot be read."""
    return Authorizer(policies).decide(request)


class Authorizer:
    """Policies made ready; ``symbols`` is the table that requests were encoded with."""

    def __init__(
        self,
        policies: Policies,
        symbols: Symbols | None = None,
        matcher: Matcher | None = None,
    ) -> None:
        self.policies = policies
        self.matcher = matcher or Matcher(symbols or Symbols())
        self.rules = rules(policies, self.matcher)
        self._standings: dict[tuple[str, str], Standing] = {}
        self._plans: dict[tuple[str, str, str], Plan] = {}

    def standing(self, principal: str, owner: str) -> Standing:
        """Return what concerns a caller, kept for the next question."""
        found = self._standings.get((principal, owner))
        if found is None:
            who = caller(principal)
            found = self._standings[principal, owner] = Standing(
                self.rules, self.policies, who, owner, self.matcher
            )
        return found

    def grade(self, request: Request) -> Grade:
        """Decide a request, fast: the same as ``decide`` without the statements."""
        try:
            plan = self._plans[request.principal, request.action, request.owner]
        except KeyError:
            plan = self._planned(request)
        return plan(request)

    def _planned(self, request: Request) -> Plan:
        key = principal, action, owner = request.principal, request.action, request.owner
        question = self.standing(principal, owner).question(action)
        plan = self._plans[key] = plan_of(question, self.matcher)
        return plan

    def decide(self, request: Request) -> Decision:
        """Decide a request and tell by which statements."""
        must, may, denied = self.grade(request)
        standing = self.standing(request.principal, request.owner)
        question = standing.question(request.action)
        return Decision(must, may, denied, tuple(_deciding(question, request)))

    def table(self, request: Request, actions: Iterable[str], arns: Arns) -> Table:
        """Decide actions on ARNs, otherwise as ``request`` says; the same answers as ``grade``.

        ``request``'s own action and resource do not count; all ARNs have its owner.
        """
        standing = self.standing(request.principal, request.owner)
        context, unknown = request.context, MAYBE if request.open else NO
        columns = Columns(standing, arns, self.matcher, context, unknown)
        return Table(arns, {action: columns.outcome(action) for action in actions})


def _deciding(question: Question, request: Request) -> list[Deciding]:
    if question.standing.free(question.action):
        return []
    context, unknown = request.context, MAYBE if request.open else NO
    found: dict[int, Deciding] = {}
    for entries in question.seats.values():
        for rule, sure in entries:
            applies = min(sure, rule.applies(request.resource, context, unknown))
            if applies and id(rule) not in found:
                found[id(rule)] = Deciding(rule.slot.kind, rule.statement, applies == YES)
    denials = [each for each in found.values() if each.statement.effect == "Deny"]
    allowing = [each for each in found.values() if each.statement.effect == "Allow"]
    return [each for each in denials if each.certain] or denials + allowing
