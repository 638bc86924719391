# What terraform-aws-modules/secrets-manager/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "description" { default = null }
variable "kms_key_id" { default = null }
variable "recovery_window_in_days" { default = null }
variable "replica" { default = {} }
variable "create_policy" { default = false }
variable "source_policy_documents" { default = [] }
variable "override_policy_documents" { default = [] }
variable "policy_statements" { default = {} }
variable "block_public_policy" { default = null }
variable "ignore_secret_changes" { default = false }
variable "secret_string" { default = null }
variable "secret_binary" { default = null }
variable "create_random_password" { default = false }
variable "enable_rotation" { default = false }
variable "rotation_lambda_arn" { default = "" }
variable "rotation_rules" { default = {} }
variable "tags" { default = {} }

resource "aws_secretsmanager_secret" "this" {
  count                   = var.create ? 1 : 0
  name                    = var.name
  name_prefix             = var.name_prefix
  description             = var.description
  kms_key_id              = var.kms_key_id
  recovery_window_in_days = var.recovery_window_in_days
  tags                    = var.tags

  dynamic "replica" {
    for_each = var.replica != null ? var.replica : {}
    content {
      region     = try(replica.value.region, replica.key)
      kms_key_id = try(replica.value.kms_key_id, null)
    }
  }
}

data "aws_iam_policy_document" "this" {
  count                     = var.create && var.create_policy ? 1 : 0
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = try([for s in var.policy_statements : s], [])
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

resource "aws_secretsmanager_secret_policy" "this" {
  count               = var.create && var.create_policy ? 1 : 0
  secret_arn          = aws_secretsmanager_secret.this[0].arn
  policy              = data.aws_iam_policy_document.this[0].json
  block_public_policy = var.block_public_policy
}

resource "aws_secretsmanager_secret_version" "this" {
  count         = var.create && !(var.enable_rotation || var.ignore_secret_changes) && !var.create_random_password ? 1 : 0
  secret_id     = aws_secretsmanager_secret.this[0].id
  secret_string = var.secret_string
  secret_binary = var.secret_binary
}

resource "aws_secretsmanager_secret_version" "ignore_changes" {
  count         = var.create && (var.enable_rotation || var.ignore_secret_changes) && !var.create_random_password ? 1 : 0
  secret_id     = aws_secretsmanager_secret.this[0].id
  secret_string = var.secret_string
  secret_binary = var.secret_binary
}

resource "aws_secretsmanager_secret_rotation" "this" {
  count               = var.create && var.enable_rotation ? 1 : 0
  secret_id           = aws_secretsmanager_secret.this[0].id
  rotation_lambda_arn = var.rotation_lambda_arn == "" ? null : var.rotation_lambda_arn

  rotation_rules {
    automatically_after_days = try(var.rotation_rules.automatically_after_days, null)
    schedule_expression      = try(var.rotation_rules.schedule_expression, null)
  }
}

output "secret_arn" { value = try(aws_secretsmanager_secret.this[0].arn, null) }
output "secret_id" { value = try(aws_secretsmanager_secret.this[0].id, null) }
output "secret_name" { value = try(aws_secretsmanager_secret.this[0].name, null) }
output "secret_version_id" { value = try(aws_secretsmanager_secret_version.this[0].version_id, null) }
output "secret_string" { value = try(aws_secretsmanager_secret_version.this[0].secret_string, null) }
