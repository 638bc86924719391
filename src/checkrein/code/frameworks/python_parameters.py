"""What Python's frameworks pass for the parameters of a route's function."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.catalog.uses import bits
from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Class, Closure, Library, Structure
from checkrein.code.domain.values import NOTHING, UNKNOWN, cleaned, join, symbolic
from checkrein.code.frameworks import objects, shown
from checkrein.code.frameworks.event import BODY, COOKIES, HEADERS, PATH, QUERY
from checkrein.code.harm import facts, proofs, unfollowed
from checkrein.code.running import calls, fields

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.frameworks.routes import Registered
    from checkrein.code.running.interpreter import Interpreter

PARAMETER = re.compile(r"[<{](?:\w+:)?(\w+)(?::\w+)?[>}]")  # <id>, <int:id>, {id}, {path:path}
MARKED = re.compile(r"\b(Depends|Security|Body|Form|File|Query|Header|Cookie|Path)\(\s*([\w.]*)")
PARTS = {"Body": BODY, "Form": BODY, "File": BODY, "Query": QUERY, "Path": PATH, "Cookie": COOKIES}
SIMPLE = frozenset(
    ("str", "int", "float", "bool", "UUID", "date", "datetime", "Decimal", "EmailStr", "")
)
LISTED = frozenset(("Optional", "Annotated", "List", "list", "Union", "typing.Optional"))
SERVERS = ("flask", "fastapi")  # they decode the path before they look for its route
PYTHON = "python"
DEPTH = 4  # of dependencies


class Passing:
    """How the arguments of one route's function are found."""

    def __init__(self, run: Interpreter, route: Registered) -> None:
        self.run = run
        self.route = route
        self.style = route.style
        self.inside = set(PARAMETER.findall(route.pattern))

    def arguments(self, one: object, depth: int = 0) -> Arguments:
        """Return what a function or class is called with."""
        definition, scope = _definition(one)
        for wanted in shown.before(self.run, self.route) if not depth else ():
            self._given(wanted, self.route.scope, depth)
        named: dict[str, Abstract] = {}
        parameters = definition.parameters if definition else ()
        bodies = sum(self._is_body(one) and not _alias(one, scope) for one in parameters)
        for parameter in parameters:
            name = getattr(parameter.pattern, "id", "")
            if name and not parameter.kind and scope is not None:
                named[name] = self._value(parameter, name, scope, bodies, depth)
                for symbol in named[name].atoms:
                    if hasattr(symbol, "owner"):
                        self.run.named(symbol, parameter.pattern.at, scope)
        return Arguments(self.route.at, [], {k: v for k, v in named.items() if v})

    def _value(
        self, parameter: ir.Parameter, name: str, scope: Scope, bodies: int, depth: int
    ) -> Abstract:
        if name in self.inside:
            return self._of_path(name)
        if self.style == "appsync":
            return symbolic("event", f"arguments.{name}")
        if self.style not in ("fastapi", "powertools") or (
            self.style == "powertools" and not parameter.annotation
        ):
            return NOTHING
        mark, inner = _mark(parameter)
        if mark in shown.MARKS:
            return self._dependency(parameter, inner, scope, depth)
        if wanted := _alias(parameter, scope):
            return self._given(wanted, scope, depth) or UNKNOWN
        return self._part(parameter, name, mark, scope, bodies)

    def _of_path(self, name: str) -> Abstract:
        """Return a parameter of the path; servers let no slash into one that asks for none."""
        whole = symbolic("event", f"{PATH}.{name}")
        asked = re.search(rf"[<{{]path:{name}|{name}:path", self.route.pattern)
        return whole if asked or self.style not in SERVERS else cleaned(whole, bits("path"))

    def _part(
        self, parameter: ir.Parameter, name: str, mark: str, scope: Scope, bodies: int
    ) -> Abstract:
        """Return the part of the request that a parameter is."""
        annotation = _plain(parameter.annotation)
        if annotation == "Request":
            return objects.value(objects.web_request(self.run, scope))
        if annotation in ("Response", "BackgroundTasks", "WebSocket"):
            return NOTHING
        if mark == "Header":
            shown = "-".join(word.capitalize() for word in name.split("_"))
            return symbolic("event", f"{HEADERS}.{shown}")
        simple = annotation in SIMPLE or annotation in LISTED
        if mark in PARTS:
            whole = mark in ("Body", "Query") and not simple and bodies <= 1
            return symbolic("event", PARTS[mark] if whole else f"{PARTS[mark]}.{name}")
        if simple:
            return symbolic("event", f"{QUERY}.{name}")
        return symbolic("event", BODY if bodies <= 1 else f"{BODY}.{name}")

    def _is_body(self, parameter: ir.Parameter) -> bool:
        mark, _ = _mark(parameter)
        annotation = _plain(parameter.annotation)
        if mark:
            return mark == "Body"
        return annotation not in SIMPLE | LISTED | {"Request", "Response", "BackgroundTasks"}

    def _dependency(
        self, parameter: ir.Parameter, inner: str, scope: Scope, depth: int
    ) -> Abstract:
        """Return what a dependency gives, which has parameters like a route's function."""
        wanted = NOTHING
        default = parameter.default
        if isinstance(default, ir.Call) and default.arguments:
            wanted = self.run.evaluate(default.arguments[0].value, scope)
        elif inner:
            head, *rest = inner.split(".")
            wanted = scope.find(head) or NOTHING
            for name in rest:
                wanted = fields.read(self.run, wanted, name, parameter.pattern.at, scope)
        else:
            wanted = scope.find(_plain(parameter.annotation)) or NOTHING
        return self._given(wanted, scope, depth) or UNKNOWN

    def _given(self, wanted: Abstract, scope: Scope, depth: int) -> Abstract:
        """Return what a dependency gives; what it tells of requests is known from then on."""
        result = NOTHING
        for one in wanted.things if depth < DEPTH else ():
            known = shown.by(self.run, one)
            if known is not None:
                result = join(result, known)
                continue
            given = self.arguments(one, depth + 1)
            if isinstance(one, Library) and unfollowed.may_ask(one, PYTHON):
                facts.learn(self.run, proofs.of(unfollowed.PERHAPS))
            self.run.running.taken()
            found = calls.apply(self.run, Abstract(things=(one,)), given, scope)
            told = self.run.running.taken()
            if told is not None and len(wanted.things) == 1:
                facts.learn(self.run, told.always)
            result = join(result, _yielded(self.run, one, found))
        return result


