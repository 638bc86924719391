"""What aws-sam-translator does that nobody here needs, left out while it translates.

What it makes stays the same, but for the hash that ends a deployment's id: it measures itself,
copies what is a copy already, and prepares for each template what is the same for all.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from types import SimpleNamespace
from typing import Any


def copied(document: Any) -> Any:
    """Return a copy that shares nothing with a document which was parsed, so much of it plain."""
    kind = type(document)
    if kind is dict:
        return {key: copied(item) for key, item in document.items()}
    if kind is list:
        return [copied(item) for item in document]
    if kind is str or kind is int or kind is bool or document is None:
        return document
    return copy.deepcopy(document)


@contextmanager
def economies(policy_templates: Any) -> Iterator[None]:
    """Let the translator use prepared policy templates and only the parameters given.

    ``policy_templates`` makes the plugin for the former.
    """
    stock = [(holder, name, getattr(holder, name)) for holder, name, _ in _changes()]
    from samtranslator.translator import translator  # noqa: PLC0415 - 200 ms

    templates = "make_policy_template_for_function_plugin"
    stock.append((translator, templates, getattr(translator, templates)))
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # it logs deprecations of its own
    try:
        setattr(translator, templates, policy_templates)
        for holder, name, value in _changes():
            setattr(holder, name, value)
        yield
    finally:
        logging.disable(disabled)
        for holder, name, value in stock:
            setattr(holder, name, value)


@cache
def _changes() -> tuple[tuple[Any, str, Any], ...]:
    """Return what changes: a module or class, a name in it, and what the name means instead.

    What only saves time is left as it is in a release that has no such name.
    """
    from samtranslator.metrics import method_decorator  # noqa: PLC0415 - as above
    from samtranslator.open_api import open_api  # noqa: PLC0415
    from samtranslator.sdk.resource import SamResourceType  # noqa: PLC0415
    from samtranslator.swagger import swagger  # noqa: PLC0415
    from samtranslator.translator import translator  # noqa: PLC0415

    given = (translator, "SamParameterValues", _OnlyGiven)
    saving = (
        # an API's whole definition was copied twice for every event, which is quadratic
        (swagger, "_deepcopy", _itself),
        (open_api, "_deepcopy", _itself),
        (translator, "copy", SimpleNamespace(deepcopy=copied)),
        (translator, "traverse", partial(_traversed, getattr(translator, "traverse", None))),
        # looks through its own module for the classes of SAM's types
        (translator, "ResourceTypeResolver", _cached(translator, "ResourceTypeResolver")),
        (SamResourceType, "has_value", _cached(SamResourceType, "has_value")),
        (method_decorator, "_send_cw_metric", _nothing),
    )
    return (given, *(change for change in saving if hasattr(*change[:2])))


def _cached(holder: Any, name: str) -> Any:
    return cache(getattr(holder, name, _nothing))


def _itself(document: Any) -> Any:
    return document


def _nothing(*_: Any) -> None:
    pass


def _traversed(stock: Any, document: Any, actions: list[Any]) -> Any:
    """Look for dependencies on renamed resources only where one was renamed."""
    return stock(document, actions) if any(one.resolution_data for one in actions) else document


class _OnlyGiven:
    """The translator's parameter values, without defaults and without pseudo parameters."""

    def __init__(self, parameter_values: dict[str, Any]) -> None:
        self.parameter_values = parameter_values

    def add_default_parameter_values(self, _template: dict[str, Any]) -> None:
        """Leave a reference to a parameter as it is, default or not."""

    def add_pseudo_parameter_values(self, _session: Any) -> None:
        """Leave ``AWS::Region`` and ``AWS::Partition`` as they are."""
