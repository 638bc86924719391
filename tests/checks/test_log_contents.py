"""What a log is said to hold: content as it is by then, no more than the code takes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties:
      Schema: [{Name: address, AttributeDataType: String}]
      UsernameAttributes: [email]
  Jobs: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: jobs}}
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: ask.handler
      CodeUri: .
      Environment: {Variables: {QUEUE: !Ref Jobs, POOL: !Ref Users}}
      Events:
        Any: {Type: Api, Properties: {Path: /ask, Method: POST}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: work.handler
      CodeUri: .
      Environment: {Variables: {POOL: !Ref Users}}
      Events:
        Queue: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
"""
ASK = """import base64, boto3, json, os
def handler(event, context):
    token = event["headers"]["Authorization"]
    claims = json.loads(base64.b64decode(token.split(".")[1]))
    boto3.client("sqs").send_message(
        QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps({"who": claims["name"]})
    )
    boto3.resource("dynamodb").Table("jobs").put_item(Item={"id": "1", "api_token": event["body"]})
"""
WORK = """import boto3, json, os
pool = boto3.client("cognito-idp")
def handler(event, context):
    print(event)
    print(boto3.resource("dynamodb").Table("jobs").get_item(Key={"id": "1"}))
    for user in pool.list_users(UserPoolId=os.environ["POOL"])["Users"]:
        print(user["Username"])
        print(user["Attributes"])
"""


def test_a_claim_is_no_token_and_a_user_name_no_address(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "ask.py").write_text(ASK)
    (tmp_path / "work.py").write_text(WORK)
    found = [v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "data-in-logs"]
    assert {f.place.line: f.message for v in found for f in v.findings} == {
        5: "the log of Work receives API key or access token",
        8: "the log of Work receives postal address and e-mail address",
    }


PIECES = """Transform: AWS::Serverless-2016-10-31
Resources:
  Text:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async (event) => {
          const { phone_number } = JSON.parse(event.body);
          console.log('country', phone_number.substring(0, 2));
          console.log('without country', phone_number.substring(2, 12));
        };
      Events:
        Any: {Type: Api, Properties: {Path: /text, Method: POST}}
"""


def test_a_few_letters_of_a_number_are_not_the_number(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(PIECES)
    found = [v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "data-in-logs"]
    assert [f.place.line for v in found for f in v.findings] == [12]


@pytest.mark.parametrize(
    ("logged", "wanted"),
    [
        ("body['email']", "medium"),
        ("body['email'], body['price']", "medium"),
        ("body['email'], body['phone']", "high"),  # who it is, and how to get at them
        ("body['email'], body['userId']", "medium"),
    ],
)
def test_two_attributes_tell_who_somebody_is(tmp_path: Path, logged: str, wanted: str) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        "  Ask:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      Runtime: python3.14\n"
        "      Handler: index.handler\n"
        "      InlineCode: |\n"
        "        import json\n"
        "        def handler(event, context):\n"
        "            body = json.loads(event['body'])\n"
        f"            print({logged})\n"
        "      Events: {Ask: {Type: HttpApi, Properties: {Path: /ask, Method: post}}}\n"
    )
    found = [
        str(verdict.severity)
        for verdict in pipeline.scan((tmp_path,), lambda _: None).verdicts
        if verdict.check == "data-in-logs" and verdict.findings
    ]
    assert found == [wanted]


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        ("patient['id'], body['patientId'], body['status']", 0),
        ("patient['id'], patient['diagnosis']", 1),
        ("body['patientId'], body['mrn']", 1),  # a number that a hospital knows somebody by
    ],
)
def test_the_id_of_a_record_is_not_the_record(tmp_path: Path, logged: str, told: int) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources:\n"
        "  Patients: {Type: AWS::DynamoDB::Table, Properties: {TableName: patients}}\n"
        "  Ask:\n"
        "    Type: AWS::Serverless::Function\n"
        "    Properties:\n"
        "      Runtime: python3.14\n"
        "      Handler: index.handler\n"
        "      InlineCode: |\n"
        "        import boto3, json\n"
        "        patients = boto3.resource('dynamodb').Table('patients')\n"
        "        def handler(event, context):\n"
        "            body = json.loads(event['body'])\n"
        "            patients.put_item(Item={'id': body['id'], 'diagnosis': body['diagnosis']})\n"
        "            patient = patients.get_item(Key={'id': body['patientId']})['Item']\n"
        f"            print({logged})\n"
        "      Events: {Ask: {Type: HttpApi, Properties: {Path: /ask, Method: post}}}\n"
    )
    found = [
        verdict
        for verdict in pipeline.scan((tmp_path,), lambda _: None).verdicts
        if verdict.check == "data-in-logs" and verdict.findings
    ]
    assert len(found) == told


MASKS = """Transform: AWS::Serverless-2016-10-31
Resources:
  Text:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: %s
      Handler: index.handler
      InlineCode: |
        %s
      Events:
        Any: {Type: Api, Properties: {Path: /text, Method: POST}}
"""
NODE = "exports.handler = async (e) => { const card = JSON.parse(e.body).creditCard; const m = '*'.repeat(card.length - 6); console.log(%s); };"
PYTHON = "import json; handler = lambda e, c: (lambda card: print(%s))(json.loads(e['body'])['creditCard'])"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (NODE % "card.slice(0, 2) + m + card.slice(-4)", 0),
        (NODE % "`card ${m}${card.slice(-4)}`", 0),
        (NODE % "card.slice(0, 2) + m + card", 1),
        (NODE % "card.slice(2) + m", 1),  # all but two letters
        (NODE % "card.slice(0, 2) + card.slice(2, 6) + card.slice(-4)", 1),
        (NODE % "m + card", 1),
        (NODE % "m + card.substring(2, 6) + card.substr(-4)", 0),
        (NODE % "m + card.substring(-4)", 1),  # which is all of it
        (NODE % "m + card.substr(6, 10)", 1),
        (NODE % "'number ' + card.slice(0, 6)", 1),  # nothing is hidden
        (NODE % "card.substring(0, 8) + '...'", 0),
        (NODE % "`card ${card.slice(0, 6)}…`", 0),
        (NODE % "card.substring(0, 12) + '...'", 1),
        (NODE % "card + '...'", 1),
        (PYTHON % "'*' * 12 + card[-4:]", 0),
        (PYTHON % "f'{card[:2]}****{card[-2:]}'", 0),
        (PYTHON % "'*' * 12 + card[4:]", 1),
    ],
)
def test_what_a_mask_leaves_is_not_what_it_hides(tmp_path: Path, line: str, told: int) -> None:
    runtime = "python3.14" if line.startswith("import") else "nodejs24.x"
    (tmp_path / "template.yaml").write_text(MASKS % (runtime, line))
    found = [v for v in pipeline.scan((tmp_path,), lambda _: None).verdicts if v.findings]
    assert len([v for v in found if v.check == "data-in-logs"]) == told
