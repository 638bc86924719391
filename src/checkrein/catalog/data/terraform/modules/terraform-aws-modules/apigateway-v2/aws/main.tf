# What terraform-aws-modules/apigateway-v2/aws makes: inputs of all its major versions side by side.
# From version 3 on "routes" holds routes with their integrations, before that "integrations" does.

variable "create" { default = true }
variable "create_api_gateway" { default = true }
variable "create_routes_and_integrations" { default = true }
variable "create_vpc_link" { default = true }
variable "name" { default = "" }
variable "description" { default = null }
variable "protocol_type" { default = "HTTP" }
variable "api_key_selection_expression" { default = null }
variable "route_selection_expression" { default = null }
variable "route_key" { default = null }
variable "target" { default = null }
variable "credentials_arn" { default = null }
variable "body" { default = null }
variable "api_version" { default = null }
variable "cors_configuration" { default = null }
variable "disable_execute_api_endpoint" { default = null }
variable "tags" { default = {} }

variable "routes" { default = {} }
variable "integrations" { default = {} }
variable "authorizers" { default = {} }
variable "vpc_links" { default = {} }

variable "create_stage" { default = true }
variable "create_default_stage" { default = true }
variable "stage_name" { default = "$default" }
variable "stage_access_log_settings" { default = {} }
variable "stage_default_route_settings" { default = {} }
variable "stage_variables" { default = {} }
variable "default_stage_access_log_destination_arn" { default = null }
variable "default_stage_access_log_format" { default = null }
variable "default_route_settings" { default = {} }

variable "create_domain_name" { default = true }
variable "create_api_domain_name" { default = true }
variable "domain_name" { default = "" }
variable "domain_name_certificate_arn" { default = null }
variable "mutual_tls_authentication" { default = {} }
variable "api_mapping_key" { default = null }
variable "version" { default = null }

locals {
  makes_api      = var.create && var.create_api_gateway
  makes_routes   = var.create && var.create_routes_and_integrations
  is_http        = var.protocol_type == "HTTP"
  before_routes  = length(keys(var.integrations)) > 0 || var.default_stage_access_log_destination_arn != null || try(can(regex("^(~>|=|<=?)? ?v?[012][.]", var.version)), false)
  makes_domain   = var.create && var.create_domain_name && var.create_api_domain_name && try(var.domain_name, null) != null && try(var.domain_name, "") != ""
  makes_stage    = var.create && (local.before_routes ? var.create_default_stage : var.create_stage)
  log_settings   = local.before_routes ? null : var.stage_access_log_settings
  makes_log      = local.makes_stage && local.log_settings != null && try(var.stage_access_log_settings.create_log_group, true)
  route_defaults = length(keys(var.stage_default_route_settings)) > 0 ? var.stage_default_route_settings : var.default_route_settings
  default_format = "$context.requestId $context.identity.sourceIp $context.requestTime $context.routeKey $context.status $context.error.message $context.integrationErrorMessage"

  all_routes = merge(var.integrations, { for k, v in var.routes : k => merge(v, {
    integration_type       = try(v.integration.type, "AWS_PROXY")
    integration_subtype    = try(v.integration.subtype, null)
    integration_method     = try(v.integration.method, null)
    integration_uri        = try(v.integration.uri, null)
    connection_type        = try(v.integration.connection_type, null)
    connection_id          = try(v.integration.connection_id, null)
    vpc_link               = try(v.integration.vpc_link_key, null)
    payload_format_version = try(v.integration.payload_format_version, null)
    timeout_milliseconds   = try(v.integration.timeout_milliseconds, null)
    credentials_arn        = try(v.integration.credentials_arn, null)
    request_parameters     = try(v.integration.request_parameters, null)
    request_templates      = try(v.integration.request_templates, null)
    tls_config             = try(v.integration.tls_config, null)
  }) })
}

