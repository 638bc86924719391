# What terraform-aws-modules/security-group/aws makes, from its published inputs, outputs and resources.

variable "create" { default = true }
variable "create_sg" { default = true }
variable "security_group_id" { default = null }
variable "vpc_id" { default = null }
variable "name" { default = null }
variable "use_name_prefix" { default = true }
variable "description" { default = "Security Group managed by Terraform" }
variable "tags" { default = {} }
variable "ingress_cidr_blocks" { default = [] }
variable "ingress_ipv6_cidr_blocks" { default = [] }
variable "ingress_rules" { default = [] }
variable "ingress_with_cidr_blocks" { default = [] }
variable "computed_ingress_with_cidr_blocks" { default = [] }
variable "ingress_with_source_security_group_id" { default = [] }
variable "computed_ingress_with_source_security_group_id" { default = [] }
variable "ingress_with_self" { default = [] }
variable "computed_ingress_with_self" { default = [] }
variable "egress_cidr_blocks" { default = ["0.0.0.0/0"] }
variable "egress_ipv6_cidr_blocks" { default = ["::/0"] }
variable "egress_rules" { default = [] }
variable "egress_with_cidr_blocks" { default = [] }
variable "computed_egress_with_cidr_blocks" { default = [] }
variable "egress_with_source_security_group_id" { default = [] }
variable "computed_egress_with_source_security_group_id" { default = [] }
variable "egress_with_self" { default = [] }
variable "computed_egress_with_self" { default = [] }

locals {
  id = var.create_sg ? try(aws_security_group.this[0].id, aws_security_group.this_name_prefix[0].id, null) : var.security_group_id

  ingress_with_cidr_blocks              = concat(var.ingress_with_cidr_blocks, var.computed_ingress_with_cidr_blocks)
  ingress_with_source_security_group_id = concat(var.ingress_with_source_security_group_id, var.computed_ingress_with_source_security_group_id)
  ingress_with_self                     = concat(var.ingress_with_self, var.computed_ingress_with_self)
  egress_with_cidr_blocks               = concat(var.egress_with_cidr_blocks, var.computed_egress_with_cidr_blocks)
  egress_with_source_security_group_id  = concat(var.egress_with_source_security_group_id, var.computed_egress_with_source_security_group_id)
  egress_with_self                      = concat(var.egress_with_self, var.computed_egress_with_self)
}

resource "aws_security_group" "this" {
  count       = var.create && var.create_sg && !var.use_name_prefix ? 1 : 0
  name        = var.name
  description = var.description
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_security_group" "this_name_prefix" {
  count       = var.create && var.create_sg && var.use_name_prefix ? 1 : 0
  name_prefix = var.name == null ? null : "${var.name}-"
  description = var.description
  vpc_id      = var.vpc_id
  tags        = var.tags
}

resource "aws_security_group_rule" "ingress_rules" {
  count             = var.create ? length(var.ingress_rules) : 0
  security_group_id = local.id
  type              = "ingress"
  from_port         = try(local.rules[var.ingress_rules[count.index]][0], null)
  to_port           = try(local.rules[var.ingress_rules[count.index]][1], null)
  protocol          = try(local.rules[var.ingress_rules[count.index]][2], null)
  cidr_blocks       = var.ingress_cidr_blocks
  ipv6_cidr_blocks  = var.ingress_ipv6_cidr_blocks
}

resource "aws_security_group_rule" "ingress_with_cidr_blocks" {
  count             = var.create ? length(local.ingress_with_cidr_blocks) : 0
  security_group_id = local.id
  type              = "ingress"
  from_port         = try(local.ingress_with_cidr_blocks[count.index].from_port, local.rules[local.ingress_with_cidr_blocks[count.index].rule][0], null)
  to_port           = try(local.ingress_with_cidr_blocks[count.index].to_port, local.rules[local.ingress_with_cidr_blocks[count.index].rule][1], null)
  protocol          = try(local.ingress_with_cidr_blocks[count.index].protocol, local.rules[local.ingress_with_cidr_blocks[count.index].rule][2], null)
  description       = try(local.ingress_with_cidr_blocks[count.index].description, null)
  cidr_blocks       = try(split(",", local.ingress_with_cidr_blocks[count.index].cidr_blocks), var.ingress_cidr_blocks)
}

