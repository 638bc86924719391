"""An archive that a build makes is named after the folder that it is made of."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.model import Function, Place, Resource, Stack
from checkrein.read.functions import read_functions
from checkrein.read.handlers import Wanted, as_written, source_files
from checkrein.read.named_archives import only_one

STACK = Stack(id="api/template", source="api/template.yaml")
HANDLERS = ("src/handlers/orders/create/app.py", "src/handlers/orders/cancel/app.py")


def found(root: Path, archive: str, *files: str, handler: str = "app.handler") -> Function:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    stated = {"Runtime": "python3.13", "Handler": handler, "Code": archive}
    if handler.startswith("dist"):
        stated["Runtime"] = "nodejs22.x"
    one = Resource(
        id="api/template/Orders",
        stack=STACK.id,
        type="AWS::Lambda::Function",
        properties=stated,
        places={(): Place("api/template.yaml", 3)},
    )
    function = read_functions(root, [one], [STACK])[0]
    assert isinstance(function, Function)
    return function


@pytest.mark.parametrize(
    ("archive", "file"),
    [
        ("deploy/orders_create.zip", "src/handlers/orders/create/app.py"),
        ("deploy/create.zip", "src/handlers/orders/create/app.py"),
        ("deploy/handlers-orders-cancel.zip", "src/handlers/orders/cancel/app.py"),
        ("C:/work/shop/cancel/lambda.zip", "src/handlers/orders/cancel/app.py"),
        ("deploy/orders_refund.zip", None),
        ("deploy/ders_create.zip", None),  # the end of a folder's name is no name
        ("deploy/function.zip", None),
    ],
)
def test_its_name_says_the_folder(tmp_path: Path, archive: str, file: str | None) -> None:
    code = found(tmp_path, archive, *HANDLERS).code
    assert (code.file if code else None) == file


def test_of_two_folders_of_that_name_none_is_taken(tmp_path: Path) -> None:
    files = ("shop/create/app.py", "bank/create/app.py")
    assert found(tmp_path, "deploy/create.zip", *files).code is None
    code = found(tmp_path, "deploy/bank_create.zip", *files).code
    assert code
    assert code.file == "bank/create/app.py"


def test_its_source_may_stand_where_no_build_has_been(tmp_path: Path) -> None:
    files = ("services/cart/src/index.ts", "services/bill/src/index.ts")
    code = found(tmp_path, "artifacts/cart.zip", *files, handler="dist/index.handler").code
    assert code
    assert code.file == "services/cart/src/index.ts"


def test_modules_beside_the_way_are_packed_with_it(tmp_path: Path) -> None:
    shared = ("src/common/settings.py", "docs/index.md", "other/deep/module.py")
    code = found(tmp_path, "deploy/orders_create.zip", *HANDLERS, *shared).code
    assert code
    assert code.layers == ("src/common",)


@pytest.mark.parametrize(
    ("handler", "file"),
    [
        ("dist/orders/create/index.handler", "src/functions/orders/create/index.ts"),
        ("dist/create/index.handler", None),  # in two folders
    ],
)
def test_a_built_path_ends_as_its_source(tmp_path: Path, handler: str, file: str | None) -> None:
    files = ("src/functions/orders/create/index.ts", "src/functions/bills/create/index.ts")
    code = found(tmp_path, "..", *files, handler=handler).code
    assert (code.file if code else None) == file


PLACES = ("app.py", "app/__init__.py", "pkg/app.py", "dist/app.py", ".hid/app.py", "App.txt")
WANTED = ("app.handler", "pkg/app.handler", "dist.app.handler", "../app.handler", "pkg/../app.h")


@given(
    st.sets(st.tuples(st.sampled_from(("", "a", "a/b", "c/app")), st.sampled_from(PLACES))),
    st.sampled_from(WANTED),
)
@settings(deadline=None)
def test_only_folders_that_may_have_it_are_looked_into(
    files: set[tuple[str, str]], handler: str
) -> None:
    wanted = Wanted(handler, ("python", "javascript"))
    with TemporaryDirectory() as name:
        root = Path(name)
        for folder, file in files:
            (root / folder / file).parent.mkdir(parents=True, exist_ok=True)
            (root / folder / file).write_text("")
        ways = {str(way) for f in source_files(root, "") for way in PurePosixPath(f).parents}
        every = {there.file for each in ways | {"."} if (there := as_written(root, each, wanted))}
        one = only_one(root, wanted)
        assert (one.file if one else None) == (every.pop() if len(every) == 1 else None)
