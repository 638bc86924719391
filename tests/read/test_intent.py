"""What a team declares is read exactly, and a slip of the pen gets the right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.errors import IntentError
from checkrein.model import Data, Decision, Place, Resource, Stack, Symbol, Text, Unread
from checkrein.read.intent import Settings, read_intent, read_settings

DECLARED = """
data:
  pii.email: 8
  biz.telescope_time: 3
  biz.loyalty: {value: 5, title: loyalty card, names: [loyaltyNo], patterns: ['LC-[0-9]{10}']}
names:
  card: none
resources:
  api/template/Orders:
    holds: [biz.order, biz.telescope_time]
    may_hold:
      - pii.email
    fields: {note: phi.record}
  edge/Names: {type: "AWS::Route53::HostedZone", holds: []}
links:
  api/template.TableName: data/template/Orders
ignore:
  - {id: public-function-url, reason: a page, expires: 2027-01-31}
"""
RESOURCES = ("api/template/Orders", "api/template/Users", "web/template/Users")


def facts(*ids: str) -> list[Stack | Resource]:
    """What templates would give for some tables."""
    stacks = dict.fromkeys(id.rpartition("/")[0] for id in ids)
    return [
        *(Stack(id=id, source=f"{id}.yaml", parameters={"Name": {}}) for id in stacks),
        *(Resource(id=id, stack=id.rpartition("/")[0], type="AWS::DynamoDB::Table") for id in ids),
    ]


def test_what_is_declared_becomes_decisions(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text(DECLARED)
    found = read_intent(tmp_path)
    loyalty = {
        "value": 5,
        "title": "loyalty card",
        "names": ["loyaltyNo"],
        "patterns": ["LC-[0-9]{10}"],
    }
    assert [(f.kind, f.subject, f.content) for f in found if isinstance(f, Decision)] == [
        ("data", "pii.email", {"value": 8}),
        ("data", "biz.telescope_time", {"value": 3}),
        ("data", "biz.loyalty", loyalty),
        ("name", "card", {"resource": "", "data": ""}),
        (
            "resource",
            "api/template/Orders",
            {"holds": ["biz.order", "biz.telescope_time"], "may_hold": ["pii.email"]},
        ),
        ("name", "note", {"resource": "api/template/Orders", "data": "phi.record"}),
        ("resource", "edge/Names", {"type": "AWS::Route53::HostedZone", "holds": []}),
        ("link", "api/template.TableName", {"target": "data/template/Orders"}),
        ("ignore", "public-function-url", {"reason": "a page", "expires": "2027-01-31"}),
    ]
    assert [(f.id, f.family, f.value, f.title) for f in found if isinstance(f, Data)] == [
        ("biz.telescope_time", "biz", 3, "telescope time"),
        ("biz.loyalty", "biz", 5, "loyalty card"),
    ]
    assert [(f.id, f.type, f.stack) for f in found if isinstance(f, Resource)] == [
        ("edge/Names", "AWS::Route53::HostedZone", "edge")
    ]
    assert [f.id for f in found if isinstance(f, Stack)] == ["edge"]
    assert [f for f in found if isinstance(f, Unread)] == []
    assert found[0].place == Place("checkrein.yaml", 3, 3, 3, 12)


@pytest.mark.parametrize("text", [None, "", "# nothing yet\n", "data:\n", "ignore:\nnames: {}\n"])
def test_nothing_may_be_declared(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "checkrein.yaml").write_text(text)
    assert read_intent(tmp_path) == []


WRONG = [
    ("dat:\n  a: 1\n", 1, "unknown section dat; did you mean data?"),
    (
        "[1]\n",
        1,
        "the file must hold sections: data, names, resources, links, programs, settings, ignore",
    ),
    ("data: 5\n", 1, "data must hold names and what they are given, not 5"),
    ("data:\n  pii.emial: 5\n", 2, "unknown data class pii.emial; did you mean pii.email?"),
    ("data:\n  ppi.shoe_size: 5\n", 2, "unknown family of data classes ppi; did you mean pii?"),
    (
        "data:\n  email: 5\n",
        2,
        "email is no data class; write family.class; did you mean pii.email?",
    ),
    ("data:\n  pii.email: 11\n", 2, "the value of pii.email must be a whole number from 0 to 10"),
    ("data:\n  pii.email: true\n", 2, "the value of pii.email must be a whole number from 0 to 10"),
    ("data:\n  pii.email: {value: x}\n", 2, "the value of pii.email must be a whole number from 0 to 10"),
    ("data:\n  pii.email: {valu: 3}\n", 2, "unknown key valu; did you mean value?"),
    ("data:\n  biz.loyalty: {title: card}\n", 2, "the new class biz.loyalty needs a value from 0 to 10"),
    ("data:\n  pii.email: {title: 5}\n", 2, "title must be a text, not 5"),
    ("data:\n  pii.email: {names: 5}\n", 2, "names must be a list of names of fields"),
    (
        "data:\n  pii.email: {patterns: ['a(']}\n",
        2,
        "the pattern a( is no regular expression: missing ), unterminated subpattern at position 1",
    ),
    (
        "data:\n  pii.email: {patterns: ['(a+)+b']}\n",
        2,
        "the pattern (a+)+b may take for ever on some texts: it repeats what is itself a repetition",
    ),
    (
        "data:\n  pii.email: {patterns: ['[0-9]*']}\n",
        2,
        "the pattern [0-9]* matches a text of no letters, and so everything",
    ),
    ("data:\n  pii.email: 1\n  pii.email: 2\n", 2, "pii.email stands twice; keep one"),
    ("data: {customer.id: 4}\n", 1, "unknown family of data classes customer; known are bank, biz, code, cred, fin, infra, pay, phi, pii, public, special, untrusted"),
    ("names: {card: pay.pann}\n", 1, "unknown data class pay.pann; did you mean pay.pan?"),
    ("resources:\n  a/T:\n    hold: []\n", 3, "unknown key hold; did you mean holds?"),
    (
        "resources:\n  a/T:\n    holds:\n      - biz.order\n      - pii.emall\n",
        5,
        "unknown data class pii.emall; did you mean pii.email?",
    ),
    ("resources:\n  a/T: {holds: pii.email}\n", 2, "holds must be a list of data classes"),
    ("resources:\n  a/T: {fields: {x: pii.emall}}\n", 2, "unknown data class pii.emall; did you mean pii.email?"),
    (
        "resources:\n  a/T:\n    type: DynamoDB\n",
        3,
        "DynamoDB is no CloudFormation type such as AWS::DynamoDB::Table; did you mean AWS::DynamoDB::Table?",
    ),
    (
        "resources:\n  a/T:\n    type: AWS::DynamoDB::Tabel\n",
        3,
        "unknown type AWS::DynamoDB::Tabel; did you mean AWS::DynamoDB::Table?",
    ),
    (
        "resources:\n  a/T:\n    type: AWS::DynamoDB::Table\n    properties:\n      KeySchem: []\n",
        5,
        "AWS::DynamoDB::Table has no property KeySchem; did you mean KeySchema?",
    ),
    (
        "resources:\n  a/T:\n    type: AWS::DynamoDB::Table\n    handler: x.y\n",
        4,
        "handler is for functions; a/T is of type AWS::DynamoDB::Table",
    ),
    ("resources:\n  a/F: {handler: x.y}\n", 2, "a/F needs a type, such as AWS::Lambda::Function"),
    (
        "resources:\n  a/F:\n    type: AWS::Lambda::Function\n    policies:\n      - {Crud: {}}\n",
        5,
        "{'Crud': {}} is neither a statement nor a managed policy; SAM's policy templates need type: AWS::Serverless::Function",
    ),
    (
        "resources:\n  a/F: {code: ../lost, handler: x.y}\n",
        2,
        "../lost lies outside the folder of checkrein.yaml",
    ),
    (
        "resources:\n  a/F: {code: /etc, handler: x.y}\n",
        2,
        "/etc lies outside the folder of checkrein.yaml",
    ),
    (
        "resources:\n  a/F: {code: lost, handler: x.y}\n",
        2,
        "there is no lost beside checkrein.yaml",
    ),
    ("resources:\n  a/F: {code: .}\n", 2, "a/F: its handler is not told; add handler: file.function"),
    (
        "links:\n  TableName: a/T\n",
        2,
        "TableName must be a stack and its parameter: api/template.X",
    ),
    (
        "links:\n  a.TableName: [a/T]\n",
        2,
        "the link of a.TableName must name one resource by its id",
    ),
    ("ignore: {a: b}\n", 1, "ignore must be a list of checks with a reason"),
    ("ignore:\n  - x\n", 2, "an ignore must hold an id and a reason, not 'x'"),
    ("ignore:\n  - id: x\n", 2, "an ignore needs a reason"),
    ("ignore:\n  - {reason: x}\n", 2, "an ignore needs an id"),
    ("ignore:\n  - {id: x, reason: y, subjct: z}\n", 2, "unknown key subjct; did you mean subject?"),
    ("ignore:\n  - {id: x, reason: 5}\n", 2, "reason must be a text, not 5"),
    (
        "ignore:\n  - {id: x, reason: y, expires: 31.1.2027}\n",
        2,
        "31.1.2027 is no date; write it as 2027-01-31",
    ),
    ("programs: [pic]\n", 1, "unknown compliance program pic; did you mean pci?"),
    ("settings: {fail_onn: low}\n", 1, "unknown setting fail_onn; did you mean fail_on?"),
    ("settings: {fail_on: hihg}\n", 1, "unknown fail_on hihg; did you mean high?"),
    ("settings: {persona: boss}\n", 1, "unknown persona boss; known are regular, auditor"),
    ("settings: {exclude: 5}\n", 1, "exclude must be a list of paths"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "problem"), WRONG)
def test_a_slip_is_named_with_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    (tmp_path / "checkrein.yaml").write_text(text)
    unread = [fact for fact in read_intent(tmp_path) if isinstance(fact, Unread)]
    assert [(fact.reason, fact.path, fact.place.line, fact.fatal) for fact in unread] == [
        (f"line {line}: {problem}", "checkrein.yaml", line, True)
    ]


SLIPS = """
dat: 1
data: {pii.emial: 1, pii.email: 8}
names: {card: nonne, memo: phi.record}
resources: {a/T: {holds: [pii.emall, biz.order], hold: []}, b/T: {type: X}, c/T: {holds: []}}
programs: [pic, pci]
ignore:
  - {reason: x}
  - {id: x, reason: y, subjct: z}
  - {id: good, reason: known}
