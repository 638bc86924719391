"""What happened: records that were written elsewhere, read and placed on a derived app.

Files in, ``Observation`` facts and the table's observed cells out. Nothing is asked of an account
or network, and no value that stands in a record is kept: only classes, counts and places in words.
"""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.detect.own import Own
from checkrein.errors import UsageError
from checkrein.model import App, Decision
from checkrein.observe.names import Names
from checkrein.observe.placing import placed
from checkrein.observe.records import GIVEN
from checkrein.observe.sightings import Named, Tally, united
from checkrein.observe.sources import Given, read

__all__ = ["Given", "observed", "tallied"]


def observed(app: App, given: Iterable[Given]) -> App:
    """Return a derived app with what some files tell of it.

    What stands in them and cannot be read, or be placed on a resource, is counted in Unread facts.
    Raises UsageError where a file or folder is not there, or a resource that one is said to be of.
    """
    asked = list(given)
    names = Names(app)
    for word in dict.fromkeys(each.named for each in asked):
        if word and not names.find([Named(word, GIVEN)]):
            raise UsageError(f"nothing here is called {word}; give RESOURCE=PATH, or PATH alone")
    return placed(app, tallied(asked, Own(app.every(Decision))))


def tallied(given: Iterable[Given], own: Own | None = None) -> Tally:
    """Return what some files tell, not placed yet; in any order the same.

    A file counts once, however often it is given. Raises UsageError as ``observed``.
    """
    return united(read(given, own or Own()))
