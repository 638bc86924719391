"""What a fix adds to Terraform's files stands where its author would have put it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checkrein.compare import Asked
from checkrein.model import Change, Persona
from checkrein.model.values import Symbol
from checkrein.notation import splice
from checkrein.pipeline import Wanted, learn
from checkrein.pipeline.alternatives import fix
from checkrein.write import CannotEdit, edits
from checkrein.write.terraform.scene import Scene

TABLE = "main/aws_dynamodb_table.orders"
RECOVERED = ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")
ACCOUNT = Symbol("@aws", "AccountId")
Asks = tuple[str, tuple[Any, ...], str, Any]


def changed(folder: Path, text: str, *asked: Asks) -> str:
    """Return a module's file after changes of its resources."""
    (folder / "main.tf").write_text(text)
    app = learn([folder]).app
    changes = tuple(Change(f"main/{id}", path, how, value) for id, path, how, value in asked)
    return splice(text, [e for e in edits(folder, changes, app) if e.place.path == "main.tf"])


FIRST = """\
resource "aws_dynamodb_table" "orders" {
  name     = "orders" # theirs
  hash_key = "id"

  attribute {
    name = "id"
    type = "S"
  }

  tags = {
    Team = "shop"
  }
}
"""


def test_arguments_join_their_run_and_blocks_the_blocks(tmp_path: Path) -> None:
    after = changed(
        tmp_path,
        FIRST,
        ("aws_dynamodb_table.orders", RECOVERED, "set", True),
        ("aws_dynamodb_table.orders", ("DeletionProtectionEnabled",), "set", True),
        ("aws_dynamodb_table.orders", ("DeletionPolicy",), "set", "Retain"),
        ("aws_dynamodb_table.orders", ("UpdateReplacePolicy",), "set", "Retain"),
    )
    assert after == FIRST.replace(
        """\
  name     = "orders" # theirs
  hash_key = "id"
""",
        """\
  name                        = "orders" # theirs
  hash_key                    = "id"
  deletion_protection_enabled = true
""",
    ).replace(
        """\
    type = "S"
  }
""",
        """\
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }

  lifecycle {
    prevent_destroy = true
  }
""",
    )


def test_a_block_that_is_there_says_more(tmp_path: Path) -> None:
    text = FIRST.replace("  tags =", "  lifecycle {\n    ignore_changes = [name]\n  }\n\n  tags =")
    text = text.replace(
        "  tags =", "  point_in_time_recovery {\n    enabled = false\n  }\n\n  tags ="
    )
    after = changed(
        tmp_path,
        text,
        ("aws_dynamodb_table.orders", RECOVERED, "set", True),
        ("aws_dynamodb_table.orders", ("DeletionPolicy",), "set", "Retain"),
    )
    wanted = text.replace("enabled = false", "enabled = true")
    ignored = "    ignore_changes = [name]\n"
    more = "    ignore_changes  = [name]\n    prevent_destroy = true\n"
    assert after == wanted.replace(ignored, more)


BUCKET = 'resource "aws_s3_bucket" "files" {{ {} }}\n'
VERSIONED = ("VersioningConfiguration", "Status")


@pytest.mark.parametrize(
    ("loop", "more", "key"),
    [
        ("", "", ""),
        ("count = 2", "  count  = 2\n", "[count.index]"),
        ('for_each = toset(["a"])', '  for_each = toset(["a"])\n', "[each.key]"),
    ],
)
def test_a_setting_of_its_own_follows_its_resource(
    loop: str, more: str, key: str, tmp_path: Path
) -> None:
    text = BUCKET.format(loop)
    id = {"": "", "[count.index]": "[0]", "[each.key]": '["a"]'}[key]
    pad = "  " if "for_each" in more else ""
    assert changed(tmp_path, text, (f"aws_s3_bucket.files{id}", VERSIONED, "set", "Enabled")) == (
        f'{text}\nresource "aws_s3_bucket_versioning" "files" {{\n{more}'
        f"  bucket {pad}= aws_s3_bucket.files{key}.id\n\n"
        '  versioning_configuration {\n    status = "Enabled"\n  }\n}\n'
    )


