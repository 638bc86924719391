from collections.abc import Callable

import pytest

from checkrein.model import App, Element, Entry

Scan = Callable[[dict[str, str]], App]

FUNCTION = """
      Work:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/worker
          Code: {ZipFile: "def handler(event, context): return {}"}
"""


def template(resources: str) -> str:
    return f"    Resources:\n{FUNCTION}{resources}"


def ways_in(app: App) -> list[tuple[str, str, str, str]]:
    return [(e.kind, e.identity, e.source, e.route) for e in app.every(Entry)]


def test_an_openapi_body_with_a_pool(derived: Scan) -> None:
    text = """
      Pool: {Type: AWS::Cognito::UserPool}
      Api:
        Type: AWS::ApiGateway::RestApi
        Properties:
          Body:
            paths:
              /rides:
                get:
                  x-amazon-apigateway-integration:
                    type: aws_proxy
                    uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/x/functions/${Work.Arn}/invocations"
                post:
                  security: [{Riders: []}]
                  x-amazon-apigateway-integration:
                    type: aws_proxy
                    uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/x/functions/${Work.Arn}/invocations"
            securityDefinitions:
              Riders:
                type: apiKey
                x-amazon-apigateway-authorizer:
                  type: cognito_user_pools
                  providerARNs: [!GetAtt Pool.Arn]
    """
    assert ways_in(derived({"app.yaml": template(text)})) == [
        ("http", "@anyone", "app/Api", "GET /rides"),
        ("http", "app/Pool", "app/Api", "POST /rides"),
    ]


def test_methods_know_their_path_and_authorizer(derived: Scan) -> None:
    text = """
      Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
      Rides:
        Type: AWS::ApiGateway::Resource
        Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: rides}
      One:
        Type: AWS::ApiGateway::Resource
        Properties: {RestApiId: !Ref Api, ParentId: !Ref Rides, PathPart: "{id}"}
      Get:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !Ref One
          HttpMethod: GET
          AuthorizationType: AWS_IAM
          Integration: {Type: AWS_PROXY, Uri: !Sub "arn:aws:apigateway:r:lambda:path/f/${Work.Arn}/invocations"}
    """
    assert ways_in(derived({"app.yaml": template(text)})) == [
        ("http", "iam", "app/Api", "GET /rides/{id}")
    ]


def test_websocket_routes_are_guarded_by_connect(derived: Scan) -> None:
    text = """
      Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
      Wire:
        Type: AWS::ApiGatewayV2::Integration
        Properties: {ApiId: !Ref Chat, IntegrationUri: !Sub "arn:aws:apigateway:r:lambda:path/f/${Work.Arn}/invocations"}
      Connect:
        Type: AWS::ApiGatewayV2::Route
        Properties: {ApiId: !Ref Chat, RouteKey: $connect, AuthorizationType: AWS_IAM, Target: !Sub "integrations/${Wire}"}
      Send:
        Type: AWS::ApiGatewayV2::Route
        Properties: {ApiId: !Ref Chat, RouteKey: send, AuthorizationType: NONE, Target: !Sub "integrations/${Wire}"}
      May:
        Type: AWS::Lambda::Permission
        Properties: {FunctionName: !Ref Work, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com}
    """
    assert ways_in(derived({"app.yaml": template(text)})) == [
        ("websocket", "iam", "app/Chat", "$connect"),
        ("websocket", "iam", "app/Chat", "send"),
    ]


@pytest.mark.parametrize(
    ("text", "way"),
    [
        pytest.param(
            """
      Jobs: {Type: AWS::SQS::Queue}
      Poll: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Work}}
            """,
            ("queue", "sqs.amazonaws.com", "app/Jobs", ""),
            id="queue",
        ),
        pytest.param(
            """
      Drop:
        Type: AWS::S3::Bucket
        Properties:
          NotificationConfiguration:
            LambdaConfigurations:
              - {Event: "s3:ObjectCreated:*", Function: !GetAtt Work.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}}
            """,
            ("bucket", "s3.amazonaws.com", "app/Drop", "s3:ObjectCreated:* in/*"),
            id="bucket",
        ),
        pytest.param(
            """
      News: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt Work.Arn}]}}
            """,
            ("topic", "sns.amazonaws.com", "app/News", ""),
            id="topic",
        ),
        pytest.param(
            """
      Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !GetAtt Work.Arn}]}}
            """,
            ("schedule", "events.amazonaws.com", "app/Nightly", ""),
            id="schedule",
        ),
        pytest.param(
            """
      Setup: {Type: Custom::Setup, Properties: {ServiceToken: !GetAtt Work.Arn}}
            """,
            ("custom-resource", "cloudformation.amazonaws.com", "app/Setup", ""),
            id="custom resource",
        ),
        pytest.param(
            """
      Door: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Work, AuthType: NONE}}
            """,
            ("url", "@anyone", "app/Door", ""),
            id="url",
        ),
        pytest.param(
            """
      Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Work.Arn}}}
            """,
            ("trigger", "cognito-idp.amazonaws.com", "app/Pool", "PreSignUp"),
            id="pool trigger",
        ),
        pytest.param(
            """
      Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: !Sub '{"Resource": "${Work.Arn}"}'}}
            """,
            ("direct", "states.amazonaws.com", "app/Flow", ""),
            id="state machine",
        ),
    ],
)
def test_triggers(derived: Scan, text: str, way: tuple[str, str, str, str]) -> None:
    assert ways_in(derived({"app.yaml": template(text)})) == [way]


