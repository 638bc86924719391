"""What GraphQL fields move: resolvers in Velocity and JavaScript, pipelines, every data source."""

from collections.abc import Callable
from textwrap import indent

import pytest

from checkrein.derive.entrances.graph_templates import GraphReader
from checkrein.model import App, Entry, Flow, Row, Unread

Scan = Callable[[dict[str, str]], App]

SCENE = """
Resources:
  Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: API_KEY}}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: |
        # people
        input PersonInput { contact: String!, address: Address }
        input Address { city: String }
        type Person { id: ID! }
        type Mutation { add(input: PersonInput!, phone: String): Person }
        type Query { get(id: ID!): Person }
  People: {Type: AWS::DynamoDB::Table, Properties: {TableName: people}}
  Steps: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: "{}"}}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: bus}}
  Domain: {Type: AWS::OpenSearchService::Domain}
  Cluster: {Type: AWS::RDS::DBCluster}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/worker
      Code: {ZipFile: "def handler(event, context): return {'name': event['to']}"}
  Table: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: T, Type: AMAZON_DYNAMODB, DynamoDBConfig: {TableName: !Ref People}}}
  Nothing: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: N, Type: NONE}}
  Events: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: E, Type: AMAZON_EVENTBRIDGE, EventBridgeConfig: {EventBusArn: !GetAtt Bus.Arn}}}
  Search: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: S, Type: AMAZON_OPENSEARCH_SERVICE, OpenSearchServiceConfig: {Endpoint: !GetAtt Domain.DomainEndpoint}}}
  Host: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: H, Type: HTTP, HttpConfig: {Endpoint: "https://mail.example.com"}}}
  Service: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: X, Type: HTTP, HttpConfig: {Endpoint: !Sub "https://sync-states.${AWS::Region}.amazonaws.com/"}}}
  Function: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: F, Type: AWS_LAMBDA, LambdaConfig: {LambdaFunctionArn: !GetAtt Work.Arn}}}
  Sql: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: Q, Type: RELATIONAL_DATABASE, RelationalDatabaseConfig: {RdsHttpEndpointConfig: {DbClusterIdentifier: !Ref Cluster}}}}
"""
UNIT = """
  Add:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Mutation
      FieldName: add
      DataSourceName: !GetAtt {source}.Name
"""
JAVASCRIPT = """
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      Code: |
"""


def flows(app: App) -> list[tuple[str, str]]:
    return [
        (
            f"{f.source.node.removeprefix('app/')} {f.source.path}".strip(),
            f"{f.target.node.removeprefix('app/')} {f.target.path}".strip(),
        )
        for f in app.every(Flow)
        if f.via == "app/Api#Mutation.add"
    ]


def velocity(request: str, response: str = "$util.toJson($ctx.result)") -> str:
    return (
        f"      RequestMappingTemplate: |\n{indent(request, '        ')}\n"
        f"      ResponseMappingTemplate: |\n{indent(response, '        ')}\n"
    )


def javascript(code: str) -> str:
    return JAVASCRIPT + indent(code, "        ") + "\n"


PUT = """
#set($item = {"made": $ctx.identity.sub})
$util.qr($item.put("mail", $ctx.args.input.contact))
{
  "version": "2018-05-29",
  "operation": "PutItem",
  "key": {"id": $util.dynamodb.toDynamoDBJson($util.autoId())},
  "attributeValues": $util.dynamodb.toMapValuesJson($item)
}
"""
UPDATE = """
{
  "operation": "UpdateItem",
  "key": {"id": $util.dynamodb.toDynamoDBJson($ctx.args.id)},
  "update": {
    "expression": "SET #p = :p",
    "expressionNames": {"#p": "phone"},
    "expressionValues": {":p": $util.dynamodb.toDynamoDBJson($ctx.args.phone)}
  }
}
"""
CODE_PUT = """
import { util } from '@aws-appsync/utils';
export function request(ctx) {
  const { contact, ...rest } = ctx.args.input;
  const values = { mail: contact, owner: ctx.identity.username };
  return { operation: 'PutItem', key: util.dynamodb.toMapValues({ id: util.autoId() }),
           attributeValues: util.dynamodb.toMapValues(values) };
}
export const response = (ctx) => ({ mail: ctx.result.mail });
"""
CODE_HELPERS = """
import { put as store } from '@aws-appsync/utils/dynamodb';
export function request(ctx) { return store({ key: { id: ctx.args.id }, item: { tel: ctx.args.phone } }); }
export function response(ctx) { return ctx.result; }
"""
ASKING = """
export function request(ctx) { return REQUEST; }
export function response(ctx) { return ANSWER; }
"""


