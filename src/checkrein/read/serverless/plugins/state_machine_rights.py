"""The rights that serverless-step-functions gives a state machine for its tasks.

Source: the plugin's README, "IAM Role", and what its version 3 (MIT) derives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from checkrein.late import regex
from checkrein.model.values import Value
from checkrein.read.serverless.document import Document, arn, attribute, joined
from checkrein.read.serverless.parts import Part, word

Right = tuple[list[str], Any]  # actions, resource
INTEGRATION = regex(r"arn:[^:]*(?:::Partition\})?:states:::((?:aws-sdk:)?\w+:\w+)")
PSEUDO = regex(r"[#$]\{(AWS::\w+)\}")
FUNCTION = regex(r"arn:[^:]*(?:::Partition\})?:lambda:")
QUEUE = regex(r"https://sqs\.(.*)\.amazonaws\.com/(.*)/(.*)")
RULES = ["events:PutTargets", "events:PutRule", "events:DescribeRule"]
WAITING = {  # the rule that Step Functions itself keeps to wait for an end
    "batch": "BatchJobs", "ecs": "ECSTask", "states": "StepFunctionsExecution",
    "sagemaker": "SageMakerTransformJobs",
}  # fmt: skip
TABLES = ("updateItem", "putItem", "getItem", "deleteItem", "updateTable", "query", "scan")
BATCHES = ("batchGetItem", "batchWriteItem")


def rights(
    document: Document, machine: Part, local: dict[str, str]
) -> Iterator[tuple[list[str], Any, Part]]:
    """Yield actions, resource and the state, for all states of a machine that need some."""
    definition = machine["definition"]
    if not definition.is_map:
        reason = "the definition of a state machine is text or not known"
        document.lose(reason, "the rights that the plugin derives are missing", machine)
        return
    name = machine["name"].word or str(machine.path[-1])
    for state in _tasks(definition["States"]):
        found = _of_state(state, local, name)
        if found is None:
            reason = f"which rights the task {state['Resource'].value} needs is not known"
            document.lose(reason, "the plugin may derive some", state)
        for actions, resource in found or ():
            yield actions, resource, state


def _tasks(states: Part) -> Iterator[Part]:
    for state in dict(states.items()).values():
        kind = state["Type"].value
        if kind == "Task":
            yield state
        elif kind == "Parallel":
            for branch in state["Branches"]:
                yield from _tasks(branch["States"])
        elif kind == "Map":
            inner = state["ItemProcessor"] or state["Iterator"]
            yield from _tasks(inner["States"])
            if inner.at("ProcessorConfig", "Mode").value == "DISTRIBUTED":
                yield state
            yield from filter(None, (state["ItemReader"], state["ResultWriter"]))


def _of_state(state: Part, local: dict[str, str], name: str) -> list[Right] | None:
    if state["Type"].value == "Map":
        return _starting(arn("states", f"stateMachine:{name}"))
    resource = state["Resource"]
    function = _function(resource, local)
    if function is not None:
        return [(["lambda:InvokeFunction"], [function, joined(function, ":*")])]
    found = INTEGRATION.match(word(resource.value))
    if not found:
        return None
    service, _, operation = found[1].removeprefix("aws-sdk:").partition(":")
    given = state["Arguments"] or state["Parameters"]
    if service == "dynamodb":
        return _on_table(operation, given)
    known = SERVICES.get(f"{service}:{operation}")
    return known(given, local) if known else None


def _function(resource: Part, local: dict[str, str]) -> Value | None:
    """Return the function that a task names as such, by its ARN."""
    if resource.is_map:
        asked = resource["Fn::GetAtt"].value
        name = asked[0] if isinstance(asked, list) else resource["Ref"].word
        return attribute(local[name]) if name in local else resource.value
    named = word(resource.value)
    if not FUNCTION.match(named):
        return None
    return {"Fn::Sub": PSEUDO.sub(r"${\1}", named)} if PSEUDO.search(named) else resource.value


def _told_later(given: Part, key: str) -> bool:
    """Tell whether only running tells a value: JSONPath or JSONata."""
    return bool(given[f"{key}.$"]) or given[key].word.strip().startswith("{%")


def _on_table(operation: str, given: Part) -> list[Right] | None:
    action = [f"dynamodb:{operation[:1].upper()}{operation[1:]}"]
    if operation in BATCHES:
        if _told_later(given, "RequestItems"):
            return [(action, "*")]
        names = (key.removesuffix(".$") for key, _ in given["RequestItems"].items())
        return [(action, arn("dynamodb", "table/", each)) for each in names]
    if operation not in TABLES:
        return None
    if _told_later(given, "TableName"):
        return [(action, "*")]
    index = given["IndexName"].value or ("*" if given["IndexName.$"] else "")
    table = _table(given["TableName"])
    return [(action, joined(table, "/index/", index) if index else table)]


def _table(named: Part) -> Any:
    if named["Ref"].word if named.is_map else "":
        return attribute(named["Ref"].word)
    return arn("dynamodb", "table/", named.value)


def _queue(given: Part, _local: dict[str, str]) -> list[Right]:
    url = given["QueueUrl"]
    found = QUEUE.match(word(url.value))
    resource: Any = "*"
    if url.is_map and url["Ref"].word:
        resource = attribute(url["Ref"].word)
    elif found and not _told_later(given, "QueueUrl"):
        resource = arn("sqs", found[3], region=found[1], account=found[2])
    return [(["sqs:SendMessage"], resource)]


def _topic(given: Part, _local: dict[str, str]) -> list[Right]:
    later = _told_later(given, "TopicArn")
    return [(["sns:Publish"], "*" if later else given["TopicArn"].value)]


def _invoked(given: Part, local: dict[str, str]) -> list[Right]:
    name = given["FunctionName"]
    action = ["lambda:InvokeFunction"]
    if _told_later(given, "FunctionName"):
        return [(action, given["AllowedFunctions"].value or "*")]
    known = _function(name, local) if name.is_map and "Ref" not in name.value else None
    if known is None:
        own = local.get(name["Ref"].word if name.is_map else "")
        whole = FUNCTION.match(word(name.value))
        known = attribute(own) if own else name.value if whole else None
    if known is None:
        known = arn("lambda", "function:", name.value)
    return [(action, [known, joined(known, ":*")])]


def _machine(given: Part, _local: dict[str, str]) -> list[Right]:
    later = _told_later(given, "StateMachineArn")
    return _starting("*" if later else given["StateMachineArn"].value)


def _starting(machine: Any, action: str = "states:StartExecution") -> list[Right]:
    runs = "*"
    if isinstance(machine, str) and machine != "*":
        runs = machine.replace(":stateMachine:", ":execution:") + ":*"
    return [
        ([action], machine),
        (["states:DescribeExecution", "states:StopExecution"], runs),
        (RULES, _rule("states")),
    ]


def _rule(service: str) -> Any:
    return arn("events", f"rule/StepFunctionsGetEventsFor{WAITING[service]}Rule")


def _sync_machine(given: Part, _local: dict[str, str]) -> list[Right]:
    later = _told_later(given, "StateMachineArn")
    machine = "*" if later else given["StateMachineArn"].value
    return _starting(machine, "states:StartSyncExecution")


def _events(given: Part, _local: dict[str, str]) -> list[Right]:
    buses = {word(entry["EventBusName"].value) or "default" for entry in given["Entries"]}
    return [(["events:PutEvents"], [arn("events", "event-bus/", bus) for bus in sorted(buses)])]


def _objects(action: str) -> Callable[[Part, dict[str, str]], list[Right]]:
    def found(given: Part, _local: dict[str, str]) -> list[Right]:
        bucket, key = given["Bucket"].value or "*", given["Key"].value or "*"
        parts = [part for part in (given["Prefix"].value, key) if part]
        where = [each for part in parts for each in ("/", part)]
        resource = arn("s3", bucket, *where, region="", account="")
        return [([action], "*" if bucket == key == "*" else [resource])]

    return found


def _listed(given: Part, _local: dict[str, str]) -> list[Right]:
    bucket = given["Bucket"].value or "*"
    both = [arn("s3", bucket, end, region="", account="") for end in ("", "/*")]
    return [(["s3:Get*"], both), (["s3:List*"], both)]


def _built(given: Part, _local: dict[str, str]) -> list[Right]:
    project = arn("codebuild", "project/", given["ProjectName"].value)
    rule = arn("events", "rule/StepFunctionsGetEventForCodeBuildStartBuildRule")
    actions = ["codebuild:StartBuild", "codebuild:StopBuild", "codebuild:BatchGetBuilds"]
    return [(actions, project), (RULES, rule)]


def _transformed(given: Part, _local: dict[str, str]) -> list[Right]:
    names = ("CreateTransformJob", "DescribeTransformJob", "StopTransformJob")
    job = arn("sagemaker", "transform-job/", given["TransformJobName"].value or "", "*")
    return [
        ([f"sagemaker:{name}" for name in names], job),
        (["sagemaker:ListTags"], "*"),
        (RULES, _rule("sagemaker")),
    ]


def _modelled(given: Part, _local: dict[str, str]) -> list[Right]:
    model = given["ModelId"].value
    whole = word(model).startswith("arn:")
    named = model if whole else arn("bedrock", "foundation-model/", model, account="")
    return [(["bedrock:InvokeModel"], named)]


def _called(given: Part, _local: dict[str, str]) -> list[Right]:
    connection = given.at("Authentication", "ConnectionArn").value or "*"
    secrets = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
    return [
        (["states:InvokeHTTPEndpoint"], "*"),
        (["events:RetrieveConnectionCredentials"], connection),
        (secrets, arn("secretsmanager", "secret:events!connection/*")),
    ]


def _wide(*found: tuple[str, str]) -> Callable[[Part, dict[str, str]], list[Right]]:
    """Return rights that do not depend on what a task asks; ``""`` is any resource."""
    listed: list[Right] = [
        (actions.split(), _rule(rule) if rule else "*") for actions, rule in found
    ]
    return lambda _given, _local: listed


BATCH = _wide(
    ("batch:SubmitJob batch:DescribeJobs batch:TerminateJob", ""), (" ".join(RULES), "batch")
)
GLUE = _wide(("glue:StartJobRun glue:GetJobRun glue:GetJobRuns glue:BatchStopJobRun", ""))
ECS = _wide(
    ("ecs:RunTask ecs:StopTask ecs:DescribeTasks ecs:TagResource iam:PassRole", ""),
    (" ".join(RULES), "ecs"),
)
SERVICES: dict[str, Callable[[Part, dict[str, str]], list[Right]]] = {
    "sqs:sendMessage": _queue,
    "sns:publish": _topic,
    "lambda:invoke": _invoked,
    "states:startExecution": _machine,
    "sfn:startSyncExecution": _sync_machine,
    "events:putEvents": _events,
    "s3:getObject": _objects("s3:GetObject"),
    "s3:putObject": _objects("s3:PutObject"),
    "s3:listObjectsV2": _listed,
    "codebuild:startBuild": _built,
    "sagemaker:createTransformJob": _transformed,
    "bedrock:invokeModel": _modelled,
    "http:invoke": _called,
    "batch:submitJob": BATCH,
    "glue:startJobRun": GLUE,
    "ecs:runTask": ECS,
    "sesv2:sendEmail": _wide(("ses:SendEmail", "")),
}
