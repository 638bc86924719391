"""What delivery streams (Firehose) hand on, and what a function or a schema makes of it before.

A transforming function gets the records and gives back what is delivered; records that it fails
stay as they were and come to the bucket's prefix for errors. A backup keeps all as it came. Where
records are converted, the columns of the schema's table are what is delivered.

Source: Amazon Data Firehose's developer guide, "Transform source data", "Convert input data
format", "Partition streaming data"; the CloudFormation reference of its destinations.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.content.paths import joined, tokens
from checkrein.derive.content.slots import host_of
from checkrein.derive.entrances.authorizers import FUNCTION
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.wiring import wire
from checkrein.late import regex
from checkrein.model import Basis, Evidence, Flow, Path, Resource, Slot, Value
from checkrein.model.values import alternatives, at_path, parts_at

STREAM = "AWS::KinesisFirehose::DeliveryStream"
TABLE = "AWS::Glue::Table"
RESPONSE = "@response"
RECORDS = "records[].data"  # where a transforming function's answer holds what is delivered
SOURCES: tuple[Path, ...] = (
    ("KinesisStreamSourceConfiguration", "KinesisStreamARN"),
    ("MSKSourceConfiguration", "MSKClusterARN"),
    ("DatabaseSourceConfiguration", "DatabaseSourceVPCConfiguration"),
)
BUCKET: Path = ("BucketARN",)
BACKUPS = ("S3BackupConfiguration", "S3Configuration")  # beside another destination: what failed
STORES: dict[str, tuple[Path, ...]] = {  # what a destination is: members that name a resource
    "S3DestinationConfiguration": (BUCKET,),
    "ExtendedS3DestinationConfiguration": (BUCKET,),
    "AmazonOpenSearchServerlessDestinationConfiguration": (("CollectionEndpoint",),),
    "AmazonopensearchserviceDestinationConfiguration": (("DomainARN",), ("ClusterEndpoint",)),
    "ElasticsearchDestinationConfiguration": (("DomainARN",), ("ClusterEndpoint",)),
    "RedshiftDestinationConfiguration": (("ClusterJDBCURL",), ("S3Configuration", "BucketARN")),
    "IcebergDestinationConfiguration": (("S3Configuration", "BucketARN"),),
    "SnowflakeDestinationConfiguration": (),
    "HttpEndpointDestinationConfiguration": (),
    "SplunkDestinationConfiguration": (),
}
HOSTS: dict[str, Path] = {
    "HttpEndpointDestinationConfiguration": ("EndpointConfiguration", "Url"),
    "SplunkDestinationConfiguration": ("HECEndpoint",),
    "SnowflakeDestinationConfiguration": ("AccountUrl",),
}
APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
OFF = (False, "false")
KEPT_WHOLE = ("Enabled", "AllDocuments", "AllData", "AllEvents")
QUERY = regex(r"""(?<!\w)(\w+)["']?\s*:\s*(?:\(\s*)?((?:\.\w+)+)""")  # of jq: key: .a.b


class Destination(Struct, frozen=True):
    """Where a stream delivers to, and what its template says of it; ``name`` is the property."""

    stream: Resource
    name: str

    @property
    def said(self) -> Value:
        """What stands in the property."""
        return self.stream.value((self.name,))


def delivered(directory: Directory) -> Iterator[Flow]:
    """Yield what all delivery streams take, and what they hand on."""
    for stream in directory.of_type(STREAM):
        yield from _taken(directory, stream)
        for name in STORES:
            if stream.value((name,)) is not None:
                yield from _to(directory, Destination(stream, name))


def processing(stream: Resource) -> Iterator[tuple[Path, Value]]:
    """Yield the functions that transform a stream's records, and where it says so."""
    for name in STORES:
        said = stream.value((name, "ProcessingConfiguration"))
        if at_path(said, ("Enabled",)) in OFF:
            continue
        for path, parameter in parts_at(said, ("Processors", "*", "Parameters", "*")):
            if at_path(parameter, ("ParameterName",)) == "LambdaArn":
                at = (name, "ProcessingConfiguration", *path, "ParameterValue")
                yield at, at_path(parameter, ("ParameterValue",))


def _taken(directory: Directory, stream: Resource) -> Iterator[Flow]:
    for path in SOURCES:
        for source in directory.find(stream.value(path), directory.deployment(stream.id)):
            note = Evidence(f"{stream.name} reads {_short(source)}", stream.where(path))
            yield wire(Slot(source), Slot(stream.id), stream.id, note)


def _to(directory: Directory, to: Destination) -> Iterator[Flow]:
    made = tuple(_made(directory, to))
    for slot, path in _targets(directory, to):
        note = Evidence(f"{to.stream.name} delivers to {_short(slot.node)}", to.stream.where(path))
        for source, inside in made:
            target = Slot(slot.node, joined((*tokens(slot.path), *inside)))
            yield wire(source, target, to.stream.id, note)
        if path[-1:] == BUCKET:
            yield from _partitioned(to, slot)
    yield from _backed_up(directory, to)
    if made != ((Slot(to.stream.id), ()),):
        yield from _failing(directory, to)


