# What terraform-aws-modules/route53/aws//modules/records makes.

variable "create" { default = true }
variable "zone_id" { default = null }
variable "zone_name" { default = null }
variable "private_zone" { default = false }
variable "records" { default = [] }

data "aws_route53_zone" "this" {
  count        = var.create && (var.zone_id != null || var.zone_name != null) ? 1 : 0
  zone_id      = var.zone_id
  name         = var.zone_name
  private_zone = var.private_zone
}

locals {
  records = { for record in try(jsondecode(var.records), var.records) : try(record.key, join(" ", compact([try(record.name, ""), record.type, try(record.set_identifier, "")]))) => record }
}

resource "aws_route53_record" "this" {
  for_each = { for k, v in local.records : k => v if var.create }
  zone_id  = data.aws_route53_zone.this[0].zone_id
  name     = try(each.value.full_name, null) != null ? each.value.full_name : try(each.value.name, "")
  type     = each.value.type
  ttl      = try(each.value.ttl, null)
  records  = try(each.value.records, null)

  dynamic "alias" {
    for_each = try([each.value.alias], [])
    content {
      name                   = alias.value.name
      zone_id                = try(alias.value.zone_id, null)
      evaluate_target_health = try(alias.value.evaluate_target_health, false)
    }
  }
}

output "route53_record_name" { value = { for k, v in aws_route53_record.this : k => v.name } }
output "route53_record_fqdn" { value = { for k, v in aws_route53_record.this : k => v.fqdn } }
