"""The HTML report in a real browser: what a click, a key, a filter and a view do."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from checkrein.cli import run
from checkrein.compare.picture import picture
from checkrein.model import Basis
from checkrein.pipeline import learn
from tests.report.html.conftest import EXAMPLE, report
from tests.report.html.shops import write_shop
from tests.report.html.test_page import TEMPLATE
from tools.browser import Browser

EDGES = "[...document.querySelectorAll('.edges path:not(.off)')].length"
LOUD = (
    "Runtime.consoleAPICalled",
    "Runtime.exceptionThrown",
    "Log.entryAdded",
    "Audits.issueAdded",
)
SETTLED = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"
CONTRAST = """(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (at.tagName === "a" && at.closest(".nodes")) return colour(getComputedStyle(at).fill);
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found[3] === 255) return found;
    }
    return colour("white");
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, option, :disabled, label:has(:disabled)")) continue;
    seen += 1;
    const style = getComputedStyle(element);
    const [one, two] = [light(colour(element.closest("svg") ? style.fill : style.color)), light(ground(element))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) poor.push([walker.currentNode.data.trim().slice(0, 30), element.className.toString(), ratio.toFixed(2)]);
  }
  return [seen, poor];
})()"""


@pytest.fixture(scope="module")
def page(browser: Browser, example: bytes, tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """Return a browser that shows the report on the project's own example."""
    file = tmp_path_factory.mktemp("report") / "wild-rydes.html"
    file.write_bytes(example)
    browser.look(1280, 800)
    browser.open(file)
    return browser


@pytest.fixture(autouse=True)
def settled(request: pytest.FixtureRequest) -> None:
    """Let go of what the test before picked."""
    if "page" in request.fixturenames:
        shown: Browser = request.getfixturevalue("page")
        shown.run("document.activeElement.blur()")
        for _ in range(2):
            shown.press("Escape")
        choose(shown, "[name=show][value='1']")
        pick(shown, "#less", "-1")
        pick(shown, "#data-class", "")


def choose(page: Browser, selector: str) -> None:
    page.run(f"document.querySelector({json.dumps(selector)}).click()")


def pick(page: Browser, selector: str, value: str) -> None:
    page.run(
        f"""(() => {{
          const choice = document.querySelector({json.dumps(selector)});
          choice.value = {json.dumps(value)};
          choice.dispatchEvent(new Event("change"));
        }})()"""
    )


def names(page: Browser, selector: str) -> list[str]:
    """Return what stands in the boxes of the picture, or the rows, that are selected."""
    found: list[str] = page.run(
        f"[...document.querySelectorAll({json.dumps(selector)})].map((each) => "
        "(each.querySelector('text') || each.querySelector('th, .message')).textContent)"
    )
    return sorted(found)


def row(page: Browser, name: str, column: int) -> str:
    """Return a selector of a cell in the row whose service and name these are."""
    number = page.run(
        "[...document.querySelectorAll('#table tr[id]')].find((row) => "
        f"row.cells[0].textContent === {json.dumps(name)}).id"
    )
    return f"#{number} > :nth-child({column})"


def box(page: Browser, name: str) -> str:
    """Return a selector of the box whose row has a name."""
    return f".nodes [href='#{row(page, name, 1)[1:].partition(' ')[0]}']"


def asked(browser: Browser) -> list[str]:
    """Return the names of all that was asked for since a page was opened."""
    sent = [e for e in browser.events if e["method"] == "Network.requestWillBeSent"]
    return [each["params"]["request"]["url"].rpartition("/")[2] for each in sent]


def test_nothing_is_said_on_the_console_and_nothing_is_asked_of_a_network(page: Browser) -> None:
    assert [event for event in page.events if event["method"] in LOUD] == []
    assert asked(page) == ["wild-rydes.html"]


def test_a_cell_lights_its_path_and_tells_it_with_the_code(page: Browser) -> None:
    page.click(row(page, "CloudWatch Logs RequestRide", 4))

    assert names(page, ".nodes a.lit") == ["RequestRide", "RequestRide", "Rides"]
    assert page.run("document.querySelectorAll('.edges path.lit').length") == 2
    panel = page.run("document.querySelector('#panel').textContent")
    assert "Log of RequestRide" in panel
    assert "RequestRide may log all it holds" in panel
    assert "await rides.send(new PutCommand({ TableName: " in panel


