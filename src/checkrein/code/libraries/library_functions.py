"""Functions whose effect takes more than a word: environment, objects, promises, callbacks."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING

from checkrein.code.domain import arms
from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.listed import listed
from checkrein.code.domain.things import Arguments, Library, Structure, native
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    constant,
    derived,
    join,
    join_all,
    only_string,
    parsed,
    sources_of,
    strings,
    symbolic,
)
from checkrein.code.harm import callers, items
from checkrein.code.libraries import files, methods, text_methods
from checkrein.code.running import calls, classes, fields, missing
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Function = Callable[[Interpreter, Arguments, Scope], Abstract | None]


def _environment(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``os.getenv(name, default)``."""
    environment = Abstract(things=(Library("os", "environ"),))
    return methods.call(run, environment, "get", given, scope)


def _caught(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``sys.exc_info()``: the error that is being handled."""
    return symbolic("error")


def _stack(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``traceback.format_exc()``: where the error that is being handled came from."""
    return symbolic("error", "stack")


def _parsed(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``json.loads``, ``JSON.parse``: constants are parsed, what is symbolic keeps its path."""
    form = callers.form(given.first())
    if form:
        return callers.parsed(run, form, given, scope)
    return arms.by_arm([parsed(given.first())], lambda parts: _parsed_texts(run, parts[0]))


def _buffer(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``Buffer.from(text, "base64")``: the text's bytes."""
    encoding = only_string(given.first(1)) or ""
    return callers.decoded(given.first()) if encoding.startswith("base64") else given.first()


def _parsed_texts(run: Interpreter, value: Abstract) -> Abstract:
    texts = [atom for atom in value.atoms if isinstance(atom, str)]
    rest = Abstract(value.atoms - set(texts), value.things, value.sources, value.open)
    return join_all([rest, *(_from_text(run, text) for text in texts)])


def _from_text(run: Interpreter, text: str) -> Abstract:
    try:
        return run.from_json(json.loads(text))
    except (ValueError, RecursionError):
        return UNKNOWN


def _require(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    names = [*strings(given.first()), *_below_a_setting(run, given.first(), scope)]
    return join_all(run.modules.required(run, name, scope) for name in names) or UNKNOWN


def _below_a_setting(run: Interpreter, value: Abstract, scope: Scope) -> Iterator[str]:
    """Yield what `${process.env.ROOT}/common` names: the nearest such module above this one."""
    for atom in value.atoms:
        if not isinstance(atom, Text) or len(atom.parts) != len(("root", "name")):
            continue
        root, name = atom.parts
        if isinstance(root, Symbol) and root.owner == "env" and str(name).startswith("/"):
            above = (f".{'/..' * up}{name}" for up in range(FOLDERS))
            found = (n for n in above if run.modules.search.javascript(n, scope.source.real))
            yield from islice(found, 1)


def _import_module(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    names = strings(given.first())
    return join_all(run.modules.module(run, name, scope) for name in names) or UNKNOWN


def _assign(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``Object.assign(target, …)``."""
    target = given.first()
    return methods.call(run, target, "update", Arguments(given.at, given.positional[1:]), scope)


def _on_first(name: str) -> Function:
    """Return a function that is a method of its first argument: ``Object.keys(x)``."""

    def function(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
        rest = Arguments(given.at, given.positional[1:], given.named)
        return methods.call(run, given.first(), name, rest, scope)

    return function


def _map(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Python's ``map(function, items)``."""
    item = fields.element(run, given.first(1))
    return run.built(
        "list", None, calls.apply(run, given.first(), Arguments(given.at, [item]), scope)
    )


def _filter(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    item = fields.element(run, given.first(1))
    calls.apply(run, given.first(), Arguments(given.at, [item]), scope)
    return items.kept(run, given.first(1), given.first(), given)


def _reduce(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    rest = Arguments(given.at, [given.first(), *given.positional[2:]])
    return methods.call(run, given.first(1), "reduce", rest, scope)


def _enumerate(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    pair = run.structure("list")
    pair.fields = {"0": UNKNOWN, "1": fields.element(run, given.first())}
    return run.built("list", None, Abstract(things=(pair,)))


def _zip(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    pair = run.structure("list")
    pair.fields = {str(i): fields.element(run, value) for i, value in enumerate(given.positional)}
    return run.built("list", None, Abstract(things=(pair,)))


def _omitted(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``_.omit(body, ["password"])``."""
    names = [name for value in given.positional[1:] for name in listed(value)]
    return missing.remaining(run, given.first(), names)


def _picked(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``_.pick(body, ["name"])``."""
    names = [name for value in given.positional[1:] for name in listed(value)]
    if not names:
        return derived(sources_of(given.first()))
    found = {n: fields.item(run, given.first(), constant(n), given.at, scope) for n in names}
    return run.built("dict", found)


def _get_attribute(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    found = fields.item(run, given.first(), given.first(1), given.at, scope)
    if len(strings(given.first(1))) < len(given.first(1).atoms) or given.first(1).open:
        found = join(found, classes.chosen(given.first(), given.first(1)))
    return join(found, given.first(2))


def _set_attribute(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    rest = Arguments(given.at, given.positional[1:])
    return methods.call(run, given.first(), "set", rest, scope)


def _partial(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``functools.partial(function, …)``."""

    def perform(passed: Arguments) -> Abstract:
        every = [*given.positional[1:], *passed.positional]
        named = {**given.named, **passed.named}
        return calls.apply(run, given.first(), Arguments(passed.at, every, named), scope)

    return native("partial", perform)


def _next(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return join(fields.element(run, given.first()), given.first(1))


def _first_list(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return given.first()


def _one_of(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``max(…)``, ``min(…)``, ``Promise.race(…)``: one of the arguments or items."""
    if len(given.positional) > 1:
        return join_all(given.positional)
    return fields.element(run, given.first())


def _sum(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return derived(EMPTY.union(*(sources_of(value) for value in given.every())))


def _submit(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``executor.submit(function, …)``, ``asyncio.to_thread``: the result is the function's."""
    rest = Arguments(given.at, given.positional[1:], given.named)
    return calls.apply(run, given.first(), rest, scope)


def _pool_map(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    return _map(run, given, scope)


def _parsed_url(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``url.parse(text)``: its fields are no fields of what the text stands for."""
    made = Library("url", "parse()", tuple(given.positional[:1]))
    return join(Abstract(things=(made,)), calls.unknown(run, given, EMPTY, scope))


def _thread(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``Thread(target=f, args=(…))``."""
    items = given.named.get("args", NOTHING)
    every = [v for t in items.things if isinstance(t, Structure) for v in t.fields.values()]
    names = given.named.get("kwargs", NOTHING)
    named = {k: v for t in names.things if isinstance(t, Structure) for k, v in t.fields.items()}
    function = given.named.get("target", given.first())
    calls.apply(run, function, Arguments(given.at, every, named), scope)
    return UNKNOWN


# ------------------------------------------------------------------------------ async


def _waterfall(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Run ``async.waterfall([…], done)``: each function is called with the last one's results."""
    passed: list[Abstract] = []
    for function in _functions(given.first()):
        passed = _collected(run, function, passed, given, scope)
    error = join(symbolic("error"), constant(None))
    calls.apply(run, given.first(1), Arguments(given.at, [error, *passed]), scope)
    return UNKNOWN


def _functions(value: Abstract) -> list[Abstract]:
    found: list[Abstract] = []
    for one in value.things:
        if isinstance(one, Structure):
            found += [*one.fields.values(), *([one.element] if one.element else [])]
    return found


def _collected(
    run: Interpreter, function: Abstract, passed: list[Abstract], given: Arguments, scope: Scope
) -> list[Abstract]:
    """Call a function with a callback; return what the callback was handed."""
    results: list[Abstract] = []

    def callback(answer: Arguments) -> Abstract:
        run.mutated = -1
        for position, value in enumerate(answer.positional[1:]):
            if position < len(results):
                results[position] = join(results[position], value)
            else:
                results.append(value)
        return constant(None)

    hook = native("callback", callback)
    calls.apply(run, function, Arguments(given.at, [*passed, hook]), scope)
    return results


def _series(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``async.series``, ``parallel``: results are collected for the final callback."""
    made = run.structure("list")
    for position, function in enumerate(_functions(given.first())):
        results = _collected(run, function, [], given, scope)
        made.fields[str(position)] = join_all(results)
    error = join(symbolic("error"), constant(None))
    calls.apply(run, given.first(1), Arguments(given.at, [error, Abstract(things=(made,))]), scope)
    return UNKNOWN


def _each(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``async.each(items, function, done)`` and its kin."""
    functions = [v for v in given.positional[1:] if any(map(calls.is_function, v.things))]
    if not functions:
        return UNKNOWN
    item = fields.element(run, given.first())
    results = _collected(run, functions[0], [item], given, scope)
    made = run.built("list", None, join_all(results))
    error = join(symbolic("error"), constant(None))
    for done in functions[1:]:
        calls.apply(run, done, Arguments(given.at, [error, made]), scope)
    return UNKNOWN


EACH = [
    "each",
    "eachSeries",
    "eachLimit",
    "eachOf",
    "eachOfSeries",
    "forEach",
    "forEachSeries",
    "forEachLimit",
    "forEachOf",
    "map",
    "mapSeries",
    "mapLimit",
    "filter",
    "concat",
    "reduce",
    "times",
]

FOLDERS = 6  # above a module, in which another is looked for
STACKS = ("format_exc", "format_exception", "format_tb", "format_stack", "extract_tb")

FUNCTIONS: dict[str, Function] = {
    **files.FUNCTIONS,
    "os.getenv": _environment,
    "os.environ": _environment,  # called by mistake, but what is meant is plain
    "random.choice": _next,
    "random.choices": _first_list,
    "random.sample": _first_list,
    "lodash.sample": _next,
    **dict.fromkeys(("lodash.omit", "lodash/omit", "lodash.omit.default"), _omitted),
    **dict.fromkeys(("lodash.pick", "lodash/pick", "lodash.pick.default"), _picked),
    **{f"traceback.{name}": _stack for name in STACKS},
    "sys.exc_info": _caught,
    "json.loads": _parsed,
    "JSON.parse": _parsed,
    "Buffer.from": _buffer,
    "Buffer": _buffer,
    "url.parse": _parsed_url,
    "require": _require,
    "import": _import_module,
    "importlib.import_module": _import_module,
    "Object.assign": _assign,
    "Object.keys": _on_first("keys"),
    "Object.getOwnPropertyNames": _on_first("keys"),
    "Object.values": _on_first("values"),
    "Object.entries": _on_first("items"),
    "Promise.race": _one_of,
    "Promise.any": _one_of,
    "map": _map,
    "filter": _filter,
    "functools.reduce": _reduce,
    "reduce": _reduce,
    "enumerate": _enumerate,
    "zip": _zip,
    "getattr": _get_attribute,
    "setattr": _set_attribute,
    "functools.partial": _partial,
    "next": _next,
    "max": _one_of,
    "min": _one_of,
    "sum": _sum,
    "re.sub": text_methods.substitute_text,
    "asyncio.to_thread": _submit,
    "threading.Thread": _thread,
    "multiprocessing.Process": _thread,
    "async.waterfall": _waterfall,
    "async.series": _series,
    "async.parallel": _series,
    **{f"async.{name}": _each for name in EACH},
    **{
        f"concurrent.futures.{pool}().{method}": function
        for pool in ("ThreadPoolExecutor", "ProcessPoolExecutor")
        for method, function in (("submit", _submit), ("map", _pool_map))
    },
}
