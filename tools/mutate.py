"""Change modules one small step at a time, and see whether the proof notices.

    python tools/mutate.py src/checkrein/iam/decisions.py --sample 400 \
        --run "{python} tests/iam/prove.py --requests 2000 --brief" \
        --run "{python} -m pytest -q -x -p no:cacheprovider tests/iam"

Every mutant is written into a copy of the package (links to everything else), and the commands run
there in order until one fails, which kills it. One that outlives its time is killed too. Prints
each survivor as file:line and change, then the counts; exits 1 below ``--goal``.

Mutations: comparisons flipped, ``and`` and ``or`` swapped, tests negated, numbers, texts and truth
values changed, sums turned into differences, returned values dropped, statements removed. Left
alone are docstrings, annotations, imports and the texts of what is raised.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src/checkrein")

FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


class Mutant(NamedTuple):
    module: Path
    line: int
    change: str
    source: str


class Site(NamedTuple):
    """A place in a tree: what to put there, and how."""

    parent: Any
    field: str
    position: int | None
    new: Any

    def swap(self) -> Any:
        """Put the new value in place; return the old one."""
        if self.position is None:
            old = getattr(self.parent, self.field)
            setattr(self.parent, self.field, self.new)
            return old
        values = getattr(self.parent, self.field)
        old, values[self.position] = values[self.position], self.new
        return old


def mutants(module: Path) -> Iterator[Mutant]:
    tree = ast.parse((ROOT / module).read_text())
    for site in list(sites(tree)):
        before = _shown(site)
        old = site.swap()
        line: int = getattr(old, "lineno", getattr(site.parent, "lineno", 0))
        change = f"{before}  ->  {_shown(site)}"
        yield Mutant(module, line, change, ast.unparse(ast.fix_missing_locations(tree)))
        site._replace(new=old).swap()


def _shown(site: Site) -> str:
    value = getattr(site.parent, site.field)
    node = value[site.position] if site.position is not None else value
    shown = node if isinstance(node, (ast.expr, ast.stmt)) else site.parent
    return " ".join(ast.unparse(ast.fix_missing_locations(shown)).split())[:90]


def sites(node: ast.AST) -> Iterator[Site]:
    """Yield every mutation of a tree, outermost first."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params", "bases"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _untouched(node, field, index, child):
                continue
            for new in replacements(child, field):
                yield Site(node, field, index, new)
            yield from sites(child)


def _untouched(parent: ast.AST, field: str, index: int | None, child: ast.AST) -> bool:
    if isinstance(child, (ast.Import, ast.ImportFrom, ast.Raise, ast.JoinedStr)):
        return True
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    first = isinstance(parent, documented) and field == "body" and index == 0
    if first and isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True
    if isinstance(child, ast.AnnAssign) and child.value is None:
        return True
    return isinstance(child, ast.Assign) and _alias(child)


def _alias(assigned: ast.Assign) -> bool:
    """Tell whether a name is given to a type: ``Answer = bool | None``."""
    types = (ast.Subscript, ast.BinOp, ast.Name)
    return isinstance(assigned.value, types) and ast.unparse(assigned.targets[0])[:1].isupper()


def replacements(node: ast.AST, field: str) -> Iterable[ast.AST]:
    changes: list[tuple[type[ast.AST], Callable[[Any], Iterable[ast.AST]]]] = [
        (ast.Compare, _compare),
        (ast.BoolOp, _boolean),
        (ast.UnaryOp, _unary),
        (ast.BinOp, _binary),
        (ast.Constant, _constant),
        (ast.Return, _return),
    ]
    for kind, change in changes:
        if isinstance(node, kind):
            yield from change(node)
    if field in ("test", "ifs") and not isinstance(node, (ast.UnaryOp, ast.Compare)):
        yield ast.UnaryOp(ast.Not(), node)  # type: ignore[arg-type]
    removable = (ast.Assign, ast.AugAssign, ast.Expr, ast.Continue, ast.Break)
    if isinstance(node, removable) or (isinstance(node, ast.If) and not node.orelse):
        yield ast.Pass()


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        flipped = FLIPPED[type(operator)]()
        ops = [*node.ops[:index], flipped, *node.ops[index + 1 :]]
        yield ast.Compare(node.left, ops, node.comparators)


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not):
        yield node.operand


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in SWAPPED:
        yield ast.BinOp(node.left, SWAPPED[type(node.op)](), node.right)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, str):
        yield ast.Constant(f"{node.value}~")


def _return(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (
        isinstance(node.value, ast.Constant) and node.value.value is None
    ):
        yield ast.Return(ast.Constant(None))


def survives(mutant: Mutant, commands: list[str], seconds: float) -> bool:
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copied = Path(folder)
        _copy(copied, mutant)
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        return all(_passes(command, copied, environment, seconds) for command in commands)


def _copy(copied: Path, mutant: Mutant) -> None:
    """Link everything but the room that holds the module, which is copied and changed."""
    for name in ("tests", "tools", "benchmarks", "docs"):
        (copied / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "pyproject.toml", copied)
    package = copied / PACKAGE
    package.mkdir(parents=True)
    room = (ROOT / mutant.module).relative_to(ROOT / PACKAGE).parts[0]
    changed = ROOT / PACKAGE / room
    for entry in (ROOT / PACKAGE).iterdir():
        if entry != changed:
            (package / entry.name).symlink_to(entry)
    shutil.copytree(changed, package / room, ignore=shutil.ignore_patterns("__pycache__"))
    (copied / mutant.module).write_text(mutant.source)


def _passes(command: str, folder: Path, environment: dict[str, str], seconds: float) -> bool:
    words = [word.replace("{python}", sys.executable) for word in shlex.split(command)]
    process = subprocess.Popen(
        words,
        cwd=folder,
        env={**environment, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="+", type=Path)
    parser.add_argument("--run", action="append", required=True, help="a command; {python}")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants, drawn by seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60, help="a command may take")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--goal", type=float, default=0.95)
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    found = [mutant for module in asked.modules for mutant in mutants(module)]
    drawn = found
    if asked.sample and asked.sample < len(found):
        drawn = random.Random(asked.seed).sample(found, asked.sample)
    unchanged = Mutant(asked.modules[0], 0, "", (ROOT / asked.modules[0]).read_text())
    if not survives(unchanged, asked.run, asked.seconds * 5):
        print("the commands fail without any change")
        return 2
    alive = []
    with ThreadPoolExecutor(asked.workers) as pool:
        lives = pool.map(lambda each: survives(each, asked.run, asked.seconds), drawn)
        for mutant, survived in zip(drawn, lives, strict=True):
            alive.append(survived)
            if survived:
                print(f"survived {mutant.module}:{mutant.line}: {mutant.change}", flush=True)
    killed = alive.count(False)
    share = killed / len(drawn)
    print(f"{killed} of {len(drawn)} mutants killed ({share:.1%}), of {len(found)} made")
    return 0 if share >= asked.goal else 1


if __name__ == "__main__":
    sys.exit(main())
