"""Functions of languages and libraries, by name: what they keep, hide, log or send.

The names stand in ``library.json``. A function that is not there passes on everything that flows
into it, and calls the functions that it is given.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from checkrein.catalog.uses import EVERY, bits, harmless_result
from checkrein.code import frameworks
from checkrein.code.domain.abstract import EMPTY, Abstract, Sources
from checkrein.code.domain.things import (
    Arguments,
    Client,
    Handle,
    Library,
    Random,
    Structure,
)
from checkrein.code.domain.values import (
    DEPTH,
    NOTHING,
    UNKNOWN,
    cleaned,
    constant,
    derived,
    join,
    parsed,
    sources_of,
    tainted,
)
from checkrein.code.harm import (
    callers,
    facts,
    logged,
    matching,
    proofs,
    schemas,
    unfollowed,
    unverified,
    uses,
    validators,
)
from checkrein.code.libraries import (
    gaps,
    library_functions,
    library_requests,
    lookups,
    mappers,
    requests,
    sdk_javascript,
    sdk_python,
    stores,
    templating,
    testing,
    web,
)
from checkrein.code.running import calls, copying, environment, injection, models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Model = Callable[[Interpreter, Library, Arguments, Scope], Abstract | None]

ENVIRONMENTS: Final[frozenset[str]] = logged.ENVIRONMENTS
BOTO = frozenset(("boto3", "aioboto3", "botocore", "aiobotocore", "boto3.session"))
LOGGERS = re.compile(r"(?i)(?:logger|logging|(?:^|[^a-z])log)(?:\(\))?$")  # any maker's
MAKING = frozenset(("client", "create_client", "resource", "Session"))
NAMES = 8192  # of functions, of which it is remembered what the name alone tells
ON_OR_OFF = (frozenset((True,)), frozenset((False,)))
# functions that make of a text what stands in it
PARSING = frozenset(
    (
        "parse",
        "parseAsync",
        "loads",
        "load",
        "safe_load",
        "literal_eval",
        "parseJson",
        "unserialize",
        "deserialize",
    )
)
COPYING = {  # how many levels deep
    **dict.fromkeys(("copy.copy", "lodash.clone", "list"), 1),
    **dict.fromkeys(("copy.deepcopy", "structuredClone", "lodash.cloneDeep"), DEPTH),
}
GUESSED = 12  # bytes or letters at random: fewer may be tried one by one
MADE = Abstract(things=(Random(),), open=True)
NAMING = frozenset(("functools.wraps",))
LONGEST = 120  # a name that grows in a loop is cut


class About(NamedTuple):
    """What a function's name alone tells of it."""

    harmless: int  # the families that its result is harmless for
    models: tuple[Model, ...]  # those that may know it, in the order in which they are asked
    sets_variables: bool  # of the environment, where they are missing


@functools.cache
def _data() -> dict[str, Any]:
    text = Path(__file__).with_name("library.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return {
        name: frozenset(value) if isinstance(value, list) else value
        for name, value in found.items()
    }


def member(one: Library, name: str) -> Abstract:
    """Return a library's member."""
    found = frameworks.member(one, name)
    if found is not None:
        return found
    plain = not one.arguments and one.shape is None
    return Abstract(things=(_member(one.module, one.path, name) if plain else one.member(name),))


@functools.lru_cache(maxsize=NAMES)
def _member(module: str, path: str, name: str) -> Library:
    return Library(module, path).member(name)


def call(
    run: Interpreter, one: Library, given: Arguments, sources: Sources, scope: Scope
) -> Abstract:
    """Return what calling or constructing something of a library gives."""
    if one.module in _data()["promises"]:
        one = Library("", f"Promise.{one.path}" if one.path else "Promise")
    gaps.started(run, one, given, scope)
    matching.of_library(run, one, given, scope)
    unverified.given_to(run, one, given, scope)
    opened = uses.of_library(run, one, given, sources, scope)
    if opened is not None and callers.is_opened(run, opened):
        answer = callers.opened(run, opened, given, scope)
        if not any(map(calls.is_callback, given.every())):
            proofs.opened(run, one, opened, given)
        return answer
    if opened is not None and run.recorder.is_use(opened, "clock"):
        return cleaned(derived(sources_of(opened)), bits(EVERY))  # a number
    harmless, models, sets_variables = _about(one.module, one.path)
    run.surroundings.by_file |= sets_variables
    harmless |= templating.escaped(one, given)
    result = _modelled(run, one, given, sources, scope, models)
    result = lookups.answered(one.name.rpartition(".")[2], given, result, one.module)
    if opened is not None:  # a number, a hash: it is known which call made it
        result = tainted(result, sources_of(opened))
    proofs.given(run, one, given)
    if not harmless:
        return result
    facts.returned(run, one, given.first(), harmless)
    parts = tuple(t for t in result.things if isinstance(t, Structure) or t.is_random)
    if len(parts) < len(result.things):
        result = Abstract(result.atoms, parts, result.sources, result.open)
    return cleaned(result, harmless)


