"""Pictures for other programs: valid by the schemas that their readers use, and whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from referencing import Registry
from referencing.jsonschema import DRAFT7

from checkrein.cli import run
from checkrein.compare.picture import picture
from checkrein.model import Basis
from checkrein.model.picture import Edge, Node, Picture
from checkrein.pipeline import learn
from checkrein.report.graphs import dot, mermaid
from checkrein.report.graphs import json as document

EXAMPLE = Path(__file__).parents[2] / "examples" / "wild-rydes"
SCHEMAS = Path(__file__).parent / "interchange"
PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "graph.schema.json"
# Parts of CycloneDX that this tool never writes: signatures, licences.
HOME = "http://cyclonedx.org/schema/"
ABSENT = ("jsf-0.82.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json")


def graph(form: str, folder: Path, *more: str) -> bytes:
    output = folder / f"graph.{form}"
    assert (
        run(["graph", *more, "--format", form, "--in", str(EXAMPLE), "--output", str(output)]) == 0
    )
    return output.read_bytes()


def problems(name: str, content: object) -> list[str]:
    """Return what a schema of others says against a document."""
    schema = json.loads((SCHEMAS / name).read_bytes())
    never = DRAFT7.create_resource({"definitions": {"signature": False}})
    known: Registry[Any] = Registry().with_resources([(f"{HOME}{each}", never) for each in ABSENT])
    validator = jsonschema.Draft7Validator(schema, registry=known)
    return [error.message for error in validator.iter_errors(content)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


@pytest.fixture(scope="module")
def otm(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(graph("otm", folder))
    return content


@pytest.fixture(scope="module")
def bom(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(graph("cyclonedx", folder))
    return content


@pytest.fixture(scope="module")
def rides() -> Picture:
    return picture(learn([EXAMPLE]).app)


def test_a_threat_model_keeps_the_published_schema(otm: dict[str, Any]) -> None:
    assert problems("otm-0.2.0.json", otm) == []
    del otm["trustZones"][0]["risk"]["trustRating"]
    assert problems("otm-0.2.0.json", otm) == ["'trustRating' is a required property"]
    otm["trustZones"][0]["risk"]["trustRating"] = 80


def test_a_threat_model_refers_only_to_what_it_holds(otm: dict[str, Any]) -> None:
    zones = {zone["id"] for zone in otm["trustZones"]}
    components = {component["id"] for component in otm["components"]}
    assets = {asset["id"] for asset in otm["assets"]}
    threats = {threat["id"] for threat in otm["threats"]}
    ids = [each["id"] for part in ("trustZones", "components", "dataflows") for each in otm[part]]
    assert len(set(ids)) == len(ids)
    assert {component["parent"]["trustZone"] for component in otm["components"]} <= zones
    assert {
        flow[end] for flow in otm["dataflows"] for end in ("source", "destination")
    } <= components
    assert {asset for flow in otm["dataflows"] for asset in flow["assets"]} <= assets
    assert {t["threat"] for c in otm["components"] for t in c["threats"]} == threats


def test_a_threat_model_says_what_the_findings_are(otm: dict[str, Any]) -> None:
    logged = [threat for threat in otm["threats"] if threat["name"] == "data-in-logs"]
    assert {cwe for threat in logged for cwe in threat["cwes"]} == {"CWE-532"}
    assert {threat["risk"]["impact"] for threat in logged} == {75}  # high


def test_positions_in_a_threat_model_are_relative_to_the_zone(otm: dict[str, Any]) -> None:
    zones = {zone["id"]: zone["representations"][0] for zone in otm["trustZones"]}
    for component in otm["components"]:
        drawn = component["representations"][0]
        zone = zones[component["parent"]["trustZone"]]
        for axis, length in (("x", "width"), ("y", "height")):
            end = drawn["position"][axis] + drawn["size"][length]
            assert 0 <= drawn["position"][axis] <= end <= zone["size"][length]


def test_an_inventory_keeps_cyclonedx(bom: dict[str, Any]) -> None:
    assert problems("cyclonedx-1.6.json", bom) == []
    bom["services"][0]["invented"] = True
    assert any("invented" in problem for problem in problems("cyclonedx-1.6.json", bom))
    del bom["services"][0]["invented"]


def test_an_inventory_says_which_data_goes_whither(bom: dict[str, Any]) -> None:
    services = {service["bom-ref"]: service for service in bom["services"]}
    sent = [
        (datum["classification"], datum["description"])
        for datum in services["template/Charge"]["data"]
        if datum["flow"] == "outbound"
    ]
    assert ("pay.pan", "to api.coachpay.example") in sent
    assert services["template/RidesApi"]["authenticated"] is False
    assert services["template/RidesApi"]["x-trust-boundary"] is True
    assert services["template/Rides"]["x-trust-boundary"] is False


def test_links_in_an_inventory_lead_to_its_services_or_people(bom: dict[str, Any]) -> None:
    start = f"urn:cdx:{bom['serialNumber'].removeprefix('urn:uuid:')}/1#"
    for service in bom["services"]:
        for datum in service.get("data", ()):
            for link in datum.get("source", []) + datum.get("destination", []):
                assert link.startswith(start)


def test_an_inventory_holds_the_packages_that_functions_bring(bom: dict[str, Any]) -> None:
    packages = {component["purl"] for component in bom["components"]}
    assert "pkg:npm/%40aws-sdk/client-dynamodb@3.699.0" in packages
    known = {component["bom-ref"] for component in bom["components"]}
    needs = {each["ref"]: each["dependsOn"] for each in bom["dependencies"]}
    assert {ref for refs in needs.values() for ref in refs} == known


def test_the_same_app_gives_the_same_inventory(bom: dict[str, Any], tmp_path: Path) -> None:
    assert json.loads(graph("cyclonedx", tmp_path)) == bom


def test_the_published_schema_is_what_the_types_say(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert run(["schema", "graph"]) == 0
    told = capsysbinary.readouterr().out
    assert (
        PUBLISHED.read_bytes() == told
    )  # else: checkrein schema graph > docs/schema/graph.schema.json


def test_the_document_keeps_its_schema(folder: Path) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(document.schema()))
    content = json.loads(graph("json", folder))
    assert [error.message for error in validator.iter_errors(content)] == []
    assert {edge["basis"] for edge in content["edges"]} == {"intended", "coded", "potential"}
    one = json.loads(graph("json", folder, "--basis", "intended"))
    assert {edge["basis"] for edge in one["edges"]} == {"intended"}


def test_a_class_narrows_the_picture(folder: Path) -> None:
    found = json.loads(graph("json", folder, "--data", "pay.pan"))
    assert found["classes"] == ["pay.pan"]
    assert all(edge["data"] == ["pay.pan"] for edge in found["edges"])
    assert "site/SettingsWriter" not in {node["id"] for node in found["nodes"]}


def test_a_resource_narrows_the_picture_to_what_touches_it(folder: Path) -> None:
    found = json.loads(graph("json", folder, "ShowRide", "--basis", "coded"))
    ends = {(edge["source"], edge["target"]) for edge in found["edges"]}
    assert ends == {
        ("template/RidesApi", "template/ShowRide"),
        ("template/ShowRide", "template/RidesApi"),
        ("template/Rides", "template/ShowRide"),
        ("site@anyone", "template/RidesApi"),
        ("site/UserPool@callers", "template/RidesApi"),
    }


def test_people_may_be_what_it_is_about(folder: Path) -> None:
    found = json.loads(graph("json", folder, "Anyone", "--basis", "coded"))
    ends = {edge["source"] for edge in found["edges"]} | {e["target"] for e in found["edges"]}
    assert ends == {"site@anyone", "site/UserPool", "template/RidesApi", "template/PaymentCallback"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "Rides"], "Rides is a resource, no class of data; give it without --data"),
        (["Rids"], "nothing here is called Rids; did you mean Rides"),
        (["--format", "png"], "png"),
    ],
)
def test_wrong_words_get_a_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["graph", *arguments, "--in", str(EXAMPLE)]) == 2
    assert said in capsys.readouterr().err


def test_a_flowchart_names_nodes_and_the_data_between_them(rides: Picture) -> None:
    lines = mermaid.document(rides, Basis.CODED, everything=False).decode().splitlines()
    assert lines[0] == "flowchart LR"
    assert '    n14[("Rides ★★★")]' in lines
    assert '  n14 -->|"e-mail address"| n7' in lines


def test_answers_do_not_turn_round_the_order_of_a_graph(rides: Picture) -> None:
    lines = dot.document(rides, Basis.CODED, everything=False).decode().splitlines()
    function, api = '"template/ShowRide"', '"template/RidesApi"'
    (asks,) = [line for line in lines if line.startswith(f"  {api} -> {function} [")]
    (answers,) = [line for line in lines if line.startswith(f"  {function} -> {api} [")]

    assert "constraint" not in asks
    assert answers.endswith(", constraint=false];")


QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
STATEMENT = re.compile(
    r"digraph checkrein \{|\}|\s+(graph|node|edge) \[.*\];|\s+subgraph cluster_\d+ \{|\s+\}"
    r"|\s+label=Q; color=gray70;|\s+Q \[label=Q, shape=\w+, color=\w+\];"
    r"|\s+Q -> Q \[(label=Q, )?color=\w+, style=(solid|dashed)\];"
)
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    ids = sorted(draw(st.sets(texts, min_size=2, max_size=6)))
    nodes = tuple(
        Node(id=id, name=draw(texts), kind="store", column=5, zone="z", stack=draw(texts))
        for id in ids
    )
    return Picture(nodes=nodes, edges=(Edge(ids[0], ids[1], Basis.CODED, ("pii.email",)),))


@settings(max_examples=40)
@given(pictures())
def test_whatever_names_hold_graphviz_reads_statements(found: Picture) -> None:
    text = dot.document(found, Basis.CODED, everything=False).decode()
    for line in QUOTED.sub("Q", text).splitlines():
        assert STATEMENT.fullmatch(line), line


@settings(max_examples=40)
@given(pictures())
def test_whatever_names_hold_mermaid_labels_stay_closed(found: Picture) -> None:
    text = mermaid.document(found, Basis.CODED, everything=False).decode()
    for line in text.split("\n"):
        assert line.count('"') % 2 == 0, line
