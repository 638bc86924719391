# What terraform-aws-modules/eventbridge/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "create_role" { default = true }
variable "create_pipe_role_only" { default = false }
variable "append_rule_postfix" { default = true }
variable "append_connection_postfix" { default = true }
variable "append_destination_postfix" { default = true }
variable "append_schedule_postfix" { default = true }
variable "append_pipe_postfix" { default = true }
variable "create_bus" { default = true }
variable "create_rules" { default = true }
variable "create_targets" { default = true }
variable "create_permissions" { default = true }
variable "create_archives" { default = false }
variable "create_connections" { default = false }
variable "create_api_destinations" { default = false }
variable "create_schedule_groups" { default = true }
variable "create_schedules" { default = true }
variable "create_pipes" { default = true }
variable "bus_name" { default = "default" }
variable "event_source_name" { default = null }
variable "kms_key_identifier" { default = null }
variable "rules" { default = {} }
variable "targets" { default = {} }
variable "archives" { default = {} }
variable "permissions" { default = {} }
variable "connections" { default = {} }
variable "api_destinations" { default = {} }
variable "schedule_groups" { default = {} }
variable "schedules" { default = {} }
variable "pipes" { default = {} }
variable "tags" { default = {} }
variable "role_name" { default = null }
variable "role_path" { default = null }
variable "role_permissions_boundary" { default = null }
variable "trusted_entities" { default = [] }
variable "ecs_pass_role_resources" { default = [] }
variable "attach_kinesis_policy" { default = false }
variable "attach_kinesis_firehose_policy" { default = false }
variable "attach_sqs_policy" { default = false }
variable "attach_sns_policy" { default = false }
variable "attach_ecs_policy" { default = false }
variable "attach_lambda_policy" { default = false }
variable "attach_sfn_policy" { default = false }
variable "attach_cloudwatch_policy" { default = false }
variable "attach_api_destination_policy" { default = false }
variable "attach_tracing_policy" { default = false }
variable "kinesis_target_arns" { default = [] }
variable "kinesis_firehose_target_arns" { default = [] }
variable "sqs_target_arns" { default = [] }
variable "sns_target_arns" { default = [] }
variable "sns_kms_arns" { default = ["*"] }
variable "ecs_target_arns" { default = [] }
variable "lambda_target_arns" { default = [] }
variable "sfn_target_arns" { default = [] }
variable "cloudwatch_target_arns" { default = [] }
variable "attach_policy_json" { default = false }
variable "attach_policy_jsons" { default = false }
variable "attach_policy" { default = false }
variable "attach_policies" { default = false }
variable "attach_policy_statements" { default = false }
variable "number_of_policy_jsons" { default = 0 }
variable "number_of_policies" { default = 0 }
variable "policy_json" { default = null }
variable "policy_jsons" { default = [] }
variable "policy" { default = null }
variable "policies" { default = [] }
variable "policy_statements" { default = {} }

