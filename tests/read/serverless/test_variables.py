"""What each variable of a service file stands for."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.errors import InputError
from checkrein.model.values import Choice, Open, Symbol, Text
from checkrein.read.serverless.service import Service, open_service
from checkrein.read.serverless.syntax import Variable, parts

HEAD = "service: shop\nprovider:\n  name: aws\n"


def service(root: Path, text: str, **files: str) -> Service:
    for name, content in files.items():
        path = root / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (root / "serverless.yml").write_text(text)
    found = open_service(root, "serverless.yml")
    assert found is not None
    return found


def settled(root: Path, value: str, more: str = "") -> Any:
    """Return what a value of ``custom.it`` becomes."""
    return service(root, f"{HEAD}{more}\ncustom:\n  here: there\n  it: {value}\n").value["custom"][
        "it"
    ]


def in_text(root: Path, text: str) -> Any:
    return service(root, text).value["custom"]["it"]


SAME = [
    ("plain", "plain"),
    ("'${self:custom.here}'", "there"),
    ("'${self:service}-x'", "shop-x"),
    ("'${self:service.name}'", "shop"),
    ("'${ self:custom.here }'", "there"),
    ("'${self:custom.none, self:custom.here}'", "there"),
    ("'${self:custom.none, ''word''}'", "word"),
    ("'${self:custom.none, \"word\"}'", "word"),
    ("'${self:custom.none, ${opt:none, ${env:NONE, ''deep''}}}'", "deep"),
    ("'${self:custom.none, ''a-${self:custom.here}''}'", "a-there"),
    ("'${self:custom.none, 5}'", 5),
    ("'${self:custom.none, true}'", True),
    ("'${self:custom.none, null}'", None),
    ("'${self:custom.none, false}${self:custom.none, 12}'", "false12"),
    ("'${self:custom.${opt:none, ''here''}}'", "there"),
    ("'${opt:stage}'", "dev"),
    ("'${sls:stage}'", "dev"),
    ("'${opt:region}'", "us-east-1"),
    ("'${opt:stage, ''mine''}'", "mine"),
    ("'${self:provider.stage}'", "dev"),
    ("'${self:provider.region}'", "us-east-1"),
    ("'${strToBool(${env:NONE, ''1''})}'", True),
    ("'${strToBool(FALSE)}'", False),
    ("'${aws:accountId}'", Symbol("@aws", "AccountId")),
    ("'${aws:region}'", Symbol("@aws", "Region")),
    ("'${ssm:/a/b}'", Symbol("@ssm", "/a/b")),
    ("'${ssm:/a/b~true}'", Symbol("@ssm", "/a/b")),
    ("'${ssm(eu-west-1, raw):/a/b}'", Symbol("@ssm", "/a/b")),
    ("'${ssm.eu-west-1:/a/b}'", Symbol("@ssm", "/a/b")),
    ("'${ssm:/aws/reference/secretsmanager/db~true}'", Symbol("@secretsmanager", "db")),
    ("'${cf:net-${sls:stage}.VpcId}'", Symbol("@stack-output", "net-dev.VpcId")),
    ("'${cf(eu-west-1):net.VpcId}'", Symbol("@stack-output", "net.VpcId")),
    ("'arn:${cf:net.Id}:*'", Text(("arn:", Symbol("@stack-output", "net.Id"), ":*"))),
    ("'${ssm:/a, ''b''}'", Choice((((), Symbol("@ssm", "/a")), ((), "b")))),
    ("'${env:HOME}'", Open("the environment variable HOME of the deployment")),
    ("'${env:HOME, ''house''}'", "house"),
    ("'${opt:colour}'", Open("the option --colour of the deployment")),
    ("'${param:key}'", Open("the parameter key of the deployment")),
    ("'${s3:bucket/key}'", Open("what the object bucket/key in S3 holds")),
    ("'${sls:instanceId}'", Open("an id that each deployment makes")),
    ("'${git:sha1}'", Open("what git says of the commit that is deployed: git:sha1")),
    ("'${terraform:x}'", Open("an output of Terraform's state: terraform:x")),
    ("'${dollars:x}'", Open("a value that a plugin fills in: dollars:x")),
    ("'${self:custom.none}'", Open("nothing stands at custom.none")),
    ("'${file(none.yml):a}'", Open("the file none.yml, which is not here")),
    ("'${AWS::Region}'", "${AWS::Region}"),
    ("'${Table.Arn}/${self:service}'", "${Table.Arn}/shop"),
    ("'${aws:username}'", "${aws:username}"),
    ("'${cognito-identity.amazonaws.com:sub}'", "${cognito-identity.amazonaws.com:sub}"),
    ("'a $ b ${ c'", "a $ b ${ c"),
    ("'\\${self:service}'", "${self:service}"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), SAME)
def test_a_variable_stands_for_what_the_framework_or_its_source_says(
    tmp_path: Path, value: str, expected: Any
) -> None:
    actual = settled(tmp_path, value)
    assert (actual, type(actual)) == (expected, type(expected))


def test_the_environment_of_this_machine_is_never_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "mine")
    assert settled(tmp_path, "'${env:TOKEN, ''theirs''}'") == "theirs"


def test_a_whole_structure_is_taken_over(tmp_path: Path) -> None:
    text = HEAD + "custom:\n  all: {a: [1, '${self:service}'], b: yes}\n  it: ${self:custom.all}\n"
    assert in_text(tmp_path, text) == {"a": [1, "shop"], "b": "yes"}


def test_an_item_of_a_list_is_found_by_its_number(tmp_path: Path) -> None:
    text = HEAD + "custom:\n  all: [x, {y: z}]\n  it: ${self:custom.all.1.y}\n"
    assert in_text(tmp_path, text) == "z"


def test_a_part_of_a_secret_is_its_key(tmp_path: Path) -> None:
    text = (
        HEAD + "custom:\n  db: ${ssm:/aws/reference/secretsmanager/db~true}\n"
        "  it: ${self:custom.db.password}\n"
    )
    assert in_text(tmp_path, text) == Symbol("@secretsmanager", "db:password")


def test_stages_choose_parameters(tmp_path: Path) -> None:
    text = (
        HEAD + "  stage: test\nparams:\n  default: {a: 1, b: 1, c: 1}\n  test: {b: 2, c: 2}\n"
        "stages:\n  test:\n    params: {c: 3}\n"
        "custom:\n  it: ['${param:a}', '${param:b}', '${param:c}', '${sls:stage}']\n"
    )
    assert in_text(tmp_path, text) == [1, 2, 3, "test"]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("${opt:stage, 'qa'}", "qa"),
        ("${opt:stage, self:custom.first}", "one"),
        ("${opt:stage}", "dev"),
        ("${sls:stage}", "dev"),
        ("${self:custom.none, 7}", "7"),
        ("${env:STAGE}", Open("the environment variable STAGE of the deployment")),
    ],
)
def test_the_stage_may_ask_for_itself(tmp_path: Path, stage: str, expected: Any) -> None:
    text = HEAD + f'  stage: "{stage}"\ncustom:\n  first: one\n  it: ${{opt:stage}}\n'
    assert in_text(tmp_path, text) == expected


@pytest.mark.parametrize("tail", ["${self:custom.it}", "${self:custom.b}\n  b: ${self:custom.it}"])
def test_what_leads_back_to_itself_is_said_and_not_followed(tmp_path: Path, tail: str) -> None:
    found = service(tmp_path, HEAD + f"custom:\n  it: {tail}\n")
    assert "lead back to themselves" in found.value["custom"]["it"].reason
    assert [lost.place.path for lost in found.lost] == ["serverless.yml"]


def test_a_structure_inside_itself_is_said(tmp_path: Path) -> None:
    found = service(tmp_path, HEAD + "custom:\n  it: {a: '${self:custom.it}'}\n")
    assert "lead back" in found.value["custom"]["it"]["a"].reason


def test_a_part_may_ask_for_another_part_of_the_whole_that_it_is_in(tmp_path: Path) -> None:
    found = service(
        tmp_path, HEAD + "custom: ${file(c.yml)}\n", c_DOT_yml="a: ${self:custom.b}\nb: 1\n"
    )
    assert found.value["custom"] == {"a": 1, "b": 1}


def test_the_old_setting_of_the_syntax_is_followed(tmp_path: Path) -> None:
    text = (
        HEAD + '  variableSyntax: "\\\\${{([ ~:a-zA-Z0-9._@\'\\",\\\\-\\\\/\\\\(\\\\)]+?)}}"\n'
        "custom:\n  it: ${{self:service}} ${self:service}\n"
    )
    assert in_text(tmp_path, text) == "shop ${self:service}"


def test_pseudo_parameters_of_the_plugin_are_cloudformations(tmp_path: Path) -> None:
    text = (
        HEAD + "plugins: [serverless-pseudo-parameters]\ncustom:\n"
        "  it: ['#{AWS::Region}', 'a:#{AWS::StackName}:#{Table.Arn}', {Fn::Sub: 'x-#{AWS::Region}'}]\n"
    )
    joined = ["a:", {"Ref": "AWS::StackName"}, ":", {"Fn::GetAtt": ["Table", "Arn"]}]
    assert in_text(tmp_path, text) == [
        {"Ref": "AWS::Region"},
        {"Fn::Join": ["", joined]},
        {"Fn::Sub": "x-${AWS::Region}"},
    ]


def test_without_the_plugin_they_are_text(tmp_path: Path) -> None:
    assert settled(tmp_path, "'#{AWS::Region}'") == "#{AWS::Region}"


def test_cloudformations_substitution_keeps_both_kinds_of_variables(tmp_path: Path) -> None:
    actual = settled(tmp_path, '!Sub "${AWS::Region}-${cf:net.Id}"')
    name = {"Variable1": Symbol("@stack-output", "net.Id")}
    assert actual == {"Fn::Sub": ["${AWS::Region}-${Variable1}", name]}


CHAIN = "".join(f"  a{n}: ${{self:custom.a{n + 1}}}\n" for n in range(500)) + "  a500: end\n"
DEEP = "  b0: {}\n" + "".join(f"  b{n + 1}: {{x: '${{self:custom.b{n}}}'}}\n" for n in range(500))
WIDE = "  c0: []\n" + "".join(
    f"  c{n + 1}: ['${{self:custom.c{n}}}', '${{self:custom.c{n}}}']\n" for n in range(50)
)
LONG = "  d0: text\n" + "".join(
    f"  d{n + 1}: '${{self:custom.d{n}}}${{self:custom.d{n}}}'\n" for n in range(50)
)
SELF = "  e0: ${file(f.yml)}\n"


@pytest.mark.parametrize(("lines", "last"), [(CHAIN, "a0"), (LONG, "d50"), (SELF, "e0")])
def test_what_leads_on_beyond_reason_is_open(tmp_path: Path, lines: str, last: str) -> None:
    text = f"{HEAD}custom:\n{lines}  it: ${{self:custom.{last}}}\n"
    itself = "a: ${file(f.yml)}\nb: ${file(f.yml)}\n"
    actual = service(tmp_path, text, f_DOT_yml=itself).value["custom"]["it"]
    assert isinstance(actual["a"] if last == "e0" else actual, Open)


@pytest.mark.parametrize("lines", [DEEP, WIDE])
def test_a_file_that_grows_beyond_reason_is_refused(tmp_path: Path, lines: str) -> None:
    with pytest.raises(InputError, match="variables bring together more than"):
        service(tmp_path, f"{HEAD}custom:\n{lines}")


@given(st.text(alphabet="ab $"))
def test_text_without_variables_stays(text: str) -> None:
    assert "".join(map(str, parts(text))) == text


@given(st.text(alphabet="${}:,'\"() \\abself.~5", max_size=60))
def test_any_text_can_be_split_and_nothing_is_lost(text: str) -> None:
    found = parts(text)
    joined = "".join(piece.text if isinstance(piece, Variable) else piece for piece in found)
    assert joined.replace("\\", "") == text.replace("\\", "")


@given(st.lists(st.sampled_from(["opt:", "env:", "self:custom.none", "param:"]), max_size=12))
def test_fallbacks_nest_to_any_depth(kinds: list[str]) -> None:
    text = "'last'"
    for index, kind in enumerate(kinds):
        text = f"${{{kind}x{index}, {text}}}"
    (found,) = parts("${opt:none, " + text + "}")
    while isinstance(found, Variable):
        literal = found.sources[-1].literal
        found = literal if isinstance(literal, str) else literal[0]
    assert found == "last"
