"""Where an import's file stands: beside the importer, under the function's folder, in a layer."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from checkrein import files
from checkrein.code.loading.paths import is_below, joined, parent, suffix_of
from checkrein.code.loading.workspaces import (
    aliases,
    configured,
    exported,
    imported,
    mains,
    own_names,
    package_folder,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

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
BUILT_IN_PARTS = frozenset((
    "assert/strict", "dns/promises", "inspector/promises", "path/posix", "path/win32",
    "readline/promises", "stream/consumers", "stream/web", "util/types",
))  # fmt: skip
MODELLED = frozenset(("boto3", "botocore", "requests", "urllib3", "aws_lambda_powertools"))
SDK, SDK_PARTS = "aws-sdk", ("aws-sdk/", "@aws-sdk/", "@smithy/")  # modelled, wherever it lies
LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "license", "License")


def package(name: str, language: str) -> str:
    """Return the third-party package that an import names, "" for the language's own."""
    if language == "python":
        root = name.partition(".")[0]
        return "" if not root or root in sys.stdlib_module_names else root
    if name.startswith((".", "/", "#")) or name in BUILT_IN or name in BUILT_IN_PARTS:
        return ""
    depth = 2 if name.startswith("@") else 1
    return "/".join(name.split("/")[:depth])


def is_own(name: str, importer: str) -> bool:
    """Tell whether an import names code of the program's own, not data or a file of types."""
    if not name.startswith((".", "/", "@/", "~/", "#")):
        return False
    typed = joined(parent(importer), f"{name.removesuffix('.js')}.d.ts")
    return suffix_of(name).lower() not in DATA and not files.is_file(typed)


class Search:
    """The places that one function's imports are looked for in; all paths are absolute."""

    def __init__(self, root: str, folder: str, layers: tuple[str, ...]) -> None:
        self.root = root  # nothing outside it is read
        self.folder = folder
        self.layers = layers
        self.bases = [base for layer in layers for base in _layer_bases(layer)]
        self.added: list[str] = []  # folders that the program puts into ``sys.path``
        self._names: dict[str, frozenset[str]] = {}  # in the folders that were looked into

    def python(self, name: str, importer: str) -> str | None:
        """Return the file (or namespace folder) of a Python module, None if it is a library's."""
        return self._inside(self._python(name, importer))

    def _inside(self, path: str | None) -> str | None:
        return path if path is not None and is_below(path, self.root) else None

    def _python(self, name: str, importer: str) -> str | None:
        dots = len(name) - len(name.lstrip("."))
        here = parent(importer)
        if dots:
            base = here
            for _ in range(dots - 1):
                base = parent(base)
            return _python_module(base, name[dots:]) if name[dots:] else _python_package(base)
        root = name.partition(".")[0]
        if root in MODELLED:
            return None
        for base in dict.fromkeys((self.folder, here, *self.bases, *self.added)):
            if not self._lists(base, root):
                continue
            found = _python_module(base, name)
            if found is not None and not _installed(base, root):
                return found
        return None

    def _lists(self, base: str, name: str) -> bool:
        """Tell whether a folder has a module or package of that name."""
        names = self._names.get(base)
        if names is None:
            names = self._names[base] = files.names(base)
        return name in names or f"{name}.py" in names

    def add(self, path: str, importer: str) -> None:
        """Look for modules in a folder too: relative to a file or the function, or in a layer."""
        tail = path.strip("/")
        if path.startswith(LAYER):
            self.added += [joined(layer, path.removeprefix(LAYER)) for layer in self.layers]
        elif tail:
            self.added += [joined(base, tail) for base in (parent(importer), self.folder)]

    def submodule(self, importer: str, name: str) -> str | None:
        """Return the file of a submodule of a package."""
        if files.is_folder(importer):
            return _python_module(importer, name)
        folder, _, file = importer.rpartition("/")
        return _python_module(folder, name) if file == "__init__.py" else None

    def javascript(self, name: str, importer: str) -> str | None:
        """Return the file of a JavaScript module, None if it is a library's."""
        return self._inside(self._javascript(name, importer))

    def _javascript(self, name: str, importer: str) -> str | None:
        here = parent(importer)
        if name.startswith("."):
            path = joined(here, name)
            return _javascript_file(path) or _spelled_otherwise(path)
        if name.startswith(LAYER):
            below = name.removeprefix(LAYER)
            held = _first(_javascript_file(joined(layer, below)) for layer in self.layers)
            return held or self._aliased(name, here)  # bundlers take it from where tsconfig says
        if name in BUILT_IN or name == SDK or name.startswith(SDK_PARTS):
            return None
        if name.startswith("#"):
            return _first(map(_javascript_file, imported(name, here, self.root)))
        return (
            self._aliased(name, here)
            or self._in_layer(name)
            or self._in_workspace(name, here)
            or self._by_own_name(name, here)
        )

    def _aliased(self, name: str, here: str) -> str | None:
        """Return a file that ``paths`` or ``baseUrl`` of a tsconfig or jsconfig lead to."""
        for file in configured(here, self.root):
            found = _first(map(_javascript_file, aliases(file, name)))
            if found is not None:
                return found
        return None

    def _in_workspace(self, name: str, here: str) -> str | None:
        """Return the file of a package of the same repository, built or not."""
        folder = package_folder(package(name, "javascript"), here, self.root)
        if folder is None:
            return None
        below = name.removeprefix(package(name, "javascript")).lstrip("/")
        places = (joined(folder, below), joined(f"{folder}/src", below))
        return _first(map(_javascript_file, (*exported(folder, below), *places)))

    def _by_own_name(self, name: str, here: str) -> str | None:
        """Return a file that only the program itself or its bundler says how to find."""
        wanted = package(name, "javascript")
        return _first(map(_javascript_file, own_names(name, wanted, here, self.root)))

    def _in_layer(self, name: str) -> str | None:
        """Return a layer's own module; a published package (it has a licence) is a library."""
        for layer in self.layers:
            for below in ("nodejs/node_modules", "nodejs", "node_modules"):
                path = joined(f"{layer}/{below}", name)
                if any(files.exists(f"{path}/{licence}") for licence in LICENCES):
                    continue
                found = _javascript_file(path)
                if found is not None:
                    return found
        return None