resource "aws_security_group_rule" "ingress_with_source_security_group_id" {
  count                    = var.create ? length(local.ingress_with_source_security_group_id) : 0
  security_group_id        = local.id
  type                     = "ingress"
  from_port                = try(local.ingress_with_source_security_group_id[count.index].from_port, local.rules[local.ingress_with_source_security_group_id[count.index].rule][0], null)
  to_port                  = try(local.ingress_with_source_security_group_id[count.index].to_port, local.rules[local.ingress_with_source_security_group_id[count.index].rule][1], null)
  protocol                 = try(local.ingress_with_source_security_group_id[count.index].protocol, local.rules[local.ingress_with_source_security_group_id[count.index].rule][2], null)
  description              = try(local.ingress_with_source_security_group_id[count.index].description, null)
  source_security_group_id = local.ingress_with_source_security_group_id[count.index].source_security_group_id
}

resource "aws_security_group_rule" "ingress_with_self" {
  count             = var.create ? length(local.ingress_with_self) : 0
  security_group_id = local.id
  type              = "ingress"
  from_port         = try(local.ingress_with_self[count.index].from_port, local.rules[local.ingress_with_self[count.index].rule][0], null)
  to_port           = try(local.ingress_with_self[count.index].to_port, local.rules[local.ingress_with_self[count.index].rule][1], null)
  protocol          = try(local.ingress_with_self[count.index].protocol, local.rules[local.ingress_with_self[count.index].rule][2], null)
  description       = try(local.ingress_with_self[count.index].description, null)
  self              = try(local.ingress_with_self[count.index].self, true)
}

resource "aws_security_group_rule" "egress_rules" {
  count             = var.create ? length(var.egress_rules) : 0
  security_group_id = local.id
  type              = "egress"
  from_port         = try(local.rules[var.egress_rules[count.index]][0], null)
  to_port           = try(local.rules[var.egress_rules[count.index]][1], null)
  protocol          = try(local.rules[var.egress_rules[count.index]][2], null)
  cidr_blocks       = var.egress_cidr_blocks
  ipv6_cidr_blocks  = var.egress_ipv6_cidr_blocks
}

resource "aws_security_group_rule" "egress_with_cidr_blocks" {
  count             = var.create ? length(local.egress_with_cidr_blocks) : 0
  security_group_id = local.id
  type              = "egress"
  from_port         = try(local.egress_with_cidr_blocks[count.index].from_port, local.rules[local.egress_with_cidr_blocks[count.index].rule][0], null)
  to_port           = try(local.egress_with_cidr_blocks[count.index].to_port, local.rules[local.egress_with_cidr_blocks[count.index].rule][1], null)
  protocol          = try(local.egress_with_cidr_blocks[count.index].protocol, local.rules[local.egress_with_cidr_blocks[count.index].rule][2], null)
  description       = try(local.egress_with_cidr_blocks[count.index].description, null)
  cidr_blocks       = try(split(",", local.egress_with_cidr_blocks[count.index].cidr_blocks), var.egress_cidr_blocks)
}

resource "aws_security_group_rule" "egress_with_source_security_group_id" {
  count                    = var.create ? length(local.egress_with_source_security_group_id) : 0
  security_group_id        = local.id
  type                     = "egress"
  from_port                = try(local.egress_with_source_security_group_id[count.index].from_port, local.rules[local.egress_with_source_security_group_id[count.index].rule][0], null)
  to_port                  = try(local.egress_with_source_security_group_id[count.index].to_port, local.rules[local.egress_with_source_security_group_id[count.index].rule][1], null)
  protocol                 = try(local.egress_with_source_security_group_id[count.index].protocol, local.rules[local.egress_with_source_security_group_id[count.index].rule][2], null)
  description              = try(local.egress_with_source_security_group_id[count.index].description, null)
  source_security_group_id = local.egress_with_source_security_group_id[count.index].source_security_group_id
}

resource "aws_security_group_rule" "egress_with_self" {
  count             = var.create ? length(local.egress_with_self) : 0
  security_group_id = local.id
  type              = "egress"
  from_port         = try(local.egress_with_self[count.index].from_port, local.rules[local.egress_with_self[count.index].rule][0], null)
  to_port           = try(local.egress_with_self[count.index].to_port, local.rules[local.egress_with_self[count.index].rule][1], null)
  protocol          = try(local.egress_with_self[count.index].protocol, local.rules[local.egress_with_self[count.index].rule][2], null)
  description       = try(local.egress_with_self[count.index].description, null)
  self              = try(local.egress_with_self[count.index].self, true)
}

output "security_group_id" { value = local.id }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, aws_security_group.this_name_prefix[0].arn, null) }
output "security_group_name" { value = try(aws_security_group.this[0].name, aws_security_group.this_name_prefix[0].name, null) }
output "security_group_vpc_id" { value = var.vpc_id }
output "this_security_group_id" { value = local.id }
