"""Data classes in what was stored or logged: told by values, with the names beside them.

A name alone tells what a field is meant for; here it counts only with a value that can be it. A
text without names tells only what has a shape of its own: keys that their issuers document, an
e-mail address of somebody. What is masked, made up for documentation, or nobody's is nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from checkrein.catalog.placeholders import is_placeholder
from checkrein.catalog.secrets import SHORTEST_KEY
from checkrein.detect.names import Match, classify
from checkrein.detect.own import Own
from checkrein.detect.secret_shapes import UUID, digits, is_reference, is_wordy
from checkrein.detect.secrets import known_key, secret
from checkrein.detect.words import words

DEEPEST = 20
WIDEST = 200  # members of one object or list that are looked at
LONGEST = 100_000  # letters of a text that are looked at
FORGET = 20_000  # names, after which what is remembered of them is forgotten
OPENING = frozenset("{[")
AROUND = 3  # names around a field that say whose it is
EMAIL = re.compile(
    r"(?<![\w.+%/:@-])([A-Za-z0-9][\w.+%-]{0,63})@((?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,24})(?![\w@/.-]*(?:[@(]|:[\w/~]))",
    re.IGNORECASE,
)
NOBODY = re.compile(  # addresses of no person
    r"^(?:git|ssh|ubuntu|ec2-user|no-?reply|do-?not-?reply|support|info|admin|administrator|root|postmaster|webmaster|help"
    r"|sales|contact|hello|team|office|service|notifications?|alerts?|billing|security|abuse|git"
    r"|test\w*|user|username|example|someone|me|you|name|email|noreply\w*|mailer-daemon)$",
    re.IGNORECASE,
)
RESERVED = re.compile(
    r"(?:^|\.)(?:example|test|invalid|localhost|local|internal|acme|domain|email|company)"
    r"(?:\.(?:com|net|org|edu|io))?$|(?:^|\.)(?:amazonaws\.com|amazonaws\.com\.cn"
    r"|gserviceaccount\.com|amazon\.com|simulator\.amazonses\.com|test\.com|mail\.com)$",
    re.IGNORECASE,
)
FILES = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "js", "ts", "py", "json", "css"})
PAIR = re.compile(
    r"(?<![\w.-])([A-Za-z_][\w-]{1,40})[\"']?\s?[=:]\s?[\"']?([^\s\"',;&|<>{}\[\]()]+)"
)
HIDDEN = re.compile(
    r"\*{2,}|x{4,}|•|…|redact|mask|hidden|filtered|removed|\[object|<[^>]*>", re.IGNORECASE
)
NOTHING = frozenset({
    *("", "-", "none", "null", "undefined", "nil", "n/a", "na", "unknown", "anonymous", "true"),
    *("false", "test", "default", "nan", "string", "number", "object", "yes", "no", "ok"),
})  # fmt: skip
CARD = re.compile(r"4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}")
TESTED_WITH = frozenset({  # numbers that payment providers publish for tests
    *("4111111111111111", "4242424242424242", "4012888888881881", "4000056655665556"),
    *("5555555555554444", "5105105105105100", "5200828282828210", "2223003122003222"),
    *("378282246310005", "371449635398431", "6011111111111117", "6011000990139424"),
    *("4222222222222", "4000000000000002", "4000000000000077", "4444333322221111"),
})  # fmt: skip
PHONE = re.compile(r"\+?[\d ()./-]{7,20}")
IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?=.*:.*:)[0-9a-f:]{3,39}", re.IGNORECASE)
DATE = re.compile(r"\d{4}-?\d\d-?\d\d\b.*|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{10,13}")
CLEAR = re.compile(r"[^\W\d]{2}")  # two letters in a row: words of people have them
NAMED = re.compile(r"[A-Za-z_$][\w$ -]{0,39}")
PRINCIPAL = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}\b|\d{12}$")  # ids and accounts of AWS
MANY_DIGITS = 4
SECRETS = frozenset({
    *("cred.key", "cred.cloud_key", "cred.connection", "cred.password", "cred.secret"),
    *("cred.token", "cred.session"),
})  # fmt: skip
OF_PEOPLE = frozenset({"pii.name", "pii.address", "pii.message", "pii.location"})
OF_WORDS = OF_PEOPLE | {"pii.identifier", "pii.username"}  # what any word of a line could be
HELD = frozenset({"pii", "phi", "special", "cred", "pay", "bank", "fin"})  # what to look for

Found = tuple[str, str]  # the field, as far as its name may be shown, and the class


class _Field:
    """A field of what was seen, with the names around it and what they tell, and those below."""

    __slots__ = ("around", "below", "is_name", "match", "name", "path")

    def __init__(self, name: str, above: _Field | None = None) -> None:
        self.name = name
        self.is_name = is_name(name)
        self.around: tuple[str, ...] = ()
        self.path = ""
        self.below: dict[str, _Field] = {}
        if above is not None:
            self.around = (*above.around, *((above.name,) if above.is_name else ()))
            self.path = f"{above.path}.{name if self.is_name else '*'}".lstrip(".")
        self.match = classify(name, self.around[-AROUND:]) if self.is_name else None


class Contents:
    """Classifies what was seen, by a team's own names and patterns too."""

    def __init__(self, own: Own | None = None) -> None:
        self._own = own or Own()
        self._top = _Field("")
        self._known = 0  # fields below the top

    def of_text(self, text: str) -> set[Found]:
        """Return what a line or document holds: fields of JSON in it, pairs, and shapes."""
        text = text[:LONGEST]
        start = text.find("{")
        found: set[Found] = set()
        if start >= 0 and '"' in text:
            value, end = _decoded(text, start)
            if isinstance(value, (dict, list)):
                found = {each for each in self.of_value(value) if _family(each[1]) in HELD}
                text = f"{text[:start]} {text[end:]}"
        found.update(("", data) for data in self._shapes(text))
        self._pairs(text, found)
        return found

    def of_value(self, value: Any) -> set[Found]:
        """Return what a JSON value holds, its texts too."""
        found: set[Found] = set()
        self._inside(value, self._top, found, 0)
        return found

    def knows_one(self, names: Iterable[str]) -> bool:
        """Tell whether one of some names says what its values are."""
        return any(self._own.name(each) is not None or classify(each, ()) for each in names)

    def _inside(self, value: Any, field: _Field, found: set[Found], depth: int) -> None:
        """Add what a value holds that stands in a field."""
        if isinstance(value, str):
            self._plain(value, field, found, depth)
        elif isinstance(value, dict):
            for name, each in islice(value.items(), WIDEST if depth < DEEPEST else 0):
                below = field.below.get(name) or self._below(field, name)
                self._inside(each, below, found, depth + 1)
        elif isinstance(value, list):
            for each in value[: WIDEST if depth < DEEPEST else 0]:
                self._inside(each, field, found, depth + 1)
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and field.match:
            self._plain(str(value), field, found, depth)

    def _below(self, field: _Field, name: str) -> _Field:
        """Return a field in a field; of more than an application has, all are forgotten."""
        if self._known > FORGET:
            self._known, self._top = 0, _Field("")
            _forget()
        self._known += 1
        found = field.below[name] = _Field(name, field)
        return found

    def _plain(self, text: str, field: _Field, found: set[Found], depth: int) -> None:
        if field.is_name:
            data = self._of_field(field, text)
            if data:
                found.add((field.path, data))
            if data or self._is_nothing(field.name):
                return
        if text[:1] in OPENING and len(text) <= LONGEST:
            value, _ = _decoded(text, 0)
            if isinstance(value, (dict, list)):
                self._inside(value, field, found, depth + 1)
                return
        if "@" in text or len(text) >= SHORTEST_KEY or not self._own.is_silent:
            found.update((field.path, data) for data in self._shapes(text[:LONGEST]))

    def _of_field(self, field: _Field, text: str) -> str:
        """Return the class of a field's value, "" where name and value do not agree on one."""
        if not self._own.is_silent:
            said = self._own.name(field.name) or self._own.text(text)
            if said is not None:
                return said.data if said.data and not _is_nothing(text) else ""
        match = field.match
        if match is None or match.confidence == "possible" or _is_nothing(text):
            return ""
        return match.data if _agrees(match, field.name, text.strip(), field.around) else ""

    def _is_nothing(self, name: str) -> bool:
        """Tell whether the team says that a field of a name holds nothing."""
        said = None if self._own.is_silent else self._own.name(name)
        return said is not None and not said.data

    def _shapes(self, text: str) -> Iterator[str]:
        """Yield what a text holds by its own shape, whatever it is called."""
        if "@" in text and any(map(_is_address, EMAIL.finditer(text))):
            yield "pii.email"
        if len(text) >= SHORTEST_KEY:
            key = known_key(text)
            if key is not None:
                yield key.data
        said = None if self._own.is_silent else self._own.text(text)
        if said is not None and said.data:
            yield said.data

    def _pairs(self, text: str, found: set[Found]) -> None:
        """Add what ``name=value`` and ``name: value`` in a line tell."""
        for match in PAIR.finditer(text) if "=" in text or ":" in text else ():
            name, value = match.groups()
            field = self._top.below.get(name) or self._below(self._top, name)
            data = self._of_field(field, value) if field.is_name else ""
            if _family(data) in HELD and data not in OF_WORDS:
                found.add((name, data))


