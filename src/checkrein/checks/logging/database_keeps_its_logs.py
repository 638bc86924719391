"""A database keeps its logs to itself.

## Why

What was asked, who signed in and who could not stands in logs on the database's own disk, which go round and vanish with it;
no alarm can look at them there.

## Fix

Set `EnableCloudwatchLogsExports` (`LogPublishingOptions` for search domains).

## Examples

```yaml bad template.yaml
Resources:
  Orders:  #? Orders keeps its logs to itself
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, MasterUsername: shop, ManageMasterUserPassword: true}
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-postgresql
      MasterUsername: shop
      ManageMasterUserPassword: true
      EnableCloudwatchLogsExports: [postgresql]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.databases import (
    CLUSTER,
    DOCUMENTS,
    GRAPH,
    GROUP,
    INSTANCE,
    OLD_SEARCH,
    SEARCH,
    WAREHOUSE,
    is_member,
    told,
)
from checkrein.model import App, Finding, Resource

EXPORTS = {
    INSTANCE: "EnableCloudwatchLogsExports",
    CLUSTER: "EnableCloudwatchLogsExports",
    DOCUMENTS: "EnableCloudwatchLogsExports",
    GRAPH: "EnableCloudwatchLogsExports",
    WAREHOUSE: "LoggingProperties",
    GROUP: "LogDeliveryConfigurations",
    SEARCH: "LogPublishingOptions",
    OLD_SEARCH: "LogPublishingOptions",
}


@check(
    resource(*EXPORTS),
    fault=1,
    topics=("logging",),
    frameworks=(
        *("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "AWS-FSBP:RDS.9"),
        *("PCI-DSS-4.0.1:10.2.1", "NIST-800-53r5:AU-2"),
    ),
    peers=(
        *("CKV_AWS_71", "CKV_AWS_84", "CKV_AWS_85", "CKV_AWS_101", "CKV_AWS_317", "RDS.9"),
        *("RDS.34", "RDS.36", "RDS.37", "DocumentDB.4", "Neptune.2", "Redshift.4", "ES.4", "ES.5"),
        *(
            "OpenSearch.4",
            "OpenSearch.5",
            "Opensearch.4",
            "Opensearch.5",
            "AwsSolutions-RDS16",
            "AwsSolutions-DOC5",
        ),
        *("AwsSolutions-OS9", "RDS_LOGGING_ENABLED", "ELASTICSEARCH_LOGS_TO_CLOUDWATCH"),
        *("ELASTICSEARCH_APPLICATION_LOGGING_ENABLED", "OPENSEARCH_APPLICATION_LOGGING_ENABLED"),
        *("ELASTICSEARCH_AUDIT_LOGGING_ENABLED", "OPENSEARCH_AUDIT_LOGGING_ENABLED"),
        *("rds_instance_integration_cloudwatch_logs", "rds_cluster_integration_cloudwatch_logs"),
        *(
            "documentdb_cluster_cloudwatch_log_export",
            "neptune_cluster_integration_cloudwatch_logs",
        ),
        *("opensearch_service_domains_audit_logging_enabled", "redshift_cluster_audit_logging"),
        "opensearch_service_domains_cloudwatch_logging_enabled",
    ),
    hygiene=True,
)
def database_keeps_its_logs(database: Resource, app: App) -> Iterator[Finding]:
    if is_member(database) or database.value(EXPORTS[database.type]):
        return
    data, _ = told(app, database)
    yield Finding(
        database.place,
        f"{database.name} keeps its logs to itself",
        cwe="CWE-778",
        endangers=(database.id,),
        data=data,
    )
