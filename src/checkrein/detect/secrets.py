"""Secrets in texts: what a literal is, by its own shape or by the name that it is given.

A key whose issuer documents its shape is told anywhere. Everything else needs a name that says
what belongs there, and a value that can be it: random letters alone are no secret, and neither is
a placeholder, a reference, an identifier, or a word for people to read.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterator

from msgspec import Struct

from checkrein.catalog.data_classes import data_class, lexicon
from checkrein.catalog.key_shape import KeyShape
from checkrein.catalog.placeholders import is_placeholder
from checkrein.catalog.secrets import (
    HOLE,
    WORST,
    key_shapes,
    may_hold_key,
    stands_for,
    words_in,
)
from checkrein.detect.names import Match, classify
from checkrein.detect.secret_shapes import (
    LONG,
    UUID,
    digits,
    entropy,
    is_example,
    is_reference,
    is_wordy,
    names_itself,
)
from checkrein.detect.words import words
from checkrein.late import regex

CHOSEN = frozenset({"cred.password", "cred.secret", "cred.key"})  # by people, who take words
ISSUED = frozenset({"cred.token", "cred.cloud_key", "cred.session"})  # by machines: random
SCHEME = regex(r"^(Bearer|Basic|Token|ApiKey|Key)[ :]+(?=\S)", re.IGNORECASE)
ASSIGNED = regex(
    r"(?:^|[\s;&|(\"'])(?:export\s+|set\s+|--?)?([A-Za-z_][\w.-]*)[\"']?\s*[=:]\s*[\"']?([^\s\"';&|<>]+)"
)
FLAG = regex(r"--([a-z-]*(?:password|token|secret|key))\s+[\"']?([^\s\"'-][^\s\"']*)")
URL = regex(  # hosts that are reserved for examples have no passwords
    r"[a-z][a-z0-9+.-]{0,30}://([^\s:/@'\"<>]*):([^\s/@'\"<>]+)@(?=[^\s/])"
    r"(?!(?:[\w-]+\.)*example(?:\.|\b))(?![\w.-]+\.(?:test|invalid)\b)",
    re.IGNORECASE,
)
PAIRS = regex(r"(?:^|[;&?\s])(?:password|pwd|passwd|pass)\s*=\s*([^;&\s'\"]+)", re.IGNORECASE)
BESIDE = regex(
    r"(?:^|[;&?\s])(?:server|host|data source|user|user id|uid|username|dbname|database)\s*=",
    re.IGNORECASE,
)
VALUES = regex(r"=\s*([^;&\s,)]+)")
BOUND = regex(r"[:@$][A-Za-z_]\w*|[:$]\d+|\?|%s|%\(\w+\)s")  # what a statement is given later
REFUSED = regex(  # lists of what nobody may choose; `COMMON_PASSWORD` would be in use
    r"(?i)(?:common|weak|breached|leaked|compromised|pwned|forbidden|banned|blocked|disallowed"
    r"|denied|prohibited|blacklisted|refused|guessable|worst|popular|insecure)"
    r"[\w.-]*(?:passwords|passwds|pwds|passcodes|passphrases|pins|secrets)(?:_?(?:list|set))?"
    r"|[\w.-]*(?:password|passwd|pwd|passcode|secret)s?_?(?:black|deny|block)_?list"
)
COOKIES = re.compile(r"(?:[\w.-]+=[^;\s]+(?:;\s*|$))+")  # name=value; name=value
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM = 6
BLOCK = 100  # characters that the shortest private key has between its two lines
SHORTEST = {True: 3, False: 5}  # by: is it certainly used as the secret
SHORTEST_ISSUED = 8
CERTAINTY = ("", "likely", "certain")
RANDOM = 3.0  # bits a character, from which on a long text is random
SPECIAL = regex(r"[!@#$%^&*+=?~]")
ENDS_A_SENTENCE = (":", "?", "!", "…", ".")
SIGNING = "cred.secret"
SEPARATORS = str.maketrans("", "", "-_ .")
NOTHING = frozenset({"none", "null", "undefined", "true", "false", "disabled", "enabled", "n/a"})
FEW_DIGITS = 2
OWN_NAME = ("PASSWORD", "PASS", "PWD", "SECRET", "KEY", "TOKEN")  # a name in capitals, put in later


class Secret(Struct, frozen=True):
    """A text that is a secret, or holds one.

    ``title`` completes "a …", ``data`` is its class, ``confidence`` is certain or likely, and
    ``fault`` (1 to 3) says how much it opens. ``value`` is the secret alone: for comparing, never
    to be shown.
    """

    title: str
    data: str
    value: str
    confidence: str = "certain"
    fault: int = WORST


def secret(
    text: str, name: str = "", context: tuple[str, ...] = (), *, used: bool = False
) -> Secret | None:
    """Return what secret a text is, None where it is none.

    ``name`` is what it is assigned or passed to, ``context`` the enclosing names, the nearest
    last. ``used`` tells that it certainly serves as what the name says (a library's documented
    argument, a fallback, a variable of a function); then a weak one, of words, counts too. A part
    of the text that is not known is HOLE.
    """
    bare = SCHEME.sub("", text.strip())
    return (
        known_key(text)
        or _basic(text)
        or connection(text)
        or (_named(bare, name, context, used=used) if name and HOLE not in bare else None)
    )


def known_key(text: str) -> Secret | None:
    """Return the key that a text holds, by the shapes that their issuers document."""
    if not may_hold_key(text):
        return None
    low = text.lower()
    for shape in key_shapes():
        if not any(prefix in low for prefix in shape.prefixes):
            continue
        for match in shape.pattern.finditer(text):
            if not shape.public and _holds(shape, match.group()):
                return Secret(shape.title, shape.data, match.group(), fault=shape.fault)
    return None


def connection(text: str) -> Secret | None:
    """Return the secret in a connection string or URL: its password."""
    if not may_hold_key(text):
        return None
    found = [(match.group(1), match.group(2)) for match in URL.finditer(text)]
    if not found and BESIDE.search(text) and not _is_statement(text):
        found = [("", match.group(1)) for match in PAIRS.finditer(text)]
    for user, password in found:
        if _may_be_password(password) and password.lower() not in {user.lower(), "password"}:
            return Secret("connection string with a password", "cred.connection", password)
    return None


def _is_statement(text: str) -> bool:
    """Tell whether all values of a text are given later: ``SET password = :p, username = :u``."""
    return all(map(BOUND.fullmatch, VALUES.findall(text)))


def lines_with(text: str) -> Iterator[tuple[int, Secret]]:
    """Yield the number of each line of a script or document that holds a secret, and which."""
    for number, line in enumerate(text.splitlines()):
        found = known_key(line) or connection(line)
        named = [] if found else [*ASSIGNED.findall(line), *FLAG.findall(line)]
        for name, value in named:
            found = found or secret(value, name)
        if found:
            yield number, found


def _holds(shape: KeyShape, key: str) -> bool:
    if shape.check == "block":
        return _is_block(key)
    if shape.check == "jwt":
        return _is_token(key)
    return not is_example(key) and (shape.check != "crc32" or _is_summed(key))


def _is_summed(key: str) -> bool:
    body, told = key[key.index("_") + 1 : -CHECKSUM], key[-CHECKSUM:]
    rest, encoded = zlib.crc32(body.encode()), ""
    for _ in range(CHECKSUM):
        rest, digit = divmod(rest, len(ALPHABET))
        encoded = ALPHABET[digit] + encoded
    return encoded == told


def _is_block(key: str) -> bool:
    """Tell whether a PEM block has its content: code that looks for one has only the first line."""
    lines = re.split(r"\\n|\s+|-----", key.partition("KEY")[2])
    body = max(("".join(lines), *lines), key=len)
    return len(body) >= BLOCK and HOLE not in body and not is_example(body[:BLOCK])


def _is_token(key: str) -> bool:
    try:
        parts = [json.loads(_decoded(part)) for part in key.split(".")[:2]]
    except ValueError:
        return False
    return all(isinstance(part, dict) for part in parts) and not is_example(key)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def _basic(text: str) -> Secret | None:
    """Return the password in the value of a header that signs in with Basic."""
    scheme, _, rest = text.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = _decoded(rest.strip()).decode().partition(":")
    except ValueError:
        return None
    shown = _may_be_password(password) or _may_be_password(user)
    return Secret("password", "cred.password", password) if colon and shown else None


def _may_be_password(text: str) -> bool:
    if HOLE in text or is_placeholder(text) or is_reference(text) or names_itself(text):
        return False
    return not re.search(r"[{}<>$*\[\]]", text.replace("%24", ""))


def is_default(text: str) -> bool:
    """Tell whether a text was to be replaced, and works where it was not: ``changeme``."""
    plain = text.lower().translate(SEPARATORS).strip("!.123")
    return plain in words_in("left as they were")


def signs_as_left(name: str, text: str) -> bool:
    """Tell whether a key that signs is a text that was to be replaced: everybody knows it."""
    match = classify(name)
    return match is not None and match.data == SIGNING and is_default(text)


def _named(text: str, name: str, context: tuple[str, ...], *, used: bool) -> Secret | None:
    match = classify(name, context) or _of_product(name, context)
    if match is None or match.confidence == "possible" or _is_of_something_else(name, context):
        return None
    if len(text) < SHORTEST[used] or _is_none(text, used=used):
        return None
    if begun := stands_for(text):
        return _stand_in(begun, text)
    if match.data in CHOSEN:
        sure = _chosen(text, match.data, used=used)
    elif match.data in ISSUED:
        sure = max((_issued(one, used=used) for one in _parts(text)), key=CERTAINTY.index)
    else:
        return None
    known = data_class(match.data)
    title = known.title if known else "secret"
    return Secret(title, match.data, text, sure) if sure else None


def _stand_in(begun: KeyShape, text: str) -> Secret | None:
    """Return what stands for a key: one that checks others' signatures would serve as one."""
    return Secret(begun.title, begun.data, text, "likely", 1) if begun.data in CHOSEN else None


