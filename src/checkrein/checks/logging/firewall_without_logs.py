"""A web ACL keeps no log of what it saw and stopped.

## Why

Metrics say how much was blocked, a log says what: without one nobody can tell an attack from a mistaken rule, or what
came through before a rule was there.

## Fix

Add an `AWS::WAFv2::LoggingConfiguration`, with `RedactedFields` for the headers that hold credentials.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import json
        def handler(event, context): return {"statusCode": 200, "body": json.loads(event["body"])["card_number"]}
      Events: {Post: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /order, Method: post}}}
  Attached:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: !GetAtt Firewall.Arn
      ResourceArn: !Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/v1"
  Firewall:  #! nobody can say what Firewall let through to payment card number
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Block: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
```

```yaml bad template.yaml
Resources:
  Firewall:  #? Firewall keeps no log
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Block: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
```

```yaml good template.yaml
Resources:
  Firewall:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Block: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
  Logged:
    Type: AWS::WAFv2::LoggingConfiguration
    Properties:
      ResourceArn: !GetAtt Firewall.Arn
      LogDestinationConfigs: [!Sub "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:aws-waf-logs-all"]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.checks.firewalls import ACL, behind, guarded
from checkrein.checks.questions import titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource

LOGGING = "AWS::WAFv2::LoggingConfiguration"


@check(
    resource(ACL),
    fault=1,
    topics=("logging",),
    frameworks=(
        *("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "AWS-FSBP:WAF.11"),
        *("PCI-DSS-4.0.1:10.2.1", "NIST-800-53r5:AU-2"),
    ),
    peers=("WAF.11", "CKV2_AWS_31", "WAFV2_LOGGING_ENABLED", "wafv2_webacl_logging_enabled"),
)
def firewall_without_logs(acl: Resource, app: App) -> Iterator[Finding]:
    if configuring(app, acl.id, LOGGING, "ResourceArn"):
        return
    entries = guarded(app, acl)
    data = valuable(app, {each for entry in entries for each in behind(app, entry)})
    yield Finding(
        acl.place,
        f"nobody can say what {acl.name} let through to {titles(data)}"
        if data
        else f"{acl.name} keeps no log",
        cwe="CWE-778",
        endangers=tuple(entry.id for entry in entries),
        key=("log",),
        data=tuple(data),
        hygiene=not data,
    )
