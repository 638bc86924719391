from collections.abc import Callable
from textwrap import dedent, indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.derive.entrances.mapping_templates import Reader
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.integrations import integrations
from checkrein.model import App, Entry, Flow, Resource, Row, Taint

Scan = Callable[[dict[str, str]], App]

FUNCTION = """
Resources:
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/worker
      Code: {ZipFile: "def handler(event, context): return {}"}
"""
API = """
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Uri: !Sub "arn:aws:apigateway:r:lambda:path/f/${Work.Arn}/invocations"
"""


@pytest.mark.parametrize(
    ("integration", "handed"),
    [
        pytest.param("Type: AWS_PROXY", (True, False, "event.body"), id="proxy"),
        pytest.param("Type: AWS", (False, False, "event"), id="passthrough"),
        pytest.param(
            """
            Type: AWS
            RequestParameters:
              integration.request.header.X-Amz-Invocation-Type: "'Event'"
            RequestTemplates:
              application/json: '{"payload": $input.json("$"), "who": "$context.identity.sourceIp"}'
            """,
            (False, True, "event.payload"),
            id="asynchronous, with a template",
        ),
    ],
)
def test_what_a_function_gets(
    derived: Scan, integration: str, handed: tuple[bool, bool, str]
) -> None:
    text = FUNCTION + API + indent(dedent(integration), "        ")
    [found] = derived({"app.yaml": text}).every(Entry)
    assert (found.proxy, found.asynchronous, found.content) == handed


EVALUATING = FUNCTION.replace("return {}", "eval(event['run'])")
TYPES = """
Type: AWS
PassthroughBehavior: NEVER
RequestTemplates:
"""


@pytest.mark.parametrize(
    ("templates", "chosen"),
    [
        pytest.param('application/json: \'{"run": "clean"}\'', False, id="a constant"),
        pytest.param("application/json: '{}'", False, id="nothing"),
        pytest.param('application/json: \'{"run": "$context.requestId"}\'', False, id="made"),
        pytest.param(
            '{application/json: \'{"run": 1}\', text/plain: \'{"run": "$input.body"}\'}',
            True,
            id="a constant, but for another type of content",
        ),
        pytest.param(
            'application/json: \'{"run": "$context.identity.userAgent"}\'',
            True,
            id="what the caller says of itself",
        ),
        pytest.param(
            "application/json: |\n"
            "    #set($all = $input.params())\n"
            '    {#foreach($p in $all.keySet()) "$p": "$all.get($p)" #end}',
            True,
            id="all parameters",
        ),
    ],
)
def test_only_what_a_template_mentions_is_handed_on(
    derived: Scan, templates: str, *, chosen: bool
) -> None:
    how = TYPES + indent(templates, "  ")
    app = derived({"app.yaml": EVALUATING + API + indent(dedent(how), "        ")})
    assert bool([t for t in app.every(Taint) if t.who == "anyone"]) is chosen
    assert bool(app.every(Entry))


@pytest.mark.parametrize(("behaviour", "comes"), [("NEVER", False), ("WHEN_NO_MATCH", True)])
def test_types_of_content_that_no_template_is_for_may_pass(
    derived: Scan, behaviour: str, *, comes: bool
) -> None:
    how = TYPES.replace("NEVER", behaviour) + "  application/json: '{}'"
    app = derived({"app.yaml": EVALUATING + API + indent(dedent(how), "        ")})
    found = app.get(Row, "app/Work")
    assert found
    assert ("untrusted.any" in found.potential) is comes


def direct(app: App) -> list[tuple[str, str, str]]:
    """Return the flows that no function makes: from, to, and the sentence."""
    return [
        (f"{f.source.node} {f.source.path}", f"{f.target.node} {f.target.path}".strip(), said)
        for f in app.every(Flow)
        if "#" in f.via
        for said in [f.steps[0].text]
    ]


def test_a_method_puts_into_a_queue(derived: Scan) -> None:
    text = """
    Resources:
      Orders: {Type: AWS::SQS::Queue}
      Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
      Path:
        Type: AWS::ApiGateway::Resource
        Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}
      Post:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !Ref Path
          HttpMethod: POST
          Integration:
            Type: AWS
            Uri: !Sub "arn:aws:apigateway:${AWS::Region}:sqs:path/${AWS::AccountId}/${Orders.QueueName}"
            RequestTemplates: {application/json: "Action=SendMessage&MessageBody=$input.body"}
    """
    assert direct(derived({"app.yaml": text})) == [
        (
            "app/Api POST /orders body",
            "app/Orders",
            "POST /orders puts its body into Orders (sqs:SendMessage)",
        )
    ]


