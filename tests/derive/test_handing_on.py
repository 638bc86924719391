"""Content that passes through several hands: through the app's own API, and unnamed."""

from collections.abc import Callable

from checkrein.model import Access, App, Row

Scan = Callable[[dict[str, str]], App]

CHECKOUT = """
    Resources:
      Api:
        Type: AWS::ApiGateway::RestApi
        Properties:
          Body:
            paths:
              /payment:
                post:
                  x-amazon-apigateway-integration: {type: aws_proxy, uri: !Sub "arn:aws:apigateway:r:lambda:path/f/${Pay.Arn}/invocations"}
      Pay:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/pay
          Code:
            ZipFile: |
              import json
              def handler(event, context):
                  return {"ok": check(json.loads(event["body"])["cardNumber"])}
      Order:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/order
          Environment: {Variables: {URL: !Sub "https://${Api}.execute-api.eu-west-1.amazonaws.com/prod/payment"}}
          Code:
            ZipFile: |
              import os, requests
              def handler(event, context):
                  print(event)
                  return requests.post(os.environ["URL"], json=event["order"]).json()
"""


def row(app: App, id: str) -> Row:
    found = app.get(Row, id)
    assert found is not None
    return found


def test_the_apps_own_api_is_no_third_party(derived: Scan) -> None:
    app = derived({"app.yaml": CHECKOUT})

    assert not [r.id for r in app.every(Row) if r.service == "Third party"]


def test_a_function_that_hands_on_a_whole_handles_what_its_receiver_names(derived: Scan) -> None:
    app = derived({"app.yaml": CHECKOUT})

    assert "pay.pan" in row(app, "app/Order").coded
    assert "pay.pan" in row(app, "app/Order@logs").coded


def test_guests_of_an_identity_pool_write_what_they_like(derived: Scan) -> None:
    text = """
        Resources:
          Photos: {Type: AWS::S3::Bucket}
          Guests: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: true}}
          Guest:
            Type: AWS::IAM::Role
            Properties:
              Policies: [{PolicyDocument: {Statement: {Effect: Allow, Action: s3:PutObject, Resource: !Sub "${Photos.Arn}/*"}}}]
          Joined:
            Type: AWS::Cognito::IdentityPoolRoleAttachment
            Properties: {IdentityPoolId: !Ref Guests, Roles: {unauthenticated: !GetAtt Guest.Arn}}
    """
    assert row(derived({"app.yaml": text}), "app/Photos").potential == ("untrusted.any",)


def test_a_foreign_account_writes_what_it_likes(derived: Scan) -> None:
    text = """
        Resources:
          Inbox: {Type: AWS::SQS::Queue}
          Open:
            Type: AWS::SQS::QueuePolicy
            Properties:
              Queues: [!Ref Inbox]
              PolicyDocument:
                Statement: {Effect: Allow, Principal: {AWS: "111122223333"}, Action: sqs:SendMessage, Resource: !GetAtt Inbox.Arn}
    """
    app = derived({"app.yaml": text})

    assert row(app, "app/Inbox").potential == ("untrusted.any",)
    assert [(a.identity, a.right) for a in app.every(Access)] == [("account:111122223333", "write")]


def test_a_state_machine_acts_with_its_own_role(derived: Scan) -> None:
    text = """
        Resources:
          People: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: email, KeyType: HASH}]}}
          Copy: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              Policies:
                - PolicyDocument:
                    Statement:
                      - {Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt People.Arn}
                      - {Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Copy.Arn}
          Machine:
            Type: AWS::StepFunctions::StateMachine
            Properties: {RoleArn: !GetAtt Role.Arn, DefinitionString: "{}"}
    """
    assert "pii.email" in row(derived({"app.yaml": text}), "app/Copy").potential


def test_passwords_that_code_sets_come_back_to_nobody(derived: Scan) -> None:
    text = """
        Resources:
          Pool: {Type: AWS::Cognito::UserPool}
          Role:
            Type: AWS::IAM::Role
            Properties:
              Policies: [{PolicyDocument: {Statement: {Effect: Allow, Action: "cognito-idp:Admin*", Resource: !GetAtt Pool.Arn}}}]
          Reader:
            Type: AWS::Lambda::Function
            Properties: {Runtime: java21, Handler: a.B, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: k}}
          Setter:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: python3.13
              Handler: index.handler
              Role: arn:aws:iam::111122223333:role/setter
              Environment: {Variables: {POOL: !Ref Pool}}
              Code:
                ZipFile: |
                  import boto3, os
                  def handler(event, context):
                      boto3.client("cognito-idp").admin_set_user_password(UserPoolId=os.environ["POOL"], Username=event["u"], Password=event["p"])
    """
    app = derived({"app.yaml": text})

    assert "cred.password" in row(app, "app/Pool").coded
    assert "cred.password" not in row(app, "app/Reader").potential


def test_a_topic_that_sends_mail_brings_its_content_to_people(derived: Scan) -> None:
    text = """
        Resources:
          News:
            Type: AWS::SNS::Topic
            Properties: {Subscription: [{Protocol: email, Endpoint: team@example.com}]}
          Work:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: python3.13
              Handler: index.handler
              Role: arn:aws:iam::111122223333:role/work
              Environment: {Variables: {TOPIC: !Ref News}}
              Code:
                ZipFile: |
                  import boto3, json, os
                  def handler(event, context):
                      boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message=json.dumps({"phone": event["p"]}))
    """
    assert row(derived({"app.yaml": text}), "app@recipients").coded == ("pii.phone",)