def _made(directory: Directory, to: Destination) -> Iterator[tuple[Slot, tuple[str, ...]]]:
    """Yield what is delivered, and where in a record it stands: after a function, in columns."""
    deployment = directory.deployment(to.stream.id)
    functions = [
        each
        for at, value in processing(to.stream)
        if at[0] == to.name
        for each in directory.find(value, deployment, FUNCTION)
    ]
    whole = [Slot(f"{each}{RESPONSE}", RECORDS) for each in functions] or [Slot(to.stream.id)]
    columns = _columns(directory, to)
    for slot in whole:
        for column in columns:
            yield Slot(slot.node, joined((*tokens(slot.path), column))), (column,)
        if not columns:
            yield slot, ()


def _columns(directory: Directory, to: Destination) -> tuple[str, ...]:
    """Return the columns that records are converted to; none where all is delivered."""
    conversion = at_path(to.said, ("DataFormatConversionConfiguration",))
    if conversion is None or at_path(conversion, ("Enabled",)) in OFF:
        return ()
    named = at_path(conversion, ("SchemaConfiguration", "TableName"))
    deployment = directory.deployment(to.stream.id)
    found = directory.find(named, deployment, (TABLE,))
    found = found or tuple(
        each.id
        for each in directory.members(deployment)
        if each.type == TABLE and each.value("TableInput.Name") == named is not None
    )
    listed = [directory.resources[id].value("TableInput.StorageDescriptor.Columns") for id in found]
    names = [at_path(each, ("Name",)) for one in listed for _, each in parts_at(one, ("*",))]
    known = [name for name in names if isinstance(name, str)]
    return tuple(known) if len(known) == len(names) and len(found) == 1 else ()


def _targets(directory: Directory, to: Destination) -> Iterator[tuple[Slot, Path]]:
    deployment = directory.deployment(to.stream.id)
    for member in STORES[to.name]:
        for id in directory.find(at_path(to.said, member), deployment):
            yield Slot(id), (to.name, *member)
    member = HOSTS.get(to.name, ())
    for url in alternatives(at_path(to.said, member)) if member else ():
        own = directory.find(url, deployment, APIS)
        for node in own or (host_of(url) or f"{to.stream.id}@host",):
            yield Slot(node, "body.records[].data"), (to.name, *member)


def _partitioned(to: Destination, bucket: Slot) -> Iterator[Flow]:
    """Yield the fields that a stream makes the keys of objects from."""
    processors = at_path(to.said, ("ProcessingConfiguration", "Processors"))
    for _, parameter in parts_at(processors, ("*", "Parameters", "*")):
        if at_path(parameter, ("ParameterName",)) != "MetadataExtractionQuery":
            continue
        for key, field in QUERY.findall(str(at_path(parameter, ("ParameterValue",)))):
            said = f"{to.stream.name} makes keys of {_short(bucket.node)} of {field[1:]}"
            note = Evidence(said, to.stream.where((to.name, "ProcessingConfiguration")))
            source, target = Slot(to.stream.id, field[1:]), Slot(bucket.node, f"key.{key}")
            yield wire(source, target, to.stream.id, note)


def _backed_up(directory: Directory, to: Destination) -> Iterator[Flow]:
    """Yield what comes as it was: all of it, or what could not be delivered."""
    stream, deployment = to.stream, directory.deployment(to.stream.id)
    is_all = at_path(to.said, ("S3BackupMode",)) in KEPT_WHOLE
    for name in BACKUPS:
        if (name, *BUCKET) in STORES[to.name]:
            continue  # delivered to
        for id in directory.find(at_path(to.said, (name, *BUCKET)), deployment):
            said = "keeps all as it came in" if is_all else "puts what it fails to deliver into"
            note = Evidence(f"{stream.name} {said} {_short(id)}", stream.where((to.name, name)))
            made = wire(Slot(stream.id), Slot(id), stream.id, note)
            yield made if is_all else replace(made, basis=Basis.POTENTIAL)


def _failing(directory: Directory, to: Destination) -> Iterator[Flow]:
    """Yield that what a function or a conversion fails comes as it was, to the errors' prefix."""
    stream, at = to.stream, (to.name, "ProcessingConfiguration")
    for id in directory.find(at_path(to.said, BUCKET), directory.deployment(stream.id)):
        said = f"{stream.name} leaves in {_short(id)} as they were the records that it fails"
        made = wire(Slot(stream.id), Slot(id), stream.id, Evidence(said, stream.where(at)))
        yield replace(made, basis=Basis.POTENTIAL)


def _short(id: str) -> str:
    return id.rpartition("/")[2].removeprefix("host:")
