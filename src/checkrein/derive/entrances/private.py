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
    """Tell whether an API is private, as far as the defaults of parameters decide it."""
    types = [type for when, type in _types(directory, api) if _is_usual(directory, when)]
    return bool(types) and all(type == "PRIVATE" for type in types)


def _is_usual(directory: Directory, when: When) -> bool:
    """Tell whether conditions may be so by the defaults of the template's parameters."""
    return all(directory.usual.get(name, holds) is holds for name, holds in when)


def exception(directory: Directory, api: str) -> str:
    """Return the condition of its template by which an API is private, "" where none makes it so.

    As words that go on a sentence: ``, unless IsPrivate``; where the defaults of parameters make
    it so, that they do.
    """
    found = {
        " and ".join(("" if holds else "not ") + name.rpartition("#")[2] for name, holds in when)
        for when, type in _types(directory, api)
        if type == "PRIVATE" and when
    }
    said = " or ".join(sorted(found))
    if found and is_private(directory, api):
        return f", within its network only, by the default of {said}"
    return f", unless {said}" if found else ""


def _types(directory: Directory, api: str) -> Iterator[tuple[When, Value]]:
    """Yield the types that an API's endpoint may be of, each with the conditions it assumes."""
    found = directory.resources.get(api)
    config = found.value("EndpointConfiguration") if found else None
    for when, option in options_of(config):
        types = option.get("Types") if isinstance(option, dict) else None
        for further, listed in options_of(types):
            for each in listed if isinstance(listed, list) else ():
                yield from (((*when, *further, *more), type) for more, type in options_of(each))
