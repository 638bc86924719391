"""Functions of a service, each with what the provider's settings add to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checkrein.model.values import Open, Text, Value, text
from checkrein.read.paths import BEFORE, BESIDE
from checkrein.read.serverless.document import Document, attribute, shared_role
from checkrein.read.serverless.naming import BUCKET, normalised
from checkrein.read.serverless.parts import EMPTY, Part
from checkrein.read.serverless.plugins.chains import chain

FUNCTION = "AWS::Lambda::Function"
ALIASES = {"provisionedConcurrency": "provisioned", "snapStart": "snapstart"}
ALIAS_IDS = {"provisioned": "ProvConcLambdaAlias", "snapstart": "SnapStartLambdaAlias"}
PLAIN = {  # property by the setting that becomes it as it is
    "description": "Description",
    "reservedConcurrency": "ReservedConcurrentExecutions",
    "recursiveLoop": "RecursiveLoop",
}
UPDATES = {"auto": "Auto", "onFunctionUpdate": "FunctionUpdate", "manual": "Manual"}
IMAGE = {"command": "Command", "entryPoint": "EntryPoint", "workingDirectory": "WorkingDirectory"}
LOGGING = {
    "applicationLogLevel": "ApplicationLogLevel",
    "logFormat": "LogFormat",
    "logGroup": "LogGroup",
    "systemLogLevel": "SystemLogLevel",
}


@dataclass(frozen=True)
class Deployed:
    """A function: its key in the service file, what that says, and its name in the account."""

    key: str
    part: Part
    name: Value

    @property
    def normalised(self) -> str:
        return normalised(self.key)

    @property
    def id(self) -> str:
        return f"{self.normalised}LambdaFunction"

    @property
    def alias(self) -> str:
        """The alias that triggers go to, "" where they go to the function."""
        return next((name for key, name in ALIASES.items() if self.part[key]), "")

    @property
    def alias_id(self) -> str:
        return f"{self.normalised}{ALIAS_IDS[self.alias]}" if self.alias else ""

    @property
    def target(self) -> dict[str, Any]:
        """What triggers invoke."""
        function = attribute(self.id)
        return {"Fn::Join": [":", [function, self.alias]]} if self.alias else function


def functions(document: Document, more: dict[str, Part]) -> list[Deployed]:
    """Return the functions that a service declares; say which of them cannot be read.

    ``more`` are those that plugins read elsewhere, by their names.
    """
    found = []
    declared = document.root["functions"]
    if declared and not isinstance(declared.value, (dict, list)):
        reason = f"which functions there are is not known ({declared.value})"
        document.lose(reason, "they are not in the table", declared)
    for key, part in (*declared.items(), *more.items()):
        if not part.is_map:
            reason = f"what the function {key} is cannot be told ({part.value})"
            document.lose(reason, "it is not in the table", part)
            continue
        default = text([document.name, "-", document.stage, "-", key])
        found.append(Deployed(key, part, part["name"].value or default))
    return found


def add_function(document: Document, function: Deployed) -> None:
    """Add a function with its log group, version, alias, URL and asynchronous settings."""
    part = function.part
    run = chain(document, part) if document.chained else []
    if not (part["handler"] or part["image"] or run):
        reason = f"the function {function.key} has neither a handler nor an image"
        document.lose(reason, "its code is not read", part)
    role, needed = execution_role(document, function)
    code, metadata = _code(document, function)
    if document.folders_beside:
        metadata = {**metadata, BESIDE: list(document.folders_beside)}
    if run[:-1]:
        metadata = {**metadata, BEFORE: [one.word for one in run[:-1]]}
    properties = {
        "FunctionName": part["name"] or function.name,
        **code,
        "MemorySize": _setting(document, part, "memorySize", 1024),
        "Timeout": _setting(document, part, "timeout", 6),
        "Role": role,
        **_settings(document, part),
        **_network(document, part),
        **_environment(document, part),
    }
    logged = [] if part["disableLogs"] else [f"{function.normalised}LogGroup"]
    document.put(
        function.id, FUNCTION, properties, part, Metadata=metadata,
        title=function.key, called=function.key,
        DependsOn=[*logged, *needed, *(each.value for each in part["dependsOn"])],
        Condition=part["condition"].value,
    )  # fmt: skip
    _rights(document, part)
    _add_versions(document, function)


def execution_role(document: Document, function: Deployed) -> tuple[Any, list[str]]:
    """Return a function's role as a property, and the resources that it waits for."""
    role = custom_role(document, function.part)
    if not role:
        return shared_role(), []
    name = role.word
    if name and not name.startswith("arn:"):
        return attribute(name), [name]
    target = role["Fn::GetAtt"][0].word if role.is_map else ""
    return role, [target] if target else []


def custom_role(document: Document, function: Part) -> Part:
    """Return the role that a function, or the provider for all, names; false for the default."""
    if is_existing(function["role"]):
        return function["role"]
    role = document.provider.at("iam", "role")
    if is_existing(role):
        return role
    return document.provider["role"]


