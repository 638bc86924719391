# What terraform-aws-modules/sns/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "create_sns_topic" { default = true }
variable "name" { default = null }
variable "use_name_prefix" { default = false }
variable "display_name" { default = null }
variable "fifo_topic" { default = false }
variable "content_based_deduplication" { default = false }
variable "delivery_policy" { default = null }
variable "kms_master_key_id" { default = null }
variable "signature_version" { default = null }
variable "tracing_config" { default = null }
variable "tags" { default = {} }
variable "policy" { default = null }
variable "topic_policy" { default = null }
variable "create_topic_policy" { default = true }
variable "enable_default_topic_policy" { default = true }
variable "source_topic_policy_documents" { default = [] }
variable "override_topic_policy_documents" { default = [] }
variable "topic_policy_statements" { default = null }
variable "create_subscription" { default = true }
variable "subscriptions" { default = {} }
variable "data_protection_policy" { default = null }
variable "version" { default = null }

data "aws_caller_identity" "current" {}

locals {
  makes_topic = var.create && var.create_sns_topic
  name        = try(trimsuffix(var.name, ".fifo"), null)
  given       = var.topic_policy != null ? var.topic_policy : var.policy

  # Versions before 5 make a policy of their own only where one is given.
  makes_policy = local.makes_topic && var.create_topic_policy && !try(can(regex("^(~>|=|<=?)? ?v?[0-4][.]", var.version)), false)
}

resource "aws_sns_topic" "this" {
  count                       = local.makes_topic ? 1 : 0
  name                        = var.use_name_prefix ? null : (var.fifo_topic ? "${local.name}.fifo" : local.name)
  name_prefix                 = var.use_name_prefix ? "${local.name}-" : null
  display_name                = var.display_name
  fifo_topic                  = var.fifo_topic
  content_based_deduplication = var.content_based_deduplication
  delivery_policy             = var.delivery_policy
  kms_master_key_id           = var.kms_master_key_id
  signature_version           = var.signature_version
  tracing_config              = var.tracing_config
  policy                      = local.makes_policy ? null : local.given
  tags                        = var.tags
}

data "aws_iam_policy_document" "this" {
  count                     = local.makes_policy ? 1 : 0
  source_policy_documents   = var.source_topic_policy_documents
  override_policy_documents = var.override_topic_policy_documents

  dynamic "statement" {
    for_each = var.enable_default_topic_policy ? [true] : []
    content {
      effect    = "Allow"
      resources = [aws_sns_topic.this[0].arn]
      actions = [
        "sns:AddPermission", "sns:DeleteTopic", "sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic",
        "sns:Publish", "sns:RemovePermission", "sns:SetTopicAttributes", "sns:Subscribe",
      ]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }

      condition {
        test     = "StringEquals"
        variable = "AWS:SourceAccount"
        values   = [data.aws_caller_identity.current.account_id]
      }
    }
  }

  dynamic "statement" {
    for_each = try([for s in var.topic_policy_statements : s], [])
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(coalescelist(statement.value.resources, [aws_sns_topic.this[0].arn]), [aws_sns_topic.this[0].arn])
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

resource "aws_sns_topic_policy" "this" {
  count  = local.makes_policy ? 1 : 0
  arn    = aws_sns_topic.this[0].arn
  policy = data.aws_iam_policy_document.this[0].json
}

resource "aws_sns_topic_subscription" "this" {
  for_each              = { for k, v in var.subscriptions : k => v if local.makes_topic && var.create_subscription }
  topic_arn             = aws_sns_topic.this[0].arn
  protocol              = each.value.protocol
  endpoint              = each.value.endpoint
  filter_policy         = try(each.value.filter_policy, null)
  filter_policy_scope   = try(each.value.filter_policy_scope, null)
  raw_message_delivery  = try(each.value.raw_message_delivery, null)
  redrive_policy        = try(each.value.redrive_policy, null)
  subscription_role_arn = try(each.value.subscription_role_arn, null)
}

resource "aws_sns_topic_data_protection_policy" "this" {
  count  = local.makes_topic && var.data_protection_policy != null ? 1 : 0
  arn    = aws_sns_topic.this[0].arn
  policy = var.data_protection_policy
}

output "topic_arn" { value = try(aws_sns_topic.this[0].arn, null) }
output "topic_id" { value = try(aws_sns_topic.this[0].id, null) }
output "topic_name" { value = try(aws_sns_topic.this[0].name, null) }
output "topic_owner" { value = try(aws_sns_topic.this[0].owner, null) }
output "subscriptions" { value = aws_sns_topic_subscription.this }

# Names before version 5.
output "sns_topic_arn" { value = try(aws_sns_topic.this[0].arn, null) }
output "sns_topic_id" { value = try(aws_sns_topic.this[0].id, null) }
output "sns_topic_name" { value = try(aws_sns_topic.this[0].name, null) }
output "this_sns_topic_arn" { value = try(aws_sns_topic.this[0].arn, null) }
output "this_sns_topic_id" { value = try(aws_sns_topic.this[0].id, null) }
output "this_sns_topic_name" { value = try(aws_sns_topic.this[0].name, null) }
