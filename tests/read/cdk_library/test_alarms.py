"""Alarms of a CDK program act where they are told to, and others look at them."""

from __future__ import annotations

from pathlib import Path

from checkrein.model.values import Open, Symbol, symbols
from checkrein.read.cdk.unsynthesized.trace import Called, New
from tests.read.cdk_library.traces import PLACE, Program, of


def test_what_an_alarm_does(tmp_path: Path) -> None:
    program = Program()
    topic = program.make("aws_sns.Topic", "Told", {})
    alarm = program.make("aws_cloudwatch.Alarm", "Late", {"threshold": 1})
    program.call(alarm, "addAlarmAction", New("aws_cloudwatch_actions.SnsAction", [topic], PLACE))
    program.call(alarm, "addOkAction", New("aws_cloudwatch_actions.Ec2Action", ["stop"], PLACE))

    found = program.resources(tmp_path)["app/Late"].properties

    assert list(symbols(found["AlarmActions"])) == [Symbol("app/Told", "Ref")]
    assert isinstance(found["OKActions"][0], Open)


def test_an_alarm_of_alarms(tmp_path: Path) -> None:
    program = Program()
    late = program.make("aws_cloudwatch.Alarm", "Late", {"threshold": 1})
    failed = program.make("aws_cloudwatch.Alarm", "Failed", {"threshold": 1})
    rule = of("aws_cloudwatch.AlarmRule")
    each = [Called(rule, "fromAlarm", [one, "ALARM"], PLACE) for one in (late, failed)]
    any_of = Called(rule, "anyOf", each, PLACE)
    program.make("aws_cloudwatch.CompositeAlarm", "Ill", {"alarmRule": any_of})

    found = program.resources(tmp_path)["app/Ill"]

    assert found.type == "AWS::CloudWatch::CompositeAlarm"
    assert {one.owner for one in symbols(found.properties)} == {"app/Late", "app/Failed"}
