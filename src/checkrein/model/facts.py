"""Everything the tool can know about an app: frozen facts, each saying how it is known.

A fact's type and id say what it is about. ``read/`` makes these; ``derive/`` those of
``model/derived.py``. Ids of resources are ``<template path without suffix>[/child…]/LogicalId``.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct

from checkrein.model.environment import Environment
from checkrein.model.places import NOWHERE, Evidence, Place
from checkrein.model.values import Open, Path, Symbol, Undecided, Value, When, at_path, plain

INTENT = "checkrein.yaml"  # where a team declares what it knows better
LOCK = "checkrein.lock"  # where it says what the application may do with its data
PART = "part"
GIVEN = "Given"  # ends the path of a parameter in ``Stack.places``: what a file beside gives it


class Basis(StrEnum):
    """How a fact about a flow is known; the method compares these four."""

    INTENDED = "intended"
    CODED = "coded"
    POTENTIAL = "potential"
    OBSERVED = "observed"


class Fact(Struct, frozen=True, kw_only=True, tag=True, tag_field="fact"):
    """Something known about the app, why, and under which conditions."""

    id: str
    evidence: tuple[Evidence, ...] = ()
    when: When = ()

    @property
    def place(self) -> Place:
        """Where the fact was first said."""
        return self.evidence[0].place if self.evidence else NOWHERE


class Origin(Struct, frozen=True):
    """Where the user wrote what a generated property says: a source resource and a path in it.

    ``resource`` is the id of the resource as written (``template/MyFunction`` for a SAM function,
    ``template/Globals/Function`` for a Globals section); ``path`` starts below ``Properties``.
    """

    resource: str
    path: Path


class Stack(Fact, frozen=True):
    """One template: what it asks for, gives, and nests."""

    source: str  # the file, relative to the scanned folder
    parameters: dict[str, Any] = {}  # name -> the declaration (Type, Default, AllowedValues…)
    values: dict[str, Any] = {}  # name -> value known from samconfig.toml or a parameter file
    exports: dict[str, Any] = {}  # export name rendered as text -> value
    outputs: dict[str, Any] = {}  # output name -> value
    children: dict[str, str] = {}  # id of the nested-stack resource -> id of the child stack
    arguments: dict[str, dict[str, Any]] = {}  # nested-stack resource -> its Parameters
    places: dict[Path, Place] = {}  # ("Parameters", name), and with "Default" or GIVEN -> where
    made_by: str = ""  # which program of the team wrote that file: editing it would not last
    notation: str = ""  # what that file is written in, where it is not CloudFormation's
    name: Any = ""  # what it is called where it is deployed, as far as that is known
    macros: tuple[str, ...] = ()  # programs that change the whole of it before it is deployed
    usual: dict[str, bool] = {}  # open condition -> whether it holds by the parameters' defaults


class Resource(Fact, frozen=True):
    """One resource, in CloudFormation's type and property names, values coerced to the schema.

    ``places`` maps property paths to spans in the user's own file; ``origins`` maps them to the
    property that must be edited. Both hold at least the paths that the user wrote; ask through
    ``where`` and ``origin``, which fall back to the nearest parent.
    """

    stack: str
    type: str
    properties: dict[str, Any] = {}
    places: dict[Path, Place] = {}
    origins: dict[Path, Origin] = {}
    metadata: dict[str, Any] = {}
    source_type: str = ""  # the type as written, when a transform made this resource
    added: str = ""  # why a framework adds it by itself, so that nobody here wrote it
    title: str = ""  # what the team calls it, where the logical id has more than that
    logical: str = ""  # the logical id, where people know the resource by another name
    unknown: str = ""  # why properties may be there that nothing here says, "" where they are not
    called: Any = None  # the name by which code asks for what nothing here declares

    @property
    def name(self) -> str:
        """The logical id, or the name in place of one that only a program knows."""
        return self.id.rpartition("/")[2]

    @property
    def is_undeclared(self) -> bool:
        """Tell whether code alone tells of it: no template here declares it, nor the team."""
        return self.called is not None

    @property
    def is_only_named(self) -> bool:
        """Tell whether it is a function that the team declares without its code."""
        return self.place.path == INTENT and self.value("Code") is None

    def value(self, path: str | Path) -> Value:
        """Return the value at a path (dotted string or tuple), or None if absent."""
        found = at_path(self.properties, _split(path) if isinstance(path, str) else path)
        return Open(self.unknown) if found is None and self.unknown else found

    def __getitem__(self, path: str | Path) -> Any:
        """Return plain JSON at a path, None if absent; raise Undecided if it is not plain."""
        try:
            return plain(self.value(path))
        except Undecided as error:
            shown = ".".join(map(str, as_path(path)))
            raise Undecided(f"{self.id}: {shown} is {error}") from None

    def number(self, path: str | Path, default: int) -> int:
        """Return the whole number at a path, ``default`` if absent; raise Undecided for none."""
        value = self[path]
        try:
            return default if value is None else int(value)
        except (TypeError, ValueError):
            shown = ".".join(map(str, as_path(path)))
            raise Undecided(f"{self.id}: {shown} is no number") from None

    def where(self, path: str | Path = ()) -> Place:
        """Return where a property is written, or its nearest parent that is written."""
        keys = as_path(path)
        while keys and keys not in self.places:
            keys = keys[:-1]
        return self.places.get(keys, self.place)

    def origin(self, path: str | Path = ()) -> Origin:
        """Return which source property to edit for a property of this resource."""
        keys = as_path(path)
        for length in range(len(keys), -1, -1):
            found = self.origins.get(keys[:length])
            if found:
                return Origin(found.resource, (*found.path, *keys[length:]))
        return Origin(self.id, keys)


def as_path(path: str | Path) -> Path:
    """Return a tuple path; a dotted string is split, with all-digit parts as indices."""
    return _split(path) if isinstance(path, str) else path


@lru_cache(maxsize=4096)  # the same few hundred, a quarter of a million times in a large scan
def _split(path: str) -> Path:
    return tuple(int(key) if key.isdigit() else key for key in path.split(".") if key)


class Code(Struct, frozen=True):
    """A function's code: a folder and the handler's file in it, or text inside a template.

    ``folder`` and ``file`` are relative to the scanned folder. For inline code ``text`` is the
    decoded text and ``lines`` gives, for each of its lines, the 1-based (line, column) in ``file``
    (the template) where that line's first character stands. A folded scalar joins lines of the
    file: ``segments`` then says, as (line, column, line in the file, column in the file), where
    each piece begins; ask through ``position``.
    """

    folder: str = ""
    file: str = ""
    text: str = ""
    lines: tuple[tuple[int, int], ...] = ()
    layers: tuple[str, ...] = ()  # folders whose python/ or nodejs/ content is importable
    segments: tuple[tuple[int, int, int, int], ...] = ()
    foreign: tuple[str, ...] = ()  # layers that are not here: their ARN, or how they are named
    lacks: str = ""  # what nothing puts into the bundle: "packages", "javascript" of TypeScript

    def position(self, line: int, column: int) -> tuple[int, int]:
        """Return where a (line, column) of ``text`` stands in ``file``."""
        before = [piece for piece in self.segments if piece[:2] <= (line, column)]
        if before and before[-1][0] == line:
            _, start, *found = before[-1]
            return found[0], found[1] + column - start
        if not self.lines:
            return line, column
        found_line, found_column = self.lines[min(line, len(self.lines)) - 1]
        return found_line, found_column + column - 1


class Program(Struct, frozen=True):
    """One more program of a function: another container of the same task."""

    language: str
    handler: str  # "" where the file itself is run
    code: Code
    before: tuple[str, ...] = ()  # handlers that run first, on the same event


class Function(Fact, frozen=True):
    """Code that runs; ``others`` are programs beside it, ``asks`` hosts it sends the unknown to."""

    runtime: str  # "" where it is not known (an image without a Dockerfile)
    language: str  # "python", "javascript" (TypeScript too), "" where we read no such language
    handler: str  # as written: "app.handler"
    code: Code | None = None
    identity: str = ""  # id of the role, or "" where it is not known
    others: tuple[Program, ...] = ()
    asks: tuple[tuple[str, Place], ...] = ()
    environment: Environment = Environment()
    before: tuple[str, ...] = ()  # handlers of the same code that run first, on the same event

    @property
    def programs(self) -> tuple[Program, ...]:
        """All programs whose code is here, the one that the function names first."""
        own = (Program(self.language, self.handler, self.code, self.before),) if self.code else ()
        return (*own, *self.others)


class Argument(Struct, frozen=True, gc=False):
    """What code passes at one path of a call's request.

    ``path`` is dotted (``Item.User``, ``Entries[].Detail.orderId``, ``[0]`` positional for logs);
    ``value`` is the value as far as it is known (constants, Text over ``env``/``event`` symbols,
    Choice; Open where nothing is known); ``sources`` are all the symbols that flow into it,
    ``event`` itself being ``Symbol("event", "")``. ``harmless`` has an item for each of them: the
    families of use (``catalog.uses``) that its content was made harmless for, on every way here;
    ``lacking``, too: the fields of it that were taken out or replaced (``{...body, card: null}``).
    """

    path: str
    value: Value = Open("not known")
    sources: tuple[Symbol, ...] = ()
    harmless: tuple[tuple[str, ...], ...] = ()
    lacking: tuple[tuple[str, ...], ...] = ()


class CallSite(Struct, frozen=True, gc=False):
    """One place where code hands data over: an SDK call, HTTP request, log line or response.

    ``kind`` is ``sdk``, ``http``, ``log``, ``response`` or ``use``. For ``sdk``, ``service`` is
    botocore's client name (``dynamodb``, ``cognito-idp``, ``stepfunctions``) and ``operation`` the
    API's name (``PutItem``); for ``http`` the operation is the method, and ``url`` is an argument
    (``service`` is ``urllib`` where the client opens files too).
    A ``use`` is a function inside the process that a value can do harm in: ``service`` is the
    family (``command``, ``sql``; see ``catalog.uses``), ``operation`` the documented name
    (``subprocess.run``), and arguments that can not be the fault are below ``with``.
    Of a ``log`` the operation is the level, and ``service`` is ``logging`` for Python's own loggers
    in a program that sets no level for them.
    ``steps`` lead there from the handler. ``proof`` is what callers have shown on every way there
    (``secret``, ``token``, ``claims``), ``request`` what theirs may be (``method GET``), () any.
    """

    kind: str
    service: str
    operation: str
    place: Place
    arguments: tuple[Argument, ...] = ()
    steps: tuple[Evidence, ...] = ()
    certain: bool = True  # False where the operation itself was chosen from several
    reads: tuple[str, ...] = ()  # dotted paths of the result that the code then uses
    proof: str = ""
    request: tuple[tuple[str, ...], ...] = ()
    ranked: bool = False  # only callers of some role get there
    held: tuple[int, ...] = ()  # calls that found on every way there what the request named
    ignored: bool = False  # of a token that is opened: the code goes on if that fails
    perhaps: bool = False  # code that is not here may have asked on every way there who calls


class EventRead(Struct, frozen=True, gc=False):
    """A field of the event (or of the environment) that the code names.

    ``required`` is true where the code fails without it, whatever else the event holds;
    ``request`` is at which requests it is read, as ``CallSite`` has it.
    """

    source: Symbol
    place: Place
    required: bool = False
    request: tuple[tuple[str, ...], ...] = ()


class Route(Struct, frozen=True):
    """A route that the function's own code dispatches (Express, Flask, Powertools …)."""

    method: str
    path: str
    place: Place


