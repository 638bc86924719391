# What terraform-aws-modules/s3-bucket/aws makes, from its published inputs, outputs and resources.

variable "create_bucket" { default = true }
variable "bucket" { default = null }
variable "bucket_prefix" { default = null }
variable "acl" { default = null }
variable "grant" { default = [] }
variable "owner" { default = {} }
variable "policy" { default = null }
variable "tags" { default = {} }
variable "force_destroy" { default = false }
variable "website" { default = {} }
variable "cors_rule" { default = [] }
variable "versioning" { default = {} }
variable "logging" { default = {} }
variable "lifecycle_rule" { default = [] }
variable "replication_configuration" { default = {} }
variable "server_side_encryption_configuration" { default = {} }
variable "object_lock_enabled" { default = false }
variable "object_lock_configuration" { default = {} }
variable "attach_policy" { default = false }
variable "attach_public_policy" { default = true }
variable "attach_elb_log_delivery_policy" { default = false }
variable "attach_lb_log_delivery_policy" { default = false }
variable "attach_access_log_delivery_policy" { default = false }
variable "attach_cloudtrail_log_delivery_policy" { default = false }
variable "attach_waf_log_delivery_policy" { default = false }
variable "attach_deny_insecure_transport_policy" { default = false }
variable "attach_require_latest_tls_policy" { default = false }
variable "attach_deny_incorrect_encryption_headers" { default = false }
variable "attach_deny_incorrect_kms_key_sse" { default = false }
variable "attach_deny_unencrypted_object_uploads" { default = false }
variable "allowed_kms_key_arn" { default = null }
variable "access_log_delivery_policy_source_buckets" { default = [] }
variable "access_log_delivery_policy_source_accounts" { default = [] }
variable "block_public_acls" { default = null }
variable "block_public_policy" { default = null }
variable "ignore_public_acls" { default = null }
variable "restrict_public_buckets" { default = null }
variable "control_object_ownership" { default = false }
variable "object_ownership" { default = "BucketOwnerEnforced" }
variable "version" { default = null }

data "aws_canonical_user_id" "this" {}

locals {
  # Before 3.9 the four settings of the public access block were off unless given.
  blocks = !can(regex("^(~>|=|<=?)? ?v?([012][.]|3[.][0-8][.][0-9])", var.version))

  arn = try(aws_s3_bucket.this[0].arn, "")

  # Services that write logs, and whether they must leave the objects to the bucket's owner.
  deliveries = { for k, v in {
    "logdelivery.elasticloadbalancing.amazonaws.com" = { on = var.attach_elb_log_delivery_policy, acl = false }
    "delivery.logs.amazonaws.com"                    = { on = var.attach_lb_log_delivery_policy || var.attach_waf_log_delivery_policy, acl = true }
    "cloudtrail.amazonaws.com"                       = { on = var.attach_cloudtrail_log_delivery_policy, acl = true }
  } : k => v if v.on }

  denials = { for k, v in {
    denyInsecureTransport          = { on = var.attach_deny_insecure_transport_policy, action = "s3:*", test = "Bool", variable = "aws:SecureTransport", values = ["false"] }
    denyOutdatedTLS                = { on = var.attach_require_latest_tls_policy, action = "s3:*", test = "NumericLessThan", variable = "s3:TlsVersion", values = ["1.2"] }
    denyIncorrectEncryptionHeaders = { on = var.attach_deny_incorrect_encryption_headers, action = "s3:PutObject", test = "StringNotEquals", variable = "s3:x-amz-server-side-encryption", values = [try(var.server_side_encryption_configuration.rule.apply_server_side_encryption_by_default.sse_algorithm, "AES256")] }
    denyIncorrectKmsKeySse         = { on = var.attach_deny_incorrect_kms_key_sse, action = "s3:PutObject", test = "StringNotEquals", variable = "s3:x-amz-server-side-encryption-aws-kms-key-id", values = [var.allowed_kms_key_arn] }
    denyUnencryptedObjectUploads   = { on = var.attach_deny_unencrypted_object_uploads, action = "s3:PutObject", test = "Null", variable = "s3:x-amz-server-side-encryption", values = ["true"] }
  } : k => v if v.on }

  has_policy = var.attach_policy || var.attach_access_log_delivery_policy || length(local.deliveries) > 0 || length(local.denials) > 0
}

resource "aws_s3_bucket" "this" {
  count               = var.create_bucket ? 1 : 0
  bucket              = var.bucket
  bucket_prefix       = var.bucket_prefix
  force_destroy       = var.force_destroy
  object_lock_enabled = var.object_lock_enabled
  tags                = var.tags
}

