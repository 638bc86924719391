"""A distribution with a certificate of its own lets viewers use an old version of TLS.

## Why

With TLS 1.0 or 1.1 a connection can be made that is broken by today's standards, and that card and health rules
forbid. CloudFront takes TLS 1.0 where nothing is said. With its own certificate (`*.cloudfront.net`) it does so
whatever the template says: only a domain and a certificate of one's own change that.

## Fix

Set `MinimumProtocolVersion: TLSv1.2_2021` and `SslSupportMethod: sni-only`.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Shop: {holds: [pay.pan]}
```

```yaml bad template.yaml
Resources:
  Shop:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Aliases: [shop.example.com]
        ViewerCertificate:
          AcmCertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/1
          SslSupportMethod: sni-only
          MinimumProtocolVersion: TLSv1  #! Shop lets viewers use TLSv1, with payment card number
        Origins: [{Id: shop, DomainName: origin.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: https-only}
```

```yaml bad template.yaml
Resources:
  Shop:  #? Shop uses CloudFront's own certificate, which takes TLSv1
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: shop, DomainName: origin.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: https-only}
```

```yaml good checkrein.yaml
resources:
  template/Shop: {holds: [pay.pan]}
```

```yaml good template.yaml
Resources:
  Shop:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Aliases: [shop.example.com]
        ViewerCertificate:
          AcmCertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/1
          SslSupportMethod: sni-only
          MinimumProtocolVersion: TLSv1.2_2021
        Origins: [{Id: shop, DomainName: origin.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: https-only}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open
from checkrein.checks.distributions import CONFIG, DISTRIBUTION, delivered
from checkrein.checks.questions import setting, titles
from checkrein.model import App, Finding, Resource

CERTIFICATE = f"{CONFIG}.ViewerCertificate"
LEAST = f"{CERTIFICATE}.MinimumProtocolVersion"
OWN = ("AcmCertificateArn", "IamCertificateId")
OLD = ("SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016")


@check(
    resource(DISTRIBUTION),
    fault=1,
    topics=("encryption-in-transit",),
    frameworks=(
        *("CWE-326", "CWE-327", "OWASP-2025:A04", "OWASP-2021:A02", "PCI-DSS-4.0.1:4.2.1"),
        "NIST-800-53r5:SC-13",
    ),
    peers=(
        *("CKV_AWS_174", "W70", "AwsSolutions-CFR4", "CLOUDFRONT_MINIMUM_PROTOCOL_VERSION_RULE"),
        *("CloudFront.7", "CLOUDFRONT_CUSTOM_SSL_CERTIFICATE", "AWS-0013"),
        "cloudfront_distributions_custom_ssl_certificate",
    ),
)
def old_tls_for_viewers(distribution: Resource, app: App) -> Iterator[Finding]:
    if is_open(distribution.value(CERTIFICATE)):
        return
    if not any(distribution.value(f"{CERTIFICATE}.{name}") for name in OWN):
        yield Finding(
            distribution.place,
            f"{distribution.name} uses CloudFront's own certificate, which takes TLSv1",
            cwe="CWE-326",
            endangers=(distribution.id,),
            key=("own",),
            hygiene=True,
        )
        return
    least = distribution[LEAST] or OLD[1]
    if least in OLD:
        data = delivered(app, distribution)
        yield Finding(
            distribution.where(LEAST),
            f"{distribution.name} lets viewers use {least}"
            + (f", with {titles(data)}" if data else ""),
            cwe="CWE-326",
            endangers=(distribution.id,),
            fix=setting(distribution, LEAST, "TLSv1.2_2021", "TLS 1.2 and later"),
            key=(least,),
            data=tuple(data),
            hygiene=not data,
        )
