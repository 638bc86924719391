"""A Kubernetes cluster's control is open to the internet, or is not watched.

## Why

Who talks to a cluster's endpoint and has, or guesses, a token runs what they want beside the application. The
endpoint is public by default. Secrets of Kubernetes lie in the cluster's store under AWS's key unless one is
given, and no control plane log is written unless asked for.

## Fix

Set `EndpointPublicAccess: false`, or the addresses that need it in `PublicAccessCidrs`; give `EncryptionConfig` a
key; turn on the `audit` and `authenticator` logs.

## Examples

```yaml bad template.yaml
Resources:
  Rides:  #? anyone may talk to the endpoint of Rides
    Type: AWS::EKS::Cluster
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/cluster
      ResourcesVpcConfig: {SubnetIds: [subnet-1]}
      EncryptionConfig: [{Resources: [secrets], Provider: {KeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1"}}]
      Logging: {ClusterLogging: {EnabledTypes: [{Type: audit}]}}
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::EKS::Cluster
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/cluster
      ResourcesVpcConfig: {SubnetIds: [subnet-1], EndpointPublicAccess: false, EndpointPrivateAccess: true}
      EncryptionConfig: [{Resources: [secrets], Provider: {KeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1"}}]
      Logging: {ClusterLogging: {EnabledTypes: [{Type: audit}]}}
```

```yaml bad template.yaml
Resources:
  Rides:  #? nobody can tell who controlled Rides
    Type: AWS::EKS::Cluster
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/cluster
      ResourcesVpcConfig: {SubnetIds: [subnet-1], EndpointPublicAccess: false, EndpointPrivateAccess: true}
      EncryptionConfig: [{Resources: [secrets], Provider: {KeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1"}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.model import App, Finding, Resource

PUBLIC = "ResourcesVpcConfig.EndpointPublicAccess"
ADDRESSES = "ResourcesVpcConfig.PublicAccessCidrs"
WORLD = "0.0.0.0/0"
WATCHED = {
    "EncryptionConfig": "secrets of {} have no key of your own",
    "Logging.ClusterLogging.EnabledTypes": "nobody can tell who controlled {}",
}


@check(
    resource("AWS::EKS::Cluster"),
    fault=1,
    topics=("network", "logging"),
    frameworks=("CWE-284", "AWS-FSBP:EKS.1", "AWS-FSBP:EKS.3", "AWS-FSBP:EKS.8"),
    peers=(
        *("CKV_AWS_58", "EKS.1", "EKS.3", "EKS.8", "eks_cluster_not_publicly_accessible"),
        *("eks_cluster_kms_cmk_encryption_in_secrets_enabled",),
        *("eks_control_plane_logging_all_types_enabled",),
    ),
    hygiene=True,
)
def open_cluster(cluster: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    addresses = cluster.value(ADDRESSES)
    if cluster[PUBLIC] is not False and (addresses is None or WORLD in str(addresses)):
        changes = [(PUBLIC, False), ("ResourcesVpcConfig.EndpointPrivateAccess", True)]
        yield Finding(
            place_of(cluster, PUBLIC),
            f"anyone may talk to the endpoint of {cluster.name}",
            cwe="CWE-284",
            endangers=(cluster.id,),
            fix=set_fix(cluster, changes, "close the endpoint to the internet"),
            key=(PUBLIC,),
        )
    for path, words in WATCHED.items():
        if not cluster.value(path):
            yield Finding(
                place_of(cluster, path),
                words.format(cluster.name),
                cwe="CWE-778",
                endangers=(cluster.id,),
                key=(path,),
            )
