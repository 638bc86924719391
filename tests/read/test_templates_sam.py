"""SAM: what the transform makes, and the user's own line and property behind each part."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.utils.py27hash_fix import (
    to_py27_compatible_template,
    undo_mark_unicode_str_in_template,
)

from checkrein.model import Choice, Origin, Resource, Symbol, Text, Unread
from checkrein.notation import parse
from checkrein.read.cloudformation import read_template
from checkrein.read.sam_prepare import prepare
from checkrein.read.sam_translator import translate

SHOP = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
  TableName: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Globals:
  Function:
    Runtime: python3.12
    CodeUri: src/
    Layers: [!Ref Shared]
    Environment:
      Variables:
        TABLE: !Ref TableName
  Api:
    Auth:
      DefaultAuthorizer: Pool
      Authorizers:
        Pool:
          UserPoolArn: !GetAtt Users.Arn
Resources:
  Users: {Type: "AWS::Cognito::UserPool"}
  Uploads: {Type: "AWS::S3::Bucket"}
  Queue: {Type: "AWS::SQS::Queue"}
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties:
      ContentUri: layers/shared
  Table:
    Type: AWS::Serverless::SimpleTable
    Properties:
      PrimaryKey: {Name: id, Type: String}
  Put:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/put
      Handler: app.handler
      Layers:
        - arn:aws:lambda:us-east-1:123456789012:layer:x:1
      Environment:
        Variables: {MINE: true}
      Policies:
        - AWSLambdaBasicExecutionRole
        - SQSSendMessagePolicy:
            QueueName: !GetAtt Queue.QueueName
        - Statement:
            - Effect: Allow
              Action: s3:GetObject
              Resource: !Sub "${Uploads.Arn}/*"
      FunctionUrlConfig:
        AuthType: NONE
      Events:
        Post:
          Type: Api
          Properties: {Path: /things, Method: post}
        Free:
          Type: Api
          Properties:
            Path: /free
            Method: get
            Auth: {Authorizer: NONE}
        Messages:
          Type: SQS
          Properties:
            Queue: !GetAtt Queue.Arn
            BatchSize: 5
        Upload:
          Type: S3
          Properties:
            Bucket: !Ref Uploads
            Events: s3:ObjectCreated:*
    Connectors:
      ToQueue:
        Properties:
          Destination: {Id: Queue}
          Permissions: [Write]
  Http:
    Type: AWS::Serverless::HttpApi
    Properties:
      StageName: !Ref Stage
  Get:
    Type: AWS::Serverless::Function
    Condition: IsProd
    Properties:
      InlineCode: |
        def handler(event, context):
            return event
      Handler: index.handler
      Policies: AmazonS3ReadOnlyAccess
      Events:
        All:
          Type: HttpApi
          Properties: {ApiId: !Ref Http}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flow.json
      DefinitionSubstitutions: {Fn: !GetAtt Put.Arn}
      Policies:
        - LambdaInvokePolicy: {FunctionName: !Ref Put}
  Inner:
    Type: AWS::Serverless::Application
    Properties:
      Location: inner/template.yaml
  Market:
    Type: AWS::Serverless::Application
    Properties:
      Location: {ApplicationId: "arn:aws:serverlessrepo:x", SemanticVersion: 1.0.0}
"""
FLOW = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Fn}", "End": true}}}'
INNER = "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}"


def line(text: str) -> int:
    """The line of the template that holds a text."""
    return next(n for n, found in enumerate(SHOP.split("\n"), 1) if text in found)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Resource]:
    root = tmp_path_factory.mktemp("shop")
    (root / "inner").mkdir()
    (root / "template.yaml").write_text(SHOP)
    (root / "flow.json").write_text(FLOW)
    (root / "inner/template.yaml").write_text(INNER)
    facts = read_template(root, "template.yaml")
    assert [fact.reason for fact in facts if isinstance(fact, Unread)] == [
        "Market is an application of others, whose template is not here: arn:aws:serverlessrepo:x"
    ]
    return {fact.id.removeprefix("template/"): fact for fact in facts if isinstance(fact, Resource)}


def origin(name: str, *path: str | int) -> Origin:
    return Origin(f"template/{name}", path)


def test_what_is_made(shop: dict[str, Resource]) -> None:
    assert sorted(shop) == [
        "Flow", "FlowRole", "Get", "GetAllPermission", "GetRole", "Http", "HttpStage", "Inner",
        "Inner/Topic", "Market", "Put", "PutFreePermissionProd", "PutMessages",
        "PutPostPermissionProd", "PutRole", "PutToQueuePolicy", "PutURLInvokeAllowPublicAccess",
        "PutUploadPermission", "PutUrl", "PutUrlPublicPermissions", "Queue", "ServerlessRestApi",
        "ServerlessRestApiDeployment", "ServerlessRestApiProdStage", "Shared", "Table", "Uploads", "Users",
    ]  # fmt: skip
    assert (shop["Put"].type, shop["Put"].source_type) == (
        "AWS::Lambda::Function",
        "AWS::Serverless::Function",
    )
    assert (shop["Queue"].source_type, shop["Get"].when) == ("", (("template#IsProd", True),))
    assert shop["Inner"].type == "AWS::CloudFormation::Stack"


