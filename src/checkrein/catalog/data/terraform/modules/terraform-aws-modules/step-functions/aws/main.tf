# What terraform-aws-modules/step-functions/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "create_role" { default = true }
variable "use_existing_role" { default = false }
variable "use_existing_cloudwatch_log_group" { default = false }
variable "name" { default = "" }
variable "definition" { default = "" }
variable "role_arn" { default = "" }
variable "type" { default = "STANDARD" }
variable "tags" { default = {} }
variable "publish" { default = false }
variable "encryption_configuration" { default = {} }
variable "logging_configuration" { default = {} }
variable "cloudwatch_log_group_name" { default = null }
variable "cloudwatch_log_group_retention_in_days" { default = null }
variable "cloudwatch_log_group_kms_key_id" { default = null }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "role_name" { default = null }
variable "role_path" { default = null }
variable "role_permissions_boundary" { default = null }
variable "trusted_entities" { default = [] }
variable "attach_policies_for_integrations" { default = true }
variable "service_integrations" { default = {} }
variable "attach_policy_json" { default = false }
variable "attach_policy_jsons" { default = false }
variable "attach_policy" { default = false }
variable "attach_policies" { default = false }
variable "attach_policy_statements" { default = false }
variable "number_of_policy_jsons" { default = 0 }
variable "number_of_policies" { default = 0 }
variable "policy_json" { default = null }
variable "policy_jsons" { default = [] }
variable "policy" { default = null }
variable "policies" { default = [] }
variable "policy_statements" { default = {} }

data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  makes_role    = var.create && var.create_role && !var.use_existing_role
  role_name     = coalesce(var.role_name, var.name, "*")
  logs          = var.create && try(var.logging_configuration.level, "OFF") != "OFF"
  log_group_arn = try(aws_cloudwatch_log_group.sfn[0].arn, data.aws_cloudwatch_log_group.sfn[0].arn, "")
  aws_region    = data.aws_region.current.name
  integrations  = { for k, v in var.service_integrations : k => v if local.makes_role && var.attach_policies_for_integrations }
}

resource "aws_sfn_state_machine" "this" {
  count      = var.create ? 1 : 0
  name       = var.name
  role_arn   = var.use_existing_role ? var.role_arn : aws_iam_role.this[0].arn
  definition = var.definition
  publish    = var.publish
  type       = upper(var.type)
  tags       = var.tags

  dynamic "encryption_configuration" {
    for_each = length(keys(var.encryption_configuration)) > 0 ? [var.encryption_configuration] : []
    content {
      type       = encryption_configuration.value.type
      kms_key_id = try(encryption_configuration.value.kms_key_id, null)
    }
  }

  dynamic "logging_configuration" {
    for_each = local.logs ? [var.logging_configuration] : []
    content {
      log_destination        = try(logging_configuration.value.log_destination, "${local.log_group_arn}:*")
      include_execution_data = try(logging_configuration.value.include_execution_data, null)
      level                  = try(logging_configuration.value.level, null)
    }
  }

  dynamic "tracing_configuration" {
    for_each = try(var.service_integrations.xray.xray, false) == true ? [true] : []
    content {
      enabled = true
    }
  }
}

data "aws_iam_policy_document" "assume_role" {
  count = local.makes_role ? 1 : 0

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = concat(["states.amazonaws.com"], var.trusted_entities)
    }
  }
}

resource "aws_iam_role" "this" {
  count                = local.makes_role ? 1 : 0
  name                 = local.role_name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume_role[0].json
  tags                 = var.tags
}

