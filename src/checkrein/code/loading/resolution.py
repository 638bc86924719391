"""Where an import's file stands: beside the importer, under the function's folder, in a layer."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

from checkrein import files
from checkrein.code.loading.workspaces import (
    aliases,
    configured,
    exported,
    imported,
    mains,
    package_folder,
)

LANGUAGES = {
    ".py": "python",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}
SUFFIXES = (".js", ".ts", ".mjs", ".cjs", ".tsx", ".jsx", ".mts", ".cts")
DATA = frozenset((".json", ".css", ".html", ".txt", ".md", ".svg", ".png", ".sql", ".graphql"))
LAYER = "/opt/"  # where layers are mounted
BUILT_IN = frozenset(
    [
        "assert",
        "async_hooks",
        "buffer",
        "child_process",
        "cluster",
        "console",
        "crypto",
        "dgram",
        "diagnostics_channel",
        "dns",
        "events",
        "fs",
        "fs/promises",
        "http",
        "http2",
        "https",
        "inspector",
        "module",
        "net",
        "os",
        "path",
        "perf_hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "repl",
        "stream",
        "stream/promises",
        "string_decoder",
        "timers",
        "timers/promises",
        "tls",
        "tty",
        "url",
        "util",
        "v8",
        "vm",
        "worker_threads",
        "zlib",
    ]
)
MODELLED = frozenset(("boto3", "botocore", "requests", "urllib3", "aws_lambda_powertools"))
LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "license", "License")


def package(name: str, language: str) -> str:
    """Return the third-party package that an import names, "" for the language's own."""
    if language == "python":
        root = name.partition(".")[0]
        return "" if not root or root in sys.stdlib_module_names else root
    if name.startswith((".", "/")) or name in BUILT_IN:
        return ""
    depth = 2 if name.startswith("@") else 1
    return "/".join(name.split("/")[:depth])


def is_own(name: str, importer: str) -> bool:
    """Tell whether an import names code of the program's own, not data or a file of types."""
    if not name.startswith((".", "/")):
        return False
    typed = Path(importer).parent / f"{name.removesuffix('.js')}.d.ts"
    return Path(name).suffix.lower() not in DATA and not files.is_file(typed)


class Search:
    """The places that one function's imports are looked for in."""

    def __init__(self, root: Path, folder: Path, layers: tuple[Path, ...]) -> None:
        self.root = root  # nothing outside it is read
        self.folder = folder
        self.layers = layers
        self.bases = [base for layer in layers for base in _layer_bases(layer)]
        self.added: list[Path] = []  # folders that the program puts into ``sys.path``

    def python(self, name: str, importer: str) -> Path | None:
        """Return the file (or namespace folder) of a Python module, None if it is a library's."""
        return self._inside(self._python(name, importer))

    def _inside(self, path: Path | None) -> Path | None:
        return path if path is not None and path.is_relative_to(self.root) else None

    def _python(self, name: str, importer: str) -> Path | None:
        dots = len(name) - len(name.lstrip("."))
        here = Path(importer).parent
        if dots:
            base = here
            for _ in range(dots - 1):
                base = base.parent
            return _python_module(base, name[dots:]) if name[dots:] else _python_package(base)
        if name.partition(".")[0] in MODELLED:
            return None
        root = name.partition(".")[0]
        for base in (self.folder, here, *self.bases, *self.added):
            if not self._lists(base, root):
                continue
            found = _python_module(base, name)
            if found is not None and not _installed(base, name.partition(".")[0]):
                return found
        return None

    def _lists(self, base: Path, name: str) -> bool:
        """Tell whether a folder has a module or package of that name."""
        names = files.names(base)
        return name in names or f"{name}.py" in names

    def add(self, path: str, importer: str) -> None:
        """Look for modules in a folder too: relative to a file or the function, or in a layer."""
        tail = path.strip("/")
        if path.startswith(LAYER):
            self.added += [layer / path.removeprefix(LAYER) for layer in self.layers]
        elif tail:
            self.added += [base / tail for base in (Path(importer).parent, self.folder)]

    def submodule(self, importer: str, name: str) -> Path | None:
        """Return the file of a submodule of a package."""
        path = Path(importer)
        if files.is_folder(path):
            return _python_module(path, name)
        return _python_module(path.parent, name) if path.name == "__init__.py" else None

    def javascript(self, name: str, importer: str) -> Path | None:
        """Return the file of a JavaScript module, None if it is a library's."""
        return self._inside(self._javascript(name, importer))

    def _javascript(self, name: str, importer: str) -> Path | None:
        here = Path(importer).parent
        if name.startswith("."):
            return _javascript_file(here / name)
        if name.startswith(LAYER):
            below = name.removeprefix(LAYER)
            held = _first(_javascript_file(layer / below) for layer in self.layers)
            return held or self._aliased(name, here)  # bundlers take it from where tsconfig says
        if name in BUILT_IN:
            return None
        if name.startswith("#"):
            return _first(map(_javascript_file, imported(name, here, self.root)))
        return self._aliased(name, here) or self._in_layer(name) or self._in_workspace(name, here)

    def _aliased(self, name: str, here: Path) -> Path | None:
        """Return a file that tsconfig's ``paths`` or ``baseUrl`` leads to."""
        for folder in configured(here, self.root):
            found = _first(map(_javascript_file, aliases(folder, name)))
            if found is not None:
                return found
        return None

    def _in_workspace(self, name: str, here: Path) -> Path | None:
        """Return the file of a package of the same repository, built or not."""
        folder = package_folder(package(name, "javascript"), here, self.root)
        if folder is None:
            return None
        below = name.removeprefix(package(name, "javascript")).lstrip("/")
        places = (folder / below, folder / "src" / below) if below else (folder, folder / "src")
        return _first(map(_javascript_file, (*exported(folder, below), *places)))

    def _in_layer(self, name: str) -> Path | None:
        """Return a layer's own module; a published package (it has a licence) is a library."""
        for layer in self.layers:
            for below in ("nodejs/node_modules", "nodejs", "node_modules"):
                path = layer / below / name
                if any(files.exists(path / licence) for licence in LICENCES):
                    continue
                found = _javascript_file(path)
                if found is not None:
                    return found
        return None


