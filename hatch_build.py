"""Compiles checkrein's functions to machine code where ``CHECKREIN_COMPILE=1`` asks for it.

    CHECKREIN_COMPILE=1 python -m pip wheel --no-deps .

mypyc, which comes with mypy, makes one extension of the modules that most time is spent in. They
need nothing but the types that mypy checks anyway, and results stay the same: ``make
test-compiled`` runs every test on them. The wheel holds the sources too, and without a C compiler
everything runs as Python. A module that makes types with msgspec, or enumerations, stays Python:
mypyc does not hand a class's keywords to its metaclass. So does one with cached properties, which
mypyc computes each time.
"""

from __future__ import annotations

import ast
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOMS = ("catalog", "code", "derive", "detect", "iam", "judge", "model", "notation")
MODULES = ("archives.py", "disk.py", "files.py")
# What modules with a class that inherits from these stay as they are for: types that a metaclass
# makes, and Python's own.
MADE = frozenset(("Struct", "Enum", "IntEnum", "StrEnum", "str", "int", "list", "dict", "tuple"))


class CompileHook(BuildHookInterface[Any]):
    """Adds the extension to a wheel; a source distribution and an editable one are left alone."""

    def dependencies(self) -> list[str]:
        """Return what the build needs: mypy reads the types of everything that is imported."""
        if not _is_asked():
            return []
        return ["mypy>=2", "setuptools", "types-PyYAML", *self.metadata.core.dependencies]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the extension, if it is asked for, and have its files put into the wheel."""
        if version == "editable" or not _is_asked():
            return
        source = Path(self.root, "src")
        place = Path(self.directory, "compiled")
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        built = _compiled(source, chosen(source / "checkrein"), place)
        build_data["force_include"].update({str(path): name for path, name in built.items()})
        build_data["pure_python"] = False
        build_data["infer_tag"] = True


def _is_asked() -> bool:
    return os.environ.get("CHECKREIN_COMPILE") == "1"


def chosen(package: Path) -> list[Path]:
    """Return the modules of a package that are compiled, in order."""
    modules = {path: ast.parse(path.read_bytes()) for path in sorted(package.rglob("*.py"))}
    known = _Classes(package, modules)
    made = known.made()
    places = {*(package / name for name in MODULES), *(package / name for name in ROOMS)}
    plain = [
        path
        for path, module in modules.items()
        if places.intersection((path, *path.parents))
        and any(not isinstance(one, ast.Expr) for one in module.body)  # more than what it is for
        and not any(one.keywords or key in made or _remembers(one) for key, one in known.of(path))
    ]
    while True:  # what a class inherits from that stays Python stays Python too
        bases = {
            base
            for path in modules.keys() - {*plain}
            for _, one in known.of(path)
            for base in known.bases(path, one)
        }
        kept = [path for path in plain if not any(key in bases for key, _ in known.of(path))]
        if kept == plain:
            return plain
        plain = kept


Key = tuple[Path, str]  # of a class: its module, its name


class _Classes:
    """The classes of a package's modules, and what they inherit from."""

    def __init__(self, package: Path, modules: dict[Path, ast.Module]) -> None:
        statements = {path: _statements(module) for path, module in modules.items()}
        self.known = {
            (path, node.name): node
            for path, nodes in statements.items()
            for node in nodes
            if isinstance(node, ast.ClassDef)
        }
        self.within: dict[Path, list[tuple[Key, ast.ClassDef]]] = {}
        for key, node in self.known.items():
            self.within.setdefault(key[0], []).append((key, node))
        self.imported = {
            (path, alias.asname or alias.name): package.parent.joinpath(*node.module.split("."))
            for path, nodes in statements.items()
            for node in nodes
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }

    def of(self, path: Path) -> list[tuple[Key, ast.ClassDef]]:
        return self.within.get(path, [])

    def bases(self, path: Path, one: ast.ClassDef) -> set[Key]:
        """Return the package's classes that a class may inherit from directly."""
        return {key for name in _names(one) for key in self._meant(path, name)}

    def _meant(self, path: Path, name: str) -> list[Key]:
        home = self.imported.get((path, name))
        exact = [(path, name), *([(home.with_suffix(".py"), name)] if home else [])]
        found = [key for key in exact if key in self.known]
        if found or name in MADE or home is None:
            return found[:1]
        # a package hands on one of its own
        return [key for key in self.known if key[1] == name and home in key[0].parents]

    def made(self) -> set[Key]:
        """Return the classes that a metaclass makes, or that are of Python's own types."""
        made = {key for key, one in self.known.items() if _names(one) & MADE}
        while True:
            more = {
                key
                for key, one in self.known.items()
                if key not in made and not made.isdisjoint(self.bases(key[0], one))
            }
            if not more:
                return made
            made |= more


def _remembers(one: ast.ClassDef) -> bool:
    """Tell whether a class has cached properties: mypyc would compute them each time."""
    decorators = [each for node in one.body for each in getattr(node, "decorator_list", ())]
    return any(ast.unparse(each).endswith("cached_property") for each in decorators)


def _statements(module: ast.Module) -> list[ast.stmt]:
    """Return the statements of a module, at any depth."""
    found = [*module.body]
    for one in found:  # which grows meanwhile
        for part in ("body", "orelse", "handlers", "finalbody", "cases"):
            found += getattr(one, part, ())
    return found


def _names(one: ast.ClassDef) -> set[str]:
    """Return the names of what a class inherits from."""
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in one.bases]
    return {base.id for base in bases if isinstance(base, ast.Name)}


def _compiled(source: Path, paths: list[Path], place: Path) -> dict[Path, str]:
    """Return the extension's files and where they belong in the wheel."""
    from mypyc.build import mypycify  # noqa: PLC0415 - heavy, and only here
    from setuptools import Distribution  # noqa: PLC0415

    settings = place / "mypy.ini"
    settings.write_text(
        f"[mypy]\nstrict = True\nignore_missing_imports = True\nmypy_path = {source}\n"
    )
    names = [str(path.relative_to(source.parent)) for path in paths]
    before = Path.cwd()
    os.chdir(source.parent)  # modules are named by their paths from here
    try:
        extensions = mypycify(
            ["--config-file", str(settings), *names],
            opt_level="2",
            debug_level="0",  # 6 MB of 14
            multi_file=True,
            target_dir=str(place / "c"),
        )
        if sys.platform == "linux":  # functions call each other, not what the linker looks up
            for extension in extensions:
                extension.extra_link_args = ["-Wl,-Bsymbolic"]
        command = _parallel()(Distribution({"ext_modules": extensions}))
        command.build_lib, command.build_temp = str(place / "lib"), str(place / "objects")
        command.ensure_finalized()
        command.run()
    finally:
        os.chdir(before)
    lib = place / "lib"
    return {path: str(path.relative_to(lib)) for path in lib.rglob("*") if path.is_file()}


def _parallel() -> Any:
    """Return the command that builds extensions, compiling on all cores: nearly all is of one."""
    from setuptools.command.build_ext import build_ext  # noqa: PLC0415

    class Parallel(build_ext):
        def build_extensions(self) -> None:
            compiled = self.compiler.compile

            def compile_each(sources: list[str], **given: Any) -> list[str]:
                with ThreadPoolExecutor(os.cpu_count()) as pool:
                    made = pool.map(lambda source: compiled([source], **given), sources)
                    return [path for paths in made for path in paths]

            self.compiler.compile = compile_each
            super().build_extensions()

    return Parallel
