"""A site's pages come without security headers.

## Why

`Strict-Transport-Security` keeps browsers on HTTPS, `X-Frame-Options` and a content policy keep pages out of other people's frames and other
people's scripts out of them. Pages where people sign in keep tokens in the browser, which is where such attacks look for them.

## Fix

Set `ResponseHeadersPolicyId` to the managed policy `SecurityHeadersPolicy`, or to one of your own.

## Examples

```yaml bad template.yaml
Resources:
  Pages: {Type: AWS::S3::Bucket}
  People: {Type: AWS::Cognito::UserPool}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref People}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, OriginAccessControlId: E1, S3OriginConfig: {}}]
        DefaultCacheBehavior:
          TargetOriginId: pages  #! pages of an application that people sign in to come from Site without security headers
          ViewerProtocolPolicy: https-only
```

```yaml bad template.yaml
Resources:
  Pages: {Type: AWS::S3::Bucket}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, OriginAccessControlId: E1, S3OriginConfig: {}}]
        DefaultCacheBehavior:
          TargetOriginId: pages  #? pages come from Site without security headers
          ViewerProtocolPolicy: https-only
```

```yaml good template.yaml
Resources:
  Pages: {Type: AWS::S3::Bucket}
  People: {Type: AWS::Cognito::UserPool}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref People}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, OriginAccessControlId: E1, S3OriginConfig: {}}]
        DefaultCacheBehavior:
          TargetOriginId: pages
          ViewerProtocolPolicy: https-only
          ResponseHeadersPolicyId: 67f7725c-6f97-4210-82d7-5512b31e9d03
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners, set_fix
from checkrein.checks.distributions import (
    DISTRIBUTION,
    Part,
    behaviours,
    buckets,
    origin_of,
    runs_at_edge,
    signs_in,
)
from checkrein.model import App, Finding, Resource, Value

POLICY = "ResponseHeadersPolicyId"
DECLARED = "AWS::CloudFront::ResponseHeadersPolicy"
SECURE = "67f7725c-6f97-4210-82d7-5512b31e9d03"  # the managed policy SecurityHeadersPolicy
ONLY_CORS = frozenset(  # managed policies that add no security headers
    {
        "60669652-455b-4ae9-85a4-c4c02393f86c",  # SimpleCORS
        "5cc3b908-e619-4b99-88e5-2cf7f45965bd",  # CORS-With-Preflight
    }
)


@check(
    resource(DISTRIBUTION),
    fault=1,
    topics=("configuration",),
    frameworks=("CWE-693", "CWE-1021", "OWASP-2025:A02", "OWASP-2021:A05", "NIST-800-53r5:SC-18"),
    peers=("CKV2_AWS_32", "CKV_AWS_259"),
)
def missing_security_headers(distribution: Resource, app: App) -> Iterator[Finding]:
    places = {origin.path: bucket for origin, bucket in buckets(app, distribution)}
    for behaviour in behaviours(distribution):
        origin = origin_of(distribution, behaviour)
        if origin is None or origin.path not in places or _adds(app, behaviour):
            continue
        signing = signs_in(app, distribution)
        what = "pages of an application that people sign in to" if signing else "pages"
        yield Finding(
            distribution.where(behaviour.at("TargetOriginId")),
            f"{what} come from {distribution.name} without security headers",
            cwe="CWE-693",
            endangers=(distribution.id,),
            fix=set_fix(distribution, [(behaviour.at(POLICY), SECURE)], "add security headers"),
            key=(str(behaviour.settings.get("PathPattern")),),
            data=("cred.session",) if signing else (),
            confidence="likely",
            hygiene=not signing,
        )


def _adds(app: App, behaviour: Part) -> bool:
    """Tell whether a policy, or code at the edge, adds headers to answers."""
    return _is_added_by_policy(app, behaviour.settings.get(POLICY)) or runs_at_edge(
        behaviour, "response"
    )


def _is_added_by_policy(app: App, policy: Value) -> bool:
    for id in owners(app, policy):
        found = app.get(Resource, id)
        if found and found.type == DECLARED:
            return found.value("ResponseHeadersPolicyConfig.SecurityHeadersConfig") is not None
    return bool(policy) and str(policy) not in ONLY_CORS
