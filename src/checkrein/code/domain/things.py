"""The things a value may be besides an atom: structures, code, names of libraries, SDK objects.

Structures are mutable and have identity, as in the program; all other things are immutable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.values import NOTHING, join, join_all, less

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.model import Symbol


class Thing:
    """Base of everything in ``Abstract.things``; equality is identity unless a class says so."""

    __slots__ = ()
    is_random = False  # nobody can guess the text that it is

    def parts(self) -> Iterable[Abstract]:
        """Yield the values inside, for the sources that flow through them."""
        return ()

    def replaced(self, change: Callable[[Abstract], Abstract]) -> Thing:  # noqa: ARG002
        """Return it with what it was made of changed; what has identity stays the same."""
        return self


class Random(Thing):
    """A text that was made at random, long enough that nobody guesses it: a UUID, a token."""

    __slots__ = ()
    is_random = True


class Structure(Thing):
    """A dict, list, object or instance.

    ``fields`` are the known keys (list items under "0", "1" …), ``element`` joins values under
    keys that are not known, ``keys`` are those keys, ``named`` what of it stands under which
    variable's value (``keyed.py``), ``rest`` is a symbolic value whose fields
    show where this structure has none (``{...event.body, id}``). ``birth`` is the branch it was
    made in: assignments from other branches join instead of replacing. ``changed`` is the number of
    the last change of any structure that was one of this, 0 if none was.
    """

    __slots__ = (
        *("birth", "changed", "element", "fields", "keys", "kind", "named", "owner", "rest"),
        "serial",
    )

    def __init__(
        self,
        kind: str = "dict",
        fields: dict[str, Abstract] | None = None,
        element: Abstract = NOTHING,
        owner: Class | None = None,
        birth: int = 0,
    ) -> None:
        self.kind = kind
        self.fields = fields if fields is not None else {}
        self.element = element
        self.keys = NOTHING
        self.named: dict[frozenset[Any], Abstract] = {}
        self.rest = NOTHING
        self.owner = owner
        self.birth = birth
        self.serial = 0
        self.changed = 0

    def parts(self) -> Iterable[Abstract]:
        yield from self.fields.values()
        yield self.element
        yield self.keys
        yield self.remainder()

    def remainder(self) -> Abstract:
        """Return what stands behind the known fields, without those."""
        if self.rest is NOTHING or not self.fields:
            return self.rest
        return less(self.rest, self.fields)

    def items(self) -> Abstract:
        """Return the join of everything that iterating the values would give."""
        return join(join_all(self.fields.values()), self.element)


class Closure(Thing):
    """A function of the program with the scope it was made in, and what it is bound to.

    ``chosen`` are the facts, of no symbol, under which it was chosen from several: ``harm.facts``.
    """

    __slots__ = ("chosen", "definition", "owner", "receiver", "scope")

    def __init__(
        self,
        definition: ir.Lambda,
        scope: Scope,
        receiver: Abstract | None = None,
        owner: Class | None = None,
        chosen: frozenset[Symbol] = frozenset(),
    ) -> None:
        self.definition = definition
        self.scope = scope
        self.receiver = receiver
        self.owner = owner
        self.chosen = chosen

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Closure)
            and self.definition is other.definition
            and self.scope is other.scope
            and self.receiver == other.receiver
            and self.chosen == other.chosen
        )

    def __hash__(self) -> int:
        return hash((id(self.definition), id(self.scope)))


class Getter(Thing):
    """A property's function, which is called when the property is read."""

    __slots__ = ("function",)

    def __init__(self, function: Closure) -> None:
        self.function = function

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Getter) and other.function == self.function

    def __hash__(self) -> int:
        return hash(self.function)


class Class(Thing):
    """A class of the program; ``statics`` holds class attributes and static methods."""

    __slots__ = ("bases", "decorated", "definition", "scope", "statics")

    def __init__(
        self, definition: ir.ClassExpression, scope: Scope, bases: tuple[Abstract, ...]
    ) -> None:
        self.definition = definition
        self.scope = scope
        self.bases = bases
        self.statics = Structure("class")
        self.decorated: dict[str, Abstract] = {}  # methods that decorators have changed

    def lineage(self) -> list[Class]:
        """Return this class and its known ancestors, nearest first."""
        found: list[Class] = [self]
        for known in found:
            for base in known.bases:
                found += [b for b in base.things if isinstance(b, Class) and b not in found]
        return found

    def has(self, name: str) -> bool:
        """Tell whether this class or a known ancestor defines a method."""
        return any(
            method == name for known in self.lineage() for method, _, _ in known.definition.methods
        )

    def foreign(self) -> list[Library]:
        """Return the library classes this class derives from."""
        return [
            base
            for known in self.lineage()
            for value in known.bases
            for base in value.things
            if isinstance(base, Library)
        ]


class Named(Thing):
    """A module of the program, as a namespace."""

    __slots__ = ("scope",)

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Named) and other.scope is self.scope

    def __hash__(self) -> int:
        return id(self.scope)


