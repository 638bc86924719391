"""What code asks of AWS and no template declares: tables, buckets, queues, topics, secrets.

A table that was made by hand or by a stack that is not here is one all the same: it keeps what code
writes there and gives what code reads. So each name that code asks for, and that names nothing of
its application, is a resource of its own, ``<deployment>/Table:users``, of its AWS type and
without settings, of which nobody here knows any.

Two calls mean the same one where they say the same name: a text, a parameter, another stack's
export, a variable that no template sets, unless what it says may be the name of what one declares.
What only running tells, such as a name in an event or in an answer, names nothing here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec.structs import replace

from checkrein.catalog.operations import Addressed, addressed
from checkrein.derive.content.naming import is_null, names, values_at
from checkrein.derive.stacks.deployments import Joined
from checkrein.derive.stacks.directory import SEGMENT, Directory
from checkrein.late import regex
from checkrein.model import (
    App,
    CallSite,
    Evidence,
    Resource,
    Summary,
    Symbol,
    Text,
    Unread,
    Value,
)
from checkrein.model.values import alternatives, substitute, symbols
from checkrein.model.workloads import variables

NOUNS: Mapping[str, str] = {  # of what is made of a name alone
    "AWS::DynamoDB::Table": "Table",
    "AWS::Events::EventBus": "Bus",
    "AWS::Kinesis::Stream": "Stream",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStream",
    "AWS::S3::Bucket": "Bucket",
    "AWS::SNS::Topic": "Topic",
    "AWS::SQS::Queue": "Queue",
    "AWS::SecretsManager::Secret": "Secret",
}
SERVICES = frozenset({
    "dynamodb", "events", "firehose", "kinesis", "s3", "secretsmanager", "sns", "sqs",
})  # fmt: skip
SET, TEXT, PARTLY, UNSET = range(4)  # what a name comes from, what counts most first
DEFAULT = "default"  # the account's own bus, which has a node of its own
GIVEN = frozenset({"env", "@aws", "@export", "@stack-output", "@ssm", "@secretsmanager"})
OWNED = ("@parameter", "@stack")  # of a stack
NAME = regex(r"[\w./-]{3,256}")
WHOLE = ("arn:", "http://", "https://")
UNKNOWN = "no template here declares it"
ADVICE = "declare them in checkrein.yaml, or scan what makes them as well"


def with_undeclared(app: App, known: Joined) -> Joined:
    """Return what was joined with what code asks for and nothing here declares."""
    asking = [
        (summary.function, sites)
        for summary in app.every(Summary)
        if (sites := [each for each in summary.calls if each.service in SERVICES])
    ]
    declared = tuple(each for each in known.resources if not each.is_undeclared)
    if not asking:
        return replace(known, resources=declared)
    directory = Directory(declared, known.of_stack)
    found: dict[tuple[str, Value], Resource] = {}
    for id, sites in asking:
        if id in directory.resources:
            asked = Asking(directory, directory.resources[id])
            for site in sites:
                for each in asked.undeclared(site):
                    found.setdefault((each.id, each.called), each)
    homes = known.of_stack | {each.stack: each.stack for each in found.values()}
    return replace(known, resources=(*declared, *_apart(found.values())), of_stack=homes)


def _apart(found: Collection[Resource]) -> list[Resource]:
    """Return resources with ids of their own where names differ that are told alike.

    ``USERS`` may be a text and a variable, of which nobody knows that they are the same.
    """
    alike = Counter(each.id for each in found)
    made: dict[str, Resource] = {}
    for each in found:
        owners = sorted(symbol.owner for symbol in symbols(each.called))
        id = f"{each.id}:{owners[0]}" if alike[each.id] > 1 and owners else each.id
        while id in made:  # ``/shop/key`` and ``shop/key``
            id += ":"
        made[id] = replace(each, id=id)
    return [*made.values()]


class Asking:
    """What the calls of one function ask for that nothing here declares."""

    def __init__(self, directory: Directory, function: Resource) -> None:
        self._directory = directory
        self._deployment = directory.deployment(function.id)
        self._environment = {name: each.value for name, each in variables(function).items()}

    def undeclared(self, site: CallSite) -> Iterator[Resource]:
        """Yield what a call asks for, once for each name."""
        for rule in addressed(site.service, site.operation):
            type = next((one for one in rule.types if one in NOUNS), "")
            if type and rule.form != "prefix" and not is_null(site, rule):
                for value in values_at(site, rule):
                    for name in self._meant(value, rule):
                        yield self._resource(type, name, site)

    def _meant(self, value: Value, rule: Addressed) -> Iterator[Value]:
        """Yield the names in a value: what a variable is set to, else texts, else the variable.

        None where one of them is declared, or where only running tells one: the others are what
        the code falls back to. What a variable says that no template sets may be the name of one
        that is declared.
        """
        given: defaultdict[int, list[Value]] = defaultdict(list)
        for said, name in self._said(value, rule):
            declared = self._directory.find(name, self._deployment, rule.types)
            if declared or not _is_known(name):
                return
            given[_rank(said, name)].append(name)
        for name in given[min(given)] if given else ():
            if not self._may_be_declared(name, rule):
                yield _last(name)

    def _said(self, value: Value, rule: Addressed) -> Iterator[tuple[Value, Value]]:
        """Yield what the code says, and the names that this gives with the variables put in."""
        for said in alternatives(value):
            for bound in alternatives(substitute(said, self._variable)):
                for name in names(bound, rule.form):
                    if name is not None and name != "":
                        yield said, name

    def _may_be_declared(self, name: Value, rule: Addressed) -> bool:
        """Tell whether a name that depends on an unset variable may be that of what is declared."""
        if all(symbol.owner != "env" for symbol in symbols(name)):
            return False
        members = self._directory.members(self._deployment)
        alike = (each for each in members if each.type in rule.types and not each.added)
        return any(_covers(name, self._directory.name(each)) for each in alike)

    def _variable(self, symbol: Symbol) -> Value | None:
        return self._environment.get(symbol.attribute) if symbol.owner == "env" else None

    def _resource(self, type: str, name: Value, site: CallSite) -> Resource:
        label = _label(name)
        noun = NOUNS[type]
        said = f"code asks for the {noun.lower()} {label}, which no template here declares"
        return Resource(
            id=f"{self._deployment}/{noun}:{label.strip('/').replace('/', ':')}",
            stack=self._deployment,
            type=type,
            title=label,
            unknown=UNKNOWN,
            called=name,
            evidence=(Evidence(said, site.place),),
        )


def _rank(said: Value, name: Value) -> int:
    """Return where a name comes from that the code says so: ``PARTLY`` from an unset variable."""
    if isinstance(said, Symbol) and said.owner == "env":
        return UNSET if name == said else SET
    return PARTLY if any(each.owner == "env" for each in symbols(name)) else TEXT


def _covers(name: Value, other: Value) -> bool:
    """Tell whether a name with parts that are not known may be another."""
    parts = name.parts if isinstance(name, Text) else (name,)
    pattern = "".join(re.escape(part) if isinstance(part, str) else ".+" for part in parts)
    known = all(isinstance(part, str) for part in getattr(other, "parts", (other,)))
    return not known or re.fullmatch(pattern, str(other)) is not None


def _is_known(name: Value) -> bool:
    """Tell whether a name says which resource is meant, wherever it is said again."""
    if isinstance(name, str):
        return name != DEFAULT and bool(name.startswith(WHOLE) or NAME.fullmatch(name))
    if not isinstance(name, (Symbol, Text)):
        return False
    owners = [each.owner for each in symbols(name)]
    whole = isinstance(name, Symbol) or all(isinstance(p, (str, Symbol)) for p in name.parts)
    return whole and all(each in GIVEN or each.endswith(OWNED) for each in owners)


def _last(name: Value) -> Value:
    """Return the name in a plain ARN or URL, as others may ask for it; anything else as it is."""
    if isinstance(name, str) and name.startswith(WHOLE):
        return SEGMENT.findall(name)[-1]
    return name


def _label(name: Value) -> str:
    """Return how a name is told: a variable or a parameter by its own."""
    if isinstance(name, Symbol):
        return name.attribute
    parts = name.parts if isinstance(name, Text) else (name,)
    return "".join(f"${{{p.attribute}}}" if isinstance(p, Symbol) else str(p) for p in parts)


# ------------------------------------------------------------------------------ told once


def untold(resources: Iterable[Resource]) -> Iterator[Unread]:
    """Yield what is not known of the resources that nothing declares, once for each deployment."""
    by_stack: defaultdict[str, list[Resource]] = defaultdict(list)
    for each in resources:
        if each.is_undeclared:
            by_stack[each.stack].append(each)
    for stack, members in by_stack.items():
        told = ", ".join(f"{NOUNS[each.type].lower()} {each.title}" for each in members)
        reason = f"code asks for what no template here declares: {told}"
        yield Unread(
            id=f"{stack}: {reason}",
            path=members[0].place.path,
            reason=reason,
            effect=f"their settings are not judged: {ADVICE}",
            fatal=False,
            evidence=members[0].evidence,
        )
