"""A key is never rotated.

## Why

A key that leaks, or that was used for too much, opens everything that was ever encrypted with it. KMS
makes a new one each year by itself, and goes on decrypting with the old ones; it is off by default for
keys of your own. Keys for signing and keys with imported material cannot be rotated so.

## Fix

Set `EnableKeyRotation`.

## Examples

```yaml bad template.yaml
Resources:
  Key:  #! Key, which protects Cards (payment card number), is never rotated
    Type: AWS::KMS::Key
    Properties: {KeyPolicy: {}}
  Spare:  #? Spare is never rotated
    Type: AWS::KMS::Key
    Properties: {KeyPolicy: {}}
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
    Properties: {KeyPolicy: {}, EnableKeyRotation: true}
  Signing:
    Type: AWS::KMS::Key
    Properties: {KeyPolicy: {}, KeySpec: RSA_2048, KeyUsage: SIGN_VERIFY}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open
from checkrein.checks.keeping import GRAVE, protected, spot, weighed, with_data
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Resource

ROTATION = "EnableKeyRotation"
SPEC = "KeySpec"


@check(
    resource("AWS::KMS::Key"),
    fault=1,
    topics=("key-management",),
    frameworks=(
        "CWE-324",
        "AWS-FSBP:KMS.4",
    ),
    peers=(
        *("CKV_AWS_7", "KMS.4", "F19", "AWS-0065", "AwsSolutions-KMS5"),
        *("kms_cmk_rotation_enabled", "CMK_BACKING_KEY_ROTATION_ENABLED"),
    ),
)
def key_never_rotated(key: Resource, app: App) -> Iterator[Finding]:
    switch = key.value(ROTATION)
    if is_open(switch) or switch or key.value("Origin") not in (None, "AWS_KMS"):
        return
    if key.value(SPEC) not in (None, "SYMMETRIC_DEFAULT"):
        return
    about = protected(app, key.id)
    which = f", which protects {with_data(app, about)}," if about else ""
    fix = setting(key, ROTATION, value=True, title="rotate the key each year", safe=True)
    found = Finding(spot(key, ROTATION), f"{key.name}{which} is never rotated", fix=fix)
    yield weighed(app, found, about or key.id, GRAVE)
