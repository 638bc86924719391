"""Which plugins a service uses, what is done for each, and which of them are not known."""

from __future__ import annotations

import re
from collections.abc import Callable

from checkrein.read.serverless.document import Document
from checkrein.read.serverless.functions import Deployed
from checkrein.read.serverless.parts import Part
from checkrein.read.serverless.plugins.alerts import add_alerts
from checkrein.read.serverless.plugins.appsync import add_graphql
from checkrein.read.serverless.plugins.appsync_shapes import embedded_functions
from checkrein.read.serverless.plugins.chains import PLUGIN
from checkrein.read.serverless.plugins.constructs import add_constructs, construct_functions
from checkrein.read.serverless.plugins.function_roles import add_function_roles
from checkrein.read.serverless.plugins.gradual_deployments import add_gradual_deployments
from checkrein.read.serverless.plugins.harmless import NAMED, changes_nothing
from checkrein.read.serverless.plugins.service_proxies import add_proxies
from checkrein.read.serverless.plugins.state_machines import add_state_machines
from checkrein.read.serverless.plugins.warm_up import add_warm_up

ROLES = "serverless-iam-roles-per-function"
WRAPPING = "serverless-wsgi"
FOLDER = "serverless-functions-base-path"
TRACING = "serverless-plugin-tracing"
RETENTION = "serverless-plugin-log-retention"
BESIDE = {  # plugin: where it is told which folders of elsewhere to put beside the code
    "serverless-package-external": ("packageExternal", "external"),
    "serverless-package-common": ("packageCommon", "common"),
}
KNOWN = (PLUGIN, ROLES, WRAPPING, FOLDER, TRACING, RETENTION, *BESIDE)
MAKING: dict[str, Callable[[Document, list[Deployed]], None]] = {
    "serverless-lift": add_constructs,
    "serverless-plugin-canary-deployments": add_gradual_deployments,
}  # what gives the shared role rights, and so stands before it
ADDED: dict[str, Callable[[Document, list[Deployed]], None]] = {
    "serverless-step-functions": add_state_machines,
    "serverless-apigateway-service-proxy": add_proxies,
    "serverless-appsync-plugin": add_graphql,
    "serverless-plugin-warmup": add_warm_up,
    "serverless-plugin-aws-alerts": add_alerts,
}


def names(document: Document) -> dict[str, Part]:
    """Return the plugins that a service names, without the version that may stand behind."""
    declared = document.root["plugins"]
    listed = declared["modules"] if declared.is_map else declared
    return {re.sub(r"(?<=.)@[^/]*\Z", "", part.word): part for part in listed if part.word}


def plugin_functions(document: Document) -> dict[str, Part]:
    """Return the functions that the service declares where a plugin reads them."""
    named = names(document)
    found = embedded_functions(document.root) if "serverless-appsync-plugin" in named else {}
    made = construct_functions(document.root) if "serverless-lift" in named else {}
    return {**found, **made}


def wrapped_handlers(document: Document) -> dict[str, Part]:
    """Return what the handlers hand on to that plugins add to the code, by their names."""
    app = document.root.at("custom", "wsgi", "app")
    known = WRAPPING in names(document) and app
    return dict.fromkeys(("wsgi_handler.handler", "wsgi.handler"), app) if known else {}


def chains(document: Document) -> bool:
    """Tell whether handlers may be run one after another."""
    return PLUGIN in names(document)


def folder_of_handlers(document: Document) -> str:
    """Return the folder that all handlers are relative to, "" for the service's own."""
    folder = document.root.at("custom", "functionsBasePath").word
    return folder.strip("/") if FOLDER in names(document) else ""


def folders_beside(document: Document) -> tuple[str, ...]:
    """Return the folders that plugins put beside the code, relative to the service's own."""
    used = [path for plugin, path in BESIDE.items() if plugin in names(document)]
    listed = (document.root.at("custom", *path) for path in used)
    return tuple(folder.word for folders in listed for folder in folders if folder.word)


def days_of_logs(document: Document) -> Part | None:
    """Return how long logs are kept of functions that do not say it, None for the provider's."""
    days = document.root.at("custom", "logRetentionInDays")
    return days if days and RETENTION in names(document) else None


def make_constructs(document: Document, functions: list[Deployed]) -> None:
    """Add what plugins make that the shared role gets rights for."""
    named = names(document)
    for name, add in MAKING.items():
        if name in named:
            add(document, functions)


def apply_plugins(document: Document, functions: list[Deployed]) -> None:
    """Add what the service's plugins add, as far as they are known; name those that are not."""
    named = names(document)
    add_function_roles(document, functions, plugin=ROLES in named)
    for name, add in ADDED.items():
        if name in named:
            add(document, functions)
    for name, part in named.items():
        if not changes_nothing(name) and name not in (*KNOWN, *MAKING, *ADDED):
            reason = f"what the plugin {name} changes is not known"
            if name in NAMED:
                reason = f"what the plugin {name} changes is not read: {NAMED[name]}"
            document.lose(reason, "resources or settings that it adds may be missing", part)
