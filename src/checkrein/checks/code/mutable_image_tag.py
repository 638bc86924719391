"""A tag of an image can be moved to another image.

## Why

With mutable tags, which is the default, `orders:1` is today's image and tomorrow's: whoever may push replaces what is deployed next
under a name that was reviewed. Nothing shows what ran when.

## Fix

Set `ImageTagMutability: IMMUTABLE`, and deploy by digest.

## Examples

```yaml bad template.yaml
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: orders
      ImageScanningConfiguration: {ScanOnPush: true}
      ImageTagMutability: MUTABLE  #! what runs as Order can be replaced under the same tag of Images
  Order:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ImageUri: !Sub "${Images.RepositoryUri}:1"}
```

```yaml bad template.yaml
Resources:
  Images:  #? tags of Images can be moved
    Type: AWS::ECR::Repository
    Properties: {RepositoryName: orders, ImageScanningConfiguration: {ScanOnPush: true}}
```

```yaml good template.yaml
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      {RepositoryName: orders, ImageScanningConfiguration: {ScanOnPush: true}, ImageTagMutability: IMMUTABLE}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.checks.images import REPOSITORY, running
from checkrein.checks.questions import listed, short
from checkrein.model import App, Finding, Resource

PROPERTY = "ImageTagMutability"


@check(
    resource(REPOSITORY),
    fault=1,
    topics=("integrity",),
    frameworks=(
        "CWE-494",
        "OWASP-2025:A08",
        "OWASP-2021:A08",
        "AWS-FSBP:ECR.2",
        "NIST-800-53r5:SI-7",
    ),
    peers=("CKV_AWS_51", "ECR.2", "ecr_repositories_tag_immutability", "AWS-0031"),
)
def mutable_image_tag(repository: Resource, app: App) -> Iterator[Finding]:
    if str(repository[PROPERTY] or "MUTABLE") not in ("MUTABLE", "MUTABLE_WITH_EXCLUSION"):
        return
    users = running(app, repository)
    yield Finding(
        place_of(repository, PROPERTY),
        f"what runs as {listed(short(u.id) for u in users)} can be replaced under the same tag"
        f" of {repository.name}"
        if users
        else f"tags of {repository.name} can be moved",
        cwe="CWE-494",
        endangers=tuple(user.id for user in users) or (repository.id,),
        fix=set_fix(repository, [(PROPERTY, "IMMUTABLE")], "let a tag name one image for ever"),
        key=("mutable",),
        hygiene=not users,
    )
