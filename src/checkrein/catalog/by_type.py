"""Tables whose keys are CloudFormation types, as wide or as narrow as a line says.

A key is a whole type (``AWS::EC2::Volume``), the part before the resource (``AWS::EC2``), the
first part (``Custom``), or a type with a property (``AWS::RDS::DBCluster with Engine=aurora``:
a word of the property begins so). The narrowest that fits counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

Found = TypeVar("Found")


class ByType(Generic[Found]):
    """What a table says of types; made once, asked often."""

    def __init__(self, told: Mapping[str, Found]) -> None:
        self._plain = {key: found for key, found in told.items() if " with " not in key}
        self._narrowed: defaultdict[str, list[tuple[str, str, Found]]] = defaultdict(list)
        for key, found in told.items():
            cfn_type, condition, rest = key.partition(" with ")
            if condition:
                property, _, begins = rest.partition("=")
                self._narrowed[cfn_type].append((property, f" {begins}", found))

    def get(self, cfn_type: str, properties: Mapping[str, Any] | None = None) -> Found | None:
        """Return what the narrowest line says, None where there is none."""
        for property, begins, found in self._narrowed.get(cfn_type, ()):
            value = (properties or {}).get(property)
            if value and begins in _words(value):
                return found
        parts = cfn_type.split("::")
        prefixes = ["::".join(parts[:length]) for length in range(len(parts), 0, -1)]
        return next((self._plain[prefix] for prefix in prefixes if prefix in self._plain), None)


def _words(value: Any) -> str:
    """Return the words of a property, each after a blank, so that beginnings can be asked for."""
    return "".join(f" {word}" for word in (value if isinstance(value, list) else [value]))
