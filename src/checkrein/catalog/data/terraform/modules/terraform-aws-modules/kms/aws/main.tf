# What terraform-aws-modules/kms/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "create_external" { default = false }
variable "create_replica" { default = false }
variable "primary_key_arn" { default = null }
variable "description" { default = null }
variable "deletion_window_in_days" { default = null }
variable "enable_key_rotation" { default = true }
variable "is_enabled" { default = null }
variable "key_usage" { default = null }
variable "customer_master_key_spec" { default = null }
variable "multi_region" { default = false }
variable "policy" { default = null }
variable "enable_default_policy" { default = true }
variable "key_owners" { default = [] }
variable "key_administrators" { default = [] }
variable "key_users" { default = [] }
variable "key_service_users" { default = [] }
variable "key_symmetric_encryption_users" { default = [] }
variable "key_hmac_users" { default = [] }
variable "key_asymmetric_public_encryption_users" { default = [] }
variable "key_asymmetric_sign_verify_users" { default = [] }
variable "key_statements" { default = null }
variable "source_policy_documents" { default = [] }
variable "override_policy_documents" { default = [] }
variable "aliases" { default = [] }
variable "computed_aliases" { default = {} }
variable "aliases_use_name_prefix" { default = false }
variable "grants" { default = {} }
variable "tags" { default = {} }

data "aws_caller_identity" "current" {}

locals {
  policy = var.policy != null ? var.policy : data.aws_iam_policy_document.this[0].json
  key_id = try(aws_kms_key.this[0].key_id, aws_kms_external_key.this[0].id, aws_kms_replica_key.this[0].key_id, null)
  arn    = try(aws_kms_key.this[0].arn, aws_kms_external_key.this[0].arn, aws_kms_replica_key.this[0].arn, null)
  names  = merge({ for a in var.aliases : a => a }, { for k, v in var.computed_aliases : k => try(v.name, k) })

  uses = { for k, v in {
    Default                       = { who = var.enable_default_policy ? ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"] : [], actions = ["kms:*"] }
    KeyOwner                      = { who = var.key_owners, actions = ["kms:*"] }
    KeyUsage                      = { who = var.key_users, actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"] }
    KeySymmetricEncryption        = { who = var.key_symmetric_encryption_users, actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"] }
    KeyHMAC                       = { who = var.key_hmac_users, actions = ["kms:DescribeKey", "kms:GenerateMac", "kms:VerifyMac"] }
    KeyAsymmetricPublicEncryption = { who = var.key_asymmetric_public_encryption_users, actions = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:DescribeKey", "kms:GetPublicKey"] }
    KeyAsymmetricSignVerify       = { who = var.key_asymmetric_sign_verify_users, actions = ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign", "kms:Verify"] }
    KeyServiceUsage               = { who = var.key_service_users, actions = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"] }
    KeyAdministration = { who = var.key_administrators, actions = [
      "kms:CancelKeyDeletion", "kms:Create*", "kms:Delete*", "kms:Describe*", "kms:Disable*", "kms:Enable*", "kms:Get*",
      "kms:ImportKeyMaterial", "kms:List*", "kms:Put*", "kms:ReplicateKey", "kms:Revoke*", "kms:ScheduleKeyDeletion",
      "kms:TagResource", "kms:UntagResource", "kms:Update*",
    ] }
  } : k => v if length(v.who) > 0 }
}

data "aws_iam_policy_document" "this" {
  count                     = var.create ? 1 : 0
  source_policy_documents   = var.source_policy_documents
  override_policy_documents = var.override_policy_documents

  dynamic "statement" {
    for_each = local.uses
    content {
      sid       = statement.key
      effect    = "Allow"
      actions   = statement.value.actions
      resources = ["*"]

      principals {
        type        = "AWS"
        identifiers = statement.value.who
      }

      dynamic "condition" {
        for_each = statement.key == "KeyServiceUsage" ? [true] : []
        content {
          test     = "Bool"
          variable = "kms:GrantIsForAWSResource"
          values   = ["true"]
        }
      }
    }
  }

  dynamic "statement" {
    for_each = try([for s in var.key_statements : s], [])
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(coalescelist(statement.value.resources, ["*"]), ["*"])
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

resource "aws_kms_key" "this" {
  count                    = var.create && !var.create_external && !var.create_replica ? 1 : 0
  description              = var.description
  deletion_window_in_days  = var.deletion_window_in_days
  enable_key_rotation      = var.enable_key_rotation
  is_enabled               = var.is_enabled
  key_usage                = var.key_usage
  customer_master_key_spec = var.customer_master_key_spec
  multi_region             = var.multi_region
  policy                   = local.policy
  tags                     = var.tags
}

resource "aws_kms_external_key" "this" {
  count        = var.create && var.create_external ? 1 : 0
  description  = var.description
  enabled      = var.is_enabled
  multi_region = var.multi_region
  policy       = local.policy
  tags         = var.tags
}

resource "aws_kms_replica_key" "this" {
  count           = var.create && var.create_replica ? 1 : 0
  description     = var.description
  primary_key_arn = var.primary_key_arn
  policy          = local.policy
  tags            = var.tags
}

resource "aws_kms_alias" "this" {
  for_each      = { for k, v in local.names : k => v if var.create }
  name          = var.aliases_use_name_prefix ? null : "alias/${each.value}"
  name_prefix   = var.aliases_use_name_prefix ? "alias/${each.value}-" : null
  target_key_id = local.key_id
}

resource "aws_kms_grant" "this" {
  for_each          = { for k, v in(var.grants != null ? var.grants : {}) : k => v if var.create }
  name              = try(each.value.name, each.key)
  key_id            = local.key_id
  grantee_principal = each.value.grantee_principal
  operations        = each.value.operations
}

output "key_arn" { value = local.arn }
output "key_id" { value = local.key_id }
output "key_policy" { value = local.policy }
output "aliases" { value = aws_kms_alias.this }
output "grants" { value = aws_kms_grant.this }
