"""What IoT rules hand on: what their SQL makes of a message, and what their actions make of that.

A rule's node stands for the messages under its topics. Functions behind it get what is selected,
below ``event``; the action for errors gets the message as it came, encoded.

Source: AWS IoT Core's developer guide, "AWS IoT rule actions", "Substitution templates" and "Error
handling (error action)".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from checkrein.derive.content.paths import Tokens, joined, tokens
from checkrein.derive.content.slots import host_of
from checkrein.derive.entrances.authorizers import FUNCTION, dictionary
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.iot_sql import (
    FIRST,
    Part,
    Query,
    matches,
    parts,
    query,
    substitutions,
    written,
)
from checkrein.derive.wiring.wiring import wire
from checkrein.late import regex
from checkrein.model import Evidence, Flow, Path, Resource, Slot, Value
from checkrein.model.values import alternatives, at_path, parts_at, text

RULE = "AWS::IoT::TopicRule"
PAYLOAD = "TopicRulePayload"
NAMED: dict[str, Path] = {  # action: the member that names what it hands to
    "S3": ("BucketName",),
    "DynamoDB": ("TableName",),
    "DynamoDBv2": ("PutItem", "TableName"),
    "Sqs": ("QueueUrl",),
    "Sns": ("TargetArn",),
    "Kinesis": ("StreamName",),
    "Firehose": ("DeliveryStreamName",),
    "StepFunctions": ("StateMachineName",),
    "CloudwatchLogs": ("LogGroupName",),
    "Lambda": ("FunctionArn",),
    "Timestream": ("TableName",),
    "OpenSearch": ("Endpoint",),
    "Elasticsearch": ("Endpoint",),
    "Location": ("TrackerName",),
    "Kafka": ("DestinationArn",),
}
KEYS: dict[str, dict[Path, str]] = {  # settings that name parts of a message, and where these go
    "S3": {("Key",): "key"},
    "Kinesis": {("PartitionKey",): "PartitionKey"},
    "Http": {("Url",): "url"},
}
COLUMNS = (("HashKeyField", "HashKeyValue"), ("RangeKeyField", "RangeKeyValue"))
WRAPPED = "base64OriginalPayload"  # of what the action for errors gets
SECRET = "value"  # noqa: S105 - the slot of a secret's content
TYPES = {"table": "AWS::DynamoDB::Table", "secret": "AWS::SecretsManager::Secret"}
MEMBER = regex(r"""["'](\w+)["']\s*:\s*([^,{}]+)""")


class Action(Struct, frozen=True):
    """An action of a rule: its kind, what it says, and where it stands."""

    kind: str
    said: Value
    at: Path
    of_errors: bool = False


class Rule(Struct, frozen=True):
    """A rule with its SQL read; ``symbols`` are what stands in it for private-use characters."""

    directory: Directory
    resource: Resource
    query: Query | None
    symbols: tuple[Value, ...]


def ruled(directory: Directory) -> Iterator[Flow]:
    """Yield what all IoT rules hand on."""
    rules = [_rule(directory, each) for each in directory.of_type(RULE)]
    for rule in rules:
        yield from _asked(rule)
        for action in actions(rule.resource):
            for slot in _targets(rule, action):
                yield from _handed(rule, action, slot)
                yield from _named(rule, action, slot)
            yield from _republished(rule, action, rules)


def actions(rule: Resource) -> Iterator[Action]:
    """Yield a rule's actions, that for errors among them."""
    listed = rule.value((PAYLOAD, "Actions"))
    for index, each in enumerate(listed if isinstance(listed, list) else []):
        for kind, said in dictionary(each).items():
            yield Action(kind, said, (PAYLOAD, "Actions", index, kind))
    for kind, said in dictionary(rule.value((PAYLOAD, "ErrorAction"))).items():
        yield Action(kind, said, (PAYLOAD, "ErrorAction", kind), of_errors=True)


def _rule(directory: Directory, rule: Resource) -> Rule:
    for option in alternatives(rule.value((PAYLOAD, "Sql"))):
        said, held = written(option)
        return Rule(directory, rule, query(said), tuple(held))
    return Rule(directory, rule, None, ())


# ---------------------------------------------------------------------- sources


def _sources(rule: Rule, part: Part) -> Iterator[Slot]:
    """Yield where the content of a part of an expression is."""
    if part.kind == "field":
        yield Slot(rule.resource.id, joined(part.path))
        return
    types = (TYPES[part.kind],) if part.kind in TYPES else FUNCTION
    for id in _meant(rule, part.said[0] if part.said else "", types):
        if part.kind == "function":
            yield Slot(f"{id}@response", joined(part.path))
        else:
            yield Slot(id, SECRET if part.kind == "secret" else joined(part.path))


def _meant(rule: Rule, said: str, types: tuple[str, ...]) -> tuple[str, ...]:
    """Return the resources that a text in the SQL names, symbols in it put back."""
    pieces = re.split(f"([{chr(FIRST)}-{chr(FIRST + len(rule.symbols))}])", said.strip("'\" "))
    held = {chr(FIRST + number): symbol for number, symbol in enumerate(rule.symbols)}
    values = [held.get(piece, piece) for piece in pieces if piece]
    deployment = rule.directory.deployment(rule.resource.id)
    return rule.directory.find(text(values), deployment, types) if values else ()


def _made(rule: Rule, action: Action) -> Iterator[tuple[Slot, Tokens, bool]]:
    """Yield what stands where in what an action gets; of SQL that is not read, all."""
    whole = Slot(rule.resource.id)
    if action.of_errors:
        yield whole, (WRAPPED,), True
    elif rule.query is None:
        yield whole, (), False
    else:
        for one in rule.query.selected:
            for part in one.parts:
                yield from ((slot, one.at, one.exact) for slot in _sources(rule, part))


def _asked(rule: Rule) -> Iterator[Flow]:
    """Yield what functions get that the SQL itself calls."""
    selected = rule.query.selected if rule.query else ()
    for part in (part for one in selected for part in one.parts if part.kind == "function"):
        name, *given = part.said
        for id in _meant(rule, name, FUNCTION):
            for key, inner in _given(given):
                for slot in _sources(rule, inner):
                    target = Slot(id, joined(("event", *tokens(key))))
                    yield _flow(rule, slot, target, (PAYLOAD, "Sql"), "asks")


def _given(said: Iterable[str]) -> Iterator[tuple[str, Part]]:
    """Yield what a function is asked with, and under which key."""
    for each in said:
        for key, expression in MEMBER.findall(each) or [("", each)]:
            yield from ((key, part) for part in parts(expression))


# ---------------------------------------------------------------------- targets


def _targets(rule: Rule, action: Action) -> Iterator[Slot]:
    """Yield what an action hands to, and where in it."""
    deployment = rule.directory.deployment(rule.resource.id)
    if action.kind == "Http":
        for url in alternatives(at_path(action.said, ("Url",))):
            yield Slot(host_of(url) or f"{rule.resource.id}@host", "body")
    for id in rule.directory.find(at_path(action.said, NAMED.get(action.kind, ("-",))), deployment):
        yield Slot(id, _base(action))


def _base(action: Action) -> str:
    if action.kind == "Lambda":
        return "event"
    if action.kind == "DynamoDB":
        return str(at_path(action.said, ("PayloadField",)) or "payload")
    return ""


def _handed(rule: Rule, action: Action, slot: Slot) -> Iterator[Flow]:
    for source, at, exact in dict.fromkeys(_made(rule, action)):
        target = Slot(slot.node, joined((*tokens(slot.path), *at)))
        yield _flow(rule, source, target, action.at, "hands", exact=exact)


def _named(rule: Rule, action: Action, slot: Slot) -> Iterator[Flow]:
    """Yield the parts of a message that an action's own settings put somewhere."""
    for path, to in _settings(action):
        for part in substitutions(str(at_path(action.said, path))):
            for source in _sources(rule, part):
                yield _flow(rule, source, Slot(slot.node, to), (*action.at, *path), "hands")


def _settings(action: Action) -> Iterator[tuple[Path, str]]:
    """Yield the settings of an action in which parts of a message may stand, and where they go."""
    yield from KEYS.get(action.kind, {}).items()
    for field, value in COLUMNS if action.kind == "DynamoDB" else ():
        yield (value,), str(at_path(action.said, (field,)) or field)
    for at, header in parts_at(action.said, ("Headers", "*")):
        yield (*at, "Value"), f"headers.{at_path(header, ('Key',))}"


def _republished(rule: Rule, action: Action, rules: list[Rule]) -> Iterator[Flow]:
    """Yield what other rules get that listen to the topic that a rule publishes under."""
    topic = at_path(action.said, ("Topic",)) if action.kind == "Republish" else None
    for other in rules if isinstance(topic, str) else ():
        listens = other.query and matches(str(topic).replace("$$", "$"), other.query.topic)
        if listens and other.resource.id != rule.resource.id:
            yield from _handed(rule, action, Slot(other.resource.id))


def _flow(
    rule: Rule, source: Slot, target: Slot, at: Path, verb: str, *, exact: bool = True
) -> Flow:
    what = source.path or _short(source.node)
    of = f" of {_short(source.node)}" if source.path and source.node != rule.resource.id else ""
    to = f"{verb} {_short(target.node)} with {what}{of}"
    said = to if verb == "asks" else f"hands {what}{of} on to {_short(target.node)}"
    note = Evidence(f"{rule.resource.name} {said}", rule.resource.where(at))
    return wire(source, target, rule.resource.id, note, certain=exact)


def _short(id: str) -> str:
    return id.rpartition("/")[2].removeprefix("host:")
