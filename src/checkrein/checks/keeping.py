"""What a resource keeps, in a sentence, and findings that weigh as much as what is kept."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from checkrein.catalog.rights import rights
from checkrein.catalog.services import kind
from checkrein.checks.context import configuring, is_open, kept, owners, resources
from checkrein.checks.policies import valid_statements
from checkrein.checks.questions import (
    LOG,
    carried,
    grouped,
    is_store,
    listed,
    short,
    titles,
)
from checkrein.checks.worth import VALUABLE, value
from checkrein.iam.documents import Statement
from checkrein.model import (
    App,
    Basis,
    Call,
    CallSite,
    Entry,
    Evidence,
    Finding,
    Flow,
    Path,
    Place,
    Resource,
    Row,
    Summary,
    Text,
    Undecided,
)
from checkrein.model.asking import of_app, settled
from checkrein.model.facts import as_path
from checkrein.model.values import alternatives, symbols

PERSONAL = 5  # names and addresses, and all that is worth more
GRAVE = 7  # data of three stars: cards, credentials, health
SELECTION = "AWS::Backup::BackupSelection"
CHANGES = (  # what sends each change of a store to a stream, and where it names the stream
    ("AWS::DynamoDB::Table", "KinesisStreamSpecification.StreamArn"),
    ("AWS::QLDB::Stream", "KinesisConfiguration.StreamArn"),
)


def with_data(app: App, id: str) -> str:
    """Name a node with the valuable data that it keeps: ``Orders (e-mail address)``."""
    classes = kept(app, id)
    return f"{short(id)} ({titles(classes)})" if classes else short(id)


def weighed(app: App, finding: Finding, id: str, least: int = VALUABLE) -> Finding:
    """Return a finding about the protection of what a node keeps: hygiene unless that is worth it.

    ``least`` is the value from 0 to 10 of the data that makes it matter.
    """
    classes = kept(app, id)
    matters = bool(classes) and value(app, classes[0]) >= least
    return replace(
        finding,
        endangers=finding.endangers or (id,),
        data=finding.data or tuple(classes),
        hygiene=not matters,
        fault=finding.fault if matters else 0,
    )


def spot(resource: Resource, path: str | Path) -> Place:
    """Return where a setting is written, or the resource where it is left out."""
    keys = as_path(path)
    while keys and keys not in resource.places:
        keys = keys[:-1]
    return resource.places[keys] if keys else resource.place


def beside_the_point(app: App, resource: Resource, *paths: str | Path) -> bool:
    """Tell whether a setting is open where nothing depends on it: no reason to be undecided."""
    unknown = any(is_open(resource.value(path)) for path in paths)
    return unknown and not kept(app, resource.id)


def copies(app: App, id: str) -> list[str]:
    """Return the other stores that have, by code, all the valuable data that a store has.

    Those it is copied to, and those it is made from: what is lost in one can be had from another.
    """
    treasure = set(kept(app, id))
    if not treasure:
        return []
    carries: dict[str, set[str]] = {}
    for flow in _between_stores(app):
        if id in (flow.source.node, flow.target.node):
            other = flow.target.node if flow.source.node == id else flow.source.node
            carries.setdefault(other, set()).update(each.data for each in carried(app, flow))
    return sorted(other for other, data in carries.items() if treasure <= data)


def made_from(app: App, id: str) -> list[str]:
    """Return what sends the changes from which code makes all that is in a store."""
    functions = {
        call.function
        for call in grouped(app, Call, "target").get(id, [])
        if any("write" in rights(action) for action in call.actions)
    }
    ways = [way for each in functions for way in grouped(app, Entry, "function").get(each, [])]
    senders = [_senders(app, way.source) if way.kind == "stream" else [] for way in ways]
    found = {one for each in senders for one in each} - {id}
    return sorted(found) if senders and all(senders) else []


def _senders(app: App, stream: str) -> list[str]:
    """Return the stores whose changes are in a stream: of a table's own stream, the table."""
    if (row := app.get(Row, stream)) and kind(row.type) == "store":
        return [stream]
    return [each.id for type, path in CHANGES for each in configuring(app, stream, type, path)]


@settled
def _between_stores(app: App) -> list[Flow]:
    stores = {row.id for row in app.every(Row) if kind(row.type) == "store"}
    return [
        flow
        for flow in app.every(Flow)
        if flow.basis == Basis.CODED and flow.certain
        if flow.source.node in stores
        if flow.target.node in stores and flow.source.node != flow.target.node
    ]


def is_transient(app: App, store: Resource) -> bool:
    """Tell whether a table deletes its items by itself: what is meant to go is no loss."""
    switch = store.value("TimeToLiveSpecification.Enabled")
    return switch is True and bool(kept(app, store.id))


def how(app: App, id: str, classes: Iterable[str]) -> tuple[Evidence, ...]:
    """Return how the first of some classes comes to a node, as a path of places."""
    row, wanted = app.get(Row, id), next(iter(classes), "")
    reasons = [r for r in row.reasons if r.data == wanted] if row else []
    return reasons[0].steps if reasons else ()


