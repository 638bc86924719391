"""Functions that compute with plain values only."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import math
import re
from collections.abc import Callable
from typing import Any

from checkrein.read.terraform.functions.patterns import compiled
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.operators import number, whole
from checkrein.read.terraform.scopes import LARGEST
from checkrein.read.terraform.unknowns import Failed, json_text, number_text

GROUP = re.compile(r"\$(?:\{(\w+)\}|(\w+)|(\$))")
DEEPEST_POWER = 4096


def _text(value: Any) -> str:
    """Return a text; a number as Terraform converts it, raise Failed for what is none."""
    if isinstance(value, Json):
        return str(json_text(value.value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(number_text(value))
    if not isinstance(value, str):
        raise Failed("something that is no text")
    return value


def split(between: Any, value: Any) -> list[str]:
    text, mark = _text(value), _text(between)
    if not text:
        return []
    return text.split(mark) if mark else list(text)


def replace(value: Any, wanted: Any, by: Any) -> str:
    text, old, new = _text(value), _text(wanted), _text(by)
    if len(old) > 1 and old[0] == old[-1] == "/":
        return compiled(old[1:-1], text).sub(_expansion(new), text)
    return text.replace(old, new)


def _expansion(new: str) -> Callable[[re.Match[str]], str]:
    def expand(found: re.Match[str]) -> str:
        def group(mark: re.Match[str]) -> str:
            if mark[3]:
                return "$"
            name = mark[1] or mark[2]
            try:
                return found[int(name) if name.isdigit() else name] or ""
            except IndexError:
                return ""

        return GROUP.sub(group, new)

    return expand


def regex(pattern: Any, value: Any) -> Any:
    text = _text(value)
    found = compiled(_text(pattern), text).search(text)
    if not found:
        raise Failed("regex() finds nothing")
    return _groups(found)


def regex_all(pattern: Any, value: Any) -> list[Any]:
    text = _text(value)
    return [_groups(found) for found in compiled(_text(pattern), text).finditer(text)]


def _groups(found: re.Match[str]) -> Any:
    if found.groupdict():
        return dict(found.groupdict())
    return list(found.groups()) if found.groups() else found[0]


def substr(value: Any, offset: Any, length: Any) -> str:
    text, start, size = _text(value), int(number(offset)), int(number(length))
    start = max(len(text) + start, 0) if start < 0 else start
    return text[start:] if size < 0 else text[start : start + size]


def title(value: Any) -> str:
    return re.sub(r"(^|\s)(\S)", lambda found: found[1] + found[2].upper(), _text(value))


def trim(value: Any, letters: Any) -> str:
    return _text(value).strip(_text(letters))


def strrev(value: Any) -> str:
    return _text(value)[::-1]


def numbers(*values: Any) -> list[int]:
    """Return what ``range`` gives."""
    bounds = [number(value) for value in values]
    start, stop = (0, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[1])
    step = bounds[2] if len(bounds) > 2 else (1 if stop >= start else -1)  # noqa: PLR2004
    count = math.ceil((stop - start) / step) if step else LARGEST + 1
    if count > LARGEST:
        raise Failed(f"range() of more than {LARGEST:,} numbers")
    return [whole(start + i * step) for i in range(max(count, 0))]


def power(left: Any, right: Any) -> Any:
    exponent = number(right)
    if abs(exponent) > DEEPEST_POWER:
        raise Failed("a number that is too large")
    return whole(number(left) ** exponent)


def parse_int(value: Any, radix: Any) -> int:
    return int(_text(value), int(number(radix)))


def _many(values: tuple[Any, ...]) -> list[float]:
    flat = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    return [number(value) for value in flat]


def cidr_subnet(prefix: Any, bits: Any, position: Any) -> str:
    network = ipaddress.ip_network(_text(prefix), strict=False)
    length = network.prefixlen + int(number(bits))
    return str(_subnet(network, length, int(number(position))))


def _subnet(network: Any, length: int, position: int) -> Any:
    if length > network.max_prefixlen or not 0 <= position < 2 ** (length - network.prefixlen):
        raise Failed("a network that does not fit into its prefix")
    first = int(network.network_address) + position * 2 ** (network.max_prefixlen - length)
    return ipaddress.ip_network((first, length))


def cidr_subnets(prefix: Any, *bits: Any) -> list[str]:
    network = ipaddress.ip_network(_text(prefix), strict=False)
    at, found = int(network.network_address), []
    for more in bits:
        length = network.prefixlen + int(number(more))
        size = 2 ** (network.max_prefixlen - length)
        at = -(-at // size) * size
        found.append(str(ipaddress.ip_network((at, length))))
        at += size
    return found


def cidr_host(prefix: Any, position: Any) -> str:
    network = ipaddress.ip_network(_text(prefix), strict=False)
    at = int(number(position))
    start = network.network_address if at >= 0 else network.broadcast_address + 1
    return str(start + at)


def cidr_netmask(prefix: Any) -> str:
    return str(ipaddress.ip_network(_text(prefix), strict=False).netmask)


def _digest(kind: str, *, in_base64: bool = False) -> Callable[[Any], str]:
    def digest(value: Any) -> str:
        found = hashlib.new(kind, _text(value).encode(), usedforsecurity=False)
        return base64.b64encode(found.digest()).decode() if in_base64 else found.hexdigest()

    return digest


def base_name(value: Any) -> str:
    return _text(value).rstrip("/").rpartition("/")[2]


def folder_name(value: Any) -> str:
    return _text(value).rpartition("/")[0] or "."


def log(value: Any, base: Any) -> Any:
    return whole(math.log(number(value), number(base)))


COMPUTING: dict[str, Callable[..., Any]] = {
    "replace": replace,
    "regex": regex,
    "regexall": regex_all,
    "substr": substr,
    "title": title,
    "trim": trim,
    "strrev": strrev,
    "range": numbers,
    "pow": power,
    "parseint": parse_int,
    "abs": lambda value: abs(number(value)),
    "ceil": lambda value: math.ceil(number(value)),
    "floor": lambda value: math.floor(number(value)),
    "log": log,
    "max": lambda *values: max(_many(values)),
    "min": lambda *values: min(_many(values)),
    "signum": lambda value: (number(value) > 0) - (number(value) < 0),
    "cidrsubnet": cidr_subnet,
    "cidrsubnets": cidr_subnets,
    "cidrhost": cidr_host,
    "cidrnetmask": cidr_netmask,
    "md5": _digest("md5"),
    "sha1": _digest("sha1"),
    "sha256": _digest("sha256"),
    "sha512": _digest("sha512"),
    "base64sha256": _digest("sha256", in_base64=True),
    "base64sha512": _digest("sha512", in_base64=True),
    "basename": base_name,
    "dirname": folder_name,
    "pathexpand": _text,
    "abspath": _text,
}
