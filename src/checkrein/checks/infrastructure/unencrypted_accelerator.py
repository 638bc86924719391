"""A DynamoDB accelerator keeps or sends items in clear.

## Why

DAX holds copies of a table's items in memory and on the disks of its nodes. Unlike the table it encrypts
neither those disks nor the connections of its clients unless asked to; neither can be changed later.

## Fix

Set `SSESpecification` and `ClusterEndpointEncryptionType: TLS`. Both make a new cluster.

## Examples

```yaml bad template.yaml
Resources:
  Cache:  #? Cache keeps items in clear on its disks and sends items in clear to its clients
    Type: AWS::DAX::Cluster
    Properties:
      IAMRoleARN: arn:aws:iam::111122223333:role/dax
      NodeType: dax.t3.small
      ReplicationFactor: 3
```

```yaml good template.yaml
Resources:
  Cache:
    Type: AWS::DAX::Cluster
    Properties:
      IAMRoleARN: arn:aws:iam::111122223333:role/dax
      NodeType: dax.t3.small
      ReplicationFactor: 3
      SSESpecification: {SSEEnabled: true}
      ClusterEndpointEncryptionType: TLS
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.keeping import beside_the_point, spot, weighed, with_data
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Resource

WANTED = (  # property, what it must be, what goes wrong otherwise
    ("SSESpecification.SSEEnabled", True, "keeps items in clear on its disks"),
    ("ClusterEndpointEncryptionType", "TLS", "sends items in clear to its clients"),
)


@check(
    resource("AWS::DAX::Cluster"),
    fault=2,
    topics=(
        "encryption-at-rest",
        "encryption-in-transit",
    ),
    frameworks=(
        "CWE-311",
        "CWE-319",
        "AWS-FSBP:DynamoDB.3",
        "AWS-FSBP:DynamoDB.7",
    ),
    peers=(
        *("CKV_AWS_47", "W83", "DynamoDB.3", "DynamoDB.7", "AwsSolutions-DDB4"),
        "DAX_ENCRYPTION_ENABLED",
        "dynamodb_accelerator_cluster_encryption_enabled",
        "dynamodb_accelerator_cluster_in_transit_encryption_enabled",
    ),
)
def unencrypted_accelerator(cluster: Resource, app: App) -> Iterator[Finding]:
    wrong = [
        (path, wanted, words)
        for path, wanted, words in WANTED
        if not beside_the_point(app, cluster, path) and cluster[path] != wanted
    ]
    if not wrong:
        return
    fix = set_fix(cluster, [(path, wanted) for path, wanted, _ in wrong], "encrypt the cluster")
    said = listed(words for _, _, words in wrong)
    found = Finding(spot(cluster, wrong[0][0]), f"{with_data(app, cluster.id)} {said}", fix=fix)
    yield weighed(app, found, cluster.id)
