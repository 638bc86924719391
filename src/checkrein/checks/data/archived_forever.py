"""Events with valuable data are archived for ever.

## Why

An archive keeps each event of a bus whole, for replay; without `RetentionDays` it never deletes one. The
stores that the data belongs in have rules for how long they keep it; the archive does not know of them.

## Fix

Set `RetentionDays` to how far back a replay may have to go.

## Examples

```yaml bad template.yaml
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
  Archive:  #! Archive keeps what Bus (e-mail address) carries for ever
    Type: AWS::Events::Archive
    Properties: {SourceArn: !GetAtt Bus.Arn}
```

```yaml bad checkrein.yaml
resources:
  template/Bus: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
  Archive:
    Type: AWS::Events::Archive
    Properties: {SourceArn: !GetAtt Bus.Arn, RetentionDays: 30}
```

```yaml good checkrein.yaml
resources:
  template/Bus: {holds: [pii.email]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open, owners
from checkrein.checks.keeping import spot, weighed, with_data
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Resource

DAYS = "RetentionDays"


@check(
    resource("AWS::Events::Archive"),
    fault=1,
    topics=("retention",),
    frameworks=("CWE-459",),
)
def archived_forever(archive: Resource, app: App) -> Iterator[Finding]:
    days = archive.value(DAYS)
    if is_open(days) or days:
        return
    for bus in sorted(owners(app, archive.value("SourceArn"))):
        message = f"{archive.name} keeps what {with_data(app, bus)} carries for ever"
        fix = setting(archive, DAYS, 30, "keep events for 30 days")
        yield weighed(app, Finding(spot(archive, DAYS), message, fix=fix), bus)
