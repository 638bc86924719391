"""Messages are kept in clear.

## Why

SQS encrypts with a key of its own since 2022 unless a template switches that off. SNS topics, Kinesis
streams and Firehose streams that are written directly do not encrypt before somebody asks for it: whoever
gets at the service's disks or snapshots reads what is kept there.

## Fix

Name a key. `alias/aws/sns` does for topics that functions publish to; AWS services that publish (S3,
EventBridge, alarms) need a key of your own that lets them.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      SqsManagedSseEnabled: false  #! Orders (e-mail address) keeps messages in clear
  News:  #! News (e-mail address) keeps messages in clear
    Type: AWS::SNS::Topic
  Clicks:  #? Clicks keeps records in clear
    Type: AWS::Kinesis::Stream
    Properties: {ShardCount: 1}
```

```yaml bad checkrein.yaml
resources:
  template/Orders: {holds: [pii.email]}
  template/News: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Orders: {Type: AWS::SQS::Queue}
  News:
    Type: AWS::SNS::Topic
    Properties: {KmsMasterKeyId: alias/aws/sns}
  Clicks:
    Type: AWS::Kinesis::Stream
    Properties:
      ShardCount: 1
      StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}
  Delivery:
    Type: AWS::KinesisFirehose::DeliveryStream
    Properties:
      DeliveryStreamType: KinesisStreamAsSource
```

```yaml good checkrein.yaml
resources:
  template/Orders: {holds: [pii.email]}
  template/News: {holds: [pii.email]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.keeping import beside_the_point, spot, weighed, with_data
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Fix, Resource

MANAGED = "SqsManagedSseEnabled"
KEYS = {  # the property that asks for encryption
    "AWS::Kinesis::Stream": "StreamEncryption",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamEncryptionConfigurationInput",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SQS::Queue": "KmsMasterKeyId",
}


@check(
    resource(*KEYS),
    fault=1,
    topics=("encryption-at-rest",),
    frameworks=(
        "CWE-311",
        "AWS-FSBP:SQS.1",
        "AWS-FSBP:Kinesis.1",
    ),
    peers=(
        *("CKV_AWS_26", "CKV_AWS_27", "CKV_AWS_43", "SQS.1", "Kinesis.1", "W47", "W48", "W49"),
        *("W88", "AWS-0095", "AWS-0096", "AwsSolutions-SQS2", "AwsSolutions-KDS1"),
        *("AwsSolutions-KDF1", "sns_topics_kms_encryption_at_rest_enabled", "DataFirehose.1"),
        *("sqs_queues_server_side_encryption_enabled", "kinesis_stream_encrypted_at_rest"),
        *("firehose_stream_encrypted_at_rest", "SNS_ENCRYPTED_KMS", "KINESIS_STREAM_ENCRYPTED"),
        *(
            "KINESIS_STREAM_ENCRYPTION_RULE",
            "KINESIS_FIREHOSE_DELIVERY_STREAM_ENCRYPTION_RULE",
            "SNS.1",
        ),
    ),
)
def unencrypted_messages(store: Resource, app: App) -> Iterator[Finding]:
    path = KEYS[store.type]
    if store.value(path) is not None:
        return
    queue = store.type == "AWS::SQS::Queue"
    path = MANAGED if queue else path
    if beside_the_point(app, store, path, "DeliveryStreamType"):
        return
    if queue and store[MANAGED] is not False:
        return
    if store["DeliveryStreamType"] not in (None, "DirectPut"):
        return  # the stream that it reads, or the cluster, is encrypted or not by itself
    kept_there = "records" if "Kinesis" in store.type else "messages"
    message = f"{with_data(app, store.id)} keeps {kept_there} in clear"
    found = Finding(spot(store, path), message, fix=_fix(store), cwe="CWE-311")
    yield weighed(app, found, store.id)


def _fix(store: Resource) -> Fix:
    title = "encrypt what it keeps"
    if store.type == "AWS::SQS::Queue":
        return setting(store, MANAGED, value=True, title=title, safe=True)
    if store.type == "AWS::SNS::Topic":
        return setting(store, KEYS[store.type], "alias/aws/sns", title)
    if store.type == "AWS::Kinesis::Stream":
        wanted = [(("StreamEncryption", "EncryptionType"), "KMS")]
        wanted.append((("StreamEncryption", "KeyId"), "alias/aws/kinesis"))
        return set_fix(store, wanted, title, safe=True)
    path = (KEYS[store.type], "KeyType")
    return setting(store, path, "AWS_OWNED_CMK", title, safe=True)
