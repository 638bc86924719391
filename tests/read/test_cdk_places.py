"""Where a CDK app's program makes a construct, told by nothing but the program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checkrein.model import Place
from checkrein.read.cdk.constructs import made_at

ENTRY = """\
import { ShopStack } from "../lib/shop";
const app = new cdk.App();
const stage = app.node.tryGetContext("stage");
new ShopStack(app, `Shop-${stage}`, {});
"""
STACK = """\
import { Construct } from "constructs";
import { Service } from "./parts/service";
import { addQueues, NAMES } from "./queues";
import { SpecialFunction } from "./special";
import { ApiGatewayToLambda } from "@aws-solutions-constructs/aws-apigateway-lambda";

enum Names { Archive = "Archive" }

export class ShopStack extends cdk.Stack {
  private readonly prefix = "shop";
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id, props);
    const { stage } = props;
    const table = new dynamodb.Table(this, `${stage}-table`, {});  // table
    new s3.Bucket(this, this.prefix + "-" + Names.Archive);  // joined
    for (const name of ["Paid", "Sent"]) {
      new sns.Topic(this, name);  // loop
    }
    new kms.Key(this, props.keyName);  // alone
    new kms.Key(this, "Named");  // named
    new events.EventBus(this, props.busName);  // first
    new events.EventBus(this, props.otherBusName);  // second
    const mails = new Service(this, "Mails");  // service
    new Service(this, "Texts", { kind: "sms" });
    addQueues(this);
    new sqs.Queue(this, NAMES.late);  // constant
    this.worker("Print");
    new SpecialFunction(this, "Special");  // special
    new ApiGatewayToLambda(this, "Packaged", {});  // packaged
    const api = new apigateway.RestApi(this, "Api");  // api
    const orders = api.root.addResource("orders");  // orders
    orders.addMethod("GET", reading);  // get
    api.root
      .addResource("customers")  // customers
      .addResource("{id}")
      .addMethod("GET", reading);  // chained
    const routes = new HttpApi(this, "Http");
    routes.addRoutes({ path: "/mails", methods: [HttpMethod.GET] });  // route
    this.twice("Twice");
    if (stage === "prod") {
      new logs.LogGroup(this, "Either");
    } else {
      new logs.LogGroup(this, "Either");
    }
  }
  private worker(name: string) {
    const id = `${name}Worker`;
    return new lambda.Function(this, id, {});  // worker
  }
}
"""
FILES = {
    "cdk.json": json.dumps({"app": "npx ts-node --prefer-ts-exts bin/app.ts"}),
    "bin/app.ts": ENTRY,
    "lib/shop.ts": STACK,
    # what was compiled lies beside it, and an older copy that nothing takes in
    "lib/shop.js": STACK,
    "old/shop.ts": f'import {{ Construct }} from "constructs";\n{STACK}',
    "lib/parts/service.ts": """\
export class Service extends Construct {
  constructor(scope: Construct, id: string, props?: Props) {
    super(scope, id);
    new lambda.Function(this, "Handler", {});  // handler
    new sqs.Queue(this, `${id}Queue`);  // queue
  }
}
""",
    "lib/queues.ts": """\
export const NAMES = { late: "LateOnes" };
export function addQueues(scope: Construct) {
  const lost = new sqs.Queue(scope, "Lost");  // function
  new sns.Topic(lost, "Inner");  // inner
}
""",
    "lib/special.ts": """\
