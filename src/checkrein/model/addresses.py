"""How people write the names of resources: Terraform's addresses, in full and in short."""

from __future__ import annotations

from checkrein.late import regex

TYPED = regex(r"\b(?:module|aws_[a-z0-9_]+)\.")
SAID = str.maketrans({"/": ":", ":": "(:)", "@": "(at)", "(": "(()"})
KEY = regex(r"\[[^\]]*\]")


def untyped(name: str) -> str:
    """Return an address without what each says of its kind: ``orders`` of ``aws_x.orders``."""
    return TYPED.sub("", name)


def logical_id(address: str) -> str:
    """Return an address as ids hold it, which are split at slashes and have parts behind an @.

    No two addresses become one: what stands for a slash or an @ is written otherwise itself.
    """
    return address.translate(SAID)


def is_called(id: str, word: str) -> bool:
    """Tell whether a word is the name in an id: as Terraform writes it, or as the table shows it.

    A shell takes the quotes of a key away.
    """
    name = id.rpartition("/")[2].replace('"', "")
    wanted = {word, KEY.sub(lambda key: logical_id(key[0]), word)}
    return not {each.replace('"', "") for each in wanted}.isdisjoint((name, untyped(name)))
