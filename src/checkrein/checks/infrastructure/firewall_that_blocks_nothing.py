"""A web ACL lets every request through.

## Why

With `Allow` as its default action a web ACL stops only what a rule stops. If it has no rules, or all of them allow or
count, it costs money and protects nothing; the entry looks filtered.

## Fix

Add rules that block, take `OverrideAction: Count` off the managed groups, or block by default and allow what is meant.

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
  Firewall:  #! Firewall, before payment card number, blocks nothing: its rules only count
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
      Rules:
        - Name: flood
          Priority: 1
          Action: {Count: {}}
          Statement: {RateBasedStatement: {Limit: 1000, AggregateKeyType: IP}}
          VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: flood}
```

```yaml bad template.yaml
Resources:
  Firewall:  #? Firewall blocks nothing: it has no rules
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
```

```yaml good template.yaml
Resources:
  Firewall:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
      Rules:
        - Name: flood
          Priority: 1
          Action: {Block: {}}
          Statement: {RateBasedStatement: {Limit: 1000, AggregateKeyType: IP}}
          VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: flood}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open
from checkrein.checks.firewalls import ACL, behind, blocks, guarded, rules
from checkrein.checks.questions import titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource
from checkrein.model.values import members_of


@check(
    resource(ACL),
    fault=2,
    topics=("waf",),
    frameworks=(
        *("CWE-693", "OWASP-2025:A02", "OWASP-2021:A05", "AWS-FSBP:WAF.10"),
        *("PCI-DSS-4.0.1:6.4.2", "NIST-800-53r5:SC-7"),
    ),
    peers=(
        *("WAF.10", "F665", "wafv2_webacl_with_rules", "WAF_WEB_ACL_DEFAULT_ACTION_RULE"),
        "CKV2_AWS_31",
    ),
)
def firewall_that_blocks_nothing(acl: Resource, app: App) -> Iterator[Finding]:
    default = acl.value("DefaultAction")
    found = [rule for _, rule in rules(acl)]
    if is_open(acl.value("Rules")) or not isinstance(default, dict) or "Allow" not in default:
        return
    if any(blocks(rule) for rule in found):
        return
    entries = guarded(app, acl)
    data = valuable(app, {each for entry in entries for each in behind(app, entry)})
    actions = {
        name
        for rule in found
        for name in (members_of(rule.get("Action"), "Action") or {"Count": 1})
    }
    why = "it has no rules"
    if found:
        why = "its rules only count" if "Allow" not in actions else "its rules allow or count"
    before = f", before {titles(data)}," if data else ""
    yield Finding(
        acl.place,
        f"{acl.name}{before} blocks nothing: {why}",
        cwe="CWE-693",
        endangers=tuple(entry.id for entry in entries),
        key=(why,),
        data=tuple(data),
        hygiene=not data,
    )