def test_only_connecting_brings_a_token(derived: Scan) -> None:
    text = """
      Asked: {Type: AWS::Lambda::Function, Properties: {Runtime: java21, Handler: a.B, Role: arn:aws:iam::111122223333:role/a, Code: {S3Bucket: b, S3Key: k}}}
      Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
      Guard:
        Type: AWS::ApiGatewayV2::Authorizer
        Properties: {ApiId: !Ref Chat, AuthorizerType: REQUEST, AuthorizerUri: !Sub "arn:aws:apigateway:r:lambda:path/f/${Asked.Arn}/invocations"}
      Wire:
        Type: AWS::ApiGatewayV2::Integration
        Properties: {ApiId: !Ref Chat, IntegrationUri: !Sub "arn:aws:apigateway:r:lambda:path/f/${Work.Arn}/invocations"}
      Route:
        Type: AWS::ApiGatewayV2::Route
        Properties: {ApiId: !Ref Chat, RouteKey: KEY, AuthorizationType: CUSTOM, AuthorizerId: !Ref Guard, Target: !Sub "integrations/${Wire}"}
    """
    tokens = [
        any(e.slot.node == "app/Work" and e.data == "cred.token" for e in app.every(Element))
        for app in (
            derived({"app.yaml": template(text).replace("KEY", key)})
            for key in ("$connect", "send")
        )
    ]

    assert tokens == [True, False]


GUARDED = """
      Pool: {Type: AWS::Cognito::UserPool}
      Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: notes}}
      Guard:
        Type: AWS::ApiGateway::Authorizer
        Properties: {RestApiId: !Ref Api, Type: COGNITO_USER_POOLS, ProviderARNs: [!GetAtt Pool.Arn]}
      Get:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !GetAtt Api.RootResourceId
          HttpMethod: GET
          AuthorizationType: %s
          AuthorizerId: !Ref Guard
          Integration:
            Type: AWS_PROXY
            IntegrationHttpMethod: POST
            Uri: !Sub "arn:aws:apigateway:r:lambda:path/f/${Work.Arn}/invocations"
    Parameters: {Stage: {Type: String}}
    Conditions: {Live: !Equals [!Ref Stage, live]}
"""


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("COGNITO_USER_POOLS", "app/Pool"),
        ("COGNITO", "app/Pool"),  # misspelt
        ("[COGNITO]", "app/Pool"),
        ("NONE", "@anyone"),
        ("!If [Live, COGNITO_USER_POOLS, NONE]", "@anyone"),
        ("!If [Live, COGNITO_USER_POOLS, !Ref AWS::NoValue]", "@anyone"),
    ],
)
def test_a_method_with_an_authorizer_is_open_where_it_says_so(
    derived: Scan, kind: str, who: str
) -> None:
    found = ways_in(derived({"app.yaml": template(GUARDED % kind)}))
    assert [identity for _, identity, *_ in found] == [who]


BALANCED = """
      Pool: {Type: AWS::Cognito::UserPool}
      Group:
        Type: AWS::ElasticLoadBalancingV2::TargetGroup
        Properties: {TargetType: lambda, Targets: [{Id: !GetAtt Work.Arn}]}
      Listener:
        Type: AWS::ElasticLoadBalancingV2::Listener
        Properties:
          LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/front/1
          DefaultActions: [%s{Type: forward, TargetGroupArn: !Ref Group}]
      Rule:
        Type: AWS::ElasticLoadBalancingV2::ListenerRule
        Properties:
          ListenerArn: !Ref Listener
          Priority: 1
          Conditions: [{Field: path-pattern, Values: [/admin]}]
          Actions: [%s{Type: forward, TargetGroupArn: !Ref Group}]
"""
ASKS = (
    "{Type: authenticate-cognito, AuthenticateCognitoConfig: {UserPoolArn: !GetAtt Pool.Arn%s}}, "
)


