"""Triggers that come and go, as changes of the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checkrein.compare.scene import ANYONE, Scene
from checkrein.compare.subjects import subject_of
from checkrein.compare.whatif.changes import once
from checkrein.compare.whatif.wires import FUNCTION, wires
from checkrein.compare.words import either
from checkrein.derive.content.words import short
from checkrein.errors import UsageError
from checkrein.model import Change, Resource, Symbol

NAME = "WhatIf"
Made = tuple[str, dict[str, object]]


def triggered(scene: Scene, words: tuple[str, ...]) -> Iterator[Change]:
    """Yield what makes a source set off a function; UsageError where none of its type can."""
    function = _function(scene, words[1])
    if words[0] == ANYONE:
        yield from _added(function, "Url", _url(function))
        yield _permission(function, "*", None)
        return
    source = _source(scene, words[0])
    if source.type == "AWS::S3::Bucket":
        rule = {"Event": "s3:ObjectCreated:*", "Function": Symbol(function.id, "Arn")}
        path = ("NotificationConfiguration", "LambdaConfigurations")
        yield Change(source.id, path, "append", rule)
        yield _permission(function, "s3.amazonaws.com", Symbol(source.id, "Arn"))
        return
    make = MAKERS.get(source.type)
    if make is None:
        able = either(sorted(map(_kind, ("AWS::S3::Bucket", *MAKERS))))
        raise UsageError(
            f"{short(source.id)} can set off no function by itself; {able} or anyone can"
        )
    for name, made in make(source, function):
        yield from _added(function, name, made)


def untriggered(scene: Scene, words: tuple[str, ...]) -> Iterator[Change]:
    """Yield what parts a source from what it sets off or hands its content on to."""
    source, target = (subject_of(scene, word).id for word in words)
    every = list(wires(scene.directory))
    found = [w for w in every if w.target == target and source in {w.source, w.holder}]
    if not found:
        others = dict.fromkeys(short(wire.source) for wire in every if wire.target == target)
        what = f"; {either(others)} does" if others else "; nothing in a template does"
        raise UsageError(f"{short(source)} does not set off {short(target)}{what}")
    yield from once(change for wire in found for change in wire.changes)


def _function(scene: Scene, word: str) -> Resource:
    resource = scene.resource(subject_of(scene, word).id)
    if resource is None or resource.type != FUNCTION:
        raise UsageError(f"{word} is no Lambda function")
    return resource


def _source(scene: Scene, word: str) -> Resource:
    resource = scene.resource(subject_of(scene, word).id)
    if resource is None:
        raise UsageError(f"{word} stands in no template: it can set nothing off")
    return resource


def _added(function: Resource, name: str, made: dict[str, object]) -> Iterator[Change]:
    yield Change(f"{function.id}{NAME}{name}", (), "add", made)


def _permission(function: Resource, principal: str, source: object) -> Change:
    properties = {
        "FunctionName": Symbol(function.id, "Arn"),
        "Action": "lambda:InvokeFunction",
        "Principal": principal,
    } | ({"SourceArn": source} if source else {"FunctionUrlAuthType": "NONE"})
    made = {"Type": "AWS::Lambda::Permission", "Properties": properties}
    return Change(f"{function.id}{NAME}Permission", (), "add", made)


def _url(function: Resource) -> dict[str, object]:
    properties = {"TargetFunctionArn": Symbol(function.id, "Arn"), "AuthType": "NONE"}
    return {"Type": "AWS::Lambda::Url", "Properties": properties}


def _mapping(source: Resource, function: Resource) -> Iterator[Made]:
    attribute = "StreamArn" if source.type == "AWS::DynamoDB::Table" else "Arn"
    properties = {
        "EventSourceArn": Symbol(source.id, attribute),
        "FunctionName": Symbol(function.id, "Ref"),
    }
    yield "Mapping", {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}


def _subscription(source: Resource, function: Resource) -> Iterator[Made]:
    properties = {
        "TopicArn": Symbol(source.id, "Ref"),
        "Protocol": "lambda",
        "Endpoint": Symbol(function.id, "Arn"),
    }
    yield "Subscription", {"Type": "AWS::SNS::Subscription", "Properties": properties}
    yield from _let(function, "sns.amazonaws.com", Symbol(source.id, "Ref"))


def _rule(source: Resource, function: Resource) -> Iterator[Made]:
    properties = {
        "EventBusName": Symbol(source.id, "Ref"),
        "EventPattern": {"source": [{"prefix": ""}]},
        "Targets": [{"Id": NAME, "Arn": Symbol(function.id, "Arn")}],
    }
    yield "Rule", {"Type": "AWS::Events::Rule", "Properties": properties}
    yield from _let(function, "events.amazonaws.com", Symbol(source.id, "Arn"))


def _let(function: Resource, principal: str, source: Symbol) -> Iterator[Made]:
    yield "Permission", _permission(function, principal, source).value


MAKERS: dict[str, Callable[[Resource, Resource], Iterator[Made]]] = {
    "AWS::SQS::Queue": _mapping,
    "AWS::DynamoDB::Table": _mapping,
    "AWS::Kinesis::Stream": _mapping,
    "AWS::SNS::Topic": _subscription,
    "AWS::Events::EventBus": _rule,
}


def _kind(type: str) -> str:
    return f"{type.rpartition('::')[0].rpartition('::')[2]} {type.rpartition('::')[2].lower()}"
