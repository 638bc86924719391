"""The packages that functions are deployed with, from the manifests inside their code.

Only ``package.json`` is read: npm's names are the names that code imports. PyPI's are not
(``PyYAML`` is imported as ``yaml``), so nothing here could say that one is unused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from msgspec import Struct

from checkrein import files, notation
from checkrein.errors import InputError
from checkrein.files import Kept
from checkrein.late import regex
from checkrein.model import Evidence, Fact, Function, Package, Place, Unread

MANIFEST = "package.json"
SOURCES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".json", ".yml", ".yaml")
HIDDEN = ".babelrc", ".eslintrc", ".mocharc"  # settings without a suffix
NOT_OURS = frozenset({"node_modules", "package-lock.json", "npm-shrinkwrap.json", ".aws-sam"})
LARGEST = 1_000_000  # bytes of a source file; what is larger was made by a bundler
EXACT = regex(r"=?\d+\.\d+\.\d+[\w.+-]*\Z")
PARTS = regex(r"[\w@./-]+")
DRIVERS = frozenset(  # what mappers load by a setting
    {"mysql", "mysql2", "pg", "pg-hstore", "pg-native", "sqlite3", "better-sqlite3", "mariadb"}
    | {"tedious", "oracledb", "mssql", "mongodb", "reflect-metadata"}
)
BUILDERS = frozenset({"esbuild"})  # SAM's builder takes it from the function's own packages
MAPPERS = frozenset({"sequelize", "knex", "typeorm", "@mikro-orm/core", "objection", "bookshelf"})


class Manifest(Struct, frozen=True):
    """What a manifest asks for, where each stands in it, and what else it names."""

    versions: dict[str, str]
    places: dict[str, Place]
    named: list[str]


def read_packages(
    root: Path, functions: Iterable[Function], kept: Kept = files.unkept
) -> Iterator[Fact]:
    """Yield the packages of every manifest that lies in the code of functions, each once.

    ``kept`` may know a manifest from an earlier scan.
    """
    users: dict[str, list[str]] = {}
    for function in functions:
        manifest = _manifest(root, function)
        if manifest:
            users.setdefault(manifest, []).append(function.id)
    for manifest, ids in sorted(users.items()):
        try:
            asked = kept(("manifest", manifest), Manifest, partial(_manifest_of, root, manifest))
        except (OSError, InputError) as error:
            effect = "its packages are not known"
            yield Unread(id=manifest, path=manifest, reason=str(error), effect=effect, fatal=False)
        else:
            yield from _packages(root, manifest, asked, tuple(sorted(ids)))


def _manifest_of(root: Path, path: str) -> Manifest:
    tree = notation.parse(files.content(root / path), path)
    value = tree.value if isinstance(tree.value, dict) else {}
    listed = value.get("dependencies")
    versions = {n: str(v) for n, v in listed.items()} if isinstance(listed, dict) else {}
    told = {key: item for key, item in value.items() if key not in {"dependencies", "name"}}
    return Manifest(
        versions,
        {name: tree.key_places["dependencies", name] for name in versions},
        sorted(set(_ends(PARTS.findall(repr(told))))),
    )


def _manifest(root: Path, function: Function) -> str:
    """Return the manifest nearest to a function's file, inside what is deployed with it."""
    code = function.code
    if code is None or not code.folder or function.language != "javascript":
        return ""
    top = PurePosixPath(code.folder)
    for folder in PurePosixPath(code.file).parents:
        if folder != top and top not in folder.parents:
            return ""
        if (root / folder / MANIFEST).is_file():
            return str(folder / MANIFEST)
    return ""


def _packages(
    root: Path, manifest: str, asked: Manifest, functions: tuple[str, ...]
) -> Iterator[Package]:
    named = _mentions(root, manifest) if asked.versions else set()
    named |= {*asked.named}
    for name, version in asked.versions.items():
        place = asked.places[name]
        yield Package(
            id=f"{manifest}#{name}",
            evidence=(Evidence(f"{manifest} asks for {name} {version}", place),),
            name=name,
            version=version,
            functions=functions,
            used=_is_used(name, named),
            pinned=bool(EXACT.match(version)),
        )


def _is_used(name: str, named: set[str]) -> bool:
    """Tell whether anything names a package, its plugin's short name, or loads it by a setting."""
    short = re.sub(r"^(@babel/|babel-|eslint-)(plugin-|preset-|config-)", "", name)
    loaded = name in DRIVERS and bool(MAPPERS & named)
    silent = name in BUILDERS or name.startswith("@types/")
    return loaded or silent or bool({name, short} & named)


def _mentions(root: Path, manifest: str) -> set[str]:
    """Return every name that a file beside or below a manifest mentions, manifests left out."""
    found: set[str] = set()
    for path in _files(root / PurePosixPath(manifest).parent):
        try:
            text = path.read_text("utf-8", errors="replace")
        except OSError:
            continue
        found.update(_ends(PARTS.findall(text)))
    return found


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif _is_source(path):
            yield path


def _is_source(path: Path) -> bool:
    if path.name == MANIFEST or not (path.suffix in SOURCES or path.name.startswith(HIDDEN)):
        return False
    return path.stat().st_size <= LARGEST


def _ends(words: Iterable[str]) -> Iterator[str]:
    """Yield the package that each word could name: ``lodash/get`` and ``@a/b/c`` name two."""
    for word in words:
        parts = word.split("/")
        yield "/".join(parts[: 2 if word.startswith("@") else 1])
