"""One function's summary: load its code, call its handler, say what was seen."""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING

from msgspec.structs import replace

from checkrein import files
from checkrein.code import FAILED, NESTED, frameworks, ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import Scope, Source
from checkrein.code.domain.things import Arguments, Closure, Structure, native
from checkrein.code.domain.values import NOTHING, constant, symbolic
from checkrein.code.harm import facts, growth, logged, proofs, secrets, unfollowed
from checkrein.code.libraries import gaps
from checkrein.code.loading import resolution
from checkrein.code.loading.modules import NO_PLACE, Modules
from checkrein.code.loading.paths import joined
from checkrein.code.running import again, calls, fields
from checkrein.code.running.environment import Surroundings
from checkrein.code.running.interpreter import Interpreter, StepLimit
from checkrein.code.running.recorder import Recorder
from checkrein.model import Evidence, Function, Summary

if TYPE_CHECKING:
    from pathlib import Path

    from checkrein.model import Code, Program

LANGUAGES = ("python", "javascript")
INLINE = "index"  # the module that CloudFormation makes of code in a template
MISSING = "The handler is not in the repository"
WITH_CONTEXT = 2  # parameters of a handler: the event and the context
MADE = "()"  # a handler that ends so is called once and makes an application
RUNS = 4  # of which the last one takes nothing of the environment for granted
NO_CODE = Evidence("There is no code to read.")
TOO_LONG = "The code was not followed to the end: it takes more steps than its size allows."


def analyse(root: Path, function: Function) -> Summary:
    """Return what a function's programs do, over symbols; never raises.

    Reads the files that ``Code`` names below ``root``. What could not be read or followed is said
    in ``Summary.lost``.
    """
    programs = [each for each in function.programs if each.language in LANGUAGES]
    if not programs:
        return Summary(id=function.id, function=function.id, lost=(NO_CODE,))
    top = os.path.abspath(root)  # noqa: PTH100 - asks nothing of the disk
    surroundings = Surroundings(function.environment, top)
    for program in programs:
        if program.language == "javascript":
            surroundings.bundles(_search(top, program.code).folder)
    for left in reversed(range(RUNS)):
        surroundings.sets_any = surroundings.sets_any or not left
        surroundings.begin()
        found = _followed(top, function, surroundings)
        if not surroundings.misled():
            break
    return replace(found, asked=surroundings.asked)


def _followed(root: str, function: Function, surroundings: Surroundings) -> Summary:
    """Run the programs of a function once, in surroundings that learn what they set."""
    recorder = Recorder()
    programs = [each for each in function.programs if each.language in LANGUAGES]
    runs = [_ran(root, program, recorder, surroundings) for program in programs]
    found = _summary(runs, function)
    for run in runs:
        run.end()
    return found


def _ran(root: str, program: Program, recorder: Recorder, around: Surroundings) -> Interpreter:
    search = _search(root, program.code)
    run = Interpreter(Modules(root, search), recorder, around)
    gaps.beside(run, root, search.layers)
    try:
        _run(run, root, program)
    except StepLimit:
        run.partial.append(TOO_LONG)
    except RecursionError:
        run.partial.append(NESTED)
    except OSError as error:
        run.partial.append(f"A file could not be read: {error}.")
    except Exception as error:  # noqa: BLE001 - one function's failure never ends a scan
        run.partial.append(f"{FAILED} ({type(error).__name__}: {error}).")
    return run


def _search(root: str, code: Code) -> resolution.Search:
    folder = os.path.normpath(joined(root, code.folder))
    layers = tuple([os.path.normpath(joined(root, layer)) for layer in code.layers])
    return resolution.Search(root, folder, layers)


def _summary(runs: list[Interpreter], function: Function) -> Summary:
    recorder = runs[0].recorder
    sites, reads = recorder.told()
    for run in runs:
        sites = logged.by_level(run, sites, run.modules.packages)
    lost = [Evidence(said) for run in runs for said in run.partial]
    lost += [said for run in runs for said in run.modules.lost]
    return Summary(
        id=function.id,
        function=function.id,
        calls=sites,
        reads=reads,
        routes=tuple(dict.fromkeys(route for run in runs for route in frameworks.listed(run))),
        lost=tuple(dict.fromkeys(lost)),
        files=tuple(dict.fromkeys(file for run in runs for file in run.modules.files)),
        packages=tuple(sorted({name for run in runs for name in run.modules.packages})),
        gaps=tuple(recorder.gaps.values()),
        literals=tuple(dict.fromkeys(one for run in runs for one in secrets.secrets(run, sites))),
        callback=runs[0].takes_callback,
    )


# ------------------------------------------------------------------------------ running


def _run(run: Interpreter, root: str, program: Program) -> None:
    run.program = not program.handler
    scope = _load(run, root, program)
    if scope is None:
        return
    run.state.start(run)
    handler = _handler(run, scope, program.handler) if program.handler else NOTHING
    has_handler = any(map(calls.callable_thing, handler.things))
    if not has_handler and program.handler and not any(map(_derives, handler.things)):
        name = _names(program)[-1]
        run.partial.append(f"{MISSING}: {scope.source.path} has no handler named {name}.")

    run.takes_callback = _takes_callback(handler)
    before = [_first(run, root, program, handler) for handler in program.before]

    def invoked() -> None:
        if has_handler:
            with facts.Framed(run, Scope(scope.source)) if before else nullcontext():
                for first in before:
                    _run_first(run, first, scope)
                _call_handler(run, handler, scope, made=program.handler.endswith(MADE))
        frameworks.run_routes(run)
        run.waited = True
        for given, sources, where, at in run.waiting:
            if not _was_called(run, given):
                calls.call_blindly(run, given, sources, where, at)

    invoked()
    growth.record(run)
    run.temporary.left.record(run)
    again.invoke(run, invoked)


