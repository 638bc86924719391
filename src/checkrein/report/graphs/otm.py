"""A picture as an Open Threat Model 0.2.0, for threat-modelling tools (IriusRisk, Threat Dragon).

Types of components are the ids that IriusRisk's StartLeft maps CloudFormation's types to; what it
has none for is ``empty-component``. OTM fixes no scale: what it calls numbers run from 0 to 100
here, as in its published example. Threat Dragon draws a component as a store or a process where the
id of its representation says ``database`` or ``service``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from checkrein.catalog.data_classes import data_class
from checkrein.model import Basis, Finding, Outcome, Verdict
from checkrein.model.picture import COLUMNS, Edge, Node, Picture, Zone
from checkrein.model.result import Result
from checkrein.report.drawing.choice import shown
from checkrein.report.drawing.layout import HEIGHT, WIDTH, Layout, layout
from checkrein.report.wording import classes

DIAGRAM, CODE = "data-flows", "code"
TRUST = {"outside": 0, "third": 20, "edge": 50, "account": 80, "vpc": 90}
PRODUCTS = {  # type, or the part before the resource -> StartLeft's component
    "AWS::ApiGateway": "api-gateway", "AWS::ApiGatewayV2": "api-gateway",
    "AWS::CloudFront": "cf-cloudfront", "AWS::CodeBuild": "CD-CODEBUILD",
    "AWS::Cognito": "cognito", "AWS::DynamoDB": "dynamodb", "AWS::EC2::Instance": "ec2",
    "AWS::ECR": "elastic-container-registry", "AWS::ECS": "elastic-container-service",
    "AWS::EFS": "elastic-file-system", "AWS::ElastiCache": "elasticache",
    "AWS::ElasticLoadBalancing": "load-balancer", "AWS::ElasticLoadBalancingV2": "load-balancer",
    "AWS::Events": "eventbridge", "AWS::IAM": "CD-AWS-IAM",
    "AWS::KinesisFirehose": "kinesis-data-firehose", "AWS::Lambda": "aws-lambda-function",
    "AWS::Logs": "cloudwatch", "AWS::AmazonMQ": "CD-MQ", "AWS::RDS": "rds",
    "AWS::Redshift": "redshift", "AWS::Route53": "route-53", "AWS::S3": "s3", "AWS::SNS": "sns",
    "AWS::SQS": "sqs-simple-queue-service", "AWS::SSM": "CD-SYSTEMS-MANAGER",
    "AWS::SecretsManager": "CD-SECRETS-MANAGER", "AWS::StepFunctions": "step-functions",
    "AWS::WAF": "CD-WAF", "AWS::WAFRegional": "CD-WAF", "AWS::WAFv2": "CD-WAF",
}  # fmt: skip
OTHERS = {"people": "generic-client", "browser": "web-client"}
STORES = frozenset({"queue", "store", "log"})  # columns whose nodes keep what comes to them
OUTER = frozenset({"people", "outside"})
IMPACT = {"low": 25, "medium": 50, "high": 75, "critical": 100}
LIKELIHOOD = {"possible": 30, "likely": 60, "certain": 90}
ROOM = 60  # columns for the name of a flow


def document(result: Result, picture: Picture, basis: Basis) -> bytes:
    """Return the model: zones, components with their threats, the flows of a basis, assets."""
    place = layout(picture)
    areas = _areas(picture, place)
    threats, exposed = _threats(result, picture)
    name = result.root.resolve().name
    content = {
        "otmVersion": "0.2.0",
        "project": {"name": name, "id": name, "attributes": {"basis": basis.value}},
        "representations": [
            {
                "name": "Data flows",
                "id": DIAGRAM,
                "type": "diagram",
                "size": {"width": place.width, "height": place.height},
            },
            {"name": "Templates and code", "id": CODE, "type": "code"},
        ],
        "assets": list(map(_asset, picture.classes, map(picture.values.get, picture.classes))),
        "trustZones": [_zone(zone, areas) for zone in picture.zones],
        "components": [_component(n, place, areas, exposed.get(n.id, ())) for n in picture.nodes],
        "dataflows": list(map(_flow, shown(picture, basis, everything=True))),
        "threats": threats,
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


Area = tuple[int, int, int, int]  # x, y, width, height


def _areas(picture: Picture, place: Layout) -> dict[str, Area]:
    """Return the rectangle around all that lies in each zone, in zones within it too."""
    parents = {zone.id: zone.parent for zone in picture.zones}
    inside: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for node in picture.nodes:
        zone = node.zone
        while zone:
            inside[zone].append(place.boxes[node.id])
            zone = parents[zone]
    return {zone: _around(boxes, 24 if parents[zone] else 36) for zone, boxes in inside.items()}


def _around(boxes: Iterable[tuple[int, int]], margin: int) -> Area:
    corners = list(boxes)
    left, top = min(x for x, _ in corners) - margin, min(y for _, y in corners) - margin
    right, bottom = max(x for x, _ in corners) + WIDTH, max(y for _, y in corners) + HEIGHT
    return left, top, right + margin - left, bottom + margin - top


def _asset(data: str, value: int | None) -> dict[str, Any]:
    known = data_class(data)
    worth = 10 * (value or 0)
    return {
        "name": known.title if known else data,
        "id": data,
        "description": known.title if known else data,
        "risk": {
            "confidentiality": worth,
            "integrity": worth,
            "availability": worth,
            "comment": "checkrein knows one value for a class, from 0 to 10; it stands for all.",
        },
    }


def _zone(zone: Zone, areas: Mapping[str, Area]) -> dict[str, Any]:
    x, y, width, height = areas[zone.id]
    above = areas[zone.parent] if zone.parent else (0, 0, 0, 0)
    found = {
        "id": zone.id,
        "name": zone.name,
        "type": zone.kind,
        "risk": {"trustRating": TRUST[zone.kind]},
        "representations": [
            {
                "representation": DIAGRAM,
                "id": f"{zone.id} box",
                "position": {"x": x - above[0], "y": y - above[1]},
                "size": {"width": width, "height": height},
            }
        ],
    }
    return {**found, "parent": {"trustZone": zone.parent}} if zone.parent else found


def _component(
    node: Node, place: Layout, areas: Mapping[str, Area], threats: Iterable[str]
) -> dict[str, Any]:
    x, y = place.boxes[node.id]
    left, top, _, _ = areas[node.zone]
    column = COLUMNS[node.column]
    drawn = "database" if column in STORES else "actor" if column in OUTER else "service"
    keeps = "stored" if column in STORES else "processed"
    drawings: list[dict[str, Any]] = [
        {
            "representation": DIAGRAM,
            "id": f"{node.id} {drawn}",
            "position": {"x": x - left, "y": y - top},
            "size": {"width": WIDTH, "height": HEIGHT},
        }
    ]
    if node.place.path:
        code = {"representation": CODE, "id": f"{node.id} declaration"}
        drawings.append({**code, "file": node.place.path, "line": node.place.line})
    return {
        "id": node.id,
        "name": node.name,
        "type": _product(node),
        "description": f"{node.service or node.kind} {node.id}",
        "parent": {"trustZone": node.zone},
        "representations": drawings,
        "assets": {keeps: node.coded},
        "threats": [{"threat": each, "state": "exposed"} for each in threats],
        "tags": [each for each in (node.type, node.stack, f"risk {node.risk}") if each],
        "attributes": {
            basis.value: getattr(node, basis.value) for basis in Basis if getattr(node, basis.value)
        },
    }


def _product(node: Node) -> str:
    family = node.type.rpartition("::")[0]
    found = PRODUCTS.get(node.type) or PRODUCTS.get(family) or OTHERS.get(node.kind)
    return found or "empty-component"


def _flow(edge: Edge) -> dict[str, Any]:
    parts = f"{edge.basis}|{edge.source}|{edge.target}"
    said = classes(edge.data, ROOM) if edge.data else edge.moves[0].text
    return {
        "id": f"flow-{blake2b(parts.encode(), digest_size=8).hexdigest()}",
        "name": said,
        "description": "\n".join(move.text for move in edge.moves),
        "source": edge.source,
        "destination": edge.target,
        "bidirectional": False,
        "assets": edge.data,
        "attributes": {"basis": edge.basis.value, "level": edge.level, "certain": edge.certain},
    }


def _threats(result: Result, picture: Picture) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    """Return each finding as a threat, and those of each component that is drawn."""
    known = {node.id for node in picture.nodes}
    exposed: defaultdict[str, list[str]] = defaultdict(list)
    found = []
    for verdict, finding in _findings(result):
        if verdict.subject in known:
            found.append(_threat(verdict, finding))
            exposed[verdict.subject].append(finding.fingerprint)
    return found, exposed


def _findings(result: Result) -> Iterator[tuple[Verdict, Finding]]:
    seen = set()
    for verdict in result.verdicts:
        for finding in verdict.findings if verdict.outcome is Outcome.FAIL else ():
            if finding.fingerprint not in seen:
                seen.add(finding.fingerprint)
                yield verdict, finding


def _threat(verdict: Verdict, finding: Finding) -> dict[str, Any]:
    where = f"{finding.place}: " if finding.place.path else ""
    return {
        "id": finding.fingerprint,
        "name": verdict.check,
        "description": f"{where}{finding.message}",
        "cwes": [finding.cwe] if finding.cwe else [],
        "risk": {
            "likelihood": LIKELIHOOD[verdict.confidence],
            "likelihoodComment": f"confidence {verdict.confidence}",
            "impact": IMPACT[verdict.severity],
            "impactComment": verdict.reason,
        },
    }
