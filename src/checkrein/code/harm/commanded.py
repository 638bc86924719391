"""What a command runs of the files that the function wrote: ``["python", "/tmp/main.py"]``.

What stands in a file that a command starts, or hands to an interpreter, runs as code; so does
source code in that interpreter's language, which what it runs can load. A file that a program only
reads (``ffmpeg -i /tmp/in``) does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from checkrein.code.domain.things import Structure
from checkrein.late import regex
from checkrein.model import Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.things import Arguments

INTERPRETER: Final = regex(
    r"(?:.*/)?(?:(?P<python>python)|(?P<node>node|deno|bun|ts-node|tsx)|(?P<shell>(?:ba|da|z|k)?sh)"
    r"|ruby|perl|php|lua|Rscript|java)[\d.]*$"
)
SOURCE: Final = {"python": (".py",), "node": (".js", ".mjs", ".cjs", ".ts"), "shell": (".sh",)}
ASKING: Final = frozenset(("-c", "-e", "-m", "--eval"))  # what follows is no file
WORD: Final = regex(r"""[^\s;&|()'"<>]+|[;&|()<>]""")
BREAKS: Final = frozenset(";&|()")
INTO: Final = frozenset("<>")
FILING: Final = frozenset((  # programs that start no other, whatever their files are called
    "cat", "chmod", "cp", "curl", "du", "echo", "grep", "gzip", "head", "ln", "ls", "mkdir", "mv",
    "pip", "pip3", "rm", "sed", "tail", "tar", "touch", "unzip", "wc", "wget", "zip",
))  # fmt: skip


def files(given: Arguments, known: Iterable[Any]) -> list[Any]:
    """Return which of some paths, texts as they are known, a command runs what stands in."""
    paths = {_shown(path): path for path in known}
    if not paths:
        return []
    words = list(_starting(_words(given)))
    run = {*_run(words)}
    endings = tuple(ending for word in words for ending in _endings(word))
    return [path for name, path in paths.items() if name in run or name.endswith(endings)]


def _endings(word: str) -> tuple[str, ...]:
    """Return how the files are called that an interpreter may load, () for another word."""
    found = INTERPRETER.match(word)
    return SOURCE.get(found.lastgroup or "", ()) if found else ()


def _starting(words: Iterable[str]) -> Iterator[str]:
    """Yield the words of commands but for those of programs that start no other."""
    first, files = True, False
    for word in words:
        if word in BREAKS:
            first, files = True, False
        elif first and "=" not in word:
            first, files = False, word.rpartition("/")[2] in FILING
        if not files:
            yield word


def _run(words: list[str]) -> Iterator[str]:
    """Yield the words of commands that stand where a program does, or its interpreter's file."""
    runs = True
    for word in words:
        if word in BREAKS:
            runs = True
        elif word in INTO or word in ASKING:
            runs = False
        elif INTERPRETER.match(word):
            runs = True
        elif runs and not word.startswith("-"):
            yield word
            runs = False


def _words(given: Arguments) -> Iterator[str]:
    """Yield the words of a command: of lists, and of texts for a shell."""
    named = (given.named[name] for name in ("args", "command") if name in given.named)
    for value in (*given.positional, *named):
        for atom in value.atoms:
            yield from WORD.findall(_shown(atom)) if isinstance(atom, (str, Text)) else ()
        yield from _listed(value)


def _listed(value: Abstract) -> Iterator[str]:
    for one in value.things:
        if isinstance(one, Structure) and one.kind == "list":
            for position in range(len(one.fields)):
                part = one.fields.get(str(position))
                for atom in part.atoms if part is not None else ():
                    yield from WORD.findall(_shown(atom))


def _shown(atom: Any) -> str:
    """Return a text with a sign for what is not known of it, the same for the same."""
    parts = atom.parts if isinstance(atom, Text) else (atom,)
    shown = (f"{{{p.owner}.{p.attribute}}}" if isinstance(p, Symbol) else str(p) for p in parts)
    return "".join(shown)
