"""Steps by which an identity gets further than its own rights, and what the table makes of them."""

from collections.abc import Callable

import pytest

from checkrein.catalog.actions import documented
from checkrein.catalog.escalations import escalations
from checkrein.model import App, Entry, Escalation, Row

Scan = Callable[[dict[str, str]], App]
PASSING = (
    'Action: ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource: "*"}, '
    '{Effect: Allow, Action: "iam:PassRole", Resource: "*"'
)
Step = tuple[str, str, str, bool]  # gains, target, rule, certain

LAMBDA = '{Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}'
OTHER = """
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: t, StreamSpecification: {StreamViewType: NEW_IMAGE}}}
  Bucket: {Type: AWS::S3::Bucket}
  Setting: {Type: AWS::SSM::Parameter, Properties: {Name: /limit, Type: String, Value: "1"}}
  OtherRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: %(trust)s
      Policies: [{PolicyDocument: {Statement: [{Effect: Allow, Action: "ssm:GetParameter", Resource: "*"}]}}]
  Other:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt OtherRole.Arn
      Environment: {Variables: {TOKEN: %(token)s}}
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              return boto3.client("ssm").get_parameter(Name="/limit")
  Stream:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Other, EventSourceArn: !GetAtt Table.StreamArn}
"""
OWN = """
  MyRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: %(trust)s
      Policies: [{PolicyDocument: {Statement: [%(statement)s]}}]
  Mine:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt MyRole.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
"""


def scanned(derived: Scan, statement: str, trust: str = LAMBDA, token: str = "x") -> App:
    text = "Resources:" + OTHER % {"trust": trust, "token": token}
    return derived(
        {"app.yaml": text + OWN % {"trust": LAMBDA, "statement": f"{{Effect: Allow, {statement}}}"}}
    )


def steps(app: App, identity: str = "app/MyRole") -> set[Step]:
    return {
        (step.gains, step.target.removeprefix("app/"), step.rule, step.certain)
        for step in app.every(Escalation)
        if step.identity == identity
    }


@pytest.mark.parametrize(
    ("statement", "step"),
    [
        (
            'Action: "lambda:UpdateFunctionCode", Resource: !GetAtt Other.Arn',
            ("runner", "Other", "update-function-code", True),
        ),
        (
            'Action: "lambda:UpdateFunctionCode", Resource: "*", Condition: {StringEquals: {"aws:PrincipalTag/a": b}}',
            ("runner", "Other", "update-function-code", False),
        ),
        (
            'Action: "lambda:InvokeFunction", Resource: !GetAtt Other.Arn',
            ("code", "Other", "invoke-function", True),
        ),
        (
            'Action: "dynamodb:PutItem", Resource: !GetAtt Table.Arn',
            ("code", "Other", "write-table", True),
        ),
        (
            'Action: "ssm:PutParameter", Resource: "*"',
            ("code", "Other", "write-parameter", True),
        ),
        (
            'Action: "lambda:CreateEventSourceMapping", Resource: "*"',
            None,
        ),
        (
            'Action: ["lambda:CreateEventSourceMapping", "lambda:GetPolicy"], Resource: "*"',
            ("code", "Other", "feed-function", True),
        ),
        (
            'Action: "s3:PutBucketPolicy", Resource: "*"',
            ("content", "Bucket", "write-bucket-policy", True),
        ),
        (
            'Action: "iam:PutRolePolicy", Resource: !GetAtt OtherRole.Arn',
            ("grants", "OtherRole", "write-role-policy", True),
        ),
        (
            'Action: "iam:PutRolePolicy", Resource: "*"',
            ("account", "app@account", "write-role-policy", True),
        ),
        (
            'Action: ["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"], Resource: !GetAtt OtherRole.Arn',
            ("account", "app@account", "write-role-policy", True),
        ),
        (
            'Action: ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], Resource: "*"',
            ("identity", "OtherRole", "pass-to-function", True),
        ),
        ('Action: ["iam:PassRole", "lambda:CreateFunction"], Resource: "*"', None),
        (
            f'{PASSING}, Condition: {{StringEquals: {{"iam:PassedToService": lambda.amazonaws.com}}}}',
            ("identity", "OtherRole", "pass-to-function", True),
        ),
        (
            f'{PASSING}, Condition: {{StringEquals: {{"iam:PassedToService": dax.amazonaws.com}}}}',
            None,
        ),
        (
            f'{PASSING}, Condition: {{StringLike: {{"iam:PassedToService": "l*"}}, Bool: {{"aws:MultiFactorAuthPresent": true}}}}',
            ("identity", "OtherRole", "pass-to-function", False),
        ),
        (
            'Action: ["iam:PassRole", "states:CreateStateMachine", "states:StartExecution"], Resource: "*"',
            None,  # the role trusts only Lambda
        ),
        ('Action: "sts:AssumeRole", Resource: "*"', None),  # the role does not trust it
        (
            'Action: "lambda:UpdateFunctionCode", Resource: "arn:aws:lambda:*:*:function:elsewhere"',
            None,
        ),
        (
            'Action: ["iam:PassRole", "lambda:CreateFunction", "lambda:CreateFunctionUrlConfig"], Resource: "*"',
            None,  # who may call the URL? nobody
        ),
        ('Action: "lambda:CreateFunctionUrlConfig", Resource: "*"', None),
        ('Action: "lambda:ListFunctions", Resource: "*"', None),
    ],
)
def test_a_step_needs_all_its_rights(derived: Scan, statement: str, step: Step | None) -> None:
    found = steps(scanned(derived, statement))
    assert step in found if step else not {each for each in found if each[0] != "code"}


