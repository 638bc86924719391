"""Questions asked of the app. One module is one check; its file name is the check's id.

A check's module lies in the folder of its domain; its docstring holds the title, ``## Why``,
``## Fix`` and ``## Examples`` (which ``tests/checks`` proves); ``@check`` stands on the function
that judges one subject. There is no list to edit: ``load`` walks the folders.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from checkrein.catalog.frameworks import controls
from checkrein.model import Fact, Finding, Resource
from checkrein.model.app import App, F
from checkrein.model.asking import of_app

DOMAINS = ("infrastructure", "data", "code", "identity", "logging")

Judge = Callable[[Any, App], Iterable[Finding]]


class Check(Struct, frozen=True, kw_only=True):
    """A question about one kind of subject.

    ``fault`` says how bad the fault is in itself: 1 small, 2 plain, 3 serious. The runner
    multiplies it with the value and the reach of what a finding endangers. ``topics`` say what it
    speaks to (``catalog/data/topics.yaml``), ``frameworks`` are ids beyond those that follow from
    them, such as ``CWE-532`` or ``AWS-FSBP:S3.8``; ``controls`` has both. ``peers`` are the ids
    under which other tools know the same fault (``CKV_AWS_18``, ``W35``, ``S3.9``), whose
    suppressions count here too. ``hygiene`` is true where no finding depends on the app's data or
    ways in: these are for auditors. ``judge`` yields findings for one subject, and may raise
    Undecided.
    """

    id: str
    domain: str
    title: str
    docs: str
    fault: int
    frameworks: tuple[str, ...]
    subjects: Callable[[App], Iterable[Fact]]
    judge: Judge
    topics: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    hygiene: bool = False

    @property
    def controls(self) -> tuple[str, ...]:
        """All ids of frameworks' controls that the check speaks to, its own first."""
        derived = (id for topic in self.topics for id in controls(topic))
        return tuple(dict.fromkeys((*self.frameworks, *derived)))


def every(kind: type[F]) -> Callable[[App], list[F]]:
    """Select all facts of one type as subjects."""
    return lambda app: app.every(kind)


def resource(*types: str, undeclared: bool = False) -> Callable[[App], list[Resource]]:
    """Select the resources of some CloudFormation types as subjects.

    Those that are declared: nobody here knows how others are set. ``undeclared`` ones too where a
    check asks what they hold.
    """
    return lambda app: [
        found
        for type in types
        for found in _resources(app).get(type, ())
        if undeclared or not found.is_undeclared
    ]


@of_app
def _resources(app: App) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for each in app.every(Resource):
        found.setdefault(each.type, []).append(each)
    return found


def check(
    subjects: Callable[[App], list[F]],
    *,
    fault: int,
    topics: tuple[str, ...] = (),
    frameworks: tuple[str, ...] = (),
    peers: tuple[str, ...] = (),
    hygiene: bool = False,
) -> Callable[[Callable[[F, App], Iterator[Finding]]], Check]:
    """Turn a judging function into a Check; id, domain and docs come from its module."""

    def make(judge: Callable[[F, App], Iterator[Finding]]) -> Check:
        *_, domain, name = judge.__module__.split(".")
        title, _, docs = (importlib.import_module(judge.__module__).__doc__ or "").partition("\n")
        return Check(
            id=name.replace("_", "-"),
            domain=domain,
            title=title.rstrip("."),
            docs=docs.strip(),
            fault=fault,
            topics=topics,
            frameworks=frameworks,
            peers=peers,
            hygiene=hygiene,
            subjects=subjects,
            judge=judge,
        )

    return make


def load() -> list[Check]:
    """Return every check, by id: a new file in a domain's folder is a new check."""
    return [one(module) for module in modules().values()]


def modules() -> dict[str, str]:
    """Return the module of every check by the check's id, sorted; loads none of them."""
    found = {
        name.removesuffix(".py").replace("_", "-"): f"{__name__}.{domain}.{name[:-3]}"
        for domain in DOMAINS
        for path in __path__
        for name in os.listdir(f"{path}/{domain}")  # noqa: PTH208 - speed
        if name.endswith(".py") and name != "__init__.py"
    }
    return dict(sorted(found.items()))


def one(module: str) -> Check:
    """Return the check of a module."""
    values = vars(importlib.import_module(module)).values()
    return next(value for value in values if isinstance(value, Check))
