"""A page for each module of the model: its types, their fields, and what they say."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from types import ModuleType

from msgspec import Struct

from checkrein import model
from checkrein.catalog.data_classes import classes
from tools.manual.page import Page, table

SECTION = "Model"


def pages() -> Iterator[Page]:
    """Yield the classes of data and their values, then the modules by name."""
    rows = ((f"`{data.id}`", data.title, str(data.value)) for data in classes())
    text = "# Classes of data\n\nWhat a piece of data is worth, 0 to 10, where a team says nothing"
    text += " else in `checkrein.yaml`.\n\n" + table(("class", "is", "value"), rows)
    yield Page("model/classes-of-data", "Classes of data", SECTION, text)
    for module in modules():
        name = module.__name__.rpartition(".")[2]
        yield Page(f"model/{name}", f"model.{name}", SECTION, _page(name, module))


def modules() -> list[ModuleType]:
    """Return the modules of the model, by name."""
    names = [found.name for found in pkgutil.iter_modules(model.__path__)]
    return [import_module(f"{model.__name__}.{name}") for name in names]


def types(module: ModuleType) -> list[type]:
    """Return the public types that a module defines, in its order."""
    return [
        found
        for name, found in vars(module).items()
        if isinstance(found, type) and found.__module__ == module.__name__ and name[0] != "_"
    ]


def said(type: type) -> str:
    """Return what a type's own docstring says, "" where it has none."""
    own = type.__dict__.get("__doc__") or ""
    return "" if own.startswith(f"{type.__name__}(") else inspect.cleandoc(own)


def _page(name: str, module: ModuleType) -> str:
    head = f"# model.{name}\n\n{_marked(module.__doc__ or '')}\n"
    return "\n".join((head, *map(_type, types(module))))


def _type(type: type) -> str:
    return f"## {type.__name__}\n\n{_marked(said(type))}\n\n{_members(type)}"


def _members(type: type) -> str:
    if issubclass(type, Enum):
        return table(("value",), ((f"`{member.value}`",) for member in type))
    if not issubclass(type, Struct):
        return ""
    rows = (
        (f"`{name}`", f"`{written}`") for name, written in inspect.get_annotations(type).items()
    )
    return table(("field", "type"), rows)


def _marked(text: str) -> str:
    """Make Markdown of a docstring: its double backticks are code."""
    return text.strip().replace("``", "`")