def test_code_stays_as_written(shop: dict[str, Resource]) -> None:
    assert shop["Put"]["Code"] == "src/put"
    assert shop["Get"]["Code"] == {"ZipFile": "def handler(event, context):\n    return event\n"}
    assert shop["Get"].where("Code.ZipFile").line == line("InlineCode")
    assert shop["Shared"]["Content"] == "layers/shared"
    assert shop["Put"].value("Layers.0") == Symbol("template/Shared")


def test_symbols_survive_the_transform(shop: dict[str, Resource]) -> None:
    assert shop["Put"].value("Environment.Variables") == {
        "TABLE": Symbol("template@parameter", "TableName"),
        "MINE": "true",
    }
    assert shop["Put"].value("Role") == Symbol("template/PutRole", "Arn")
    assert shop["PutRole"].value("Policies.1.PolicyDocument.Statement.0.Resource") == Text(
        (Symbol("template/Uploads", "Arn"), "/*")
    )


@pytest.mark.parametrize(
    ("name", "path", "text", "source"),
    [
        ("Put", "Runtime", "Runtime:", origin("Globals/Function", "Runtime")),
        ("Put", "Handler", "app.handler", origin("Put", "Handler")),
        ("Put", "Code", "CodeUri: src/put", origin("Put", "CodeUri")),
        ("Get", "Code.ZipFile", "InlineCode", origin("Get", "InlineCode")),
        ("Put", "Layers.0", "Layers: [", origin("Globals/Function", "Layers", 0)),
        ("Put", "Layers.1", "layer:x:1", origin("Put", "Layers", 0)),
        (
            "Put",
            "Environment.Variables.TABLE",
            "TABLE:",
            origin("Globals/Function", "Environment", "Variables", "TABLE"),
        ),
        ("Put", "Environment.Variables.MINE", "MINE", None),
        ("PutRole", "ManagedPolicyArns.0", "- AWSLambdaBasic", origin("Put", "Policies", 0)),
        (
            "PutRole",
            "Policies.0.PolicyDocument.Statement.0.Action.0",
            "SQSSendMessagePolicy",
            origin("Put", "Policies", 1, "Statement", 0, "Action", 0),
        ),
        (
            "PutRole",
            "Policies.1.PolicyDocument.Statement.0.Action",
            "Action: s3:GetObject",
            origin("Put", "Policies", 2, "Statement", 0, "Action"),
        ),
        ("GetRole", "ManagedPolicyArns.1", "AmazonS3Read", origin("Get", "Policies")),
        ("PutUrl", "AuthType", "AuthType", origin("Put", "FunctionUrlConfig", "AuthType")),
        (
            "PutMessages",
            "BatchSize",
            "BatchSize",
            origin("Put", "Events", "Messages", "Properties", "BatchSize"),
        ),
        ("PutUploadPermission", "Principal", "Upload:", None),
        ("Uploads", "NotificationConfiguration.LambdaConfigurations.0.Event", "Upload:", None),
        ("PutToQueuePolicy", "PolicyDocument", "ToQueue", None),
        ("Http", "Body.paths.$default", "All:", origin("Get", "Events", "All")),
        ("HttpStage", "StageName", "StageName", origin("Http", "StageName")),
        ("Table", "KeySchema.0.AttributeName", "PrimaryKey", None),
        (
            "ServerlessRestApi",
            ("Body", "securityDefinitions", "Pool"),
            "        Pool:",
            origin("Globals/Api", "Auth", "Authorizers", "Pool"),
        ),
        (
            "ServerlessRestApi",
            ("Body", "paths", "/free", "get", "security"),
            "Free:",
            origin("Put", "Events", "Free", "security"),
        ),
    ],
)
def test_the_line_and_the_property_behind(
    shop: dict[str, Resource], name: str, path: Any, text: str, source: Origin | None
) -> None:
    assert shop[name].value(path) is not None
    assert shop[name].where(path).line == line(text)
    if source:
        assert shop[name].origin(path) == source


def test_routes_and_their_authorizers(shop: dict[str, Resource]) -> None:
    paths = shop["ServerlessRestApi"].value("Body.paths")
    assert paths["/things"]["post"]["security"] == [{"Pool": []}]
    assert paths["/free"]["get"]["security"] == [{"NONE": []}]
    assert isinstance(shop["Http"].value("Body.paths.$default"), (dict, Choice))


def test_a_state_machine_in_a_file(shop: dict[str, Resource]) -> None:
    flow = shop["Flow"]
    assert flow.value("Definition.States.A.Resource") == Symbol("template/Put", "Arn")
    assert str(flow.where("Definition.States.A.Resource")) == "flow.json:1"