class Gap(Struct, frozen=True):
    """Something that code may do with its function's rights and that was not followed.

    ``service`` is botocore's client name and ``operation`` a method's name as code writes it; each
    is "" where it may be any. ``text`` says in a few words what stands there.
    """

    service: str
    operation: str
    text: str
    place: Place = NOWHERE


class Literal(Struct, frozen=True):
    """A text that stands in code and may be a secret; what is computed of it is U+FFFC.

    ``names`` stand around it, the nearest last: of the variable, key or argument that it is given
    to. ``role``: ``default`` where something else is missing, ``compared`` with something, ``used``
    by a call site of the family ``credential``, ``claim`` for a user's attribute that is read
    (``names``: ``compared`` where it, or what it holds, is), else "". ``variables`` of the
    environment take a default's place, if any is set. ``aside`` is what only stands where a file is
    run as a program, which no handler's file is, or where no environment of theirs gets, or in a
    function that nothing names.
    """

    text: str
    place: Place
    names: tuple[str, ...] = ()
    role: str = ""
    variables: tuple[str, ...] = ()
    aside: bool = False


class Summary(Fact, frozen=True):
    """What one function's code does, over symbols; of a template it knows what it ``asked`` for.

    ``lost`` says in a sentence each what was left out: of a file, which has its place, or of all.
    """

    function: str
    calls: tuple[CallSite, ...] = ()
    reads: tuple[EventRead, ...] = ()
    routes: tuple[Route, ...] = ()
    lost: tuple[Evidence, ...] = ()
    files: tuple[str, ...] = ()  # files that were read, relative to the scanned folder
    packages: tuple[str, ...] = ()  # third-party modules that are imported
    gaps: tuple[Gap, ...] = ()  # what may use the function's rights unseen
    literals: tuple[Literal, ...] = ()  # what may be secrets, in all files that were read
    asked: dict[str, tuple[str | None, ...]] = {}  # variables that decide branches
    callback: bool = False  # the handler answers by a function that it is given

    @property
    def partial(self) -> str:
        """What was left out, as one text; empty for nothing."""
        return " ".join(
            f"{each.place.path}: {each.text}" if each.place.path else each.text
            for each in self.lost
        )


