"""Images are not scanned for known vulnerabilities when they are pushed.

## Why

An image carries an operating system and packages that nobody chose one by one. Scanning on push tells of known holes
before the image runs; scanning can be set for a whole registry too.

## Fix

Set `ImageScanningConfiguration: {ScanOnPush: true}`, or an `AWS::ECR::RegistryScanningConfiguration`.

## Examples

```yaml bad template.yaml
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties: {RepositoryName: orders, ImageTagMutability: IMMUTABLE}
  Order:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ImageUri: !Sub "${Images.RepositoryUri}:1"}  #! Order runs an image of Images that nobody scanned
```

```yaml bad template.yaml
Resources:
  Images:  #? images of Images are not scanned
    Type: AWS::ECR::Repository
    Properties: {RepositoryName: orders, ImageTagMutability: IMMUTABLE}
```

```yaml good template.yaml
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      {RepositoryName: orders, ImageTagMutability: IMMUTABLE, ImageScanningConfiguration: {ScanOnPush: true}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import resources, set_fix, together
from checkrein.checks.images import REPOSITORY, running
from checkrein.checks.questions import listed, short
from checkrein.model import App, Finding, Resource

SCANS = "ImageScanningConfiguration.ScanOnPush"
REGISTRY = "AWS::ECR::RegistryScanningConfiguration"


@check(
    resource(REPOSITORY),
    fault=1,
    topics=("dependencies",),
    frameworks=(
        *("CWE-1395", "OWASP-2025:A03", "OWASP-2021:A06", "AWS-FSBP:ECR.1"),
        *("PCI-DSS-4.0.1:6.3.1", "NIST-800-53r5:RA-5"),
    ),
    peers=(
        *("CKV_AWS_163", "ECR.1", "W79", "ECR_REPO_SCAN_ON_PUSH_RULE", "AWS-0030"),
        *("ecr_repositories_scan_images_on_push_enabled",),
        "ecr_registry_scan_images_on_push_enabled",
    ),
)
def unscanned_image(repository: Resource, app: App) -> Iterator[Finding]:
    if repository[SCANS] or any(together(app, r, repository) for r in resources(app, REGISTRY)):
        return
    users = running(app, repository)
    yield Finding(
        users[0].where("Code") if users else repository.place,
        f"{listed(short(u.id) for u in users)} runs an image of {repository.name} that nobody scanned"
        if users
        else f"images of {repository.name} are not scanned",
        cwe="CWE-1395",
        endangers=tuple(user.id for user in users) or (repository.id,),
        fix=set_fix(repository, [(SCANS, True)], "scan on push", safe=True),
        key=("scan",),
        hygiene=not users,
    )
