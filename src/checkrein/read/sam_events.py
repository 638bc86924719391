"""Events of SAM resources, and looking into what is written as plain JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checkrein.model import Path
from checkrein.read.template import Template


@dataclass(frozen=True)
class Event:
    """One entry of a SAM resource's Events."""

    source: str
    name: str
    type: str
    properties: dict[str, Any]

    @property
    def path(self) -> Path:
        """Its path below the source's Properties."""
        return ("Events", self.name)


def events_of(template: Template) -> Iterator[Event]:
    """Yield every event of every function and state machine."""
    for source, declared in template.resources.items():
        events = below(declared, ("Properties", "Events"))
        for name, event in events.items() if isinstance(events, dict) else ():
            if isinstance(event, dict):
                properties = event.get("Properties")
                known = properties if isinstance(properties, dict) else {}
                yield Event(source, name, str(event.get("Type")), known)


def routes(body: Any, event: Event) -> Iterator[Path]:
    """Yield the paths in an OpenAPI body that an event stands for."""
    path = event.properties.get("Path", "$default")
    method = str(event.properties.get("Method", "any")).lower()
    method = "x-amazon-apigateway-any-method" if method in ("any", "*") else method
    paths = below(body, ("paths",))
    if isinstance(path, str) and isinstance(paths, dict) and path in paths:
        entry = paths[path]
        if isinstance(entry, dict) and "Fn::If" in entry:
            yield ("paths", path)
        elif isinstance(entry, dict):
            yield ("paths", path)
            yield from [("paths", path, one) for one in (method, "options") if one in entry]


def graphql_part(name: str, source: str, properties: Any) -> Path | None:
    """Return the entry of a GraphQL API's properties that a resource of this id is made for."""
    found: list[tuple[str, Path]] = []
    for section, depth in (("Functions", 1), ("ApiKeys", 1), ("DataSources", 2), ("Resolvers", 2)):
        for path in _entries(below(properties, (section,)), depth):
            own = "".join(map(str, path)) if section == "Resolvers" else str(path[-1])
            found.append((f"{source}{own}", (section, *path)))
    fitting = [part for part in found if name.startswith(part[0])]
    return max(fitting, key=lambda part: len(part[0]))[1] if fitting else None


def _entries(value: Any, depth: int) -> Iterator[Path]:
    for key, item in value.items() if isinstance(value, dict) else ():
        if depth == 1:
            yield (key,)
        else:
            yield from ((key, *path) for path in _entries(item, depth - 1))


def reference_name(reference: Any, otherwise: str) -> str:
    """Return the name in a ``Ref`` (or the plain name), ``otherwise`` if there is none."""
    if reference is None:
        return otherwise
    found = reference.get("Ref") if isinstance(reference, dict) else reference
    return found if isinstance(found, str) else ""


def refers_to(value: Any, name: str) -> bool:
    """Tell whether a resource is referred to anywhere inside."""
    if isinstance(value, dict):
        if value.get("Ref") == name or value.get("Fn::GetAtt") in ([name, "Arn"], f"{name}.Arn"):
            return True
        return any(refers_to(item, name) for item in value.values())
    return any(refers_to(item, name) for item in value) if isinstance(value, list) else False


def below(value: Any, path: Path) -> Any:
    """Return what is written at a path, None if nothing is."""
    for key in path:
        try:
            value = value[key] if isinstance(value, dict) else value[int(key)]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths of what is merged as a whole: all but mappings, save intrinsics."""
    if isinstance(value, dict) and not (len(value) == 1 and is_intrinsic(next(iter(value)))):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    else:
        yield path


def is_intrinsic(key: str) -> bool:
    """Tell whether a key is an intrinsic function's."""
    return key == "Ref" or key.startswith("Fn::")
