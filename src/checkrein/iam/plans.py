"""One caller's action made ready, to be asked about resources and contexts.

Seats without a statement, or with one that always applies, are settled once; so is what the
answers of the others come to. What is left for a request is to ask the seats that depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from checkrein.iam.arns import Ask, is_plain
from checkrein.iam.asking import quick, settled, thorough
from checkrein.iam.conditions import Context
from checkrein.iam.matching import Matcher
from checkrein.iam.particulars import SERVICES, closed, guarded
from checkrein.iam.planes import combine, spread
from checkrein.iam.questions import DENIED, Question, Seat
from checkrein.iam.requests import Request
from checkrein.iam.truth import MAYBE, NO, YES

NOTHING: Context = {}


class Grade(NamedTuple):
    """Whether a request is allowed for certain, allowed perhaps, and denied for certain."""

    must: bool
    may: bool
    denied: bool


REFUSED = Grade(must=False, may=False, denied=True)
FREELY = Grade(must=True, may=True, denied=False)

Plan = Callable[[Request], Grade]
Answers = tuple[int, ...]


def plan_of(question: Question, matcher: Matcher) -> Plan:
    """Return what decides one caller's action on any resource, in any context."""
    if question.standing.free(question.action):
        return lambda _request: FREELY
    fixed = {seat: settled(entries) for seat, entries in question.seats.items()}
    open = {seat: entries for seat, entries in question.seats.items() if fixed[seat] is None}
    combined = _Combined(question, fixed, list(open))
    asks = [quick(entries) for entries in open.values()]
    others = [thorough(entries) for entries in open.values()]
    if question.action.partition(":")[0] in SERVICES:
        particular = _particular(question, matcher)
        asks, others = [*asks, *particular], [*others, *particular]
    if not asks:
        constant = combined[()]
        return lambda _request: constant
    rules = [entry.rule for entries in open.values() for entry in entries]
    conditional = any(rule.reads_context for rule in rules)
    return _asking(asks, others, combined, conditional=conditional)


def _asking(
    asks: Sequence[Ask], others: Sequence[Ask], combined: _Combined, *, conditional: bool
) -> Plan:
    def plan(request: Request) -> Grade:
        resource, context = request.resource, request.context
        unknown = MAYBE if request.open else NO
        chosen = asks if is_plain(resource) else others
        return combined[tuple([ask(resource, context, unknown) for ask in chosen])]

    if len(asks) == 1 and not conditional:
        return _simple(asks[0], combined, plan)
    return _refusing(asks, combined, plan) if combined.may_refuse else plan


def _refusing(asks: Sequence[Ask], combined: _Combined, otherwise: Plan) -> Plan:
    """Return the plan where the first seat denies: often nothing else needs to be asked."""
    first, *rest = asks
    second = rest[0] if len(rest) == 1 else None  # the usual case, and worth its own line

    def plan(request: Request) -> Grade:
        resource, context = request.resource, request.context
        if request.open or not resource.isascii() or "*" in resource or "?" in resource:
            return otherwise(request)
        denied = first(resource, context, NO)
        if denied == YES:
            return REFUSED
        if second:
            return combined[denied, second(resource, context, NO)]
        return combined[(denied, *[ask(resource, context, NO) for ask in rest])]

    return plan


def _simple(ask: Ask, combined: _Combined, otherwise: Plan) -> Plan:
    """Return the plan where one seat is open, and no condition."""
    by_answer = [combined[answer,] for answer in (NO, MAYBE, YES)]

    def plan(request: Request) -> Grade:
        resource = request.resource
        if resource.isascii() and "*" not in resource and "?" not in resource:
            return by_answer[ask(resource, NOTHING, NO)]
        return otherwise(request)

    return plan


class _Combined(dict[Answers, Grade]):
    """What the answers of the open seats come to, found out when first met."""

    def __init__(
        self, question: Question, fixed: Mapping[Seat, int | None], open: Sequence[Seat]
    ) -> None:
        super().__init__()
        self._question = question
        self._fixed = fixed
        self._open = open
        self.may_refuse = open[:1] == [DENIED]

    def __missing__(self, answers: Answers) -> Grade:
        found = dict(self._fixed) | dict(zip(self._open, answers, strict=False))
        planes = {seat: spread(answer or NO, 1) for seat, answer in found.items()}
        guarded, closed = [*answers[len(self._open) :], NO, NO][:2]
        layers = self._question.standing.layers(1, planes, spread(guarded, 1), spread(closed, 1))
        grade = self[answers] = Grade(*map(bool, combine(layers)))
        return grade


def _particular(question: Question, matcher: Matcher) -> tuple[Ask, Ask]:
    action, who = question.action, question.standing.who
    return (
        lambda resource, _context, _unknown: guarded(action, resource, matcher),
        lambda resource, _context, _unknown: closed(action, resource, who, matcher),
    )
