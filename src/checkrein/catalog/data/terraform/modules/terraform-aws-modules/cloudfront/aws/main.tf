# What terraform-aws-modules/cloudfront/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "create_distribution" { default = true }
variable "create_origin_access_identity" { default = false }
variable "origin_access_identities" { default = {} }
variable "create_origin_access_control" { default = null }
variable "origin_access_control" { default = { s3 = { origin_type = "s3", signing_behavior = "always", signing_protocol = "sigv4" } } }
variable "aliases" { default = null }
variable "comment" { default = null }
variable "default_root_object" { default = null }
variable "enabled" { default = true }
variable "http_version" { default = "http2" }
variable "price_class" { default = null }
variable "web_acl_id" { default = null }
variable "origin" { default = {} }
variable "viewer_certificate" { default = {} }
variable "geo_restriction" { default = {} }
variable "restrictions" { default = {} }
variable "logging_config" { default = {} }
variable "custom_error_response" { default = [] }
variable "default_cache_behavior" { default = {} }
variable "ordered_cache_behavior" { default = [] }
variable "cloudfront_functions" { default = {} }
variable "tags" { default = {} }
variable "version" { default = null }

locals {
  before_6 = can(regex("^(~>|=|<=?)? ?v?[0-5][.]", var.version))
  makes    = var.create && var.create_distribution
  controls = (var.create_origin_access_control == null ? !local.before_6 : var.create_origin_access_control) ? var.origin_access_control : {}
  geo      = try(var.restrictions.geo_restriction, var.geo_restriction)
}