resource "aws_apigatewayv2_api" "this" {
  count                        = local.makes_api ? 1 : 0
  name                         = var.name
  description                  = var.description
  protocol_type                = var.protocol_type
  version                      = var.api_version
  body                         = local.is_http ? var.body : null
  route_selection_expression   = var.route_selection_expression
  api_key_selection_expression = var.api_key_selection_expression
  disable_execute_api_endpoint = local.is_http && local.makes_domain && !local.before_routes ? true : var.disable_execute_api_endpoint
  route_key                    = var.route_key
  credentials_arn              = var.credentials_arn
  target                       = var.target
  tags                         = var.tags

  dynamic "cors_configuration" {
    for_each = local.is_http && try(length(keys(var.cors_configuration)) > 0, false) ? [var.cors_configuration] : []
    content {
      allow_credentials = try(cors_configuration.value.allow_credentials, null)
      allow_headers     = try(cors_configuration.value.allow_headers, null)
      allow_methods     = try(cors_configuration.value.allow_methods, null)
      allow_origins     = try(cors_configuration.value.allow_origins, null)
      expose_headers    = try(cors_configuration.value.expose_headers, null)
      max_age           = try(cors_configuration.value.max_age, null)
    }
  }
}

resource "aws_apigatewayv2_authorizer" "this" {
  for_each                          = { for k, v in var.authorizers : k => v if var.create }
  api_id                            = aws_apigatewayv2_api.this[0].id
  name                              = try(each.value.name, each.key)
  authorizer_type                   = try(each.value.authorizer_type, "REQUEST")
  authorizer_uri                    = try(each.value.authorizer_uri, null)
  authorizer_credentials_arn        = try(each.value.authorizer_credentials_arn, null)
  authorizer_payload_format_version = try(each.value.authorizer_payload_format_version, null)
  authorizer_result_ttl_in_seconds  = try(each.value.authorizer_result_ttl_in_seconds, null)
  enable_simple_responses           = try(each.value.enable_simple_responses, null)
  identity_sources                  = try(flatten([each.value.identity_sources]), null)

  dynamic "jwt_configuration" {
    for_each = try([each.value.jwt_configuration], can(each.value.issuer) ? [each.value] : [])
    content {
      audience = try(jwt_configuration.value.audience, null)
      issuer   = try(jwt_configuration.value.issuer, null)
    }
  }
}

resource "aws_apigatewayv2_route" "this" {
  for_each             = { for k, v in local.all_routes : k => v if local.makes_routes }
  api_id               = aws_apigatewayv2_api.this[0].id
  route_key            = each.key
  api_key_required     = try(each.value.api_key_required, null)
  authorization_scopes = try(split(",", each.value.authorization_scopes), each.value.authorization_scopes, null)
  authorization_type   = try(each.value.authorization_type, "NONE")
  authorizer_id        = try(aws_apigatewayv2_authorizer.this[each.value.authorizer_key].id, each.value.authorizer_id, null)
  operation_name       = try(each.value.operation_name, null)
  target               = "integrations/${aws_apigatewayv2_integration.this[each.key].id}"
}

