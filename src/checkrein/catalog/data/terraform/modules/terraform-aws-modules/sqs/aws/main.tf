# What terraform-aws-modules/sqs/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "create_queue" { default = null }
variable "name" { default = null }
variable "use_name_prefix" { default = false }
variable "fifo_queue" { default = false }
variable "content_based_deduplication" { default = null }
variable "delay_seconds" { default = null }
variable "kms_master_key_id" { default = null }
variable "kms_data_key_reuse_period_seconds" { default = null }
variable "max_message_size" { default = null }
variable "message_retention_seconds" { default = null }
variable "receive_wait_time_seconds" { default = null }
variable "sqs_managed_sse_enabled" { default = true }
variable "visibility_timeout_seconds" { default = null }
variable "redrive_policy" { default = {} }
variable "redrive_allow_policy" { default = {} }
variable "create_dlq_redrive_allow_policy" { default = true }
variable "dlq_redrive_allow_policy" { default = {} }
variable "policy" { default = null }
variable "tags" { default = {} }
variable "create_queue_policy" { default = false }
variable "source_queue_policy_documents" { default = [] }
variable "override_queue_policy_documents" { default = [] }
variable "queue_policy_statements" { default = null }
variable "create_dlq" { default = false }
variable "dlq_name" { default = null }
variable "dlq_kms_master_key_id" { default = null }
variable "dlq_sqs_managed_sse_enabled" { default = true }
variable "dlq_message_retention_seconds" { default = null }
variable "create_dlq_queue_policy" { default = false }
variable "source_dlq_queue_policy_documents" { default = [] }
variable "override_dlq_queue_policy_documents" { default = [] }
variable "dlq_queue_policy_statements" { default = null }

locals {
  makes_queue = var.create && (var.create_queue == null ? true : var.create_queue)
  makes_dlq   = local.makes_queue && var.create_dlq
  name        = try(trimsuffix(var.name, ".fifo"), null)
  suffix      = var.fifo_queue ? ".fifo" : ""
  queue_name  = local.name == null ? null : "${local.name}${local.suffix}"
  dlq_name    = var.dlq_name != null ? "${trimsuffix(var.dlq_name, ".fifo")}${local.suffix}" : (local.name == null ? null : "${local.name}-dlq${local.suffix}")
  dlq_key     = var.dlq_kms_master_key_id != null ? var.dlq_kms_master_key_id : var.kms_master_key_id

  # Up to version 3 the redrive policy is JSON in a string.
  redrive = try(jsondecode(var.redrive_policy), var.redrive_policy)
}

resource "aws_sqs_queue" "this" {
  count                             = local.makes_queue ? 1 : 0
  name                              = var.use_name_prefix ? null : local.queue_name
  name_prefix                       = var.use_name_prefix ? "${local.name}-" : null
  fifo_queue                        = var.fifo_queue
  content_based_deduplication       = var.content_based_deduplication
  delay_seconds                     = var.delay_seconds
  kms_master_key_id                 = var.kms_master_key_id
  kms_data_key_reuse_period_seconds = var.kms_data_key_reuse_period_seconds
  max_message_size                  = var.max_message_size
  message_retention_seconds         = var.message_retention_seconds
  receive_wait_time_seconds         = var.receive_wait_time_seconds
  sqs_managed_sse_enabled           = var.kms_master_key_id != null ? null : var.sqs_managed_sse_enabled
  visibility_timeout_seconds        = var.visibility_timeout_seconds
  policy                            = var.policy
  tags                              = var.tags
}

