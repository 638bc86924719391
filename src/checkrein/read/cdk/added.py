"""What CDK adds to an application by itself: nobody wrote it, and nobody can mend it there.

Told by the construct's path, in which CDK gives its own singletons fixed names.
Source: aws-cdk-lib 2.276 and its releases before (``uuid`` of ``SingletonFunction``, type names of
``CustomResourceProvider``).
"""

from __future__ import annotations

from functools import lru_cache

from checkrein.late import regex

PROVIDERS = (
    "S3AutoDeleteObjects|ECRAutoDeleteImages|VpcRestrictDefaultSG|CrossRegionExportWriter"
    "|CrossRegionExportReader|CrossRegionStringParameterReader|CrossAccountZoneDelegation"
    "|AWSCDKOpenIdConnectProvider|AWSCDKCfnUtilsProvider|DescribeCognitoUserPoolSigningKey"
    "|DynamoDBReplica|S3BucketNotifications|Route53DeleteExistingRecordSet|PermissionsBoundary"
)
# a part of the path -> what CDK adds it for
ADDED = (
    (r"LogRetention[0-9a-f]{32}", "to set how long logs are kept"),
    (r"Custom::CDKBucketDeployment\w*", "to copy files into a bucket (BucketDeployment)"),
    (r"AwsCliLayer", "to copy files into a bucket (BucketDeployment)"),
    (r"AWS679f53fac002430cb0da5b7982bd2287", "to call AWS once while deploying"),
    (r"BucketNotificationsHandler\w*", "to set a bucket's notifications"),
    (r"Evala0d2ce44871b4e7487a1f5e63d7c3bdc", "to evaluate an expression in a state machine"),
    (rf"Custom::(?:{PROVIDERS})CustomResourceProvider", "for a custom resource of its own"),
    (r"framework-(?:onEvent|isComplete|onTimeout)", "to run the handlers of a custom resource"),
    (r"waiter-state-machine", "to wait for a custom resource"),
    (r"@aws-cdk--aws-eks\.\w+", "to run a cluster's custom resources"),
    (r"CertificateRequestorFunction", "to request a certificate"),
)
PATTERNS = tuple((regex(pattern), what) for pattern, what in ADDED)


def added_for(construct: str) -> str:
    """Return what CDK made a construct for by itself, "" where the team asked for it."""
    return next(filter(None, map(_added, construct.split("/"))), "")


@lru_cache(maxsize=4096)
def _added(part: str) -> str:
    return next((what for pattern, what in PATTERNS if pattern.fullmatch(part)), "")
