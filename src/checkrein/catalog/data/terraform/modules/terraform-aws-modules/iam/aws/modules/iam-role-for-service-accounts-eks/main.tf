# What terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks makes.
# The policies for add-ons of EKS are theirs, not the application's: of those only the role stands here.

variable "create_role" { default = true }
variable "role_name" { default = null }
variable "role_permissions_boundary_arn" { default = null }
variable "oidc_providers" { default = {} }
variable "role_policy_arns" { default = {} }
variable "assume_role_condition_test" { default = "StringEquals" }
variable "tags" { default = {} }

data "aws_iam_policy_document" "this" {
  count = var.create_role ? 1 : 0

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
        test     = var.assume_role_condition_test
        variable = "${try(split("provider/", statement.value.provider_arn)[1], "oidc.eks.amazonaws.com")}:sub"
        values   = [for account in statement.value.namespace_service_accounts : "system:serviceaccount:${account}"]
      }

      condition {
        test     = var.assume_role_condition_test
        variable = "${try(split("provider/", statement.value.provider_arn)[1], "oidc.eks.amazonaws.com")}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count                = var.create_role ? 1 : 0
  name                 = var.role_name
  permissions_boundary = var.role_permissions_boundary_arn
  assume_role_policy   = data.aws_iam_policy_document.this[0].json
  tags                 = var.tags
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = { for k, v in var.role_policy_arns : k => v if var.create_role }
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, "") }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, "") }
