"""A public zone keeps no log of what was asked.

## Why

Names that somebody tries one after the other, and data that leaves in names, show in the queries only.

## Fix

Set `QueryLoggingConfig` to a log group in us-east-1.

## Examples

```yaml bad template.yaml
Resources:
  Zone:  #? Zone keeps no log of queries
    Type: AWS::Route53::HostedZone
    Properties: {Name: example.com}
```

```yaml good template.yaml
Resources:
  Zone:
    Type: AWS::Route53::HostedZone
    Properties:
      Name: example.com
      QueryLoggingConfig: {CloudWatchLogsLogGroupArn: !Sub "arn:aws:logs:us-east-1:${AWS::AccountId}:log-group:/dns"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.model import App, Finding, Resource


@check(
    resource("AWS::Route53::HostedZone"),
    fault=1,
    topics=("logging",),
    frameworks=("CWE-778", "OWASP-2021:A09", "AWS-FSBP:Route53.2", "NIST-800-53r5:AU-2"),
    peers=(
        *("Route53.2", "CKV2_AWS_39"),
        "route53_public_hosted_zones_cloudwatch_logging_enabled",
    ),
    hygiene=True,
)
def zone_without_query_logs(zone: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if zone.value("VPCs") or zone.value("QueryLoggingConfig"):
        return
    yield Finding(
        zone.place,
        f"{zone.name} keeps no log of queries",
        cwe="CWE-778",
        endangers=(zone.id,),
    )
