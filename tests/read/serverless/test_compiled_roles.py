"""The role that functions share, what the framework puts into it, and roles of functions."""

from __future__ import annotations

from tests.read.serverless.compiling import read

LOGS = "arn:${Partition}:logs:${Region}:${AccountId}:log-group:/aws/lambda/"
ROLE = """\
service: shop
provider:
  name: aws
  iam:
    role:
      name: shop-role
      permissionsBoundary: arn:aws:iam::123456789012:policy/limit
      managedPolicies: [arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess]
      statements:
        - Effect: Allow
          Action: dynamodb:PutItem
          Resource: '*'
functions:
  one:
    handler: a.b
    vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}
  two: {handler: a.b, name: other}
"""


def test_the_shared_role_has_logs_the_network_and_what_the_team_asks_for() -> None:
    found = read(ROLE)
    role = found.of("IamRoleLambdaExecution")
    assert role["RoleName"] == "shop-role"
    assert role["PermissionsBoundary"] == "arn:aws:iam::123456789012:policy/limit"
    assert role["ManagedPolicyArns"] == [
        "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        "arn:${Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
    ]
    assert found.statements() == [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"],
            "Resource": [f"{LOGS}other:*", f"{LOGS}shop-dev*:*"],
        },
        {
            "Effect": "Allow",
            "Action": ["logs:PutLogEvents"],
            "Resource": [f"{LOGS}other:*:*", f"{LOGS}shop-dev*:*:*"],
        },
        {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "*"},
    ]


def test_a_statement_stands_at_its_own_lines() -> None:
    found = read(ROLE)
    statement = "Policies.0.PolicyDocument.Statement.2"
    assert found.line("IamRoleLambdaExecution", statement) == "- Effect: Allow"
    added = statement.replace("2", "0")
    assert found.line("IamRoleLambdaExecution", added) == "role:"
    assert found.line("IamRoleLambdaExecution", f"{statement}.Action").startswith("Action")
    assert found.line("IamRoleLambdaExecution", "PermissionsBoundary").startswith("permissionsB")
    assert found.line("IamRoleLambdaExecution") == "role:"


def test_older_services_say_their_statements_at_the_provider() -> None:
    found = read(
        "service: {name: shop}\n"
        "provider:\n"
        "  name: aws\n"
        "  iamManagedPolicies: [arn:aws:iam::aws:policy/ReadOnlyAccess]\n"
        "  iamRoleStatements: [{Effect: Allow, Action: 's3:*', Resource: '*'}]\n"
        "functions: {one: {handler: a.b}}\n"
    )
    assert found.statements()[-1] == {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    assert found.of("IamRoleLambdaExecution", "ManagedPolicyArns") == [
        "arn:aws:iam::aws:policy/ReadOnlyAccess"
    ]
    assert found.of("OneLambdaFunction", "FunctionName") == "shop-dev-one"


def test_a_role_of_ones_own_takes_the_place_of_the_shared_one() -> None:
    for where in (
        "role: X",
        "iam: {role: arn:aws:iam::123456789012:role/x}",
        "role: !GetAtt X.Arn",
    ):
        found = read(
            f"service: shop\nprovider: {{name: aws, {where}}}\n"
            "functions:\n"
            "  one: {handler: a.b}\n"
            "  two: {handler: a.b, role: arn:aws:iam::123456789012:role/two}\n"
            "resources: {Resources: {X: {Type: AWS::IAM::Role}}}\n"
        )
        assert "IamRoleLambdaExecution" not in found.resources
        named = found.of("OneLambdaFunction", "Role")
        assert named in ("${X.Arn}", "arn:aws:iam::123456789012:role/x")
        assert str(found.of("TwoLambdaFunction", "Role")).endswith("role/two")


PER_FUNCTION = """\
service: shop
plugins: [serverless-iam-roles-per-function]
provider:
  name: aws
  iamRoleStatements:
    - {Effect: Allow, Action: 'sns:Publish', Resource: '*'}
functions:
  shared: {handler: a.b}
  own:
    handler: a.b
    iamRoleStatements:
      - {Effect: Allow, Action: 's3:GetObject', Resource: '*'}
    events: [sqs: arn:aws:sqs:eu-west-1:123456789012:jobs]
  inheriting:
    handler: a.b
    iamRoleStatementsInherit: true
    iamRoleStatementsName: named
    iamRoleStatements:
      - {Effect: Allow, Action: 's3:PutObject', Resource: '*'}
"""


def test_the_plugin_gives_functions_roles_of_their_own() -> None:
    found = read(PER_FUNCTION)
    assert found.of("SharedLambdaFunction", "Role") == "${IamRoleLambdaExecution.Arn}"
    assert found.of("OwnLambdaFunction", "Role") == "${OwnIamRoleLambdaExecution.Arn}"
    assert [each["Action"] for each in found.statements("OwnIamRoleLambdaExecution")] == [
        ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents"],
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        "s3:GetObject",
    ]
    assert found.of("InheritingIamRoleLambdaExecution", "RoleName") == "named"
    actions = [each["Action"] for each in found.statements("InheritingIamRoleLambdaExecution")]
    assert actions[1:] == ["sns:Publish", "s3:PutObject"]
    path = "Policies.0.PolicyDocument.Statement.2"
    line = "- {Effect: Allow, Action: 's3:GetObject', Resource: '*'}"
    assert found.line("OwnIamRoleLambdaExecution", path) == line


def test_without_the_plugin_such_statements_are_not_applied() -> None:
    found = read(PER_FUNCTION.replace("plugins: [serverless-iam-roles-per-function]\n", ""))
    assert "OwnIamRoleLambdaExecution" not in found.resources
    assert found.lost == [
        "own has iamRoleStatements, which no plugin of the service reads",
        "inheriting has iamRoleStatements, which no plugin of the service reads",
    ]


def test_version_four_gives_functions_roles_by_itself() -> None:
    found = read(
        "service: shop\n"
        "provider: {name: aws, iam: {role: {statements: "
        "[{Effect: Allow, Action: 's3:*', Resource: '*'}]}}}\n"
        "functions:\n"
        "  one:\n"
        "    handler: a.b\n"
        "    iam:\n"
        "      inheritStatements: true\n"
        "      role: {statements: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]}\n"
    )
    actions = [each["Action"] for each in found.statements("OneIamRoleLambdaExecution")]
    assert actions[1:] == ["s3:*", "sqs:*"]
