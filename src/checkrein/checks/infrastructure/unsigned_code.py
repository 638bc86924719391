"""A function runs whatever code somebody uploads for it.

## Why

With a code signing configuration Lambda takes only packages that a trusted profile signed: who gets at the
deployment's credentials or its bucket then still can not change what runs. Few teams need it; those whose
auditors ask for integrity of what is deployed do.

## Fix

Make an `AWS::Lambda::CodeSigningConfig` with the signing profiles of your pipeline and name it in
`CodeSigningConfigArn`, with `UntrustedArtifactOnDeployment: Enforce`.

## Examples

```yaml bad template.yaml
Resources:
  Rides:  #? nothing checks who made the code of Rides
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {S3Bucket: packages, S3Key: rides.zip}
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {S3Bucket: packages, S3Key: rides.zip}
      CodeSigningConfigArn: !Ref Signing
  Signing:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers:
        SigningProfileVersionArns: ["arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release/abcdefghij"]
      CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}
```

```yaml bad template.yaml
Resources:
  Signing:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers:
        SigningProfileVersionArns: ["arn:aws:signer:eu-west-1:111122223333:/signing-profiles/release/abcdefghij"]
      CodeSigningPolicies:
        UntrustedArtifactOnDeployment: Warn  #? Signing only warns of code that nobody signed
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Resource

POLICY = "CodeSigningPolicies.UntrustedArtifactOnDeployment"


@check(
    resource("AWS::Lambda::Function", "AWS::Lambda::CodeSigningConfig"),
    fault=1,
    topics=("integrity",),
    frameworks=("CWE-345",),
    peers=("CKV_AWS_272",),
    hygiene=True,
)
def unsigned_code(subject: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if subject.type == "AWS::Lambda::Function":
        if (
            subject.value("CodeSigningConfigArn") is None
            and subject.value("PackageType") != "Image"
        ):
            yield Finding(
                subject.place,
                f"nothing checks who made the code of {subject.name}",
                cwe="CWE-345",
                endangers=(subject.id,),
            )
    elif subject[POLICY] != "Enforce":
        yield Finding(
            subject.where(POLICY),
            f"{subject.name} only warns of code that nobody signed",
            cwe="CWE-345",
            fix=setting(subject, POLICY, "Enforce", "refuse code that nobody signed"),
        )