def _alias(parameter: ir.Parameter, scope: Scope | None) -> Abstract:
    return shown.alias(parameter, scope) if scope is not None else NOTHING


def _yielded(run: Interpreter, one: object, found: Abstract) -> Abstract:
    """Return what a dependency yields, if it is a generator."""
    generator = isinstance(one, Closure) and one.definition.is_generator
    return fields.element(run, found) if generator else found


def _definition(one: object) -> tuple[ir.Lambda | None, Scope | None]:
    """Return the function whose parameters a call of a thing fills."""
    if isinstance(one, Closure):
        return one.definition, one.scope
    if isinstance(one, Structure) and one.owner is not None:
        return _method(one.owner, "__call__")
    return _method(one, "__init__") if isinstance(one, Class) else (None, None)


def _method(cls: Class, wanted: str) -> tuple[ir.Lambda | None, Scope | None]:
    for known in cls.lineage():
        for name, definition, _ in known.definition.methods:
            if name == wanted:
                return definition, known.scope
    return None, None


def _mark(parameter: ir.Parameter) -> tuple[str, str]:
    """Return ``Query`` of ``Query(…)``, and what stands in it, of default or annotation."""
    default = parameter.default
    if isinstance(default, ir.Call):
        function = default.function
        name = getattr(function, "id", getattr(function, "name", ""))
        if MARKED.match(f"{name}("):
            return name, ""
    found = MARKED.search(parameter.annotation)
    return (found[1], found[2]) if found else ("", "")


def _plain(annotation: str) -> str:
    """Return the name of a type, without what may be absent and what is told of it."""
    text = annotation.strip("\"' ")
    if text.startswith(("Annotated[", "Optional[", "typing.Annotated[", "t.Annotated[")):
        text = text.partition("[")[2].partition(",")[0].rstrip("]")
    return text.partition("[")[0].partition("|")[0].strip().rpartition(".")[2]
