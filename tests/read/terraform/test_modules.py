"""Published modules are read from their interface: what a caller's block makes of the stand-ins.

The expectations are what Terraform plans for the modules themselves from the same arguments.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.catalog.terraform_modules import STAND_INS
from checkrein.model.values import Symbol
from checkrein.read.terraform.document import document
from tests.read.terraform.callers import (
    FUNCTION,
    QUEUE,
    called,
    made,
    source_of,
    stand_ins,
    statements,
)


@pytest.mark.parametrize("folder", stand_ins())
def test_every_output_is_made_of_what_is_declared(tmp_path: Path, folder: str) -> None:
    text = "".join(path.read_text() for path in (STAND_INS / folder).glob("*.tf"))
    names = [line.split('"')[1] for line in text.splitlines() if line.startswith("output ")]
    outputs = "\n".join(f'output "{name}" {{\n  value = module.m.{name}\n}}' for name in names)
    root = called(tmp_path, source_of(folder), more=outputs)
    undeclared = [value for value in root.outputs.values() if "declared" in str(value)]
    assert (sorted(root.outputs), undeclared, root.lost) == (sorted(names), [], [])


@pytest.mark.parametrize("folder", stand_ins())
def test_every_variable_has_a_default(folder: str) -> None:
    texts = [path.read_text() for path in (STAND_INS / folder).glob("*.tf")]
    lines = [line for text in texts for line in text.splitlines() if line.startswith("variable ")]
    assert [line for line in lines if "{ default = " not in line] == []


def test_a_module_that_nothing_stands_for_is_told_of(tmp_path: Path) -> None:
    root = called(tmp_path, "acme/anything/aws")
    assert [lost.reason for lost in root.lost] == [
        "the module m is not in this repository (acme/anything/aws)"
    ]


# ------------------------------------------------------------------------------ functions

ORDERS = """
  function_name = "orders"
  handler       = "app.handler"
  runtime       = "python3.12"
  source_path   = "../src"
"""


def test_a_function_brings_its_role_and_its_log_group(tmp_path: Path) -> None:
    found = made(tmp_path, "lambda/aws", ORDERS)
    function = found["aws_lambda_function.this[0]"]
    assert sorted(found) == [
        "aws_cloudwatch_log_group.lambda[0]",
        "aws_iam_role.lambda[0]",
        "aws_iam_role_policy.logs[0]",
        "aws_lambda_function.this[0]",
    ]
    assert function["role"] == Symbol("module.m.aws_iam_role.lambda[0]", "arn")
    assert function["filename"] == Symbol("module.m.data.archive_file.package[0]", "output_path")
    assert (function["handler"], function["timeout"], function["memory_size"]) == (
        "app.handler",
        3,
        128,
    )


@pytest.mark.parametrize(
    ("given", "folder", "file"),
    [
        ('"../src"', "../src", None),
        ('"../src/app.py"', None, "../src/app.py"),
        ('["../src", "../shared"]', "../src", None),
        ('[{ path = "../src", npm_requirements = true }]', "../src", None),
        ('[{ path = "../requirements.txt" }, { path = "../src" }]', "../src", None),
        ('{ path = "../src", patterns = ["!tests"] }', "../src", None),
        ('[{ path = "../app/src", prefix_in_zip = "src" }]', "../app", None),
        ('[{ path = "../app/src", prefix_in_zip = "lib" }]', "../app/src", None),
    ],
)
def test_the_code_is_where_source_path_says(
    tmp_path: Path, given: str, folder: str | None, file: str | None
) -> None:
    arguments = f'function_name = "f"\nsource_path = {given}'
    found = called(tmp_path, "lambda/aws", arguments).instances
    package = next(each.values for each in found if each.type == "archive_file")
    assert (package["source_dir"], package["source_file"]) == (folder, file)


def test_the_code_is_found_where_a_bucket_keeps_its_package(tmp_path: Path) -> None:
    arguments = """\
function_name = "f-${random_pet.name.id}"
source_path   = "../src"
store_on_s3   = true
s3_bucket     = "packages"
"""
    found, _ = document(
        called(tmp_path, "lambda/aws", arguments, 'resource "random_pet" "name" {}')
    )
    assert found["Resources"]["module.m"]["Properties"]["Code"] == "../src"


def test_modules_that_only_pack_keep_their_packages_apart(tmp_path: Path) -> None:
    packs = (
        'create_function = false\nsource_path = "../%s"\nstore_on_s3 = true\ns3_bucket = "packages"'
    )
    other = f"""
