"""What one stack asks for by name is what another offers under that name, in its own application."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Deployment, Resource

Scan = Callable[[dict[str, str]], App]

QUEUE = """
    Parameters: {Env: {Type: String}}
    Resources:
      Jobs: {Type: AWS::SQS::Queue}
      Where: {Type: AWS::SSM::Parameter, Properties: {Name: NAME, Type: String, Value: !Ref Jobs}}
    Outputs: {Jobs: {Value: !GetAtt Jobs.Arn, Export: {Name: EXPORT}}}
"""
WORKER = """
    Parameters:
      Stage: {Type: String}
      Path: {Type: "AWS::SSM::Parameter::Value<String>", Default: /jobs/where}
    Resources:
      Note: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: VALUE}}
"""


def queue(export: str = "jobs", name: str = "/jobs/where") -> str:
    return QUEUE.replace("EXPORT", export).replace("NAME", name)


def worker(value: str) -> str:
    return WORKER.replace("VALUE", value)


def stacks(app: App) -> set[tuple[str, ...]]:
    return {deployment.stacks for deployment in app.every(Deployment)}


def noted(app: App, id: str) -> str:
    resource = app.get(Resource, id)
    assert resource
    return str(resource.value("LogGroupName"))


@pytest.mark.parametrize(
    ("offered", "asked", "certain"),
    [
        ("jobs-arn", "{'Fn::ImportValue': jobs-arn}", True),
        ("!Sub '${Env}-jobs-arn'", "{'Fn::ImportValue': !Sub '${Stage}-jobs-arn'}", False),
        ("!Sub '${Env}-jobs-arn'", "{'Fn::ImportValue': live-jobs-arn}", False),
        ("live-jobs-arn", "{'Fn::ImportValue': !Sub '${Stage}-jobs-arn'}", False),
        ("!Sub '${Env}-jobs'", "{'Fn::ImportValue': !Sub '${Stage}-jobs-arn'}", None),
        ("!Sub '${Env}-a'", "{'Fn::ImportValue': !Sub '${Stage}-a'}", None),
        ("jobs-arn", "{'Fn::ImportValue': !Ref Stage}", None),
    ],
)
def test_names_agree_where_what_is_known_of_them_does(
    offered: str, asked: str, *, certain: bool | None, derived: Scan
) -> None:
    app = derived({"a/queue.yaml": queue(offered, "/other"), "b/worker.yaml": worker(asked)})

    found = [link.certain for d in app.every(Deployment) for link in d.imports]
    assert found == ([] if certain is None else [certain])
    assert (noted(app, "b/worker/Note") == "${a/queue/Jobs.Arn}") == (certain is not None)


@pytest.mark.parametrize(
    "asked", ["!Ref Path", "'{{resolve:ssm:/jobs/where}}'", "'{{resolve:ssm:/jobs/where:3}}'"]
)
def test_a_parameter_of_parameter_store_is_what_another_stack_writes(
    asked: str, derived: Scan
) -> None:
    app = derived({"a/queue.yaml": queue(), "b/worker.yaml": worker(asked)})

    assert noted(app, "b/worker/Note") == "${a/queue/Jobs.Ref}"
    assert stacks(app) == {("a/queue", "b/worker")}


def test_a_parameters_name_may_be_known_in_part(derived: Scan) -> None:
    parent = """
        Parameters: {Stage: {Type: String}}
        Resources:
          Inner:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: worker.yaml, Parameters: {Path: !Sub "/app/${Stage}/jobs"}}
    """
    offered = queue(name="!Sub '/app/${Env}/jobs'")
    app = derived(
        {"queue.yaml": offered, "parent.yaml": parent, "worker.yaml": worker("!Ref Path")}
    )

    assert noted(app, "parent/Inner/Note") == "${queue/Jobs.Ref}"


def test_each_copy_of_an_application_asks_its_own(derived: Scan) -> None:
    copies = ("lab1", "lab2", "lab3")
    files = {f"{copy}/queue.yaml": queue() for copy in copies}
    files |= {f"{copy}/worker.yaml": worker("{'Fn::ImportValue': jobs}") for copy in copies}
    app = derived(files)

    assert [noted(app, f"{copy}/worker/Note") for copy in copies] == [
        f"${{{copy}/queue/Jobs.Arn}}" for copy in copies
    ]
    assert stacks(app) == {(f"{copy}/queue", f"{copy}/worker") for copy in copies}


def test_environments_are_not_joined_to_each_other(derived: Scan) -> None:
    files = {f"queue-{stage}.yaml": queue() for stage in ("dev", "prod")}
    app = derived({**files, "worker-prod.yaml": worker("{'Fn::ImportValue': jobs}")})

    assert stacks(app) == {("queue-dev",), ("queue-prod", "worker-prod")}


def test_of_several_that_offer_the_same_none_is_taken(derived: Scan) -> None:
    files = {f"queue-{stage}.yaml": queue() for stage in ("dev", "prod")}
    app = derived({**files, "worker.yaml": worker("{'Fn::ImportValue': jobs}")})

    assert noted(app, "worker/Note") == "${@export.jobs}"
    assert stacks(app) == {("queue-dev",), ("queue-prod",), ("worker",)}


def test_the_name_of_a_stack_tells_which_export_is_meant(derived: Scan) -> None:
    named = "!Sub '${AWS::StackName}-jobs'"
    files = {f"{name}/template.yaml": queue(named, f"/{name}") for name in ("orders", "mails")}
    files |= {
        f"{name}/samconfig.toml": f'[default.deploy.parameters]\nstack_name = "{name}-live"\n'
        for name in ("orders", "mails")
    }
    app = derived({**files, "worker.yaml": worker("{'Fn::ImportValue': mails-live-jobs}")})

    assert noted(app, "worker/Note") == "${mails/template/Jobs.Arn}"


def test_a_secret_of_another_stack_is_that_stacks(derived: Scan) -> None:
    secret = """
        Resources: {Login: {Type: AWS::SecretsManager::Secret, Properties: {Name: shop/login}}}
    """
    asked = "'{{resolve:secretsmanager:shop/login:SecretString:password}}'"
    app = derived({"a/secret.yaml": secret, "b/worker.yaml": worker(asked)})

    assert noted(app, "b/worker/Note") == "${a/secret/Login.SecretString.password}"


@pytest.mark.parametrize(
    "asked",
    ["'{{resolve:secretsmanager:${Login}::password}}'", "'{{resolve:secretsmanager:${Login}}}'"],
)
def test_a_secret_is_known_without_naming_its_text(asked: str, derived: Scan) -> None:
    secret = f"""
        Resources:
          Login: {{Type: AWS::SecretsManager::Secret}}
          Note: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: !Sub {asked}}}}}
    """
    app = derived({"secret.yaml": secret})

    assert noted(app, "secret/Note").startswith("${secret/Login.SecretString")


def test_what_is_offered_is_said_in_the_words_of_who_offers(derived: Scan) -> None:
    passed_on = """
        Resources: {Note: {Type: AWS::Logs::LogGroup}}
        Outputs: {On: {Value: !ImportValue jobs, Export: {Name: passed-on}}}
    """
    asked = worker("{'Fn::ImportValue': passed-on}")
    app = derived({"a.yaml": queue(), "b.yaml": passed_on, "c.yaml": asked})

    assert noted(app, "c/Note") == "${a/Jobs.Arn}"


SERVICE = """
    service: NAME
    provider:
      name: aws
      runtime: nodejs22.x
      environment: {GIVEN: "ASKED"}
    functions: {work: {handler: work.handler}}
    resources:
      Resources: {NAMEBox: {Type: AWS::S3::Bucket}}
      Outputs: {BoxName: {Value: !Ref NAMEBox}}
