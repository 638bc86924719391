"""Why a request is answered as it is: the statements, and on what a maybe depends."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.words import listed
from checkrein.derive.access.identities import UNTOLD
from checkrein.derive.access.policies import Bench
from checkrein.iam import Deciding, Decision, Request, Statement
from checkrein.iam.particulars import guarded
from checkrein.iam.rules import RESOURCE
from checkrein.model import Evidence, Ruling, Value
from checkrein.model.values import written

OPERATORS = {  # how conditions read
    "stringequals": "is", "stringlike": "is like", "arnequals": "is", "arnlike": "is like",
    "stringnotequals": "is not", "stringnotlike": "is not like", "arnnotlike": "is not like",
    "arnnotequals": "is not", "bool": "is", "ipaddress": "is in", "notipaddress": "is not in",
    "stringequalsignorecase": "is",
}  # fmt: skip
SHOWN = 3  # values of a condition


def rulings(bench: Bench, decision: Decision) -> Iterator[Ruling]:
    """Yield the statements that had a say, denials first, each with its place."""
    told: set[tuple[str, Evidence]] = set()
    for each in decision.deciding:
        said = bench.evidence[each.statement.sid]
        if (each.kind, said) not in told:
            told.add((each.kind, said))
            kind = "trust policy" if bench.trust and each.kind == RESOURCE else each.kind
            told_by = Evidence(written(said.text), said.place)
            yield Ruling(kind, each.statement.effect, each.certain, told_by)


def reasons(bench: Bench, decision: Decision, request: Request, answer: str) -> list[str]:
    """Say on what a maybe depends, or why a no is one; nothing for a yes."""
    if answer == "yes":
        return []
    if answer == "no":
        return [_refused(bench, decision, request)]
    found = [reason for each in decision.deciding for reason in _doubts(each, request)]
    return list(dict.fromkeys(found)) or [_beside(bench, request)]


def _refused(bench: Bench, decision: Decision, request: Request) -> str:
    allowing = [each for each in decision.deciding if each.statement.effect == "Allow"]
    if decision.denied:
        return "a statement denies it"
    if not allowing:
        return "no statement allows it"
    return _beside(bench, request)


def _beside(bench: Bench, request: Request) -> str:
    """Say what else has to allow a request that some statement allows."""
    if guarded(request.action.lower(), request.resource, bench.authorizer.matcher):
        return "the policy of the resource itself has to let it as well"
    if bench.authorizer.policies.boundary is not None:
        return "the permissions boundary has to allow it as well"
    if bench.authorizer.policies.restrict_public:
        return "the bucket refuses public policies"
    return "both accounts have to allow it"


def _doubts(each: Deciding, request: Request) -> Iterator[str]:
    """Say on what it depends whether a statement applies."""
    statement = each.statement
    if each.certain:
        return
    unless = "unless" if statement.effect == "Deny" else "if"
    if statement.when:
        named = (
            f"{name.rpartition('#')[2]} is {str(is_so).lower()}" for name, is_so in statement.when
        )
        yield f"{unless} the template's condition {listed(named)}"
    if statement.conditions:
        yield from (f"{unless} {said}" for said in _conditions(statement.conditions))
    elif not statement.when:
        yield _about(statement, request)


def _conditions(conditions: Value) -> Iterator[str]:
    if not isinstance(conditions, dict):
        yield "its conditions, which are not known, hold"
        return
    for operator, keys in conditions.items():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            if operator == UNTOLD:
                yield f"{written(key)}, which nothing here tells, allows it"
                continue
            shown = values if isinstance(values, list) else [values]
            word = OPERATORS.get(operator.lower().removesuffix("ifexists"), operator)
            named = listed(map(written, shown), SHOWN) if shown else "one of none"
            yield f"{key} {word} {named}"


def _about(statement: Statement, request: Request) -> str:
    """Say what a statement is about that may be, or may not be, what is asked about."""
    named = listed(map(written, statement.resources or statement.not_resources), SHOWN)
    negated = "all but " if statement.not_resources else ""
    if "*" in request.resource:
        return f"only for {negated}{named}"
    return f"if {negated}{named} names it"
