"""The fields of GraphQL APIs that something stands behind: resolvers, their steps, data sources."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checkrein.derive.entrances.authorizers import one
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Resource, Value
from checkrein.model.values import alternatives, at_path

RESOLVER = "AWS::AppSync::Resolver"
STEP = "AWS::AppSync::FunctionConfiguration"
SOURCE = "AWS::AppSync::DataSource"


class Step(Struct, frozen=True):
    """What asks a data source: a resolver, or a function of its pipeline.

    ``source`` is None where a step of a pipeline only makes something, or its source is not here.
    """

    resource: Resource
    source: Resource | None

    @property
    def is_shaped(self) -> bool:
        """Whether code or a template says what the data source gets."""
        return any(self.resource.value(name) is not None for name in SHAPING)


SHAPING = ("Code", "CodeS3Location", "RequestMappingTemplate", "RequestMappingTemplateS3Location")


class Field(Struct, frozen=True):
    """A field of an API's schema, ``Mutation.addRide``, and the steps that resolve it in order."""

    resolver: Resource
    api: str
    route: str
    steps: tuple[Step, ...]

    @property
    def is_pipeline(self) -> bool:
        """Whether the resolver's own code only stands around the steps."""
        return all(step.resource != self.resolver for step in self.steps)


def fields(directory: Directory, deployment: str) -> Iterator[Field]:
    """Yield the fields that the resolvers of a deployment resolve."""
    for member in directory.members(deployment):
        api = one(directory, member.value("ApiId")) if member.type == RESOLVER else None
        if api is not None:
            yield Field(
                resolver=member,
                api=api.id,
                route=f"{member.value('TypeName')}.{member.value('FieldName')}",
                steps=tuple(_steps(directory, deployment, member)),
            )


def _steps(directory: Directory, deployment: str, resolver: Resource) -> Iterator[Step]:
    listed = at_path(resolver.value("PipelineConfig"), ("Functions",))
    if not isinstance(listed, list):
        yield Step(resolver, _source(directory, deployment, resolver.value("DataSourceName")))
        return
    for each in listed:
        for id in directory.find(each, deployment, (STEP,)):
            step = directory.resources[id]
            yield Step(step, _source(directory, deployment, step.value("DataSourceName")))


def _source(directory: Directory, deployment: str, name: Value) -> Resource | None:
    for id in directory.find(name, deployment, (SOURCE,)):
        return directory.resources[id]
    known = [option for option in alternatives(name) if isinstance(option, str)]
    return next(
        (
            member
            for member in directory.members(deployment)
            if known and member.type == SOURCE and member.value("Name") in known
        ),
        None,
    )
