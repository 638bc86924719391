"""Make ``catalog/data/properties.json.z``: the properties that each CloudFormation type takes.

Usage: ``python tools/catalog_properties.py`` (downloads cfn-lint's wheel with pip).
Source: cfn-lint (MIT-0), which ships AWS's resource schemas of the region us-east-1; for SAM's
types aws-sam-translator (Apache-2.0), as it is installed.
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

from samtranslator.model import sam_resources

TARGET = Path(__file__).parent.parent / "src/checkrein/catalog/data/properties.json.z"
INSIDE = "cfnlint/data/schemas"


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
    types = {type: " ".join(names) for type, names in {**content, **serverless()}.items()}
    text = json.dumps({"source": source, "types": types}, separators=(",", ":"), sort_keys=True)
    TARGET.write_bytes(zlib.compress(text.encode(), 9))


def read(archive: zipfile.ZipFile) -> tuple[dict[str, list[str]], str]:
    """Return the names of each type's properties that a template may set, and the schemas' date."""
    index = json.loads(archive.read(f"{INSIDE}/providers/us-east-1.json"))
    found: dict[str, list[str]] = {}
    for type, key in index.items():
        schema: dict[str, Any] = json.loads(archive.read(f"{INSIDE}/resources/{key}.json"))
        given = {each.removeprefix("/properties/") for each in schema.get("readOnlyProperties", ())}
        found[type] = sorted(set(schema.get("properties", {})) - given)
    date = json.loads(archive.read(f"{INSIDE}/version.json"))["schema_date"][:10]
    return found, date


def serverless() -> dict[str, list[str]]:
    """Return the same of SAM's types."""
    made: list[Any] = [each for each in vars(sam_resources).values() if isinstance(each, type)]
    named = [each for each in made if str(getattr(each, "resource_type", "")).startswith("AWS::S")]
    return {each.resource_type: sorted(each.property_types) for each in named}


if __name__ == "__main__":
    main()
