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


def test_a_part_of_a_template_exports_nothing_where_the_whole_one_does(derived: Scan) -> None:
    """Templates may be put together from parts: outputs of one name resources of another."""
    outputs = "Outputs: {Jobs: {Value: !GetAtt Jobs.Arn, Export: {Name: all-jobs}}}\n"
    whole = f"Resources: {{Jobs: {{Type: AWS::SQS::Queue}}}}\n{outputs}"
    part = f"Resources: {{Notes: {{Type: AWS::SNS::Topic}}}}\n{outputs}"
    takes = """
        Resources:
          Note:
            Type: AWS::SSM::Parameter
            Properties: {Type: String, Value: !ImportValue all-jobs}
    """
    app = derived({"base/template.yaml": whole, "base/parts/all.yaml": part, "app/app.yaml": takes})

    assert ("app/app", "base/template") in [d.stacks for d in app.every(Deployment)]
