"""Counts which SDK calls in functions' code are bound to a resource of their application.

    make bench-bindings FOLDER=../some-apps            the table
    python benchmarks/bindings.py F... --open          and each call that stayed open, with why
    python benchmarks/bindings.py F... --sample 60     sixty at random, to be read by hand
    python benchmarks/bindings.py F... --listed bound  each call of one kind

A call site is a place in a function's code where an operation is called; a file that several
functions share has one for each of them, for each may be given another table. What the operation
addresses is asked of ``catalog/data/addressed.yaml``. A call site is

- **bound**: at least one resource of the application is what it may address. *Certain* if that is
  the only one and nothing else is possible;
- **outside**: it names something that the application does not make: an ARN or a name that stands
  in the code, or what a parameter without a default is given when somebody deploys. That the model
  has a resource for it, of which code alone tells, makes it no resource of the application;
- **event**: what the function is called with says which resource;
- **open**: nothing here tells. Among these are resources that the code makes, lists or looks up
  when it runs;
- **none**: the operation is about no resource that a template can declare (``ListTables``). These
  are listed with ``--listed none``, for what the catalogue does not know would be among them.

The figure is bound / (bound + open), in words: of the calls that address, as far as anybody can
tell, a resource of the application, those whose resource is known. The calls of the kinds outside
and event do not address one, by what the code and the template say; the other figure counts them
all as misses.

*Unseen* are lines of the same files that look like an SDK call (by the text alone: a method or
command of a service that the file names) and have no call site. Code that no handler runs is among
them; they enter neither figure.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path

from msgspec import Struct

from checkrein import files, pipeline
from checkrein.catalog import sdk
from checkrein.catalog.operations import addressed
from checkrein.derive.content.bindings import Binding, bindings
from checkrein.derive.content.naming import values_at
from checkrein.derive.stacks.directory import directory_of
from checkrein.model import App, Call, CallSite, Entry, Function, Place, Summary, Value
from checkrein.model.values import alternatives, symbols

KINDS = ("bound", "outside", "event", "open", "none")
WORST_LAST = ("none", "outside", "bound", "event", "open")
LANGUAGES = {".py": "Python", ".ts": "TypeScript", ".tsx": "TypeScript", ".mts": "TypeScript"}
GIVEN = ("@parameter", "@export", "@ssm", "@secretsmanager")
PYTHON_CLIENT = re.compile(r"""(?:client|resource)\(\s*(?:service_name\s*=\s*)?["']([\w-]+)["']""")
PYTHON_METHOD = re.compile(r"\.([a-z]\w*_\w+)\(")
COMMAND = re.compile(r"\bnew\s+(?:\w+\.)?([A-Z]\w+Command)\(")
PACKAGE = re.compile(r"""["'](@aws-sdk/(?:client|lib)-[\w-]+)["']""")
SECOND = re.compile(r"new\s+(?:AWS|aws|AWSXRay)\.([\w.]+)\(")
METHOD = re.compile(r"\.(\w+)\(")


class Site(Struct, frozen=True):
    """A call site: where it stands, what it asks for, and what is known of the resource."""

    place: Place
    function: str
    asks: str
    kind: str
    targets: tuple[str, ...]
    certain: bool
    why: str  # what stands where the resource should be named

    @property
    def language(self) -> str:
        return language(self.place.path)


def main() -> int:
    """Count the calls of some folders, each an application or a collection of them."""
    asked = _arguments()
    found: list[Site] = []
    for folder in asked.folders:
        app = pipeline.learn([folder]).app
        sites = list(call_sites(app))
        unseen = list(_unseen(folder, app, sites))
        print(f"{folder}: {_functions(app)} functions, {len(unseen)} unseen lines")
        _table(sites)
        wanted = {"open"} if asked.open else set(asked.listed)
        _show(folder, [site for site in sites if site.kind in wanted])
        if asked.unseen:
            print(*(f"  {folder}/{line}" for line in unseen), sep="\n")
        found += sites
    if len(asked.folders) > 1:
        print(f"all {len(asked.folders)}")
        _table(found)
    if asked.sample:
        claims = sorted((s for s in found if s.kind in KINDS[:3]), key=lambda s: (s.place, s.asks))
        drawn = random.Random(asked.seed).sample(claims, min(asked.sample, len(claims)))
        print(f"\n{len(drawn)} of {len(claims)} that say something, seed {asked.seed}")
        _show(Path(), drawn)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--open", action="store_true", help="list the calls that stayed open")
    parser.add_argument("--listed", nargs="+", default=[], choices=KINDS)
    parser.add_argument("--unseen", action="store_true", help="list lines without a call site")
    parser.add_argument("--sample", type=int, default=0, help="draw so many at random")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def language(path: str) -> str:
    """Return the language of a file; inline code in a template counts as such."""
    suffix = Path(path).suffix
    if suffix in (".yaml", ".yml", ".json", ".template"):
        return "inline"
    return LANGUAGES.get(suffix, "JavaScript")


def _functions(app: App) -> int:
    """Return how many functions there are whose code can be read."""
    read = {one.function for one in app.every(Summary) if one.files}
    return sum(one.id in read for one in app.every(Function))


def _table(sites: Sequence[Site]) -> None:
    by_language: defaultdict[str, list[Site]] = defaultdict(list)
    for site in sites:
        by_language[site.language].append(site)
    print(f"  {'':12}{''.join(f'{kind:>9}' for kind in KINDS)}  certain   of the app's    of all")
    for name, some in [*sorted(by_language.items()), ("all", sites)]:
        counted = Counter(site.kind for site in some)
        certain = sum(site.certain for site in some if site.kind == "bound")
        figures = "".join(f"{counted[kind]:9}" for kind in KINDS)
        of_app = _share(counted["bound"], counted["bound"] + counted["open"])
        of_all = _share(counted["bound"], sum(counted[kind] for kind in KINDS[:4]))
        print(f"  {name:12}{figures}{certain:9}{of_app:>15}{of_all:>10}")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _show(folder: Path, sites: Iterable[Site]) -> None:
    for site in sites:
        sure = "certain" if site.certain else "maybe"
        said = ", ".join(site.targets) or site.why
        where = f"{folder / site.place.path}:{site.place.line}"
        print(f"  {site.kind:8}{where} {site.asks}\n{'':10}{sure}: {said}   [{site.function}]")


# ------------------------------------------------------------------------------ one call site


def call_sites(app: App) -> Iterator[Site]:
    """Yield every SDK call site of an app's functions.

    What code reaches in several ways (a helper that is given the table) is one site, and the
    worst of them counts: open, then chosen by the event, then bound.
    """
    directory = directory_of(app)
    calls: defaultdict[tuple[str, int], list[Call]] = defaultdict(list)
    for call in app.every(Call):
        calls[call.function, call.site].append(call)
    for id, binding in bindings(directory, app.every(Summary), app.every(Entry)).items():
        ways: defaultdict[tuple[Place, str], list[Site]] = defaultdict(list)
        for index, site in enumerate(binding.summary.calls):
            if site.kind == "sdk":
                way = _way(binding, site, calls[id, index])
                ways[way.place, way.asks].append(way)
        yield from map(_united, ways.values())


def _united(ways: list[Site]) -> Site:
    worst = max(ways, key=lambda way: WORST_LAST.index(way.kind))
    targets = tuple(dict.fromkeys(target for way in ways for target in way.targets))
    return Site(
        worst.place,
        worst.function,
        worst.asks,
        worst.kind,
        targets,
        all(way.certain for way in ways),
        worst.why,
    )


def _way(binding: Binding, site: CallSite, calls: list[Call]) -> Site:
    resources = binding.directory.resources
    named = [call.target for call in calls if call.target is not None]
    of_app = [t for t in named if t in resources and not resources[t].is_undeclared]
    outside = [t for t in named if t not in resources or isinstance(resources[t].called, str)]
    targets = (*of_app, *outside)
    values = list(_named(binding, site))
    if of_app:
        kind = "bound"
    elif not any(call.addresses for call in calls):
        kind = "none"
    elif targets:
        kind = "outside"
    else:
        kind = _kind(values)
    why = " | ".join(dict.fromkeys(map(str, values))) or "nothing is passed that names it"
    function, asks = binding.function.id, f"{site.service}:{site.operation}"
    certain = all(call.certain for call in calls)
    return Site(site.place, function, asks, kind, tuple(of_app) or targets, certain, why)


def _kind(values: list[Value]) -> str:
    """Say who chooses a resource that is not known: of several ways to say it, one that tells."""
    owners = {symbol.owner for value in values for symbol in symbols(value)}
    if "event" in owners:
        return "event"
    return "outside" if any(owner.endswith(GIVEN) for owner in owners) else "open"


def _named(binding: Binding, site: CallSite) -> Iterator[Value]:
    for rule in addressed(site.service, site.operation):
        for value in values_at(site, rule):
            yield from alternatives(binding.bind(value))


# ------------------------------------------------------------------------------ unseen lines


def _unseen(folder: Path, app: App, sites: Iterable[Site]) -> Iterator[str]:
    """Yield ``file:line: text`` of what looks like an SDK call and was not seen as one."""
    lines: defaultdict[str, set[int]] = defaultdict(set)
    operations: defaultdict[str, set[str]] = defaultdict(set)
    for site in sites:
        path, last = site.place.path, max(site.place.end_line, site.place.line)
        lines[path].update(range(site.place.line, last + 1))
        operations[path].add(site.asks)
    for path, number, said, asks in dict.fromkeys(_looking_like(folder, app)):
        sent_elsewhere = COMMAND.search(said) and asks in operations[path]
        if number not in lines[path] and not sent_elsewhere:
            yield f"{path}:{number}: {asks} {said}"


def _looking_like(folder: Path, app: App) -> Iterator[tuple[str, int, str, str]]:
    """Yield path, line, text and operation; services are those of all of a function's files."""
    for summary in app.every(Summary):
        paths = [path for path in summary.files if language(path) != "inline"]
        texts = {path: files.text(folder / path, errors="replace") for path in paths}
        everything = "\n".join(texts.values())
        for path, text in texts.items():
            look = _python if language(path) == "Python" else _javascript
            for number, line in enumerate(text.splitlines(), start=1):
                if not line.lstrip().startswith(("#", "//", "*", "import ", "from ")):
                    for asks in look(everything, line):
                        yield path, number, line.strip(), asks


def _python(everything: str, line: str) -> Iterator[str]:
    methods = PYTHON_METHOD.findall(line)
    for service, method in product(
        set(PYTHON_CLIENT.findall(everything)) if methods else (), methods
    ):
        operation = sdk.python_operation(service, method)
        if operation:
            yield f"{service}:{operation}"


def _javascript(everything: str, line: str) -> Iterator[str]:
    commands, methods = COMMAND.findall(line), METHOD.findall(line)
    for package, name in product(set(PACKAGE.findall(everything)) if commands else (), commands):
        command = sdk.command(package, name)
        if command:
            yield ":".join(command)
    for name, method in product(set(SECOND.findall(everything)) if methods else (), methods):
        service, style = sdk.javascript_client("aws-sdk", name) or ("", "v2")
        operation = sdk.javascript_operation(service, method, style) if service else None
        if operation:
            yield f"{service}:{operation}"


if __name__ == "__main__":
    sys.exit(main())
