"""What AWS Lambda does with functions' roles: logs, traces, networks, polling, handing on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from checkrein.catalog.actions import resource_types
from checkrein.catalog.forwarded import key_actions
from checkrein.catalog.platform_rights import (
    delivery_rights,
    is_networked,
    platform_rights,
    polling_rights,
)
from checkrein.derive.access.forwarded import key_need, keys_named, keys_of
from checkrein.derive.access.spelling import Spelling
from checkrein.model import Evidence, Need, Path, Place, Resource, Symbol, Text, Value
from checkrein.model.values import alternatives
from checkrein.model.values import text as joined
from checkrein.model.workloads import LAMBDA

FUNCTION = (LAMBDA,)
INVOKED = ("OnSuccess", "OnFailure")
SECRETS = frozenset({  # accesses of an event source whose URI is a secret's ARN
    *("BASIC_AUTH", "SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH"),
    *("CLIENT_CERTIFICATE_TLS_AUTH", "SERVER_ROOT_CA_CERTIFICATE"),
})  # fmt: skip


class Aim(Struct, frozen=True):
    """What a right is asked for on: an ARN, the app's resource, why the ARN has a ``*``."""

    arn: Value = "*"
    resource: str = "*"
    open: str = ""
    conditions: dict[str, Any] = field(default_factory=dict)


