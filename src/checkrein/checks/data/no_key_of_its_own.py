"""Grave data lies under a key that AWS keeps for everybody.

## Why

AWS encrypts by default with a key that it owns: whoever has the right to read the resource reads the data,
and no second right, no log of who decrypted and no switch stands in between. A key of your own adds these.
It costs money and rights, so it is worth it for data such as cards, credentials and health; a secret is
read one by one and gets one where another account shares it (it cannot be read there otherwise).

## Fix

Create an `AWS::KMS::Key`, let the identities that use the data use it, and name it in the resource.

## Examples

```yaml bad template.yaml
Resources:
  Cards:  #! Cards (payment card number) has no key of its own
    Type: AWS::S3::Bucket
  Customers:  #? Customers (e-mail address) has no key of its own
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Counters:
    Type: AWS::SQS::Queue
```

```yaml bad checkrein.yaml
resources:
  template/Cards: {holds: [pay.pan]}
```

```yaml good template.yaml
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Cards:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !Ref Key}
```

```yaml good checkrein.yaml
resources:
  template/Cards: {holds: [pay.pan]}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from checkrein.checks import check, resource
from checkrein.checks.context import is_open, kept
from checkrein.checks.keeping import GRAVE, is_aws_key, spot, weighed, with_data
from checkrein.checks.policies import is_foreign
from checkrein.checks.questions import grouped
from checkrein.checks.worth import worst
from checkrein.model import App, Finding, Grant, Resource

SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - a type
RULE = "BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault"
KEYS = {  # where a type names its key
    "AWS::Backup::BackupVault": "EncryptionKeyArn",
    "AWS::DynamoDB::Table": "SSESpecification.KMSMasterKeyId",
    "AWS::EFS::FileSystem": "KmsKeyId",
    "AWS::Events::Archive": "KmsKeyIdentifier",
    "AWS::Events::EventBus": "KmsKeyIdentifier",
    "AWS::Kinesis::Stream": "StreamEncryption.KeyId",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamEncryptionConfigurationInput.KeyARN",
    "AWS::Pipes::Pipe": "KmsKeyIdentifier",
    "AWS::S3::Bucket": f"{RULE}.KMSMasterKeyID",
    "AWS::SNS::Topic": "KmsMasterKeyId",
    "AWS::SQS::Queue": "KmsMasterKeyId",
    SECRET: "KmsKeyId",
    "AWS::StepFunctions::StateMachine": "EncryptionConfiguration.KmsKeyId",
}
SHORT_LIVED = ("cred.session", "cred.otp")  # worth nothing before anybody could use a copy
UNENCRYPTED = ("AWS::SNS::Topic", "AWS::Kinesis::Stream", "AWS::KinesisFirehose::DeliveryStream")


@check(
    resource(*KEYS),
    fault=1,
    topics=(
        "encryption-at-rest",
        "key-management",
    ),
    frameworks=(
        "CWE-311",
        "AWS-FSBP:S3.17",
    ),
    peers=(
        *("CKV_AWS_119", "CKV_AWS_149", "CKV_AWS_145", "CKV_AWS_166", "S3.17", "W74", "W77"),
        *("AwsSolutions-KDS3", "dynamodb_tables_kms_cmk_encryption_enabled", "AWS-0132"),
        *("s3_bucket_kms_encryption", "stepfunctions_statemachine_encrypted_with_cmk", "AWS-0025"),
        *(
            "AWS-0098",
            "AWS-0136",
            "AWS-0135",
            "SECRETSMANAGER_USING_CMK",
            "S3_DEFAULT_ENCRYPTION_KMS",
        ),
        *("DYNAMODB_TABLE_ENCRYPTED_KMS", "BACKUP_RECOVERY_POINT_ENCRYPTED"),
        *("DYNAMODB_TABLE_MUST_BE_ENCRYPTED",),
    ),
)
def no_key_of_its_own(store: Resource, app: App) -> Iterator[Finding]:
    path = KEYS[store.type]
    key = store.value(path)
    if not kept(app, store.id) or is_open(key) or not is_aws_key(key):
        return
    if key is None and store.type in UNENCRYPTED:
        return  # unencrypted-messages tells it
    message = f"{with_data(app, store.id)} has no key of its own"
    judged = weighed(app, Finding(spot(store, path), message, cwe="CWE-311"), store.id, GRAVE)
    lasting = [data for data in kept(app, store.id) if data not in SHORT_LIVED]
    if worst(app, lasting)[0] < GRAVE or (store.type == SECRET and not _is_shared(app, store.id)):
        judged = replace(judged, hygiene=True)
    yield judged


def _is_shared(app: App, id: str) -> bool:
    """Tell whether a resource's policy lets another account in."""
    grants: list[Any] = grouped(app, Grant, "holder").get(id, [])
    return any(grant.effect == "Allow" and is_foreign(grant.identity) for grant in grants)
