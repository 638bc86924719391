"""Findings that rest on a guess: which resource of another stack is meant, what a macro makes."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.model import App, Deployment, Finding, Resource, Stack
from checkrein.model.asking import of_app
from checkrein.model.values import symbols

PARAMETER = "settle it in checkrein.yaml"
REMARKS = {"called": "it is called so, if both are in one account"}  # of some bases
NAME = "parts of the name are known only when it is deployed"
Guess = tuple[str, str, str, str]  # the stack that asks, STACK.PARAMETER, the resource, a remark


def guesses(app: App, subject: str, finding: Finding) -> Iterator[str]:
    """Yield, as sentences, the guessed links between what a finding is about and endangers."""
    concerned = {subject, *finding.endangers}
    stacks = {stack for id in concerned if (stack := _stack(app, id))}
    for stack, parameter, target, settled in _guesses(app):
        if target in concerned and stack in stacks and _stack(app, target) != stack:
            yield f"rests on taking {parameter} for {target}: {settled}"
    for macro in dict.fromkeys(m for stack in sorted(stacks) for m in _macros(app).get(stack, ())):
        yield f"rests on the template as it is written, which the macro {macro} may change"


@of_app
def _guesses(app: App) -> tuple[Guess, ...]:
    return tuple(
        (link.stack, link.parameter, symbol.owner, REMARKS.get(link.basis, remark))
        for deployment in app.every(Deployment)
        for links, remark in ((deployment.links, PARAMETER), (deployment.imports, NAME))
        for link in links
        if not link.certain
        for symbol in symbols(link.target)
    )


@of_app
def _macros(app: App) -> dict[str, tuple[str, ...]]:
    return {stack.id: stack.macros for stack in app.every(Stack) if stack.macros}


def _stack(app: App, id: str) -> str:
    """Return the stack of a resource, or of the resource that a derived id starts with."""
    found = _stacks(app)
    return found.get(id) or found.get(id.partition("@")[0]) or found.get(_holder(id), "")


def _holder(id: str) -> str:
    """Return the resource that holds a statement: a grant's id says so after ``<``."""
    return id.partition("<")[2].rpartition(":")[0]


@of_app
def _stacks(app: App) -> dict[str, str]:
    return {resource.id: resource.stack for resource in app.every(Resource)}