class Platform:
    """All event sources and destinations of an app, by the function they are of."""

    def __init__(self, spelling: Spelling, logs: Mapping[str, str]) -> None:
        """Sort sources and destinations; ``logs`` are what ``content.flows.log_nodes`` gives."""
        self._spelling = spelling
        self._directory = spelling.directory
        self._logs = logs
        self._mappings = self._by_function("AWS::Lambda::EventSourceMapping")
        self._invokes = self._by_function("AWS::Lambda::EventInvokeConfig")

    def needs(self, function: Resource) -> Iterator[Need]:
        """Yield what the platform needs of a function's role."""
        if function.type != LAMBDA:
            return  # what containers need of the platform, their execution role gives
        yield from self._log(function)
        yield from self._settings(function)
        yield from self._handed_on(function, function, "DeadLetterConfig.TargetArn")
        for invoke in self._invokes.get(function.id, ()):
            for way in INVOKED:
                yield from self._handed_on(function, invoke, f"DestinationConfig.{way}.Destination")
        for mapping in self._mappings.get(function.id, ()):
            yield from self._polled(function, mapping)
            yield from self._handed_on(function, mapping, "DestinationConfig.OnFailure.Destination")

    def _by_function(self, cfn_type: str) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self._directory.of_type(cfn_type):
            deployment = self._directory.deployment(resource.id)
            value = resource.value("FunctionName")
            for id in self._directory.find(value, deployment, FUNCTION):
                found.setdefault(id, []).append(resource)
        return found

    # ------------------------------------------------------------------------- the function

    def _log(self, function: Resource) -> Iterator[Need]:
        place = function.where("LoggingConfig")
        group = self._directory.resources.get(self._logs.get(function.id, ""))
        if group:
            aim = Aim(Symbol(group.id, "Arn"), group.id)
            yield from _each(function, "log", platform_rights("log"), aim, place)
            return
        named = function.value("LoggingConfig.LogGroup")
        default = f"/aws/lambda/{self._spelling.name(function)}"
        texts = [s.text for s in self._spelling.spell(named)] if named else [default]
        region, account = (self._spelling.symbol("@aws", a) for a in ("Region", "AccountId"))
        for text in texts:
            arn = self._spelling.value(f"arn:aws:logs:{region}:{account}:log-group:{text}")
            whole, streams = Aim(arn), Aim(joined([arn, ":*"]))
            yield from _each(function, "log", platform_rights("log"), streams, place)
            for aim in (whole, streams):
                yield from _each(function, "log", platform_rights("log group"), aim, place)

    def _settings(self, function: Resource) -> Iterator[Need]:
        if "Active" in alternatives(function.value("TracingConfig.Mode")):
            place = function.where("TracingConfig")
            yield from _each(function, "trace", platform_rights("trace"), Aim(), place)
        if function.value("VpcConfig.SubnetIds") or function.value("VpcConfig.SecurityGroupIds"):
            place = function.where("VpcConfig")
            yield from _each(function, "network", platform_rights("network"), Aim(), place)
        key = function.value("KmsKeyArn")
        if key is not None:
            deployment = self._directory.deployment(function.id)
            for one in keys_named(self._spelling, deployment, key):
                aim, rights = Aim(one.arn, one.resource, one.open), platform_rights("environment")
                yield from _each(function, "environment", rights, aim, function.where("KmsKeyArn"))
        yield from self._files(function)

    def _files(self, function: Resource) -> Iterator[Need]:
        listed = function.value("FileSystemConfigs")
        for index, _ in enumerate(listed if isinstance(listed, list) else ()):
            at = ("FileSystemConfigs", index, "Arn")
            for aim in self._aims(function, at):
                point = self._directory.resources.get(aim.resource)
                system = point.value("FileSystemId") if point else None
                condition = {"StringEquals": {"elasticfilesystem:AccessPointArn": [aim.arn]}}
                for arn in self._file_systems(system):
                    each = Aim(arn, aim.resource, aim.open, condition)
                    rights = platform_rights("files")
                    yield from _each(function, "files", rights, each, function.where(at))

    def _file_systems(self, system: Value) -> Iterator[Value]:
        region, account = (self._spelling.symbol("@aws", a) for a in ("Region", "AccountId"))
        for spelled in self._spelling.spell("*" if system is None else system):
            name = spelled.text.rpartition("/")[2]
            arn = f"arn:aws:elasticfilesystem:{region}:{account}:file-system/{name}"
            yield self._spelling.value(arn)

    # ------------------------------------------------------------- sources and destinations

    def _aims(self, holder: Resource, at: str | Path) -> Iterator[Aim]:
        """Yield what the ARN at a path of a resource may be."""
        value = holder.value(at)
        deployment = self._directory.deployment(holder.id)
        for option in alternatives(value) if value is not None else ():
            found = self._directory.find(option, deployment)
            id = found[0] if found else ""
            if id and isinstance(option, Symbol):
                yield Aim(option, id)
                continue
            for spelled in self._spelling.spell(option):
                resource = self._directory.resources.get(id)
                arn = self._spelling.value(spelled.text, resource)
                yield Aim(arn, id or spelled.text, spelled.open)

    def _service(self, aim: Aim) -> str:
        """Return the service in an ARN, "" where it is not known."""
        for spelled in self._spelling.spell(aim.arn):
            if spelled.text.startswith("arn:"):
                return [*spelled.text.split(":"), "", ""][2]
        return ""

    def _polled(self, function: Resource, mapping: Resource) -> Iterator[Need]:
        place = mapping.where("EventSourceArn")
        for aim in self._aims(mapping, "EventSourceArn"):
            service = self._service(aim)
            rights = polling_rights(service)
            yield from self._asked(function, "trigger", rights, aim, place)
            if is_networked(service):
                yield from _each(function, "trigger", platform_rights("inside"), Aim(), place)
        if mapping.value("SelfManagedEventSource") is not None:
            yield from _each(function, "trigger", platform_rights("inside"), Aim(), place)
        listed = mapping.value("SourceAccessConfigurations")
        for index, each in enumerate(listed if isinstance(listed, list) else ()):
            kind = each.get("Type") if isinstance(each, dict) else None
            for aim in self._aims(mapping, ("SourceAccessConfigurations", index, "URI")):
                if kind in SECRETS or self._service(aim) == "secretsmanager":
                    rights = platform_rights("secret")
                    yield from self._asked(function, "trigger", rights, aim, place)

    def _handed_on(self, function: Resource, holder: Resource, at: str) -> Iterator[Need]:
        for aim in self._aims(holder, at):
            rights = delivery_rights(self._service(aim))
            for action in rights:
                inside = action == "s3:PutObject"
                each = Aim(_inside(aim.arn), aim.resource, aim.open) if inside else aim
                yield from self._asked(function, "delivery", (action,), each, holder.where(at))

    def _asked(
        self, function: Resource, cause: str, rights: Iterable[str], aim: Aim, place: Place
    ) -> Iterator[Need]:
        """Yield rights, and those on the key of what they are asked for on."""
        resource = self._directory.resources.get(aim.resource)
        for need in _each(function, cause, rights, aim, place):
            yield need
            for key in keys_of(self._spelling, resource) if resource else ():
                for one in key_actions(need.action):
                    yield key_need(need, one.action, key)


def _inside(arn: Value) -> Value:
    parts = arn.parts if isinstance(arn, Text) else (arn,)
    return Text((*parts, "/*")) if not isinstance(arn, str) else f"{arn}/*"


def _each(
    function: Resource, cause: str, rights: Iterable[str], aim: Aim, place: Place
) -> Iterator[Need]:
    for action in rights:
        arn = aim.arn if resource_types(action) else "*"
        yield Need(
            id=f"{function.id}:{action}:{arn}:{cause}",
            function=function.id,
            action=action,
            resource=aim.resource,
            needed=True,
            granted=False,
            arns=(arn,),
            open=aim.open,
            conditions=aim.conditions,
            cause=cause,
            evidence=(Evidence(f"AWS Lambda uses {action} ({cause})", place),),
        )
