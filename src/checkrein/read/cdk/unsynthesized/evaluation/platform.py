"""Functions of Node and Python that programs are written with; MISSING where nothing is known."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from checkrein.errors import CheckreinError
from checkrein.model import Place
from checkrein.read.cdk.unsynthesized.evaluation import operators, values
from checkrein.read.cdk.unsynthesized.evaluation.access import ENVIRONMENTS, iterated, member
from checkrein.read.cdk.unsynthesized.evaluation.methods import method
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    Builtin,
    Class,
    Method,
    Own,
    Scope,
    Space,
    Super,
    Thrown,
)
from checkrein.read.cdk.unsynthesized.trace import (
    HOME,
    Choice,
    New,
    Text,
    Traced,
    Unknown,
)

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

FILE = "file://"
AMISS = (TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError)
MOST_ITEMS = 5_000
Items = list[Traced]


class Asked:
    """One call of the platform: who runs it, where, and the arguments by name."""

    def __init__(self, run: Evaluation, place: Place, scope: Scope, named: dict[str, Any]) -> None:
        self.run, self.place, self.scope, self.named = run, place, scope, named

    def call(self, function: Traced, *arguments: Traced) -> Traced:
        return self.run.apply(function, list(arguments), {}, self.place, self.scope)

    def items(self, value: Traced) -> Items | None:
        return iterated(self.run, value, self.scope)

    def truth(self, value: Traced) -> bool | None:
        return values.truth(value, python=self.scope.is_python)


Handler = Callable[..., Traced]


def platform(
    run: Evaluation, name: str, arguments: Items, named: dict[str, Traced], place: Place,
    scope: Scope,
) -> Traced:  # fmt: skip
    """Return what a function of the platform gives."""
    handler = FUNCTIONS.get(name.removeprefix("globalThis."))
    if name.startswith(QUIET):
        return None
    if handler is None:
        whole, _, last = name.rpartition(".")
        if whole in ENVIRONMENTS:
            return method(run, Method(Builtin(whole), last), arguments, named, place, scope)
        return MISSING
    try:
        return handler(Asked(run, place, scope, named), *arguments)
    except (*AMISS, CheckreinError):
        return MISSING  # called as no program calls it


# ----------------------------------------------------------------------------------------- objects


def _entries_of(value: Traced) -> dict[Any, Any]:
    if isinstance(value, dict):
        return value
    if isinstance(value, Own):
        return value.fields
    if isinstance(value, Space):
        return value.names
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    if isinstance(value, Class):
        return value.kept
    if value is None:
        return {}
    raise TypeError


def _keys(_asked: Asked, value: Traced) -> Traced:
    return values.each(value, lambda one: list(_entries_of(one)))


def _values(_asked: Asked, value: Traced) -> Traced:
    return values.each(value, lambda one: list(_entries_of(one).values()))


def _entries(_asked: Asked, value: Traced) -> Traced:
    return values.each(value, lambda one: [[k, v] for k, v in _entries_of(one).items()])


def _assign(asked: Asked, first: Traced, *others: Traced) -> Traced:
    target = first.fields if isinstance(first, Own) else first
    for other in others:
        for key, value in _entries_of(other).items():
            asked.run.put(target, key, value)
    return first


def _from_entries(asked: Asked, value: Traced = None) -> Traced:
    if isinstance(value, dict):
        return dict(value)
    items = asked.items(value)
    return MISSING if items is None else {pair[0]: pair[1] for pair in items}


def _listed(asked: Asked, value: Traced = None, function: Traced = None) -> Traced:
    if isinstance(value, dict) and isinstance(value.get("length"), int):
        items: Items | None = [None] * min(value["length"], MOST_ITEMS)
    elif isinstance(value, int):
        items = [None] * min(value, MOST_ITEMS)
    else:
        items = asked.items(value)
    if items is None:
        return MISSING
    if function is None:
        return items
    return [asked.call(function, item, index) for index, item in enumerate(items)]


def _set(asked: Asked, value: Traced = None) -> Traced:
    items = asked.items(value)
    return MISSING if items is None else values.options(values.choice(items)) if items else []


def _same(_asked: Asked, value: Traced = None, *_others: Traced) -> Traced:
    return value


def _nothing(_asked: Asked, *_arguments: Traced) -> Traced:
    return None


def _thrown(_asked: Asked, *_arguments: Traced) -> Traced:
    raise Thrown(None)


# ----------------------------------------------------------------------------------- texts, numbers


def _string(asked: Asked, value: Traced = "", *_others: Traced) -> Traced:
    if asked.scope.is_python and isinstance(value, (bool, type(None))):
        return str(value)
    return values.text([value]) if isinstance(value, (*values.SCALARS, Text)) else value


def _number(_asked: Asked, value: Traced = 0, *_others: Traced) -> Traced:
    def one(each: Traced) -> Traced:
        if isinstance(each, str):
            found = operators.number(each)
            return MISSING if found is MISSING else int(found) if found == int(found) else found
        return each

    found = values.each(value, one)
    return MISSING if isinstance(found, Choice) and MISSING in found.among else found


def _whole(asked: Asked, value: Traced = 0, *_others: Traced) -> Traced:
    found = _number(asked, value)
    return int(found) if isinstance(found, float) else found


def _truth(asked: Asked, value: Traced = None) -> Traced:
    found = asked.truth(value)
    return MISSING if found is None else found


def _stringify(_asked: Asked, value: Traced, *_others: Traced) -> Traced:
    return values.text(_written(value, 0))


def _written(value: Traced, depth: int) -> Items:
    """Return JSON as parts of a text, of which those that are not plain stay."""
    if depth > values.DEEPEST:
        raise ValueError
    if isinstance(value, values.SCALARS):
        return [json.dumps(value, ensure_ascii=False)]
    if isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else [("", one) for one in value]
        inner: Items = []
        for key, one in pairs:
            name = f"{json.dumps(str(key))}:" if isinstance(value, dict) else ""
            inner += [f",{name}" if inner else name, *_written(one, depth + 1)]
        return ["{", *inner, "}"] if isinstance(value, dict) else ["[", *inner, "]"]
    if isinstance(value, Own) and not value.kind:
        return _written(value.fields, depth + 1)
    return ['"', *(value.parts if isinstance(value, Text) else [value]), '"']


def _parse(_asked: Asked, value: Traced) -> Traced:
    return json.loads(value) if isinstance(value, str) else MISSING


def _yaml(_asked: Asked, value: Traced) -> Traced:
    from checkrein.notation import parse  # noqa: PLC0415 - seldom

    return parse(value, "").value if isinstance(value, str) else MISSING


def _extreme(best: Callable[..., Any]) -> Handler:
    def found(asked: Asked, *arguments: Traced) -> Traced:
        listed = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else None
        plain = listed if listed is not None else list(arguments)
        return best(plain) if all(isinstance(one, (int, float, str)) for one in plain) else MISSING

    return found


# ------------------------------------------------------------------------------------------- paths


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
    return asked.run.exists(path) if isinstance(path, str) else MISSING


def _folder(asked: Asked, path: Traced = ".", *_how: Traced) -> Traced:
    return asked.run.listed(path) if isinstance(path, str) else MISSING


# ------------------------------------------------------------------------------------------ Python


def _super(asked: Asked, *_arguments: Traced) -> Traced:
    scope: Scope | None = asked.scope
    while scope is not None:
        if scope.frame.home is not None:
            return Super(scope.frame.this, scope.frame.home)
        scope = scope.outer
    return MISSING


def _range(_asked: Asked, *bounds: Traced) -> Traced:
    return list(range(*bounds)[:MOST_ITEMS])


def _enumerate(asked: Asked, value: Traced, start: int = 0) -> Traced:
    items = asked.items(value)
    start = asked.named.get("start", start)
    return MISSING if items is None else [[i, one] for i, one in enumerate(items, start)]


def _zip(asked: Asked, *listed: Traced) -> Traced:
    found = [asked.items(one) for one in listed]
    return [list(row) for row in zip(*[one for one in found if one is not None], strict=False)]


def _length(_asked: Asked, value: Traced) -> Traced:
    return len(value) if isinstance(value, (str, list, dict)) else MISSING


def _dict(asked: Asked, value: Traced = None) -> Traced:
    found = _from_entries(asked, value) if value is not None else {}
    return {**found, **asked.named} if isinstance(found, dict) else MISSING


def _sorted(asked: Asked, value: Traced) -> Traced:
    items = asked.items(value)
    if items is None:
        return MISSING
    return sorted(items) if all(isinstance(one, str) for one in items) else items


def _reversed(asked: Asked, value: Traced) -> Traced:
    items = asked.items(value)
    return MISSING if items is None else items[::-1]


def _mapped(asked: Asked, function: Traced, value: Traced) -> Traced:
    items = asked.items(value)
    return MISSING if items is None else [asked.call(function, one) for one in items]


def _filtered(asked: Asked, function: Traced, value: Traced) -> Traced:
    items = asked.items(value) or []
    kept = [one if function is None else asked.call(function, one) for one in items]
    return [one for one, test in zip(items, kept, strict=True) if asked.truth(test) is not False]


def _any(asked: Asked, value: Traced) -> Traced:
    tests = [asked.truth(one) for one in asked.items(value) or [Unknown("", asked.place)]]
    return True if True in tests else MISSING if None in tests else False


def _all(asked: Asked, value: Traced) -> Traced:
    tests = [asked.truth(one) for one in asked.items(value) or []]
    return False if False in tests else MISSING if None in tests else True


def _getattr(asked: Asked, whole: Traced, name: Traced, default: Traced = None) -> Traced:
    found = member(asked.run, whole, name, asked.place, asked.scope, optional=True)
    return default if found is None or isinstance(found, Method) else found


def _hasattr(_asked: Asked, whole: Traced, name: Traced) -> Traced:
    return name in whole.fields if isinstance(whole, Own) else MISSING


def _setattr(asked: Asked, whole: Traced, name: Traced, value: Traced) -> Traced:
    if isinstance(whole, Own):
        asked.run.put(whole.fields, name, value)
    return None


def _isinstance(_asked: Asked, value: Traced, kind: Traced) -> Traced:
    found = operators.compared("instanceof", value, kind)
    if isinstance(kind, Builtin) and isinstance(value, (str, list, dict, int)):
        found = type(value).__name__ == kind.name
    return MISSING if found is None else found


def _is_list(_asked: Asked, value: Traced = None) -> Traced:
    known = operators.known(value) or isinstance(value, New)
    return isinstance(value, list) if known else MISSING


def _next(asked: Asked, value: Traced, default: Traced = None) -> Traced:
    items = asked.items(value)
    return MISSING if items is None else items[0] if items else default


def _sum(_asked: Asked, value: Traced) -> Traced:
    return sum(value)


def _variable(asked: Asked, name: Traced, default: Traced = None) -> Traced:
    found = Unknown(f"the environment variable {name}", asked.place)
    return found if default is None else values.choice([found, default])


def _copied(_asked: Asked, value: Traced) -> Traced:
    if isinstance(value, dict):
        return {key: _copied(_asked, part) for key, part in value.items()}
    return [_copied(_asked, part) for part in value] if isinstance(value, list) else value


QUIET = ("console.", "dotenv", "warnings.", "logging.")
FUNCTIONS: dict[str, Handler] = {
    "Object.keys": _keys,
    "Object.values": _values,
    "Object.entries": _entries,
    "Object.assign": _assign,
    "Object.fromEntries": _from_entries,
    "Object.freeze": _same,
    "Object.defineProperty": _nothing,
    "Object": _same,
    "Map": _from_entries,
    "WeakMap": _from_entries,
    "Set": _set,
    "Array": _listed,
    "Array.from": _listed,
    "Array.of": lambda _asked, *items: list(items),
    "Array.isArray": _is_list,
    "Promise.all": _same,
    "Promise.resolve": _same,
    "structuredClone": _copied,
    "String": _string,
    "Number": _number,
    "parseInt": _whole,
    "parseFloat": _number,
    "Boolean": _truth,
    "Math.max": _extreme(max),
    "Math.min": _extreme(min),
    "JSON.stringify": _stringify,
    "JSON.parse": _parse,
    "yaml.load": _yaml,
    "yaml.parse": _yaml,
    "yaml.safe_load": _yaml,
    "process.cwd": _cwd,
    "process.exit": _thrown,
    "process.on": _nothing,
    "path.join": _put_together,
    "path.posix.join": _put_together,
    "path.resolve": _resolved,
    "path.normalize": _put_together,
    "path.dirname": _dirname,
    "path.basename": _basename,
    "path.relative": _relative,
    "url.fileURLToPath": _url_path,
    "url.URL": _url,
    "URL": _url,
    "fs.readFileSync": _read,
    "fs.existsSync": _exists,
    "fs.readdirSync": _folder,
    "fs.mkdirSync": _nothing,
    "fs.writeFileSync": _nothing,
    # Python
    "super": _super,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "len": _length,
    "str": _string,
    "int": _whole,
    "float": _number,
    "bool": _truth,
    "list": _listed,
    "tuple": _listed,
    "set": _set,
    "frozenset": _set,
    "dict": _dict,
    "sorted": _sorted,
    "reversed": _reversed,
    "map": _mapped,
    "filter": _filtered,
    "any": _any,
    "all": _all,
    "min": _extreme(min),
    "max": _extreme(max),
    "sum": _sum,
    "next": _next,
    "iter": _same,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "isinstance": _isinstance,
    "print": _nothing,
    "exit": _thrown,
    "quit": _thrown,
    "sys.exit": _thrown,
    "open": _read,
    "os.path.join": _joined,
    "os.path.dirname": _dirname,
    "os.path.basename": _basename,
    "os.path.abspath": _absolute,
    "os.path.realpath": _absolute,
    "os.path.normpath": _joined,
    "os.path.relpath": lambda _asked, one, other=".": posixpath.relpath(one, other),
    "os.path.exists": _exists,
    "os.path.isfile": _exists,
    "os.path.isdir": _exists,
    "os.listdir": _folder,
    "os.getcwd": _cwd,
    "os.getenv": _variable,
    "os.makedirs": _nothing,
    "pathlib.Path": _joined,
    "pathlib.PurePath": _joined,
    "pathlib.Path.cwd": _cwd,
    "json.loads": _parse,
    "json.load": _parse,
    "json.dumps": _stringify,
    "copy.copy": _copied,
    "copy.deepcopy": _copied,
    "typing.cast": lambda _asked, _kind, value: value,
}
NAMESPACES = (
    "process", "console", "globalThis", "Promise", "Math", "JSON", "Symbol", "Date", "RegExp",
    "Error", "TypeError", "Buffer", "Reflect", "Proxy", "BigInt", "Intl", "setTimeout",
    "encodeURIComponent", "crypto", "isNaN", "Exception", "ValueError", "KeyError", "RuntimeError",
    "NotImplementedError", "FileNotFoundError", "EnvironmentError", "ImportError", "object", "type",
    "property", "staticmethod", "classmethod", "id", "hash", "repr", "callable", "vars", "bytes",
    "abs", "round", "OSError", "NotImplemented", "RangeError", "WeakSet", "Function", "SystemExit",
    "import.meta", "escape", "Uint8Array",
)  # fmt: skip
GLOBALS = frozenset((*(name for name in FUNCTIONS if "." not in name), *NAMESPACES))
