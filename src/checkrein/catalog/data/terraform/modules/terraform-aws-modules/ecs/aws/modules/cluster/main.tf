# What terraform-aws-modules/ecs/aws//modules/cluster makes.

variable "create" { default = true }
variable "name" { default = null }
variable "cluster_name" { default = "" }
variable "setting" { default = null }
variable "cluster_settings" { default = [{ name = "containerInsights", value = "enabled" }] }
variable "create_cloudwatch_log_group" { default = true }
variable "cloudwatch_log_group_name" { default = null }
variable "cloudwatch_log_group_retention_in_days" { default = 90 }
variable "cloudwatch_log_group_kms_key_id" { default = null }
variable "tags" { default = {} }

locals {
  name     = var.name != null ? var.name : var.cluster_name
  settings = flatten([var.setting != null ? var.setting : var.cluster_settings])
}

resource "aws_ecs_cluster" "this" {
  count = var.create ? 1 : 0
  name  = local.name
  tags  = var.tags

  dynamic "setting" {
    for_each = local.settings
    content {
      name  = setting.value.name
      value = setting.value.value
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  count             = var.create && var.create_cloudwatch_log_group ? 1 : 0
  name              = try(coalesce(var.cloudwatch_log_group_name, "/aws/ecs/${local.name}"), "")
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  kms_key_id        = var.cloudwatch_log_group_kms_key_id
}

output "arn" { value = try(aws_ecs_cluster.this[0].arn, null) }
output "id" { value = try(aws_ecs_cluster.this[0].id, null) }
output "name" { value = try(aws_ecs_cluster.this[0].name, null) }
