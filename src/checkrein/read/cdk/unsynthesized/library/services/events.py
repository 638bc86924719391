"""EventBridge: rules, buses, schedules, and what they run."""

from __future__ import annotations

from collections.abc import Callable

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import allow, granted
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.iam import make_role
from checkrein.read.cdk.unsynthesized.library.services.messages import let_service
from checkrein.read.cdk.unsynthesized.library.services.permissions import INVOKE, permit
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    arn,
    imported_as,
    is_unknown,
    items,
    joined,
    prop,
    seconds,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced

EVENTS = "events.amazonaws.com"
UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))
silent("archive", "aws_events.Archive")


def schedule(world: World, traced: Traced) -> Value:
    """Return what a Schedule writes: ``rate(5 minutes)``, ``cron(0 12 * * ? *)``."""
    if not isinstance(traced, Called):
        return world.value(traced)
    if traced.name == "expression":
        return world.value(argument(traced, 0))
    if traced.name == "rate":
        return _rate(seconds(world, argument(traced, 0)))
    if traced.name == "cron":
        given = argument(traced, 0)
        parts = [world.value(prop(given, name)) for name in
                 ("minute", "hour", "day", "month", "weekDay", "year")]  # fmt: skip
        minute, hour, day, month, week, year = parts
        day = day if day is not None else ("?" if week is not None else "*")
        week = week if week is not None else "?"
        rest = ["*" if each is None else each for each in (minute, hour)]
        tail = ["*" if each is None else each for each in (month, year)]
        found = [*rest, day, tail[0], week, tail[1]]
        pieces: list[Value] = []
        for each in found:
            pieces += [*([" "] if pieces else []), each]
        return joined("cron(", *pieces, ")")
    return Open(f"a schedule by {traced.name}")


def _rate(found: Value) -> Value:
    if is_unknown(found) or not isinstance(found, int):
        return Open("how often it runs")
    for size, name in UNITS:
        if found % size == 0 and found >= size:
            count = found // size
            return f"rate({count} {name}{'s' * (count != 1)})"
    return Open("how often it runs")


@makes("aws_events.Rule")
def rule(world: World, made: Construct) -> None:
    given = made.given
    said, bus = prop(given, "schedule"), prop(given, "eventBus")
    enabled = world.value(prop(given, "enabled"))
    construct = world.construct(bus)
    pattern = world.value(prop(given, "eventPattern"))
    made.put(
        "AWS::Events::Rule",
        {
            "Name": world.value(prop(given, "ruleName")),
            "Description": world.value(prop(given, "description")),
            "ScheduleExpression": None if said is None else schedule(world, said),
            "EventPattern": _pattern(pattern),
            "EventBusName": world.attribute(construct, "eventBusName")
            if construct
            else world.value(bus),
            "State": _state(enabled),
        },
        "Resource",
    )
    for each in items(world, prop(given, "targets"), "targets of a rule"):
        add_target(world, made, each)


def _state(enabled: Value) -> Value:
    if is_unknown(enabled):
        return Open("whether it runs")
    return "DISABLED" if enabled is False else "ENABLED"


def _pattern(found: Value) -> Value:
    if not isinstance(found, dict):
        return found
    return {"detail-type" if key == "detailType" else key: each for key, each in found.items()}


@method("addEventPattern")
def add_pattern(world: World, made: Construct, called: Called) -> None:
    found = _pattern(world.value(argument(called, 0)))
    if isinstance(found, dict):
        made.properties.setdefault("EventPattern", {}).update(found)


@method("addTarget", of=("aws_events",))
def add_rule_target(world: World, made: Construct, called: Called) -> None:
    add_target(world, made, argument(called, 0))


def add_target(world: World, made: Construct, traced: Traced) -> None:
    """Have a rule run a target."""
    kind = getattr(traced, "kind", "").rpartition(".")[2]
    listed: list[Value] = made.properties.setdefault("Targets", [])
    end = world.construct(argument(traced, 0)) if isinstance(traced, New) else None
    found: dict[str, Value] = {"Id": f"Target{len(listed)}"}
    given = argument(traced, 1) if isinstance(traced, New) else None
    maker = TARGETS.get(kind)
    if maker is None or end is None:
        found["Arn"] = Open(f"a target: {kind or 'one that is not plain'}")
    else:
        maker(world, made, end, found)
    said = prop(given, "event")
    if said is None:
        said = prop(given, "message")
    if said is not None:
        found["Input"] = _input(world, said)
    listed.append(found)


def _input(world: World, traced: Traced) -> Value:
    if isinstance(traced, Called) and traced.name == "fromText":
        return world.value(argument(traced, 0))
    return Open("what is handed over")


Maker = Callable[[World, Construct, Construct, dict[str, Value]], None]


def _function(world: World, made: Construct, end: Construct, found: dict[str, Value]) -> None:
    found["Arn"] = world.attribute(end, "functionArn")
    id = f"AllowEventRule{''.join(end.path)}"
    permit(end, made, id, EVENTS, made.of("Arn"))


