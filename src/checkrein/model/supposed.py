"""An app as it would be with something else in it: ``whatif`` gives this back."""

from __future__ import annotations

from msgspec import Struct

from checkrein.model.difference import Difference
from checkrein.model.places import Evidence
from checkrein.model.result import Result


class Supposed(Struct, frozen=True):
    """The app as it is and as it would be, how they differ, and the rights in use that are lost."""

    before: Result
    after: Result
    difference: Difference
    lost: tuple[Evidence, ...] = ()
