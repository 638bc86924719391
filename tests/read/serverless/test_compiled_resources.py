"""``resources:`` merged into what the framework makes, and what the framework adds."""

from __future__ import annotations

from tests.read.serverless.compiling import read

TEXT = """\
service: shop
provider: {name: aws}
functions:
  hello: {handler: a.b}
resources:
  - Resources:
      Orders:
        Type: AWS::DynamoDB::Table
        DeletionPolicy: Retain
        Properties:
          TableName: orders
  - Resources:
      Orders:
        Properties: {BillingMode: PAY_PER_REQUEST}
      IamRoleLambdaExecution:
        Properties:
          Path: /shop/
      HelloLogGroup:
        Properties:
          RetentionInDays: 7
    Conditions:
      IsProd: !Equals [a, b]
    Outputs:
      Table: {Value: !Ref Orders, Export: {Name: orders-table}}
  - extensions:
      HelloLambdaFunction:
        Properties:
          MemorySize: 3008
        DependsOn: [Orders]
      Missing: {Properties: {}}
"""


def test_lists_of_resources_are_merged_part_by_part() -> None:
    found = read(TEXT)
    assert found.of("Orders") == {"TableName": "orders", "BillingMode": "PAY_PER_REQUEST"}
    assert found.resources["Orders"].metadata["DeletionPolicy"] == "Retain"
    assert found.of("IamRoleLambdaExecution", "Path") == "/shop/"
    assert found.of("HelloLogGroup")["RetentionInDays"] == 7
    assert found.of("HelloLambdaFunction", "MemorySize") == 3008
    assert found.document["Conditions"] == {"IsProd": {"Fn::Equals": ["a", "b"]}}
    assert found.document["Outputs"]["Table"]["Export"] == {"Name": "orders-table"}


def test_what_the_team_says_of_a_resource_stands_where_it_says_it() -> None:
    found = read(TEXT)
    assert found.line("Orders", "TableName") == "TableName: orders"
    assert found.line("Orders", "BillingMode").startswith("Properties: {Bill")
    assert found.line("HelloLogGroup", "RetentionInDays") == "RetentionInDays: 7"
    assert found.line("HelloLogGroup", "LogGroupName") == "HelloLogGroup:"
    assert found.line("HelloLambdaFunction", "MemorySize") == "MemorySize: 3008"
    assert found.line("IamRoleLambdaExecution", "Path") == "Path: /shop/"


def test_a_resource_that_the_team_configures_is_not_one_that_nobody_wrote() -> None:
    found = read(TEXT)
    assert found.resources["HelloLogGroup"].added == ""


def test_what_does_not_fit_is_said() -> None:
    assert read(TEXT).lost == ["the extension of Missing has nothing to extend"]
    lost = read("service: s\nprovider: {name: aws}\nresources: [text, {Resources: {A: 1}}]\n").lost
    assert lost == [
        "resources are not known here (text)",
        "what the resource A is cannot be told",
    ]


def test_a_named_bucket_takes_the_place_of_the_frameworks() -> None:
    found = read("service: s\nprovider: {name: aws, deploymentBucket: {name: ours}}\n")
    assert found.resources == {}
    assert found.document["Outputs"]["ServerlessDeploymentBucketName"]["Value"] == "ours"


def test_the_frameworks_bucket_can_be_configured() -> None:
    found = read(
        "service: s\n"
        "provider: {name: aws, deploymentBucket: {blockPublicAccess: true, versioning: true}}\n"
    )
    bucket = found.of("ServerlessDeploymentBucket")
    assert bucket["PublicAccessBlockConfiguration"]["BlockPublicAcls"] is True
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
