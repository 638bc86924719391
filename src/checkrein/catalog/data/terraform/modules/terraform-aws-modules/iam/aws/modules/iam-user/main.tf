# What terraform-aws-modules/iam/aws//modules/iam-user makes.

variable "create" { default = true }
variable "create_user" { default = true }
variable "create_login_profile" { default = null }
variable "create_iam_user_login_profile" { default = true }
variable "create_access_key" { default = null }
variable "create_iam_access_key" { default = true }
variable "name" { default = null }
variable "path" { default = "/" }
variable "pgp_key" { default = "" }
variable "permissions_boundary" { default = "" }
variable "policy_arns" { default = [] }
variable "policies" { default = {} }
variable "tags" { default = {} }

locals {
  makes = var.create && var.create_user
  arns  = merge({ for i, arn in var.policy_arns : tostring(i) => arn }, var.policies)
}

resource "aws_iam_user" "this" {
  count                = local.makes ? 1 : 0
  name                 = var.name
  path                 = var.path
  permissions_boundary = var.permissions_boundary == "" ? null : var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_user_login_profile" "this" {
  count = local.makes && (var.create_login_profile != null ? var.create_login_profile : var.create_iam_user_login_profile) ? 1 : 0
  user  = aws_iam_user.this[0].name
}

resource "aws_iam_access_key" "this" {
  count = local.makes && (var.create_access_key != null ? var.create_access_key : var.create_iam_access_key) ? 1 : 0
  user  = aws_iam_user.this[0].name
}

resource "aws_iam_user_policy_attachment" "this" {
  for_each   = { for k, v in local.arns : k => v if local.makes }
  user       = aws_iam_user.this[0].name
  policy_arn = each.value
}

output "name" { value = try(aws_iam_user.this[0].name, "") }
output "arn" { value = try(aws_iam_user.this[0].arn, "") }
output "access_key_id" { value = try(aws_iam_access_key.this[0].id, "") }
output "access_key_secret" { value = try(aws_iam_access_key.this[0].secret, "") }
output "iam_user_name" { value = try(aws_iam_user.this[0].name, "") }
output "iam_user_arn" { value = try(aws_iam_user.this[0].arn, "") }
output "iam_access_key_id" { value = try(aws_iam_access_key.this[0].id, "") }
output "iam_access_key_secret" { value = try(aws_iam_access_key.this[0].secret, "") }
