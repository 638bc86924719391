"""An event that its target does not take is dropped.

## Why

EventBridge tries a target for a day, a schedule or a pipe too, and then drops the event: a deleted queue,
a policy that was changed or a service that was down costs what was in it. A queue for failures keeps it.

## Fix

Set the target's `DeadLetterConfig`.

## Examples

```yaml bad template.yaml
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
  Ordered:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {detail-type: [ordered]}
      Targets:
        - {Id: queue, Arn: !GetAtt Queue.Arn}  #! an event of Bus (e-mail address) that Queue does not take is dropped
  Queue: {Type: AWS::SQS::Queue}
```

```yaml bad checkrein.yaml
resources:
  template/Bus: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
  Ordered:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Ref Bus
      EventPattern: {detail-type: [ordered]}
      Targets:
        - {Id: queue, Arn: !GetAtt Queue.Arn, DeadLetterConfig: {Arn: !GetAtt Failed.Arn}}
  Queue: {Type: AWS::SQS::Queue}
  Failed: {Type: AWS::SQS::Queue}
```

```yaml good checkrein.yaml
resources:
  template/Bus: {holds: [pii.email]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners
from checkrein.checks.keeping import items, weighed, with_data
from checkrein.checks.questions import LOG, listed, short
from checkrein.model import App, Finding, Resource
from checkrein.model.values import alternatives

DEAD = "DeadLetterConfig"


@check(
    resource("AWS::Events::Rule", "AWS::Scheduler::Schedule"),
    fault=1,
    topics=(
        "availability",
        "error-handling",
    ),
    frameworks=("CWE-755",),
    peers=("ES4000",),
)
def undelivered_event(rule: Resource, app: App) -> Iterator[Finding]:
    if rule.type.endswith("Schedule"):
        if rule.value("Target") is not None and rule.value(("Target", DEAD)) is None:
            message = f"what {rule.name} sends and its target does not take is dropped"
            place = rule.where("Target")
            yield Finding(place, message, cwe="CWE-755", endangers=(rule.id,), hygiene=True)
        return
    buses = sorted(owners(app, rule.value("EventBusName")))
    for index, target in enumerate(items(rule.value("Targets"))):
        whole = [one for one in alternatives(target) if isinstance(one, dict)]
        dropping = [one.get("Arn") for one in whole if DEAD not in one]
        if dropping:
            takers = sorted({owner for arn in dropping for owner in owners(app, arn)})
            if any(_is_log(app, taker) for taker in takers):
                continue  # what a log misses is not lost
            taker = listed(map(short, takers)) if takers else "its target"
            source = with_data(app, buses[0]) if buses else rule.name
            message = f"an event of {source} that {taker} does not take is dropped"
            found = Finding(rule.where(("Targets", index)), message, cwe="CWE-755", key=(taker,))
            yield weighed(app, found, buses[0] if buses else rule.id)


def _is_log(app: App, id: str) -> bool:
    found = app.get(Resource, id)
    return bool(found and found.type == LOG)
