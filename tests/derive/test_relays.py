"""What rules and pipes hand on: whole events, parts of them, and what templates make of them."""

from collections.abc import Callable
from textwrap import indent

import pytest

from checkrein.model import App, Flow, Row

Scan = Callable[[dict[str, str]], App]

SCENE = """
Resources:
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: bus}}
  Orders: {Type: AWS::SQS::Queue}
  Mail: {Type: AWS::SQS::Queue}
  People: {Type: AWS::DynamoDB::Table}
  Steps: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: "{}"}}
  Key: {Type: AWS::Events::Connection, Properties: {AuthorizationType: API_KEY}}
  Hook:
    Type: AWS::Events::ApiDestination
    Properties: {ConnectionArn: !GetAtt Key.Arn, InvocationEndpoint: "https://hooks.example.com/in", HttpMethod: POST}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/worker
      Code: {ZipFile: "def handler(event, context): return {'to': event[0]['body']['phone']}"}
"""


def relayed(derived: Scan, relay: str) -> tuple[App, list[tuple[str, str]]]:
    app = derived({"app.yaml": f"{SCENE}  Relay:\n{indent(relay, '    ')}"})
    return app, [
        (
            f"{f.source.node.removeprefix('app/')} {f.source.path}".strip(),
            f"{f.target.node.removeprefix('app/')} {f.target.path}".strip(),
        )
        for f in app.every(Flow)
        if f.via == "app/Relay"
    ]


RULE = """
Type: AWS::Events::Rule
Properties:
  EventBusName: !Ref Bus
  EventPattern: {{source: [shop]}}
  Targets: [{{Id: one, Arn: !GetAtt {target}.Arn{how}}}]
"""


@pytest.mark.parametrize(
    ("target", "how", "flows"),
    [
        pytest.param("Orders", "", [("Bus", "Orders detail")], id="the whole event"),
        pytest.param("Steps", ", InputPath: $.detail", [("Bus", "Steps")], id="a path"),
        pytest.param("Steps", ", InputPath: '$.detail.user'", [("Bus user", "Steps")], id="a field"),
        pytest.param("Work", ", InputPath: $.detail", [("Bus", "Work event")], id="to a function"),
        pytest.param("Orders", ", Input: '{\"a\": 1}'", [], id="a constant"),
        pytest.param(
            "Hook",
            ", InputTransformer: {InputPathsMap: {who: $.detail.user.email, at: $.time},"
            " InputTemplate: '{\"text\": \"Hello <who>\", \"at\": <at>}'}",
            [("Bus user.email", "host:hooks.example.com body.text")],
            id="a template to a host",
        ),
        pytest.param(
            "Hook",
            ", Input: '{}', HttpParameters: {QueryStringParameters: {who: $.detail.user.email, to: x},"
            " PathParameterValues: [$.detail.id, fixed]}",
            [("Bus id", "host:hooks.example.com url"), ("Bus user.email", "host:hooks.example.com query.who")],
            id="the address of a request",
        ),
        pytest.param(
            "Orders",
            ", HttpParameters: {QueryStringParameters: {who: $.detail.user.email}}",
            [("Bus", "Orders detail")],
            id="an address for what has none",
        ),
        pytest.param(
            "Orders",
            ", InputTransformer: {InputTemplate: '{\"all\": <aws.events.event.json>}'}",
            [("Bus", "Orders all.detail")],
            id="the event in a template",
        ),
    ],
)  # fmt: skip
def test_what_a_rule_hands_on(
    derived: Scan, target: str, how: str, flows: list[tuple[str, str]]
) -> None:
    assert relayed(derived, RULE.format(target=target, how=how))[1] == flows


def test_rules_on_the_default_bus_hand_on_what_apps_send(derived: Scan) -> None:
    rule = RULE.format(target="Mail", how="").replace("  EventBusName: !Ref Bus\n", "")
    assert relayed(derived, rule)[1] == [("app@default-bus", "Mail detail")]


def test_a_rule_stands_for_a_bus_that_is_elsewhere(derived: Scan) -> None:
    rule = RULE.format(target="Hook", how=", InputPath: '$.detail.user'")
    _, flows = relayed(derived, rule.replace("!Ref Bus", "arn:aws:events:eu-west-1:1:event-bus/o"))
    assert flows == [("Relay user", "host:hooks.example.com body")]


PIPE = """
Type: AWS::Pipes::Pipe
Properties:
  RoleArn: arn:aws:iam::111122223333:role/pipes
  Source: !GetAtt {source}
  Target: !GetAtt {target}.Arn
"""


@pytest.mark.parametrize(
    ("source", "target", "more", "flows"),
    [
        pytest.param("Orders.Arn", "Mail", "", [("Orders", "Mail body")], id="a record"),
        pytest.param("Orders.Arn", "Steps", "", [("Orders", "Steps [].body")], id="a batch"),
        pytest.param(
            "Orders.Arn",
            "Mail",
            "  TargetParameters: {InputTemplate: '{\"to\": <$.body.user.email>, \"n\": 1}'}\n",
            [("Orders user.email", "Mail to")],
            id="a template",
        ),
        pytest.param(
            "People.StreamArn",
            "Bus",
            "  TargetParameters: {InputTemplate: '{\"to\": <$.dynamodb.NewImage.email.S>}'}\n",
            [("People email", "Bus to")],
            id="a stream of a table",
        ),
    ],
)  # fmt: skip
def test_what_a_pipe_hands_on(
    derived: Scan, source: str, target: str, more: str, flows: list[tuple[str, str]]
) -> None:
    assert relayed(derived, PIPE.format(source=source, target=target) + more)[1] == flows


def test_a_pipe_hands_on_what_its_enrichment_makes(derived: Scan) -> None:
    more = (
        "  Enrichment: !GetAtt Work.Arn\n  TargetParameters: {InputTemplate: '{\"tel\": <$.to>}'}\n"
    )
    app, flows = relayed(derived, PIPE.format(source="Orders.Arn", target="Mail") + more)
    coded = {row.id.removeprefix("app/"): row.coded for row in app.every(Row)}

    assert flows == [("Orders", "Work event[].body"), ("Work@response to", "Mail tel")]
    assert (coded["Orders"], coded["Mail"]) == (("pii.phone",), ("pii.phone",))
