"""Functions are found where real repositories keep them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from checkrein.model import Choice, Function, Place, Resource, Stack, Symbol, Text, Unread
from checkrein.read.cloudformation import read_template
from checkrein.read.functions import read_functions

STACK = Stack(id="api/template", source="api/template.yaml")


def function(**properties: Any) -> Resource:
    """A function of the template api/template.yaml; ``metadata`` is its Metadata."""
    metadata = properties.pop("metadata", {})
    places: dict[Any, Place] = {(): Place("api/template.yaml", 3)}
    if "inline" in properties:
        places["Code", "ZipFile"] = properties.pop("inline")
    stated: dict[str, Any] = {"Runtime": "python3.13", "Handler": "app.handler", "Code": "src/"}
    if metadata.get("Dockerfile"):
        stated = {"Code": {"ImageUri": "orders:latest"}, "PackageType": "Image"}
    return Resource(
        id="api/template/Orders",
        stack="api/template",
        type="AWS::Lambda::Function",
        properties={**stated, **properties},
        metadata=metadata,
        places=places,
    )


def written(root: Path, *files: str) -> Path:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    return root


def read(root: Path, resource: Resource, *others: Resource) -> Function:
    facts = read_functions(root, [resource, *others], [STACK])
    assert [type(fact) for fact in facts] == [Function], facts
    assert isinstance(facts[0], Function)
    return facts[0]


def unread(root: Path, resource: Resource) -> str:
    bare, reason = read_functions(root, [resource], [STACK])
    assert isinstance(bare, Function)
    assert isinstance(reason, Unread)
    assert bare.code is None
    assert not reason.fatal
    return reason.reason


@pytest.mark.parametrize(
    ("file", "runtime", "handler", "code"),
    [
        ("api/src/app.py", "python3.13", "app.handler", "src/"),
        ("api/src/app.py", "python3.13", "src/app.handler", "."),
        ("api/src/app.py", "python3.13", "src.app.handler", "./"),
        ("api/src/app.py", "python3.13", "app.handler", "src/app.py"),
        ("api/src/app/__init__.py", "python3.13", "app.handler", "src"),
        ("src/app.py", "python3.13", "app.handler", "src"),  # relative to the repository
        ("shared/app.py", "python3.13", "app.handler", "../shared"),
        ("api/src/app.js", "nodejs22.x", "app.handler", "src"),
        ("api/src/app.mjs", "nodejs22.x", "app.handlers.get", "src"),
        ("api/src/put-item.cjs", "nodejs22.x", "src/put-item.handler", "."),
        ("api/src/app.ts", "nodejs22.x", "app.handler", "src"),
        ("api/src/app.tsx", "nodejs22.x", "app.handler", "src"),
        ("api/src/app.ts", "nodejs22.x", "dist/app.handler", "."),
        ("api/src/app.ts", "nodejs22.x", "app.handler", "dist/"),
        ("api/src/orders/app.mts", "nodejs22.x", "app.handler", "dist/orders"),
        ("api/src/app.ts", "nodejs22.x", "app.handler", "dist/app.js"),
        ("api/src/app.py", "python3.14", "app.handler", "build/app.py"),
        ("api/app.ts", "nodejs22.x", "dist/app.handler", "."),
        ("api/orders/app.py", "python3.13", "app.handler", ".aws-sam/build/orders"),
        ("api/src/app.py", "python3.13", "app.handler", "."),  # a Makefile copies it
        ("api/lambda/orders/app.py", "python3.13", "app.handler", "lambda/orders.zip"),
        ("api/lambda/app.js", "nodejs22.x", "app.handler", "lambda/orders.zip"),
        ("api/Src/app.py", "python3.13", "app.handler", "src"),  # written where case is ignored
        ("api/deep/in/it/app.py", "python3.13", "app.handler", "."),
    ],
)
def test_a_handler_is_found_in_its_file(
    tmp_path: Path, file: str, runtime: str, handler: str, code: str
) -> None:
    written(tmp_path, file)
    found = read(tmp_path, function(Runtime=runtime, Handler=handler, Code=code))
    assert found.code
    assert found.code.file == file
    assert found.handler == handler
    assert found.language == ("python" if file.endswith(".py") else "javascript")


def test_the_folder_is_where_imports_start(tmp_path: Path) -> None:
    written(tmp_path, "api/src/orders/app.py")
    found = read(tmp_path, function(Handler="orders.app.handler"))
    assert found.code
    assert (found.code.folder, found.code.file) == ("api/src", "api/src/orders/app.py")
    assert found.place == Place("api/template.yaml", 3)
    assert found.evidence[1].text == "orders.app.handler is in api/src/orders/app.py"


def test_a_bundlers_entry_point_is_the_source(tmp_path: Path) -> None:
    written(tmp_path, "api/code/main.ts", "api/code/other/app.ts")
    build = {"BuildMethod": "esbuild", "BuildProperties": {"EntryPoints": ["code/main.ts"]}}
    found = read(tmp_path, function(Runtime="nodejs22.x", Code="./", metadata=build))
    assert found.code
    assert found.code.file == "api/code/main.ts"
    assert "the entry point of its build" in found.evidence[1].text


def test_a_wrapped_handler_is_named_by_the_environment(tmp_path: Path) -> None:
    written(tmp_path, "api/src/app.py")
    told = {"Variables": {"WRAPPED_LAMBDA_HANDLER": "app.real", "TABLE": "orders.x"}}
    found = read(tmp_path, function(Handler="tracer.wrapper.handler", Environment=told))
    assert found.handler == "app.real"
    assert found.code
    assert found.code.file == "api/src/app.py"


def test_a_script_starts_a_server(tmp_path: Path) -> None:
    written(tmp_path, "api/src/app.py")
    (tmp_path / "api/src/run.sh").write_text("#!/bin/sh\nexec uvicorn --port=$PORT app:api\n")
    found = read(tmp_path, function(Handler="run.sh"))
    assert found.handler == "app.api"
    assert found.code
    assert found.code.file == "api/src/app.py"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("missing/", "its code, missing/, is not in the scanned folder; a build may make it"),
        ("empty", "api/empty holds no source file for app.handler"),
        ("two", "api/two holds no source file for app.handler"),
        ("../../other", "its code, ../../other, lies outside the scanned folder"),
        ("s3://b/k.zip", "its code is at s3://b/k.zip, not in the scanned folder"),
        ("other.zip", "api/other.zip is an archive that holds no source file for app.handler"),
        ("broken.zip", "api/broken.zip is neither a folder nor an archive that can be opened"),
        ({"S3Bucket": "b", "S3Key": "k"}, "its code is the object k in the bucket b"),
        ({"S3Bucket": "b", "S3Key": "two.zip"}, "its code is the object two.zip in the bucket b"),
        (Symbol("p", "Dir"), "where its code lies is only known when it is deployed (${p.Dir})"),
    ],
)
def test_code_that_is_not_here_is_said(tmp_path: Path, code: Any, reason: str) -> None:
    written(tmp_path, "api/empty/readme", "api/two/a/app.py", "api/two/b/app.py", "api/broken.zip")
    with zipfile.ZipFile(tmp_path / "api/other.zip", "w") as archive:
        archive.writestr("main.py", "")
    assert unread(tmp_path, function(Code=code)) == f"Orders: {reason}"


@pytest.mark.parametrize("key", ["orders-admin.zip", "lambda/v1/orders-admin.zip"])
def test_an_uploaded_archive_is_made_of_the_folder_that_it_is_named_after(
    tmp_path: Path, key: str
) -> None:
    written(tmp_path, "src/orders_admin/app.py", "src/orders/app.py", "lambda/app.py")
    found = read(tmp_path, function(Code={"S3Bucket": "b", "S3Key": key}))
    assert found.code
    assert (found.code.folder, found.code.file) == ("src/orders_admin", "src/orders_admin/app.py")
    said = (
        "app.handler is in src/orders_admin/app.py (in the folder that its archive is named after)"
    )
    assert found.evidence[1].text == said


def test_an_uploaded_archive_of_which_only_a_part_of_the_name_is_known_is_not_here(
    tmp_path: Path,
) -> None:
    written(tmp_path, "src/v/app.py")
    key = Text(("lambda/", Symbol("p", "Version"), "v.zip"))
    assert unread(tmp_path, function(Code={"S3Key": key})).startswith("Orders: its code is")


@pytest.mark.parametrize(
    ("beside", "file"),
    [
        ((), "api/build/orders.zip/src/app.py"),
        (("api/build/orders/src/app.py",), "api/build/orders/src/app.py"),  # what it is made of
        (("api/build/deep/src/app.py",), "api/build/orders.zip/src/app.py"),  # of another function
    ],
)
def test_code_in_an_archive_is_read_there(
    tmp_path: Path, beside: tuple[str, ...], file: str
) -> None:
    written(tmp_path, "api/build/readme", *beside)
    with zipfile.ZipFile(tmp_path / "api/build/orders.zip", "w") as archive:
        archive.writestr("src/app.py", "")
    found = read(tmp_path, function(Code="build/orders.zip", Handler="src/app.handler"))
    assert found.code is not None
    assert found.code.file == file


@pytest.mark.parametrize("handler", ["handlers.orders.handler", "app.handler"])
def test_one_file_of_another_name_is_not_what_runs(tmp_path: Path, handler: str) -> None:
    written(tmp_path, "api/placeholder.py")
    assert unread(tmp_path, function(Code="placeholder.py", Handler=handler)) == (
        f"Orders: its code is api/placeholder.py alone, which is not the file of {handler}"
    )


def test_one_file_is_the_code_where_the_handler_names_it(tmp_path: Path) -> None:
    written(tmp_path, "api/orders.py")
    found = read(tmp_path, function(Code="orders.py", Handler="orders.handler"))
    assert found.code is not None
    assert found.code.file == "api/orders.py"


def test_another_language_is_counted_without_error(tmp_path: Path) -> None:
    found = read(tmp_path, function(Runtime="java21", Handler="app.Main::run"))
    assert (found.language, found.code, found.runtime) == ("", None, "java21")


def test_inline_code_keeps_the_template_lines(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    template = "A:\n  ZipFile: |\n    import boto3\n    def handler(event, context): pass\n"
    (tmp_path / "api/template.yaml").write_text(template)
    text = "import boto3\ndef handler(event, context): pass\n"
    place = Place("api/template.yaml", 2, 12, 5, 1)
    found = read(tmp_path, function(Code={"ZipFile": text}, Handler="index.handler", inline=place))
    assert found.code
    assert found.code.text == text
    assert found.code.file == "api/template.yaml"
    assert found.code.lines[:2] == ((3, 5), (4, 5))


@pytest.mark.parametrize(
    ("handler", "there", "file"),
    [
        ("app.handler", ["work/app.py"], "work/app.py"),  # a script puts it there later
        ("app.handler", ["app.py"], "app.py"),
        ("app.handler", ["one/app.py", "two/app.py"], "api/template.yaml"),  # which is not known
        ("app.handler", [], "api/template.yaml"),
        ("index.handler", ["work/index.py"], "api/template.yaml"),  # as Lambda calls inline code
    ],
)
def test_inline_code_that_can_not_hold_the_handler(
    tmp_path: Path, handler: str, there: list[str], file: str
) -> None:
    text = "def handler(event, context): pass\n"
    written(tmp_path, "api/template.yaml")
    (tmp_path / "api/template.yaml").write_text(f"A:\n  ZipFile: |\n    {text}")
    for each in there:
        written(tmp_path, each)
        (tmp_path / each).write_text(text)
    place = Place("api/template.yaml", 2, 12, 4, 1)

    held = function(Code={"ZipFile": text}, Handler=handler, inline=place)

    found = read(tmp_path, held)

    assert found.code
    assert file in {found.code.file, f"{found.code.folder}/{found.code.file}"}


def test_inline_code_is_not_what_another_function_is_made_of(tmp_path: Path) -> None:
    text = "def handler(event, context): pass\n"
    written(tmp_path, "api/template.yaml")
    written(tmp_path, "api/src/app.py")
    (tmp_path / "api/template.yaml").write_text(f"A:\n  ZipFile: |\n    {text}")
    (tmp_path / "api/src/app.py").write_text(text)
    place = Place("api/template.yaml", 2, 12, 4, 1)
    other = replace(function(), id="api/template/Other")

    found, *_ = read_functions(
        tmp_path, [function(Code={"ZipFile": text}, inline=place), other], [STACK]
    )

    assert isinstance(found, Function)
    assert found.code
    assert found.code.file == "api/template.yaml"


SUBSTITUTED = """\
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Code:
        ZipFile: CODE