data "aws_iam_policy_document" "service" {
  for_each = local.integrations

  dynamic "statement" {
    for_each = each.value
    content {
      effect    = try(local.rights[each.key][statement.key].effect, "Allow")
      actions   = local.rights[each.key][statement.key].actions
      resources = try(statement.value == true, false) ? try(local.rights[each.key][statement.key].default_resources, ["*"]) : flatten([statement.value])

      dynamic "condition" {
        for_each = try(local.rights[each.key][statement.key].condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "service" {
  for_each = local.integrations
  name     = "${local.role_name}-${each.key}"
  policy   = data.aws_iam_policy_document.service[each.key].json
}

resource "aws_iam_policy_attachment" "service" {
  for_each   = local.integrations
  name       = "${local.role_name}-${each.key}"
  roles      = [aws_iam_role.this[0].name]
  policy_arn = aws_iam_policy.service[each.key].arn
}

resource "aws_iam_policy" "additional_json" {
  count  = local.makes_role && var.attach_policy_json ? 1 : 0
  name   = local.role_name
  policy = var.policy_json
}

resource "aws_iam_policy_attachment" "additional_json" {
  count      = local.makes_role && var.attach_policy_json ? 1 : 0
  name       = local.role_name
  roles      = [aws_iam_role.this[0].name]
  policy_arn = aws_iam_policy.additional_json[0].arn
}

resource "aws_iam_policy" "additional_jsons" {
  count  = local.makes_role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  name   = "${local.role_name}-${count.index}"
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_policy_attachment" "additional_jsons" {
  count      = local.makes_role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  name       = "${local.role_name}-${count.index}"
  roles      = [aws_iam_role.this[0].name]
  policy_arn = aws_iam_policy.additional_jsons[count.index].arn
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  count      = local.makes_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count      = local.makes_role && var.attach_policies ? var.number_of_policies : 0
  role       = aws_iam_role.this[0].name
  policy_arn = var.policies[count.index]
}

data "aws_iam_policy_document" "additional_inline" {
  count = local.makes_role && var.attach_policy_statements ? 1 : 0

  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, null) != null ? statement.value.principals : []
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, null) != null ? statement.value.not_principals : []
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.conditions, statement.value.condition, null) != null ? try(statement.value.conditions, statement.value.condition) : []
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_policy" "additional_inline" {
  count  = local.makes_role && var.attach_policy_statements ? 1 : 0
  name   = "${local.role_name}-inline"
  policy = data.aws_iam_policy_document.additional_inline[0].json
}

resource "aws_iam_policy_attachment" "additional_inline" {
  count      = local.makes_role && var.attach_policy_statements ? 1 : 0
  name       = "${local.role_name}-inline"
  roles      = [aws_iam_role.this[0].name]
  policy_arn = aws_iam_policy.additional_inline[0].arn
}

data "aws_iam_policy_document" "logs" {
  count = local.makes_role && local.logs && var.attach_cloudwatch_logs_policy ? 1 : 0

  statement {
    effect    = "Allow"
    resources = ["*"]
    actions = [
      "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
    ]
  }
}

resource "aws_iam_policy" "logs" {
  count  = local.makes_role && local.logs && var.attach_cloudwatch_logs_policy ? 1 : 0
  name   = "${local.role_name}-logs"
  policy = data.aws_iam_policy_document.logs[0].json
}

resource "aws_iam_policy_attachment" "logs" {
  count      = local.makes_role && local.logs && var.attach_cloudwatch_logs_policy ? 1 : 0
  name       = "${local.role_name}-logs"
  roles      = [aws_iam_role.this[0].name]
  policy_arn = aws_iam_policy.logs[0].arn
}

data "aws_cloudwatch_log_group" "sfn" {
  count = local.logs && var.use_existing_cloudwatch_log_group ? 1 : 0
  name  = var.cloudwatch_log_group_name
}

resource "aws_cloudwatch_log_group" "sfn" {
  count             = local.logs && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name              = coalesce(var.cloudwatch_log_group_name, "/aws/vendedlogs/states/${var.name}")
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  kms_key_id        = var.cloudwatch_log_group_kms_key_id
}

output "state_machine_id" { value = try(aws_sfn_state_machine.this[0].id, "") }
output "state_machine_arn" { value = try(aws_sfn_state_machine.this[0].arn, "") }
output "state_machine_name" { value = try(aws_sfn_state_machine.this[0].name, "") }
output "state_machine_status" { value = try(aws_sfn_state_machine.this[0].status, "") }
output "role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "role_name" { value = try(aws_iam_role.this[0].name, "") }
output "cloudwatch_log_group_arn" { value = try(aws_cloudwatch_log_group.sfn[0].arn, "") }
output "cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.sfn[0].name, "") }

# Names of version 1.
output "this_state_machine_id" { value = try(aws_sfn_state_machine.this[0].id, "") }
output "this_state_machine_arn" { value = try(aws_sfn_state_machine.this[0].arn, "") }
output "this_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