def test_a_box_under_the_pointer_lights_what_it_is_joined_to(page: Browser) -> None:
    for name in ("S3 Website", "SQS Payments"):
        page.point(box(page, name))
        assert f" {name}".endswith(f" {names(page, '.nodes a.lit:hover')[0]}")
    assert 1 < page.run("document.querySelectorAll('.edges path.lit').length") < page.run(EDGES)
    page.point("h1")
    assert page.run("document.querySelectorAll('.lit').length") == 0


def test_a_node_shows_its_row_and_its_findings(page: Browser) -> None:
    page.click(box(page, "S3 Website"))

    assert page.run("document.querySelector('#panel h3').textContent") == "CloseWebsite ★★★"
    assert all("Website" in text for text in names(page, ".level li[id]:not([hidden])"))
    assert names(page, ".nodes a.picked") == ["Website"]
    assert "Website: 19 services, " in page.run("document.querySelector('#said').textContent")


def test_a_finding_shows_its_nodes_and_their_path(page: Browser) -> None:
    number = page.run(
        "[...document.querySelectorAll('.level li')].find((item) => "
        "item.textContent.includes('the log of Charge receives')).id"
    )
    page.click(f"#{number} summary")
    page.run(SETTLED)

    assert names(page, ".nodes a.lit") == ["Charge", "Charge"]
    assert page.run("document.querySelectorAll('.edges path.lit').length") == 1


def test_views_show_what_each_basis_has_and_what_differs(page: Browser) -> None:
    edges = {}
    for show, less in (("0", "-1"), ("1", "-1"), ("2", "-1"), ("2", "0"), ("1", "0")):
        choose(page, f"[name=show][value='{show}']")
        pick(page, "#less", less)
        edges[show, less] = page.run(EDGES)

    assert edges["0", "-1"] < edges["1", "-1"] < edges["2", "-1"]
    assert 0 < edges["1", "0"] < edges["2", "0"] < edges["2", "-1"]
    assert "UserPool" not in names(page, ".nodes a:not(.off)")


@pytest.mark.parametrize("basis", [Basis.INTENDED, Basis.CODED])
def test_an_edge_looks_as_valuable_as_what_it_carries_in_the_view(
    page: Browser, basis: Basis
) -> None:
    choose(page, f"[name=show][value='{list(Basis).index(basis)}']")
    seen = page.run(
        "[0, 1, 2, 3].map((worth) => "
        "document.querySelectorAll(`.edges path.w${worth}:not(.off)`).length)"
    )

    edges = [each for each in picture(learn((EXAMPLE,)).app).edges if each.basis is basis]
    assert seen == [sum(each.worth == worth for each in edges) for worth in range(4)]


def test_who_sends_what_is_shown_is_not_faint(page: Browser) -> None:
    choose(page, "[name=show][value='1']")
    pick(page, "#less", "0")

    assert "Charge" in names(page, ".nodes a:not(.off)")
    assert "UserPool" in names(page, ".nodes a.off")


def test_a_filter_leaves_what_holds_a_class(page: Browser) -> None:
    number = page.run(
        "[...document.querySelectorAll('#data-class option')].find((option) => "
        "option.textContent === 'password').value"
    )
    pick(page, "#data-class", number)

    assert names(page, "#table tr[id]:not([hidden])") == ["Browser ", "Cognito UserPool"]
    assert page.run("document.querySelector('#said').textContent").startswith("2 services, ")


def test_search_finds_services_and_findings(page: Browser) -> None:
    page.press("/")
    for letter in "payments":
        page.press(letter)

    assert names(page, "#table tr[id]:not([hidden])") == ["SQS FailedPayments", "SQS Payments"]
    assert names(page, ".level li[id]:not([hidden])") != []
    assert names(page, ".nodes a.found") != []
    page.press("Enter")
    assert page.run("document.querySelector('#panel h3').textContent") == "CloseFailedPayments ★★★"
    page.press("Escape")
    assert len(names(page, "#table tr[id]:not([hidden])")) == 19


