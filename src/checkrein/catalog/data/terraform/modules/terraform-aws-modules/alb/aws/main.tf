# What terraform-aws-modules/alb/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "create_lb" { default = true }
variable "name" { default = null }
variable "load_balancer_type" { default = "application" }
variable "internal" { default = null }
variable "subnets" { default = null }
variable "vpc_id" { default = null }
variable "security_groups" { default = [] }
variable "access_logs" { default = null }
variable "drop_invalid_header_fields" { default = true }
variable "enable_deletion_protection" { default = null }
variable "listeners" { default = {} }
variable "http_tcp_listeners" { default = [] }
variable "https_listeners" { default = [] }
variable "target_groups" { default = {} }
variable "create_security_group" { default = true }
variable "security_group_name" { default = null }
variable "security_group_ingress_rules" { default = {} }
variable "security_group_egress_rules" { default = {} }
variable "associate_web_acl" { default = false }
variable "web_acl_arn" { default = null }
variable "tags" { default = {} }
variable "version" { default = null }

locals {
  makes       = var.create && var.create_lb
  before_9    = can(regex("^(~>|=|<=?)? ?v?[0-8][.]", var.version))
  makes_group = local.makes && var.create_security_group && var.load_balancer_type == "application" && !local.before_9

  # Target groups and listeners are lists before version 9 and maps since.
  groups = merge({ for k, v in(var.target_groups != null ? var.target_groups : {}) : k => v })
  listeners = merge(
    { for k, v in var.listeners : k => v },
    { for i, v in var.http_tcp_listeners : "http-${i}" => merge({ protocol = "HTTP" }, v) },
    { for i, v in var.https_listeners : "https-${i}" => merge({ protocol = "HTTPS" }, v) },
  )
}

resource "aws_lb" "this" {
  count                      = local.makes ? 1 : 0
  name                       = var.name
  load_balancer_type         = var.load_balancer_type
  internal                   = var.internal
  subnets                    = var.subnets
  security_groups            = concat(aws_security_group.this[*].id, var.security_groups)
  drop_invalid_header_fields = var.drop_invalid_header_fields
  enable_deletion_protection = var.enable_deletion_protection != null ? var.enable_deletion_protection : !local.before_9
  tags                       = var.tags

  dynamic "access_logs" {
    for_each = try(length(keys(var.access_logs)) > 0, false) ? [var.access_logs] : []
    content {
      bucket  = access_logs.value.bucket
      prefix  = try(access_logs.value.prefix, null)
      enabled = try(access_logs.value.enabled, true)
    }
  }
}

resource "aws_lb_target_group" "this" {
  for_each    = { for k, v in local.groups : k => v if local.makes }
  name        = try(each.value.name, null)
  vpc_id      = try(each.value.vpc_id, var.vpc_id)
  protocol    = try(each.value.protocol, each.value.backend_protocol, "HTTP")
  port        = try(each.value.port, each.value.backend_port, 80)
  target_type = try(each.value.target_type, null)
}

resource "aws_lb_target_group_attachment" "this" {
  for_each         = { for k, v in local.groups : k => v if local.makes && can(v.target_id) }
  target_group_arn = aws_lb_target_group.this[each.key].arn
  target_id        = each.value.target_id
}

resource "aws_lb_listener" "this" {
  for_each          = { for k, v in local.listeners : k => v if local.makes }
  load_balancer_arn = aws_lb.this[0].arn
  port              = try(each.value.port, 80)
  protocol          = try(each.value.protocol, "HTTP")
  ssl_policy        = try(each.value.ssl_policy, !local.before_9 && contains(["HTTPS", "TLS"], try(each.value.protocol, "HTTP")) ? "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" : null)
  certificate_arn   = try(each.value.certificate_arn, null)

  dynamic "default_action" {
    for_each = try([each.value.redirect], [])
    content {
      type = "redirect"
      redirect {
        protocol    = try(default_action.value.protocol, null)
        port        = try(default_action.value.port, null)
        status_code = try(default_action.value.status_code, null)
      }
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.forward.target_group_key], [each.value.target_group_index], [])
    content {
      type             = "forward"
      target_group_arn = try(aws_lb_target_group.this[default_action.value].arn, null)
    }
  }

  dynamic "default_action" {
    for_each = try([each.value.fixed_response], [])
    content {
      type = "fixed-response"
      fixed_response {
        content_type = try(default_action.value.content_type, null)
        status_code  = try(default_action.value.status_code, null)
      }
    }
  }
}

resource "aws_security_group" "this" {
  count  = local.makes_group ? 1 : 0
  name   = var.security_group_name != null ? var.security_group_name : var.name
  vpc_id = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = { for k, v in(var.security_group_ingress_rules != null ? var.security_group_ingress_rules : {}) : k => v if local.makes_group }
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, each.value.from_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = { for k, v in(var.security_group_egress_rules != null ? var.security_group_egress_rules : {}) : k => v if local.makes_group }
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, each.value.from_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_wafv2_web_acl_association" "this" {
  count        = local.makes && var.associate_web_acl ? 1 : 0
  resource_arn = aws_lb.this[0].arn
  web_acl_arn  = var.web_acl_arn
}

output "id" { value = try(aws_lb.this[0].id, null) }
output "arn" { value = try(aws_lb.this[0].arn, null) }
output "dns_name" { value = try(aws_lb.this[0].dns_name, null) }
output "zone_id" { value = try(aws_lb.this[0].zone_id, null) }
output "listeners" { value = aws_lb_listener.this }
output "target_groups" { value = aws_lb_target_group.this }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "lb_arn" { value = try(aws_lb.this[0].arn, null) }
output "lb_dns_name" { value = try(aws_lb.this[0].dns_name, null) }
output "lb_zone_id" { value = try(aws_lb.this[0].zone_id, null) }
output "target_group_arns" { value = [for k, v in aws_lb_target_group.this : v.arn] }
