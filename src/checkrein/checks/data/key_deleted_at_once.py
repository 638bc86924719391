"""A key can be gone within days.

## Why

What was encrypted with a deleted key can never be read again. KMS waits between a request to delete a key
and the deletion so that somebody may notice: 30 days unless a template says less. Deleting the stack is
such a request.

## Fix

Leave `PendingWindowInDays` out, or set 30.

## Examples

```yaml bad template.yaml
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {}
      PendingWindowInDays: 7  #! Key, without which Cards (payment card number) cannot be read, is gone 7 days after its stack
  Cards:
    Type: AWS::SQS::Queue
    Properties: {KmsMasterKeyId: !Ref Key}
```

```yaml bad checkrein.yaml
resources:
  template/Cards: {holds: [pay.pan]}
```

```yaml good template.yaml
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties: {KeyPolicy: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open, is_terraform
from checkrein.checks.keeping import protected, weighed, with_data
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Resource

WINDOW = "PendingWindowInDays"
ENOUGH = 14
LONGEST = 30


@check(
    resource("AWS::KMS::Key"),
    fault=1,
    topics=(
        "key-management",
        "backup",
    ),
    frameworks=(
        "CWE-693",
        "AWS-FSBP:KMS.3",
    ),
    peers=("kms_cmk_not_deleted_unintentionally", "KMS.3"),
)
def key_deleted_at_once(key: Resource, app: App) -> Iterator[Finding]:
    days = key.value(WINDOW)
    if days is None or is_open(days) or key.number(WINDOW, ENOUGH) >= ENOUGH:
        return
    about = protected(app, key.id)
    which = f", without which {with_data(app, about)} cannot be read," if about else ""
    after = "Terraform destroys it" if is_terraform(app, key) else "its stack"
    message = f"{key.name}{which} is gone {days} days after {after}"
    fix = setting(key, WINDOW, LONGEST, "wait 30 days", safe=True)
    yield weighed(app, Finding(key.where(WINDOW), message, fix=fix), about or key.id)
