# What terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts makes.
# The policies for add-ons of EKS are theirs, not the application's: of those only the role stands here.

variable "create" { default = true }
variable "name" { default = "" }
variable "permissions_boundary" { default = null }
variable "oidc_providers" { default = {} }
variable "policies" { default = {} }
variable "trust_condition_test" { default = "StringEquals" }
variable "tags" { default = {} }

data "aws_iam_policy_document" "this" {
  count = var.create ? 1 : 0

  dynamic "statement" {
    for_each = var.oidc_providers
    content {
      effect  = "Allow"
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [statement.value.provider_arn]
      }

      condition {
        test     = var.trust_condition_test
        variable = "${try(split("provider/", statement.value.provider_arn)[1], "oidc.eks.amazonaws.com")}:sub"
        values   = [for account in statement.value.namespace_service_accounts : "system:serviceaccount:${account}"]
      }

      condition {
        test     = var.trust_condition_test
        variable = "${try(split("provider/", statement.value.provider_arn)[1], "oidc.eks.amazonaws.com")}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create ? 1 : 0
  name                 = var.name
  permissions_boundary = var.permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.this[0].json
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each   = { for k, v in var.policies : k => v if var.create }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

output "arn" { value = try(aws_iam_role.this[0].arn, null) }
output "name" { value = try(aws_iam_role.this[0].name, null) }
