"""Pipes, rules of IoT, filters of logs, endpoints, and what older methods add."""

from __future__ import annotations

import json
from pathlib import Path

from checkrein.model.values import Open, Symbol
from checkrein.read.cdk.unsynthesized.trace import Called, Choice, New
from tests.read.cdk_library.traces import PLACE, Member, Program, function, of, table


def test_a_pipe_reads_its_source_and_runs_its_target(tmp_path: Path) -> None:
    program = Program()
    orders = table(program, stream=of("aws_dynamodb.StreamViewType.NEW_IMAGE"))
    handler = function(program)
    program.make("aws_pipes.Pipe", "Pipe", {
        "source": New("aws_pipes_sources.DynamoDBSource", [orders], PLACE),
        "target": New("aws_pipes_targets.LambdaFunction", [handler], PLACE),
    })  # fmt: skip

    found = program.resources(tmp_path)

    pipe = found["app/Pipe"].properties
    assert pipe["Source"] == Symbol("app/Orders", "StreamArn")
    assert pipe["Target"] == Symbol("app/Handler", "Arn")
    (policy,) = (each for each in found.values() if each.type == "AWS::IAM::Policy")
    stated = policy.properties["PolicyDocument"]["Statement"]
    assert {each["Resource"] for each in stated} == {pipe["Source"], pipe["Target"]}


def test_a_rule_of_iot_may_run_its_function(tmp_path: Path) -> None:
    program = Program()
    handler = function(program)
    sql = Called(of("aws_iot.IotSql"), "fromStringAsVer20160323", ["SELECT * FROM 'a'"], PLACE)
    action = New("aws_iot_actions.LambdaFunctionAction", [handler], PLACE)
    program.make("aws_iot.TopicRule", "Rule", {"sql": sql, "actions": [action]})

    found = program.resources(tmp_path)

    payload = found["app/Rule"].properties["TopicRulePayload"]
    assert payload["Actions"] == [{"Lambda": {"FunctionArn": Symbol("app/Handler", "Arn")}}]
    (permission,) = (each for each in found.values() if each.type == "AWS::Lambda::Permission")
    assert permission.properties["Principal"] == "iot.amazonaws.com"


def test_logs_go_to_a_function(tmp_path: Path) -> None:
    program = Program()
    handler = function(program)
    group = program.make("aws_logs.LogGroup", "Logs", {})
    to = New("aws_logs_destinations.LambdaDestination", [handler], PLACE)
    program.call(group, "addSubscriptionFilter", "Errors", {"destination": to})

    found = program.resources(tmp_path)

    assert found["app/LogsErrors"].properties["DestinationArn"] == Symbol("app/Handler", "Arn")
    assert "AWS::Lambda::Permission" in {each.type for each in found.values()}


def test_a_network_has_endpoints_and_logs(tmp_path: Path) -> None:
    program = Program()
    network = program.make("aws_ec2.Vpc", "Net", {})
    service = of("aws_ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER")
    program.call(network, "addInterfaceEndpoint", "Secrets", {"service": service})
    program.call(network, "addFlowLog", "Flows")

    found = program.resources(tmp_path)

    assert str(found["app/NetSecrets"].properties["ServiceName"]).endswith(".secretsmanager")
    assert found["app/NetFlowsFlowLog"].properties["ResourceId"] == Symbol("app/Net", "Ref")


def test_older_methods_of_a_bucket_change_it(tmp_path: Path) -> None:
    program = Program()
    bucket = program.make("aws_s3.Bucket", "Store", {})
    method = of("aws_s3.HttpMethods.GET")
    program.call(bucket, "addCorsRule", {"allowedMethods": [method], "allowedOrigins": ["*"]})
    days = Called(of("Duration"), "days", [3], PLACE)
    program.call(bucket, "addLifecycleRule", {"expiration": days})

    found = program.resources(tmp_path)["app/Store"].properties

    assert found["CorsConfiguration"]["CorsRules"][0]["AllowedOrigins"] == ["*"]
    assert found["LifecycleConfiguration"]["Rules"] == [
        {"ExpirationInDays": 3, "Status": "Enabled"}
    ]


