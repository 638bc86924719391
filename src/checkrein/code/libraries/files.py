"""Paths and files: joined paths, temporary files and buffers, and the methods of path objects.

A path object is the text of its path; a temporary file or a buffer is a file under /tmp whose name
nothing else has, so that ``temporary`` lets what is written there flow on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import uses as catalog
from checkrein.code.domain import arms
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    chained,
    cleaned,
    concatenate,
    constant,
    derived,
    only_string,
    sources_of,
)
from checkrein.code.harm import uses
from checkrein.code.running import calls
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Function = Callable[[Interpreter, Arguments, Scope], Abstract | None]

OPENED = "open()"
RESOLVING = frozenset(("resolve", "absolute"))
METHODS = {
    "open": "",
    "write_text": "write",
    "write_bytes": "write",
    "read_text": "read",
    "read_bytes": "read",
}


def joined(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``os.path.join(folder, name)``, ``Path(folder, name)``: a whole path replaces the folder."""
    return together(given.positional)


def joined_below(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``path.join(folder, name)``: what begins with a slash stays below the folder."""
    return together(given.positional, concatenate)


def first(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``os.path.realpath(path)``."""
    return together(given.positional[:1])


def together(
    values: list[Abstract], joining: Callable[[list[Abstract]], Abstract] = chained
) -> Abstract:
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
    return arms.by_arm(parts, joining) if parts else NOTHING


def parsed(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``path.parse(x)``: what is not its folder holds no slash."""
    whole = derived(sources_of(given.first()))
    part = cleaned(whole, catalog.bits("path"))
    return run.built("dict", {**dict.fromkeys(("base", "name", "ext"), part), "dir": whole})


def halves(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``os.path.split(x)``, ``os.path.splitext(x)``: the second half holds no slash."""
    whole = derived(sources_of(given.first()))
    last = cleaned(whole, catalog.bits("path"))
    return run.built("list", {"0": whole, "1": last, "-1": last})


def folder(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return constant("/tmp")  # noqa: S108 - of the code that is read


def made_folder(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``tempfile.TemporaryDirectory()``: removed where its block ends."""
    return constant(_own(run, given, scope))


def lasting_folder(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``tempfile.mkdtemp()``, ``fs.mkdtempSync(prefix)``: there until somebody removes it."""
    return constant(_lasting(run, given, scope))


def named_file(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``tempfile.NamedTemporaryFile()``: stays, with ``delete=False``, when it is closed."""
    if given.named.get("delete", NOTHING).atoms == frozenset((False,)):
        _lasting(run, given, scope)
    return made_file(run, given, scope)


def made_file(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Return a handle of a temporary file."""
    return Abstract(things=(Library("", OPENED, (constant(_own(run, given, scope)),)),))


def made_pair(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``tempfile.mkstemp()``: a descriptor and a path."""
    path = constant(_lasting(run, given, scope))
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


def _lasting(run: Interpreter, given: Arguments, scope: Scope) -> str:
    path = _own(run, given, scope)
    run.temporary.left.lasting.add(path)
    return path


def method(
    run: Interpreter, receiver: Abstract, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Return what a method of a path object gives, None if it is none."""
    kinds = (str, Text, Symbol) if name.startswith(("read_", "write_")) else (str, Text)
    if not any(isinstance(a, kinds) for a in receiver.atoms):
        return None
    run.temporary.left.of_path(name, receiver)
    if name in RESOLVING and scope.source.language == "python":
        return cleaned(receiver, catalog.bits("resolved"))
    use = catalog.of_function(f"pathlib.Path().{name}")
    if use is not None and scope.source.language == "python":
        uses.record(run, use, f"pathlib.Path.{name}", Arguments(given.at, [receiver]), scope)
    if name not in METHODS:
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
    "path.join": joined_below,
    "path.resolve": joined,
    "path.posix.join": joined_below,
    "pathlib.Path": joined,
    "pathlib.PurePath": joined,
    "pathlib.PurePosixPath": joined,
    "path.posix.resolve": joined,
    "path.normalize": joined,
    "os.path.realpath": first,
    "os.path.abspath": first,
    "os.path.normpath": first,
    "path.parse": parsed,
    "os.path.split": halves,
    "os.path.splitext": halves,
    "os.tmpdir": folder,
    "tempfile.gettempdir": folder,
    "tempfile.mkdtemp": lasting_folder,
    "fs.mkdtempSync": lasting_folder,
    "fs.mkdtemp": lasting_folder,
    "fs.promises.mkdtemp": lasting_folder,
    "fs/promises.mkdtemp": lasting_folder,
    "tempfile.TemporaryDirectory": made_folder,
    "tempfile.mkstemp": made_pair,
    "tempfile.NamedTemporaryFile": named_file,
    "tempfile.TemporaryFile": made_file,
    "tempfile.SpooledTemporaryFile": made_file,
    "io.BytesIO": buffer,
    "io.StringIO": buffer,
    "StringIO.StringIO": buffer,
}
