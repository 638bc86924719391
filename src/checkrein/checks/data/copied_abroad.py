"""Valuable data is copied to where other rules hold.

## Why

A replica is a second place with the same data. In another account somebody else decides who reads it; in
another part of the world other law does: personal data that leaves the European Union needs a reason and a
contract of its own (GDPR chapter V).

## Fix

Keep replicas inside the account and the region's jurisdiction, or write down why they are elsewhere.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      Replicas:  #! Customers (e-mail address) is kept in eu-west-1 and us-east-1: in and outside the European Union
        - Region: eu-west-1
        - Region: us-east-1
  Docs:
    Type: AWS::S3::Bucket
    Properties:
      ReplicationConfiguration:
        Role: arn:aws:iam::111122223333:role/copy
        Rules:
          - Status: Enabled
            Destination: {Bucket: "arn:aws:s3:::docs-of-others", Account: "444455556666"}  #! Docs (e-mail address) is copied to account 444455556666
```

```yaml bad checkrein.yaml
resources:
  template/Docs: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::GlobalTable
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      Replicas:
        - Region: eu-west-1
        - Region: eu-central-1
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept
from checkrein.checks.keeping import items, with_data
from checkrein.checks.questions import listed
from checkrein.late import regex
from checkrein.model import App, Finding, Resource

PLACES = {  # where a type names the regions of its replicas
    "AWS::DynamoDB::GlobalTable": "Replicas",
    "AWS::SecretsManager::Secret": "ReplicaRegions",
}
BUCKET = "AWS::S3::Bucket"
RULES = ("ReplicationConfiguration", "Rules")
PERSONAL = ("pii.", "phi.", "special.")
UNION = regex(r"eu-(?:west-[13]|central-1|north-1|south-[12])")  # London and Zurich are outside
REGION = regex(r"[a-z]{2}(?:-[a-z]+)+-\d")
ACCOUNT = regex(r"\d{12}")


@check(
    resource(BUCKET, *PLACES),
    fault=1,
    topics=("data-inventory", "third-parties"),
    frameworks=("CWE-201",),
)
def copied_abroad(store: Resource, app: App) -> Iterator[Finding]:
    classes = tuple(kept(app, store.id))
    if classes and store.type == BUCKET:
        yield from _to_accounts(app, store, classes)
    if not any(data.startswith(PERSONAL) for data in classes) or store.type == BUCKET:
        return
    path = PLACES[store.type]
    named = [str(each.get("Region")) for each in items(store.value(path)) if isinstance(each, dict)]
    regions = [region for region in named if REGION.fullmatch(region)]
    inside = [region for region in regions if UNION.fullmatch(region)]
    if inside and len(inside) < len(regions):
        yield Finding(
            store.where(path),
            f"{with_data(app, store.id)} is kept in {listed(regions, len(regions))}:"
            " in and outside the European Union",
            cwe="CWE-201",
            endangers=(store.id,),
            data=classes,
            key=tuple(sorted(regions)),
        )


def _to_accounts(app: App, bucket: Resource, classes: tuple[str, ...]) -> Iterator[Finding]:
    for index, rule in enumerate(items(bucket.value(RULES))):
        path = (*RULES, index, "Destination", "Account")
        account = bucket.value(path)
        if isinstance(rule, dict) and isinstance(account, str) and ACCOUNT.fullmatch(account):
            yield Finding(
                bucket.where(path),
                f"{with_data(app, bucket.id)} is copied to account {account}",
                cwe="CWE-201",
                endangers=(bucket.id,),
                data=classes,
                key=(account,),
                fault=2,
            )
