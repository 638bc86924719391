"""What a text looks like: words that people read, a reference to something, an example, or random.

A secret is none of the first three. Nothing here knows the name that a text is given.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from functools import cache

from checkrein.catalog.placeholders import is_placeholder
from checkrein.catalog.secrets import words_in
from checkrein.late import regex

PIECE = regex(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|\d+")
SEPARATED = regex(r"[A-Za-z0-9]+(?:[-_.:/ ]+[A-Za-z0-9]+)*")
UUID = regex(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
FILE = regex(
    r".*\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|txt|env|ini|cfg|conf|py|[cm]?[jt]sx?|html?|sh)",
    re.IGNORECASE,
)
REFERENCE = regex(
    r"""
    \$\{ | \{\{ | \#\{ | %\( | <% | @\{            # filled in later
    | ^\$ | ^%?\{?\w*\}?$(?<=\}) | ^%[sdr]$ | ^\{
    | ^ssh-(?:rsa|dss|ed25519)\s | ^ecdsa-sha2-   # public
    | ^-----BEGIN\s(?:[A-Z]+\s)*(?:PUBLIC\sKEY|CERTIFICATE)
    | ^MI(?:GfMA0GCSq|IBIjANBgk|ICIjANBgk) | ^M(?:FkwEwYHK|HYwEAYHK|CowBQYDK2V)
    | ^arn: | ^amzn1\. | ^ssm: | ^resolve: | ^secretsmanager: | ^vault: | ^env: | ^env\( | ^kms:
    | ^alias/                                       # a key of KMS by its name
    | ^[a-z][a-z0-9+.-]*:// | ^[./~]*/ | ^\#[A-Za-z] | ^\.[A-Za-z]
    | ^\[?process\.env | ^os\.environ | ^event\. | ^context\.
    | ^(?:sha-?\d+|md5|[hre]s\d{3}|aes[-_]?\d*.*|utf-?\d*|hex|base64|ascii|latin1)$
    | ^AQ(?:IC|EC)[A-Za-z0-9+/=]{40,}$              # what KMS encrypted
    | ^sha(?:1|256|384|512)[-:]                     # integrity
    | ^\$2[abxy]\$ | ^\$argon2 | ^pbkdf2 | ^scrypt: # a hash of a password
    """,
    re.VERBOSE | re.IGNORECASE,
)
EXPRESSION = regex(  # of a pattern or a selector
    r"\(\?|\\[dwsSWDb]|\[[a-z]-[a-z]|\]\+|\.\*|\[[\w-]+[~|^$*]?="
)
SPOKEN = regex(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")  # labels, not passwords
SHORTEST_OF_CAMEL = 3  # letters, on average
WORDY_LETTERS = 4  # shorter pieces are abbreviations: aws, jwt, hmac
CONSONANTS = regex(r"[bcdfghjklmnpqrstvwxz]{5}")
VOWELS = regex(r"[aeiouy]")
RUN = regex(r"(.)\1{5}")
COUNTED = ("0123456789", "1234567890", "abcdefghij", "9876543210", "qwertyuiop")
COUNTED_LENGTH = 6
FEW_LETTERS = 8
LONG = 16


def entropy(text: str) -> float:
    """Return Shannon's entropy in bits a character."""
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)


def is_reference(text: str) -> bool:
    """Tell whether a text names where something is, or is filled in later, or is for people."""
    return bool(
        (not text.isascii() and SPOKEN.search(text))
        or REFERENCE.search(text)
        or EXPRESSION.search(text)
        or FILE.fullmatch(text)
    )


def is_example(text: str) -> bool:
    """Tell whether a text of a key's shape was made up for people to read."""
    if is_placeholder(text) or any(known in text for known in words_in("shown in documentation")):
        return True
    low = text.lower()
    counted = any(
        row[start : start + COUNTED_LENGTH] in low
        for row in COUNTED
        for start in range(len(row) - COUNTED_LENGTH + 1)
    )
    few = len(text) >= LONG and len(set(text)) < FEW_LETTERS
    return counted or few or bool(RUN.search(text))


def digits(text: str) -> int:
    return sum(map(str.isdigit, text))


@cache
def is_wordy(text: str) -> bool:
    """Tell whether a text is made of words and separators; digits in it do not matter."""
    bare = text.strip("_")  # names of what is private begin with one
    if not SEPARATED.fullmatch(bare):
        return False
    chunks = re.split(r"[-_.:/ ]+", bare)
    return all(map(_is_words, chunks)) and not _is_mixed(text)


def names_itself(text: str) -> bool:
    """Tell whether a text only says what belongs there: ``CLIENT_SECRET``, ``x-api-key``."""
    pieces = [piece.lower() for piece in PIECE.findall(text)]
    known = words_in("words of secrets")
    return bool(pieces) and all(_in_words(piece, known) for piece in pieces)


def is_stand_in(text: str) -> bool:
    """Tell whether a text stands for a secret on somebody's own machine: ``dev-secret-123``."""
    pieces = [piece.lower() for piece in PIECE.findall(text)]
    own = words_in("of one's own machine")
    known = own | words_in("words of secrets")
    said = any(piece.isdigit() or piece.startswith(tuple(own)) for piece in pieces)
    return said and all(_is_counted(piece) or _in_words(piece, known) for piece in pieces)


def _is_counted(piece: str) -> bool:
    return piece.isdigit() and any(piece in row for row in COUNTED)


def _in_words(piece: str, known: frozenset[str]) -> bool:
    """Tell whether a piece is one of the words, or several written together: ``mysecretkey``."""
    if piece in known:
        return True
    ends = (end for end in range(len(piece) - 1, 1, -1) if piece[:end] in known)
    return any(_in_words(piece[end:], known) for end in ends)


def _is_words(chunk: str) -> bool:
    """Tell whether what stands between separators is words written together: ``apiKey2``."""
    pieces = [piece for piece in PIECE.findall(chunk) if not piece.isdigit()]
    both = not (chunk.islower() or chunk.isupper())
    if digits(chunk) and both and sum(map(len, pieces)) < SHORTEST_OF_CAMEL * len(pieces):
        return False
    return all(map(_is_word, pieces))


def _is_word(piece: str) -> bool:
    low = piece.lower()
    if len(low) <= WORDY_LETTERS:
        return True
    return bool(VOWELS.search(low)) and not CONSONANTS.search(low)


def _is_mixed(text: str) -> bool:
    """Tell whether letters and digits change too often for words: ``a8f3k2``."""
    changes = sum(a.isdigit() != b.isdigit() for a, b in itertools.pairwise(text))
    cases = sum(a.islower() and b.isupper() for a, b in itertools.pairwise(text))
    return changes > max(3, len(text) // 6) or cases > len(text) // 4
