terraform {
  required_providers {
    aws     = { source = "hashicorp/aws", version = "~> 6.0" }
    archive = { source = "hashicorp/archive" }
  }
}

provider "aws" {
  region = local.region
}

locals {
  region = "eu-west-1"
  functions = {
    Order  = { folder = "src", handler = "orders.handler", runtime = "nodejs22.x", timeout = 10 }
    Mailer = { folder = "mailer", handler = "mail.send", runtime = "python3.13", timeout = 3 }
  }
  variables = {
    Order  = { TABLE = aws_dynamodb_table.Orders.name, QUEUE = aws_sqs_queue.Placed.url }
    Mailer = { ARCHIVE = aws_s3_bucket.Archive.id }
  }
}

resource "aws_dynamodb_table" "Orders" {
  name           = "orders"
  read_capacity  = 5
  write_capacity = 5
  hash_key       = "id"

  attribute {
    name = "id"
    type = "S"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_sqs_queue" "Placed" {}

resource "aws_cognito_user_pool" "Customers" {
  name = "customers"

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_phone_number"
      priority = 1
    }
    recovery_mechanism {
      name     = "verified_email"
      priority = 2
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = true
  }
}

resource "aws_s3_bucket" "Site" {}

resource "aws_s3_bucket" "Archive" {}

data "archive_file" "code" {
  for_each    = local.functions
  type        = "zip"
  source_dir  = "${path.module}/${each.value.folder}"
  output_path = "${path.module}/build/${each.key}.zip"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "role" {
  for_each           = local.functions
  name_prefix        = each.key
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy_attachment" "logs" {
  for_each   = local.functions
  role       = aws_iam_role.role[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

data "aws_iam_policy_document" "order" {
  statement {
    actions = [
      "dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem",
      "dynamodb:DescribeTable",
    ]
    resources = [aws_dynamodb_table.Orders.arn]
  }
  statement {
    actions   = ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:ListQueueTags"]
    resources = [aws_sqs_queue.Placed.arn]
  }
}

resource "aws_iam_role_policy" "order" {
  role   = aws_iam_role.role["Order"].id
  policy = data.aws_iam_policy_document.order.json
}

resource "aws_iam_role_policy" "mailer" {
  role = aws_iam_role.role["Mailer"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [
          "s3:PutObject", "s3:PutObjectLegalHold", "s3:PutObjectRetention", "s3:PutObjectTagging",
          "s3:PutObjectVersionTagging", "s3:Abort*",
        ]
        Resource = "${aws_s3_bucket.Archive.arn}/*"
      },
      {
        Effect = "Allow"
        Action = [
          "sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:ListQueueTags", "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
        ]
        Resource = aws_sqs_queue.Placed.arn
      },
    ]
  })
}

resource "aws_lambda_function" "function" {
  for_each         = local.functions
  function_name    = "shop-${lower(each.key)}"
  role             = aws_iam_role.role[each.key].arn
  filename         = data.archive_file.code[each.key].output_path
  source_code_hash = data.archive_file.code[each.key].output_base64sha256
  handler          = each.value.handler
  runtime          = each.value.runtime
  timeout          = each.value.timeout

  environment {
    variables = local.variables[each.key]
  }
}

resource "aws_lambda_event_source_mapping" "placed" {
  event_source_arn = aws_sqs_queue.Placed.arn
  function_name    = aws_lambda_function.function["Mailer"].arn
}

resource "aws_api_gateway_rest_api" "Api" {
  name = "shop"
}

resource "aws_api_gateway_authorizer" "signed_in" {
  name          = "SignedIn"
  type          = "COGNITO_USER_POOLS"
  rest_api_id   = aws_api_gateway_rest_api.Api.id
  provider_arns = [aws_cognito_user_pool.Customers.arn]
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.Api.id
  parent_id   = aws_api_gateway_rest_api.Api.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "post" {
  rest_api_id   = aws_api_gateway_rest_api.Api.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = "POST"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.signed_in.id
}

resource "aws_api_gateway_integration" "post" {
  rest_api_id             = aws_api_gateway_rest_api.Api.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = aws_api_gateway_method.post.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.function["Order"].invoke_arn
}

resource "aws_api_gateway_deployment" "shop" {
  rest_api_id = aws_api_gateway_rest_api.Api.id
  depends_on  = [aws_api_gateway_integration.post]
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.Api.id
  deployment_id = aws_api_gateway_deployment.shop.id
  stage_name    = "prod"
}

resource "aws_lambda_permission" "api" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function["Order"].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.Api.execution_arn}/*/POST/orders"
}
