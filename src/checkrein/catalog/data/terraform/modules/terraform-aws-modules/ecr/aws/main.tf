# What terraform-aws-modules/ecr/aws makes, from its published inputs and outputs.

variable "create" { default = true }
variable "create_repository" { default = true }
variable "repository_name" { default = "" }
variable "repository_image_tag_mutability" { default = "IMMUTABLE" }
variable "repository_encryption_type" { default = null }
variable "repository_kms_key" { default = null }
variable "repository_image_scan_on_push" { default = true }
variable "repository_force_delete" { default = null }
variable "attach_repository_policy" { default = true }
variable "create_repository_policy" { default = true }
variable "repository_policy" { default = null }
variable "repository_read_access_arns" { default = [] }
variable "repository_read_write_access_arns" { default = [] }
variable "repository_lambda_read_access_arns" { default = [] }
variable "create_lifecycle_policy" { default = true }
variable "repository_lifecycle_policy" { default = "" }
variable "tags" { default = {} }

data "aws_caller_identity" "current" {}

locals {
  makes        = var.create && var.create_repository
  readers      = length(concat(var.repository_read_access_arns, var.repository_read_write_access_arns)) > 0 ? concat(var.repository_read_access_arns, var.repository_read_write_access_arns) : ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
  makes_policy = local.makes && var.attach_repository_policy
}

resource "aws_ecr_repository" "this" {
  count                = local.makes ? 1 : 0
  name                 = var.repository_name
  image_tag_mutability = var.repository_image_tag_mutability
  force_delete         = var.repository_force_delete
  tags                 = var.tags

  encryption_configuration {
    encryption_type = var.repository_encryption_type
    kms_key         = var.repository_kms_key
  }

  image_scanning_configuration {
    scan_on_push = var.repository_image_scan_on_push
  }
}

data "aws_iam_policy_document" "repository" {
  count = local.makes_policy && var.create_repository_policy ? 1 : 0

  statement {
    sid    = "PrivateReadOnly"
    effect = "Allow"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImageScanFindings", "ecr:DescribeImages",
      "ecr:DescribeRepositories", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer", "ecr:GetLifecyclePolicy",
      "ecr:GetLifecyclePolicyPreview", "ecr:GetRepositoryPolicy", "ecr:ListImages", "ecr:ListTagsForResource",
    ]

    principals {
      type        = "AWS"
      identifiers = local.readers
    }
  }

  dynamic "statement" {
    for_each = length(var.repository_lambda_read_access_arns) > 0 ? [true] : []
    content {
      sid     = "PrivateLambdaReadOnly"
      effect  = "Allow"
      actions = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]

      principals {
        type        = "Service"
        identifiers = ["lambda.amazonaws.com"]
      }

      condition {
        test     = "StringLike"
        variable = "aws:sourceArn"
        values   = var.repository_lambda_read_access_arns
      }
    }
  }

  dynamic "statement" {
    for_each = length(var.repository_read_write_access_arns) > 0 ? [true] : []
    content {
      sid    = "ReadWrite"
      effect = "Allow"
      actions = [
        "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
      ]

      principals {
        type        = "AWS"
        identifiers = var.repository_read_write_access_arns
      }
    }
  }
}

resource "aws_ecr_repository_policy" "this" {
  count      = local.makes_policy ? 1 : 0
  repository = aws_ecr_repository.this[0].name
  policy     = var.create_repository_policy ? data.aws_iam_policy_document.repository[0].json : var.repository_policy
}

output "repository_name" { value = try(aws_ecr_repository.this[0].name, null) }
output "repository_arn" { value = try(aws_ecr_repository.this[0].arn, null) }
output "repository_url" { value = try(aws_ecr_repository.this[0].repository_url, null) }
output "repository_registry_id" { value = try(aws_ecr_repository.this[0].registry_id, null) }

resource "aws_ecr_lifecycle_policy" "this" {
  count      = local.makes && var.create_lifecycle_policy ? 1 : 0
  repository = aws_ecr_repository.this[0].name
  policy     = var.repository_lifecycle_policy
}
