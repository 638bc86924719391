"""REST, HTTP and WebSocket APIs: routes, who may call them, what is logged."""

from __future__ import annotations

import pytest

from checkrein.derive.entrances.operations import every_operation
from checkrein.derive.stacks.directory import Directory
from tests.read.serverless.compiling import events, read

POOL = "resources: {Resources: {People: {Type: AWS::Cognito::UserPool}}}\n"


def test_a_rest_route_has_its_resources_method_and_permission() -> None:
    found = events("http: {path: 'users/{id}', method: get}\nhttp: POST /users")
    assert found.types == {
        "ApiGatewayDeployment": "AWS::ApiGateway::Deployment",
        "ApiGatewayMethodUsersIdVarGet": "AWS::ApiGateway::Method",
        "ApiGatewayMethodUsersPost": "AWS::ApiGateway::Method",
        "ApiGatewayResourceUsers": "AWS::ApiGateway::Resource",
        "ApiGatewayResourceUsersIdVar": "AWS::ApiGateway::Resource",
        "ApiGatewayRestApi": "AWS::ApiGateway::RestApi",
        "AuthLambdaFunction": "AWS::Lambda::Function",
        "HelloLambdaFunction": "AWS::Lambda::Function",
        "HelloLambdaPermissionApiGateway": "AWS::Lambda::Permission",
        "IamRoleLambdaExecution": "AWS::IAM::Role",
    }
    method = found.of("ApiGatewayMethodUsersIdVarGet")
    assert method["HttpMethod"] == "GET"
    assert method["AuthorizationType"] == "NONE"
    assert method["Integration"]["Type"] == "AWS_PROXY"
    assert method["Integration"]["Uri"] == (
        "arn:${Partition}:apigateway:${Region}:lambda:path/2015-03-31/functions/"
        "${HelloLambdaFunction.Arn}/invocations"
    )
    assert found.of("ApiGatewayResourceUsersIdVar", "ParentId") == "${ApiGatewayResourceUsers.Ref}"
    assert found.of("ApiGatewayRestApi", "EndpointConfiguration") == {"Types": ["EDGE"]}


def test_authorizers_of_a_rest_api() -> None:
    found = events(
        "http: {path: a, method: get, authorizer: auth}\n"
        "http: {path: b, method: get, authorizer: aws_iam}\n"
        "http: {path: c, method: get, authorizer: {name: people, type: COGNITO_USER_POOLS, "
        "arn: !GetAtt People.Arn, scopes: [read]}}\n"
        "http: {path: d, method: get, authorizer: arn:aws:lambda:us-east-1:1:function:far}\n"
        "http: {path: e, method: get, authorizer: {type: CUSTOM, authorizerId: abc}}\n"
        "http: {path: f, method: get, authorizer: nobody}",
        POOL,
    )
    kinds = {path: found.of(f"ApiGatewayMethod{path}Get", "AuthorizationType") for path in "ABCDEF"}
    assert kinds == {
        "A": "CUSTOM", "B": "AWS_IAM", "C": "COGNITO_USER_POOLS",
        "D": "CUSTOM", "E": "CUSTOM", "F": "CUSTOM",
    }  # fmt: skip
    assert found.of("PeopleApiGatewayAuthorizer", "ProviderARNs") == ["${People.Arn}"]
    assert found.of("AuthApiGatewayAuthorizer")["Type"] == "TOKEN"
    assert "functions/arn:aws:lambda:us-east-1:1:function:far/" in found.of(
        "FarApiGatewayAuthorizer", "AuthorizerUri"
    )
    assert found.of("ApiGatewayMethodCGet", "AuthorizationScopes") == ["read"]
    assert found.lost == ["the authorizer nobody is not declared"]


def test_an_authorizer_of_which_something_is_open_is_one() -> None:
    found = events(
        "http: {path: a, method: get, authorizer: '${env:ASKED}'}\n"
        "http: {path: b, method: get, authorizer: "
        "'arn:aws:lambda:${env:REGION}:${env:ACCOUNT}:function:far-auth'}\n"
        "httpApi: {path: /c, method: get, authorizer: '${env:ASKED}'}\n"
        "http: {path: d, method: get}"
    )
    kinds = {path: found.of(f"ApiGatewayMethod{path}Get", "AuthorizationType") for path in "ABD"}
    assert kinds == {"A": "CUSTOM", "B": "CUSTOM", "D": "NONE"}
    assert found.of("HttpApiRouteGetC", "AuthorizationType") == "JWT"
    assert found.of("AuthApiGatewayAuthorizer")["Type"] == "TOKEN"
    assert found.line("ApiGatewayMethodAGet", "AuthorizationType").startswith("- http: {path: a")


