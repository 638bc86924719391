"""A rule of a web ACL does not look at the end of a long body.

## Why

WAF inspects the first 8 to 64 KB of a body. With `OversizeHandling: CONTINUE`, which is what it does unless told, an attacker
puts that much padding before the attack, and the rule sees only padding.

## Fix

Set `OversizeHandling: MATCH` on rules that block, or add a rule with `SizeConstraintStatement` (it is part of
`AWSManagedRulesCommonRuleSet`).

## Examples

```yaml bad template.yaml
Resources:
  Firewall:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
      Rules:
        - Name: sql
          Priority: 1
          Action: {Block: {}}
          VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: sql}
          Statement:
            SqliMatchStatement:
              FieldToMatch: {Body: {}}  #! rule sql of Firewall looks at the beginning of a long body only
              TextTransformations: [{Priority: 0, Type: URL_DECODE}]
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
        - Name: sql
          Priority: 1
          Action: {Block: {}}
          VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: sql}
          Statement:
            SqliMatchStatement:
              FieldToMatch: {Body: {OversizeHandling: MATCH}}
              TextTransformations: [{Priority: 0, Type: URL_DECODE}]
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.firewalls import ACL, behind, guarded, rules, statements_of
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Path, Resource
from checkrein.model.values import members_of

FIELDS = ("Body", "JsonBody")
LIMITING = frozenset({"SizeConstraintStatement", "AWSManagedRulesCommonRuleSet", "?"})


@check(
    resource(ACL, "AWS::WAFv2::RuleGroup"),
    fault=1,
    topics=("waf",),
    frameworks=("CWE-693", "OWASP-2025:A02", "OWASP-2021:A05", "PCI-DSS-4.0.1:6.4.2"),
)
def oversized_body_passes_firewall(acl: Resource, app: App) -> Iterator[Finding]:
    if acl.type == ACL and LIMITING & statements_of(app, acl):
        return
    data = valuable(app, {d for entry in guarded(app, acl) for d in behind(app, entry)})
    for path, rule in rules(acl):
        if "Block" not in members_of(rule.get("Action"), "Action"):
            continue
        for at, field in _bodies(rule.get("Statement"), (*path, "Statement")):
            if members_of(field, str(at[-1])).get("OversizeHandling", "CONTINUE") == "CONTINUE":
                yield Finding(
                    acl.where(at),
                    f"{_named(rule)} of {acl.name} looks at the beginning of a long body only",
                    cwe="CWE-693",
                    endangers=tuple(entry.id for entry in guarded(app, acl)),
                    fix=set_fix(
                        acl,
                        [((*at, "OversizeHandling"), "MATCH")],
                        "treat a longer body as a match",
                    ),
                    key=(_named(rule), str(at[1])),
                    data=tuple(data),
                )


def _named(rule: dict[str, Any]) -> str:
    name = rule.get("Name")
    return f"rule {name}" if isinstance(name, str) else "a rule"


def _bodies(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield the places where a rule looks at a body, but not those that match what is small."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "FieldToMatch" and isinstance(inner, dict):
                yield from (((*path, key, f), inner[f]) for f in FIELDS if f in inner)
            elif key != "NotStatement":
                yield from _bodies(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _bodies(inner, (*path, index))
