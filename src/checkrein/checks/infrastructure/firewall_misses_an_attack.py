"""A web ACL does not look for an attack that what lies behind it could suffer.

## Why

A web ACL is worth its rules. Code that puts what callers send into SQL needs the rules against SQL injection, code on
the JVM those against known bad inputs (Log4Shell); an entry that anyone may use needs a rate rule, or one caller
takes all there is.

## Fix

Add `AWSManagedRulesSQLiRuleSet`, `AWSManagedRulesKnownBadInputsRuleSet`, `AWSManagedRulesCommonRuleSet`,
`AWSManagedRulesAmazonIpReputationList`, and a rule with `RateBasedStatement`.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
  Search:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import pymysql
        def handler(event, context):
            cursor = pymysql.connect(host="db").cursor()
            cursor.execute("select * from rides where name = '" + event["queryStringParameters"]["name"] + "'")
            return {"statusCode": 200, "body": str(cursor.fetchall())}
      Events: {Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /rides, Method: get}}}
  Attached:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: !GetAtt Firewall.Arn
      ResourceArn: !Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/v1"
  Firewall:  #! Firewall does not look for SQL injection, though Search puts what callers send into SQL
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
        - Name: common
          Priority: 2
          OverrideAction: {None: {}}
          Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesCommonRuleSet}}
          VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: common}
        - Name: reputation
          Priority: 3
          OverrideAction: {None: {}}
          Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesAmazonIpReputationList}}
          VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: reputation}
```

```yaml bad template.yaml
Resources:
  Firewall:  #? Firewall has no rules of: rate, cross-site scripting, IP reputation
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
      Rules:
        - Name: sql
          Priority: 1
          OverrideAction: {None: {}}
          Statement: {ManagedRuleGroupStatement: {VendorName: AWS, Name: AWSManagedRulesSQLiRuleSet}}
          VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: sql}
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
from checkrein.checks.context import is_open, kept, owners
from checkrein.checks.distributions import DISTRIBUTION, origins, sources
from checkrein.checks.firewalls import ACL, STAGE, guarded, statements_of
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import App, Entry, Finding, Function, Resource, Summary

SQL = frozenset({"SqliMatchStatement", "AWSManagedRulesSQLiRuleSet"})
BAD_INPUTS = frozenset({"AWSManagedRulesKnownBadInputsRuleSet"})
GENERAL = {
    "rate": frozenset({"RateBasedStatement"}),
    "cross-site scripting": frozenset({"XssMatchStatement", "AWSManagedRulesCommonRuleSet"}),
    "IP reputation": frozenset(
        {
            *("AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesAnonymousIpList"),
            "IPSetReferenceStatement",
        }
    ),
}


@check(
    resource(ACL),
    fault=1,
    topics=("waf",),
    frameworks=(
        *("CWE-693", "CWE-89", "OWASP-2025:A05", "OWASP-2021:A03", "PCI-DSS-4.0.1:6.4.2"),
        "NIST-800-53r5:SI-10",
    ),
    peers=("CKV_AWS_192", "wafv2_webacl_managed_rule_groups_enabled"),
)
def firewall_misses_an_attack(acl: Resource, app: App) -> Iterator[Finding]:
    default = acl.value("DefaultAction")
    looked_for = statements_of(app, acl)
    closed = isinstance(default, dict) and "Block" in default
    if closed or "?" in looked_for or is_open(acl.value("Rules")) or not acl.value("Rules"):
        return
    functions = _functions(app, acl)
    queries = [id for id in functions if _queries(app, id)]
    jvm = [id for id in functions if _is_java(app, id)]
    if queries and not SQL & looked_for:
        said = (
            f"SQL injection, though {listed(map(short, queries))} puts what callers send into SQL"
        )
        yield _finding(app, acl, said, queries)
    if jvm and not BAD_INPUTS & looked_for:
        yield _finding(
            app, acl, f"Log4Shell, though {listed(map(short, jvm))} runs on the JVM", jvm
        )
    missing = [name for name, kinds in GENERAL.items() if not kinds & looked_for]
    if missing:
        yield Finding(
            acl.place,
            f"{acl.name} has no rules of: {', '.join(missing)}",
            cwe="CWE-693",
            endangers=tuple(functions),
            key=tuple(missing),
            hygiene=True,
        )


def _finding(app: App, acl: Resource, said: str, functions: list[str]) -> Finding:
    return Finding(
        acl.place,
        f"{acl.name} does not look for {said}",
        cwe="CWE-693",
        endangers=tuple(functions),
        key=(said.partition(",")[0],),
        data=tuple(dict.fromkeys(data for id in functions for data in kept(app, id))),
    )


def _functions(app: App, acl: Resource) -> list[str]:
    """Return the functions behind what a web ACL stands before."""
    entries = grouped(app, Entry, "source")
    sources_ = {id for entry in guarded(app, acl) for id in _sources(app, entry)}
    return sorted({e.function for id in sources_ for e in entries.get(id, [])})


def _sources(app: App, entry: Resource) -> set[str]:
    if entry.type == DISTRIBUTION:
        return {source.id for o in origins(entry) for source in sources(app, o)}
    return owners(app, entry.value("RestApiId")) if entry.type == STAGE else {entry.id}


def _queries(app: App, function: str) -> bool:
    """Tell whether code of a function passes statements to a database."""
    return any(
        site.kind == "use" and site.service == "sql"
        for summary in grouped(app, Summary, "function").get(function, [])
        for site in summary.calls
    )


def _is_java(app: App, function: str) -> bool:
    found = app.get(Function, function)
    return bool(found and found.runtime.startswith("java"))