def _parts(text: str) -> list[str]:
    """Return what a text holds that a machine may have made: of cookies, each one's value."""
    if COOKIES.fullmatch(text):
        return [pair.partition("=")[2].strip() for pair in text.split(";") if pair.strip()]
    return [text]


def _of_product(name: str, context: tuple[str, ...]) -> Match | None:
    """Return what a constant's name tells without the verb before it: products are called so."""
    begins = name.isupper() and lexicon().verbs.intersection(words(name)[:1])
    return classify(name.partition("_")[2], context) if begins else None


def _is_of_something_else(name: str, context: tuple[str, ...]) -> bool:
    if REFUSED.fullmatch(name):
        return True
    around = {word for each in (name, *context) for word in words(each)}
    return bool(around & words_in("not of"))


def _is_none(text: str, *, used: bool) -> bool:
    """Tell whether a text can be no secret, whatever it is called."""
    if is_reference(text) or text.lower() in NOTHING or HOLE in text:
        return True
    if is_placeholder(text) and not (used and is_default(text)):
        return True
    return not used and bool(any(map(str.isspace, text)) or UUID.fullmatch(text))


def _chosen(text: str, data: str, *, used: bool) -> str:
    """Return how surely a text is a password or key that somebody chose, "" for not at all."""
    if used:
        return "" if text.isupper() and text.endswith(OWN_NAME) else "certain"
    if data != "cred.password":
        return _issued(text, used=False)
    if text.lower() in words_in("tried first"):
        return "likely"
    if names_itself(text) or (is_wordy(text) and not digits(text)):
        return ""
    return _password(text)


def _password(text: str) -> str:
    odd = bool(SPECIAL.search(text)) and not text.endswith(ENDS_A_SENTENCE)
    if digits(text) and not text.isdigit():
        return "certain" if SPECIAL.search(text) else "likely"
    return "likely" if odd else ""


def _issued(text: str, *, used: bool) -> str:
    """Return how surely a text is a token that a machine made, "" for not at all."""
    if len(text) < SHORTEST_ISSUED or text.isdigit() or is_example(text):
        return ""
    many = FEW_DIGITS if used else FEW_DIGITS + 1
    if is_wordy(text):
        made_up = words_in("made up") & set(re.split(r"[^a-z]+", text.lower()))
        return "likely" if digits(text) >= many and not made_up else ""
    if len(text) >= LONG and entropy(text) >= RANDOM:
        return "certain"
    return "likely" if digits(text) else ""
