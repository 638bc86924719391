# What terraform-aws-modules/rds/aws makes, from its published inputs, outputs and resources.

variable "create_db_instance" { default = true }
variable "identifier" { default = null }
variable "engine" { default = null }
variable "engine_version" { default = null }
variable "instance_class" { default = null }
variable "allocated_storage" { default = null }
variable "db_name" { default = null }
variable "name" { default = null }
variable "username" { default = null }
variable "password" { default = null }
variable "manage_master_user_password" { default = null }
variable "master_user_secret_kms_key_id" { default = null }
variable "port" { default = null }
variable "storage_encrypted" { default = true }
variable "kms_key_id" { default = null }
variable "iam_database_authentication_enabled" { default = false }
variable "vpc_security_group_ids" { default = [] }
variable "publicly_accessible" { default = false }
variable "multi_az" { default = false }
variable "backup_retention_period" { default = null }
variable "skip_final_snapshot" { default = false }
variable "snapshot_identifier" { default = null }
variable "copy_tags_to_snapshot" { default = true }
variable "auto_minor_version_upgrade" { default = true }
variable "deletion_protection" { default = false }
variable "enabled_cloudwatch_logs_exports" { default = [] }
variable "performance_insights_enabled" { default = false }
variable "monitoring_interval" { default = 0 }
variable "monitoring_role_arn" { default = null }
variable "create_monitoring_role" { default = false }
variable "create_db_subnet_group" { default = false }
variable "db_subnet_group_name" { default = null }
variable "subnet_ids" { default = [] }
variable "create_db_parameter_group" { default = true }
variable "family" { default = null }
variable "parameters" { default = [] }
variable "tags" { default = {} }

locals {
  managed = var.manage_master_user_password != null ? var.manage_master_user_password : var.password == null
}

resource "aws_db_instance" "this" {
  count                               = var.create_db_instance ? 1 : 0
  identifier                          = var.identifier
  engine                              = var.engine
  engine_version                      = var.engine_version
  instance_class                      = var.instance_class
  allocated_storage                   = var.allocated_storage
  db_name                             = var.db_name != null ? var.db_name : var.name
  username                            = var.username
  password                            = local.managed ? null : var.password
  manage_master_user_password         = local.managed ? true : null
  master_user_secret_kms_key_id       = local.managed ? var.master_user_secret_kms_key_id : null
  port                                = var.port
  storage_encrypted                   = var.storage_encrypted
  kms_key_id                          = var.kms_key_id
  iam_database_authentication_enabled = var.iam_database_authentication_enabled
  vpc_security_group_ids              = var.vpc_security_group_ids
  db_subnet_group_name                = try(aws_db_subnet_group.this[0].id, var.db_subnet_group_name)
  parameter_group_name                = try(aws_db_parameter_group.this[0].id, null)
  publicly_accessible                 = var.publicly_accessible
  multi_az                            = var.multi_az
  backup_retention_period             = var.backup_retention_period
  skip_final_snapshot                 = var.skip_final_snapshot
  snapshot_identifier                 = var.snapshot_identifier
  copy_tags_to_snapshot               = var.copy_tags_to_snapshot
  auto_minor_version_upgrade          = var.auto_minor_version_upgrade
  deletion_protection                 = var.deletion_protection
  enabled_cloudwatch_logs_exports     = var.enabled_cloudwatch_logs_exports
  performance_insights_enabled        = var.performance_insights_enabled
  monitoring_interval                 = var.monitoring_interval
  monitoring_role_arn                 = var.create_monitoring_role ? aws_iam_role.enhanced_monitoring[0].arn : var.monitoring_role_arn
  tags                                = var.tags
}

resource "aws_db_subnet_group" "this" {
  count      = var.create_db_subnet_group ? 1 : 0
  name       = var.db_subnet_group_name != null ? var.db_subnet_group_name : var.identifier
  subnet_ids = var.subnet_ids
}

resource "aws_db_parameter_group" "this" {
  count  = var.create_db_parameter_group && var.family != null ? 1 : 0
  family = var.family

  dynamic "parameter" {
    for_each = var.parameters != null ? var.parameters : []
    content {
      name  = parameter.value.name
      value = parameter.value.value
    }
  }
}

data "aws_iam_policy_document" "enhanced_monitoring" {
  count = var.create_monitoring_role ? 1 : 0

  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "enhanced_monitoring" {
  count              = var.create_monitoring_role ? 1 : 0
  assume_role_policy = data.aws_iam_policy_document.enhanced_monitoring[0].json
}

resource "aws_iam_role_policy_attachment" "enhanced_monitoring" {
  count      = var.create_monitoring_role ? 1 : 0
  role       = aws_iam_role.enhanced_monitoring[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

output "db_instance_address" { value = try(aws_db_instance.this[0].address, null) }
output "db_instance_arn" { value = try(aws_db_instance.this[0].arn, null) }
output "db_instance_endpoint" { value = try(aws_db_instance.this[0].endpoint, null) }
output "db_instance_id" { value = try(aws_db_instance.this[0].id, null) }
output "db_instance_identifier" { value = try(aws_db_instance.this[0].identifier, null) }
output "db_instance_resource_id" { value = try(aws_db_instance.this[0].resource_id, null) }
output "db_instance_name" { value = try(aws_db_instance.this[0].db_name, null) }
output "db_instance_username" { value = try(aws_db_instance.this[0].username, null) }
output "db_instance_port" { value = try(aws_db_instance.this[0].port, null) }
output "db_instance_master_user_secret_arn" { value = try(aws_db_instance.this[0].master_user_secret[0].secret_arn, null) }
output "db_subnet_group_id" { value = try(aws_db_subnet_group.this[0].id, null) }
