"""Which resource of an app a record means: by ARN, by physical name, by what AWS made of an id.

Where a template computes a name (``${AWS::StackName}-orders``), what is computed may be anything;
the name with the most letters that are written out counts. A name that AWS made has the logical
id in it: ``stack-LogicalId-HASH``, the id cut short where the whole is too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from checkrein.catalog import arns
from checkrein.model import App, Deployment, Row, Stack, Symbol, Text, Value
from checkrein.model.facts import Resource
from checkrein.model.values import alternatives, symbols
from checkrein.model.workloads import LAMBDA, log_groups
from checkrein.observe.logs import LOG_GROUP, OF_FUNCTIONS
from checkrein.observe.records import GIVEN, PATH
from checkrein.observe.sightings import Named

MADE = re.compile(r"^(.+)-([A-Za-z0-9]+)-[A-Za-z0-9]{8,13}$")
SHORTEST_CUT = 8  # letters of a logical id that AWS cut short
FEWEST = 3  # letters and digits of a name that are written out
GROUP = "AWS::Logs::LogGroup"
LOGS = "@logs"
Ids = frozenset[str]
NONE: Ids = frozenset()
URL = re.compile(r"https?://[^/]+/\d+/([\w.-]+)$")  # of a queue
FORMS = (  # of ARNs: service, the part with the name, types
    ("s3", r"([^/]+)(?:/.*)?", ("AWS::S3::Bucket",)),
    ("dynamodb", r"table/([^/]+)(?:/.*)?", ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")),
    ("lambda", r"function:([^:]+)(?::.*)?", (LAMBDA,)),
    ("sqs", r"(.+)", ("AWS::SQS::Queue",)),
    ("sns", r"([^:]+)(?::.*)?", ("AWS::SNS::Topic",)),
    ("states", r"(?:stateMachine|execution|express):([^:]+)(?::.*)?",
     ("AWS::StepFunctions::StateMachine",)),
    ("events", r"event-bus/(.+)", ("AWS::Events::EventBus",)),
    ("kinesis", r"stream/([^/]+)(?:/.*)?", ("AWS::Kinesis::Stream",)),
    ("firehose", r"deliverystream/(.+)", ("AWS::KinesisFirehose::DeliveryStream",)),
    ("secretsmanager", r"secret:(.+?)(?:-\w{6})?", ("AWS::SecretsManager::Secret",)),
    ("ssm", r"parameter(/.+)", ("AWS::SSM::Parameter",)),
    ("iam", r"role/(?:.*/)?([^/]+)", ("AWS::IAM::Role",)),
    ("iam", r"user/(?:.*/)?([^/]+)", ("AWS::IAM::User",)),
    ("logs", r"log-group:([^:]+)(?::.*)?", (GROUP,)),
)  # fmt: skip
ARN = re.compile(r"^arn:[\w-]+:([\w-]+):[^:]*:[^:]*:(.+)$")
ALIKE = {  # types that records do not tell apart
    "AWS::DynamoDB::Table": ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"),
}
ALIASES = ("DistributionConfig", "Aliases")


class Names:
    """The resources of an app by all names that records may have for them."""

    def __init__(self, app: App) -> None:
        self._resources = {each.id: each for each in app.every(Resource)}
        self._rows = {row.id for row in app.every(Row)}
        self._called = {s.id: s.name for s in app.every(Stack) if isinstance(s.name, str)}
        self._exact: dict[str, set[str]] = {}
        self._computed: list[tuple[int, re.Pattern[str], str]] = []
        self._logical: dict[str, set[str]] = {}
        for resource in self._resources.values():
            self._learn(resource)
        self._deployed = {s: each.id for each in app.every(Deployment) for s in each.stacks}
        self._known: dict[Named, Ids] = {}

    def find(self, names: Iterable[Named]) -> Ids:
        """Return what the first known of some names may mean: nothing, one id, or several."""
        for name in names:
            found = self._known.get(name)
            if found is None:
                found = self._known[name] = self._find(name)
            if found:
                return found
        return NONE

    def _find(self, name: Named) -> Ids:
        if name.type == PATH:
            return self._of_path(PurePosixPath(name.text))
        if name.type == LOG_GROUP:
            return self._log(name.text)
        if name.type == GIVEN:
            return frozenset(self._holding(id) or id for id in self._find(Named(name.text)))
        arn = ARN.match(name.text)
        if arn:
            return self._of_arn(arn[1], arn[2])
        queue = URL.match(name.text)
        text = queue[1] if queue else name.text
        types = ALIKE.get(name.type, (name.type,)) if name.type else ()
        return self._named(text, types)

    def _of_arn(self, service: str, rest: str) -> Ids:
        for known, form, types in FORMS:
            found = re.fullmatch(form, rest) if known == service else None
            if found:
                ids = self._log(found[1]) if types == (GROUP,) else self._named(found[1], types)
                if ids:
                    return ids
        return NONE

    def _of_path(self, path: PurePosixPath) -> Ids:
        """Return what a file is of: by its name or a folder's, the nearest first."""
        parts = [path.name.partition(".")[0], path.stem, *reversed(path.parent.parts)]
        for part in dict.fromkeys(filter(None, parts)):
            if len(part) >= FEWEST:
                held = {self._holding(id) for id in self._named(part, ())} - {""}
                if held:
                    return frozenset(held)
        return NONE

    def _holding(self, id: str) -> str:
        """Return the node that holds what a file named after a resource has: a function's log."""
        if id in self._resources and self._resources[id].type == LAMBDA:
            return self.log_of(id)
        return id if id in self._rows else ""

    def log_of(self, function: str) -> str:
        """Return the node that holds what a function logs, "" where the table has none."""
        declared = [
            symbol.owner
            for value, _ in log_groups(self._resources[function])
            for symbol in symbols(value)
            if symbol.owner in self._rows
        ]
        own = self._named(f"{OF_FUNCTIONS}{self._shown(function)}", (GROUP,))
        near = [id for id in sorted(own) if self.deployment(id) == self.deployment(function)]
        found = [*declared, *near, f"{function}{LOGS}"]
        return next((id for id in found if id in self._rows), "")

    def _shown(self, function: str) -> str:
        resource = self._resources[function]
        name = resource.value("FunctionName")
        return name if isinstance(name, str) else resource.name

    def _log(self, group: str) -> Ids:
        group = group.removesuffix(":*")
        group = ARN.sub(r"\2", group).removeprefix("log-group:")
        found = self._named(group, (GROUP,))
        if found or not group.startswith(OF_FUNCTIONS):
            return found
        functions = self._named(group.removeprefix(OF_FUNCTIONS), (LAMBDA,))
        return frozenset({self.log_of(each) for each in functions} - {""})

    def _named(self, text: str, types: tuple[str, ...]) -> Ids:
        """Return the resources, of some types if any are given, that a name may mean."""
        if text in self._resources or text in self._rows:
            return frozenset({text})
        for found in (self._exact.get(text, set()), self._as_computed(text, types)):
            fitting = self._of(found, types)
            if fitting:
                return frozenset(fitting)
        made = self._as_made(text, types)
        if made or types:
            return made
        return frozenset(self._logical.get(text.casefold(), set()))

    def _of(self, ids: Iterable[str], types: tuple[str, ...]) -> set[str]:
        return {id for id in ids if not types or self._resources[id].type in types}

    def _as_computed(self, text: str, types: tuple[str, ...]) -> set[str]:
        fitting = [
            (letters, id)
            for letters, pattern, id in self._computed
            if (not types or self._resources[id].type in types) and pattern.fullmatch(text)
        ]
        most = max(fitting, default=(0, ""))[0]
        return {id for letters, id in fitting if letters == most}

    def _as_made(self, text: str, types: tuple[str, ...]) -> Ids:
        made = MADE.match(text)
        if made is None:
            return NONE
        stack, word = made[1].casefold(), made[2].casefold()
        whole = self._unnamed(self._logical.get(word, set()), types)
        if not whole and len(word) >= SHORTEST_CUT:
            cut = (ids for name, ids in self._logical.items() if name.startswith(word))
            whole = self._unnamed({id for ids in cut for id in ids}, types)
        called = {id for id in whole if self._stack(id) == stack}
        return frozenset(called or whole)

    def _unnamed(self, ids: Iterable[str], types: tuple[str, ...]) -> set[str]:
        """Return the resources of some ids that the template gives no name."""
        return {id for id in self._of(ids, types) if _name(self._resources[id]) is None}

    def _stack(self, id: str) -> str:
        return self._called.get(self._resources[id].stack, "").casefold()

    def deployment(self, id: str) -> str:
        """Return the deployment of a node, "" where nothing says it."""
        resource = self._resources.get(id) or self._resources.get(id.partition("@")[0])
        return self._deployed.get(resource.stack, resource.stack) if resource else ""

    # ---------------------------------------------------------------------- learning

    def _learn(self, resource: Resource) -> None:
        for name in {resource.name, resource.logical} - {""}:
            self._logical.setdefault(name.casefold(), set()).add(resource.id)
        for option in alternatives(_name(resource)):
            self._add(resource.id, option)
        if resource.type == "AWS::CloudFront::Distribution":
            listed = resource.value(ALIASES)
            for alias in listed if isinstance(listed, list) else ():
                self._add(resource.id, alias)

    def _add(self, id: str, name: Value) -> None:
        if isinstance(name, str):
            self._exact.setdefault(name, set()).add(id)
        elif isinstance(name, Text):
            parts = [*self._parts(name)]
            letters = sum(c.isalnum() for part in parts if part is not None for c in part)
            if letters >= FEWEST:
                pattern = "".join(r".+" if part is None else re.escape(part) for part in parts)
                self._computed.append((letters, re.compile(pattern), id))

    def _parts(self, name: Text) -> Iterator[str | None]:
        """Yield what is written out of a name, None for what only a deployment tells."""
        for part in name.parts:
            owner = self._resources.get(part.owner) if isinstance(part, Symbol) else None
            inner = _name(owner) if owner is not None else None
            yield part if isinstance(part, str) else inner if isinstance(inner, str) else None


def _name(resource: Resource) -> Value:
    property = arns.name_property(resource.type) or ("RoleName" if "Role" in resource.type else "")
    if resource.type == GROUP:
        property = "LogGroupName"
    return resource.value((property,)) if property else None
