"""A service's text read like a template, for the tests of what services compile to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checkrein.model import Resource
from checkrein.model.values import SPECIAL
from checkrein.notation import parse
from checkrein.read.cloudformation import read_document
from checkrein.read.serverless.compiled import compiled
from checkrein.read.serverless.service import Service
from checkrein.read.template import Template

HEAD = "service: shop\nprovider: {name: aws, runtime: nodejs22.x}\n"
NOISE = (
    "LogGroup",
    "LambdaVersion",
    "ServerlessDeploymentBucket",
    "ServerlessDeploymentBucketPolicy",
)


class Compiled:
    """What a service compiles to: resources by logical id, with their places and outputs."""

    def __init__(self, text: str, root: Path = Path()) -> None:
        tree = parse(text, "serverless.yml")
        places = {path: tree.entry(path) for path in tree.nodes}
        service = Service("serverless.yml", tree.value, places)
        document, self.made = compiled(root, service)
        self.document: dict[str, Any] = document
        self.lines = ["", *text.splitlines()]
        template = Template(parse("Resources: {}", "serverless.yml"), self.made)
        template.value = document
        facts = read_document(root, template, "s", {})
        self.resources = {f.name: f for f in facts if isinstance(f, Resource)}

    @property
    def types(self) -> dict[str, str]:
        """Types by id, without what every service has."""
        return {id: r.type for id, r in self.resources.items() if not id.endswith(NOISE)}

    def of(self, id: str, path: str = "") -> Any:
        """Return a resource's properties, or one, with references as ``${id.attribute}``."""
        found = self.resources[id]
        return shown(found.value(path) if path else found.properties)

    def line(self, id: str, path: str = "") -> str:
        """Return the line on which a resource, or a property, stands."""
        return self.lines[self.resources[id].where(path).line].strip()

    def statements(self, id: str = "IamRoleLambdaExecution") -> list[Any]:
        """Return the statements of a role."""
        found: list[Any] = self.of(id, "Policies.0.PolicyDocument.Statement")
        return found

    @property
    def lost(self) -> list[str]:
        return [each.reason for each in self.made.lost]


def read(text: str, root: Path = Path()) -> Compiled:
    """Compile a service that has a head of its own."""
    return Compiled(text, root)


def functions(text: str) -> Compiled:
    """Compile a service of which only the text below its usual head matters."""
    return Compiled(HEAD + text)


def events(text: str, more: str = "") -> Compiled:
    """Compile a service with a function ``hello`` that has these events."""
    listed = "".join(f"      - {line}\n" for line in text.strip().splitlines())
    head = (
        "functions:\n  auth: {handler: a.b}\n  hello:\n    handler: src/hello.main\n    events:\n"
    )
    return Compiled(f"{HEAD}{head}{listed}{more}")


def shown(value: Any) -> Any:
    """Return a value with what is not plain as text; the name of the stack is left out."""
    if isinstance(value, SPECIAL):
        return str(value).replace("${s/", "${").replace("${@aws.", "${")
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return value