@pytest.mark.parametrize(
    ("principal", "certain"),
    [
        ("{AWS: !GetAtt MyRole.Arn}", True),
        ('{AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"}', True),
        ("{AWS: !Ref Somebody}", False),
    ],
)
def test_who_is_trusted_may_assume(derived: Scan, principal: str, *, certain: bool) -> None:
    trust = f'{{Statement: [{{Effect: Allow, Principal: {principal}, Action: "sts:AssumeRole"}}]}}'
    found = steps(scanned(derived, 'Action: "sts:AssumeRole", Resource: "*"', trust))
    assert found == {("identity", "OtherRole", "assume-role", certain)}


CLOUDFORMATION = LAMBDA.replace("lambda.", "cloudformation.")


@pytest.mark.parametrize(
    ("actions", "rule"),
    [
        ("CreateStack", "pass-to-stack"),
        ("CreateChangeSet", ""),
        ("ExecuteChangeSet", ""),
        ("CreateChangeSet ExecuteChangeSet", "pass-to-change-set"),
        ("CreateStackSet", ""),
        ("CreateStackSet CreateStackInstances", "pass-to-stack-set"),
        ("UpdateStackSet", "pass-to-stack-set"),
    ],
)
def test_a_stack_is_deployed_by_all_actions_that_it_takes(
    derived: Scan, actions: str, rule: str
) -> None:
    named = ", ".join(f'"cloudformation:{action}"' for action in actions.split())
    statement = f'Action: ["iam:PassRole", {named}], Resource: "*"'
    found = steps(scanned(derived, statement, CLOUDFORMATION))
    assert found == ({("identity", "OtherRole", rule, True)} if rule else set())


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        ('{AWS: !GetAtt MyRole.Arn}, Action: "sts:AssumeRole"', None),
        ('"*", Action: "sts:*"', None),
        ('{AWS: !GetAtt MyRole.Arn}, Action: "sts:TagSession"', True),
        ('{Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"', True),
        ('{AWS: !Ref Somebody}, Action: "sts:AssumeRole"', False),
        (
            '"*", Action: "sts:AssumeRole", Condition: {Bool: {"aws:MultiFactorAuthPresent": false}}',
            False,
        ),
    ],
)
def test_whom_a_role_refuses_does_not_assume_it(
    derived: Scan, refused: str, *, expected: bool | None
) -> None:
    trust = (
        '{Statement: [{Effect: Allow, Principal: {AWS: !GetAtt MyRole.Arn}, Action: "sts:AssumeRole"},'
        f" {{Effect: Deny, Principal: {refused}}}]}}"
    )
    found = steps(scanned(derived, 'Action: "sts:AssumeRole", Resource: "*"', trust))
    assert found == (
        set() if expected is None else {("identity", "OtherRole", "assume-role", expected)}
    )