@functools.lru_cache(maxsize=NAMES)
def _about(module: str, path: str) -> About:
    one = Library(module, path)
    name = one.name.removeprefix("builtins.")
    asked: tuple[tuple[Model, bool], ...] = (
        (_sdk, _is_of_sdk(one)),
        (stores.call, stores.concerns(one)),
        (mappers.call, mappers.concerns(one)),
        (schemas.call, schemas.concerns(one)),
        (validators.call, validators.concerns(one)),
        (frameworks.call, frameworks.concerns(one)),
        (_logged, bool(_level(module, one.name))),
        (_special, _function(one) is not None),
        (web.call, web.concerns(one)),
        (_listed, bool(_list(module, name))),
    )
    may = tuple([model for model, may_know in asked if may_know])
    return About(harmless_result(name), may, environment.is_set_by(one.module))


def _modelled(
    run: Interpreter,
    one: Library,
    given: Arguments,
    sources: Sources,
    scope: Scope,
    models: tuple[Model, ...],
) -> Abstract:
    for model in models:
        found = model(run, one, given, scope)
        if found is not None:
            return tainted(found, sources)
    return _parsed_by(one, _unknown(run, one, given, sources, scope))


def _parsed_by(one: Library, value: Abstract) -> Abstract:
    """Return what a function makes of a text: what stands in it, if its name says so."""
    return parsed(value) if one.path.rpartition(".")[2] in PARSING else value


def _is_of_sdk(one: Library) -> bool:
    made = bool(_makes(one.module, one.name)) or library_requests.concerns(one)
    return made or sdk_python.is_condition(one) or one.module.startswith(sdk_javascript.MODULES)