def asking(request: str, answer: str = "null") -> str:
    return javascript(ASKING.replace("REQUEST", request).replace("ANSWER", answer))


@pytest.mark.parametrize(
    ("source", "says", "moved"),
    [
        pytest.param(
            "Table",
            velocity(PUT),
            [
                ("Api Mutation.add arguments.input.contact", "People mail"),
                ("Api Mutation.add identity.sub", "People made"),
                ("People", "Api response.add"),
            ],
            id="an item, in Velocity",
        ),
        pytest.param(
            "Table",
            velocity(UPDATE, "{}"),
            [("Api Mutation.add arguments.id", "People id"), ("Api Mutation.add arguments.phone", "People phone")],
            id="an update, in Velocity",
        ),
        pytest.param(
            "Table",
            javascript(CODE_PUT),
            [
                ("Api Mutation.add arguments.input.contact", "People mail"),
                ("Api Mutation.add identity.username", "People owner"),
                ("People mail", "Api response.add.mail"),
            ],
            id="an item, in JavaScript",
        ),
        pytest.param(
            "Table",
            javascript(CODE_HELPERS),
            [
                ("Api Mutation.add arguments.id", "People id"),
                ("Api Mutation.add arguments.phone", "People tel"),
                ("People", "Api response.add"),
            ],
            id="a helper",
        ),
        pytest.param(
            "Table",
            asking("{operation: 'Query', query: {expression: 'a'}}", "ctx.result.items"),
            [("People", "Api response.add")],
            id="a query",
        ),
        pytest.param(
            "Function",
            asking("{operation: 'Invoke', payload: {to: ctx.args.input}}", "ctx.result.name"),
            [("Api Mutation.add arguments.input", "Work event.to"), ("Work@response name", "Api response.add")],
            id="a function",
        ),
        pytest.param(
            "Events",
            asking("{operation: 'PutEvents', events: [{source: 'a', detail: {who: ctx.args.phone}}]}"),
            [("Api Mutation.add arguments.phone", "Bus who")],
            id="an event",
        ),
        pytest.param(
            "Search",
            asking("{operation: 'PUT', path: '/p', params: {body: {tel: ctx.args.phone}}}"),
            [("Api Mutation.add arguments.phone", "Domain tel")],
            id="a document",
        ),
        pytest.param(
            "Host",
            asking("{method: 'POST', resourcePath: '/send', params: {body: {to: ctx.args.phone}}}", "ctx.result.body.id"),
            [
                ("Api Mutation.add arguments.phone", "host:mail.example.com body.to"),
                ("host:mail.example.com response.body.id", "Api response.add"),
            ],
            id="a host",
        ),
        pytest.param(
            "Service",
            asking(
                "{method: 'POST', resourcePath: '/', params: {headers: {'x-amz-target': 'AWSStepFunctions.StartSyncExecution'},"
                " body: {stateMachineArn: '${Steps}', input: JSON.stringify(ctx.args)}}}",
                "JSON.parse(ctx.result.body).output",
            ).replace("Code: |", "Code: !Sub |"),
            [("Api Mutation.add arguments", "Steps"), ("Steps", "Api response.add")],
            id="a service of AWS",
        ),
        pytest.param(
            "Sql",
            javascript(
                "import { sql, createPgStatement } from '@aws-appsync/utils/rds';\n"
                "export function request(ctx) { return createPgStatement(sql`select ${ctx.args.phone}`); }\n"
                "export function response(ctx) { return null; }"
            ),
            [("Api Mutation.add arguments.phone", "Cluster")],
            id="a database",
        ),
        pytest.param(
            "Nothing",
            asking("{payload: ctx.args}", "ctx.result"),
            [],
            id="what the caller sent",
        ),
    ],
)  # fmt: skip
def test_what_a_field_moves(
    derived: Scan, source: str, says: str, moved: list[tuple[str, str]]
) -> None:
    app = derived({"app.yaml": SCENE + UNIT.format(source=source) + says})
    assert sorted(flows(app)) == sorted(moved)


