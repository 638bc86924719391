"""Make ``catalog/data/peers.json``: the checks of other tools, by the service they are about.

    python tools/catalog_peers.py FOLDER

FOLDER holds what ``pip download --no-deps checkov prowler`` and ``npm pack cdk-nag`` fetched, and
``guard``, a checkout of CloudFormation Guard's rules registry. Ids and services only: what they
check is not copied. Equal packages give an equal file.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from checkrein.catalog.peers import NETWORK, service_of

TARGET = Path(__file__).parent.parent / "src/checkrein/catalog/data/peers.json"
Found = Iterator[tuple[str, str]]  # the name of a service in a tool's words, the id


def main() -> int:
    """Read the packages and write the file."""
    folder = Path(sys.argv[1])
    wheels = {path.name.split("-")[0]: path for path in folder.glob("*.whl")}
    nag = next(folder.glob("cdk-nag-*.tgz"))
    tools = {
        "Checkov": list(_checkov(wheels["checkov"])),
        "cfn-guard": list(_guard(folder / "guard")),
        "cdk-nag": list(_cdk_nag(nag)),
        "Prowler": list(_prowler(wheels["prowler"])),
        "FSBP": list(_fsbp(wheels["prowler"])),
    }
    services: dict[str, dict[str, set[str]]] = {}
    for tool, found in tools.items():
        for name, id in found:
            services.setdefault(service_of(name), {}).setdefault(tool, set()).add(id)
    content = {
        "sources": [wheels["checkov"].name, wheels["prowler"].name, nag.name],
        "services": {
            service: {tool: sorted(ids) for tool, ids in sorted(by_tool.items())}
            for service, by_tool in sorted(services.items())
        },
    }
    TARGET.write_text(json.dumps(content, indent=1) + "\n")
    return 0


def _checkov(wheel: Path) -> Found:
    """Yield the types and ids of checks of CloudFormation, as their classes say them."""
    with zipfile.ZipFile(wheel) as content:
        for path in sorted(content.namelist()):
            if path.startswith("checkov/cloudformation/checks/resource/aws/"):
                tree = ast.parse(content.read(path)) if path.endswith(".py") else ast.parse("")
                words = [
                    node.value
                    for node in ast.walk(tree)
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                ]
                types = [word for word in words if re.fullmatch(r"AWS::\w+::\w+", word)]
                ids = [word for word in words if re.fullmatch(r"CKV_AWS_\d+", word)]
                yield from ((type, id) for type in types for id in ids)


def _guard(checkout: Path) -> Found:
    for path in sorted((checkout / "rules/aws").rglob("*.guard")):
        name = path.stem if NETWORK.search(path.stem) else path.parent.name
        yield name, path.stem.upper()


def _cdk_nag(package: Path) -> Found:
    with tarfile.open(package) as content:
        pack = content.extractfile("package/lib/packs/aws-solutions.js")
        text = pack.read().decode() if pack else ""
    rule = re.compile(r"ruleSuffixOverride: '(\w+)'.*?rule: (\w+?)_\d\.(\w+)", re.DOTALL)
    for suffix, folder, name in rule.findall(text):
        yield (name if NETWORK.search(name) else folder), f"AwsSolutions-{suffix}"


def _prowler(wheel: Path) -> Found:
    with zipfile.ZipFile(wheel) as content:
        for path in map(PurePosixPath, sorted(content.namelist())):
            if path.match("prowler/providers/aws/services/*/*/*.metadata.json"):
                check = path.parent.name
                yield (check if NETWORK.search(check) else path.parts[4]), check


def _fsbp(wheel: Path) -> Found:
    file = "prowler/compliance/aws/aws_foundational_security_best_practices_aws.json"
    with zipfile.ZipFile(wheel) as content:
        for requirement in json.loads(content.read(file))["Requirements"]:
            id = requirement["Id"]
            yield (id if NETWORK.search(id) else id.partition(".")[0]), id


if __name__ == "__main__":
    sys.exit(main())
