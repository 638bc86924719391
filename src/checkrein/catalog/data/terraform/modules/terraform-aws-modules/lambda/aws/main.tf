# What terraform-aws-modules/lambda/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_role" { default = true }
variable "create_package" { default = true }
variable "create_lambda_function_url" { default = false }
variable "lambda_at_edge" { default = false }
variable "function_name" { default = "" }
variable "handler" { default = "" }
variable "runtime" { default = "" }
variable "lambda_role" { default = "" }
variable "description" { default = "" }
variable "layers" { default = null }
variable "architectures" { default = null }
variable "code_signing_config_arn" { default = null }
variable "kms_key_arn" { default = null }
variable "memory_size" { default = 128 }
variable "ephemeral_storage_size" { default = 512 }
variable "publish" { default = false }
variable "snap_start" { default = false }
variable "reserved_concurrent_executions" { default = -1 }
variable "provisioned_concurrent_executions" { default = -1 }
variable "timeout" { default = 3 }
variable "dead_letter_target_arn" { default = null }
variable "environment_variables" { default = {} }
variable "tracing_mode" { default = null }
variable "vpc_subnet_ids" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "tags" { default = {} }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "image_config_entry_point" { default = [] }
variable "image_config_command" { default = [] }
variable "image_config_working_directory" { default = null }
variable "create_unqualified_alias_lambda_function_url" { default = true }
variable "authorization_type" { default = "NONE" }
variable "cors" { default = {} }
variable "invoke_mode" { default = null }
variable "layer_name" { default = "" }
variable "compatible_runtimes" { default = [] }
variable "create_async_event_config" { default = false }
variable "create_current_version_async_event_config" { default = true }
variable "create_unqualified_alias_async_event_config" { default = true }
variable "maximum_event_age_in_seconds" { default = null }
variable "maximum_retry_attempts" { default = null }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }
variable "create_current_version_allowed_triggers" { default = true }
variable "create_unqualified_alias_allowed_triggers" { default = true }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }
variable "use_existing_cloudwatch_log_group" { default = false }
variable "cloudwatch_logs_retention_in_days" { default = null }
variable "cloudwatch_logs_kms_key_id" { default = null }
variable "logging_log_group" { default = null }
variable "logging_log_format" { default = "Text" }
variable "role_name" { default = null }
variable "role_path" { default = null }
variable "role_permissions_boundary" { default = null }
variable "policy_name" { default = null }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "attach_create_log_group_permission" { default = true }
variable "attach_dead_letter_policy" { default = false }
variable "attach_network_policy" { default = false }
variable "attach_tracing_policy" { default = false }
variable "attach_async_event_policy" { default = false }
variable "attach_policy_json" { default = false }
variable "attach_policy_jsons" { default = false }
variable "attach_policy" { default = false }
variable "attach_policies" { default = false }
variable "attach_policy_statements" { default = false }
variable "number_of_policy_jsons" { default = 0 }
variable "number_of_policies" { default = 0 }
variable "trusted_entities" { default = [] }
variable "assume_role_policy_statements" { default = {} }
variable "policy_json" { default = null }
variable "policy_jsons" { default = [] }
variable "policy" { default = null }
variable "policies" { default = [] }
variable "policy_statements" { default = {} }
variable "file_system_arn" { default = null }
variable "file_system_local_mount_path" { default = null }
variable "local_existing_package" { default = null }
variable "s3_existing_package" { default = null }
variable "store_on_s3" { default = false }
variable "s3_bucket" { default = null }
variable "s3_prefix" { default = null }
variable "source_path" { default = null }

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  makes_function = var.create && var.create_function && !var.create_layer
  makes_role     = local.makes_function && var.create_role
  zipped         = var.package_type == "Zip"

  # A path, a list of paths, or of objects whose path is the folder with the code; one that keeps its
  # own name in the archive stands in what lies around it there.
  sources      = [for s in flatten([var.source_path]) : try(trimsuffix(s.path, "/${s.prefix_in_zip}"), s.path, s) if s != null]
  folders      = [for s in local.sources : s if try(!can(regex("\\.[A-Za-z0-9]{1,5}$", s)), false)]
  code         = try(local.folders[0], local.sources[0], null)
  code_is_file = length(local.folders) == 0
  packs        = var.create && var.create_package && local.code != null

  filename  = var.local_existing_package != null ? var.local_existing_package : (local.packs && !var.store_on_s3 ? data.archive_file.package[0].output_path : null)
  s3_bucket = var.s3_existing_package != null ? try(var.s3_existing_package.bucket, null) : (var.store_on_s3 ? var.s3_bucket : null)
  s3_key    = var.s3_existing_package != null ? try(var.s3_existing_package.key, null) : (var.store_on_s3 && local.packs ? data.archive_file.package[0].output_path : null)

  role_name      = coalesce(var.role_name, var.function_name, "*")
  policy_name    = coalesce(var.policy_name, local.role_name, "*")
  log_group_name = coalesce(var.logging_log_group, "/aws/lambda/${var.lambda_at_edge ? "us-east-1." : ""}${var.function_name}")
  log_group_arn  = try(aws_cloudwatch_log_group.lambda[0].arn, data.aws_cloudwatch_log_group.lambda[0].arn, "")
}

