"""Paths and files: joined paths, temporary files and buffers, and the methods of path objects.

A path object is the text of its path; a temporary file or a buffer is a file under /tmp whose name
nothing else has, so that ``temporary`` lets what is written there flow on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import arms, calls
from checkrein.code.things import Arguments, Library
from checkrein.code.values import NOTHING, UNKNOWN, Abstract, concatenate, constant, only_string
from checkrein.model import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope

    Function = Callable[[Interpreter, Arguments, Scope], Abstract | None]

OPENED = "open()"
METHODS = {
    "open": "",
    "write_text": "write",
    "write_bytes": "write",
    "read_text": "read",
    "read_bytes": "read",
}


def joined(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``os.path.join(folder, name)``, ``path.join``, ``Path(folder, name)``."""
    return together(given.positional)


def together(values: list[Abstract]) -> Abstract:
    """Return a path of parts, where each is joined to the last by one slash."""
    parts: list[Abstract] = []
    for position, value in enumerate(values):
        known = only_string(value)
        part = value if known is None else constant(known.strip("/") if position else known)
        if parts and only_string(parts[-1]) != "/":
            parts.append(constant("/"))
        parts.append(part)
    if len(parts) > 1 and (first := only_string(parts[0])):
        parts[0] = constant(first.rstrip("/"))
    return arms.by_arm(parts, concatenate) if parts else NOTHING


def folder(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return constant("/tmp")  # noqa: S108 - of the code that is read


def made_folder(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    return constant(_own(run, given, scope))


def made_file(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Return a handle of a temporary file."""
    return Abstract(things=(Library("", OPENED, (constant(_own(run, given, scope)),)),))


def made_pair(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``tempfile.mkstemp()``: a descriptor and a path."""
    path = constant(_own(run, given, scope))
    return run.built("list", {"0": UNKNOWN, "1": path})


def buffer(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``io.BytesIO(content)``."""
    handle = made_file(run, given, scope)
    if given.positional:
        calls.call_method(run, handle, "write", given, scope)
    return handle


def _own(run: Interpreter, given: Arguments, scope: Scope) -> str:
    place = run.place(given.at, scope.source)
    return f"/tmp/{place}:{place.column}"  # noqa: S108 - a name that nothing else has


def method(
    run: Interpreter, receiver: Abstract, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Return what a method of a path object gives, None if it is none."""
    if name not in METHODS or not any(isinstance(a, (str, Text)) for a in receiver.atoms):
        return None
    if not METHODS[name]:
        opened = Arguments(given.at, [receiver, *given.positional], given.named)
        return calls.apply(run, Abstract(things=(Library("", "open"),)), opened, scope)
    handle = Abstract(things=(Library("", OPENED, (receiver,)),))
    return calls.call_method(run, handle, METHODS[name], given, scope)


def loaded(run: Interpreter, given: Arguments, scope: Scope) -> Abstract | None:
    """``json.load(open("config.json"))``: what a file of the package says, None if it is none."""
    opened = [one for one in given.first().things if isinstance(one, Library)]
    if len(opened) != 1 or opened[0].path != OPENED or not opened[0].arguments:
        return None
    return run.modules.packaged(run, only_string(opened[0].arguments[0]) or "", scope)


def read_whole(run: Interpreter, given: Arguments, scope: Scope) -> Abstract | None:
    """``fs.readFileSync("config.json")``: parsed already, as ``JSON.parse`` leaves it."""
    return run.modules.packaged(run, only_string(given.first()) or "", scope)


FUNCTIONS: dict[str, Function] = {
    "json.load": loaded,
    "fs.readFileSync": read_whole,
    "os.path.join": joined,
    "posixpath.join": joined,
    "path.join": joined,
    "path.resolve": joined,
    "path.posix.join": joined,
    "pathlib.Path": joined,
    "pathlib.PurePath": joined,
    "pathlib.PurePosixPath": joined,
    "os.tmpdir": folder,
    "tempfile.gettempdir": folder,
    "tempfile.mkdtemp": made_folder,
    "tempfile.TemporaryDirectory": made_folder,
    "tempfile.mkstemp": made_pair,
    "tempfile.NamedTemporaryFile": made_file,
    "tempfile.TemporaryFile": made_file,
    "tempfile.SpooledTemporaryFile": made_file,
    "io.BytesIO": buffer,
    "io.StringIO": buffer,
    "StringIO.StringIO": buffer,
}