def test_everything_can_be_done_with_keys(page: Browser) -> None:
    page.run(f"document.querySelector({json.dumps(row(page, 'API Gateway RidesApi', 1))}).focus()")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        page.press(key)

    assert page.run("document.querySelector('[aria-selected]').cellIndex") == 3
    assert page.run("document.querySelector('#panel h3').textContent").startswith("CloseBrowser")
    page.press("Escape")
    assert page.run("document.querySelector('#panel').textContent") == ""
    assert page.run("document.activeElement.cellIndex") == 3
    page.run("document.querySelector('.nodes a[tabindex=\"0\"]').focus()")
    before = page.run("document.activeElement.getAttribute('href')")
    page.press("ArrowRight")
    assert page.run("document.activeElement.getAttribute('href')") != before
    page.press("Enter")
    assert page.run("document.querySelectorAll('.nodes a.picked').length") == 1


def test_the_tab_key_stops_once_in_the_picture_and_once_in_the_table(page: Browser) -> None:
    assert page.run("document.querySelectorAll('.nodes a[tabindex=\"0\"]').length") == 1
    assert page.run("document.querySelectorAll('#table [tabindex=\"0\"]').length") == 1


@pytest.mark.parametrize("dark", [False, True])
def test_text_can_be_read_in_both_colours(page: Browser, *, dark: bool) -> None:
    page.look(1280, 800, dark=dark)
    page.run("document.querySelectorAll('aside details').forEach((each) => (each.open = true))")
    page.run("document.body.classList.remove('lighting')")
    seen, poor = page.run(CONTRAST)
    page.look(1280, 800)

    assert seen > 500
    assert poor == []


def test_the_switch_turns_light_to_dark(page: Browser) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.run(ground)
    page.click("#theme")
    assert page.run(ground) != before
    page.click("#theme")
    assert page.run(ground) == before


def heard(browser: Browser) -> list[tuple[str, str]]:
    """Return what who hears a page is told: roles with their names."""
    tree = browser.send("Accessibility.getFullAXTree")["nodes"]
    told = [node for node in tree if not node["ignored"]]
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in told]


def test_who_hears_the_page_is_told_what_things_are(page: Browser) -> None:
    roles = heard(page)
    nameless = [
        role
        for role, name in roles
        if role in {"button", "link", "searchbox", "combobox", "radio"} and not name
    ]

    assert nameless == []
    assert {
        "banner",
        "main",
        "complementary",
        "contentinfo",
        "grid",
        "status",
        "search",
        "radio",
    } <= {r for r, _ in roles}
    assert ("gridcell", "highest risk") in roles
    assert any(role == "button" and name.startswith("Website, S3") for role, name in roles)


def test_paper_shows_everything_without_the_controls(page: Browser) -> None:
    page.look(1280, 800, media="print")
    hidden = page.run(
        "['#search', '.bar', '#theme'].filter((each) => document.querySelector(each).checkVisibility())"
    )
    height = page.run(
        "[document.querySelector('aside').scrollHeight, document.querySelector('aside').clientHeight]"
    )
    page.look(1280, 800)

    assert hidden == []
    assert height[0] == height[1]


def test_a_narrow_window_scrolls_only_inside(page: Browser) -> None:
    page.look(390, 844)
    width = page.run("document.documentElement.scrollWidth")
    page.look(1280, 800)

    assert width == 390


def test_with_a_lock_what_is_coded_less_intended_is_what_is_new(
    browser: Browser, tmp_path: Path
) -> None:
    folder = copytree(EXAMPLE, tmp_path / "rides")
    assert run(["init", str(folder)]) == 0
    seen = []
    for _ in range(2):
        file = tmp_path / "rides.html"
        file.write_bytes(report(folder, judged=False))
        browser.open(file)
        choose(browser, "[name=show][value='1']")
        pick(browser, "#less", "0")
        seen.append(browser.run(EDGES))
        code = folder / "functions" / "request-ride" / "app.mjs"
        more = "    pickup,\n    phone: JSON.parse(event.body).phone,\n"
        code.write_text(code.read_text("utf-8").replace("    pickup,\n", more), "utf-8")

    assert seen == [0, 8]


