"""Stacks whose template is not here: boxes that may read and write what they are given.

Applications of the Serverless Application Repository, and nested templates of other places. What
they do with what a parameter names is not known, and not guessed either: they may, so their row
says what could come to them.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.services import holds_content, service
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.table.closure import Edge
from checkrein.model import Evidence, Resource
from checkrein.model.values import symbols

TYPES = ("AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet")
APPLICATION = "AWS::Serverless::Application"


def boxes(directory: Directory) -> Iterator[Resource]:
    """Yield the nested stacks of which no template is here."""
    read = {resource.stack for resource in directory.resources.values()}
    yield from (each for each in directory.of_type(*TYPES) if each.id not in read)


def name_of(resource: Resource) -> str:
    """Return the service that a resource is of, as the table says it."""
    return service(resource.source_type if resource.source_type == APPLICATION else resource.type)


def given(directory: Directory) -> Iterator[Edge]:
    """Yield what may move between a box and what its parameters name."""
    for box in boxes(directory):
        for symbol in dict.fromkeys(symbols(box.value("Parameters"))):
            named = directory.resources.get(symbol.owner)
            if named is None or named.id == box.id:
                continue
            target = directory.resources[directory.follow(named.id)]
            if holds_content(target.type):
                place = box.where("Parameters")
                takes = f"{box.name}, whose template is not here, is given {target.name}: may read"
                puts = f"{box.name}, whose template is not here, is given {target.name}: may write"
                yield Edge(target.id, box.id, Evidence(takes, place), certain=False)
                yield Edge(box.id, target.id, Evidence(puts, place), certain=False)
