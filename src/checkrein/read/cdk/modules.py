"""Which file a module's name leads to, and which file an app begins with."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container
from pathlib import Path as File

from checkrein import files
from checkrein.late import regex
from checkrein.read.cdk.assembly import document
from checkrein.read.paths import inside, joined

SUFFIXES = (".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", ".tsx", ".py")
COMPILED = regex(r"\.([cm]?)js\Z")
PROGRAM = regex(r"(?<![\w./-])([\w@./-]+\.(?:[cm]?[tj]sx?|py))\b|ts-node\s+(?:-\S+\s+)*([\w./-]+)")
NAMED = regex(
    r"""(?:\bfrom|\bimport|\brequire\()\s*["'](\.[^"'\n]+)["']"""
    r"""|^\s*(?:from\s+([\w.]+)\s+import|import\s+([\w.]+))""",
    re.MULTILINE,
)
MOST = 200  # files of one program
BUILT = regex(r"\A(?:\./)?(?:dist|build|out|lib|cdk\.out)/")


@files.remembered
def entry(root: File, app: str) -> str:
    """Return the file that ``cdk.json`` has started, "" where that is not plain or is not there.

    A package's script may start it from a folder above: the file lies in the app's all the same.
    """
    command = document(root, joined(app, "cdk.json")).get("app")
    for match in PROGRAM.finditer(command) if isinstance(command, str) else ():
        named = match[1] or match[2]
        for path in (named, BUILT.sub("", named), BUILT.sub("src/", named)):
            found = _there(root, joined(app, path)) or _from_above(root, app, path)
            if found:
                return found
    return ""


def _from_above(root: File, app: str, path: str) -> str:
    above = app
    while above:
        above = posixpath.dirname(above)
        named = joined(above, path)
        if named.startswith(f"{app}/") and (found := _there(root, named)):
            return found
    return ""


def taken_in(root: File, app: str) -> list[str]:
    """Return the files that the program of an app takes in, as far as texts tell, the first too."""
    waiting = [entry(root, app)]
    found: dict[str, None] = {}
    while waiting and len(found) < MOST:
        path = waiting.pop()
        if not path or path in found:
            continue
        found[path] = None
        try:
            text = files.text(root / path, errors="replace")
        except (OSError, ValueError):
            continue
        for match in NAMED.finditer(text):
            near = candidates(path, next(filter(None, match.groups())))
            waiting.append(
                next((each for each in near if inside(each) and _listed(root, each)), "")
            )
    return sorted(found)


def _listed(root: File, path: str) -> bool:
    """Tell whether a file stands in its folder: that is asked once for all that might."""
    folder, name = posixpath.split(path)
    return name in files.names(f"{root}/{folder}") and files.is_file(f"{root}/{path}")


def _there(root: File, path: str) -> str:
    written = COMPILED.sub(r".\1ts", path)
    for each in (written, path, f"{path}.ts", f"{path}.js"):
        if each.endswith(SUFFIXES) and inside(each) and files.is_file(root / each):
            return each
    return ""


def candidates(path: str, module: str) -> list[str]:
    """Return the files that a module named in a file may be, none for a package."""
    folder = posixpath.dirname(path)
    if path.endswith(".py"):
        return _python(folder, module)
    if not module.startswith("."):
        return []
    base = joined(folder, module)
    bare = COMPILED.sub("", base)
    ends = [f"{bare}{suffix}" for suffix in SUFFIXES]
    return [base, *ends, *(f"{base}/index{suffix}" for suffix in SUFFIXES)]


def _python(folder: str, module: str) -> list[str]:
    name = module.lstrip(".")
    up = len(module) - len(name)
    inner = name.replace(".", "/")
    if up:
        starts = [joined(folder, *[".."] * (up - 1))]
    else:
        starts = [folder]
        while starts[-1]:
            starts.append(posixpath.dirname(starts[-1]))
    tails = (f"{inner}.py", f"{inner}/__init__.py") if inner else ("__init__.py",)
    return [joined(start, tail) for start in starts for tail in tails]


def file_of(known: Container[str], path: str, module: str) -> str:
    """Return which of some files a module named in a file is, "" if none."""
    found = candidates(path, module) if module else []
    return next((each for each in found if each in known), "")
