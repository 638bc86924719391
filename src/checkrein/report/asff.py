"""AWS Security Finding Format, the entries of ``securityhub:BatchImportFindings``."""

from __future__ import annotations

from typing import Any

import msgspec

from checkrein import __version__
from checkrein.errors import UsageError
from checkrein.model import Resource
from checkrein.model.result import Result
from checkrein.report.details import at, because, cut, remedy_of, solution, subject_type
from checkrein.report.order import Told, worst_first
from checkrein.report.run import Run

VERSION = "2018-10-08"
TITLE, DESCRIPTION, ADVICE, FIELD = 256, 1024, 512, 2048  # characters
REQUIREMENTS = 32
CODE = "Software and Configuration Checks/Vulnerabilities"
SETTING = "Software and Configuration Checks/AWS Security Best Practices"
# Types whose names in this format are not those of CloudFormation without the colons.
TYPES = {
    "AWS::ApiGateway::RestApi": "AwsApiGatewayRestApi",
    "AWS::ApiGateway::Stage": "AwsApiGatewayStage",
    "AWS::ApiGatewayV2::Api": "AwsApiGatewayV2Api",
    "AWS::ApiGatewayV2::Stage": "AwsApiGatewayV2Stage",
    "AWS::AppSync::GraphQLApi": "AwsAppSyncGraphQlApi",
    "AWS::CloudFront::Distribution": "AwsCloudFrontDistribution",
    "AWS::CloudTrail::Trail": "AwsCloudTrailTrail",
    "AWS::CloudWatch::Alarm": "AwsCloudWatchAlarm",
    "AWS::DynamoDB::Table": "AwsDynamoDbTable",
    "AWS::EC2::Instance": "AwsEc2Instance",
    "AWS::EC2::NetworkAcl": "AwsEc2NetworkAcl",
    "AWS::EC2::SecurityGroup": "AwsEc2SecurityGroup",
    "AWS::EC2::Subnet": "AwsEc2Subnet",
    "AWS::EC2::VPC": "AwsEc2Vpc",
    "AWS::ECR::Repository": "AwsEcrRepository",
    "AWS::ECS::Cluster": "AwsEcsCluster",
    "AWS::ECS::Service": "AwsEcsService",
    "AWS::ECS::TaskDefinition": "AwsEcsTaskDefinition",
    "AWS::EFS::AccessPoint": "AwsEfsAccessPoint",
    "AWS::EKS::Cluster": "AwsEksCluster",
    "AWS::IAM::Group": "AwsIamGroup",
    "AWS::IAM::ManagedPolicy": "AwsIamPolicy",
    "AWS::IAM::Role": "AwsIamRole",
    "AWS::IAM::User": "AwsIamUser",
    "AWS::KMS::Key": "AwsKmsKey",
    "AWS::Kinesis::Stream": "AwsKinesisStream",
    "AWS::Lambda::Function": "AwsLambdaFunction",
    "AWS::Lambda::LayerVersion": "AwsLambdaLayerVersion",
    "AWS::RDS::DBCluster": "AwsRdsDbCluster",
    "AWS::RDS::DBInstance": "AwsRdsDbInstance",
    "AWS::S3::Bucket": "AwsS3Bucket",
    "AWS::SNS::Topic": "AwsSnsTopic",
    "AWS::SQS::Queue": "AwsSqsQueue",
    "AWS::SecretsManager::Secret": "AwsSecretsManagerSecret",
    "AWS::StepFunctions::StateMachine": "AwsStepFunctionStateMachine",
    "AWS::WAFv2::WebACL": "AwsWafv2WebAcl",
}


def document(result: Result, run: Run) -> bytes:
    """Return a list of findings, the worst first; raise UsageError where nobody said whose.

    Security Hub takes at most 100 of them in one call.
    """
    if not (run.account.isdecimal() and len(run.account) == len("111122223333")):
        raise UsageError("--format asff needs --account, the 12 digits of the account to file in")
    if not run.region:
        raise UsageError("--format asff needs --region (or AWS_REGION), where to file")
    told = [_finding(each, result, run) for each in worst_first(result)]
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


def _finding(told: Told, result: Result, run: Run) -> dict[str, Any]:
    verdict, finding = told
    code = run.rule(verdict.check).domain == "code"
    time = run.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    said = "\n".join([finding.message, *because(finding, run)])
    return {
        "SchemaVersion": VERSION,
        "Id": f"checkrein/{run.region}/{run.account}/{finding.fingerprint}",
        "ProductArn": _product(run),
        "ProductName": "checkrein",
        "CompanyName": "checkrein",
        "GeneratorId": f"checkrein/{verdict.check}",
        "AwsAccountId": run.account,
        "Types": [CODE if code else SETTING],
        "CreatedAt": time,
        "UpdatedAt": time,
        "Severity": {"Label": verdict.severity.upper(), "Original": verdict.severity.value},
        "Title": cut(finding.message, TITLE),
        "Description": cut(said, DESCRIPTION),
        "Remediation": {
            "Recommendation": {"Text": cut(solution(verdict.check, finding, run) or "-", ADVICE)}
        },
        "ProductFields": _fields(told, result, run),
        "Resources": [_resource(told, result, run)],
        "Compliance": _compliance(told, run),
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
    }


def _partition(region: str) -> str:
    chinese = "aws-cn" if region.startswith("cn-") else "aws"
    return "aws-us-gov" if region.startswith("us-gov-") else chinese


def _product(run: Run) -> str:
    """Return the ARN under which an account may import findings of its own."""
    where = f"arn:{_partition(run.region)}:securityhub:{run.region}:{run.account}"
    return f"{where}:product/{run.account}/default"


def _fields(told: Told, result: Result, run: Run) -> dict[str, str]:
    verdict, finding = told
    fields = {
        "checkrein/Version": __version__,
        "checkrein/Place": at(finding.place, run),
        "checkrein/Subject": verdict.subject,
        "checkrein/Confidence": verdict.confidence,
        "checkrein/Reason": verdict.reason,
        "checkrein/Data": " ".join(finding.data),
        "checkrein/Fixable": str(bool(remedy_of(finding, result).edits)).lower(),
    }
    return {name: cut(value, FIELD) for name, value in fields.items() if value}


def _resource(told: Told, result: Result, run: Run) -> dict[str, Any]:
    """Return the resource as the template names it: nobody knows its ARN before it is there."""
    subject = told.verdict.subject
    known = result.app.alternatives(Resource, subject.partition("<")[0])
    type = subject_type(result, subject)
    details = {"LogicalId": subject.rpartition("/")[2], "Type": type, "File": _file(told, run)}
    return {
        "Type": TYPES.get(type, "Other") if known else "Other",
        "Id": cut(subject, 512),
        "Partition": _partition(run.region),
        "Region": run.region,
        "Details": {"Other": {k: cut(v, 1024) for k, v in details.items() if v}},
    }


def _file(told: Told, run: Run) -> str:
    return run.path(told.finding.place.path)


def _compliance(told: Told, run: Run) -> dict[str, Any]:
    ids = dict.fromkeys([told.finding.cwe, *run.rule(told.verdict.check).frameworks])
    named = [id for id in ids if id][:REQUIREMENTS]
    return {"Status": "FAILED", **({"RelatedRequirements": named} if named else {})}
