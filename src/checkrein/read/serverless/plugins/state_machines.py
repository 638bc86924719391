"""State machines of serverless-step-functions: definition, role, and what starts them.

Source: the plugin's README and what its version 3 (MIT) makes of services.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.model.values import text
from checkrein.read.serverless.document import Document, attribute, joined
from checkrein.read.serverless.events.rest import add_deployment, open_api
from checkrein.read.serverless.events.rest_callers import authorization
from checkrein.read.serverless.events.rest_cors import add_preflights
from checkrein.read.serverless.events.rest_routes import Paths, Route, api
from checkrein.read.serverless.events.rules import given_input, state_of
from checkrein.read.serverless.functions import Deployed, tags
from checkrein.read.serverless.naming import normalised
from checkrein.read.serverless.parts import Part
from checkrein.read.serverless.plugins.state_machine_rights import PSEUDO, rights

MACHINE = "AWS::StepFunctions::StateMachine"
LOGGING = [
    f"logs:{name}"
    for name in (
        "CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery",
        "ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups",
    )
]  # fmt: skip
TRACING = [
    f"xray:{name}"
    for name in (
        "PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets",
    )
]  # fmt: skip
RETRIES = {
    "maximumEventAgeInSeconds": "MaximumEventAgeInSeconds",
    "maximumRetryAttempts": "MaximumRetryAttempts",
}
STARTED = """{
"input": "$util.escapeJavaScript($input.json('$'))",
"name": "$context.requestId",
"stateMachineArn": \""""
FORMS = ("application/json", "application/x-www-form-urlencoded")
KNOWN = ("http", "schedule", "cloudwatchEvent", "eventBridge")


def add_state_machines(document: Document, functions: list[Deployed]) -> None:
    """Add the state machines and activities of a service."""
    declared = document.root["stepFunctions"]
    local = {function.key: function.id for function in functions}
    machines = {}
    for key, part in declared["stateMachines"].items():
        if part.is_map:
            machines[key] = (_add(document, key, part, local), part)
        elif not part.is_absent:
            reason = f"what the state machine {key} is cannot be told ({part.value})"
            document.lose(reason, "it is not in the table", part)
    for part in declared["activities"]:
        id = f"{normalised(part.word)}StepFunctionsActivity"
        document.put(id, "AWS::StepFunctions::Activity", {"Name": part}, part, title=part.word)
    others = {function.key: function for function in functions}
    routes: list[tuple[str, Route]] = []
    for key, (id, part) in machines.items():
        routes += _add_events(document, key, id, part)
    _add_routes(document, routes, others)


def _add(document: Document, key: str, part: Part, local: dict[str, str]) -> str:
    custom = part.first("id", "name")
    id = normalised(custom.word or key) + ("" if custom else "StepFunctionsStateMachine")
    definition = part["definition"]
    whole = definition.is_map
    logs, traced, key_of = part["loggingConfig"], part["tracingConfig"], part["encryptionConfig"]
    common = (
        Part(None, ()) if part["inheritGlobalTags"].value is False else document.provider["tags"]
    )
    document.put(
        id, MACHINE,
        {
            "Definition": None,
            "DefinitionString": None if whole else definition,
            "RoleArn": part["role"] or attribute(f"{id}Role"),
            "StateMachineName": part["name"],
            "StateMachineType": part["type"],
            "LoggingConfiguration": _logging(logs) if logs else None,
            "TracingConfiguration": {"Enabled": traced["enabled"]} if traced else None,
            "EncryptionConfiguration": key_of or None,
            "Tags": tags(common, part["tags"]) or None,
        },
        part, title=key, called=key, DependsOn=[each.value for each in part["dependsOn"]],
        DeletionPolicy="Retain" if part["retain"] else "",
    )  # fmt: skip
    if whole:
        document.set(id, ("Definition",), translated(definition.value, local))
        document.written_at(id, ("Definition",), definition)
    if not part["role"]:
        _add_role(document, id, part, local)
    document.output(f"{id}Arn", {"Ref": id}, "Current StateMachine Arn")
    return id


def translated(value: Any, local: dict[str, str]) -> Any:
    """Return a definition with functions by their logical id, and pseudo parameters as such."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
            return _translated(value, local)
        return {key: translated(item, local) for key, item in value.items()}
    if isinstance(value, list):
        return [translated(item, local) for item in value]
    if isinstance(value, str) and PSEUDO.search(value):
        return {"Fn::Sub": PSEUDO.sub(r"${\1}", value)}
    return value


def _translated(value: dict[str, Any], local: dict[str, str]) -> dict[str, Any]:
    if "Fn::GetAtt" in value:
        name, *rest = _attribute(value["Fn::GetAtt"])
        return {"Fn::GetAtt": [local.get(str(name), name), *rest]}
    named = str(value.get("Ref"))
    return {"Ref": local[named]} if named in local else value


def _attribute(asked: Any) -> list[Any]:
    return asked if isinstance(asked, list) else str(asked).split(".", 1)


def _logging(logs: Part) -> dict[str, Any]:
    groups = [{"CloudWatchLogsLogGroup": {"LogGroupArn": each}} for each in logs["destinations"]]
    data = logs["includeExecutionData"]
    return {
        "Level": logs["level"],
        "IncludeExecutionData": False if data.is_absent else data,
        "Destinations": groups or None,
    }


def _add_role(document: Document, id: str, part: Part, local: dict[str, str]) -> None:
    found = list(rights(document, part, local))
    asked = list(part["iamRoleStatements"])
    statements: list[Any] = [
        {"Effect": "Allow", "Action": actions, "Resource": resource}
        for actions, resource, _ in found
    ]
    for key, actions in (("loggingConfig", LOGGING), ("tracingConfig", TRACING)):
        if part[key]:
            statements.append({"Effect": "Allow", "Action": actions, "Resource": "*"})
    kms = part.at("encryptionConfig", "KmsKeyId")
    if kms:
        actions = ["kms:Decrypt", "kms:Encrypt"]
        statements.append({"Effect": "Allow", "Action": actions, "Resource": kms})
    if not statements and not asked:
        statements.append({"Effect": "Deny", "Action": "*", "Resource": "*"})
    name = text([document.stage, "-", document.name, "-statemachine"])
    _role(document, f"{id}Role", {"Fn::Sub": "states.${AWS::Region}.amazonaws.com"}, part,
          (name, [*statements, *asked]))  # fmt: skip
    for index, (_, _, state) in enumerate(found):
        path = ("Policies", 0, "PolicyDocument", "Statement", index)
        document.written_at(f"{id}Role", path, state)


def _role(
    document: Document, id: str, service: Any, at: Part, policy: tuple[Any, list[Any]]
) -> str:
    """Add a role that one service takes, with one policy: its name and statements."""
    name, statements = policy
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    whole = {"Version": "2012-10-17", "Statement": statements}
    return document.put(
        id, "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": name, "PolicyDocument": whole}],
            "Path": document.provider.at("iam", "role", "path") or None,
            "PermissionsBoundary": document.provider["rolePermissionsBoundary"] or None,
        },
        at,
    )  # fmt: skip


