"""SAM properties read directly, for resources that the SAM translator refuses.

Covers what matters for data and rights: functions with their roles, events, URLs, tables, APIs,
state machines, layers, nested applications. The result has the shape and the names that the
translator would have given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkrein.model.values import ELSEWHERE
from checkrein.read.sam_prepare import GLOBALS, section_of
from checkrein.read.sam_translator import policy_statements

Resources = dict[str, dict[str, Any]]

SERVERLESS = "AWS::Serverless::"
NOT_LAMBDA = frozenset({
    "AutoPublishAlias", "CodeUri", "Connectors", "DeadLetterQueue", "DeploymentPreference",
    "EventInvokeConfig", "Events", "FunctionUrlConfig", "ImageUri", "InlineCode",
    "PermissionsBoundary", "Policies", "ProvisionedConcurrencyConfig", "RolePath", "Tags",
    "Tracing",
})  # fmt: skip
PRINCIPALS = {
    "Api": "apigateway.amazonaws.com",
    "HttpApi": "apigateway.amazonaws.com",
    "S3": "s3.amazonaws.com",
    "SNS": "sns.amazonaws.com",
    "Schedule": "events.amazonaws.com",
    "EventBridgeRule": "events.amazonaws.com",
    "CloudWatchEvent": "events.amazonaws.com",
    "CloudWatchLogs": "logs.amazonaws.com",
    "Cognito": "cognito-idp.amazonaws.com",
    "IoTRule": "iot.amazonaws.com",
    "AlexaSkill": "alexa-appkit.amazon.com",
}
SOURCES = {
    "SQS": "Queue",
    "Kinesis": "Stream",
    "DynamoDB": "Stream",
    "MSK": "Stream",
    "MQ": "Broker",
}
POLLING = {
    "SQS": "AWSLambdaSQSQueueExecutionRole",
    "Kinesis": "AWSLambdaKinesisExecutionRole",
    "DynamoDB": "AWSLambdaDynamoDBExecutionRole",
    "MSK": "AWSLambdaMSKExecutionRole",
}
BASIC = "AWSLambdaBasicExecutionRole"
ARN = "arn:aws:iam::aws:policy/"
INTEGRATION = (
    "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${%s.Arn}/invocations"
)


def read_directly(
    template: dict[str, Any], names: list[str], known: Resources
) -> tuple[Resources, list[str]]:
    """Return CloudFormation resources for the named SAM resources, and which names gave none.

    ``known`` are the resources that the translator made of the others; routes of events are
    added to the APIs among them.
    """
    made: Resources = {}
    left: list[str] = []
    reading = _Reading(made, known)
    for name in sorted(names, key=lambda name: "Api" not in template["Resources"][name]["Type"]):
        declared = template["Resources"][name]
        read = READERS.get(declared["Type"].removeprefix(SERVERLESS))
        if read is None:
            left.append(name)
            continue
        before = set(made)
        try:
            read(reading, name, _merged(template, declared))
        except (AttributeError, KeyError, TypeError, ValueError):  # a section of the wrong shape
            left.append(name)
        for one in set(made) - before:
            keys = ("Condition", "Metadata") if one == name else ("Condition",)
            made[one] |= {key: declared[key] for key in keys if key in declared}
    return made, left


def _merged(template: dict[str, Any], declared: dict[str, Any]) -> dict[str, Any]:
    """Return a resource's properties over its Globals: mappings unite, lists add up."""
    section = section_of(template, GLOBALS.get(declared["Type"], ""))
    properties = declared.get("Properties")
    found: dict[str, Any] = _over(section, properties if isinstance(properties, dict) else {})
    return found