def _first(run: Interpreter, root: str, program: Program, handler: str) -> Abstract:
    """Return a handler that runs before the function's own, nothing where it is not here."""
    wanted = replace(program, handler=handler, code=replace(program.code, file="", text=""))
    path = _file(root, wanted)
    return _handler(run, run.modules.load(run, path), handler) if path is not None else NOTHING


def _run_first(run: Interpreter, handler: Abstract, scope: Scope) -> None:
    """Run such a handler, and learn what it tells by having returned: its answer is nobody's."""
    own = [one for one in handler.things if isinstance(one, Closure)]
    run.running.taken()
    given = Arguments(NO_PLACE, [symbolic("event"), symbolic("context")])
    calls.apply(run, Abstract(things=tuple(own)), given, scope)
    told = run.running.taken()
    always = told.always if told is not None and len(own) == 1 else {}
    doubted = not own or any(unfollowed.may_refuse(one) for one in own)
    facts.learn(run, {**always, **(proofs.of(unfollowed.PERHAPS) if doubted else {})})


def _derives(one: object) -> bool:
    """Tell whether a library's class, which an object's own derives from, may make it callable."""
    return isinstance(one, Structure) and one.owner is not None and bool(one.owner.foreign())


def _was_called(run: Interpreter, function: Abstract) -> bool:
    return all(
        id(one.definition) in run.called for one in function.things if isinstance(one, Closure)
    )


def _load(run: Interpreter, root: str, program: Program) -> Scope | None:
    if program.code.text:
        return _load_inline(run, root, program)
    path = _file(root, program)
    if path is None:
        run.partial.append(
            f"{MISSING}: the file of {program.handler} is not in {program.code.folder or '.'}."
        )
        return None
    return run.modules.load(run, path)


def _load_inline(run: Interpreter, root: str, program: Program) -> Scope:
    """Run code that stands in a template; its places are the template's.

    CloudFormation names its file ``index``: for a handler elsewhere it can only be a placeholder.
    """
    from checkrein.code.lowering import lower  # noqa: PLC0415 - the grammars are heavy

    code = program.code
    real = joined(joined(root, code.folder), "index")
    scope = Scope(Source(code.file, program.language, real, code))
    module = lower(code.text.encode(), program.language, code.file)
    run.modules.files.append(code.file)
    if program.handler and _names(program)[0] != INLINE:
        run.partial.append(
            f"{MISSING}: {program.handler} is not in the code that the template has."
        )
    run.modules.execute(run, module, scope)
    return scope


def _file(root: str, program: Program) -> str | None:
    """Return the handler's file, as given or found by the handler's name."""
    code = program.code
    folder = joined(root, code.folder)
    for candidate in (joined(root, code.file), joined(folder, code.file)):
        if code.file and files.is_file(candidate):
            return os.path.normpath(candidate)
    module = "/".join(_names(program)[:-1])
    suffixes = (".py",) if program.language == "python" else resolution.SUFFIXES
    for suffix in suffixes:
        candidate = joined(folder, f"{module}{suffix}")
        if files.is_file(candidate):
            return candidate
    return None


def _names(program: Program) -> list[str]:
    """Return the handler's module path and the name in it."""
    folder, slash, name = program.handler.rpartition("/")
    if program.language == "python":
        module, _, attribute = name.rpartition(".")
        return [f"{folder}{slash}{module.replace('.', '/')}", attribute]
    module, _, attribute = name.partition(".")
    return [f"{folder}{slash}{module}", attribute]


def _handler(run: Interpreter, scope: Scope, handler: str) -> Abstract:
    """Return the value that the handler's name stands for."""
    name = handler.rpartition("/")[2].removesuffix(MADE)
    if scope.source.language == "python":
        return scope.names.get(name.rpartition(".")[2], NOTHING)
    value = run.modules.exports(scope)
    for part in name.split(".")[1:] or ["handler"]:
        value = fields.read(run, value, part, NO_PLACE, scope)
    return value


def _wanted(function: ir.Lambda) -> int:
    """Return how many arguments JavaScript says that a function wants (``length``)."""
    optional = (at for at, one in enumerate(function.parameters) if one.default or one.kind)
    return next(optional, len(function.parameters))


def _takes_callback(handler: Abstract) -> bool:
    """Tell whether a handler of JavaScript surely wants a third argument, to answer by."""
    made = [one.definition for one in handler.things if isinstance(one, Closure)]
    return len(made) == len(handler.things) > 0 and all(_wanted(one) > WITH_CONTEXT for one in made)


def _call_handler(run: Interpreter, handler: Abstract, scope: Scope, *, made: bool) -> None:
    """Call the handler; one that makes an application (``made``) gets no event."""

    def callback(given: Arguments) -> Abstract:
        run.respond(given.first(1), given.at, scope)
        return constant(None)

    invoked = [symbolic("event"), symbolic("context")]
    if scope.source.language != "python":
        invoked.append(native("callback", callback))
    given = Arguments(NO_PLACE, [] if made else invoked)
    run.answering = "" if made else "whole"
    try:
        calls.apply(run, handler, given, scope)
    finally:
        run.answering = ""
