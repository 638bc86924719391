"""What happened, as records tell: ``observe/`` makes these."""

from __future__ import annotations

from checkrein.model.facts import Fact


class Observation(Fact, frozen=True):
    """Somebody did something to a node, or data of a class was seen there, so many times.

    ``kind``: ``call`` (a request that was answered), ``refused`` (one that was not), ``change`` (a
    request that changes who may use the node or what runs there) or ``content``. ``node`` is a
    resource or a row. ``actor`` is the id of a function or identity where it is ``known``, else the
    name that the record has: of a role or user, ``anyone``, ``service NAME``, ``account NUMBER``;
    "" for content and where the record names nobody. ``operation`` is ``dynamodb:PutItem`` as the
    API calls it, ``actions`` are the IAM actions that it needs, ``right`` the one that counts most.
    Of content, ``data`` is the class and ``path`` the field, as far as its name is no value itself.
    ``count`` says how often, in all records that were read; ``source`` names their kinds.

    No value that was seen is ever in it, and its evidence has no place: where a record stands
    is words, so that no report shows the line.
    """

    kind: str
    node: str
    actor: str = ""
    known: bool = False
    operation: str = ""
    right: str = ""
    actions: tuple[str, ...] = ()
    data: str = ""
    path: str = ""
    count: int = 1
    source: tuple[str, ...] = ()
