"""Functions read on all cores: each summary is that function's own, and no reading leaves rubbish."""

import gc
from pathlib import Path

from checkrein import code
from checkrein.code.running.interpreter import Interpreter
from checkrein.model import Code, Function, Summary
from checkrein.pipeline import scan
from checkrein.pipeline.reading import MANY

FUNCTION = """
  F{n}:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.14, Handler: app{n}.handler, Code: src, Role: arn:aws:iam::1:role/r}}
"""
MODULE = """\
import boto3
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl="queue{n}", MessageBody=event["body"])
"""
SIZES = (MANY, MANY + 1, 2 * MANY + 5)


def test_each_function_of_many_has_its_own_summary(tmp_path: Path) -> None:
    for size in SIZES:
        root = tmp_path / str(size)
        (root / "src").mkdir(parents=True)
        for n in range(size):
            (root / "src" / f"app{n}.py").write_text(MODULE.format(n=n))
        text = "Resources:" + "".join(FUNCTION.format(n=n) for n in range(size))
        (root / "template.yaml").write_text(text)

        summaries = scan([root]).app.every(Summary)

        sent = {one.function: one.calls[0].arguments[0].value for one in summaries}
        assert sent == {f"template/F{n}": f"queue{n}" for n in range(size)}


def test_nothing_is_left_to_collect_when_a_function_was_read(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(MODULE.format(n=1))
    function = Function(
        id="f", runtime="", language="python", handler="app.handler", code=Code("", "app.py")
    )
    gc.collect()  # what other tests have left
    gc.disable()
    try:
        calls = code.analyse(tmp_path, function).calls
        left = [one for one in gc.get_objects() if type(one) is Interpreter]
    finally:
        gc.enable()

    assert [call.operation for call in calls] == ["SendMessage"]
    assert left == []
