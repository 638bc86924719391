"""What only running tells of a property stays open in what a class makes: it is never its default.

Which properties a class reads is not listed here: that is noted while one is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from checkrein.model.values import Choice, Open, Text
from checkrein.read.cdk.unsynthesized.library.reading import read
from checkrein.read.cdk.unsynthesized.library.registry import CLASSES
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New
from tests.read.cdk_library.traces import PLACE, UNKNOWN, Member, Program, function, of, table

NESTED = ("queue", "integration", "origin", "destination")  # that a part of properties needs
NEEDED = object()
# what decides nothing, or is open in any case
ASIDE = {
    "CfnOutput": {"value", "exportName"},  # what a stack says of itself, in no resource
    "aws_lambda_python.PythonLayerVersion": {"code"},
    "aws_lambda.LayerVersion": {"entry"},
    "aws_lambda.DockerImageFunction": {"runtime", "code"},
    "aws_cloudfront.Function": {"code"},
    "aws_appsync.Resolver": {"code"},
    "custom_resources.AwsCustomResource": {
        "role",
        *(
            f"{on}.{name}"
            for on in ("onCreate", "onUpdate", "onDelete")
            for name in ("service", "action")
        ),
    },
    "aws_s3.Bucket": {"minimumTLSVersion"},  # nothing without enforceSSL
}


class Asked(dict[str, Any]):
    """Properties that note the names that they are asked for."""

    def __init__(self, known: dict[str, Any]) -> None:
        super().__init__(known)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


def needed(program: Program, kind: str) -> dict[str, Any]:
    """Return what a class needs to make what it makes, by the names that it has for it."""
    api = program.make("aws_apigateway.RestApi", "OtherApi", {})
    pool = program.make("aws_cognito.UserPool", "OtherPool", {})
    http = program.make("aws_apigatewayv2.HttpApi", "OtherHttp", {})
    graph = program.make("aws_appsync.GraphqlApi", "OtherGraph", {})
    bucket = program.make("aws_s3.Bucket", "OtherBucket", {})
    handler, queue = function(program, "Other"), program.make("aws_sqs.Queue", "OtherQueue", {})
    invoke = New("aws_scheduler_targets.LambdaInvoke", [handler], PLACE)
    engine = Called(of("aws_rds.DatabaseInstanceEngine"), "postgres", [{}], PLACE)
    code = Called(of("aws_lambda.Code"), "fromAsset", ["lambda"], PLACE)
    route = Called(of("aws_apigatewayv2.HttpRouteKey"), "with", ["/"], PLACE)
    group = program.make("aws_logs.LogGroup", "OtherLogs", {})
    logs = New("aws_apigatewayv2.LogGroupLogDestination", [group], PLACE)
    network = program.make("aws_ec2.Vpc", "OtherNetwork", {})
    known = {
        "restApi": api, "api": graph if "appsync" in kind else api, "userPool": pool,
        "cognitoUserPools": [pool], "httpApi": http, "webSocketApi": http, "bucket": bucket,
        "destinationBucket": bucket, "function": handler, "lambda": handler, "queue": queue,
        "target": invoke if "scheduler" in kind else handler, "lambdaFunction": handler,
        "version": handler, "parent": Member(api, "root"), "table": table(program, "Others"),
        "topic": program.make("aws_sns.Topic", "OtherTopic", {}), "engine": engine,
        "deployment": Member(api, "latestDeployment"), "code": code, "entry": "lambda/index.ts",
        "targetKey": program.make("aws_kms.Key", "OtherKey", {}), "pathPart": "orders",
        "protocol": of("aws_sns.SubscriptionProtocol.HTTPS"), "routeKey": route,"value": "x",
        "assumedBy": New("aws_iam.AccountRootPrincipal", [], PLACE),
        "integration": New("aws_apigatewayv2_integrations.HttpLambdaIntegration",
                           ["Run", handler], PLACE),
        "origin": New("aws_cloudfront_origins.HttpOrigin", ["example.com"], PLACE),
        "destination": logs if "apigateway" in kind else group,
        "service": of("aws_ec2.GatewayVpcEndpointAwsService.S3"), "logGroup": group,
        "sql": Called(of("aws_iot.IotSql"), "fromStringAsVer20160323", ["SELECT *"], PLACE),
        "definition": "schema.graphql", "schema": "schema.graphql",
        "vpc": network,
    }  # fmt: skip
    return known | _own(kind, known)


def _own(kind: str, known: dict[str, Any]) -> dict[str, Any]:
    """Return what a class has another thing for than the rest."""
    handler, network = known["function"], known["vpc"]
    own: dict[str, dict[str, Any]] = {
        "GatewayResponse": {"type": of("aws_apigateway.ResponseType.DEFAULT_4XX")},
        "HttpAuthorizer": {"type": of("aws_apigatewayv2.HttpAuthorizerType.JWT")},
        "CfnResource": {"type": "AWS::SNS::Topic"},
        "TokenAuthorizer": {"handler": handler},
        "RequestAuthorizer": {"handler": handler},
        "LambdaRestApi": {"handler": handler},
        "NodejsFunction": {"code": None},
        "Pipe": {
            "source": New("aws_pipes_sources.SqsSource", [known["queue"]], PLACE),
            "target": New("aws_pipes_targets.LambdaFunction", [handler], PLACE),
        },
        "SubscriptionFilter": {
            "destination": New("aws_logs_destinations.LambdaDestination", [handler], PLACE)
        },
        "FlowLog": {
            "destination": Called(
                of("aws_ec2.FlowLogDestination"), "toS3", [known["bucket"]], PLACE
            ),
            "resourceType": Called(of("aws_ec2.FlowLogResourceType"), "fromVpc", [network], PLACE),
        },
    }
    return own.get(kind.rpartition(".")[2], {})


def made(kind: str, given: dict[str, Any]) -> tuple[World, Asked]:
    """Make one of a class with what it needs and what is given; return what it asked for too."""
    program = Program()
    known = needed(program, kind)
    names = Asked({**known, **given})
    for each in given.values():
        if isinstance(each, dict):
            each |= {name: known[name] for name in NESTED if dict.get(each, name) is NEEDED}
    it = program.make(kind, "It", names)
    _use(program, kind, it)
    return read(program.trace, "app"), names


def _use(program: Program, kind: str, it: New) -> None:
    """Do with one what shows what it hands on."""
    if "_tasks." in kind:
        program.make("aws_stepfunctions.StateMachine", "Machine", {})
    if kind in ("aws_apigateway.Resource", "aws_apigateway.ProxyResource"):
        program.call(it, "addMethod", "GET")
    if kind.startswith("aws_apigateway.") and kind.endswith("RestApi"):
        program.call(Member(it, "root"), "addMethod", "GET")
    if kind.endswith("HttpApi"):
        program.call(it, "addRoutes", {"path": "/"})


def unknown(value: Any, at: str) -> Iterator[str]:
    """Yield where something is open."""
    if isinstance(value, Text):
        value = list(value.parts)
    if isinstance(value, dict):
        for key, each in value.items():
            yield from unknown(each, f"{at}.{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from unknown(each, f"{at}.{index}")
    elif isinstance(value, (Open, Choice)):
        yield at


def told(world: World) -> set[str]:
    """Return what is open, conditional, or told as not followed."""
    found = set(world.unknown)
    for stack in world.stacks.values():
        for key, each in stack.resources.items():
            found |= set(unknown({**each.properties, **each.attributes}, key))
            found |= {f"{key} {each.condition}"} if each.condition else set()
    return found


def hidden(kind: str) -> list[str]:
    """Return the properties of a class that, when nobody knows them, read as if they were known."""
    world, names = made(kind, {})
    found = []
    for name in sorted(names.names - ASIDE.get(kind, set())):
        if told(made(kind, {name: UNKNOWN})[0]) <= told(world):
            found.append(name)
        inner = Asked({})
        try:
            made(kind, {name: inner})
        except (KeyError, TypeError):  # no dict stands there
            continue
        found += [
            f"{name}.{below}"
            for below in sorted(inner.names)
            if f"{name}.{below}" not in ASIDE.get(kind, ()) and _hidden_in(kind, name, below)
        ]
    return found


def _hidden_in(kind: str, name: str, below: str) -> bool:
    known: dict[str, Any] = {below: NEEDED} if below in NESTED else {}
    return told(made(kind, {name: {below: UNKNOWN}})[0]) <= told(made(kind, {name: known})[0])


@pytest.mark.parametrize("kind", sorted(CLASSES))
def test_an_unknown_property_is_never_read_as_its_default(kind: str) -> None:
    assert hidden(kind) == []
