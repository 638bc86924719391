"""Which variables a function's environment surely has: those that its template spells out.

What a template takes from a parameter, a stage or the machine that deploys has a default at most,
and is another one in the next deployment. So a value counts where the file that it is written in
has it beside the variable's name, among an environment's variables; of a parameter, where it may
only have some values. What only tools set that run functions on a person's machine has its default
where it is deployed: ``${env:IS_OFFLINE, 'false'}``.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

from checkrein import files
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import BY_TOOLS, DEPLOYED, MACHINES, Environment, Resource, Stack, Symbol
from checkrein.model.values import plain_text
from checkrein.model.workloads import LAMBDA, VARIABLES
from checkrein.notation import decode

UNKNOWN = Environment()
HEADS = regex(  # what a mapping of variables is called
    r"""\s*-?\s*["']?(?:(?:lambda|function|common|shared|default|base)_?)?
    (?:env(?:ironment)?(?:_?var(?:iable)?s)?|variables)["']?\s*(?:[:=]|\()""",
    re.VERBOSE | re.IGNORECASE,
)
BEFORE = ("", "{", ",", '"', "'")  # a key, beside blanks
GIVEN = regex(r"""["']?\s*[:=]\s*(.*)$""")  # after one
COMMENT = regex(r"\s+(?:#|//).*$")
QUOTED = regex(r"""(["'`]?)(.*)\1""")
REFERENCE = regex(r"""!Ref\s+["']?(\w+)["']?|\{\s*["']?Ref["']?\s*:\s*["']?(\w+)["']?\s*\}""")
LOCALLY = regex(
    r"""["'`]?\$\{env:(\w+),\s*["']?(\w*)["']?\}["'`]?
    |process\.env\.(\w+)\s*(?:\|\||\?\?)\s*["'](\w*)["']""",
    re.VERBOSE,
)
MERGING = regex(r"\$\{|\bvar\.|\beach\.|\bmerge\(|\blookup\(|\.\.\.|Fn::")
IGNORED = regex(r"ignore_changes\s*=\s*(?:all\b|\[[^\]]*environment)")
STAGE = regex(
    r"(?i)(?:^|_)(?:stage|env|environment)(?:_?name)?$"
)  # where it runs, no kind of login
NAMED = regex(rf"(?i)(?<![\w-])(?:{'|'.join(sorted(MACHINES))})(?![\w-])")  # ${opt:stage, 'local'}
DOTENV = "dotenv-plugin"  # gives every function what a file has that nobody commits


def environment(texts: Texts, resource: Resource, stack: Stack | None) -> Environment:
    """Return what a function's template says of its variables, in every deployment."""
    told = resource.value(VARIABLES)
    if resource.type != LAMBDA or resource.unknown or not isinstance(told, (dict, type(None))):
        return UNKNOWN
    values = {
        name: _values(texts, resource, stack, name, value) for name, value in (told or {}).items()
    }
    return Environment(values, _is_complete(texts, resource, stack, values))


class Texts:
    """The files that templates stand in, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lines: dict[str, list[str]] = {}
        self._adds: dict[str, bool] = {}

    def lines(self, path: str) -> list[str]:
        """Return the lines of a file, none where it cannot be read."""
        if path not in self._lines:
            try:
                text = decode(files.content(self.root / path), path) if path else ""
            except (OSError, InputError):
                text = ""
            self._lines[path] = text.split("\n")
        return self._lines[path]

    def adds(self, path: str) -> bool:
        """Tell whether a file says that functions get variables that it does not name."""
        if path not in self._adds:
            text = "\n".join(self.lines(path))
            self._adds[path] = DOTENV in text or IGNORED.search(text) is not None
        return self._adds[path]


def _values(
    texts: Texts, resource: Resource, stack: Stack | None, name: str, value: Any
) -> tuple[str, ...]:
    """Return all that one variable may be, nothing where that is not known."""
    place = resource.where((*VARIABLES, name))
    lines = texts.lines(place.path)
    written = _written(lines, place.line, name)
    if written is None or not _is_environment(lines, place.line):
        return ()
    if isinstance(value, (str, int, float, bool)):
        text = plain_text(value)
        local = LOCALLY.fullmatch(written)
        if local and (local[1] or local[3]) in BY_TOOLS and text == (local[2] or local[4]):
            return (text,)
        plain = QUOTED.fullmatch(written)
        if plain and plain[2] == text and text:  # an empty one waits to be filled in
            return (text,)
    elif not isinstance(value, Symbol):
        return ()
    referred = REFERENCE.fullmatch(written)
    declared = stack.parameters.get(referred[1] or referred[2]) if stack and referred else None
    return _chosen(name, value, written, declared if isinstance(declared, dict) else {})


def _chosen(name: str, value: Any, written: str, parameter: dict[str, Any]) -> tuple[str, ...]:
    """Return what a variable may be whose value each deployment chooses."""
    allowed = parameter.get("AllowedValues")
    if isinstance(allowed, list):
        return tuple(map(plain_text, allowed))
    machine = _may_be_a_machine(value, written, parameter.get("Default", "?"))
    return () if machine or not STAGE.search(name) else (DEPLOYED,)


def _may_be_a_machine(value: Any, written: str, default: Any) -> bool:
    """Tell whether a template itself has somebody's machine, or nothing, as a variable's value."""
    known = [plain_text(one).lower() for one in (value, default) if not isinstance(one, Symbol)]
    return any(not one or one in MACHINES for one in known) or bool(NAMED.search(written))


def _written(lines: list[str], line: int, name: str) -> str | None:
    """Return what a line has as the value of a name, None where it has none of it."""
    if not 0 < line <= len(lines):
        return None
    found = _after(lines[line - 1], name)
    if not found:
        return None
    text = COMMENT.sub("", found[1]).strip()
    return text.rstrip(",;").strip()


def _after(line: str, name: str) -> re.Match[str] | None:
    """Return what follows a name that stands in a line as a key of its own."""
    at = line.find(name)
    while at >= 0:
        before = line[at - 1 : at]
        found = GIVEN.match(line, at + len(name)) if before.isspace() or before in BEFORE else None
        if found:
            return found
        at = line.find(name, at + 1)
    return None


def _is_environment(lines: list[str], line: int) -> bool:
    """Tell whether a line stands right below the head of a mapping of variables."""
    depth = _depth(lines[line - 1])
    for above in reversed(lines[: line - 1]):
        if above.strip() and not above.lstrip().startswith(("#", "//")) and _depth(above) < depth:
            return HEADS.match(above) is not None
    return False


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_complete(
    texts: Texts, resource: Resource, stack: Stack | None, names: dict[str, Any]
) -> bool:
    """Tell whether there are no variables but those that the template names."""
    if stack is None or stack.macros or resource.added or resource.value("PackageType") == "Image":
        return False
    if "Dockerfile" in resource.metadata or isinstance(resource.value("Code.ImageUri"), str):
        return False
    at = {resource.where((*VARIABLES, name)) for name in names}
    own = {_folder(resource.where().path), _folder(stack.source)}
    if not {_folder(each.path) for each in at} <= own:
        return False
    head = resource.where(VARIABLES) if resource.value(VARIABLES) is not None else None
    if any(map(texts.adds, {resource.where().path, stack.source, *(each.path for each in at)})):
        return False
    return head is None or not _is_merged(texts.lines(head.path), head.line)


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _is_merged(lines: list[str], line: int) -> bool:
    """Tell whether a mapping of variables, which begins at a line, is made of several."""
    if not 0 < line <= len(lines):
        return True
    first = lines[line - 1]
    if HEADS.match(first) and MERGING.search(first):
        return True
    depth = _depth(first)
    for each in lines[line - 1 :]:
        if each.strip() and _depth(each) < depth:
            break
        if each.lstrip().startswith("..."):
            return True
    return False