class Data(Fact, frozen=True):
    """A data class: ``pii.email`` of family ``pii``, with its value from 0 to 10."""

    family: str
    value: int
    title: str = ""


class Decision(Fact, frozen=True):
    """What the team declared in ``checkrein.yaml``.

    ``kind`` data: ``subject`` is a class id, ``content`` ``{"value": 0-10, "title", "names",
    "patterns"}``; name: ``subject`` is a field's name, ``content`` ``{"resource", "data"}``, the
    first "" for all, the second for none; resource: ``subject`` is a resource id, ``content``
    ``{"type", "holds", "may_hold"}``; link: ``subject`` is
    ``STACK.PARAMETER``, ``content`` ``{"target": resource id}``; ignore: ``subject`` is a check,
    ``content`` ``{"subject", "path", "reason", "expires"}``, the first two patterns.
    """

    kind: str
    subject: str
    content: dict[str, Any] = {}


class Accepted(Fact, frozen=True):
    """A line of ``checkrein.lock``: what the team accepted that the app may do with its data.

    ``kind``, ``owner``, ``key`` and ``values`` are those of a ``Line``. ``reason`` and ``by`` say
    why, and who approved it, where somebody accepted it by itself. One of kind ``lock``, without
    an owner, says that there is a lock at all; its key is ``part`` where only a part of what the
    lock is about was read, so that nobody can tell what is gone.
    """

    kind: str
    owner: str = ""
    key: str = ""
    values: tuple[str, ...] = ()
    reason: str = ""
    by: str = ""


