# What terraform-aws-modules/vpc/aws makes, from its published inputs, outputs and resources.

variable "create_vpc" { default = true }
variable "name" { default = "" }
variable "cidr" { default = "10.0.0.0/16" }
variable "azs" { default = [] }
variable "enable_dns_hostnames" { default = true }
variable "enable_dns_support" { default = true }
variable "map_public_ip_on_launch" { default = false }
variable "enable_nat_gateway" { default = false }
variable "single_nat_gateway" { default = false }
variable "create_igw" { default = true }
variable "create_database_subnet_group" { default = true }
variable "create_database_internet_gateway_route" { default = false }
variable "manage_default_security_group" { default = true }
variable "default_security_group_ingress" { default = [] }
variable "default_security_group_egress" { default = [] }
variable "enable_flow_log" { default = false }
variable "flow_log_destination_type" { default = "cloud-watch-logs" }
variable "flow_log_destination_arn" { default = "" }
variable "flow_log_traffic_type" { default = "ALL" }
variable "create_flow_log_cloudwatch_log_group" { default = false }
variable "create_flow_log_cloudwatch_iam_role" { default = false }
variable "flow_log_cloudwatch_iam_role_arn" { default = "" }
variable "flow_log_cloudwatch_log_group_retention_in_days" { default = null }
variable "flow_log_cloudwatch_log_group_kms_key_id" { default = null }
variable "tags" { default = {} }
variable "public_subnets" { default = [] }
variable "private_subnets" { default = [] }
variable "database_subnets" { default = [] }
variable "create_database_subnet_route_table" { default = false }
variable "elasticache_subnets" { default = [] }
variable "create_elasticache_subnet_route_table" { default = false }
variable "redshift_subnets" { default = [] }
variable "create_redshift_subnet_route_table" { default = false }
variable "intra_subnets" { default = [] }

locals {
  vpc_id     = try(aws_vpc.this[0].id, null)
  makes_igw  = var.create_vpc && var.create_igw && length(var.public_subnets) > 0
  makes_flow = var.create_vpc && var.enable_flow_log
  nats       = var.create_vpc && var.enable_nat_gateway ? (var.single_nat_gateway ? 1 : max(length(var.private_subnets), 1)) : 0
}

resource "aws_vpc" "this" {
  count                = var.create_vpc ? 1 : 0
  cidr_block           = var.cidr
  enable_dns_hostnames = var.enable_dns_hostnames
  enable_dns_support   = var.enable_dns_support
  tags                 = merge({ Name = var.name }, var.tags)
}

resource "aws_default_security_group" "this" {
  count   = var.create_vpc && var.manage_default_security_group ? 1 : 0
  vpc_id  = local.vpc_id
  ingress = var.default_security_group_ingress
  egress  = var.default_security_group_egress
}

resource "aws_internet_gateway" "this" {
  count  = local.makes_igw ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_eip" "nat" {
  count  = local.nats
  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  count         = local.nats
  allocation_id = aws_eip.nat[count.index].id
  subnet_id     = aws_subnet.public[count.index % max(length(var.public_subnets), 1)].id
}

resource "aws_subnet" "public" {
  count                   = var.create_vpc ? length(var.public_subnets) : 0
  vpc_id                  = local.vpc_id
  cidr_block              = var.public_subnets[count.index]
  availability_zone       = try(element(var.azs, count.index), null)
  map_public_ip_on_launch = var.map_public_ip_on_launch
}

