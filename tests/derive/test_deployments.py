from collections.abc import Callable

from checkrein.model import App, Deployment

Scan = Callable[[dict[str, str]], App]

SITE = """
    Parameters: {SiteName: {Type: String}}
    Resources:
      PageBucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref SiteName}}
"""
USERS = """
    Resources:
      Riders: {Type: AWS::Cognito::UserPool}
"""
API = """
    Parameters: {RidersArn: {Type: String}, PageBucketName: {Type: String}}
    Resources:
      Rides: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref PageBucketName}}
      Note: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref RidersArn}}
"""


def joins(app: App) -> dict[str, tuple[str, ...]]:
    return {d.id: d.stacks for d in app.every(Deployment)}


def links(app: App) -> dict[str, str]:
    return {link.parameter: str(link.target) for d in app.every(Deployment) for link in d.links}


def test_parameters_that_name_other_stacks_resources_join_them(derived: Scan) -> None:
    app = derived({"1/site.yaml": SITE, "2/users.yaml": USERS, "3/api.yaml": API})

    assert joins(app) == {"1/site": ("1/site", "2/users", "3/api")}
    assert links(app) == {
        "3/api.RidersArn": "${2/users/Riders.Arn}",
        "3/api.PageBucketName": "${1/site/PageBucket.Ref}",
    }


def test_an_all_in_one_copy_stays_apart(derived: Scan) -> None:
    whole = SITE + "      Riders: {Type: AWS::Cognito::UserPool}\n"
    app = derived(
        {"1/site.yaml": SITE, "2/users.yaml": USERS, "3/api.yaml": API, "4/whole.yaml": whole}
    )

    assert joins(app) == {"1/site": ("1/site", "2/users", "3/api"), "4/whole": ("4/whole",)}


def test_a_collection_of_applications_stays_apart(derived: Scan) -> None:
    files = {f"pattern{n}/site.yaml": SITE for n in range(3)}
    app = derived({**files, "other/api.yaml": API, "users/users.yaml": USERS})

    assert all(len(stacks) == 1 for stacks in joins(app).values())


def test_parts_of_one_application_inside_a_collection_are_joined(derived: Scan) -> None:
    files = {f"pattern{n}/site.yaml": SITE for n in range(3)}
    app = derived({**files, "pattern0/parts/api.yaml": API})

    assert joins(app)["pattern0/site"] == ("pattern0/parts/api", "pattern0/site")


def test_services_that_each_have_a_store_called_table_are_one_application(derived: Scan) -> None:
    service = """
        Parameters: {RidersArn: {Type: String}}
        Resources:
          Table: {Type: AWS::DynamoDB::Table, Properties: {}}
          Note: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Ref RidersArn}}
    """
    names = ("orders", "products", "users", "warehouse")
    app = derived({f"{name}/template.yaml": service for name in names} | {"pool.yaml": USERS})

    assert links(app) == {f"{name}/template.RidersArn": "${pool/Riders.Arn}" for name in names}


def test_exports_join(derived: Scan) -> None:
    gives = """
        Resources: {Jobs: {Type: AWS::SQS::Queue}}
        Outputs: {Jobs: {Value: !GetAtt Jobs.Arn, Export: {Name: jobs-arn}}}
    """
    takes = """
        Resources:
          Worker:
            Type: AWS::SSM::Parameter
            Properties: {Type: String, Value: !ImportValue jobs-arn}
    """
    app = derived({"a/queue.yaml": gives, "b/worker.yaml": takes})

    assert joins(app) == {"a/queue": ("a/queue", "b/worker")}


def test_a_declared_link_settles_what_names_do_not(derived: Scan) -> None:
    other = """
        Parameters: {Where: {Type: String}}
        Resources: {Note: {Type: AWS::SSM::Parameter, Properties: {Value: !Ref Where}}}
    """
    declared = "links: {b/other.Where: a/site/PageBucket}\n"
    app = derived({"a/site.yaml": SITE, "b/other.yaml": other, "checkrein.yaml": declared})

    assert joins(app) == {"a/site": ("a/site", "b/other")}


def test_a_path_of_parameter_store_is_told_by_the_words_of_a_parameter(derived: Scan) -> None:
    bus = """
        Parameters: {Stage: {Type: String}}
        Resources:
          AlarmTopic: {Type: AWS::SNS::Topic}
          Bus: {Type: AWS::Events::EventBus, Properties: {Name: shop}}
          Archive: {Type: AWS::DynamoDB::Table}
          Here:
            Type: AWS::SSM::Parameter
            Properties: {Name: !Sub "/shop/${Stage}/platform/event-bus/name", Value: !Ref Bus}
          There:
            Type: AWS::SSM::Parameter
            Properties: {Name: !Sub "/shop/${Stage}/platform/event-bus/arn", Value: !GetAtt Bus.Arn}
    """
    orders = """
        Parameters:
          EventBusName: {Type: "AWS::SSM::Parameter::Value<String>"}
          PlainBusName: {Type: String}
        Resources:
          AlarmTopic: {Type: AWS::SNS::Topic}
          Orders: {Type: AWS::DynamoDB::Table}
          Placed: {Type: AWS::SQS::Queue}
          Rule: {Type: AWS::Events::Rule, Properties: {EventBusName: !Ref EventBusName}}
    """
    app = derived({"platform/template.yaml": bus, "orders/template.yaml": orders})

    assert links(app) == {"orders/template.EventBusName": "${platform/template/Bus.Ref}"}
