"""A firewall is one of WAF Classic, which AWS ends.

## Why

WAF Classic knows no managed rules, and AWS closes it down (it announced the end of support for 30 September 2025): new
stacks with it fail, and what still runs is no longer mended.

## Fix

Move the rules to `AWS::WAFv2::WebACL`; AWS has a tool that writes them.

## Examples

```yaml bad template.yaml
Resources:
  Firewall:  #! Firewall is a web ACL of WAF Classic, whose support ended
    Type: AWS::WAFRegional::WebACL
    Properties: {Name: all, MetricName: all, DefaultAction: {Type: BLOCK}}
```

```yaml good template.yaml
Resources:
  Firewall:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Block: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.model import App, Finding, Resource


@check(
    resource("AWS::WAFRegional::WebACL", "AWS::WAF::WebACL"),
    fault=1,
    topics=("waf",),
    frameworks=("CWE-1104", "OWASP-2025:A03", "OWASP-2021:A06"),
    peers=(
        *("WAF.1", "WAF.2", "WAF.3", "WAF.4", "WAF.6", "WAF.7", "WAF.8"),
        *("waf_global_webacl_with_rules", "waf_regional_webacl_with_rules"),
        *("waf_global_rulegroup_not_empty", "waf_regional_rulegroup_not_empty"),
        *("waf_global_rule_with_conditions", "waf_regional_rule_with_conditions"),
        *("waf_global_webacl_logging_enabled", "waf_regional_webacl_logging_enabled"),
    ),
)
def classic_firewall(acl: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    yield Finding(
        acl.place,
        f"{acl.name} is a web ACL of WAF Classic, whose support ended",
        cwe="CWE-1104",
        endangers=(acl.id,),
    )
