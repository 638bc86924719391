"""Containers in the app: ways in, environment, logs, network, and the row of their data."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.model import App, Entry, Flow, Function, Need, Row, Summary, Taint

Scan = Callable[[dict[str, str]], App]
Networked = Callable[..., App]

TASK = """
Parameters: {Image: {Type: String}, Listener: {Type: String}}
Resources:
  Customers: {Type: AWS::DynamoDB::Table, Properties: {TableName: customers}}
  Jobs: {Type: AWS::SQS::Queue}
  Hidden: {Type: AWS::SecretsManager::Secret}
  Log: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /shop/web}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyDocument:
            Statement: [{Effect: Allow, Action: ["dynamodb:PutItem", "dynamodb:Scan"], Resource: !GetAtt Customers.Arn}]
  Work:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: web
          Image: !Ref Image
          Environment: [{Name: TABLE, Value: !Ref Customers}]
          Secrets: [{Name: KEY, ValueFrom: !Ref Hidden}, {Name: OTHER, ValueFrom: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:other-AbCdEf"}]
          LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: !Ref Log}}
"""
SERVER = """
    import os, boto3
    from flask import Flask, request
    app = Flask(__name__)
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

    @app.route("/customers", methods=["POST"])
    def add():
        print(request.json["email"])
        table.put_item(Item={"email": request.json["email"]})
        return "", 204

    if __name__ == "__main__":
        app.run()
"""
SERVICE = """
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Work
      LoadBalancers: [{ContainerName: web, TargetGroupArn: !Ref Group}]
  Group: {Type: AWS::ElasticLoadBalancingV2::TargetGroup}
"""
BALANCER = """
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Scheme: SCHEME}}
  Door:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      DefaultActions: [SIGN_IN{Type: forward, TargetGroupArn: !Ref Group}]
"""
FILES = {
    "Dockerfile": "FROM python:3.13\nWORKDIR /app\nCOPY . .\nCMD python app.py\n",
    "app.py": SERVER,
}


def scanned(derived: Scan, more: str = "") -> App:
    return derived({"shop.yaml": TASK + more, **FILES})


def ways_in(app: App) -> list[tuple[str, str, str, str]]:
    return [(e.kind, e.identity, e.source, e.route) for e in app.every(Entry)]


def balanced(scheme: str = "internet-facing", sign_in: str = "") -> str:
    return SERVICE + BALANCER.replace("SCHEME", scheme).replace("SIGN_IN", sign_in)


def test_a_task_is_a_function_with_its_code_and_role(derived: Scan) -> None:
    app = scanned(derived)
    function = app.get(Function, "shop/Work")
    assert function
    assert (function.identity, function.code and function.code.file) == ("shop/Role", "app.py")
    needs = [n for n in app.every(Need) if n.function == "shop/Work"]
    assert [(n.action, n.resource, n.granted) for n in needs if n.needed] == [
        ("dynamodb:PutItem", "shop/Customers", True)
    ]
    assert [n.action for n in needs if not n.needed] == ["dynamodb:Scan"]


def test_what_code_in_a_container_does_with_data_is_in_the_table(derived: Scan) -> None:
    app = scanned(derived, balanced())
    rows = {row.id: row for row in app.every(Row)}
    assert rows["shop/Customers"].coded == ("pii.email",)
    assert rows["shop/Log"].coded == ("pii.email",)
    assert rows["shop/Work"].coded == ("cred.secret", "pii.email")
    assert "untrusted.any" in rows["shop/Customers"].potential
    assert {t.who for t in app.every(Taint)} == {"anyone"}


def test_secrets_come_into_the_environment(derived: Scan) -> None:
    flows = scanned(derived).every(Flow)
    assert [
        (f.source.node, f.target.path) for f in flows if f.via == "shop/Work" and "Hidden" in f.id
    ] == [("shop/Hidden", "env.KEY")]


@pytest.mark.parametrize(
    ("more", "ways"),
    [
        (balanced(), [("http", "@anyone", "shop/Group", "")]),
        (balanced("internal"), [("internal", "elasticloadbalancing.amazonaws.com", "shop/Group", "")]),
        (SERVICE, [("http", "elasticloadbalancing.amazonaws.com", "shop/Group", "")]),
        (
            balanced(sign_in="{Type: authenticate-oidc, AuthenticateOidcConfig: {Issuer: us}}, "),
            [("http", "us", "shop/Group", "")],
        ),
        (
            "  Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Arn: cluster, EcsParameters: {TaskDefinitionArn: !Ref Work}}]}}\n",
            [("schedule", "events.amazonaws.com", "shop/Nightly", "")],
        ),
        (
            "  Nightly: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: cluster, EcsParameters: {TaskDefinitionArn: !Ref Work}}}}\n",
            [("schedule", "scheduler.amazonaws.com", "shop/Nightly", "")],
        ),
        (
            "  Pipe: {Type: AWS::Pipes::Pipe, Properties: {Source: !GetAtt Jobs.Arn, Target: cluster, TargetParameters: {EcsTaskParameters: {TaskDefinitionArn: !Ref Work}}}}\n",
            [("event", "pipes.amazonaws.com", "shop/Jobs", "")],
        ),
        (
            '  Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {Definition: {StartAt: A, States: {A: {Type: Task, End: true, Resource: "arn:aws:states:::ecs:runTask.sync", Parameters: {TaskDefinition: !Ref Work}}}}}}\n',
            [("direct", "states.amazonaws.com", "shop/Machine", "")],
        ),
    ],
)  # fmt: skip
def test_ways_into_a_task(derived: Scan, more: str, ways: list[tuple[str, str, str, str]]) -> None:
    assert ways_in(scanned(derived, more)) == ways


API = """
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: HTTP}}
  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Api, RouteKey: "POST /customers", Target: !Sub "integrations/${Link}"}}
  Link: {Type: AWS::ApiGatewayV2::Integration, Properties: {ApiId: !Ref Api, IntegrationType: HTTP_PROXY, ConnectionType: VPC_LINK, IntegrationUri: URI}}
