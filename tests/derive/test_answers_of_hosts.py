"""What one request to a host is answered, another is not: nobody logs a token that it did not ask for."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Element

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: code, Runtime: python3.14, Environment: {Variables: {BASE: "https://%s"}}}}
Resources:
  SignIn: {Type: AWS::Serverless::Function, Properties: {Handler: sign_in.handler}}
  Show: {Type: AWS::Serverless::Function, Properties: {Handler: show.handler}}
"""
READ = """
import os, requests
def handler(event, context):
    return len(requests.post(%s).json()["access_token"])
"""
SHOW = """
import os, requests
def handler(event, context):
    print(requests.post(%s).json())
"""
BASE = 'os.environ["BASE"]'


@pytest.mark.parametrize(
    ("read", "shown", "holds"),
    [
        ('"https://id.acme.io/token"', '"https://id.acme.io/token"', True),
        ('"https://id.acme.io/token"', '"https://id.acme.io/token/?how=1"', True),
        ('"https://id.acme.io/token"', '"https://id.acme.io/revoke"', False),
        ('"https://id.acme.io/users"', 'f"https://id.acme.io/users/{event[0]}"', True),
        ('"https://id.acme.io/users"', 'f"https://id.acme.io/carts/{event[0]}"', False),
        ('"https://id.acme.io/users"', 'f"https://id.acme.io/{event[0]}"', True),
        (f'{BASE} + "/token"', f'{BASE} + "/token"', True),
        (f'{BASE} + "/token"', f'{BASE} + "/groups"', False),
        (f'{BASE} + "/token"', '"https://id.acme.io/token"', True),
        (f'{BASE} + "/token"', '"https://id.acme.io"', True),  # nobody knows what that is
        ('"https://id.acme.io/token"', '"https://id.acme.io" + ("/me" if event else "")', True),
    ],
)
def test_a_hosts_answer_is_that_to_one_request(
    read: str, shown: str, *, holds: bool, derived: Scan
) -> None:
    files = {"app.yaml": TEMPLATE % "id.acme.io", "code/sign_in.py": READ % read}
    app = derived({**files, "code/show.py": SHOW % shown})
    logged = {e.data for e in app.every(Element) if e.slot.node == "app/Show@logs"}

    assert ("cred.token" in logged) is holds
