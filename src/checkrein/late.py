"""What is made where it is first used: patterns, modules, and what a package offers of its own.

A module of patterns is loaded for one of them, or for none: to compile all that a scan loads took
30 ms of each. To import one module of a package loads the package first.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any, AnyStr, cast

if TYPE_CHECKING:  # takes longer to load than all of this
    from importlib.abc import Loader
    from types import ModuleType


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what ``re.compile`` would; what is wrong with the text is told at its first use.

    For what stands in a module: it is no ``re.Pattern`` to ``isinstance``, nor to functions of
    ``re``.
    """
    return cast("re.Pattern[AnyStr]", Late(text, flags))


class Late:
    """A pattern that is not compiled yet; it becomes one at its first use."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def compiled(self) -> re.Pattern[Any]:
        """Return the pattern itself; raise re.error where the text is none."""
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = self.compiled()
        for each in ("match", "fullmatch", "search", "sub", "finditer"):
            setattr(self, each, getattr(made, each))  # from now on found without asking here
        value = getattr(made, name)
        setattr(self, name, value)
        return value


def offered(package: str, names: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package that offers names, said by the module they are in."""
    homes = {name: module for module, those in names.items() for name in those}

    def found(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{homes[name]}"), name)

    return found


def module(name: str, *functions: str) -> None:
    """Let a module be loaded where something of it is first used; functions, where one is called.

    ``importlib.util.LazyLoader`` would load it at the first ``import``, which asks for its spec.
    The package that it is in is loaded at once; a module that is not there is left alone.
    """
    spec = None if name in sys.modules else find_spec(name)
    loader = spec and spec.loader
    if spec and loader:
        sys.modules[name] = made = module_from_spec(spec)
        made.__dict__["__getattr__"] = lambda name: _asked(made, loader, name)
        for each in functions:
            made.__dict__[each] = lambda *given, each=each: _load(made, loader, each)(*given)
        package, _, last = name.rpartition(".")
        if package:
            setattr(sys.modules[package], last, made)


def classes(name: str) -> None:
    """Let a module of classes be loaded where something of one of them is first used.

    Until then its classes are only names, as annotations of others ask for them.
    """
    spec = None if name in sys.modules else find_spec(name)
    if spec and spec.loader:
        module(name)
        made, loader = sys.modules[name], spec.loader
        made.__dict__["__getattr__"] = lambda name: _Named(name, (), {"load": (made, loader)})


@contextmanager
def hollow(package: str) -> Iterator[None]:
    """Have a package's modules loaded without what the package itself loads, if it is not yet."""
    spec = None if package in sys.modules else find_spec(package)
    if spec is None:
        yield
        return
    sys.modules[package] = module_from_spec(spec)
    try:
        yield
    finally:
        del sys.modules[package]


class _Named(type):
    """A class of a module that is not loaded yet."""

    load: tuple[ModuleType, Loader]

    def __getattr__(cls, name: str) -> Any:
        return getattr(_load(*cls.load, cls.__name__), name)


def _asked(made: ModuleType, loader: Loader, name: str) -> Any:
    """Return what is asked of a module that was left; who imports from one asks for its folder."""
    if name == "__path__":
        raise AttributeError(name)
    return _load(made, loader, name)


def _load(made: ModuleType, loader: Loader, attribute: str) -> Any:
    """Load a module that was left, and return what is asked of it."""
    if made.__dict__.pop("__getattr__", None):
        loader.exec_module(made)
    return getattr(made, attribute)
