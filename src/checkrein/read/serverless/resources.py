"""What a service declares in CloudFormation's own words, merged into what the framework makes."""

from __future__ import annotations

from typing import Any

from checkrein.model import Path
from checkrein.model.values import text
from checkrein.read.serverless.document import Document, joined, stripped
from checkrein.read.serverless.functions import Deployed, tags
from checkrein.read.serverless.naming import BUCKET
from checkrein.read.serverless.parts import Part

SECTIONS = ("Parameters", "Mappings", "Conditions", "Transform", "Metadata", "Rules", "Description")
UNREAD = "what it declares is not in the table"
BLOCKED = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)


def add_bucket(document: Document) -> None:
    """Add the bucket that the framework uploads to, unless the service names another."""
    asked = document.provider["deploymentBucket"]
    name = asked["name"] if asked.is_map else asked
    if name:
        document.output(f"{BUCKET}Name", name.value)
        return
    options = asked if asked.is_map else Part({}, document.provider.path)
    encrypted = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    rules = {"ServerSideEncryptionConfiguration": [encrypted]}
    why = "for the archives that it deploys"
    document.put(
        BUCKET, "AWS::S3::Bucket",
        {
            "BucketEncryption": rules,
            "Tags": tags(options["tags"]) or None,
            "PublicAccessBlockConfiguration": dict.fromkeys(BLOCKED, True)
            if options["blockPublicAccess"]
            else None,
            "VersioningConfiguration": {"Status": "Enabled"} if options["versioning"] else None,
        },
        options, added=why,
    )  # fmt: skip
    document.output(f"{BUCKET}Name", {"Ref": BUCKET})
    if not options["skipPolicySetup"]:
        _add_bucket_policy(document, options)


def _add_bucket_policy(document: Document, options: Part) -> None:
    own = joined("arn:", {"Ref": "AWS::Partition"}, ":s3:::", {"Ref": BUCKET})
    inside = joined("arn:", {"Ref": "AWS::Partition"}, ":s3:::", {"Ref": BUCKET}, "/*")
    statement = {
        "Action": "s3:*",
        "Effect": "Deny",
        "Principal": "*",
        "Resource": [inside, own],
        "Condition": {"Bool": {"aws:SecureTransport": False}},
    }
    policy = {"Bucket": {"Ref": BUCKET}, "PolicyDocument": {"Statement": [statement]}}
    why = "to refuse requests without TLS"
    document.put(f"{BUCKET}Policy", "AWS::S3::BucketPolicy", policy, options, added=why)


def add_log_groups(document: Document, functions: list[Deployed]) -> None:
    """Add each function's log group."""
    for function in functions:
        part = function.part
        if not part["disableLogs"]:
            common = document.days_of_logs or document.provider["logRetentionInDays"]
            days = part["logRetentionInDays"] or common
            policy = part["logDataProtectionPolicy"] or document.provider["logDataProtectionPolicy"]
            document.put(
                f"{function.normalised}LogGroup", "AWS::Logs::LogGroup",
                {
                    "LogGroupName": text(["/aws/lambda/", function.name]),
                    "RetentionInDays": days or None,
                    "DataProtectionPolicy": policy or None,
                },
                part, called=f"{function.key}LogGroup",
            )  # fmt: skip


def merge_declared(document: Document) -> None:
    """Merge ``resources:`` into the document, then what it extends of the framework's own."""
    declared = document.root["resources"]
    sources = list(declared) if isinstance(declared.value, list) else [declared]
    extensions = []
    for source in sources:
        if source.is_absent:
            continue
        if not source.is_map:
            document.lose(f"resources are not known here ({source.value})", UNREAD, source)
            continue
        _merge_template(document, source)
        extensions.append(source["extensions"])
    for section in extensions:
        _extend(document, section)


def _merge_template(document: Document, source: Part) -> None:
    _merge_resources(document, source["Resources"])
    _merge_outputs(document, source["Outputs"])
    for name in SECTIONS:
        _merge_section(document, name, source[name])


def _merge_resources(document: Document, section: Part) -> None:
    if section.is_open:
        document.lose(f"resources are not known here ({section.value})", UNREAD, section)
    for id, part in section.items():
        if part.is_absent:
            continue
        known = id in document.resources
        if not part.is_map or not (known or part["Type"]):
            document.lose(f"what the resource {id} is cannot be told", UNREAD, part)
            continue
        document.made.added.pop(id, None)
        document.written_at(id, (), part)
        _merge_resource(document, id, part)


def _merge_resource(document: Document, id: str, part: Part) -> None:
    resource = document.resources.setdefault(id, {})
    for name, item in part.items():
        if name == "Properties" and item.is_map:
            _merge(document, id, resource.setdefault(name, {}), item, ())
        elif name == "DependsOn" and resource.get(name):
            merged = [*Part(resource[name], ()), *item]
            resource[name] = list(dict.fromkeys(str(each.value) for each in merged))
        elif not item.is_absent:
            resource[name] = item.value


def _merge(document: Document, id: str, target: dict[str, Any], source: Part, at: Path) -> None:
    """Merge maps into maps and lists into lists, item by item, as the framework does."""
    for key, item in source.items():
        there = target.get(key)
        if isinstance(there, dict) and item.is_map:
            _merge(document, id, there, item, (*at, key))
        elif isinstance(there, list) and isinstance(item.value, list):
            _merge_list(document, id, there, item, (*at, key))
        elif not item.is_absent:
            target[key] = stripped(item.value)
            document.written_at(id, (*at, key), item)


def _merge_list(document: Document, id: str, target: list[Any], source: Part, at: Path) -> None:
    for index, item in enumerate(source):
        below = (*at, index)
        if index < len(target) and isinstance(target[index], dict) and item.is_map:
            _merge(document, id, target[index], item, below)
            continue
        target[index : index + 1] = [stripped(item.value)]
        document.written_at(id, below, item)


def _merge_outputs(document: Document, section: Part) -> None:
    for name, part in section.items():
        if part.is_map:
            document.outputs[name] = {**document.outputs.get(name, {}), **part.value}
            place = document.service.place(part.path)
            document.made.places[("Outputs", name)] = {(): place}
        elif not part.is_absent:
            document.lose(f"what the output {name} is cannot be told", UNREAD, part)


def _merge_section(document: Document, name: str, section: Part) -> None:
    if section.is_map:
        merged = document.sections.setdefault(name, {})
        for key, part in section.items():
            merged[key] = part.value
            place = document.service.place(part.path)
            document.made.places[(name, key)] = {(): place}
    elif not section.is_absent:
        document.sections[name] = section.value


def _extend(document: Document, section: Part) -> None:
    """Put in what ``extensions`` say of resources: properties as they are, not merged."""
    for id, part in section.items():
        resource = document.resources.get(id)
        if resource is None:
            reason = f"the extension of {id} has nothing to extend"
            document.lose(reason, "it is not applied", part)
            continue
        for name, item in part.items():
            if name == "Properties":
                for key, value in item.items():
                    resource.setdefault(name, {})[key] = stripped(value.value)
                    document.written_at(id, (key,), value)
            elif name == "DependsOn":
                before = Part(resource.get(name), ())
                resource[name] = [each.value for each in (*before, *item)]
            elif name == "Metadata" and item.is_map:
                resource[name] = {**resource.get(name, {}), **item.value}
            else:
                resource[name] = item.value


def name_exports(document: Document) -> None:
    """Give each output the name that the framework exports it under."""
    for name, output in document.outputs.items():
        if "Export" not in output:
            named = text(["sls-", document.name, "-", document.stage, "-", name])
            output["Export"] = {"Name": named}
