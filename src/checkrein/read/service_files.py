"""Which files are services of the Serverless Framework, by their names and by what they hold.

A service file by another name (``serverless.auth.js``) is deployed with ``--config``. One that
names the service of another file in its folder is another configuration of the same stack.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path as File

from checkrein import files
from checkrein.late import regex
from checkrein.model import Evidence, Place, Unread
from checkrein.read import plan_files

DOCUMENTS = ("yml", "yaml", "json")
PROGRAMS = ("ts", "js", "cjs", "mjs", "cts", "mts")
NAMES = tuple(f"serverless.{suffix}" for suffix in (*DOCUMENTS, *PROGRAMS))
OTHER = regex(rf"serverless\.[^/]+\.(?:{'|'.join((*DOCUMENTS, *PROGRAMS))})\Z")
NO_CONFIGURATION = regex(r"\.(?:d|test|spec)\.[cm]?[jt]s\Z")
# what such a file holds; of a program, which may make all of it elsewhere, evaluation decides
SERVICE = regex(rb"""(?m)(?:^|[{,])[ \t]*["']?service["']?\s*:""")
SECTION = regex(rb"""(?m)(?:^|[{,])[ \t]*["']?(?:provider|functions)["']?\s*:""")
EXPORTED = regex(rb"\bexports\b|\bexport\b")
# the service's name as it is written, be it below a key of its own
NAMED = regex(rb"""\bservice["']?\s*:\s*(?:\{?\s*["']?name["']?\s*:\s*)?(["'`]?)([^\s,"'`#]+)""")
REGION = regex(rb"""\bregion["']?[ \t]*:[^\n]*?\b([a-z]{2}(?:-[a-z]+)+-\d)\b""")
# words of names of configurations that are there for a machine of one's own, or for nobody
ASIDE = regex(r"(?:local\w*|offline|test\w*|example|sample|old|bak|backup)\Z")
EFFECT = "what only this file says is not in the table"


def is_named(name: str) -> bool:
    """Tell whether a file's name is one of a service, be it one for ``--config``."""
    return name in NAMES or is_other(name)


def is_other(name: str) -> bool:
    """Tell whether a file's name is one that only ``--config`` takes: what it holds decides."""
    if not name.startswith("serverless.") or name in NAMES or not OTHER.match(name):
        return False
    return not NO_CONFIGURATION.search(name) and not plan_files.is_named(name)


def is_program(path: str) -> bool:
    """Tell whether a file is read as a program."""
    return path.rpartition(".")[2] in PROGRAMS


def is_service(root: File, path: str) -> bool:
    """Tell whether a file by another name may be a service by what it holds."""
    data = _content(root, path)
    if is_program(path):
        return b"service" in data.lower() and bool(EXPORTED.search(data))
    return bool(SERVICE.search(data) and SECTION.search(data))


def _content(root: File, path: str) -> bytes:
    try:
        return files.content(root / path)
    except (OSError, ValueError):
        return b""


def not_standing(root: File, paths: Iterable[str]) -> list[Unread]:
    """Return one fact for each service file that another in its folder stands for.

    Of those that name one service, those stand that the framework takes unasked, else one, of
    those that are not for a machine of one's own if there is any; and those beside it that deploy
    the service to another region.
    """
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        folders[path.rpartition("/")[0]].append(path)
    lost: list[Unread] = []
    for beside in folders.values():
        if len(beside) > 1 and any(is_other(path.rpartition("/")[2]) for path in beside):
            for alike in _alike(root, beside):
                lost += _without_a_stack(root, sorted(alike, key=_rank))
    return lost


def _without_a_stack(root: File, alike: list[str]) -> list[Unread]:
    """Tell which of a service's files, the first of which stands, deploy no stack more."""
    first, *rest = alike
    regions = {_region(root, first)}
    lost = []
    for path in rest:
        other, aside, _ = _rank(path)
        region = _region(root, path)
        elsewhere = region and b"" not in regions and region not in regions
        if other and (aside or not elsewhere):
            lost.append(_unread(path, first))
        else:
            regions.add(region)
    return lost


def _region(root: File, path: str) -> bytes:
    """Return the region that a file names, b"" where it names none plainly."""
    found = REGION.search(_content(root, path))
    return found[1] if found else b""


def _alike(root: File, paths: list[str]) -> list[list[str]]:
    """Return the files of a folder in groups of one service each; one without a name is alone."""
    groups: defaultdict[bytes | str, list[str]] = defaultdict(list)
    for path in sorted(paths):
        name = NAMED.search(_content(root, path))
        plain = name is not None and (bool(name[1]) or not is_program(path))
        groups[name[2] if name and plain else path].append(path)
    return list(groups.values())


def _rank(path: str) -> tuple[bool, bool, str]:
    name = path.rpartition("/")[2]
    aside = any(ASIDE.match(word) for word in name.split(".")[1:-1])
    return is_other(name), aside, path


def _unread(path: str, first: str) -> Unread:
    reason = f"it is another configuration of the service that is read from {first}"
    evidence = (Evidence(reason, Place(path, 1)),)
    id = f"{path}: {reason}"
    return Unread(id=id, path=path, reason=reason, effect=EFFECT, fatal=False, evidence=evidence)
