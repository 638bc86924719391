# What lgallard/cognito-user-pool/aws makes, from its published inputs, outputs and resources.

variable "enabled" { default = true }
variable "user_pool_name" { default = null }
variable "user_pool_tier" { default = "ESSENTIALS" }
variable "deletion_protection" { default = null }
variable "alias_attributes" { default = null }
variable "username_attributes" { default = null }
variable "auto_verified_attributes" { default = [] }
variable "mfa_configuration" { default = null }
variable "admin_create_user_config" { default = {} }
variable "admin_create_user_config_allow_admin_create_user_only" { default = true }
variable "software_token_mfa_configuration" { default = {} }
variable "software_token_mfa_configuration_enabled" { default = false }
variable "sms_configuration" { default = {} }
variable "sms_configuration_external_id" { default = "" }
variable "sms_configuration_sns_caller_arn" { default = "" }
variable "email_configuration" { default = {} }
variable "email_configuration_source_arn" { default = "" }
variable "email_configuration_email_sending_account" { default = "COGNITO_DEFAULT" }
variable "lambda_config" { default = {} }
variable "lambda_config_create_auth_challenge" { default = null }
variable "lambda_config_custom_message" { default = null }
variable "lambda_config_define_auth_challenge" { default = null }
variable "lambda_config_post_authentication" { default = null }
variable "lambda_config_post_confirmation" { default = null }
variable "lambda_config_pre_authentication" { default = null }
variable "lambda_config_pre_sign_up" { default = null }
variable "lambda_config_pre_token_generation" { default = null }
variable "lambda_config_user_migration" { default = null }
variable "lambda_config_verify_auth_challenge_response" { default = null }
variable "password_policy" { default = null }
variable "password_policy_minimum_length" { default = 8 }
variable "password_policy_require_lowercase" { default = true }
variable "password_policy_require_numbers" { default = true }
variable "password_policy_require_symbols" { default = true }
variable "password_policy_require_uppercase" { default = true }
variable "password_policy_temporary_password_validity_days" { default = 7 }
variable "schemas" { default = [] }
variable "string_schemas" { default = [] }
variable "number_schemas" { default = [] }
variable "ignore_schema_changes" { default = false }
variable "user_pool_add_ons" { default = {} }
variable "user_pool_add_ons_advanced_security_mode" { default = null }
variable "recovery_mechanisms" { default = [] }
variable "tags" { default = {} }
variable "domain" { default = null }
variable "domain_certificate_arn" { default = null }
variable "clients" { default = [] }
variable "client_name" { default = null }
variable "client_allowed_oauth_flows" { default = [] }
variable "client_allowed_oauth_flows_user_pool_client" { default = true }
variable "client_allowed_oauth_scopes" { default = [] }
variable "client_callback_urls" { default = [] }
variable "client_logout_urls" { default = [] }
variable "client_explicit_auth_flows" { default = [] }
variable "client_generate_secret" { default = true }
variable "client_read_attributes" { default = [] }
variable "client_write_attributes" { default = [] }
variable "client_prevent_user_existence_errors" { default = null }
variable "client_supported_identity_providers" { default = [] }
variable "client_enable_token_revocation" { default = true }
variable "client_access_token_validity" { default = 60 }
variable "client_id_token_validity" { default = 60 }
variable "client_refresh_token_validity" { default = 30 }
variable "client_token_validity_units" { default = { access_token = "minutes", id_token = "minutes", refresh_token = "days" } }
variable "user_groups" { default = [] }
variable "user_group_name" { default = null }
variable "user_group_role_arn" { default = null }
variable "resource_servers" { default = [] }
variable "identity_providers" { default = [] }
variable "version" { default = null }