locals {
  bus        = var.create && var.create_bus ? aws_cloudwatch_event_bus.this[0].name : var.bus_name
  bus_arn    = var.create && var.create_bus ? aws_cloudwatch_event_bus.this[0].arn : data.aws_cloudwatch_event_bus.this[0].arn
  makes_role = var.create && var.create_role
  role_name  = coalesce(var.role_name, var.bus_name, "*")
  rules      = { for k, v in var.rules : k => v if var.create && var.create_rules }
  pipes      = { for k, v in var.pipes : k => v if var.create && var.create_pipes }
  pipe_roles = { for k, v in local.pipes : k => v if(var.create_role || var.create_pipe_role_only) && !can(v.role_arn) && try(v.create_role, true) }

  targets = merge([for rule, list in var.targets : { for t in list : t.name => merge(t, { rule_key = rule }) if var.create && var.create_targets }]...)

  # What the role of this bus may do, by the switch that attaches it.
  rights = { for k, v in {
    kinesis          = { on = var.attach_kinesis_policy, actions = ["kinesis:PutRecord"], resources = var.kinesis_target_arns }
    kinesis_firehose = { on = var.attach_kinesis_firehose_policy, actions = ["firehose:PutRecord"], resources = var.kinesis_firehose_target_arns }
    sqs              = { on = var.attach_sqs_policy, actions = ["sqs:SendMessage*", "kms:Decrypt", "kms:GenerateDataKey"], resources = var.sqs_target_arns }
    sns              = { on = var.attach_sns_policy, actions = ["sns:Publish"], resources = var.sns_target_arns }
    sns_kms          = { on = var.attach_sns_policy && length(var.sns_kms_arns) > 0, actions = ["kms:Decrypt", "kms:GenerateDataKey"], resources = var.sns_kms_arns }
    ecs              = { on = var.attach_ecs_policy, actions = ["ecs:RunTask", "ecs:TagResource"], resources = var.ecs_target_arns }
    ecs_pass         = { on = var.attach_ecs_policy, actions = ["iam:PassRole"], resources = length(var.ecs_pass_role_resources) > 0 ? var.ecs_pass_role_resources : ["*"] }
    lambda           = { on = var.attach_lambda_policy, actions = ["lambda:InvokeFunction"], resources = var.lambda_target_arns }
    sfn              = { on = var.attach_sfn_policy, actions = ["states:StartExecution"], resources = var.sfn_target_arns }
    api_destination  = { on = var.attach_api_destination_policy, actions = ["events:InvokeApiDestination"], resources = [for k, v in aws_cloudwatch_event_api_destination.this : v.arn] }
    cloudwatch       = { on = var.attach_cloudwatch_policy, actions = ["logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"], resources = var.cloudwatch_target_arns }
  } : k => v if v.on && local.makes_role }
}

data "aws_caller_identity" "current" {}

data "aws_cloudwatch_event_bus" "this" {
  count = var.create && var.create_bus ? 0 : 1
  name  = var.bus_name
}

resource "aws_cloudwatch_event_bus" "this" {
  count              = var.create && var.create_bus ? 1 : 0
  name               = var.bus_name
  event_source_name  = var.event_source_name
  kms_key_identifier = var.kms_key_identifier
  tags               = var.tags
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each            = local.rules
  name                = var.append_rule_postfix ? "${replace(each.key, "_", "-")}-rule" : each.key
  description         = try(each.value.description, null)
  event_bus_name      = local.bus
  event_pattern       = try(each.value.event_pattern, null)
  schedule_expression = try(each.value.schedule_expression, null)
  role_arn            = try(each.value.role_arn, false) ? aws_iam_role.eventbridge[0].arn : null
  state               = try(each.value.enabled ? "ENABLED" : "DISABLED", each.value.state, null)
}

resource "aws_cloudwatch_event_target" "this" {
  for_each       = local.targets
  rule           = try(aws_cloudwatch_event_rule.this[each.value.rule_key].name, each.value.rule_key)
  event_bus_name = local.bus
  target_id      = try(each.value.target_id, each.key)
  arn            = try(aws_cloudwatch_event_api_destination.this[each.value.destination].arn, each.value.arn, null)
  role_arn       = try(each.value.attach_role_arn == true, false) ? aws_iam_role.eventbridge[0].arn : try(each.value.attach_role_arn, null)
  input          = try(each.value.input, null)
  input_path     = try(each.value.input_path, null)

  dynamic "ecs_target" {
    for_each = try([each.value.ecs_target], [])
    content {
      task_definition_arn = ecs_target.value.task_definition_arn
      launch_type         = try(ecs_target.value.launch_type, null)
      task_count          = try(ecs_target.value.task_count, null)

      dynamic "network_configuration" {
        for_each = try([ecs_target.value.network_configuration], [])
        content {
          subnets          = try(network_configuration.value.subnets, null)
          security_groups  = try(network_configuration.value.security_groups, null)
          assign_public_ip = try(network_configuration.value.assign_public_ip, null)
        }
      }
    }
  }

  dynamic "kinesis_target" {
    for_each = try([each.value.partition_key_path], [])
    content {
      partition_key_path = kinesis_target.value
    }
  }

  dynamic "sqs_target" {
    for_each = try([each.value.message_group_id], [])
    content {
      message_group_id = sqs_target.value
    }
  }

  dynamic "input_transformer" {
    for_each = try([each.value.input_transformer], [])
    content {
      input_paths    = try(input_transformer.value.input_paths, null)
      input_template = try(input_transformer.value.input_template, null)
    }
  }

  dynamic "dead_letter_config" {
    for_each = try([each.value.dead_letter_arn], [])
    content {
      arn = dead_letter_config.value
    }
  }
}

