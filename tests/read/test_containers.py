"""From a container's definition to the file it runs, as repositories keep them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from checkrein.code import analyse
from checkrein.model import Evidence, Fact, Function, Place, Resource, Stack, Symbol, Text, Unread
from checkrein.read.functions import read_functions
from checkrein.read.image_builds import builds_of

STACK = Stack(
    id="app/template",
    source="app/template.yaml",
    parameters={"Image": {"Type": "String", "Default": "nginx"}},
)
GIVEN = Symbol("app/template@parameter", "WorkImage")
NODE, PYTHON = (
    "FROM node:22\nWORKDIR /srv\nCOPY . .\n",
    "FROM python:3.13\nWORKDIR /srv\nCOPY . .\n",
)


def task(*containers: dict[str, Any], **properties: Any) -> Resource:
    return Resource(
        id="app/template/Work",
        stack="app/template",
        type="AWS::ECS::TaskDefinition",
        properties={"ContainerDefinitions": list(containers), **properties},
        places={(): Place("app/template.yaml", 3)},
        evidence=(Evidence("", Place("app/template.yaml", 3)),),
    )


def container(image: Any = GIVEN, **more: Any) -> dict[str, Any]:
    return {"Name": "web", "Image": image, **more}


def read(root: Path, files: dict[str, str], resource: Resource) -> tuple[Function, str]:
    """Return the Function and why code is unread, "" where it is not."""
    for name, text in files.items():
        (root / "app" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "app" / name).write_text(text)
    facts: list[Fact] = read_functions(root, [resource], [STACK])
    function, *lost = facts
    assert isinstance(function, Function)
    reasons = [each.reason for each in lost if isinstance(each, Unread) and not each.fatal]
    assert len(reasons) == len(lost)
    return function, "".join(reasons)


def started(root: Path, files: dict[str, str], resource: Resource) -> str:
    """Return the file that a task runs, below the application's folder."""
    function, lost = read(root, files, resource)
    assert function.code, lost
    assert not lost
    return function.code.file.removeprefix("app/")


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ('CMD ["node", "server.js"]', ["server.js"]),
        ("CMD node --require ./trace.js server", ["server.js", "trace.js"]),
        ('CMD ["npm", "start"]', ["lib/main.js"]),
        ('CMD ["npm", "run", "serve"]', ["src/main.ts"]),
        ('ENTRYPOINT ["tini", "--", "node"]\nCMD ["server.js"]', ["server.js"]),
        ('CMD ["sh", "-c", "export A=b && node ./server.js"]', ["server.js"]),
        ('CMD ["./start.sh"]', ["late.js", "early.js"]),
        ('ENTRYPOINT ["/entrypoint.sh"]\nCMD ["node", "late.js"]', ["late.js"]),
        ('CMD ["node", "."]', ["index.js"]),
        ('CMD ["node", "out/main.js"]', ["source/main.ts"]),
    ],
)
def test_what_a_command_line_starts_in_node(tmp_path: Path, command: str, files: list[str]) -> None:
    beside = {
        "Dockerfile": NODE + command,
        "package.json": '{"scripts": {"start": "node lib/main", "serve": "ts-node src/main.ts"}}',
        "start.sh": "#!/bin/sh\nnode early.js --check\nexec node late.js\n",
        "tsconfig.json": '{ // compiled\n "outDir": "./out",\n "rootDir": "./source"}',
        "index.js": "",
    }
    expected, *others = files
    sources = dict.fromkeys((expected, *others), "")
    assert started(tmp_path, {**sources, **beside}, task(container())) == expected


