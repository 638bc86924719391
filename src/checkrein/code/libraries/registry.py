"""What the program has made known for later: classes, services, listeners, library attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.stored import Store
    from checkrein.code.domain.things import Class, Modelled
    from checkrein.code.frameworks.passing import Passed
    from checkrein.code.frameworks.routes import Mount, Registered


class Registry:
    """What one run has registered so far."""

    __slots__ = (
        "applications",
        "attributes",
        "classes",
        "guards",
        "listeners",
        "mounts",
        "objects",
        "passed",
        "routes",
        "running",
        "services",
        "stores",
    )

    def __init__(self) -> None:
        self.classes: list[Class] = []  # as they were defined
        self.guards: list[Abstract] = []  # that stand before all routes of controllers
        self.services: list[tuple[Class, Abstract]] = []  # that containers hand out
        self.applications = 0  # of frameworks, so far
        self.mounts: list[Mount] = []
        self.running: Registered | None = None  # the route whose code runs
        self.objects: dict[str, Modelled] = {}  # of frameworks, that all routes share
        self.routes: list[Registered] = []  # whose code has not run yet
        self.passed: list[Passed] = []  # what stands before routes and has run
        self.listeners: dict[str, list[Abstract]] = {}  # of events, by name; "" for any
        self.attributes: dict[tuple[str, str], Abstract] = {}  # set on libraries' objects
        self.stores: dict[str, Store] = {}  # that clients were last made for, by package
