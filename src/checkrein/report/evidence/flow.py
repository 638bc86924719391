"""The data-flow diagram."""

from __future__ import annotations

from checkrein.model.movement import Movements
from checkrein.report import mermaid
from checkrein.report.evidence.markdown import page


def flow_page(movements: Movements) -> bytes:
    """Return the picture of all flows, the most valuable where there are many."""
    drawn = mermaid.document(movements, everything=False).decode().rstrip()
    lines = ["# Data flows", ""]
    if not movements.hops:
        return page([*lines, "No flow of data was found."])
    left_out = [line for line in drawn.splitlines() if line.lstrip().startswith("%%")]
    told = (
        left_out[0].strip().removeprefix("%%").removesuffix(": --all").strip() if left_out else ""
    )
    lines += [
        "Who gives what to whom, through which function. A dotted arrow is a flow of which a part "
        "may be lost on the way." + (f" {told[:1].upper()}{told[1:]}." if told else ""),
        "",
        *("```mermaid", drawn, "```"),
    ]
    return page(lines)
