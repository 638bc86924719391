# What terraform-aws-modules/ecs/aws//modules/service makes.

variable "create" { default = true }
variable "create_service" { default = true }
variable "name" { default = "" }
variable "cluster_arn" { default = "" }
variable "desired_count" { default = 1 }
variable "launch_type" { default = "FARGATE" }
variable "enable_execute_command" { default = false }
variable "assign_public_ip" { default = false }
variable "subnet_ids" { default = [] }
variable "security_group_ids" { default = [] }
variable "vpc_id" { default = null }
variable "load_balancer" { default = {} }
variable "create_task_definition" { default = true }
variable "task_definition_arn" { default = null }
variable "container_definitions" { default = {} }
variable "cpu" { default = 1024 }
variable "memory" { default = 2048 }
variable "family" { default = null }
variable "network_mode" { default = "awsvpc" }
variable "requires_compatibilities" { default = ["FARGATE"] }
variable "volume" { default = {} }
variable "create_task_exec_iam_role" { default = true }
variable "task_exec_iam_role_arn" { default = null }
variable "task_exec_iam_role_name" { default = null }
variable "task_exec_iam_role_policies" { default = {} }
variable "create_task_exec_policy" { default = true }
variable "task_exec_ssm_param_arns" { default = [] }
variable "task_exec_secret_arns" { default = [] }
variable "task_exec_iam_statements" { default = {} }
variable "create_tasks_iam_role" { default = true }
variable "tasks_iam_role_arn" { default = null }
variable "tasks_iam_role_name" { default = null }
variable "tasks_iam_role_policies" { default = {} }
variable "tasks_iam_role_statements" { default = {} }
variable "create_security_group" { default = true }
variable "security_group_name" { default = null }
variable "security_group_rules" { default = {} }
variable "security_group_ingress_rules" { default = {} }
variable "security_group_egress_rules" { default = {} }
variable "tags" { default = {} }

locals {
  makes_task  = var.create && var.create_task_definition
  makes_exec  = local.makes_task && var.create_task_exec_iam_role
  makes_tasks = local.makes_task && var.create_tasks_iam_role
  makes_group = var.create && var.create_security_group && var.network_mode == "awsvpc"
  group_rules = merge(
    { for k, v in var.security_group_rules : k => v },
    { for k, v in(var.security_group_ingress_rules != null ? var.security_group_ingress_rules : {}) : "in ${k}" => merge(v, { type = "ingress" }) },
    { for k, v in(var.security_group_egress_rules != null ? var.security_group_egress_rules : {}) : "out ${k}" => merge(v, { type = "egress" }) },
  )
}

resource "aws_ecs_service" "this" {
  count                  = var.create && var.create_service ? 1 : 0
  name                   = var.name
  cluster                = var.cluster_arn
  task_definition        = try(aws_ecs_task_definition.this[0].arn, var.task_definition_arn)
  desired_count          = var.desired_count
  launch_type            = var.launch_type
  enable_execute_command = var.enable_execute_command
  tags                   = var.tags

  dynamic "network_configuration" {
    for_each = var.network_mode == "awsvpc" ? [true] : []
    content {
      assign_public_ip = var.assign_public_ip
      subnets          = var.subnet_ids
      security_groups  = concat(aws_security_group.this[*].id, var.security_group_ids)
    }
  }

  dynamic "load_balancer" {
    for_each = var.load_balancer != null ? var.load_balancer : {}
    content {
      container_name   = load_balancer.value.container_name
      container_port   = load_balancer.value.container_port
      target_group_arn = try(load_balancer.value.target_group_arn, null)
    }
  }
}

# Names of a container's settings have underscores up to version 5 and capitals from version 6 on.
resource "aws_ecs_task_definition" "this" {
  count                    = local.makes_task ? 1 : 0
  family                   = var.family != null ? var.family : var.name
  cpu                      = var.cpu
  memory                   = var.memory
  network_mode             = var.network_mode
  requires_compatibilities = var.requires_compatibilities
  execution_role_arn       = try(aws_iam_role.task_exec[0].arn, var.task_exec_iam_role_arn)
  task_role_arn            = try(aws_iam_role.tasks[0].arn, var.tasks_iam_role_arn)
  tags                     = var.tags

  container_definitions = jsonencode([for k, c in var.container_definitions : {
    name                   = try(c.name, k)
    image                  = try(c.image, null)
    command                = try(c.command, [])
    entryPoint             = try(c.entrypoint, c.entry_point, [])
    essential              = try(c.essential, null)
    environment            = try(c.environment, [])
    secrets                = try(c.secrets, [])
    portMappings           = try([for p in c.port_mappings : { containerPort = try(p.containerPort, p.container_port, null), protocol = try(p.protocol, null) }], c.portMappings, [])
    mountPoints            = try(c.mountPoints, c.mount_points, [])
    privileged             = try(c.privileged, false)
    user                   = try(c.user, null)
    readonlyRootFilesystem = try(c.readonlyRootFilesystem, c.readonly_root_filesystem, true)
    logConfiguration       = try(c.logConfiguration, c.log_configuration, { logDriver = "awslogs" })
  }])

  dynamic "volume" {
    for_each = var.volume != null ? var.volume : {}
    content {
      name      = try(volume.value.name, volume.key)
      host_path = try(volume.value.host_path, null)
    }
  }
}

