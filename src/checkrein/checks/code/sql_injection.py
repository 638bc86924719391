r"""What a caller sends becomes part of a statement of SQL.

## Why

A quote or a word too many in the value ends the condition that was meant and begins another: whoever
chooses a part of the statement reads and changes every row that the function's user of the database may.

What comes out of a database's columns to become a statement is medium: few columns hold any text, and which do
nothing here says. From a store without a schema it weighs as if it came with the request.

## Fix

Pass values as parameters, beside the statement. Names of tables and columns can not be parameters: take
them from a list, or have the driver quote them.

## Examples

```python bad
import os, psycopg2

class Orders:
    def __init__(self, pool):
        self.pool = pool

    def find(self, name):
        with self.pool.cursor() as cursor:
            cursor.execute(f"SELECT * FROM orders WHERE name = '{name}'")  #! anyone can change a statement of SQL in Example through event.queryStringParameters.name
            return cursor.fetchall()

orders = Orders(psycopg2.connect(os.environ["DSN"]))

def handler(event, context):
    return orders.find(event["queryStringParameters"]["name"])
```

```javascript bad
const mysql = require("mysql2/promise");
const pool = mysql.createPool({ uri: process.env.DSN });

exports.handler = async (event) => {
  const { sort } = JSON.parse(event.body);
  const connection = await pool.getConnection();
  const [rows] = await connection.query("SELECT * FROM orders ORDER BY " + sort); //! anyone can change a statement of SQL in Example through event.body.sort
  return { body: JSON.stringify(rows) };
};
```

```typescript bad
import { RDSDataClient, ExecuteStatementCommand } from "@aws-sdk/client-rds-data";

const client = new RDSDataClient({});
const like = (text: string): string => `select * from ride where name like '%${text}%'`;

export const handler = async (event: { pathParameters: { name: string } }) =>
  client.send( //! anyone can change a statement of SQL in Example through event.pathParameters.name
    new ExecuteStatementCommand({
      resourceArn: process.env.CLUSTER, secretArn: process.env.SECRET, sql: like(event.pathParameters.name),
    }),
  );
```

```python good
import os, psycopg2
from psycopg2 import sql
from sqlalchemy import create_engine, text, select, table, column

COLUMNS = {"name": "name", "date": "created_at"}
connection = psycopg2.connect(os.environ["DSN"])
engine = create_engine(os.environ["DSN"])
orders = table("orders", column("name"))

def handler(event, context):
    asked = event["queryStringParameters"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM orders WHERE name = %s", (asked["name"],))
        cursor.execute(f"SELECT * FROM orders ORDER BY {COLUMNS[asked['sort']]}")
        cursor.execute("SELECT * FROM orders LIMIT %d" % int(asked["limit"]))
        cursor.execute(sql.SQL("SELECT {} FROM orders").format(sql.Identifier(asked["column"])))
        marks = ",".join("?" for _ in asked["ids"].split(","))
        cursor.execute(f"SELECT * FROM orders WHERE id IN ({marks})", asked["ids"].split(","))
    with engine.connect() as session:
        session.execute(select(orders).where(orders.c.name == asked["name"]))
        session.execute(text("SELECT * FROM orders WHERE name = :name"), {"name": asked["name"]})
```

```javascript good
const { Pool, escapeIdentifier } = require("pg");
const { PrismaClient } = require("@prisma/client");
const { AthenaClient, StartQueryExecutionCommand } = require("@aws-sdk/client-athena");
const pool = new Pool();
const prisma = new PrismaClient();
const athena = new AthenaClient({});
const SORTS = ["name", "date"];

exports.handler = async (event) => {
  const { name, sort, column } = event.queryStringParameters;
  if (!SORTS.includes(sort)) return { statusCode: 400 };
  await pool.query("select * from orders where name = $1 order by " + sort, [name]);
  await pool.query({ text: "select * from orders where name = $1", values: [name] });
  await pool.query(`select ${escapeIdentifier(column)} from orders`);
  await prisma.$queryRaw`select * from orders where name = ${name}`;
  await athena.send(new StartQueryExecutionCommand({
    QueryString: "select * from orders where name = ?", ExecutionParameters: [name],
  }));
};
```

One function stores it, another makes a statement of it:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::SimpleTable
  Order:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: order.handler
      Runtime: nodejs22.x
      Environment: {Variables: {TABLE: !Ref Orders}}
      Policies: [{DynamoDBWritePolicy: {TableName: !Ref Orders}}]
      Events: {Post: {Type: HttpApi, Properties: {Method: POST, Path: /orders}}}
  Receipt:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: receipt.handler
      Runtime: python3.13
      Environment: {Variables: {TABLE: !Ref Orders}}
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref Orders}}]
      Events: {Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}
```

```javascript bad order.js
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand } = require("@aws-sdk/lib-dynamodb");
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  await documents.send(new PutCommand({ TableName: process.env.TABLE, Item: { id: "1", product: body.product } }));
};
```

```python bad receipt.py
import os, sqlite3, boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    order = table.get_item(Key={"id": "1"})["Item"]
    connection = sqlite3.connect("/tmp/prices.db")
    connection.cursor().execute("SELECT price FROM prices WHERE product = '" + order["product"] + "'")  #! anyone can change a statement of SQL in Receipt through Order event.body.product
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.catalog.rights import DATABASE
from checkrein.catalog.uses import ROWS
from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import Fault, asked, faults, finding, once, sites_of
from checkrein.model import App, Evidence, Finding, Function

REQUESTS = {  # operations that take a statement -> the members that hold it
    ("rds-data", "ExecuteStatement"): ("sql",),
    ("rds-data", "BatchExecuteStatement"): ("sql",),
    ("rds-data", "ExecuteSql"): ("sqlStatements",),
    ("redshift-data", "ExecuteStatement"): ("Sql",),
    ("redshift-data", "BatchExecuteStatement"): ("Sqls[]", "Sqls"),
    ("athena", "StartQueryExecution"): ("QueryString",),
    ("athena", "CreateNamedQuery"): ("QueryString",),
    ("athena", "CreatePreparedStatement"): ("QueryStatement",),
    ("timestream-query", "Query"): ("QueryString",),
    ("timestream-query", "PrepareQuery"): ("QueryString",),
    ("dynamodb", "ExecuteStatement"): ("Statement",),
    ("dynamodb", "BatchExecuteStatement"): ("Statements[].Statement",),
    ("dynamodb", "ExecuteTransaction"): ("TransactStatements[].Statement",),
    ("s3", "SelectObjectContent"): ("Expression",),
    ("qldb-session", "SendCommand"): ("ExecuteStatement.Statement",),
    ("cleanrooms", "StartProtectedQuery"): ("sqlParameters.queryString",),
    ("neptunedata", "ExecuteOpenCypherQuery"): ("openCypherQuery",),
    ("neptunedata", "ExecuteGremlinQuery"): ("gremlinQuery",),
    ("neptune-graph", "ExecuteQuery"): ("queryString",),
}
SMALL = 1  # a fault where columns' types decide
TEXTS = frozenset({"statement", "statement.text", "statement.sql", "statement.query"})


@check(every(Function), fault=3, topics=("injection",), frameworks=("CWE-89",))
def sql_injection(function: Function, app: App) -> Iterator[Finding]:
    yield from once(_found(function, app))


def _found(function: Function, app: App) -> Iterator[Finding]:
    for fault in (
        *faults(function, app, "sql", within=TEXTS),
        *asked(function, app, "sql", REQUESTS),
    ):
        name = short(function.id)
        message = f"{fault.who} can change a statement of SQL in {name} through {fault.fields}"
        told = finding(app, fault, message, "CWE-89")
        yield _doubted(told) if _is_of_columns(app, fault) else told


def _is_of_columns(app: App, fault: Fault) -> bool:
    """Tell whether all that was chosen comes out of a database's rows."""
    sites = sites_of(app, fault.function)
    rows = {f"call:{n}" for n, site in enumerate(sites) if site.service == DATABASE}
    return all(taint.source.owner in rows or ROWS in taint.harmless for taint in fault.taints)


def _doubted(told: Finding) -> Finding:
    """Return a finding as of what only text could be: most columns' types hold no other."""
    doubt = Evidence("it comes out of columns of a database: only of text it can be anything")
    return replace(told, evidence=(*told.evidence, doubt), fault=SMALL)
