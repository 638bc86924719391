"""Plain CloudFormation: what a template says, in three values, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checkrein.model import Choice, Open, Resource, Stack, Symbol, Text, Unread
from checkrein.read import template as opening
from checkrein.read.cloudformation import read_template, read_templates

REGION, ACCOUNT = Symbol("@aws", "Region"), Symbol("@aws", "AccountId")

HEAD = """
Parameters:
  Plain: {Type: String}
  Assumed: {Type: String, Default: dev}
  Ids: {Type: CommaDelimitedList, Default: "a, b"}
  Path: {Type: "AWS::SSM::Parameter::Value<String>", Default: /app/key}
Mappings:
  Sizes:
    dev: {cpu: 1, gone: 2}
    prod: {cpu: 4}
Conditions:
  IsProd: !Equals [!Ref Assumed, prod]
  NotProd: !Not [!Condition IsProd]
  AlsoProd: !Equals [!Ref Assumed, prod]
  Both: !And [!Condition IsProd, !Equals [a, a]]
  Never: !Equals [a, b]
Resources:
  Table: {Type: "AWS::DynamoDB::Table"}
  Secret: {Type: "AWS::SecretsManager::Secret"}
  Thing:
    Type: Custom::Thing
    Properties:
      Value: """


def write(root: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


def resource(facts: list[Any], id: str) -> Resource:
    return next(fact for fact in facts if isinstance(fact, Resource) and fact.id == id)


def stack(facts: list[Any], id: str) -> Stack:
    return next(fact for fact in facts if isinstance(fact, Stack) and fact.id == id)


PROD = ("t#IsProd", True)
DEV = ("t#IsProd", False)
TABLE = Symbol("t/Table", "Ref")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("!Ref Table", TABLE),
        ("!GetAtt Table.Arn", Symbol("t/Table", "Arn")),
        ("!Ref Plain", Symbol("t@parameter", "Plain")),
        ("!Ref Assumed", "dev"),
        ("!Ref Ids", ["a", "b"]),
        ("!Ref Path", Symbol("@ssm", "/app/key")),
        ("!Ref Nobody", Open("Nobody is not declared in this template")),
        ("!Ref AWS::StackName", Symbol("t@stack", "StackName")),
        ("!Sub 'x-${Table}-${Assumed}'", Text(("x-", TABLE, "-dev"))),
        ("!Sub '${Assumed}-${!Literal}'", "dev-${Literal}"),
        ("!Sub ['${A}/${Table.Arn}', {A: !Ref Plain}]",
         Text((Symbol("t@parameter", "Plain"), "/", Symbol("t/Table", "Arn")))),
        ("!Join ['-', [a, !Ref Assumed, 1, true]]", "a-dev-1-true"),
        ("!Join [',', !Ref Ids]", "a,b"),
        ("!Select [1, !Split ['/', 'a/b/c']]", "b"),
        ("!Select [1, !Split ['/', !Sub 'x/${Table}/y']]", TABLE),
        ("!Select [2, !Split [':', !GetAtt Table.Arn]]", Symbol("t/Table", "Arn.split(:)[2]")),
        ("!FindInMap [Sizes, !Ref Assumed, cpu]", 1),
        ("!FindInMap [Sizes, !Ref Plain, cpu]", Choice((((), 1), ((), 4)))),
        ("!FindInMap [Sizes, none, cpu, {DefaultValue: 9}]", 9),
        ("!ImportValue {'Fn::Sub': '${AWS::Region}-vpc'}",
         Symbol("@export", "${@aws.Region}-vpc")),
        ("!Base64 echo", "echo"),
        ("!GetAZs ''", Open("Fn::GetAZs depends on the account")),
        ("!If [IsProd, 1, 2]", Choice((((PROD,), 1), ((DEV,), 2)))),
        ("!If [NotProd, 1, 2]", Choice((((DEV,), 1), ((PROD,), 2)))),
        ("!If [AlsoProd, !If [IsProd, 1, 2], 3]", Choice((((PROD,), 1), ((DEV,), 3)))),
        ("!If [Both, 1, 2]", Choice((((PROD,), 1), ((DEV,), 2)))),
        ("!If [Never, 1, 2]", 2),
        ("!If [IsProd, !Ref AWS::NoValue, 2]", Choice((((PROD,), None), ((DEV,), 2)))),
        ("[1, !Ref AWS::NoValue, 2]", [1, 2]),
        ("!Sub 'x-${Assumed}-!If'", "x-dev-!If"),
        ("'{{resolve:ssm:/a/b:3}}'", Symbol("@ssm", "/a/b")),
        ("'{{resolve:secretsmanager:db:SecretString:password}}'",
         Symbol("@secretsmanager", "db:password")),
        ("!Sub 'u:{{resolve:secretsmanager:${Secret}:SecretString:password}}'",
         Text(("u:", Symbol("t/Secret", "SecretString.password")))),
        ("{'Fn::Length': !Ref Ids}", 2),
        ("{'Fn::ToJsonString': {a: [1, true]}}", '{"a": [1, true]}'),
        ("{'Fn::ToJsonString': {a: !Ref Table}}", Text(('{"a": "', TABLE, '"}'))),
        ("{'Fn::Cidr': [1, 2, 3]}", Open("Fn::Cidr depends on the account")),
        ("{'Fn::Transform': {Name: Mine}}", Open("what the macro Mine makes")),
    ],
)  # fmt: skip
def test_intrinsics(tmp_path: Path, written: str, value: Any) -> None:
    root = write(tmp_path, {"t.yaml": HEAD + written})
    assert resource(read_template(root, "t.yaml"), "t/Thing").value("Value") == value


def test_absent_properties_and_conditional_resources(tmp_path: Path) -> None:
    template = """
