"""Paths, addresses and files, as Node and Python name them; MISSING where nothing is known."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from checkrein.read.cdk.unsynthesized.evaluation import values
from checkrein.read.cdk.unsynthesized.evaluation.asked import Asked, Handler
from checkrein.read.cdk.unsynthesized.evaluation.objects import nothing
from checkrein.read.cdk.unsynthesized.evaluation.things import MISSING
from checkrein.read.cdk.unsynthesized.trace import HOME, Choice, Text, Traced, Unknown

FILE = "file://"


def _joined(_asked: Asked, *parts: Traced) -> Traced:
    return _path(parts, posixpath.join)


def _put_together(_asked: Asked, *parts: Traced) -> Traced:
    """Join parts as Node does, where a part that begins with a slash is no beginning."""
    return _path(parts, lambda *texts: "/".join(text for text in texts if text))


def _resolved(asked: Asked, *parts: Traced) -> Traced:
    return _path((_here(asked), *parts), posixpath.join)


def _path(parts: tuple[Traced, ...], join: Callable[..., str]) -> Traced:
    if all(isinstance(part, str) for part in parts):
        return posixpath.normpath(join(*parts)) if parts else "."
    for index, part in enumerate(parts):  # a folder that is chosen: each of them
        if isinstance(part, Choice):
            ways = [_path((*parts[:index], one, *parts[index + 1 :]), join) for one in part.among]
            return values.choice([way for way in ways if way is not MISSING]) or MISSING
    if all(isinstance(part, (str, Text, Unknown)) for part in parts):
        pieces = [piece for part in parts for piece in ("/", part)]
        return values.text(pieces[1:])
    return MISSING


def _here(asked: Asked) -> str:
    return posixpath.normpath(f"{HOME}/{asked.run.app}")


def _cwd(asked: Asked) -> Traced:
    return _here(asked)


def _dirname(_asked: Asked, path: Traced) -> Traced:
    return posixpath.dirname(path) if isinstance(path, str) else MISSING


def _basename(_asked: Asked, path: Traced, end: str = "") -> Traced:
    return posixpath.basename(path).removesuffix(end) if isinstance(path, str) else MISSING


def _ending(_asked: Asked, path: Traced) -> Traced:
    return posixpath.splitext(path)[1] if isinstance(path, str) else MISSING


def _split(_asked: Asked, path: Traced) -> Traced:
    return list(posixpath.splitext(path)) if isinstance(path, str) else MISSING


def _relative(_asked: Asked, one: Traced, other: Traced) -> Traced:
    return posixpath.relpath(other, one)


def _absolute(asked: Asked, path: Traced) -> Traced:
    return _resolved(asked, path)


def _url(_asked: Asked, path: Traced, base: Traced = None) -> Traced:
    if not isinstance(base, str) or not base.startswith(FILE) or not isinstance(path, str):
        return MISSING
    found = posixpath.normpath(posixpath.join(posixpath.dirname(base.removeprefix(FILE)), path))
    return {"href": f"{FILE}{found}", "pathname": found}


def _url_path(_asked: Asked, url: Traced) -> Traced:
    if isinstance(url, dict):
        return url.get("pathname", MISSING)
    return url.removeprefix(FILE) if isinstance(url, str) else url


def _read(asked: Asked, path: Traced, *_how: Traced) -> Traced:
    return asked.run.file(path) if isinstance(path, str) else MISSING


def _exists(asked: Asked, path: Traced) -> Traced:
    return asked.run.is_there(path) if isinstance(path, str) else MISSING


def _folder(asked: Asked, path: Traced = ".", *_how: Traced) -> Traced:
    return asked.run.listed(path) if isinstance(path, str) else MISSING


PATHS: dict[str, Handler] = {
    "process.cwd": _cwd,
    "path.join": _put_together,
    "path.posix.join": _put_together,
    "path.resolve": _resolved,
    "path.normalize": _put_together,
    "path.dirname": _dirname,
    "path.basename": _basename,
    "path.relative": _relative,
    "path.extname": _ending,
    "url.fileURLToPath": _url_path,
    "url.URL": _url,
    "URL": _url,
    "fs.readFileSync": _read,
    "fs.existsSync": _exists,
    "fs.readdirSync": _folder,
    "fs.mkdirSync": nothing,
    "fs.writeFileSync": nothing,
    "open": _read,
    "os.path.join": _joined,
    "os.path.dirname": _dirname,
    "os.path.basename": _basename,
    "os.path.splitext": _split,
    "os.path.abspath": _absolute,
    "os.path.realpath": _absolute,
    "os.path.normpath": _joined,
    "os.path.relpath": lambda _asked, one, other=".": posixpath.relpath(one, other),
    "os.path.exists": _exists,
    "os.path.isfile": _exists,
    "os.path.isdir": _exists,
    "os.listdir": _folder,
    "os.getcwd": _cwd,
    "pathlib.Path": _joined,
    "pathlib.PurePath": _joined,
    "pathlib.Path.cwd": _cwd,
}