"""


def test_an_api_leads_to_a_task_through_a_private_link(derived: Scan) -> None:
    more = balanced("internal") + API.replace("URI", "!Ref Door")
    way = ("http", "@anyone", "shop/Api", "POST /customers")
    assert way in ways_in(scanned(derived, more))


def test_an_api_leads_to_a_task_through_its_registered_name(derived: Scan) -> None:
    more = (
        API.replace("URI", "!GetAtt Name.Arn")
        + """
  Name: {Type: AWS::ServiceDiscovery::Service}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Work, ServiceRegistries: [{RegistryArn: !GetAtt Name.Arn}]}
"""
    )
    assert ways_in(scanned(derived, more)) == [("http", "@anyone", "shop/Api", "POST /customers")]


def test_a_network_balancer_before_an_application_balancer(derived: Scan) -> None:
    more = (
        balanced("internal")
        + API.replace("URI", "!Ref Outer")
        + """
  Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Scheme: internal, Type: network}}
  Chain: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: alb, Targets: [{Id: !Ref Balancer}]}}
  Outer: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Front, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Chain}]}}
"""
    )
    assert ("http", "@anyone", "shop/Api", "POST /customers") in ways_in(scanned(derived, more))


CALLER = """
  Starter:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Environment: {Variables: {TASK: !Ref Work}}
      Code:
        ZipFile: |
          import boto3, os
          def handler(event, context):
              boto3.client("ecs").run_task(cluster="main", taskDefinition=os.environ["TASK"])
"""


def test_code_starts_a_task(derived: Scan) -> None:
    assert ("direct", "shop/Role", "shop/Starter", "") in ways_in(scanned(derived, CALLER))


@pytest.mark.parametrize(
    ("logging", "row"),
    [
        ("{LogDriver: awslogs, Options: {awslogs-group: other}}", True),
        ("{LogDriver: awsfirelens}", False),
    ],
)
def test_output_that_goes_to_no_log_group_has_no_row(
    derived: Scan,
    logging: str,
    row: bool,  # noqa: FBT001
) -> None:
    known = "{LogDriver: awslogs, Options: {awslogs-group: !Ref Log}}"
    app = derived({"shop.yaml": TASK.replace(known, logging), **FILES})
    assert (app.get(Row, "shop/Work@logs") is not None) is row
    assert app.get(Row, "shop/Work@output") is None


PLACED = (
    "{Type: AWS::ECS::Service, Properties: {TaskDefinition: !Ref Tasks, NetworkConfiguration:"
    " {AwsvpcConfiguration: {Subnets: [!Ref Public], SecurityGroups: [!Ref Guard], AssignPublicIp: %s}}}}"
)


@pytest.mark.parametrize(("given", "leaves"), [("ENABLED", True), ("DISABLED", False)])
def test_a_task_in_a_public_subnet_needs_an_address_to_get_out(
    networked: Networked,
    given: str,
    leaves: bool,  # noqa: FBT001
) -> None:
    app = networked(
        Work=None,
        Tasks="{Type: AWS::ECS::TaskDefinition, Properties: {TaskRoleArn: !GetAtt Role.Arn,"
        " ContainerDefinitions: [{Name: web, Image: nginx, Environment: [{Name: DB_PASSWORD, Value: !Ref Given}]}]}}",
        Service=PLACED % given,
    )
    row = app.get(Row, "app@internet")
    assert ("cred.password" in row.potential if row else False) is leaves


def test_app_runner_is_a_service_for_anyone(derived: Scan) -> None:
    text = """
    Resources:
      Web:
        Type: AWS::AppRunner::Service
        Properties:
          SourceConfiguration:
            ImageRepository:
              ImageIdentifier: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1
              ImageConfiguration: {RuntimeEnvironmentVariables: [{Name: DB_PASSWORD, Value: !Ref Given}]}
    Parameters: {Given: {Type: String}}
    """
    app = derived({"app.yaml": text})
    assert ways_in(app) == [("http", "@anyone", "app/Web", "")]
    row = app.get(Row, "app/Web")
    assert row
    assert row.coded == ("cred.password",)


FILES_SERVED = """
    from fastapi import FastAPI
    from fastapi.responses import FileResponse
    app = FastAPI()

    @app.get("/one/{name}")
    def one(name: str):
        return FileResponse("files/" + name)

    @app.get("/all/{name:path}")
    def all(name: str):
        return FileResponse("files/" + name)
"""


def test_a_servers_path_parameter_has_no_slash_unless_it_asks_for_one(derived: Scan) -> None:
    files = {
        **FILES,
        "app.py": FILES_SERVED,
        "Dockerfile": "FROM python:3.13\nCOPY . .\nCMD uvicorn app:app",
    }
    app = derived({"shop.yaml": TASK + balanced(), **files})
    (calls,) = (summary.calls for summary in app.every(Summary))
    safe = {calls[t.site].place.line: "path" in t.harmless for t in app.every(Taint)}
    assert safe == {8: True, 12: False}
