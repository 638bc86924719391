"""Changes of CloudFormation's properties as arguments, blocks and resources of Terraform."""

from checkrein.write.terraform.changes import hcl_edits as hcl_edits