resource "aws_apigatewayv2_integration" "this" {
  for_each               = { for k, v in local.all_routes : k => v if local.makes_routes }
  api_id                 = aws_apigatewayv2_api.this[0].id
  integration_type       = try(each.value.integration_type, can(each.value.lambda_arn) ? "AWS_PROXY" : "MOCK")
  integration_subtype    = try(each.value.integration_subtype, null)
  integration_method     = try(each.value.integration_method, local.before_routes && !can(each.value.integration_subtype) ? "POST" : null)
  integration_uri        = try(each.value.lambda_arn, each.value.integration_uri, null)
  connection_type        = try(each.value.connection_type, null)
  connection_id          = try(aws_apigatewayv2_vpc_link.this[each.value.vpc_link].id, each.value.connection_id, null)
  payload_format_version = try(each.value.payload_format_version, null)
  timeout_milliseconds   = try(each.value.timeout_milliseconds, null)
  credentials_arn        = try(each.value.credentials_arn, null)
  request_parameters     = try(jsondecode(each.value.request_parameters), each.value.request_parameters, null)
  request_templates      = try(each.value.request_templates, null)

  dynamic "tls_config" {
    for_each = try(each.value.tls_config, null) != null ? [each.value.tls_config] : []
    content {
      server_name_to_verify = try(tls_config.value.server_name_to_verify, null)
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = { for k, v in { this = local.log_settings } : k => v if local.makes_log }
  name              = try(each.value.log_group_name, "/aws/apigateway/${var.name}/${replace(var.stage_name, "$", "")}")
  retention_in_days = try(each.value.log_group_retention_in_days, 30)
  kms_key_id        = try(each.value.log_group_kms_key_id, null)
}

resource "aws_apigatewayv2_stage" "this" {
  count           = local.makes_stage && !local.before_routes ? 1 : 0
  api_id          = aws_apigatewayv2_api.this[0].id
  name            = var.stage_name
  auto_deploy     = local.is_http ? true : null
  stage_variables = var.stage_variables

  dynamic "access_log_settings" {
    for_each = local.log_settings != null ? [local.log_settings] : []
    content {
      destination_arn = local.makes_log ? aws_cloudwatch_log_group.this["this"].arn : try(access_log_settings.value.destination_arn, null)
      format          = try(access_log_settings.value.format, local.default_format)
    }
  }

  dynamic "default_route_settings" {
    for_each = length(keys(local.route_defaults)) > 0 ? [local.route_defaults] : []
    content {
      detailed_metrics_enabled = try(default_route_settings.value.detailed_metrics_enabled, null)
      logging_level            = try(default_route_settings.value.logging_level, null)
      data_trace_enabled       = try(default_route_settings.value.data_trace_enabled, null)
      throttling_burst_limit   = try(default_route_settings.value.throttling_burst_limit, null)
      throttling_rate_limit    = try(default_route_settings.value.throttling_rate_limit, null)
    }
  }
}

resource "aws_apigatewayv2_stage" "default" {
  count       = local.makes_stage && local.before_routes ? 1 : 0
  api_id      = aws_apigatewayv2_api.this[0].id
  name        = "$default"
  auto_deploy = true

  dynamic "access_log_settings" {
    for_each = var.default_stage_access_log_destination_arn != null ? [true] : []
    content {
      destination_arn = var.default_stage_access_log_destination_arn
      format          = var.default_stage_access_log_format
    }
  }

  dynamic "default_route_settings" {
    for_each = length(keys(local.route_defaults)) > 0 ? [local.route_defaults] : []
    content {
      detailed_metrics_enabled = try(default_route_settings.value.detailed_metrics_enabled, null)
      throttling_burst_limit   = try(default_route_settings.value.throttling_burst_limit, null)
      throttling_rate_limit    = try(default_route_settings.value.throttling_rate_limit, null)
    }
  }
}

resource "aws_apigatewayv2_domain_name" "this" {
  count       = local.makes_domain ? 1 : 0
  domain_name = var.domain_name

  domain_name_configuration {
    certificate_arn = var.domain_name_certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }

  dynamic "mutual_tls_authentication" {
    for_each = length(keys(var.mutual_tls_authentication)) > 0 ? [var.mutual_tls_authentication] : []
    content {
      truststore_uri = mutual_tls_authentication.value.truststore_uri
    }
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count           = local.makes_domain && local.makes_stage ? 1 : 0
  api_id          = aws_apigatewayv2_api.this[0].id
  api_mapping_key = var.api_mapping_key
  domain_name     = aws_apigatewayv2_domain_name.this[0].id
  stage           = try(aws_apigatewayv2_stage.this[0].id, aws_apigatewayv2_stage.default[0].id)
}

resource "aws_apigatewayv2_vpc_link" "this" {
  for_each           = { for k, v in var.vpc_links : k => v if var.create && var.create_vpc_link }
  name               = try(each.value.name, each.key)
  security_group_ids = each.value.security_group_ids
  subnet_ids         = each.value.subnet_ids
}
