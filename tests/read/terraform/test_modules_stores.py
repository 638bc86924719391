"""Published modules of buckets, tables, queues, people, keys and networks, by their interface."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.model.values import Symbol
from tests.read.terraform.callers import FUNCTION, QUEUE, made, statements

# ------------------------------------------------------------------------------ data stores


def test_a_bucket_is_closed_unless_said_otherwise(tmp_path: Path) -> None:
    found = made(tmp_path, "s3-bucket/aws", 'bucket = "b"')
    assert sorted(found) == ["aws_s3_bucket.this[0]", "aws_s3_bucket_public_access_block.this[0]"]
    assert found["aws_s3_bucket_public_access_block.this[0]"]["block_public_policy"] is True


@pytest.mark.parametrize(
    ("version", "closed"),
    [("~> 3.0", True), ("3.15.2", True), ("3.8.2", False), ("~> 2.1", False), (">= 2.0", True)],
)
def test_before_3_9_a_bucket_was_not_closed_by_itself(
    tmp_path: Path, version: str, *, closed: bool
) -> None:
    found = made(tmp_path, "s3-bucket/aws", f'bucket = "b"\nversion = "{version}"')
    assert found["aws_s3_bucket_public_access_block.this[0]"]["block_public_acls"] is closed


def test_settings_of_a_bucket_are_resources_of_their_own(tmp_path: Path) -> None:
    arguments = """
  bucket                                = "b"
  acl                                   = "public-read"
  versioning                            = { enabled = true }
  website                               = { index_document = "index.html" }
  attach_policy                         = true
  policy                                = jsonencode({ Statement = [] })
  attach_deny_insecure_transport_policy = true
  server_side_encryption_configuration = {
    rule = { apply_server_side_encryption_by_default = { sse_algorithm = "aws:kms" } }
  }
"""
    found = made(tmp_path, "s3-bucket/aws", arguments)
    versioning = found["aws_s3_bucket_versioning.this[0]"]["versioning_configuration"]
    encryption = found["aws_s3_bucket_server_side_encryption_configuration.this[0]"]["rule"]
    assert found["aws_s3_bucket_acl.this[0]"]["acl"] == "public-read"
    assert versioning[0]["status"] == "Enabled"
    assert encryption[0]["apply_server_side_encryption_by_default"][0]["sse_algorithm"] == "aws:kms"
    (denial,) = statements(tmp_path, "s3-bucket/aws", arguments, "combined[0]")
    assert (denial["effect"], denial["condition"][0]["variable"]) == ("Deny", "aws:SecureTransport")


def test_notifications_permit_the_bucket_to_call(tmp_path: Path) -> None:
    arguments = f"""
  bucket = "b"
  lambda_notifications = {{
    f = {{ function_arn = "{FUNCTION}", function_name = "f", events = ["s3:ObjectCreated:*"] }}
  }}
"""
    found = made(tmp_path, "s3-bucket/aws//modules/notification", arguments)
    (target,) = found["aws_s3_bucket_notification.this[0]"]["lambda_function"]
    assert (target["lambda_function_arn"], target["events"]) == (FUNCTION, ["s3:ObjectCreated:*"])
    assert found['aws_lambda_permission.allow["f"]']["source_arn"] == "arn:aws:s3:::b"


def test_a_table(tmp_path: Path) -> None:
    arguments = """
  name       = "orders"
  hash_key   = "id"
  attributes = [{ name = "id", type = "S" }]
"""
    (table,) = made(tmp_path, "dynamodb-table/aws", arguments).values()
    assert table["attribute"] == [{"name": "id", "type": "S"}]
    assert table["server_side_encryption"] == [{"enabled": False, "kms_key_arn": None}]
    assert table["point_in_time_recovery"] == [{"enabled": False}]


# ------------------------------------------------------------------------------ messages


def test_a_queue_with_its_dead_letter_queue_and_policy(tmp_path: Path) -> None:
    arguments = """
  name                = "q"
  create_dlq          = true
  create_queue_policy = true
  queue_policy_statements = {
    topic = {
      actions    = ["sqs:SendMessage"]
      principals = [{ type = "Service", identifiers = ["sns.amazonaws.com"] }]
    }
  }