def test_a_setting_that_has_its_resource_is_changed_there(tmp_path: Path) -> None:
    text = BUCKET.format("") + (
        'resource "aws_s3_bucket_versioning" "v" {\n  bucket = aws_s3_bucket.files.id\n'
        '  versioning_configuration {\n    status = "Suspended"\n  }\n}\n'
        'resource "aws_s3_bucket_public_access_block" "p" {\n'
        "  bucket            = aws_s3_bucket.files.id\n  block_public_acls = true\n}\n"
    )
    policy = ("PublicAccessBlockConfiguration", "BlockPublicPolicy")
    after = changed(
        tmp_path,
        text,
        ("aws_s3_bucket.files", VERSIONED, "set", "Enabled"),
        ("aws_s3_bucket.files", policy, "set", True),
    )
    wanted = text.replace("Suspended", "Enabled")
    old = "  bucket            = aws_s3_bucket.files.id\n  block_public_acls = true\n"
    new = (
        "  bucket              = aws_s3_bucket.files.id\n  block_public_acls   = true\n"
        "  block_public_policy = true\n"
    )
    assert after == wanted.replace(old, new)


QUEUE = 'resource "aws_sqs_queue" "jobs" {}\n'
FAILED = ("aws_sqs_queue.jobsFailed", (), "add", {"Type": "AWS::SQS::Queue", "Properties": {}})


def test_a_new_resource_is_named_after_its_owner_and_referred_to(tmp_path: Path) -> None:
    told = {"deadLetterTargetArn": Symbol("main/aws_sqs_queue.jobsFailed", "Arn")}
    text = f'{QUEUE}resource "aws_sqs_queue" "jobs_failed" {{}}\n'
    assert changed(
        tmp_path, text, FAILED, ("aws_sqs_queue.jobs", ("RedrivePolicy",), "set", told)
    ) == (
        'resource "aws_sqs_queue" "jobs" {\n  redrive_policy = jsonencode({\n'
        "    deadLetterTargetArn = aws_sqs_queue.jobs_failed_2.arn\n  })\n}\n\n"
        'resource "aws_sqs_queue" "jobs_failed_2" {\n  name_prefix = "jobs-failed-2-"\n}\n'
        'resource "aws_sqs_queue" "jobs_failed" {}\n'
    )


PERMISSION = """\
resource "aws_lambda_permission" "bucket" {
  action        = "lambda:InvokeFunction"
  function_name = "make"
  principal     = "s3.amazonaws.com"
}
"""


def test_the_account_is_what_a_data_source_says(tmp_path: Path) -> None:
    ask = ("aws_lambda_permission.bucket", ("SourceAccount",), "set", ACCOUNT)
    more = PERMISSION.replace(
        '"s3.amazonaws.com"\n',
        '"s3.amazonaws.com"\n  source_account = data.aws_caller_identity.{}.account_id\n',
    )
    aligned = more.replace(" = ", "  = ").replace("source_account  =", "source_account =")
    made = '\ndata "aws_caller_identity" "current" {}\n'
    assert changed(tmp_path, PERMISSION, ask) == aligned.replace("{}", "current") + made
    (tmp_path / "data.tf").write_text('data "aws_caller_identity" "me" {}\n')
    assert changed(tmp_path, PERMISSION, ask) == aligned.replace("{}", "me")


ENCODED = """\
resource "aws_sqs_queue" "jobs" {}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.url
  policy = jsonencode({
    Statement = [
      {
        Effect = "Allow"
        Action = "sqs:*"
      },
    ]
  })
}
"""
SAID = """\
data "aws_iam_policy_document" "jobs" {
  statement {
    actions = ["sqs:*"]
  }
}

resource "aws_sqs_queue" "jobs" {}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.url
  policy    = data.aws_iam_policy_document.jobs.json
}
"""
DENIED = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "${aws:x}"}
STATEMENTS = ("aws_sqs_queue_policy.jobs", ("PolicyDocument", "Statement"))