resource "aws_s3_bucket_logging" "this" {
  count         = var.create_bucket && length(keys(var.logging)) > 0 ? 1 : 0
  bucket        = aws_s3_bucket.this[0].id
  target_bucket = var.logging.target_bucket
  target_prefix = try(var.logging.target_prefix, null)
}

resource "aws_s3_bucket_acl" "this" {
  count  = var.create_bucket && ((var.acl != null && var.acl != "null") || length(flatten([var.grant])) > 0) ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  acl    = var.acl == "null" ? null : var.acl

  dynamic "access_control_policy" {
    for_each = length(flatten([var.grant])) > 0 ? [true] : []
    content {
      dynamic "grant" {
        for_each = flatten([var.grant])
        content {
          permission = grant.value.permission
          grantee {
            type = grant.value.type
            id   = try(grant.value.id, null)
            uri  = try(grant.value.uri, null)
          }
        }
      }

      owner {
        id = try(var.owner.id, data.aws_canonical_user_id.this.id)
      }
    }
  }
}

resource "aws_s3_bucket_website_configuration" "this" {
  count  = var.create_bucket && length(keys(var.website)) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  dynamic "index_document" {
    for_each = try([var.website.index_document], [])
    content {
      suffix = index_document.value
    }
  }

  dynamic "error_document" {
    for_each = try([var.website.error_document], [])
    content {
      key = error_document.value
    }
  }

  dynamic "redirect_all_requests_to" {
    for_each = try([var.website.redirect_all_requests_to], [])
    content {
      host_name = redirect_all_requests_to.value.host_name
      protocol  = try(redirect_all_requests_to.value.protocol, null)
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  count  = var.create_bucket && length(keys(var.versioning)) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  versioning_configuration {
    status     = try(var.versioning.enabled ? "Enabled" : "Suspended", tobool(var.versioning.status) ? "Enabled" : "Suspended", title(lower(var.versioning.status)), "Enabled")
    mfa_delete = try(tobool(var.versioning.mfa_delete) ? "Enabled" : "Disabled", null)
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count  = var.create_bucket && length(keys(var.server_side_encryption_configuration)) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  dynamic "rule" {
    for_each = try(flatten([var.server_side_encryption_configuration.rule]), [])
    content {
      bucket_key_enabled = try(rule.value.bucket_key_enabled, null)

      dynamic "apply_server_side_encryption_by_default" {
        for_each = try([rule.value.apply_server_side_encryption_by_default], [])
        content {
          sse_algorithm     = apply_server_side_encryption_by_default.value.sse_algorithm
          kms_master_key_id = try(apply_server_side_encryption_by_default.value.kms_master_key_id, null)
        }
      }
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "this" {
  count  = var.create_bucket && length(flatten([var.cors_rule])) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  dynamic "cors_rule" {
    for_each = flatten([var.cors_rule])
    content {
      allowed_methods = cors_rule.value.allowed_methods
      allowed_origins = cors_rule.value.allowed_origins
      allowed_headers = try(cors_rule.value.allowed_headers, null)
      expose_headers  = try(cors_rule.value.expose_headers, null)
      max_age_seconds = try(cors_rule.value.max_age_seconds, null)
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count  = var.create_bucket && length(flatten([var.lifecycle_rule])) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  dynamic "rule" {
    for_each = flatten([var.lifecycle_rule])
    content {
      id     = try(rule.value.id, null)
      status = try(rule.value.enabled ? "Enabled" : "Disabled", rule.value.status, "Enabled")

      dynamic "expiration" {
        for_each = try(flatten([rule.value.expiration]), [])
        content {
          days = try(expiration.value.days, null)
          date = try(expiration.value.date, null)
        }
      }

      dynamic "noncurrent_version_expiration" {
        for_each = try(flatten([rule.value.noncurrent_version_expiration]), [])
        content {
          noncurrent_days = try(noncurrent_version_expiration.value.days, noncurrent_version_expiration.value.noncurrent_days, null)
        }
      }
    }
  }
}

resource "aws_s3_bucket_object_lock_configuration" "this" {
  count  = var.create_bucket && var.object_lock_enabled && try(var.object_lock_configuration.rule, null) != null ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  rule {
    default_retention {
      mode = var.object_lock_configuration.rule.default_retention.mode
      days = try(var.object_lock_configuration.rule.default_retention.days, null)
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "this" {
  count  = var.create_bucket && length(keys(var.replication_configuration)) > 0 ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  role   = var.replication_configuration.role

  dynamic "rule" {
    for_each = flatten(try([var.replication_configuration.rules], [var.replication_configuration.rule], []))
    content {
      id     = try(rule.value.id, null)
      status = try(rule.value.status, "Enabled")

      destination {
        bucket  = rule.value.destination.bucket
        account = try(rule.value.destination.account_id, rule.value.destination.account, null)
      }
    }
  }
}

data "aws_iam_policy_document" "combined" {
  count                   = var.create_bucket && local.has_policy ? 1 : 0
  source_policy_documents = var.attach_policy ? [var.policy] : []

  dynamic "statement" {
    for_each = local.deliveries
    content {
      effect    = "Allow"
      actions   = ["s3:PutObject"]
      resources = ["${local.arn}/*"]

      principals {
        type        = "Service"
        identifiers = [statement.key]
      }

      dynamic "condition" {
        for_each = statement.value.acl ? [true] : []
        content {
          test     = "StringEquals"
          variable = "s3:x-amz-acl"
          values   = ["bucket-owner-full-control"]
        }
      }
    }
  }

  dynamic "statement" {
    for_each = concat([for k, v in local.deliveries : k if v.acl], var.attach_access_log_delivery_policy ? ["logging.s3.amazonaws.com"] : [])
    content {
      effect    = "Allow"
      actions   = ["s3:GetBucketAcl"]
      resources = [local.arn]

      principals {
        type        = "Service"
        identifiers = [statement.value]
      }
    }
  }

  dynamic "statement" {
    for_each = var.attach_access_log_delivery_policy ? [true] : []
    content {
      sid       = "AWSAccessLogDeliveryWrite"
      effect    = "Allow"
      actions   = ["s3:PutObject"]
      resources = ["${local.arn}/*"]

      principals {
        type        = "Service"
        identifiers = ["logging.s3.amazonaws.com"]
      }

      dynamic "condition" {
        for_each = length(var.access_log_delivery_policy_source_buckets) > 0 ? [true] : []
        content {
          test     = "ForAnyValue:ArnLike"
          variable = "aws:SourceArn"
          values   = var.access_log_delivery_policy_source_buckets
        }
      }

      dynamic "condition" {
        for_each = length(var.access_log_delivery_policy_source_accounts) > 0 ? [true] : []
        content {
          test     = "ForAnyValue:StringEquals"
          variable = "aws:SourceAccount"
          values   = var.access_log_delivery_policy_source_accounts
        }
      }
    }
  }

  dynamic "statement" {
    for_each = local.denials
    content {
      sid       = statement.key
      effect    = "Deny"
      actions   = [statement.value.action]
      resources = [local.arn, "${local.arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = statement.value.test
        variable = statement.value.variable
        values   = statement.value.values
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  count  = var.create_bucket && local.has_policy ? 1 : 0
  bucket = aws_s3_bucket.this[0].id
  policy = data.aws_iam_policy_document.combined[0].json
}

resource "aws_s3_bucket_public_access_block" "this" {
  count                   = var.create_bucket && var.attach_public_policy ? 1 : 0
  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = var.block_public_acls != null ? var.block_public_acls : local.blocks
  block_public_policy     = var.block_public_policy != null ? var.block_public_policy : local.blocks
  ignore_public_acls      = var.ignore_public_acls != null ? var.ignore_public_acls : local.blocks
  restrict_public_buckets = var.restrict_public_buckets != null ? var.restrict_public_buckets : local.blocks
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count  = var.create_bucket && var.control_object_ownership ? 1 : 0
  bucket = aws_s3_bucket.this[0].id

  rule {
    object_ownership = var.object_ownership
  }
}

output "s3_bucket_id" { value = try(aws_s3_bucket.this[0].id, "") }
output "s3_bucket_arn" { value = try(aws_s3_bucket.this[0].arn, "") }
output "s3_bucket_bucket_domain_name" { value = try(aws_s3_bucket.this[0].bucket_domain_name, "") }
output "s3_bucket_bucket_regional_domain_name" { value = try(aws_s3_bucket.this[0].bucket_regional_domain_name, "") }
output "s3_bucket_hosted_zone_id" { value = try(aws_s3_bucket.this[0].hosted_zone_id, "") }
output "s3_bucket_region" { value = try(aws_s3_bucket.this[0].region, "") }
output "s3_bucket_policy" { value = try(aws_s3_bucket_policy.this[0].policy, "") }
output "s3_bucket_website_endpoint" { value = try(aws_s3_bucket_website_configuration.this[0].website_endpoint, "") }
output "s3_bucket_website_domain" { value = try(aws_s3_bucket_website_configuration.this[0].website_domain, "") }
output "s3_bucket_tags" { value = var.tags }

# Names of version 1.
output "this_s3_bucket_id" { value = try(aws_s3_bucket.this[0].id, "") }
output "this_s3_bucket_arn" { value = try(aws_s3_bucket.this[0].arn, "") }
output "this_s3_bucket_bucket_domain_name" { value = try(aws_s3_bucket.this[0].bucket_domain_name, "") }
output "this_s3_bucket_bucket_regional_domain_name" { value = try(aws_s3_bucket.this[0].bucket_regional_domain_name, "") }
