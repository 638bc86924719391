"""Where the user wrote what the SAM transform made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checkrein.late import regex
from checkrein.model import Path, Place
from checkrein.read.sam_events import (
    Event,
    below,
    events_of,
    graphql_part,
    leaves,
    reference_name,
    refers_to,
    routes,
)
from checkrein.read.sam_prepare import GLOBALS
from checkrein.read.template import Template

Origins = dict[Path, tuple[str, Path]]

# (source type, made type) -> property made: property written
RENAMED: dict[tuple[str, str], dict[Path, Path]] = {
    ("Function", "AWS::Lambda::Function"): {
        ("Code",): ("CodeUri",),
        ("Code", "ZipFile"): ("InlineCode",),
        ("Code", "ImageUri"): ("ImageUri",),
        ("DeadLetterConfig",): ("DeadLetterQueue",),
        ("TracingConfig",): ("Tracing",),
        ("TracingConfig", "Mode"): ("Tracing",),
    },
    ("Function", "AWS::Lambda::Url"): {(): ("FunctionUrlConfig",)},
    ("Function", "AWS::Lambda::Alias"): {(): ("AutoPublishAlias",)},
    ("Function", "AWS::Lambda::Version"): {(): ("AutoPublishAlias",)},
    ("Function", "AWS::Lambda::EventInvokeConfig"): {(): ("EventInvokeConfig",)},
    ("StateMachine", "AWS::StepFunctions::StateMachine"): {
        ("StateMachineName",): ("Name",),
        ("StateMachineType",): ("Type",),
        ("RoleArn",): ("Role",),
        ("LoggingConfiguration",): ("Logging",),
        ("TracingConfiguration",): ("Tracing",),
        ("DefinitionS3Location",): ("DefinitionUri",),
    },
    ("Api", "AWS::ApiGateway::RestApi"): {
        ("Body",): ("DefinitionBody",),
        ("Body", "x-amazon-apigateway-policy"): ("Auth", "ResourcePolicy"),
        ("BodyS3Location",): ("DefinitionUri",),
        ("Parameters", "endpointConfigurationTypes"): ("EndpointConfiguration",),
    },
    ("Api", "AWS::ApiGateway::UsagePlan"): {(): ("Auth", "UsagePlan")},
    ("Api", "AWS::ApiGateway::DomainName"): {(): ("Domain",)},
    ("HttpApi", "AWS::ApiGatewayV2::Api"): {
        ("Body",): ("DefinitionBody",),
        ("BodyS3Location",): ("DefinitionUri",),
    },
    ("HttpApi", "AWS::ApiGatewayV2::DomainName"): {(): ("Domain",)},
    ("SimpleTable", "AWS::DynamoDB::Table"): {
        ("KeySchema",): ("PrimaryKey",),
        ("AttributeDefinitions",): ("PrimaryKey",),
    },
    ("GraphQLApi", "AWS::AppSync::GraphQLSchema"): {("Definition",): ("SchemaInline",)},
    ("LayerVersion", "AWS::Lambda::LayerVersion"): {("Content",): ("ContentUri",)},
    ("Application", "AWS::CloudFormation::Stack"): {("TemplateURL",): ("Location",)},
}
APIS = {
    "AWS::ApiGateway::RestApi": ("Api", "RestApiId", "ServerlessRestApi"),
    "AWS::ApiGatewayV2::Api": ("HttpApi", "ApiId", "ServerlessHttpApi"),
}
# property of an event: property of what is made for it
EVENT_SOURCES = {
    "Queue": "EventSourceArn",
    "Stream": "EventSourceArn",
    "Broker": "EventSourceArn",
    "Topic": "SourceArn",
}
# what is made of a part of a resource: a property of the resource's is not theirs, same name or not
OWN_NAMES = (
    "AWS::ApiGateway::Deployment",
    "AWS::AppSync::ApiKey",
    "AWS::AppSync::DataSource",
    "AWS::AppSync::FunctionConfiguration",
    "AWS::AppSync::Resolver",
)
# what only Globals can say of an API that nobody wrote
OF_GLOBALS = {
    "AWS::ApiGateway::RestApi": (
        "BinaryMediaTypes", "EndpointConfiguration", "MinimumCompressionSize", "SecurityPolicy",
    ),
    "AWS::ApiGateway::Stage": (
        "AccessLogSetting", "CacheClusterEnabled", "CacheClusterSize", "CanarySetting",
        "MethodSettings", "TracingEnabled", "Variables",
    ),
    "AWS::ApiGatewayV2::Stage": ("AccessLogSettings", "DefaultRouteSettings", "RouteSettings"),
}  # fmt: skip
POLICY_NAME = regex(r"Policy(\d+)\Z")


@dataclass
class Written:
    """Where a generated resource was written.

    ``places`` and ``origins`` are as in ``Resource``; origins name a logical id of the template,
    or ``Globals/<section>``.
    """

    type: str
    place: Place
    places: dict[Path, Place] = field(default_factory=dict)
    origins: Origins = field(default_factory=dict)


class Sources:
    """Traces the resources that a template's transform made, before the template is replaced."""

    def __init__(self, template: Template, made: dict[str, Any], sources: dict[str, str]) -> None:
        self.template, self.made, self.sources = template, made, sources
        self.places: dict[str, dict[Path, Place]] = {}
        self.events = list(events_of(template))

    def written(self) -> dict[str, Written]:
        """Return where each made or changed resource was written."""
        found = {}
        for name, declared in self.made.items():
            source = self.sources[name].partition("/")[0]
            original = self.template.resources.get(source, {})
            if original.get("Type", "").startswith("AWS::Serverless::"):
                found[name] = self._made(name, declared, source, original)
            elif source and name != source:
                found[name] = self._connected(self.sources[name])
            elif not source:
                found[name] = self._implicit(name, declared)
            elif declared.get("Properties") != original.get("Properties"):
                found[name] = self._changed(name, declared)
        return found

    def _of(self, source: str) -> dict[Path, Place]:
        """Return the places inner a resource's Properties, or inner a Globals section."""
        if source not in self.places:
            head = (
                tuple(source.split("/")) if "/" in source else ("Resources", source, "Properties")
            )
            self.places[source] = self.template.places(head)
        return self.places[source]

    def _place(self, source: str, path: Path = ()) -> Place:
        places = self._of(source)
        while path and path not in places:
            path = path[:-1]
        if path:
            return places[path]
        return self.template.place(("Resources", source))

    def _made(
        self, name: str, declared: dict[str, Any], source: str, original: dict[str, Any]
    ) -> Written:
        kind = original["Type"]
        properties = original.get("Properties")
        written = Written(kind, self.template.place(("Resources", source)))
        written.origins[()] = (source, ())
        if name != source and (event := self._cause(name, source)):
            self._from_event(written, event)
            return written
        for connector in original.get("Connectors") or {}:
            if name != source and name.startswith(f"{source}{connector}"):
                return self._connected(f"{source}/{connector}")
        if kind.endswith("GraphQLApi") and (part := graphql_part(name, source, properties)):
            self._point(written, (), source, part)
            written.place = self._place(source, part)
        section = f"Globals/{GLOBALS.get(kind, '')}"
        inherited = below(self.template.value, tuple(section.split("/")))
        if isinstance(inherited, dict):
            self._inherit(written, section, inherited, declared)
        self._same(written, source, (), declared)
        known = ((section, self._of(section)), (source, self._of(source)))
        _shift_lists(written, *known, (inherited, properties))
        self._rename(written, source, section, declared, kind)
        if declared["Type"] == "AWS::IAM::Role":
            self._policies(written, source, declared)
        if declared["Type"] in APIS:
            self._routes(written, name, declared, source)
        return written

    def _inherit(
        self, written: Written, section: str, inherited: dict[str, Any], declared: dict[str, Any]
    ) -> None:
        made = declared.get("Properties") or {}
        for path, place in self._of(section).items():
            if path and path[0] in made:
                written.places[path] = place
        for path in leaves(inherited):
            if path and path[0] in made:
                written.origins[path] = (section, path)

    def _same(self, written: Written, source: str, at: Path, declared: dict[str, Any]) -> None:
        """Trace properties to those of the same name."""
        made = {} if declared["Type"] in OWN_NAMES else declared.get("Properties") or {}
        for path, place in self._of(source).items():
            inner = path[len(at) :]
            if path[: len(at)] == at and inner and inner[0] in made:
                written.places[inner] = place
                written.origins.pop(inner, None)

    def _rename(
        self, written: Written, source: str, section: str, declared: dict[str, Any], kind: str
    ) -> None:
        short = kind.removeprefix("AWS::Serverless::")
        for made, path in RENAMED.get((short, declared["Type"]), {}).items():
            holder = next((one for one in (source, section) if path in self._of(one)), None)
            if made and below(declared.get("Properties"), made) is None:
                written.origins.setdefault(made, (source, path))  # where it would be written
                continue
            if holder is None:
                continue
            written.origins[made] = (holder, path)
            if not made:
                written.place = self._of(holder)[path]
            for inner, place in self._of(holder).items():
                if inner[: len(path)] == path:
                    written.places[made + inner[len(path) :]] = place

    def _policies(self, written: Written, source: str, declared: dict[str, Any]) -> None:
        """Trace each policy of a generated role to one entry of Policies."""
        made = declared.get("Properties") or {}
        written.place = self._place(source, ("Policies",))
        for index, policy in enumerate(made.get("Policies") or []):
            found = (
                POLICY_NAME.search(str(policy.get("PolicyName")))
                if isinstance(policy, dict)
                else None
            )
            entry = self._entry(source, int(found[1])) if found else None
            if entry:
                self._point(written, ("Policies", index), source, entry)
                self._point(written, ("Policies", index, "PolicyDocument"), source, entry)
        entries = _list(self._written_policies(source))
        for index, arn in enumerate(made.get("ManagedPolicyArns") or []):
            written.origins["ManagedPolicyArns", index] = (
                source,
                (),
            )  # events and tracing add some
            for position, policy in enumerate(entries):
                if policy == arn or (isinstance(policy, str) and str(arn).endswith(f"/{policy}")):
                    entry = self._entry(source, position) or ("Policies",)
                    self._point(written, ("ManagedPolicyArns", index), source, entry)

    def _written_policies(self, source: str) -> Any:
        return below(self.template.resources[source], ("Properties", "Policies"))

    def _entry(self, source: str, index: int) -> Path | None:
        policies = self._written_policies(source)
        if isinstance(policies, list):
            return ("Policies", index) if index < len(policies) else None
        return ("Policies",) if policies is not None else None

    def _point(self, written: Written, made: Path, source: str, path: Path) -> None:
        """Say that what stands at ``made`` and inner was written at ``path`` and inner."""
        written.origins[made] = (source, path)
        for inner, place in self._of(source).items():
            if inner[: len(path)] == path:
                written.places[made + inner[len(path) :]] = place
        written.places.setdefault(made, self._place(source, path))

    # ------------------------------------------------------------------ events

    def _cause(self, name: str, source: str) -> Event | None:
        """Return the event that a resource was made for: its id begins with both names."""
        of_source = [event for event in self.events if event.source == source]
        found = [event for event in of_source if name.startswith(f"{source}{event.name}")]
        return max(found, key=lambda event: len(event.name), default=None)

    def _from_event(self, written: Written, event: Event) -> None:
        at = (*event.path, "Properties")
        written.place = self._place(event.source, event.path)
        written.origins[()] = (event.source, at if event.properties else event.path)
        for path, place in self._of(event.source).items():
            if path[: len(at)] == at and len(path) > len(at):
                written.places[path[len(at) :]] = place
        for key, made in EVENT_SOURCES.items():
            if key in event.properties:
                self._point(written, (made,), event.source, (*at, key))

    def _users(self, kind: str, reference: str, implicit: str, name: str) -> list[Event]:
        """Return the events that use an API."""
        return [
            event
            for event in self.events
            if event.type == kind
            and reference_name(event.properties.get(reference), implicit) == name
        ]

    def _routes(self, written: Written, name: str, declared: dict[str, Any], source: str) -> None:
        """Trace the paths that events added to an API to those events; authorizers to Auth."""
        body = below(declared.get("Properties"), ("Body",))
        kind, reference, implicit = APIS[declared["Type"]]
        for event in self._users(kind, reference, implicit, name):
            for path in routes(body, event):
                if ("Body", *path) not in written.places or source == "":
                    self._point(written, ("Body", *path), event.source, event.path)
        self._authorizers(written, body, source, kind)

    def _authorizers(self, written: Written, body: Any, source: str, kind: str) -> None:
        for at in (("securityDefinitions",), ("components", "securitySchemes")):
            schemes = below(body, at)
            for name in schemes if isinstance(schemes, dict) else ():
                path = ("Auth", "Authorizers", name)
                for holder in (source, f"Globals/{kind}"):
                    if holder and path in self._of(holder):
                        self._point(written, ("Body", *at, name), holder, path)
                        break

    def _implicit(self, name: str, declared: dict[str, Any]) -> Written:
        """Trace an implicit API to the events that use it, and to Globals."""
        kind, reference, implicit = next(
            (api for api in APIS.values() if name.startswith(api[2])), ("", "", "")
        )
        users = self._users(kind, reference, implicit, implicit)
        if not users:
            return Written("", self.template.place(("Resources",)))
        first = users[0]
        written = Written(f"AWS::Serverless::{kind}", self._place(first.source, first.path))
        section = f"Globals/{kind}"
        inherited = below(self.template.value, ("Globals", kind))
        written.origins[()] = (section if isinstance(inherited, dict) else first.source, ())
        if isinstance(inherited, dict):
            self._inherit(written, section, inherited, declared)
        for key in OF_GLOBALS.get(declared["Type"], ()):
            written.origins.setdefault((key,), (section, (key,)))
        if declared["Type"] in APIS:
            self._routes(written, name, declared, "")
        return written

    def _connected(self, source: str) -> Written:
        """Trace what a connector inside a resource makes."""
        owner, _, connector = source.partition("/")
        path: Path = ("Resources", owner, "Connectors", connector)
        written = Written("AWS::Serverless::Connector", self.template.place(path))
        written.origins[()] = (owner, ())
        return written

    def _changed(self, name: str, declared: dict[str, Any]) -> Written:
        """Trace what events of functions added to a plain resource."""
        written = Written("", self.template.place(("Resources", name)), dict(self._of(name)))
        own = self.template.resources[name].get("Properties") or {}
        users = [event for event in self.events if refers_to(event.properties, name)]
        for key in declared.get("Properties") or {}:
            if key not in own and users:
                first = users[0]
                self._point(written, (key,), first.source, first.path)
                self._notifications(written, key, declared, users)
        return written

    def _notifications(
        self, written: Written, key: str, declared: dict[str, Any], users: list[Event]
    ) -> None:
        configurations = below(declared["Properties"], (key, "LambdaConfigurations"))
        for index, one in enumerate(configurations if isinstance(configurations, list) else ()):
            for event in users:
                if refers_to(one, event.source):
                    made = (key, "LambdaConfigurations", index)
                    self._point(written, made, event.source, event.path)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _shift_lists(
    written: Written,
    section: tuple[str, dict[Path, Place]],
    own: tuple[str, dict[Path, Place]],
    values: tuple[Any, Any],
) -> None:
    """Shift the places of a resource's own list items: those of Globals come first.

    ``section`` and ``own`` are the names and places of both, ``values`` what they say.
    """
    if not isinstance(values[0], dict) or not isinstance(values[1], dict):
        return
    for path in leaves(values[0]):
        first, second = below(values[0], path), below(values[1], path)
        if isinstance(first, list) and isinstance(second, list) and first:
            _shift(written, path, own, len(first))
            _shift(written, path, section, 0)


def _shift(written: Written, path: Path, known: tuple[str, dict[Path, Place]], by: int) -> None:
    holder, places = known
    for inner, place in places.items():
        if inner[: len(path)] == path and len(inner) > len(path):
            made = (*path, int(inner[len(path)]) + by, *inner[len(path) + 1 :])
            written.places[made] = place
            if len(inner) == len(path) + 1:
                written.origins[made] = (holder, inner)