def test_methods_write_and_read_a_table_by_its_name(derived: Scan) -> None:
    text = """
    Resources:
      People: {Type: AWS::DynamoDB::Table, Properties: {TableName: people}}
      Api:
        Type: AWS::ApiGateway::RestApi
        Properties:
          Body:
            paths:
              /people:
                put:
                  x-amazon-apigateway-integration:
                    type: aws
                    uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/UpdateItem"
                    requestTemplates:
                      application/json: |
                        #set($in = $input.path('$'))
                        {"TableName": "people", "Key": {"id": {"S": "$context.requestId"}},
                         "UpdateExpression": "set #m = :m",
                         "ExpressionAttributeNames": {"#m": "email"},
                         "ExpressionAttributeValues": {":m": {"S": "$in.mail"}}}
                get:
                  x-amazon-apigateway-integration:
                    type: aws
                    uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/Scan"
                    requestTemplates: {application/json: '{"TableName": "people"}'}
                    responses:
                      default:
                        responseTemplates:
                          application/json: |
                            [#foreach($each in $input.path('$.Items')) {"m": "$each.email.S"} #end]
    """
    app = derived({"app.yaml": text})
    assert direct(app) == [
        (
            "app/Api PUT /people body.mail",
            "app/People email",
            "PUT /people puts body.mail into People (dynamodb:UpdateItem)",
        ),
        (
            "app/People email",
            "app/Api response[].m",
            "GET /people answers with email from People (dynamodb:Scan)",
        ),
    ]
    [table] = [row for row in app.every(Row) if row.id == "app/People"]
    assert table.coded == ("pii.email",)


@pytest.mark.parametrize(
    ("resource", "subtype", "parameters"),
    [
        ("AWS::SQS::Queue", "SQS-SendMessage", "{QueueUrl: !Ref To, MessageBody: $request.body}"),
        (
            "AWS::Events::EventBus",
            "EventBridge-PutEvents",
            "{EventBusName: !Ref To, Detail: $request.body, DetailType: a, Source: b}",
        ),
        (
            "AWS::Kinesis::Stream",
            "Kinesis-PutRecord",
            "{StreamName: !Ref To, Data: $request.body, PartitionKey: a}",
        ),
        (
            "AWS::StepFunctions::StateMachine",
            "StepFunctions-StartExecution",
            "{StateMachineArn: !Ref To, Input: $request.body}",
        ),
    ],
)
def test_first_class_integrations_of_http_apis(
    derived: Scan, resource: str, subtype: str, parameters: str
) -> None:
    text = f"""
    Resources:
      To: {{Type: {resource}}}
      Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP}}}}
      Call:
        Type: AWS::ApiGatewayV2::Integration
        Properties:
          ApiId: !Ref Api
          IntegrationType: AWS_PROXY
          IntegrationSubtype: {subtype}
          RequestParameters: {parameters}
      Post:
        Type: AWS::ApiGatewayV2::Route
        Properties: {{ApiId: !Ref Api, RouteKey: POST /in, Target: !Sub "integrations/${{Call}}"}}
    """
    [(source, target, _)] = direct(derived({"app.yaml": text}))
    assert (source, target) == ("app/Api POST /in body", "app/To")


def test_objects_of_a_bucket_pass_both_ways(derived: Scan) -> None:
    text = """
    Resources:
      Files: {Type: AWS::S3::Bucket}
      Api:
        Type: AWS::ApiGateway::RestApi
        Properties:
          Body:
            paths:
              /files/{name}:
                put:
                  x-amazon-apigateway-integration: &to
                    type: aws
                    httpMethod: PUT
                    uri: !Sub "arn:aws:apigateway:r:s3:path/${Files}/{key}"
                    requestParameters: {integration.request.path.key: method.request.path.name}
                get:
                  x-amazon-apigateway-integration: {<<: *to, httpMethod: GET}
    """
    found = direct(derived({"app.yaml": text}))
    assert sorted((source, target) for source, target, _ in found) == [
        ("app/Api PUT /files/{name} body", "app/Files"),
        ("app/Api PUT /files/{name} pathParameters.name", "app/Files"),
        ("app/Files ", "app/Api response"),
    ]


