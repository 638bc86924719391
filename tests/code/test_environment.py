"""Branches that the template's variables shut, in every deployment, and those that they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import code
from checkrein.model import DEPLOYED, Code, Environment, Function, Summary

FILES = {"python": "app.py", "javascript": "app.js"}
TOLD = Environment(
    {
        "MODE": ("s3",),
        "OFF": ("false",),
        "STAGE": ("dev", "prod"),
        "TABLE": (),
        "DEBUG": ("1",),
        "WHERE": (DEPLOYED,),
    },
    complete=True,
)
HEAD = "exports.handler = async (event) => {\n"
TAIL = "\n};"


def summary(folder: Path, text: str, told: Environment = TOLD) -> Summary:
    language = "python" if "import os" in text else "javascript"
    (folder / FILES[language]).write_text(text)
    found = code.analyse(folder, function(language, told))
    assert not found.partial
    return found


def function(language: str, told: Environment) -> Function:
    return Function(
        id="f",
        runtime="",
        language=language,
        handler="app.handler",
        code=Code("", FILES[language]),
        environment=told,
    )


def logged(found: Summary) -> set[str]:
    return {s.attribute for call in found.calls for a in call.arguments for s in a.sources}


SHUT = [
    "process.env.OFF === 'true'",
    "process.env.OFF !== 'false'",
    "'true' == process.env.OFF",
    "process.env.MODE.toLowerCase() === 'local'",
    "(process.env.MODE || 'local') === 'local'",
    "(process.env.MODE ?? 'local') === 'local'",
    "process.env['MODE'].trim().replace(/[\"']/g, '') !== 's3'",
    "!process.env.MODE",
    "!Boolean(process.env.MODE)",
    "['local', 'test'].includes(process.env.MODE)",
    "process.env.STAGE === 'local'",
    "process.env.NOT_SET === 'local'",
    "process.env.WHERE === 'local'",
    "process.env.WHERE.toUpperCase() === 'LOCALSTACK'",
    "['local', 'offline'].includes(process.env.WHERE)",
    "(process.env.WHERE || 'local') === 'local'",
    "(process.env.NOT_SET || 's3') === 'local'",
    "process.env.MODE === 'local' && event.x",
    "!(process.env.MODE === 's3' || event.x)",
    "process.env.AWS_SAM_LOCAL",
    "process.env.IS_OFFLINE",
    "!process.env.AWS_LAMBDA_FUNCTION_NAME",
    "process.env.AWS_EXECUTION_ENV === undefined",
]
NOT_SHUT = [
    "process.env.TABLE === 'local'",
    "process.env.WHERE === 'test'",
    "process.env.WHERE === 'dev'",
    "process.env.WHERE",
    "process.env.WHERE === process.env.STAGE",
    "['local', 'dev'].includes(process.env.WHERE)",
    "process.env.STAGE === 'dev'",
    "process.env.MODE === event.x",
    "process.env.MODE === 'local' || event.x",
    "process.env.NOT_SET",  # set by hand, by whoever wants what follows
    "process.env.NOT_SET !== undefined",
    "process.env.NOT_SET === 'production'",
    "process.env.AWS_REGION === 'eu-west-1'",
    "process.env.AWS_XRAY_CONTEXT_MISSING === 'x'",
    "process.env.MODE.replace(/[S]/gi, '') === 's3'",
    "process.env.MODE.replace('s', 't') === 't3'",
    "process.env[event.x] === 'local'",
    "process.env.MODE.slice(1) === 'local'",
    "process.env.IS_OFFLINE === null",  # it is undefined
    "process.env.DEBUG == 1",  # "1" is made a number
    "process.env.DEBUG != true",
    "(process.env.DEBUG === '1') == 1",
]


@pytest.mark.parametrize("test", SHUT)
def test_branch_that_no_deployment_takes_is_not_run(tmp_path: Path, test: str) -> None:
    text = f"{HEAD}if ({test}) console.log(event.a); else console.log(event.b);{TAIL}"

    assert logged(summary(tmp_path, text)) == {"b"}


@pytest.mark.parametrize("test", NOT_SHUT)
def test_branch_that_a_deployment_may_take_is_run(tmp_path: Path, test: str) -> None:
    text = f"{HEAD}if ({test}) console.log(event.a); else console.log(event.b);{TAIL}"

    assert logged(summary(tmp_path, text)) == {"a", "b"}


@pytest.mark.parametrize("test", [*SHUT, *NOT_SHUT])
def test_nothing_is_shut_where_the_environment_is_not_known(tmp_path: Path, test: str) -> None:
    text = f"{HEAD}if ({test}) console.log(event.a); else console.log(event.b);{TAIL}"
    by_the_platform = ("AWS_SAM", "IS_OFFLINE", "AWS_LAMBDA_", "AWS_EXECUTION")

    if not any(each in test for each in by_the_platform):
        assert logged(summary(tmp_path, text, Environment())) == {"a", "b"}


PYTHON = """
import os
MODE = os.environ.get("MODE", "local").lower()
class Settings:
    offline = os.environ["OFF"] == "true"
    kind = os.getenv("NOT_SET", "small")