"""


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("${ssm:/jobs/where}", "${platform/template/Jobs.Ref}"),
        ("${cf:platform-${sls:stage}.Jobs}", "${platform/template/Jobs.Arn}"),
        ("${cf:orders-dev.BoxName}", "${orders/serverless/OrdersBox.Ref}"),
        ("${cf:orders-live.BoxName}", "${@stack-output.orders-live.BoxName}"),
        ("${cf:elsewhere-dev.Jobs}", "${@stack-output.elsewhere-dev.Jobs}"),
    ],
)
def test_stacks_of_other_notations_are_joined(asked: str, meant: str, derived: Scan) -> None:
    app = derived(
        {
            "platform/template.yaml": queue(),
            "platform/samconfig.toml": (
                '[default.deploy.parameters]\nstack_name = "platform-dev"\n'
            ),
            "orders/serverless.yml": SERVICE.replace("NAME", "Orders").replace(
                "service: Orders", "service: orders"
            ),
            "mails/serverless.yml": SERVICE.replace("NAME", "mails").replace("ASKED", asked),
        }
    )

    (function,) = (
        each for each in app.every(Resource)
        if each.type == "AWS::Lambda::Function" and each.stack == "mails/serverless"
    )  # fmt: skip
    assert str(function.value("Environment.Variables.GIVEN")) == meant


def test_an_output_of_a_stack_whose_name_is_not_known_is_likely_its_by_its_folder(
    derived: Scan,
) -> None:
    asked = SERVICE.replace("NAME", "mails").replace("ASKED", "${cf:platform-dev.Jobs}")
    app = derived(
        {
            "platform/template.yaml": queue(),
            "other/template.yaml": queue("theirs", "/theirs"),
            "mails/serverless.yml": asked,
        }
    )

    found = [(str(link.target), link.certain) for d in app.every(Deployment) for link in d.imports]
    assert found == [("${platform/template/Jobs.Arn}", False)]
