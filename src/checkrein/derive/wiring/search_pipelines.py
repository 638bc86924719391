"""What ingestion pipelines (OpenSearch Ingestion) take from stores, and where they put it.

A pipeline's configuration is YAML in one text, in which the template puts names of resources:
what is named before its sinks it reads, what is named in them it writes.

Source: the developer guide of OpenSearch Ingestion, "Pipeline configuration".
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.services import holds_content
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.wiring import wire
from checkrein.model import Evidence, Flow, Resource, Slot, Symbol, Text
from checkrein.model.values import alternatives

PIPELINE = "AWS::OSIS::Pipeline"
BODY = "PipelineConfigurationBody"
SINKS = "sink:"


def searched(directory: Directory) -> Iterator[Flow]:
    """Yield what all ingestion pipelines move."""
    for pipeline in directory.of_type(PIPELINE):
        sources, sinks = _named(directory, pipeline)
        for source in sources:
            for sink in sinks:
                short = sink.rpartition("/")[2]
                said = f"{pipeline.name} copies {source.rpartition('/')[2]} to {short}"
                note = Evidence(said, pipeline.where(BODY))
                yield wire(Slot(source), Slot(sink), pipeline.id, note)


def _named(directory: Directory, pipeline: Resource) -> tuple[list[str], list[str]]:
    """Return the stores that a pipeline's configuration names before its sinks, and in them."""
    found: tuple[list[str], list[str]] = [], []
    for body in alternatives(pipeline.value(BODY)):
        said = ""
        for part in body.parts if isinstance(body, Text) else ():
            if isinstance(part, str):
                said += part
            elif isinstance(part, Symbol) and part.owner in directory.resources:
                known = found[SINKS in said]
                if holds_content(directory.resources[part.owner].type) and part.owner not in known:
                    known.append(part.owner)
    return found