def is_existing(role: Part) -> bool:
    """Tell whether ``provider.iam.role`` names a role instead of describing the one to make."""
    if role.is_map:
        return any("::" in key or key == "Ref" for key, _ in role.items())
    return bool(role)


def role_id(document: Document, function: Deployed) -> str:
    """Return the logical id of a function's role, "" for one that is made elsewhere."""
    role, needed = execution_role(document, function)
    return "IamRoleLambdaExecution" if role == shared_role() else next(iter(needed), "")


def _setting(document: Document, function: Part, key: str, default: Any) -> Any:
    found = next((each[key] for each in (function, document.provider) if each[key]), None)
    return default if found is None else found


def _code(document: Document, function: Deployed) -> tuple[dict[str, Any], dict[str, Any]]:
    part = function.part
    if part["image"]:
        return _image(document, part["image"])
    runtime = _setting(document, part, "runtime", Open("the framework's default runtime"))
    handler = _handler(document, part)
    return {"Handler": handler, "Runtime": runtime, "Code": _package(document, part)}, {}


def _handler(document: Document, function: Part) -> Part:
    """Return the handler that is written here: a plugin's own hands on to it."""
    asked = function["handler"]
    if document.folder_of_handlers and asked.word:
        return Part(f"{document.folder_of_handlers}/{asked.word}", asked.path)
    if document.chained and (run := chain(document, function)):
        return run[-1]
    known = document.wrapped.get(asked.word)
    return asked if known is None else function.at("wsgi", "app") or known


def _package(document: Document, function: Part) -> Any:
    """Return where code lies: an archive, or the folder that the framework packs."""
    for package in (function["package"], document.root["package"]):
        if package.is_map and package["artifact"]:
            return package["artifact"]
    return function["module"] if function["module"].word else "."


def _image(document: Document, image: Part) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an image's properties and, where the framework builds it, how."""
    uri = image["uri"] if image.is_map else image
    name = image["name"].word if image.is_map else image.word
    metadata: dict[str, Any] = {}
    if name and not any(sign in name for sign in "/:@"):
        built = document.provider.at("ecr", "images", name)
        uri = built["uri"] if built.is_map else built
        if built.is_map and built["path"]:
            file = built["file"].word or "Dockerfile"
            metadata = {"DockerContext": built["path"].value, "Dockerfile": file}
            uri = Part(Open("the image that the framework builds"), built.path)
    if not uri:
        document.lose(
            f"the image {name or image.value} is not described", "its code is not read", image
        )
        uri = Part(Open("an image that nothing describes"), image.path)
    properties: dict[str, Any] = {"PackageType": "Image", "Code": {"ImageUri": uri}}
    config = {name: image[key] for key, name in IMAGE.items() if image.is_map and image[key]}
    return {**properties, "ImageConfig": config or None}, metadata


def _settings(document: Document, function: Part) -> dict[str, Any]:
    """Return the properties that settings of the same meaning become."""
    provider = document.provider
    found: dict[str, Any] = {
        name: function[key] for key, name in PLAIN.items() if not function[key].is_absent
    }
    architecture = function["architecture"] or provider["architecture"]
    found["Architectures"] = [architecture] if architecture else None
    found["KmsKeyArn"] = _kms_key(document, function) or None
    found["Layers"] = function["layers"] or provider["layers"] or None
    found["Tags"] = tags(provider["tags"], function["tags"]) or None
    if function["ephemeralStorageSize"]:
        found["EphemeralStorage"] = {"Size": function["ephemeralStorageSize"]}
    if function["snapStart"]:
        found["SnapStart"] = {"ApplyOn": "PublishedVersions"}
    if function["onError"]:
        found["DeadLetterConfig"] = {"TargetArn": function["onError"]}
    mode = _tracing(document, function)
    if mode:
        found["TracingConfig"] = {"Mode": Part("Active", mode.path) if mode.value is True else mode}
    return {**found, **_logging(document, function), **_updates(document, function)}


def _kms_key(document: Document, function: Part) -> Part:
    asked = (function["kmsKeyArn"], function["awsKmsKeyArn"], document.provider["kmsKeyArn"])
    service = document.root["service"]
    return next(filter(None, asked), service["awsKmsKeyArn"] if service.is_map else asked[-1])


def _tracing(document: Document, function: Part) -> Part:
    asked = document.provider["tracing"]
    every = asked if asked.value is True else asked["lambda"]  # serverless-plugin-tracing's way
    return function["tracing"] or every


def _logging(document: Document, function: Part) -> dict[str, Any]:
    logs = function["logs"] or document.provider.at("logs", "lambda")
    found = {name: logs[key] for key, name in LOGGING.items() if logs.is_map and logs[key]}
    return {"LoggingConfig": found} if found else {}


