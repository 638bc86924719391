"""Numbers that a driver tells of a statement are no text of the request that stood in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

CODE = """
const connections = require("REQUIRED");
exports.handler = async (event) => {
  const con = await connections.createConnection("db");
  const body = JSON.parse(event.body);
  const added = await new Promise((resolve, reject) => {
    con.query(`INSERT INTO orders(city) VALUES ("${body.city}")`, (error, found) => {
      if (error) reject(error);
      resolve(found);
    });
  });
  con.query(`SELECT * FROM orders WHERE id = ${TOLD}`, () => {});
};
"""


@pytest.mark.parametrize(
    ("required", "told", "harmless"),
    [
        ("mysql2", "added.insertId", True),
        ("./elsewhere", "added['insertId']", True),
        ("./elsewhere", "added.affectedRows", True),
        ("./elsewhere", "added.city", False),
        ("./elsewhere", "body.insertId", False),  # that is the caller's
    ],
)
def test_what_a_driver_counts(tmp_path: Path, required: str, told: str, harmless: bool) -> None:  # noqa: FBT001
    (tmp_path / "app.js").write_text(CODE.replace("REQUIRED", required).replace("TOLD", told))
    code = Code(folder=".", file="app.js")
    function = Function(
        id="t/F", runtime="", language="javascript", handler="app.handler", code=code
    )
    reached = [
        source
        for call in analyse(tmp_path, function).calls
        if call.kind == "use" and call.service == "sql" and call.place.line == 12
        for argument in call.arguments
        for source, families in zip(
            argument.sources, argument.harmless or ((),) * len(argument.sources), strict=True
        )
        if "all" not in families
    ]
    assert (not reached) is harmless
