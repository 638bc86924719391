"""Terraform's functions: what each gives for values that need not be known.

A function that works on structure takes parts that are not known along; one that computes with
its arguments gives an open value, with the reason, where one of them is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from checkrein.model.values import Open, Value
from checkrein.read.terraform.containers import Items, Object
from checkrein.read.terraform.functions.collecting import COLLECTING
from checkrein.read.terraform.functions.computing import COMPUTING
from checkrein.read.terraform.functions.disk import DISK
from checkrein.read.terraform.functions.encoding import ENCODING
from checkrein.read.terraform.functions.kinds import KINDS
from checkrein.read.terraform.functions.strings import STRINGS
from checkrein.read.terraform.scopes import LARGEST, Scope
from checkrein.read.terraform.unknowns import LONGEST, Failed, is_known, lifted, opened

if TYPE_CHECKING:
    from checkrein.notation.hcl_nodes import Expression

Evaluate = Callable[["Expression", Scope], Value]
STRUCTURAL = {**COLLECTING, **ENCODING, **KINDS, **STRINGS}
RUNNING = {
    "timestamp": "the time of the run",
    "plantimestamp": "the time of the run",
    "uuid": "a new identifier",
    "uuidv5": "an identifier made of a name",
    "bcrypt": "a salted hash",
    "rsadecrypt": "what only a private key reads",
    "formatdate": "a date",
    "timeadd": "a date",
    "timecmp": "a date",
    "base64gzip": "compressed text",
    "filebase64": "a file in base64",
    **dict.fromkeys(
        ("filemd5", "filesha1", "filesha256", "filesha512", "filebase64sha256"), "a file's hash"
    ),
    "filebase64sha512": "a file's hash",
}


COMPARING = frozenset({  # each item with each other
    "distinct", "index", "matchkeys", "setintersection", "setsubtract", "setunion", "toset",
})  # fmt: skip
PER_STEP = 50  # comparisons


def call(name: str, arguments: list[Value], scope: Scope, evaluate: Evaluate) -> Value:
    """Return what a function gives; raise Failed where Terraform would refuse the call."""
    name = name.removeprefix("core::")
    if name in RUNNING:
        return Open(RUNNING[name])
    if name in COMPARING:
        sizes = [len(each) for each in arguments if isinstance(each, list)]
        scope.module.work.step(sum(sizes) ** 2 // PER_STEP)
    try:
        return _bounded(lifted(lambda *given: _call(name, given, scope, evaluate), *arguments))
    except (TypeError, ValueError, IndexError, OverflowError, AttributeError) as error:
        raise Failed(f"{name}() cannot be called like this ({error})") from None


def _call(name: str, given: tuple[Value, ...], scope: Scope, evaluate: Evaluate) -> Value:
    if name in DISK:
        return DISK[name](list(given), scope, evaluate)
    if name in STRUCTURAL:
        return STRUCTURAL[name](list(given), scope)
    if name in COMPUTING:
        settled = [scope.module.settled(value) for value in given]
        if not is_known(settled):
            return opened(f"{name}()", settled)
        return _held(COMPUTING[name](*settled))
    return Open(f"{name}() is a function that is not known here")


def _held(value: Value) -> Value:
    if type(value) is list:
        return Items(value)
    return Object(value) if type(value) is dict else value


def _bounded(value: Value) -> Value:
    if isinstance(value, str) and len(value) > LONGEST:
        return Open("a text of more than two million letters")
    if isinstance(value, (list, dict)) and len(value) > LARGEST:
        return Open(f"a collection of more than {LARGEST:,} items")
    return value