def test_another_provider_signs_users_in(tmp_path: Path) -> None:
    program = Program()
    pool = program.make("aws_cognito.UserPool", "Users", {})
    program.make("aws_cognito.UserPoolIdentityProviderGoogle", "Google", {
        "userPool": pool, "clientId": "me", "clientSecret": "in plain words", "scopes": ["email"],
    })  # fmt: skip

    found = program.resources(tmp_path)["app/Google"].properties

    assert found["ProviderType"] == "Google"
    assert found["ProviderDetails"]["client_secret"] == "in plain words"


def test_a_custom_resource_may_do_what_it_calls(tmp_path: Path) -> None:
    program = Program()
    policy = Called(of("custom_resources.AwsCustomResourcePolicy"), "fromSdkCalls", [
        {"resources": of("custom_resources.AwsCustomResourcePolicy.ANY_RESOURCE")},
    ], PLACE)  # fmt: skip
    call = {"service": "CognitoIdentityServiceProvider", "action": "updateUserPool"}
    program.make("custom_resources.AwsCustomResource", "Call", {"onCreate": call, "policy": policy})

    found = program.resources(tmp_path)

    (stated,) = found["app/CallCustomResourcePolicy"].properties["PolicyDocument"]["Statement"]
    assert stated == {"Action": "cognito-idp:UpdateUserPool", "Effect": "Allow", "Resource": "*"}


def test_a_resource_that_is_asked_for_is_made_once(tmp_path: Path) -> None:
    program = Program()
    api = program.make("aws_apigateway.RestApi", "Api", {})
    root = Member(api, "root")
    asked = program.call(root, "getResource", "orders")
    program.call(root, "addResource", "orders", sure=False)
    program.call(asked, "addMethod", "GET")

    found = program.resources(tmp_path)

    assert [id for id in found if found[id].type == "AWS::ApiGateway::Resource"] == [
        "app/Apiorders"
    ]
    assert "app/ApiordersGET" in found


def test_origins_that_nobody_knows_leave_the_answer_open(tmp_path: Path) -> None:
    program = Program()
    origins = [["https://a.example"], ["https://b.example", "http://localhost"]]
    options = {"allowOrigins": Choice(list(origins)), "allowHeaders": ["A"]}
    program.make("aws_apigateway.RestApi", "Api", {"defaultCorsPreflightOptions": options})

    method = program.resources(tmp_path)["app/ApiOPTIONS"].properties

    (answer,) = method["Integration"]["IntegrationResponses"]
    assert answer["ResponseParameters"]["method.response.header.Vary"] == "'Origin'"
    assert isinstance(answer["ResponseTemplates"]["application/json"], Open)


def test_private_subnets_go_out_by_a_translator(tmp_path: Path) -> None:
    program = Program()
    program.make("aws_ec2.Vpc", "Net", {"natGateways": 1})

    found = program.resources(tmp_path)

    translators = [each for each in found.values() if each.type == "AWS::EC2::NatGateway"]
    routes = [each.properties for each in found.values() if each.type == "AWS::EC2::Route"]
    assert len(translators) == 1
    by = [each["NatGatewayId"] for each in routes if "NatGatewayId" in each]
    assert by == [Symbol(translators[0].id, "Ref")] * 2


def test_what_a_block_leaves_out_is_blocked_where_the_app_says_so(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    for flag, blocked in ((True, True), (False, None)):
        name = "@aws-cdk/aws-s3:publicAccessBlockedByDefault"
        (tmp_path / "app/cdk.json").write_text(json.dumps({"context": {name: flag}}))
        program = Program()
        some = New("aws_s3.BlockPublicAccess", [{"blockPublicAcls": False}], PLACE)
        program.make("aws_s3.Bucket", "Store", {"blockPublicAccess": some})
        found = program.resources(tmp_path)["app/Store"].properties
        stated = found["PublicAccessBlockConfiguration"]
        assert stated["BlockPublicAcls"] is False
        assert stated.get("BlockPublicPolicy") is blocked
