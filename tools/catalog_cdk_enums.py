"""Make ``catalog/data/cdk_enums.json.z``: what the enumerations of aws-cdk-lib write.

Usage: ``python tools/catalog_cdk_enums.py FOLDER`` (a folder in whose ``node_modules`` npm has put
aws-cdk-lib, Apache-2.0; runs node).
"""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src/checkrein/catalog/data/cdk_enums.json.z"
LEFT_OUT = frozenset({  # long, and nothing that is read asks for them
    "InstanceClass", "InterfaceVpcEndpointAwsService", "GatewayVpcEndpointAwsService",
    "WindowsVersion", "DataIdentifier", "LogFormat", "Protocol", "RESERVED_TUNNEL_INSIDE_CIDR",
    "BASE_CACHING_KEYS", "WindowsOptimizedVersion", "TmpfsMountOption", "Capability",
    "AcceleratorName", "BottlerocketEcsVariant", "MappingValue",
})  # fmt: skip
MODULES = [
    "apigateway",
    "apigatewayv2",
    "apigatewayv2_authorizers",
    "appsync",
    "certificatemanager",
    "cloudfront",
    "cloudwatch",
    "cognito",
    "dynamodb",
    "ec2",
    "ecr",
    "ecs",
    "efs",
    "elasticloadbalancingv2",
    "events",
    "iam",
    "kinesis",
    "kms",
    "lambda",
    "lambda_event_sources",
    "logs",
    "rds",
    "route53",
    "s3",
    "scheduler",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
    "stepfunctions_tasks",
]
SCRIPT = """
const lib = require('aws-cdk-lib'), found = {};
const held = ['name', 'attributeName', 'value', 'managedPolicyArn', 'originRequestPolicyId',
  'cachePolicyId', 'responseHeadersPolicyId', '_value', 'policyName', 'auroraPostgresFullVersion',
  'auroraMysqlFullVersion', 'postgresFullVersion', 'mysqlFullVersion', 'mariaDbFullVersion'];
for (const name of process.argv[1].split(' ')) {
  const own = lib['aws_' + name];
  for (const key of Object.getOwnPropertyNames(own)) {
    if (key.startsWith('Cfn')) continue;
    const each = own[key], members = {};
    if (each && typeof each === 'object') {
      if (!Object.entries(each).every(([k, v]) => /^[A-Z0-9_]+$/.test(k) && typeof v === 'string'))
        continue;
      Object.assign(members, each);
    } else if (typeof each === 'function') {
      for (const member of Object.getOwnPropertyNames(each)) {
        if (!/^[A-Z][A-Z0-9_a-z]*$/.test(member) || member === 'ALL') continue;
        let made; try { made = each[member]; } catch { continue; }
        if (!made || typeof made !== 'object') continue;
        const said = held.map(h => made[h]).find(v => typeof v === 'string');
        if (said !== undefined) members[member] = said;
      }
    }
    if (Object.keys(members).length) found['aws_' + name + '.' + key] = members;
  }
}
console.log(JSON.stringify(found));
"""


def main() -> None:
    folder = Path(sys.argv[1])
    command = ["node", "-e", SCRIPT, " ".join(MODULES)]
    said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    found: dict[str, dict[str, str]] = json.loads(said)
    enums = {
        name: kept
        for name, members in found.items()
        if name.rpartition(".")[2] not in LEFT_OUT
        and (kept := {key: text for key, text in members.items() if "${Token" not in text})
    }
    package = json.loads((folder / "node_modules/aws-cdk-lib/package.json").read_text())
    source = {
        "name": "aws-cdk-lib",
        "version": package["version"],
        "licence": "Apache-2.0",
        "date": datetime.now(UTC).date().isoformat(),
    }
    text = json.dumps({"source": source, "enums": enums}, separators=(",", ":"), sort_keys=True)
    TARGET.write_bytes(zlib.compress(text.encode(), 9))


if __name__ == "__main__":
    main()