def test_other_origins_are_answered_for_all_events_of_a_path() -> None:
    found = events(
        "http: {path: a, method: get, cors: true}\n"
        "http: {path: a, method: post, cors: {origin: https://shop.example, allowCredentials: true}}"
    )
    answered = "Integration.IntegrationResponses.0.ResponseParameters"
    headers = found.of("ApiGatewayMethodAOptions", answered)
    assert headers["method.response.header.Access-Control-Allow-Origin"] == "'https://shop.example'"
    assert headers["method.response.header.Access-Control-Allow-Methods"] == "'OPTIONS,POST,GET'"
    assert headers["method.response.header.Access-Control-Allow-Credentials"] == "'true'"


def test_requests_can_be_validated() -> None:
    found = events(
        "http: {path: a, method: post, request: {parameters: {querystrings: {q: true}}, "
        "schemas: {application/json: {type: object}}}}"
    )
    method = found.of("ApiGatewayMethodAPost")
    assert method["RequestParameters"] == {"method.request.querystring.q": "true"}
    assert method["RequestValidatorId"] == "${ApiGatewayShopRequestValidator.Ref}"
    model = "ApiGatewayMethodAPostApplicationJsonModel"
    assert method["RequestModels"] == {"application/json": f"${{{model}.Ref}}"}
    assert found.of(model, "Schema") == {"type": "object"}


def test_integrations_other_than_the_usual_one() -> None:
    found = events(
        "http: {path: a, method: post, integration: lambda, async: true}\n"
        "http: {path: b, method: get, integration: http-proxy, request: {uri: 'https://b.example'}}\n"
        "http: {path: c, method: get, integration: mock}\n"
        "http: {path: d, method: get, integration: strange}"
    )
    first = found.of("ApiGatewayMethodAPost", "Integration")
    assert first["Type"] == "AWS"
    invoked = first["RequestParameters"]["integration.request.header.X-Amz-Invocation-Type"]
    assert invoked == "'Event'"
    assert '"body": $input.json("$")' in first["RequestTemplates"]["application/json"]
    assert found.of("ApiGatewayMethodBGet", "Integration.Uri") == "https://b.example"
    assert found.of("ApiGatewayMethodCGet", "Integration.Type") == "MOCK"
    assert found.lost == ["the integration STRANGE is not known"]


API = """\
service: shop
provider:
  name: aws
  endpointType: regional
  tracing: {apiGateway: true}
  logs:
    restApi: {level: ERROR, fullExecutionData: false}
  apiGateway:
    metrics: true
    apiKeys:
      - gold: [first, {name: second, value: not-so-secret-value}]
    usagePlan:
      - gold: {quota: {limit: 100, period: DAY}, throttle: {burstLimit: 5, rateLimit: 10}}
    resourcePolicy:
      - {Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: 'x'}
functions:
  hello:
    handler: a.b
    events:
      - http: {path: a, method: get, private: true}
"""


def test_what_stands_at_the_provider_describes_the_api_and_its_stage() -> None:
    found = read(API)
    assert found.of("ApiGatewayRestApi", "EndpointConfiguration") == {"Types": ["REGIONAL"]}
    assert found.of("ApiGatewayRestApi", "Policy.Statement.0.Effect") == "Deny"
    stage = found.of("ApiGatewayDeployment", "StageDescription")
    assert stage["TracingEnabled"] is True
    assert stage["MethodSettings"] == [
        {
            "HttpMethod": "*", "ResourcePath": "/*", "LoggingLevel": "ERROR",
            "DataTraceEnabled": False, "MetricsEnabled": True,
        }
    ]  # fmt: skip
    assert stage["AccessLogSetting"]["DestinationArn"] == "${ApiGatewayLogGroup.Arn}"
    assert found.resources["ApiGatewayLogGroup"].added
    assert found.line("ApiGatewayDeployment", "StageDescription.TracingEnabled").startswith(
        "tracing"
    )
    assert found.line("ApiGatewayRestApi", "Policy.Statement.0").startswith("- {Effect: Deny")


def test_keys_belong_to_plans() -> None:
    found = read(API)
    assert found.of("ApiGatewayMethodAGet", "ApiKeyRequired") is True
    assert found.of("ApiGatewayApiKeyGold2", "Value") == "not-so-secret-value"
    assert found.of("ApiGatewayUsagePlanGold", "Quota") == {"Limit": 100, "Period": "DAY"}
    assert found.of("ApiGatewayUsagePlanKeyGold1") == {
        "KeyId": "${ApiGatewayApiKeyGold1.Ref}",
        "KeyType": "API_KEY",
        "UsagePlanId": "${ApiGatewayUsagePlanGold.Ref}",
    }