class Library(Thing):
    """Something of a library, by the name it is documented under.

    ``module`` is what is imported ("" for the language's own globals), ``path`` the dotted way
    below it; ``()`` in it is a call: ``requests`` ``Session().get``. ``shape`` is what a schema
    that was made says of values; see ``shapes``.
    """

    __slots__ = ("arguments", "module", "name", "path", "shape")

    def __init__(self, module: str, path: str = "", arguments: tuple[Abstract, ...] = ()) -> None:
        self.module = module
        self.path = path
        self.arguments = arguments
        self.shape: Any = None
        self.name = f"{module}.{path}" if module and path else module or path

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Library)
            and (self.module, self.path) == (other.module, other.path)
            and self.arguments == other.arguments
            and self.shape == other.shape
        )

    def __hash__(self) -> int:
        return hash((self.module, self.path))

    def member(self, name: str) -> Library:
        path = f"{self.path}.{name}" if self.path else name
        found = Library(self.module, path, self.arguments)
        found.shape = self.shape
        return found

    def parts(self) -> Iterable[Abstract]:
        return self.arguments

    def replaced(self, change: Callable[[Abstract], Abstract]) -> Library:
        if not self.arguments:
            return self
        return Library(self.module, self.path, tuple(map(change, self.arguments)))


class Native(Thing):
    """A function that the interpreter itself performs: resolve, callback, a bound SDK method."""

    __slots__ = ("name", "perform")

    def __init__(self, name: str, perform: Callable[[Arguments], Abstract]) -> None:
        self.name = name
        self.perform = perform


def native(name: str, perform: Callable[[Arguments], Abstract]) -> Abstract:
    """Return a function that the interpreter performs, as a value."""
    return Abstract(things=(Native(name, perform),))


class Wrapped(Thing):
    """What an unknown library made of functions: calling it may call them."""

    __slots__ = ("functions",)

    def __init__(self, functions: tuple[Abstract, ...]) -> None:
        self.functions = functions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wrapped) and other.functions == self.functions

    def __hash__(self) -> int:
        return len(self.functions)

    def parts(self) -> Iterable[Abstract]:
        return self.functions


class Client(Thing):
    """An SDK client. ``style`` is python, resource, default, document, v2 or v3.

    ``bound`` are parameters given at construction that join every request.
    """

    __slots__ = ("bound", "service", "style")

    def __init__(self, service: str, style: str, bound: Abstract = NOTHING) -> None:
        self.service = service
        self.style = style
        self.bound = bound

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Client)
            and (self.service, self.style) == (other.service, other.style)
            and self.bound == other.bound
        )

    def __hash__(self) -> int:
        return hash((self.service, self.style))


class Handle(Thing):
    """A boto3 resource object or collection: its type and the identifiers it was made with.

    ``identifiers`` are request parameters in order: ``{"Bucket": …, "Key": …}``. For a collection
    ``request`` names the operation that lists it.
    """

    __slots__ = ("identifiers", "kind", "service")

    def __init__(self, service: str, kind: str, identifiers: dict[str, Abstract]) -> None:
        self.service = service
        self.kind = kind
        self.identifiers = identifiers

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Handle)
            and (self.service, self.kind) == (other.service, other.kind)
            and self.identifiers == other.identifiers
        )

    def __hash__(self) -> int:
        return hash((self.service, self.kind))

    def parts(self) -> Iterable[Abstract]:
        return self.identifiers.values()


class Request(Thing):
    """A request not yet sent: a v3 command, a paginator, a waiter, a v2 ``makeRequest``."""

    __slots__ = ("operation", "parameters", "service")

    def __init__(self, service: str, operation: str, parameters: Abstract = NOTHING) -> None:
        self.service = service
        self.operation = operation
        self.parameters = parameters

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Request)
            and (self.service, self.operation) == (other.service, other.operation)
            and self.parameters == other.parameters
        )

    def __hash__(self) -> int:
        return hash((self.service, self.operation))

    def parts(self) -> Iterable[Abstract]:
        return (self.parameters,)


class Arguments:
    """A call's evaluated arguments, and where the call stands."""

    __slots__ = ("at", "named", "positional", "rest")

    def __init__(
        self,
        at: ir.Span,
        positional: list[Abstract],
        named: dict[str, Abstract] | None = None,
        rest: Abstract = NOTHING,
    ) -> None:
        self.at = at
        self.positional = positional
        self.named = named or {}
        self.rest = rest  # ``**symbolic``: named arguments that are not known one by one

    def first(self, index: int = 0, name: str = "") -> Abstract:
        """Return a positional argument, or the named one, or nothing."""
        if index < len(self.positional):
            return self.positional[index]
        return self.named.get(name, NOTHING) if name else NOTHING

    def every(self) -> list[Abstract]:
        every = [*self.positional, *self.named.values()]
        if self.rest is not NOTHING and self.rest:
            every.append(self.rest)
        return every


class Member(Thing):
    """A method taken from an SDK object or a native value without being called yet."""

    __slots__ = ("name", "of")

    def __init__(self, of: Thing, name: str) -> None:
        self.of = of
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Member) and (self.of, self.name) == (other.of, other.name)

    def __hash__(self) -> int:
        return hash(self.name)


class Modelled(Structure):
    """An object of a framework: a structure with methods that the interpreter performs.

    ``setters`` are called with what is set under their name, and where. Neither is content.
    """

    __slots__ = ("methods", "setters")

    def __init__(
        self, kind: str = "object", fields: dict[str, Abstract] | None = None, birth: int = 0
    ) -> None:
        super().__init__(kind, fields, birth=birth)
        self.methods: dict[str, Abstract] = {}
        self.setters: dict[str, Callable[[Abstract, Any], None]] = {}
