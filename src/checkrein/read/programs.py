"""Which file a container's command line starts, through shells, scripts and package managers.

Sources: the command lines of Node, Python, npm, gunicorn, uvicorn, Flask, FastAPI, Celery and
Streamlit as their manuals give them.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from checkrein.late import regex

SERVED = regex(r"^([\w.]+):([A-Za-z_]\w*)(\(.*\))?$")  # main:app, app:create_app()
ASSIGNED = regex(r"^\w+=")
PLAIN_VARIABLE = regex(r"^\$\{?[@*1]")
NODE = frozenset(
    {"node", "nodejs", "nodemon", "ts-node", "ts-node-dev", "tsx", "bun", "pm2-runtime"}
)
MANAGERS = frozenset({"npm", "yarn", "pnpm"})
SERVERS = frozenset({"gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve"})
SHELLS = frozenset({"sh", "bash", "ash", "dash"})
WRAPPERS = {  # what starts the rest of the line: how many words of its own follow it
    "exec": 0, "tini": 0, "dumb-init": 0, "env": 0, "npx": 0, "time": 0, "nohup": 0,
    "ddtrace-run": 0, "opentelemetry-instrument": 0, "xvfb-run": 0, "gosu": 1, "su-exec": 1,
    "poetry": 1, "pipenv": 1, "uv": 1, "newrelic-admin": 1, "doppler": 1, "dotenv": 1,
    "wait-for-it.sh": 1,
}  # fmt: skip
VALUED = frozenset({  # options that are followed by a value
    "-r", "--require", "--import", "--loader", "-X", "-W", "-b", "--bind", "-w", "--workers",
    "-k", "--worker-class", "-c", "--config", "--host", "--port", "-p", "-h", "--chdir", "-t",
    "--timeout", "--threads", "--env-file", "--exec", "--watch", "-e", "--ext", "--log-level",
    "-l", "--project", "--app-dir", "--root-path", "--forwarded-allow-ips", "--access-logfile",
    "--error-logfile",
})  # fmt: skip
SUFFIXES = (".py", ".js", ".mjs", ".cjs", ".ts")
DEEPEST = 5
BREAKS = frozenset({"&&", ";", "||", "|", "&"})


class Program(Struct, frozen=True):
    """What is started: a module as ``locate`` takes it, and whether one of its names is called."""

    handler: str  # ``src/server.__main__`` in Node, ``pkg.main.__main__`` in Python
    languages: tuple[str, ...]
    called: str = ""  # the function that makes the application, if one does


class Surroundings(Struct, frozen=True):
    """What a command line meets in the image: files by path, and variables."""

    text: Callable[[str], str | None]  # of a file in the image, by its path there
    variables: Mapping[str, str]


PYTHON, JAVASCRIPT = ("python",), ("javascript",)


def programs(words: list[str], around: Surroundings, depth: int = DEEPEST) -> Iterator[Program]:
    """Yield the programs that a command line may start, the likeliest first."""
    for line in reversed(_lines(words)):
        yield from _started(line, around, depth - 1) if depth else ()


def _lines(words: list[str]) -> list[list[str]]:
    """Return the commands of a line that its operators separate."""
    found: list[list[str]] = [[]]
    for word in words:
        if word in BREAKS:
            found.append([])
        else:
            found[-1].append(word)
    return [line for line in found if line]


def _started(words: list[str], around: Surroundings, depth: int) -> Iterator[Program]:
    while words and (ASSIGNED.match(words[0]) or words[0] == "--"):
        words = words[1:]
    if not words:
        return
    head, rest = PurePosixPath(words[0]).name, words[1:]
    if head in SHELLS:
        yield from _shell(rest, around, depth)
    elif head.endswith((".sh", "entrypoint")):
        yield from _script(words, around, depth)
    elif head in WRAPPERS:
        after = [word for word in rest if not word.startswith("-") or word == "--"]
        yield from programs(after[WRAPPERS[head] :], around, depth)
    elif head in MANAGERS:
        yield from _managed(rest, around, depth)
    else:
        yield from _program(head, rest, around, depth)


def _shell(rest: list[str], around: Surroundings, depth: int) -> Iterator[Program]:
    given = [word for word in rest if not word.startswith("-")]
    flags = [word for word in rest if word.startswith("-")]
    if given and any("c" in flag for flag in flags):
        yield from programs(_split(given[0]), around, depth)
    elif given:
        yield from _script(given, around, depth)


def _script(words: list[str], around: Surroundings, depth: int) -> Iterator[Program]:
    """Yield what a script starts, its last line first; one that is not here starts its words."""
    text = around.text(words[0])
    for line in reversed(text.splitlines() if text is not None else ['"$@"']):
        said = _split(line)
        if any(PLAIN_VARIABLE.match(word) for word in said):
            yield from programs(words[1:], around, depth)
        elif said and not said[0].startswith("#"):
            yield from programs(said, around, depth)


def _managed(rest: list[str], around: Surroundings, depth: int) -> Iterator[Program]:
    """Yield what a script of ``package.json`` starts."""
    given = [word for word in rest if not word.startswith("-") and word != "run"]
    name = given[0] if given else "start"
    written = _package(around).get("scripts")
    script = written.get(name) if isinstance(written, dict) else None
    if isinstance(script, str):
        yield from programs(_split(script), around, depth)
    elif name == "start":
        yield Program("server.__main__", JAVASCRIPT)


def _package(around: Surroundings) -> dict[str, object]:
    try:
        found = json.loads(around.text("package.json") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _program(head: str, rest: list[str], around: Surroundings, depth: int) -> Iterator[Program]:
    if head.startswith("python") or head == "pypy3":
        yield from _python(rest, around, depth)
    elif head in NODE:
        yield from _node(_given(rest), around)
    elif head.endswith(SUFFIXES):
        yield _file(head, PYTHON if head.endswith(".py") else JAVASCRIPT)
    else:
        yield from _framework(head, rest, around)


def _framework(head: str, rest: list[str], around: Surroundings) -> Iterator[Program]:
    """Yield what the command of a server or framework starts."""
    given = _given(rest)
    if head in SERVERS:
        yield from (program for word in given for program in served(word))
    elif head == "flask":
        yield from _flask(rest, around)
    elif head in ("fastapi", "streamlit"):
        named = [word for word in given if word.endswith(".py")] or ["main.py", "app/main.py"]
        yield from (_file(word, PYTHON) for word in named)
    elif head == "celery":
        yield from _celery(rest)
    elif head == "nest":
        yield Program("src/main.__main__", JAVASCRIPT)


def _given(rest: list[str]) -> list[str]:
    """Return the words that are neither options nor their values."""
    pairs = zip(["", *rest], rest, strict=False)
    return [word for before, word in pairs if not word.startswith("-") and before not in VALUED]


def _node(given: list[str], around: Surroundings) -> Iterator[Program]:
    named = next((word for word in given if word not in ("run", "start", "watch")), "")
    if named in ("", "."):
        main = _package(around).get("main")
        named = main if isinstance(main, str) else "index.js"
    yield _file(named, JAVASCRIPT)


def _python(rest: list[str], around: Surroundings, depth: int) -> Iterator[Program]:
    if "-m" in rest[:-1]:
        at = rest.index("-m") + 1
        known = list(_program(rest[at], rest[at + 1 :], around, depth))
        yield from known or [
            Program(f"{rest[at]}.__main__", PYTHON),
            Program(f"{rest[at]}.__main__.__main__", PYTHON),
        ]
        return
    given = _given(rest)
    if given:
        yield _file(given[0], PYTHON)


def served(word: str) -> Iterator[Program]:
    """Yield the program that a web server's word names: ``main:app``, ``app:create_app()``."""
    found = SERVED.match(word.strip("\"'"))
    if found:
        module, name, call = found.groups()
        yield Program(f"{module}.{name}", PYTHON, name if call else "")


