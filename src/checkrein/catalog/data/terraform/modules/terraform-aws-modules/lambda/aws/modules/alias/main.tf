# What terraform-aws-modules/lambda/aws//modules/alias makes.

variable "create" { default = true }
variable "use_existing_alias" { default = false }
variable "refresh_alias" { default = true }
variable "name" { default = "" }
variable "function_name" { default = "" }
variable "function_version" { default = "" }
variable "create_async_event_config" { default = false }
variable "create_qualified_alias_async_event_config" { default = true }
variable "create_version_allowed_triggers" { default = true }
variable "create_qualified_alias_allowed_triggers" { default = true }
variable "maximum_event_age_in_seconds" { default = null }
variable "maximum_retry_attempts" { default = null }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }

data "aws_lambda_alias" "existing" {
  count         = var.create && var.use_existing_alias ? 1 : 0
  function_name = var.function_name
  name          = var.name
}

resource "aws_lambda_alias" "with_refresh" {
  count            = var.create && !var.use_existing_alias && var.refresh_alias ? 1 : 0
  name             = var.name
  function_name    = var.function_name
  function_version = var.function_version != "" ? var.function_version : "$LATEST"
}

resource "aws_lambda_alias" "no_refresh" {
  count            = var.create && !var.use_existing_alias && !var.refresh_alias ? 1 : 0
  name             = var.name
  function_name    = var.function_name
  function_version = var.function_version != "" ? var.function_version : "$LATEST"
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each                     = { for k, v in { qualified_alias = true } : k => v if var.create && var.create_async_event_config && var.create_qualified_alias_async_event_config }
  function_name                = var.function_name
  qualifier                    = var.name
  maximum_event_age_in_seconds = var.maximum_event_age_in_seconds
  maximum_retry_attempts       = var.maximum_retry_attempts

  dynamic "destination_config" {
    for_each = var.destination_on_failure != null || var.destination_on_success != null ? [true] : []
    content {
      dynamic "on_failure" {
        for_each = var.destination_on_failure != null ? [true] : []
        content {
          destination = var.destination_on_failure
        }
      }
      dynamic "on_success" {
        for_each = var.destination_on_success != null ? [true] : []
        content {
          destination = var.destination_on_success
        }
      }
    }
  }
}

resource "aws_lambda_permission" "version_triggers" {
  for_each      = { for k, v in var.allowed_triggers : k => v if var.create && var.create_version_allowed_triggers }
  function_name = var.function_name
  qualifier     = var.function_version != "" ? var.function_version : null
  statement_id  = try(each.value.statement_id, each.key)
  action        = try(each.value.action, "lambda:InvokeFunction")
  principal     = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  source_arn    = try(each.value.source_arn, null)
}

resource "aws_lambda_permission" "qualified_alias_triggers" {
  for_each      = { for k, v in var.allowed_triggers : k => v if var.create && var.create_qualified_alias_allowed_triggers }
  function_name = var.function_name
  qualifier     = var.name
  statement_id  = try(each.value.statement_id, each.key)
  action        = try(each.value.action, "lambda:InvokeFunction")
  principal     = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  source_arn    = try(each.value.source_arn, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each                = { for k, v in var.event_source_mapping : k => v if var.create }
  function_name           = local.arn
  event_source_arn        = try(each.value.event_source_arn, null)
  batch_size              = try(each.value.batch_size, null)
  enabled                 = try(each.value.enabled, true)
  starting_position       = try(each.value.starting_position, null)
  function_response_types = try(each.value.function_response_types, null)
}

locals {
  arn = try(aws_lambda_alias.with_refresh[0].arn, aws_lambda_alias.no_refresh[0].arn, data.aws_lambda_alias.existing[0].arn, "")
}

output "lambda_alias_name" { value = var.name }
output "lambda_alias_arn" { value = local.arn }
output "lambda_alias_invoke_arn" { value = try(aws_lambda_alias.with_refresh[0].invoke_arn, aws_lambda_alias.no_refresh[0].invoke_arn, data.aws_lambda_alias.existing[0].invoke_arn, "") }
output "lambda_alias_function_version" { value = var.function_version }
