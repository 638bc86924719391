"""The services in use: who owns which layer, and whether a compliance program covers them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from checkrein.catalog.responsibility import Model, layers, model_of
from checkrein.catalog.services import service
from checkrein.model import App, Resource, Row
from checkrein.model.eligibility import Compliance, Standing
from checkrein.report.evidence.markdown import code, csv_of, escaped, page, table
from checkrein.report.wording import classes, listed

MOST = 4  # resources that a cell lists
NOT_SAID = "not said"
PARTS = ("Custom", "AWS::CDK", "AWS::CloudFormation")  # no services that hold or run anything


class Split(Struct, frozen=True):
    """A service in one way of running it, and the resources that are run so."""

    service: str
    model: Model | None
    resources: tuple[str, ...]


def splits(app: App) -> list[Split]:
    """Return the services in use, each with how its responsibility is split."""
    found: dict[tuple[str, str], tuple[Model | None, list[str]]] = {}
    for id, cfn_type, properties in _in_use(app):
        model = model_of(cfn_type, properties)
        key = (service(cfn_type), model.id if model else "")
        found.setdefault(key, (model, []))[1].append(id)
    return [
        Split(name, model, tuple(sorted(ids))) for (name, _), (model, ids) in sorted(found.items())
    ]


def _in_use(app: App) -> Iterator[tuple[str, str, dict[str, Any]]]:
    resources = app.every(Resource)
    for resource in resources:
        if not resource.type.startswith(PARTS):
            yield resource.id, resource.type, resource.properties
    known = {resource.id for resource in resources}
    for row in app.every(Row):
        if row.id not in known and row.type.startswith("AWS::"):
            yield row.id, row.type, {}


def services_page(app: App, programs: Sequence[Compliance]) -> bytes:
    """Return the split of responsibility, and the eligibility where there is a program."""
    return page(_lines(app, programs))


def _lines(app: App, programs: Sequence[Compliance]) -> Iterator[str]:
    yield from ("# Services in use", "", "## Who owns which layer", "")
    yield (
        "After AWS's shared responsibility model. Your data, code and identities are yours on "
        "every service; how much more is depends on how a service runs."
    )
    found = splits(app)
    models = {split.model.id: split.model for split in found if split.model}
    titles = layers()
    yield ""
    yield from table(
        ("layer", *(escaped(model.title) for model in models.values())),
        (
            (escaped(title), *(escaped(model.owners[layer]) for model in models.values()))
            for layer, title in titles.items()
        ),
    )
    yield ""
    yield from table(
        ("service", "how it runs", "resources"),
        (
            (
                escaped(split.service),
                escaped(split.model.title) if split.model else NOT_SAID,
                f"{len(split.resources)}: {listed([code(id) for id in split.resources], MOST)}",
            )
            for split in found
        ),
    )
    for program in programs:
        yield from _eligibility(program)


def _eligibility(program: Compliance) -> Iterator[str]:
    yield from ("", f"## Eligibility: {escaped(program.title)}", "")
    yield (
        "What the program's list says of each service in use, as old as its date. A service in "
        "scope makes nothing compliant by itself."
    )
    yield ""
    heading = ("service", "standing", "date and source", "holds of its data", "could hold besides")
    yield from table(heading, map(_standing, program.standings))


def _standing(one: Standing) -> tuple[str, ...]:
    said = "; ".join(filter(None, (one.date, one.source, one.note)))
    return (
        escaped(one.service),
        one.standing,
        escaped(said) or "-",
        escaped(classes(one.holds)) if one.holds else "-",
        escaped(classes(one.could)) if one.could else "-",
    )


def services_table(app: App, programs: Sequence[Compliance]) -> bytes:
    """Return a line for each service with each of its resources, layers and programs."""
    heading = ("service", "kind", "of", "says", "date", "source")
    return csv_of(heading, [*_owned(app), *_listed(programs)])


def _owned(app: App) -> Iterator[tuple[object, ...]]:
    for split in splits(app):
        owners = split.model.owners if split.model else dict.fromkeys(layers(), NOT_SAID)
        title = split.model.title if split.model else NOT_SAID
        for id in split.resources:
            yield split.service, "resource", id, title, "", ""
        for layer, owner in owners.items():
            yield split.service, f"owner, {title}", layer, owner, "", ""


def _listed(programs: Sequence[Compliance]) -> Iterator[tuple[object, ...]]:
    for program in programs:
        for one in program.standings:
            begins = (one.service, "eligibility", program.program, one.standing)
            yield (*begins, one.date, one.source)
