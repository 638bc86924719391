"""An app as a picture: who stands in it, where data goes, and that cells and edges agree."""

from __future__ import annotations

import random
from pathlib import Path
from shutil import copytree

import pytest

from checkrein.cli import run
from checkrein.compare.picture import picture
from checkrein.model import App, Basis, Element, Row
from checkrein.model.picture import COLUMNS, Picture
from checkrein.pipeline import learn

REQUEST = "functions/request-ride/app.mjs"
EXAMPLE = Path(__file__).parents[2] / "examples" / "wild-rydes"


@pytest.fixture(scope="module")
def shop(shop_app: App) -> Picture:
    return picture(shop_app)


@pytest.fixture(scope="module")
def rides_app() -> App:
    return learn([EXAMPLE]).app


@pytest.fixture(scope="module")
def rides(rides_app: App) -> Picture:
    return picture(rides_app)


def drawn(text: str, folder: Path) -> Picture:
    (folder / "app.yaml").write_text(text)
    return picture(learn([folder]).app)


def edges(found: Picture, basis: Basis) -> list[str]:
    """Return the edges of a basis as lines: ``Orders -> Mails: pii.email``."""
    names = {node.id: node.name for node in found.nodes}
    return [
        f"{names[e.source]} -> {names[e.target]}{': ' if e.data else ''}{', '.join(e.data)}"
        for e in found.edges
        if e.basis is basis
    ]


def test_nodes_stand_in_columns_from_the_public_to_third_parties(shop: Picture) -> None:
    columns = {
        name: sorted(node.name for node in shop.nodes if COLUMNS[node.column] == name)
        for name in COLUMNS
    }
    assert columns == {
        "people": ["Anyone"],
        "edge": [],
        "api": ["Api"],
        "compute": ["Builder", "Mailer", "Orders", "Planner"],
        "queue": ["Mails"],
        "store": ["Customers", "Photos"],
        "log": [
            "Log of Builder",
            "Log of Mailer",
            "Log of Orders",
            "Log of Planner",
        ],
        "outside": ["Internet"],
    }


def test_a_function_stands_between_what_it_reads_and_what_it_writes(shop: Picture) -> None:
    assert edges(shop, Basis.CODED) == [
        "Api -> Orders: pii.email",
        "Customers -> Orders",
        "Mailer -> Photos: pii.email",
        "Mails -> Mailer: pii.email",
        "Orders -> Api",
        "Orders -> Mails: pii.email",
        "Anyone -> Api: pii.email",
    ]


def test_an_edge_says_each_line_that_moves_data(shop: Picture) -> None:
    [edge] = [e for e in shop.edges if e.basis is Basis.CODED and e.target.endswith("/Mails")]
    [move] = edge.moves
    assert (move.kind, move.operation, move.data) == ("sdk", "sqs:SendMessage", ("pii.email",))
    assert [str(step.place) for step in move.steps] == ["shop.yaml:41"]


def test_what_takes_over_another_is_an_edge_of_that_level(shop: Picture) -> None:
    levels = {
        (edge.source.rpartition("/")[2], edge.target.rpartition("/")[2]): edge.level
        for edge in shop.edges
        if edge.basis is Basis.POTENTIAL and edge.source.endswith("/Orders")
    }
    assert levels["Orders", "Builder"] == "takeover"
    assert levels["Orders", "Mails"] == "direct"


def test_outsiders_with_rights_of_their_own_stand_in_it(shop: Picture) -> None:
    assert "Photos -> Anyone: pii.email, pii.identifier, pii.ip, untrusted.any" in edges(
        shop, Basis.POTENTIAL
    )


def test_signed_in_users_are_others_than_anyone(rides: Picture) -> None:
    people = {node.name for node in rides.nodes if COLUMNS[node.column] == "people"}
    assert people == {"Anyone", "Signed-in users of UserPool", "Browser"}


