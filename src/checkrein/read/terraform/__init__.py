"""Terraform and OpenTofu: a root module to a document in CloudFormation's shape."""
