"""A page for each command, from what ``--help`` says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import checkrein.cli.program  # noqa: F401 - adds the commands
from checkrein.cli.commands import commands
from tools.manual.page import Page

SECTION = "Commands"
# What an option is where nobody gives it: of a switch, a list or a text that says nothing.
NOTHING = re.compile(r""" \*\[default: (?:False|\(\)|"")\]\*""")


def pages() -> Iterator[Page]:
    """Yield them by name. Arguments and options without words are left without: a test asks."""
    told = commands.generate_docs(output_format="markdown")
    _, *parts = re.split(r"^## checkrein (?=\w)", told, flags=re.MULTILINE)
    for part in sorted(parts):
        name, _, text = part.partition("\n")
        yield Page(f"commands/{name}", f"checkrein {name}", SECTION, _page(name, text))


def _page(name: str, told: str) -> str:
    text = f"# checkrein {name}\n{NOTHING.sub('', told).rstrip()}\n"
    examples = commands[name].help_epilogue
    return f"{text}\n```text\n{examples.strip()}\n```\n" if examples else text