def test_one_statement_more_shows_its_way_to_the_public_bucket(
    browser: Browser, tmp_path: Path
) -> None:
    folder = copytree(EXAMPLE, tmp_path / "rides")
    template = folder / "template.yaml"
    before = "          Statement:\n            - Effect: Allow\n              Action:\n"
    added = '{Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::*"}'
    text = template.read_text("utf-8")
    assert text.count(before) == 2  # of RequestRide, of Charge
    more = before.replace("- Effect", f"- {added}\n            - Effect")
    template.write_text(text.replace(before, more, 1))
    file = tmp_path / "rides.html"
    file.write_bytes(report(folder))
    browser.look(1280, 800)
    browser.open(file)
    browser.click(row(browser, "S3 Website", 4))

    assert names(browser, ".nodes a.lit") == ["RequestRide", "Website"]
    told = browser.run("document.querySelector('#panel').textContent")
    assert "RequestRide (RequestRideRole) may write Website: s3:PutObject" in told
    assert added in told
    assert "API key or access token" in told


def test_an_empty_application_is_a_page_too(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Resources: {Nothing: {Type: AWS::CloudFormation::WaitConditionHandle}}\n"
    )
    file = tmp_path / "empty.html"
    file.write_bytes(report(tmp_path))
    browser.open(file)

    assert browser.run("document.querySelector('h1').textContent") == "Nothing found."
    assert [event for event in browser.events if event["method"] in LOUD] == []


def test_without_a_script_it_is_read_as_it_stands(
    browser: Browser, example: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "plain.html"
    file.write_bytes(example)
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(file)
    roles = heard(browser)
    browser.send("Emulation.setScriptExecutionDisabled", value=False)

    assert {"searchbox", "radio", "combobox"} & {role for role, _ in roles} == set()
    # Older Chromiums also say what the box refers to, which is "Lambda ★★★".
    assert {"RequestRide", "Lambda ★★★ RequestRide"} & {n for role, n in roles if role == "link"}
    assert ("cell", "financial, more personal, business, unchecked input") in roles


def test_hostile_names_stay_text(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    file = tmp_path / "hostile.html"
    file.write_bytes(report(tmp_path))
    browser.look(1280, 800)
    browser.open(file)
    for cell in range(browser.run("document.querySelectorAll('#table tr[id] > *').length")):
        browser.run(f"document.querySelectorAll('#table tr[id] > *')[{cell}].click()")
        browser.run(
            "document.querySelectorAll('#panel details').forEach((each) => (each.open = true))"
        )

    assert browser.run("document.querySelectorAll('img, iframe, svg [onload]').length") == 0
    assert asked(browser) == ["hostile.html"]
    assert [event for event in browser.events if event["method"] in LOUD] == []
    assert "<img src=x onerror=alert(1)>" in browser.run("document.body.innerText")


def test_a_thousand_nodes_are_folded_but_for_the_riskiest(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "large.html"
    file.write_bytes(report(write_shop(tmp_path / "shop", 300), judged=False))
    browser.look(1280, 800)
    browser.open(file)
    seen = (
        "[...document.querySelectorAll('.nodes a')].filter((box) => box.checkVisibility()).length"
    )

    assert browser.run("document.querySelectorAll('#table tr[id]').length") > 1000
    assert browser.run("document.querySelectorAll('.part:not([open])').length") == 14
    assert 50 < browser.run(seen) < 100
    browser.click(".part > summary")
    assert browser.run(seen) == 0
    browser.click(".part > summary")
    browser.run("document.querySelector('#table tbody:last-child tr[id]').cells[3].click()")
    assert browser.run("document.querySelectorAll('.part[open]').length") == 2
    assert browser.run("document.querySelector('.part[open] .picked').checkVisibility()")
    assert [event for event in browser.events if event["method"] in LOUD] == []
