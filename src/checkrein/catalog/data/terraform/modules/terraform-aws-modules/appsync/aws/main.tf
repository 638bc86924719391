# What terraform-aws-modules/appsync/aws makes, from its published inputs, outputs and resources.

variable "create_graphql_api" { default = true }
variable "name" { default = "" }
variable "schema" { default = "" }
variable "visibility" { default = null }
variable "xray_enabled" { default = false }
variable "authentication_type" { default = "API_KEY" }
variable "logging_enabled" { default = false }
variable "create_logs_role" { default = true }
variable "logs_role_name" { default = null }
variable "log_cloudwatch_logs_role_arn" { default = null }
variable "log_field_log_level" { default = null }
variable "log_exclude_verbose_content" { default = false }
variable "lambda_authorizer_config" { default = {} }
variable "openid_connect_config" { default = {} }
variable "user_pool_config" { default = {} }
variable "additional_authentication_provider" { default = {} }
variable "introspection_config" { default = null }
variable "query_depth_limit" { default = null }
variable "caching_enabled" { default = false }
variable "caching_behavior" { default = "FULL_REQUEST_CACHING" }
variable "cache_type" { default = "SMALL" }
variable "cache_ttl" { default = 1 }
variable "cache_at_rest_encryption_enabled" { default = false }
variable "cache_transit_encryption_enabled" { default = false }
variable "api_keys" { default = {} }
variable "datasources" { default = {} }
variable "resolvers" { default = {} }
variable "functions" { default = {} }
variable "iam_permissions_boundary" { default = null }
variable "lambda_allowed_actions" { default = ["lambda:invokeFunction"] }
variable "dynamodb_allowed_actions" { default = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"] }
variable "elasticsearch_allowed_actions" { default = ["es:ESHttpDelete", "es:ESHttpHead", "es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut"] }
variable "opensearchservice_allowed_actions" { default = ["es:ESHttpDelete", "es:ESHttpHead", "es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut"] }
variable "eventbridge_allowed_actions" { default = ["events:PutEvents"] }
variable "relational_database_allowed_actions" { default = ["rds-data:BatchExecuteStatement", "rds-data:BeginTransaction", "rds-data:CommitTransaction", "rds-data:ExecuteStatement", "rds-data:RollbackTransaction"] }
variable "secrets_manager_allowed_actions" { default = ["secretsmanager:GetSecretValue"] }
variable "tags" { default = {} }

data "aws_caller_identity" "this" {}
data "aws_region" "this" {}

locals {
  api_id = try(aws_appsync_graphql_api.this[0].id, null)
  makes  = var.create_graphql_api

  direct_request  = "{\"version\": \"2017-02-28\", \"operation\": \"Invoke\", \"payload\": {\"arguments\": $util.toJson($ctx.arguments), \"identity\": $util.toJson($ctx.identity), \"source\": $util.toJson($ctx.source), \"request\": $util.toJson($ctx.request), \"prev\": $util.toJson($ctx.prev), \"info\": $util.toJson($ctx.info), \"stash\": $util.toJson($ctx.stash)}}"
  direct_response = "$util.toJson($ctx.result)"

  rights = {
    AWS_LAMBDA                = { actions = var.lambda_allowed_actions, resources = { for k, v in var.datasources : k => try([v.function_arn, "${v.function_arn}:*"], []) } }
    AMAZON_DYNAMODB           = { actions = var.dynamodb_allowed_actions, resources = { for k, v in var.datasources : k => try([for suffix in ["", "/*"] : "arn:aws:dynamodb:${try(v.region, data.aws_region.this.name)}:${try(v.aws_account_id, data.aws_caller_identity.this.account_id)}:table/${v.table_name}${suffix}"], []) } }
    AMAZON_ELASTICSEARCH      = { actions = var.elasticsearch_allowed_actions, resources = { for k, v in var.datasources : k => try(["arn:aws:es:${v.region}::domain/${v.endpoint}/*"], []) } }
    AMAZON_OPENSEARCH_SERVICE = { actions = var.opensearchservice_allowed_actions, resources = { for k, v in var.datasources : k => try(["arn:aws:es:${v.region}::domain/${v.endpoint}/*"], []) } }
    AMAZON_EVENTBRIDGE        = { actions = var.eventbridge_allowed_actions, resources = { for k, v in var.datasources : k => try([v.event_bus_arn], []) } }
    RELATIONAL_DATABASE       = { actions = concat(var.relational_database_allowed_actions, var.secrets_manager_allowed_actions), resources = { for k, v in var.datasources : k => try([v.cluster_arn, v.secret_arn], []) } }
  }
  roles = { for k, v in var.datasources : k => v if local.makes && can(local.rights[v.type]) && try(v.create_service_role, true) && !can(v.service_role_arn) }
}

resource "aws_appsync_graphql_api" "this" {
  count                = local.makes ? 1 : 0
  name                 = var.name
  authentication_type  = var.authentication_type
  schema               = var.schema
  xray_enabled         = var.xray_enabled
  visibility           = var.visibility
  introspection_config = var.introspection_config
  query_depth_limit    = var.query_depth_limit
  tags                 = var.tags

  dynamic "log_config" {
    for_each = var.logging_enabled ? [true] : []
    content {
      cloudwatch_logs_role_arn = var.create_logs_role ? aws_iam_role.logs[0].arn : var.log_cloudwatch_logs_role_arn
      field_log_level          = var.log_field_log_level
      exclude_verbose_content  = var.log_exclude_verbose_content
    }
  }

  dynamic "lambda_authorizer_config" {
    for_each = length(keys(var.lambda_authorizer_config)) > 0 ? [var.lambda_authorizer_config] : []
    content {
      authorizer_uri                   = lambda_authorizer_config.value.authorizer_uri
      authorizer_result_ttl_in_seconds = try(lambda_authorizer_config.value.authorizer_result_ttl_in_seconds, null)
    }
  }

  dynamic "openid_connect_config" {
    for_each = length(keys(var.openid_connect_config)) > 0 ? [var.openid_connect_config] : []
    content {
      issuer    = openid_connect_config.value.issuer
      client_id = try(openid_connect_config.value.client_id, null)
    }
  }

  dynamic "user_pool_config" {
    for_each = length(keys(var.user_pool_config)) > 0 ? [var.user_pool_config] : []
    content {
      default_action      = user_pool_config.value.default_action
      user_pool_id        = user_pool_config.value.user_pool_id
      app_id_client_regex = try(user_pool_config.value.app_id_client_regex, null)
      aws_region          = try(user_pool_config.value.aws_region, null)
    }
  }

  dynamic "additional_authentication_provider" {
    for_each = var.additional_authentication_provider
    content {
      authentication_type = additional_authentication_provider.value.authentication_type

      dynamic "user_pool_config" {
        for_each = try([additional_authentication_provider.value.user_pool_config], [])
        content {
          user_pool_id = user_pool_config.value.user_pool_id
        }
      }

      dynamic "openid_connect_config" {
        for_each = try([additional_authentication_provider.value.openid_connect_config], [])
        content {
          issuer = openid_connect_config.value.issuer
        }
      }

      dynamic "lambda_authorizer_config" {
        for_each = try([additional_authentication_provider.value.lambda_authorizer_config], [])
        content {
          authorizer_uri = lambda_authorizer_config.value.authorizer_uri
        }
      }
    }
  }
}

resource "aws_appsync_api_cache" "this" {
  count                      = local.makes && var.caching_enabled ? 1 : 0
  api_id                     = local.api_id
  api_caching_behavior       = var.caching_behavior
  type                       = var.cache_type
  ttl                        = var.cache_ttl
  at_rest_encryption_enabled = var.cache_at_rest_encryption_enabled
  transit_encryption_enabled = var.cache_transit_encryption_enabled
}

resource "aws_appsync_api_key" "this" {
  for_each = { for k, v in var.api_keys : k => v if local.makes && var.authentication_type == "API_KEY" }
  api_id   = local.api_id
  expires  = each.value
}

resource "aws_appsync_datasource" "this" {
  for_each         = { for k, v in var.datasources : k => v if local.makes }
  api_id           = local.api_id
  name             = each.key
  type             = each.value.type
  service_role_arn = try(each.value.service_role_arn, aws_iam_role.service_role[each.key].arn, null)

  dynamic "http_config" {
    for_each = each.value.type == "HTTP" ? [true] : []
    content {
      endpoint = each.value.endpoint
    }
  }

  dynamic "lambda_config" {
    for_each = each.value.type == "AWS_LAMBDA" ? [true] : []
    content {
      function_arn = each.value.function_arn
    }
  }

  dynamic "dynamodb_config" {
    for_each = each.value.type == "AMAZON_DYNAMODB" ? [true] : []
    content {
      table_name             = each.value.table_name
      region                 = try(each.value.region, null)
      use_caller_credentials = try(each.value.use_caller_credentials, null)
    }
  }

  dynamic "elasticsearch_config" {
    for_each = each.value.type == "AMAZON_ELASTICSEARCH" ? [true] : []
    content {
      endpoint = each.value.endpoint
    }
  }

  dynamic "opensearchservice_config" {
    for_each = each.value.type == "AMAZON_OPENSEARCH_SERVICE" ? [true] : []
    content {
      endpoint = each.value.endpoint
    }
  }

  dynamic "event_bridge_config" {
    for_each = each.value.type == "AMAZON_EVENTBRIDGE" ? [true] : []
    content {
      event_bus_arn = each.value.event_bus_arn
    }
  }

  dynamic "relational_database_config" {
    for_each = each.value.type == "RELATIONAL_DATABASE" ? [true] : []
    content {
      source_type = try(each.value.source_type, "RDS_HTTP_ENDPOINT")

      http_endpoint_config {
        db_cluster_identifier = each.value.cluster_arn
        aws_secret_store_arn  = each.value.secret_arn
        database_name         = try(each.value.database_name, null)
      }
    }
  }
}

resource "aws_appsync_resolver" "this" {
  for_each          = { for k, v in var.resolvers : k => v if local.makes }
  api_id            = local.api_id
  type              = try(each.value.type, split(".", each.key)[0])
  field             = try(each.value.field, split(".", each.key)[1])
  kind              = try(each.value.kind, null)
  data_source       = try(aws_appsync_datasource.this[each.value.data_source].name, each.value.data_source_arn, null)
  code              = try(each.value.code, null)
  request_template  = try(each.value.request_template, each.value.direct_lambda ? local.direct_request : null, null)
  response_template = try(each.value.response_template, each.value.direct_lambda ? local.direct_response : null, null)

  dynamic "runtime" {
    for_each = try([each.value.runtime], [])
    content {
      name            = runtime.value.name
      runtime_version = try(runtime.value.runtime_version, "1.0.0")
    }
  }

  dynamic "pipeline_config" {
    for_each = try([each.value.functions], [])
    content {
      functions = [for f in pipeline_config.value : try(aws_appsync_function.this[f].function_id, f)]
    }
  }
}

resource "aws_appsync_function" "this" {
  for_each                  = { for k, v in var.functions : k => v if local.makes }
  api_id                    = local.api_id
  name                      = each.key
  data_source               = try(each.value.data_source, null)
  code                      = try(each.value.code, null)
  request_mapping_template  = try(each.value.request_mapping_template, null)
  response_mapping_template = try(each.value.response_mapping_template, null)

  dynamic "runtime" {
    for_each = try([each.value.runtime], [])
    content {
      name            = runtime.value.name
      runtime_version = try(runtime.value.runtime_version, "1.0.0")
    }
  }
}

data "aws_iam_policy_document" "assume_role" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["appsync.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "logs" {
  count                = var.logging_enabled && var.create_logs_role ? 1 : 0
  name                 = coalesce(var.logs_role_name, "${var.name}-logs")
  permissions_boundary = var.iam_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume_role.json
}

resource "aws_iam_role_policy_attachment" "logs" {
  count      = var.logging_enabled && var.create_logs_role ? 1 : 0
  role       = aws_iam_role.logs[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSAppSyncPushToCloudWatchLogs"
}

resource "aws_iam_role" "service_role" {
  for_each             = local.roles
  name                 = try(each.value.service_role_name, "${each.key}-role")
  permissions_boundary = var.iam_permissions_boundary
  assume_role_policy   = data.aws_iam_policy_document.assume_role.json
}

data "aws_iam_policy_document" "service_policy" {
  for_each = local.roles

  statement {
    effect    = "Allow"
    actions   = try(each.value.policy_actions, null) != null ? each.value.policy_actions : local.rights[each.value.type].actions
    resources = local.rights[each.value.type].resources[each.key]
  }
}

resource "aws_iam_role_policy" "this" {
  for_each = local.roles
  name     = "service-policy"
  role     = aws_iam_role.service_role[each.key].id
  policy   = data.aws_iam_policy_document.service_policy[each.key].json
}

output "appsync_graphql_api_id" { value = local.api_id }
output "appsync_graphql_api_arn" { value = try(aws_appsync_graphql_api.this[0].arn, null) }
output "appsync_graphql_api_uris" { value = try(aws_appsync_graphql_api.this[0].uris, null) }
output "appsync_graphql_api_fqdns" { value = try(aws_appsync_graphql_api.this[0].uris, null) }
output "appsync_api_key_id" { value = { for k, v in aws_appsync_api_key.this : k => v.id } }
output "appsync_api_key_key" { value = { for k, v in aws_appsync_api_key.this : k => v.key } }
output "appsync_datasource_arn" { value = { for k, v in aws_appsync_datasource.this : k => v.arn } }
output "appsync_resolver_arn" { value = { for k, v in aws_appsync_resolver.this : k => v.arn } }
output "appsync_function_function_id" { value = { for k, v in aws_appsync_function.this : k => v.function_id } }