def test_statements_join_where_they_are_written(tmp_path: Path) -> None:
    encoded = changed(tmp_path, ENCODED, (*STATEMENTS, "append", DENIED))
    assert encoded == ENCODED.replace(
        "      },\n",
        '      },\n      {\n        Effect    = "Deny"\n        Principal = "*"\n'
        '        Action    = "sqs:*"\n        Resource  = "$${aws:x}"\n      },\n',
    )
    said = changed(tmp_path, SAID, (*STATEMENTS, "append", DENIED))
    assert said == SAID.replace(
        '["sqs:*"]\n  }\n',
        '["sqs:*"]\n  }\n\n  statement {\n    effect    = "Deny"\n    actions   = ["sqs:*"]\n'
        '    resources = ["&{aws:x}"]\n\n    principals {\n      type        = "*"\n'
        '      identifiers = ["*"]\n    }\n  }\n',
    )


def test_a_statement_that_a_dynamic_block_makes_is_left(tmp_path: Path) -> None:
    one = 'for_each = ["sqs:*"]\n    content {\n      actions = [statement.value]\n    }'
    text = SAID.replace("  statement {", '  dynamic "statement" {')
    text = text.replace('actions = ["sqs:*"]', one)
    ask = (STATEMENTS[0], (*STATEMENTS[1], 0), "remove", None)
    with pytest.raises(CannotEdit, match="checkrein does not write Terraform there: change main"):
        changed(tmp_path, text, ask)


STREAM = """resource "aws_kinesis_firehose_delivery_stream" "all" {
  name        = "all"
  destination = "extended_s3"
}
"""
WORKER = """resource "aws_lambda_function" "work" {
  function_name = "work"
  role          = "arn:aws:iam::111122223333:role/work"
}
"""


@pytest.mark.parametrize(
    ("text", "path", "told"),
    [
        (
            STREAM,
            ("DeliveryStreamEncryptionConfigurationInput", "KeyARN"),
            'server_side_encryption {\n    enabled = true\n    key_arn = "it"\n  }',
        ),
        (
            WORKER,
            ("LoggingConfig", "LogGroup"),
            'logging_config {\n    log_format = "Text"\n    log_group  = "it"\n  }',
        ),
    ],
)
def test_what_a_block_needs_besides_is_of_its_kind(
    text: str, path: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    id = ".".join(text.split('"')[1:4:2])
    assert changed(tmp_path, text, (id, path, "set", "it")).count(told) == 1


def test_what_goes_takes_its_lines(tmp_path: Path) -> None:
    text = FIRST.replace(
        '  hash_key = "id"\n',
        '  hash_key = "id"\n  stream_enabled = true\n  stream_view_type = "KEYS_ONLY"\n',
    )
    gone = ("aws_dynamodb_table.orders", ("StreamSpecification",), "remove", None)
    assert changed(tmp_path, text, gone) == FIRST


LOOPED = 'dynamic "point_in_time_recovery" {\n    for_each = var.x\n    content { enabled = false }\n  }\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            FIRST.replace("  tags", f"  {LOOPED}\n  tags"),
            "a dynamic block makes point_in_time_recovery",
        ),
        (
            FIRST.replace("  tags", "  point_in_time_recovery {\n    enabled = var.x\n  }\n  tags")
            + 'variable "x" { default = null }\n',
            r"var.x gives it: change main.tf, line 11",
        ),
    ],
)
def test_what_others_give_is_said(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CannotEdit, match=reason):
        changed(tmp_path, text, ("aws_dynamodb_table.orders", RECOVERED, "set", True))


def test_templates_are_refused_as_what_they_are(tmp_path: Path) -> None:
    scene = Scene(lambda path: "", tmp_path)
    with pytest.raises(CannotEdit, match="Terraform's templates: change"):
        scene.body("a.tftpl")