data "aws_iam_policy_document" "this" {
  count                     = local.makes_queue && var.create_queue_policy ? 1 : 0
  source_policy_documents   = var.source_queue_policy_documents
  override_policy_documents = var.override_queue_policy_documents

  dynamic "statement" {
    for_each = try([for s in var.queue_policy_statements : s], [])
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(coalescelist(statement.value.resources, [aws_sqs_queue.this[0].arn]), [aws_sqs_queue.this[0].arn])
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

resource "aws_sqs_queue_policy" "this" {
  count     = local.makes_queue && var.create_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.this[0].url
  policy    = data.aws_iam_policy_document.this[0].json
}

resource "aws_sqs_queue_redrive_policy" "this" {
  count          = local.makes_queue && !var.create_dlq && try(length(keys(local.redrive)) > 0, false) ? 1 : 0
  queue_url      = aws_sqs_queue.this[0].url
  redrive_policy = jsonencode(local.redrive)
}

resource "aws_sqs_queue_redrive_policy" "dlq" {
  count     = local.makes_dlq ? 1 : 0
  queue_url = aws_sqs_queue.this[0].url
  redrive_policy = jsonencode(merge({
    deadLetterTargetArn = aws_sqs_queue.dlq[0].arn
    maxReceiveCount     = 5
  }, local.redrive))
}

resource "aws_sqs_queue" "dlq" {
  count                     = local.makes_dlq ? 1 : 0
  name                      = var.use_name_prefix ? null : local.dlq_name
  name_prefix               = var.use_name_prefix ? "${local.dlq_name}-" : null
  fifo_queue                = var.fifo_queue
  kms_master_key_id         = local.dlq_key
  message_retention_seconds = var.dlq_message_retention_seconds != null ? var.dlq_message_retention_seconds : var.message_retention_seconds
  sqs_managed_sse_enabled   = local.dlq_key != null ? null : var.dlq_sqs_managed_sse_enabled
  tags                      = var.tags
}

data "aws_iam_policy_document" "dlq" {
  count                     = local.makes_dlq && var.create_dlq_queue_policy ? 1 : 0
  source_policy_documents   = var.source_dlq_queue_policy_documents
  override_policy_documents = var.override_dlq_queue_policy_documents

  dynamic "statement" {
    for_each = try([for s in var.dlq_queue_policy_statements : s], [])
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(coalescelist(statement.value.resources, [aws_sqs_queue.dlq[0].arn]), [aws_sqs_queue.dlq[0].arn])
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

resource "aws_sqs_queue_policy" "dlq" {
  count     = local.makes_dlq && var.create_dlq_queue_policy ? 1 : 0
  queue_url = aws_sqs_queue.dlq[0].url
  policy    = data.aws_iam_policy_document.dlq[0].json
}

resource "aws_sqs_queue_redrive_allow_policy" "this" {
  count                = local.makes_queue && !var.create_dlq && try(length(keys(var.redrive_allow_policy)) > 0, false) ? 1 : 0
  queue_url            = aws_sqs_queue.this[0].url
  redrive_allow_policy = jsonencode(var.redrive_allow_policy)
}

resource "aws_sqs_queue_redrive_allow_policy" "dlq" {
  count     = local.makes_dlq && var.create_dlq_redrive_allow_policy ? 1 : 0
  queue_url = aws_sqs_queue.dlq[0].url
  redrive_allow_policy = jsonencode(merge({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this[0].arn]
  }, var.dlq_redrive_allow_policy))
}

output "queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "queue_arn_static" { value = try(aws_sqs_queue.this[0].arn, null) }
output "queue_url" { value = try(aws_sqs_queue.this[0].url, null) }
output "queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
output "dead_letter_queue_id" { value = try(aws_sqs_queue.dlq[0].id, null) }
output "dead_letter_queue_arn" { value = try(aws_sqs_queue.dlq[0].arn, null) }
output "dead_letter_queue_url" { value = try(aws_sqs_queue.dlq[0].url, null) }
output "dead_letter_queue_name" { value = try(aws_sqs_queue.dlq[0].name, null) }

# Names up to version 3.
output "sqs_queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "sqs_queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "sqs_queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
output "this_sqs_queue_id" { value = try(aws_sqs_queue.this[0].id, null) }
output "this_sqs_queue_arn" { value = try(aws_sqs_queue.this[0].arn, null) }
output "this_sqs_queue_name" { value = try(aws_sqs_queue.this[0].name, null) }
