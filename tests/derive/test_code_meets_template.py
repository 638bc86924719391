"""What code addresses, writes and needs, once the template's values are put in."""

from collections.abc import Callable
from textwrap import indent

import pytest

from checkrein.model import App, Call, Element, Entry, Need, Row

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Parameters: {{Stage: {{Type: String, Default: dev}}}}
Resources:
  Orders: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: !Sub "orders-${{Stage}}"}}}}
  Jobs: {{Type: AWS::SQS::Queue, Properties: {{QueueName: jobs}}}}
  Pool: {{Type: AWS::Cognito::UserPool}}
  Sounds: {{Type: AWS::S3::Bucket, Properties: {{BucketName: sounds-dev}}}}
  Setting: {{Type: AWS::SSM::Parameter, Properties: {{Name: /app/table, Type: String, Value: !Ref Orders}}}}
  Other:
    Type: AWS::Lambda::Function
    Properties:
      {{Runtime: python3.13, Handler: index.handler, Role: arn:aws:iam::111122223333:role/other, FunctionName: other, Code: {{ZipFile: "def handler(event, context): return event['email']"}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument:
            Statement:
              - {{Effect: Allow, Action: [dynamodb:PutItem, dynamodb:DeleteTable, "s3:*"], Resource: "*"}}
              - {{Effect: Allow, Action: logs:PutLogEvents, Resource: "*"}}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Environment:
        Variables: {{TABLE: !Ref Orders, QUEUE: !Ref Jobs, POOL: !Ref Pool, SOUNDS: !Ref Sounds, PLAIN: orders-dev}}
      Code:
        ZipFile: |
          import boto3, json, os
          def handler(event, context):
{code}
"""


def scan(derived: Scan, code: str) -> App:
    return derived({"app.yaml": TEMPLATE.format(code=indent(code, " " * 14))})


def targets(app: App) -> list[tuple[str, str, str | None]]:
    return [(c.service, c.operation, c.target) for c in app.every(Call)]


def slots(app: App, node: str) -> set[tuple[str, str]]:
    return {(e.slot.path, e.data) for e in app.every(Element) if e.slot.node == node}


@pytest.mark.parametrize(
    ("code", "call"),
    [
        pytest.param(
            "boto3.client('dynamodb').put_item(TableName='orders-dev', Item={})",
            ("dynamodb", "PutItem", "app/Orders"),
            id="by plain name",
        ),
        pytest.param(
            "boto3.client('dynamodb').put_item(TableName=os.environ['PLAIN'], Item={})",
            ("dynamodb", "PutItem", "app/Orders"),
            id="by plain name in the environment",
        ),
        pytest.param(
            "boto3.client('sqs').send_message(QueueUrl="
            "'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs', MessageBody='')",
            ("sqs", "SendMessage", "app/Jobs"),
            id="by a queue's URL",
        ),
        pytest.param(
            "boto3.client('lambda').invoke("
            "FunctionName='arn:aws:lambda:eu-west-1:111122223333:function:other')",
            ("lambda", "Invoke", "app/Other"),
            id="by ARN",
        ),
        pytest.param(
            "boto3.client('lambda').delete_function(FunctionName=context.function_name)",
            ("lambda", "DeleteFunction", "app/Work"),
            id="by the context's own name",
        ),
        pytest.param(
            "boto3.client('transcribe').start_transcription_job("
            "TranscriptionJobName='x', Media={'MediaFileUri': 's3://sounds-dev/' + event['key']})",
            ("transcribe", "StartTranscriptionJob", "app/Sounds"),
            id="by the URL of an object",
        ),
        pytest.param(
            "boto3.client('transcribe').start_transcription_job(TranscriptionJobName='x', "
            "Media={'MediaFileUri': 'https://' + os.environ['SOUNDS'] + '.s3.amazonaws.com/x'})",
            ("transcribe", "StartTranscriptionJob", "app/Sounds"),
            id="by the host of a bucket",
        ),
        pytest.param(
            "boto3.client('transcribe').start_transcription_job(TranscriptionJobName='x', "
            "Media={'MediaFileUri': 'https://s3.eu-west-1.amazonaws.com/sounds-dev/x'})",
            ("transcribe", "StartTranscriptionJob", "app/Sounds"),
            id="by a path below the host of all buckets",
        ),
        pytest.param(
            "boto3.client('sns').publish(PhoneNumber=event['phone'], Message='')",
            ("sns", "Publish", None),
            id="nothing of the app: a message to a phone",
        ),
        pytest.param(
            "boto3.client('dynamodb').put_item(TableName=event['table'], Item={})",
            ("dynamodb", "PutItem", None),
            id="open where the caller chooses",
        ),
        pytest.param(
            "boto3.client('dynamodb').put_item(TableName='elsewhere', Item={})",
            ("dynamodb", "PutItem", "app/Table:elsewhere"),
            id="what no template declares",
        ),
    ],
)
def test_calls_are_bound(derived: Scan, code: str, call: tuple[str, str, str | None]) -> None:
    assert targets(scan(derived, code)) == [call]


@pytest.mark.parametrize(
    ("code", "addresses"),
    [
        ("boto3.client('sns').publish(PhoneNumber='+1', Message='')", False),
        ("boto3.client('sns').publish(TopicArn=event['topic'], Message='')", True),
        ("boto3.client('sns').publish(**event)", True),
        (
            "boto3.client('kinesis').put_record(StreamARN=event['s'], Data='', PartitionKey='')",
            True,
        ),
        ("boto3.client('logs').describe_log_groups()", False),
        ("boto3.client('logs').describe_log_groups(logGroupNamePrefix='/aws/')", True),
        ("boto3.client('dynamodb').list_tables()", False),
        ("boto3.client('dynamodb').get_item(Key={})", True),
        ("boto3.client('events').put_events(Entries=[None])", False),
    ],
)
def test_which_calls_address_a_resource(derived: Scan, code: str, addresses: bool) -> None:  # noqa: FBT001
    assert [call.addresses for call in scan(derived, code).every(Call)] == [addresses]


def test_a_stored_parameter_leads_to_its_value(derived: Scan) -> None:
    code = """\
name = boto3.client("ssm").get_parameter(Name="/app/table")["Parameter"]["Value"]
boto3.client("dynamodb").delete_item(TableName=name, Key={})
"""
    assert targets(scan(derived, code)) == [
        ("ssm", "GetParameter", "app/Setting"),
        ("dynamodb", "DeleteItem", "app/Orders"),
    ]


def test_what_an_answer_names_is_what_was_asked_for(derived: Scan) -> None:
    code = """\
sqs = boto3.client("sqs")
url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
sqs.send_message(QueueUrl=url, MessageBody="")
"""
    assert targets(scan(derived, code)) == [
        ("sqs", "GetQueueUrl", "app/Jobs"),
        ("sqs", "SendMessage", "app/Jobs"),
    ]


def test_what_was_left_undone_is_asked_of_the_same_table(derived: Scan) -> None:
    code = """\
db = boto3.client("dynamodb")
left = {os.environ["TABLE"]: {"Keys": []}}
while left:
    left = db.batch_get_item(RequestItems=left)["UnprocessedKeys"]
"""
    assert targets(scan(derived, code)) == [("dynamodb", "BatchGetItem", "app/Orders")]


@pytest.mark.parametrize(
    ("name", "certain"),
    [
        ('os.environ.get("TABLE", "orders-dev")', True),
        ('os.environ.get("TABLE") or "orders-dev"', True),
        ('os.environ["TABLE"] if event["live"] else event["table"]', False),
        ('os.environ["TABLE"] if event["live"] else os.environ["OTHER"] + event["t"]', False),
    ],
)
def test_a_default_that_names_nothing_is_not_taken(
    derived: Scan, name: str, *, certain: bool
) -> None:
    code = f'boto3.resource("dynamodb").Table({name}).put_item(Item={{"id": event["id"]}})'
    calls = [call for call in scan(derived, code).every(Call) if call.target == "app/Orders"]

    assert [call.certain for call in calls] in ([certain], [])
    assert bool(calls) or not certain


def test_entries_that_are_not_known_may_go_to_any_bus(derived: Scan) -> None:
    code = 'boto3.client("events").put_events(Entries=[event["entry"]])'

    assert targets(scan(derived, code)) == [("events", "PutEvents", None)]


def test_an_answer_that_lists_others_names_none(derived: Scan) -> None:
    code = """\
sqs = boto3.client("sqs")
for url in sqs.list_dead_letter_source_queues(QueueUrl=os.environ["QUEUE"])["queueUrls"]:
    sqs.purge_queue(QueueUrl=url)
"""
    assert targets(scan(derived, code)) == [
        ("sqs", "ListDeadLetterSourceQueues", "app/Jobs"),
        ("sqs", "PurgeQueue", None),
    ]


def test_an_update_expression_names_the_attribute(derived: Scan) -> None:
    code = """\
boto3.resource("dynamodb").Table(os.environ["TABLE"]).update_item(
    Key={"orderId": event["id"]},
    UpdateExpression="SET #m = if_not_exists(#m, :m), phone = :p ADD iban :i",
    ExpressionAttributeNames={"#m": "email"},
    ExpressionAttributeValues={":m": event["m"], ":p": event["p"], ":i": event["i"]},
)
"""
    found = slots(scan(derived, code), "app/Orders")

    assert {("email", "pii.email"), ("phone", "pii.phone"), ("iban", "bank.account")} <= found


def test_lists_of_name_and_value_name_a_pools_attributes(derived: Scan) -> None:
    code = """\
boto3.client("cognito-idp").admin_update_user_attributes(
    UserPoolId=os.environ["POOL"], Username=event["name"],
    UserAttributes=[{"Name": "phone_number", "Value": event["tel"]}],
)
"""
    assert ("phone_number", "pii.phone") in slots(scan(derived, code), "app/Pool")


def test_a_queue_holds_what_is_sent_and_whoever_reads_it(derived: Scan) -> None:
    code = 'boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps({"iban": event["account"]}))'

    assert ("iban", "bank.account") in slots(scan(derived, code), "app/Jobs")


def test_an_invoked_function_receives_the_payload(derived: Scan) -> None:
    code = """\
boto3.client("lambda").invoke(
    FunctionName="other", InvocationType="Event", Payload=json.dumps({"email": event["x"]})
)
"""
    app = scan(derived, code)
    ways = [(e.kind, e.identity, e.source, e.asynchronous) for e in app.every(Entry)]

    assert ways == [("direct", "app/Role", "app/Work", True)]
    assert ("event.email", "pii.email") in slots(app, "app/Other")


def test_needs_against_grants(derived: Scan) -> None:
    code = """\
boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item={})
boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="")
"""
    needs = [
        (n.action, n.resource, n.needed, n.granted)
        for n in scan(derived, code).every(Need)
        if n.function == "app/Work" and n.cause == "call"
    ]

    assert sorted(needs) == [
        ("dynamodb:DeleteTable", "*", False, True),
        ("dynamodb:PutItem", "app/Orders", True, True),
        ("s3:*", "*", False, True),
        ("sqs:SendMessage", "app/Jobs", True, False),
    ]


def test_code_that_was_not_read_proves_nothing_unused(derived: Scan) -> None:
    template = TEMPLATE.format(code=" " * 14 + "pass").replace("python3.13", "java21")

    assert not [n for n in derived({"app.yaml": template}).every(Need) if not n.needed]


VPC = """
    Resources:
      Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
      Inside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net}}
      Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}
      Joined: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Inside, RouteTableId: !Ref Table}}
      Way: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, WAY}}
      Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: g, VpcId: !Ref Net EGRESS}}
      Work:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: arn:aws:iam::111122223333:role/worker
          VpcConfig: {SubnetIds: [!Ref Inside], SecurityGroupIds: [!Ref Group]}
          Environment: {Variables: {DB_PASSWORD: "{{resolve:secretsmanager:db}}"}}
          Code: {ZipFile: "def handler(event, context): return 1"}