def _layer_bases(layer: Path) -> list[Path]:
    """Return the folders of a layer that Python looks into."""
    installed = files.matching(layer, "python/lib/python3*/site-packages")
    return [layer / "python", *installed, layer]


def _first(found: Any) -> Path | None:
    return next((path for path in found if path is not None), None)


@files.remembered
def _installed(base: Path, name: str) -> bool:
    """Tell whether a folder holds a published package: installed, required, or with a version."""
    published = f"{name}-"
    ends = (".dist-info", ".egg-info")
    if any(each.startswith(published) and each.endswith(ends) for each in files.names(base)):
        return True
    if name.lower() in _required(base) | _required(base.parent):
        return True
    try:
        return "__version__ =" in files.text(base / name / "__init__.py", errors="replace")
    except OSError:
        return False


@files.remembered
def _required(folder: Path) -> frozenset[str]:
    """Return what a folder's requirements.txt names, as it is imported."""
    try:
        lines = files.text(folder / "requirements.txt", errors="replace").splitlines()
    except OSError:
        return frozenset()
    names = (re.match(r"[A-Za-z0-9._-]+", line.strip()) for line in lines)
    return frozenset(name[0].lower().replace("-", "_") for name in names if name)


def _python_module(base: Path, name: str) -> Path | None:
    path = base.joinpath(*name.split("."))
    file = path.with_name(path.name + ".py")
    if files.is_file(file):
        return file
    return _python_package(path)


def _python_package(path: Path) -> Path | None:
    """Return a package's file, or a folder of modules that is a namespace."""
    file = path / "__init__.py"
    if files.is_file(file):
        return file
    if files.matching(path, "*.py") or files.matching(path, "*/*.py"):
        return path
    return None


def _javascript_file(path: Path) -> Path | None:
    """Return the file that a path without suffix or a folder stands for."""
    path = Path(os.path.normpath(path))
    if files.is_file(path):
        return path if path.suffix in LANGUAGES else None
    for suffix in SUFFIXES:
        file = path.with_name(path.name + suffix)
        if files.is_file(file):
            return file
    if path.suffix in (".js", ".mjs", ".cjs"):  # TypeScript names what it compiles to
        for suffix in (".ts", ".tsx", ".mts", ".cts"):
            if files.is_file(path.with_suffix(suffix)):
                return path.with_suffix(suffix)
    return _main(path) if files.is_folder(path) else None


def _main(folder: Path) -> Path | None:
    """Return a folder's ``main`` of package.json, or its index."""
    for main in mains(folder):
        found = _javascript_file(main)
        if found is not None:
            return found
    return _first(
        file if files.is_file(file := folder / f"index{suffix}") else None for suffix in SUFFIXES
    )
