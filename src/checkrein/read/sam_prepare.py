"""What the SAM translator refuses is put aside before, and put back after.

The translator runs where code has already been uploaded: it wants S3 locations for code and
definitions, and would ask AWS about serverless applications. It gets stand-ins; what the user
wrote comes back into the result.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from checkrein.read.sam_economies import copied

BUCKET = "checkrein-local"  # marks a stand-in; no bucket of that name is ever asked for
MARK = "CheckreinSource"  # metadata key that carries the source's logical id through
APPLICATION = f"https://s3.amazonaws.com/{BUCKET}"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/checkrein-local:latest"
GLOBALS = {
    "AWS::Serverless::Function": "Function",
    "AWS::Serverless::Api": "Api",
    "AWS::Serverless::HttpApi": "HttpApi",
    "AWS::Serverless::SimpleTable": "SimpleTable",
    "AWS::Serverless::StateMachine": "StateMachine",
    "AWS::Serverless::LayerVersion": "LayerVersion",
}


@dataclass
class Prepared:
    """A template that the translator accepts, and what was put aside, by source logical id."""

    value: dict[str, Any]
    code: dict[str, Any] = field(default_factory=dict)
    definitions: dict[str, Any] = field(default_factory=dict)


def prepare(template: dict[str, Any]) -> Prepared:
    """Return a copy for the translator, every resource marked with its logical id."""
    prepared = Prepared(copied(template))
    value = prepared.value
    for section in [name for name, found in value.items() if found is None]:
        del value[section]
    known = value.get("Globals")
    if isinstance(known, dict):
        value["Globals"] = {key: item for key, item in known.items() if item}
    for name, declared in list(value["Resources"].items()):
        if not isinstance(declared, dict) or "Type" not in declared:
            del value["Resources"][name]
            continue
        _prepare_resource(prepared, name, declared)
    function = section_of(value, "Function")
    if _is_local(function.get("CodeUri")):
        function["CodeUri"] = f"s3://{BUCKET}/globals"
    return prepared


def section_of(template: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one type's Globals, or an empty mapping."""
    found = template.get("Globals")
    section = found.get(name) if isinstance(found, dict) else None
    return section if isinstance(section, dict) else {}


def _prepare_resource(prepared: Prepared, name: str, declared: dict[str, Any]) -> None:
    if not isinstance(declared.get("Properties"), dict):
        declared["Properties"] = {}
    if not isinstance(declared.get("Metadata"), dict):
        declared["Metadata"] = {}
    declared["Metadata"][MARK] = name
    connectors = declared.get("Connectors")
    for connector, content in connectors.items() if isinstance(connectors, dict) else ():
        if isinstance(content, dict):
            content["Metadata"] = {MARK: f"{name}/{connector}"}
    STAND_INS.get(declared["Type"], _nothing)(prepared, name, declared["Properties"])


def _nothing(_prepared: Prepared, _name: str, _properties: dict[str, Any]) -> None:
    pass


def _layer(prepared: Prepared, name: str, properties: dict[str, Any]) -> None:
    _put_aside(prepared.code, name, properties, "ContentUri", f"s3://{BUCKET}/{name}")


def _application(prepared: Prepared, name: str, properties: dict[str, Any]) -> None:
    _put_aside(prepared.code, name, properties, "Location", f"{APPLICATION}/{name}")


def _api(prepared: Prepared, name: str, properties: dict[str, Any]) -> None:
    if _is_local(properties.get("DefinitionUri")):
        location = f"s3://{BUCKET}/{name}"
        _put_aside(prepared.definitions, name, properties, "DefinitionUri", location)


def _put_aside(
    held: dict[str, Any], name: str, properties: dict[str, Any], key: str, stand_in: Any
) -> None:
    held[name] = properties.get(key)
    properties[key] = stand_in


def _is_local(location: Any) -> bool:
    """Tell whether a location is one that ``sam package`` would have replaced."""
    if isinstance(location, str):
        return not location.startswith("s3://")
    return isinstance(location, dict) and not {"Bucket", "Key"} <= set(location)


