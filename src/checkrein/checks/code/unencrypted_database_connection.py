"""Code talks to its database in clear.

## Why

The drivers of MySQL, MariaDB and PostgreSQL for Node.js use TLS only when told to: without `ssl` the password, every
statement and every row pass the network as they are. Whoever mirrors traffic or sits on a host between reads
and changes them; card and health rules ask for encryption inside a network too.

Said only where the code gives the connection's settings one by one; a text or an object from elsewhere may hold more.

## Fix

Give the connection `ssl` (`ssl: "Amazon RDS"` for `mysql` and `mysql2`, which then check RDS's certificate;
`ssl: {ca}` for `pg`), and demand it in the database's parameters.

## Examples

```javascript bad
const mysql = require("mysql");
exports.handler = async (event) => {
  const db = mysql.createConnection({  //! Example talks to its database without TLS (mysql.createConnection)
    host: process.env.DB_HOST,
    user: "rides",
    password: process.env.DB_PASSWORD,
  });
  return { statusCode: 200 };
};
```

Where no text of the code stands among the settings, too, but not where some come from elsewhere:

```javascript bad
const { Pool } = require("pg");
const { DB_HOST, DB_USER, DB_PASSWORD } = process.env;
const pool = new Pool({ host: DB_HOST, user: DB_USER, password: DB_PASSWORD });  //! Example talks to its database without TLS (pg.Pool)
exports.handler = async (event) => {
  await pool.query("SELECT 1");
  return { statusCode: 200 };
};
```

```javascript good
const { Pool } = require("pg");
exports.handler = async (event) => {
  const known = JSON.parse(process.env.DATABASE);
  const pool = new Pool({ host: known.host, user: known.user, ...known.options });
  await pool.query("SELECT 1");
  return { statusCode: 200 };
};
```

```javascript good
const mysql = require("mysql");
exports.handler = async (event) => {
  const db = mysql.createConnection({
    host: process.env.DB_HOST,
    user: "rides",
    password: process.env.DB_PASSWORD,
    ssl: "Amazon RDS",
  });
  return { statusCode: 200 };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.uses import in_clear
from checkrein.checks import check, every
from checkrein.checks.questions import listed, short
from checkrein.checks.tainted import said, sites_of, within_reach
from checkrein.late import regex
from checkrein.model import App, CallSite, Finding, Function, Place
from checkrein.model.asking import of_app

WHOLE = "options"  # as an argument of its own: settings that are spread from elsewhere
HOST = "options.host"
SECURED = ("options.ssl", "options.connectionString", "options.uri", "options.stream")
LOCAL = regex(r"(localhost|127\.|::1|/|host\.docker\.internal)")


@check(
    every(Function),
    fault=2,
    topics=("encryption-in-transit",),
    frameworks=("CWE-319",),
)
def unencrypted_database_connection(function: Function, app: App) -> Iterator[Finding]:
    for site in _in_clear(app, function):
        speakers = _speakers(app)[site.place]
        if speakers[0] != function.id:
            continue  # functions that share the file tell it once
        verb = "talks to its" if len(speakers) == 1 else "talk to their"
        yield Finding(
            site.place,
            f"{listed(map(short, speakers))} {verb} database without TLS ({site.operation})",
            steps=site.steps,
            cwe="CWE-319",
            endangers=within_reach(app, function),
            key=(site.operation,),
            confidence="certain" if site.certain else "likely",
            by=(f"{function.id}@network",),
        )


@of_app
def _speakers(app: App) -> dict[Place, list[str]]:
    """Return the functions that open a connection in clear, by the place in their code."""
    found: dict[Place, list[str]] = {}
    for function in app.every(Function):
        for site in _in_clear(app, function):
            found.setdefault(site.place, []).append(function.id)
    return found


def _in_clear(app: App, function: Function) -> list[CallSite]:
    """Return the connections in clear of a function's code, each place once."""
    sites = (
        site
        for site in sites_of(app, function)
        if site.kind == "use" and site.operation in in_clear() and _is_in_clear(site)
    )
    return list({site.place: site for site in sites}.values())


def _is_in_clear(site: CallSite) -> bool:
    paths = {argument.path for argument in site.arguments}
    if HOST not in paths or WHOLE in paths or any(path.startswith(SECURED) for path in paths):
        return False
    return not any(LOCAL.match(str(host)) for host in said(site, HOST))