locals {
  pool = try(aws_cognito_user_pool.pool[0], aws_cognito_user_pool.pool_with_schema_ignore[0], null)

  # Version 2 turned multi-factor authentication and deletion protection on unless said otherwise.
  before_2   = can(regex("^(~>|=|<=?)? ?v?[01][.]", var.version))
  mfa        = var.mfa_configuration != null ? var.mfa_configuration : (local.before_2 ? "OFF" : "OPTIONAL")
  protection = var.deletion_protection != null ? var.deletion_protection : (local.before_2 ? "INACTIVE" : "ACTIVE")

  token_mfa = try(var.software_token_mfa_configuration.enabled, var.software_token_mfa_configuration_enabled)

  triggers = { for k, v in {
    create_auth_challenge          = var.lambda_config_create_auth_challenge
    custom_message                 = var.lambda_config_custom_message
    define_auth_challenge          = var.lambda_config_define_auth_challenge
    post_authentication            = var.lambda_config_post_authentication
    post_confirmation              = var.lambda_config_post_confirmation
    pre_authentication             = var.lambda_config_pre_authentication
    pre_sign_up                    = var.lambda_config_pre_sign_up
    pre_token_generation           = var.lambda_config_pre_token_generation
    user_migration                 = var.lambda_config_user_migration
    verify_auth_challenge_response = var.lambda_config_verify_auth_challenge_response
  } : k => v if v != null && v != "" }
  lambdas = length(keys(var.lambda_config)) > 0 ? var.lambda_config : local.triggers

  password = var.password_policy != null ? var.password_policy : {
    minimum_length                   = var.password_policy_minimum_length
    require_lowercase                = var.password_policy_require_lowercase
    require_numbers                  = var.password_policy_require_numbers
    require_symbols                  = var.password_policy_require_symbols
    require_uppercase                = var.password_policy_require_uppercase
    temporary_password_validity_days = var.password_policy_temporary_password_validity_days
  }

  single_client = {
    name                                 = var.client_name
    allowed_oauth_flows                  = var.client_allowed_oauth_flows
    allowed_oauth_flows_user_pool_client = var.client_allowed_oauth_flows_user_pool_client
    allowed_oauth_scopes                 = var.client_allowed_oauth_scopes
    callback_urls                        = var.client_callback_urls
    logout_urls                          = var.client_logout_urls
    explicit_auth_flows                  = var.client_explicit_auth_flows
    generate_secret                      = var.client_generate_secret
    read_attributes                      = var.client_read_attributes
    write_attributes                     = var.client_write_attributes
    prevent_user_existence_errors        = var.client_prevent_user_existence_errors
    supported_identity_providers         = var.client_supported_identity_providers
    enable_token_revocation              = var.client_enable_token_revocation
    access_token_validity                = var.client_access_token_validity
    id_token_validity                    = var.client_id_token_validity
    refresh_token_validity               = var.client_refresh_token_validity
    token_validity_units                 = var.client_token_validity_units
  }
  client_list = length(var.clients) > 0 ? var.clients : (var.client_name == null || var.client_name == "" ? [] : [local.single_client])
  clients     = { for i, c in local.client_list : try("${c.name}_${i}", "client_${i}") => c if var.enabled }
  groups      = { for i, g in concat(var.user_groups, var.user_group_name == null ? [] : [{ name = var.user_group_name, role_arn = var.user_group_role_arn }]) : g.name => g if var.enabled }
}

resource "aws_cognito_user_pool" "pool" {
  count                    = var.enabled && !var.ignore_schema_changes ? 1 : 0
  name                     = var.user_pool_name
  user_pool_tier           = var.user_pool_tier
  deletion_protection      = local.protection
  alias_attributes         = var.alias_attributes
  username_attributes      = var.username_attributes
  auto_verified_attributes = var.auto_verified_attributes
  mfa_configuration        = local.mfa
  tags                     = var.tags

  admin_create_user_config {
    allow_admin_create_user_only = try(var.admin_create_user_config.allow_admin_create_user_only, var.admin_create_user_config_allow_admin_create_user_only)
  }

  email_configuration {
    source_arn            = try(var.email_configuration.source_arn, var.email_configuration_source_arn)
    email_sending_account = try(var.email_configuration.email_sending_account, var.email_configuration_email_sending_account)
  }

  dynamic "lambda_config" {
    for_each = length(keys(local.lambdas)) > 0 ? [local.lambdas] : []
    content {
      create_auth_challenge          = try(lambda_config.value.create_auth_challenge, null)
      custom_message                 = try(lambda_config.value.custom_message, null)
      define_auth_challenge          = try(lambda_config.value.define_auth_challenge, null)
      post_authentication            = try(lambda_config.value.post_authentication, null)
      post_confirmation              = try(lambda_config.value.post_confirmation, null)
      pre_authentication             = try(lambda_config.value.pre_authentication, null)
      pre_sign_up                    = try(lambda_config.value.pre_sign_up, null)
      pre_token_generation           = try(lambda_config.value.pre_token_generation, null)
      user_migration                 = try(lambda_config.value.user_migration, null)
      verify_auth_challenge_response = try(lambda_config.value.verify_auth_challenge_response, null)
    }
  }

  dynamic "sms_configuration" {
    for_each = can(var.sms_configuration.sns_caller_arn) || var.sms_configuration_sns_caller_arn != "" ? [true] : []
    content {
      external_id    = try(var.sms_configuration.external_id, var.sms_configuration_external_id)
      sns_caller_arn = try(var.sms_configuration.sns_caller_arn, var.sms_configuration_sns_caller_arn)
    }
  }

  dynamic "software_token_mfa_configuration" {
    for_each = local.mfa != "OFF" ? [true] : []
    content {
      enabled = local.token_mfa
    }
  }

  password_policy {
    minimum_length                   = try(local.password.minimum_length, 8)
    require_lowercase                = try(local.password.require_lowercase, null)
    require_numbers                  = try(local.password.require_numbers, null)
    require_symbols                  = try(local.password.require_symbols, null)
    require_uppercase                = try(local.password.require_uppercase, null)
    temporary_password_validity_days = try(local.password.temporary_password_validity_days, null)
  }

  dynamic "schema" {
    for_each = concat(var.schemas, var.string_schemas, var.number_schemas)
    content {
      name                = schema.value.name
      attribute_data_type = schema.value.attribute_data_type
      mutable             = try(schema.value.mutable, null)
      required            = try(schema.value.required, null)
    }
  }

  dynamic "user_pool_add_ons" {
    for_each = try([var.user_pool_add_ons.advanced_security_mode], var.user_pool_add_ons_advanced_security_mode != null ? [var.user_pool_add_ons_advanced_security_mode] : [])
    content {
      advanced_security_mode = user_pool_add_ons.value
    }
  }

  dynamic "account_recovery_setting" {
    for_each = length(var.recovery_mechanisms) > 0 ? [true] : []
    content {
      dynamic "recovery_mechanism" {
        for_each = var.recovery_mechanisms
        content {
          name     = recovery_mechanism.value.name
          priority = recovery_mechanism.value.priority
        }
      }
    }
  }
}