def _sdk(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    made = _makes(one.module, one.name)
    if made == "Session":
        return _session(run, one, given, scope)
    if made == "traced":
        return given.first()
    if made:
        region = (
            one.arguments[0] if one.path.endswith(f"Session().{made}") and one.arguments else None
        )
        return sdk_python.construct(run, given, scope, resource=made == "resource", region=region)
    asked = library_requests.call(run, one, given, scope)
    if asked is not None:
        return asked
    compared = sdk_python.condition(run, one, given)
    return compared or sdk_javascript.made(run, one, given, scope)


@functools.lru_cache(maxsize=NAMES)
def _makes(module: str, name: str) -> str:
    """Return what boto3's function makes, "traced" for what hands its argument on, else ""."""
    last = name.rpartition(".")[2]
    if module.partition(".")[0] in BOTO and last in MAKING:
        return last
    return "traced" if last.startswith(("captureAWS", "captureHTTP", "capture_aws")) else ""


def _session(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract:
    """Return a session, which remembers the region its clients will be for."""
    region = given.named.get("region_name")
    made = Library(one.module, f"{one.path}()", (region,) if region else ())
    found = calls.unknown(run, given, EMPTY, scope)
    return Abstract(found.atoms, (made, *found.things), found.sources)


def _logged(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    level = _level(one.module, one.name)
    if not level:
        return None
    log(run, level, logged.told(one, given), scope, logged.library(one))
    return UNKNOWN


@functools.lru_cache(maxsize=NAMES)
def _level(module: str, name: str) -> str:
    """Return the level at which a function logs, "" if it does not."""
    data = _data()
    root, _, last = name.rpartition(".")
    if name not in data["log_functions"]:
        traces = module in data["trace_modules"] and last in data["trace_methods"]
        if not root or not (traces or last in data["log_methods"]):
            return ""
        known = traces or root in data["log_modules"] or module in data["log_modules"]
        if not known and not LOGGERS.search(root):
            return ""
    return last or name


def log_methods() -> frozenset[str]:
    """Return the names of methods that log, whatever the library."""
    found: frozenset[str] = _data()["log_methods"]
    return found


def log(run: Interpreter, level: str, given: Arguments, scope: Scope, library: str = "") -> None:
    """Record a log line: positional arguments by number, extra fields by name."""
    made = run.structure("dict")
    for position, value in enumerate(given.positional):
        made.fields[f"[{position}]"] = value
    made.fields.update(given.named)
    made.rest = given.rest
    site = run.site(given.at, scope)
    run.recorder.call(("log", library, level), site, Abstract(things=(made,)))


def _special(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    function = _function(one)
    return function(run, given, scope) if function else None


def _function(one: Library) -> library_functions.Function | None:
    return library_functions.FUNCTIONS.get(one.name) or models.function(one)


def _listed(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    name = one.name.removeprefix("builtins.")
    how = _list(one.module, name)
    if how == "keeps":
        kept = given.first() or _of_named(run, given)
        known = logged.made(name, kept)
        return known or _parsed_by(one, copying.anew(run, kept, COPYING.get(name, 0)))
    if how == "numbers":
        return _number(given.first())
    if how == "lookups":
        return UNKNOWN  # the key says which content, and is none of it
    if how == "asks":
        return UNKNOWN  # what a value is: a function that is given is not called
    if how == "clean":
        functions = tuple(v for v in given.every() if any(map(calls.is_function, v.things)))
        with unfollowed.called(run, one, given, scope):
            if functions:
                calls.give(run, functions, EMPTY, scope, given.at)
        return MADE if name in _data()["random"] and not _is_short(given) else UNKNOWN
    return None


def _is_short(given: Arguments) -> bool:
    """Tell whether a random text is asked for that is short enough to be tried."""
    asked = (given.first(), *given.named.values())
    return any(isinstance(a, int) and a < GUESSED for value in asked for a in value.atoms)


@functools.lru_cache(maxsize=NAMES)
def _list(module: str, name: str) -> str:
    """Return the list in which a function stands, "" for none."""
    data, last = _data(), name.rpartition(".")[2]
    if name in data["keeps"] or (module and last in data["keeps_last"]):
        return "keeps"
    if name in data["numbers"]:
        return "numbers"
    if last in data["lookups"] and module.split(".", maxsplit=1)[0] in data["caches"]:
        return "lookups"
    if name in data["asks"] or module in data["asking_modules"]:
        return "asks"
    if name in data["clean"] or module in data["clean_modules"]:
        return "clean"
    return "clean" if module and testing.answers_yes_or_no(last) else ""


def _number(value: Abstract) -> Abstract:
    """Return a number made of a value: constants stay, the rest is only where it came from."""
    numbers = frozenset(atom for atom in value.atoms if isinstance(atom, (int, float)))
    rest = Abstract(value.atoms - numbers, value.things, value.sources, value.open)
    return join(Abstract(numbers), derived(sources_of(rest)) if rest else NOTHING)


def _of_named(run: Interpreter, given: Arguments) -> Abstract:
    """Return ``dict(a=1)``."""
    return requests.parameters(run, given.named, given.rest)


def _unknown(
    run: Interpreter, one: Library, given: Arguments, sources: Sources, scope: Scope
) -> Abstract:
    """Return the result of a function that is not modelled, under the name it has."""
    if one.name in NAMING:  # only the name of what it is given is taken
        return Abstract(things=(Library(one.module, f"{one.path}()"),))
    given = uses.answering(one.path.rpartition(".")[2], given)
    result = unfollowed.call(run, one, given, sources, scope)
    path = f"{one.path}()" if len(one.path) < LONGEST else one.path
    made = Library(
        one.module, path, (*given.positional[:2], *_options(given), *stores.carried(one))
    )
    if one.name in _data()["fluent"]:
        made = Library(one.module, one.path.rpartition(".")[0], one.arguments)
    kept = (t for value in given.every() for t in value.things if isinstance(t, (Client, Handle)))
    result = join(result, injection.resolved(run, one.path.rpartition(".")[2], given))
    flowing = result.sources | _through_files(run, one, given, result.sources, scope)
    return Abstract(result.atoms, (made, *kept, *result.things), flowing)


def _options(given: Arguments) -> Iterator[Abstract]:
    """Yield what an argument by name turns on or off, as text: ``resolve_entities=True``."""
    for name, value in given.named.items():
        if value.atoms in ON_OR_OFF and not value.open:
            yield constant(f"{name}={next(iter(value.atoms))}")


def _through_files(
    run: Interpreter, one: Library, given: Arguments, sources: Sources, scope: Scope
) -> Sources:
    """Let a function that is given a temporary file write to it and read from it."""
    run.temporary.left.called(one, one.path.rpartition(".")[2], given)
    paths = run.temporary.paths([Abstract(things=(one,)), *given.every()])
    if not paths:
        return EMPTY
    run.state.opened(run, paths, given)
    if sources:
        site = run.site(given.at, scope)
        run.state.written(run, one.name, paths, sources, site)
        run.temporary.left.written(run, one.name, paths, sources, site)
    if run.temporary.write(paths, sources):
        run.mutated = -1
        run.epoch += 1
    return run.temporary.read(paths)
