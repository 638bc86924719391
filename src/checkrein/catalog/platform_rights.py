"""Rights that AWS Lambda uses with a function's role, whatever the function's code does.

Source: ``data/platform_rights.yaml``, which says its own.
"""

from __future__ import annotations

from checkrein.catalog.tables import table


def platform_rights(what: str) -> tuple[str, ...]:
    """Return the actions for ``log``, ``log group``, ``trace``, ``network``, ``files`` …."""
    return tuple(table("platform_rights.yaml")[what])


def polling_rights(service: str) -> tuple[str, ...]:
    """Return what polling asks of an event source, by its ARN's service (``sqs``); or nothing."""
    return tuple(table("platform_rights.yaml")["trigger"].get(service, ()))


def is_networked(service: str) -> bool:
    """Tell whether Lambda polls a service's event sources from inside their network."""
    return service in table("platform_rights.yaml")["networked"]


def delivery_rights(service: str) -> tuple[str, ...]:
    """Return what handing on asks of a destination, by its ARN's service; or nothing."""
    return tuple(table("platform_rights.yaml")["delivery"].get(service, ()))
