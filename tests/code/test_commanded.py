"""Which of the files that a function wrote a command runs, and which it only reads."""

import pytest

from checkrein.code.domain.things import Arguments
from checkrein.code.domain.values import constant
from checkrein.code.harm import commanded
from checkrein.model import Symbol, Text

FILES = ("/tmp/main.py", "/tmp/run", "/tmp/in.txt", "/tmp/lib.js")
NAMED = Text(("/tmp/", Symbol("event", "name")))  # two files that a caller names
OTHER = Text(("/tmp/", Symbol("event", "other")))


@pytest.mark.parametrize(
    ("command", "run"),
    [
        ("/tmp/run", ["/tmp/run"]),
        ("/tmp/run --fast /tmp/in.txt", ["/tmp/run"]),
        ("chmod +x /tmp/run && /tmp/run", ["/tmp/run"]),
        ("cat /tmp/in.txt | /tmp/run", ["/tmp/run"]),
        ("echo $(/tmp/run)", ["/tmp/run"]),
        ("echo hi > /tmp/run", []),
        ("sort < /tmp/run", []),
        ("convert /tmp/in.txt /tmp/run", []),
        ("bash /tmp/run", ["/tmp/run"]),
        ("bash -x /tmp/run", ["/tmp/run"]),
        ("timeout 5 /usr/bin/ruby2.7 /tmp/run /tmp/in.txt", ["/tmp/run"]),
        ("bash -c 'wc /tmp/in.txt'", []),
        ("python3 /opt/a.py /tmp/in.txt", ["/tmp/main.py"]),  # which it may load
        ("python3 -m tool /tmp/in.txt", ["/tmp/main.py"]),
        ("node /opt/a.js /tmp/main.py", ["/tmp/lib.js"]),
        ("grep python /tmp/in.txt", []),
        ("zip -r /tmp/layer.zip /opt/python; bash /tmp/run", ["/tmp/run"]),
        ("A=b cat /opt/python /tmp/run | sandbox python3", ["/tmp/main.py"]),
        ("", []),
    ],
)
def test_what_a_command_runs(command: str, run: list[str]) -> None:
    for given in ([constant(command)], []):
        named = {} if given else {"args": constant(command)}
        assert commanded.files(Arguments((0, 0, 0, 0), given, named), FILES) == run


def test_a_file_that_callers_name_is_the_one_by_that_name() -> None:
    given = Arguments((0, 0, 0, 0), [constant(Text(("bash ", *NAMED.parts)))])

    assert commanded.files(given, [OTHER, NAMED]) == [NAMED]