PIPELINE = """
  First:
    Type: AWS::AppSync::FunctionConfiguration
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: first
      DataSourceName: !GetAtt Table.Name
      FunctionVersion: 2018-05-29
      RequestMappingTemplate: |
        $util.qr($ctx.stash.put("tel", $ctx.args.phone))
        {"operation": "GetItem", "key": {"id": $util.dynamodb.toDynamoDBJson($ctx.args.id)}}
      ResponseMappingTemplate: $util.toJson($ctx.result)
  Second:
    Type: AWS::AppSync::FunctionConfiguration
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: second
      DataSourceName: !GetAtt Host.Name
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      CodeS3Location: second.js
  Add:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Mutation
      FieldName: add
      Kind: PIPELINE
      PipelineConfig: {Functions: [!GetAtt First.FunctionId, !GetAtt Second.FunctionId]}
      Runtime: {Name: APPSYNC_JS, RuntimeVersion: 1.0.0}
      Code: |
        export function request(ctx) { return {}; }
        export function response(ctx) { return { sent: ctx.prev.result }; }
"""
SECOND = """
export function request(ctx) {
  return { method: 'POST', resourcePath: '/', params: { body: { to: ctx.prev.result.email, tel: ctx.stash.tel } } };
}
export function response(ctx) { return ctx.result.body; }
"""


def test_what_a_pipeline_moves(derived: Scan) -> None:
    app = derived({"app.yaml": SCENE + PIPELINE, "second.js": SECOND})
    rows = {row.id: row for row in app.every(Row)}

    assert sorted(flows(app)) == [
        ("Api Mutation.add arguments.phone", "host:mail.example.com body.tel"),
        ("People email", "host:mail.example.com body.to"),
        ("host:mail.example.com response.body", "Api response.add.sent"),
    ]
    assert rows["host:mail.example.com"].coded == ("pii.email", "pii.phone")
    assert rows["app/People"].coded == ("pii.email",)


def test_code_that_is_not_here_is_said(derived: Scan) -> None:
    app = derived({"app.yaml": SCENE + PIPELINE})

    assert [unread.reason for unread in app.every(Unread)] == [
        "Second: its code is at second.js, not in this folder"
    ]


def test_inputs_of_the_schema_name_what_goes_on_whole(derived: Scan) -> None:
    whole = asking("{operation: 'PutItem', key: {}, attributeValues: ctx.args.input}")
    app = derived({"app.yaml": SCENE + UNIT.format(source="Table") + whole})
    [table] = [row for row in app.every(Row) if row.id == "app/People"]

    assert table.coded == ("pii.address",)


def test_a_function_gets_what_the_resolver_makes(derived: Scan) -> None:
    made = asking("{operation: 'Invoke', payload: {to: ctx.args.phone}}")
    app = derived({"app.yaml": SCENE + UNIT.format(source="Function") + made})
    [entry] = [each for each in app.every(Entry) if each.kind == "appsync"]
    arriving = {
        (f.source.path, f.target.path) for f in app.every(Flow) if f.target.node == "app/Work"
    }

    assert (entry.route, entry.proxy) == ("Mutation.add", False)
    assert arriving == {("Mutation.add arguments.phone", "event.to")}


@pytest.mark.parametrize(
    "text",
    ["#set(", "$util.qr(", "$x.put(", '$util.qr($x.put("a"', "${ctx.args", "#foreach($a in", "{", "$ctx.stash.put('a',"],
)  # fmt: skip
def test_any_template_is_read(text: str) -> None:
    for argument in GraphReader().template(text):
        assert isinstance(argument.path, str)
