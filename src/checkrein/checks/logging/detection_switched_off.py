"""A service that would notice an attack is declared, and switched off.

## Why

GuardDuty, Macie, Security Hub and Config cost nothing to declare; switched off, or without the part that looks at buckets
and functions, they look like protection in a diagram and see nothing. GuardDuty's parts are on where nobody names them.

## Fix

Set `Enable: true`, `Status: ENABLED`, and let the features for S3 and Lambda be on.

## Examples

```yaml bad template.yaml
Resources:
  Detector:
    Type: AWS::GuardDuty::Detector
    Properties:
      Enable: false  #! Detector is switched off
      Features: [{Name: S3_DATA_EVENTS, Status: ENABLED}, {Name: LAMBDA_NETWORK_LOGS, Status: ENABLED}]
```

```yaml bad template.yaml
Resources:
  Detector:
    Type: AWS::GuardDuty::Detector
    Properties:
      Enable: true
      Features: [{Name: S3_DATA_EVENTS, Status: DISABLED}, {Name: LAMBDA_NETWORK_LOGS, Status: DISABLED}]  #? Detector does not look at S3 and Lambda
```

```yaml bad template.yaml
Resources:
  Hub:
    Type: AWS::SecurityHub::Hub
    Properties:
      EnableDefaultStandards: false  #? Hub checks no standard of AWS's
```

A detector looks at whatever it is not told to leave out:

```yaml good template.yaml
Resources:
  Detector:
    Type: AWS::GuardDuty::Detector
    Properties:
      Enable: true
      Features: [{Name: S3_DATA_EVENTS, Status: ENABLED}]
```

Standards may be chosen one by one:

```yaml good template.yaml
Resources:
  Hub: {Type: AWS::SecurityHub::Hub, Properties: {EnableDefaultStandards: false}}
  Practices:
    Type: AWS::SecurityHub::Standard
    Properties: {StandardsArn: "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import resources, set_fix
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Path, Resource

DETECTOR = "AWS::GuardDuty::Detector"
HUB, STANDARD = "AWS::SecurityHub::Hub", "AWS::SecurityHub::Standard"
OFF: dict[str, tuple[tuple[Path, object, object], ...]] = {  # the path, off, on
    DETECTOR: (
        (("Enable",), False, True),
        (("DataSources", "S3Logs", "Enable"), False, True),
    ),
    "AWS::Macie::Session": ((("Status",), "PAUSED", "ENABLED"),),
    HUB: ((("EnableDefaultStandards",), False, True),),
    "AWS::Config::ConfigurationRecorder": ((("RecordingGroup", "AllSupported"), False, True),),
}
TOLD = {
    HUB: "checks no standard of AWS's",
    "AWS::Config::ConfigurationRecorder": "records some kinds of resources only",
}
FEATURES = {"S3_DATA_EVENTS": "S3", "LAMBDA_NETWORK_LOGS": "Lambda"}


@check(
    resource(*OFF),
    fault=1,
    topics=("threat-detection",),
    frameworks=(
        *("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "AWS-FSBP:GuardDuty.1"),
        *("AWS-FSBP:Macie.1", "AWS-FSBP:Config.1", "NIST-800-53r5:SI-4"),
    ),
    peers=(
        *("GuardDuty.1", "GuardDuty.6", "GuardDuty.10", "Macie.1", "Config.1", "CKV_AWS_238"),
        *("guardduty_is_enabled", "guardduty_s3_protection_enabled", "macie_is_enabled"),
        *("guardduty_lambda_protection_enabled", "securityhub_enabled"),
        "config_recorder_all_regions_enabled",
    ),
)
def detection_switched_off(service: Resource, app: App) -> Iterator[Finding]:
    if service.type == HUB and resources(app, STANDARD):
        return  # its standards are chosen one by one
    for path, off, on in OFF[service.type]:
        if service.value(path) == off:
            part = " for S3" if "S3Logs" in path else ""
            said = TOLD.get(service.type, f"is switched off{part}")
            yield Finding(
                service.where(path),
                f"{service.name} {said}",
                cwe="CWE-778",
                endangers=(service.id,),
                fix=set_fix(service, [(path, on)], "switch it on"),
                key=tuple(map(str, path)),
                hygiene=service.type in TOLD,
            )
    if service.type == DETECTOR and service.value("Enable") is not False:
        yield from _features(service)


def _features(detector: Resource) -> Iterator[Finding]:
    """Yield the parts of GuardDuty that are named and off: CreateDetector leaves all others on."""
    told = detector.value("Features")
    named = told if isinstance(told, list) else []
    off = [f for f in named if isinstance(f, dict) and f.get("Status") == "DISABLED"]
    missing = [FEATURES[name] for f in off if (name := str(f.get("Name"))) in FEATURES]
    if missing:
        yield Finding(
            detector.where("Features"),
            f"{detector.name} does not look at {listed(missing)}",
            cwe="CWE-778",
            endangers=(detector.id,),
            key=tuple(missing),
            hygiene=True,
        )