resource "aws_cloudfront_distribution" "this" {
  count               = local.makes ? 1 : 0
  aliases             = var.aliases
  comment             = var.comment
  default_root_object = var.default_root_object
  enabled             = var.enabled
  http_version        = var.http_version
  price_class         = var.price_class
  web_acl_id          = var.web_acl_id
  tags                = var.tags

  dynamic "logging_config" {
    for_each = try(length(keys(var.logging_config)) > 0, false) ? [var.logging_config] : []
    content {
      bucket          = try(logging_config.value.bucket, null)
      prefix          = try(logging_config.value.prefix, null)
      include_cookies = try(logging_config.value.include_cookies, null)
    }
  }

  dynamic "origin" {
    for_each = var.origin
    content {
      domain_name              = origin.value.domain_name
      origin_id                = try(origin.value.origin_id, origin.key)
      origin_path              = try(origin.value.origin_path, null)
      origin_access_control_id = try(origin.value.origin_access_control_id, aws_cloudfront_origin_access_control.this[origin.value.origin_access_control].id, aws_cloudfront_origin_access_control.this[origin.value.origin_access_control_key].id, null)

      dynamic "s3_origin_config" {
        for_each = try([origin.value.s3_origin_config], [])
        content {
          origin_access_identity = try(s3_origin_config.value.cloudfront_access_identity_path, aws_cloudfront_origin_access_identity.this[s3_origin_config.value.origin_access_identity].cloudfront_access_identity_path, null)
        }
      }

      dynamic "custom_origin_config" {
        for_each = try(origin.value.custom_origin_config, null) != null ? [origin.value.custom_origin_config] : []
        content {
          http_port              = try(custom_origin_config.value.http_port, 80)
          https_port             = try(custom_origin_config.value.https_port, 443)
          origin_protocol_policy = try(custom_origin_config.value.origin_protocol_policy, "https-only")
          origin_ssl_protocols   = try(custom_origin_config.value.origin_ssl_protocols, ["TLSv1.2"])
        }
      }

      dynamic "custom_header" {
        for_each = try(origin.value.custom_header, null) != null ? origin.value.custom_header : []
        content {
          name  = try(custom_header.value.name, custom_header.key)
          value = try(custom_header.value.value, custom_header.value)
        }
      }
    }
  }

  dynamic "default_cache_behavior" {
    for_each = [var.default_cache_behavior]
    content {
      target_origin_id           = try(default_cache_behavior.value.target_origin_id, null)
      viewer_protocol_policy     = try(default_cache_behavior.value.viewer_protocol_policy, "https-only")
      allowed_methods            = try(default_cache_behavior.value.allowed_methods, ["GET", "HEAD", "OPTIONS"])
      cached_methods             = try(default_cache_behavior.value.cached_methods, ["GET", "HEAD"])
      compress                   = try(default_cache_behavior.value.compress, null)
      cache_policy_id            = try(default_cache_behavior.value.cache_policy_id, null)
      origin_request_policy_id   = try(default_cache_behavior.value.origin_request_policy_id, null)
      response_headers_policy_id = try(default_cache_behavior.value.response_headers_policy_id, null)
      trusted_signers            = try(default_cache_behavior.value.trusted_signers, null)
      trusted_key_groups         = try(default_cache_behavior.value.trusted_key_groups, null)

      dynamic "lambda_function_association" {
        for_each = try(default_cache_behavior.value.lambda_function_association, null) != null ? default_cache_behavior.value.lambda_function_association : {}
        content {
          event_type   = try(lambda_function_association.value.event_type, lambda_function_association.key)
          lambda_arn   = lambda_function_association.value.lambda_arn
          include_body = try(lambda_function_association.value.include_body, null)
        }
      }

      dynamic "function_association" {
        for_each = try(default_cache_behavior.value.function_association, null) != null ? default_cache_behavior.value.function_association : {}
        content {
          event_type   = try(function_association.value.event_type, function_association.key)
          function_arn = try(function_association.value.function_arn, aws_cloudfront_function.this[function_association.value.function_key].arn, null)
        }
      }
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.ordered_cache_behavior
    content {
      path_pattern               = ordered_cache_behavior.value.path_pattern
      target_origin_id           = try(ordered_cache_behavior.value.target_origin_id, null)
      viewer_protocol_policy     = try(ordered_cache_behavior.value.viewer_protocol_policy, "https-only")
      allowed_methods            = try(ordered_cache_behavior.value.allowed_methods, ["GET", "HEAD", "OPTIONS"])
      cached_methods             = try(ordered_cache_behavior.value.cached_methods, ["GET", "HEAD"])
      compress                   = try(ordered_cache_behavior.value.compress, null)
      cache_policy_id            = try(ordered_cache_behavior.value.cache_policy_id, null)
      origin_request_policy_id   = try(ordered_cache_behavior.value.origin_request_policy_id, null)
      response_headers_policy_id = try(ordered_cache_behavior.value.response_headers_policy_id, null)
      trusted_signers            = try(ordered_cache_behavior.value.trusted_signers, null)
      trusted_key_groups         = try(ordered_cache_behavior.value.trusted_key_groups, null)

      dynamic "lambda_function_association" {
        for_each = try(ordered_cache_behavior.value.lambda_function_association, null) != null ? ordered_cache_behavior.value.lambda_function_association : {}
        content {
          event_type   = try(lambda_function_association.value.event_type, lambda_function_association.key)
          lambda_arn   = lambda_function_association.value.lambda_arn
          include_body = try(lambda_function_association.value.include_body, null)
        }
      }

      dynamic "function_association" {
        for_each = try(ordered_cache_behavior.value.function_association, null) != null ? ordered_cache_behavior.value.function_association : {}
        content {
          event_type   = try(function_association.value.event_type, function_association.key)
          function_arn = try(function_association.value.function_arn, aws_cloudfront_function.this[function_association.value.function_key].arn, null)
        }
      }
    }
  }

  viewer_certificate {
    acm_certificate_arn            = try(var.viewer_certificate.acm_certificate_arn, null)
    cloudfront_default_certificate = try(var.viewer_certificate.cloudfront_default_certificate, can(var.viewer_certificate.acm_certificate_arn) ? null : true)
    iam_certificate_id             = try(var.viewer_certificate.iam_certificate_id, null)
    minimum_protocol_version       = try(var.viewer_certificate.minimum_protocol_version, local.before_6 ? "TLSv1" : "TLSv1.2_2025")
    ssl_support_method             = try(var.viewer_certificate.ssl_support_method, null)
  }

  restrictions {
    geo_restriction {
      restriction_type = try(local.geo.restriction_type, "none")
      locations        = try(local.geo.locations, [])
    }
  }

  dynamic "custom_error_response" {
    for_each = var.custom_error_response != null ? flatten([var.custom_error_response]) : []
    content {
      error_code         = try(custom_error_response.value.error_code, null)
      response_code      = try(custom_error_response.value.response_code, null)
      response_page_path = try(custom_error_response.value.response_page_path, null)
    }
  }
}

resource "aws_cloudfront_origin_access_identity" "this" {
  for_each = { for k, v in var.origin_access_identities : k => v if local.makes && var.create_origin_access_identity }
  comment  = each.value
}

resource "aws_cloudfront_origin_access_control" "this" {
  for_each                          = { for k, v in local.controls : k => v if local.makes }
  name                              = try(each.value.name, each.key)
  origin_access_control_origin_type = try(each.value.origin_type, null)
  signing_behavior                  = try(each.value.signing_behavior, null)
  signing_protocol                  = try(each.value.signing_protocol, null)
}

resource "aws_cloudfront_function" "this" {
  for_each = { for k, v in(var.cloudfront_functions != null ? var.cloudfront_functions : {}) : k => v if local.makes }
  name     = try(each.value.name, each.key)
  runtime  = try(each.value.runtime, null)
  code     = try(each.value.code, null)
}

output "cloudfront_distribution_id" { value = try(aws_cloudfront_distribution.this[0].id, "") }
output "cloudfront_distribution_arn" { value = try(aws_cloudfront_distribution.this[0].arn, "") }
output "cloudfront_distribution_domain_name" { value = try(aws_cloudfront_distribution.this[0].domain_name, "") }
output "cloudfront_distribution_hosted_zone_id" { value = try(aws_cloudfront_distribution.this[0].hosted_zone_id, "") }
output "cloudfront_distribution_status" { value = try(aws_cloudfront_distribution.this[0].status, "") }
output "cloudfront_origin_access_identities" { value = aws_cloudfront_origin_access_identity.this }
output "cloudfront_origin_access_identity_ids" { value = [for k, v in aws_cloudfront_origin_access_identity.this : v.id] }
output "cloudfront_origin_access_identity_iam_arns" { value = [for k, v in aws_cloudfront_origin_access_identity.this : v.iam_arn] }
output "cloudfront_origin_access_controls" { value = aws_cloudfront_origin_access_control.this }
output "cloudfront_origin_access_controls_ids" { value = [for k, v in aws_cloudfront_origin_access_control.this : v.id] }
output "cloudfront_functions" { value = aws_cloudfront_function.this }
output "this_cloudfront_distribution_id" { value = try(aws_cloudfront_distribution.this[0].id, "") }
output "this_cloudfront_distribution_arn" { value = try(aws_cloudfront_distribution.this[0].arn, "") }
output "this_cloudfront_distribution_domain_name" { value = try(aws_cloudfront_distribution.this[0].domain_name, "") }
