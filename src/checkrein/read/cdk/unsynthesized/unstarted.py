"""An app whose first file is not in its folder, as where ``bin`` is ignored: its stacks alone."""

from __future__ import annotations

from pathlib import PurePosixPath

from checkrein import files
from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.read.cdk.modules import SUFFIXES
from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation
from checkrein.read.cdk.unsynthesized.evaluation.things import Class, Given, Own, Space, Thrown
from checkrein.read.cdk.unsynthesized.trace import New, Package, Unknown
from checkrein.read.paths import joined

SKIPPED = frozenset(
    {"node_modules", "cdk.out", "dist", "build", "test", "tests", "__tests__", "venv", ".venv"}
)
DEEPEST = 4  # folders below the app's
MOST = 100  # files that may make stacks
SAYS = ("aws-cdk", "aws_cdk", "Stack")


def make_stacks(run: Evaluation, start: Place) -> bool:
    """Make each stack of an app's folder once, with properties that nobody knows.

    Tell whether there was any. None of it is sure.
    """
    spaces = []
    for path in _programs(run, run.app, DEEPEST)[:MOST]:
        try:
            spaces.append(run.modules.started(run, path))
        except (InputError, Thrown):
            run.note("the program cannot be read", Place(path, 1))
    classes = _stacks(spaces)
    if not classes:
        return False
    run.note("the file that the app begins with is not there", start)
    run.sure = False
    app = New("App", [], start, sure=False)
    run.done.append(app)
    for cls in classes:
        made = (one.cls for one in run.done if isinstance(one, Own))
        if cls not in list(made):  # by a stack before it
            _make(run, cls, app)
    return True


def _make(run: Evaluation, cls: Class, app: New) -> None:
    place = run.place(cls.node, cls.scope)
    unknown = Unknown("the properties of a stack that nobody makes", place)
    try:
        run.apply(cls, Given([app, cls.node.name, unknown], {}, place, cls.scope, new=True))
    except Thrown:
        run.note(f"the stack {cls.node.name} ends with an error", place)


def _stacks(spaces: list[Space]) -> list[Class]:
    """Return the classes that extend a stack and that no other extends."""
    found: dict[int, Class] = {}
    for space in spaces:
        for value in (*space.names.values(), space.holder.get("exports")):
            base = value.extends if isinstance(value, Class) else None
            if isinstance(base, Package) and base.name == "Stack":
                found[id(value)] = value
    extended = {id(base) for cls in found.values() for base in cls.order[1:]}
    return [cls for key, cls in found.items() if key not in extended]


def _programs(run: Evaluation, folder: str, deeper: int) -> list[str]:
    """Return the files of a folder that speak of CDK, those of its folders behind."""
    found: list[str] = []
    folders: list[str] = []
    for name in sorted(files.names(run.root / folder)):
        path = joined(folder, name)
        if name in SKIPPED or name.startswith(".") or name.endswith(".d.ts"):
            continue
        if PurePosixPath(name).suffix in SUFFIXES:
            found += [path] if _says(run, path) else []
        elif deeper and files.is_folder(run.root / path):
            folders.append(path)
    for path in folders:
        found += _programs(run, path, deeper - 1)
    return found


def _says(run: Evaluation, path: str) -> bool:
    try:
        text = files.text(run.root / path, errors="replace")
    except (OSError, ValueError):
        return False
    return any(said in text for said in SAYS)