Conditions:
  Maybe: !Equals [!Ref AWS::Region, eu-west-1]
  Never: !Equals [a, b]
Resources:
  A:
    Type: AWS::S3::Bucket
    Condition: Maybe
    DeletionPolicy: Retain
    Properties: {BucketName: !Ref AWS::NoValue}
  B: {Type: "AWS::S3::Bucket", Condition: Never}
"""
    facts = read_template(write(tmp_path, {"t.yaml": template}), "t.yaml")
    bucket = resource(facts, "t/A")
    assert (bucket.when, bucket.properties) == ((("t#Maybe", True),), {})
    assert bucket.metadata == {"DeletionPolicy": "Retain"}
    assert len([fact for fact in facts if isinstance(fact, Resource)]) == 1


def test_values_have_the_type_of_the_schema(tmp_path: Path) -> None:
    template = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Timeout: "5"
      Environment: {Variables: {DEBUG: true, SIZE: 5}}
  B:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicAcls: "true"}
      Tags: [{Key: on, Value: "5"}]
"""
    facts = read_template(write(tmp_path, {"t.yaml": template}), "t.yaml")
    assert resource(facts, "t/F").properties == {
        "Timeout": 5,
        "Environment": {"Variables": {"DEBUG": "true", "SIZE": "5"}},
    }
    assert resource(facts, "t/B")["PublicAccessBlockConfiguration.BlockPublicAcls"] is True
    assert resource(facts, "t/B")["Tags.0.Value"] == "5"


def test_places_are_the_users_lines(tmp_path: Path) -> None:
    template = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument:
            Statement:
              - Action: s3:*
                Resource: !If
                  - Wide
                  - "*"
                  - !Sub "arn:${AWS::Partition}:s3:::x"
"""
    role = resource(read_template(write(tmp_path, {"t.yaml": template}), "t.yaml"), "t/Role")
    statement = "Policies.0.PolicyDocument.Statement.0"
    assert (role.place.line, role.where("Policies").line) == (2, 5)
    assert role.where(f"{statement}.Action").line == 8
    assert role.where(f"{statement}.Missing").line == 8
    assert role.where(f"{statement}.Resource").line == 9
    assert role.origin("Policies.0").path == ("Policies", 0)


def test_loops_are_written_out(tmp_path: Path) -> None:
    template = """
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Topics:
    - Name
    - [Orders, Bills-2]
    - Topic&{Name}:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Sub "x-${Name}"
          DisplayName: !Ref Name
  Fn::ForEach::More:
    - Name
    - !Ref Names
    - "Q${Name}": {Type: "AWS::SQS::Queue"}
"""
    facts = read_template(write(tmp_path, {"t.yaml": template}), "t.yaml")
    made = resource(facts, "t/TopicBills2")
    assert made.properties == {"TopicName": "x-Bills-2", "DisplayName": "Bills-2"}
    assert (made.place.line, made.where("TopicName").line) == (8, 11)
    assert [fact.reason for fact in facts if isinstance(fact, Unread)] == [
        "Fn::ForEach::More repeats over a list that is not known"
    ]


def test_files_that_a_template_includes(tmp_path: Path) -> None:
    template = """
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: x
      Body:
        Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./api/open.yaml}}
  Gone:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body: {"Fn::Transform": {Name: AWS::Include, Parameters: {Location: gone.yaml}}}
"""
    api = "swagger: '2.0'\npaths:\n  /a:\n    get: {security: []}\n"
    facts = read_template(write(tmp_path, {"t.yaml": template, "api/open.yaml": api}), "t.yaml")
    found = resource(facts, "t/Api")
    assert found["Body.paths"] == {"/a": {"get": {"security": []}}}
    assert str(found.where(("Body", "paths", "/a", "get"))) == "api/open.yaml:4"
    assert [fact.reason for fact in facts if isinstance(fact, Unread)] == [
        "AWS::Include names a file that is not here: gone.yaml"
    ]


def test_a_state_machine_is_read_as_an_object(tmp_path: Path) -> None:
    template = """
