"""Links between stacks, accepted findings, compliance programs, settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from checkrein.catalog.eligibility import programs
from checkrein.model import Decision
from checkrein.model import Path as Keys
from checkrein.read.intent.known import Known
from checkrein.read.intent.page import Page, nearest

IGNORE_KEYS = ("id", "subject", "path", "reason", "expires")
NEEDED = ("id", "reason")
CHOICES = {
    "fail_on": ("low", "medium", "high", "critical"),
    "persona": ("regular", "auditor"),
}
SETTINGS = (*CHOICES, "exclude")


def links(page: Page, known: Known) -> Iterator[Decision]:
    """Yield what says that a stack's parameter names a resource."""
    for parameter, target in page.section("links"):
        path: Keys = ("links", parameter)
        stack, dot, name = parameter.rpartition(".")
        if not dot or not stack:
            form = "must be a stack and its parameter: api/template.X"
            page.complain(f"{parameter} {form}", path)
        elif not isinstance(target, str) or not target:
            page.complain(f"the link of {parameter} must name one resource by its id", path)
        elif _is_parameter(page, known, stack, name):
            id = known.resource(target, page, path)
            says = page.says(f"links {parameter} to {id}", path)
            if id:
                yield page.decision("link", parameter, {"target": id}, says)


def _is_parameter(page: Page, known: Known, stack: str, name: str) -> bool:
    path = ("links", f"{stack}.{name}")
    if not known.complete:
        return True
    if stack not in known.stacks:
        page.complain(f"no stack is called {stack}{nearest(stack, known.stacks)}", path)
        return False
    return page.knows(name, sorted(known.stacks[stack]), path, f"parameter of {stack}:")


def ignores(page: Page) -> Iterator[Decision]:
    """Yield the findings that are accepted, each a check with a reason."""
    listed = (page.tree.value or {}).get("ignore")
    for number, entry in enumerate(page.items(listed, ("ignore",), "checks with a reason")):
        path: Keys = ("ignore", number)
        if not isinstance(entry, dict):
            page.complain(f"an ignore must hold an id and a reason, not {entry!r}", path)
            continue
        told = {key: value for key, value in entry.items() if _is_right(page, key, value, path)}
        missing = [key for key in NEEDED if key not in entry]
        for key in missing:
            page.complain(f"an ignore needs {'an' if key == 'id' else 'a'} {key}", path)
        if told.keys() != entry.keys() or missing:
            continue  # with a part missing it might cover more than was meant
        says = page.says(f"ignores {told['id']}: {told['reason']}", path)
        content = {key: value for key, value in told.items() if key != "id"}
        yield Decision(
            id=f"ignore:{number}",
            evidence=(says,),
            kind="ignore",
            subject=told["id"],
            content=content,
        )


def _is_right(page: Page, key: str, value: Any, path: Keys) -> bool:
    at = (*path, key)
    if not page.knows(key, IGNORE_KEYS, at, "key"):
        return False
    if not isinstance(value, str) or not value:
        page.complain(f"{key} must be a text, not {value!r}", at)
        return False
    if key == "expires" and not _is_date(value):
        page.complain(f"{value} is no date; write it as 2027-01-31", at)
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2027-01-31")


def programs_of(page: Page) -> tuple[str, ...]:
    """Return the compliance programs that the team asks about."""
    path: Keys = ("programs",)
    listed = page.words((page.tree.value or {}).get("programs"), path, "compliance programs")
    known = tuple(programs())
    return tuple(
        id
        for index, id in enumerate(listed)
        if page.knows(id, known, (*path, index), "compliance program")
    )


def settings(page: Page) -> dict[str, Any]:
    """Return the options that the team shares, those that are right."""
    told: dict[str, Any] = {}
    for key, value in page.section("settings"):
        path: Keys = ("settings", key)
        if not page.knows(key, SETTINGS, path, "setting"):
            continue
        if key in CHOICES:
            if page.knows(value, CHOICES[key], path, key):
                told[key] = value
        elif key == "exclude":
            told[key] = tuple(page.words(value, path, "paths"))
    return told
