"""Somebody changed by hand who may use what templates declare.

## Why

What the template says is no longer what is so: the next deployment may undo it or not, no review saw it, and
everything that is known here of who may do what may be wrong.

## Fix

Look at what was changed, undo it or write it into the template, and let only deployments change it.

## Examples

```yaml bad template.yaml
Resources:
  Uploads:  #! user/ada changed who may use Uploads (s3:PutBucketPolicy): the template does not say so
    Type: AWS::S3::Bucket
    Properties:
      BucketName: uploads-of-members
```

```json bad observed/trail.json
{"Records": [
  {"eventVersion": "1.09", "eventSource": "s3.amazonaws.com", "eventName": "PutBucketPolicy",
   "userAgent": "[S3Console/0.4, aws-internal/3]",
   "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ada"},
   "requestParameters": {"bucketName": "uploads-of-members"}}]}
```

Deployments change it too:

```yaml good template.yaml
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: uploads-of-members
```

```json good observed/trail.json
{"Records": [
  {"eventVersion": "1.09", "eventSource": "s3.amazonaws.com", "eventName": "PutBucketPolicy",
   "userAgent": "cloudformation.amazonaws.com", "sourceIPAddress": "cloudformation.amazonaws.com",
   "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ada",
     "invokedBy": "cloudformation.amazonaws.com"},
   "requestParameters": {"bucketName": "uploads-of-members"}}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.happened import declared, evidence, row_of, seen_on, told_of
from checkrein.checks.questions import listed, short, treasures
from checkrein.model import App, Finding, Observation, Resource

NOBODY = "somebody"


@check(
    told_of(Resource, "node"),
    fault=2,
    topics=("configuration", "threat-detection"),
    frameworks=("CWE-284",),
)
def access_changed_by_hand(resource: Resource, app: App) -> Iterator[Finding]:
    found: dict[str, list[Observation]] = {}
    for each in seen_on(app, resource.id, "change"):
        if not each.known:
            found.setdefault(each.actor or NOBODY, []).append(each)
    row = row_of(app, resource.id)
    for who, seen in found.items():
        operations = sorted({each.operation for each in seen})
        yield Finding(
            declared(app, resource),
            f"{who} changed who may use {short(resource.id)} ({listed(operations)}):"
            " the template does not say so",
            evidence(seen),
            cwe="CWE-284",
            endangers=(row.id,) if row else (),
            key=(who, *operations),
            confidence="likely",
            data=tuple(treasures(app, row)) if row else (),
        )