def _add_events(document: Document, key: str, id: str, part: Part) -> Iterator[tuple[str, Route]]:
    """Add what starts a state machine by time and by events; yield its routes."""
    times = patterns = 0
    for event in part["events"]:
        if event["schedule"]:
            times += 1
            _add_schedule(document, key, id, event["schedule"], times)
        pattern = event.first("cloudwatchEvent", "eventBridge")
        if pattern:
            patterns += 1
            _add_pattern(document, key, id, pattern, patterns)
        if event["http"]:
            yield from _route(document, key, id, event["http"])
        if event.is_map and not set(event.value) & set(KNOWN):
            reason = f"events of {', '.join(event.value)} of state machines are not known"
            document.lose(reason, f"what starts {key} is not complete", event)


def _route(document: Document, key: str, id: str, event: Part) -> Iterator[tuple[str, Route]]:
    words = event.word.split()
    method = event["method"].word if event.is_map else words[0] if words else ""
    path = event["path"].value if event.is_map else words[-1] if words[1:] else None
    if isinstance(path, str) and method:
        machine = Deployed(key, event, key)
        yield id, Route(machine, event, method.upper(), path.strip("/"))
    else:
        reason = f"which route {event.value} is cannot be told"
        document.lose(reason, "it is not in the table", event)


def _starter(document: Document, name: str, service: str, id: str, event: Part) -> dict[str, Any]:
    """Return the role in which a service starts a state machine; add it."""
    start = {"Effect": "Allow", "Action": ["states:StartExecution"], "Resource": {"Ref": id}}
    policy = text([document.stage, "-", document.name, "-", service.partition(".")[0]])
    return attribute(_role(document, name, service, event, (policy, [start])))


