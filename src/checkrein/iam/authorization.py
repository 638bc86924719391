"""Whether a caller may do something, given every policy that has a say.

An :class:`Authorizer` is made once for a set of policies and asked many times; what it finds out
about a caller's action is kept, so that a repeated question takes microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from checkrein.iam.arns import is_plain
from checkrein.iam.asking import quick, thorough
from checkrein.iam.callers import caller
from checkrein.iam.conditions import Context
from checkrein.iam.documents import Statement
from checkrein.iam.matching import Matcher
from checkrein.iam.particulars import SERVICES, closed, guarded
from checkrein.iam.planes import NOWHERE, combine, spread
from checkrein.iam.questions import Question, Standing
from checkrein.iam.requests import Policies, Request
from checkrein.iam.rules import rules
from checkrein.iam.symbols import Symbols
from checkrein.iam.tables import Arns, Columns, Table
from checkrein.iam.truth import MAYBE, NO, YES

NOTHING: Mapping[str, str] = {}


class Grade(NamedTuple):
    """Whether a request is allowed for certain, allowed perhaps, and denied for certain."""

    must: bool
    may: bool
    denied: bool


REFUSED = Grade(must=False, may=False, denied=True)


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
            found = Standing(self.rules, self.policies, who, owner, self.matcher)
            self._standings[principal, owner] = found
        return found

    def grade(self, request: Request) -> Grade:
        """Decide a request, fast: the same as ``decide`` without the statements."""
        key = request.principal, request.action, request.owner
        plan = self._plans.get(key)
        if plan is None:
            standing = self.standing(request.principal, request.owner)
            plan = Plan(standing.question(request.action.lower()), self.matcher)
            self._plans[key] = plan
        return plan.grade(request)

    def decide(self, request: Request) -> Decision:
        """Decide a request and tell by which statements."""
        must, may, denied = self.grade(request)
        standing = self.standing(request.principal, request.owner)
        question = standing.question(request.action.lower())
        return Decision(must, may, denied, tuple(_deciding(question, request)))

    def table(self, request: Request, actions: Iterable[str], arns: Arns) -> Table:
        """Decide actions on ARNs, otherwise as ``request`` says; the same answers as ``grade``.

        ``request``'s own action and resource do not count; all ARNs have its owner.
        """
        standing = self.standing(request.principal, request.owner)
        context, unknown = lowered(request.context), MAYBE if request.open else NO
        columns = Columns(standing, arns, self.matcher, context, unknown)
        return Table(arns, {action: columns.outcome(action) for action in actions})


def _deciding(question: Question, request: Request) -> list[Deciding]:
    if question.standing.free(question.action):
        return []
    context, unknown = lowered(request.context), MAYBE if request.open else NO
    found: dict[int, Deciding] = {}
    for entries in question.seats.values():
        for rule, sure in entries:
            applies = min(sure, rule.applies(request.resource, context, unknown))
            if applies and id(rule) not in found:
                found[id(rule)] = Deciding(rule.slot[0], rule.statement, applies == YES)
    denials = [each for each in found.values() if each.statement.effect == "Deny"]
    allowing = [each for each in found.values() if each.statement.effect == "Allow"]
    return [each for each in denials if each.certain] or denials + allowing


def lowered(context: Context) -> Context:
    """Return a context with its keys in lower case, as conditions look them up."""
    return {key.lower(): value for key, value in context.items()}


class Plan:
    """One caller's action, ready to be asked about resources and contexts."""

    def __init__(self, question: Question, matcher: Matcher) -> None:
        self._question = question
        self._matcher = matcher
        self._free = question.standing.free(question.action)
        self._service = question.action.partition(":")[0] in SERVICES
        seats = question.seats.items()
        self._seats = [seat for seat, _ in seats]
        self._quick = [quick(entries) for _, entries in seats]
        self._thorough = [thorough(entries) for _, entries in seats]
        self._conditional = any(
            entry.rule.reads_context for _, entries in seats for entry in entries
        )
        self._known: dict[tuple[int, ...], Grade] = {}

    def grade(self, request: Request) -> Grade:
        """Decide a request of this caller's action."""
        resource = request.resource
        context = lowered(request.context) if self._conditional and request.context else NOTHING
        unknown = MAYBE if request.open else NO
        asks = self._quick if is_plain(resource) else self._thorough
        answers = tuple([ask(resource, context, unknown) for ask in asks])
        if answers[0] == YES and not self._free:
            return REFUSED
        if self._service:
            answers += self._particular(resource)
        found = self._known.get(answers)
        if found is None:
            found = self._known[answers] = self._combined(answers)
        return found

    def _particular(self, resource: str) -> tuple[int, int]:
        action, who = self._question.action, self._question.standing.who
        return (
            guarded(action, resource, self._matcher),
            closed(action, resource, who, self._matcher),
        )

    def _combined(self, answers: tuple[int, ...]) -> Grade:
        if self._free:
            return Grade(must=True, may=True, denied=False)
        planes = [spread(answer, 1) for answer in answers]
        own = dict(zip(self._seats, planes, strict=False))
        rest = planes[len(self._seats) :] or [NOWHERE, NOWHERE]
        layers = self._question.standing.layers(1, own, *rest)
        return Grade(*map(bool, combine(layers)))