def test_who_asks_gets_what_is_answered(rides: Picture) -> None:
    assert "RidesApi -> Signed-in users of UserPool: biz.entity, biz.schedule" in edges(
        rides, Basis.CODED
    )


def test_a_flow_that_its_target_is_not_meant_to_hold_is_not_intended(rides: Picture) -> None:
    coded = set(edges(rides, Basis.CODED)) - set(edges(rides, Basis.INTENDED))
    assert any(line.startswith("RequestRide -> Log of RequestRide: pay.cvv") for line in coded)
    assert not any("Log of RequestRide" in line for line in edges(rides, Basis.INTENDED))


def test_every_node_of_the_table_stands_in_it_with_its_cells(
    rides_app: App, rides: Picture
) -> None:
    rows = {row.id: (row.intended, row.coded, row.potential) for row in rides_app.every(Row)}
    cells = {node.id: (node.intended, node.coded, node.potential) for node in rides.nodes}
    assert {id: cells[id] for id in rows} == rows


def test_edges_end_at_nodes_and_carry_what_their_source_could_hold(rides: Picture) -> None:
    nodes = {node.id: node for node in rides.nodes}
    for edge in rides.edges:
        source = nodes[edge.source]
        if edge.basis is Basis.POTENTIAL and source.risk:
            assert set(edge.data) <= set(source.potential), edge
        assert edge.target in nodes


def test_a_class_that_could_come_to_a_cell_leads_back_to_where_it_is_from(
    shop_app: App, shop: Picture
) -> None:
    own = {(e.slot.node.partition("@")[0], e.data) for e in shop_app.every(Element)}
    brought = {
        (edge.target, data): edge.source
        for edge in shop.edges
        if edge.basis is Basis.POTENTIAL
        for data in edge.brings
    }
    assert len(brought) > 10
    for node in shop.nodes:
        for data in {*node.potential} - {*node.coded}:
            at, length = node.id, 0
            while (at, data) in brought and length <= len(shop.nodes):
                at, length = brought[at, data], length + 1
            assert (at, data) in own, (node.id, data)


def test_the_order_of_facts_does_not_matter(shop_app: App, shop: Picture) -> None:
    facts = list(shop_app)
    random.Random(1).shuffle(facts)
    assert picture(App(facts)) == shop


def test_what_is_in_a_network_stands_within_its_account(tmp_path: Path) -> None:
    found = drawn(NETWORK, tmp_path)
    zones = {zone.id: (zone.kind, zone.parent) for zone in found.zones}
    for name in ("Inside", "Database"):
        [inside] = [node for node in found.nodes if node.name == name]
        assert inside.zone == "vpc:app/Net"
    assert zones["vpc:app/Net"] == ("vpc", "account:app")
    assert zones["account:app"] == ("account", "")


NETWORK = """
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.1.0/24}}
  Group:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: g, SubnetIds: [!Ref Private]}
  Cluster: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql, DBSubnetGroupName: !Ref Group}}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref Cluster, DBInstanceClass: db.t3.medium}
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Inside:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
      VpcConfig: {SubnetIds: [!Ref Private], SecurityGroupIds: []}
"""


def test_what_leads_to_and_guards_the_app_stands_at_its_edge(tmp_path: Path) -> None:
    found = drawn(SITE, tmp_path)
    assert [n.name for n in found.nodes if COLUMNS[n.column] == "edge"] == ["Cdn", "Name", "Wall"]
    assert {"Name -> Cdn", "Wall -> Cdn", "Pages -> Cdn: public.content"} <= set(
        edges(found, Basis.CODED)
    )


