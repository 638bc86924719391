"""Which variables a template surely gives a function, and whether it gives others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.model import DEPLOYED, Environment, Function
from checkrein.pipeline.reading import read
from checkrein.read import environment

SERVERLESS = """\
service: shop
provider:
  name: aws
  runtime: nodejs22.x
  stage: dev
  environment:
    MODE: s3  # as it is deployed
    QUOTED: 'a: b'
    IS_OFFLINE: ${env:IS_OFFLINE, 'false'}
    DB_SSL: ${env:DB_SSL, 'false'}
    CHOSEN: ${env:CHOSEN, 'local'}
    STAGE: ${self:provider.stage}
    OPTION: ${opt:kind, 'false'}
    BELOW: ${self:custom.below}
    WAITS: ''
    COUNT: 3
custom:
  below: x
functions:
  one:
    handler: app.handler
"""
SAM = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Kind: {Type: String, Default: small}
Globals:
  Function:
    Runtime: python3.13
    Environment:
      Variables:
        LEVEL: INFO
        STAGE: !Ref Stage
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Environment:
        Variables:
          KIND: !Ref Kind
          NAME: !Sub "${Stage}-x"
          LIKELY: !If [IsProd, a, a]
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
"""
TERRAFORM = """\
variable "stage" { default = "dev" }
locals {
  env_vars = {
    MODE  = "s3"
    STAGE = var.stage
  }
}
resource "aws_lambda_function" "one" {
  function_name = "one"
  role          = "arn:aws:iam::123456789012:role/x"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
  environment {
    variables = local.env_vars
  }
}
"""

PLAIN = """\
Resources:
  One:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/x
      Code: {ZipFile: "def handler(event, context): pass"}
      Environment:
        Variables:
          MODE: s3
"""


def told(folder: Path, name: str, text: str) -> Environment:
    (folder / name).write_text(text)
    (folder / "app.py").write_text("def handler(event, context): pass\n")
    (folder / "app.js").write_text("exports.handler = async () => {};\n")
    found = [fact for fact in read([folder], lambda _: None).facts if isinstance(fact, Function)]
    assert len(found) == 1
    return found[0].environment


def test_a_serverless_service_gives_what_it_spells_out(tmp_path: Path) -> None:
    found = told(tmp_path, "serverless.yml", SERVERLESS)

    assert {name: values for name, values in found.values.items() if values} == {
        "MODE": ("s3",),
        "QUOTED": ("a: b",),
        "IS_OFFLINE": ("false",),
        "COUNT": ("3",),
    }
    assert found.of("STAGE") == ()
    assert found.of("OTHER") == (None,)


def test_a_template_gives_what_a_parameter_may_be(tmp_path: Path) -> None:
    found = told(tmp_path, "template.yaml", SAM)

    assert {name: values for name, values in found.values.items() if values} == {
        "LEVEL": ("INFO",),
        "STAGE": ("dev", "prod"),
    }
    assert found.complete


def test_terraform_gives_what_locals_spell_out(tmp_path: Path) -> None:
    found = told(tmp_path, "main.tf", TERRAFORM)

    assert found.values == {"MODE": ("s3",), "STAGE": (DEPLOYED,)}
    assert found.complete


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("serverless.yml", f"{SERVERLESS}plugins: [serverless-dotenv-plugin]\n"),
        ("template.yaml", f"Transform: [Ours]\n{PLAIN}"),
        ("template.yaml", PLAIN.replace("    Type", "    Metadata: {Dockerfile: D}\n    Type")),
        ("main.tf", TERRAFORM.replace("local.env_vars", "merge(local.env_vars, var.more)")),
        ("main.tf", TERRAFORM.replace("local.env_vars", "var.more")),
        (
            "main.tf",
            TERRAFORM.replace(
                "  environment {", "  lifecycle { ignore_changes = [environment] }\n  environment {"
            ),
        ),
    ],
)
def test_what_is_set_elsewhere_too_is_not_all(tmp_path: Path, name: str, text: str) -> None:
    more = '\nvariable "more" { default = {} }\n' if name == "main.tf" else ""

    assert not told(tmp_path, name, text + more).complete