resource "aws_cloudwatch_event_archive" "this" {
  for_each         = { for k, v in var.archives : k => v if var.create && var.create_archives }
  name             = try(each.value.name, each.key)
  event_source_arn = try(each.value.event_source_arn, local.bus_arn)
  event_pattern    = try(each.value.event_pattern, null)
  retention_days   = try(each.value.retention_days, null)
}

resource "aws_cloudwatch_event_permission" "this" {
  for_each       = { for k, v in var.permissions : k => v if var.create && var.create_permissions }
  principal      = split(" ", each.key)[0]
  statement_id   = try(split(" ", each.key)[1], each.key)
  action         = try(each.value.action, null)
  event_bus_name = try(each.value.event_bus_name, local.bus)

  dynamic "condition" {
    for_each = try([each.value.condition_org], [])
    content {
      key   = "aws:PrincipalOrgID"
      type  = "StringEquals"
      value = condition.value
    }
  }
}

resource "aws_cloudwatch_event_connection" "this" {
  for_each           = { for k, v in var.connections : k => v if var.create && var.create_connections }
  name               = var.append_connection_postfix ? "${replace(each.key, "_", "-")}-connection" : each.key
  authorization_type = each.value.authorization_type

  auth_parameters {
    dynamic "api_key" {
      for_each = try([each.value.auth_parameters.api_key], [])
      content {
        key   = api_key.value.key
        value = api_key.value.value
      }
    }

    dynamic "basic" {
      for_each = try([each.value.auth_parameters.basic], [])
      content {
        username = basic.value.username
        password = basic.value.password
      }
    }

    dynamic "oauth" {
      for_each = try([each.value.auth_parameters.oauth], [])
      content {
        authorization_endpoint = oauth.value.authorization_endpoint
        http_method            = oauth.value.http_method

        client_parameters {
          client_id     = oauth.value.client_parameters.client_id
          client_secret = oauth.value.client_parameters.client_secret
        }

        oauth_http_parameters {
          dynamic "header" {
            for_each = try(oauth.value.oauth_http_parameters.header, [])
            content {
              key             = header.value.key
              value           = header.value.value
              is_value_secret = try(header.value.is_value_secret, null)
            }
          }
        }
      }
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "this" {
  for_each                         = { for k, v in var.api_destinations : k => v if var.create && var.create_api_destinations }
  name                             = var.append_destination_postfix ? "${replace(each.key, "_", "-")}-destination" : each.key
  invocation_endpoint              = each.value.invocation_endpoint
  http_method                      = each.value.http_method
  invocation_rate_limit_per_second = try(each.value.invocation_rate_limit_per_second, null)
  connection_arn                   = try(aws_cloudwatch_event_connection.this[each.value.connection_name].arn, aws_cloudwatch_event_connection.this[each.key].arn, null)
}

resource "aws_scheduler_schedule_group" "this" {
  for_each = { for k, v in var.schedule_groups : k => v if var.create && var.create_schedule_groups }
  name     = try(each.value.name, each.key)
}

resource "aws_scheduler_schedule" "this" {
  for_each                     = { for k, v in var.schedules : k => v if var.create && var.create_schedules }
  name                         = var.append_schedule_postfix ? "${replace(each.key, "_", "-")}-schedule" : each.key
  group_name                   = try(aws_scheduler_schedule_group.this[each.value.group_name].id, each.value.group_name, null)
  kms_key_arn                  = try(each.value.kms_key_arn, null)
  schedule_expression          = each.value.schedule_expression
  schedule_expression_timezone = try(each.value.timezone, null)
  state                        = try(each.value.state, true) ? "ENABLED" : "DISABLED"

  flexible_time_window {
    mode                      = try(each.value.use_flexible_time_window, false) ? "FLEXIBLE" : "OFF"
    maximum_window_in_minutes = try(each.value.maximum_window_in_minutes, null)
  }

  target {
    arn      = each.value.arn
    role_arn = try(each.value.role_arn, aws_iam_role.eventbridge[0].arn)
    input    = try(each.value.input, null)

    dynamic "dead_letter_config" {
      for_each = try([each.value.dead_letter_arn], [])
      content {
        arn = dead_letter_config.value
      }
    }
  }
}

resource "aws_pipes_pipe" "this" {
  for_each      = local.pipes
  name          = var.append_pipe_postfix ? "${replace(each.key, "_", "-")}-pipe" : each.key
  role_arn      = try(each.value.role_arn, aws_iam_role.eventbridge_pipe[each.key].arn, null)
  source        = each.value.source
  enrichment    = try(aws_cloudwatch_event_api_destination.this[each.value.enrichment].arn, each.value.enrichment, null)
  target        = try(aws_cloudwatch_event_api_destination.this[each.value.target].arn, each.value.target)
  desired_state = try(each.value.desired_state, null)

  dynamic "source_parameters" {
    for_each = try([each.value.source_parameters], [])
    content {
      dynamic "filter_criteria" {
        for_each = try([source_parameters.value.filter_criteria], [])
        content {
          dynamic "filter" {
            for_each = filter_criteria.value
            content {
              pattern = filter.value.pattern
            }
          }
        }
      }
    }
  }

  dynamic "target_parameters" {
    for_each = try([each.value.target_parameters], [])
    content {
      input_template = try(target_parameters.value.input_template, null)
    }
  }
}

data "aws_iam_policy_document" "assume_role_pipe" {
  for_each = local.pipe_roles

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["pipes.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "eventbridge_pipe" {
  for_each           = local.pipe_roles
  name               = each.key
  assume_role_policy = data.aws_iam_policy_document.assume_role_pipe[each.key].json
}

# The module picks the actions that fit the service in each ARN; those of other services match nothing there.
data "aws_iam_policy_document" "service" {
  for_each = local.pipe_roles

  statement {
    effect    = "Allow"
    resources = [each.value.source]
    actions = [
      "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
      "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers", "kinesis:DescribeStream", "kinesis:DescribeStreamSummary",
      "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams",
      "kinesis:SubscribeToShard", "mq:DescribeBroker", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage",
    ]
  }

  statement {
    effect = "Allow"
    resources = concat(
      [try(aws_cloudwatch_event_api_destination.this[each.value.target].arn, each.value.target)],
      try([try(aws_cloudwatch_event_api_destination.this[each.value.enrichment].arn, each.value.enrichment)], []),
    )
    actions = [
      "batch:SubmitJob", "ecs:RunTask", "events:InvokeApiDestination", "events:PutEvents", "execute-api:Invoke",
      "firehose:PutRecord", "firehose:PutRecordBatch", "kinesis:PutRecord", "kinesis:PutRecords", "lambda:InvokeFunction",
      "logs:CreateLogStream", "logs:PutLogEvents", "sns:Publish", "sqs:SendMessage", "states:StartExecution",
      "states:StartSyncExecution",
    ]
  }
}

resource "aws_iam_policy" "service" {
  for_each = local.pipe_roles
  name     = each.key
  policy   = data.aws_iam_policy_document.service[each.key].json
}

resource "aws_iam_policy_attachment" "service" {
  for_each   = local.pipe_roles
  name       = each.key
  roles      = [aws_iam_role.eventbridge_pipe[each.key].name]
  policy_arn = aws_iam_policy.service[each.key].arn
}

data "aws_iam_policy_document" "assume_role" {
  count = local.makes_role ? 1 : 0

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = concat(["events.amazonaws.com"], var.trusted_entities, length(keys(var.schedules)) > 0 && var.create_schedules ? ["scheduler.amazonaws.com"] : [])
    }
  }
}

resource "aws_iam_role" "eventbridge" {
  count                = local.makes_role ? 1 : 0
  name                 = local.role_name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume_role[0].json
  tags                 = var.tags
}

data "aws_iam_policy_document" "targets" {
  for_each = local.rights

  statement {
    effect    = "Allow"
    actions   = each.value.actions
    resources = each.value.resources
  }
}

resource "aws_iam_policy" "targets" {
  for_each = local.rights
  name     = "${local.role_name}-${each.key}"
  policy   = data.aws_iam_policy_document.targets[each.key].json
}

resource "aws_iam_policy_attachment" "targets" {
  for_each   = local.rights
  name       = "${local.role_name}-${each.key}"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.targets[each.key].arn
}

resource "aws_iam_role_policy_attachment" "tracing" {
  count      = local.makes_role && var.attach_tracing_policy ? 1 : 0
  role       = aws_iam_role.eventbridge[0].name
  policy_arn = "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"
}

resource "aws_iam_policy" "additional_json" {
  count  = local.makes_role && var.attach_policy_json ? 1 : 0
  name   = local.role_name
  policy = var.policy_json
}

resource "aws_iam_policy_attachment" "additional_json" {
  count      = local.makes_role && var.attach_policy_json ? 1 : 0
  name       = local.role_name
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.additional_json[0].arn
}

resource "aws_iam_policy" "additional_jsons" {
  count  = local.makes_role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  name   = "${local.role_name}-${count.index}"
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_policy_attachment" "additional_jsons" {
  count      = local.makes_role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  name       = "${local.role_name}-${count.index}"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.additional_jsons[count.index].arn
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  count      = local.makes_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.eventbridge[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count      = local.makes_role && var.attach_policies ? var.number_of_policies : 0
  role       = aws_iam_role.eventbridge[0].name
  policy_arn = var.policies[count.index]
}

data "aws_iam_policy_document" "additional_inline" {
  count = local.makes_role && var.attach_policy_statements ? 1 : 0

  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
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

resource "aws_iam_policy" "additional_inline" {
  count  = local.makes_role && var.attach_policy_statements ? 1 : 0
  name   = "${local.role_name}-inline"
  policy = data.aws_iam_policy_document.additional_inline[0].json
}

resource "aws_iam_policy_attachment" "additional_inline" {
  count      = local.makes_role && var.attach_policy_statements ? 1 : 0
  name       = "${local.role_name}-inline"
  roles      = [aws_iam_role.eventbridge[0].name]
  policy_arn = aws_iam_policy.additional_inline[0].arn
}

output "eventbridge_bus_name" { value = var.bus_name }
output "eventbridge_bus_arn" { value = try(aws_cloudwatch_event_bus.this[0].arn, "") }
output "eventbridge_bus" { value = aws_cloudwatch_event_bus.this }
output "eventbridge_rules" { value = aws_cloudwatch_event_rule.this }
output "eventbridge_rule_ids" { value = { for k, v in aws_cloudwatch_event_rule.this : k => v.id } }
output "eventbridge_rule_arns" { value = { for k, v in aws_cloudwatch_event_rule.this : k => v.arn } }
output "eventbridge_targets" { value = aws_cloudwatch_event_target.this }
output "eventbridge_archive_arns" { value = { for k, v in aws_cloudwatch_event_archive.this : v.name => v.arn } }
output "eventbridge_connection_arns" { value = { for k, v in aws_cloudwatch_event_connection.this : k => v.arn } }
output "eventbridge_api_destination_arns" { value = { for k, v in aws_cloudwatch_event_api_destination.this : k => v.arn } }
output "eventbridge_schedules" { value = aws_scheduler_schedule.this }
output "eventbridge_schedule_arns" { value = { for k, v in aws_scheduler_schedule.this : k => v.arn } }
output "eventbridge_schedule_group_arns" { value = { for k, v in aws_scheduler_schedule_group.this : k => v.arn } }
output "eventbridge_pipe_arns" { value = { for k, v in aws_pipes_pipe.this : k => v.arn } }
output "eventbridge_pipe_role_arns" { value = { for k, v in aws_iam_role.eventbridge_pipe : k => v.arn } }
output "eventbridge_pipe_role_names" { value = { for k, v in aws_iam_role.eventbridge_pipe : k => v.name } }
output "eventbridge_role_arn" { value = try(aws_iam_role.eventbridge[0].arn, "") }
output "eventbridge_role_name" { value = try(aws_iam_role.eventbridge[0].name, "") }
