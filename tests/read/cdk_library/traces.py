"""Traces as a program's evaluation gives them, written down by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from checkrein.model import Place, Resource, Stack, Unread
from checkrein.read.cdk.unsynthesized.library.templates import templates
from checkrein.read.cdk.unsynthesized.trace import Called, Member, New, Package, Trace, Unknown
from checkrein.read.cloudformation import read_document

PLACE = Place("app/lib/shop.ts", 7)
UNKNOWN = Unknown("the environment variable STAGE", PLACE)


class Program:
    """A program with one stack, which grows as it is told what is made and called."""

    def __init__(self, name: str = "Shop", path: str = "app/lib/shop.ts") -> None:
        self.trace = Trace([], [])
        self.place = Place(path, 7)
        self.app = self.new("App")
        self.stack = self.new("Stack", self.app, name)

    def new(
        self,
        kind: str,
        scope: New | None = None,
        id: Any = None,
        *arguments: Any,
        sure: bool = True,
    ) -> New:
        made = New(kind, list(arguments), self.place, scope, id, sure)
        self.trace.done.append(made)
        return made

    def make(self, kind: str, id: Any, *arguments: Any, sure: bool = True) -> New:
        """Make a construct in the first stack."""
        return self.new(kind, self.stack, id, *arguments, sure=sure)

    def call(self, of: Any, name: str, *arguments: Any, sure: bool = True) -> Called:
        called = Called(of, name, list(arguments), self.place, sure)
        self.trace.done.append(called)
        return called

    def facts(self, root: Path) -> list[Stack | Resource | Unread]:
        return [
            fact
            for stack, template in templates(root, "app/cdk.json", self.trace, "app")
            for fact in read_document(root, template, stack, {})
            if isinstance(fact, (Stack, Resource, Unread))
        ]

    def resources(self, root: Path) -> dict[str, Resource]:
        return {fact.id: fact for fact in self.facts(root) if isinstance(fact, Resource)}


def of(name: str) -> Package:
    return Package(name)


def function(program: Program, id: str = "Handler", **given: Any) -> New:
    """Make a function whose code lies in ``lambda``."""
    code = Called(of("aws_lambda.Code"), "fromAsset", ["lambda"], program.place)
    runtime = of("aws_lambda.Runtime.NODEJS_22_X")
    props = {"runtime": runtime, "handler": "index.handler", "code": code, **given}
    return program.make("aws_lambda.Function", id, props)


def table(program: Program, id: str = "Orders", **given: Any) -> New:
    key = {"name": "id", "type": of("aws_dynamodb.AttributeType.STRING")}
    return program.make("aws_dynamodb.Table", id, {"partitionKey": key, **given})


__all__ = ["PLACE", "UNKNOWN", "Member", "Program", "function", "of", "table"]
