"""From a template and its code to the cells of the table."""

from collections.abc import Callable

from checkrein.model import Access, App, Call, Row

Scan = Callable[[dict[str, str]], App]

RIDES = """
    Resources:
      Rides: {Type: AWS::DynamoDB::Table, Properties: {TableName: Rides}}
      Site:
        Type: AWS::S3::Bucket
        Properties: {WebsiteConfiguration: {IndexDocument: index.html}}
      Riders: {Type: AWS::Cognito::UserPool}
      Api:
        Type: AWS::ApiGateway::RestApi
        Properties:
          Body:
            paths:
              /rides:
                post:
                  security: [{Riders: []}]
                  x-amazon-apigateway-integration: {type: aws_proxy, uri: !Sub "arn:aws:apigateway:r:lambda:path/f/${Request.Arn}/invocations"}
            securityDefinitions:
              Riders: {x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: [!GetAtt Riders.Arn]}}
      Role:
        Type: AWS::IAM::Role
        Properties:
          ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
          Policies:
            - PolicyName: rides
              PolicyDocument:
                Statement:
                  - {Effect: Allow, Action: [dynamodb:PutItem, dynamodb:Scan], Resource: !GetAtt Rides.Arn}
                  # more
      Request:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: !GetAtt Role.Arn
          Environment: {Variables: {TABLE: !Ref Rides}}
          Code:
            ZipFile: |
              import json, os, boto3
              table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
              def handler(event, context):
                  print(event)
                  body = json.loads(event["body"])
                  table.put_item(Item={"rideId": context.aws_request_id, "email": body["email"]})
                  return {"statusCode": 201}
"""
MORE = '- {Effect: Allow, Action: s3:PutObject, Resource: !Sub "arn:aws:s3:::${Site}/*"}'


def row(app: App, id: str) -> Row:
    found = app.get(Row, id)
    assert found is not None
    return found


def test_code_reaches_the_table_through_the_environment(derived: Scan) -> None:
    app = derived({"app.yaml": RIDES})

    assert [(c.service, c.operation, c.target) for c in app.every(Call)] == [
        ("dynamodb", "PutItem", "app/Rides")
    ]
    assert "pii.email" in row(app, "app/Rides").coded


def test_a_whole_event_in_a_log_brings_the_token(derived: Scan) -> None:
    logs = row(derived({"app.yaml": RIDES}), "app/Request@logs")

    assert {"cred.token", "pii.email", "pii.username"} <= set(logs.coded)
    assert set(logs.intended) & {"cred.token", "pii.email"} == set()


def test_potential_goes_beyond_what_code_does(derived: Scan) -> None:
    rides = row(derived({"app.yaml": RIDES}), "app/Rides")

    assert "cred.token" not in rides.coded
    assert {"cred.token", "untrusted.any"} <= set(rides.potential)
    assert rides.risk == 3


def test_one_statement_brings_personal_data_to_the_website(derived: Scan) -> None:
    today = row(derived({"app.yaml": RIDES}), "app/Site")
    tomorrow = row(derived({"app.yaml": RIDES.replace("# more", MORE)}), "app/Site")

    assert not any(data.startswith("pii") for data in today.potential)
    assert {"pii.email", "cred.token"} <= set(tomorrow.potential)
    reason = next(r for r in tomorrow.reasons if r.data == "pii.email")
    assert any("s3:PutObject" in step.text for step in reason.steps)


def test_every_potential_class_is_explained_by_places(derived: Scan) -> None:
    app = derived({"app.yaml": RIDES.replace("# more", MORE)})

    for each in app.every(Row):
        explained = {reason.data for reason in each.reasons if reason.steps}
        assert explained == set(each.potential) | set(each.coded), each.id


def test_rights_come_from_statements(derived: Scan) -> None:
    app = derived({"app.yaml": RIDES})
    rights = {(a.right, a.target, a.certain) for a in app.every(Access) if a.identity == "app/Role"}

    assert {("read", "app/Rides", True), ("write", "app/Rides", True)} <= rights
    assert not any(target == "app/Site" for _, target, _ in rights)


def test_what_a_deployment_sets_is_what_its_own_name_says(derived: Scan) -> None:
    template = """
    Parameters: {Project: {Type: String}, OfficeEmail: {Type: String}, Key: {Type: String}}
    Resources:
      Send:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Environment:
            Variables: {Costs: !Ref Project, Email: !Ref OfficeEmail, API_TOKEN: !Ref Key}
    """
    found = row(derived({"template.yaml": template}), "template/Send")

    assert found.coded == ("cred.token", "pii.email")