def test_to_tag_a_session_is_not_to_assume(derived: Scan) -> None:
    trust = '{Statement: [{Effect: Allow, Principal: {AWS: !GetAtt MyRole.Arn}, Action: "sts:TagSession"}]}'
    assert steps(scanned(derived, 'Action: "sts:AssumeRole", Resource: "*"', trust)) == set()


@pytest.mark.parametrize(("more", "rule"), [("", None), (', "iam:CreateAccessKey"', "fill-group")])
def test_a_role_joins_no_group(derived: Scan, more: str, rule: str | None) -> None:
    statement = f'{{Effect: Allow, Action: ["iam:AddUserToGroup"{more}], Resource: "*"}}'
    text = "Resources:\n  Chiefs: {Type: AWS::IAM::Group}\n" + OWN % {
        "trust": LAMBDA,
        "statement": statement,
    }
    found = steps(derived({"app.yaml": text}))
    assert found == ({("identity", "Chiefs", rule, True)} if rule else set())


def test_a_user_joins_a_group(derived: Scan) -> None:
    statement = '{Effect: Allow, Action: "iam:AddUserToGroup", Resource: "*"}'
    text = f"""
Resources:
  Chiefs: {{Type: AWS::IAM::Group}}
  Ann:
    Type: AWS::IAM::User
    Properties: {{Policies: [{{PolicyDocument: {{Statement: [{statement}]}}}}]}}
"""
    found = steps(derived({"app.yaml": text}), "app/Ann")
    assert found == {("identity", "Chiefs", "join-group", True)}


TRIGGERS = {
    "write-table": (
        "dynamodb:PutItem",
        "AWS::Lambda::EventSourceMapping",
        "FunctionName: !Ref Mine, EventSourceArn: !GetAtt Table.StreamArn",
        "Enabled: false",
        "dynamodb.amazonaws.com",
    ),
    "write-bus": (
        "events:PutEvents",
        "AWS::Events::Rule",
        "EventBusName: !Ref Bus, EventPattern: {source: [shop]}, Targets: [{Id: a, Arn: !GetAtt Mine.Arn}]",
        "State: DISABLED",
        "events.amazonaws.com",
    ),
}


@pytest.mark.parametrize("rule", TRIGGERS)
@pytest.mark.parametrize("on", [True, False])
def test_what_is_switched_off_makes_nothing_run(derived: Scan, rule: str, *, on: bool) -> None:
    action, type, wired, off, caller = TRIGGERS[rule]
    writer = (OWN.replace("My", "Writer").replace("Mine", "Writer")) % {
        "trust": LAMBDA,
        "statement": f'{{Effect: Allow, Action: "{action}", Resource: "*"}}',
    }
    text = f"""
Resources:
  Bus: {{Type: AWS::Events::EventBus, Properties: {{Name: b}}}}
  Table: {{Type: AWS::DynamoDB::Table, Properties: {{TableName: t, StreamSpecification: {{StreamViewType: NEW_IMAGE}}}}}}
  Trigger: {{Type: {type}, Properties: {{{wired}{"" if on else ", " + off}}}}}
  Allowed: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref Mine, Action: "lambda:InvokeFunction", Principal: {caller}}}}}
"""
    own = OWN % {"trust": LAMBDA, "statement": '{Effect: Allow, Action: "a:b", Resource: "*"}'}
    app = derived({"app.yaml": text + writer + own})
    assert {each[2] for each in steps(app, "app/WriterRole")} == ({rule} if on else set())
    assert bool(app.every(Entry)) == on