resource "aws_cognito_user_pool" "pool_with_schema_ignore" {
  count                    = var.enabled && var.ignore_schema_changes ? 1 : 0
  name                     = var.user_pool_name
  user_pool_tier           = var.user_pool_tier
  deletion_protection      = local.protection
  alias_attributes         = var.alias_attributes
  username_attributes      = var.username_attributes
  auto_verified_attributes = var.auto_verified_attributes
  mfa_configuration        = local.mfa
  tags                     = var.tags

  admin_create_user_config {
    allow_admin_create_user_only = try(var.admin_create_user_config.allow_admin_create_user_only, var.admin_create_user_config_allow_admin_create_user_only)
  }

  email_configuration {
    source_arn            = try(var.email_configuration.source_arn, var.email_configuration_source_arn)
    email_sending_account = try(var.email_configuration.email_sending_account, var.email_configuration_email_sending_account)
  }

  dynamic "lambda_config" {
    for_each = length(keys(local.lambdas)) > 0 ? [local.lambdas] : []
    content {
      create_auth_challenge          = try(lambda_config.value.create_auth_challenge, null)
      custom_message                 = try(lambda_config.value.custom_message, null)
      define_auth_challenge          = try(lambda_config.value.define_auth_challenge, null)
      post_authentication            = try(lambda_config.value.post_authentication, null)
      post_confirmation              = try(lambda_config.value.post_confirmation, null)
      pre_authentication             = try(lambda_config.value.pre_authentication, null)
      pre_sign_up                    = try(lambda_config.value.pre_sign_up, null)
      pre_token_generation           = try(lambda_config.value.pre_token_generation, null)
      user_migration                 = try(lambda_config.value.user_migration, null)
      verify_auth_challenge_response = try(lambda_config.value.verify_auth_challenge_response, null)
    }
  }

  dynamic "sms_configuration" {
    for_each = can(var.sms_configuration.sns_caller_arn) || var.sms_configuration_sns_caller_arn != "" ? [true] : []
    content {
      external_id    = try(var.sms_configuration.external_id, var.sms_configuration_external_id)
      sns_caller_arn = try(var.sms_configuration.sns_caller_arn, var.sms_configuration_sns_caller_arn)
    }
  }

  dynamic "software_token_mfa_configuration" {
    for_each = local.mfa != "OFF" ? [true] : []
    content {
      enabled = local.token_mfa
    }
  }

  password_policy {
    minimum_length                   = try(local.password.minimum_length, 8)
    require_lowercase                = try(local.password.require_lowercase, null)
    require_numbers                  = try(local.password.require_numbers, null)
    require_symbols                  = try(local.password.require_symbols, null)
    require_uppercase                = try(local.password.require_uppercase, null)
    temporary_password_validity_days = try(local.password.temporary_password_validity_days, null)
  }

  dynamic "schema" {
    for_each = concat(var.schemas, var.string_schemas, var.number_schemas)
    content {
      name                = schema.value.name
      attribute_data_type = schema.value.attribute_data_type
      mutable             = try(schema.value.mutable, null)
      required            = try(schema.value.required, null)
    }
  }

  dynamic "user_pool_add_ons" {
    for_each = try([var.user_pool_add_ons.advanced_security_mode], var.user_pool_add_ons_advanced_security_mode != null ? [var.user_pool_add_ons_advanced_security_mode] : [])
    content {
      advanced_security_mode = user_pool_add_ons.value
    }
  }

  dynamic "account_recovery_setting" {
    for_each = length(var.recovery_mechanisms) > 0 ? [true] : []
    content {
      dynamic "recovery_mechanism" {
        for_each = var.recovery_mechanisms
        content {
          name     = recovery_mechanism.value.name
          priority = recovery_mechanism.value.priority
        }
      }
    }
  }
}

