"""Which function makes what a class of the library makes, and does what a method does.

Each module of ``services`` enters its own here. A class is ``aws_lambda.Function``; a method is
one of a class, or of any (``""``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.library.things import Construct
    from checkrein.read.cdk.unsynthesized.library.world import World
    from checkrein.read.cdk.unsynthesized.trace import Called

Making = Callable[["World", "Construct"], None]
Method = Callable[["World", "Construct", "Called"], Any]
F = TypeVar("F", bound=Callable[..., Any])

CLASSES: dict[str, Making] = {}
METHODS: dict[tuple[str, str], Method] = {}
SILENT: set[str] = set()  # classes and methods that make nothing of interest
LAST: list[Callable[[World], None]] = []  # what is done when the whole trace is read


def makes(*kinds: str) -> Callable[[F], F]:
    """Enter a function that makes what some classes make."""

    def enter(function: F) -> F:
        for kind in kinds:
            CLASSES[kind] = function
        return function

    return enter


def method(*names: str, of: tuple[str, ...] = ("",)) -> Callable[[F], F]:
    """Enter a function that does what methods of some classes do."""

    def enter(function: F) -> F:
        for kind in of:
            for name in names:
                METHODS[kind, name] = function
        return function

    return enter


def silent(*names: str) -> None:
    """Say of classes and methods that they make nothing that is told."""
    SILENT.update(names)