def notified(derived: Scan, statement: str, event: str, key: str = "") -> set[tuple[str, bool]]:
    """Return by which rules, and how surely, a writer makes what a bucket notifies run."""
    writer = (OWN.replace("My", "Writer").replace("Mine", "Writer")) % {
        "trust": LAMBDA,
        "statement": f"{{Effect: Allow, {statement}}}",
    }
    filter = f", Filter: {{S3Key: {{Rules: [{{Name: prefix, Value: {key}}}]}}}}" if key else ""
    text = f"""
Parameters: {{Folder: {{Type: String}}}}
Resources:
  Inbox:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: inbox
      NotificationConfiguration:
        LambdaConfigurations: [{{Event: "{event}", Function: !GetAtt Mine.Arn{filter}}}]
"""
    own = OWN % {"trust": LAMBDA, "statement": '{Effect: Allow, Action: "a:b", Resource: "*"}'}
    app = derived({"app.yaml": text + writer + own})
    return {(each[2], each[3]) for each in steps(app, "app/WriterRole")}


@pytest.mark.parametrize(
    ("action", "event", "rule"),
    [
        ("s3:PutObject", "s3:ObjectCreated:*", "write-bucket"),
        ("s3:PutObject", "s3:ObjectCreated:Put", "write-bucket"),
        ("s3:PutObject", "s3:ObjectRemoved:*", ""),
        ("s3:DeleteObject", "s3:ObjectRemoved:*", "empty-bucket"),
        ("s3:DeleteObject", "s3:ObjectCreated:*", ""),
    ],
)
def test_a_bucket_tells_of_the_events_that_it_names(
    derived: Scan, action: str, event: str, rule: str
) -> None:
    found = notified(derived, f'Action: "{action}", Resource: "arn:aws:s3:::inbox/*"', event)
    assert found == ({(rule, True)} if rule else set())


@pytest.mark.parametrize(
    ("key", "certain"),
    [("in/", True), ("in/new", True), ("out/", None), ("i", True), ("!Ref Folder", False)],
)
def test_a_bucket_tells_of_the_keys_that_it_names(
    derived: Scan, key: str, *, certain: bool | None
) -> None:
    statement = 'Action: "s3:PutObject", Resource: "arn:aws:s3:::inbox/in/*"'
    found = notified(derived, statement, "s3:ObjectCreated:*", key)
    assert found == (set() if certain is None else {("write-bucket", certain)})


def test_a_condition_on_such_keys_makes_it_a_maybe(derived: Scan) -> None:
    statement = 'Action: "s3:PutObject", Resource: "*", Condition: {StringEquals: {"aws:PrincipalTag/a": b}}'
    assert notified(derived, statement, "s3:ObjectCreated:*", "in/") == {("write-bucket", False)}


def test_a_bucket_that_may_call_tells_of_everything(derived: Scan) -> None:
    writer = (OWN.replace("My", "Writer").replace("Mine", "Writer")) % {
        "trust": LAMBDA,
        "statement": '{Effect: Allow, Action: "s3:PutObject", Resource: "*"}',
    }
    text = """
Resources:
  Inbox: {Type: AWS::S3::Bucket, Properties: {BucketName: inbox}}
  Allowed: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Mine, Action: "lambda:InvokeFunction", Principal: s3.amazonaws.com, SourceArn: !GetAtt Inbox.Arn}}
"""
    own = OWN % {"trust": LAMBDA, "statement": '{Effect: Allow, Action: "a:b", Resource: "*"}'}
    app = derived({"app.yaml": text + writer + own})
    assert {each[2] for each in steps(app, "app/WriterRole")} == {"write-bucket"}


RELAYED = """
  News: {Type: AWS::SNS::Topic}
  Jobs: {Type: AWS::SQS::Queue}
  Sub:
    Type: AWS::SNS::Subscription
    Properties: {Protocol: sqs, TopicArn: !Ref News, Endpoint: !GetAtt Jobs.Arn}
  Poll:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Other, EventSourceArn: !GetAtt Jobs.Arn}
"""