def test_what_stands_in_a_file_of_one_stage_is_not_the_same_everywhere(tmp_path: Path) -> None:
    (tmp_path / "env.yml").write_text("dev:\n  MODE: local\nprod:\n  MODE: s3\n")
    text = SERVERLESS.split("  environment:", maxsplit=1)[0] + (
        "  environment: ${file(env.yml):${self:provider.stage}}\n"
        "functions:\n  one:\n    handler: app.handler\n"
    )

    assert told(tmp_path, "serverless.yml", text).values == {"MODE": ()}


def test_a_template_without_macros_is_all(tmp_path: Path) -> None:
    assert told(tmp_path, "template.yaml", PLAIN) == Environment({"MODE": ("s3",)}, complete=True)


def test_what_stands_in_another_folder_is_not_all(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/env.yml").write_text("environment:\n  MODE: s3\n")
    text = SERVERLESS.split("  environment:", maxsplit=1)[0] + (
        "  environment: ${file(shared/env.yml):environment}\n"
        "functions:\n  one:\n    handler: app.handler\n"
    )

    assert told(tmp_path, "serverless.yml", text) == Environment({"MODE": ("s3",)})


def test_a_comment_is_no_head(tmp_path: Path) -> None:
    text = PLAIN.replace("          MODE", "# local:\n          MODE")

    assert told(tmp_path, "template.yaml", text).values == {"MODE": ("s3",)}


def test_a_program_that_unites_variables_gives_others_too(tmp_path: Path) -> None:
    text = (
        "const shared = {};\n"
        "module.exports = {\n  service: 'shop',\n  provider: {\n    name: 'aws',\n"
        "    runtime: 'nodejs22.x',\n    environment: {\n      MODE: 's3',\n"
        "      ...shared,\n    },\n  },\n"
        "  functions: { one: { handler: 'app.handler' } },\n};\n"
    )

    assert told(tmp_path, "serverless.js", text) == Environment({"MODE": ("s3",)})
    plain = text.replace("      ...shared,\n", "")
    assert told(tmp_path, "serverless.js", plain) == Environment({"MODE": ("s3",)}, complete=True)


@given(
    name=st.text("aA_b-.", min_size=1, max_size=3),
    parts=st.lists(st.sampled_from([*"aA_-{,\"' :=#1\u2003"]), max_size=8),
    at=st.integers(0, 8),
)
def test_a_key_is_found_where_it_stands_alone(name: str, parts: list[str], at: int) -> None:
    line = "".join([*parts[:at], name, *parts[at:]])

    key = rf"""(?:^|[{{,\s"'])["']?{re.escape(name)}["']?\s*[:=]\s*(.*)$"""
    found, expected = environment._after(line, name), re.search(key, line)
    assert (found and found[1]) == (expected and expected[1])


@pytest.mark.parametrize(
    ("name", "parameter", "wanted"),
    [
        ("PROJECT_ENV", "{Type: String}", (DEPLOYED,)),
        ("Stage", "{Type: String, Default: dev}", (DEPLOYED,)),
        ("STAGE", "{Type: String, Default: Local}", ()),  # deployed so, unless somebody says more
        ("STAGE", "{Type: String, Default: ''}", ()),
        ("STAGE", "{Type: String, AllowedValues: [local, dev]}", ("local", "dev")),
        ("AUTH_MODE", "{Type: String}", ()),  # a login may be local where it is deployed
    ],
)
def test_no_stage_is_named_as_somebodys_machine(
    tmp_path: Path, name: str, parameter: str, wanted: tuple[str, ...]
) -> None:
    text = f"""Transform: AWS::Serverless-2016-10-31
Parameters:
  Where: {parameter}
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Environment:
        Variables:
          {name}: !Ref Where
"""
    assert told(tmp_path, "template.yaml", text).of(name) == wanted