SITE = """
Resources:
  Pages:
    Type: AWS::S3::Bucket
    Properties: {WebsiteConfiguration: {IndexDocument: index.html}}
  Wall:
    Type: AWS::WAFv2::WebACL
    Properties: {Scope: CLOUDFRONT, DefaultAction: {Allow: {}}}
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: !GetAtt Wall.Arn
        Origins: [{Id: pages, DomainName: !GetAtt Pages.RegionalDomainName}]
        DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: https-only}
  Name:
    Type: AWS::Route53::RecordSet
    Properties:
      Name: shop.example
      Type: A
      AliasTarget: {DNSName: !GetAtt Cdn.DomainName, HostedZoneId: Z2FDTNDATAQYW2}
"""


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copytree(EXAMPLE, tmp_path_factory.mktemp("locked") / "rides")
    assert run(["init", str(folder)]) == 0
    return folder


def beyond(folder: Path) -> tuple[list[str], list[str]]:
    """Return what goes where, class by class: coded and not intended, intended and not coded."""
    found = picture(learn([folder]).app)
    intended, coded = (carried(found, basis) for basis in (Basis.INTENDED, Basis.CODED))
    return sorted(coded - intended), sorted(intended - coded)


def carried(found: Picture, basis: Basis) -> set[str]:
    names = {node.id: node.name for node in found.nodes}
    return {
        f"{names[edge.source]} -> {names[edge.target]} {data}".strip()
        for edge in found.edges
        if edge.basis is basis
        for data in edge.data or ("",)
    }


def changed(folder: Path, to: Path, file: str, before: str, after: str) -> Path:
    """Return a copy of an application in which one text is another."""
    copy = copytree(folder, to / "rides")
    text = (copy / file).read_text("utf-8")
    assert text.count(before) == 1
    (copy / file).write_text(text.replace(before, after), "utf-8")
    return copy


def test_with_a_lock_the_intended_edges_are_those_that_it_accepts(locked: Path) -> None:
    assert beyond(locked) == ([], [])


def test_a_flow_beyond_the_lock_is_not_intended_nor_what_it_brings(
    locked: Path, tmp_path: Path
) -> None:
    more = "    pickup,\n    phone: JSON.parse(event.body).phone,\n"
    folder = changed(locked, tmp_path, REQUEST, "    pickup,\n", more)
    assert beyond(folder) == (
        [
            "RequestRide -> Log of RequestRide pii.phone",
            "RequestRide -> Rides pii.phone",
            "Rides -> ShowRide pii.phone",
            "RidesApi -> Anyone pii.phone",
            "RidesApi -> Browser pii.phone",
            "RidesApi -> RequestRide pii.phone",
            "ShowRide -> RidesApi pii.phone",
            "Signed-in users of UserPool -> RidesApi pii.phone",
        ],
        [],
    )


def test_a_flow_that_the_lock_accepts_is_intended_when_it_is_gone(
    locked: Path, tmp_path: Path
) -> None:
    folder = changed(locked, tmp_path, REQUEST, "    email: claims.email,\n", "")
    assert beyond(folder) == ([], ["RequestRide -> Rides pii.email"])


def test_a_way_in_is_intended_for_those_whom_the_lock_lets_in(locked: Path, tmp_path: Path) -> None:
    url = "        AuthType: "
    folder = changed(locked, tmp_path, "template.yaml", f"{url}NONE", f"{url}AWS_IAM")
    more, gone = beyond(folder)
    assert more == []  # callers whom IAM lets in are among the anyone that the lock has
    assert "Anyone -> PaymentCallback" in gone


def test_a_way_in_for_more_people_is_beyond_the_lock(locked: Path, tmp_path: Path) -> None:
    ask = "            Path: /rides\n            Method: POST\n"
    folder = changed(
        locked, tmp_path, "template.yaml", ask, f"{ask}            Auth: {{Authorizer: NONE}}\n"
    )
    assert any(edge.startswith("Anyone -> ") for edge in beyond(folder)[0])


def test_names_of_terraform_say_what_tells_them_apart(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_s3_bucket" "photos" {}\n'
        'resource "aws_lambda_function" "resize" {\n  function_name = "resize"\n  role = "r"\n}\n'
    )
    names = {node.name for node in picture(learn([tmp_path]).app).nodes}
    assert {"photos", "resize"} <= names
    assert not any("aws_" in name for name in names)