"""
    found = made(tmp_path, "sqs/aws", arguments)
    assert (found["aws_sqs_queue.this[0]"]["name"], found["aws_sqs_queue.dlq[0]"]["name"]) == (
        "q",
        "q-dlq",
    )
    redrive = found["aws_sqs_queue_redrive_policy.dlq[0]"]["redrive_policy"].value
    assert redrive == {
        "deadLetterTargetArn": Symbol("module.m.aws_sqs_queue.dlq[0]", "arn"),
        "maxReceiveCount": 5,
    }
    (statement,) = statements(tmp_path, "sqs/aws", arguments, "this[0]")
    assert statement["resources"] == [Symbol("module.m.aws_sqs_queue.this[0]", "arn")]


def test_a_topic_is_open_to_its_own_account(tmp_path: Path) -> None:
    arguments = 'name = "t"'
    assert sorted(made(tmp_path, "sns/aws", arguments)) == [
        "aws_sns_topic.this[0]",
        "aws_sns_topic_policy.this[0]",
    ]
    (statement,) = statements(tmp_path, "sns/aws", arguments, "this[0]")
    assert statement["condition"][0]["values"] == [Symbol("@aws", "AccountId")]


def test_a_bus_with_its_rules_targets_schedules_and_rights(tmp_path: Path) -> None:
    arguments = f"""
  bus_name = "orders"
  rules    = {{ new = {{ event_pattern = jsonencode({{ source = ["shop"] }}) }} }}
  targets  = {{ new = [{{ name = "f", arn = "{FUNCTION}" }}, {{ name = "q", arn = "{QUEUE}" }}] }}
  schedules = {{ nightly = {{ schedule_expression = "rate(1 day)", arn = "{FUNCTION}" }} }}
  attach_lambda_policy = true
  lambda_target_arns   = ["{FUNCTION}"]
"""
    found = made(tmp_path, "eventbridge/aws", arguments)
    rule = Symbol('module.m.aws_cloudwatch_event_rule.this["new"]', "name")
    target = found['aws_cloudwatch_event_target.this["q"]']
    schedule = found['aws_scheduler_schedule.this["nightly"]']["target"][0]
    assert (target["rule"], target["arn"]) == (rule, QUEUE)
    assert schedule["role_arn"] == Symbol("module.m.aws_iam_role.eventbridge[0]", "arn")
    (statement,) = statements(tmp_path, "eventbridge/aws", arguments, 'targets["lambda"]')
    assert (statement["actions"], statement["resources"]) == (
        ["lambda:InvokeFunction"],
        [FUNCTION],
    )


def test_a_pipe_reads_its_source_and_writes_its_target(tmp_path: Path) -> None:
    arguments = f'pipes = {{ p = {{ source = "{QUEUE}", target = "{FUNCTION}" }} }}'
    pipe = made(tmp_path, "eventbridge/aws", arguments)['aws_pipes_pipe.this["p"]']
    role = Symbol('module.m.aws_iam_role.eventbridge_pipe["p"]', "arn")
    reading, writing = statements(tmp_path, "eventbridge/aws", arguments, 'service["p"]')
    assert (pipe["source"], pipe["target"], pipe["role_arn"]) == (QUEUE, FUNCTION, role)
    assert (reading["resources"], "sqs:ReceiveMessage" in reading["actions"]) == ([QUEUE], True)
    assert (writing["resources"], "lambda:InvokeFunction" in writing["actions"]) == (
        [FUNCTION],
        True,
    )


def test_integrations_of_a_state_machine_are_its_rights(tmp_path: Path) -> None:
    arguments = f"""
  name       = "m"
  definition = jsonencode({{ StartAt = "A" }})
  service_integrations = {{
    lambda = {{ lambda = ["{FUNCTION}"] }}
    xray   = {{ xray = true }}
  }}
"""
    found = made(tmp_path, "step-functions/aws", arguments)
    machine = found["aws_sfn_state_machine.this[0]"]
    assert machine["tracing_configuration"] == [{"enabled": True}]
    assert machine["role_arn"] == Symbol("module.m.aws_iam_role.this[0]", "arn")
    (call,) = statements(tmp_path, "step-functions/aws", arguments, 'service["lambda"]')
    (trace,) = statements(tmp_path, "step-functions/aws", arguments, 'service["xray"]')
    assert (call["actions"], call["resources"]) == (["lambda:InvokeFunction"], [FUNCTION])
    assert trace["resources"] == ["*"]


# ------------------------------------------------------------------------------ people and keys


def test_a_user_pool_with_a_client(tmp_path: Path) -> None:
    arguments = f"""
  user_pool_name = "people"
  version        = "~> 2.0"
  clients        = [{{ name = "web", explicit_auth_flows = ["ALLOW_USER_SRP_AUTH"] }}]
  lambda_config  = {{ pre_sign_up = "{FUNCTION}" }}
"""
    found = made(tmp_path, "lgallard/cognito-user-pool/aws", arguments)
    pool = found["aws_cognito_user_pool.pool[0]"]
    client = found['aws_cognito_user_pool_client.client["web_0"]']
    assert pool["mfa_configuration"] == "OPTIONAL"
    assert pool["lambda_config"][0]["pre_sign_up"] == FUNCTION
    assert client["user_pool_id"] == Symbol("module.m.aws_cognito_user_pool.pool[0]", "id")


def test_a_role_that_others_take_asks_for_a_second_factor(tmp_path: Path) -> None:
    arguments = """
  create_role         = true
  role_name           = "admin"
  trusted_role_arns   = ["arn:aws:iam::444455556666:root"]
  attach_admin_policy = true
