"""The document in the making: resources, and where each part of them is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as File
from pathlib import PurePosixPath
from typing import Any

from checkrein.late import regex
from checkrein.model import Path, Place
from checkrein.model.values import Value, text
from checkrein.read.made import Lost, Made
from checkrein.read.serverless.naming import ROLE
from checkrein.read.serverless.parts import Part, plain
from checkrein.read.serverless.service import Service

FRAMEWORK = "Serverless Framework"
NAME = regex(r"[\w-]+")
Statement = Mapping[str, Any] | Part

EDITED = (("functions",), ("provider",))  # sections that hold properties as CloudFormation does


class Document:
    """What a service compiles to, as far as it is made.

    Properties may hold ``Part``s: each becomes its value, and the place where it is written is
    the property's. ``statements`` are those of the role that all functions share.
    """

    def __init__(self, root: File, service: Service) -> None:
        self.files = root
        self.service = service
        self.folder = PurePosixPath(service.path).parent
        self.root = Part(service.value, ())
        self.provider = self.root["provider"]
        self.resources: dict[str, dict[str, Any]] = {}
        self.outputs: dict[str, dict[str, Any]] = {}
        self.sections: dict[str, Any] = {}
        self.made = Made(FRAMEWORK)
        self.made.lost += service.lost
        self.statements: list[Statement] = []
        self.trusted: list[str] = ["lambda.amazonaws.com"]
        self.has_role = False
        self.folder_of_handlers = ""  # where handlers lie, if a plugin says it for all
        self.folders_beside: tuple[str, ...] = ()  # that plugins put beside the code
        self.days_of_logs: Part | None = None  # that logs are kept, if a plugin says it for all
        self.chained = False  # whether a plugin runs several handlers one after another
        self.wrapped: dict[str, Part] = {}  # what handlers hand on to that plugins add
        self._origins: dict[str, dict[Path, Path]] = {}
        self._below: dict[Path, list[Path]] = {}
        for path in service.places:
            if path:
                self._below.setdefault(path[:-1], []).append(path)

    @property
    def name(self) -> Value:
        """The service's name."""
        declared = self.root["service"]
        return declared["name"].value if declared.is_map else declared.value or ""

    @property
    def stage(self) -> Value:
        return self.provider["stage"].value or "dev"

    @property
    def stack(self) -> Value:
        """The name that the stack is deployed under."""
        return self.provider["stackName"].value or text([self.name, "-", self.stage])

    def put(
        self, id: str, type: str, properties: Mapping[str, Any], at: Part, **attributes: Any
    ) -> str:
        """Add a resource that stands at a part of the service; return its id.

        ``attributes`` are those beside its properties (``DependsOn`` …), and ``added``: why the
        framework makes it by itself, ``title``: what the team calls it, ``called``: the name that
        the team knows it by, where that is in its id as the framework spells it.
        """
        self._origins[id] = {(): at.path}
        added, title = attributes.pop("added", ""), attributes.pop("title", "")
        called = attributes.pop("called", "")
        declared = {"Type": type, "Properties": self._unwrapped(id, properties, ())}
        kept = {name: plain(value) for name, value in attributes.items() if value}
        self.resources[id] = {**declared, **kept}
        self.made.constructs[id] = ".".join(map(str, at.path))
        if added:
            self.made.added[id] = f"the {FRAMEWORK} adds it by itself, {added}"
        if title:
            self.made.titles[id] = title
        if NAME.fullmatch(called):
            self.made.called[id] = called
        return id

    def _unwrapped(self, id: str, value: Any, at: Path) -> Any:
        if isinstance(value, Part):
            self._origins[id][at] = value.path
            return stripped(value.value)
        if isinstance(value, Mapping):
            found = ((key, self._unwrapped(id, item, (*at, key))) for key, item in value.items())
            return {key: item for key, item in found if item is not None}
        if isinstance(value, list):
            return [self._unwrapped(id, item, (*at, index)) for index, item in enumerate(value)]
        return value

    def set(self, id: str, path: Path, value: Any) -> None:
        """Put something at a path of a resource's properties; maps on the way are made."""
        found = self.resources[id].setdefault("Properties", {})
        for key in path[:-1]:
            found = found.setdefault(key, {}) if isinstance(found, dict) else found[int(key)]
        found[path[-1]] = self._unwrapped(id, value, path)

    def append(self, id: str, path: Path, value: Any) -> None:
        """Put something behind what a list in a resource's properties holds."""
        listed: Any = self.resources[id].setdefault("Properties", {})
        for key, after in zip(path, (*path[1:], 0), strict=True):
            if isinstance(listed, dict):
                listed.setdefault(key, [] if isinstance(after, int) else {})
            listed = listed[key]
        listed.append(self._unwrapped(id, value, (*path, len(listed))))

    def written_at(self, id: str, path: Path, part: Part) -> None:
        """Say that what stands at a path of a resource's properties is written at a part."""
        self._origins.setdefault(id, {(): part.path})[path] = part.path

    def output(self, name: str, value: Value, description: str = "") -> None:
        """Add an output of the framework's own."""
        self.outputs[name] = {"Description": description, "Value": value}

    def allow(self, *statements: Statement) -> None:
        """Give the shared role rights, where there is one."""
        self.statements += statements if self.has_role else ()

    def trust(self, principal: str) -> None:
        """Let a service take the shared role."""
        if self.has_role and principal not in self.trusted:
            self.trusted.append(principal)

    def lose(self, reason: str, effect: str, at: Part) -> None:
        """Say what could not be read, and what that costs."""
        self.made.lost.append(Lost(reason, effect, self.service.place(at.path)))

    def finished(self) -> dict[str, Any]:
        """Return the document; what is told of it has every place from here on."""
        for id, origins in self._origins.items():
            self.made.places[(id,)] = self._places(origins)
            self.made.origins[id] = {
                at: ("/".join(map(str, source[:2])), source[2:])
                for at, source in origins.items()
                if at and source[:1] in EDITED and len(source) > 2  # noqa: PLR2004 - below a name
            }
        self.made.stack = self.stack
        return {**self.sections, "Resources": self.resources, "Outputs": self.outputs}

    def _places(self, origins: dict[Path, Path]) -> dict[Path, Place]:
        found: dict[Path, Place] = {}
        for at, source in origins.items():
            found[at] = self.service.place(source)
            if at:
                self._copy(found, at, source)
        for at in list(found):
            for length in range(len(at) - 1, 0, -1):
                if isinstance(at[length], int):
                    break  # the first that is placed says nothing of a list's other items
                found.setdefault(at[:length], found[at])
        return found

    def _copy(self, found: dict[Path, Place], at: Path, source: Path) -> None:
        for path in self._below.get(source, ()):
            below = (*at, path[-1])
            found[below] = self.service.places[path]
            self._copy(found, below, path)


def stripped(value: Any) -> Any:
    """Return a value without the properties that are null, as the framework deploys it."""
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [stripped(item) for item in value]
    return value


def attribute(id: str, name: str = "Arn") -> dict[str, Any]:
    """Return the reference to a resource's attribute."""
    return {"Fn::GetAtt": [id, name]}


def joined(*parts: Any) -> dict[str, Any]:
    """Return the text that parts make together."""
    return {"Fn::Join": ["", list(parts)]}


def arn(service: str, *rest: Any, region: Any = None, account: Any = None) -> dict[str, Any]:
    """Return an ARN in the stack's own account and region, unless others are given."""
    where = {"Ref": "AWS::Region"} if region is None else region
    owner = {"Ref": "AWS::AccountId"} if account is None else account
    return joined("arn:", {"Ref": "AWS::Partition"}, f":{service}:", where, ":", owner, ":", *rest)


def shared_role() -> dict[str, Any]:
    """Return the reference to the role that functions share."""
    return attribute(ROLE)
