"""A web ACL or a rule of it counts nothing.

## Why

Without metrics nobody sees that a rule blocks nobody, or everybody, and no alarm can tell of an attack.

## Fix

Set `VisibilityConfig.CloudWatchMetricsEnabled: true`.

## Examples

```yaml bad template.yaml
Resources:
  Firewall:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Block: {}}
      VisibilityConfig:
        SampledRequestsEnabled: true
        CloudWatchMetricsEnabled: false  #? Firewall counts nothing
        MetricName: all
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
from checkrein.checks.context import set_fix
from checkrein.checks.firewalls import ACL, rules
from checkrein.model import App, Finding, Path, Resource

METRICS = ("VisibilityConfig", "CloudWatchMetricsEnabled")


@check(
    resource(ACL, "AWS::WAFv2::RuleGroup"),
    fault=1,
    topics=("monitoring",),
    frameworks=("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "AWS-FSBP:WAF.12"),
    peers=("WAF.12", "wafv2_webacl_rule_logging_enabled"),
    hygiene=True,
)
def firewall_without_metrics(acl: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    places: list[tuple[Path, str]] = [((), acl.name)]
    places += [(path, f"rule {path[1]} of {acl.name}") for path, rule in rules(acl)]
    for path, named in places:
        at = (*path, *METRICS)
        if acl.value(at) is False:
            yield Finding(
                acl.where(at),
                f"{named} counts nothing",
                endangers=(acl.id,),
                fix=set_fix(acl, [(at, True)], "count requests", safe=True),
                key=(named,),
            )