def is_local():
    return MODE in ("local", "test")
def handler(event, context):
    if is_local():
        print(event["a"])
    elif Settings.offline:
        print(event["b"])
    elif "IS_LOCAL" in os.environ or os.environ.get("AWS_SAM_LOCAL") is not None:
        print(event["c"])
    elif not Settings.kind == "small":
        print(event["d"])
    else:
        print(event["e"])
    text = event["f"] if MODE == "local" else ""
    Settings.offline and print(event["g"])
    print(text)
"""


def test_python_asks_its_environment_in_many_ways(tmp_path: Path) -> None:
    assert logged(summary(tmp_path, PYTHON)) == {"e"}


def test_what_stands_in_modules_objects_and_functions_is_followed(tmp_path: Path) -> None:
    (tmp_path / "config.js").write_text(
        "const { OFF } = process.env;\n"
        "const offline = OFF === 'true';\n"
        "module.exports = { offline, mode: () => process.env.MODE };\n"
    )
    text = (
        "const config = require('./config');\n"
        "class Store {\n"
        "  constructor() { this.local = config.mode() !== 's3'; }\n"
        "  put(x) { if (this.local) { console.log(x.a); return; } console.log(x.b); }\n"
        "}\n"
        "exports.handler = async (event) => {\n"
        "  switch (process.env.MODE) {\n"
        "    case 'local': console.log(event.c); break;\n"
        "    default: console.log(event.d);\n"
        "  }\n"
        "  if (config.offline) { console.log(event.e); }\n"
        "  new Store().put(event);\n"
        "};\n"
    )

    assert logged(summary(tmp_path, text)) == {"b", "d"}


def test_code_after_a_branch_that_always_returns_is_not_run(tmp_path: Path) -> None:
    text = f"{HEAD}if (process.env.MODE === 's3') {{ return; }} console.log(event.a);{TAIL}"

    assert logged(summary(tmp_path, text)) == set()


GUARDS = [
    "if (process.env.NOT_SET !== 'x') throw new Error();",
    "if (process.env.MODE === 's3') throw new Error();",
    "if (process.env.MODE === 'x') { console.log(event.b); } else { throw new Error(); }",
    """if (process.env.MODE === 'x') console.log(event.b);
    else if (process.env.MODE === 'y') console.log(event.c); else throw new Error();""",
]


@pytest.mark.parametrize("guard", GUARDS)
def test_whoever_runs_it_has_passed_what_raises(tmp_path: Path, guard: str) -> None:
    found = logged(summary(tmp_path, f"{HEAD}{guard}\nconsole.log(event.a);{TAIL}"))

    assert found == {"a"} | {name for name in "bc" if f"event.{name}" in guard}


SETTING = [
    "process.env.MODE = 'local';",
    "process.env.MODE = event.mode;",
    "process.env['MO' + 'DE'] = 'local';",
    "process.env[event.x] = 'local';",
    "Object.assign(process.env, { MODE: 'local' });",
    "local = event.local;",
]
FLAG = "let local = process.env.MODE === 'local';\n"


@pytest.mark.parametrize("change", SETTING)
def test_what_code_sets_itself_is_not_known(tmp_path: Path, change: str) -> None:
    body = f"if (local) console.log(event.a);\nif (process.env.MODE === 'local') local; {change}"
    text = f"{FLAG}{HEAD}{body}{TAIL}"

    assert logged(summary(tmp_path, text)) == {"a"}


def test_what_code_sets_to_a_known_text_is_known_beside(tmp_path: Path) -> None:
    text = (
        f"process.env.MODE = process.env.MODE.toLowerCase(); process.env.NEW = 'x';\n{HEAD}"
        "if (process.env.MODE === 'local') console.log(event.a);\n"
        "if (process.env.NEW === 'local') console.log(event.b);\n"
        f"if (process.env.NEW === 'x') console.log(event.c);{TAIL}"
    )

    assert logged(summary(tmp_path, text)) == {"c"}


@pytest.mark.parametrize(
    "load", ["require('dotenv').config();", "require('dotenv/config');", "import 'dotenv/config';"]
)
def test_what_a_file_beside_may_set_is_not_known(tmp_path: Path, load: str) -> None:
    body = "if (process.env.NOT_SET === 'x') console.log(event.a);"
    more = "if (process.env.MODE === 'x') console.log(event.b);"
    own = "if (process.env.NOT_SET === 'localstack') console.log(event.c);"  # no deployment is one
    there = "if (process.env.NOT_SET) console.log(event.d); else console.log(event.e);"

    found = logged(summary(tmp_path, f"{load}\n{HEAD}{body}{more}{own}{there}{TAIL}"))

    assert found == {"a", "d", "e"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("RUNNING_LOCAL_REGION", {"b"}),
        ("IS_OFFLINE", {"b"}),
        ("LOCALSTACK_HOSTNAME", {"b"}),
        ("LOCALE", {"a", "b"}),
        ("API_LOCAL_KEY", {"a", "b"}),
    ],
)
def test_what_is_set_on_a_person_s_machine_only_is_missing(
    tmp_path: Path, name: str, expected: set[str]
) -> None:
    body = f"if (process.env.{name}) console.log(event.a); console.log(event.b);"
    assert logged(summary(tmp_path, f"{HEAD}{body}{TAIL}")) == expected


def test_what_a_program_in_front_may_set_is_not_known(tmp_path: Path) -> None:
    body = "if (process.env.NOT_SET === 'x') console.log(event.a);"
    more = "if (process.env.MODE === 'x') console.log(event.b);"
    told = Environment({**TOLD.values, "AWS_LAMBDA_EXEC_WRAPPER": ("/opt/run",)}, complete=True)

    assert logged(summary(tmp_path, f"{HEAD}{body}{more}{TAIL}", told)) == {"a"}


@pytest.mark.parametrize(
    ("name", "expected"), [('"MODE"', set[str]()), ('"NOT_SET"', {"b"}), ('event["name"]', {"b"})]
)
def test_what_is_set_where_it_is_missing_is_not_known_of_what_is(
    tmp_path: Path, name: str, expected: set[str]
) -> None:
    text = (
        f"import os\ndef handler(event, context):\n    os.environ.setdefault({name}, 'local')\n"
        "    if os.environ['MODE'] == 'local':\n        print(event['a'])\n"
        "    if os.environ.get('NOT_SET') == 'local':\n        print(event['b'])\n"
    )
    assert logged(summary(tmp_path, text)) == expected


def test_a_file_that_is_loaded_on_a_person_s_machine_only_sets_nothing(tmp_path: Path) -> None:
    load = "if (process.env.IS_OFFLINE) require('dotenv').config();"
    body = "if (process.env.NOT_SET === 'x') console.log(event.a); console.log(event.b);"

    assert logged(summary(tmp_path, f"{load}\n{HEAD}{body}{TAIL}")) == {"b"}


@pytest.mark.parametrize(
    ("file", "said", "expected"),
    [
        ("package.json", '{"build": "esbuild --define:process.env.KIND=1"}', {"a", "b"}),
        ("package.json", '{"name": "x"}', {"b"}),
        ("webpack.config.js", "module.exports = {}", {"b"}),
    ],
)
def test_what_a_bundler_puts_in_a_variable_s_place_is_not_known(
    tmp_path: Path, file: str, said: str, expected: set[str]
) -> None:
    (tmp_path / file).write_text(said)
    body = "if (process.env.KIND === 'x') console.log(event.a); console.log(event.b);"

    assert logged(summary(tmp_path, f"{HEAD}{body}{TAIL}")) == expected


def test_webpack_sets_the_mode(tmp_path: Path) -> None:
    body = "if (process.env.NODE_ENV === 'development') console.log(event.a);"
    assert logged(summary(tmp_path, f"{HEAD}{body}{TAIL}")) == set()

    (tmp_path / "webpack.config.js").write_text("module.exports = {}")
    assert logged(summary(tmp_path, f"{HEAD}{body}{TAIL}")) == {"a"}


def test_a_summary_holds_where_what_it_asked_for_is_the_same(tmp_path: Path) -> None:
    body = "if (process.env.MODE === 'x') console.log(event.a); send(process.env.TABLE);"
    found = summary(tmp_path, f"{HEAD}{body}{TAIL}")

    assert found.asked == {"MODE": ("s3",)}
    assert code.fits(found, Environment({"MODE": ("s3",), "TABLE": ("t",)}))
    assert not code.fits(found, Environment({"MODE": ("x",)}))
    assert not code.fits(found, Environment())
    assert not code.fits(found, Environment({}, complete=True))