def test_a_sam_event_starts_a_state_machine(derived: Scan) -> None:
    text = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Book:
        Type: AWS::Serverless::StateMachine
        Properties:
          Definition: {StartAt: End, States: {End: {Type: Succeed}}}
          Events:
            Post: {Type: Api, Properties: {Path: /book, Method: post}}
    """
    [(source, target, said)] = direct(derived({"app.yaml": text}))
    assert (source, target) == ("app/ServerlessRestApi POST /book body", "app/Book")
    assert said == "POST /book puts its body into Book (stepfunctions:StartExecution)"


def test_integrations_say_who_may_call_them(derived: Scan) -> None:
    text = """
    Resources:
      News: {Type: AWS::SNS::Topic}
      Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
      Shape: {Type: AWS::ApiGateway::Model, Properties: {RestApiId: !Ref Api, Schema: {type: object}}}
      Check: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, ValidateRequestBody: true}}
      Post:
        Type: AWS::ApiGateway::Method
        Properties:
          RestApiId: !Ref Api
          ResourceId: !GetAtt Api.RootResourceId
          HttpMethod: POST
          AuthorizationType: AWS_IAM
          RequestValidatorId: !Ref Check
          RequestModels: {application/json: !Ref Shape}
          Integration:
            Type: AWS
            Uri: arn:aws:apigateway:us-east-1:sns:action/Publish
            RequestParameters:
              integration.request.querystring.TopicArn: !Sub "'${News}'"
              integration.request.querystring.Message: method.request.body.text
    """
    app = derived({"app.yaml": text})
    directory = Directory(app.every(Resource), {})
    [found] = integrations(directory)
    assert (found.route, found.identity, found.resource) == ("POST /", "iam", "app/News")
    assert (found.writes, found.reads, found.validated) == (True, False, True)


def test_a_caller_that_chooses_the_resource_is_seen(derived: Scan) -> None:
    text = """
    Resources:
      Api:
        Type: AWS::ApiGateway::RestApi
        Properties:
          Body:
            paths:
              /{stream}:
                post:
                  x-amazon-apigateway-integration:
                    type: aws
                    uri: arn:aws:apigateway:us-east-1:kinesis:action/PutRecord
                    requestTemplates:
                      application/json: |
                        ## $input.path('$.no') is only said
                        {"StreamName": "$input.params('stream')", "Data": "$input.json('$.d')"}
    """
    app = derived({"app.yaml": text})
    [found] = integrations(Directory(app.every(Resource), {}))
    assert (found.route, found.resource, found.writes, found.flows) == (
        "POST /{stream}",
        "",
        True,
        (),
    )


@given(
    st.lists(
        st.sampled_from(
            [
                "#set(",
                "$x",
                "$input.path('$.a')",
                "(",
                ")",
                "{",
                "}",
                '"',
                "'",
                "\\",
                ":",
                ",",
                "[",
                "]",
                "#foreach($e in $x)",
                "#end",
                "a=",
                "&",
                "${",
                ".b",
                "\ue000",
                " ",
                "##",
                "\n",
            ]
        )
    )
)
def test_any_template_is_read(parts: list[str]) -> None:
    for argument in Reader("POST /{id}").template("".join(parts)):
        assert isinstance(argument.path, str)


@pytest.mark.parametrize(
    ("integration", "moved"),
    [
        pytest.param(
            "{type: http_proxy, httpMethod: POST, uri: 'https://pay.example.com/charge'}",
            [("app/Api POST /pay body", "host:pay.example.com body"),
             ("host:pay.example.com response", "app/Api response")],
            id="as it comes",
        ),
        pytest.param(
            "{type: http, httpMethod: POST, uri: 'https://pay.example.com/charge',"
            " requestTemplates: {application/json: '{\"n\": $input.json(\"$.card\")}'}}",
            [("app/Api POST /pay body.card", "host:pay.example.com body.n"),
             ("host:pay.example.com response", "app/Api response")],
            id="with a template",
        ),
        pytest.param(
            "{type: http_proxy, httpMethod: POST, connectionType: VPC_LINK, uri: 'https://inside.example.com'}",
            [],
            id="inside a network",
        ),
    ],
)  # fmt: skip
def test_what_routes_hand_on_to_hosts(
    derived: Scan, integration: str, moved: list[tuple[str, str]]
) -> None:
    text = f"""
    Resources:
      Api:
        Type: AWS::ApiGateway::RestApi
        Properties:
          Body: {{paths: {{/pay: {{post: {{x-amazon-apigateway-integration: {integration}}}}}}}}}
    """
    assert [pair[:2] for pair in direct(derived({"app.yaml": text}))] == moved