@pytest.mark.parametrize(
    ("command", "file", "handler"),
    [
        ('CMD ["python", "-u", "work.py"]', "work.py", ""),
        ("CMD python /srv/jobs/work.py --once", "jobs/work.py", ""),
        ("CMD python -m jobs.work", "jobs/work.py", ""),
        ("CMD python -m uvicorn web.main:app --host 0.0.0.0", "web/main.py", ""),
        ("CMD gunicorn -b :8080 -w 4 web.main:app", "web/main.py", ""),
        ('CMD ["gunicorn", "web:make()"]', "web/__init__.py", "web.make()"),
        ("ENV FLASK_APP=shop.py\nCMD flask run", "shop.py", ""),
        ("ENV FLASK_APP shop.py\nCMD flask run", "shop.py", ""),
        ("CMD flask --app shop:create_app run", "shop.py", "shop.create_app()"),
        ("CMD fastapi run web/main.py", "web/main.py", ""),
        ("CMD celery -A tasks worker", "tasks.py", ""),
        ("CMD ddtrace-run python work.py", "work.py", ""),
    ],
)
def test_what_a_command_line_starts_in_python(
    tmp_path: Path, command: str, file: str, handler: str
) -> None:
    files = {"Dockerfile": PYTHON + command, file: "def create_app(): pass"}
    function, lost = read(tmp_path, files, task(container()))
    assert (function.code and function.code.file, function.handler) == (f"app/{file}", handler)
    assert (function.language, function.runtime, lost) == ("python", "python3.13", "")


@pytest.mark.parametrize(
    ("more", "file"),
    [
        ({"Command": ["worker.js"]}, "worker.js"),
        ({"EntryPoint": ["node", "other.js"]}, "other.js"),
        ({"EntryPoint": ["node"], "Command": ["worker.js"]}, "worker.js"),
        ({}, "server.js"),
    ],
)
def test_a_container_says_it_otherwise_than_its_image(
    tmp_path: Path, more: dict[str, Any], file: str
) -> None:
    command = 'ENTRYPOINT ["node"]\nCMD ["server.js"]'
    files = {
        "Dockerfile": NODE + command,
        **dict.fromkeys(("server.js", "worker.js", "other.js"), ""),
    }
    assert started(tmp_path, files, task(container(**more))) == file


OWN = Text((Symbol("@aws", "AccountId"), ".dkr.ecr.eu-west-1.amazonaws.com/shop-basket:1"))

BASE = Text(("1.dkr.ecr.", Symbol("@aws", "Region"), ".x.com/redis:7"))


@pytest.mark.parametrize(
    ("image", "name", "built"),
    [
        (GIVEN, "basket", "basket/a.js"),
        (GIVEN, "orders-web", "services/orders/a.js"),
        (OWN, "web", "basket/a.js"),
        ("us/basket:1", "web", "basket/a.js"),
        ("us/basket-demo:1", "web", "basket/a.js"),
        ("nginx", "orders", "services/orders/a.js"),  # what the parameter is by default
        (GIVEN, "web", "which of 2 Dockerfiles builds its image is not known"),
        ("redis:7", "basket", "its image, redis:7, is not built from this folder"),
        (BASE, "basket", "its image, 1.dkr.ecr.${AWS::Region}.x.com/redis:7, is not built from this folder"),
    ],
)  # fmt: skip
def test_the_dockerfile_is_the_one_of_that_name(
    tmp_path: Path, image: Any, name: str, built: str
) -> None:
    command = 'CMD ["node", "a.js"]'
    files = {
        f"{folder}/{file}": NODE + command if file == "Dockerfile" else ""
        for folder in ("basket", "services/orders")
        for file in ("Dockerfile", "a.js")
    }
    function, lost = read(tmp_path, files, task(container(image, Name=name)))
    found = function.code.file.removeprefix("app/") if function.code else lost.split(": ", 2)[2]
    assert found == built


def test_a_guess_is_called_one(tmp_path: Path) -> None:
    files = {"Dockerfile": NODE + "CMD node a.js", "a.js": ""}
    function, _ = read(tmp_path, files, task(container()))
    assert function.evidence[-1].text == (
        "web runs app/a.js, as app/Dockerfile says; likely, since it is built by the only Dockerfile"
        " here"
    )