data "archive_file" "package" {
  count       = local.packs ? 1 : 0
  type        = "zip"
  source_dir  = local.code_is_file ? null : local.code
  source_file = local.code_is_file ? local.code : null
  output_path = "builds/${var.function_name}${var.layer_name}${replace(local.code, "/", "-")}.zip"
}

resource "aws_lambda_function" "this" {
  count = local.makes_function ? 1 : 0

  function_name                  = var.function_name
  description                    = var.description
  role                           = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  handler                        = local.zipped ? var.handler : null
  runtime                        = local.zipped ? var.runtime : null
  memory_size                    = var.memory_size
  reserved_concurrent_executions = var.reserved_concurrent_executions
  layers                         = var.layers
  timeout                        = var.timeout
  publish                        = var.lambda_at_edge || var.snap_start ? true : var.publish
  kms_key_arn                    = var.kms_key_arn
  image_uri                      = var.image_uri
  package_type                   = var.package_type
  architectures                  = var.architectures
  code_signing_config_arn        = var.code_signing_config_arn
  filename                       = local.zipped ? local.filename : null
  s3_bucket                      = local.s3_bucket
  s3_key                         = local.s3_key
  tags                           = var.tags

  dynamic "ephemeral_storage" {
    for_each = var.ephemeral_storage_size == null ? [] : [true]
    content {
      size = var.ephemeral_storage_size
    }
  }

  dynamic "image_config" {
    for_each = length(var.image_config_entry_point) > 0 || length(var.image_config_command) > 0 || var.image_config_working_directory != null ? [true] : []
    content {
      entry_point       = var.image_config_entry_point
      command           = var.image_config_command
      working_directory = var.image_config_working_directory
    }
  }

  dynamic "environment" {
    for_each = length(keys(var.environment_variables)) == 0 ? [] : [true]
    content {
      variables = var.environment_variables
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [true]
    content {
      target_arn = var.dead_letter_target_arn
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [true]
    content {
      mode = var.tracing_mode
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [true] : []
    content {
      subnet_ids         = var.vpc_subnet_ids
      security_group_ids = var.vpc_security_group_ids
    }
  }

  dynamic "file_system_config" {
    for_each = var.file_system_arn != null && var.file_system_local_mount_path != null ? [true] : []
    content {
      arn              = var.file_system_arn
      local_mount_path = var.file_system_local_mount_path
    }
  }

  dynamic "snap_start" {
    for_each = var.snap_start ? [true] : []
    content {
      apply_on = "PublishedVersions"
    }
  }

  logging_config {
    log_group  = var.logging_log_group
    log_format = var.logging_log_format
  }
}

resource "aws_lambda_layer_version" "this" {
  count               = var.create && var.create_layer ? 1 : 0
  layer_name          = var.layer_name
  description         = var.description
  compatible_runtimes = length(var.compatible_runtimes) > 0 ? var.compatible_runtimes : (var.runtime == "" ? null : [var.runtime])
  filename            = local.filename
  s3_bucket           = local.s3_bucket
  s3_key              = local.s3_key
}

data "aws_cloudwatch_log_group" "lambda" {
  count = local.makes_function && var.use_existing_cloudwatch_log_group ? 1 : 0
  name  = local.log_group_name
}

resource "aws_cloudwatch_log_group" "lambda" {
  count             = local.makes_function && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name              = local.log_group_name
  retention_in_days = var.cloudwatch_logs_retention_in_days
  kms_key_id        = var.cloudwatch_logs_kms_key_id
  tags              = var.tags
}

resource "aws_lambda_provisioned_concurrency_config" "current_version" {
  count                             = local.makes_function && var.provisioned_concurrent_executions > -1 ? 1 : 0
  function_name                     = aws_lambda_function.this[0].function_name
  qualifier                         = aws_lambda_function.this[0].version
  provisioned_concurrent_executions = var.provisioned_concurrent_executions
}

resource "aws_lambda_function_event_invoke_config" "this" {
  for_each = { for k, v in {
    current_version   = var.create_current_version_async_event_config
    unqualified_alias = var.create_unqualified_alias_async_event_config
  } : k => v if v && local.makes_function && var.create_async_event_config }

  function_name                = aws_lambda_function.this[0].function_name
  qualifier                    = each.key == "current_version" ? aws_lambda_function.this[0].version : null
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

resource "aws_lambda_permission" "current_version_triggers" {
  for_each               = { for k, v in var.allowed_triggers : k => v if local.makes_function && var.create_current_version_allowed_triggers }
  function_name          = aws_lambda_function.this[0].function_name
  qualifier              = aws_lambda_function.this[0].version
  statement_id           = try(each.value.statement_id, each.key)
  action                 = try(each.value.action, "lambda:InvokeFunction")
  principal              = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  principal_org_id       = try(each.value.principal_org_id, null)
  source_arn             = try(each.value.source_arn, null)
  source_account         = try(each.value.source_account, null)
  event_source_token     = try(each.value.event_source_token, null)
  function_url_auth_type = try(each.value.function_url_auth_type, null)
}

resource "aws_lambda_permission" "unqualified_alias_triggers" {
  for_each               = { for k, v in var.allowed_triggers : k => v if local.makes_function && var.create_unqualified_alias_allowed_triggers }
  function_name          = aws_lambda_function.this[0].function_name
  statement_id           = try(each.value.statement_id, each.key)
  action                 = try(each.value.action, "lambda:InvokeFunction")
  principal              = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  principal_org_id       = try(each.value.principal_org_id, null)
  source_arn             = try(each.value.source_arn, null)
  source_account         = try(each.value.source_account, null)
  event_source_token     = try(each.value.event_source_token, null)
  function_url_auth_type = try(each.value.function_url_auth_type, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each                           = { for k, v in var.event_source_mapping : k => v if local.makes_function && var.create_unqualified_alias_allowed_triggers }
  function_name                      = aws_lambda_function.this[0].arn
  event_source_arn                   = try(each.value.event_source_arn, null)
  batch_size                         = try(each.value.batch_size, null)
  maximum_batching_window_in_seconds = try(each.value.maximum_batching_window_in_seconds, null)
  enabled                            = try(each.value.enabled, true)
  starting_position                  = try(each.value.starting_position, null)
  maximum_retry_attempts             = try(each.value.maximum_retry_attempts, null)
  maximum_record_age_in_seconds      = try(each.value.maximum_record_age_in_seconds, null)
  bisect_batch_on_function_error     = try(each.value.bisect_batch_on_function_error, null)
  topics                             = try(each.value.topics, null)
  queues                             = try(each.value.queues, null)
  function_response_types            = try(each.value.function_response_types, null)

  dynamic "destination_config" {
    for_each = try(each.value.destination_arn_on_failure, null) != null ? [each.value.destination_arn_on_failure] : []
    content {
      on_failure {
        destination_arn = destination_config.value
      }
    }
  }

  dynamic "scaling_config" {
    for_each = try([each.value.scaling_config], [])
    content {
      maximum_concurrency = try(scaling_config.value.maximum_concurrency, null)
    }
  }

  dynamic "self_managed_event_source" {
    for_each = try(each.value.self_managed_event_source, [])
    content {
      endpoints = self_managed_event_source.value.endpoints
    }
  }

  dynamic "source_access_configuration" {
    for_each = try(each.value.source_access_configuration, [])
    content {
      type = source_access_configuration.value.type
      uri  = source_access_configuration.value.uri
    }
  }

  dynamic "filter_criteria" {
    for_each = try(each.value.filter_criteria, null) != null ? [each.value.filter_criteria] : []
    content {
      dynamic "filter" {
        for_each = flatten([filter_criteria.value])
        content {
          pattern = try(filter.value.pattern, null)
        }
      }
    }
  }
}

resource "aws_lambda_function_url" "this" {
  count              = local.makes_function && var.create_lambda_function_url ? 1 : 0
  function_name      = aws_lambda_function.this[0].function_name
  qualifier          = var.create_unqualified_alias_lambda_function_url ? null : aws_lambda_function.this[0].version
  authorization_type = var.authorization_type
  invoke_mode        = var.invoke_mode

  dynamic "cors" {
    for_each = length(keys(var.cors)) == 0 ? [] : [var.cors]
    content {
      allow_credentials = try(cors.value.allow_credentials, null)
      allow_headers     = try(cors.value.allow_headers, null)
      allow_methods     = try(cors.value.allow_methods, null)
      allow_origins     = try(cors.value.allow_origins, null)
      expose_headers    = try(cors.value.expose_headers, null)
      max_age           = try(cors.value.max_age, null)
    }
  }
}

data "aws_iam_policy_document" "assume_role" {
  count = local.makes_role ? 1 : 0

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = concat(["lambda.amazonaws.com"], var.lambda_at_edge ? ["edgelambda.amazonaws.com"] : [], [for e in var.trusted_entities : e if can(tostring(e))])
    }

    dynamic "principals" {
      for_each = [for e in var.trusted_entities : e if !can(tostring(e))]
      content {
        type        = principals.value.type
        identifiers = principals.value.identifiers
      }
    }
  }

  dynamic "statement" {
    for_each = var.assume_role_policy_statements
    content {
      sid     = try(statement.value.sid, null)
      effect  = try(statement.value.effect, null)
      actions = try(statement.value.actions, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "lambda" {
  count                = local.makes_role ? 1 : 0
  name                 = local.role_name
  path                 = var.role_path
  permissions_boundary = var.role_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume_role[0].json
  tags                 = var.tags
}

data "aws_iam_policy_document" "logs" {
  count = local.makes_role && var.attach_cloudwatch_logs_policy ? 1 : 0

  statement {
    effect    = "Allow"
    actions   = concat(!var.use_existing_cloudwatch_log_group && var.attach_create_log_group_permission ? ["logs:CreateLogGroup"] : [], ["logs:CreateLogStream", "logs:PutLogEvents"])
    resources = ["${local.log_group_arn}:*", "${local.log_group_arn}:*:*"]
  }
}

resource "aws_iam_role_policy" "logs" {
  count  = local.makes_role && var.attach_cloudwatch_logs_policy ? 1 : 0
  name   = "${local.policy_name}-logs"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.logs[0].json
}

data "aws_iam_policy_document" "dead_letter" {
  count = local.makes_role && var.attach_dead_letter_policy ? 1 : 0

  statement {
    effect    = "Allow"
    actions   = ["sns:Publish", "sqs:SendMessage"]
    resources = [var.dead_letter_target_arn]
  }
}

resource "aws_iam_role_policy" "dead_letter" {
  count  = local.makes_role && var.attach_dead_letter_policy ? 1 : 0
  name   = "${local.policy_name}-dl"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.dead_letter[0].json
}

# The module copies these two managed policies; attached, they give the same rights.
resource "aws_iam_role_policy_attachment" "vpc" {
  count      = local.makes_role && var.attach_network_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}

resource "aws_iam_role_policy_attachment" "tracing" {
  count      = local.makes_role && var.attach_tracing_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

data "aws_iam_policy_document" "async" {
  count = local.makes_role && var.attach_async_event_policy ? 1 : 0

  statement {
    effect    = "Allow"
    actions   = ["sns:Publish", "sqs:SendMessage", "events:PutEvents", "lambda:InvokeFunction"]
    resources = [for d in [var.destination_on_failure, var.destination_on_success] : d if d != null]
  }
}

resource "aws_iam_role_policy" "async" {
  count  = local.makes_role && var.attach_async_event_policy ? 1 : 0
  name   = "${local.policy_name}-async"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.async[0].json
}

resource "aws_iam_role_policy" "additional_json" {
  count  = local.makes_role && var.attach_policy_json ? 1 : 0
  name   = local.policy_name
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "additional_jsons" {
  count  = local.makes_role && var.attach_policy_jsons ? var.number_of_policy_jsons : 0
  name   = "${local.policy_name}-${count.index}"
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "additional_one" {
  count      = local.makes_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "additional_many" {
  count      = local.makes_role && var.attach_policies ? var.number_of_policies : 0
  role       = aws_iam_role.lambda[0].name
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

      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "additional_inline" {
  count  = local.makes_role && var.attach_policy_statements ? 1 : 0
  name   = "${local.policy_name}-inline"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.additional_inline[0].json
}