resource "aws_route_table" "public" {
  count  = var.create_vpc && length(var.public_subnets) > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "public" {
  count          = var.create_vpc ? length(var.public_subnets) : 0
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public[0].id
}

resource "aws_subnet" "private" {
  count             = var.create_vpc ? length(var.private_subnets) : 0
  vpc_id            = local.vpc_id
  cidr_block        = var.private_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
}

resource "aws_route_table" "private" {
  count  = var.create_vpc && length(var.private_subnets) > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "private" {
  count          = var.create_vpc ? length(var.private_subnets) : 0
  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private[0].id
}

resource "aws_subnet" "database" {
  count             = var.create_vpc ? length(var.database_subnets) : 0
  vpc_id            = local.vpc_id
  cidr_block        = var.database_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
}

resource "aws_route_table" "database" {
  count  = var.create_vpc && var.create_database_subnet_route_table && length(var.database_subnets) > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "database" {
  count          = var.create_vpc ? length(var.database_subnets) : 0
  subnet_id      = aws_subnet.database[count.index].id
  route_table_id = try(aws_route_table.database[0].id, aws_route_table.private[0].id, null)
}

resource "aws_subnet" "elasticache" {
  count             = var.create_vpc ? length(var.elasticache_subnets) : 0
  vpc_id            = local.vpc_id
  cidr_block        = var.elasticache_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
}

resource "aws_route_table" "elasticache" {
  count  = var.create_vpc && var.create_elasticache_subnet_route_table && length(var.elasticache_subnets) > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "elasticache" {
  count          = var.create_vpc ? length(var.elasticache_subnets) : 0
  subnet_id      = aws_subnet.elasticache[count.index].id
  route_table_id = try(aws_route_table.elasticache[0].id, aws_route_table.private[0].id, null)
}

resource "aws_subnet" "redshift" {
  count             = var.create_vpc ? length(var.redshift_subnets) : 0
  vpc_id            = local.vpc_id
  cidr_block        = var.redshift_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
}

resource "aws_route_table" "redshift" {
  count  = var.create_vpc && var.create_redshift_subnet_route_table && length(var.redshift_subnets) > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "redshift" {
  count          = var.create_vpc ? length(var.redshift_subnets) : 0
  subnet_id      = aws_subnet.redshift[count.index].id
  route_table_id = try(aws_route_table.redshift[0].id, aws_route_table.private[0].id, null)
}

resource "aws_subnet" "intra" {
  count             = var.create_vpc ? length(var.intra_subnets) : 0
  vpc_id            = local.vpc_id
  cidr_block        = var.intra_subnets[count.index]
  availability_zone = try(element(var.azs, count.index), null)
}

resource "aws_route_table" "intra" {
  count  = var.create_vpc && length(var.intra_subnets) > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "intra" {
  count          = var.create_vpc ? length(var.intra_subnets) : 0
  subnet_id      = aws_subnet.intra[count.index].id
  route_table_id = aws_route_table.intra[0].id
}

resource "aws_route" "public_internet_gateway" {
  count                  = local.makes_igw ? 1 : 0
  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "private_nat_gateway" {
  count                  = local.nats > 0 && length(var.private_subnets) > 0 ? 1 : 0
  route_table_id         = aws_route_table.private[0].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[0].id
}

resource "aws_route" "database_internet_gateway" {
  count                  = local.makes_igw && var.create_database_internet_gateway_route && length(var.database_subnets) > 0 ? 1 : 0
  route_table_id         = try(aws_route_table.database[0].id, aws_route_table.private[0].id, null)
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_db_subnet_group" "database" {
  count      = var.create_vpc && var.create_database_subnet_group && length(var.database_subnets) > 0 ? 1 : 0
  name       = lower(var.name)
  subnet_ids = aws_subnet.database[*].id
}

resource "aws_cloudwatch_log_group" "flow_log" {
  count             = local.makes_flow && var.create_flow_log_cloudwatch_log_group ? 1 : 0
  name              = "/aws/vpc-flow-log/${local.vpc_id}"
  retention_in_days = var.flow_log_cloudwatch_log_group_retention_in_days
  kms_key_id        = var.flow_log_cloudwatch_log_group_kms_key_id
}

data "aws_iam_policy_document" "flow_log_cloudwatch_assume_role" {
  count = local.makes_flow && var.create_flow_log_cloudwatch_iam_role ? 1 : 0

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "vpc_flow_log_cloudwatch" {
  count              = local.makes_flow && var.create_flow_log_cloudwatch_iam_role ? 1 : 0
  assume_role_policy = data.aws_iam_policy_document.flow_log_cloudwatch_assume_role[0].json
}

resource "aws_flow_log" "this" {
  count                = local.makes_flow ? 1 : 0
  vpc_id               = local.vpc_id
  traffic_type         = var.flow_log_traffic_type
  log_destination_type = var.flow_log_destination_type
  log_destination      = try(aws_cloudwatch_log_group.flow_log[0].arn, var.flow_log_destination_arn)
  iam_role_arn         = var.flow_log_destination_type == "cloud-watch-logs" ? try(aws_iam_role.vpc_flow_log_cloudwatch[0].arn, var.flow_log_cloudwatch_iam_role_arn) : null
}

output "vpc_id" { value = local.vpc_id }
output "vpc_arn" { value = try(aws_vpc.this[0].arn, null) }
output "vpc_cidr_block" { value = try(aws_vpc.this[0].cidr_block, null) }
output "default_security_group_id" { value = try(aws_vpc.this[0].default_security_group_id, null) }
output "vpc_main_route_table_id" { value = try(aws_vpc.this[0].main_route_table_id, null) }
output "igw_id" { value = try(aws_internet_gateway.this[0].id, null) }
output "natgw_ids" { value = aws_nat_gateway.this[*].id }
output "nat_public_ips" { value = aws_eip.nat[*].public_ip }
output "azs" { value = var.azs }
output "name" { value = var.name }
output "database_subnet_group" { value = try(aws_db_subnet_group.database[0].id, null) }
output "database_subnet_group_name" { value = try(aws_db_subnet_group.database[0].name, null) }
output "public_subnets" { value = aws_subnet.public[*].id }
output "public_subnet_arns" { value = aws_subnet.public[*].arn }
output "public_subnets_cidr_blocks" { value = aws_subnet.public[*].cidr_block }
output "public_route_table_ids" { value = aws_route_table.public[*].id }
output "private_subnets" { value = aws_subnet.private[*].id }
output "private_subnet_arns" { value = aws_subnet.private[*].arn }
output "private_subnets_cidr_blocks" { value = aws_subnet.private[*].cidr_block }
output "private_route_table_ids" { value = aws_route_table.private[*].id }
output "database_subnets" { value = aws_subnet.database[*].id }
output "database_subnet_arns" { value = aws_subnet.database[*].arn }
output "database_subnets_cidr_blocks" { value = aws_subnet.database[*].cidr_block }
output "database_route_table_ids" { value = concat(aws_route_table.database[*].id, var.create_database_subnet_route_table ? [] : aws_route_table.private[*].id) }
output "elasticache_subnets" { value = aws_subnet.elasticache[*].id }
output "elasticache_subnet_arns" { value = aws_subnet.elasticache[*].arn }
output "elasticache_subnets_cidr_blocks" { value = aws_subnet.elasticache[*].cidr_block }
output "elasticache_route_table_ids" { value = concat(aws_route_table.elasticache[*].id, var.create_elasticache_subnet_route_table ? [] : aws_route_table.private[*].id) }
output "redshift_subnets" { value = aws_subnet.redshift[*].id }
output "redshift_subnet_arns" { value = aws_subnet.redshift[*].arn }
output "redshift_subnets_cidr_blocks" { value = aws_subnet.redshift[*].cidr_block }
output "redshift_route_table_ids" { value = concat(aws_route_table.redshift[*].id, var.create_redshift_subnet_route_table ? [] : aws_route_table.private[*].id) }
output "intra_subnets" { value = aws_subnet.intra[*].id }
output "intra_subnet_arns" { value = aws_subnet.intra[*].arn }
output "intra_subnets_cidr_blocks" { value = aws_subnet.intra[*].cidr_block }
output "intra_route_table_ids" { value = aws_route_table.intra[*].id }