"""


@pytest.mark.parametrize(
    ("way", "egress", "leaves"),
    [
        ("NatGatewayId: nat-1", "", True),
        ("GatewayId: igw-1", "", False),
        (
            "NatGatewayId: nat-1",
            ", SecurityGroupEgress: [{IpProtocol: tcp, CidrIp: 10.0.0.0/16}]",
            False,
        ),
    ],
    ids=["through a NAT", "internet gateways do not serve functions", "closed security group"],
)
def test_what_can_leave(derived: Scan, way: str, egress: str, leaves: bool) -> None:  # noqa: FBT001
    app = derived({"app.yaml": VPC.replace("WAY", way).replace(" EGRESS", egress)})
    row = app.get(Row, "app@internet")

    assert (row is not None and "cred.password" in row.potential) is leaves


@pytest.mark.parametrize(
    ("value", "held"),
    [("s3cr3t-9f2", ["cred.key"]), ("<your API key>", []), ("changeme", [])],
    ids=["a real one", "a blank to fill in", "a word to replace"],
)
def test_placeholders_are_no_secrets(derived: Scan, value: str, held: list[str]) -> None:
    template = f"""
        Resources:
          Work:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: java21
              Handler: a.B
              Role: arn:aws:iam::111122223333:role/work
              Environment: {{Variables: {{SIGNING_KEY: "{value}"}}}}
              Code: {{S3Bucket: b, S3Key: k}}
    """
    app = derived({"app.yaml": template})

    assert [e.data for e in app.every(Element)] == held


def test_a_random_number_holds_nobodys_content(derived: Scan) -> None:
    code = "import random\nboto3.resource('dynamodb').Table(os.environ['TABLE']).put_item(Item={'x': random.random()})"
    assert slots(scan(derived, code), "app/Orders") == set()


def test_what_an_invocation_left_is_what_it_put_there(derived: Scan) -> None:
    code = "global last\nif 'email' in event: last = event['email']\nboto3.resource('dynamodb').Table(os.environ['TABLE']).put_item(Item={'x': last})"
    assert slots(scan(derived, code), "app/Orders") == {("x", "pii.email")}


@pytest.mark.parametrize(
    ("name", "certain"),
    [
        ("os.environ.get('TABLE', 'orders-elsewhere')", {"app/Orders": True}),
        ("os.environ.get('UNSET', 'orders-dev')", {"app/Orders": True}),
        ("os.environ['TABLE'] if event else event['table']", {"app/Orders": False}),
        (
            "os.environ['TABLE'] if event else os.environ['STAGE']",
            {"app/Orders": False, "dev": False},
        ),
        (
            "os.environ['TABLE'] if event else os.environ.get('UNSET', 'copies')",
            {"app/Orders": False, "app/Copies": False},
        ),
    ],
)
def test_a_variable_or_its_default_is_one_resource_only_where_no_other_may_be_meant(
    derived: Scan, name: str, certain: dict[str | None, bool]
) -> None:
    code = f"boto3.client('dynamodb').put_item(TableName={name}, Item={{}})"
    template = TEMPLATE.replace("PLAIN:", "STAGE: !Ref Stage, PLAIN:").replace(
        "  Jobs:",
        "  Copies: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: copies}}}}\n  Jobs:",
    )
    app = derived({"app.yaml": template.format(code=indent(code, " " * 14))})

    assert {c.target: c.certain for c in app.every(Call)} == certain