def _family(data: str) -> str:
    return data.partition(".")[0]


def is_name(text: str) -> bool:
    """Tell whether a key is a name that people gave, and no value: an id, an address, a date."""
    return bool(NAMED.fullmatch(text)) and digits(text) < MANY_DIGITS


def _decoded(text: str, start: int) -> tuple[Any, int]:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):  # no JSON, or a number of thousands of digits
        return None, start


def _is_nothing(text: str) -> bool:
    bare = text.strip().lower()
    return bare in NOTHING or bool(HIDDEN.search(bare)) or is_placeholder(bare)


def _is_address(match: re.Match[str]) -> bool:
    """Tell whether an e-mail address is somebody's."""
    who, host = match.groups()
    ending = host.rpartition(".")[2].lower()
    return not (NOBODY.match(who) or RESERVED.search(host) or ending in FILES)


def _agrees(match: Match, name: str, text: str, context: tuple[str, ...]) -> bool:
    """Tell whether a value can be what its name says."""
    data = match.data
    if data in SECRETS:
        found = secret(text, name, context)
        return found is not None
    if data in SHAPED:
        return SHAPED[data](text)
    if UUID.fullmatch(text) or PRINCIPAL.match(text) or is_reference(text):
        return False
    return data not in OF_PEOPLE or bool(CLEAR.search(text))