"""


def test_a_slip_costs_nothing_but_itself(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text(SLIPS)
    found = read_intent(tmp_path)
    assert [(f.subject, f.content) for f in found if isinstance(f, Decision)] == [
        ("pii.email", {"value": 8}),
        ("memo", {"resource": "", "data": "phi.record"}),
        ("a/T", {"holds": ["biz.order"]}),
        ("c/T", {"holds": []}),
        ("good", {"reason": "known"}),
    ]
    assert [f.place.line for f in found if isinstance(f, Unread)] == [2, 3, 4, 5, 5, 5, 6, 8, 9]


UNKNOWN = [
    ("resources: {api/template/Order: {holds: []}}", "no resource is called api/template/Order; did you mean api/template/Orders?"),
    ("resources: {Users: {holds: []}}", "Users may be api/template/Users or web/template/Users; write which"),
    ("links: {api/templat.Name: api/template/Orders}", "no stack is called api/templat; did you mean api/template?"),
    ("links: {api/template.Nam: api/template/Orders}", "unknown parameter of api/template: Nam; did you mean Name?"),
    ("links: {api/template.Name: api/template/Order}", "no resource is called api/template/Order; did you mean api/template/Orders?"),
    ("resources: {e/Z: {type: AWS::Route53::HostedZone, properties: {Name: '${Order}.de'}}}", "no resource is called Order; did you mean api/template/Orders?"),
    ("resources: {e/F: {type: AWS::Lambda::Function, role: e/Rol}, e/Role: {type: AWS::IAM::Role}}", "no role is called e/Rol; did you mean e/Role?"),
    ("resources: {e/F: {type: AWS::Serverless::Function, handler: x.y, runtime: python3.13, events: {A: {Type: SQS, Properties: {Queue: User}}}}}", "no resource is called User; did you mean api/template/Users?"),
    ("resources: {e/F: {type: AWS::Lambda::Function, events: [PUT]}}", "no trigger PUT: write a route (POST /orders), a resource's id, rate(…), cron(…) or url; known are api/template/Orders, api/template/Users, web/template/Users, e/F"),
    ("resources: {e/F: {type: AWS::Lambda::Function, events: [GET /: Userz]}}", "Userz cannot say who calls: write anyone, iam, a user pool or a function; known are anyone, iam, e/F"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem"), UNKNOWN)
def test_an_id_is_called_unknown_only_where_all_was_read(
    tmp_path: Path, text: str, problem: str
) -> None:
    (tmp_path / "checkrein.yaml").write_text(text)
    found = read_intent(tmp_path, facts(*RESOURCES), complete=True)
    assert [f.reason for f in found if isinstance(f, Unread)] == [f"line 1: {problem}"]
    lost = Unread(id="x", path="x", reason="broken", effect="-")
    if problem.startswith(("no resource", "no stack", "no role", "unknown parameter")):
        partly = read_intent(tmp_path, [*facts(*RESOURCES), lost], complete=True)
        assert [f for f in partly if isinstance(f, Unread)] == []


def test_the_end_of_an_id_is_enough(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text(
        "resources: {Orders: {holds: []}}\nlinks: {web/template.Name: Orders}"
    )
    found = read_intent(tmp_path, facts(*RESOURCES), complete=True)
    assert [(f.subject, f.content) for f in found if isinstance(f, Decision)] == [
        ("api/template/Orders", {"holds": []}),
        ("web/template.Name", {"target": "api/template/Orders"}),
    ]


def test_a_template_says_what_its_own_resources_are(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text(
        "resources: {api/template/Orders: {type: AWS::S3::Bucket, properties: {}}}"
    )
    found = read_intent(tmp_path, facts(*RESOURCES), complete=True)
    assert [f.reason for f in found if isinstance(f, Unread)] == [
        "line 1: api/template/Orders is of type AWS::DynamoDB::Table, as its template says",
        "line 1: properties does not count: a template declares api/template/Orders",
    ]
    assert [f for f in found if isinstance(f, Resource)] == []


REFERENCES = """
resources:
  Queue: {type: AWS::SQS::Queue}
  edge/Rights:
    type: AWS::IAM::Policy
    properties:
      PolicyName: Rights
      Roles: [edge/Role]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: "dynamodb:*", Resource: api/template/Orders}
          - {Effect: Allow, Action: "s3:*", Resource: "${api/template/Orders.Arn}/${aws:username}"}
          - {Effect: Allow, Action: "sqs:*", Resource: !GetAtt Queue.Arn}
          - {Effect: Allow, Action: "x:*", Resource: !Sub "${Role.Arn}-${AWS::Region}-${!Literal}"}
  edge/Role: {type: AWS::IAM::Role}
