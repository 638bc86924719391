"""What manifests say of a JavaScript program's files: packages beside it, exports, aliases."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from checkrein import files

LOCAL = ("file:", "link:", "portal:", "workspace:")
UNFIT = re.compile(r"^[/!]|\.\.|\*\*")  # outside, excluded, or the whole tree
ITEM = re.compile(r"""^\s+-\s*["']?([^"'\s#]+)""", re.MULTILINE)  # of a YAML list
MAINS = ("main", "module", "source", "types")
BUILT = frozenset(("dist", "build", "lib", "out", "cjs", "esm"))  # folders that compilers write
CHAIN = 4  # tsconfig files that extend each other
GROUPS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


@files.remembered
def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON file's object, comments and final commas forgiven; {} if it is none."""
    try:
        text = files.text(path, "utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return {}
    text = re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', r"\1", text, flags=re.DOTALL)
    try:
        found = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@files.remembered
def package_folder(name: str, here: Path, root: Path) -> Path | None:
    """Return the folder of a package that a manifest at or above ``here`` says is local."""
    for folder in (here, *here.parents):
        manifest = read_json(folder / "package.json")
        found = _linked(manifest, name, folder) or _members(folder).get(name)
        if found is not None or folder == root:
            return found
    return None


def _linked(manifest: dict[str, Any], name: str, folder: Path) -> Path | None:
    """Return where ``"name": "file:../shared"`` leads."""
    for group in GROUPS:
        known = manifest.get(group)
        wanted = known.get(name) if isinstance(known, dict) else None
        if isinstance(wanted, str) and wanted.startswith(LOCAL):
            path = Path(os.path.normpath(folder / wanted.partition(":")[2]))
            if files.is_file(path / "package.json"):
                return path
    return None


@files.remembered
def _members(folder: Path) -> dict[str, Path]:
    """Return the packages of a workspace by name."""
    found: dict[str, Path] = {}
    for pattern in _patterns(folder):
        if not isinstance(pattern, str) or UNFIT.search(pattern):
            continue
        for path in files.matching(folder, pattern):
            name = read_json(path / "package.json").get("name")
            if isinstance(name, str):
                found.setdefault(name, path)
    return found


def _patterns(folder: Path) -> list[Any]:
    """Return where a folder's packages stand, as npm, yarn, lerna or pnpm are told."""
    found: list[Any] = []
    told = read_json(folder / "package.json").get("workspaces", ())
    for patterns in (told, read_json(folder / "lerna.json").get("packages", ())):
        known = patterns.get("packages", ()) if isinstance(patterns, dict) else patterns
        found += known if isinstance(known, (list, tuple)) else ()
    return found + _listed_by_pnpm(folder / "pnpm-workspace.yaml")


def _listed_by_pnpm(path: Path) -> list[str]:
    try:
        text = files.text(path, "utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    _, _, listed = text.partition("packages:")
    return [
        found[1] for found in re.finditer(r"""^\s+-\s*["']?([^"'\s#]+)""", listed, re.MULTILINE)
    ]


# ------------------------------------------------------------------------------ exports


def mains(folder: Path) -> list[Path]:
    """Return the files that a package itself may stand for."""
    manifest = read_json(folder / "package.json")
    named = [manifest.get(name) for name in MAINS]
    paths = [folder / one for one in named if isinstance(one, str) and one != "."]
    return [*paths, *_sources(paths, folder)]


def exported(folder: Path, below: str) -> list[Path]:
    """Return the files that a package's ``exports`` give for a path below it."""
    told = read_json(folder / "package.json").get("exports")
    if not isinstance(told, dict) or not any(key.startswith(".") for key in told):
        told = {".": told}
    paths = _matched(told, f"./{below}" if below else ".", folder)
    return [*paths, *_sources(paths, folder)]


def imported(name: str, here: Path, root: Path) -> list[Path]:
    """Return the files that the ``imports`` of the nearest manifest give for ``#name``."""
    for folder in (here, *here.parents):
        told = read_json(folder / "package.json").get("imports")
        if isinstance(told, dict):
            return _matched(told, name, folder)
        if folder == root:
            break
    return []


def _matched(told: dict[str, Any], name: str, folder: Path) -> list[Path]:
    """Return the targets of each key that a name fits, ``*`` filled in."""
    found: list[Path] = []
    for key, target in told.items():
        prefix, star, suffix = key.partition("*")
        fits = name.startswith(prefix) and name.endswith(suffix) if star else name == key
        middle = name[len(prefix) : len(name) - len(suffix)] if star else ""
        found += [folder / one.replace("*", middle) for one in _targets(target)] if fits else ()
    return found


def _targets(told: Any) -> list[str]:
    """Return every file that a target names, whatever its conditions."""
    if isinstance(told, str):
        return [told]
    parts = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return [found for part in parts for found in _targets(part)]


def _sources(paths: list[Path], folder: Path) -> list[Path]:
    """Return where the source of built files stands, where those are not here."""
    found: list[Path] = []
    for path in paths:
        parts = Path(os.path.relpath(path, folder)).parts
        if len(parts) > 1 and parts[0] in BUILT:
            found.append(folder.joinpath("src", *parts[1:]))
    return found


# ------------------------------------------------------------------------------ aliases


@files.remembered
def configured(here: Path, root: Path) -> tuple[Path, ...]:
    """Return the folders from ``here`` up to the root that have a tsconfig.json, nearest first."""
    every = (here, *here.parents)
    within = every[: every.index(root) + 1] if root in every else every
    return tuple(folder for folder in within if read_json(folder / "tsconfig.json"))


def aliases(folder: Path, name: str) -> list[Path]:
    """Return where the ``paths`` or ``baseUrl`` of a folder's tsconfig.json lead."""
    return _aliased(folder / "tsconfig.json", name, 0)


def _aliased(file: Path, name: str, depth: int) -> list[Path]:
    told = read_json(file)
    options = told.get("compilerOptions")
    if not isinstance(options, dict):
        options = {}
    base = file.parent / str(options.get("baseUrl", "."))
    paths = options.get("paths")
    targets = _matched(paths, name, base) if isinstance(paths, dict) else []
    if "baseUrl" in options:
        targets.append(base / name)
    above = told.get("extends", ())
    for one in [above] if isinstance(above, str) else above if depth < CHAIN else ():
        if isinstance(one, str) and one.startswith("."):
            path = Path(os.path.normpath(file.parent / one))
            path = path if path.suffix == ".json" else path.with_name(f"{path.name}.json")
            targets += _aliased(path, name, depth + 1)
    return targets
