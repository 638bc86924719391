# What terraform-aws-modules/ecs/aws makes: a cluster and its services.

variable "create" { default = true }
variable "cluster_name" { default = "" }
variable "cluster_setting" { default = null }
variable "cluster_settings" { default = [{ name = "containerInsights", value = "enabled" }] }
variable "create_cloudwatch_log_group" { default = true }
variable "cloudwatch_log_group_name" { default = null }
variable "cloudwatch_log_group_retention_in_days" { default = 90 }
variable "cloudwatch_log_group_kms_key_id" { default = null }
variable "services" { default = {} }
variable "tags" { default = {} }

module "cluster" {
  source                                 = "./modules/cluster"
  create                                 = var.create
  cluster_name                           = var.cluster_name
  setting                                = var.cluster_setting
  cluster_settings                       = var.cluster_settings
  create_cloudwatch_log_group            = var.create_cloudwatch_log_group
  cloudwatch_log_group_name              = var.cloudwatch_log_group_name
  cloudwatch_log_group_retention_in_days = var.cloudwatch_log_group_retention_in_days
  cloudwatch_log_group_kms_key_id        = var.cloudwatch_log_group_kms_key_id
  tags                                   = var.tags
}

module "service" {
  source                       = "./modules/service"
  for_each                     = { for k, v in var.services : k => v if var.create }
  cluster_arn                  = module.cluster.arn
  name                         = try(each.value.name, each.key)
  create                       = try(each.value.create, true)
  create_service               = try(each.value.create_service, true)
  desired_count                = try(each.value.desired_count, 1)
  launch_type                  = try(each.value.launch_type, "FARGATE")
  enable_execute_command       = try(each.value.enable_execute_command, false)
  assign_public_ip             = try(each.value.assign_public_ip, false)
  subnet_ids                   = try(each.value.subnet_ids, [])
  security_group_ids           = try(each.value.security_group_ids, [])
  vpc_id                       = try(each.value.vpc_id, null)
  load_balancer                = try(each.value.load_balancer, {})
  create_task_definition       = try(each.value.create_task_definition, true)
  task_definition_arn          = try(each.value.task_definition_arn, null)
  container_definitions        = try(each.value.container_definitions, {})
  cpu                          = try(each.value.cpu, 1024)
  memory                       = try(each.value.memory, 2048)
  family                       = try(each.value.family, null)
  network_mode                 = try(each.value.network_mode, "awsvpc")
  requires_compatibilities     = try(each.value.requires_compatibilities, ["FARGATE"])
  volume                       = try(each.value.volume, {})
  create_task_exec_iam_role    = try(each.value.create_task_exec_iam_role, true)
  task_exec_iam_role_arn       = try(each.value.task_exec_iam_role_arn, null)
  task_exec_iam_role_name      = try(each.value.task_exec_iam_role_name, null)
  task_exec_iam_role_policies  = try(each.value.task_exec_iam_role_policies, {})
  create_task_exec_policy      = try(each.value.create_task_exec_policy, true)
  task_exec_ssm_param_arns     = try(each.value.task_exec_ssm_param_arns, [])
  task_exec_secret_arns        = try(each.value.task_exec_secret_arns, [])
  task_exec_iam_statements     = try(each.value.task_exec_iam_statements, {})
  create_tasks_iam_role        = try(each.value.create_tasks_iam_role, true)
  tasks_iam_role_arn           = try(each.value.tasks_iam_role_arn, null)
  tasks_iam_role_name          = try(each.value.tasks_iam_role_name, null)
  tasks_iam_role_policies      = try(each.value.tasks_iam_role_policies, {})
  tasks_iam_role_statements    = try(each.value.tasks_iam_role_statements, {})
  create_security_group        = try(each.value.create_security_group, true)
  security_group_name          = try(each.value.security_group_name, null)
  security_group_rules         = try(each.value.security_group_rules, {})
  security_group_ingress_rules = try(each.value.security_group_ingress_rules, {})
  security_group_egress_rules  = try(each.value.security_group_egress_rules, {})
  tags                         = try(each.value.tags, var.tags)
}

output "cluster_arn" { value = module.cluster.arn }
output "cluster_id" { value = module.cluster.id }
output "cluster_name" { value = module.cluster.name }
output "services" { value = module.service }
