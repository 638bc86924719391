"""EC2: endpoints of services in a network, and the logs of what flows there."""

from __future__ import annotations

from checkrein.model.values import Open, Symbol, Value
from checkrein.read.cdk.unsynthesized.library.policies import document, statement
from checkrein.read.cdk.unsynthesized.library.registry import makes, method
from checkrein.read.cdk.unsynthesized.library.services.network import chosen, group_id, make_group
from checkrein.read.cdk.unsynthesized.library.things import Construct
from checkrein.read.cdk.unsynthesized.library.values import argument, joined, package, prop
from checkrein.read.cdk.unsynthesized.library.world import World
from checkrein.read.cdk.unsynthesized.trace import Called, New, Traced

ENDPOINT = "AWS::EC2::VPCEndpoint"
OF_A_NAME = {"addS3Endpoint": "S3", "addDynamoDbEndpoint": "DYNAMODB"}
SPELLED = {"SECRETS_MANAGER": "secretsmanager", "CLOUDWATCH_LOGS": "logs", "APIGATEWAY":
           "execute-api", "LAMBDA": "lambda", "ECR": "ecr.api", "ECR_DOCKER": "ecr.dkr",
           "CLOUDWATCH": "monitoring", "CLOUDWATCH_MONITORING": "monitoring",
           "BEDROCK_RUNTIME": "bedrock-runtime", "RDS_DATA": "rds-data",
           "EVENTBRIDGE": "events", "STEP_FUNCTIONS": "states"}  # fmt: skip


@makes("aws_ec2.GatewayVpcEndpoint", "aws_ec2.InterfaceVpcEndpoint")
def endpoint(world: World, made: Construct) -> None:
    vpc = world.construct(world.props(made, "vpc"))
    _endpoint(world, made, vpc, made.given, "Gateway" in made.kind)


@method("addGatewayEndpoint", "addInterfaceEndpoint", *OF_A_NAME)
def add_endpoint(world: World, made: Construct, called: Called) -> Construct:
    is_gateway = called.name != "addInterfaceEndpoint"
    kind = f"aws_ec2.{'Gateway' if is_gateway else 'Interface'}VpcEndpoint"
    found = made.child(world.text(argument(called, 0)), kind=kind, place=called.place)
    given = {} if called.name in OF_A_NAME else argument(called, 1)
    found.told["service"] = OF_A_NAME.get(called.name, "")
    _endpoint(world, found, made, given, is_gateway)
    return found


def _endpoint(
    world: World,
    made: Construct,
    vpc: Construct | None,
    given: Traced,
    is_gateway: bool,  # noqa: FBT001 - of the two kinds there are
) -> None:
    properties: dict[str, Value] = {
        "ServiceName": _service(world, made, prop(given, "service")),
        "VpcEndpointType": "Gateway" if is_gateway else "Interface",
        "VpcId": world.attribute(vpc, "vpcId") if vpc else Open("a network"),
    }
    if is_gateway:
        properties["RouteTableIds"] = Open("the routes of subnets")
    else:
        private = prop(given, "privateDnsEnabled")
        properties["PrivateDnsEnabled"] = True if private is None else world.value(private)
        properties["SecurityGroupIds"] = _groups(world, made, vpc, prop(given, "securityGroups"))
        properties["SubnetIds"] = chosen(world, vpc, prop(given, "subnets"))
    made.put(ENDPOINT, properties, *(() if is_gateway else ("Resource",)))


def _groups(world: World, made: Construct, vpc: Construct | None, listed: Traced) -> Value:
    if isinstance(listed, list):
        return [group_id(world, each) for each in listed]
    if listed is not None:
        return [Open("a security group")]
    group = make_group(world, made.child("SecurityGroup"), vpc)
    made.parts["securityGroup"] = group
    inside = world.attribute(vpc, "vpcCidrBlock") if vpc else Open("a network's addresses")
    let_in = {"CidrIp": inside, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    group.properties["SecurityGroupIngress"] = [let_in]
    return [group.of("GroupId")]


def _service(world: World, made: Construct, traced: Traced) -> Value:
    word: str = made.told.get("service") or package(traced).rpartition(".")[2]
    if isinstance(traced, New):  # one by its own name
        return world.value(argument(traced, 0))
    if not word:
        return Open("the service of an endpoint")
    name = SPELLED.get(word) or word.lower().replace("_", "")
    return joined("com.amazonaws.", Symbol("@aws", "Region"), f".{name}")


@method("addToPolicy", of=("aws_ec2.GatewayVpcEndpoint", "aws_ec2.InterfaceVpcEndpoint"))
def add_to_policy(world: World, made: Construct, called: Called) -> None:
    found = made.properties.setdefault("PolicyDocument", document([]))
    found["Statement"].append(statement(world, argument(called, 0)))


# ------------------------------------------------------------------------------ flow logs


@makes("aws_ec2.FlowLog")
def flow_log(world: World, made: Construct) -> None:
    of = world.props(made, "resourceType")
    owner = world.construct(argument(of, 0)) if isinstance(of, Called) else None
    kind = {"fromVpc": "VPC", "fromSubnet": "Subnet"}.get(getattr(of, "name", ""), "")
    id = world.attribute(owner, "vpcId" if kind == "VPC" else "subnetId") if owner else None
    _flow_log(world, made, id or Open("what is logged"), kind or Open("what is logged"), made.given)


@method("addFlowLog")
def add_flow_log(world: World, made: Construct, called: Called) -> None:
    id = world.text(argument(called, 0))
    found = made.child(id, kind="aws_ec2.FlowLog", place=called.place)
    found.condition = world.condition or made.condition
    _flow_log(world, found, world.attribute(made, "vpcId"), "VPC", argument(called, 1))


def _flow_log(world: World, made: Construct, id: Value, kind: Value, given: Traced) -> None:
    traffic, to = world.value(prop(given, "trafficType")), prop(given, "destination")
    name = to.name if isinstance(to, Called) else ""
    where: Value = "s3" if name == "toS3" else "cloud-watch-logs"
    if name not in ("toS3", "toCloudWatchLogs") and to is not None:
        where = Open("where flows are logged")
    made.put(
        "AWS::EC2::FlowLog",
        {
            "ResourceId": id,
            "ResourceType": kind,
            "TrafficType": "ALL" if traffic is None else traffic,
            "LogDestinationType": where,
        },
        "FlowLog",
    )
