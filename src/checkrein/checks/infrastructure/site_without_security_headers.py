"""Pages that people sign in on come without headers that protect them.

## Why

Browsers keep to HTTPS, refuse foreign frames and foreign scripts only when the page says so
(`Strict-Transport-Security`, `X-Frame-Options` or `frame-ancestors`, `Content-Security-Policy`,
`X-Content-Type-Options`). CloudFront adds none by itself. It matters where people sign in: what a foreign frame or
script takes there is their session. For other sites it is for auditors.

A function at the edge that sets headers counts.

## Fix

Name a response headers policy; AWS's `SecurityHeadersPolicy` has all but the content policy.

## Examples

```yaml bad template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: pages, DomainName: pages.s3.amazonaws.com, S3OriginConfig: {}}]
        DefaultCacheBehavior:  #! pages of Site, where users of Pool sign in, come without security headers
          TargetOriginId: pages
          ViewerProtocolPolicy: redirect-to-https
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: pages, DomainName: pages.s3.amazonaws.com, S3OriginConfig: {}}]
        DefaultCacheBehavior:
          TargetOriginId: pages
          ViewerProtocolPolicy: redirect-to-https
          ResponseHeadersPolicyId: 67f7725c-6f97-4210-82d7-5512b31e9d03
```

```yaml bad template.yaml
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: pages, DomainName: pages.s3.amazonaws.com, S3OriginConfig: {}}]
        DefaultCacheBehavior:  #? pages of Site come without security headers
          TargetOriginId: pages
          ViewerProtocolPolicy: redirect-to-https
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import resources, set_fix
from checkrein.checks.pools import POOL
from checkrein.model import App, Finding, Resource

BEHAVIOUR = "DistributionConfig.DefaultCacheBehavior"
POLICY = f"{BEHAVIOUR}.ResponseHeadersPolicyId"
EDGE = ("LambdaFunctionAssociations", "FunctionAssociations")
AWS_POLICY = (
    "67f7725c-6f97-4210-82d7-5512b31e9d03"  # SecurityHeadersPolicy, the same in all accounts
)


@check(
    resource("AWS::CloudFront::Distribution"),
    fault=1,
    topics=("configuration", "cross-site-scripting"),
    frameworks=("CWE-693", "CWE-1021"),
    peers=("CKV2_AWS_32",),
)
def site_without_security_headers(site: Resource, app: App) -> Iterator[Finding]:
    if site.value(BEHAVIOUR) is None or site.value(POLICY) is not None:
        return
    if any(site.value(f"{BEHAVIOUR}.{name}") for name in EDGE):
        return
    pool = next((pool for pool in resources(app, POOL) if pool.stack == site.stack), None)
    where = f", where users of {pool.name} sign in," if pool else ""
    yield Finding(
        site.where(BEHAVIOUR),
        f"pages of {site.name}{where} come without security headers",
        cwe="CWE-693",
        endangers=(site.id,),
        data=("cred.session",) if pool else (),
        fix=set_fix(site, [(POLICY, AWS_POLICY)], "send AWS's security headers"),
        hygiene=pool is None,
    )
