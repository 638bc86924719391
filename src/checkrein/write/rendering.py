"""Plain JSON as text: YAML blocks, YAML flow, JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from checkrein.errors import InputError
from checkrein.notation import parse
from checkrein.write.intrinsics import is_intrinsic
from checkrein.write.styles import Style

NAMED = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\", "\r": "\\r"}
UNPRINTED = re.compile(r"[\x7f-\xa0\xad\u2028\u2029\ud800-\uf8ff\ufeff\ufff0-\uffff]")
TEXT_TAG = "tag:yaml.org,2002:str"
LONG_FORM = ("Condition", "Fn::ForEach", "Fn::Transform")  # no short tag, or another meaning


def json_text(value: Any, style: Style, indent: int | None) -> str:
    """Render JSON: in one line, or (``indent`` given) in lines below that many spaces or tabs."""
    if indent is None or not isinstance(value, (dict, list)) or not value:
        return _json(value)
    blank, step = ("\t", "\t") if style.tabs else (" ", style.step)
    return (style.newline + blank * indent).join(_json(value, step).split("\n"))


def flow_text(value: Any, style: Style, quote: str = "") -> str:
    """Render a value in one line of YAML; ``quote`` is the wish for a text's quotes."""
    if style.short_tags and is_intrinsic(value):
        short = _short(value, style)
        if short:
            return short
    if isinstance(value, dict):
        pairs = (
            f"{key_text(k, flow=True)}: {flow_text(v, style, quote)}" for k, v in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow_text(item, style, quote) for item in value) + "]"
    return scalar_text(value, quote, flow=True)


def block_lines(value: Any, style: Style, indent: int) -> list[str]:
    """Render a value as YAML lines; collections as blocks, each line with its indentation."""
    blank = " " * indent
    if is_block(value, style) and isinstance(value, dict):
        lines = []
        for key, item in value.items():
            lines += entry_lines(key, item, style, indent)
        return lines
    if is_block(value, style):
        lines = []
        for item in value:
            first, *rest = block_lines(item, style, indent + 2)
            lines += [f"{blank}- {first.lstrip(' ')}", *rest]
        return lines
    return [blank + (inline_text(value, style))]


def entry_lines(key: str, value: Any, style: Style, indent: int) -> list[str]:
    """Render ``key: value`` as YAML lines."""
    name = " " * indent + key_text(key) + ":"
    if not is_block(value, style):
        return [f"{name} {inline_text(value, style)}"]
    step = style.list_step if isinstance(value, list) else style.step
    return [name, *block_lines(value, style, indent + step)]


def inline_text(value: Any, style: Style, quote: str = "") -> str:
    """Render what stands behind a key or dash: a scalar, an empty collection, a short tag."""
    if isinstance(value, (dict, list)):
        return flow_text(value, style, quote)
    return scalar_text(value, quote)


def key_text(key: str, *, flow: bool = False) -> str:
    """Render a mapping's key; quoted only where it must be."""
    return key if key != "<<" and _plain(key, flow=flow, key=True) else scalar_text(key, '"')


def scalar_text(value: Any, quote: str = "", *, flow: bool = False) -> str:
    """Render a scalar; texts plain where YAML reads them back as that text."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return json.dumps(value)
    if not quote and _plain(value, flow=flow):
        return value
    printable = value.isprintable()
    if quote == "'" and printable:
        return "'" + value.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, value)) + '"'


def _json(value: Any, step: int | str | None = None) -> str:
    """Dump JSON that YAML readers take too: what does not print is escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=step)
    return UNPRINTED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _short(value: dict[str, Any], style: Style) -> str:
    """Render a function call with its short tag, or "" where that cannot be."""
    (name, argument), *_ = value.items()
    if name in LONG_FORM or is_intrinsic(argument):
        return ""
    tag = "!" + name.removeprefix("Fn::")
    if name == "Fn::GetAtt" and _attribute(argument):
        argument = ".".join(argument)
    if isinstance(argument, (dict, list)):
        return f"{tag} {flow_text(argument, style)}"
    if not isinstance(argument, str) or not argument:
        return ""
    return f"{tag} {scalar_text(argument, flow=True)}"


def _attribute(argument: Any) -> bool:
    """Tell whether GetAtt's argument is the same when written with a dot."""
    texts = isinstance(argument, list) and all(isinstance(part, str) for part in argument)
    return texts and len(argument) == 2 and all(argument) and "." not in argument[0]  # noqa: PLR2004


def is_block(value: Any, style: Style) -> bool:
    """Tell whether a value takes lines of its own in block style."""
    if not isinstance(value, (dict, list)) or not value:
        return False
    if isinstance(value, dict) and style.short_tags and is_intrinsic(value):
        return not _short(value, style)
    return True


def _plain(text: str, *, flow: bool, key: bool = False) -> bool:
    """Tell whether a text may stand without quotes: it reads back as itself, and as a text."""
    if not text.isprintable() or text != text.strip() or text.startswith(("*", "&", "!")):
        return False
    entry = f"{text}: k" if key else f"k: {text}"
    try:
        tree = parse(f"{{{entry}}}" if flow else entry)
    except InputError:
        return False
    if tree.value != ({text: "k"} if key else {"k": text}):
        return False
    return (tree.keys[text,] if key else tree.nodes["k",]).tag == TEXT_TAG


def _escaped(character: str) -> str:
    if character in NAMED:
        return NAMED[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:  # noqa: PLR2004 - what fits two digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004
