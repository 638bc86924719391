"""aws-sam-translator, offline and without its repeated start-up work.

The stock entry point builds a boto3 session and validates its own 81 policy templates for every
template; here a session is only a region's name, and the policy templates are prepared once.
"""

from __future__ import annotations

import importlib
import json
import sys
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from typing import Any

from checkrein import late
from checkrein.read.sam_economies import economies

UNUSED = (
    "boto3", "botocore", "botocore.client", "botocore.config", "botocore.exceptions",
    "jsonschema", "jsonschema.exceptions",
)  # fmt: skip
TRANSLATOR = (
    "samtranslator.translator.translator",
    "samtranslator.plugins.policies.policy_templates_plugin",
)
# What it checks properties of a few types by, which pydantic takes 80 ms to prepare
SCHEMAS = tuple(
    f"samtranslator.internal.schema_source.aws_serverless_{name}"
    for name in ("capacity_provider", "connector", "function", "microvmimage", "networkconnector")
)
NAMED = "samtranslator.internal.schema_source.aws_serverless_graphqlapi"  # in annotations
REGION = "us-east-1"  # only chooses the partition in ARNs of managed policies


def translate(template: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the CloudFormation of a SAM template, which is consumed.

    ``parameters`` are the only values that references are replaced by: declared defaults are not
    used and pseudo parameters stay references, so that what is symbolic stays so. Metadata of a
    SAM resource is passed on to what is made from it. The hashes that end the ids of deployments
    and versions differ from those AWS gives, which depend on Python 2's order of keys. Raises the
    translator's own exceptions.
    """
    _import_translator()
    _take_no_time(template)
    from samtranslator.internal.managed_policies import (  # noqa: PLC0415 - 200 ms
        get_bundled_managed_policy_map,
    )
    from samtranslator.parser.parser import Parser  # noqa: PLC0415
    from samtranslator.translator.translator import Translator  # noqa: PLC0415

    with economies(_policy_templates):
        translator = Translator(None, Parser(), boto_session=SimpleNamespace(region_name=REGION))
        try:
            translated = translator.translate(
                template,
                parameter_values=parameters,
                passthrough_metadata=True,
                get_managed_policy_map=lambda: get_bundled_managed_policy_map("aws"),
            )
        finally:
            translator.metrics.publish()  # to nobody; else it warns when it is collected
    found: dict[str, Any] = json.loads(json.dumps(translated))  # its own kinds of dict and str
    return found


def _take_no_time(template: dict[str, Any]) -> None:
    """Drop what only hashes the time of translation into a deployment: facts must not differ."""
    globals, resources = template.get("Globals"), template.get("Resources")
    holders = [globals.get("Api")] if isinstance(globals, dict) else []
    holders += [
        resource.get("Properties")
        for resource in (resources.values() if isinstance(resources, dict) else ())
        if isinstance(resource, dict) and resource.get("Type") == "AWS::Serverless::Api"
    ]
    for holder in holders:
        if isinstance(holder, dict):
            holder.pop("AlwaysDeploy", None)


def _import_checks() -> None:
    """Import what it checks properties with: pydantic's first version, without the second."""
    first = "pydantic.v1"
    with late.hollow("pydantic"):
        spec = find_spec(first)
        if spec and spec.submodule_search_locations:  # in that version itself it is one module
            importlib.import_module(first)
            importlib.import_module("samtranslator.compat")
    for name in SCHEMAS:
        late.module(name)
    late.classes(NAMED)


@cache
def _import_translator() -> None:
    """Import the translator with stand-ins for boto3 and jsonschema, which saves 170 ms.

    It cannot call AWS, and validates its own policy templates only. Nothing that is used here
    needs either. Whoever imports them later gets the real ones.
    """
    names = [name for name in UNUSED if name.partition(".")[0] not in sys.modules]
    sys.modules |= {name: _StandIn(name) for name in names}
    try:
        with suppress(ImportError):  # a release may keep them elsewhere
            _import_checks()
        for name in TRANSLATOR:
            importlib.import_module(name)
    finally:
        for name in names:
            del sys.modules[name]


class _StandIn(ModuleType):
    """A module in which every name is a class that does nothing."""

    __path__ = []  # noqa: RUF012 - a package, for its submodules

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {})


@cache
def _policy_templates() -> Any:
    _import_translator()
    from samtranslator.plugins.policies.policy_templates_plugin import (  # noqa: PLC0415
        PolicyTemplatesForResourcePlugin,
    )
    from samtranslator.policy_template_processor.processor import (  # noqa: PLC0415
        PolicyTemplatesProcessor,
    )

    templates = PolicyTemplatesProcessor.get_default_policy_templates_json()
    return PolicyTemplatesForResourcePlugin(PolicyTemplatesProcessor(templates))


def policy_statements(name: str, parameters: dict[str, Any]) -> list[Any] | None:
    """Return the statements of one of SAM's policy templates, None if there is none of the name."""
    processor = _policy_templates()._policy_template_processor  # noqa: SLF001 - built once
    if not processor.has(name):
        return None
    try:
        statement = processor.convert(name, parameters)["Statement"]
    except Exception:  # noqa: BLE001 - a parameter is missing or of the wrong kind
        return []
    found: list[Any] = statement if isinstance(statement, list) else [statement]
    return found