@pytest.mark.parametrize(
    ("listener", "rule", "who"),
    [
        (ASKS % "", ASKS % "", "app/Pool"),
        (ASKS % "", "", "@anyone"),
        ("", "", "@anyone"),
        (ASKS % ", OnUnauthenticatedRequest: allow", ASKS % "", "@anyone"),
    ],
)
def test_a_load_balancer_may_ask_who_calls(
    derived: Scan, listener: str, rule: str, who: str
) -> None:
    found = derived({"app.yaml": template(BALANCED % (listener, rule))})
    assert ways_in(found) == [("http", who, "app/Group", "")]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("route.request.header.Authorization", True),
        ("route.request.querystring.ticket", True),
        ("route.request.querystring.userToken", True),
        ("route.request.header.X-Forwarded-Proto", False),
        ("method.request.querystring.username", False),
        ("route.request.header.x-tenant-id", False),
    ],
)
def test_an_authorizer_gets_a_token_if_it_asks_for_one(
    derived: Scan, source: str, *, shown: bool
) -> None:
    text = f"""
      Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: chat, ProtocolType: WEBSOCKET}}}}
      Guard:
        Type: AWS::ApiGatewayV2::Authorizer
        Properties:
          Name: guard
          ApiId: !Ref Api
          AuthorizerType: REQUEST
          AuthorizerUri: !Sub "arn:aws:apigateway:${{AWS::Region}}:lambda:path/x/functions/${{Work.Arn}}/invocations"
          IdentitySource: [{source}]
    """
    elements = derived({"app.yaml": template(text)}).every(Element)
    assert any(each.data == "cred.token" for each in elements) == shown


CERTIFIED = """
      Api:
        Type: AWS::ApiGatewayV2::Api
        Properties: {{Name: shop, ProtocolType: HTTP, DisableExecuteApiEndpoint: {closed}}}
      Route:
        Type: AWS::ApiGatewayV2::Route
        Properties: {{ApiId: !Ref Api, RouteKey: GET /, Target: !Sub "integrations/${{Wire}}"}}
      Wire:
        Type: AWS::ApiGatewayV2::Integration
        Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Work.Arn}}
      Asking:
        Type: AWS::ApiGatewayV2::DomainName
        Properties:
          DomainName: api.example.org
          MutualTlsAuthentication: {{TruststoreUri: "s3://trust/store.pem"}}
      Plain:
        Type: AWS::ApiGatewayV2::DomainName
        Properties: {{DomainName: open.example.org}}
"""
MAPPED = """
      To{domain}:
        Type: AWS::ApiGatewayV2::ApiMapping
        Properties: {{ApiId: !Ref Api, DomainName: !Ref {domain}, Stage: prod}}
"""


@pytest.mark.parametrize(
    ("closed", "domains", "identity"),
    [
        ("true", ("Asking",), "template/Asking"),
        ("false", ("Asking",), "@anyone"),
        ("true", ("Asking", "Plain"), "@anyone"),
        ("true", (), "@anyone"),
    ],
)
def test_a_certificate_lets_in_where_there_is_no_other_way(
    closed: str, domains: tuple[str, ...], identity: str, derived: Scan
) -> None:
    mapped = "".join(MAPPED.format(domain=each) for each in domains)
    app = derived({"template.yaml": template(CERTIFIED.format(closed=closed) + mapped)})
    assert [each[1] for each in ways_in(app)] == [identity]


OWN_PERMISSIONS = """
      Other:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/worker
          Code: {ZipFile: "def handler(event, context): return {}"}
      Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: api}}
      Get:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !GetAtt Api.RootResourceId
          HttpMethod: GET
          AuthorizationType: NONE
          Integration:
            Type: AWS_PROXY
            ROLE
            Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/x/functions/${Work.Arn}/invocations"
      May:
        Type: AWS::Lambda::Permission
        Properties:
          Action: lambda:InvokeFunction
          FunctionName: WHOSE
          Principal: PRINCIPAL
"""


@pytest.mark.parametrize(
    ("whose", "principal", "role", "ways"),
    [
        ("!Ref Other", "apigateway.amazonaws.com", "", 0),
        ("!Ref Work", "apigateway.amazonaws.com", "", 1),
        ("!ImportValue Worker", "apigateway.amazonaws.com", "", 1),  # whose it is is not known
        ("!Ref Other", "s3.amazonaws.com", "", 1),  # permissions for the API are elsewhere
        ("!Ref Other", "apigateway.amazonaws.com", "Credentials: arn:aws:iam::1:role/a", 1),
    ],
)
def test_an_api_that_was_permitted_others_only_gets_into_no_function(
    derived: Scan, whose: str, principal: str, role: str, ways: int
) -> None:
    text = OWN_PERMISSIONS.replace("WHOSE", whose).replace("PRINCIPAL", principal)
    app = derived({"app.yaml": template(text.replace("ROLE", role))})
    found = [e for e in app.every(Entry) if e.function == "app/Work" and e.route]
    assert len(found) == ways


def test_a_permission_that_does_not_say_whose_it_is_may_be_for_any(derived: Scan) -> None:
    text = OWN_PERMISSIONS.replace("ROLE", "").replace("PRINCIPAL", "apigateway.amazonaws.com")
    permission = text[text.index("      May:") :].replace("May:", "Might:")
    text = text.replace("WHOSE", "!Ref Other") + permission.replace("WHOSE", "!ImportValue Worker")

    app = derived({"app.yaml": template(text)})

    assert [e for e in app.every(Entry) if e.function == "app/Work" and e.route]