"""


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (
            """!Sub
          - |
            table = "${T}"
            def handler(event, context): pass
          - T: !Ref Table""",
            ((11, 13), (12, 13)),
        ),
        (
            """
          Fn::Join:
            - "\\n"
            - - "import boto3"
              - "def handler(event, context):"
              - !Sub "  return '${Table}'" """,
            ((12, 18), (13, 18), (14, 23)),
        ),
    ],
)
def test_code_that_the_template_puts_together_keeps_its_lines(
    tmp_path: Path, code: str, lines: tuple[tuple[int, int], ...]
) -> None:
    (tmp_path / "t.yaml").write_text(SUBSTITUTED.replace("CODE", code))
    facts = read_template(tmp_path, "t.yaml")
    resources = [fact for fact in facts if isinstance(fact, Resource)]
    stacks = [fact for fact in facts if isinstance(fact, Stack)]
    (found,) = read_functions(tmp_path, resources, stacks)
    assert isinstance(found, Function)
    assert found.code
    assert found.code.lines == lines


def test_local_layers_are_importable(tmp_path: Path) -> None:
    written(tmp_path, "api/src/app.py", "api/layer/python/shared.py")
    layer = Resource(
        id="api/template/Shared",
        stack="api/template",
        type="AWS::Lambda::LayerVersion",
        properties={"Content": "layer/"},
    )
    layers = [Symbol("api/template/Shared"), "arn:aws:lambda:us-east-1:1:layer:other:1"]
    found = read(tmp_path, function(Layers=layers), layer)
    assert found.code
    assert found.code.layers == ("api/layer",)


PROD = "api/template#IsProd"
EITHER = Choice(((((PROD, True),), Symbol("api/template/Role", "Arn")), (((PROD, False),), "x")))


@pytest.mark.parametrize(
    ("role", "identity"),
    [
        (Symbol("api/template/Role", "Arn"), "api/template/Role"),
        (EITHER, "api/template/Role"),
        ("arn:aws:iam::123456789012:role/named", "api/template/Role"),
        ("arn:aws:iam::123456789012:role/other", "arn:aws:iam::123456789012:role/other"),
        (Symbol("api/template@parameter", "Role"), ""),
        (None, ""),
    ],
)
def test_a_function_acts_as_its_role(tmp_path: Path, role: Any, identity: str) -> None:
    written(tmp_path, "api/src/app.py")
    known = Resource(
        id="api/template/Role",
        stack="api/template",
        type="AWS::IAM::Role",
        properties={"RoleName": "named"},
    )
    assert read(tmp_path, function(Role=role), known).identity == identity


PYTHON_IMAGE = """
ARG VERSION=3.13
FROM public.ecr.aws/lambda/python:${VERSION}
# what it needs
RUN pip install \\
    awslambdaric
