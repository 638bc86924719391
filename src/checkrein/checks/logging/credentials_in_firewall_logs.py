"""A web ACL's log keeps the credentials of callers.

## Why

WAF logs whole headers. `Authorization` and `Cookie` hold tokens that are good until they expire: whoever reads the log,
and that are more people than may read the data, can act as any caller.

## Fix

List them in `RedactedFields`.

## Examples

```yaml bad template.yaml
Resources:
  Firewall:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Block: {}}
      VisibilityConfig: {SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: all}
  Logged:  #! the log of Firewall keeps the authorization and cookie headers of callers
    Type: AWS::WAFv2::LoggingConfiguration
    Properties:
      ResourceArn: !GetAtt Firewall.Arn
      LogDestinationConfigs: [!Sub "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:aws-waf-logs-all"]
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
      RedactedFields: [{SingleHeader: {Name: authorization}}, {SingleHeader: {Name: cookie}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open, owners, set_fix
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Resource
from checkrein.model.values import at_path, items_of

FIELD = "RedactedFields"
SECRET = ("authorization", "cookie")


@check(
    resource("AWS::WAFv2::LoggingConfiguration"),
    fault=1,
    topics=("log-protection",),
    frameworks=(
        *("CWE-532", "CWE-522", "OWASP-2025:A09", "OWASP-2021:A09", "PCI-DSS-4.0.1:8.3.2"),
        "NIST-800-53r5:AU-9",
    ),
)
def credentials_in_firewall_logs(logging: Resource, app: App) -> Iterator[Finding]:
    if is_open(logging.value(FIELD)):
        return
    redacted = items_of(logging.value(FIELD), FIELD)
    hidden = {str(at_path(field, ("SingleHeader", "Name"))).lower() for field in redacted}
    shown = [name for name in SECRET if name not in hidden]
    if not shown:
        return
    acl = next((id for id in owners(app, logging.value("ResourceArn"))), "the web ACL")
    fields = [*redacted, *({"SingleHeader": {"Name": name}} for name in shown)]
    yield Finding(
        logging.where(FIELD) if redacted else logging.place,
        f"the log of {acl.rpartition('/')[2]} keeps the {listed(shown)}"
        f" header{'s' if len(shown) > 1 else ''} of callers",
        cwe="CWE-532",
        endangers=tuple(owners(app, logging.value("LogDestinationConfigs"))),
        fix=set_fix(logging, [(FIELD, fields)], "leave credentials out of the log", safe=True),
        key=tuple(shown),
        data=("cred.session",),
    )
