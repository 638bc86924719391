"""What manifests say of a JavaScript program's files: packages beside it, exports, aliases."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkrein import files
from checkrein.code.loading.paths import above, joined, parent

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCAL = ("file:", "link:", "portal:", "workspace:")
UNFIT = re.compile(r"^[/!]|\.\.|\*\*")  # outside, excluded, or the whole tree
ITEM = re.compile(r"""^\s+-\s*["']?([^"'\s#]+)""", re.MULTILINE)  # of a YAML list
MAINS = ("main", "module", "source", "types")
BUILT = frozenset(("dist", "build", "lib", "out", "cjs", "esm"))  # folders that compilers write
CHAIN = 4  # tsconfig files that extend each other
MARKED = ("@/", "~/", "~")  # no package's name begins so: bundlers take it for the program's own
GROUPS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


@files.remembered
def read_json(path: str) -> dict[str, Any]:
    """Return a JSON file's object, comments and final commas forgiven; {} if it is none."""
    try:
        text = files.text(path, "utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        found = _forgiven(text)
    return found if isinstance(found, dict) else {}


def _forgiven(text: str) -> Any:
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', r"\1", text, flags=re.DOTALL)
    try:
        return json.loads(re.sub(r",(\s*[}\]])", r"\1", text))
    except ValueError:
        return {}


def package_folder(name: str, here: str, root: str) -> str | None:
    """Return the folder of a package that a manifest at or above ``here`` says is local."""
    for packages in _around(here, root):
        if name in packages:
            return packages[name]
    return None


@files.remembered
def _around(here: str, root: str) -> tuple[dict[str, str], ...]:
    """Return the local packages of each manifest at or above ``here``, nearest first."""
    return tuple(found for folder in above(here, root) if (found := _packages(folder)))


@files.remembered
def _packages(folder: str) -> dict[str, str]:
    """Return the folders of local packages by name, as a folder's manifest says."""
    found = _linked(read_json(f"{folder}/package.json"), folder)
    for name, path in _members(folder):
        found.setdefault(name, path)
    return found


def _linked(manifest: dict[str, Any], folder: str) -> dict[str, str]:
    """Return where ``"name": "file:../shared"`` leads, by name."""
    found: dict[str, str] = {}
    for group in GROUPS:
        known = manifest.get(group)
        for name, wanted in known.items() if isinstance(known, dict) else ():
            if name not in found and isinstance(wanted, str) and wanted.startswith(LOCAL):
                path = os.path.normpath(joined(folder, wanted.partition(":")[2]))
                if files.is_file(f"{path}/package.json"):
                    found[name] = path
    return found


def _members(folder: str) -> Iterator[tuple[str, str]]:
    """Yield the packages of a workspace with their names; of two of a name, the first counts."""
    for pattern in _patterns(folder):
        if not isinstance(pattern, str) or UNFIT.search(pattern):
            continue
        for path in files.matching(Path(folder), pattern):
            name = read_json(f"{path}/package.json").get("name")
            if isinstance(name, str):
                yield name, str(path)


def _patterns(folder: str) -> list[Any]:
    """Return where a folder's packages stand, as npm, yarn, lerna or pnpm are told."""
    found: list[Any] = []
    told = read_json(f"{folder}/package.json").get("workspaces", ())
    for patterns in (told, read_json(f"{folder}/lerna.json").get("packages", ())):
        known = patterns.get("packages", ()) if isinstance(patterns, dict) else patterns
        found += known if isinstance(known, (list, tuple)) else ()
    return found + _listed_by_pnpm(f"{folder}/pnpm-workspace.yaml")


def _listed_by_pnpm(path: str) -> list[str]:
    try:
        text = files.text(path, "utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    _, _, listed = text.partition("packages:")
    return [
        found[1] for found in re.finditer(r"""^\s+-\s*["']?([^"'\s#]+)""", listed, re.MULTILINE)
    ]


# ------------------------------------------------------------------------------ exports


def mains(folder: str) -> list[str]:
    """Return the files that a package itself may stand for."""
    manifest = read_json(f"{folder}/package.json")
    named = [manifest.get(name) for name in MAINS]
    paths = [joined(folder, one) for one in named if isinstance(one, str) and one != "."]
    return [*paths, *_sources(paths, folder)]


def exported(folder: str, below: str) -> list[str]:
    """Return the files that a package's ``exports`` give for a path below it."""
    told = read_json(f"{folder}/package.json").get("exports")
    if not isinstance(told, dict) or not any(key.startswith(".") for key in told):
        told = {".": told}
    paths = _matched(told, f"./{below}" if below else ".", folder)
    return [*paths, *_sources(paths, folder)]


def imported(name: str, here: str, root: str) -> list[str]:
    """Return the files that the ``imports`` of the nearest manifest give for ``#name``."""
    for folder in above(here, root):
        told = read_json(f"{folder}/package.json").get("imports")
        if isinstance(told, dict):
            return _matched(told, name, folder)
    return []


def _matched(told: dict[str, Any], name: str, folder: str) -> list[str]:
    """Return the targets of each key that a name fits, ``*`` filled in."""
    found: list[str] = []
    for key, target in told.items():
        prefix, star, suffix = key.partition("*")
        fits = name.startswith(prefix) and name.endswith(suffix) if star else name == key
        middle = name[len(prefix) : len(name) - len(suffix)] if star else ""
        targets = _targets(target) if fits else ()
        found += [joined(folder, one.replace("*", middle)) for one in targets]
    return found


def _targets(told: Any) -> list[str]:
    """Return every file that a target names, whatever its conditions."""
    if isinstance(told, str):
        return [told]
    parts = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return [found for part in parts for found in _targets(part)]


def _sources(paths: list[str], folder: str) -> list[str]:
    """Return where the source of built files stands, where those are not here."""
    found: list[str] = []
    for path in paths:
        top, _, rest = os.path.relpath(path, folder).partition("/")
        if rest and top in BUILT:
            found.append(f"{folder}/src/{rest}")
    return found


# ------------------------------------------------------------------------------ aliases


@files.remembered
def configured(here: str, root: str) -> tuple[str, ...]:
    """Return the tsconfig.json and jsconfig.json from ``here`` up to the root, nearest first."""
    return tuple(file for folder in above(here, root) for file in _configured(folder))


@files.remembered
def _configured(folder: str) -> tuple[str, ...]:
    named = (f"{folder}/{name}" for name in ("tsconfig.json", "jsconfig.json"))
    return tuple(file for file in named if read_json(file))


def aliases(file: str, name: str) -> list[str]:
    """Return where the ``paths`` or ``baseUrl`` of a tsconfig.json lead."""
    return _aliased(file, name, 0)


def _aliased(file: str, name: str, depth: int) -> list[str]:
    told = read_json(file)
    options = told.get("compilerOptions")
    if not isinstance(options, dict):
        options = {}
    base = joined(parent(file), str(options.get("baseUrl", ".")))
    paths = options.get("paths")
    targets = _matched(paths, name, base) if isinstance(paths, dict) else []
    if "baseUrl" in options:
        targets.append(joined(base, name))
    above = told.get("extends", ())
    for one in [above] if isinstance(above, str) else above if depth < CHAIN else ():
        if isinstance(one, str) and one.startswith("."):
            path = os.path.normpath(joined(parent(file), one))
            path = path if path.endswith(".json") else f"{path}.json"
            targets += _aliased(path, name, depth + 1)
    return targets


# ------------------------------------------------------------------------------ own names


def own_names(name: str, package: str, here: str, root: str) -> Iterator[str]:
    """Yield where a name may stand that no manifest says is another's package.

    Programs tell Node at run time or their bundler where else to look: ``module-alias``,
    ``app-module-path``, ``NODE_PATH``, Babel's ``module-resolver``, webpack's ``alias``. Nearly
    all of them mean the program's own folder, or ``src`` in it.
    """
    for folder in above(here, root):
        manifest = read_json(f"{folder}/package.json")
        if any(package in group for group in map(manifest.get, GROUPS) if isinstance(group, dict)):
            return
        if manifest:
            yield from _told(manifest, name, folder)
            below = name.removeprefix("@").removeprefix("~").lstrip("/")
            if name.startswith(MARKED) or below == name:
                yield from (f"{folder}/{below}", f"{folder}/src/{below}")


def _told(manifest: dict[str, Any], name: str, folder: str) -> Iterator[str]:
    """Yield where ``module-alias`` finds a name."""
    told = manifest.get("_moduleAliases")
    for alias, target in told.items() if isinstance(told, dict) else ():
        if isinstance(target, str) and f"{name}/".startswith(f"{alias}/"):
            yield joined(folder, f"{target}/{name[len(alias) :].lstrip('/')}")
