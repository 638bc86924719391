"""What an answer about an app rests on: which facts were looked at to find it.

``of_app`` remembers a function's result with the app, and whoever uses it again rests on what was
looked at for it. ``Settled`` are functions that others rest on by their result alone.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from checkrein.model.app import App, Door

P = ParamSpec("P")
T = TypeVar("T")
RESULT = "="  # the field of a door to what a function returns
KEY = "."  # begins the value of such a door where it leads to the value of one key


class Made:
    """A result that was remembered, and what was looked at for it."""

    __slots__ = ("asked", "result", "through")

    def __init__(self, result: Any, asked: set[Any] | None) -> None:
        self.result = result
        self.asked: Iterable[Any] = asked or ()
        self.through: frozenset[Door] | None = None


def of_app(function: Callable[Concatenate[App, P], T]) -> Callable[Concatenate[App, P], T]:
    """Remember with an app what a function returns of it; the result brings what it rests on.

    Functions of an app must not be remembered in any other way: ``App.asked`` would lack what was
    looked at the first time.
    """

    @functools.wraps(function)
    def again(app: App, /, *arguments: P.args, **named: P.kwargs) -> T:
        key = (function, arguments, *named.items()) if named else (function, arguments)
        made = app.remembered.get(key)
        if made is None:
            made = _made(app, key, lambda: function(app, *arguments, **named))
        if app.asked is not None:
            app.asked.add(made)
        return made.result  # type: ignore[no-any-return]

    return again


def settled(function: Callable[[App], T]) -> Callable[[App], T]:
    """Remember as ``of_app`` does, but let those who use the result rest on it alone.

    For small results of many facts. The function must have its module to itself by its name, and
    what it returns must be plain: facts, texts, numbers, and sets and mappings of them.
    """
    door = (f"{function.__module__}:{function.__name__}", RESULT, "")

    @functools.wraps(function)
    def again(app: App) -> T:
        made = app.remembered.get(door)
        if made is None:
            made = _made(app, door, lambda: function(app))
        if app.asked is not None:
            app.asked.add(door)
        return made.result  # type: ignore[no-any-return]

    return again


def settled_each(
    function: Callable[[App], Mapping[str, T]],
) -> Callable[[App, str], T | None]:
    """Remember a mapping as ``settled`` does, and let those who look up a key rest on its value."""
    name = f"{function.__module__}:{function.__name__}"
    whole = (name, RESULT, "")

    @functools.wraps(function)
    def of(app: App, key: str) -> T | None:
        made = app.remembered.get(whole)
        if made is None:
            made = _made(app, whole, lambda: function(app))
        if app.asked is not None:
            app.asked.add((name, RESULT, f"{KEY}{key}"))
        return made.result.get(key)  # type: ignore[no-any-return]

    return of


def settled_at(function: Callable[[App, str], T]) -> Callable[[App, str], T]:
    """Remember a result of one key as ``settled`` does that of an app: others are not made.

    For small results of much that one thing says, such as a function's code.
    """
    name = f"{function.__module__}:{function.__name__}"

    @functools.wraps(function)
    def at(app: App, key: str) -> T:
        door = (name, RESULT, f"{KEY}{key}")
        made = app.remembered.get(door)
        if made is None:
            made = _made(app, door, lambda: function(app, key))
        if app.asked is not None:
            app.asked.add(door)
        return made.result  # type: ignore[no-any-return]

    return at


def doors(asked: Iterable[Any]) -> frozenset[Door]:
    """Return the doors through which facts were looked at, also for what was remembered."""
    found: set[Door] = set()
    for each in asked:
        if isinstance(each, Made):
            found |= _through(each)
        else:
            found.add(each)
    return frozenset(found)


def _through(made: Made) -> frozenset[Door]:
    if made.through is None:
        made.through = doors(made.asked)
    return made.through


def beneath(app: App, door: Door) -> frozenset[Door]:
    """Return the doors that were gone through for a settled result; none where nobody wanted it."""
    made = app.remembered.get(door) or app.remembered.get((*door[:2], ""))
    return _through(made) if made else frozenset()


def listen(app: App) -> None:
    """Note from now on through which doors facts are looked at, in a new set.

    To be called before anything is remembered of the app that others are to rest on.
    """
    if app.asked is None:
        app.remembered.clear()
    app.asked = set()


def heard(app: App) -> frozenset[Door]:
    """Return the doors through which facts were looked at since ``listen``."""
    return doors(app.asked or ())


def _made(app: App, key: Any, make: Callable[[], Any]) -> Made:
    if app.asked is None:
        made = app.remembered[key] = Made(make(), None)
        return made
    before, app.asked = app.asked, set()
    try:
        made = app.remembered[key] = Made(make(), app.asked)
    except BaseException:
        before |= app.asked or set()
        raise
    finally:
        app.asked = before
    return made