module "other" {{
  source = "terraform-aws-modules/lambda/aws"
  {packs % "worker"}
}}
module "f" {{
  source              = "terraform-aws-modules/lambda/aws"
  function_name       = "f"
  create_package      = false
  s3_existing_package = {{ bucket = module.m.s3_object.bucket, key = module.m.s3_object.key }}
}}
"""
    found, _ = document(called(tmp_path, "lambda/aws", packs % "api", other))
    assert found["Resources"]["module.f"]["Properties"]["Code"] == "../api"


def test_a_package_that_is_there_or_an_image_is_taken_as_it_is(tmp_path: Path) -> None:
    package = 'create_package = false\nlocal_existing_package = "out/f.zip"'
    image = 'create_package = false\npackage_type = "Image"\nimage_uri = "repo:1"'
    one = made(tmp_path, "lambda/aws", f'function_name = "f"\n{package}')
    assert one["aws_lambda_function.this[0]"]["filename"] == "out/f.zip"
    other = made(tmp_path / "..", "lambda/aws", f'function_name = "f"\n{image}')
    function = other["aws_lambda_function.this[0]"]
    assert (function["image_uri"], function["filename"]) == ("repo:1", None)


def test_what_attach_switches_turn_on_becomes_rights_of_the_role(tmp_path: Path) -> None:
    arguments = f"""{ORDERS}
  attach_policies          = true
  number_of_policies       = 1
  policies                 = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
  attach_network_policy    = true
  attach_policy_json       = true
  policy_json              = jsonencode({{ Statement = [] }})
  attach_policy_statements = true
  policy_statements = {{
    table = {{ effect = "Allow", actions = ["dynamodb:GetItem"], resources = ["*"] }}
  }}
"""
    found = made(tmp_path, "lambda/aws", arguments)
    policies = {
        key: values.get("policy_arn")
        for key, values in found.items()
        if key.startswith("aws_iam_role_policy")
    }
    assert policies == {
        "aws_iam_role_policy.logs[0]": None,
        "aws_iam_role_policy.additional_json[0]": None,
        "aws_iam_role_policy.additional_inline[0]": None,
        "aws_iam_role_policy_attachment.additional_many[0]": (
            "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
        ),
        "aws_iam_role_policy_attachment.vpc[0]": (
            "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
        ),
    }
    (statement,) = statements(tmp_path, "lambda/aws", arguments, "additional_inline[0]")
    assert (statement["actions"], statement["resources"]) == (["dynamodb:GetItem"], ["*"])


def test_triggers_sources_and_addresses_of_a_function(tmp_path: Path) -> None:
    arguments = f"""{ORDERS}
  create_current_version_allowed_triggers = false
  allowed_triggers = {{
    api  = {{ service = "apigateway", source_arn = "arn:aws:execute-api:::abc/*/*" }}
    rule = {{ principal = "events.amazonaws.com" }}
  }}
  event_source_mapping = {{
    queue = {{ event_source_arn = "{QUEUE}", batch_size = 5 }}
  }}
  create_lambda_function_url = true
  create_async_event_config  = true
  destination_on_failure     = "{QUEUE}"
"""
    found = made(tmp_path, "lambda/aws", arguments)
    permissions = "aws_lambda_permission.unqualified_alias_triggers"
    assert found[f'{permissions}["api"]']["principal"] == "apigateway.amazonaws.com"
    assert found[f'{permissions}["rule"]']["principal"] == "events.amazonaws.com"
    assert found['aws_lambda_event_source_mapping.this["queue"]']["event_source_arn"] == QUEUE
    assert found["aws_lambda_function_url.this[0]"]["authorization_type"] == "NONE"
    config = found['aws_lambda_function_event_invoke_config.this["unqualified_alias"]']
    assert config["destination_config"] == [
        {"on_failure": [{"destination": QUEUE}], "on_success": []}
    ]


def test_a_layer_is_no_function(tmp_path: Path) -> None:
    arguments = 'create_layer = true\nlayer_name = "deps"\nsource_path = "../deps"'
    assert sorted(made(tmp_path, "lambda/aws", arguments)) == ["aws_lambda_layer_version.this[0]"]


# ------------------------------------------------------------------------------ APIs

AUTHORIZER = """
  authorizers = {
    users = {
      authorizer_type  = "JWT"
      identity_sources = ["$request.header.Authorization"]
      GIVEN
    }
  }
