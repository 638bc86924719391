"""A certificate is asked for in a way that ends badly.

## Why

Validation by e-mail, which is what happens unless told otherwise, needs somebody to click each year: the year nobody does, the site
is down. A wildcard certificate is good for names that nobody thought of, so one lost key or one forgotten host
speaks for all. Without the transparency log nobody sees a certificate that was issued by mistake.

## Fix

Set `ValidationMethod: DNS` with `DomainValidationOptions.HostedZoneId`, name the hosts, and leave the log on.

## Examples

```yaml bad template.yaml
Resources:
  Certificate:  #? Certificate is validated by e-mail: it will not renew by itself
    Type: AWS::CertificateManager::Certificate
    Properties: {DomainName: shop.example.com}
```

```yaml bad template.yaml
Resources:
  Certificate:
    Type: AWS::CertificateManager::Certificate
    Properties:
      ValidationMethod: DNS
      DomainName: "*.example.com"  #? Certificate is good for every name below example.com
```

```yaml good template.yaml
Resources:
  Certificate:
    Type: AWS::CertificateManager::Certificate
    Properties: {DomainName: shop.example.com, ValidationMethod: DNS}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of
from checkrein.model import App, Finding, Resource

TRANSPARENCY = "CertificateTransparencyLoggingPreference"


@check(
    resource("AWS::CertificateManager::Certificate"),
    fault=1,
    topics=("certificates",),
    frameworks=("CWE-295", "CWE-298", "OWASP-2025:A04", "NIST-800-53r5:SC-17"),
    peers=("acm_certificates_transparency_logs_enabled",),
    hygiene=True,
)
def weak_certificate_request(certificate: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    name = certificate.name
    if certificate.value("ValidationMethod") in (None, "EMAIL"):
        told = "is validated by e-mail: it will not renew by itself"
        yield _finding(certificate, "ValidationMethod", f"{name} {told}")
    domain = certificate.value("DomainName")
    if str(domain).startswith("*."):
        below = domain.removeprefix("*.") if isinstance(domain, str) else "its domain"
        yield _finding(certificate, "DomainName", f"{name} is good for every name below {below}")
    if certificate.value(TRANSPARENCY) == "DISABLED":
        yield _finding(certificate, TRANSPARENCY, f"{name} is left out of the transparency log")


def _finding(certificate: Resource, property: str, message: str) -> Finding:
    return Finding(
        place_of(certificate, property),
        message,
        cwe="CWE-298",
        endangers=(certificate.id,),
        key=(property,),
    )
