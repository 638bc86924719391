"""SAM templates to CloudFormation, with every generated property traced to the user's line."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import SPECIAL, Value
from checkrein.read.sam_prepare import MARK, Prepared, prepare, restore, unhash
from checkrein.read.sam_sources import Sources, Written
from checkrein.read.sam_translator import translate
from checkrein.read.template import Template


class Refused(Exception):
    """The translator does not accept the template; the message is the translator's."""


def transform(template: Template, assumed: dict[str, Value]) -> dict[str, Written]:
    """Replace the template's resources with what the SAM transform makes of them.

    Return, for each resource that the transform made or changed, where it was written. Raise
    Refused with the template as it was. ``assumed`` are the parameters' values; the translator
    gets them only if it fails to do without.
    """
    prepared, translated = _translated(template, assumed)
    resources = translated.get("Resources", {})
    sources = {name: _source(declared, name, template) for name, declared in resources.items()}
    for name, declared in resources.items():
        if sources[name]:
            restore(prepared, sources[name].partition("/")[0], declared)
    hashed = {
        name: sources[name]
        for name, declared in resources.items()
        if declared.get("Type") == "AWS::Lambda::LayerVersion" and sources[name] not in resources
    }
    hashed = {name: source for name, source in hashed.items() if source}
    resources, outputs = unhash(resources, translated.get("Outputs"), hashed)
    sources = {hashed.get(name, name): source for name, source in sources.items()}
    written = Sources(template, resources, sources).written()
    template.value = {**translated, "Resources": resources, "Outputs": outputs}
    return written


def _translated(template: Template, assumed: dict[str, Value]) -> tuple[Prepared, dict[str, Any]]:
    """Translate with references kept; then with parameters' values; then with stand-ins."""
    plain = {name: value for name, value in assumed.items() if _is_plain(value)}
    dummy = {name: plain.get(name, "undefined") for name in assumed}
    reason = ""
    for parameters in ({}, plain, dummy):
        prepared = prepare(template.value)
        try:
            return prepared, translate(prepared.value, dict(parameters))
        except Exception as error:  # noqa: BLE001 - it fails in many ways on faulty templates
            reason = reason or _message(error)
    raise Refused(reason)


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
