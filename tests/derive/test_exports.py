from collections.abc import Callable

import pytest

from checkrein.model import App, Deployment

Scan = Callable[[dict[str, str]], App]


@pytest.mark.parametrize("base", ["{Type: String}", "{Type: String, Default: my-base}"])
def test_an_export_named_after_its_stack_is_found_by_the_rest_of_its_name(
    derived: Scan, base: str
) -> None:
    gives = """
        Resources: {Jobs: {Type: AWS::SQS::Queue}}
        Outputs: {Jobs: {Value: !GetAtt Jobs.Arn, Export: {Name: !Sub "${AWS::StackName}-jobs"}}}
    """
    takes = """
        Parameters: {Base: BASE}
        Resources:
          Note:
            Type: AWS::SSM::Parameter
            Properties: {Type: String, Value: {"Fn::ImportValue": !Sub "${Base}-jobs"}}
    """
    app = derived({"base/queue.yaml": gives, "app/worker.yaml": takes.replace("BASE", base)})

    assert [d.stacks for d in app.every(Deployment)] == [("app/worker", "base/queue")]
