"""A service that would notice an attack is declared, and switched off.

## Why

GuardDuty, Macie, Security Hub and Config cost nothing to declare; switched off, or without the part that looks at buckets
and functions, they look like protection in a diagram and see nothing.

## Fix

Set `Enable: true`, `Status: ENABLED`, and the features for S3 and Lambda.

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
  Detector:  #? Detector does not look at S3 and Lambda
    Type: AWS::GuardDuty::Detector
    Properties: {Enable: true}
```

```yaml good template.yaml
Resources:
  Detector:
    Type: AWS::GuardDuty::Detector
    Properties:
      Enable: true
      Features: [{Name: S3_DATA_EVENTS, Status: ENABLED}, {Name: LAMBDA_NETWORK_LOGS, Status: ENABLED}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open, set_fix
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Path, Resource

DETECTOR = "AWS::GuardDuty::Detector"
OFF: dict[str, tuple[tuple[Path, object, object], ...]] = {  # the path, off, on
    DETECTOR: (
        (("Enable",), False, True),
        (("DataSources", "S3Logs", "Enable"), False, True),
    ),
    "AWS::Macie::Session": ((("Status",), "PAUSED", "ENABLED"),),
    "AWS::SecurityHub::Hub": ((("EnableDefaultStandards",), False, True),),
    "AWS::Config::ConfigurationRecorder": ((("RecordingGroup", "AllSupported"), False, True),),
}
TOLD = {
    "AWS::SecurityHub::Hub": "checks no standard of AWS's",
    "AWS::Config::ConfigurationRecorder": "records some kinds of resources only",
}
FEATURES = {"S3": ("S3_DATA_EVENTS",), "Lambda": ("LAMBDA_NETWORK_LOGS",)}


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
def detection_switched_off(service: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
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
    listed_ = detector.value("Features")
    if is_open(listed_):
        return
    on = {f.get("Name") for f in (listed_ or ()) if f.get("Status") == "ENABLED"}
    if detector.value(("DataSources", "S3Logs", "Enable")) is True:
        on.add("S3_DATA_EVENTS")
    missing = [name for name, features in FEATURES.items() if not on & {*features}]
    if missing:
        yield Finding(
            detector.place,
            f"{detector.name} does not look at {listed(missing)}",
            cwe="CWE-778",
            endangers=(detector.id,),
            key=tuple(missing),
            hygiene=True,
        )