def test_a_text_that_is_a_document_is_refused_by_its_line(tmp_path: Path) -> None:
    policy = '{\n  "Statement": [{"Effect": "Allow", "Action": ["a:A", "b:B"], "Resource": "${var.all}"}]\n}'
    text = f'resource "aws_iam_policy" "one" {{\n  policy = <<EOF\n{policy}\nEOF\n}}\n'
    whole = text + 'variable "all" { default = "*" }\n'
    path = ("PolicyDocument", "Statement", 0, "Action")
    reason = "does not write Terraform there: change main.tf, line 4"
    with pytest.raises(CannotEdit, match=reason):
        changed(tmp_path, whole, ("aws_iam_policy.one", path, "set", ["a:A"]))


@pytest.mark.parametrize(
    ("id", "path", "reason"),
    [
        ("aws_sqs_queue.jobs", ("VisibilityTimeout",), "in JSON's syntax: change more.tf.json"),
        ("module.table", RECOVERED, 'the module "table" makes it'),
    ],
)
def test_json_and_published_modules_are_refused(
    id: str, path: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    queue = '{"resource": {"aws_sqs_queue": {"jobs": {"name": "a"}}}}'
    (tmp_path / "more.tf.json").write_text(queue)
    module = 'module "table" {\n  source = "terraform-aws-modules/dynamodb-table/aws"\n}\n'
    with pytest.raises(CannotEdit, match=reason):
        changed(tmp_path, module, (id, path, "set", 9))


SHARED = """\
module "{}" {{
  source = "./queue"
  days   = {}
}}
"""
INNER = """\
variable "days" {}

resource "aws_sqs_queue" "q" {
  message_retention_seconds = var.days * 86400
}
"""


def test_a_local_module_is_mended_once_for_all_that_ask(tmp_path: Path) -> None:
    (tmp_path / "queue").mkdir()
    (tmp_path / "queue/main.tf").write_text(INNER)
    (tmp_path / "main.tf").write_text(SHARED.format("a", 4) + SHARED.format("b", 5))
    only = Asked(unsafe=True, checks=("plain-http-allowed",))
    found = fix([tmp_path], only, wanted=Wanted(Persona.AUDITOR))
    after = found.files["queue/main.tf"][1] if "queue/main.tf" in found.files else ""
    assert after.count('resource "aws_sqs_queue_policy"') == 1
    assert list(found.files) == ["queue/main.tf"]


@pytest.mark.parametrize(
    ("many", "said"), [("", ".failed.arn"), ("  count = 1\n", ".failed[0].arn")]
)
def test_what_is_made_once_is_meant_by_its_address(many: str, said: str, tmp_path: Path) -> None:
    text = (
        f'resource "aws_sqs_queue" "failed" {{\n{many}}}\nresource "aws_sqs_queue" "jobs" {{\n}}\n'
    )
    told = {"deadLetterTargetArn": Symbol("main/aws_sqs_queue.failed", "Arn"), "maxReceiveCount": 5}
    new = changed(tmp_path, text, ("aws_sqs_queue.jobs", ("RedrivePolicy",), "set", told))
    assert f"deadLetterTargetArn = aws_sqs_queue{said}" in new


def test_what_a_published_module_makes_has_no_address_here(tmp_path: Path) -> None:
    text = 'module "failed" {\n  source = "terraform-aws-modules/sqs/aws"\n}\n'
    text += 'resource "aws_sqs_queue" "jobs" {\n}\n'
    told = {"deadLetterTargetArn": Symbol("main/module.failed", "Arn"), "maxReceiveCount": 5}
    with pytest.raises(CannotEdit):
        changed(tmp_path, text, ("aws_sqs_queue.jobs", ("RedrivePolicy",), "set", told))


LOGIN = """\
resource "aws_cognito_user_pool_client" "web" {
  user_pool_id = aws_cognito_user_pool.this.id
  explicit_auth_flows = [
    "ALLOW_USER_SRP_AUTH",            # without the password
    "ALLOW_ADMIN_USER_PASSWORD_AUTH", # with it
    "ALLOW_REFRESH_TOKEN_AUTH"        # again
  ]
}

resource "aws_cognito_user_pool" "this" {
  name = "users" # theirs

  password_policy {
    minimum_length    = 8    # "eight" # or more
    require_lowercase = true # always
  }
}
"""


def test_comments_go_with_their_item_and_stay_below_each_other(tmp_path: Path) -> None:
    after = changed(
        tmp_path,
        LOGIN,
        (
            "aws_cognito_user_pool_client.web",
            ("ExplicitAuthFlows",),
            "set",
            ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        ),
        (
            "aws_cognito_user_pool.this",
            ("Policies", "PasswordPolicy", "MinimumLength"),
            "set",
            123456,
        ),
    )
    wanted = LOGIN.replace('    "ALLOW_ADMIN_USER_PASSWORD_AUTH", # with it\n', "")
    wanted = wanted.replace('SRP_AUTH",            #', 'SRP_AUTH",     #')
    wanted = wanted.replace('TOKEN_AUTH"        #', 'TOKEN_AUTH" #')
    wanted = wanted.replace("= 8    #", "= 123456 #").replace("= true #", "= true   #")
    assert after == wanted


CAPACITY = """\
resource "aws_dynamodb_table" "orders" {
  name           = "orders"
  read_capacity  = 1
  write_capacity = %s
  hash_key       = "id"

  attribute {
    name = "id"
    type = "S"
  }
}
"""


@pytest.mark.parametrize(
    ("write", "left"),
    [
        ("1", '  name     = "orders"\n  hash_key = "id"\n'),
        (
            "var.paid ? 1 : null",
            (
                '  name           = "orders"\n'
                "  write_capacity = var.paid ? 1 : null\n"
                '  hash_key       = "id"\n'
            ),
        ),
    ],
)
def test_what_is_taken_away_leaves_its_neighbours_tight(
    write: str, left: str, tmp_path: Path
) -> None:
    text = 'variable "paid" { default = true }\n' + CAPACITY % write
    after = changed(
        tmp_path, text, ("aws_dynamodb_table.orders", ("ProvisionedThroughput",), "remove", None)
    )
    begin, end = text.index("  name  "), text.index("\n  attribute")
    assert after == text[:begin] + left + text[end:]


LOG: Asks = (
    "aws_lambda_function.thisLog",
    (),
    "add",
    {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30}},
)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ('"${var.stage}-orders"', "${var.stage}-orders-log-"),
        ("var.stage", "${var.stage}-log-"),
        ('"orders"', "orders-log-"),
        ('join("-", [var.stage])', "this-log-"),
        ('"my orders"', "this-log-"),
    ],
)
def test_a_new_resource_is_called_after_what_its_owner_is_called(
    name: str, called: str, tmp_path: Path
) -> None:
    text = (
        'variable "stage" {}\nresource "aws_lambda_function" "this" {\n'
        f"  function_name = {name}\n}}\n"
    )
    assert f'  name_prefix       = "{called}"\n' in changed(tmp_path, text, LOG)