class Package(Fact, frozen=True):
    """A package that functions are deployed with, as their manifest asks for it.

    ``used`` is False only where nothing beside the manifest names it; ``pinned``: no range.
    """

    name: str
    version: str
    functions: tuple[str, ...] = ()
    used: bool = True
    pinned: bool = False


class Disclosed(Fact, frozen=True):
    """A secret in clear in a file that is neither template nor a function's code; not its text.

    ``name`` is what the file calls it, "" where it has only a form; ``title`` completes "a …",
    ``data`` is its class, ``fault`` (1 to 3) says how much it opens. ``kind`` says what the file
    is: ``settings``, ``key``, ``state`` (of Terraform), ``page``, ``script``, ``source`` or
    ``program`` (of CDK).
    """

    path: str
    kind: str
    name: str
    title: str
    data: str
    confidence: str = "certain"
    fault: int = 2


class Claim(Fact, frozen=True):
    """What another tool found; ``id`` is stable as long as the tool says the same.

    ``level`` is 1 small, 2 plain or 3 serious, as the tool graded it. ``names`` are how it calls
    what the finding is about: ARNs, physical names or logical ids, none where it names a place.
    """

    tool: str
    rule: str
    message: str
    level: int
    cwe: str = ""
    names: tuple[str, ...] = ()


class Unread(Fact, frozen=True):
    """Something that could not be read, and what that costs. Never silence.

    ``fatal`` is true where it makes the scan incomplete (exit 3); an unsupported language or a
    missing nested template outside the folder is only counted.
    """

    path: str
    reason: str
    effect: str
    fatal: bool = True
