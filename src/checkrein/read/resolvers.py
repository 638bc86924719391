"""Code of AppSync's resolvers and pipeline functions, which runs in no function of the app.

What a handler asks for, answers and puts aside for those behind it comes out of one run: a few
lines are put behind the code that call both handlers and give back what they made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from checkrein.late import regex
from checkrein.model import Code, Evidence, Fact, Function, Resource, Text, Unread
from checkrein.model.values import alternatives, written
from checkrein.read.inline import inline_code

TYPES = ("AWS::AppSync::Resolver", "AWS::AppSync::FunctionConfiguration")
SOURCES = (".js", ".mjs", ".cjs", ".ts", ".mts")
FILED = ("CodeS3Location", "RequestMappingTemplateS3Location")
EFFECT = "what this resolver does with data is not known"
HANDLER = "index.resolved"
HELPERS = regex(
    r"""import\s*(?:\*\s*as\s+(\w+)|\{([^}]*)\})\s*from\s*["']@aws-appsync/utils/(dynamodb|rds)["'];?"""
)
RENAMED = regex(r"(\w+)\s+as\s+(\w+)")
BEHIND = """
export function resolved(ctx) {
  const stash = { ...ctx.stash };
  const given = {
    args: ctx.args, arguments: ctx.args, identity: ctx.identity, source: ctx.source,
    request: ctx.request, prev: ctx.prev, info: ctx.info, env: ctx.env, stash,
  };
  const asked = request(given);
  const answered = response({ ...given, result: ctx.result });
  return { asked, answered, stash };
}
function helpers_dynamodb() {
  return {
    get: (g) => ({ operation: "GetItem", key: g.key }),
    put: (g) => ({ operation: "PutItem", key: g.key, attributeValues: g.item }),
    update: (g) => ({ operation: "UpdateItem", key: g.key, attributeUpdates: g.update }),
    remove: (g) => ({ operation: "DeleteItem", key: g.key }),
    query: (g) => ({ operation: "Query", query: g.query }),
    scan: (g) => ({ operation: "Scan", filter: g.filter }),
    sync: (g) => ({ operation: "Sync" }),
    batchGet: (g) => ({ operation: "BatchGetItem", tables: g.tables }),
    batchPut: (g) => ({ operation: "BatchPutItem", tables: g.tables }),
    batchDelete: (g) => ({ operation: "BatchDeleteItem", tables: g.tables }),
    transactGet: (g) => ({ operation: "TransactGetItems", transactItems: g.items }),
    transactWrite: (g) => ({ operation: "TransactWriteItems", transactItems: g.items }),
    operations: { replace: (v) => v, add: (v) => v, append: (v) => v, prepend: (v) => v },
  };
}
function helpers_rds() {
  return {
    sql: (text, ...values) => ({ sql: text, values }),
    insert: (g) => ({ values: g.values }),
    update: (g) => ({ values: g.values, where: g.where }),
    select: (g) => ({ where: g.where }),
    remove: (g) => ({ where: g.where }),
    createPgStatement: (...statements) => ({ statements }),
    createMySQLStatement: (...statements) => ({ statements }),
    toJsonObject: (result) => result,
    typeHint: {},
  };
}
"""


def read_resolvers(
    root: Path, resources: list[Resource], texts: Mapping[str, str] | None = None
) -> list[Fact]:
    """Return the code of each resolver as a Function ``<id>@code``; an Unread for what is not here.

    ``texts`` stand in for the content of some templates. The answer of that Function has
    ``asked``, what the data source gets, ``answered``, what the caller or the next one gets, and
    ``stash``.
    """
    facts: list[Fact] = []
    for resource in resources:
        if resource.type in TYPES:
            code = next(iter(alternatives(resource.value("Code"))))
            if isinstance(code, (str, Text)):
                facts.append(_function(root, resource, str(code), texts or {}))
            else:
                facts += _missing(resource)
    return facts


def _function(root: Path, resource: Resource, text: str, texts: Mapping[str, str]) -> Function:
    place = resource.where("Code")
    if PurePosixPath(place.path).suffix in SOURCES:
        code = Code(file=place.path)
    else:
        code, _ = inline_code(root, resource, text, texts, base=("Code",))
    whole = Code(
        file=code.file,
        text=f"{HELPERS.sub(_helped, text)}{BEHIND}",
        lines=code.lines,
        segments=code.segments,
    )
    return Function(
        id=f"{resource.id}@code", runtime="", language="javascript", handler=HANDLER, code=whole
    )


def _helped(found: re.Match[str]) -> str:
    """Return what stands for an import of AppSync's helpers, on as many lines."""
    names = RENAMED.sub(r"\1: \2", found[2] or "").replace("\n", " ")
    left = found[1] or f"{{{names}}}"
    return f"const {left} = helpers_{found[3]}();" + "\n" * found[0].count("\n")


def _missing(resource: Resource) -> list[Fact]:
    """Say that the file of a resolver's code or template is not here, if it is said to be one."""
    for name in FILED:
        if resource.value(name) is not None:
            where = written(resource.value(name))
            reason = f"{resource.name}: its code is at {where}, not in this folder"
            place = resource.where(name)
            return [
                Unread(
                    id=f"{resource.id}@code",
                    evidence=(Evidence(reason, place),),
                    when=resource.when,
                    path=place.path,
                    reason=reason,
                    effect=EFFECT,
                    fatal=False,
                )
            ]
    return []
