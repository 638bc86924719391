"""A search domain knows no users.

## Why

Without fine-grained access control whoever gets through the access policy reads and deletes every index. If the policy lets everybody in,
and nothing else stands before the domain, that is everybody.

## Fix

Set `AdvancedSecurityOptions: {Enabled: true}` with a master user, and name roles in `AccessPolicies`.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml bad template.yaml
Resources:
  Patients:
    Type: AWS::OpenSearchService::Domain
    Properties:
      AccessPolicies:  #! anyone may read and change Patients (diagnosis or condition)
        Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "es:*", Resource: "*"}]
```

```yaml bad template.yaml
Resources:
  Rides:  #? Rides knows no users
    Type: AWS::OpenSearchService::Domain
    Properties: {VPCOptions: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}
```

```yaml good checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml good template.yaml
Resources:
  Patients:
    Type: AWS::OpenSearchService::Domain
    Properties:
      AdvancedSecurityOptions: {Enabled: true, MasterUserOptions: {MasterUserARN: "arn:aws:iam::111122223333:role/search"}}
      AccessPolicies:
        Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "es:*", Resource: "*"}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open
from checkrein.checks.databases import OLD_SEARCH, SEARCH, told
from checkrein.checks.policies import valid_statements
from checkrein.iam.principals import principal_ids
from checkrein.model import App, Finding, Resource

POLICY, USERS = "AccessPolicies", "AdvancedSecurityOptions.Enabled"


@check(
    resource(SEARCH, OLD_SEARCH),
    fault=3,
    topics=("authentication",),
    frameworks=(
        *("CWE-306", "CWE-284", "OWASP-2025:A01", "OWASP-2021:A01", "AWS-FSBP:Opensearch.7"),
        *("PCI-DSS-4.0.1:7.2.1", "NIST-800-53r5:AC-3"),
    ),
    peers=(
        *("OpenSearch.7", "Opensearch.7", "AwsSolutions-OS3", "AwsSolutions-OS5"),
        *("OPENSEARCH_ACCESS_CONTROL_ENABLED", "opensearch_service_domains_access_control_enabled"),
        "opensearch_service_domains_internal_user_database_enabled",
    ),
)
def search_domain_without_users(domain: Resource, app: App) -> Iterator[Finding]:
    if domain[USERS]:
        return
    data, named = told(app, domain)
    if _lets_everybody_in(domain) and domain.value("VPCOptions") is None:
        yield Finding(
            domain.where(POLICY),
            f"anyone may read and change {domain.name}{named}",
            cwe="CWE-306",
            endangers=(domain.id,),
            key=("open",),
            data=data,
            by=("@anyone",),
        )
        return
    yield Finding(
        domain.place,
        f"{domain.name} knows no users",
        cwe="CWE-306",
        endangers=(domain.id,),
        key=("users",),
        fault=1,
        hygiene=True,
    )


def _lets_everybody_in(domain: Resource) -> bool:
    document = domain.value(POLICY)
    if document is None or is_open(document):
        return False
    return any(
        s.effect == "Allow" and "anyone" in principal_ids(s) and not s.conditions
        for s in valid_statements(document)
    )