resource "aws_cognito_user_pool_client" "client" {
  for_each                             = local.clients
  user_pool_id                         = local.pool.id
  name                                 = try(each.value.name, each.key)
  allowed_oauth_flows                  = try(each.value.allowed_oauth_flows, null)
  allowed_oauth_flows_user_pool_client = try(each.value.allowed_oauth_flows_user_pool_client, null)
  allowed_oauth_scopes                 = try(each.value.allowed_oauth_scopes, null)
  callback_urls                        = try(each.value.callback_urls, null)
  logout_urls                          = try(each.value.logout_urls, null)
  explicit_auth_flows                  = try(each.value.explicit_auth_flows, null)
  generate_secret                      = try(each.value.generate_secret, null)
  read_attributes                      = try(each.value.read_attributes, null)
  write_attributes                     = try(each.value.write_attributes, null)
  prevent_user_existence_errors        = try(each.value.prevent_user_existence_errors, each.value.client_prevent_user_existence_errors, null)
  supported_identity_providers         = try(each.value.supported_identity_providers, null)
  enable_token_revocation              = try(each.value.enable_token_revocation, null)
  access_token_validity                = try(each.value.access_token_validity, null)
  id_token_validity                    = try(each.value.id_token_validity, null)
  refresh_token_validity               = try(each.value.refresh_token_validity, null)

  dynamic "token_validity_units" {
    for_each = try([each.value.token_validity_units], [])
    content {
      access_token  = try(token_validity_units.value.access_token, null)
      id_token      = try(token_validity_units.value.id_token, null)
      refresh_token = try(token_validity_units.value.refresh_token, null)
    }
  }
}

resource "aws_cognito_user_pool_domain" "domain" {
  count           = var.enabled && var.domain != null && var.domain != "" ? 1 : 0
  user_pool_id    = local.pool.id
  domain          = var.domain
  certificate_arn = var.domain_certificate_arn
}

resource "aws_cognito_user_group" "main" {
  for_each     = local.groups
  user_pool_id = local.pool.id
  name         = each.value.name
  description  = try(each.value.description, null)
  precedence   = try(each.value.precedence, null)
  role_arn     = try(each.value.role_arn, null)
}

resource "aws_cognito_resource_server" "resource" {
  count        = var.enabled ? length(var.resource_servers) : 0
  user_pool_id = local.pool.id
  name         = try(var.resource_servers[count.index].name, null)
  identifier   = try(var.resource_servers[count.index].identifier, null)

  dynamic "scope" {
    for_each = try(var.resource_servers[count.index].scope, [])
    content {
      scope_name        = scope.value.scope_name
      scope_description = try(scope.value.scope_description, null)
    }
  }
}

resource "aws_cognito_identity_provider" "identity_provider" {
  count             = var.enabled ? length(var.identity_providers) : 0
  user_pool_id      = local.pool.id
  provider_name     = try(var.identity_providers[count.index].provider_name, null)
  provider_type     = try(var.identity_providers[count.index].provider_type, null)
  provider_details  = try(var.identity_providers[count.index].provider_details, {})
  attribute_mapping = try(var.identity_providers[count.index].attribute_mapping, {})
}

output "id" { value = try(local.pool.id, null) }
output "arn" { value = try(local.pool.arn, null) }
output "endpoint" { value = try(local.pool.endpoint, null) }
output "name" { value = try(local.pool.name, null) }
output "client_ids" { value = [for k, v in aws_cognito_user_pool_client.client : v.id] }
output "client_secrets" { value = [for k, v in aws_cognito_user_pool_client.client : v.client_secret] }
output "client_ids_map" { value = { for k, v in aws_cognito_user_pool_client.client : v.name => v.id } }
output "client_secrets_map" { value = { for k, v in aws_cognito_user_pool_client.client : v.name => v.client_secret } }
output "domain_cloudfront_distribution_arn" { value = try(aws_cognito_user_pool_domain.domain[0].cloudfront_distribution_arn, "") }
output "domain_aws_account_id" { value = try(aws_cognito_user_pool_domain.domain[0].aws_account_id, "") }
output "user_group_names" { value = [for k, v in aws_cognito_user_group.main : v.name] }
output "resource_servers_scope_identifiers" { value = [for v in aws_cognito_resource_server.resource : v.scope_identifiers] }
