# What terraform-aws-modules/vpc/aws//modules/vpc-endpoints makes.

variable "create" { default = true }
variable "vpc_id" { default = null }
variable "endpoints" { default = {} }
variable "security_group_ids" { default = [] }
variable "subnet_ids" { default = [] }

data "aws_region" "current" {}

resource "aws_vpc_endpoint" "this" {
  for_each            = { for k, v in var.endpoints : k => v if var.create && try(v.create, true) }
  vpc_id              = var.vpc_id
  service_name        = try(each.value.service_name, "com.amazonaws.${data.aws_region.current.name}.${each.value.service}", null)
  vpc_endpoint_type   = try(each.value.service_type, "Interface")
  policy              = try(each.value.policy, null)
  security_group_ids  = try(each.value.service_type, "Interface") == "Interface" ? concat(var.security_group_ids, try(each.value.security_group_ids, [])) : null
  subnet_ids          = try(each.value.service_type, "Interface") == "Interface" ? concat(var.subnet_ids, try(each.value.subnet_ids, [])) : null
  route_table_ids     = try(each.value.route_table_ids, null)
  private_dns_enabled = try(each.value.private_dns_enabled, null)
}

output "endpoints" { value = aws_vpc_endpoint.this }
