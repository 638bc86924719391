"""A rule sends whole events with valuable data out of the application.

## Why

A rule's target gets the whole event unless the rule says which part: a partner's address, a log group or a
topic with readers then receives the names and addresses that only the application needs.

## Fix

Set `InputPath` or `InputTransformer` to what the target needs.

## Examples

```yaml bad template.yaml
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
  Partner:
    Type: AWS::Events::ApiDestination
    Properties:
      ConnectionArn: arn:aws:events:eu-west-1:111122223333:connection/partner
      HttpMethod: POST
      InvocationEndpoint: https://partner.example.com/orders
  Ordered:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {detail-type: [ordered]}
      Targets:
        - {Id: partner, Arn: !GetAtt Partner.Arn}  #! Ordered sends whole events of Bus (e-mail address) to partner.example.com
```

```yaml bad checkrein.yaml
resources:
  template/Bus: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
  Partner:
    Type: AWS::Events::ApiDestination
    Properties:
      ConnectionArn: arn:aws:events:eu-west-1:111122223333:connection/partner
      HttpMethod: POST
      InvocationEndpoint: https://partner.example.com/orders
  Ordered:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {detail-type: [ordered]}
      Targets:
        - {Id: partner, Arn: !GetAtt Partner.Arn, InputPath: $.detail.orderId}
```

```yaml good checkrein.yaml
resources:
  template/Bus: {holds: [pii.email]}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from checkrein.checks import check, resource
from checkrein.checks.context import kept, owners
from checkrein.checks.keeping import how, text_of, with_data
from checkrein.checks.policies import other_account
from checkrein.model import App, Finding, Resource, Value
from checkrein.model.values import items_of, members_of

TARGETS = "Targets"
CHOSEN = ("Input", "InputPath", "InputTransformer")


@check(
    resource("AWS::Events::Rule"),
    fault=2,
    topics=(
        "data-exposure",
        "third-parties",
    ),
    frameworks=(
        "CWE-201",
        "CWE-359",
    ),
)
def whole_event_sent_on(rule: Resource, app: App) -> Iterator[Finding]:
    buses = [bus for bus in sorted(owners(app, rule.value("EventBusName"))) if kept(app, bus)]
    for index, each in enumerate(items_of(rule.value(TARGETS), TARGETS) if buses else ()):
        target = members_of(each, TARGETS)
        where = _outside(app, target.get("Arn"))
        if where and not any(name in target for name in CHOSEN):
            yield Finding(
                rule.where((TARGETS, index)),
                f"{rule.name} sends whole events of {with_data(app, buses[0])} to {where}",
                steps=how(app, buses[0], kept(app, buses[0])),
                cwe="CWE-201",
                endangers=(buses[0],),
                data=tuple(kept(app, buses[0])),
                key=(where,),
            )


def _outside(app: App, arn: Value) -> str:
    """Say where outside the application's code a target is, "" where it is inside."""
    for owner in owners(app, arn):
        found = app.get(Resource, owner)
        if found and found.type == "AWS::Events::ApiDestination":
            address = text_of(found.value("InvocationEndpoint"))
            return urlsplit(address).hostname or found.name
        if found and found.type == "AWS::Logs::LogGroup":
            return f"the log {found.name}"
    other = other_account(arn)
    return f"account {other}" if other else ""
