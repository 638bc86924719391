"""``serverless-compose.yml``: several services, and what each passes to the others."""

from __future__ import annotations

from pathlib import Path as File
from pathlib import PurePosixPath

from msgspec import Struct

from checkrein import files
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import Place
from checkrein.model.values import Open, Symbol, Value, text
from checkrein.read import service_files
from checkrein.read.paths import local_path
from checkrein.read.serverless.sources import PROGRAMS, known_name
from checkrein.read.serverless.written import UNKNOWN, Written, load, of_text

NAMES = tuple(f"serverless-compose.{suffix}" for suffix in ("yml", "yaml", "json", "ts", "js"))
OUTPUT = regex(r"\$\{([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\}")


class Composed(Struct):
    """One service of a compose file: its service file, and the parameters that it is passed."""

    path: str  # relative to the scanned folder, "" where it leads out of it or is not here
    parameters: dict[str, Written]
    place: Place


@files.remembered
def open_compose(root: File, path: str, content: str | None = None) -> dict[str, Composed] | None:
    """Return the services that a compose file names, None if it names none.

    A parameter that is another service's output is a ``Symbol("@stack-output", "stack.Output")``.
    Raise InputError where the file cannot be read.
    """
    document = _document(root, path, content)
    listed = document.get("services") if document is not None else None
    if listed is None or not listed.items():
        return None
    folder = PurePosixPath(path).parent
    services = {
        name: _composed(root, folder, declared)
        for name, declared in listed.items()
        if not name.startswith(UNKNOWN)
    }
    stacks: dict[str, Value] = {}
    for service in services.values():
        filled = {
            name: _filled(root, part, services, stacks) for name, part in service.parameters.items()
        }
        service.parameters.update(filled)
    return services


def _document(root: File, path: str, content: str | None) -> Written | None:
    if PurePosixPath(path).suffix in PROGRAMS:
        from checkrein.read.serverless.typescript import configuration  # noqa: PLC0415 - a grammar

        return configuration(root, str(PurePosixPath(path).parent), path, content)
    return load(root, path) if content is None else of_text(content, path)


def _composed(root: File, folder: PurePosixPath, declared: Written) -> Composed:
    parameters = declared.get("params")
    passed = dict(parameters.items()) if parameters is not None else {}
    return Composed(_service_file(root, folder, declared), passed, declared.place)


def _service_file(root: File, folder: PurePosixPath, declared: Written) -> str:
    where = declared.get("path")
    if where is None or not isinstance(where.value, str):
        return ""
    config = declared.get("config")
    named = [config.value] if config is not None and isinstance(config.value, str) else []
    paths = (local_path(folder, f"{where.value}/{name}") for name in named or service_files.NAMES)
    return next((path for path in paths if path and files.is_file(root / path)), "")


def _filled(
    root: File, part: Written, services: dict[str, Composed], stacks: dict[str, Value]
) -> Written:
    """Return a parameter with the outputs of other services in it."""
    if not isinstance(part.value, str):
        return part
    pieces: list[Value] = []
    done = 0
    for found in OUTPUT.finditer(part.value):
        service = services.get(found[1])
        if service is None:
            continue
        if found[1] not in stacks:
            stacks[found[1]] = _stack_name(root, service.path)
        pieces += [part.value[done : found.start()], _output(stacks[found[1]], found[2])]
        done = found.end()
    return Written(text([*pieces, part.value[done:]]), part.place) if pieces else part


def _output(stack: Value, name: str) -> Value:
    if isinstance(stack, Open):
        return stack
    return Symbol("@stack-output", f"{known_name(stack)}.{name}")


def _stack_name(root: File, path: str) -> Value:
    from checkrein.read.serverless.service import stack_name  # noqa: PLC0415 - they need each other

    if not path:
        return Open("an output of a service whose file is not here")
    try:
        name = stack_name(root, path)
    except InputError:
        return Open(f"an output of {path}, which cannot be read")
    return name if known_name(name) else Open(f"an output of the stack {name}")


def passed(root: File, path: str) -> dict[str, Written]:
    """Return the parameters that a compose file in a folder above passes to a service file."""
    for folder in PurePosixPath(path).parents:
        for name in NAMES:
            above = name if str(folder) == "." else f"{folder}/{name}"
            if not files.is_file(root / above):
                continue
            services = open_compose(root, above) or {}
            return next((one.parameters for one in services.values() if one.path == path), {})
    return {}
