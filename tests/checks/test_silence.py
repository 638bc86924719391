"""What must not be called a fault: rights in use without a call of their name, and their like."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Outcome

TEMPLATE = """Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{{AttributeName: email, KeyType: HASH}}]
      AttributeDefinitions: [{{AttributeName: email, AttributeType: S}}]
  Failed: {{Type: AWS::SQS::Queue}}
  Key: {{Type: AWS::SecretsManager::Secret, Properties: {{Name: key}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      Policies:
        - PolicyName: needs
          PolicyDocument:
            Statement: [{{Effect: Allow, Action: [{actions}], Resource: "*"}}]
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
{more}      Code:
        ZipFile: |
          {imports}
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              {code}
"""
READ = 'return table.get_item(Key={"email": event["email"]})'
WRITE = 'table.put_item(Item={"email": event["email"]})'
LETTERS = "      DeadLetterConfig: {TargetArn: !GetAtt Failed.Arn}\n"
MOUNT = """      FileSystemConfigs:
        - {Arn: "arn:aws:s3files:eu-west-1:1:file-system/f/access-point/a", LocalMountPath: /mnt/a}
"""
PUT = 'boto3.client("s3").put_object(Bucket="pages", Key="a", Body="b", ACL="public-read")'
UPLOAD = 'boto3.client("s3").upload_file("/tmp/a", "pages", "a", {"ACL": "public-read"})'
COPY = 'boto3.client("s3").copy_object(CopySource="a/b", Bucket="pages", Key="b")'
TAGGED = 'boto3.client("sqs").create_queue(QueueName="q", tags={"by": "me"})'
QUERY = 'boto3.client("athena").start_query_execution(QueryString=event["sql"])'
FILM = (
    'boto3.client("bedrock-runtime").start_async_invoke(modelId="m", modelInput={}, '
    'outputDataConfig={"s3OutputDataConfig": {"s3Uri": "s3://films/a"}})'
)
SQL = 'boto3.client("rds-data").execute_statement(resourceArn="c", secretArn="s", sql="SELECT 1")'
TEXT = 'boto3.client("sns").publish(PhoneNumber=event["phone"], Message="hello")'
PASSED = 'boto3.client("s3").put_object(**event["request"])'
CHOSEN = 'return getattr(boto3.client("sqs"), event["do"])()'
ANY_SERVICE = 'return boto3.client(event["service"]).describe()'
UNKNOWN = 'return find(event).purge_queue(QueueUrl="q")'
RETIRED = 'return boto3.client("sqs").start_dance()'
EXTENSION = (
    'return urllib.request.urlopen("http://localhost:2773/secretsmanager/get?secretId=key").read()'
)


def privileges(
    folder: Path, actions: str, code: str, *, more: str = "", imports: str = ""
) -> set[str]:
    """Return the checks of privilege that find something."""
    text = TEMPLATE.format(actions=actions, code=code, more=more, imports=imports)
    (folder / "template.yaml").write_text(text)
    found = pipeline.scan((folder,)).verdicts
    assert not [verdict for verdict in found if verdict.outcome is Outcome.CRASHED]
    names = {"unused-permission", "power-beyond-use"}
    return {v.check for v in found if v.outcome is Outcome.FAIL} & names


def test_the_alarm_itself_works(tmp_path: Path) -> None:
    actions = "dynamodb:GetItem, dynamodb:DeleteItem, events:PutEvents"

    assert privileges(tmp_path, actions, READ) == {"unused-permission", "power-beyond-use"}


@pytest.mark.parametrize(
    ("actions", "code", "more", "imports"),
    [
        pytest.param("dynamodb:GetItem, sqs:SendMessage", READ, LETTERS, "", id="dead-letters"),
        pytest.param("dynamodb:GetItem, kms:Decrypt", READ, "", "", id="encryption"),
        pytest.param("dynamodb:GetItem, xray:PutTraceSegments", READ, "", "", id="traces"),
        pytest.param("dynamodb:GetItem, rds-db:connect", READ, "", "", id="another-protocol"),
        pytest.param("dynamodb:PutItem, dynamodb:BatchWriteItem", WRITE, "", "", id="batch"),
        pytest.param(
            "secretsmanager:GetSecretValue", EXTENSION, "", "import urllib", id="extension"
        ),
        pytest.param(
            "dynamodb:GetItem, dynamodb:DeleteItem", READ, "", "import pynamodb", id="library"
        ),
        pytest.param("dynamodb:GetItem", "return table.get_item(**event)", "", "", id="spread"),
        pytest.param("s3:PutObject, s3:PutObjectAcl", PUT, "", "", id="access-control-list"),
        pytest.param("s3:PutObject, s3:PutObjectAcl", UPLOAD, "", "", id="extra-arguments"),
        pytest.param("s3:PutObject, s3:PutObjectAcl", PASSED, "", "", id="members-unknown"),
        pytest.param("s3:PutObject, s3:AbortMultipartUpload", UPLOAD, "", "", id="in-parts"),
        pytest.param("sqs:CreateQueue, sqs:TagQueue", TAGGED, "", "", id="tags-what-it-makes"),
        pytest.param("s3:CopyObject, s3:PutObject", COPY, "", "", id="no-real-action"),
        pytest.param("athena:StartQueryExecution, glue:GetTable", QUERY, "", "", id="catalogue"),
        pytest.param("bedrock:InvokeModel, s3:PutObject", FILM, "", "", id="in-its-name"),
        pytest.param(
            "rds-data:ExecuteStatement, secretsmanager:GetSecretValue", SQL, "", "", id="data-api"
        ),
        pytest.param("sns:Publish, sms-voice:SendTextMessage", TEXT, "", "", id="text-message"),
        pytest.param("s3files:ClientMount, s3:GetObject", "pass", MOUNT, "", id="file-system"),
        pytest.param(
            "sqs:ReceiveMessage, sqs:DeleteMessage, rds:DescribeDBClusters",
            "pass",
            "",
            "",
            id="trigger-made-elsewhere",
        ),
        pytest.param(
            "dynamodb:Query",
            "return boto3.resource('dynamodb').Table(event['table']).query()",
            "",
            "",
            id="any-table",
        ),
    ],
)
def test_a_right_in_use(actions: str, code: str, more: str, imports: str, tmp_path: Path) -> None:
    found = privileges(tmp_path, actions, code, more=more, imports=imports or "import json")

    assert found - ({"unused-permission"} if "Batch" in actions else set()) == set()


def test_code_that_was_not_read_is_not_judged(tmp_path: Path) -> None:
    text = TEMPLATE.format(
        actions="dynamodb:GetItem, dynamodb:DeleteItem",
        code=READ,
        more="",
        imports="import json",
    ).replace("python3.14", "java21")
    (tmp_path / "template.yaml").write_text(text)
    verdicts = pipeline.scan((tmp_path,)).verdicts

    assert not [v.check for v in verdicts if v.outcome is Outcome.FAIL and "Reader" in v.subject]


def outcomes(
    folder: Path, actions: str, imports: str = "import json", *, code: str = READ, more: str = ""
) -> dict[str, str]:
    """Return, for each check of privilege, its outcome and why."""
    text = TEMPLATE.format(actions=actions, code=code, more=more, imports=imports)
    (folder / "template.yaml").write_text(text)
    found = pipeline.scan((folder,)).verdicts
    names = {"unused-permission", "power-beyond-use"}
    return {v.check: f"{v.outcome} {v.reason}".strip() for v in found if v.check in names}


def test_what_a_package_may_use_is_undecided_and_says_so(tmp_path: Path) -> None:
    found = outcomes(tmp_path, "dynamodb:GetItem, dynamodb:DeleteItem", "import pynamodb")

    reason = "undecided code may use its rights through pynamodb, which calls AWS itself (Reader)"
    assert found == {"power-beyond-use": reason, "unused-permission": reason}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (CHOSEN, "Reader chooses what it calls of sqs"),
        (ANY_SERVICE, "Reader chooses the service that it calls"),
        (UNKNOWN, "Reader calls purge_queue of something that could not be followed"),
        ("eval(event['code'])", "Reader runs code that it is given (eval)"),
        ("import os; os.system('aws sqs purge-queue')", "Reader starts aws"),
        ("import subprocess; subprocess.run(['python3', 'a.py'])", "Reader starts python3"),
        ("import os; os.system(event['do'])", "Reader starts a program that it is given"),
    ],
)
def test_what_could_not_be_followed_is_undecided(code: str, reason: str, tmp_path: Path) -> None:
    found = outcomes(tmp_path, "sqs:PurgeQueue", code=code)

    assert found["unused-permission"] == f"undecided {reason}"


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.system(f\"touch /tmp/{event['file']}\")",
        "import os; os.popen('cat /tmp/a | grep b')",
        "import subprocess; subprocess.run(['ffmpeg', '-i', event['file']])",
        "return eval('1 + ' + '1')",
        "return find(event).get_text()",
        RETIRED,
    ],
)
def test_tools_and_constants_use_no_rights(code: str, tmp_path: Path) -> None:
    found = outcomes(tmp_path, "sqs:PurgeQueue", code=code)

    assert found["unused-permission"].startswith("fail")


def test_a_method_that_no_model_holds_uses_the_right_of_its_name(tmp_path: Path) -> None:
    found = outcomes(tmp_path, "sqs:StartDance, sqs:StopDance", code=RETIRED)
    said = [v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "unused-permission"]

    assert found["unused-permission"].startswith("fail")
    assert [f.message for v in said for f in v.findings] == ["Reader never uses sqs:StopDance"]


@pytest.mark.parametrize(
    ("layer", "outcome"),
    [
        ('"arn:aws:lambda:eu-west-1:1:layer:pillow:3"', "fail"),
        ('!Sub "arn:aws:lambda:${AWS::Region}:1:layer:logs-extension:3"', "undecided"),
        ("!ImportValue tools", "undecided"),
    ],
)
def test_a_layer_may_hold_a_program_of_its_own(layer: str, outcome: str, tmp_path: Path) -> None:
    found = outcomes(tmp_path, "sqs:SendMessage", more=f"      Layers: [{layer}]\n")

    assert found["unused-permission"].startswith(outcome)


def test_the_layer_of_parameters_reads_parameters_only(tmp_path: Path) -> None:
    layer = "arn:aws:lambda:eu-west-1:1:layer:AWS-Parameters-and-Secrets-Lambda-Extension:3"
    more = f"      Layers: ['{layer}']\n"

    reads = outcomes(tmp_path, "ssm:GetParameter", more=more)["unused-permission"]
    sends = outcomes(tmp_path, "sqs:SendMessage", more=more)["unused-permission"]
    assert [reads.partition(" ")[0], sends.partition(" ")[0]] == ["undecided", "fail"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "AssumeRolePolicyDocument: {}",
            (
                "AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service:"
                " [lambda.amazonaws.com, glue.amazonaws.com]}}]}"
            ),
            "glue.amazonaws.com may act as Role too",
        ),
        (
            "Handler: index.handler",
            "Handler: app.main.handler",
            (
                "the code of Reader was not read in full: The handler is not in the repository:"
                " app.main.handler is not in the code that the template has"
            ),
        ),
    ],
)
def test_others_use_a_role_and_other_code_takes_a_placeholder(
    old: str, new: str, reason: str, tmp_path: Path
) -> None:
    text = TEMPLATE.format(actions="sqs:SendMessage", code=READ, more="", imports="")
    (tmp_path / "template.yaml").write_text(text.replace(old, new))
    found = [v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "unused-permission"]

    assert [v.reason for v in found] == [reason]


def test_a_right_for_services_that_act_for_the_code_is_not_told(tmp_path: Path) -> None:
    grant = 'Resource: "*", Condition: {StringEquals: {"aws:CalledViaLast": sns.amazonaws.com}}'
    text = TEMPLATE.format(actions="sqs:SendMessage", code=READ, more="", imports="")
    (tmp_path / "template.yaml").write_text(text.replace('Resource: "*"', grant))
    found = [v.outcome for v in pipeline.scan((tmp_path,)).verdicts if "unused" in v.check]

    assert Outcome.FAIL not in found


@pytest.mark.parametrize("imports", ["import aws_requests_auth", "import aws_lambda_powertools"])
def test_signers_and_loggers_hide_nothing(imports: str, tmp_path: Path) -> None:
    found = outcomes(tmp_path, "dynamodb:GetItem, dynamodb:DeleteItem", imports)

    assert found["power-beyond-use"].startswith("fail")


def test_a_package_hides_its_own_services_only(tmp_path: Path) -> None:
    found = outcomes(tmp_path, "dynamodb:GetItem, dynamodb:DeleteItem", "import smart_open")

    assert found["power-beyond-use"].startswith("fail")


def test_code_in_another_language_is_undecided(tmp_path: Path) -> None:
    text = TEMPLATE.format(
        actions="dynamodb:GetItem, dynamodb:DeleteItem", code=READ, more="", imports="import json"
    ).replace("python3.14", "java21")
    (tmp_path / "template.yaml").write_text(text)
    found = {v.check: v for v in pipeline.scan((tmp_path,)).verdicts if v.subject.count("Role")}

    assert found["unused-permission"].outcome is Outcome.UNDECIDED
    assert found["unused-permission"].reason == "the code of Reader was not read (java21)"


def test_logs_alone_leave_nothing_to_decide(tmp_path: Path) -> None:
    found = outcomes(tmp_path, "logs:CreateLogStream, logs:PutLogEvents", "import awswrangler")

    assert set(found.values()) == {"pass"}


@pytest.mark.parametrize("action", ['"*"', '"dynamodb:*"'])
def test_a_whole_service_on_everything_needs_no_proof(action: str, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        TEMPLATE.format(actions=action, code=READ, more="", imports="import pynamodb")
    )
    found = [v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "power-beyond-use"]

    assert [f.message for v in found for f in v.findings] == [
        f"Reader has {action.strip(chr(34))} on everything"
    ]


@pytest.mark.parametrize(
    ("permission", "told"),
    [
        ("lambda:InvokeFunction", "function-open-to-any-account"),
        ("lambda:InvokeFunctionUrl, FunctionUrlAuthType: NONE", "public-function-url"),
        ("lambda:InvokeFunction, InvokedViaFunctionUrl: true", "public-function-url"),
    ],
)
def test_an_open_function_is_told_once(tmp_path: Path, permission: str, told: str) -> None:
    url = "  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Open, AuthType: NONE}}"
    text = f"""Resources:
  Open:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {{ZipFile: "def handler(event, context): return event['email']"}}
  Let:
    Type: AWS::Lambda::Permission
    Properties: {{FunctionName: !Ref Open, Principal: "*", Action: {permission}}}
{url if "Url" in permission else ""}
"""
    (tmp_path / "template.yaml").write_text(text)
    failed = [v.check for v in pipeline.scan((tmp_path,)).verdicts if v.outcome is Outcome.FAIL]

    assert [check for check in failed if "open" in check or "public" in check] == [told]


def test_an_apis_own_policy_is_told_by_its_routes(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("""Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: api
      Policy:
        Statement: [{Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "*"}]
""")
    failed = [v.check for v in pipeline.scan((tmp_path,)).verdicts if v.outcome is Outcome.FAIL]

    assert "open-resource-policy" not in failed


ROUTE = """  Url:
    Type: AWS::Lambda::Url
    Properties: {AuthType: AWS_IAM, TargetFunctionArn: !Ref Reader}
"""


def test_a_function_behind_a_route_is_not_polled(tmp_path: Path) -> None:
    text = TEMPLATE.format(actions="sqs:ReceiveMessage", code="pass", more="", imports="") + ROUTE
    (tmp_path / "template.yaml").write_text(text)
    found = [v.check for v in pipeline.scan((tmp_path,)).verdicts if v.outcome is Outcome.FAIL]

    assert "unused-permission" in found


def test_without_an_access_control_list_nothing_needs_its_right(tmp_path: Path) -> None:
    code = PUT.replace(', ACL="public-read"', "")

    assert privileges(tmp_path, "s3:PutObject, s3:PutObjectAcl", code) == {"unused-permission"}


TWO = """Resources:
  Customers: {Type: AWS::DynamoDB::Table, Properties: &table
    {KeySchema: [{AttributeName: email, KeyType: HASH}],
     AttributeDefinitions: [{AttributeName: email, AttributeType: S}]}}
  Guests: {Type: AWS::DynamoDB::Table, Properties: *table}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: needs
          PolicyDocument:
            Statement: [STATEMENTS]
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Environment: {Variables: {TABLE: !Ref Customers}}
      Code:
        ZipFile: |
          import boto3, os
          table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
          def handler(event, context):
              return table.get_item(Key={"email": event["email"]})
"""
BOTH = "{Effect: Allow, Action: [dynamodb:GetItem, dynamodb:DeleteItem], Resource: [ARNS]}"
INDEXED = '!GetAtt NAME.Arn, !Sub "${NAME.Arn}/index/*"'


def powers(folder: Path, statements: str) -> list[str]:
    """Return what power-beyond-use says of two tables, of which the first is read."""
    (folder / "template.yaml").write_text(TWO.replace("STATEMENTS", statements))
    found = pipeline.scan((folder,)).verdicts
    said = [v.findings for v in found if v.check == "power-beyond-use"]
    return sorted(finding.message for findings in said for finding in findings)


def test_a_used_right_over_one_resource_is_not_called_needless(tmp_path: Path) -> None:
    arns = f"{INDEXED.replace('NAME', 'Customers')}, {INDEXED.replace('NAME', 'Guests')}"
    said = (
        "Reader may delete e-mail address in Customers, and read and delete e-mail address in"
        " Guests (dynamodb:GetItem and dynamodb:DeleteItem), though its code never does"
    )

    assert powers(tmp_path, BOTH.replace("ARNS", arns)) == [said]


def test_a_statement_is_told_for_what_it_names(tmp_path: Path) -> None:
    ours, theirs = (
        BOTH.replace("ARNS", INDEXED.replace("NAME", n)) for n in ("Customers", "Guests")
    )

    assert powers(tmp_path, f"{ours}, {theirs}") == [
        (
            "Reader may delete e-mail address in Customers (dynamodb:DeleteItem), though its code"
            " never does"
        ),
        (
            "Reader may read and delete e-mail address in Guests (dynamodb:GetItem and"
            " dynamodb:DeleteItem), though its code never does"
        ),
    ]


def test_a_table_with_a_name_is_not_the_one_that_gets_its_name_when_it_is_made(
    tmp_path: Path,
) -> None:
    text = """Transform: AWS::Serverless-2016-10-31
Resources:
  Tokens:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: tokens, KeySchema: [{AttributeName: token, KeyType: HASH}]}
  Events:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Environment: {Variables: {TABLE: !Ref Tokens}}
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Tokens}}]
      InlineCode: |
        import boto3, os
        def handler(event, context):
            table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
            table.put_item(Item={"token": event["token"]})
"""
    (tmp_path / "template.yaml").write_text(text)
    found = pipeline.scan((tmp_path,)).verdicts

    assert [f for v in found if v.check == "potential-beyond-intent" for f in v.findings] == []
