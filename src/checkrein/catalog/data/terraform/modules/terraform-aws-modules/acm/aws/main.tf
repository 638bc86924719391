# What terraform-aws-modules/acm/aws makes, from its published inputs and outputs.

variable "create_certificate" { default = true }
variable "domain_name" { default = "" }
variable "subject_alternative_names" { default = [] }
variable "validation_method" { default = "DNS" }
variable "key_algorithm" { default = null }
variable "tags" { default = {} }

resource "aws_acm_certificate" "this" {
  count                     = var.create_certificate ? 1 : 0
  domain_name               = var.domain_name
  subject_alternative_names = var.subject_alternative_names
  validation_method         = var.validation_method
  key_algorithm             = var.key_algorithm
  tags                      = var.tags
}

output "acm_certificate_arn" { value = try(aws_acm_certificate.this[0].arn, "") }
output "acm_certificate_domain_validation_options" { value = try(aws_acm_certificate.this[0].domain_validation_options, []) }
output "acm_certificate_status" { value = try(aws_acm_certificate.this[0].status, "") }
output "distinct_domain_names" { value = concat([var.domain_name], var.subject_alternative_names) }
output "this_acm_certificate_arn" { value = try(aws_acm_certificate.this[0].arn, "") }