def _add_schedule(document: Document, key: str, id: str, event: Part, number: int) -> None:
    named = f"{normalised(key)}StepFunctions"
    later = event.is_map and event["method"].value == "scheduler"
    service = "scheduler.amazonaws.com" if later else "events.amazonaws.com"
    role: Any = event["role"] if event.is_map else None
    role = role or _starter(
        document, f"{normalised(key)}ScheduleToStepFunctionsRole", service, id, event
    )
    target = {"Arn": {"Ref": id}, "RoleArn": role, **given_input(event)}
    common = {
        "ScheduleExpression": event["rate"] if event.is_map else event,
        "State": state_of(event),
        "Name": event["name"] if event.is_map else None,
        "Description": event["description"] if event.is_map else None,
    }
    if later:
        zone, window = event["timezone"], {"Mode": "OFF"}
        more = {"ScheduleExpressionTimezone": zone, "FlexibleTimeWindow": window, "Target": target}
        type = "AWS::Scheduler::Schedule"
        document.put(f"{named}SchedulerSchedule{number}", type, {**common, **more}, event)
        return
    target["Id"] = f"{key}StepFunctionsSchedule"
    properties = {**common, "Targets": [target]}
    document.put(f"{named}EventsRuleSchedule{number}", "AWS::Events::Rule", properties, event)


def _add_pattern(document: Document, key: str, id: str, event: Part, number: int) -> None:
    role = event["iamRole"] or _starter(
        document, f"{normalised(key)}EventToStepFunctionsRole", "events.amazonaws.com", id, event
    )
    letters, retries = event["deadLetterConfig"], event["retryPolicy"]
    target = {
        "Arn": {"Ref": id},
        "Id": f"{key}CloudWatchEvent",
        "RoleArn": role,
        "DeadLetterConfig": {"Arn": letters} if letters else None,
        "RetryPolicy": {n: retries[k] for k, n in RETRIES.items()} if retries else None,
        **given_input(event),
    }
    document.put(
        f"{normalised(key)}EventsRuleCloudWatchEvent{number}", "AWS::Events::Rule",
        {
            "EventBusName": event["eventBusName"],
            "EventPattern": event["event"],
            "State": state_of(event),
            "Description": event["description"],
            "Name": event["name"],
            "Targets": [target],
        },
        event,
    )  # fmt: skip


def _add_routes(
    document: Document, found: list[tuple[str, Route]], others: dict[str, Deployed]
) -> None:
    if not found:
        return
    first = found[0][1].event
    open_api(document)
    paths = Paths(document)
    actions = ["states:StartExecution"]
    for id, route in found:
        asked = route["action"].word
        actions += [f"states:{asked}"] if asked and f"states:{asked}" not in actions else []
        _add_method(document, paths, (id, route), others)
    if any(not route["iamRole"] for _, route in found):
        starting = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        policy = ("apigatewaytostepfunctions", [starting])
        role = "ApigatewayToStepFunctionsRole"
        _role(document, role, "apigateway.amazonaws.com", first, policy)
    add_preflights(document, paths, [route for _, route in found])
    add_deployment(document, [route.method_id for _, route in found])


def _add_method(
    document: Document, paths: Paths, machine: tuple[str, Route], others: dict[str, Deployed]
) -> None:
    id, route = machine
    own, asked = route["request"]["template"], route["action"]
    default = dict.fromkeys(FORMS, joined(STARTED, {"Ref": id}, '"\n}'))
    templates: Any = {} if asked else default
    if own.is_map:
        templates = {**default, **dict(own.items())}
    uri = joined(
        "arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"},
        f":states:action/{asked.word or 'StartExecution'}",
    )  # fmt: skip
    answers = [
        {"StatusCode": code, "SelectionPattern": pattern}
        for code, pattern in ((200, ""), (400, "400"))
    ]
    private = route["private"]
    document.put(
        route.method_id, "AWS::ApiGateway::Method",
        {
            "HttpMethod": route.method,
            "RequestParameters": {},
            "ApiKeyRequired": private or False,
            "ResourceId": paths.resource(route.path, route.event),
            "RestApiId": api(document),
            **authorization(document, route, others),
            "Integration": {
                "IntegrationHttpMethod": "POST",
                "Type": "AWS",
                "Credentials": route["iamRole"] or attribute("ApigatewayToStepFunctionsRole"),
                "Uri": uri,
                "PassthroughBehavior": "WHEN_NO_TEMPLATES" if asked else "NEVER",
                "RequestTemplates": templates,
                "IntegrationResponses": answers,
            },
            "MethodResponses": [{"StatusCode": 200}, {"StatusCode": 400}],
        },
        route.event, Metadata=paths.told(route.path),
    )  # fmt: skip