export class SpecialFunction extends lambda.Function {
  constructor(scope: Construct, id: string) {
    super(scope, `${id}-function`, {});
    new sns.Topic(this, "ServiceRole2");
  }
}
export class Elsewhere extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new iam.Role(this, "ServiceRole");
  }
}
""",
}  # fmt: skip
KINDS = {
    "Shop-live/live-table": "Table",
    "Shop-live/shop-Archive": "Bucket",
    "Shop-live/Paid": "Topic",
    "Shop-live/whatever": "Key",
    "Shop-live/Named": "Key",
    "Shop-live/bus": "EventBus",
    "Shop-live/Mails/Handler": "Function",
    "Shop-live/Mails/MailsQueue": "Queue",
    "Shop-live/PrintWorker": "Function",
    "Shop-live/Special-function": "Function",
    "Shop-live/Special-function/ServiceRole": "Role",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def where(root: Path, construct: str) -> str:
    """Return the remark at the end of the line that a construct is made in, its place if none."""
    place = made_at(root, "", construct, KINDS.get)
    return remark(root, place) if place else ""


def remark(root: Path, place: Place) -> str:
    line = (root / place.path).read_text().splitlines()[place.line - 1]
    said = line.replace(" # ", " // ").partition("// ")[2]
    return said or f"{place.path}:{place.line}"


@pytest.mark.parametrize(
    ("construct", "line"),
    [
        ("Shop-live/live-table/Resource", "table"),
        ("Shop-live/shop-Archive/Resource", "joined"),
        ("Shop-live/Paid/Resource", "loop"),
        ("Shop-live/whatever/Resource", "alone"),
        ("Shop-live/Mails/Handler/ServiceRole/DefaultPolicy/Resource", "handler"),
        ("Shop-live/Named/Resource", "named"),  # a whole text, before one that may be any
        ("Shop-live/Mails/MailsQueue/Resource", "queue"),
        ("Shop-live/Mails/Unsaid/Resource", "service"),
        ("Shop-live/Lost/Policy/Resource", "function"),
        ("Shop-live/Lost/Inner/Resource", "inner"),
        ("Shop-live/LateOnes/Resource", "constant"),
        ("Shop-live/PrintWorker/Resource", "worker"),
        ("Shop-live/Special-function/ServiceRole/Resource", "special"),
        ("Shop-live/Packaged/LambdaFunction/Resource", "packaged"),
        ("Shop-live/Api/Deployment/Resource", "api"),
        ("Shop-live/Api/Default/orders/Resource", "orders"),
        ("Shop-live/Api/Default/orders/GET/Resource", "get"),
        ("Shop-live/Api/Default/customers/Resource", "customers"),
        ("Shop-live/Api/Default/customers/{id}/GET/Resource", "chained"),
        ("Shop-live/Http/GET--mails/Resource", "route"),
    ],
)
def test_a_construct_stands_in_the_line_that_makes_it(
    construct: str, line: str, root: Path
) -> None:
    assert where(root, construct) == line


@pytest.mark.parametrize(
    "construct",
    [
        "Shop-live/bus/Resource",  # either of two
        "Shop-live/Either/Resource",
        "Shop-live/Nowhere/Resource",
    ],
)
def test_where_several_lines_may_have_made_it_none_is_taken(construct: str, root: Path) -> None:
    assert made_at(root, "", construct, KINDS.get) is None


PYTHON = {
    "cdk.json": json.dumps({"app": "python3 app.py"}),
    "app.py": """\
from aws_cdk import App
from shop.stack import ShopStack
from shop import network

app = App()
net = network.NetworkStack(app, "Net")
ShopStack(app, f"shop-{app.node.try_get_context('stage')}", vpc=net.vpc)
""",
    "shop/__init__.py": "",
    "shop/network.py": """\
from aws_cdk import Stack, aws_ec2 as ec2
class NetworkStack(Stack):
    def __init__(self, scope, id, **more):
        super().__init__(scope, id, **more)
        self.vpc = ec2.Vpc(self, "Main")  # vpc
""",
    "shop/names.py": 'QUEUE = "Waiting"\n',
    "shop/stack.py": """\
