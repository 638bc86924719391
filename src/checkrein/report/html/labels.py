"""What nodes are called where there is little room, and their column says what they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from checkrein.model.picture import Node

LOG = "Log of "
WORD = re.compile(r"(?<=[a-z0-9_-])[A-Z]?[a-z]+$")  # the last of a name such as ListRidesFunction
SEVERAL = 3  # functions, from which on a word that they share tells nothing


def labels(nodes: Iterable[Node]) -> dict[str, str]:
    """Return a short name for each node: less "Log of", less what most functions end in."""
    known = {node.id: node.name.removeprefix(LOG) for node in nodes}
    functions = {known[node.id] for node in nodes if node.kind == "compute"}
    ends = Counter(found[0] for name in functions if (found := WORD.search(name)))
    for end, number in ends.most_common(1):
        if number >= SEVERAL and 2 * number > len(functions):
            return {
                id: name.removesuffix(end) if name in functions else name
                for id, name in known.items()
            }
    return known
