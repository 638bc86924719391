"""SAM templates to CloudFormation, with every generated property traced to the user's line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checkrein.late import regex
from checkrein.model.values import SPECIAL, Value
from checkrein.read.sam_economies import copied
from checkrein.read.sam_fallback import read_directly
from checkrein.read.sam_prepare import MARK, Prepared, prepare, restore, unhash
from checkrein.read.sam_sources import Sources, Written
from checkrein.read.sam_translator import translate
from checkrein.read.template import Template

MOST_ATTEMPTS = 5
HASHED = regex(r"(.+)[0-9a-f]{10}")
HASHED_TYPES = ("AWS::Lambda::LayerVersion", "AWS::Lambda::Version", "AWS::ApiGateway::Deployment")


@dataclass
class Transformed:
    """What the transform made: where each resource was written, and what it refused and why."""

    written: dict[str, Written]
    refused: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def transform(template: Template, assumed: dict[str, Value]) -> Transformed:
    """Replace the template's resources with what the SAM transform makes of them.

    ``assumed`` are the parameters' values; the translator gets them only if it fails to do
    without. A resource that it refuses is read directly, and the reason is returned.
    """
    prepared, translated, refused = _translated(template, assumed)
    resources = translated.get("Resources") or {}
    sources = {name: _source(declared, name, template) for name, declared in resources.items()}
    for name, declared in resources.items():
        if sources[name]:
            restore(prepared, sources[name].partition("/")[0], declared)
    resources, outputs, sources = _unhashed(translated, resources, sources)
    direct, left_out = read_directly(template.value, list(refused), resources)
    for name in [name for name in direct if name not in resources]:
        resources[name] = direct[name]
        sources[name] = _source(direct[name], name, template)
    written = Sources(template, resources, sources).written()
    template.value = {**translated, "Resources": resources, "Outputs": outputs}
    return Transformed(written, list(dict.fromkeys(refused.values())), left_out)


def _unhashed(
    translated: dict[str, Any], resources: dict[str, Any], sources: dict[str, str]
) -> tuple[dict[str, Any], Any, dict[str, str]]:
    """Take the hash of their content off the ids of layers, versions and deployments.

    An id must not change with the content: findings are recognised by it.
    """
    hashed: dict[str, str] = {}
    for name, declared in resources.items():
        found = HASHED.fullmatch(name) if declared.get("Type") in HASHED_TYPES else None
        if found and found[1] not in resources and found[1] not in hashed.values():
            hashed[name] = found[1]
    made, outputs = unhash(resources, translated.get("Outputs"), hashed)
    return made, outputs, {hashed.get(name, name): source for name, source in sources.items()}


def _translated(
    template: Template, assumed: dict[str, Value]
) -> tuple[Prepared, dict[str, Any], dict[str, str]]:
    """Translate, without the resources that make the translator refuse; those with the reason."""
    serverless = [name for name, one in template.resources.items() if _is_serverless(one)]
    refused: dict[str, str] = {}
    for _ in range(MOST_ATTEMPTS):
        kept = {name: one for name, one in template.resources.items() if name not in refused}
        try:
            return *_attempts({**template.value, "Resources": kept}, assumed), refused
        except _Refused as error:
            found = [name for name in error.names if name in serverless and name not in refused]
            refused |= dict.fromkeys(found, error.reason)
            if not found:
                refused |= dict.fromkeys(serverless, error.reason)
                break
    others = {name: one for name, one in template.resources.items() if not _is_serverless(one)}
    refused = {name: refused.get(name, next(iter(refused.values()))) for name in serverless}
    value = {**template.value, "Resources": others}
    return Prepared(value), copied(value), refused


def _is_serverless(declared: dict[str, Any]) -> bool:
    return bool(declared["Type"].startswith("AWS::Serverless::"))


class _Refused(Exception):
    def __init__(self, reason: str, names: list[str]) -> None:
        super().__init__(reason)
        self.reason, self.names = reason, names


def _attempts(value: dict[str, Any], assumed: dict[str, Value]) -> tuple[Prepared, dict[str, Any]]:
    """Translate with references kept; then with parameters' values; then with stand-ins."""
    if not value["Resources"]:
        return Prepared(value), copied(value)
    plain = {name: known for name, known in assumed.items() if _is_plain(known)}
    dummy = {name: plain.get(name, "undefined") for name in assumed}
    errors: list[Exception] = []
    for parameters in ({}, plain, dummy):
        prepared = prepare(value)
        try:
            return prepared, translate(prepared.value, dict(parameters))
        except Exception as error:  # noqa: BLE001 - it fails in many ways on faulty templates
            errors.append(error)
    raise _Refused(_message(errors[-1]), _names(errors[-1]))


def _names(error: Exception) -> list[str]:
    causes = getattr(error, "causes", None) or [error]
    return [str(getattr(cause, "_logical_id", "")) for cause in causes]


def _is_plain(value: Value) -> bool:
    return not isinstance(value, (*SPECIAL, dict))


def _message(error: Exception) -> str:
    causes = getattr(error, "causes", None) or [error]
    found = [str(getattr(cause, "message", None) or cause) for cause in causes]
    if not hasattr(error, "causes"):
        return f"{type(error).__name__}: {found[0]}"
    return " ".join(dict.fromkeys(found))


def _source(declared: dict[str, Any], name: str, template: Template) -> str:
    """Return the logical id of what a resource was made from, "" for an implicit API."""
    metadata = declared.get("Metadata")
    mark = metadata.pop(MARK, "") if isinstance(metadata, dict) else ""
    if metadata == {}:
        del declared["Metadata"]
    if mark:
        return str(mark)
    known = [source for source in template.resources if name.startswith(source)]
    return name if name in template.resources else max(known, key=len, default="")