Resources:
  Do: {Type: "AWS::Lambda::Function"}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub |
        {"StartAt": "A", "States": {"A": {"Resource": "${Do.Arn}", "Next": "${!Step}"}}}
      DefinitionSubstitutions: {Step: B}
"""
    facts = read_template(write(tmp_path, {"t.yaml": template}), "t.yaml")
    assert resource(facts, "t/Flow").value("Definition.States.A") == {
        "Resource": Symbol("t/Do", "Arn"),
        "Next": "B",
    }


PARENT = """
Parameters: {Stage: {Type: String}}
Conditions: {Live: !Equals [!Ref Stage, x]}
Resources:
  Table: {Type: "AWS::DynamoDB::Table"}
  Inner:
    Type: AWS::CloudFormation::Stack
    Condition: Live
    Properties:
      TemplateURL: ./nested/child.yaml
      Parameters: {Table: !Ref Table, Kind: big}
  Uploaded:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: !Sub "https://s3.amazonaws.com/${AWS::Region}/child.yaml"}
  Gone:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: gone.yaml}
Outputs:
  Name:
    Value: !GetAtt Inner.Outputs.Queue
    Export: {Name: !Sub "${AWS::StackName}-q"}
"""
CHILD = """
Parameters: {Table: {Type: String}, Kind: {Type: String, Default: small}}
Conditions: {Big: !Equals [!Ref Kind, big]}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Ref Table, DelaySeconds: !If [Big, 1, 2]}
Outputs: {Queue: {Value: !Ref Queue}}
"""


def test_nested_stacks(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.yaml": PARENT, "a/nested/child.yaml": CHILD})
    facts = read_templates(tmp_path, ["a/main.yaml", "a/nested/child.yaml"])
    parent = stack(facts, "a/main")
    assert parent.children == {
        "a/main/Inner": "a/main/Inner",
        "a/main/Uploaded": "a/main/Uploaded",
    }
    assert parent.arguments["a/main/Inner"] == {"Table": Symbol("a/main/Table"), "Kind": "big"}
    assert parent.exports == {
        "${a/main@stack.StackName}-q": Symbol("a/main/Inner", "Outputs.Queue")
    }
    queue = resource(facts, "a/main/Inner/Queue")
    assert queue.properties == {"QueueName": Symbol("a/main/Table"), "DelaySeconds": 1}
    assert (queue.when, queue.stack) == ((("a/main#Live", True),), "a/main/Inner")
    assert stack(facts, "a/main/Inner").outputs == {"Queue": Symbol("a/main/Inner/Queue")}
    assert stack(facts, "a/main/Inner").source == "a/nested/child.yaml"
    assert resource(facts, "a/main/Uploaded/Queue").value("DelaySeconds") == Choice(
        (((("a/main/Uploaded#Big", True),), 1), ((("a/main/Uploaded#Big", False),), 2))
    )
    assert not [fact for fact in facts if fact.id.startswith("a/nested/child/")]
    assert [fact.reason for fact in facts if isinstance(fact, Unread)] == [
        "Gone nests a template that is not here: gone.yaml"
    ]


@pytest.mark.parametrize("location", ["x" * 5000, "a\\0b", "../../../../etc/passwd", "/etc/hosts"])
def test_locations_that_lead_nowhere(tmp_path: Path, location: str) -> None:
    template = f"""
Resources:
  N: {{Type: "AWS::CloudFormation::Stack", Properties: {{TemplateURL: "{location}"}}}}
  A: {{Type: "AWS::ApiGateway::RestApi", Properties: {{BodyS3Location: "{location}"}}}}
"""
    facts = read_template(write(tmp_path, {"t.yaml": template}), "t.yaml")
    assert [fact.fatal for fact in facts if isinstance(fact, Unread)] == [False]
    assert "Body" not in resource(facts, "t/A").properties


def test_templates_that_nest_each_other_are_read_once(tmp_path: Path) -> None:
    ring = (
        "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: %s}\n  Q: {Type: 'AWS::SQS::Queue'}\n"
    )
    write(tmp_path, {"a.yaml": ring % "b.yaml", "b.yaml": ring % "a.yaml"})
    facts = read_templates(tmp_path, ["a.yaml", "b.yaml"])
    queues = [fact.id for fact in facts if isinstance(fact, Resource) and "SQS" in fact.type]
    assert sorted(queues) == ["a/N/Q", "a/Q"]


def test_ids_keep_the_suffix_where_siblings_differ_only_by_it(tmp_path: Path) -> None:
    bucket = "Resources: {B: {Type: 'AWS::S3::Bucket'}}"
    write(
        tmp_path,
        {
            "x/t.yaml": bucket,
            "x/t.json": '{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}',
            "y/t.yaml": bucket,
        },
    )
    facts = read_templates(tmp_path, ["x/t.yaml", "x/t.json", "y/t.yaml"])
    assert sorted(fact.id for fact in facts if isinstance(fact, Resource)) == [
        "x/t.json/B",
        "x/t.yaml/B",
        "y/t/B",
    ]


def test_values_of_parameters_from_files(tmp_path: Path) -> None:
    template = """