from aws_cdk import Stack, aws_lambda as _lambda, aws_sqs as sqs
from aws_cdk.aws_dynamodb import Table as Store
from .names import QUEUE
class ShopStack(Stack):
    def __init__(self, scope, construct_id, *, vpc, **more):
        super().__init__(scope, construct_id, **more)
        self.table = Store(self, id=f"{construct_id}-orders")  # table
        sqs.Queue(self, QUEUE)  # queue
        for name in ("read", "write"):
            self.make(name)
        api = apigateway.RestApi(self, "Main")  # api
        orders = api.root.add_resource("orders")
        orders.add_method("POST")  # post

    def make(self, name):
        return _lambda.Function(
            self, "{}-function".format(name) if vpc else name + "-function")
""",
    "tests/test_stack.py": 'from aws_cdk import Stack\nStack(app, "shop-live")\n',
}


@pytest.mark.parametrize(
    ("construct", "line"),
    [
        ("Net/Main/Resource", "vpc"),
        ("shop-live/shop-live-orders/Resource", "table"),
        ("shop-live/Waiting/Resource", "queue"),
        ("shop-live/read-function/Resource", "shop/stack.py:16"),
        ("shop-live/Main/Resource", "api"),
        ("shop-live/Main/Default/orders/POST/Resource", "post"),
    ],
)
def test_a_program_in_python_is_followed_too(construct: str, line: str, tmp_path: Path) -> None:
    for name, text in PYTHON.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    assert where(tmp_path, construct) == line


def test_what_the_app_is_compiled_to_is_not_what_people_write(root: Path) -> None:
    (root / "cdk.json").write_text('{"app": "node dist/bin/app.js"}')

    place = made_at(root, "", "Shop-live/Lost/Resource", lambda _: None)

    assert place is not None
    assert place.path == "lib/queues.ts"


JAVA = """\
public class ShopStack extends Stack {
    public ShopStack(final Construct scope, final String id) {
        super(scope, id, null);
        new Bucket(this, "Photos");
    }
}
class Other extends Stack {
    Other(Construct scope, String id) { new Queue(this, "Photos"); }
}
class Start {
    public static void main(String[] args) { new ShopStack(app, "Shop"); new Other(app, "More"); }
}
"""


def test_in_other_languages_the_text_of_the_calls_is_followed(tmp_path: Path) -> None:
    (tmp_path / "Shop.java").write_text(JAVA)

    places = [
        made_at(tmp_path, "", f"{stack}/Photos/Resource", lambda _: None)
        for stack in ("Shop", "More")
    ]

    assert [place.line for place in places if place] == [4, 8]


def made(tmp_path: Path, body: str, construct: str) -> Place | None:
    """Return where a stack's constructor makes a construct."""
    (tmp_path / "cdk.json").write_text('{"app": "npx ts-node app.ts"}')
    (tmp_path / "app.ts").write_text(
        "class S extends Stack { constructor(scope, id) { super(scope, id);\n"
        f"{body}\n}} }}\nnew S(new App(), 'S');\n"
    )
    return made_at(tmp_path, "", construct, lambda _: "")


@pytest.mark.parametrize(
    ("id", "line"),
    [("axbyc", 2), ("axyc", 2), ("ac", None), ("axyxyc", 2), ("axcy", None), ("axyb", None)],
)
def test_gaps_in_an_id_are_anything_in_the_order_that_is_written(
    tmp_path: Path, id: str, line: int | None
) -> None:
    found = made(tmp_path, "new Table(this, `a${p}x${q}y${r}c`);", f"S/{id}")
    assert found == (line and Place("app.ts", line, 1))


def test_an_id_of_many_gaps_is_compared_at_once(tmp_path: Path) -> None:
    gaps = "x${q}" * 40
    found = made(
        tmp_path, f"new Table(this, `{gaps}y`);\nnew Table(this, 'Own');", "S/" + "x" * 200
    )
    assert found is None


def test_an_id_that_names_multiply_in_is_given_up(tmp_path: Path) -> None:
    names = "".join(f"const a{n + 1} = `{f'${{a{n}}}' * 50}`;\n" for n in range(8))
    body = f"const a0 = 'x';\n{names}new Table(this, a8);\nnew Table(this, 'Own');"
    assert made(tmp_path, body, "S/Own") == Place("app.ts", 12, 1)