COPY src/*.py ${LAMBDA_TASK_ROOT}/
COPY shared ./shared
CMD ["app.handler"]
"""
NODE_IMAGE = """
FROM node:22-slim AS build
WORKDIR /usr/app
COPY handlers ./handlers
RUN npm run build
FROM public.ecr.aws/lambda/nodejs:22
COPY --from=build /usr/app/dist/* ./
ENTRYPOINT ["/lambda-entrypoint.sh"]
CMD app.handler
"""
SERVED_IMAGE = """
FROM python:3.12-slim
WORKDIR /srv
COPY . .
CMD ["opentelemetry-instrument", "python", "src/app.py"]
"""


@pytest.mark.parametrize(
    ("text", "file", "runtime", "handler"),
    [
        (PYTHON_IMAGE, "api/box/src/app.py", "python3.13", "app.handler"),
        (NODE_IMAGE, "api/box/handlers/app.ts", "nodejs22.x", "app.handler"),
        (SERVED_IMAGE, "api/box/src/app.py", "python3.12", "src/app.__main__"),
    ],
)
def test_an_image_runs_what_its_dockerfile_says(
    tmp_path: Path, text: str, file: str, runtime: str, handler: str
) -> None:
    written(tmp_path, file, "api/box/shared/tables.py", "api/box/other/app.js")
    (tmp_path / "api/box/Dockerfile").write_text(text)
    build = {"Dockerfile": "Dockerfile", "DockerContext": "./box"}
    found = read(tmp_path, function(metadata=build))
    assert found.code
    assert (found.code.file, found.runtime, found.handler) == (file, runtime, handler)


def test_what_an_image_copies_beside_is_importable(tmp_path: Path) -> None:
    written(tmp_path, "api/src/app.py", "api/shared/tables.py")
    (tmp_path / "api/Dockerfile").write_text(PYTHON_IMAGE)
    build = {"Dockerfile": "Dockerfile", "DockerContext": "."}
    found = read(tmp_path, function(metadata=build))
    assert found.code
    assert (found.code.folder, found.code.layers) == ("api/src", ("api",))


def test_an_image_of_another_place_is_said(tmp_path: Path) -> None:
    image = function(PackageType="Image", Code={"ImageUri": "x:1"}, Runtime=None, Handler=None)
    assert unread(tmp_path, image) == "Orders: its image is not built from this folder"