def _flask(rest: list[str], around: Surroundings) -> Iterator[Program]:
    told = [rest[at + 1] for at, word in enumerate(rest[:-1]) if word in ("--app", "-A")]
    told += [word.partition("=")[2] for word in rest if word.startswith("--app=")]
    told.append(around.variables.get("FLASK_APP", ""))
    for word in filter(None, told):
        module, _, name = word.removesuffix(".py").replace("/", ".").partition(":")
        called = name.partition("(")[0] if "create" in name or "make" in name else ""
        yield Program(f"{module}.{called or '__main__'}", PYTHON, called)
        yield Program(f"{module}.create_app", PYTHON, "create_app")
    yield from (Program(f"{name}.__main__", PYTHON) for name in ("app", "wsgi"))


def _celery(rest: list[str]) -> Iterator[Program]:
    for at, word in enumerate(rest[:-1]):
        if word in ("-A", "--app"):
            module = rest[at + 1].partition(":")[0]
            yield Program(f"{module}.__main__", PYTHON)
            if "." in module:
                yield Program(module, PYTHON)


def _file(word: str, languages: tuple[str, ...]) -> Program:
    """Return the program in a file, which Node may be told without its suffix."""
    path = PurePosixPath(word.strip("\"'"))
    stem = str(path.with_suffix("")) if path.suffix in SUFFIXES else str(path)
    if languages == PYTHON:
        return Program(f"{stem.replace('/', '.')}.__main__", languages)
    return Program(f"{stem}.__main__", languages)


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return text.split()
