# What terraform-aws-modules/s3-bucket/aws//modules/object makes.

variable "create" { default = true }
variable "bucket" { default = "" }
variable "key" { default = "" }
variable "file_source" { default = null }
variable "content" { default = null }
variable "acl" { default = null }

resource "aws_s3_object" "this" {
  count   = var.create ? 1 : 0
  bucket  = var.bucket
  key     = var.key
  source  = var.file_source
  content = var.content
  acl     = var.acl
}

output "s3_object_id" { value = try(aws_s3_object.this[0].id, "") }
output "s3_object_version_id" { value = try(aws_s3_object.this[0].version_id, "") }
