"""What may use a function's rights unseen: unresolved calls, text that is run, programs.

A method that no SDK model holds, or of an object that could not be followed, is kept under its
name. ``eval`` of a text that is not known, and programs other than well-known tools, may do all.
"""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING

from checkrein import files
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Client, Handle, Library, Structure
from checkrein.code.domain.values import sources_of
from checkrein.code.loading.paths import is_below
from checkrein.model import Gap, Symbol, Text

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

VERBS = re.compile(
    r"(?i)(?:get|put|delete|update|create|list|describe|batch|transact|execute|query|scan|send"
    r"|receive|publish|start|stop|invoke|copy|head|upload|download|admin|add|remove|set|detect|run"
    r"|register|purge|tag|untag|encrypt|decrypt|generate|assume)_?(?=[a-zA-Z])"
)
OPERATIONS = frozenset(("query", "scan", "publish", "invoke"))  # of one word
TEXT_RUNNERS = frozenset(
    (
        *("eval", "exec", "builtins.eval", "builtins.exec", "Function", "execfile"),
        *("vm.runInThisContext", "vm.runInNewContext", "vm.runInContext", "vm.Script"),
    )
)
PROGRAMS = re.compile(
    r"(?:os\.(?:system|popen|exec\w+|spawn\w+)"
    r"|subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)"
    r"|asyncio\.create_subprocess_(?:exec|shell)"
    r"|child_process\.(?:exec|execSync|spawn|spawnSync|execFile|execFileSync|fork)"
    r"|execa(?:\.\w+)?|shelljs\.exec)$"
)
SEPARATORS = re.compile(r"[|;&\n]+|\$\(|`")
# Programs that call AWS, or run code that may: every other one that is named runs as a plain tool.
RUNNERS = re.compile(
    r"(?:aws|sam|cdk|terraform|tofu|pulumi|serverless|sls|s3cmd|s5cmd|rclone|make|java|perl|ruby"
    r"|php|deno|bun|npx|npm|yarn|pnpm|node|(?:ba|z)?sh|python[\d.]*|.*\.(?:sh|py|js|mjs|jar))$"
)
HIDDEN = "\0"  # stands for what is not known of a text


def unresolved(run: Interpreter, service: str, method: str, at: ir.Span, scope: Scope) -> None:
    """Keep a call of an SDK client that no model resolves; "" for what is not known."""
    what = f"calls {method} of {service}" if method else f"chooses what it calls of {service}"
    run.recorder.gap(Gap(service, method, what, run.place(at, scope.source)))


def chosen(run: Interpreter, value: Abstract, at: ir.Span, scope: Scope) -> None:
    """Keep that a method of an SDK object is chosen when the code runs."""
    for one in value.things:
        if isinstance(one, (Client, Handle)):
            unresolved(run, one.service, "", at, scope)


def unsent(run: Interpreter, service: str, command: Abstract, at: ir.Span, scope: Scope) -> None:
    """Keep that a client sends a command that no model holds, or one that is not known."""
    made = [one.path for one in command.things if isinstance(one, Library)]
    names = [path.rpartition(".")[2] for path in made if path.endswith("Command()")]
    for name in names or [""]:
        unresolved(run, service, name.removesuffix("Command()"), at, scope)


def missing(run: Interpreter, module: str, at: ir.Span, scope: Scope) -> None:
    """Keep that code imports a file of its own, or of a layer, that is not here."""
    place = run.place(at, scope.source)
    run.recorder.gap(Gap("", "", f"imports {module}, which is not here", place))


def beside(run: Interpreter, root: str, layers: tuple[str, ...]) -> None:
    """Keep that layers hold extensions: programs beside the function, with its rights."""
    for layer in layers:
        if files.is_folder(f"{layer}/extensions"):
            shown = os.path.relpath(layer, root) if is_below(layer, root) else layer
            run.recorder.gap(Gap("", "", f"runs beside the extensions in {shown}"))


def any_service(run: Interpreter, at: ir.Span, scope: Scope) -> None:
    """Keep that a client is made for a service that is chosen when the code runs."""
    place = run.place(at, scope.source)
    run.recorder.gap(Gap("", "", "chooses the service that it calls", place))


def of_unknown(
    run: Interpreter, receiver: Abstract, method: str, at: ir.Span, scope: Scope
) -> None:
    """Keep a call that reads like an operation, of an object that could not be followed.

    What a library gave may be a client too, but a word like "query" says many things there.
    """
    short = method in OPERATIONS and not receiver.things
    if not (short or _is_operation(method)):
        return
    if not all(isinstance(one, Library) for one in receiver.things):
        return
    what = f"calls {method} of something that could not be followed"
    run.recorder.gap(Gap("", method, what, run.place(at, scope.source)))


@functools.lru_cache(maxsize=8192)
def _is_operation(method: str) -> bool:
    found = VERBS.match(method)
    if found is None:
        return False
    return found.group().endswith("_") or method[found.end()].isupper()


def started(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> None:
    """Keep that a function of a library runs text that is not known, or another program."""
    runs = _runs(one.name)
    if not runs:
        return
    what = ""
    if runs == "text" and not _is_known(given):
        what = f"runs code that it is given ({one.name.rpartition('.')[2]})"
    elif runs == "program" and (program := _program(given)):
        what = f"starts {program}" if program != HIDDEN else "starts a program that it is given"
    if what:
        run.recorder.gap(Gap("", "", what, run.place(given.at, scope.source)))


@functools.lru_cache(maxsize=8192)
def _runs(name: str) -> str:
    """Return what a function of a library runs: "text", "program", or "" for neither."""
    name = name.removeprefix("node:")
    if name in TEXT_RUNNERS:
        return "text"
    return "program" if PROGRAMS.match(name) else ""


def _is_known(given: Arguments) -> bool:
    """Tell whether a text is made of constants alone."""
    value = given.positional[-1] if given.positional else Abstract()
    return bool(value) and not value.open and not sources_of(value)


def _program(given: Arguments) -> str:
    """Return a program that may call AWS, ``HIDDEN`` if which one is not known, "" for none."""
    first = given.first(0, "args")
    texts = [_text(atom) for atom in first.atoms if isinstance(atom, (str, Text, Symbol))]
    for one in first.things:
        if isinstance(one, Structure):  # a list: the program and what it is given
            texts += [_text(a) for a in one.fields.get("0", Abstract()).atoms]
    if not texts or first.open:
        return HIDDEN
    names = [name for text in texts for part in SEPARATORS.split(text) for name in _first(part)]
    return next((name for name in names if HIDDEN in name or RUNNERS.match(name)), "")


def _first(command: str) -> list[str]:
    """Return the program of a simple command: its first word that sets no variable."""
    words = [word for word in command.split() if "=" not in word.partition(HIDDEN)[0]]
    name = words[0].strip("'\"()").rpartition("/")[2] if words else ""
    return [HIDDEN if HIDDEN in name else name] if name else []


def _text(atom: object) -> str:
    if isinstance(atom, Text):
        return "".join(part if isinstance(part, str) else HIDDEN for part in atom.parts)
    return atom if isinstance(atom, str) else HIDDEN