def _queue(world: World, made: Construct, end: Construct, found: dict[str, Value]) -> None:
    found["Arn"] = world.attribute(end, "queueArn")
    let_service(world, end, EVENTS, made.of("Arn"))


def _topic(world: World, made: Construct, end: Construct, found: dict[str, Value]) -> None:
    found["Arn"] = world.attribute(end, "topicArn")
    let_service(world, end, EVENTS, made.of("Arn"))


def _machine(world: World, made: Construct, end: Construct, found: dict[str, Value]) -> None:
    found["Arn"] = world.attribute(end, "stateMachineArn")
    _as_role(world, made, end, found, "states:StartExecution")


def _bus(world: World, made: Construct, end: Construct, found: dict[str, Value]) -> None:
    found["Arn"] = world.attribute(end, "eventBusArn")
    _as_role(world, made, end, found, "events:PutEvents")


def _stream(world: World, made: Construct, end: Construct, found: dict[str, Value]) -> None:
    found["Arn"] = world.attribute(end, "streamArn")
    _as_role(world, made, end, found, "kinesis:PutRecord")


def _logs(world: World, made: Construct, end: Construct, found: dict[str, Value]) -> None:
    found["Arn"] = world.attribute(end, "logGroupArn")


def _as_role(
    world: World, made: Construct, end: Construct, found: dict[str, Value], action: str
) -> None:
    role = end.parts.get("eventsRole")
    if role is None:
        role = make_role(world, end.child("EventsRole"), EVENTS)
        end.parts["eventsRole"] = role
    allow(world, role, granted([action], [found["Arn"]]))
    found["RoleArn"] = role.of("Arn")


TARGETS: dict[str, Maker] = {
    "LambdaFunction": _function,
    "SqsQueue": _queue,
    "SnsTopic": _topic,
    "SfnStateMachine": _machine,
    "EventBus": _bus,
    "KinesisStream": _stream,
    "CloudWatchLogGroup": _logs,
}


@makes("aws_events.EventBus")
def bus(world: World, made: Construct) -> None:
    name = world.given(made, "eventBusName")
    made.put("AWS::Events::EventBus", {"Name": name or made.path[-1]}, "Resource")


@method("grantPutEventsTo", "grantPutEvents", "grantAllPutEvents")
def grant_put(world: World, made: Construct, called: Called) -> None:
    own = called.name == "grantPutEventsTo" or not made.path
    place = (
        world.attribute(made, "eventBusArn") if made.kind.startswith("aws_events") and own else "*"
    )
    allow(world, argument(called, 0), granted(["events:PutEvents"], [place]))


@method(
    "aws_events.EventBus.fromEventBusName",
    "aws_events.EventBus.fromEventBusArn",
)
def imported_bus(world: World, made: Construct, called: Called) -> Construct:
    told = world.value(imported_as(called))
    if called.name == "fromEventBusName":
        place = arn("events", joined("event-bus/", told))
        made.attributes |= {"eventBusName": told, "eventBusArn": place}
    else:
        made.attributes["eventBusArn"] = told
        made.attributes["eventBusName"] = (
            told.rpartition("/")[2] if isinstance(told, str) else Open("a bus")
        )
    return made


# ------------------------------------------------------------------------------ scheduler


@makes("aws_scheduler.Schedule")
def scheduled(world: World, made: Construct) -> None:
    target = world.props(made, "target")
    end = world.construct(argument(target, 0)) if isinstance(target, New) else None
    kind = getattr(target, "kind", "").rpartition(".")[2]
    names = {"LambdaInvoke": ("functionArn", INVOKE),
             "SqsSendMessage": ("queueArn", "sqs:SendMessage"),
             "StepFunctionsStartExecution": ("stateMachineArn", "states:StartExecution"),
             "SnsPublish": ("topicArn", "sns:Publish"),
             "EventBridgePutEvents": ("eventBusArn", "events:PutEvents")}  # fmt: skip
    found: dict[str, Value] = {"Arn": Open("a target")}
    if end and kind in names:
        name, action = names[kind]
        found["Arn"] = world.attribute(end, name)
        given = argument(target, 1) if isinstance(target, New) else None
        role = world.construct(prop(given, "role"))
        if role is None:
            digest = Construct("", ("SchedulerRoleForTarget",), made.stack, made.place)
            role = make_role(world, digest.child("".join(end.path)), "scheduler.amazonaws.com")
        places = [found["Arn"]]
        allow(world, role, granted([action], places))
        found["RoleArn"] = world.attribute(role, "roleArn")
    made.put(
        "AWS::Scheduler::Schedule",
        {
            "Name": world.given(made, "scheduleName"),
            "ScheduleExpression": schedule(world, world.props(made, "schedule")),
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "State": _state(world.given(made, "enabled")),
            "Target": found,
        },
        "Resource",
    )


@makes("aws_scheduler.ScheduleGroup")
def group(world: World, made: Construct) -> None:
    name = world.given(made, "scheduleGroupName")
    made.put("AWS::Scheduler::ScheduleGroup", {"Name": name}, "Resource")
