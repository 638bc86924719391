"""Laws: the order of files says nothing, and two files tell what each of them does."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.observe import Given, tallied
from checkrein.observe.sightings import Tally, united

LINES = st.lists(
    st.sampled_from([
        "to ada@at-home.org",
        '{"email": "ada@at-home.org", "n": 1}',
        '{"cut": ',
        "nothing",
        json.dumps({
            "eventSource": "s3.amazonaws.com",
            "eventName": "GetObject",
            "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::1:user/ann"},
            "requestParameters": {"bucketName": "uploads"},
        }),
    ]),
    max_size=6,
)  # fmt: skip


def same(one: Tally, other: Tally) -> bool:
    names = ("counts", "places", "records", "contents", "lost")
    return all(getattr(one, name) == getattr(other, name) for name in names)


@settings(max_examples=25, deadline=None)
@given(LINES, LINES, LINES)
def test_files_unite_in_any_order(first: list[str], second: list[str], third: list[str]) -> None:
    with TemporaryDirectory() as folder:
        paths = [Path(folder, f"{name}.log") for name in "abc"]
        for path, lines in zip(paths, (first, second, third), strict=True):
            path.write_text("".join(f"{line}\n" for line in lines))
        a, b, c = (Given(path) for path in paths)

        whole = tallied([a, b, c])
        assert same(whole, tallied([c, a, b]))
        assert same(whole, tallied([Given(Path(folder))]))
        assert same(whole, united([tallied([a]), tallied([b, c])]))
        assert same(whole, united([tallied([c, b]), tallied([a])]))
        assert same(whole, tallied([a, b, c, a, Given(Path(folder))]))
        assert whole.counts == sum((tallied([each]).counts for each in (a, b, c)), Counter())