"""
ISSUER = """issuer   = "https://i"
      audience = ["a"]"""
FLAT = f"""
  version = "~> 2.0"
  integrations = {{
    "POST /a" = {{
      lambda_arn         = "{FUNCTION}"
      authorization_type = "JWT"
      authorizer_key     = "users"
    }}
  }}
{AUTHORIZER.replace("GIVEN", ISSUER)}
"""
NESTED = f"""
  version = "5.2.1"
  routes = {{
    "POST /a" = {{
      authorization_type = "JWT"
      authorizer_key     = "users"
      integration        = {{ uri = "{FUNCTION}" }}
    }}
  }}
{AUTHORIZER.replace("GIVEN", 'jwt_configuration = { issuer = "https://i", audience = ["a"] }')}
"""


@pytest.mark.parametrize(("arguments", "stage"), [(FLAT, "default[0]"), (NESTED, "this[0]")])
def test_routes_of_an_http_api_in_both_interfaces(
    tmp_path: Path, arguments: str, stage: str
) -> None:
    found = made(tmp_path, "apigateway-v2/aws", f'name = "api"\n{arguments}')
    route = found['aws_apigatewayv2_route.this["POST /a"]']
    integration = found['aws_apigatewayv2_integration.this["POST /a"]']
    authorizer = found['aws_apigatewayv2_authorizer.this["users"]']
    identity = Symbol('module.m.aws_apigatewayv2_authorizer.this["users"]', "id")
    assert (route["authorization_type"], route["authorizer_id"]) == ("JWT", identity)
    assert (integration["integration_type"], integration["integration_uri"]) == (
        "AWS_PROXY",
        FUNCTION,
    )
    assert authorizer["jwt_configuration"] == [{"issuer": "https://i", "audience": ["a"]}]
    assert f"aws_apigatewayv2_stage.{stage}" in found


def test_a_route_without_authorizer_is_open(tmp_path: Path) -> None:
    arguments = f'integrations = {{ "$default" = {{ lambda_arn = "{FUNCTION}" }} }}'
    found = made(tmp_path, "apigateway-v2/aws", arguments)
    assert found['aws_apigatewayv2_route.this["$default"]']["authorization_type"] == "NONE"


def test_a_graphql_api_brings_a_role_for_each_source(tmp_path: Path) -> None:
    arguments = f"""
  name        = "api"
  datasources = {{
    f = {{ type = "AWS_LAMBDA", function_arn = "{FUNCTION}" }}
    n = {{ type = "NONE" }}
  }}
  resolvers = {{ "Query.orders" = {{ data_source = "f", direct_lambda = true }} }}
"""
    found = made(tmp_path, "appsync/aws", arguments)
    resolver = found['aws_appsync_resolver.this["Query.orders"]']
    assert (resolver["type"], resolver["field"]) == ("Query", "orders")
    assert [key for key in found if key.startswith("aws_iam_role.")] == [
        'aws_iam_role.service_role["f"]'
    ]
    (statement,) = statements(tmp_path, "appsync/aws", arguments, 'service_policy["f"]')
    assert statement["resources"] == [FUNCTION, f"{FUNCTION}:*"]


# ------------------------------------------------------------------------------ places

PLACED = """
  version = "5.2.1"
  cors_configuration = {
    allow_origins = ["*"]
  }
  routes = {
    "GET /a" = { integration = { uri = "a" } }
    "GET /b" = {
      authorization_type = "AWS_IAM"
      integration        = { uri = "b" }
    }
  }
"""


def test_what_a_module_makes_stands_where_the_caller_wrote_it(tmp_path: Path) -> None:
    root = called(tmp_path, "apigateway-v2/aws", PLACED)
    found = {
        each.address.removeprefix("module.m.aws_apigatewayv2_"): each for each in root.instances
    }
    route, api = found['route.this["GET /b"]'], found["api.this[0]"]
    assert (route.place.path, route.place.line) == ("main.tf", 10)
    assert route.places[("authorization_type",)].line == 11
    assert api.place.line == 1
    assert api.places[("cors_configuration", 0, "allow_origins")].line == 6


def test_variables_and_outputs_have_their_places(tmp_path: Path) -> None:
    declared = 'variable "token" {\n  default = "t"\n}\noutput "arn" {\n  value = 1\n}'
    places = called(tmp_path, "sns/aws", 'name = "t"', declared).places
    assert {name: place.line for name, place in places.items()} == {
        ("Parameters", "token"): 5,
        ("Parameters", "token", "Default"): 6,
        ("Outputs", "arn"): 8,
    }
