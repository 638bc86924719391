"""What classes of the library make, and what their methods add, as aws-cdk-lib writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checkrein.model import Resource
from checkrein.model.values import Open, Symbol, Text
from checkrein.read.cdk.unsynthesized.trace import Called, New
from tests.read.cdk_library.traces import UNKNOWN, Member, Program, function, of, table


def statements(resource: Resource) -> list[Any]:
    found: list[Any] = resource.properties["PolicyDocument"]["Statement"]
    return found


def test_a_function_has_a_role_with_the_basic_policy(tmp_path: Path) -> None:
    program = Program()
    function(program, environment={"A": "b"})

    found = program.resources(tmp_path)

    handler, role = found["app/Handler"], found["app/HandlerServiceRole"]
    assert handler.properties["Runtime"] == "nodejs22.x"
    assert handler.properties["Code"] == "lambda"
    assert handler.properties["Role"] == Symbol("app/HandlerServiceRole", "Arn")
    assert handler.logical == "Handler886CB40B"
    (policy,) = role.properties["ManagedPolicyArns"]
    assert str(policy).endswith(":iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")


def test_a_bundled_function_is_found_by_its_entry(tmp_path: Path) -> None:
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend/package.json").write_text("{}")
    program = Program()
    entry = "/service/backend/src/orders.ts"
    program.make("aws_lambda_nodejs.NodejsFunction", "Orders", {"entry": entry})
    program.make("aws_lambda_nodejs.NodejsFunction", "beside", {"handler": "main"})

    found = program.resources(tmp_path)

    orders, beside = found["app/Orders"].properties, found["app/beside"].properties
    assert (orders["Code"], orders["Handler"]) == ("../backend", "src/orders.handler")
    assert (beside["Code"], beside["Handler"]) == (".", "lib/shop.beside.main")


def test_a_right_names_indexes_that_are_added_later(tmp_path: Path) -> None:
    program = Program()
    orders, handler = table(program), function(program)
    program.call(orders, "grantReadData", handler)
    key = {"name": "user", "type": of("aws_dynamodb.AttributeType.STRING")}
    program.call(orders, "addGlobalSecondaryIndex", {"indexName": "users", "partitionKey": key})

    policy = program.resources(tmp_path)["app/HandlerServiceRoleDefaultPolicy"]

    (stated,) = statements(policy)
    assert stated["Resource"] == [
        Symbol("app/Orders", "Arn"), Text((Symbol("app/Orders", "Arn"), "/index/*"))
    ]  # fmt: skip
    assert "dynamodb:Scan" in stated["Action"]
    assert "dynamodb:PutItem" not in stated["Action"]
    assert policy.properties["Roles"] == [Symbol("app/HandlerServiceRole")]


def test_a_right_that_is_given_perhaps_is_not_sure(tmp_path: Path) -> None:
    program = Program()
    orders, handler = table(program), function(program)
    program.call(orders, "grantWriteData", handler, sure=False)

    (stated,) = statements(program.resources(tmp_path)["app/HandlerServiceRoleDefaultPolicy"])

    ((when, _), _) = stated.options
    assert when == (("app#shop.ts:7", True),)


def test_a_method_has_the_authorizer_that_it_or_its_api_says(tmp_path: Path) -> None:
    program = Program()
    handler = function(program)
    pool = program.make("aws_cognito.UserPool", "Pool", {})
    guard = program.make(
        "aws_apigateway.CognitoUserPoolsAuthorizer", "Guard", {"cognitoUserPools": [pool]}
    )
    options = {"authorizer": guard}
    api = program.make("aws_apigateway.RestApi", "Api", {"defaultMethodOptions": options})
    integration = New("aws_apigateway.LambdaIntegration", [handler], program.place)
    items = program.call(Member(api, "root"), "addResource", "items")
    program.call(items, "addMethod", "GET", integration)
    none = {"authorizationType": of("aws_apigateway.AuthorizationType.NONE"), "authorizer": None}
    program.call(items, "addMethod", "POST", integration, {"authorizer": UNKNOWN})
    other = program.make("aws_apigateway.RestApi", "Open", {})
    program.call(Member(other, "root"), "addMethod", "ANY", integration, none)

    found = program.resources(tmp_path)

    read, write, free = (
        found[f"app/{name}"].properties for name in ("ApiitemsGET", "ApiitemsPOST", "OpenANY")
    )
    assert read["AuthorizationType"] == "COGNITO_USER_POOLS"
    assert read["AuthorizerId"] == Symbol("app/Guard")
    assert isinstance(write["AuthorizationType"], Open)
    assert free["AuthorizationType"] == "NONE"
    assert found["app/Apiitems"].properties["PathPart"] == "items"
    assert found["app/Guard"].properties["RestApiId"] == Symbol("app/Api")
    allowed = [each for each in found.values() if each.type == "AWS::Lambda::Permission"]
    assert {each.properties["Principal"] for each in allowed} == {"apigateway.amazonaws.com"}


def test_a_route_of_an_http_api(tmp_path: Path) -> None:
    program = Program()
    handler = function(program)
    guard = New("aws_apigatewayv2_authorizers.HttpJwtAuthorizer",
                ["Jwt", "https://issuer", {"jwtAudience": ["shop"]}], program.place)  # fmt: skip
    api = program.make("aws_apigatewayv2.HttpApi", "Api", {})
    target = New(
        "aws_apigatewayv2_integrations.HttpLambdaIntegration", ["Int", handler], program.place
    )
    methods = [of("aws_apigatewayv2.HttpMethod.GET")]
    common = {"path": "/items", "methods": methods, "integration": target}
    program.call(api, "addRoutes", {**common, "authorizer": guard})
    program.call(api, "addRoutes", {"path": "/open", "integration": target})

    found = program.resources(tmp_path)

    guarded, free = found["app/ApiGETitems"].properties, found["app/ApiANYopen"].properties
    assert (guarded["RouteKey"], guarded["AuthorizationType"]) == ("GET /items", "JWT")
    assert (free["RouteKey"], free["AuthorizationType"]) == ("ANY /open", "NONE")
    assert guarded["Target"] == free["Target"]


def test_a_bucket_that_lets_tls_only_in_and_is_read_by_a_distribution(tmp_path: Path) -> None:
    program = Program()
    block = of("aws_s3.BlockPublicAccess.BLOCK_ALL")
    bucket = program.make("aws_s3.Bucket", "Site", {"blockPublicAccess": block, "enforceSSL": True})
    origin = Called(
        of("aws_cloudfront_origins.S3BucketOrigin"), "withOriginAccessControl", [bucket],
        program.place,
    )  # fmt: skip
    program.make("aws_cloudfront.Distribution", "Cdn", {"defaultBehavior": {"origin": origin}})

    found = program.resources(tmp_path)

    assert set(found["app/Site"].properties["PublicAccessBlockConfiguration"].values()) == {True}
    first, second = statements(found["app/SitePolicy"])
    assert first["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert second["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert second["Action"] == "s3:GetObject"


def test_a_functions_queue_and_schedule(tmp_path: Path) -> None:
    program = Program()
    handler = function(program)
    queue = program.make("aws_sqs.Queue", "Jobs", {})
    source = New(
        "aws_lambda_event_sources.SqsEventSource", [queue, {"batchSize": 5}], program.place
    )
    program.call(handler, "addEventSource", source)
    rate = Called(of("Duration"), "hours", [1], program.place)
    when = Called(of("aws_events.Schedule"), "rate", [rate], program.place)
    rule = program.make("aws_events.Rule", "Hourly", {"schedule": when})
    program.call(
        rule, "addTarget", New("aws_events_targets.LambdaFunction", [handler], program.place)
    )

    found = program.resources(tmp_path)

    (mapping,) = (r for r in found.values() if r.type == "AWS::Lambda::EventSourceMapping")
    assert mapping.properties["EventSourceArn"] == Symbol("app/Jobs", "Arn")
    assert mapping.properties["BatchSize"] == 5
    hourly = found["app/Hourly"].properties
    assert hourly["ScheduleExpression"] == "rate(1 hour)"
    assert hourly["Targets"][0]["Arn"] == Symbol("app/Handler", "Arn")


def test_who_signs_up_to_a_pool_and_what_a_client_may_write(tmp_path: Path) -> None:
    program = Program()
    pool = program.make("aws_cognito.UserPool", "Pool", {"selfSignUpEnabled": True})
    program.make("aws_cognito.UserPool", "Closed", {})
    attributes = Called(
        Called(New("aws_cognito.ClientAttributes", [], program.place), "withStandardAttributes",
               [{"email": True, "fullname": False}], program.place),
        "withCustomAttributes", ["role"], program.place,
    )  # fmt: skip
    program.call(pool, "addClient", "Web", {"writeAttributes": attributes})

    found = program.resources(tmp_path)

    def closed(name: str) -> Any:
        return found[name].properties["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]

    assert (closed("app/Pool"), closed("app/Closed")) == (False, True)
    assert found["app/PoolWeb"].properties["WriteAttributes"] == ["email", "custom:role"]


def test_a_statement_that_a_program_writes_itself(tmp_path: Path) -> None:
    program = Program()
    handler = function(program)
    stated = program.new("aws_iam.PolicyStatement", None, None,
                         {"actions": ["ses:SendEmail"], "resources": ["*"]})  # fmt: skip
    program.call(stated, "addActions", "ses:SendRawEmail")
    program.call(handler, "addToRolePolicy", stated)

    (found,) = statements(program.resources(tmp_path)["app/HandlerServiceRoleDefaultPolicy"])

    assert found == {
        "Action": ["ses:SendEmail", "ses:SendRawEmail"], "Effect": "Allow", "Resource": "*",
    }  # fmt: skip


def test_a_resolver_with_an_id_of_its_own_and_one_without(tmp_path: Path) -> None:
    program = Program()
    graph = program.make("aws_appsync.GraphqlApi", "Graph", {})
    nothing = program.call(graph, "addNoneDataSource", "nothing")
    told = {"typeName": "Mutation", "fieldName": "bookRide"}
    program.call(nothing, "createResolver", told)
    program.call(nothing, "createResolver", "End", {**told, "fieldName": "endRide"})

    found = program.resources(tmp_path)

    answered = {
        each.properties["FieldName"]: each.properties["DataSourceName"]
        for each in found.values()
        if each.type == "AWS::AppSync::Resolver"
    }
    assert answered == {"bookRide": "nothing", "endRide": "nothing"}
