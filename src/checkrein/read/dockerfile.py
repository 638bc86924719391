"""What a Dockerfile runs, and which files of the build's context it puts where."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from msgspec import Struct

from checkrein.late import regex

INSTRUCTION = regex(r"^\s*([A-Za-z]+)\s+(.*)$")
VARIABLE = regex(r"\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))")
BASE_IMAGE = regex(r"(?:^|/)(?:lambda/|aws-lambda-|lambda-)?(python|nodejs|node):?v?([\d.]*)")
TASK_ROOT = "/var/task"


class Copy(Struct, frozen=True):
    """Files of the context (``stage`` empty) or of another stage, and where they go."""

    sources: tuple[str, ...]
    target: str  # absolute; ends with "/" where it is a folder by its notation
    stage: str = ""


class Image(Struct, frozen=True):
    """The last (or asked) stage: ``base`` image, command line, working folder, copies.

    ``command`` is ENTRYPOINT and CMD as one list. ``copies`` include those of the stages that
    this one copies from or builds on, since sources may be compiled there.
    """

    base: str
    command: tuple[str, ...]
    folder: str
    copies: tuple[Copy, ...]
    entry: tuple[str, ...] = ()  # the part of the command line that ENTRYPOINT gives
    variables: dict[str, str] = {}

    @property
    def runtime(self) -> str:
        """Lambda's name of the runtime (``python3.13``, ``nodejs22.x``), or an empty string."""
        found = BASE_IMAGE.search(self.base)
        if not found:
            return ""
        name, version = found.groups()
        if name == "python":
            return "python" + ".".join(version.split(".")[:2])
        return f"nodejs{version.split('.')[0]}.x" if version else "nodejs"


class _Stage(Struct):
    base: str
    name: str
    folder: str = TASK_ROOT
    entry: list[str] | None = None
    command: list[str] | None = None
    copies: list[Copy] = []


def read_dockerfile(text: str, arguments: dict[str, str], target: str = "") -> Image | None:
    """Read a Dockerfile with its build arguments; None where it has no stage."""
    known = {"LAMBDA_TASK_ROOT": TASK_ROOT, **arguments}
    stages = _stages(text, arguments, known)
    if not stages:
        return None
    chain = _chain(stages, target)
    entry = next((stage.entry for stage in chain if stage.entry is not None), [])
    command = next((stage.command for stage in chain if stage.command is not None), [])
    copies = [copy for stage in (*chain, *_copied(stages, chain)) for copy in stage.copies]
    line = (*entry, *command)
    return Image(chain[-1].base, line, chain[0].folder, tuple(copies), tuple(entry), known)


def _chain(stages: list[_Stage], target: str) -> list[_Stage]:
    """Return the asked stage (else the last), the one it builds on, and so on."""
    named = {stage.name: stage for stage in stages if stage.name}
    chain = [named.get(target, stages[-1])]
    while (base := named.get(chain[-1].base)) and base not in chain:
        chain.append(base)
    return chain


def _copied(stages: list[_Stage], chain: list[_Stage]) -> list[_Stage]:
    names = {copy.stage for stage in chain for copy in stage.copies if copy.stage}
    return [
        stage
        for index, stage in enumerate(stages)
        if {stage.name, str(index)} & names and stage not in chain
    ]


def _stages(text: str, arguments: dict[str, str], known: dict[str, str]) -> list[_Stage]:
    """Return the stages; what the text defines is added to what is ``known``."""
    stages: list[_Stage] = []
    for name, rest in _instructions(text):
        if name in ("ARG", "ENV"):
            _define(rest, known, fixed=arguments if name == "ARG" else {})
        elif name == "FROM":
            words = [word for word in _expand(rest, known).split() if not word.startswith("--")]
            alias = words[2] if len(words) > 2 and words[1].upper() == "AS" else ""  # noqa: PLR2004
            base = words[0] if words else ""
            before = next((stage.folder for stage in stages if stage.name == base), TASK_ROOT)
            stages.append(_Stage(base, alias, before))
        elif stages:
            _apply(stages[-1], name, _expand(rest, known))
    return stages


def _apply(stage: _Stage, name: str, rest: str) -> None:
    if name == "WORKDIR":
        stage.folder = _absolute(rest.strip().strip('"'), stage.folder).rstrip("/") or "/"
    elif name in ("COPY", "ADD"):
        copy = _copy(rest, stage.folder)
        if copy:
            stage.copies = [*stage.copies, copy]
    elif name == "CMD":
        stage.command = _words(rest)
    elif name == "ENTRYPOINT":
        stage.entry = _words(rest)


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\[ \t]*\n", " ", "\n".join(lines)).splitlines():
        found = INSTRUCTION.match(line)
        if found:
            yield found.group(1).upper(), found.group(2).strip()


def _define(rest: str, known: dict[str, str], fixed: dict[str, str]) -> None:
    first, _, after = rest.partition(" ")
    if after and "=" not in first:  # ENV NAME the rest of the line
        known[first] = _expand(after.strip(), known)
        return
    for word in _split(_expand(rest, known)):
        name, equals, value = word.partition("=")
        if equals and name not in fixed:
            known[name] = value


def _expand(text: str, known: dict[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        return known.get(found.group(1) or found.group(3), found.group(2) or "")

    return VARIABLE.sub(value, text)


def _copy(rest: str, folder: str) -> Copy | None:
    words = _words(rest)
    stage = next((word[7:] for word in words if word.startswith("--from=")), "")
    paths = [word for word in words if not word.startswith("--")]
    if len(paths) < 2:  # noqa: PLR2004 - a source and a target at least
        return None
    return Copy(tuple(paths[:-1]), _absolute(paths[-1], folder), stage)


def _absolute(path: str, folder: str) -> str:
    path = folder + "/" if path in (".", "./") else path.removeprefix("./")
    return path if path.startswith("/") else f"{folder.rstrip('/')}/{path}"


def _words(rest: str) -> list[str]:
    flags, rest = re.match(r"((?:--\S+\s+)*)(.*)$", rest, re.DOTALL).groups()  # type: ignore[union-attr]
    if rest.startswith("["):
        try:
            return [*flags.split(), *(str(word) for word in json.loads(rest))]
        except ValueError:
            pass
    return [*flags.split(), *_split(rest)]


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=False)
    except ValueError:
        return text.split()