def _is_email(text: str) -> bool:
    found = EMAIL.search(text)
    return found is not None and _is_address(found)


def is_card(text: str) -> bool:
    """Tell whether a text is the number of a payment card that somebody may pay with."""
    bare = re.sub(r"[ -]", "", text)
    if not CARD.fullmatch(bare) or bare in TESTED_WITH:
        return False
    doubled = (int(d) * (2 - at % 2) for at, d in enumerate(reversed(bare), 1))
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0  # noqa: PLR2004


def _is_phone(text: str) -> bool:
    return bool(PHONE.fullmatch(text)) and 7 <= digits(text) <= 15  # noqa: PLR2004 - E.164


def _is_account(text: str) -> bool:
    return digits(text) >= 6 and not UUID.fullmatch(text)  # noqa: PLR2004


def _is_code(text: str) -> bool:
    return 3 <= len(text) <= 12 and digits(text) >= 3  # noqa: PLR2004


SHAPED = {
    "pii.email": _is_email,
    "pii.phone": _is_phone,
    "pii.ip": lambda text: bool(IP.fullmatch(text)),
    "pii.birth": lambda text: bool(DATE.fullmatch(text)),
    "pay.pan": is_card,
    "pay.cvv": lambda text: text.isdigit() and len(text) in {3, 4},
    "pay.pin": lambda text: text.isdigit() and len(text) >= 4,  # noqa: PLR2004
    "pay.expiry": lambda text: digits(text) > 0 and len(text) <= 10,  # noqa: PLR2004
    "bank.account": _is_account,
    "cred.otp": _is_code,
    "cred.hash": lambda text: len(text) >= 8 and not is_wordy(text),  # noqa: PLR2004
    "pii.national_id": _is_account,
    "pii.tax_id": _is_account,
    "pii.passport": _is_account,
}


def _forget() -> None:
    """Forget what is remembered of names and texts: a log has more of them than an application."""
    for remembering in (classify, words, is_wordy):
        remembering.cache_clear()