"""
    source = "iam/aws//modules/iam-assumable-role"
    found = made(tmp_path, source, arguments)
    attached = found["aws_iam_role_policy_attachment.admin[0]"]["policy_arn"]
    (statement,) = statements(tmp_path, source, arguments, "assume_role[0]")
    assert attached == "arn:aws:iam::aws:policy/AdministratorAccess"
    assert statement["principals"][0]["identifiers"] == ["arn:aws:iam::444455556666:root"]
    assert [each["variable"] for each in statement["condition"]] == [
        "aws:MultiFactorAuthPresent",
        "aws:MultiFactorAuthAge",
    ]


def test_a_role_of_a_service_account(tmp_path: Path) -> None:
    provider = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A"
    arguments = f"""
  role_name        = "pod"
  role_policy_arns = {{ s3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" }}
  oidc_providers = {{
    main = {{ provider_arn = "{provider}", namespace_service_accounts = ["shop:orders"] }}
  }}
"""
    source = "iam/aws//modules/iam-role-for-service-accounts-eks"
    (statement,) = statements(tmp_path, source, arguments, "this[0]")
    assert statement["condition"][0] == {
        "test": "StringEquals",
        "variable": "oidc.eks.eu-west-1.amazonaws.com/id/A:sub",
        "values": ["system:serviceaccount:shop:orders"],
    }


def test_a_key_says_who_uses_it(tmp_path: Path) -> None:
    arguments = 'key_users = ["arn:aws:iam::111122223333:role/u"]\naliases = ["orders"]'
    found = made(tmp_path, "kms/aws", arguments)
    assert found['aws_kms_alias.this["orders"]']["name"] == "alias/orders"
    assert found["aws_kms_key.this[0]"]["enable_key_rotation"] is True
    sids = [each["sid"] for each in statements(tmp_path, "kms/aws", arguments, "this[0]")]
    assert sorted(sids) == ["Default", "KeyUsage"]


# ------------------------------------------------------------------------------ networks and more


def test_named_rules_of_a_security_group(tmp_path: Path) -> None:
    arguments = """
  name                     = "s"
  vpc_id                   = "vpc-1"
  ingress_cidr_blocks      = ["0.0.0.0/0"]
  ingress_rules            = ["https-443-tcp"]
  ingress_with_cidr_blocks = [{ rule = "postgresql-tcp", cidr_blocks = "10.0.0.0/8" }]
"""
    found = made(tmp_path, "security-group/aws", arguments)
    ports = {
        key: (values["from_port"], values["cidr_blocks"])
        for key, values in found.items()
        if key.startswith("aws_security_group_rule")
    }
    assert ports == {
        "aws_security_group_rule.ingress_rules[0]": (443, ["0.0.0.0/0"]),
        "aws_security_group_rule.ingress_with_cidr_blocks[0]": (5432, ["10.0.0.0/8"]),
    }


def test_subnets_of_a_network(tmp_path: Path) -> None:
    arguments = """
  azs             = ["eu-west-1a"]
  private_subnets = ["10.0.1.0/24"]
  public_subnets  = ["10.0.101.0/24"]
"""
    found = made(tmp_path, "vpc/aws", arguments)
    assert found["aws_subnet.private[0]"]["cidr_block"] == "10.0.1.0/24"
    assert found["aws_route.public_internet_gateway[0]"]["destination_cidr_block"] == "0.0.0.0/0"
    assert "aws_route.private_nat_gateway[0]" not in found


def test_services_of_a_cluster_are_modules_within(tmp_path: Path) -> None:
    arguments = """
  cluster_name = "shop"
  services = {
    orders = {
      container_definitions     = { app = { image = "repo:1", environment = [] } }
      tasks_iam_role_statements = [{ actions = ["s3:GetObject"], resources = ["*"] }]
    }
  }
"""
    found = made(tmp_path, "ecs/aws", arguments)
    service = 'module.service["orders"].'
    task = found[f"{service}aws_ecs_task_definition.this[0]"]
    (container,) = task["container_definitions"].value
    role = Symbol(f"module.m.{service}aws_iam_role.tasks[0]", "arn")
    assert (container["name"], container["image"], task["task_role_arn"]) == ("app", "repo:1", role)
    assert f"{service}aws_iam_role_policy.tasks[0]" in found


def test_a_database_keeps_its_password_in_secrets_manager(tmp_path: Path) -> None:
    found = made(tmp_path, "rds/aws", 'identifier = "d"\nengine = "postgres"')
    database = found["aws_db_instance.this[0]"]
    assert (database["manage_master_user_password"], database["storage_encrypted"]) == (True, True)


@pytest.mark.parametrize(
    ("version", "protocol"), [("~> 6.0", "TLSv1.2_2025"), ("2.4.0", "TLSv1"), ("", "TLSv1.2_2025")]
)
def test_what_viewers_of_a_distribution_must_speak(
    tmp_path: Path, version: str, protocol: str
) -> None:
    given = f'version = "{version}"' if version else ""
    found = made(tmp_path, "cloudfront/aws", f"{given}\norigin = {{}}")
    certificate = found["aws_cloudfront_distribution.this[0]"]["viewer_certificate"][0]
    assert certificate["minimum_protocol_version"] == protocol
