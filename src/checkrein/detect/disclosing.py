"""Secrets in whole files that people keep beside code: where each stands, and what it is called.

A setting is a line that gives a name a value, in any of the usual notations. What is public by
design is none: keys that a browser is sent (names that build tools put into pages, keys of maps and
of Firebase, tokens of anonymous users), and neither is what opens only somebody's own machine, a
token that ends by itself, or a test key.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.catalog import secrets
from checkrein.catalog.placeholders import is_placeholder
from checkrein.catalog.secrets import may_hold_key, may_name_secret, words_in
from checkrein.detect.names import classify
from checkrein.detect.secret_shapes import is_stand_in, is_wordy, names_itself
from checkrein.detect.secrets import (
    CHOSEN,
    ISSUED,
    Secret,
    connection,
    is_default,
    known_key,
    secret,
)
from checkrein.late import regex

SETTING = regex(
    r"""^\s*(?:export\s+|set\s+|-\s+|\$env:|ENV\s+|const\s+)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*"""
    r"""(?:"([^"]*)"|'([^']*)'|([^\s"'()#;,][^\s"'()]*))\s*[,;]?\s*(?:(?:\#|;|//).*)?$""",
)
VARIABLE = regex(  # of a function, in a program
    r"""(?<![\w.])["']?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)["']?\s*[:=]\s*["']([^"'\n]+)["']"""
)
COMPARED = regex(  # names are short, and begin where no letter stands before: pages have long texts
    r"(?<![\w.$])([\w.$]{0,60}(?:assword|asswd|asscode|assphrase|ecret)\w{0,40})"
    r"\s{0,9}={2,3}\s{0,9}([\"'])([^\"'\n]{4,})\2"
)
CLOUD = regex(r"(?i)(secret_?access_?key)[\"']?\s*[:=]\s*[\"']([A-Za-z0-9/+=]{40})[\"']")
NAMING = regex(r"SECRET|TOKEN|PASS|PWD|_KEY|CRED|AUTH|JWT")  # what nearly no program has
OTHERWISE = regex(  # what a program takes where a variable is not set
    r"(?:process\.env\.|process\.env\[[\"']|environ\.get\([\"']|getenv\([\"'])(\w+)"
    r"(?:[\"']\]?)?\s*(?:\|\||\?\?|,)\s*[\"']([^\"'\n]+)[\"']"
)
TO_BROWSERS = regex(
    r"(?:VITE|REACT_APP|NEXT_PUBLIC|EXPO_PUBLIC|NUXT(?:_PUBLIC)?|GATSBY|VUE_APP|PUBLIC|NG_APP)_.*"
)
OPEN_VALUE = regex(r"pk[._]|AIza")  # of maps, of payments, of Google's APIs in pages
HOST = regex(r"@([\w.-]+)|(?:host|server|data source)\s*=\s*(?:tcp:)?([\w.-]+)", re.IGNORECASE)
BESIDE = regex(r"_?(?:ROOT_?)?(?:PASSWORD|PASSWD|PASS|PWD)$", re.IGNORECASE)
SOLID = regex(r"[^-_ .:/]+")
TOKEN = "JSON web token"  # noqa: S105 - its title
YEAR = 31_000_000  # seconds: what lasts so long was made to be kept
STRONG, WEAK = 2, 1  # how much a secret opens for who reads a repository
END = regex(r"-----END [A-Z ]*KEY(?: BLOCK)?-----")
SEALED = ("BEGIN ENCRYPTED", "ENCRYPTED\n", "ENCRYPTED\r")
AT_HOME = regex(r"(?i)local(?:host|dev|_|-|$)")  # in a password of somebody's own machine
LITERAL = regex(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)  # of JSON
NOWHERE_ELSE = ":000000000000:"  # the account of those who play AWS on one's own machine
STATES = {  # attributes of Terraform's resources that are documented as secrets, with their class
    "aws_api_gateway_api_key": ("value", "cred.token"),
    "aws_cognito_user_pool_client": ("client_secret", "cred.secret"),
    "aws_db_instance": ("password", "cred.password"),
    "aws_docdb_cluster": ("master_password", "cred.password"),
    "aws_elasticache_replication_group": ("auth_token", "cred.password"),
    "aws_iam_access_key": ("secret", "cred.cloud_key"),
    "aws_lightsail_database": ("master_password", "cred.password"),
    "aws_rds_cluster": ("master_password", "cred.password"),
    "aws_redshift_cluster": ("master_password", "cred.password"),
    "aws_secretsmanager_secret_version": ("secret_string", "cred.secret"),
    "aws_ssm_parameter": ("value", "cred.secret"),
    "random_password": ("result", "cred.password"),
    "tls_private_key": ("private_key_pem", "cred.key"),
}
TITLES = {
    "cred.token": "API key or access token",
    "cred.secret": "shared secret",
    "cred.password": "password",
    "cred.cloud_key": "cloud access key pair",
    "cred.key": "private key",
}
SECURE = "SecureString"
GOOGLE = "Google API key"  # of maps and of Firebase, in pages
MOST = 20  # of one file, but for others in the line of the last


class Told(Struct, frozen=True):
    """A secret in a file: its lines and columns (from 1, the end beyond it), and its name."""

    line: int
    column: int
    end_line: int
    end_column: int
    name: str
    secret: Secret
    fault: int = STRONG


def disclosed(text: str, kind: str, *, example: bool = False, own: bool = False) -> list[Told]:
    """Return the secrets in a file of a kind (see ``model.Disclosed``), each once, as they stand.

    Of an ``example`` only those count that an issuer made, and all others are worth less where a
    file is for somebody's ``own`` machine.
    """
    found = list(READERS[kind](text))
    if example:
        found = [each for each in found if each.fault >= STRONG and _is_issued(each)]
    found = [_weakened(each) if _is_for_home(each, own=own) else each for each in found]
    first = {each.secret.value: each for each in reversed(found)}
    told = sorted(first.values(), key=lambda each: (each.line, each.column))
    last = told[:MOST][-1].line if told else 0
    return [each for each in told if each.line <= last]  # a line is shown: all in it are hidden


def _is_for_home(told: Told, *, own: bool) -> bool:
    """Tell whether a secret is for somebody's own machine: its file or itself says so."""
    return (own or bool(AT_HOME.search(told.secret.value))) and not _is_issued(told)


def _is_issued(told: Told) -> bool:
    return known_key(told.secret.value) is not None or told.secret.data == "cred.cloud_key"


def _settings(text: str) -> Iterator[Told]:
    lines = text.splitlines() if secrets.NAMING.search(text) or may_hold_key(text) else []
    given: dict[str, str] = {}
    for line in lines:
        match = SETTING.match(line)
        if match:
            given[match[1].upper()] = _value(match)
    for number, line in enumerate(lines, 1):
        match = SETTING.match(line)
        name = match[1] if match else ""
        found = _of(_value(match), name) if match else None
        every = [found] if found else []
        if found or not match:  # a line may have several, and reports must hide all of them
            every += _shaped(_without(line, found))
        for each in every:
            if not _is_at_home(each, name, given):
                yield _at(number, line, name, each)


def _prose(text: str) -> Iterator[Told]:
    """Yield from a text of any kind what machines issued: words beside words say nothing."""
    for told in _settings(text):
        if told.secret.data in ISSUED and told.secret.confidence == "certain":
            yield told


def _script(text: str) -> Iterator[Told]:
    for told in _settings(text):
        yield told if _is_issued(told) else _weakened(told)


def _source(text: str) -> Iterator[Told]:
    """Yield what has the form of a key from code: what names say of texts there, others judge."""
    for number, line in enumerate(text.splitlines(), 1) if may_hold_key(text) else ():
        for found in _shaped(line):
            yield _at(number, line, "", found)


def _page(text: str) -> Iterator[Told]:
    for number, line in enumerate(text.splitlines(), 1):
        named = [(match[3], match[1]) for match in COMPARED.finditer(line)]
        named += [(match[2], match[1]) for match in CLOUD.finditer(line)]
        for found in _shaped(line):
            if found.title != GOOGLE:
                yield _at(number, line, "", found)
        for value, name in named:
            if told := secret(value, name):
                yield _at(number, line, name, told)


def _program(text: str) -> Iterator[Told]:
    """Yield what a program gives the variables of what it deploys: ``"JWT_SECRET": "text"``."""
    yield from _source(text)
    for pattern in (VARIABLE, OTHERWISE) if NAMING.search(text) else ():
        for match in pattern.finditer(text):
            found = _of(match[2], match[1]) if may_name_secret(match[1]) else None
            if found:
                told = _spanning(text, *match.span(2), match[1], found)
                yield _weakened(told) if pattern is OTHERWISE or _is_worded(found) else told


def _key(text: str) -> Iterator[Told]:
    found = known_key(text) if "PRIVATE KEY" in text else None  # many are lists of certificates
    if found and found.data == "cred.key" and not any(said in text for said in SEALED):
        start = text.index(found.value)
        end = END.search(text, start)
        yield _spanning(text, start, end.end() if end else len(text), "", found)


def _state(text: str) -> Iterator[Told]:
    """Yield what a state of Terraform tells of its resources: it holds every attribute in clear."""
    try:
        known = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return
    if NOWHERE_ELSE in text:
        return
    spans: dict[str, tuple[int, int]] = {}
    for each in _all(known, "resources"):
        kind, name = (str(each.get(key)) for key in ("type", "name"))
        for instance in _all(each, "instances") if kind in STATES or "lambda" in kind else ():
            for found, told, whole in _attributes(kind, name, _inner(instance, "attributes")):
                spans = spans or _spans(text)
                start, end = spans[whole]
                inner = text.find(found.value, start, end)
                start, end = (inner, inner + len(found.value)) if inner >= 0 else (start, end)
                yield _spanning(text, start, end, told, found)


def _spans(text: str) -> dict[str, tuple[int, int]]:
    """Return where each text of a document first stands, as it is written: with its escapes."""
    found: dict[str, tuple[int, int]] = {}
    for match in LITERAL.finditer(text):
        found.setdefault(json.loads(match[0], strict=False), match.span(1))
    return found


def _all(value: Any, key: str) -> list[dict[str, Any]]:
    """Return the objects in a list that a key of an object leads to."""
    inner = value.get(key) if isinstance(value, dict) else None
    return [each for each in inner if isinstance(each, dict)] if isinstance(inner, list) else []


def _inner(value: Any, key: str) -> dict[str, Any]:
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _attributes(kind: str, name: str, given: dict[str, Any]) -> Iterator[tuple[Secret, str, str]]:
    """Yield the secrets in a resource's attributes, what each is called, and its whole text."""
    if kind in STATES:
        attribute, data = STATES[kind]
        text = given.get(attribute)
        secure = kind != "aws_ssm_parameter" or given.get("type") == SECURE
        if isinstance(text, str) and secure and len(text) > 3 and not _is_left(text):  # noqa: PLR2004
            yield Secret(TITLES[data], data, text), f"{kind}.{name}.{attribute}", text
    for block in _all(given, "environment"):
        for variable, text in _inner(block, "variables").items():
            found = _of(text, variable) if isinstance(text, str) else None
            if found:
                yield found, variable, text


def _is_left(text: str) -> bool:
    """Tell whether a text, or each in a document of texts, is to be replaced."""
    try:
        inner = json.loads(text)
    except (ValueError, RecursionError):
        return is_placeholder(text) or names_itself(text)
    known = inner.values() if isinstance(inner, dict) else [text]
    texts = [each for each in known if isinstance(each, str)]
    return all(is_placeholder(each) or not each for each in texts)


READERS = {
    "settings": _settings,
    "prose": _prose,
    "script": _script,
    "source": _source,
    "page": _page,
    "program": _program,
    "key": _key,
    "state": _state,
}


def _value(match: re.Match[str]) -> str:
    return next((each for each in match.groups()[1:] if each is not None), "")


def _of(text: str, name: str) -> Secret | None:
    """Return the secret that a setting is given, None for what opens nothing or is public."""
    match = classify(name)
    sure = match is not None and match.confidence == "certain" and match.data in CHOSEN
    sure = sure and not (names_itself(text) or is_placeholder(text))
    found = secret(text, name, used=sure)
    if found is None or is_default(text) or is_stand_in(found.value) or OPEN_VALUE.match(text):
        return None
    if found.data == "cred.password" and any(map(str.isspace, text)):  # words for people
        return None
    if _is_worded(found) and not name.isupper():  # of a document: ``secretKey: mail-access-key``
        return None
    if TO_BROWSERS.match(name) and not (known_key(text) or found.data in CHOSEN):
        return None
    return found if _opens(found, text) else None


def _is_worded(found: Secret) -> bool:
    """Tell whether people made a secret up of words with something between them."""
    return found.data in CHOSEN and is_wordy(found.value) and not SOLID.fullmatch(found.value)


def _shaped(line: str) -> Iterator[Secret]:
    """Yield what has the form of a secret in a line: not only the first, since a line is shown."""
    for _ in range(MOST):
        found = known_key(line) or connection(line)
        if found is None:
            return
        if _opens(found, line):
            yield found
        line = _without(line, found)


def _without(line: str, found: Secret | None) -> str:
    """Return a line with spaces where a secret stands."""
    return line.replace(found.value, " " * len(found.value)) if found else line


def _opens(found: Secret, text: str) -> bool:
    """Tell whether a secret opens something for long, beyond somebody's own machine."""
    if found.fault == WEAK or is_placeholder(found.value):
        return False
    if found.title == TOKEN:
        return _lasts(found.value)
    if found.data != "cred.connection":
        return True
    hosts = [one or other for one, other in HOST.findall(text)]
    return not hosts or not all("." not in each or each in _local() for each in hosts)


def _local() -> frozenset[str]:
    return words_in("local hosts")


def _lasts(token: str) -> bool:
    """Tell whether a token is somebody's, and does not end within a year of its making."""
    part = token.split(".")[1]
    try:
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return False
    begins, ends = (said.get(key) for key in ("iat", "exp"))
    if said.get("role") == "anon" or not isinstance(begins, int):
        return False
    return not isinstance(ends, int) or ends - begins > YEAR


def _is_at_home(found: Secret, name: str, given: dict[str, str]) -> bool:
    """Tell whether a password is for a host beside it that is somebody's own machine."""
    if found.data != "cred.password":
        return False
    before = BESIDE.sub("", name.upper())
    host = given.get(f"{before}_HOST", given.get("HOST", "") if not before else "")
    return bool(host) and ("." not in host or host in _local())


def _at(number: int, line: str, name: str, found: Secret) -> Told:
    column = max(line.find(found.value), 0) + 1
    fault = STRONG if found.confidence == "certain" and not _is_worded(found) else WEAK
    return Told(number, column, number, column + len(found.value), name, found, fault)


def _weakened(told: Told) -> Told:
    return Told(
        told.line, told.column, told.end_line, told.end_column, told.name, told.secret, WEAK
    )


def _spanning(text: str, start: int, end: int, name: str, found: Secret) -> Told:
    line, last = text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1
    column, beyond = (at - text.rfind("\n", 0, at) for at in (start, end))
    return Told(line, column, last, beyond, name, found)