def _layer_bases(layer: str) -> list[str]:
    """Return the folders of a layer that Python looks into."""
    installed = files.matching(Path(layer), "python/lib/python3*/site-packages")
    return [f"{layer}/python", *map(str, installed), layer]


def _first(found: Iterable[str | None]) -> str | None:
    return next((path for path in found if path is not None), None)


@files.remembered
def _installed(base: str, name: str) -> bool:
    """Tell whether a folder holds a published package: installed, required, or with a version."""
    published = f"{name}-"
    ends = (".dist-info", ".egg-info")
    if any(each.startswith(published) and each.endswith(ends) for each in files.names(base)):
        return True
    if name.lower() in _required(base) | _required(parent(base)):
        return True
    try:
        return "__version__ =" in files.text(f"{base}/{name}/__init__.py", errors="replace")
    except OSError:
        return False


@files.remembered
def _required(folder: str) -> frozenset[str]:
    """Return what a folder's requirements.txt names, as it is imported."""
    try:
        lines = files.text(f"{folder}/requirements.txt", errors="replace").splitlines()
    except OSError:
        return frozenset()
    names = (re.match(r"[A-Za-z0-9._-]+", line.strip()) for line in lines)
    return frozenset(name[0].lower().replace("-", "_") for name in names if name)


def _python_module(base: str, name: str) -> str | None:
    path = joined(base, name.replace(".", "/"))
    file = f"{path}.py"
    if files.is_file(file):
        return file
    return _python_package(path)


def _python_package(path: str) -> str | None:
    """Return a package's file, or a folder of modules that is a namespace."""
    file = f"{path}/__init__.py"
    if files.is_file(file):
        return file
    folder = Path(path)
    if files.matching(folder, "*.py") or files.matching(folder, "*/*.py"):
        return path
    return None


def _javascript_file(path: str) -> str | None:
    """Return the file that a path without suffix or a folder stands for."""
    path = os.path.normpath(path)
    own = suffix_of(path)
    if files.is_file(path):
        return path if own in LANGUAGES else None
    for suffix in SUFFIXES:
        if files.is_file(path + suffix):
            return path + suffix
    if own in (".js", ".mjs", ".cjs"):  # TypeScript names what it compiles to
        for suffix in (".ts", ".tsx", ".mts", ".cts"):
            file = path.removesuffix(own) + suffix
            if files.is_file(file):
                return file
    return _main(path) if files.is_folder(path) else None


def _spelled_otherwise(path: str) -> str | None:
    """Return the one file that a path stands for where case does not count.

    Those who build on macOS or Windows do not notice it, and a bundle has the code all the same.
    """
    folder, _, name = os.path.normpath(path).rpartition("/")
    wanted = {f"{name}{suffix}".lower() for suffix in ("", *SUFFIXES)}
    alike = [each for each in files.names(folder) if each.lower() in wanted]
    return _javascript_file(f"{folder}/{alike[0]}") if len(alike) == 1 else None


def _main(folder: str) -> str | None:
    """Return a folder's ``main`` of package.json, or its index."""
    for main in mains(folder):
        found = _javascript_file(main)
        if found is not None:
            return found
    return _first(
        file if files.is_file(file := f"{folder}/index{suffix}") else None for suffix in SUFFIXES
    )
