"""Services of which little is told: certificates, names, alarms, databases, containers."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.model.values import Open, Value
from checkrein.read.cdk.unsynthesized.library.policies import allow, granted
from checkrein.read.cdk.unsynthesized.library.registry import makes, method, silent
from checkrein.read.cdk.unsynthesized.library.services.core import kept
from checkrein.read.cdk.unsynthesized.library.services.network import (
    group_id,
    make_group,
)
from checkrein.read.cdk.unsynthesized.library.services.secrets import key_arn
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import (
    argument,
    arn,
    days,
    imported_as,
    joined,
    last_name,
    prop,
)
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced, Unknown

silent("aws_route53.ARecord", "aws_route53.AaaaRecord", "aws_route53.CnameRecord",
       "aws_route53.TxtRecord", "aws_route53.MxRecord", "aws_route53.RecordSet",
       "aws_route53.HostedZone",
       "aws_rds.SubnetGroup", "aws_ses.EmailIdentity", "aws_ses.ConfigurationSet",
       "aws_logs.MetricFilter", "aws_logs.QueryDefinition")  # fmt: skip


@makes("aws_certificatemanager.Certificate", "aws_certificatemanager.DnsValidatedCertificate")
def certificate(world: World, made: Construct) -> None:
    made.put(
        "AWS::CertificateManager::Certificate",
        {
            "DomainName": world.given(made, "domainName"),
            "SubjectAlternativeNames": world.given(made, "subjectAlternativeNames"),
            "ValidationMethod": "DNS",
        },
        "Resource",
    )


@method("aws_certificatemanager.Certificate.fromCertificateArn")
def imported_certificate(world: World, made: Construct, called: Called) -> Construct:
    made.attributes["certificateArn"] = world.value(imported_as(called))
    return made


@makes("aws_cloudwatch.Alarm")
def alarm(world: World, made: Construct) -> None:
    made.put(
        "AWS::CloudWatch::Alarm",
        {
            "AlarmName": world.given(made, "alarmName"),
            "AlarmDescription": world.given(made, "alarmDescription"),
            "Threshold": world.given(made, "threshold"),
            "EvaluationPeriods": world.given(made, "evaluationPeriods"),
            "ComparisonOperator": world.given(made, "comparisonOperator")
            or "GreaterThanOrEqualToThreshold",
            "Metrics": Open("what is measured"),
        },
        "Resource",
    )


@makes("aws_cloudwatch.CompositeAlarm")
def composite_alarm(world: World, made: Construct) -> None:
    rule = world.given(made, "alarmRule")
    looked = [each.of("Arn") for each in _alarms(world, prop(made.given, "alarmRule"))]
    made.put(
        "AWS::CloudWatch::CompositeAlarm",
        {
            "AlarmName": world.given(made, "compositeAlarmName"),
            "AlarmRule": joined(*looked) if looked else rule,
        },
        "Resource",
    )


def _alarms(world: World, rule: Traced) -> Iterator[Construct]:
    """Yield the alarms that a rule is made of, at any depth."""
    for each in rule.arguments if isinstance(rule, Called) else ():
        found = world.construct(each)
        if found:
            yield found
        else:
            yield from _alarms(world, each)


@method("addAlarmAction", "addOkAction", "addInsufficientDataAction", of=("aws_cloudwatch",))
def act(world: World, made: Construct, called: Called) -> None:
    key = called.name.removeprefix("add").replace("OkAction", "OKAction") + "s"
    for given in called.arguments:
        end = world.construct(argument(given, 0, "topic")) if isinstance(given, New) else None
        is_topic = end is not None and end.kind.startswith("aws_sns.")
        told = world.attribute(end, "topicArn") if end and is_topic else Open("what an alarm does")
        made.properties[key] = [*made.properties.get(key, ()), told]


# ------------------------------------------------------------------------------ databases


def _open_or(world: World, traced: Traced, default: Value) -> Value:
    return default if traced is None else world.value(traced)


@makes("aws_rds.DatabaseInstance", "aws_rds.DatabaseCluster", "aws_rds.ServerlessCluster",
       "aws_rds.DatabaseInstanceFromSnapshot")  # fmt: skip
def database(world: World, made: Construct) -> None:
    given = made.given
    vpc = world.construct(prop(given, "vpc"))
    cluster = "Cluster" in made.kind
    group = _groups(world, made, given, vpc)
    encrypted = world.value(prop(given, "storageEncrypted"))
    key = prop(given, "storageEncryptionKey")
    secret = _credentials(world, made, prop(given, "credentials"))
    properties: dict[str, Value] = {
        "Engine": _engine(prop(given, "engine")),
        "StorageEncrypted": True if key is not None else encrypted,
        "KmsKeyId": None if key is None else key_arn(world, key),
        "DeletionProtection": world.value(prop(given, "deletionProtection")),
        "BackupRetentionPeriod": days(world, prop(given, "backupRetention"))
        if not cluster
        else days(world, prop(given, "backup", "retention")),
        "EnableIAMDatabaseAuthentication": world.value(prop(given, "iamAuthentication")),
        "VpcSecurityGroupIds" if cluster else "VPCSecurityGroups": group,
        **secret,
    }
    if cluster:
        properties["DatabaseName"] = world.value(prop(given, "defaultDatabaseName"))
        api = prop(given, "enableDataApi")
        properties["EnableHttpEndpoint"] = world.value(api)
        made.put("AWS::RDS::DBCluster", properties, "Resource", **kept(world, made, "Snapshot"))
    else:
        public = prop(given, "publiclyAccessible")
        where = last_name(prop(given, "vpcSubnets", "subnetType"))
        properties |= {
            "DBName": world.value(prop(given, "databaseName")),
            "DBInstanceClass": Open("a class of instance"),
            "AllocatedStorage": joined(_open_or(world, prop(given, "allocatedStorage"), 100)),
            "MultiAZ": world.value(prop(given, "multiAz")),
            "PubliclyAccessible": world.value(public)
            if public is not None
            else True
            if where == "PUBLIC"
            else False
            if where
            else world.value(prop(given, "vpcSubnets", "subnetType")),
            "CopyTagsToSnapshot": True,
        }
        made.put("AWS::RDS::DBInstance", properties, "Resource", **kept(world, made, "Snapshot"))
    _end_points(made, cluster)
    made.told["port"] = Called(made, "tcp", [_port(prop(given, "engine"))], made.place)


def _groups(world: World, made: Construct, given: Traced, vpc: Construct | None) -> list[Value]:
    listed = prop(given, "securityGroups")
    if isinstance(listed, list):
        first = world.construct(listed[0]) if listed else None
        if first:
            made.parts["securityGroup"] = first
        return [group_id(world, each) for each in listed]
    if listed is not None:
        return [Open("a security group")]
    group = make_group(world, made.child("SecurityGroup"), vpc)
    made.parts["securityGroup"] = group
    return [group.of("GroupId")]


def _engine(traced: Traced) -> Value:
    name = traced.name if isinstance(traced, Called) else last_name(traced)
    names = {"postgres": "postgres", "mysql": "mysql", "mariaDb": "mariadb",
             "auroraPostgres": "aurora-postgresql", "auroraMysql": "aurora-mysql",
             "POSTGRES": "postgres", "MYSQL": "mysql", "AURORA_POSTGRESQL": "aurora-postgresql",
             "AURORA_MYSQL": "aurora-mysql"}  # fmt: skip
    return names.get(name, Open("an engine"))


def _port(traced: Traced) -> int:
    return 5432 if "postgres" in str(_engine(traced)) else 3306


def _credentials(world: World, made: Construct, traced: Traced) -> dict[str, Value]:
    """Return the master user and password, and make the secret that holds them."""
    if isinstance(traced, Called) and traced.name == "fromPassword":
        user, password = (world.value(argument(traced, n)) for n in (0, 1))
        return {"MasterUsername": user, "MasterUserPassword": password}
    if isinstance(traced, Called) and traced.name == "fromSecret":
        secret = world.construct(argument(traced, 0))
    elif isinstance(traced, Unknown):
        world.note("the credentials of a database", made.place)
        secret = None
    else:
        secret = made.child("Secret", kind="aws_secretsmanager.Secret")
        secret.put("AWS::SecretsManager::Secret", {"GenerateSecretString": {}}, "Resource")
        secret.attributes["secretName"] = Open("a secret's name")
    if secret:
        made.parts["secret"] = secret
        if secret.key:
            attachment = secret.child("Attachment")
            attachment.kind = secret.kind
            attachment.put(
                "AWS::SecretsManager::SecretTargetAttachment",
                {"SecretId": secret.of(), "TargetId": Open("a database")},
                "Resource",
            )
            attachment.attributes |= secret.attributes
            attachment.told |= secret.told
            made.parts["secret"] = attachment
    value = Open("a user or password of a secret")
    return {"MasterUsername": value, "MasterUserPassword": value}


def _end_points(made: Construct, cluster: bool) -> None:  # noqa: FBT001 - one of two words
    prefix = "clusterEndpoint" if cluster else "instanceEndpoint"
    point = Construct("endpoint", made.path, made.stack, made.place, key=made.key)
    for name, attribute in (("hostname", "Endpoint.Address"), ("port", "Endpoint.Port")):
        point.attributes[name] = made.of(attribute)
    made.parts[prefix] = point
    if cluster:
        reader = Construct("endpoint", made.path, made.stack, made.place, key=made.key)
        reader.attributes["hostname"] = made.of("ReadEndpoint.Address")
        made.parts["clusterReadEndpoint"] = reader
    made.attributes |= {
        "dbInstanceEndpointAddress": made.of("Endpoint.Address"),
        "dbInstanceEndpointPort": made.of("Endpoint.Port"),
    }
    which = "cluster" if cluster else "db"
    made.attributes[f"{which}Arn"] = arn("rds", joined(f"{which}:", made.of()))
    made.attributes["instanceArn"] = arn("rds", joined("db:", made.of()))


@method("grantDataApiAccess")
def grant_data_api(world: World, made: Construct, called: Called) -> None:
    actions = ["rds-data:BatchExecuteStatement", "rds-data:BeginTransaction",
               "rds-data:CommitTransaction", "rds-data:ExecuteStatement",
               "rds-data:RollbackTransaction"]  # fmt: skip
    allow(world, argument(called, 0), granted(actions, [made.attributes["clusterArn"]]))
    secret = made.parts.get("secret")
    if secret:
        read = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"]
        place = world.attribute(secret, "secretArn")
        allow(world, argument(called, 0), granted(read, [place]))


@method("grantConnect", of=("aws_rds",))
def grant_connect(world: World, made: Construct, called: Called) -> None:
    place = arn("rds-db", Open("a user of a database"))
    allow(world, argument(called, 0), granted(["rds-db:connect"], [place]))


# ------------------------------------------------------------------------------ files, images


@makes("aws_ecr.Repository")
def repository(world: World, made: Construct) -> None:
    scan = world.given(made, "imageScanOnPush")
    made.put(
        "AWS::ECR::Repository",
        {
            "RepositoryName": world.given(made, "repositoryName"),
            "ImageScanningConfiguration": None if scan is None else {"ScanOnPush": scan},
            "ImageTagMutability": world.given(made, "imageTagMutability"),
        },
        "Resource",
        **kept(world, made),
    )


ON_IMAGES = {
    "grantPull": ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer",
                  "ecr:BatchGetImage"],
    "grantPullPush": ["ecr:CompleteLayerUpload", "ecr:UploadLayerPart", "ecr:InitiateLayerUpload",
                      "ecr:BatchCheckLayerAvailability", "ecr:PutImage",
                      "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
}  # fmt: skip


@method("addLifecycleRule", of=("aws_ecr",))
def expire_images(world: World, made: Construct, called: Called) -> None:
    made.properties["LifecyclePolicy"] = {"LifecyclePolicyText": Open("rules for images")}


@method(*ON_IMAGES)
def grant_images(world: World, made: Construct, called: Called) -> None:
    place = world.attribute(made, "repositoryArn")
    allow(world, argument(called, 0), granted(ON_IMAGES[called.name], [place]))
    allow(world, argument(called, 0), granted(["ecr:GetAuthorizationToken"], ["*"]))


@makes("aws_efs.FileSystem")
def file_system(world: World, made: Construct) -> None:
    given = made.given
    vpc = world.construct(prop(given, "vpc"))
    encrypted = prop(given, "encrypted")
    made.put(
        "AWS::EFS::FileSystem",
        {"Encrypted": True if encrypted is None else world.value(encrypted)},
        "Resource",
        **kept(world, made),
    )
    made.parts["securityGroup"] = make_group(world, made.child("EfsSecurityGroup"), vpc)
