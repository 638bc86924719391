"""Whether a role may write to what is not its account's, through an endpoint that has a policy.

An endpoint's policy is asked about a resource of somebody else, as the role's own policies are:
both must allow one action that writes there. Source: AWS's documentation of endpoint policies
(without one, everything is allowed) and of the keys that conditions are written with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from msgspec.structs import replace

from checkrein.catalog.rights import rights
from checkrein.derive.network.ways import Grade
from checkrein.derive.stacks.directory import Directory
from checkrein.errors import InputError
from checkrein.iam.conditions import OF_AN_SDK, condition_test
from checkrein.iam.decisions import Policy
from checkrein.iam.documents import Statement, statements
from checkrein.iam.grants import statement_of
from checkrein.iam.matching import Matcher
from checkrein.iam.symbols import Symbols
from checkrein.iam.truth import MAYBE, NO, YES
from checkrein.model import Grant, Symbol, Undecided, Value
from checkrein.model.values import text

HOME = Symbol("@aws", "AccountId")
THEIRS = Symbol("elsewhere/account")  # names a resource that no other symbol names
NAME = Symbol("elsewhere/name")
REGION = Symbol("@aws", "Region")
# What somebody else can own and let everybody write to, by a policy of its own.
FOREIGN: dict[str, tuple[Value, ...]] = {
    "s3": ("arn:aws:s3:::", NAME, "/object"),
    "dynamodb": ("arn:aws:dynamodb:", REGION, ":", THEIRS, ":table/", NAME),
    "sqs": ("arn:aws:sqs:", REGION, ":", THEIRS, ":", NAME),
    "sns": ("arn:aws:sns:", REGION, ":", THEIRS, ":", NAME),
    "lambda": ("arn:aws:lambda:", REGION, ":", THEIRS, ":function:", NAME),
    "kinesis": ("arn:aws:kinesis:", REGION, ":", THEIRS, ":stream/", NAME),
    "events": ("arn:aws:events:", REGION, ":", THEIRS, ":event-bus/", NAME),
    "secretsmanager": ("arn:aws:secretsmanager:", REGION, ":", THEIRS, ":secret:", NAME),
    "execute-api": ("arn:aws:execute-api:", REGION, ":", THEIRS, ":", NAME, "/stage/POST/path"),
    "ecr": ("arn:aws:ecr:", REGION, ":", THEIRS, ":repository/", NAME),
}
WRITING = frozenset({"write", "invoke"})
# Keys that say whose the resource is, and who calls: the app's own account and organisation.
OF_RESOURCE = ("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths",
               "s3:resourceaccount", "s3express:resourceaccount")  # fmt: skip
OF_CALLER = ("aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths")

# A role of the app calls, by an SDK, for itself.
OF_A_ROLE = {**OF_AN_SDK, "aws:principalisawsservice": "false", "aws:viaawsservice": "false"}


EVERYTHING = Statement(effect="Allow", actions=("*",), resources=("*",))
Writes = tuple[frozenset[str], frozenset[str]]  # allowed for certain, and perhaps


class Guard:
    """Statements of one party, as they apply to somebody else's resources; None: not known."""

    def __init__(self, statements: Iterable[Statement] | None, abroad: Abroad) -> None:
        self._known = statements is not None
        rules = (EVERYTHING,) if statements is None else statements
        self._policy = Policy(rules, abroad.symbols, abroad.matcher)
        self._arns = abroad.arns
        self.writes: Callable[[str], Writes] = cache(self._writes)

    def _writes(self, service: str) -> Writes:
        """Return the actions that write to others' resources of a service."""
        found = self._policy.allowed(self._arns(service)).values()
        may = frozenset(a for allowed in found for a in allowed.may if WRITING & set(rights(a)))
        sure = frozenset(a for allowed in found for a in allowed.some)
        return (may & sure if self._known else frozenset()), may


