"""Prove the engine on generated questions: it must answer as the slow, literal reference does.

    python tests/iam/prove.py --requests 1000000

Prints what was asked and seen, each disagreement in its smallest form, and exits 1 on any.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(1, str(Path(__file__).parent.parent.parent))

from tests.iam.reference.agreement import Tally, differs, prove
from tests.iam.reference.generator import REQUESTS

SHARE = 2500  # seeds that one process takes at a time


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--brief", action="store_true", help="only tell whether there is any")
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    seeds = range(asked.first, asked.first + -(-asked.requests // REQUESTS))
    if asked.brief:
        return int(differs(seeds))
    shares = [seeds[start : start + SHARE] for start in range(0, len(seeds), SHARE)]
    tally, began = Tally(), time.monotonic()
    if len(shares) == 1 or asked.processes == 1:
        for share in shares:
            tally.add(prove(share))
    else:
        with ProcessPoolExecutor(asked.processes) as pool:
            for part in pool.map(prove, shares):
                tally.add(part)
    _print(tally, time.monotonic() - began)
    for disagreement in tally.disagreements[:40]:
        print(disagreement)
    return 1 if tally.disagreements else 0


def _print(tally: Tally, seconds: float) -> None:
    total = tally.outcomes.total()
    wrong = len(tally.disagreements)
    print(f"{total} requests and {tally.laws} laws in {seconds:.0f} s, {wrong} disagreements")
    for name, count in tally.outcomes.most_common():
        print(f"  {count:9}  {count / total:6.2%}  {name}")
    for name, count in sorted(tally.seen.items()):
        print(f"  {count:9}  {name}")


if __name__ == "__main__":
    sys.exit(main())