data "aws_iam_policy_document" "assume_role" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task_exec" {
  count              = local.makes_exec ? 1 : 0
  name               = var.task_exec_iam_role_name
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
}

resource "aws_iam_role_policy_attachment" "task_exec_additional" {
  for_each   = { for k, v in var.task_exec_iam_role_policies : k => v if local.makes_exec }
  role       = aws_iam_role.task_exec[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "task_exec" {
  count = local.makes_exec && var.create_task_exec_policy ? 1 : 0

  statement {
    sid       = "Logs"
    effect    = "Allow"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["*"]
  }

  statement {
    sid    = "ECR"
    effect = "Allow"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer",
    ]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = length(var.task_exec_ssm_param_arns) > 0 ? [true] : []
    content {
      sid       = "GetSSMParams"
      effect    = "Allow"
      actions   = ["ssm:GetParameters"]
      resources = var.task_exec_ssm_param_arns
    }
  }

  dynamic "statement" {
    for_each = length(var.task_exec_secret_arns) > 0 ? [true] : []
    content {
      sid       = "GetSecrets"
      effect    = "Allow"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = var.task_exec_secret_arns
    }
  }

  dynamic "statement" {
    for_each = try([for s in var.task_exec_iam_statements : s], [])
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, null) != null ? statement.value.principals : []
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, null) != null ? statement.value.not_principals : []
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.conditions, statement.value.condition, null) != null ? try(statement.value.conditions, statement.value.condition) : []
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "task_exec" {
  count  = local.makes_exec && var.create_task_exec_policy ? 1 : 0
  role   = aws_iam_role.task_exec[0].name
  policy = data.aws_iam_policy_document.task_exec[0].json
}

resource "aws_iam_role" "tasks" {
  count              = local.makes_tasks ? 1 : 0
  name               = var.tasks_iam_role_name
  assume_role_policy = data.aws_iam_policy_document.assume_role.json
}

resource "aws_iam_role_policy_attachment" "tasks" {
  for_each   = { for k, v in var.tasks_iam_role_policies : k => v if local.makes_tasks }
  role       = aws_iam_role.tasks[0].name
  policy_arn = each.value
}

data "aws_iam_policy_document" "tasks" {
  count = local.makes_tasks && try(length(var.tasks_iam_role_statements) > 0, false) ? 1 : 0

  dynamic "statement" {
    for_each = var.tasks_iam_role_statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, null)
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)

      dynamic "principals" {
        for_each = try(statement.value.principals, null) != null ? statement.value.principals : []
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }

      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, null) != null ? statement.value.not_principals : []
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }

      dynamic "condition" {
        for_each = try(statement.value.conditions, statement.value.condition, null) != null ? try(statement.value.conditions, statement.value.condition) : []
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "tasks" {
  count  = local.makes_tasks && try(length(var.tasks_iam_role_statements) > 0, false) ? 1 : 0
  role   = aws_iam_role.tasks[0].name
  policy = data.aws_iam_policy_document.tasks[0].json
}

# What ECS Exec needs of the task's role.
resource "aws_iam_role_policy" "tasks_exec_command" {
  count = local.makes_tasks && var.enable_execute_command ? 1 : 0
  role  = aws_iam_role.tasks[0].name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = [
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ]
      Resource = "*"
    }]
  })
}

resource "aws_security_group" "this" {
  count  = local.makes_group ? 1 : 0
  name   = var.security_group_name != null ? var.security_group_name : var.name
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "this" {
  for_each                 = { for k, v in local.group_rules : k => v if local.makes_group }
  security_group_id        = aws_security_group.this[0].id
  type                     = try(each.value.type, "ingress")
  protocol                 = try(each.value.protocol, each.value.ip_protocol, "tcp")
  from_port                = try(each.value.from_port, null)
  to_port                  = try(each.value.to_port, each.value.from_port, null)
  cidr_blocks              = try(each.value.cidr_blocks, [each.value.cidr_ipv4], null)
  source_security_group_id = try(each.value.source_security_group_id, each.value.referenced_security_group_id, null)
}

output "id" { value = try(aws_ecs_service.this[0].id, null) }
output "name" { value = try(aws_ecs_service.this[0].name, null) }
output "task_definition_arn" { value = try(aws_ecs_task_definition.this[0].arn, var.task_definition_arn) }
output "task_definition_family" { value = try(aws_ecs_task_definition.this[0].family, null) }
output "task_exec_iam_role_arn" { value = try(aws_iam_role.task_exec[0].arn, var.task_exec_iam_role_arn) }
output "task_exec_iam_role_name" { value = try(aws_iam_role.task_exec[0].name, null) }
output "tasks_iam_role_arn" { value = try(aws_iam_role.tasks[0].arn, var.tasks_iam_role_arn) }
output "tasks_iam_role_name" { value = try(aws_iam_role.tasks[0].name, null) }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, null) }
