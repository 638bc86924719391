"""Code of others that may ask who calls, as its names say: a middleware, a wrapper, a guard.

Knowledge: ``data/asking.yaml``. Whoever uses it has no code to read.
"""

from __future__ import annotations

import re
import sys
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from checkrein.catalog.tables import table
from checkrein.late import regex

FILE = "asking.yaml"
WORDS = regex(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
LEADING = regex(
    r"^_*(?:(?:with|use|add|apply|enable|wrap|setup|set|create|make|init|handle|catch)_)*"
)
NO_AUTHOR = regex(r"author(?!i[sz]|ity)", re.IGNORECASE)
PAGING = regex(  # of a request's fields: words of tokens that no caller is known by
    r"(?:next|page|paging|pagination|continuation|last|start|device|push|fcm|apns|expo|csrf|xsrf|captcha|recaptcha"
    r"|registration|max|total|num(?:ber)?_?of|address|symbol|mint|nft)[._-]?\w*token|tokens\b|token[._-]?(?:id|type|address|symbol|name|count|uri)"
    r"|public[._-]?key|(?:sort|object|file|s3|partition|primary|foreign|image|map)[._-]?key|^key$|passenger|passport|compass|bypass",
    re.IGNORECASE,
)
SHOWN = regex(  # of a request's fields: what only somebody who was given it can show
    r"(?:token|secret|api[._-]?key|access[._-]?key|license[._-]?key|session(?:[._-]?(?:key|id))?|jwt|otp|signature|hmac|password|passcode|pwd"
    r"|(?:access|invite|invitation|verification|reset|confirmation|share|magic|activation|edit|admin|auth|login)[._-]?(?:code|key|hash|link|pin)"
    r"|authorization|credentials?|cookie|assertion|attestation|saml[._-]?response)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def may_ask(module: str, name: str, language: str) -> bool:
    """Tell whether a function whose code is not here may ask who calls, given a request to look at.

    ``module`` is the package that it is of, "" where nobody knows of what it is.
    """
    if is_silent(module, language):
        return False
    last = name.rpartition(".")[2]
    return not _begins("tells", last) and (not _begins("makes", last) or says_so("", name))


@lru_cache(maxsize=8192)
def says_so(module: str, name: str) -> bool:
    """Tell whether a function's name, or its package's, says that it asks who calls."""
    last = name.removesuffix("()").rpartition(".")[2]
    return not _begins("tells", last) and any(_asks(_words(each)) for each in (module, name))


@lru_cache(maxsize=4096)
def is_silent(module: str, language: str) -> bool:
    """Tell whether a package is known not to ask who calls."""
    module = module.removeprefix("node:")
    if language == "python":
        root = module.partition(".")[0]
        return root in sys.stdlib_module_names or root in _packages(language)
    return any(fnmatchcase(module, each) for each in _packages(language)) or any(
        module.startswith(f"{each}/") for each in _packages(language) if "*" not in each
    )


@lru_cache(maxsize=8192)
def is_shown(field: str) -> bool:
    """Tell whether a field of a request holds what callers are known by, as its name says."""
    name = field.rpartition(".")[2].removesuffix("[]")
    return bool(SHOWN.search(name)) and not PAGING.search(name)


def tells(name: str) -> bool:
    """Tell whether a function only tells somebody something, as its name says."""
    return _begins("tells", name)


def _words(name: str) -> str:
    """Return the words of a name in small letters: ``requireAuth`` are ``require_auth``."""
    return WORDS.sub("_", name.replace("()", "")).replace("-", "_").replace(".", "_").lower()


def _asks(words: str) -> bool:
    return bool(_pattern("asks").search(NO_AUTHOR.sub("", words)))


def _begins(section: str, name: str) -> bool:
    """Tell whether a name begins with a word of a section."""
    words = LEADING.sub("", _words(name))
    return bool(_pattern(section).fullmatch(words.partition("_")[0]))


@cache
def _pattern(section: str) -> re.Pattern[str]:
    said = "".join(table(FILE)[section].split())
    words = rf"(?:{said})(?:e?[ds]|e?r|ing)?"
    return re.compile(rf"(?:^|[_/@]){words}(?![a-z])|auth" if section == "asks" else words)


@cache
def _packages(language: str) -> frozenset[str]:
    lines: list[str] = table(FILE)[language]
    return frozenset(name.strip() for line in lines for name in line.split(","))