class Abroad:
    """Asks what policies let be written to resources of other accounts."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        names = map(directory.physical_name, directory.resources.values())
        own = {name for name in names if isinstance(name, Symbol)}
        self.symbols = Symbols({*own, HOME})
        self.matcher = Matcher(self.symbols)
        self.arns = cache(self._arns)
        self.open = Guard([EVERYTHING], self)
        self.unknown = Guard(None, self)

    def _arns(self, service: str) -> tuple[str, ...]:
        """Return ARNs that stand for others' resources of a service; "" for any service."""
        services = [service] if service else list(FOREIGN)
        formats = [FOREIGN[each] for each in services if each in FOREIGN]
        return tuple(arn for format in formats for arn in self.symbols.encode(text(list(format))))

    def role(self, grants: Iterable[Grant], deployment: str) -> Guard:
        """Return what an identity's own statements say of others' resources."""
        written = (statement_of(grant) for grant in grants if not grant.holder)
        return self._guard(written, deployment)

    def endpoint(self, document: Value, deployment: str) -> Guard:
        """Return what an endpoint's policy says of others' resources; None allows everything."""
        if document is None:
            return self.open
        try:
            written = statements(document)
        except (InputError, Undecided):
            return self.unknown
        return self._guard(map(_of_callers, written), deployment)

    def _guard(self, written: Iterable[Statement], deployment: str) -> Guard:
        return Guard([s for one in written for s in self._abroad(one, deployment)], self)

    def _abroad(self, statement: Statement, deployment: str) -> Iterator[Statement]:
        """Yield a statement without the app's own resources, where anything of it is left."""
        holds = _holds(statement.conditions, self.matcher)
        resources = self._others(statement.resources, deployment)
        others = self._others(statement.not_resources, deployment)
        if holds is False or (statement.resources and not resources):
            return
        yield replace(
            statement,
            resources=resources or (() if others else ("*",)),
            not_resources=others,
            conditions={} if holds else statement.conditions,
        )

    def _others(self, values: tuple[Value, ...], deployment: str) -> tuple[Value, ...]:
        found = (v for v in values if not self._directory.find(v, deployment))
        return tuple(self._directory.canonical(value) for value in found)


def written(service: str, guards: Iterable[Guard]) -> tuple[Grade, tuple[str, ...]]:
    """Return how sure it is that all guards let data be written abroad, and by which actions.

    ``service`` is the prefix of its actions; "" stands for any.
    """
    every = [guard.writes(service) for guard in guards]
    certain = frozenset.intersection(*(sure for sure, _ in every))
    if certain:
        return Grade.CERTAIN, tuple(sorted(certain))
    possible = frozenset.intersection(*(may for _, may in every))
    return Grade.POSSIBLE if possible else Grade.NO, tuple(sorted(possible))


def _of_callers(statement: Statement) -> Statement:
    """Put a statement's principals into its conditions, unless it is about everybody."""
    if any(value == "*" for _, value in statement.principals):
        return statement
    for operator, pairs in (
        ("ArnEquals", statement.principals),
        ("ArnNotEquals", statement.not_principals),
    ):
        if pairs:
            named = [value for _, value in pairs]
            return replace(statement, conditions={operator: {"aws:PrincipalArn": named}})
    return statement


def _holds(conditions: Value, matcher: Matcher) -> bool | None:
    """Tell whether conditions hold for a resource of somebody else; None if that depends."""
    if not isinstance(conditions, dict):
        return None
    outcomes = {
        _outcome(str(operator), str(key), value, matcher)
        for operator, tests in conditions.items()
        for key, value in (tests.items() if isinstance(tests, dict) else (("", None),))
    }
    if False in outcomes:
        return False
    return None if None in outcomes else True


def _outcome(operator: str, key: str, value: Value, matcher: Matcher) -> bool | None:
    """Test one key; the accounts and organisations that a policy names are the app's own."""
    name = operator.lower().rpartition(":")[2].removesuffix("ifexists")
    theirs, ours = key.lower() in OF_RESOURCE, key.lower() in OF_CALLER
    if not name.startswith("string") or not (theirs or ours):
        test = condition_test({operator: {key: value}}, matcher, variables=True)
        return {NO: False, MAYBE: None, YES: True}[test(OF_A_ROLE, MAYBE)]
    every = "*" in (value if isinstance(value, list) else [value])
    return (ours or every) is not ("not" in name)
