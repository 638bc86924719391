"""Make ``catalog/data/coercion.json.z``: which properties of CloudFormation types are no strings.

Usage: ``python tools/catalog_schema.py`` (downloads cfn-lint's wheel with pip).
Source: cfn-lint (MIT-0), which ships AWS's resource schemas of the region us-east-1.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "src/checkrein/catalog/data/coercion.json.z"
INSIDE = "cfnlint/data/schemas"
# Services that serverless applications use; the others' values stay as they are written.
SERVICES = {
    "ApiGateway", "ApiGatewayV2", "AppConfig", "AppSync", "ApplicationAutoScaling", "Athena",
    "Backup", "Bedrock", "CertificateManager", "CloudFront", "CloudTrail", "CloudWatch",
    "CodeBuild", "Cognito", "Config", "DAX", "DMS", "DocDB", "DynamoDB", "EC2", "ECR", "ECS",
    "EFS", "ElastiCache", "ElasticLoadBalancingV2", "Events", "Glue", "GuardDuty", "IAM", "IoT",
    "KMS", "Kinesis", "KinesisAnalyticsV2", "KinesisFirehose", "LakeFormation", "Lambda",
    "Location", "Logs", "MSK", "Macie", "MemoryDB", "Neptune", "OpenSearchServerless",
    "OpenSearchService", "Pipes", "RDS", "Redshift", "RedshiftServerless", "Route53", "S3",
    "SES", "SNS", "SQS", "SSM", "Scheduler", "SecretsManager", "SecurityHub", "StepFunctions",
    "Synthetics", "Timestream", "VpcLattice", "WAFv2", "XRay",
}  # fmt: skip
LETTERS = {"boolean": "b", "integer": "i", "number": "n"}
DEEPEST = 12

Tree = dict[str, Any] | str | None


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "cfn-lint", "--no-deps", "-qd", folder]
        subprocess.run(command, check=True)
        wheel = next(Path(folder).glob("*.whl"))
        name, version = wheel.name.split("-")[:2]
        with zipfile.ZipFile(wheel) as archive:
            content, date = read(archive)
    source = {
        "name": name.replace("_", "-"),
        "version": version,
        "licence": "MIT-0",
        "date": date,
        "taken": datetime.now(UTC).date().isoformat(),
    }
    text = json.dumps({"source": source, "types": content}, separators=(",", ":"), sort_keys=True)
    TARGET.write_bytes(zlib.compress(text.encode(), 9))


def read(archive: zipfile.ZipFile) -> tuple[dict[str, Tree], str]:
    """Return each wanted type's tree, and the date of the schemas."""
    index = json.loads(archive.read(f"{INSIDE}/providers/us-east-1.json"))
    found: dict[str, Tree] = {}
    for type, key in index.items():
        if type.split("::")[1] in SERVICES and type.startswith("AWS::"):
            schema = json.loads(archive.read(f"{INSIDE}/resources/{key}.json"))
            tree = shape(schema, schema, 0)
            if tree:
                found[type] = tree
    date = json.loads(archive.read(f"{INSIDE}/version.json"))["schema_date"][:10]
    return found, date


def shape(node: Any, schema: dict[str, Any], depth: int) -> Tree:
    """Return which parts of a schema are no strings: a letter, or a tree ("*": each item)."""
    while isinstance(node, dict) and "$ref" in node:
        node = pointed(node["$ref"], schema)
    if not isinstance(node, dict) or depth > DEEPEST:
        return None
    kind = node.get("type")
    if isinstance(kind, str) and kind in LETTERS:
        return LETTERS[kind]
    parts = {key: shape(part, schema, depth + 1) for key, part in properties(node).items()}
    found: dict[str, Any] = {key: part for key, part in parts.items() if part}
    if "items" in node and (items := shape(node["items"], schema, depth + 1)):
        found["*"] = items
    for part in node.get("patternProperties", {}).values():
        kinds = part.get("type")
        text = kinds == "string" or (isinstance(kinds, list) and "string" in kinds)
        each = "s" if text else shape(part, schema, depth + 1)
        if each:
            found["*"] = each
    return found or None


def properties(node: dict[str, Any]) -> dict[str, Any]:
    """Return a schema's properties, those of its variants included."""
    found = dict(node.get("properties", {}))
    for word in ("anyOf", "oneOf", "allOf"):
        for variant in node.get(word, []):
            if isinstance(variant, dict):
                found |= {k: v for k, v in variant.get("properties", {}).items() if k not in found}
    return found


def pointed(reference: str, schema: dict[str, Any]) -> Any:
    node: Any = schema
    for key in reference.removeprefix("#/").split("/"):
        node = node.get(key, {}) if isinstance(node, dict) else {}
    return node


if __name__ == "__main__":
    main()