def test_who_writes_to_a_topic_makes_run_what_its_queue_runs(derived: Scan) -> None:
    text = "Resources:" + OTHER % {"trust": LAMBDA, "token": "x"} + RELAYED
    own = OWN % {
        "trust": LAMBDA,
        "statement": '{Effect: Allow, Action: "sns:Publish", Resource: !Ref News}',
    }
    assert steps(derived({"app.yaml": text + own})) == {("code", "Other", "write-topic", True)}


def test_nobody_takes_over_itself(derived: Scan) -> None:
    app = scanned(derived, 'Action: "lambda:UpdateFunctionCode", Resource: !GetAtt Mine.Arn')
    assert steps(app) == set()


def level(app: App, row: str, data: str) -> str | None:
    found = app.get(Row, f"app/{row}")
    assert found
    return next((reason.level for reason in found.reasons if reason.data == data), None)


ORDERS = """
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      KeySchema: [{AttributeName: email, KeyType: HASH}]
  Outbox: {Type: AWS::SQS::Queue}
"""


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn', "direct"),
        ('Action: "lambda:UpdateFunctionCode", Resource: !GetAtt Reader.Arn', "takeover"),
        ('Action: "iam:PutRolePolicy", Resource: "*"', "takeover"),
        ('Action: "lambda:InvokeFunction", Resource: !GetAtt Reader.Arn', "influence"),
        (
            'Action: ["dynamodb:GetItem", "lambda:InvokeFunction", "lambda:UpdateFunctionCode"], Resource: "*"',
            "direct",
        ),
        ('Action: "lambda:ListFunctions", Resource: "*"', None),
    ],
)
def test_a_cell_says_the_lowest_level_by_which_its_data_comes(
    derived: Scan, statement: str, expected: str | None
) -> None:
    reader = (OWN.replace("My", "Reader").replace("Mine", "Reader")) % {
        "trust": LAMBDA,
        "statement": '{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}',
    }
    own = OWN % {
        "trust": LAMBDA,
        "statement": f'{{Effect: Allow, {statement}}}, {{Effect: Allow, Action: "sqs:SendMessage", Resource: !GetAtt Outbox.Arn}}',
    }
    app = derived({"app.yaml": "Resources:" + ORDERS + reader + own})
    assert level(app, "Outbox", "pii.email") == expected


def test_a_role_that_nobody_acts_as_moves_data_only_for_who_takes_it_over(derived: Scan) -> None:
    admin = """
  Admin:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: !GetAtt MyRole.Arn}, Action: "sts:AssumeRole"}]}
      Policies: [{PolicyDocument: {Statement: [{Effect: Allow, Action: ["dynamodb:*", "sqs:*"], Resource: "*"}]}}]
"""
    levels = {}
    for action in ("sts:AssumeRole", "sts:GetCallerIdentity"):
        own = OWN % {
            "trust": LAMBDA,
            "statement": f'{{Effect: Allow, Action: "{action}", Resource: "*"}}',
        }
        app = derived({"app.yaml": "Resources:" + ORDERS + admin + own})
        levels[action] = level(app, "Outbox", "pii.email")
    assert levels == {"sts:AssumeRole": "takeover", "sts:GetCallerIdentity": None}


def test_settings_are_all_that_reading_a_function_gives(derived: Scan) -> None:
    statement = 'Action: "lambda:GetFunction", Resource: !GetAtt Other.Arn'
    app = scanned(derived, statement, token="abc")
    assert level(app, "Mine", "cred.token") == "takeover"
    assert level(app, "Other", "cred.token") is not None


def test_rules_name_documented_actions_and_say_where_they_are_published() -> None:
    named = {
        action
        for rule in escalations()
        for alternatives in (*rule.needs, *rule.anywhere)
        for action in alternatives
    }
    assert {action for action in named if documented(action) != action} == set()
    assert all(rule.needs or rule.anywhere for rule in escalations())
    assert sum(1 for rule in escalations() if rule.published) >= 25
    assert sum(1 for rule in escalations() if not rule.published) >= 15