CALLED = """\
module "orders" {
  source = "terraform-aws-modules/dynamodb-table/aws"
%s
  name     = "orders"
  hash_key = "id"
}
"""


def test_a_module_is_given_an_input(tmp_path: Path) -> None:
    text = CALLED % ""
    id = "module.orders"
    after = changed(tmp_path, text, (id, RECOVERED, "set", True))
    assert after == text.replace(
        '  name     = "orders"\n  hash_key = "id"\n',
        '  name                           = "orders"\n'
        '  hash_key                       = "id"\n'
        "  point_in_time_recovery_enabled = true\n",
    )


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            RECOVERED,
            (
                "give it point_in_time_recovery_enabled = true, if its version takes that "
                "(main.tf, line 1)"
            ),
        ),
        (("ContributorInsightsSpecification", "Enabled"), "makes it: change main.tf, line 1"),
    ],
)
def test_a_module_of_a_version_is_left_to_its_owner(
    path: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    text = CALLED % '  version = "1.0.0"\n'
    id = "module.orders"
    with pytest.raises(CannotEdit) as error:
        changed(tmp_path, text, (id, path, "set", True))
    assert told in str(error.value)


def test_a_variable_that_gives_an_argument_gets_another_default(tmp_path: Path) -> None:
    text = FIRST.replace(
        "  tags", "  point_in_time_recovery {\n    enabled = var.backed_up\n  }\n\n  tags"
    )
    text += 'variable "backed_up" {\n  default = false # for now\n}\n'
    after = changed(tmp_path, text, ("aws_dynamodb_table.orders", RECOVERED, "set", True))
    assert after == text.replace("= false #", "= true # ").replace("true #  ", "true # ")


def test_a_stage_that_a_deployment_makes_has_no_settings(tmp_path: Path) -> None:
    text = (
        'resource "aws_api_gateway_rest_api" "shop" {\n  name = "shop"\n}\n'
        'resource "aws_api_gateway_deployment" "shop" {\n'
        "  rest_api_id = aws_api_gateway_rest_api.shop.id\n"
        '  stage_name  = "prod"\n}\n'
    )
    traced = ("StageDescription", "TracingEnabled")
    with pytest.raises(CannotEdit, match="give its stage a block of its own"):
        changed(tmp_path, text, ("aws_api_gateway_deployment.shop", traced, "set", True))


OWNED = 'resource "aws_s3_bucket" "own" {\n  bucket = "theirs"\n}\n'
VERSIONS = ("aws_s3_bucket.own", ("VersioningConfiguration", "Status"), "set", "Enabled")
REQUIRED = "terraform {{\n  required_providers {{\n    aws = {}\n  }}\n}}\n\n"


@pytest.mark.parametrize(
    "version",
    ["~> 3.69.0", "3.74", "< 3.75.0", ">= 2, < 3", "~> 2.0"],
)
def test_a_provider_that_knows_no_such_resource_is_given_none(version: str, tmp_path: Path) -> None:
    required = REQUIRED.format(f'{{ source = "hashicorp/aws", version = "{version}" }}')
    with pytest.raises(CannotEdit, match=r"\(main.tf, line 3\), which knows no aws_s3_bucket_vers"):
        changed(tmp_path, required + OWNED, VERSIONS)


@pytest.mark.parametrize("version", ["~> 3.0", ">= 3.1", "~> 5.1", "!= 4.0", "< 4"])
def test_a_provider_that_may_know_a_resource_is_given_it(version: str, tmp_path: Path) -> None:
    after = changed(tmp_path, REQUIRED.format(f'"{version}"') + OWNED, VERSIONS)
    assert 'resource "aws_s3_bucket_versioning" "own"' in after


def test_a_lock_says_which_provider_there_is(tmp_path: Path) -> None:
    lock = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "3.70.0"\n}\n'
    (tmp_path / ".terraform.lock.hcl").write_text(lock)
    with pytest.raises(CannotEdit, match=r"held to 3.70.0 \(.terraform.lock.hcl\)"):
        changed(tmp_path, REQUIRED.format('">= 3.0"') + OWNED, VERSIONS)


GONE = ("aws_s3_bucket.own", (), "remove", None)


def test_a_block_goes_that_nothing_names(tmp_path: Path) -> None:
    assert changed(tmp_path, f"{FIRST}\n{OWNED}", GONE) == f"{FIRST}\n"


def test_a_block_stays_that_another_names(tmp_path: Path) -> None:
    (tmp_path / "other.tf").write_text('output "b" {\n  value = aws_s3_bucket.own.id\n}\n')
    with pytest.raises(CannotEdit, match=r"take the block away at main\.tf, line 1, and all"):
        changed(tmp_path, OWNED, GONE)