def _updates(document: Document, function: Part) -> dict[str, Any]:
    asked = function["runtimeManagement"] or document.provider["runtimeManagement"]
    mode = asked["mode"] if asked.is_map else asked
    if not asked or mode.value == "auto":
        return {}
    version = asked["arn"] if asked.is_map and mode.value == "manual" else None
    update = UPDATES.get(mode.word, mode)
    return {"RuntimeManagementConfig": {"UpdateRuntimeOn": update, "RuntimeVersionArn": version}}


def tags(*maps: Part) -> list[dict[str, Any]]:
    """Return maps of tags as a list; the last of equal keys counts."""
    merged = {key: value for each in maps for key, value in each.items()}
    return [{"Key": key, "Value": value} for key, value in merged.items()]


def _network(document: Document, function: Part) -> dict[str, Any]:
    """Return the network and the file system; ``vpc: null`` or false turns the provider's off."""
    own, common = function["vpc"], document.provider["vpc"]
    if "vpc" in function.value and own.value in (None, False):
        return {}
    if own.is_open or (common.is_open and not own):
        return {"VpcConfig": own or common}
    config = {
        "Ipv6AllowedForDualStack": own["ipv6AllowedForDualStack"] or None,
        "SecurityGroupIds": own["securityGroupIds"] or common["securityGroupIds"],
        "SubnetIds": own["subnetIds"] or common["subnetIds"],
    }
    found: dict[str, Any] = {}
    if config["SecurityGroupIds"] and config["SubnetIds"]:
        found["VpcConfig"] = config
    files = function["fileSystemConfig"]
    if files:
        mount = {"Arn": files["arn"], "LocalMountPath": files["localMountPath"]}
        found["FileSystemConfigs"] = [mount]
    return found


def _environment(document: Document, function: Part) -> dict[str, Any]:
    both = [part for part in (document.provider["environment"], function["environment"]) if part]
    if not both:
        return {}
    unknown = next((part for part in both if part.is_open), None)
    if unknown:
        document.lose(
            f"which environment variables there are is not known ({unknown.value})",
            "what code reads of them is not bound", unknown,
        )  # fmt: skip
    return {"Environment": {"Variables": {k: v for part in both for k, v in part.items()}}}


def _rights(document: Document, function: Part) -> None:
    """Give the shared role what the framework adds for a function's settings."""
    if is_text(function["onError"].value):
        document.allow(allowed("sns:Publish", function["onError"]))
    key = _kms_key(document, function)
    if is_text(key.value):
        _once(document, allowed("kms:Decrypt", key))
    if _tracing(document, function):
        actions = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
        _once(document, {"Effect": "Allow", "Action": actions, "Resource": ["*"]})
    files = function["fileSystemConfig"]
    if files:
        actions = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        document.allow({"Effect": "Allow", "Action": actions, "Resource": [files["arn"]]})


def _once(document: Document, statement: dict[str, Any]) -> None:
    if statement not in document.statements:
        document.allow(statement)


def allowed(action: str, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": [action], "Resource": [resource]}


def is_text(value: Value) -> bool:
    return isinstance(value, (str, Text)) and value not in EMPTY


def _add_versions(document: Document, function: Deployed) -> None:
    """Add the version that each deployment publishes; its id lacks the hash of the code."""
    part = function.part
    asked = part["versionFunction"]
    versions = asked if not asked.is_absent else document.provider["versionFunctions"]
    if versions.value is False and not function.alias:
        return
    id = f"{function.normalised}LambdaVersion"
    version = {"FunctionName": {"Ref": function.id}, "Description": part["description"]}
    why = "to keep what was deployed before"
    document.put(id, "AWS::Lambda::Version", version, part, added=why, DeletionPolicy="Retain")
    arn = f"{function.id}QualifiedArn"
    document.output(arn, {"Ref": id}, "Current Lambda function version")
    if function.alias:
        alias: dict[str, Any] = {
            "FunctionName": {"Ref": function.id},
            "FunctionVersion": attribute(id, "Version"),
            "Name": function.alias,
        }
        if part["provisionedConcurrency"]:
            count = part["provisionedConcurrency"]
            alias["ProvisionedConcurrencyConfig"] = {"ProvisionedConcurrentExecutions": count}
        document.put(function.alias_id, "AWS::Lambda::Alias", alias, part, DependsOn=function.id)


def code_of_framework(document: Document, name: str) -> dict[str, Any]:
    """Return where the framework puts an archive of its own."""
    bucket = document.provider["deploymentBucket"]
    named = bucket["name"] if bucket.is_map else bucket
    return {"S3Bucket": named or {"Ref": BUCKET}, "S3Key": name}


def uses(found: list[Deployed], kind: str) -> Iterator[tuple[Deployed, Part, int, int]]:
    """Yield events of a kind: function, event, position among all, number among its kind."""
    for function in found:
        number = 0
        for position, event in enumerate(function.part["events"], 1):
            if event.is_map and kind in event.value:
                number += 1
                yield function, event[kind], position, number
            elif event.word == kind:
                number += 1
                yield function, Part({}, event.path), position, number
