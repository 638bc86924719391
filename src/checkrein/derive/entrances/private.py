"""Which APIs only a network has an address for: REST APIs whose endpoint is private.

Source: API Gateway's developer guide: a private API answers through VPC endpoints alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.stacks.directory import Directory
from checkrein.model import Value, When
from checkrein.model.values import options_of

NETWORK = "vpc"  # the identity of callers of whom only that is known


def is_private(directory: Directory, api: str) -> bool:
    """Tell whether an API is private, whatever its template's conditions are."""
    types = list(_types(directory, api))
    return bool(types) and all(type == "PRIVATE" for _, type in types)


def exception(directory: Directory, api: str) -> str:
    """Return the condition of its template by which an API is private, "" where none makes it so.

    As words that go on a sentence: ``, unless IsPrivate``.
    """
    found = {
        " and ".join(("" if holds else "not ") + name.rpartition("#")[2] for name, holds in when)
        for when, type in _types(directory, api)
        if type == "PRIVATE" and when
    }
    return f", unless {' or '.join(sorted(found))}" if found else ""


def _types(directory: Directory, api: str) -> Iterator[tuple[When, Value]]:
    """Yield the types that an API's endpoint may be of, each with the conditions it assumes."""
    found = directory.resources.get(api)
    config = found.value("EndpointConfiguration") if found else None
    for when, option in options_of(config):
        types = option.get("Types") if isinstance(option, dict) else None
        for further, listed in options_of(types):
            for each in listed if isinstance(listed, list) else ():
                yield from (((*when, *further, *more), type) for more, type in options_of(each))