GRAPHQL = """\
Resources:
  Api:
    Type: AWS::Serverless::GraphQLApi
    Properties:
      SchemaUri: schema.graphql
      Auth: {Type: API_KEY}
      DataSources:
        DynamoDb:
          T: {TableName: !Ref T, TableArn: !GetAtt T.Arn}
      Functions:
        f: {Runtime: {Name: APPSYNC_JS, Version: 1.0.0}, DataSource: T, CodeUri: f.js}
      Resolvers:
        Query:
          get: {Runtime: {Name: APPSYNC_JS, Version: 1.0.0}, Pipeline: [f]}
  T: {Type: "AWS::Serverless::SimpleTable"}
"""


def test_a_graphql_api(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(GRAPHQL)
    (tmp_path / "schema.graphql").write_text("type Query { get(id: ID!): String }")
    facts = read_template(tmp_path, "t.yaml")
    found = {fact.name: fact for fact in facts if isinstance(fact, Resource)}
    assert found["ApiSchema"]["Definition"] == "type Query { get(id: ID!): String }"
    assert str(found["ApiSchema"].where("Definition")) == "schema.graphql:1"
    assert (found["Apif"]["CodeS3Location"], found["Apif"].place.line) == ("f.js", 11)
    assert [found[name].place.line for name in ("ApiTDynamoDBDataSource", "ApiQueryget")] == [9, 14]
    assert found["Apif"].origin() == Origin("t/Api", ("Functions", "f"))


def test_what_the_translator_refuses_is_read_directly(tmp_path: Path) -> None:
    refused = SHOP.replace("Type: SQS\n", "Type: Nonsense\n").replace(
        "SQSSendMessagePolicy", "SQSPollerPolicy"
    )
    (tmp_path / "template.yaml").write_text(refused)
    facts = read_template(tmp_path, "template.yaml")
    found = {fact.name: fact for fact in facts if isinstance(fact, Resource)}
    unread = [fact for fact in facts if isinstance(fact, Unread) and "refuses" in fact.reason]
    assert [("[Put]" in fact.reason, fact.fatal) for fact in unread] == [(True, False)]
    assert found["Put"]["Code"] == "src/put"
    assert found["Put"]["Runtime"] == "python3.12"
    assert found["Put"].where("Runtime").line == line("Runtime:")
    role = found["PutRole"]
    assert role["Policies.0.PolicyDocument.Statement.0.Action.0"] == "sqs:ChangeMessageVisibility"
    assert role.where("Policies.1.PolicyDocument.Statement.0.Action").line == line("s3:GetObject")
    assert found["PutUrl"]["AuthType"] == "NONE"
    assert found["ServerlessRestApi"].value("Body.paths./things.post") is not None
    assert found["ServerlessRestApi"].where("Body.paths./things.post").line == line("Post:")
    assert found["Get"].source_type == "AWS::Serverless::Function"
    assert found["FlowRole"].type == "AWS::IAM::Role"


def test_parameters_that_the_translator_must_know(tmp_path: Path) -> None:
    template = """
Parameters: {Alias: {Type: String, Default: live}, Other: {Type: String}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.12
      AutoPublishAlias: !Ref Alias
      Environment: {Variables: {OTHER: !Ref Other}}
  G:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: python3.12, AutoPublishAlias: !Ref Other}
"""
    (tmp_path / "t.yaml").write_text(template)
    facts = read_template(tmp_path, "t.yaml")
    aliases = [f.name for f in facts if isinstance(f, Resource) and f.type.endswith("Alias")]
    assert aliases == ["FAliaslive", "GAliasundefined"]
    assert not [fact for fact in facts if isinstance(fact, Unread)]


def unhashed(translated: dict[str, Any]) -> str:
    """Take off the hashes, which rest on the order of keys."""
    line = json.dumps(translated, sort_keys=True)
    return re.sub(r"(?<=Deployment|yment id: )[0-9a-f]{10,40}", "", line)


def test_the_cached_translator_is_the_stock_one() -> None:
    """Same template in, same CloudFormation out, defaults and pseudo parameters aside."""
    value = prepare(parse(SHOP, "template.yaml").value).value
    parameters = {"Stage": "dev", "AWS::Region": "us-east-1", "AWS::Partition": "aws"}
    stock = copy.deepcopy(value)
    to_py27_compatible_template(stock, dict(parameters))
    session = SimpleNamespace(region_name="us-east-1")
    expected = undo_mark_unicode_str_in_template(
        Translator(None, Parser(), boto_session=session).translate(
            stock,
            parameter_values=dict(parameters),
            passthrough_metadata=True,
            get_managed_policy_map=lambda: get_bundled_managed_policy_map("aws"),
        )
    )
    assert unhashed(translate(value, dict(parameters))) == unhashed(expected)


SCRIPT = """
import sys, pathlib
from checkrein.read.cloudformation import read_template
facts = read_template(pathlib.Path(sys.argv[1]), "t.yaml")
print(len(facts), sorted({"boto3", "pydantic_core", "samtranslator"} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("type", "printed"),
    [("AWS::S3::Bucket", "2 []"), ("AWS::Serverless::SimpleTable", "2 ['samtranslator']")],
)
def test_nothing_heavy_is_imported_without_need(tmp_path: Path, type: str, printed: str) -> None:
    (tmp_path / "t.yaml").write_text(f"Resources: {{B: {{Type: '{type}'}}}}")
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == printed