def test_metadata_tell_the_build(tmp_path: Path) -> None:
    files = {
        "one/Dockerfile": NODE + "CMD node a.js",
        "one/a.js": "",
        "two/Dockerfile": NODE + "CMD node a.js",
        "two/a.js": "",
    }
    resource = task(container())
    for metadata in (
        {"DockerContext": "two"},
        {"ContainerBuilds": {"0": {"DockerContext": "two", "Dockerfile": "Dockerfile"}}},
    ):
        told = Resource(
            **{f: getattr(resource, f) for f in resource.__struct_fields__} | {"metadata": metadata}
        )
        function, _ = read(tmp_path, files, told)
        assert function.evidence[-1].text == "web runs app/two/a.js, as app/two/Dockerfile says"


def test_a_build_takes_files_of_a_folder_above(tmp_path: Path) -> None:
    text = "FROM node:22\nWORKDIR /srv\nCOPY shared ./shared\nCOPY web/a.js .\nCMD node a.js"
    files = {"web/Dockerfile": text, "web/a.js": "", "shared/b.js": ""}
    assert started(tmp_path, files, task(container())) == "web/a.js"


def test_one_of_several_containers_is_read_and_the_others_are_said(tmp_path: Path) -> None:
    files = {"Dockerfile": NODE + "CMD node a.js", "a.js": ""}
    both = task(container("amazon/aws-xray-daemon", Name="traces"), container())
    function, lost = read(tmp_path, files, both)
    assert function.code
    assert function.code.file == "app/a.js"
    assert lost == (
        "Work: traces: its image, amazon/aws-xray-daemon, is not built from this folder"
    )


TWO = {
    "web/Dockerfile": NODE + "CMD node web.js",
    "web/web.js": (
        "const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');\n"
        "new SQSClient({}).send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: 'a' }));\n"
    ),
    "copier/Dockerfile": PYTHON + "CMD python copier.py",
    "copier/copier.py": (
        "import boto3\nitem = boto3.resource('dynamodb').Table('t').get_item(Key={'id': 1})\n"
        "boto3.client('s3').put_object(Bucket='b', Key='k', Body=item['Item']['email'])\n"
    ),
}


def test_programs_of_several_containers_are_one_function(tmp_path: Path) -> None:
    both = task(container("web", Name="web"), container("copier", Name="copier"))
    function, lost = read(tmp_path, TWO, both)
    assert lost == ""
    assert [(each.language, each.code.file) for each in function.programs] == [
        ("javascript", "app/web/web.js"),
        ("python", "app/copier/copier.py"),
    ]
    summary = analyse(tmp_path, function)
    asked = [(call.service, call.operation) for call in summary.calls]
    assert asked == [("sqs", "SendMessage"), ("dynamodb", "GetItem"), ("s3", "PutObject")]
    body = next(each for each in summary.calls[2].arguments if each.path == "Body")
    assert body.sources == (Symbol("call:1", "Item.email"),), (
        "numbers go on from program to program"
    )
    assert summary.files == ("app/web/web.js", "app/copier/copier.py")
    assert summary.partial == ""


def test_containers_of_one_image_run_one_program(tmp_path: Path) -> None:
    both = task(container("web", Name="web"), container("web", Name="again"))
    function, _ = read(tmp_path, TWO, both)
    assert [each.code.file for each in function.programs] == ["app/web/web.js"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "its image is told when it is deployed (${WorkImage})"),
        (
            {"Dockerfile": "FROM openjdk:21\nCOPY app.jar .\nCMD java -jar app.jar"},
            (
                "app/Dockerfile runs java -jar app.jar, for which the build context holds no source"
                " file that is read"
            ),
        ),
        (
            {
                "Dockerfile": PYTHON + "CMD python manage.py runserver",
                "manage.py": "import django.core",
            },
            "app/manage.py starts Django, which is not followed",
        ),
    ],
)
def test_what_is_not_read_says_why(tmp_path: Path, files: dict[str, str], reason: str) -> None:
    function, lost = read(tmp_path, files, task(container()))
    assert function.code is None
    assert lost == f"Work: web: {reason}"