Parameters: {A: {Type: String, Default: x}, B: {Type: String}, C: {Type: String}}
Resources:
  Q: {Type: Custom::Q, Properties: {A: !Ref A, B: !Ref B, C: !Ref C}}
"""
    configuration = """
[default.deploy.parameters]
parameter_overrides = "A=one B=\\"two words\\" Other=1"
[prod.deploy.parameters]
parameter_overrides = ["A=three"]
"""
    parameters = '[{"ParameterKey": "C", "ParameterValue": "four"}]'
    write(
        tmp_path,
        {
            "template.yaml": template,
            "samconfig.toml": configuration,
            "template.parameters.json": parameters,
        },
    )
    facts = read_template(tmp_path, "template.yaml")
    values = {"A": "one", "B": "two words", "C": "four"}
    assert stack(facts, "template").values == values
    assert resource(facts, "template/Q").properties == values


@pytest.mark.parametrize(
    ("content", "line", "sentence"),
    [
        ("Resources:\n  A: {Type: 'AWS::S3::Bucket'\n", 3, "not valid YAML or JSON (line 3)"),
        ("Resources:\n  A: &a {Type: 'AWS::S3::Bucket', P: *a}", 2, "an alias stands inside"),
        ("Resources: {A: {Type: 'AWS::S3::Bucket', P: " + "[" * 5000, 1, "nested deeper"),
        ("a\0b", 1, "binary"),
        ("AWSTemplateFormatVersion: '2010-09-09'\nParameters: {}\n", 1, "no resources"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, content: str, line: int, sentence: str
) -> None:
    facts = read_template(write(tmp_path, {"t.yaml": content}), "t.yaml")
    assert [type(fact) for fact in facts] == [Unread]
    unread = facts[0]
    assert isinstance(unread, Unread)
    assert sentence in unread.reason
    assert (unread.fatal, unread.place.line) == (True, line)


def test_oddities_are_reported_and_do_no_harm(tmp_path: Path) -> None:
    template = """
Resources:
  A: {Type: "AWS::S3::Bucket"}
  A: {Type: "AWS::SQS::Queue"}
  Empty:
  Odd: 5
Outputs:
---
more: 1
"""
    facts = read_template(write(tmp_path, {"t.yaml": template}), "t.yaml")
    assert [fact.type for fact in facts if isinstance(fact, Resource)] == ["AWS::SQS::Queue"]
    assert [(f.reason, f.fatal) for f in facts if isinstance(f, Unread)] == [
        ("Resources.A stands twice; the last one counts", False),
        ("a second document begins; CloudFormation reads the first", False),
    ]


def test_other_documents_are_no_templates(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "k8s.yaml": "kind: Deployment\nResources: {cpu: 1}\n",
            "sls.yml": "resources:\n  Resources:\n    A: {Type: 'AWS::S3::Bucket'}\n",
        },
    )
    assert read_templates(tmp_path, ["k8s.yaml", "sls.yml"]) == []


def test_json_that_is_no_template_is_not_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = '{"shapes": {"A": {"members": {"Resources": {"shape": "AWS::Text"}}}}}'
    write(tmp_path, {"service-2.json": shapes, "half.json": '{"AWSTemplateFormatVersion": "x"}'})
    (lost,) = read_templates(tmp_path, ["half.json"])
    assert isinstance(lost, Unread)
    assert "declares no resources" in lost.reason
    monkeypatch.setattr(opening, "parse", None)
    assert read_templates(tmp_path, ["service-2.json"]) == []


def test_the_packaged_form_of_a_template_is_the_same_application(tmp_path: Path) -> None:
    source = """
Resources:
  F: {Type: "AWS::Serverless::Function", Properties: {Runtime: python3.12, Handler: a.b, CodeUri: %s}}
"""
    write(tmp_path, {"template.yaml": source % "src/", "out.yaml": source % "s3://bucket/1234"})
    facts = read_templates(tmp_path, ["out.yaml", "template.yaml"])
    assert [fact.id for fact in facts if isinstance(fact, Stack)] == ["template"]
    assert [(fact.path, fact.fatal) for fact in facts if isinstance(fact, Unread)] == [
        ("out.yaml", False)
    ]