def test_an_api_of_another_stack_is_only_added_to() -> None:
    found = read(
        "service: shop\n"
        "provider:\n"
        "  name: aws\n"
        "  apiGateway:\n"
        "    restApiId: !ImportValue shared-api\n"
        "    restApiRootResourceId: root\n"
        "    restApiResources: {/users: parent}\n"
        "functions: {hello: {handler: a.b, events: [http: GET users/list]}}\n"
    )
    assert "ApiGatewayRestApi" not in found.resources
    assert found.of("ApiGatewayResourceUsersList", "ParentId") == "parent"
    assert found.of("ApiGatewayMethodUsersListGet", "RestApiId") == "${@export.shared-api}"


@pytest.mark.parametrize(
    "known", ["{users: parent}", "{/users/list: parent}", "[{path: /users, resourceId: parent}]"]
)
def test_a_route_below_what_is_made_elsewhere_keeps_its_whole_path(known: str) -> None:
    found = read(
        "service: shop\n"
        "provider:\n"
        "  name: aws\n"
        f"  apiGateway: {{restApiId: shared, restApiRootResourceId: root, restApiResources: {known}}}\n"
        "functions: {hello: {handler: a.b, events: [http: GET users/list, http: GET usersAll]}}\n"
    )

    directory = Directory(found.resources.values(), {})
    routes = {operation.route for operation in every_operation(directory)}
    assert routes == {"GET /users/list", "GET /usersAll"}


HTTP = """\
service: shop
provider:
  name: aws
  logs: {httpApi: true}
  httpApi:
    payload: '1.0'
    cors: true
    authorizers:
      people:
        type: jwt
        identitySource: $request.header.Authorization
        issuerUrl: https://issuer.example
        audience: [shop]
      custom: {type: request, functionName: auth}
functions:
  auth: {handler: a.auth}
  hello:
    handler: a.b
    events:
      - httpApi: GET /a/{id}
      - httpApi: {path: /b, method: post, authorizer: people}
      - httpApi: {path: /c, method: '*', authorizer: {name: custom}}
      - httpApi: {path: /d, method: get, authorizer: {type: aws_iam}}
      - httpApi: '*'
"""


def test_http_routes_say_whom_they_let_in() -> None:
    found = read(HTTP)
    routes = {id: found.of(id) for id, t in found.types.items() if t == "AWS::ApiGatewayV2::Route"}
    assert {r["RouteKey"]: r.get("AuthorizationType") for r in routes.values()} == {
        "GET /a/{id}": None,
        "POST /b": "JWT",
        "ANY /c": "CUSTOM",
        "GET /d": "AWS_IAM",
        "$default": None,
    }
    assert set(routes) >= {"HttpApiRouteGetAIdVar", "HttpApiRoutePostB", "HttpApiRouteDefault"}
    assert found.of("HttpApiAuthorizerPeople", "JwtConfiguration") == {
        "Audience": ["shop"],
        "Issuer": "https://issuer.example",
    }
    assert found.of("HttpApiIntegrationHello", "PayloadFormatVersion") == "1.0"
    assert found.of("HttpApi", "CorsConfiguration")["AllowOrigins"] == ["*"]
    assert found.of("HttpApiStage", "AccessLogSettings.DestinationArn") == "${HttpApiLogGroup.Arn}"
    assert found.line("HttpApi", "CorsConfiguration.AllowOrigins") == "cors: true"
    assert found.line("HttpApiRoutePostB", "AuthorizationType").startswith("- httpApi: {path: /b")


def test_a_websocket_route_can_ask_a_function_who_calls() -> None:
    found = events(
        "websocket: {route: $connect, authorizer: auth}\n"
        "websocket: {route: send, routeResponseSelectionExpression: $default}"
    )
    connect = found.of("SconnectWebsocketsRoute")
    assert connect["AuthorizationType"] == "CUSTOM"
    assert connect["AuthorizerId"] == "${AuthWebsocketsAuthorizer.Ref}"
    assert "sendWebsocketsRouteResponse" in found.resources
    assert found.of("WebsocketsApi", "Name") == "dev-shop-websockets"
    assert found.statements()[-1]["Action"] == ["execute-api:ManageConnections"]


def test_a_route_that_cannot_be_told_is_said() -> None:
    found = events("http: GET\nhttpApi: nonsense")
    assert found.lost == [
        "which route GET is cannot be told",
        "which route nonsense is cannot be told",
    ]


def test_an_api_without_settings_stands_where_they_would_be_written() -> None:
    found = events("http: GET /a\nhttpApi: GET /b\nwebsocket: $connect")

    provider = "provider: {name: aws, runtime: nodejs22.x}"
    apis = (
        "ApiGatewayRestApi",
        "HttpApi",
        "HttpApiStage",
        "WebsocketsApi",
        "WebsocketsDeploymentStage",
    )
    assert {found.line(name) for name in apis} == {provider}
    assert found.line("ApiGatewayMethodAGet") == "- http: GET /a"
