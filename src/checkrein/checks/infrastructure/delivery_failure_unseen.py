"""Nobody learns that a delivery stream loses records.

## Why

Firehose drops what it cannot deliver after its tries, or sets it aside in a bucket; why, it says only in
CloudWatch Logs, and only if asked to.

## Fix

Enable `CloudWatchLoggingOptions` of the destination.

## Examples

```yaml bad template.yaml
Resources:
  Clicks:  #? nobody learns that Clicks loses records
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      S3DestinationConfiguration:
        BucketARN: arn:aws:s3:::clicks
        RoleARN: arn:aws:iam::111122223333:role/firehose
```

```yaml good template.yaml
Resources:
  Clicks:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      S3DestinationConfiguration:
        BucketARN: arn:aws:s3:::clicks
        RoleARN: arn:aws:iam::111122223333:role/firehose
        CloudWatchLoggingOptions: {Enabled: true, LogGroupName: clicks, LogStreamName: s3}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.keeping import weighed, with_data
from checkrein.model import App, Finding, Resource

LOGGED = "CloudWatchLoggingOptions"


@check(
    resource("AWS::KinesisFirehose::DeliveryStream"),
    fault=1,
    topics=(
        "monitoring",
        "logging",
    ),
    frameworks=("CWE-778",),
)
def delivery_failure_unseen(stream: Resource, app: App) -> Iterator[Finding]:
    for name, value in stream.properties.items():
        if name.endswith("DestinationConfiguration") and isinstance(value, dict):
            options = value.get(LOGGED)
            if options is None or (isinstance(options, dict) and options.get("Enabled") is False):
                message = f"nobody learns that {with_data(app, stream.id)} loses records"
                yield weighed(app, Finding(stream.place, message, cwe="CWE-778"), stream.id)