"""


def test_resources_name_each_other_by_id(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text(REFERENCES)
    found = read_intent(tmp_path, facts(*RESOURCES), complete=True)
    assert [f.reason for f in found if isinstance(f, Unread)] == []
    rights = next(f for f in found if isinstance(f, Resource) and f.name == "Rights")
    orders = Symbol("api/template/Orders", "Arn")
    assert rights.value("Roles") == [Symbol("edge/Role", "Ref")]
    assert [each["Resource"] for each in rights.value("PolicyDocument.Statement")] == [
        orders,
        Text((orders, "/${aws:username}")),
        Symbol("declared/Queue", "Arn"),
        Text((Symbol("edge/Role", "Arn"), "-", Symbol("@aws", "Region"), "-${Literal}")),
    ]
    assert rights.where("PolicyDocument.Statement.1.Resource") == Place(
        "checkrein.yaml", 12, 55, 12, 99
    )


def test_settings_are_read_before_everything(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings()
    (tmp_path / "checkrein.yaml").write_text(
        "programs: [hipaa, pic]\nsettings: {fail_on: low, persona: boss, exclude: old}\n"
    )
    assert read_settings(tmp_path) == Settings("low", "", ("old",), ("hipaa",))
    (tmp_path / "checkrein.yaml").write_text("settings: [\n")
    assert read_settings(tmp_path) == Settings()


def test_what_is_no_yaml_is_an_intent_error(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text("data: [\n")
    with pytest.raises(IntentError):
        read_intent(tmp_path)


def test_the_end_of_a_class_is_enough_to_tell_which_is_meant(tmp_path: Path) -> None:
    (tmp_path / "checkrein.yaml").write_text("names: {card: pan}\n")
    unread = [fact.reason for fact in read_intent(tmp_path) if isinstance(fact, Unread)]
    assert unread == ["line 1: unknown data class pan; did you mean pay.pan?"]
