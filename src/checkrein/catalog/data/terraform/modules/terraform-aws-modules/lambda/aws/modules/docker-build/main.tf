# What terraform-aws-modules/lambda/aws//modules/docker-build makes.

variable "create_ecr_repo" { default = false }
variable "ecr_address" { default = null }
variable "ecr_repo" { default = null }
variable "image_tag" { default = "latest" }
variable "image_tag_mutability" { default = "MUTABLE" }
variable "scan_on_push" { default = false }
variable "source_path" { default = null }
variable "docker_file_path" { default = "Dockerfile" }

data "aws_region" "current" {}
data "aws_caller_identity" "this" {}

locals {
  address = var.ecr_address != null ? var.ecr_address : "${data.aws_caller_identity.this.account_id}.dkr.ecr.${data.aws_region.current.name}.amazonaws.com"
  name    = "${local.address}/${var.ecr_repo}:${coalesce(var.image_tag, "latest")}"
}

resource "aws_ecr_repository" "this" {
  count                = var.create_ecr_repo ? 1 : 0
  name                 = var.ecr_repo
  image_tag_mutability = var.image_tag_mutability

  image_scanning_configuration {
    scan_on_push = var.scan_on_push
  }
}

resource "docker_image" "this" {
  name = local.name

  build {
    context    = var.source_path
    dockerfile = var.docker_file_path
  }
}

resource "docker_registry_image" "this" {
  name = docker_image.this.name
}

output "image_uri" { value = docker_registry_image.this.name }
output "image_id" { value = docker_registry_image.this.id }
