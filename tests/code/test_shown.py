"""FastAPI: what its security schemes take from a request, and what stands before routes."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import CallSite, Code, Function

SECURITY = """
import os
from typing import Annotated
import jwt
from fastapi import Depends, HTTPException
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security import OAuth2PasswordBearer

scheme, bearer = OAuth2PasswordBearer(tokenUrl="login"), HTTPBearer()
key = APIKeyHeader(name="X-Api-Key")

def opened(token):
    try:
        return jwt.decode(token, os.environ["JWT_SECRET"], algorithms=["HS256"])
    except jwt.PyJWTError:
        raise HTTPException(status_code=401)

def by_token(token: str = Depends(scheme)):
    return opened(token)

async def by_bearer(shown: HTTPAuthorizationCredentials = Depends(bearer)):
    return opened(shown.credentials)

User = Annotated[dict, Depends(by_token)]
Anyone = Annotated[dict, "said of it"]

def by_key(shown: str = Depends(key)):
    if shown != os.environ["API_KEY_SECRET"]:
        raise HTTPException(status_code=403)

def unverified(token: str = Depends(scheme)):
    return jwt.decode(token, options={"verify_signature": False})
"""
ROUTES = """
import boto3, os
from fastapi import APIRouter, Depends
import security
from security import Anyone, User
router = APIRouter(%(router)s)
table = boto3.resource("dynamodb").Table("users")

@router.get("/", %(route)s)
def every(%(parameter)s):
    return table.scan()["Items"]
"""
APP = """
from fastapi import Depends, FastAPI
from mangum import Mangum
import security
from routes import router
app = FastAPI(%(app)s)
app.include_router(router, prefix="/users", %(mount)s)
handler = Mangum(app)
"""
PLACES = ("app", "mount", "router", "route", "parameter")


def scanned(root: Path, **given: str) -> CallSite:
    parts = dict.fromkeys(PLACES, "") | given
    for name, text in (("security", SECURITY), ("routes", ROUTES % parts), ("app", APP % parts)):
        (root / f"{name}.py").write_text(text)
    code = Code(folder=".", file="app.py")
    function = Function(id="t/F", runtime="", language="python", handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    (scan,) = (site for site in found.calls if site.operation == "Scan")
    return scan


@pytest.mark.parametrize("place", PLACES[:-1])
def test_dependencies_stand_before_routes(tmp_path: Path, place: str) -> None:
    given = {place: "dependencies=[Depends(security.by_token)]"}
    assert scanned(tmp_path, **given).proof == "token"


@pytest.mark.parametrize(
    ("function", "proof"),
    [
        ("by_token", "token"),
        ("by_bearer", "token"),
        ("by_key", "secret"),
        ("unverified", ""),
        ("scheme", ""),  # that something was shown proves nothing
    ],
)
def test_what_a_dependency_proves(tmp_path: Path, function: str, proof: str) -> None:
    parameter = f"user=Depends(security.{function})"
    assert scanned(tmp_path, parameter=parameter).proof == proof


def test_a_router_without_dependencies_is_open(tmp_path: Path) -> None:
    assert scanned(tmp_path).proof == ""


@pytest.mark.parametrize(("kind", "proof"), [("User", "token"), ("Anyone", "")])
def test_a_type_that_says_what_it_depends_on(tmp_path: Path, kind: str, proof: str) -> None:
    parameter = f"user: {kind}"
    assert scanned(tmp_path, parameter=parameter).proof == proof
