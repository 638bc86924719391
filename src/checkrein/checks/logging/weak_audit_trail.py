"""An audit trail can be bypassed, altered, or is switched off.

## Why

A trail of one region misses what is done in another. Without validation nobody can show that its files are what was
written; without a copy in CloudWatch no alarm reads it; without a key of the account's everybody who may read the bucket
reads it.

## Fix

Set `IsMultiRegionTrail`, `EnableLogFileValidation`, `KMSKeyId`, `CloudWatchLogsLogGroupArn`, and `IsLogging: true`.

## Examples

```yaml bad template.yaml
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: trails
      IsLogging: false  #! Trail is switched off
      IsMultiRegionTrail: true
      EnableLogFileValidation: true
      KMSKeyId: alias/trails
      CloudWatchLogsLogGroupArn: arn:aws:logs:eu-west-1:111122223333:log-group:trails:*
      CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/trails
```

```yaml bad template.yaml
Resources:
  Trail:  #? Trail sees one region only, can be altered unseen, has no key of its own and is read by no alarm
    Type: AWS::CloudTrail::Trail
    Properties: {S3BucketName: trails, IsLogging: true}
```

```yaml good template.yaml
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: trails
      IsLogging: true
      IsMultiRegionTrail: true
      EnableLogFileValidation: true
      KMSKeyId: alias/trails
      CloudWatchLogsLogGroupArn: arn:aws:logs:eu-west-1:111122223333:log-group:trails:*
      CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/trails
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Resource

FLAGS = {
    "IsMultiRegionTrail": "sees one region only",
    "EnableLogFileValidation": "can be altered unseen",
}
NAMES = {
    "KMSKeyId": "has no key of its own",
    "CloudWatchLogsLogGroupArn": "is read by no alarm",
}


@check(
    resource("AWS::CloudTrail::Trail"),
    fault=1,
    topics=("logging",),
    frameworks=(
        *("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "AWS-FSBP:CloudTrail.1"),
        *("AWS-FSBP:CloudTrail.2", "AWS-FSBP:CloudTrail.4", "AWS-FSBP:CloudTrail.5"),
        *("PCI-DSS-4.0.1:10.3.2", "NIST-800-53r5:AU-9"),
    ),
    peers=(
        *("CKV_AWS_35", "CKV_AWS_36", "CKV_AWS_67", "CloudTrail.1", "CloudTrail.2", "CloudTrail.3"),
        *("CloudTrail.4", "CloudTrail.5", "CLOUD_TRAIL_ENCRYPTION_ENABLED", "AWS-0014", "AWS-0015"),
        *("CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED", "CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED"),
        *("CLOUD_TRAIL_ENABLED", "MULTI_REGION_CLOUD_TRAIL_ENABLED", "AWS-0016", "AWS-0162"),
        *("cloudtrail_multi_region_enabled", "cloudtrail_log_file_validation_enabled"),
        *("cloudtrail_kms_encryption_enabled", "cloudtrail_cloudwatch_logging_enabled"),
    ),
)
def weak_audit_trail(trail: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if trail.value("IsLogging") is False:
        yield Finding(
            trail.where("IsLogging"),
            f"{trail.name} is switched off",
            cwe="CWE-778",
            endangers=(trail.id,),
            fix=set_fix(trail, [("IsLogging", True)], "switch the trail on", safe=True),
            key=("off",),
        )
    off = [name for name in FLAGS if not trail[name]]
    said = [FLAGS[name] for name in off]
    said += [told for name, told in NAMES.items() if trail.value(name) is None]
    if said:
        fix = set_fix(
            trail, [(name, True) for name in off], "cover all regions, and sign", safe=True
        )
        yield Finding(
            trail.place,
            f"{trail.name} {listed(said, len(said))}",
            cwe="CWE-778",
            endangers=(trail.id,),
            fix=fix if off and len(off) == len(said) else None,
            key=tuple(said),
            hygiene=True,
        )
