"""A client of HTTP that is called itself asks like one whose method is called, however it was loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function, Symbol

OPTIONS = '{ method: "post", url: "https://a.example/x", headers: event.headers }'
LOADED = (
    'const axios = require("axios");',
    'const axios = require("axios").default;',
    'import axios from "axios";',
    'import * as axios from "axios";',
)
ASKED = (f"axios({OPTIONS})", f"axios.request({OPTIONS})")


@pytest.mark.parametrize("asked", ASKED, ids=("itself", "request"))
@pytest.mark.parametrize("loaded", LOADED)
def test_axios(loaded: str, asked: str, tmp_path: Path) -> None:
    kept = "exports.handler =" if "require" in loaded else "export const handler ="
    (tmp_path / "app.js").write_text(f"{loaded}\n{kept} async (event) => {{ await {asked}; }};\n")
    code = Code(folder=".", file="app.js")
    found = analyse(
        tmp_path,
        Function(id="t/F", runtime="", language="javascript", handler="app.handler", code=code),
    )

    (call,) = [call for call in found.calls if call.kind == "http"]
    assert call.operation.upper() == "POST"
    assert {one.path: one.value for one in call.arguments} == {
        "url": "https://a.example/x",
        "headers": Symbol("event", "headers"),
    }
