"""What rules of IoT and of mail, streams and filters hand over, as it comes."""

from collections.abc import Callable

import pytest

from checkrein.checks.exposure import Exposure, exposure
from checkrein.model import App, Flow, Taint

Scan = Callable[[dict[str, str]], App]

SCENE = """
Resources:
  Files: {Type: AWS::S3::Bucket}
  Items: {Type: AWS::DynamoDB::Table}
  Mail: {Type: AWS::SQS::Queue}
  Domain: {Type: AWS::OpenSearchService::Domain}
  Log: {Type: AWS::Logs::LogGroup}
  Stream: {Type: AWS::Kinesis::Stream}
"""


@pytest.mark.parametrize(
    ("resource", "moved"),
    [
        pytest.param(
            "{Type: AWS::IoT::TopicRule, Properties: {TopicRulePayload: {Sql: \"SELECT * FROM 'a'\","
            " Actions: [{S3: {BucketName: !Ref Files}}, {DynamoDBv2: {PutItem: {TableName: !Ref Items}}},"
            " {Sqs: {QueueUrl: !Ref Mail}}]}}}",
            [("app/It", "app/Files"), ("app/It", "app/Items"), ("app/It", "app/Mail")],
            id="a rule of IoT",
        ),
        pytest.param(
            "{Type: AWS::SES::ReceiptRule, Properties: {Rule: {Actions: [{S3Action: {BucketName: !Ref Files}}]}}}",
            [("app/It", "app/Files")],
            id="mail",
        ),
        pytest.param(
            "{Type: AWS::KinesisFirehose::DeliveryStream, Properties:"
            " {AmazonopensearchserviceDestinationConfiguration: {DomainARN: !GetAtt Domain.Arn}}}",
            [("app/It", "app/Domain")],
            id="a search domain",
        ),
        pytest.param(
            "{Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: !Ref Log, DestinationArn: !GetAtt Stream.Arn}}",
            [("app/Log", "app/Stream")],
            id="a log",
        ),
    ],
)  # fmt: skip
def test_what_is_handed_over(derived: Scan, resource: str, moved: list[tuple[str, str]]) -> None:
    app = derived({"app.yaml": f"{SCENE}  It: {resource}\n"})
    found = {(f.source.node, f.target.node) for f in app.every(Flow) if f.via == "app/It"}
    assert found == set(moved)


STARTING = """
    Resources:
      Api:
        Type: AWS::ApiGateway::RestApi
        Properties:
          Body:
            paths:
              /order:
                post:
                  x-amazon-apigateway-integration:
                    type: aws
                    uri: arn:aws:apigateway:us-east-1:states:action/StartExecution
                    requestTemplates:
                      application/json: !Sub '{"stateMachineArn": "${Flow}", "input": "$util.escapeJavaScript($input.json(''$''))"}'
      Flow:
        Type: AWS::StepFunctions::StateMachine
        Properties: {Definition: {StartAt: One, States: {One: {Type: Task, Resource: !GetAtt Work.Arn, End: true}}}}
      Work:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/worker
          Code: {ZipFile: "import os\\ndef handler(event, context): os.system(event['name'])"}
"""


def test_callers_of_a_route_choose_what_its_machine_hands_on(derived: Scan) -> None:
    [taint] = [
        each for each in derived({"app.yaml": STARTING}).every(Taint) if each.argument == "command"
    ]
    assert (taint.who, taint.enters, taint.field.path) == (
        "anyone",
        "app/Api",
        "POST /order body.name",
    )


FIELD = """
    Resources:
      Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: a, AuthenticationType: AWS_IAM}}
      Source: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: N, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Work.Arn}}}
      Add:
        Type: AWS::AppSync::Resolver
        Properties:
          ApiId: !GetAtt Api.ApiId
          TypeName: Query
          FieldName: run
          DataSourceName: !GetAtt Source.Name
          RequestMappingTemplate: '{"operation": "Invoke", "payload": {"name": $util.toJson($ctx.args.what), "who": "$ctx.identity.sub"}}'
      Work:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/worker
          Code: {ZipFile: "import os\\ndef handler(event, context): os.system(event['name'])"}
"""


def test_callers_of_a_field_choose_its_arguments(derived: Scan) -> None:
    [taint] = [
        each for each in derived({"app.yaml": FIELD}).every(Taint) if each.argument == "command"
    ]
    assert taint.who == "whoever may call it by IAM"


TWO_FIELDS = """
    Resources:
      Pool: {Type: AWS::Cognito::UserPool}
      Api:
        Type: AWS::AppSync::GraphQLApi
        Properties:
          Name: a
          AuthenticationType: API_KEY
          AdditionalAuthenticationProviders: [{AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: !Ref Pool}}]
      Schema: {Type: AWS::AppSync::GraphQLSchema, Properties: {ApiId: !GetAtt Api.ApiId, Definition: "type Mutation { one(it: String): String two(it: String): String @aws_cognito_user_pools }"}}
"""
BEHIND_FIELD = """
      {field}Work: {{Type: AWS::Lambda::Function, Properties: {{Runtime: python3.13, Handler: index.handler, Role: "arn:aws:iam::111122223333:role/worker", Code: {{ZipFile: "import os\\ndef handler(event, context): os.system(event['it'])"}}}}}}
      {field}Source: {{Type: AWS::AppSync::DataSource, Properties: {{ApiId: !GetAtt Api.ApiId, Name: {field}, Type: AWS_LAMBDA, LambdaConfig: {{LambdaFunctionArn: !GetAtt {field}Work.Arn}}}}}}
      {field}Field: {{Type: AWS::AppSync::Resolver, Properties: {{ApiId: !GetAtt Api.ApiId, TypeName: Mutation, FieldName: {field}, DataSourceName: !GetAtt {field}Source.Name, RequestMappingTemplate: '{{"operation": "Invoke", "payload": {{"it": $util.toJson($ctx.args.it)}}}}'}}}}
"""


def test_callers_of_one_field_do_not_come_by_another(derived: Scan) -> None:
    fields = "".join(BEHIND_FIELD.format(field=field) for field in ("one", "two"))
    app = derived({"app.yaml": TWO_FIELDS + fields})
    reach = {name: exposure(app, f"app/{name}Work") for name in ("one", "two")}
    assert reach == {"one": Exposure.ANYONE, "two": Exposure.AUTHENTICATED}
