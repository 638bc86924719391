"""Which IAM actions a method's name may ask for, where no SDK model says what it is called on."""

from __future__ import annotations

from functools import cache

from checkrein.catalog.actions import documented
from checkrein.catalog.operations import actions, prefixes, services_of
from checkrein.catalog.sdk import javascript_operation, python_operation


@cache
def may_ask(service: str, method: str, prefix: str) -> frozenset[str] | None:
    """Return the actions with a prefix that a method may need; None where it may be any of them.

    ``service`` is botocore's name and ``method`` as code writes it (``get_item``, ``getItem``);
    each is "" where it may be any. An action of the method's own name is there even where AWS
    documents none: code may know operations that the catalogue does not.
    """
    if service and prefix not in prefixes(service):
        return frozenset()
    if not method:
        return None
    asked = {
        action
        for one in ((service,) if service else services_of(prefix))
        for operation in (python_operation(one, method), javascript_operation(one, method, "v2"))
        if operation
        for action in actions(one, operation)
    }
    name = f"{prefix}:{method.replace('_', '')}"
    return frozenset((*asked, documented(name) or name))