def _function(prepared: Prepared, name: str, properties: dict[str, Any]) -> None:
    inherited = section_of(prepared.value, "Function")
    if "Image" in (properties.get("PackageType"), inherited.get("PackageType")):
        properties.pop("CodeUri", None)
        image = properties.get("ImageUri", inherited.get("ImageUri", ""))
        if isinstance(image, str) and ".dkr.ecr" not in image:
            prepared.code[name] = image
            properties["ImageUri"] = IMAGE
        return
    if "InlineCode" in properties or "ImageUri" in properties:
        return
    location = properties.get("CodeUri", inherited.get("CodeUri"))
    if location is None or _is_local(location):
        prepared.code[name] = location if location is not None else "./"
        properties["CodeUri"] = f"s3://{BUCKET}/{name}"


def _state_machine(prepared: Prepared, name: str, properties: dict[str, Any]) -> None:
    """Keep the definition as written: the translator would make one long string of it."""
    if properties.get("Definition") is not None:
        prepared.definitions[name] = properties.pop("Definition")
        properties["DefinitionUri"] = f"s3://{BUCKET}/{name}"
    elif _is_local(properties.get("DefinitionUri")):
        prepared.definitions[name] = properties["DefinitionUri"]
        properties["DefinitionUri"] = f"s3://{BUCKET}/{name}"


def _graphql(prepared: Prepared, name: str, properties: dict[str, Any]) -> None:
    if _is_local(properties.get("SchemaUri")):
        stand_in = f"s3://{BUCKET}/{name}"
        _put_aside(prepared.definitions, name, properties, "SchemaUri", stand_in)
    for group in ("Functions", "Resolvers"):
        _stand_in_code(properties.get(group))


STAND_INS = {
    "AWS::Serverless::Api": _api,
    "AWS::Serverless::Application": _application,
    "AWS::Serverless::Function": _function,
    "AWS::Serverless::GraphQLApi": _graphql,
    "AWS::Serverless::HttpApi": _api,
    "AWS::Serverless::LayerVersion": _layer,
    "AWS::Serverless::StateMachine": _state_machine,
}


def _stand_in_code(value: Any) -> None:
    if not isinstance(value, dict):
        return
    if _is_local(value.get("CodeUri", {"Bucket": "", "Key": ""})):
        value["CodeUri"] = f"s3://{BUCKET}/{value['CodeUri']}"
    for item in value.values():
        _stand_in_code(item)


def restore(prepared: Prepared, name: str, declared: dict[str, Any]) -> None:
    """Put back, into a resource made from ``name``, what was put aside."""
    properties = declared.setdefault("Properties", {})
    match declared["Type"]:
        case "AWS::Lambda::Function":
            _restore_code(prepared, name, properties)
        case "AWS::Lambda::LayerVersion" if name in prepared.code:
            properties["Content"] = prepared.code[name]
        case "AWS::CloudFormation::Stack" if name in prepared.code:
            properties["TemplateURL"] = prepared.code[name]
        case "AWS::StepFunctions::StateMachine" if name in prepared.definitions:
            definition = prepared.definitions[name]
            properties.pop("DefinitionS3Location", None)
            key = "Definition" if _is_states(definition) else "DefinitionS3Location"
            properties[key] = definition
        case "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api" if name in prepared.definitions:
            properties["BodyS3Location"] = prepared.definitions[name]
        case "AWS::AppSync::GraphQLSchema" if name in prepared.definitions:
            properties["DefinitionS3Location"] = prepared.definitions[name]
        case "AWS::AppSync::FunctionConfiguration" | "AWS::AppSync::Resolver":
            _restore_location(properties)


def _restore_code(prepared: Prepared, name: str, properties: dict[str, Any]) -> None:
    code = properties.get("Code")
    if not isinstance(code, dict):
        return
    if code.get("S3Bucket") == BUCKET:
        properties["Code"] = prepared.code.get(name, "./")
    elif code.get("ImageUri") == IMAGE:
        properties["Code"] = {"ImageUri": prepared.code.get(name, "")}


def _restore_location(properties: dict[str, Any]) -> None:
    location = properties.get("CodeS3Location")
    if isinstance(location, str):
        properties["CodeS3Location"] = location.removeprefix(f"s3://{BUCKET}/")


def _is_states(definition: Any) -> bool:
    return isinstance(definition, dict) and ("States" in definition or len(definition) > 1)


def unhash(resources: dict[str, Any], outputs: Any, names: dict[str, str]) -> tuple[Any, Any]:
    """Rename resources whose logical id the translator extended by a hash of their content."""
    if not names:
        return resources, outputs
    pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))
    line = json.dumps([resources, outputs])
    renamed = json.loads(pattern.sub(lambda found: names[found.group()], line))
    return renamed[0], renamed[1]
