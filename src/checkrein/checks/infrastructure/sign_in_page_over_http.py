"""The site where people sign in is served over plain HTTP.

## Why

A bucket's website endpoint speaks HTTP only. Whoever sits on the way (a café's network, a provider) can
change the page, and with it the script that takes the password: the login itself goes over HTTPS, but to
wherever the changed script sends it.

## Fix

Put a CloudFront distribution with HTTPS before the bucket (and close the bucket but for it), or host the
site with Amplify.

## Examples

```yaml bad template.yaml
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  Client: {Type: AWS::Cognito::UserPoolClient, Properties: {UserPoolId: !Ref Users}}
  Pages:
    Type: AWS::S3::Bucket
    Properties:
      WebsiteConfiguration: {IndexDocument: index.html}  #! Pages serves the site over plain HTTP where people sign in to Users (password)
```

```yaml good template.yaml
Resources:
  Users: {Type: AWS::Cognito::UserPool}
  Pages:
    Type: AWS::S3::Bucket
    Properties:
      WebsiteConfiguration: {IndexDocument: index.html}
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultCacheBehavior:
          TargetOriginId: pages
          ViewerProtocolPolicy: redirect-to-https
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6
        Origins:
          - Id: pages
            DomainName: !GetAtt Pages.RegionalDomainName
            S3OriginConfig: {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept, owners, resources
from checkrein.checks.keeping import deployment_of, rows_by_deployment, with_data
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Resource
from checkrein.model.asking import of_app

WEBSITE = "WebsiteConfiguration"
POOL = "AWS::Cognito::UserPool"
AMPLIFY = "AWS::Amplify::App"  # hosts sites over HTTPS
CDN = "AWS::CloudFront::Distribution"


@check(
    resource("AWS::S3::Bucket"),
    fault=2,
    topics=(
        "encryption-in-transit",
        "integrity",
    ),
    frameworks=(
        "CWE-319",
        "CWE-494",
    ),
)
def sign_in_page_over_http(bucket: Resource, app: App) -> Iterator[Finding]:
    if bucket.value(WEBSITE) is None or bucket.value(f"{WEBSITE}.RedirectAllRequestsTo"):
        return
    home = deployment_of(app, bucket.id)
    rows = rows_by_deployment(app, home)
    if bucket.id in _delivered(app) or any(row.type == AMPLIFY for row in rows):
        return
    pools = [row.id for row in rows if row.type == POOL]
    if not pools:
        return
    yield Finding(
        bucket.where(WEBSITE),
        f"{bucket.name} serves the site over plain HTTP where people sign in to"
        f" {listed(with_data(app, pool) for pool in pools)}",
        cwe="CWE-319",
        endangers=(bucket.id, *pools),
        key=tuple(pools),
        data=tuple(dict.fromkeys(data for pool in pools for data in kept(app, pool))),
        confidence="likely",  # a distribution may have been made by hand
    )


@of_app
def _delivered(app: App) -> set[str]:
    """Return what distributions take their content from."""
    return {
        owner
        for each in resources(app, CDN)
        for owner in owners(app, each.value("DistributionConfig"))
    }