def _over(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        if any(key == "Ref" or key.startswith("Fn::") for key in (*below, *above)):
            return above
        both = {key: _over(below[key], above[key]) for key in below if key in above}
        return {**below, **above, **both}
    return [*below, *above] if isinstance(below, list) and isinstance(above, list) else above


class _Reading:
    """Makes resources of SAM properties, into ``made``."""

    def __init__(self, made: Resources, known: Resources) -> None:
        self.made, self.known = made, known

    def put(self, name: str, type: str, properties: dict[str, Any]) -> None:
        kept = {key: value for key, value in properties.items() if value is not None}
        self.made[name] = {"Type": type, "Properties": kept}

    def function(self, name: str, properties: dict[str, Any]) -> None:
        own = {key: value for key, value in properties.items() if key not in NOT_LAMBDA}
        tracing = properties.get("Tracing")
        dead = properties.get("DeadLetterQueue")
        target = {"TargetArn": dead.get("TargetArn")} if isinstance(dead, dict) else None
        role = own.get("Role") or {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        own |= {
            "Code": _code(properties),
            "Role": role,
            "TracingConfig": {"Mode": tracing} if tracing else None,
            "DeadLetterConfig": target,
        }
        self.put(name, "AWS::Lambda::Function", own)
        if "Role" not in properties:
            self.role(name, properties, "lambda.amazonaws.com", [BASIC])
        self.url(name, properties.get("FunctionUrlConfig"))
        self.events(name, properties)

    def role(self, name: str, properties: dict[str, Any], service: str, managed: list[str]) -> None:
        arns: list[Any] = [f"{ARN}service-role/{policy}" for policy in managed]
        arns += [
            f"{ARN}service-role/{POLLING[kind]}"
            for kind in dict.fromkeys(_event_types(properties))
            if kind in POLLING
        ]
        policies = []
        written = properties.get("Policies")
        for index, policy in enumerate(written if isinstance(written, list) else [written]):
            statements = _statements(policy)
            if statements is not None:
                document = {"Version": "2012-10-17", "Statement": statements}
                own = f"{name}RolePolicy{index}"
                policies.append({"PolicyName": own, "PolicyDocument": document})
            elif policy is not None:
                arns.append(_managed(policy))
        trust = {"Effect": "Allow", "Principal": {"Service": [service]}, "Action": "sts:AssumeRole"}
        assumed = {"Version": "2012-10-17", "Statement": [trust]}
        self.put(
            f"{name}Role",
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": properties.get("AssumeRolePolicyDocument", assumed),
                "ManagedPolicyArns": arns,
                "Policies": policies or None,
                "PermissionsBoundary": properties.get("PermissionsBoundary"),
            },
        )

    def url(self, name: str, configuration: Any) -> None:
        if not isinstance(configuration, dict):
            return
        target = {"TargetFunctionArn": {"Ref": name}}
        self.put(f"{name}Url", "AWS::Lambda::Url", {**target, **configuration})
        if configuration.get("AuthType") == "NONE":
            self.permission(f"{name}UrlPublicPermissions", name, "*", "lambda:InvokeFunctionUrl")

    def permission(
        self, id: str, name: str, principal: str, action: str = "lambda:InvokeFunction"
    ) -> None:
        function = {"Fn::GetAtt": [name, "Arn"]}
        known = {"Action": action, "FunctionName": function, "Principal": principal}
        self.put(id, "AWS::Lambda::Permission", known)

    def events(self, name: str, properties: dict[str, Any]) -> None:
        events = properties.get("Events")
        for event, declared in events.items() if isinstance(events, dict) else ():
            if isinstance(declared, dict):
                own = declared.get("Properties")
                self.event(name, event, str(declared.get("Type")), own or {})

    def event(self, name: str, event: str, kind: str, properties: dict[str, Any]) -> None:
        if kind in SOURCES:
            source = {"EventSourceArn": properties.get(SOURCES[kind])}
            own = {key: value for key, value in properties.items() if key != SOURCES[kind]}
            mapping = {"FunctionName": {"Ref": name}, **source, **own}
            self.put(f"{name}{event}", "AWS::Lambda::EventSourceMapping", mapping)
        elif kind in PRINCIPALS:
            self.permission(f"{name}{event}Permission", name, PRINCIPALS[kind])
            source_arn = properties.get("Topic")
            if source_arn is not None:
                self.made[f"{name}{event}Permission"]["Properties"]["SourceArn"] = source_arn
            if kind in ("Api", "HttpApi"):
                self.route(name, kind, properties)

    def route(self, name: str, kind: str, properties: dict[str, Any]) -> None:
        reference = properties.get("RestApiId" if kind == "Api" else "ApiId")
        api = reference.get("Ref") if isinstance(reference, dict) else reference
        if not isinstance(api, str):
            implicit = f"ServerlessRest{kind}".replace("RestHttp", "Http")
            api = implicit if reference is None else f"{kind}Elsewhere"
        if api not in self.made and api not in self.known:
            type = "AWS::ApiGateway::RestApi" if kind == "Api" else "AWS::ApiGatewayV2::Api"
            self.put(api, type, {"Body": {"paths": {}}})
            if reference is not None:
                self.made[api]["Metadata"] = {ELSEWHERE: True}
        declared = self.made.get(api) or self.known[api]
        body = declared["Properties"].setdefault("Body", {"paths": {}})
        if not isinstance(body, dict) or not isinstance(body.setdefault("paths", {}), dict):
            return
        method = str(properties.get("Method", "any")).lower()
        method = "x-amazon-apigateway-any-method" if method == "any" else method
        operation: dict[str, Any] = {
            "x-amazon-apigateway-integration": {
                "type": "aws_proxy",
                "httpMethod": "POST",
                "uri": {"Fn::Sub": INTEGRATION % name},
            }
        }
        auth = properties.get("Auth")
        authorizer = auth.get("Authorizer") if isinstance(auth, dict) else None
        if isinstance(authorizer, str):
            operation["security"] = [{authorizer: []}]
        path = properties.get("Path", "$default")
        body["paths"].setdefault(str(path), {}).setdefault(method, operation)

    def table(self, name: str, properties: dict[str, Any]) -> None:
        key = properties.get("PrimaryKey") or {"Name": "id", "Type": "String"}
        kind = {"String": "S", "Number": "N", "Binary": "B"}.get(str(key.get("Type")), "S")
        own = {k: value for k, value in properties.items() if k != "PrimaryKey"}
        own["KeySchema"] = [{"AttributeName": key.get("Name"), "KeyType": "HASH"}]
        own["AttributeDefinitions"] = [{"AttributeName": key.get("Name"), "AttributeType": kind}]
        self.put(name, "AWS::DynamoDB::Table", own)

    def api(self, name: str, properties: dict[str, Any]) -> None:
        self._api(name, properties, "AWS::ApiGateway::RestApi")

    def http_api(self, name: str, properties: dict[str, Any]) -> None:
        self._api(name, properties, "AWS::ApiGatewayV2::Api")

    def _api(self, name: str, properties: dict[str, Any], type: str) -> None:
        body = properties.get("DefinitionBody") or {"paths": {}}
        uri = properties.get("DefinitionUri")
        self.put(name, type, {"Body": body, "Name": properties.get("Name"), "BodyS3Location": uri})
        stage: dict[str, Any] = {
            key: properties[key]
            for key in ("StageName", "AccessLogSetting", "MethodSettings", "TracingEnabled")
            if key in properties
        }
        if type == "AWS::ApiGateway::RestApi":
            reference = {"RestApiId": {"Ref": name}}
            self.put(f"{name}Stage", "AWS::ApiGateway::Stage", {**stage, **reference})

    def state_machine(self, name: str, properties: dict[str, Any]) -> None:
        own = {
            "Definition": properties.get("Definition"),
            "DefinitionS3Location": properties.get("DefinitionUri"),
            "DefinitionSubstitutions": properties.get("DefinitionSubstitutions"),
            "StateMachineName": properties.get("Name"),
            "StateMachineType": properties.get("Type"),
            "LoggingConfiguration": properties.get("Logging"),
            "TracingConfiguration": properties.get("Tracing"),
            "RoleArn": properties.get("Role") or {"Fn::GetAtt": [f"{name}Role", "Arn"]},
        }
        self.put(name, "AWS::StepFunctions::StateMachine", own)
        if "Role" not in properties:
            self.role(name, {**properties, "Events": None}, "states.amazonaws.com", [])

    def layer(self, name: str, properties: dict[str, Any]) -> None:
        own = {**properties, "Content": properties.get("ContentUri")}
        own.pop("ContentUri", None)
        self.put(name, "AWS::Lambda::LayerVersion", own)

    def application(self, name: str, properties: dict[str, Any]) -> None:
        location, given = properties.get("Location"), properties.get("Parameters")
        own = {"TemplateURL": location, "Parameters": given}
        self.put(name, "AWS::CloudFormation::Stack", own)


READERS: dict[str, Callable[[_Reading, str, dict[str, Any]], None]] = {
    "Api": _Reading.api,
    "Application": _Reading.application,
    "Function": _Reading.function,
    "HttpApi": _Reading.http_api,
    "LayerVersion": _Reading.layer,
    "SimpleTable": _Reading.table,
    "StateMachine": _Reading.state_machine,
}


def _code(properties: dict[str, Any]) -> Any:
    if "InlineCode" in properties:
        return {"ZipFile": properties["InlineCode"]}
    if properties.get("PackageType") == "Image" or "ImageUri" in properties:
        return {"ImageUri": properties.get("ImageUri", "")}
    location = properties.get("CodeUri", "./")
    if isinstance(location, dict) and "Bucket" in location:
        return {"S3Bucket": location["Bucket"], "S3Key": location.get("Key")}
    return location


def _event_types(properties: dict[str, Any]) -> list[str]:
    events = properties.get("Events")
    declared = events.values() if isinstance(events, dict) else ()
    return [str(event.get("Type")) for event in declared if isinstance(event, dict)]


def _statements(policy: Any) -> Any:
    """Return the statements of an inline policy or a policy template; None for a managed one."""
    if not isinstance(policy, dict):
        return None
    if "Statement" in policy:
        return policy["Statement"]
    if len(policy) == 1:
        ((name, parameters),) = policy.items()
        return policy_statements(name, parameters if isinstance(parameters, dict) else {})
    return None


def _managed(policy: Any) -> Any:
    if not isinstance(policy, str) or policy.startswith("arn:"):
        return policy
    return f"{ARN}service-role/{policy}" if policy.startswith("AWSLambda") else f"{ARN}{policy}"
