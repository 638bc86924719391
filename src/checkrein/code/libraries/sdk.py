"""SDK objects: which module models them, and how a request becomes a call site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.things import Client, Handle, Request
from checkrein.code.libraries import sdk_javascript, sdk_python, sdk_resources

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Arguments
    from checkrein.code.running.interpreter import Interpreter

SdkObject = Client | Handle | Request


def attribute(run: Interpreter, one: SdkObject, name: str, at: ir.Span, scope: Scope) -> Abstract:
    """Return ``one.name`` where it is not called."""
    if isinstance(one, Handle):
        return sdk_resources.handle_attribute(run, one, name, at, scope)
    if isinstance(one, Client) and one.style == "python":
        return sdk_python.client_attribute(one, name)
    return sdk_javascript.attribute(one, name)


def element(run: Interpreter, handle: Handle) -> Abstract:
    """Return what iterating over a boto3 collection gives."""
    return sdk_resources.element(run, handle)


def call(
    run: Interpreter,
    one: SdkObject,
    name: str,
    given: Arguments,
    scope: Scope,
    *,
    certain: bool = True,
) -> Abstract:
    """Perform a method of an SDK object."""
    if isinstance(one, Handle):
        return sdk_resources.handle_call(run, one, name, given, scope)
    if isinstance(one, Request):
        return sdk_python.request_call(run, one, name, given, scope)
    if one.style == "python":
        return sdk_python.client_call(run, one, name, given, scope, certain=certain)
    return sdk_javascript.client_call(run, one, name, given, scope, certain=certain)
