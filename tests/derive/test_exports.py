from collections.abc import Callable

from checkrein.model import App, Deployment

Scan = Callable[[dict[str, str]], App]


def test_an_export_named_after_its_stack_is_found_by_the_rest_of_its_name(derived: Scan) -> None:
    gives = """
        Resources: {Jobs: {Type: AWS::SQS::Queue}}
        Outputs: {Jobs: {Value: !GetAtt Jobs.Arn, Export: {Name: !Sub "${AWS::StackName}-jobs"}}}
    """
    takes = """
        Parameters: {Base: {Type: String}}
        Resources:
          Note:
            Type: AWS::SSM::Parameter
            Properties: {Type: String, Value: {"Fn::ImportValue": !Sub "${Base}-jobs"}}
    """
    app = derived({"base/queue.yaml": gives, "app/worker.yaml": takes})

    assert [d.stacks for d in app.every(Deployment)] == [("app/worker", "base/queue")]