def is_backed_up(app: App, resource: Resource) -> bool:
    """Tell whether a backup plan of the app takes a resource in, by name or by tag."""
    if configuring(app, resource.id, SELECTION, "BackupSelection.Resources"):
        return True
    return any(_takes_all(each) or _by_tag(each, resource) for each in resources(app, SELECTION))


def _takes_all(selection: Resource) -> bool:
    listed = selection.value("BackupSelection.Resources")
    return isinstance(listed, list) and "*" in listed


def _by_tag(selection: Resource, resource: Resource) -> bool:
    wanted = selection.value("BackupSelection.ListOfTags")
    tags = resource.value("Tags")
    had = [(t.get("Key"), t.get("Value")) for t in _dicts(tags)]
    return any((t.get("ConditionKey"), t.get("ConditionValue")) in had for t in _dicts(wanted))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def saved(app: App, store: Resource) -> str:
    """Say whether what is lost could be had from elsewhere; "" where nothing valuable is."""
    if not kept(app, store.id):
        return ""
    if is_backed_up(app, store):
        return ", only to its last backup"
    others = copies(app, store.id)
    if others:
        return f"; {listed(map(short, others))} has the same data"
    if made := made_from(app, store.id):
        return f"; it is made from the changes that {listed(map(short, made))} sends"
    return ", and nothing else has a copy"


def policies(
    app: App, id: str, type: str, path: str, document: str = "PolicyDocument"
) -> Iterator[tuple[Resource, Path, Statement]]:
    """Yield the statements of the policies that name a resource, with policy and path.

    Raises Undecided where a document cannot be read.
    """
    for policy in configuring(app, id, type, path):
        for statement in statements_of(policy, document):
            yield policy, (document, *statement.path), statement


def statements_of(holder: Resource, document: str) -> tuple[Statement, ...]:
    """Return the statements of a document in a resource; none where there is no document."""
    value = holder.value(document)
    if value is None:
        return ()
    found: list[Statement] = []
    for option in alternatives(value):
        if not isinstance(option, (dict, str)):
            raise Undecided(f"{document} of {holder.id} is not known")
        found += valid_statements(option)
    return tuple(found)


def is_aws_key(value: Any) -> bool:
    """Tell whether a value is no key of the account's own: absent, or AWS's for the service."""
    options = alternatives(value)
    return all(
        option is None or (isinstance(option, str) and option.rpartition(":")[2].startswith(AWS))
        for option in options
    )


AWS = ("alias/aws/", "aws/")


def protected(app: App, key: str) -> str:
    """Return the node with the most valuable data under a key of the app, "" for none."""
    nodes = [id for id, keys in under_keys(app).items() if key in keys and kept(app, id)]
    return max(nodes, key=lambda node: (value(app, kept(app, node)[0]), node), default="")


@of_app
def under_keys(app: App) -> dict[str, set[str]]:
    """Return the nodes that keep something under keys of the app, with these keys."""
    keys = {key.id for key in resources(app, "AWS::KMS::Key")}
    aliases = {
        alias.id: owners(app, alias.value("TargetKeyId")) & keys
        for alias in resources(app, "AWS::KMS::Alias")
    }
    found: dict[str, set[str]] = {}
    for row in app.every(Row) if keys else ():
        if (not is_store(row) and row.type != LOG) or kind(row.type) == "pool":
            continue  # code that names a key is not kept under it, and a pool gives it its senders
        holder = app.get(Resource, row.id)
        named = {s.owner for s in symbols(holder.properties)} if holder else set()
        own = (named & keys).union(*(aliases[id] for id in named & {*aliases}))
        if own:
            found[row.id] = own
    return found


def is_log_store(app: App, id: str) -> bool:
    """Tell whether a trail or the access logs of a bucket are written to a bucket."""
    trails = configuring(app, id, "AWS::CloudTrail::Trail", "S3BucketName")
    logged = "LoggingConfiguration.DestinationBucketName"
    return bool(trails or configuring(app, id, "AWS::S3::Bucket", logged))


def items(value: Any) -> list[Any]:
    """Return the items of a list, a lone value as a list of one, nothing for what is not known."""
    if value is None or is_open(value):
        return []
    return value if isinstance(value, list) else [value]


def is_treasured(app: App, id: str) -> bool:
    """Tell whether a node keeps valuable data."""
    return bool(kept(app, id))


def rows_by_deployment(app: App, deployment: str) -> list[Row]:
    """Return the rows of one deployment."""
    return grouped(app, Row, "deployment").get(deployment, [])


def deployment_of(app: App, id: str) -> str:
    """Return the deployment of a node that has a row, else ""."""
    row = app.get(Row, id)
    return row.deployment if row else ""


def text_of(value: Any) -> str:
    """Return a text with what is not known left out; "" for what is no text."""
    if isinstance(value, Text):
        return "".join(part for part in value.parts if isinstance(part, str))
    return value if isinstance(value, str) else ""


def sites(app: App, target: str, operations: Container[str]) -> Iterator[tuple[str, CallSite]]:
    """Yield the functions and places whose code surely asks one of some operations of a node."""
    for call in grouped(app, Call, "target").get(target, []):
        if call.certain and call.operation in operations:
            for summary in grouped(app, Summary, "function").get(call.function, []):
                yield call.function, summary.calls[call.site]
