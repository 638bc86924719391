"""The checks of other tools, by service: what coverage is measured against.

Source: ``data/peers.json``, made by ``tools/catalog_peers.py`` from the tools' own packages.
"""

from __future__ import annotations

import json
import re
from functools import cache

from checkrein.catalog.packed import FOLDER, broken
from checkrein.late import regex

FILE = "peers.json"
TOOLS = ("Checkov", "cfn-guard", "cdk-nag", "Prowler", "FSBP")
OTHERS = "others"  # services that the method does not name
# The services of the method, and how the tools' folders, types and ids name them.
_SERVICES = {
    "API Gateway": "apigateway apigatewayv2 apigw api_gateway api_gateway_v2",
    "AppSync": "appsync",
    "Aurora and RDS": "rds amazon_rds",
    "Backup": "backup aws_backup",
    "Certificate Manager": "acm certificatemanager aws_certificate_manager",
    "CloudFront": "cloudfront",
    "CloudTrail": "cloudtrail",
    "CloudWatch": "cloudwatch logs",
    "Cognito": "cognito aws_cognito",
    "Config": "config",
    "DynamoDB": "dynamodb dax",
    "EC2": "ec2 amazon_ec2",
    "ECR": "ecr aws_ecr",
    "ECS and Fargate": "ecs amazon_ecs",
    "EKS": "eks amazon_eks",
    "ElastiCache": "elasticache memorydb",
    "EventBridge": "eventbridge events eventschemas scheduler pipes",
    "GuardDuty": "guardduty",
    "IAM": "iam accessanalyzer",
    "KMS": "kms aws_kms",
    "Kinesis and Firehose": "kinesis kinesisfirehose firehose aws_kinesis",
    "Lambda": "lambda awslambda serverless",
    "Macie": "macie macie2",
    "OpenSearch": "opensearch es elasticsearch opensearchservice opensearch_service",
    "Route 53": "route53",
    "S3": "s3 amazon_s3",
    "SNS": "sns amazon_sns",
    "SQS": "sqs amazon_sqs",
    "Secrets Manager": "secretsmanager secrets_manager",
    "Security Hub": "securityhub",
    "Shield": "shield",
    "Step Functions": "stepfunctions",
    "Systems Manager": "ssm",
    "Trusted Advisor": "trustedadvisor",
    "VPC": "vpc",
    "WAF": "waf wafv2 wafregional aws_waf aws_waf_v2",
    "X-Ray": "xray",
}
_NAMES = {name: service for service, names in _SERVICES.items() for name in names.split()}

NETWORK = regex(  # what CloudFormation and some tools file under EC2
    r"AWS::EC2::(VPC|Subnet|SecurityGroup|NetworkAcl|Route|Nat|FlowLog)|security_?group|subnet|vpc"
    r"|networkacl|EC2\.(2|6|10|13|14|15|18|19|21)$",
    re.IGNORECASE,
)


def service_of(name: str) -> str:
    """Return the service that a type of CloudFormation, a tool's folder or an id is about."""
    parts = name.split("::")
    plain = (parts[1] if len(parts) > 1 else name).lower()
    return "VPC" if NETWORK.search(name) else _NAMES.get(plain, OTHERS)


@cache
def peers() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the ids of each tool's checks by service and tool; raise CatalogError."""
    try:
        found = json.loads((FOLDER / FILE).read_bytes())["services"]
    except (OSError, ValueError, KeyError) as error:
        raise broken(FILE, error) from error
    return {
        service: {t: tuple(ids) for t, ids in tools.items()} for service, tools in found.items()
    }