def test_pods_are_told_by_the_trust_of_a_role(tmp_path: Path) -> None:
    role = Resource(
        id="app/template/Reader",
        stack="app/template",
        type="AWS::IAM::Role",
        properties={
            "AssumeRolePolicyDocument": Text(
                (
                    '{"Statement": [{"Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"',
                    Symbol("app/template@parameter", "Provider"),
                    ':sub": "system:serviceaccount:shop:reader"}}}]}',
                )
            )
        },
    )
    pod, function, unread = read_functions(tmp_path, [role], [STACK])
    assert isinstance(pod, Resource)
    assert (pod.type, pod.properties["Namespace"], pod.properties["ServiceAccount"]) == (
        "AWS::EKS::PodIdentityAssociation", "shop", "reader",
    )  # fmt: skip
    assert isinstance(function, Function)
    assert (function.id, function.identity) == (pod.id, role.id)
    assert isinstance(unread, Unread)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("Makefile", "push:\n\tdocker build -t $(REGISTRY)/shop-web:$(TAG) -f b/Dockerfile b\n"),
        ("deploy.sh", "docker buildx build --platform linux/amd64 \\\n  --tag=shop-web b/\n"),
        ("buildspec.yml", "phases: {build: {commands: ['docker build -t $URI/shop-web:1 b']}}"),
        ("docker-compose.yml", "services: {x: {image: 'me/shop-web:2', build: ./b}}"),
        ("compose.yaml", "services: {shop-web: {build: {context: b, dockerfile: Dockerfile}}}"),
        (
            "../.github/workflows/push.yml",
            (
                "jobs: {a: {steps: [{uses: docker/build-push-action@v6, with: {context: app/b, "
                "tags: '${{ steps.x.outputs.registry }}/shop-web:latest'}}]}}"
            ),
        ),
        ("../.github/workflows/push.yml", "run: docker build -t x/shop-web ./app/b"),
    ],
)
def test_a_command_that_builds_an_image_of_that_name_tells_its_dockerfile(
    tmp_path: Path, file: str, text: str
) -> None:
    files = {
        **{f"{folder}/Dockerfile": NODE + "CMD node a.js" for folder in "ab"},
        **{f"{folder}/a.js": "" for folder in "ab"},
        file: text,
    }
    work = task(container("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-web:latest"))

    assert started(tmp_path, files, work) == "b/a.js"


@pytest.mark.parametrize(
    "text",
    [
        "docker build -t other b\n",
        "docker build -t shop-web $FOLDER\n",
        "docker build -t $NAME b\n",
        "docker build -t shop-web a\ndocker build -t shop-web b\n",  # one of two
        "docker build -t shop-web ../../outside\n",
        "docker build -t 'shop-web b\n",
        "docker build -t shop-web $(touch ran) b\n",
        "docker build -t shop-web `touch ran`\n",
    ],
)
def test_a_command_that_does_not_say_it_plainly_tells_nothing(tmp_path: Path, text: str) -> None:
    files = {
        **{f"{folder}/Dockerfile": NODE + "CMD node a.js" for folder in "ab"},
        "deploy.sh": text,
    }
    _, lost = read(tmp_path, files, task(container("me/shop-web")))

    assert lost


ALIASES = "a: &a [x]\n" + "".join(
    f"{inner}: &{inner} [{', '.join([f'*{outer}'] * 9)}]\n"
    for outer, inner in pairwise("abcdefghi")
)


@pytest.mark.parametrize("many", ["tags", "context", "file"])
def test_aliases_in_a_workflow_do_not_multiply(tmp_path: Path, many: str) -> None:
    given = {"context": "b", "tags": "me/shop-web", many: "*i"}
    said = ", ".join(f"{name}: {value}" for name, value in given.items())
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/push.yml").write_text(
        f"{ALIASES}jobs: {{a: {{steps: [{{uses: docker/build-push-action@v6, with: {{{said}}}}}]}}}}"
    )
    assert builds_of(tmp_path, "", "shop-web") == []
