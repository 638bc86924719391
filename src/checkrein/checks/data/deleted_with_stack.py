"""Valuable data is deleted with its stack.

## Why

What CloudFormation made it deletes, with all it holds, when the stack is deleted, when a resource is
renamed in the template, or when a property changes that needs a replacement. `DeletionPolicy` and
`UpdateReplacePolicy` keep the resource (or a snapshot of it). Buckets are not asked: CloudFormation
deletes only empty ones. A table with deletion protection is safe too: its deletion fails. It matters
where persons would miss the data, less where it is about things, or where items
expire anyway.

## Fix

Set `DeletionPolicy` and `UpdateReplacePolicy` to `Retain`. In Terraform, `prevent_destroy` in the
resource's `lifecycle` makes each plan fail that would destroy or replace it.

## Examples

```yaml bad template.yaml
Resources:
  Customers:  #! Customers (e-mail address) is deleted with its stack
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Protected:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      DeletionProtectionEnabled: true
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Counters:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: name, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: name, AttributeType: S}]
  Hours:  # whether the id is a secret nobody can tell from its name
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: session_id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: session_id, AttributeType: S}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, resource
from checkrein.checks.context import is_open, is_terraform, kept
from checkrein.checks.keeping import PERSONAL, beside_the_point, is_transient, weighed, with_data
from checkrein.model import App, Change, Finding, Fix, Resource

POLICIES = ("DeletionPolicy", "UpdateReplacePolicy")
PROTECTION = {  # types that are deleted with all they hold, and what makes their deletion fail
    "AWS::DynamoDB::GlobalTable": ("", ""),
    "AWS::DynamoDB::Table": ("DeletionProtectionEnabled", True),
    "AWS::EFS::FileSystem": ("", ""),
    "AWS::OpenSearchService::Domain": ("", ""),
    "AWS::Timestream::Table": ("", ""),
}


@check(
    resource(*PROTECTION),
    fault=1,
    topics=("backup",),
    frameworks=("CWE-693",),
    peers=("I3011",),
)
def deleted_with_stack(store: Resource, app: App) -> Iterator[Finding]:
    if not kept(app, store.id) or _is_kept(store):
        return
    property, safe = PROTECTION[store.type]
    if property and not beside_the_point(app, store, property) and store[property] == safe:
        return
    held = with_data(app, store.id)
    message = f"{held} is deleted with its stack"
    if is_terraform(app, store):
        message = f"{held} is deleted when Terraform destroys or replaces it"
    found = Finding(store.place, message, fix=_retain(app, store))
    judged = weighed(app, found, store.id, PERSONAL)
    yield replace(judged, hygiene=True) if is_transient(app, store) else judged


def _is_kept(store: Resource) -> bool:
    """Tell whether a policy keeps the resource; a replacement is only asked where that is said."""
    said = store.metadata.get("DeletionPolicy")
    return said is not None and (is_open(said) or said != "Delete")


def _retain(app: App, store: Resource) -> Fix:
    written = store.origin(()).resource
    changes = [Change(written, (policy,), "set", "Retain") for policy in POLICIES]
    title = "keep it when the stack goes"
    if is_terraform(app, store):
        title = "have Terraform refuse to destroy it (prevent_destroy)"
    return Fix(title, safe=True, changes=tuple(changes))
