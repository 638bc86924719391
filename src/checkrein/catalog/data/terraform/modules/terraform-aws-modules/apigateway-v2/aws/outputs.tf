output "api_id" { value = try(aws_apigatewayv2_api.this[0].id, null) }
output "api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, null) }
output "api_arn" { value = try(aws_apigatewayv2_api.this[0].arn, null) }
output "api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, null) }
output "authorizers" { value = aws_apigatewayv2_authorizer.this }
output "routes" { value = aws_apigatewayv2_route.this }
output "integrations" { value = aws_apigatewayv2_integration.this }
output "vpc_links" { value = aws_apigatewayv2_vpc_link.this }
output "domain_name_id" { value = try(aws_apigatewayv2_domain_name.this[0].id, null) }
output "domain_name_arn" { value = try(aws_apigatewayv2_domain_name.this[0].arn, null) }
output "domain_name_configuration" { value = try(aws_apigatewayv2_domain_name.this[0].domain_name_configuration, null) }
output "domain_name_target_domain_name" { value = try(aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name, null) }
output "domain_name_hosted_zone_id" { value = try(aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].hosted_zone_id, null) }
output "stage_id" { value = try(aws_apigatewayv2_stage.this[0].id, null) }
output "stage_arn" { value = try(aws_apigatewayv2_stage.this[0].arn, null) }
output "stage_execution_arn" { value = try(aws_apigatewayv2_stage.this[0].execution_arn, null) }
output "stage_invoke_url" { value = try(aws_apigatewayv2_stage.this[0].invoke_url, null) }
output "stage_domain_name" { value = try(aws_apigatewayv2_stage.this[0].invoke_url, null) }
output "stage_access_logs_cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.this["this"].name, null) }
output "stage_access_logs_cloudwatch_log_group_arn" { value = try(aws_cloudwatch_log_group.this["this"].arn, null) }

# Names of versions 1 and 2, and of version 0 with "this_" before them.
output "apigatewayv2_api_id" { value = try(aws_apigatewayv2_api.this[0].id, "") }
output "apigatewayv2_api_api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, "") }
output "apigatewayv2_api_arn" { value = try(aws_apigatewayv2_api.this[0].arn, "") }
output "apigatewayv2_api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, "") }
output "apigatewayv2_authorizer_id" { value = { for k, v in aws_apigatewayv2_authorizer.this : k => v.id } }
output "apigatewayv2_domain_name_id" { value = try(aws_apigatewayv2_domain_name.this[0].id, "") }
output "apigatewayv2_domain_name_configuration" { value = try(aws_apigatewayv2_domain_name.this[0].domain_name_configuration, "") }
output "apigatewayv2_domain_name_target_domain_name" { value = try(aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name, "") }
output "apigatewayv2_domain_name_hosted_zone_id" { value = try(aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].hosted_zone_id, "") }
output "apigatewayv2_vpc_link_id" { value = { for k, v in aws_apigatewayv2_vpc_link.this : k => v.id } }
output "default_apigatewayv2_stage_id" { value = try(aws_apigatewayv2_stage.default[0].id, "") }
output "default_apigatewayv2_stage_arn" { value = try(aws_apigatewayv2_stage.default[0].arn, "") }
output "default_apigatewayv2_stage_execution_arn" { value = try(aws_apigatewayv2_stage.default[0].execution_arn, "") }
output "default_apigatewayv2_stage_invoke_url" { value = try(aws_apigatewayv2_stage.default[0].invoke_url, "") }
output "default_apigatewayv2_stage_domain_name" { value = try(aws_apigatewayv2_stage.default[0].invoke_url, "") }
output "this_apigatewayv2_api_id" { value = try(aws_apigatewayv2_api.this[0].id, "") }
output "this_apigatewayv2_api_api_endpoint" { value = try(aws_apigatewayv2_api.this[0].api_endpoint, "") }
output "this_apigatewayv2_api_execution_arn" { value = try(aws_apigatewayv2_api.this[0].execution_arn, "") }
